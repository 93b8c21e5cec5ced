//! What the search judges besides offers: resources that are booked directly, moved, repeated, and
//! added to a booking. What it does not list can be had in none of these ways, unless somebody who may
//! overrules it.

use bizing::database::Clock as _;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use tests::hotel::made;
use tests::{Actor, Answer};

use super::booked::{BOOKED, salon};
use super::{Shop, ask, text, with, written};

pub(super) const DAY: &str = "2027-01-11";
pub(super) const MOVED: &str =
    "bookingOrder { id startsAt version } conflicts { id queue { code } }";

pub(super) fn at(time: &str) -> anyhow::Result<DateTime<Utc>> {
    Ok(format!("{DAY}T{time}:00Z").parse()?)
}

impl Shop {
    /// What `bookingCreate` takes of a resource by itself, for so many minutes.
    pub(super) fn direct(&self, resource: &str, from: &str, minutes: i64) -> anyhow::Result<Value> {
        let from = at(from)?;
        Ok(json!({
            "locationId": self.location, "resourceId": resource, "sellableId": self.sellable, "startsAt": written(from),
            "endsAt": written(from + Duration::minutes(minutes)), "price": {"amount": "60", "currency": "EUR"}, "confirm": true,
        }))
    }

    pub(super) async fn create(&self, input: Value) -> anyhow::Result<Answer> {
        self.owner.verb("bookingCreate", input, BOOKED).await
    }

    pub(super) async fn moves(
        &self,
        who: &Actor,
        order: &Value,
        more: Value,
    ) -> anyhow::Result<Answer> {
        let input = with(json!({"id": order["id"]}), more);
        who.verb("bookingReschedule", input, MOVED).await
    }

    pub(super) async fn blocked(&self, of: Value, from: &str, to: &str) -> anyhow::Result<String> {
        let block =
            json!({"startsAt": written(at(from)?), "endsAt": written(at(to)?), "reason": "OTHER"});
        let done = self
            .owner
            .act("blockCreate", with(block, of), "availabilityBlock { id }")
            .await?;
        Ok(text(&done["availabilityBlock"]["id"]))
    }

    /// Somebody who books, and is bound by notice as customers are.
    pub(super) async fn clerk(&self) -> anyhow::Result<Actor> {
        let permissions = [
            "booking.create",
            "booking.set_price",
            "booking.reschedule",
            "booking.read",
            "availability.hold",
            "workflow.read",
            "core.read",
        ];
        let role = json!({"code": "clerk", "name": "Clerk", "permissions": permissions});
        self.owner.act("roleCreate", role, "role { id }").await?;
        self.world.staff(&self.owner, "clerk", &[]).await
    }
}

/// E-06, E-07: hours, blocks, and buffers of both neighbours count; and the other times that are told
/// can be had.
#[tokio::test]
async fn e06_a_resource_that_is_booked_directly_is_judged_as_the_search_does() -> anyhow::Result<()>
{
    let (shop, stylists) = salon(1).await?;
    let one = &stylists[0];
    // From 10:00 to 10:40, and taken from 9:50 to 11:00.
    shop.cut(&format!("{DAY}T10:00:00Z"), json!({}))
        .await?
        .must()?;
    shop.blocked(json!({"resourceId": one}), "14:00", "15:00")
        .await?;
    shop.blocked(json!({"locationId": shop.location}), "16:00", "16:30")
        .await?;
    for (from, minutes, more, code) in [
        ("08:00", 60, json!({}), "CLOSED"),
        ("17:30", 60, json!({}), "CLOSED"),
        ("14:30", 60, json!({}), "CLOSED"),
        ("16:00", 30, json!({}), "CLOSED"),
        ("10:40", 30, json!({}), "SLOT_TAKEN"),
        ("09:15", 40, json!({}), "SLOT_TAKEN"),
        (
            "11:05",
            30,
            json!({"bufferBeforeMinutes": 10}),
            "SLOT_TAKEN",
        ),
        ("09:00", 40, json!({"bufferAfterMinutes": 15}), "SLOT_TAKEN"),
    ] {
        let input = with(shop.direct(one, from, minutes)?, more.clone());
        let told = shop.create(input).await?.must_refuse(code)?;
        let alternatives = told.payload()["alternatives"].as_array().cloned();
        for other in alternatives.into_iter().flatten() {
            let input = with(shop.direct(one, from, minutes)?, more.clone());
            let there =
                json!({"startsAt": other["startsAt"], "endsAt": other["endsAt"], "dryRun": true});
            shop.create(with(input, there)).await?.must()?;
        }
    }
    let input = with(
        shop.direct(one, "11:10", 30)?,
        json!({"bufferBeforeMinutes": 10}),
    );
    shop.create(input).await?.must()?;
    // A hold keeps no more than can be booked.
    let hold = json!({"resourceId": one, "startsAt": written(at("14:15")?), "endsAt": written(at("14:45")?), "sessionRef": "s"});
    let held = shop
        .owner
        .verb("holdCreate", hold, "bookingHold { id }")
        .await?;
    held.must_refuse("CLOSED")?;
    Ok(())
}

