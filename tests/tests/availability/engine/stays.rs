//! Rooms by type: what is listed as free can be booked, night for night.

use super::ask;
use chrono::Duration;
use serde_json::{Value, json};
use tests::World;
use tests::hotel::{Plan, made, soon};

const STAY: &str = "unitTypeId isAvailable unitsLeft unitType { name } nights { on unitsLeft isClosed blockers { kind causeId remedy shortBy } }";

async fn look(hotel: &tests::Hotel, nights: i64, more: Value) -> anyhow::Result<Value> {
    let asked =
        json!({"checkInOn": soon(0), "checkOutOn": soon(nights), "locationId": hotel.location});
    let answer = ask(
        &hotel.owner,
        "availabilityStays",
        &super::with(asked, more),
        STAY,
    )
    .await?
    .must()?;
    Ok(answer.data("/answer/0").clone())
}

#[tokio::test]
async fn e16_rooms_left_are_those_of_the_fullest_night() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world
        .hotel_as(&Plan {
            rooms: 2,
            ..Plan::default()
        })
        .await?;
    assert_eq!(look(&hotel, 3, json!({})).await?["unitsLeft"], json!(2));
    hotel.confirmed(soon(1), 1).await?;
    let stay = look(&hotel, 3, json!({"units": 2})).await?;
    let left: Vec<i64> = stay["nights"]
        .as_array()
        .unwrap()
        .iter()
        .map(|night| night["unitsLeft"].as_i64().unwrap())
        .collect();
    assert_eq!(
        (left, &stay["isAvailable"], &stay["unitType"]["name"]),
        (vec![2, 1, 2], &json!(false), &json!("Double room"))
    );
    hotel.confirmed(soon(0), 3).await?;
    let stay = look(&hotel, 3, json!({})).await?;
    assert_eq!(
        (&stay["isAvailable"], &stay["unitsLeft"]),
        (&json!(false), &json!(0))
    );
    let refused = hotel
        .owner
        .verb(
            "bookingCreate",
            hotel.stay(soon(0), 3),
            "bookingOrder { id }",
        )
        .await?;
    assert!(refused.user_code().is_some(), "{}", refused.body);
    Ok(())
}

#[tokio::test]
async fn e10_an_own_hold_of_a_room_does_not_block() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world
        .hotel_as(&Plan {
            rooms: 1,
            ..Plan::default()
        })
        .await?;
    let held = hotel.book(hotel.stay(soon(0), 2)).await?;
    assert_eq!(
        look(&hotel, 2, json!({})).await?["isAvailable"],
        json!(false)
    );
    let own = look(&hotel, 2, json!({"shopper": {"orderIds": [held["id"]]}})).await?;
    assert_eq!(own["isAvailable"], json!(true), "{own}");
    Ok(())
}

#[tokio::test]
async fn stays_that_cannot_be_asked_for() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    for (wrong, field) in [
        (json!({"checkOutOn": soon(0)}), "checkOutOn"),
        (
            json!({"checkOutOn": soon(0) + Duration::days(367)}),
            "checkOutOn",
        ),
        (json!({"units": 0}), "units"),
        (json!({"guestsPerUnit": 9}), "guestsPerUnit"),
    ] {
        let asked = super::with(json!({"checkInOn": soon(0), "checkOutOn": soon(1)}), wrong);
        let answer = ask(&hotel.owner, "availabilityStays", &asked, STAY)
            .await?
            .must_fail("BAD_USER_INPUT")?;
        assert_eq!(answer.errors()[0]["extensions"]["field"], json!(field));
    }
    let stranger = world.owner().await?;
    let asked = json!({"checkInOn": soon(0), "checkOutOn": soon(1), "unitTypeId": hotel.unit_type});
    ask(&stranger, "availabilityStays", &asked, STAY)
        .await?
        .must_fail("NOT_FOUND")?;
    Ok(())
}

