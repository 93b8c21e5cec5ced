//! Who is refused a time when a booking is moved is told of others that would do.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use tests::hotel::soon;

use super::places::School;
use super::resources::Room;
use super::{Desk, with};

const MOVED: &str = "bookingOrder { id } alternatives { startsAt endsAt resourceIds slotId }";

async fn moved(desk: &Desk, order: &Value, to: Value) -> anyhow::Result<tests::Answer> {
    let input = with(json!({"id": order["id"]}), to);
    desk.hotel
        .owner
        .verb("bookingReschedule", input, MOVED)
        .await
}

#[tokio::test]
async fn e01_who_cannot_move_to_a_time_is_told_the_nearest_that_are_free() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let desk = &room.desk;
    let order = desk.hotel.book(room.use_(600, 60)).await?;
    let other = desk.hotel.book(room.use_(720, 60)).await?;
    let told = moved(desk, &order, json!({"startsAt": other["startsAt"]})).await?;
    let told = told.must_refuse("SLOT_TAKEN")?;
    let others = told.payload()["alternatives"].as_array().cloned();
    let others = others.unwrap_or_default();
    assert_eq!(others.len(), 3, "{}", told.body);
    assert_eq!(others[0]["startsAt"], room.use_(660, 60)["startsAt"]);
    assert_eq!(others[0]["endsAt"], other["startsAt"]);
    assert_eq!(others[0]["resourceIds"], json!([room.resource]));
    for there in &others {
        let to = json!({"startsAt": there["startsAt"], "dryRun": true});
        moved(desk, &order, to).await?.must()?;
    }
    desk.must_agree().await
}

#[tokio::test]
async fn e01_who_finds_a_session_full_is_told_of_others_with_room() -> anyhow::Result<()> {
    let school = School::open().await?;
    let desk = &school.desk;
    let (own, full) = (school.session(9).await?, school.session(11).await?);
    let free = school.session(13).await?;
    let order = desk.hotel.book(school.class(&own, 2)).await?;
    desk.hotel.book(school.class(&full, 3)).await?;
    let told = moved(desk, &order, json!({"slotId": full})).await?;
    let told = told.must_refuse("SOLD_OUT")?;
    let others = &told.payload()["alternatives"];
    assert_eq!(others.as_array().map(Vec::len), Some(2), "{others}");
    assert!(
        others
            .as_array()
            .into_iter()
            .flatten()
            .any(|other| other["slotId"] == json!(free)),
        "{others}"
    );
    moved(desk, &order, json!({"slotId": free})).await?.must()?;
    desk.must_agree().await
}

/// The local day of an instant in Lisbon.
fn day_of(instant: &Value) -> anyhow::Result<NaiveDate> {
    let instant: DateTime<Utc> = serde_json::from_value(instant.clone())?;
    let here = instant.with_timezone(&chrono_tz::Europe::Lisbon);
    Ok(here.date_naive())
}

/// How many days away from a day the others begin that are told.
fn away(told: &tests::Answer, day: NaiveDate) -> anyhow::Result<Vec<i64>> {
    let others = told.payload()["alternatives"].as_array().cloned();
    let others = others.unwrap_or_default().into_iter();
    others
        .map(|other| Ok((day_of(&other["startsAt"])? - day).num_days()))
        .collect()
}

#[tokio::test]
async fn e01_who_finds_no_room_for_some_nights_is_told_of_the_nearest_others() -> anyhow::Result<()>
{
    let desk = Desk::with_rooms(1).await?;
    let hotel = &desk.hotel;
    hotel.confirmed(soon(10), 2).await?;
    hotel.confirmed(soon(14), 1).await?;
    let select = "bookingOrder { id } alternatives { startsAt endsAt resourceIds slotId }";
    let stay = hotel.stay(soon(10), 2);
    let told = hotel.owner.verb("bookingCreate", stay.clone(), select);
    let told = told.await?.must_refuse("SOLD_OUT")?;
    assert_eq!(away(&told, soon(10))?, [-2, 2, -3], "{}", told.body);
    for other in told.payload()["alternatives"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let days = json!({"checkInOn": day_of(&other["startsAt"])?, "checkOutOn": day_of(&other["endsAt"])?, "dryRun": true});
        hotel
            .owner
            .verb("bookingCreate", with(stay.clone(), days), select)
            .await?
            .must()?;
    }
    let hold = json!({"sessionRef": "cart", "unitTypeId": hotel.unit_type, "fromOn": soon(11), "untilOn": soon(12)});
    let told = hotel.owner.verb(
        "holdCreate",
        hold,
        "bookingHold { id } alternatives { startsAt endsAt }",
    );
    let told = told.await?.must_refuse("SOLD_OUT")?;
    assert_eq!(away(&told, soon(11))?, [1, -2, 2], "{}", told.body);
    // Of a move, what the booking has itself is free to it.
    let own = hotel.confirmed(soon(12), 2).await?;
    let to = json!({"startsOn": soon(13), "endsOn": soon(15)});
    let told = moved(&desk, &own, to).await?.must_refuse("SOLD_OUT")?;
    assert_eq!(away(&told, soon(13))?, [-1, 2, 3], "{}", told.body);
    // A day on which the whole house is blocked is neither had nor told.
    let at = |day: i64| soon(day).and_time(chrono::NaiveTime::MIN).and_utc();
    let block = json!({"locationId": hotel.location, "startsAt": at(20), "endsAt": at(22), "reason": "OTHER"});
    hotel
        .owner
        .act("blockCreate", block, "availabilityBlock { id }")
        .await?;
    let stay = hotel.stay(soon(20), 1);
    let told = hotel.owner.verb("bookingCreate", stay, select);
    let told = told.await?.must_refuse("CLOSED")?;
    let days = away(&told, soon(20))?;
    assert!(days.len() == 3 && !days.contains(&1), "{}", told.body);
    desk.must_agree().await
}

#[tokio::test]
async fn e01_who_finds_no_space_for_some_days_is_told_of_the_nearest_others() -> anyhow::Result<()>
{
    let school = School::open().await?;
    let desk = &school.desk;
    let most = with(school.storage(3, 8), json!({"confirm": true}));
    desk.hotel.book(most).await?;
    let select = "bookingOrder { id } alternatives { startsAt endsAt }";
    let wish = with(
        school.storage(2, 4),
        json!({"startsOn": soon(1), "endsOn": soon(3)}),
    );
    let told = desk.hotel.owner.verb("bookingCreate", wish.clone(), select);
    let told = told.await?.must_refuse("SOLD_OUT")?;
    assert_eq!(away(&told, soon(1))?, [2, -3, 3], "{}", told.body);
    let other = &told.payload()["alternatives"][0];
    let there =
        json!({"startsOn": day_of(&other["startsAt"])?, "endsOn": day_of(&other["endsAt"])?});
    desk.hotel.book(with(wish, there)).await?;
    desk.must_agree().await
}
