//! Slots: made for a range, changed within what is taken, opened and closed.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use tests::hotel::{made, soon};

use super::{House, with};

const CHANGED: &str = "slots { id status capacity overbookLimit } changedCount";

impl House {
    /// A pool of places that is shared out in slots, such as a class.
    async fn class(&self, capacity: i32) -> anyhow::Result<String> {
        let input = json!({
            "code": format!("K{}", tests::actor::unique()), "name": "Yoga", "locationId": self.hotel.location,
            "capacity": capacity, "unit": "place",
        });
        made(&self.hotel.owner, "capacityPool", input).await
    }

    /// Two sessions each day, from a day on for so many days.
    fn sessions(&self, pool: &str, from: i64, until: i64) -> Value {
        json!({
            "poolId": pool, "fromOn": soon(from), "untilOn": soon(until),
            "openings": [{ "localStart": "09:00", "localEnd": "11:00", "everyMinutes": 60 }],
        })
    }

    async fn slots(&self, pool: &str) -> anyhow::Result<Vec<Value>> {
        let query = format!(
            "{{ slots(first: 200, filter: {{poolId: {{eq: \"{pool}\"}}}}, orderBy: [{{startsAt: ASC_NULLS_LAST}}]) \
             {{ nodes {{ id startsAt endsAt status capacity held occupied businessDate }} }} }}"
        );
        let data = self.hotel.owner.read(&query).await?;
        Ok(data["slots"]["nodes"]
            .as_array()
            .cloned()
            .unwrap_or_default())
    }
}

#[tokio::test]
async fn slots_are_made_once_however_often_their_range_is_asked_for() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let owner = &house.hotel.owner;
    let pool = house.class(8).await?;
    let made = owner
        .act(
            "slotsGenerate",
            house.sessions(&pool, 0, 3),
            "madeCount keptCount",
        )
        .await?;
    assert_eq!(
        (&made["madeCount"], &made["keptCount"]),
        (&json!(6), &json!(0))
    );
    let again = owner
        .act(
            "slotsGenerate",
            house.sessions(&pool, 1, 4),
            "madeCount keptCount",
        )
        .await?;
    assert_eq!(
        (&again["madeCount"], &again["keptCount"]),
        (&json!(2), &json!(4))
    );
    let slots = house.slots(&pool).await?;
    assert_eq!(slots.len(), 8);
    assert_eq!(slots[0]["capacity"], 8);
    let days: NaiveDate = serde_json::from_value(slots[0]["businessDate"].clone())?;
    assert_eq!(days, soon(0));
    house.must_agree().await
}

/// Whoever names slots takes places of these alone, also where a day has several.
#[tokio::test]
async fn places_of_one_of_several_slots_of_a_day_are_held() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let pool = house.class(2).await?;
    house
        .hotel
        .owner
        .act("slotsGenerate", house.sessions(&pool, 0, 1), "madeCount")
        .await?;
    let slots = house.slots(&pool).await?;
    let input = |session: &str| json!({ "sessionRef": session, "slotIds": [slots[0]["id"]] });
    let hold = house.held(with(input("a"), json!({ "units": 2 }))).await?;
    assert_eq!(hold["allocations"]["nodes"][0]["units"], 2);
    house.hold(input("b")).await?.must_refuse("SOLD_OUT")?;
    let days = json!({ "sessionRef": "b", "poolId": pool, "fromOn": soon(0), "untilOn": soon(1) });
    house.hold(days.clone()).await?.must_refuse("NO_SLOT")?;
    let other = with(days, json!({ "fromOn": soon(5), "untilOn": soon(6) }));
    house.hold(other).await?.must_refuse("NO_SLOT")?;
    let both = json!({ "sessionRef": "b", "slotIds": [slots[0]["id"], slots[1]["id"]] });
    house.hold(both).await?.must_refuse("SOLD_OUT")?;
    house
        .held(json!({ "sessionRef": "b", "slotIds": [slots[1]["id"]] }))
        .await?;
    house.must_agree().await
}

