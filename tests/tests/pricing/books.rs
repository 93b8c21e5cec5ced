//! Price books and their rules, quantities and units, features and storage.

use chrono::{Duration, NaiveDate};
use serde_json::json;
use tests::actor::{unique, uuid};
use tests::hotel::soon;

use super::{House, minor, minors};

fn next_monday() -> NaiveDate {
    let day = soon(0);
    let days = day.iter_days().take(7);
    days.into_iter()
        .find(|day| chrono::Datelike::weekday(day) == chrono::Weekday::Mon)
        .unwrap_or(day)
}

#[tokio::test]
async fn a_line_is_rounded_once_half_to_even() -> anyhow::Result<()> {
    let house = House::open().await?;
    // 3 x 12.345 = 37.035, which is as near to 37.03 as to 37.04: the even one is 37.04.
    let fee = house.priced_fee("12.345", None, true).await?;
    let quote = house
        .quote(json!([{ "sellableId": fee, "quantity": "3" }]), json!({}))
        .await?;
    assert_eq!(minor(&quote, "/total")?, 3704);
    // 1 x 12.345: 12.34 is the even one.
    let quote = house
        .quote(json!([{ "sellableId": fee }]), json!({}))
        .await?;
    assert_eq!(minor(&quote, "/total")?, 1234);
    assert_eq!(quote["lines"][0]["unitPrice"], "12.345");
    Ok(())
}

#[tokio::test]
async fn the_book_of_the_highest_priority_that_has_a_price_counts() -> anyhow::Result<()> {
    let house = House::open().await?;
    let (fee, other) = (house.fee(None).await?, house.fee(None).await?);
    let book = house.book("EUR", true).await?;
    house.rule(&book, &fee, "10", json!({})).await?;
    house.rule(&book, &other, "20", json!({})).await?;
    let input = json!({ "code": format!("W{}", unique()), "name": "Web", "currency": "EUR", "channel": "web", "priority": 5 });
    let web = house.make("priceBook", input).await?;
    house.rule(&web, &fee, "9", json!({})).await?;
    let items = json!([{ "sellableId": fee }, { "sellableId": other }]);
    let quote = house.quote(items.clone(), json!({})).await?;
    assert_eq!(minors(&quote["lines"], "total"), [1000, 2000]);
    let quote = house.quote(items, json!({ "channel": "WEB" })).await?;
    assert_eq!(minors(&quote["lines"], "total"), [900, 2000]);
    Ok(())
}

#[tokio::test]
async fn a_book_for_a_segment_is_for_its_customers_alone() -> anyhow::Result<()> {
    let house = House::open().await?;
    let fee = house.priced_fee("10", None, true).await?;
    let (biz, group) = (house.hotel.owner.biz_id, bizing::database::new_id());
    let sql =
        "insert into crm.segments (biz_id, id, name, is_static) values ($1, $2, 'Friends', true)";
    house.sql.execute(sql, &[&biz, &group]).await?;
    let segment = tests::hotel::id_of("crsg", group);
    let friend = house
        .make("customer", json!({ "fullName": "Frida Friend" }))
        .await?;
    let sql =
        "insert into crm.segment_members (biz_id, segment_id, customer_id) values ($1, $2, $3)";
    house
        .sql
        .execute(sql, &[&biz, &group, &uuid(&json!(friend))?])
        .await?;
    let input = json!({ "code": format!("F{}", unique()), "name": "Friends", "currency": "EUR", "segmentId": segment, "priority": 9 });
    let book = house.make("priceBook", input).await?;
    house.rule(&book, &fee, "7.50", json!({})).await?;
    let items = json!([{ "sellableId": fee }]);
    let quote = house.quote(items.clone(), json!({})).await?;
    assert_eq!(minor(&quote, "/total")?, 1000);
    let quote = house.quote(items, json!({ "customerId": friend })).await?;
    assert_eq!(minor(&quote, "/total")?, 750);
    Ok(())
}

#[tokio::test]
async fn hours_weekdays_quantities_and_resources_have_prices_of_their_own() -> anyhow::Result<()> {
    let house = House::open().await?;
    let (fee, book) = (house.fee(None).await?, house.book("EUR", true).await?);
    house
        .rule(&book, &fee, "60", json!({ "unit": "HOUR" }))
        .await?;
    let early = json!({ "unit": "HOUR", "localStartTime": "09:00:00", "localEndTime": "11:30:00" });
    house.rule(&book, &fee, "48", early).await?;
    house
        .rule(
            &book,
            &fee,
            "75",
            json!({ "unit": "HOUR", "weekdayMask": 96 }),
        )
        .await?;
    house
        .rule(
            &book,
            &fee,
            "50",
            json!({ "unit": "HOUR", "minQuantity": "4" }),
        )
        .await?;
    let monday = next_monday();
    let at = |day: i64, from: &str, until: &str| {
        // Lisbon: winter or summer, the local time is said by the zone of the location below.
        let day = monday + Duration::days(day);
        json!([{ "sellableId": fee, "startsAt": lisbon(day, from), "endsAt": lisbon(day, until) }])
    };
    for (items, cents) in [
        (at(0, "14:00", "15:00"), 6000),
        (at(0, "14:00", "14:50"), 5000),
        (at(0, "09:00", "10:00"), 4800),
        (at(0, "11:30", "12:30"), 6000),
        (at(5, "14:00", "15:00"), 7500),
        (at(0, "14:00", "18:00"), 20000),
    ] {
        let quote = house.quote(items.clone(), json!({})).await?;
        assert_eq!(minor(&quote, "/total")?, cents, "{items}");
    }
    Ok(())
}

