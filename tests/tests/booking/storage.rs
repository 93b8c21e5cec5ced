//! Storage by days, and what the calendars of the location say of it: goods come and go when somebody is
//! there, and stay over days on which nobody is.

use serde_json::{Value, json};
use tests::hotel::{made, soon};

use super::places::School;
use super::with;

/// A school whose house is closed on a day.
async fn closed_on(day: i64) -> anyhow::Result<School> {
    let school = School::open().await?;
    let owner = &school.desk.hotel.owner;
    let calendar = json!({"code": "HOURS", "name": "Hours", "kind": "OPENING", "timezone": "Europe/Lisbon", "defaultState": "OPEN"});
    let calendar = made(owner, "calendar", calendar).await?;
    let binding = json!({"calendarId": calendar, "subjectType": "Location", "subjectId": school.desk.hotel.location});
    made(owner, "calendarBinding", binding).await?;
    let feast =
        json!({"calendarId": calendar, "holidayOn": soon(day), "name": "Feast", "kind": "FULL"});
    made(owner, "holiday", feast).await?;
    Ok(school)
}

fn days(from: i64, until: i64) -> Value {
    json!({"startsOn": soon(from), "endsOn": soon(until)})
}

#[tokio::test]
async fn goods_are_brought_and_fetched_on_days_on_which_the_place_is_open() -> anyhow::Result<()> {
    let school = closed_on(1).await?;
    let owner = &school.desk.hotel.owner;
    let select = "bookingOrder { id }";
    // Brought on the closed day, fetched on it, or both.
    for (from, until) in [(1, 3), (0, 2), (1, 2)] {
        let input = with(school.storage(1, 2), days(from, until));
        let told = owner.verb("bookingCreate", input, select).await?;
        let told = told.must_refuse("CLOSED")?;
        assert_eq!(told.user_errors()[0]["field"], json!(["startsOn"]));
        assert!(
            told.user_message().contains(&soon(1).to_string()),
            "{}",
            told.body
        );
    }
    let over = with(school.storage(3, 2), json!({"confirm": true}));
    let order = school.desk.hotel.book(over).await?;
    // What is kept, or moved, is judged alike.
    let hold =
        json!({"sessionRef": "cart", "poolId": school.hall, "fromOn": soon(0), "untilOn": soon(2)});
    owner
        .verb("holdCreate", hold.clone(), "bookingHold { id }")
        .await?
        .must_refuse("CLOSED")?;
    let longer = with(hold, json!({"untilOn": soon(3)}));
    owner
        .act("holdCreate", longer, "bookingHold { id }")
        .await?;
    for (from, until) in [(1, 4), (0, 2)] {
        school
            .desk
            .verb("bookingReschedule", &order, days(from, until))
            .await?
            .must_refuse("CLOSED")?;
    }
    assert_eq!(school.taken().await?, [(1, 2), (1, 2), (1, 2)]);
    school
        .desk
        .act("bookingReschedule", &order, days(2, 4))
        .await?;
    school.desk.must_agree().await
}
