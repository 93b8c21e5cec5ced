//! Nights: the calendar, plans that follow from others, strategies, guests, and what is not sold.

use chrono::{Datelike as _, Duration, NaiveDate};
use serde_json::{Value, json};
use tests::hotel::soon;

use super::{House, minor, minors};

fn stay(house: &House, plan: Option<&str>, from: NaiveDate, nights: i64) -> Value {
    json!({
        "unitTypeId": house.hotel.unit_type, "ratePlanId": plan, "startsOn": from, "endsOn": from + Duration::days(nights),
    })
}

#[tokio::test]
async fn nights_cost_what_the_calendar_says_and_plans_follow_from_others() -> anyhow::Result<()> {
    let house = House::open().await?;
    let bar = house.plan(json!({})).await?;
    house
        .calendar(&bar, soon(0), &[11_900, 8_999, 14_280])
        .await?;
    let saver = house
        .plan(json!({ "derivedFromId": bar, "derivation": "PERCENT", "derivationBps": -1200 }))
        .await?;
    let breakfast = house
        .plan(json!({ "derivedFromId": saver, "derivation": "AMOUNT", "derivationMinor": 1800 }))
        .await?;
    let quote = house
        .quote(json!([stay(&house, Some(&bar), soon(0), 3)]), json!({}))
        .await?;
    assert_eq!(
        minors(&quote["lines"][0]["nights"], "price"),
        [11_900, 8_999, 14_280]
    );
    assert_eq!(minor(&quote, "/total")?, 35_179);
    // 12 % less: 104.72 + 79.1912 + 125.664 = 309.5752, rounded once to 309.58; the cents go to the
    // largest remainders.
    let quote = house
        .quote(json!([stay(&house, Some(&saver), soon(0), 3)]), json!({}))
        .await?;
    assert_eq!(minor(&quote, "/total")?, 30_958);
    assert_eq!(
        minors(&quote["lines"][0]["nights"], "price"),
        [10_472, 7_919, 12_567]
    );
    let quote = house
        .quote(
            json!([stay(&house, Some(&breakfast), soon(0), 3)]),
            json!({}),
        )
        .await?;
    assert_eq!(minor(&quote, "/total")?, 30_958 + 3 * 1_800);
    let kinds: Vec<_> = quote["trace"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|step| step["kind"].clone())
        .collect();
    assert!(kinds.contains(&json!("calendar")) && kinds.contains(&json!("derivation")));
    let problem = house
        .problem(json!([stay(&house, Some(&bar), soon(0), 4)]), json!({}))
        .await?;
    assert_eq!(
        (&problem["code"], &problem["day"]),
        (&json!("NO_PRICE"), &json!(soon(3)))
    );
    assert!(
        problem["message"]
            .as_str()
            .is_some_and(|text| text.contains("Night in a double room"))
    );
    Ok(())
}

#[tokio::test]
async fn the_book_prices_nights_that_the_calendar_does_not() -> anyhow::Result<()> {
    let house = House::open().await?;
    let book = house.book("EUR", true).await?;
    house
        .rule(
            &book,
            &house.hotel.sellable,
            "80",
            json!({ "unit": "NIGHT", "weekdayMask": 79 }),
        )
        .await?;
    house
        .rule(
            &book,
            &house.hotel.sellable,
            "100",
            json!({ "unit": "NIGHT", "weekdayMask": 48 }),
        )
        .await?;
    let plan = house.plan(json!({ "priceBookId": book })).await?;
    let days = soon(0).iter_days().take(7);
    let friday = days
        .into_iter()
        .find(|day| day.weekday() == chrono::Weekday::Fri)
        .unwrap_or(soon(0));
    house
        .night(&plan, friday, json!({ "priceMinor": 9_000 }))
        .await?;
    let items = json!([stay(&house, Some(&plan), friday - Duration::days(1), 4)]);
    let quote = house.quote(items, json!({})).await?;
    assert_eq!(
        minors(&quote["lines"][0]["nights"], "price"),
        [8_000, 9_000, 10_000, 8_000]
    );
    assert_eq!(
        quote["lines"][0]["periods"].as_array().map(Vec::len),
        Some(4)
    );
    Ok(())
}

