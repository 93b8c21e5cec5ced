//! Series: each time is claimed and answered for itself, on the wall clock of the location.

use chrono::{DateTime, Duration, NaiveTime, Utc};
use serde_json::{Value, json};
use tests::Answer;
use tests::hotel::soon;

use super::resources::Room;
use super::{Desk, local, short_day, with};

const LISBON: chrono_tz::Tz = chrono_tz::Europe::Lisbon;
const TIMES: &str = "recurrenceSeries { id status localStart endsOn splitFromId version } \
    occurrences { startsAt endsAt outcome bookingOrderId alternatives }";

impl Room {
    async fn series(&self, more: Value) -> anyhow::Result<Answer> {
        let input = json!({
            "locationId": self.desk.hotel.location, "resourceId": self.resource, "sellableId": self.desk.hotel.sellable,
            "rrule": "FREQ=DAILY", "startsOn": soon(0), "count": 5, "localStart": "10:00", "durationMinutes": 60,
            "price": {"amount": "40", "currency": "EUR"},
        });
        let select = format!("{TIMES} bookedCount conflictCount");
        self.desk
            .hotel
            .owner
            .verb("seriesCreate", with(input, more), &select)
            .await
    }

    async fn change(&self, series: &Value, more: Value) -> anyhow::Result<Answer> {
        let input = with(json!({"id": series["id"]}), more);
        let select = format!("{TIMES} conflictCount");
        self.desk
            .hotel
            .owner
            .verb("seriesChange", input, &select)
            .await
    }
}

fn starts(answer: &Answer, outcome: &str) -> Vec<String> {
    let all = answer.payload()["occurrences"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    all.iter()
        .filter(|one| one["outcome"] == outcome)
        .filter_map(|one| one["startsAt"].as_str().map(str::to_owned))
        .collect()
}

#[tokio::test]
async fn e04_each_time_is_claimed_and_none_is_silently_left_out() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let third = local(LISBON, soon(2), "10:30:00")?;
    let other =
        json!({"startsAt": third, "endsAt": third + Duration::minutes(60), "confirm": true});
    room.desk.hotel.book(with(room.use_(0, 60), other)).await?;
    let refused = room.series(json!({})).await?.must_refuse("CONFLICTS")?;
    assert!(
        refused.user_message().contains("1 of 5"),
        "{}",
        refused.body
    );
    assert_eq!(refused.payload()["recurrenceSeries"], Value::Null);
    let skip = json!({"onConflict": "SKIP"});
    let dry = room
        .series(with(skip.clone(), json!({"dryRun": true})))
        .await?
        .must()?;
    assert_eq!(starts(&dry, "CONFLICT").len(), 1);
    let done = room.series(skip).await?.must()?;
    assert_eq!(
        (
            &done.payload()["bookedCount"],
            &done.payload()["conflictCount"]
        ),
        (&json!(4), &json!(1))
    );
    let taken = &done.payload()["occurrences"][2];
    assert_eq!(
        (&taken["outcome"], &taken["bookingOrderId"]),
        (&json!("CONFLICT"), &Value::Null)
    );
    let near: DateTime<Utc> = serde_json::from_value(taken["alternatives"][0].clone())?;
    assert_eq!(near, local(LISBON, soon(2), "09:30:00")?);
    // An alternative can be booked.
    let free = json!({"startsAt": near, "endsAt": near + Duration::minutes(60), "confirm": true});
    room.desk.hotel.book(with(room.use_(0, 60), free)).await?;
    let data = room
        .desk
        .hotel
        .owner
        .read("{ seriesExceptions { nodes { kind } } }")
        .await?;
    assert_eq!(
        data["seriesExceptions"]["nodes"],
        json!([{"kind": "SKIPPED"}])
    );
    room.desk.must_agree().await
}

#[tokio::test]
async fn e08_a_series_keeps_its_wall_clock_time_across_the_change_of_clocks() -> anyhow::Result<()>
{
    let room = Room::open(Desk::open().await?).await?;
    let day = short_day(LISBON)?;
    let eve = day.pred_opt().unwrap_or(day);
    let done = room
        .series(json!({"startsOn": eve, "count": 3}))
        .await?
        .must()?;
    let expected = [eve, day, day.succ_opt().unwrap_or(day)];
    let all = starts(&done, "BOOKED");
    assert_eq!(all.len(), 3);
    for (start, day) in all.iter().zip(expected) {
        assert_eq!(
            start.parse::<DateTime<Utc>>()?,
            local(LISBON, day, "10:00:00")?
        );
    }
    Ok(())
}

