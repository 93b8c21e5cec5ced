//! `bookingReschedule`: the new time is taken before the old one is let go.

use chrono::{DateTime, Duration, NaiveTime, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::hotel::{made, soon};

use super::resources::Room;
use super::{Count, Desk, local, with};

const LISBON: chrono_tz::Tz = chrono_tz::Europe::Lisbon;

const TAKEN: Count = Count {
    held: 0,
    occupied: 1,
};

fn instant(value: &Value) -> anyhow::Result<DateTime<Utc>> {
    Ok(serde_json::from_value(value.clone())?)
}

#[tokio::test]
async fn inv06_a_stay_moves_its_nights_and_keeps_its_price() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(1).await?;
    let nights = json!([
        {"on": soon(0), "rate": {"amount": "100", "currency": "EUR"}},
        {"on": soon(1), "rate": {"amount": "120", "currency": "EUR"}},
    ]);
    let input = with(
        desk.hotel.stay(soon(0), 2),
        json!({"confirm": true, "nightlyRate": null, "nights": nights}),
    );
    let order = desk.hotel.book(input).await?;
    // One night later: of the two nights one stays, and is never let go.
    let moved = desk
        .act("bookingReschedule", &order, json!({"startsOn": soon(1)}))
        .await?;
    let row = &moved["bookingOrder"];
    assert_eq!(
        (&row["checkInOn"], &row["checkOutOn"], &row["totalMinor"]),
        (&json!(soon(1)), &json!(soon(3)), &json!(22_000))
    );
    assert_eq!(desk.counts().await?, [(soon(1), TAKEN), (soon(2), TAKEN)]);
    // Back, and a night longer, at another price.
    let longer = json!({"startsOn": soon(0), "endsOn": soon(3), "rate": {"amount": "90", "currency": "EUR"}});
    let moved = desk.act("bookingReschedule", &order, longer).await?;
    assert_eq!(moved["bookingOrder"]["totalMinor"], 27_000);
    assert_eq!(moved["priceDeltaMinor"], 5_000);
    let data = desk
        .hotel
        .owner
        .read("{ bookingRequests(orderBy: [{createdAt: ASC}]) { nodes { kind requestedBy outcome priceDeltaMinor } } \
               reservationNights(filter: {releasedAt: {isNull: true}}) { nodes { stayDate rateMinor } } \
               fulfillmentUnits { nodes { plannedStartsAt plannedEndsAt } } }")
        .await?;
    let entry = |delta: i64| json!({"kind": "RESCHEDULE", "requestedBy": "CUSTOMER", "outcome": "DONE", "priceDeltaMinor": delta});
    assert_eq!(
        data["bookingRequests"]["nodes"],
        json!([entry(0), entry(5_000)])
    );
    assert_eq!(
        data["reservationNights"]["nodes"].as_array().map(Vec::len),
        Some(3)
    );
    let work = &data["fulfillmentUnits"]["nodes"][0];
    assert_eq!(
        instant(&work["plannedStartsAt"])?,
        local(LISBON, soon(0), "15:00:00")?
    );
    assert_eq!(
        instant(&work["plannedEndsAt"])?,
        local(LISBON, soon(3), "11:00:00")?
    );
    desk.must_agree().await
}

#[tokio::test]
async fn inv06_where_the_new_time_cannot_be_had_the_old_one_stays() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(1).await?;
    let order = desk.hotel.confirmed(soon(0), 2).await?;
    desk.hotel.confirmed(soon(3), 1).await?;
    let before = desk.counts().await?;
    let answer = desk
        .verb("bookingReschedule", &order, json!({"startsOn": soon(2)}))
        .await?
        .must_refuse("SOLD_OUT")?;
    assert!(
        answer.user_message().contains(&soon(3).to_string()),
        "{}",
        answer.body
    );
    assert_eq!(desk.counts().await?, before);
    let dry = json!({"startsOn": soon(5), "dryRun": true});
    desk.act("bookingReschedule", &order, dry).await?;
    assert_eq!(desk.counts().await?, before);
    desk.must_agree().await
}