#[tokio::test]
async fn places_are_never_fewer_than_what_is_held_and_taken() -> anyhow::Result<()> {
    let house = House::open(5).await?;
    let owner = &house.hotel.owner;
    let hold = house
        .held(with(house.nights("cart", 0, 1), json!({ "units": 2 })))
        .await?;
    house.hotel.confirmed(soon(0), 1).await?;
    let change = |capacity: i32| {
        json!({
            "slots": { "poolId": house.hotel.pool, "fromOn": soon(0), "untilOn": soon(3) }, "capacity": capacity,
        })
    };
    let refused = owner
        .verb("slotCapacityChange", change(2), CHANGED)
        .await?
        .must_refuse("BELOW_TAKEN")?;
    assert!(
        refused.user_message().contains(&soon(0).to_string()),
        "{}",
        refused.body
    );
    let done = owner.act("slotCapacityChange", change(3), CHANGED).await?;
    assert_eq!(done["changedCount"], 3);
    assert_eq!(done["slots"][0]["capacity"], 3);
    house
        .hold(house.nights("other", 0, 1))
        .await?
        .must_refuse("SOLD_OUT")?;
    // What has expired counts for nothing.
    house.let_expire(&hold).await?;
    owner.act("slotCapacityChange", change(1), CHANGED).await?;
    owner
        .verb("slotCapacityChange", change(-1), CHANGED)
        .await?
        .must_refuse("BELOW_TAKEN")?;
    let nothing =
        json!({ "slots": { "poolId": house.hotel.pool, "fromOn": soon(0), "untilOn": soon(3) } });
    owner
        .verb("slotCapacityChange", nothing, CHANGED)
        .await?
        .must_refuse("INCOMPLETE")?;
    house.must_agree().await
}

#[tokio::test]
async fn closed_slots_take_nothing_until_they_are_opened() -> anyhow::Result<()> {
    let house = House::open(5).await?;
    let owner = &house.hotel.owner;
    let slots = json!({ "poolId": house.hotel.pool, "fromOn": soon(0), "untilOn": soon(7) });
    for (verb, status) in [("slotClose", "CLOSED"), ("slotStopSell", "STOP_SELL")] {
        let done = owner
            .act(verb, json!({ "slots": slots, "reason": "storm" }), CHANGED)
            .await?;
        assert_eq!(
            (&done["changedCount"], &done["slots"][0]["status"]),
            (&json!(7), &json!(status))
        );
        assert_eq!(
            owner.act(verb, json!({ "slots": slots }), CHANGED).await?["changedCount"],
            0
        );
        house
            .hold(house.nights("cart", 0, 1))
            .await?
            .must_refuse("CLOSED")?;
        owner
            .verb(
                "bookingCreate",
                house.hotel.stay(soon(0), 1),
                "bookingOrder { id }",
            )
            .await?
            .must_refuse("CLOSED")?;
    }
    let mondays = with(slots.clone(), json!({ "weekdays": [1] }));
    assert_eq!(
        owner
            .act("slotOpen", json!({ "slots": mondays }), CHANGED)
            .await?["changedCount"],
        1
    );
    assert_eq!(
        owner
            .act("slotOpen", json!({ "slots": slots }), CHANGED)
            .await?["changedCount"],
        6
    );
    house.held(house.nights("cart", 0, 7)).await?;
    house.must_agree().await
}

#[tokio::test]
async fn slots_that_are_not_clear_or_not_ours_are_refused() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let owner = &house.hotel.owner;
    let pool = house.class(4).await?;
    let sessions = house.sessions(&pool, 0, 2);
    for (changes, code) in [
        (json!({ "poolId": null }), "INCOMPLETE"),
        (json!({ "untilOn": soon(0) }), "INVALID_DATES"),
        (json!({ "untilOn": soon(500) }), "INVALID_DATES"),
        (json!({ "openings": [] }), "INVALID_DATES"),
        (
            json!({ "openings": [{ "localStart": "9", "localEnd": "10:00" }] }),
            "INVALID_DATES",
        ),
        (
            json!({ "openings": [{ "localStart": "09:00", "localEnd": "10:00", "everyMinutes": 0 }] }),
            "INVALID_DATES",
        ),
        (
            json!({ "openings": [{ "localStart": "09:00", "localEnd": "10:00", "weekdays": [8] }] }),
            "INVALID_DATES",
        ),
        (
            json!({ "untilOn": soon(300), "openings": [{ "localStart": "00:00", "localEnd": "00:00", "everyMinutes": 10 }] }),
            "TOO_MANY",
        ),
        (json!({ "capacity": -1 }), "INVALID"),
    ] {
        let answer = owner
            .verb(
                "slotsGenerate",
                with(sessions.clone(), changes.clone()),
                "madeCount",
            )
            .await?;
        assert_eq!(answer.user_code(), Some(code), "{changes}: {}", answer.body);
    }
    owner
        .act("slotsGenerate", sessions.clone(), "madeCount")
        .await?;
    let slot = house.slots(&pool).await?[0]["id"].clone();
    let other = house.world.owner().await?;
    other
        .verb("slotsGenerate", sessions, "madeCount")
        .await?
        .must_fail("NOT_FOUND")?;
    for verb in ["slotOpen", "slotClose", "slotStopSell"] {
        other
            .verb(verb, json!({ "slots": { "ids": [slot] } }), CHANGED)
            .await?
            .must_fail("NOT_FOUND")?;
        owner
            .verb(verb, json!({ "slots": {} }), CHANGED)
            .await?
            .must_refuse("INCOMPLETE")?;
        owner
            .verb(verb, json!({ "slots": { "ids": [slot, slot] } }), CHANGED)
            .await?
            .must_refuse("INCOMPLETE")?;
    }
    let desk = house.world.staff(owner, "front_desk", &[]).await?;
    desk.verb("slotClose", json!({ "slots": { "ids": [slot] } }), CHANGED)
        .await?
        .must_fail("FORBIDDEN")?;
    Ok(())
}

