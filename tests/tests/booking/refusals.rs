//! What `bookingCreate` refuses, each with a code of its own; and nothing of it stays behind.

use chrono::Duration;
use serde_json::{Value, json};
use tests::hotel::{made, soon};

use super::{Desk, local, with};

/// Fails unless a stay of two nights with these changes is refused under this code, at this field.
async fn refused(desk: &Desk, changes: Value, code: &str, field: &str) -> anyhow::Result<()> {
    let input = with(desk.hotel.stay(soon(0), 2), changes.clone());
    let owner = &desk.hotel.owner;
    let answer = owner
        .verb("bookingCreate", input, "bookingOrder { id }")
        .await?;
    assert_eq!(answer.user_code(), Some(code), "{changes}: {}", answer.body);
    let named = answer.user_errors()[0]["field"].as_array().cloned();
    let named = named.unwrap_or_default();
    assert!(named.contains(&json!(field)), "{changes}: {}", answer.body);
    assert!(answer.user_message().ends_with('.'), "{}", answer.body);
    assert_eq!(answer.payload()["bookingOrder"], Value::Null);
    Ok(())
}

/// How many rows there are of all that a booking writes.
async fn traces(desk: &Desk) -> anyhow::Result<i64> {
    let count = "select (select count(*) from booking.booking_orders) + (select count(*) from availability.allocations)
        + (select count(*) from crm.customers) + (select count(*) from availability.booking_holds)
        + (select count(*) from core.outbox_events) + (select count(*) from audit.audit_events)";
    Ok(desk.sql.query_one(count, &[]).await?.try_get(0)?)
}

#[tokio::test]
async fn days_and_people_that_make_no_stay() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let before = traces(&desk).await?;
    let far = json!({"checkInOn": "2300-01-01", "checkOutOn": "2300-01-02"});
    for (changes, code, field) in [
        (json!({"checkInOn": null}), "INCOMPLETE", "checkInOn"),
        (
            json!({"unitTypeId": null, "kind": "STAY"}),
            "INCOMPLETE",
            "unitTypeId",
        ),
        (
            json!({"startsAt": "2031-01-01T00:00:00Z"}),
            "INCOMPLETE",
            "startsAt",
        ),
        (
            json!({"checkOutOn": soon(0)}),
            "INVALID_DATES",
            "checkOutOn",
        ),
        (
            json!({"checkOutOn": soon(-1)}),
            "INVALID_DATES",
            "checkOutOn",
        ),
        (
            json!({"checkOutOn": soon(401)}),
            "INVALID_DATES",
            "checkOutOn",
        ),
        (far, "INVALID_DATES", "checkInOn"),
        (json!({"adults": 9}), "TOO_MANY_GUESTS", "adults"),
        (json!({"adults": 0}), "INVALID_PARTY", "adults"),
        (json!({"children": -1}), "INVALID_PARTY", "children"),
        (json!({"units": 0}), "INVALID_PARTY", "units"),
        (json!({"units": 501}), "INVALID_PARTY", "units"),
        (json!({"holdMinutes": 0}), "INVALID_HOLD", "holdMinutes"),
        (json!({"holdMinutes": 1441}), "INVALID_HOLD", "holdMinutes"),
        (
            json!({"holdMinutes": 10, "confirm": true}),
            "INVALID_HOLD",
            "holdMinutes",
        ),
        (
            json!({"newCustomer": {"fullName": " "}}),
            "INVALID_CUSTOMER",
            "newCustomer",
        ),
        (
            json!({"newCustomer": {"fullName": "Ana", "email": "nobody"}}),
            "INVALID_CUSTOMER",
            "newCustomer",
        ),
    ] {
        refused(&desk, changes, code, field).await?;
    }
    assert_eq!(traces(&desk).await?, before);
    Ok(())
}