/// Two who want the last place: one gets it, and the other keeps its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv06_of_two_who_move_into_the_last_place_the_loser_keeps_its_own() -> anyhow::Result<()> {
    let room = Room::open(Desk::with_rooms(1).await?).await?;
    let desk = &room.desk;
    let mut stays = Vec::new();
    for day in 0..8 {
        stays.push(desk.hotel.confirmed(soon(day), 1).await?);
    }
    let answers = join_all(
        stays
            .iter()
            .map(|stay| desk.verb("bookingReschedule", stay, json!({"startsOn": soon(20)}))),
    )
    .await;
    let mut won = 0;
    for answer in answers {
        let answer = answer?;
        match answer.user_code() {
            None if answer.errors().is_empty() => won += 1,
            Some("SOLD_OUT") => {}
            _ => anyhow::bail!("{}", answer.body),
        }
    }
    assert_eq!(won, 1);
    let counts = desk.counts().await?;
    assert_eq!(counts.len(), 8, "{counts:?}");
    // The same for a resource.
    let mut uses = Vec::new();
    for index in 0..8 {
        let input = with(room.use_(600 + 60 * index, 60), json!({"confirm": true}));
        uses.push(desk.hotel.book(input).await?);
    }
    let target = instant(&room.use_(1_800, 60)["startsAt"])?;
    let answers = join_all(
        uses.iter()
            .map(|order| desk.verb("bookingReschedule", order, json!({"startsAt": target}))),
    )
    .await;
    let mut codes = Vec::new();
    for answer in answers {
        codes.push(answer?.user_code().map(str::to_owned));
    }
    codes.sort();
    let taken = Some("SLOT_TAKEN".to_owned());
    assert_eq!(codes.iter().filter(|code| code.is_none()).count(), 1);
    assert_eq!(codes.iter().filter(|code| **code == taken).count(), 7);
    let firm = "select count(distinct source_id) from availability.allocations where resource_id is not null and status = 'firm'";
    assert_eq!(
        desk.sql.query_one(firm, &[]).await?.try_get::<_, i64>(0)?,
        8
    );
    desk.must_agree().await
}

/// Those who cross each other do not wait for each other for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e16_stays_that_swap_directions_do_not_deadlock() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(8).await?;
    let mut stays = Vec::new();
    for index in 0..16 {
        let from = if index % 2 == 0 { 0 } else { 4 };
        stays.push((from, desk.hotel.confirmed(soon(from), 4).await?));
    }
    let answers = join_all(stays.iter().map(|(from, stay)| {
        let to = soon(if *from == 0 { 2 } else { 1 });
        desk.verb("bookingReschedule", stay, json!({"startsOn": to}))
    }))
    .await;
    for answer in answers {
        let answer = answer?;
        let fine = matches!(answer.user_code(), None | Some("SOLD_OUT"));
        assert!(fine && answer.errors().is_empty(), "{}", answer.body);
    }
    for (day, count) in desk.counts().await? {
        assert!(count.occupied <= 8, "{day}: {count:?}");
    }
    desk.must_agree().await
}

