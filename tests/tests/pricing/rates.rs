//! Verbs that change rates: replaced from a day on, the calendar in bulk, exchange rates; and what
//! strategies would do.

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::hotel::soon;
use tests::{Hotel, World};

use super::{House, minor};

const REPLACED: &str = "priceRule { id unitPrice startsOn endsOn } featurePrice { id } storageBaseRate { id ratePerUnit startsOn endsOn } taxRate { id }";

async fn storage_rate(house: &House, more: Value) -> anyhow::Result<String> {
    let mut input = json!({ "name": "Base", "ratePerUnit": "0.35", "currency": "EUR", "locationId": house.hotel.location });
    super::merge(&mut input, more);
    house.make("storageBaseRate", input).await
}

#[tokio::test]
async fn a_rate_ends_and_another_follows_without_a_day_between() -> anyhow::Result<()> {
    let house = House::open().await?;
    let owner = &house.hotel.owner;
    let rate = storage_rate(&house, json!({ "endsOn": soon(90) })).await?;
    let input = json!({ "storageBaseRateId": rate, "from": soon(5), "value": "0.4", "idempotencyKey": "once" });
    let done = owner
        .act("rateEndAndReplace", input.clone(), REPLACED)
        .await?;
    let new = &done["storageBaseRate"];
    assert_eq!(
        (&new["startsOn"], &new["endsOn"], &new["ratePerUnit"]),
        (&json!(soon(5)), &json!(soon(90)), &json!("0.400000"))
    );
    let again = owner.act("rateEndAndReplace", input, REPLACED).await?;
    assert_eq!(
        (&again["replayed"], &again["storageBaseRate"]["id"]),
        (&json!(true), &new["id"])
    );
    let old = owner
        .read(&format!(
            "{{ storageBaseRate(id: \"{rate}\") {{ endsOn ratePerUnit }} }}"
        ))
        .await?;
    assert_eq!(
        old["storageBaseRate"],
        json!({ "endsOn": soon(5), "ratePerUnit": "0.350000" })
    );
    // Before its first day, on its last, and a price that is none.
    for (from, value, code) in [
        (soon(5), "1", "OUTSIDE_PERIOD"),
        (soon(90), "1", "OUTSIDE_PERIOD"),
        (soon(6), "-1", "INVALID_VALUE"),
    ] {
        let input = json!({ "storageBaseRateId": new["id"], "from": from, "value": value });
        owner
            .verb("rateEndAndReplace", input, REPLACED)
            .await?
            .must_refuse(code)?;
    }
    let input = json!({ "from": soon(6), "value": "1" });
    owner
        .verb("rateEndAndReplace", input, REPLACED)
        .await?
        .must_refuse("NOT_ONE")?;
    Ok(())
}

#[tokio::test]
async fn rules_features_and_taxes_are_replaced_too_and_used_ones_keep_what_they_were()
-> anyhow::Result<()> {
    let house = House::open().await?;
    let owner = &house.hotel.owner;
    let (fee, book) = (
        house.fee(Some("standard")).await?,
        house.book("EUR", true).await?,
    );
    let rule = house
        .rule(&book, &fee, "10", json!({ "unit": "DAY" }))
        .await?;
    let profile = json!({ "code": "T", "name": "T", "locationId": house.hotel.location });
    let profile = house.make("taxProfile", profile).await?;
    let tax =
        json!({ "profileId": profile, "name": "Tax", "taxCategory": "standard", "rate": "0.2" });
    let tax = house.make("taxRate", tax).await?;
    let feature = house
        .make(
            "feature",
            json!({ "code": "log", "name": "Log", "scope": "LOCATION" }),
        )
        .await?;
    let price = json!({ "featureId": feature, "name": "Log", "calculation": "UNIT_PER_DAY", "value": "1", "currency": "EUR" });
    let price = house.make("featurePrice", price).await?;
    house
        .sql
        .execute("update pricing.price_rules set first_used_at = now()", &[])
        .await?;
    let change = json!({ "id": rule, "version": 2, "unitPrice": "11" });
    owner
        .verb("priceRuleUpdate", change, "priceRule { id }")
        .await?
        .must_refuse("INVALID")?;
    for (field, id, value) in [
        ("priceRuleId", &rule, "12"),
        ("featurePriceId", &price, "2"),
        ("taxRateId", &tax, "0.25"),
    ] {
        let mut input = json!({ "from": soon(1), "value": value });
        input[field] = json!(id);
        owner.act("rateEndAndReplace", input, REPLACED).await?;
    }
    let items = json!([{ "sellableId": fee, "startsOn": soon(0), "endsOn": soon(2), "features": [{ "featureId": feature }] }]);
    let quote = house.quote(items, json!({})).await?;
    assert_eq!(
        (minor(&quote, "/base")?, minor(&quote, "/featuresTotal")?),
        (2200, 300)
    );
    Ok(())
}

