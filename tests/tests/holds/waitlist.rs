//! The waiting list: what comes free goes to the first in line, one offer for each free place.

use chrono::Duration;
use serde_json::{Value, json};
use tests::hotel::soon;

use super::{House, with};

const ENTRY: &str = "waitlistEntry { id status priority offeredHoldId startsAt endsAt }";
const ANSWERED: &str = "waitlistEntry { id status } waitlistOffer { id status }";

impl House {
    pub(super) fn wish(&self, customer: &str, from: i64, nights: i64) -> Value {
        json!({
            "customerId": customer, "locationId": self.hotel.location, "unitTypeId": self.hotel.unit_type,
            "checkInOn": soon(from), "checkOutOn": soon(from) + Duration::days(nights),
        })
    }

    pub(super) async fn waits(&self, changes: Value) -> anyhow::Result<Value> {
        let customer = self.customer().await?;
        let input = with(self.wish(&customer, 0, 1), changes);
        let payload = self.hotel.owner.act("waitlistJoin", input, ENTRY).await?;
        Ok(payload["waitlistEntry"].clone())
    }

    /// The open offers: id, entry, hold.
    pub(super) async fn open_offers(&self) -> anyhow::Result<Vec<Value>> {
        let data = self.hotel.owner.read(
            "{ waitlistOffers(first: 200, filter: {status: {eq: OPEN}}) { nodes { id waitlistEntryId holdId } } }",
        ).await?;
        Ok(data["waitlistOffers"]["nodes"]
            .as_array()
            .cloned()
            .unwrap_or_default())
    }

    async fn entry(&self, entry: &Value) -> anyhow::Result<Value> {
        let data = self
            .hotel
            .owner
            .read(&format!(
                "{{ waitlistEntry(id: {}) {{ status }} }}",
                entry["id"]
            ))
            .await?;
        Ok(data["waitlistEntry"]["status"].clone())
    }
}

#[tokio::test]
async fn a_released_place_is_offered_to_the_first_in_line_and_booked_from() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let hold = house.held(house.nights("cart", 0, 1)).await?;
    let first = house.waits(json!({})).await?;
    let urgent = house.waits(json!({ "priority": 5 })).await?;
    house
        .waits(json!({ "checkInOn": soon(3), "checkOutOn": soon(4) }))
        .await?;
    assert!(house.open_offers().await?.is_empty());
    house
        .on_hold("holdRelease", &hold, json!({}))
        .await?
        .must()?;
    let offers = house.open_offers().await?;
    assert_eq!(offers.len(), 1);
    assert_eq!(offers[0]["waitlistEntryId"], urgent["id"]);
    // The place is kept meanwhile, and by nobody else's verbs.
    house
        .hold(house.nights("other", 0, 1))
        .await?
        .must_refuse("SOLD_OUT")?;
    let behind = json!({ "id": offers[0]["holdId"] });
    house
        .on_hold("holdRelease", &behind, json!({}))
        .await?
        .must_refuse("BELONGS_ELSEWHERE")?;
    let taken = house.hotel.owner.act(
        "waitlistAccept", json!({ "id": offers[0]["id"], "holdMinutes": 20 }),
        "waitlistEntry { status } waitlistOffer { status answeredAt } bookingHold { id status customerId }",
    ).await?;
    assert_eq!(taken["waitlistEntry"]["status"], "ACCEPTED");
    assert_eq!(taken["waitlistOffer"]["status"], "ACCEPTED");
    assert_eq!(taken["bookingHold"]["status"], "HELD");
    house
        .on_hold("holdConfirm", &taken["bookingHold"], json!({}))
        .await?
        .must()?;
    assert_eq!(house.entry(&first).await?, "WAITING");
    house.must_agree().await
}

#[tokio::test]
async fn a_declined_place_goes_to_the_next_in_line() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let hold = house.held(house.nights("cart", 0, 1)).await?;
    let (first, second) = (house.waits(json!({})).await?, house.waits(json!({})).await?);
    house
        .on_hold("holdRelease", &hold, json!({}))
        .await?
        .must()?;
    let offer = house.open_offers().await?[0].clone();
    assert_eq!(offer["waitlistEntryId"], first["id"]);
    let owner = &house.hotel.owner;
    let answer = json!({ "id": offer["id"], "keepWaiting": true });
    let said = owner.act("waitlistDecline", answer, ANSWERED).await?;
    assert_eq!(said["waitlistEntry"]["status"], "WAITING");
    assert_eq!(said["waitlistOffer"]["status"], "DECLINED");
    let next = house.open_offers().await?;
    assert_eq!(
        (next.len(), &next[0]["waitlistEntryId"]),
        (1, &second["id"])
    );
    for verb in ["waitlistDecline", "waitlistAccept"] {
        let again = owner
            .verb(verb, json!({ "id": offer["id"] }), "waitlistOffer { id }")
            .await?;
        again.must_refuse("WRONG_STATUS")?;
    }
    // Whoever has just declined is not asked again.
    let said = owner
        .act("waitlistDecline", json!({ "id": next[0]["id"] }), ANSWERED)
        .await?;
    assert_eq!(said["waitlistEntry"]["status"], "CLOSED");
    house.world.run_job("waitlist").await?;
    assert!(house.open_offers().await?.is_empty());
    assert_eq!(house.counts().await?, []);
    house.must_agree().await
}