#[tokio::test]
async fn prices_that_are_none() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let owner = &desk.hotel.owner;
    let dollars = json!({"code": "USD", "name": "Dollars", "noShowFeeKind": "AMOUNT", "noShowFeeMinor": 100, "currency": "USD"});
    let dollars = made(owner, "cancellationPolicy", dollars).await?;
    let before = traces(&desk).await?;
    let money = |amount: &str, currency: &str| json!({"amount": amount, "currency": currency});
    let night = |day: i64| json!({"on": soon(day), "rate": money("1", "EUR")});
    for (changes, code, field) in [
        (json!({"nightlyRate": null}), "INVALID_PRICE", "nightlyRate"),
        (
            json!({"nightlyRate": money("-1", "EUR")}),
            "INVALID_PRICE",
            "nightlyRate",
        ),
        (
            json!({"nightlyRate": null, "nights": [night(0)]}),
            "INVALID_PRICE",
            "nights",
        ),
        (
            json!({"nightlyRate": null, "nights": [night(0), night(0)]}),
            "INVALID_PRICE",
            "nights",
        ),
        (
            json!({"nightlyRate": null, "nights": [night(0), night(2)]}),
            "INVALID_PRICE",
            "nights",
        ),
        (
            json!({"nightlyRate": money("100", "USD")}),
            "WRONG_CURRENCY",
            "nightlyRate",
        ),
        (
            json!({"cancellationPolicyId": dollars}),
            "WRONG_CURRENCY",
            "cancellationPolicyId",
        ),
    ] {
        refused(&desk, changes, code, field).await?;
    }
    assert_eq!(traces(&desk).await?, before);
    Ok(())
}

#[tokio::test]
async fn what_is_sold_already() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(2).await?;
    let both = json!({"units": 2, "channel": "OTA", "channelRef": "X-1"});
    desk.hotel
        .book(with(desk.hotel.stay(soon(1), 1), both))
        .await?;
    let old = json!({"kind": "FEE", "name": "Old", "active": false});
    let old = made(&desk.hotel.owner, "sellable", old).await?;
    let before = traces(&desk).await?;
    let later = json!({"checkInOn": soon(8), "checkOutOn": soon(9)});
    for (changes, code, field) in [
        (json!({}), "SOLD_OUT", "checkInOn"),
        (
            with(later.clone(), json!({"units": 3})),
            "SOLD_OUT",
            "checkInOn",
        ),
        (json!({"sellableId": old}), "NOT_BOOKABLE", "sellableId"),
        (
            with(later, json!({"channel": "OTA", "channelRef": "X-1"})),
            "ALREADY_BOOKED",
            "channel",
        ),
    ] {
        refused(&desk, changes, code, field).await?;
    }
    assert_eq!(traces(&desk).await?, before);
    desk.must_agree().await
}

/// The message of what is sold out names the nights.
#[tokio::test]
async fn what_is_sold_out_says_when() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(1).await?;
    desk.hotel.book(desk.hotel.stay(soon(1), 1)).await?;
    let answer = desk
        .hotel
        .owner
        .verb(
            "bookingCreate",
            desk.hotel.stay(soon(0), 4),
            "bookingOrder { id }",
        )
        .await?;
    let answer = answer.must_refuse("SOLD_OUT")?;
    let day = soon(1).to_string();
    assert!(
        answer.user_message().contains(&day),
        "{}",
        answer.user_message()
    );
    assert!(
        !answer.user_message().contains(&soon(2).to_string()),
        "{}",
        answer.user_message()
    );
    Ok(())
}

#[tokio::test]
async fn amounts_finer_than_the_currency_are_refused_not_rounded() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    for amount in ["99.999", "1e-3", "abc", ""] {
        let input = with(
            desk.hotel.stay(soon(0), 1),
            json!({"nightlyRate": {"amount": amount, "currency": "EUR"}}),
        );
        let answer = desk
            .hotel
            .owner
            .verb("bookingCreate", input, "bookingOrder { id }")
            .await?;
        assert_eq!(
            answer.code(),
            Some("BAD_USER_INPUT"),
            "{amount}: {}",
            answer.body
        );
    }
    let input = with(
        desk.hotel.stay(soon(0), 1),
        json!({"nightlyRate": {"amount": "99.990", "currency": "EUR"}}),
    );
    assert_eq!(desk.hotel.book(input).await?["totalMinor"], 9_999);
    Ok(())
}