#[tokio::test]
async fn counters_that_differ_from_their_claims_are_told() -> anyhow::Result<()> {
    let house = House::open(3).await?;
    house.held(house.nights("cart", 0, 1)).await?;
    let ask = "{ capacityReconcile { businessDate held occupied allocatedHold allocatedFirm slot { id poolId } } }";
    assert_eq!(
        house.hotel.owner.read(ask).await?["capacityReconcile"],
        json!([])
    );
    house
        .sql
        .batch_execute("update availability.slots set occupied = 1")
        .await?;
    let told = house.hotel.owner.read(ask).await?["capacityReconcile"].clone();
    assert_eq!(told[0]["slot"]["poolId"], json!(house.hotel.pool));
    assert_eq!(
        (&told[0]["occupied"], &told[0]["allocatedFirm"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(
        (&told[0]["held"], &told[0]["allocatedHold"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(house.world.breaks().await?, 1);
    let other = house.world.owner().await?;
    assert_eq!(other.read(ask).await?["capacityReconcile"], json!([]));
    Ok(())
}

#[tokio::test]
async fn an_outside_calendar_is_taken_over_as_often_as_it_is_sent() -> anyhow::Result<()> {
    let house = House::open(1).await?;
    let owner = &house.hotel.owner;
    let resource = house.resource().await?;
    let at = |minutes: i64| super::minute(minutes);
    let import = |items: Value| json!({ "resourceId": resource, "source": "ICAL", "items": items });
    let selection = "results { externalUid isDone message } writtenCount removedCount";
    let item = |uid: &str, from: i64| json!({ "externalUid": uid, "startsAt": at(from), "endsAt": at(from + 30) });
    let first = import(
        json!([item("a", 600), item("b", 700), item("a", 720), item(" ", 1), { "externalUid": "c", "startsAt": at(9), "endsAt": at(9) }]),
    );
    let done = owner
        .act("externalBusyImport", first.clone(), selection)
        .await?;
    assert_eq!(
        (&done["writtenCount"], &done["removedCount"]),
        (&json!(2), &json!(0))
    );
    let are_done: Vec<&Value> = done["results"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|result| &result["isDone"])
        .collect();
    assert_eq!(are_done, [true, true, false, false, false]);
    let again = owner.act("externalBusyImport", first, selection).await?;
    assert_eq!(again["removedCount"], 0);
    // One has moved, one was called off, and one is gone from a list that is complete.
    let moved = with(
        import(json!([
            item("a", 630),
            with(item("b", 700), json!({ "isCancelled": true }))
        ])),
        json!({}),
    );
    assert_eq!(
        owner.act("externalBusyImport", moved, selection).await?["removedCount"],
        2
    );
    let complete = with(
        import(json!([item("d", 800)])),
        json!({ "completeFrom": at(0), "completeUntil": at(1440) }),
    );
    assert_eq!(
        owner.act("externalBusyImport", complete, selection).await?["removedCount"],
        1
    );
    let data = owner.read("{ externalBusyTimes(filter: {removedAt: {isNull: true}}) { nodes { externalUid startsAt } } }").await?;
    let left = &data["externalBusyTimes"]["nodes"];
    assert_eq!(left.as_array().map(Vec::len), Some(1), "{left}");
    assert_eq!(
        serde_json::from_value::<DateTime<Utc>>(left[0]["startsAt"].clone())?,
        at(800)
    );
    let half = with(import(json!([])), json!({ "completeFrom": at(0) }));
    owner
        .verb("externalBusyImport", half, selection)
        .await?
        .must_refuse("INVALID_DATES")?;
    let many: Vec<Value> = (0..501)
        .map(|index| item(&index.to_string(), index))
        .collect();
    owner
        .verb("externalBusyImport", import(json!(many)), selection)
        .await?
        .must_refuse("TOO_MANY")?;
    let other = house.world.owner().await?;
    other
        .verb("externalBusyImport", import(json!([])), selection)
        .await?
        .must_fail("NOT_FOUND")?;
    Ok(())
}