#[tokio::test]
async fn an_offer_that_nobody_answers_goes_to_the_next_in_line() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let hold = house.held(house.nights("cart", 0, 1)).await?;
    let (first, second) = (house.waits(json!({})).await?, house.waits(json!({})).await?);
    house
        .on_hold("holdRelease", &hold, json!({}))
        .await?
        .must()?;
    let offer = house.open_offers().await?[0].clone();
    house.let_expire(&json!({ "id": offer["holdId"] })).await?;
    let late = house
        .hotel
        .owner
        .verb("waitlistAccept", json!({ "id": offer["id"] }), ANSWERED)
        .await?;
    late.must_refuse("OFFER_EXPIRED")?;
    assert!(house.world.run_job("waitlist").await? >= 2);
    assert_eq!(house.entry(&first).await?, "EXPIRED");
    assert_eq!(house.entry(&second).await?, "OFFERED");
    assert_eq!(house.open_offers().await?.len(), 1);
    assert_eq!(house.counts().await?, [(soon(0), 1, 0)]);
    house.must_agree().await
}

/// An expired hold, or a booking that is cancelled: the job finds what nobody released by hand.
#[tokio::test]
async fn the_job_offers_what_came_free_in_other_ways() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let order = house.hotel.confirmed(soon(0), 2).await?;
    let entry = house.waits(json!({ "checkOutOn": soon(2) })).await?;
    assert_eq!(house.world.run_job("waitlist").await?, 0);
    let cancel = json!({ "id": order["id"], "reason": "ill" });
    house
        .hotel
        .owner
        .act("bookingCancel", cancel, "bookingOrder { id }")
        .await?;
    house.world.run_job("waitlist").await?;
    assert_eq!(house.entry(&entry).await?, "OFFERED");
    assert_eq!(house.counts().await?, [(soon(0), 1, 0), (soon(1), 1, 0)]);
    house.must_agree().await
}

#[tokio::test]
async fn leaving_gives_an_offered_place_to_the_next() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let hold = house.held(house.nights("cart", 0, 1)).await?;
    let (first, second) = (house.waits(json!({})).await?, house.waits(json!({})).await?);
    house
        .on_hold("holdRelease", &hold, json!({}))
        .await?
        .must()?;
    let owner = &house.hotel.owner;
    let left = owner
        .act("waitlistLeave", json!({ "id": first["id"] }), ENTRY)
        .await?;
    assert_eq!(left["waitlistEntry"]["status"], "CANCELLED");
    assert_eq!(house.entry(&second).await?, "OFFERED");
    let third = house.waits(json!({})).await?;
    owner
        .act("waitlistLeave", json!({ "id": third["id"] }), ENTRY)
        .await?;
    owner
        .verb("waitlistLeave", json!({ "id": third["id"] }), ENTRY)
        .await?
        .must_refuse("WRONG_STATUS")?;
    house.must_agree().await
}

#[tokio::test]
async fn staff_offer_a_place_out_of_turn() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    house.waits(json!({ "priority": 9 })).await?;
    let chosen = house.waits(json!({})).await?;
    let owner = &house.hotel.owner;
    let input = json!({ "id": chosen["id"], "minutes": 5 });
    let made = owner
        .act(
            "waitlistOffer",
            input.clone(),
            "waitlistEntry { status } waitlistOffer { id status } bookingHold { id status }",
        )
        .await?;
    assert_eq!(made["waitlistEntry"]["status"], "OFFERED");
    assert_eq!(made["bookingHold"]["status"], "HELD");
    owner
        .verb("waitlistOffer", input, "waitlistOffer { id }")
        .await?
        .must_refuse("WRONG_STATUS")?;
    let other = house.waits(json!({})).await?;
    owner
        .verb(
            "waitlistOffer",
            json!({ "id": other["id"] }),
            "waitlistOffer { id }",
        )
        .await?
        .must_refuse("NOTHING_FREE")?;
    owner
        .verb(
            "waitlistOffer",
            json!({ "id": other["id"], "minutes": 0 }),
            "waitlistOffer { id }",
        )
        .await?
        .must_refuse("INVALID_HOLD")?;
    house.must_agree().await
}