/// A place that is blocked sells no nights then: neither is one listed, nor can one be booked.
#[tokio::test]
async fn inv04_nights_of_a_blocked_place_are_neither_listed_nor_booked() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let block = json!({
        "locationId": hotel.location, "startsAt": format!("{}T08:00:00Z", soon(1)), "endsAt": format!("{}T20:00:00Z", soon(1)),
        "reason": "WEATHER",
    });
    hotel
        .owner
        .act("blockCreate", block, "availabilityBlock { id }")
        .await?;
    let stay = look(&hotel, 3, json!({})).await?;
    let closed: Vec<bool> = stay["nights"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|night| night["isClosed"].as_bool())
        .collect();
    assert_eq!(closed, [false, true, false], "{stay}");
    let blocker = &stay["nights"][1]["blockers"][0];
    assert_eq!(
        (&blocker["kind"], &blocker["remedy"]),
        (&json!("BLOCK"), &json!("LIFT")),
        "{stay}"
    );
    let refused = hotel
        .owner
        .verb(
            "bookingCreate",
            hotel.stay(soon(0), 3),
            "bookingOrder { id }",
        )
        .await?;
    refused.must_refuse("CLOSED")?;
    hotel.confirmed(soon(0), 1).await?;
    Ok(())
}

/// A house that is closed all day sells no arrival then, in whatever way it is asked for; who is there
/// already stays on.
#[tokio::test]
async fn inv04_a_closed_house_sells_no_arrival() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let owner = &hotel.owner;
    let calendar = json!({
        "code": "HOUSE", "name": "House", "kind": "OPENING", "timezone": "Europe/Lisbon", "defaultState": "OPEN",
    });
    let calendar = made(owner, "calendar", calendar).await?;
    let bound =
        json!({"calendarId": calendar, "subjectType": "Location", "subjectId": hotel.location});
    made(owner, "calendarBinding", bound).await?;
    let holiday = json!({"calendarId": calendar, "holidayOn": soon(1), "name": "Closed"});
    let holiday = made(owner, "holiday", holiday).await?;
    let from = |day: i64| json!({"checkInOn": soon(day), "checkOutOn": soon(day + 2)});
    let stay = look(&hotel, 2, from(1)).await?;
    assert_eq!(
        (
            &stay["isAvailable"],
            &stay["nights"][0]["isClosed"],
            &stay["nights"][1]["isClosed"]
        ),
        (&json!(false), &json!(true), &json!(false)),
        "{stay}"
    );
    assert_eq!(
        stay["nights"][0]["blockers"],
        json!([{"kind": "HOLIDAY", "causeId": holiday, "remedy": "ARCHIVE", "shortBy": null}])
    );
    let create = async |day: i64| {
        let input = hotel.stay(soon(day), 2);
        owner
            .verb("bookingCreate", input, "bookingOrder { id }")
            .await
    };
    create(1).await?.must_refuse("CLOSED")?;
    let held = json!({"unitTypeId": hotel.unit_type, "fromOn": soon(1), "untilOn": soon(3), "sessionRef": "s"});
    let held = owner.verb("holdCreate", held, "bookingHold { id }").await?;
    held.must_refuse("CLOSED")?;
    assert_eq!(look(&hotel, 2, from(0)).await?["isAvailable"], json!(true));
    let order = hotel.confirmed(soon(0), 2).await?;
    let to = json!({"id": order["id"], "startsOn": soon(1)});
    let moved = owner
        .verb("bookingReschedule", to.clone(), "bookingOrder { id }")
        .await?;
    moved.must_refuse("CLOSED")?;
    let longer = json!({"id": order["id"], "startsOn": soon(0), "endsOn": soon(3)});
    owner
        .act("bookingReschedule", longer, "bookingOrder { id }")
        .await?;
    let open = json!({"id": holiday});
    owner
        .act("holidayArchive", open, "userErrors { code }")
        .await?;
    create(1).await?.must()?;
    owner
        .act("bookingReschedule", to, "bookingOrder { id }")
        .await?;
    Ok(())
}