#[tokio::test]
async fn of_many_who_replace_a_rate_from_the_same_day_one_does() -> anyhow::Result<()> {
    let house = House::over(World::with_pool(8).await?).await?;
    let rate = storage_rate(&house, json!({})).await?;
    let input = json!({ "storageBaseRateId": rate, "from": soon(5), "value": "0.4" });
    let all = (0..32).map(|_| {
        house
            .hotel
            .owner
            .verb("rateEndAndReplace", input.clone(), REPLACED)
    });
    let answers = join_all(all)
        .await
        .into_iter()
        .collect::<anyhow::Result<Vec<_>>>()?;
    let done = answers
        .iter()
        .filter(|answer| answer.user_code().is_none() && answer.code().is_none())
        .count();
    assert_eq!(done, 1);
    let row = house
        .sql
        .query_one("select count(*) from pricing.storage_base_rates", &[])
        .await?;
    assert_eq!(row.try_get::<_, i64>(0)?, 2);
    Ok(())
}

fn bulk(hotel: &Hotel, plan: &str, more: Value) -> Value {
    let mut input = json!({
        "ratePlanId": plan, "unitTypeIds": [hotel.unit_type], "startsOn": soon(0), "endsOn": soon(14),
        "price": { "amount": "99.00", "currency": "EUR" },
    });
    super::merge(&mut input, more);
    input
}

#[tokio::test]
async fn the_calendar_is_set_in_bulk_and_keeps_what_is_not_given() -> anyhow::Result<()> {
    let house = House::open().await?;
    let owner = &house.hotel.owner;
    let plan = house.plan(json!({})).await?;
    let set = async |more: Value| {
        let done = owner
            .act(
                "ratesBulkSet",
                bulk(&house.hotel, &plan, more),
                "cells ratePlan { id }",
            )
            .await?;
        anyhow::Ok(done["cells"].clone())
    };
    assert_eq!(set(json!({})).await?, 14);
    let weekend = json!({ "weekdays": [5, 6], "price": { "amount": "120.00", "currency": "EUR" }, "minStayNights": 2 });
    assert_eq!(set(weekend).await?, 4);
    assert_eq!(
        set(json!({ "price": null, "isClosedToArrival": true })).await?,
        14
    );
    let sql = "select count(*), sum(price_minor)::bigint, count(*) filter (where is_closed_to_arrival), sum(min_stay_nights) \
               from pricing.rate_overrides";
    let row = house.sql.query_one(sql, &[]).await?;
    let found: (i64, i64, i64, i64) = (
        row.try_get(0)?,
        row.try_get(1)?,
        row.try_get(2)?,
        row.try_get(3)?,
    );
    assert_eq!(found, (14, 10 * 9_900 + 4 * 12_000, 14, 8));
    for (more, code) in [
        (json!({ "price": null }), "NOTHING_TO_SET"),
        (json!({ "endsOn": soon(0) }), "NO_NIGHTS"),
        (json!({ "weekdays": [] }), "NO_NIGHTS"),
        (json!({ "endsOn": soon(1_001) }), "TOO_MANY_CELLS"),
        (
            json!({ "price": { "amount": "-1", "currency": "EUR" } }),
            "INVALID_VALUE",
        ),
        (
            json!({ "minStayNights": 3, "maxStayNights": 2 }),
            "INVALID_VALUE",
        ),
        (
            json!({ "price": { "amount": "1", "currency": "JPY" } }),
            "CURRENCY_MISMATCH",
        ),
    ] {
        let answer = owner
            .verb(
                "ratesBulkSet",
                bulk(&house.hotel, &plan, more.clone()),
                "cells",
            )
            .await?;
        answer
            .must_refuse(code)
            .map_err(|error| error.context(more.to_string()))?;
    }
    let stranger = house.world.hotel().await?;
    let theirs = json!({ "unitTypeIds": [stranger.unit_type] });
    owner
        .verb("ratesBulkSet", bulk(&house.hotel, &plan, theirs), "cells")
        .await?
        .must_fail("NOT_FOUND")?;
    stranger
        .owner
        .verb("ratesBulkSet", bulk(&stranger, &plan, json!({})), "cells")
        .await?
        .must_fail("NOT_FOUND")?;
    let desk = house.world.staff(owner, "front_desk", &[]).await?;
    desk.verb(
        "ratesBulkSet",
        bulk(&house.hotel, &plan, json!({})),
        "cells",
    )
    .await?
    .must_fail("FORBIDDEN")?;
    Ok(())
}