fn lisbon(day: NaiveDate, time: &str) -> String {
    use chrono::TimeZone as _;
    let time: chrono::NaiveTime = format!("{time}:00").parse().unwrap_or_default();
    let local = chrono_tz::Europe::Lisbon.from_local_datetime(&day.and_time(time));
    local
        .earliest()
        .map(|at| at.to_rfc3339())
        .unwrap_or_default()
}

#[tokio::test]
async fn a_storage_rate_that_changes_during_the_stay_makes_two_periods() -> anyhow::Result<()> {
    let house = House::open().await?;
    let sellable = storage_offer(&house).await?;
    let (first, change) = (soon(0), soon(10));
    for (name, rate, from, until) in [
        ("until", "0.35", None, Some(change)),
        ("from", "0.405", Some(change), None),
    ] {
        let input = json!({ "name": name, "locationId": house.hotel.location, "ratePerUnit": rate, "currency": "EUR", "startsOn": from, "endsOn": until });
        house.make("storageBaseRate", input).await?;
    }
    // 7 pallets: 10 days at 0.35 are 24.50, 5 days at 0.405 are 14.175; together 38.675, so 38.68.
    let items = json!([{ "sellableId": sellable, "quantity": "7", "startsOn": first, "endsOn": first + Duration::days(15) }]);
    let quote = house.quote(items, json!({})).await?;
    let line = &quote["lines"][0];
    assert_eq!(
        (line["unit"].as_str(), line["quantity"].as_str()),
        (Some("UNIT_DAY"), Some("105"))
    );
    assert_eq!(minor(&quote, "/total")?, 3868);
    let periods = line["periods"].as_array().cloned().unwrap_or_default();
    assert_eq!(periods.len(), 2);
    assert_eq!(
        (&periods[0]["endsOn"], &periods[1]["startsOn"]),
        (&json!(change), &json!(change))
    );
    assert_eq!(
        minors(&line["periods"], "subtotal").iter().sum::<i64>(),
        3868
    );
    assert_eq!(minors(&line["nights"], "price").iter().sum::<i64>(), 3868);
    assert_eq!(
        (periods[0]["rate"].as_str(), periods[1]["rate"].as_str()),
        (Some("0.35"), Some("0.405"))
    );
    // A price of the offer itself goes before the base rate, on the days that it holds.
    let book = house.book("EUR", true).await?;
    let rule = json!({ "unit": "UNIT_DAY", "startsOn": soon(3), "endsOn": soon(5) });
    house.rule(&book, &sellable, "1", rule).await?;
    let items = json!([{ "sellableId": sellable, "startsOn": first, "endsOn": soon(6) }]);
    let quote = house.quote(items, json!({})).await?;
    assert_eq!(minor(&quote, "/total")?, 35 * 4 + 200);
    assert_eq!(
        quote["lines"][0]["periods"].as_array().map(Vec::len),
        Some(3)
    );
    Ok(())
}

/// A published offer of storage.
pub async fn storage_offer(house: &House) -> anyhow::Result<String> {
    let (sellable, version) = offer(house, "storage").await?;
    publish(house, &version).await?;
    Ok(sellable)
}

/// A published offer: its sellable and its version.
pub async fn offer(house: &House, kind: &str) -> anyhow::Result<(String, String)> {
    let code = format!("O{}", unique());
    let input =
        json!({ "code": code, "name": format!("Offer {code}"), "kind": kind.to_uppercase() });
    let offer = house.make("offer", input).await?;
    let (biz, offer_id) = (house.hotel.owner.biz_id, uuid(&json!(offer))?);
    let version = bizing::database::new_id();
    let sql = "insert into catalog.offer_versions (biz_id, id, offer_id, version_no) values ($1, $2, $3, 1)";
    house.sql.execute(sql, &[&biz, &version, &offer_id]).await?;
    let version_id = tests::hotel::id_of("ofv", version);
    let input = json!({ "kind": "OFFER_VERSION", "refType": "OfferVersion", "refId": version_id, "name": format!("Offer {code}") });
    let sellable = house.make("sellable", input).await?;
    Ok((sellable, version_id))
}

/// Puts an offer version on sale.
pub async fn publish(house: &House, version: &str) -> anyhow::Result<()> {
    let id = uuid(&json!(version))?;
    for sql in [
        "update catalog.offer_versions set status = 'in_review' where id = $1",
        "update catalog.offer_versions set status = 'published', published_at = now(), effective_starts_at = now() where id = $1",
        "update catalog.offers set current_version_id = $1 where id = (select offer_id from catalog.offer_versions where id = $1)",
    ] {
        house.sql.execute(sql, &[&id]).await?;
    }
    Ok(())
}