#[tokio::test]
async fn what_is_closed_or_out_of_use_cannot_be_booked() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let owner = &desk.hotel.owner;
    let book = async |changes: Value| {
        owner
            .verb(
                "bookingCreate",
                with(desk.hotel.stay(soon(0), 1), changes),
                "bookingOrder { id }",
            )
            .await
    };
    desk.hotel.book(desk.hotel.stay(soon(0), 1)).await?;
    desk.sql
        .execute("update availability.slots set status = 'stop_sell'", &[])
        .await?;
    book(json!({})).await?.must_refuse("CLOSED")?;
    desk.sql
        .execute("update availability.slots set status = 'open'", &[])
        .await?;
    let customer = made(owner, "customer", json!({"fullName": "Ana"})).await?;
    desk.sql.batch_execute("set app.reason = 'x'; update crm.customers set status = 'blocked', blocked_reason = 'x'").await?;
    book(json!({"customerId": customer}))
        .await?
        .must_refuse("CUSTOMER_NOT_BOOKABLE")?;
    desk.sql
        .execute(
            "update core.locations set status = 'maintenance' where code <> 'MAIN'",
            &[],
        )
        .await?;
    book(json!({})).await?.must_refuse("NOT_BOOKABLE")?;
    desk.sql
        .execute(
            "update core.locations set status = 'active' where code <> 'MAIN'",
            &[],
        )
        .await?;
    owner
        .act(
            "unitTypeUpdate",
            json!({"id": desk.hotel.unit_type, "version": 1, "sellable": false}),
            "unitType { id }",
        )
        .await?;
    book(json!({})).await?.must_refuse("NOT_BOOKABLE")?;
    owner
        .act(
            "unitTypeUpdate",
            json!({"id": desk.hotel.unit_type, "version": 2, "sellable": true}),
            "unitType { id }",
        )
        .await?;
    book(json!({})).await?.must()?;
    owner
        .act(
            "unitTypeArchive",
            json!({"id": desk.hotel.unit_type}),
            "unitType { id }",
        )
        .await?;
    book(json!({})).await?.must_fail("NOT_FOUND")?;
    Ok(())
}

/// Whoever may not take bookings back in time books neither for yesterday nor after the hour until
/// which the location books, by the location's clock.
#[tokio::test]
async fn nothing_is_booked_in_the_past_or_too_late_in_the_day() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    let permissions = [
        "booking.create",
        "booking.set_price",
        "booking.read",
        "core.read",
    ];
    let input = json!({"code": "clerk", "name": "Clerk", "permissions": permissions});
    desk.hotel
        .owner
        .act("roleCreate", input, "role { id }")
        .await?;
    let clerk = desk.world.staff(&desk.hotel.owner, "clerk", &[]).await?;
    let input = json!({"id": desk.hotel.location, "version": 1, "bookingCutoffTime": "18:00:00"});
    desk.hotel
        .owner
        .act("locationUpdate", input, "location { id }")
        .await?;
    let today = soon(0);
    desk.at(local(chrono_tz::Europe::Lisbon, today, "17:59:00")?)
        .await?;
    let book = async |day: i64| -> anyhow::Result<tests::Answer> {
        let clerk = desk.world.again(&clerk).await?;
        clerk
            .verb(
                "bookingCreate",
                desk.hotel.stay(soon(day), 1),
                "bookingOrder { id }",
            )
            .await
    };
    book(0).await?.must()?;
    book(-1).await?.must_refuse("IN_THE_PAST")?;
    desk.world.clock.advance(Duration::minutes(2));
    book(0).await?.must_refuse("TOO_LATE")?;
    book(1).await?.must()?;
    desk.hotel.book(desk.hotel.stay(soon(-1), 1)).await?;
    Ok(())
}
