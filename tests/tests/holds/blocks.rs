//! Blocked time, and what is let in beyond it on purpose.

use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::{made, soon};

use super::{House, minute, with};

const BLOCK: &str = "availabilityBlock { id status liftedAt } closedSlotCount";
const LIFTED: &str = "availabilityBlock { id status liftedAt } openedSlotCount";
const OVER: &str = "allocation { id status overrideById overrideReason } bookingHold { id status } \
    reviewQueueItem { id status title queue { code } payload }";

fn window(resource: &str, session: &str, from: i64, until: i64) -> Value {
    json!({ "sessionRef": session, "resourceId": resource, "startsAt": minute(from), "endsAt": minute(until) })
}

#[tokio::test]
async fn a_blocked_resource_is_not_booked_until_the_block_is_lifted() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let owner = &house.hotel.owner;
    let resource = house.resource().await?;
    let input = json!({ "resourceId": resource, "startsAt": minute(600), "endsAt": minute(720), "reason": "MAINTENANCE", "note": "paint" });
    let block = owner.act("blockCreate", input, BLOCK).await?["availabilityBlock"].clone();
    house
        .hold(window(&resource, "a", 700, 760))
        .await?
        .must_refuse("CLOSED")?;
    let hold = house.held(window(&resource, "a", 720, 760)).await?;
    let lifted = owner
        .act("blockRelease", json!({ "id": block["id"] }), LIFTED)
        .await?;
    assert_eq!(lifted["availabilityBlock"]["status"], "LIFTED");
    owner
        .verb("blockRelease", json!({ "id": block["id"] }), LIFTED)
        .await?
        .must_refuse("WRONG_STATUS")?;
    house.held(window(&resource, "b", 600, 720)).await?;
    assert_eq!(hold["status"], "HELD");
    house.must_agree().await
}

#[tokio::test]
async fn a_block_never_overruns_what_is_booked_but_goes_around_it() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let owner = &house.hotel.owner;
    let resource = house.resource().await?;
    house.held(window(&resource, "a", 630, 660)).await?;
    let input = json!({ "resourceId": resource, "startsAt": minute(600), "endsAt": minute(720) });
    let refused = owner
        .verb("blockCreate", input.clone(), BLOCK)
        .await?
        .must_refuse("SLOT_TAKEN")?;
    assert!(
        refused.user_message().starts_with("1 claims"),
        "{}",
        refused.body
    );
    owner
        .act(
            "blockCreate",
            with(input, json!({ "aroundBookings": true })),
            BLOCK,
        )
        .await?;
    let sql = "select count(*) from availability.allocations where source_type = 'AvailabilityBlock' and status = 'firm'";
    assert_eq!(house.count(sql).await?, 2);
    for (from, until) in [(600, 630), (660, 720)] {
        house
            .hold(window(&resource, "b", from, until))
            .await?
            .must_refuse("CLOSED")?;
    }
    house.must_agree().await
}

/// A room that is blocked is one less of its type, on the nights that guests would spend in it.
#[tokio::test]
async fn a_blocked_room_is_not_sold_by_its_type() -> anyhow::Result<()> {
    let house = House::open(2).await?;
    let owner = &house.hotel.owner;
    let room = house.resource().await?;
    made(
        owner,
        "unitDetail",
        json!({ "resourceId": room, "unitTypeId": house.hotel.unit_type }),
    )
    .await?;
    // From noon of the first day to noon two days later: two nights.
    let input =
        json!({ "resourceId": room, "startsAt": minute(12 * 60), "endsAt": minute(58 * 60) });
    let block = owner.act("blockCreate", input.clone(), BLOCK).await?["availabilityBlock"].clone();
    assert_eq!(house.counts().await?, [(soon(0), 0, 1), (soon(1), 0, 1)]);
    house.held(house.nights("a", 0, 3)).await?;
    house
        .hold(house.nights("b", 1, 1))
        .await?
        .must_refuse("SOLD_OUT")?;
    house.held(house.nights("b", 2, 1)).await?;
    owner
        .act("blockRelease", json!({ "id": block["id"] }), LIFTED)
        .await?;
    house.held(house.nights("c", 0, 2)).await?;
    owner
        .verb("blockCreate", input, BLOCK)
        .await?
        .must_refuse("SOLD_OUT")?;
    house.must_agree().await
}

/// A location closes with all that it has: resources, slots, and nights that nobody asked for yet.
#[tokio::test]
async fn a_blocked_location_takes_nothing_and_opens_again_as_it_was() -> anyhow::Result<()> {
    let house = House::open(2).await?;
    let owner = &house.hotel.owner;
    let resource = house.resource().await?;
    house.hotel.confirmed(soon(0), 1).await?;
    let slots = |from: i64| json!({ "slots": { "poolId": house.hotel.pool, "fromOn": soon(from), "untilOn": soon(from + 1) } });
    owner.act("slotClose", slots(1), "changedCount").await?;
    let input = json!({
        "locationId": house.hotel.location, "startsAt": minute(12 * 60), "endsAt": minute(82 * 60), "reason": "WEATHER",
    });
    let made = owner.act("blockCreate", input, BLOCK).await?;
    assert_eq!(made["closedSlotCount"], 2);
    for from in [0, 1, 2] {
        house
            .hold(house.nights("a", from, 1))
            .await?
            .must_refuse("CLOSED")?;
    }
    house
        .hold(window(&resource, "a", 800, 860))
        .await?
        .must_refuse("CLOSED")?;
    // The block ends in the morning of the third day: the first night that it does not touch is the next.
    house.held(house.nights("a", 4, 1)).await?;
    let lifted = owner
        .act(
            "blockRelease",
            json!({ "id": made["availabilityBlock"]["id"] }),
            LIFTED,
        )
        .await?;
    assert_eq!(lifted["openedSlotCount"], 2);
    house.held(house.nights("b", 0, 1)).await?;
    // What staff had closed themselves stays closed.
    house
        .hold(house.nights("c", 1, 1))
        .await?
        .must_refuse("CLOSED")?;
    house.must_agree().await
}