#[tokio::test]
async fn strategies_move_prices_in_order_within_floor_and_ceiling() -> anyhow::Result<()> {
    let house = House::open().await?;
    let plan = house.plan(json!({})).await?;
    house.calendar(&plan, soon(0), &[10_000, 10_000]).await?;
    let strategy = |name: &str, kind: &str, priority: i32, parameters: Value, more: Value| {
        let mut input = json!({
            "locationId": house.hotel.location, "name": name, "kind": kind, "priority": priority, "parameters": parameters, "currency": "EUR",
        });
        super::merge(&mut input, more);
        input
    };
    let season = strategy(
        "Season",
        "SEASONAL",
        1,
        json!({ "change_bps": 2500 }),
        json!({ "startsOn": soon(1) }),
    );
    house.make("rateStrategy", season).await?;
    let fill = json!({ "steps": [{ "occupancy_bps": 4000, "change_bps": 1000 }, { "occupancy_bps": 8000, "change_bps": 3000 }] });
    let fill = strategy(
        "Fill",
        "OCCUPANCY",
        2,
        fill,
        json!({ "ceilingMinor": 13_000 }),
    );
    house.make("rateStrategy", fill).await?;
    let ahead =
        json!({ "steps": [{ "days": 2, "change_bps": -700 }, { "days": 90, "change_bps": -100 }] });
    house
        .make(
            "rateStrategy",
            strategy(
                "Ahead",
                "LEAD_TIME",
                3,
                ahead,
                json!({ "floorMinor": 9_950 }),
            ),
        )
        .await?;
    let items = json!([stay(&house, Some(&plan), soon(0), 2)]);
    // Empty: 100.00 less 1 % is 99.00, raised to the floor; 125.00 less 1 %.
    let quote = house.quote(items.clone(), json!({})).await?;
    assert_eq!(
        minors(&quote["lines"][0]["nights"], "price"),
        [9_950, 12_375]
    );
    // 2 of 5 rooms are taken on both nights: 10 % more, and at most 130.00.
    house.hotel.confirmed(soon(0), 2).await?;
    house.hotel.confirmed(soon(0), 2).await?;
    let quote = house.quote(items, json!({})).await?;
    assert_eq!(
        minors(&quote["lines"][0]["nights"], "price"),
        [10_890, 12_870]
    );
    Ok(())
}

#[tokio::test]
async fn guests_beyond_those_included_cost_more_and_one_alone_less() -> anyhow::Result<()> {
    let house = House::open().await?;
    let plan = house.plan(json!({})).await?;
    house.calendar(&plan, soon(0), &[10_000, 10_000]).await?;
    let input = json!({
        "ratePlanId": plan, "unitTypeId": house.hotel.unit_type, "extraAdultMinor": 3500, "extraChildMinor": 1500,
        "singleUseDiscountMinor": 1000, "currency": "EUR",
    });
    house.make("ratePlanUnitType", input).await?;
    let with = |adults: i32, children: i32, rooms: &str| {
        let mut item = stay(&house, Some(&plan), soon(0), 2);
        super::merge(
            &mut item,
            json!({ "adults": adults, "children": children, "quantity": rooms }),
        );
        json!([item])
    };
    // The price includes two.
    for (items, cents) in [
        (with(0, 0, "1"), 20_000),
        (with(2, 0, "1"), 20_000),
        (with(1, 1, "1"), 20_000),
        (with(3, 1, "1"), 2 * (10_000 + 3_500 + 1_500)),
        (with(1, 0, "1"), 18_000),
        (with(2, 0, "2"), 2 * (20_000 - 2_000)),
    ] {
        assert_eq!(
            minor(&house.quote(items, json!({})).await?, "/total")?,
            cents
        );
    }
    let problem = house.problem(with(5, 0, "1"), json!({})).await?;
    assert_eq!(problem["code"], "TOO_MANY_GUESTS");
    Ok(())
}

#[tokio::test]
async fn what_the_plan_or_the_calendar_does_not_sell_has_no_price() -> anyhow::Result<()> {
    let house = House::open().await?;
    let plan = house
        .plan(json!({ "minStayNights": 2, "maxStayNights": 5, "maxAdvanceDays": 90 }))
        .await?;
    house.calendar(&plan, soon(0), &[10_000; 12]).await?;
    let code = async |plan: &str, from: NaiveDate, nights: i64| {
        let items = json!([stay(&house, Some(plan), from, nights)]);
        let answer = house.ask(items, json!({})).await?.must()?;
        anyhow::Ok(
            answer
                .data("/priceQuote/problems/0/code")
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    };
    assert_eq!(code(&plan, soon(0), 1).await?, "MIN_STAY");
    assert_eq!(code(&plan, soon(0), 6).await?, "MAX_STAY");
    assert_eq!(code(&plan, soon(0), 2).await?, "");
    assert_eq!(code(&plan, soon(40), 2).await?, "OUTSIDE_ADVANCE");
    let own = house
        .plan(json!({ "derivedFromId": plan, "derivation": "PERCENT", "derivationBps": 0 }))
        .await?;
    house
        .night(&own, soon(0), json!({ "minStayNights": 3 }))
        .await?;
    house
        .night(&own, soon(2), json!({ "isStopSell": true }))
        .await?;
    house
        .night(&own, soon(5), json!({ "isClosedToArrival": true }))
        .await?;
    house
        .night(&own, soon(8), json!({ "isClosedToDeparture": true }))
        .await?;
    assert_eq!(code(&own, soon(0), 2).await?, "MIN_STAY");
    assert_eq!(code(&own, soon(0), 3).await?, "STOP_SELL");
    assert_eq!(code(&own, soon(5), 2).await?, "CLOSED_TO_ARRIVAL");
    assert_eq!(code(&own, soon(6), 2).await?, "CLOSED_TO_DEPARTURE");
    assert_eq!(code(&own, soon(6), 3).await?, "");
    let closed = house.plan(json!({ "isActive": false })).await?;
    assert_eq!(code(&closed, soon(0), 2).await?, "PLAN_NOT_SOLD");
    Ok(())
}
