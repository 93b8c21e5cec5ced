//! Bad input, case by case as it is named in what was asked for, through each door that it can come in:
//! each is refused under a code of its own at the field that is wrong.

use bizing::database::new_id;
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::{made, soon};

use super::places::School;
use super::resources::Room;
use super::{Desk, with};

/// Fails unless a verb refuses an input under a code, at a field.
async fn refused(desk: &Desk, verb: &str, input: Value, told: (&str, &str)) -> anyhow::Result<()> {
    let payload = match verb {
        "holdCreate" => "bookingHold { id }",
        "blockCreate" => "availabilityBlock { id }",
        "calendarCreate" => "calendar { id }",
        "locationCreate" => "location { id }",
        "seriesCreate" => "recurrenceSeries { id }",
        _ => "bookingOrder { id }",
    };
    let answer = desk.hotel.owner.verb(verb, input.clone(), payload).await?;
    let (code, field) = told;
    assert_eq!(
        answer.user_code(),
        Some(code),
        "{verb} {input}: {}",
        answer.body
    );
    let named = answer.user_errors()[0]["field"].as_array().cloned();
    let named = named.unwrap_or_default();
    assert!(
        named.contains(&json!(field)),
        "{verb} {input}: {}",
        answer.body
    );
    Ok(())
}

#[tokio::test]
async fn an_unknown_zone_is_refused_at_its_field() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let calendar = json!({"code": "C", "name": "C", "kind": "OPENING", "timezone": "Mars/Olympus"});
    refused(&desk, "calendarCreate", calendar, ("INVALID", "timezone")).await?;
    let place = json!({"code": "M", "name": "M", "kind": "PROPERTY", "timezone": "Mars/Olympus", "currency": "EUR"});
    refused(&desk, "locationCreate", place, ("INVALID", "timezone")).await
}

#[tokio::test]
async fn an_end_before_its_start_is_refused_at_its_field() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let desk = &room.desk;
    let (early, late) = (room.use_(600, 60), room.use_(720, 60));
    let crossed = json!({"startsAt": late["startsAt"], "endsAt": early["startsAt"]});
    let invalid = |field: &'static str| ("INVALID_DATES", field);
    let booking = with(early.clone(), crossed.clone());
    refused(desk, "bookingCreate", booking, invalid("endsAt")).await?;
    let stay = with(desk.hotel.stay(soon(2), 1), json!({"checkOutOn": soon(1)}));
    refused(desk, "bookingCreate", stay, invalid("checkOutOn")).await?;
    let hold = with(
        json!({"resourceId": room.resource, "sessionRef": "s"}),
        crossed.clone(),
    );
    refused(desk, "holdCreate", hold, invalid("endsAt")).await?;
    let nights = json!({"unitTypeId": desk.hotel.unit_type, "sessionRef": "s", "fromOn": soon(2), "untilOn": soon(1)});
    refused(desk, "holdCreate", nights, invalid("untilOn")).await?;
    let block = with(
        json!({"resourceId": room.resource, "reason": "OTHER"}),
        crossed.clone(),
    );
    refused(desk, "blockCreate", block, invalid("endsAt")).await?;
    let order = desk.hotel.book(early).await?;
    let moved = with(json!({"id": order["id"]}), crossed);
    refused(desk, "bookingReschedule", moved, invalid("endsAt")).await?;
    let stay = desk.hotel.confirmed(soon(0), 2).await?;
    let moved = json!({"id": stay["id"], "startsOn": soon(4), "endsOn": soon(3)});
    refused(desk, "bookingReschedule", moved, invalid("endsOn")).await
}

#[tokio::test]
async fn a_party_larger_than_the_capacity_is_refused_at_its_field() -> anyhow::Result<()> {
    let school = School::open().await?;
    let desk = &school.desk;
    let slot = school.session(9).await?;
    let party = ("INVALID_PARTY", "partySize");
    refused(desk, "bookingCreate", school.class(&slot, 5), party).await?;
    let crowd = with(desk.hotel.stay(soon(0), 1), json!({"adults": 9}));
    refused(desk, "bookingCreate", crowd, ("TOO_MANY_GUESTS", "adults")).await?;
    let bikes = json!({"code": "BIKES", "name": "Bikes", "locationId": desk.hotel.location, "capacity": 3, "mode": "CONCURRENT"});
    let bikes = made(&desk.hotel.owner, "capacityPool", bikes).await?;
    let at = Room::open(Desk::open().await?).await?.use_(600, 60);
    let hold = json!({"poolId": bikes, "sessionRef": "s", "startsAt": at["startsAt"], "endsAt": at["endsAt"], "units": 4});
    refused(desk, "holdCreate", hold, ("SOLD_OUT", "units")).await?;
    let order = desk.hotel.confirmed(soon(0), 1).await?;
    let input = json!({"id": order["id"], "partySize": 1_001});
    refused(
        desk,
        "bookingModify",
        input,
        ("INVALID_QUANTITY", "partySize"),
    )
    .await
}