#[tokio::test]
async fn features_cost_once_for_each_unit_and_day_or_a_part_of_the_base() -> anyhow::Result<()> {
    let house = House::open().await?;
    let sellable = storage_offer(&house).await?;
    let rate = json!({ "name": "Base", "ratePerUnit": "2", "currency": "EUR" });
    house.make("storageBaseRate", rate).await?;
    let mut features = Vec::new();
    for (calculation, value, currency) in [
        ("FLAT", "45", Some("EUR")),
        ("UNIT_PER_DAY", "0.2", Some("EUR")),
        ("PERCENT_OF_BASE", "5", None),
    ] {
        let code = format!("f{}", unique());
        let feature = house
            .make(
                "feature",
                json!({ "code": code, "name": code, "scope": "LOCATION" }),
            )
            .await?;
        let input = json!({ "featureId": feature, "name": calculation, "calculation": calculation, "value": value, "currency": currency });
        house.make("featurePrice", input).await?;
        features.push(feature);
    }
    // The second day on, the log is on offer.
    let promotion = json!({
        "featureId": features[1], "name": "Offer", "calculation": "UNIT_PER_DAY", "value": "0.1", "currency": "EUR",
        "isPromotional": true, "startsAt": lisbon(soon(1), "00:00"), "endsAt": lisbon(soon(2), "00:00"),
    });
    house.make("featurePrice", promotion).await?;
    let added: Vec<_> = features
        .iter()
        .map(|id| json!({ "featureId": id, "units": 3 }))
        .collect();
    let items = json!([{ "sellableId": sellable, "quantity": "3", "startsOn": soon(0), "endsOn": soon(4), "features": added }]);
    let quote = house.quote(items, json!({})).await?;
    // 3 pallets, 4 days at 2.00: 24.00. Once 45.00; 3 x (1 + 2) days at 0.20 and 3 x 1 at 0.10; 5 % of 24.00.
    assert_eq!(minor(&quote, "/base")?, 2400);
    let mut amounts = minors(&quote["features"], "amount");
    amounts.sort_unstable();
    assert_eq!(amounts, [30, 60, 120, 120, 4500]);
    assert_eq!(minor(&quote, "/total")?, 2400 + 4830);
    Ok(())
}

#[tokio::test]
async fn seat_types_and_add_ons_are_priced_and_what_is_compulsory_is_added() -> anyhow::Result<()> {
    let house = House::open().await?;
    let (sellable, version) = offer(&house, "class").await?;
    let mut seats = Vec::new();
    for code in ["adult", "child"] {
        let input = json!({ "offerVersionId": version, "code": code, "name": code });
        seats.push(house.make("offerSeatType", input).await?);
    }
    let (lunch, insurance) = (house.fee(None).await?, house.fee(None).await?);
    let add_on = json!({ "offerVersionId": version, "sellableId": lunch, "maxQuantity": 1, "isPerPerson": true });
    house.make("offerAddOn", add_on).await?;
    let add_on = json!({ "offerVersionId": version, "sellableId": insurance, "minQuantity": 1, "defaultQuantity": 1 });
    house.make("offerAddOn", add_on).await?;
    publish(&house, &version).await?;
    let book = house.book("EUR", true).await?;
    house
        .rule(
            &book,
            &sellable,
            "95",
            json!({ "unit": "PERSON", "seatTypeId": seats[0] }),
        )
        .await?;
    house
        .rule(
            &book,
            &sellable,
            "60",
            json!({ "unit": "PERSON", "seatTypeId": seats[1] }),
        )
        .await?;
    house.rule(&book, &lunch, "12.50", json!({})).await?;
    house.rule(&book, &insurance, "4", json!({})).await?;
    let item = |reference: &str, seat: usize, quantity: &str| json!({ "reference": reference, "sellableId": sellable, "seatTypeId": seats[seat], "quantity": quantity });
    let lunches = |quantity: &str| json!({ "reference": "l", "sellableId": lunch, "quantity": quantity, "addOnTo": "a" });
    let quote = house
        .quote(json!([item("a", 0, "2"), lunches("2")]), json!({}))
        .await?;
    assert_eq!(minors(&quote["lines"], "total"), [19000, 2500, 400]);
    assert_eq!(quote["lines"][2]["addOnTo"], "a");
    let quote = house.quote(json!([item("a", 1, "1")]), json!({})).await?;
    assert_eq!(minor(&quote, "/total")?, 6400);
    let problem = house
        .problem(json!([item("a", 0, "2"), lunches("3")]), json!({}))
        .await?;
    assert_eq!(problem["code"], "ADD_ON_QUANTITY");
    let stranger = json!({ "reference": "s", "sellableId": house.hotel.sellable, "addOnTo": "a" });
    let problem = house
        .problem(json!([item("a", 0, "2"), stranger]), json!({}))
        .await?;
    assert_eq!(
        (&problem["code"], &problem["item"]),
        (&json!("ADD_ON_QUANTITY"), &json!("s"))
    );
    Ok(())
}