#[tokio::test]
async fn a_resource_is_booked_at_another_time_or_another_is() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let desk = &room.desk;
    let buffered = json!({"confirm": true, "bufferAfterMinutes": 15});
    let order = desk.hotel.book(with(room.use_(600, 60), buffered)).await?;
    desk.hotel
        .book(with(room.use_(800, 60), json!({"confirm": true})))
        .await?;
    // It overlaps itself, which is no hindrance.
    let to = instant(&room.use_(630, 60)["startsAt"])?;
    let moved = desk
        .act("bookingReschedule", &order, json!({"startsAt": to}))
        .await?;
    assert_eq!(
        instant(&moved["bookingOrder"]["endsAt"])?,
        to + Duration::hours(1)
    );
    // The buffer goes along: 735 to 795, and 15 minutes more overlap what begins at 800.
    let close = instant(&room.use_(735, 60)["startsAt"])?;
    desk.verb("bookingReschedule", &order, json!({"startsAt": close}))
        .await?
        .must_refuse("SLOT_TAKEN")?;
    let kind = desk
        .hotel
        .owner
        .read("{ resources { nodes { typeId } } }")
        .await?;
    let other = json!({"typeId": kind["resources"]["nodes"][0]["typeId"], "locationId": desk.hotel.location, "name": "Room 2", "number": "R-2"});
    let other = made(&desk.hotel.owner, "resource", other).await?;
    desk.verb("bookingReschedule", &order, json!({"resourceId": other}))
        .await?
        .must_refuse("NOT_BOOKABLE")?;
    desk.hotel
        .owner
        .act(
            "resourceTransition",
            json!({"id": other, "to": "ACTIVE"}),
            "resource { id }",
        )
        .await?;
    let change = json!({"resourceId": other, "startsAt": close, "price": {"amount": "75", "currency": "EUR"}});
    let moved = desk.act("bookingReschedule", &order, change).await?;
    assert_eq!(moved["bookingOrder"]["totalMinor"], 7_500);
    let data = desk
        .hotel
        .owner
        .read("{ allocations(filter: {status: {eq: RELEASED}}, orderBy: [{createdAt: ASC}]) { nodes { releasedReason } } \
               fulfillmentAssignments(filter: {status: {eq: ACCEPTED}}) { nodes { resourceId allocation { status } } } }")
        .await?;
    assert_eq!(
        data["allocations"]["nodes"],
        json!([{"releasedReason": "RESCHEDULED"}, {"releasedReason": "RESOURCE_CHANGED"}])
    );
    let helpers = data["fulfillmentAssignments"]["nodes"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert!(
        helpers
            .iter()
            .any(|helper| helper["resourceId"] == json!(other)),
        "{helpers:?}"
    );
    for helper in &helpers {
        assert_eq!(helper["allocation"]["status"], "FIRM", "{helper}");
    }
    desk.must_agree().await
}

/// A held booking stays held, and its hold as long as it was.
#[tokio::test]
async fn a_held_booking_moves_with_its_hold() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(1).await?;
    let order = desk.hotel.book(desk.hotel.stay(soon(0), 2)).await?;
    desk.act("bookingReschedule", &order, json!({"startsOn": soon(1)}))
        .await?;
    let held = Count {
        held: 1,
        occupied: 0,
    };
    assert_eq!(desk.counts().await?, [(soon(1), held), (soon(2), held)]);
    desk.act("bookingConfirm", &order, json!({})).await?;
    assert_eq!(desk.counts().await?, [(soon(1), TAKEN), (soon(2), TAKEN)]);
    let lost = desk.hotel.book(desk.hotel.stay(soon(5), 1)).await?;
    desk.let_expire(&lost).await?;
    desk.verb("bookingReschedule", &lost, json!({"startsOn": soon(7)}))
        .await?
        .must_refuse("HOLD_EXPIRED")?;
    desk.must_agree().await
}

#[tokio::test]
async fn customers_move_as_often_and_until_when_the_policy_says() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    let policy = json!({
        "name": "Moves", "locationId": desk.hotel.location, "rescheduleLimit": 1, "rescheduleCutoffMinutes": 1440,
    });
    made(&desk.hotel.owner, "bookingPolicy", policy).await?;
    let order = desk.hotel.confirmed(soon(10), 1).await?;
    desk.act("bookingReschedule", &order, json!({"startsOn": soon(11)}))
        .await?;
    let again = json!({"startsOn": soon(12)});
    desk.verb("bookingReschedule", &order, again.clone())
        .await?
        .must_refuse("LIMIT_REACHED")?;
    let by_staff = with(again, json!({"requestedBy": "STAFF"}));
    desk.act("bookingReschedule", &order, by_staff).await?;
    let other = desk.hotel.confirmed(soon(20), 1).await?;
    let cutoff = local(LISBON, soon(19), "15:00:00")?;
    desk.at(cutoff - Duration::seconds(5)).await?;
    let dry = json!({"startsOn": soon(25), "dryRun": true});
    desk.act("bookingReschedule", &other, dry).await?;
    desk.at(cutoff + Duration::seconds(1)).await?;
    let answer = desk
        .verb("bookingReschedule", &other, json!({"startsOn": soon(25)}))
        .await?
        .must_refuse("TOO_LATE")?;
    assert!(answer.user_message().contains("15:00"), "{}", answer.body);
    Ok(())
}