/// As what it is sold decides the buffers, however small those are that somebody asks for.
#[tokio::test]
async fn e06_what_is_sold_as_an_offer_has_its_buffers() -> anyhow::Result<()> {
    let (shop, stylists) = salon(1).await?;
    let found = shop
        .owner
        .read("{ sellables(filter: {kind: {eq: OFFER_VERSION}}) { nodes { id } } }")
        .await?;
    let as_offer = json!({"sellableId": found["sellables"]["nodes"][0]["id"]});
    let input = with(shop.direct(&stylists[0], "12:00", 40)?, as_offer.clone());
    let done = shop.create(input).await?.must()?;
    let taken = shop.taken(&done.payload()["bookingOrder"]).await?;
    assert_eq!(
        taken,
        [("12:00-12:40".to_owned(), "11:50-13:00".to_owned())]
    );
    for from in ["11:05", "13:05"] {
        let input = with(shop.direct(&stylists[0], from, 40)?, as_offer.clone());
        shop.create(input).await?.must_refuse("SLOT_TAKEN")?;
    }
    let input = with(shop.direct(&stylists[0], "13:10", 40)?, as_offer);
    shop.create(input).await?.must()?;
    Ok(())
}

/// Notice and advance bind whoever is not staff, also where a resource is named, held or moved to.
#[tokio::test]
async fn notice_and_advance_of_the_offer_bind_direct_bookings_and_moves() -> anyhow::Result<()> {
    let (shop, stylists) = salon(1).await?;
    let clerk = shop.clerk().await?;
    let service =
        json!({"id": shop.service, "version": 1, "minNoticeMinutes": 2880, "maxAdvanceDays": 30});
    shop.owner
        .act("serviceUpdate", service, "service { id }")
        .await?;
    let found = shop
        .owner
        .read("{ sellables(filter: {kind: {eq: OFFER_VERSION}}) { nodes { id } } }")
        .await?;
    let sellable = &found["sellables"]["nodes"][0]["id"];
    let noon = |days: i64| {
        let day = (shop.world.clock.now() + Duration::days(days)).date_naive();
        day.and_hms_opt(12, 0, 0)
            .map(|noon| noon.and_utc())
            .unwrap_or_default()
    };
    let input = |days: i64| {
        json!({
            "locationId": shop.location, "resourceId": stylists[0], "sellableId": sellable, "startsAt": written(noon(days)),
            "endsAt": written(noon(days) + Duration::minutes(40)), "price": {"amount": "60", "currency": "EUR"}, "confirm": true,
        })
    };
    let book = async |days: i64| clerk.verb("bookingCreate", input(days), BOOKED).await;
    book(1).await?.must_refuse("TOO_LATE")?;
    book(40).await?.must_refuse("TOO_EARLY")?;
    let order = book(10).await?.must()?.payload()["bookingOrder"].clone();
    for (days, code) in [(1, "TOO_LATE"), (40, "TOO_EARLY")] {
        let to = json!({"startsAt": written(noon(days)), "requestedBy": "STAFF"});
        shop.moves(&clerk, &order, to.clone())
            .await?
            .must_refuse(code)?;
        // Staff are not bound.
        let dry = with(to, json!({"dryRun": true}));
        shop.moves(&shop.owner, &order, dry).await?.must()?;
    }
    Ok(())
}