#[tokio::test]
async fn many_set_the_same_nights_at_once_and_none_is_there_twice() -> anyhow::Result<()> {
    let house = House::over(World::with_pool(8).await?).await?;
    let plan = house.plan(json!({})).await?;
    let all = (0..32).map(|nth| {
        let price = json!({ "price": { "amount": format!("{nth}.00"), "currency": "EUR" } });
        house
            .hotel
            .owner
            .act("ratesBulkSet", bulk(&house.hotel, &plan, price), "cells")
    });
    join_all(all)
        .await
        .into_iter()
        .collect::<anyhow::Result<Vec<_>>>()?;
    let sql = "select count(*), count(distinct price_minor) from pricing.rate_overrides";
    let row = house.sql.query_one(sql, &[]).await?;
    assert_eq!(
        (row.try_get::<_, i64>(0)?, row.try_get::<_, i64>(1)?),
        (14, 1)
    );
    Ok(())
}

#[tokio::test]
async fn exchange_rates_are_loaded_once_and_are_the_tenants_own() -> anyhow::Result<()> {
    let house = House::open().await?;
    let owner = &house.hotel.owner;
    let at = "2026-01-05T16:00:00Z";
    let rate = |base: &str, quote: &str, rate: &str| json!({ "base": base, "quote": quote, "rate": rate, "asOf": at });
    let load = async |rates: Value| {
        owner
            .verb(
                "fxRatesLoad",
                json!({ "source": "ecb", "rates": rates }),
                "loaded known",
            )
            .await
    };
    let done = load(json!([
        rate("EUR", "USD", "1.0842"),
        rate("EUR", "GBP", "0.8571")
    ]))
    .await?
    .must()?;
    assert_eq!(
        (done.data("/verb/loaded"), done.data("/verb/known")),
        (&json!(2), &json!(0))
    );
    let done = load(json!([
        rate("EUR", "USD", "1.0842"),
        rate("EUR", "CHF", "0.94")
    ]))
    .await?
    .must()?;
    assert_eq!(
        (done.data("/verb/loaded"), done.data("/verb/known")),
        (&json!(1), &json!(1))
    );
    load(json!([
        rate("EUR", "USD", "1.09"),
        rate("EUR", "SEK", "11")
    ]))
    .await?
    .must_refuse("CONTRADICTED")?;
    load(json!([rate("EUR", "USD", "0")]))
        .await?
        .must_refuse("INVALID_RATE")?;
    load(json!([rate("EUR", "EUR", "1")]))
        .await?
        .must_refuse("INVALID_CURRENCY")?;
    load(json!([rate("EUR", "ZZZ", "1")]))
        .await?
        .must_refuse("INVALID_CURRENCY")?;
    load(json!([])).await?.must_refuse("INVALID_LIST")?;
    let forged = json!({ "source": "ecb#0000000000000000", "rates": [rate("EUR", "USD", "1")] });
    owner
        .verb("fxRatesLoad", forged, "loaded")
        .await?
        .must_refuse("INVALID_LIST")?;
    // The refused list left nothing; what was loaded prices things here, and nowhere else.
    let fee = house.priced_fee("100", None, true).await?;
    let quote = house
        .quote(json!([{ "sellableId": fee }]), json!({ "currency": "USD" }))
        .await?;
    assert_eq!(minor(&quote, "/total")?, 10_842);
    let problem = house
        .problem(json!([{ "sellableId": fee }]), json!({ "currency": "SEK" }))
        .await?;
    assert_eq!(problem["code"], "CURRENCY_MISMATCH");
    let other = House {
        hotel: house.world.hotel().await?,
        ..house
    };
    let fee = other.priced_fee("100", None, true).await?;
    let problem = other
        .problem(json!([{ "sellableId": fee }]), json!({ "currency": "USD" }))
        .await?;
    assert_eq!(problem["code"], "CURRENCY_MISMATCH");
    let desk = other
        .world
        .staff(&other.hotel.owner, "front_desk", &[])
        .await?;
    let input = json!({ "source": "ecb", "rates": [rate("EUR", "USD", "1")] });
    desk.verb("fxRatesLoad", input, "loaded")
        .await?
        .must_fail("FORBIDDEN")?;
    Ok(())
}