#[tokio::test]
async fn e91_series_that_are_none_are_refused_at_their_field() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    for (change, code, field) in [
        (json!({"count": 10_000}), "TOO_MANY", "count"),
        (json!({"count": 367}), "TOO_MANY", "count"),
        (json!({"count": null}), "TOO_MANY", "endsOn"),
        (json!({"count": 0}), "INVALID_DATES", "count"),
        (
            json!({"count": null, "endsOn": soon(0)}),
            "INVALID_DATES",
            "endsOn",
        ),
        (json!({"rrule": "FREQ=SECONDLY"}), "INVALID_RULE", "rrule"),
        (
            json!({"rrule": "FREQ=DAILY;COUNT=3"}),
            "INVALID_RULE",
            "rrule",
        ),
        (json!({"rrule": "nonsense"}), "INVALID_RULE", "rrule"),
        (
            json!({"localStart": "25:00"}),
            "INVALID_DATES",
            "localStart",
        ),
        (
            json!({"durationMinutes": 0}),
            "INVALID_DATES",
            "durationMinutes",
        ),
        (
            json!({"price": {"amount": "1", "currency": "USD"}}),
            "NOT_BOOKABLE",
            "price",
        ),
        (json!({"startsOn": soon(-90)}), "INVALID_DATES", "startsAt"),
    ] {
        let answer = room.series(change.clone()).await?;
        if field == "startsAt" && answer.user_errors().is_empty() {
            continue; // The owner may backdate.
        }
        assert_eq!(answer.user_code(), Some(code), "{change}: {}", answer.body);
        assert_eq!(
            answer.user_errors()[0]["field"],
            json!([field]),
            "{change}: {}",
            answer.body
        );
    }
    let bookings: i64 = room.desk.sql.query_one("select count(*) from booking.booking_orders where number not in (select number from booking.booking_orders where series_id is not null)", &[]).await?.try_get(0)?;
    assert_eq!(bookings, 0);
    Ok(())
}

#[tokio::test]
async fn e04_a_change_holds_for_one_for_those_that_follow_or_for_all() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let done = room.series(json!({})).await?.must()?;
    let series = done.payload()["recurrenceSeries"].clone();
    let times = starts(&done, "BOOKED");
    let at = |day: i64, time: &str| local(LISBON, soon(day), time);
    // One: it becomes an exception.
    let one = json!({"scope": "THIS", "occurrence": times[1], "localStart": "14:00"});
    let moved = room.change(&series, one).await?.must()?;
    assert_eq!(starts(&moved, "BOOKED").len(), 1);
    assert_eq!(moved.payload()["recurrenceSeries"]["id"], series["id"]);
    // From the third on: a series of its own.
    let rest =
        json!({"scope": "THIS_AND_FOLLOWING", "occurrence": times[2], "localStart": "10:30"});
    let split = room.change(&series, rest).await?.must()?;
    assert_eq!(starts(&split, "BOOKED").len(), 3);
    let next = split.payload()["recurrenceSeries"].clone();
    assert_eq!(next["splitFromId"], series["id"]);
    // All of the old one that have not begun: the exception stays where it is.
    let all = room
        .change(&series, json!({"scope": "ALL", "localStart": "09:00"}))
        .await?
        .must()?;
    assert_eq!(
        (starts(&all, "BOOKED").len(), starts(&all, "KEPT").len()),
        (1, 1)
    );
    let sql = "select starts_at from booking.booking_orders order by starts_at";
    let found: Vec<DateTime<Utc>> = room
        .desk
        .sql
        .query(sql, &[])
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert_eq!(
        found,
        [
            at(0, "09:00:00")?,
            at(1, "14:00:00")?,
            at(2, "10:30:00")?,
            at(3, "10:30:00")?,
            at(4, "10:30:00")?
        ]
    );
    room.change(
        &series,
        json!({"scope": "THIS", "occurrence": bizing::database::Clock::now(&bizing::database::SystemClock), "localStart": "11:00"}),
    )
    .await?
    .must_refuse("NO_SUCH_TIME")?;
    room.change(&series, json!({"scope": "ALL"}))
        .await?
        .must_refuse("INCOMPLETE")?;
    room.desk.must_agree().await
}