#[tokio::test]
async fn blocks_that_are_not_clear_or_not_ours_are_refused() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let owner = &house.hotel.owner;
    let resource = house.resource().await?;
    let input = json!({ "resourceId": resource, "startsAt": minute(600), "endsAt": minute(720) });
    for (changes, code) in [
        (json!({ "resourceId": null }), "INCOMPLETE"),
        (json!({ "locationId": house.hotel.location }), "INCOMPLETE"),
        (json!({ "endsAt": minute(600) }), "INVALID_DATES"),
        (json!({ "note": " " }), "INVALID"),
    ] {
        let answer = owner
            .verb("blockCreate", with(input.clone(), changes.clone()), BLOCK)
            .await?;
        assert_eq!(answer.user_code(), Some(code), "{changes}: {}", answer.body);
    }
    let block = owner.act("blockCreate", input.clone(), BLOCK).await?["availabilityBlock"].clone();
    let other = house.world.owner().await?;
    other
        .verb("blockCreate", input.clone(), BLOCK)
        .await?
        .must_fail("NOT_FOUND")?;
    other
        .verb("blockRelease", json!({ "id": block["id"] }), LIFTED)
        .await?
        .must_fail("NOT_FOUND")?;
    let desk = house.world.staff(owner, "front_desk", &[]).await?;
    desk.verb("blockCreate", input, BLOCK)
        .await?
        .must_fail("FORBIDDEN")?;
    Ok(())
}

/// E-14: deliberate double booking is a permission of its own, has a reason, and is seen to.
#[tokio::test]
async fn e14_a_manager_double_books_with_a_reason_and_a_conflict_is_opened() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let owner = &house.hotel.owner;
    let resource = house.resource().await?;
    let customer = house.customer().await?;
    let taken = house.held(window(&resource, "a", 600, 660)).await?;
    let input = json!({
        "resourceId": resource, "startsAt": minute(630), "endsAt": minute(690), "customerId": customer, "reason": "The mayor comes",
    });
    let made = owner.act("allocationOverride", input.clone(), OVER).await?;
    assert_eq!(made["allocation"]["status"], "HOLD");
    assert_eq!(made["allocation"]["overrideReason"], "The mayor comes");
    assert_eq!(uuid(&made["allocation"]["overrideById"])?, owner.user_id);
    assert_eq!(made["reviewQueueItem"]["queue"]["code"], "conflicts");
    let overlaps = &made["reviewQueueItem"]["payload"]["overlaps"];
    assert_eq!(
        overlaps[0]["source_id"],
        json!(uuid(&taken["id"])?.to_string()),
        "{overlaps}"
    );
    // It is never how a race ends: others are refused as before.
    house
        .hold(window(&resource, "b", 630, 690))
        .await?
        .must_refuse("SLOT_TAKEN")?;
    house
        .on_hold("holdConfirm", &made["bookingHold"], json!({}))
        .await?
        .must()?;
    let order = house.hotel.book(house.hotel.stay(soon(0), 1)).await?;
    let for_order = with(
        input.clone(),
        json!({ "customerId": null, "bookingOrderId": order["id"] }),
    );
    let second = owner
        .act("allocationOverride", for_order.clone(), OVER)
        .await?;
    assert_eq!(
        (&second["allocation"]["status"], &second["bookingHold"]),
        (&json!("HOLD"), &Value::Null)
    );
    let again = owner.act("allocationOverride", for_order, OVER).await?;
    assert_eq!(
        again["reviewQueueItem"]["id"],
        second["reviewQueueItem"]["id"]
    );
    for (changes, code) in [
        (json!({ "reason": " " }), "REASON_REQUIRED"),
        (json!({ "customerId": null }), "INCOMPLETE"),
        (json!({ "endsAt": minute(630) }), "INVALID_DATES"),
    ] {
        let answer = owner
            .verb(
                "allocationOverride",
                with(input.clone(), changes.clone()),
                OVER,
            )
            .await?;
        assert_eq!(answer.user_code(), Some(code), "{changes}: {}", answer.body);
    }
    let desk = house.world.staff(owner, "front_desk", &[]).await?;
    desk.verb("allocationOverride", input.clone(), OVER)
        .await?
        .must_fail("FORBIDDEN")?;
    let other = house.world.owner().await?;
    other
        .verb("allocationOverride", input, OVER)
        .await?
        .must_fail("NOT_FOUND")?;
    house.must_agree().await
}