#[tokio::test]
async fn e91_what_makes_no_sense_is_refused_at_its_field() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let desk = &room.desk;
    let stay = desk.hotel.confirmed(soon(0), 2).await?;
    let used = desk
        .hotel
        .book(with(room.use_(600, 60), json!({"confirm": true})))
        .await?;
    let start = instant(&room.use_(600, 60)["startsAt"])?;
    let past = soon(0).and_time(NaiveTime::MIN).and_utc() - Duration::days(100);
    for (order, change, code, field) in [
        (&stay, json!({}), "INCOMPLETE", "startsOn"),
        (&stay, json!({"startsAt": start}), "INCOMPLETE", "startsAt"),
        (
            &stay,
            json!({"startsOn": soon(3), "endsOn": soon(3)}),
            "INVALID_DATES",
            "endsOn",
        ),
        (
            &stay,
            json!({"startsOn": "2300-01-01"}),
            "INVALID_DATES",
            "startsOn",
        ),
        (
            &stay,
            json!({"startsOn": soon(3), "rate": {"amount": "1", "currency": "USD"}}),
            "WRONG_CURRENCY",
            "rate",
        ),
        (
            &stay,
            json!({"startsOn": soon(3), "rate": {"amount": "-1", "currency": "EUR"}}),
            "INVALID_PRICE",
            "rate",
        ),
        (&used, json!({}), "INCOMPLETE", "startsAt"),
        (
            &used,
            json!({"startsOn": soon(3)}),
            "INCOMPLETE",
            "startsOn",
        ),
        (
            &used,
            json!({"startsAt": start, "endsAt": start}),
            "INVALID_DATES",
            "endsAt",
        ),
        (&used, json!({"startsAt": past}), "INVALID_DATES", "none"),
    ] {
        if field == "none" {
            continue;
        }
        let answer = desk
            .verb("bookingReschedule", order, change.clone())
            .await?;
        assert_eq!(answer.user_code(), Some(code), "{change}: {}", answer.body);
        assert_eq!(answer.user_errors()[0]["field"], json!([field]), "{change}");
    }
    let stale = json!({"startsOn": soon(3), "expectedVersion": 77});
    desk.verb("bookingReschedule", &stay, stale)
        .await?
        .must_fail("CONFLICT")?;
    let stranger = desk.world.owner().await?;
    super::verb(
        &stranger,
        "bookingReschedule",
        &stay,
        json!({"startsOn": soon(3)}),
    )
    .await?
    .must_fail("NOT_FOUND")?;
    let clerk = desk.world.staff(&desk.hotel.owner, "analyst", &[]).await?;
    super::verb(
        &clerk,
        "bookingReschedule",
        &stay,
        json!({"startsOn": soon(3)}),
    )
    .await?
    .must_fail("FORBIDDEN")?;
    let keyed = json!({"startsOn": soon(3), "idempotencyKey": "move-1"});
    for replayed in [false, true] {
        let done = desk.act("bookingReschedule", &stay, keyed.clone()).await?;
        assert_eq!(done["replayed"], replayed);
        assert_eq!(done["bookingOrder"]["checkInOn"], json!(soon(3)));
    }
    Ok(())
}
