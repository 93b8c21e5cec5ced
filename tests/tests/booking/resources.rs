//! Bookings of a resource for a time: it is taken by one at a time, buffers included.

use chrono::{DateTime, Duration, NaiveTime, Utc};
use serde_json::{Value, json};
use tests::hotel::{made, soon};

use super::{Desk, with};

/// A room that is booked for itself.
pub(super) struct Room {
    pub(super) desk: Desk,
    pub(super) resource: String,
    kind: String,
}

impl Room {
    pub(super) async fn open(desk: Desk) -> anyhow::Result<Self> {
        let owner = &desk.hotel.owner;
        let kind = json!({"code": "ROOM", "name": "Treatment room", "kind": "ROOM"});
        let kind = made(owner, "resourceType", kind).await?;
        let resource = in_use(&desk, &kind, "R-1").await?;
        Ok(Self {
            desk,
            resource,
            kind,
        })
    }

    /// One more room of the same kind.
    pub(super) async fn another(&self, number: &str) -> anyhow::Result<String> {
        in_use(&self.desk, &self.kind, number).await
    }

    /// What `bookingCreate` takes for so many minutes from a minute of the day on.
    pub(super) fn use_(&self, from: i64, minutes: i64) -> Value {
        let starts_at = start() + Duration::minutes(from);
        json!({
            "locationId": self.desk.hotel.location, "resourceId": self.resource, "sellableId": self.desk.hotel.sellable,
            "startsAt": starts_at, "endsAt": starts_at + Duration::minutes(minutes), "price": {"amount": "60", "currency": "EUR"},
        })
    }
}

/// A room that can be booked.
async fn in_use(desk: &Desk, kind: &str, number: &str) -> anyhow::Result<String> {
    let owner = &desk.hotel.owner;
    let input = json!({"typeId": kind, "locationId": desk.hotel.location, "name": number, "number": number});
    let resource = made(owner, "resource", input).await?;
    let into_use = json!({"id": resource, "to": "ACTIVE"});
    owner
        .act("resourceTransition", into_use, "resource { id }")
        .await?;
    Ok(resource)
}

fn start() -> DateTime<Utc> {
    soon(0).and_time(NaiveTime::MIN).and_utc()
}

#[tokio::test]
async fn a_resource_is_taken_by_one_at_a_time() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let owner = &room.desk.hotel.owner;
    let order = room.desk.hotel.book(room.use_(600, 60)).await?;
    assert_eq!(
        (&order["status"], &order["totalMinor"]),
        (&json!("HELD"), &json!(6_000))
    );
    for (from, minutes) in [(600, 60), (630, 60), (570, 60), (610, 10), (500, 300)] {
        let answer = owner
            .verb(
                "bookingCreate",
                room.use_(from, minutes),
                "bookingOrder { id }",
            )
            .await?;
        assert_eq!(
            answer.user_code(),
            Some("SLOT_TAKEN"),
            "{from}+{minutes}: {}",
            answer.body
        );
    }
    // One that ends when the other begins is no overlap.
    room.desk.hotel.book(room.use_(540, 60)).await?;
    room.desk.hotel.book(room.use_(660, 60)).await?;
    room.desk
        .act("bookingCancel", &order, json!({"reason": "x"}))
        .await?;
    room.desk
        .hotel
        .book(with(room.use_(610, 30), json!({"confirm": true})))
        .await?;
    room.desk.must_agree().await
}

/// E-06, E-07: buffers keep others away, and the customer sees only the service.
#[tokio::test]
async fn buffers_are_taken_too_and_not_shown_to_the_customer() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let buffered = |from: i64| {
        with(
            room.use_(from, 60),
            json!({"bufferBeforeMinutes": 10, "bufferAfterMinutes": 20}),
        )
    };
    let order = room.desk.hotel.book(buffered(600)).await?;
    let starts: DateTime<Utc> = serde_json::from_value(order["startsAt"].clone())?;
    assert_eq!(starts, start() + Duration::minutes(600));
    for from in [679, 521] {
        let answer = room
            .desk
            .hotel
            .owner
            .verb("bookingCreate", room.use_(from, 70), "bookingOrder { id }")
            .await?;
        assert_eq!(
            answer.user_code(),
            Some("SLOT_TAKEN"),
            "{from}: {}",
            answer.body
        );
    }
    room.desk.hotel.book(room.use_(680, 60)).await?;
    room.desk.hotel.book(room.use_(530, 60)).await?;
    Ok(())
}

#[tokio::test]
async fn e11_an_expired_hold_gives_the_resource_back() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let lost = room.desk.hotel.book(room.use_(600, 60)).await?;
    room.desk.let_expire(&lost).await?;
    let won = room
        .desk
        .hotel
        .book(with(room.use_(600, 60), json!({"confirm": true})))
        .await?;
    assert_eq!(won["status"], "CONFIRMED");
    assert_eq!(room.desk.status(&lost).await?, "expired");
    room.desk
        .verb("bookingConfirm", &lost, json!({}))
        .await?
        .must_refuse("HOLD_EXPIRED")?;
    Ok(())
}

#[tokio::test]
async fn what_does_not_belong_to_such_a_booking_is_refused() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let owner = &room.desk.hotel.owner;
    for (changes, code) in [
        (
            json!({"unitTypeId": room.desk.hotel.unit_type, "kind": "APPOINTMENT"}),
            "INCOMPLETE",
        ),
        (json!({"sellableId": null}), "INCOMPLETE"),
        (json!({"endsAt": null}), "INCOMPLETE"),
        (json!({"price": null}), "INVALID_PRICE"),
        (
            json!({"endsAt": start() + Duration::minutes(600)}),
            "INVALID_DATES",
        ),
        (
            json!({"endsAt": start() + Duration::days(500)}),
            "INVALID_DATES",
        ),
        (json!({"bufferBeforeMinutes": -1}), "INVALID_DATES"),
        (json!({"bufferAfterMinutes": 1441}), "INVALID_DATES"),
        (json!({"partySize": 0}), "INVALID_PARTY"),
        (
            json!({"price": {"amount": "60", "currency": "USD"}}),
            "WRONG_CURRENCY",
        ),
    ] {
        let answer = owner
            .verb(
                "bookingCreate",
                with(room.use_(600, 60), changes.clone()),
                "bookingOrder { id }",
            )
            .await?;
        assert_eq!(answer.user_code(), Some(code), "{changes}: {}", answer.body);
    }
    let sql = "update resources.resources set lifecycle_status = 'out_of_service'";
    room.desk
        .sql
        .batch_execute(&format!("set app.reason = 'broken'; {sql}"))
        .await?;
    let answer = owner
        .verb("bookingCreate", room.use_(600, 60), "bookingOrder { id }")
        .await?;
    answer.must_refuse("NOT_BOOKABLE")?;
    Ok(())
}