/// Once one of several wishes is fulfilled, the others end, and their offers go on.
#[tokio::test]
async fn wishes_that_exclude_each_other_end_together() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let customer = house.customer().await?;
    let owner = &house.hotel.owner;
    let first = owner
        .act("waitlistJoin", house.wish(&customer, 0, 1), ENTRY)
        .await?["waitlistEntry"]
        .clone();
    let input = with(
        house.wish(&customer, 5, 1),
        json!({ "alternativeToId": first["id"] }),
    );
    let second = owner.act("waitlistJoin", input, ENTRY).await?["waitlistEntry"].clone();
    house.world.run_job("waitlist").await?;
    assert_eq!(house.open_offers().await?.len(), 2);
    let mine = house
        .open_offers()
        .await?
        .into_iter()
        .find(|offer| offer["waitlistEntryId"] == second["id"]);
    let mine = mine.ok_or_else(|| anyhow::anyhow!("no offer"))?;
    owner
        .act("waitlistAccept", json!({ "id": mine["id"] }), ANSWERED)
        .await?;
    assert_eq!(house.entry(&first).await?, "CANCELLED");
    assert!(house.open_offers().await?.is_empty());
    assert_eq!(house.counts().await?, [(soon(5), 1, 0)]);
    house.must_agree().await
}

#[tokio::test]
async fn what_is_no_wish_is_refused() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let customer = house.customer().await?;
    let owner = &house.hotel.owner;
    let wish = house.wish(&customer, 0, 2);
    owner.act("waitlistJoin", wish.clone(), ENTRY).await?;
    for (changes, code) in [
        (json!({}), "ALREADY_WAITING"),
        (json!({ "checkOutOn": null }), "INCOMPLETE"),
        (json!({ "unitTypeId": null }), "INCOMPLETE"),
        (json!({ "checkOutOn": soon(0) }), "INVALID_DATES"),
        (
            json!({ "checkInOn": "2020-01-01", "checkOutOn": "2020-01-03" }),
            "IN_THE_PAST",
        ),
        (
            json!({ "checkInOn": soon(9), "checkOutOn": soon(10), "localFrom": "soon" }),
            "INVALID_DATES",
        ),
        (
            json!({ "checkInOn": soon(9), "checkOutOn": soon(10), "units": 0 }),
            "INVALID",
        ),
    ] {
        let answer = owner
            .verb("waitlistJoin", with(wish.clone(), changes.clone()), ENTRY)
            .await?;
        assert_eq!(answer.user_code(), Some(code), "{changes}: {}", answer.body);
    }
    let other = house.world.owner().await?;
    other
        .verb("waitlistJoin", wish, ENTRY)
        .await?
        .must_fail("NOT_FOUND")?;
    let entry = house.waits(json!({})).await?;
    for verb in ["waitlistLeave", "waitlistOffer"] {
        let input = json!({ "id": entry["id"] });
        other
            .verb(verb, input, "waitlistEntry { id }")
            .await?
            .must_fail("NOT_FOUND")?;
    }
    let analyst = house.world.staff(owner, "analyst", &[]).await?;
    analyst
        .verb("waitlistLeave", json!({ "id": entry["id"] }), ENTRY)
        .await?
        .must_fail("FORBIDDEN")?;
    Ok(())
}

/// Wishes whose time has passed end by themselves.
#[tokio::test]
async fn nobody_waits_beyond_the_time_that_was_wanted() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    house.held(house.nights("cart", 0, 2)).await?;
    let entry = house.waits(json!({})).await?;
    house.world.clock.advance(Duration::days(90));
    house.world.run_job("waitlist").await?;
    let status: String = house
        .sql
        .query_one(
            "select status::text from availability.waitlist_entries",
            &[],
        )
        .await?
        .try_get(0)?;
    assert_eq!(status, "expired", "{entry}");
    Ok(())
}

/// No job runs: the verb that lets a place go offers it in its own transaction, once.
#[tokio::test]
async fn what_a_cancelled_booking_gives_back_is_offered_at_once() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let order = house.hotel.confirmed(soon(0), 2).await?;
    house.waits(json!({})).await?;
    house.waits(json!({})).await?;
    house
        .waits(json!({ "checkInOn": soon(1), "checkOutOn": soon(2) }))
        .await?;
    let cancel = json!({ "id": order["id"], "reason": "Ill" });
    let owner = &house.hotel.owner;
    owner
        .act("bookingCancel", cancel, "bookingOrder { id }")
        .await?;
    assert_eq!(
        house.open_offers().await?.len(),
        2,
        "one for each free night"
    );
    Ok(())
}

/// Nights that a booking lets go by moving are offered, too.
#[tokio::test]
async fn what_a_moved_booking_gives_back_is_offered_at_once() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let order = house.hotel.confirmed(soon(0), 1).await?;
    house.waits(json!({})).await?;
    let moved = json!({ "id": order["id"], "startsOn": soon(5) });
    let owner = &house.hotel.owner;
    owner
        .act("bookingReschedule", moved, "bookingOrder { id }")
        .await?;
    assert_eq!(house.open_offers().await?.len(), 1);
    Ok(())
}