#[tokio::test]
async fn a_day_without_a_price_and_a_price_in_another_currency_are_told() -> anyhow::Result<()> {
    let school = School::open().await?;
    let desk = &school.desk;
    let owner = &desk.hotel.owner;
    let book = json!({"code": "B", "name": "B", "currency": "EUR"});
    let book = made(owner, "priceBook", book).await?;
    let rule = json!({
        "priceBookId": book, "sellableId": desk.hotel.sellable, "name": "Space", "unit": "UNIT_DAY", "unitPrice": "2", "endsOn": soon(2),
    });
    made(owner, "priceRule", rule).await?;
    let days = |until: i64| with(school.storage(until, 1), json!({"dailyRate": null}));
    let input = days(3);
    let answer = owner
        .verb("bookingCreate", input.clone(), "bookingOrder { id }")
        .await?;
    assert!(
        answer.user_message().contains(&soon(2).to_string()),
        "{}",
        answer.body
    );
    refused(
        desk,
        "bookingCreate",
        input,
        ("INVALID_PRICE", "nightlyRate"),
    )
    .await?;
    let order = desk.hotel.book(days(2)).await?;
    assert_eq!(order["totalMinor"], 400);
    let dollars = json!({"dailyRate": {"amount": "1", "currency": "USD"}});
    let input = with(school.storage(2, 1), dollars);
    refused(
        desk,
        "bookingCreate",
        input,
        ("WRONG_CURRENCY", "nightlyRate"),
    )
    .await?;
    // A book in dollars has no price in euros while no rate between them was loaded.
    let fee = json!({"kind": "FEE", "name": "Fee"});
    let fee = made(owner, "sellable", fee).await?;
    let book = json!({"code": "D", "name": "D", "currency": "USD"});
    let book = made(owner, "priceBook", book).await?;
    let rule = json!({"priceBookId": book, "sellableId": fee, "name": "Fee", "unitPrice": "2"});
    made(owner, "priceRule", rule).await?;
    let slot = school.session(9).await?;
    let input = with(
        school.class(&slot, 1),
        json!({"sellableId": fee, "price": null}),
    );
    refused(desk, "bookingCreate", input, ("WRONG_CURRENCY", "price")).await?;
    let query = format!(
        "{{ priceQuote(locationId: \"{}\", items: [{{ sellableId: \"{fee}\" }}]) {{ problems {{ code item }} }} }}",
        desk.hotel.location
    );
    let told = owner.read(&query).await?;
    assert_eq!(
        told["priceQuote"]["problems"],
        json!([{"code": "CURRENCY_MISMATCH", "item": "1"}])
    );
    Ok(())
}

#[tokio::test]
async fn e91_a_series_without_end_an_unpublished_offer_and_an_old_version_are_refused()
-> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let desk = &room.desk;
    let owner = &desk.hotel.owner;
    let series = json!({
        "locationId": desk.hotel.location, "resourceId": room.resource, "sellableId": desk.hotel.sellable, "rrule": "FREQ=DAILY",
        "startsOn": soon(0), "count": 10_000, "localStart": "10:00", "durationMinutes": 30, "price": {"amount": "1", "currency": "EUR"},
    });
    refused(desk, "seriesCreate", series, ("TOO_MANY", "count")).await?;
    let offer = json!({"code": "DRAFT", "name": "Draft", "kind": "APPOINTMENT"});
    let offer = made(owner, "offer", offer).await?;
    let draft = "insert into catalog.offer_versions (biz_id, id, offer_id, version_no) values ($1, $2, $3, 1)";
    let id = uuid(&json!(offer))?;
    desk.sql
        .execute(draft, &[&owner.biz_id, &new_id(), &id])
        .await?;
    let at = room.use_(600, 60)["startsAt"].clone();
    let wish = json!({"locationId": desk.hotel.location, "offerId": offer, "startsAt": at});
    refused(desk, "bookingCreate", wish, ("NOT_BOOKABLE", "offerId")).await?;
    let hold = json!({"offerId": offer, "startsAt": at, "sessionRef": "s"});
    refused(desk, "holdCreate", hold, ("NOT_BOOKABLE", "offerId")).await?;
    let order = desk.hotel.book(room.use_(600, 60)).await?;
    let stale = json!({"id": order["id"], "expectedVersion": 99, "reason": "x"});
    for verb in [
        "bookingConfirm",
        "bookingCancel",
        "bookingReschedule",
        "bookingModify",
    ] {
        let mut input = stale.clone();
        if verb != "bookingCancel" {
            input["reason"] = Value::Null;
        }
        match verb {
            "bookingReschedule" => input["startsAt"] = room.use_(720, 60)["startsAt"].clone(),
            "bookingModify" => input["partySize"] = json!(2),
            _ => {}
        }
        if verb == "bookingConfirm" {
            input.as_object_mut().map(|input| input.remove("reason"));
        }
        let answer = owner.verb(verb, input, "bookingOrder { id }").await?;
        let answer = answer.must_fail("CONFLICT")?;
        let current = &answer.errors()[0]["extensions"]["currentVersion"];
        assert!(current.is_number(), "{verb}: {}", answer.body);
    }
    assert_eq!(desk.status(&order).await?, "held");
    Ok(())
}