#[tokio::test]
async fn a_change_into_what_others_have_moves_nothing_or_all_the_others() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let done = room.series(json!({})).await?.must()?;
    let series = done.payload()["recurrenceSeries"].clone();
    let taken = local(LISBON, soon(3), "12:00:00")?;
    let other =
        json!({"startsAt": taken, "endsAt": taken + Duration::minutes(30), "confirm": true});
    room.desk.hotel.book(with(room.use_(0, 60), other)).await?;
    let change = json!({"scope": "ALL", "localStart": "11:45"});
    room.change(&series, change.clone())
        .await?
        .must_refuse("CONFLICTS")?;
    let skipped = room
        .change(&series, with(change, json!({"onConflict": "SKIP"})))
        .await?
        .must()?;
    assert_eq!(
        (
            starts(&skipped, "BOOKED").len(),
            starts(&skipped, "CONFLICT").len()
        ),
        (4, 1)
    );
    let stays = "select starts_at from booking.booking_orders where series_starts_at = $1";
    let rule = local(LISBON, soon(3), "11:45:00")?;
    let where_it_was: DateTime<Utc> = room.desk.sql.query_one(stays, &[&rule]).await?.try_get(0)?;
    assert_eq!(where_it_was, local(LISBON, soon(3), "10:00:00")?);
    room.desk.must_agree().await
}

#[tokio::test]
async fn a_series_is_cancelled_by_one_by_those_that_follow_or_whole() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let done = room.series(json!({})).await?.must()?;
    let series = done.payload()["recurrenceSeries"].clone();
    let times = starts(&done, "BOOKED");
    let cancel = async |more: Value| {
        let input = with(json!({"id": series["id"], "reason": "x"}), more);
        let select =
            "recurrenceSeries { status endsOn } bookingOrders { status startsAt } feeMinor";
        room.desk
            .hotel
            .owner
            .verb("seriesCancel", input, select)
            .await
    };
    let one = cancel(json!({"scope": "THIS", "occurrence": times[1]}))
        .await?
        .must()?;
    assert_eq!(
        one.payload()["bookingOrders"].as_array().map(Vec::len),
        Some(1)
    );
    cancel(json!({"scope": "THIS", "occurrence": times[1]}))
        .await?
        .must_refuse("NO_SUCH_TIME")?;
    let rest = cancel(json!({"scope": "THIS_AND_FOLLOWING", "occurrence": times[3]}))
        .await?
        .must()?;
    assert_eq!(
        rest.payload()["recurrenceSeries"],
        json!({"status": "ACTIVE", "endsOn": soon(3)})
    );
    let all = cancel(json!({"scope": "ALL"})).await?.must()?;
    assert_eq!(all.payload()["recurrenceSeries"]["status"], "CANCELLED");
    assert_eq!(
        all.payload()["bookingOrders"].as_array().map(Vec::len),
        Some(2)
    );
    cancel(json!({"scope": "ALL"}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    let left = "select count(*) from availability.allocations where status in ('hold', 'firm')";
    assert_eq!(
        room.desk
            .sql
            .query_one(left, &[])
            .await?
            .try_get::<_, i64>(0)?,
        0
    );
    room.series(json!({})).await?.must()?;
    let _ = NaiveTime::MIN;
    room.desk.must_agree().await
}

/// Each time costs what the price lists say for it, and not what the first does.
#[tokio::test]
async fn e04_times_of_a_series_cost_what_the_lists_say_for_each() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let owner = &room.desk.hotel.owner;
    let book = json!({"code": "LIST", "name": "List", "currency": "EUR", "isTaxInclusive": true});
    let book = tests::hotel::made(owner, "priceBook", book).await?;
    for (name, price, until, from) in [
        ("Now", "50", Some(soon(2)), None),
        ("Then", "70", None, Some(soon(2))),
    ] {
        let rule = json!({
            "priceBookId": book, "sellableId": room.desk.hotel.sellable, "name": name, "unitPrice": price,
            "startsOn": from, "endsOn": until,
        });
        tests::hotel::made(owner, "priceRule", rule).await?;
    }
    room.series(json!({"price": null})).await?.must()?;
    let sql = "select total_minor from booking.booking_orders where series_id is not null order by starts_at";
    let rows = room.desk.sql.query(sql, &[]).await?;
    let prices: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(prices, [5_000, 5_000, 7_000, 7_000, 7_000]);
    room.desk.must_agree().await
}