/// A house that is blocked blocks its rooms, and the explanation names it.
#[tokio::test]
async fn what_contains_a_resource_blocks_it() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let house = json!({"code": "HOUSE", "name": "House", "kind": "VENUE"});
    let house = made(&shop.owner, "resourceType", house).await?;
    let house = shop.stylist(json!({"typeId": house})).await?;
    let floor = json!({"code": "FLOOR", "name": "Floor", "kind": "VENUE"});
    let floor = made(&shop.owner, "resourceType", floor).await?;
    let floor = shop
        .stylist(json!({"typeId": floor, "parentResourceId": house}))
        .await?;
    let inside = shop.stylist(json!({"parentResourceId": floor})).await?;
    shop.publish().await?;
    assert_eq!(shop.listed(shop.days(DAY, DAY)).await?.len(), 24);
    let block = shop
        .blocked(json!({"resourceId": house}), "10:00", "12:00")
        .await?;
    assert_eq!(shop.listed(shop.days(DAY, DAY)).await?.len(), 22);
    let asked = json!({"offerId": shop.offer, "from": written(at("10:30")?), "byStaff": true});
    let select =
        "refused { components { blockers { kind causeId candidateId withinResourceId remedy } } }";
    let told = ask(&shop.owner, "availabilityExplain", &asked, select)
        .await?
        .must()?;
    let blocker = told.data("/answer/refused/0/components/0/blockers/0");
    assert_eq!(
        *blocker,
        json!({"kind": "BLOCK", "causeId": block, "candidateId": inside, "withinResourceId": house, "remedy": "LIFT"})
    );
    shop.create(shop.direct(&inside, "11:30", 60)?)
        .await?
        .must_refuse("CLOSED")?;
    let order = shop
        .create(shop.direct(&inside, "13:00", 60)?)
        .await?
        .must()?;
    let order = order.payload()["bookingOrder"].clone();
    let to = json!({"startsAt": written(at("11:00")?)});
    shop.moves(&shop.owner, &order, to.clone())
        .await?
        .must_refuse("CLOSED")?;
    shop.owner
        .act(
            "blockRelease",
            json!({"id": block}),
            "availabilityBlock { id }",
        )
        .await?;
    shop.moves(&shop.owner, &order, to).await?.must()?;
    Ok(())
}

/// E-04 of times that are closed: each is told with why, and what is told instead can be had.
#[tokio::test]
async fn e04_times_of_a_series_are_judged_as_the_search_does() -> anyhow::Result<()> {
    let (shop, stylists) = salon(1).await?;
    shop.blocked(json!({"locationId": shop.location}), "09:00", "12:00")
        .await?;
    let input = json!({
        "locationId": shop.location, "resourceId": stylists[0], "sellableId": shop.sellable, "rrule": "FREQ=DAILY",
        "startsOn": "2027-01-10", "count": 3, "localStart": "10:00", "durationMinutes": 60, "price": {"amount": "40", "currency": "EUR"},
    });
    let select =
        "recurrenceSeries { id } occurrences { startsAt outcome alternatives reasons } bookedCount";
    let create = async |more: Value| {
        let input = with(input.clone(), more);
        shop.owner.verb("seriesCreate", input, select).await
    };
    create(json!({})).await?.must_refuse("CONFLICTS")?;
    create(json!({"localStart": "06:00", "onConflict": "SKIP"}))
        .await?
        .must_refuse("CONFLICTS")?;
    let done = create(json!({"onConflict": "SKIP"})).await?.must()?;
    let all = done.payload()["occurrences"].clone();
    assert_eq!(done.payload()["bookedCount"], 2, "{all}");
    assert_eq!(
        all[1],
        json!({"startsAt": written(at("10:00")?), "outcome": "CONFLICT", "reasons": ["BLOCK"],
            "alternatives": [written(at("12:00")?), written(at("12:15")?), written(at("12:30")?)]})
    );
    // A change to a time at which the house is closed, or closes, moves none.
    let series = json!({"id": done.payload()["recurrenceSeries"]["id"], "scope": "ALL"});
    let change = async |more: Value| {
        let input = with(series.clone(), more);
        let select = "occurrences { startsAt outcome reasons } conflictCount";
        shop.owner.verb("seriesChange", input, select).await
    };
    change(json!({"localStart": "18:30"}))
        .await?
        .must_refuse("CONFLICTS")?;
    let moved = change(json!({"localStart": "12:00"})).await?.must()?;
    assert_eq!(moved.payload()["conflictCount"], 0, "{}", moved.body);
    let close = json!({"localStart": "17:30", "durationMinutes": 60, "onConflict": "SKIP"});
    change(close).await?.must_refuse("CONFLICTS")?;
    Ok(())
}
