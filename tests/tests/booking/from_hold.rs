//! Bookings from a hold: what it keeps becomes theirs, in one transaction (E-10, E-12).

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::{made, soon};

use super::{Count, Desk, with};

impl Desk {
    /// The id of a hold of a room for so many nights.
    async fn hold(&self, nights: i64, more: Value) -> anyhow::Result<String> {
        let input = with(
            json!({
                "sessionRef": "cart", "unitTypeId": self.hotel.unit_type, "fromOn": soon(0),
                "untilOn": soon(nights), "units": 1,
            }),
            more,
        );
        let made = self
            .hotel
            .owner
            .act("holdCreate", input, "bookingHold { id }")
            .await?;
        Ok(made["bookingHold"]["id"]
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    async fn stay_from(
        &self,
        hold: &str,
        nights: i64,
        more: Value,
    ) -> anyhow::Result<tests::Answer> {
        let stay = with(self.hotel.stay(soon(0), nights), json!({ "holdId": hold }));
        let owner = &self.hotel.owner;
        owner
            .verb("bookingCreate", with(stay, more), tests::hotel::ORDER)
            .await
    }

    async fn run_out(&self, hold: &str) -> anyhow::Result<()> {
        self.let_expire(&json!({ "holdId": hold })).await
    }
}

#[tokio::test]
async fn e12_what_a_hold_keeps_becomes_the_bookings_and_nothing_is_taken_twice()
-> anyhow::Result<()> {
    let desk = Desk::with_rooms(1).await?;
    let hold = desk.hold(2, json!({})).await?;
    let order = desk.stay_from(&hold, 2, json!({})).await?.must()?;
    let order = order.payload()["bookingOrder"].clone();
    assert_eq!(
        (&order["status"], &order["holdId"]),
        (&json!("HELD"), &json!(hold))
    );
    let held = Count {
        held: 1,
        occupied: 0,
    };
    assert_eq!(desk.counts().await?, [(soon(0), held), (soon(1), held)]);
    let done = desk.act("bookingConfirm", &order, json!({})).await?;
    assert_eq!(done["bookingOrder"]["status"], "CONFIRMED");
    let firm = Count {
        held: 0,
        occupied: 1,
    };
    assert_eq!(desk.counts().await?, [(soon(0), firm), (soon(1), firm)]);
    desk.must_agree().await
}

#[tokio::test]
async fn e12_with_confirm_it_is_firm_at_once_and_its_work_is_planned() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(1).await?;
    let hold = desk.hold(1, json!({})).await?;
    let order = desk
        .stay_from(&hold, 1, json!({ "confirm": true }))
        .await?
        .must()?;
    assert_eq!(order.payload()["bookingOrder"]["status"], "CONFIRMED");
    let read = "{ bookingHolds { nodes { status } } fulfillmentUnits { totalCount } }";
    let found = desk.hotel.owner.read(read).await?;
    assert_eq!(
        found["bookingHolds"]["nodes"],
        json!([{ "status": "CONFIRMED" }])
    );
    assert_eq!(found["fulfillmentUnits"]["totalCount"], 1);
    desk.must_agree().await
}

#[tokio::test]
async fn e12_an_expired_hold_is_claimed_again_once_or_refused() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(1).await?;
    let hold = desk.hold(1, json!({})).await?;
    desk.run_out(&hold).await?;
    let order = desk
        .stay_from(&hold, 1, json!({ "confirm": true }))
        .await?
        .must()?;
    assert_eq!(order.payload()["bookingOrder"]["status"], "CONFIRMED");
    let late = json!({ "fromOn": soon(3), "untilOn": soon(4) });
    let lost = desk.hold(0, late).await?;
    desk.run_out(&lost).await?;
    desk.hotel.confirmed(soon(3), 1).await?;
    let stay = json!({ "checkInOn": soon(3), "checkOutOn": soon(4) });
    desk.stay_from(&lost, 1, stay)
        .await?
        .must_refuse("HOLD_EXPIRED")?;
    desk.must_agree().await
}

#[tokio::test]
async fn a_hold_of_something_else_or_for_somebody_else_is_refused() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let owner = &desk.hotel.owner;
    let ana = made(owner, "customer", json!({ "fullName": "Ana" })).await?;
    let hold = desk.hold(2, json!({ "customerId": ana })).await?;
    let mine = json!({ "customerId": ana });
    for (nights, more) in [
        (1, mine.clone()),
        (3, mine.clone()),
        (2, json!({})),
        (2, with(mine.clone(), json!({ "units": 2 }))),
    ] {
        let answer = desk.stay_from(&hold, nights, more.clone()).await?;
        assert_eq!(
            answer.user_code(),
            Some("HOLD_MISMATCH"),
            "{nights} {more}: {}",
            answer.body
        );
    }
    let both = with(mine.clone(), json!({ "holdMinutes": 5 }));
    desk.stay_from(&hold, 2, both)
        .await?
        .must_refuse("INVALID_HOLD")?;
    desk.stay_from(&hold, 2, mine.clone()).await?.must()?;
    desk.stay_from(&hold, 2, mine)
        .await?
        .must_refuse("HOLD_NOT_OPEN")?;
    let gone = desk.hold(1, json!({})).await?;
    owner
        .act("holdRelease", json!({ "id": gone }), "bookingHold { id }")
        .await?;
    desk.stay_from(&gone, 1, json!({}))
        .await?
        .must_refuse("HOLD_NOT_OPEN")?;
    let other = Desk::open().await?;
    let theirs = other.hold(1, json!({})).await?;
    desk.stay_from(&theirs, 1, json!({}))
        .await?
        .must_fail("NOT_FOUND")?;
    desk.must_agree().await
}

#[tokio::test]
async fn e10_a_shoppers_own_hold_gives_way_to_their_booking() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(1).await?;
    let ana = made(&desk.hotel.owner, "customer", json!({ "fullName": "Ana" })).await?;
    desk.hold(1, json!({ "customerId": ana, "sessionRef": null }))
        .await?;
    let stay = desk.hotel.stay(soon(0), 1);
    let other = desk
        .hotel
        .owner
        .verb("bookingCreate", stay.clone(), "bookingOrder { id }")
        .await?;
    other.must_refuse("SOLD_OUT")?;
    let order = desk
        .hotel
        .book(with(stay, json!({ "customerId": ana, "confirm": true })))
        .await?;
    assert_eq!(order["status"], "CONFIRMED");
    let firm = Count {
        held: 0,
        occupied: 1,
    };
    assert_eq!(desk.counts().await?, [(soon(0), firm)]);
    desk.must_agree().await
}

/// Thirty-two requests to book from one hold make one booking.
#[tokio::test]
async fn e12_inv03_of_thirty_two_who_book_from_one_hold_one_does() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(1).await?;
    let hold = desk.hold(1, json!({})).await?;
    let all = join_all((0..32).map(|_| desk.stay_from(&hold, 1, json!({ "confirm": true })))).await;
    let mut won = 0;
    for answer in all {
        let answer = answer?;
        match answer.user_code() {
            None => {
                answer.must()?;
                won += 1;
            }
            Some(code) => assert!(
                ["HOLD_NOT_OPEN", "HOLD_EXPIRED"].contains(&code),
                "{}",
                answer.body
            ),
        }
    }
    assert_eq!(won, 1);
    let _ = uuid(&json!(hold))?;
    desk.must_agree().await
}