#[tokio::test]
async fn a_simulation_says_what_strategies_would_do_night_by_night() -> anyhow::Result<()> {
    let house = House::open().await?;
    let plan = house.plan(json!({})).await?;
    house.calendar(&plan, soon(0), &[10_000, 10_000]).await?;
    let input = json!({
        "locationId": house.hotel.location, "name": "Fill", "kind": "OCCUPANCY", "priority": 1, "ceilingMinor": 12_500, "currency": "EUR",
        "parameters": { "steps": [{ "occupancy_bps": 5000, "change_bps": 1000 }, { "occupancy_bps": 9000, "change_bps": 4000 }] },
    });
    house.make("rateStrategy", input).await?;
    let ask = async |occupancy: Option<i32>| {
        let query = "query($unitTypeId: ID!, $ratePlanId: ID, $startsOn: Date!, $endsOn: Date!, $occupancyBps: Int) { \
            strategySimulate(unitTypeId: $unitTypeId, ratePlanId: $ratePlanId, startsOn: $startsOn, endsOn: $endsOn, occupancyBps: $occupancyBps) { \
            on occupancyBps before { minor } after { minor } moves { strategy before after } } }";
        let variables = json!({
            "unitTypeId": house.hotel.unit_type, "ratePlanId": plan, "startsOn": soon(0), "endsOn": soon(0) + Duration::days(3),
            "occupancyBps": occupancy,
        });
        let answer = house.hotel.owner.graphql(query, variables).await?.must()?;
        anyhow::Ok(answer.data("/strategySimulate").clone())
    };
    let nights = ask(None).await?;
    assert_eq!(
        (&nights[0]["after"]["minor"], &nights[0]["moves"]),
        (&json!(10_000), &json!([]))
    );
    let nights = ask(Some(9_500)).await?;
    assert_eq!(
        (&nights[0]["before"]["minor"], &nights[0]["after"]["minor"]),
        (&json!(10_000), &json!(12_500))
    );
    assert_eq!(
        nights[1]["moves"],
        json!([{ "strategy": "Fill", "before": "100", "after": "125" }])
    );
    assert_eq!(
        (&nights[2]["on"], &nights[2]["after"]),
        (&json!(soon(2)), &Value::Null)
    );
    Ok(())
}
