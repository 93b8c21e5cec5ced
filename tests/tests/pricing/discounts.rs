//! Discounts of bookings that are made: given and taken back, within their limits however many ask at
//! once, with amounts and taxes that follow.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::actor::unique;
use tests::hotel::soon;
use tests::{Answer, World};

use super::House;

const APPLIED: &str = "bookingOrder { id discountMinor taxMinor totalMinor depositDueMinor } discountRedemption { id amountMinor } amount { minor }";

async fn discount(house: &House, more: Value) -> anyhow::Result<(String, String)> {
    let code = format!("D{}", unique());
    let mut input = json!({ "code": code, "name": format!("Discount {code}"), "kind": "PERCENT", "valueBps": 1000 });
    super::merge(&mut input, more);
    Ok((house.make("discount", input).await?, code))
}

async fn apply(house: &House, order: &Value, code: &str) -> anyhow::Result<Answer> {
    let input = json!({ "bookingOrderId": order["id"], "code": code });
    house
        .hotel
        .owner
        .verb("discountApply", input, APPLIED)
        .await
}

async fn release(house: &House, order: &Value, discount: &str) -> anyhow::Result<Answer> {
    let input = json!({ "bookingOrderId": order["id"], "discountId": discount });
    let selection = "bookingOrder { discountMinor taxMinor totalMinor } amount { minor }";
    house
        .hotel
        .owner
        .verb("discountRelease", input, selection)
        .await
}

async fn used(house: &House, discount: &str) -> anyhow::Result<i64> {
    let query = format!("{{ discount(id: \"{discount}\") {{ usedCount }} }}");
    let found = house.hotel.owner.read(&query).await?;
    Ok(found["discount"]["usedCount"].as_i64().unwrap_or(-1))
}

#[tokio::test]
async fn a_discount_is_given_and_taken_back_and_the_booking_costs_what_it_did() -> anyhow::Result<()>
{
    let house = House::open().await?;
    let order = house.hotel.confirmed(soon(0), 3).await?;
    let (id, code) = discount(
        &house,
        json!({ "maxDiscountMinor": 2_550, "currency": "EUR" }),
    )
    .await?;
    let done = apply(&house, &order, &code).await?.must()?;
    let booking = done.data("/verb/bookingOrder");
    assert_eq!(
        (&booking["discountMinor"], &booking["totalMinor"]),
        (&json!(2_550), &json!(27_450))
    );
    assert_eq!(used(&house, &id).await?, 1);
    apply(&house, &order, &code)
        .await?
        .must_refuse("ALREADY_APPLIED")?;
    let done = release(&house, &order, &id).await?.must()?;
    let booking = done.data("/verb/bookingOrder");
    assert_eq!(
        (&booking["discountMinor"], &booking["totalMinor"]),
        (&json!(0), &json!(30_000))
    );
    assert_eq!(used(&house, &id).await?, 0);
    release(&house, &order, &id)
        .await?
        .must_refuse("NOT_APPLIED")?;
    // Given again, it is a use of its own.
    apply(&house, &order, &code).await?.must()?;
    assert_eq!(used(&house, &id).await?, 1);
    house.must_agree().await
}

#[tokio::test]
async fn several_go_together_only_where_each_may_and_each_is_taken_off_the_rest()
-> anyhow::Result<()> {
    let house = House::open().await?;
    let order = house.hotel.confirmed(soon(0), 3).await?;
    let stackable = json!({ "isStackable": true });
    let ((first, one), (_, two), (_, alone)) = (
        discount(&house, stackable.clone()).await?,
        discount(&house, stackable).await?,
        discount(&house, json!({})).await?,
    );
    apply(&house, &order, &one).await?.must()?;
    // 10 % of the 270.00 that are left.
    let done = apply(&house, &order, &two).await?.must()?;
    assert_eq!(done.data("/verb/bookingOrder/discountMinor"), 5_700);
    apply(&house, &order, &alone)
        .await?
        .must_refuse("NOT_STACKABLE")?;
    let done = release(&house, &order, &first).await?.must()?;
    assert_eq!(done.data("/verb/bookingOrder/discountMinor"), 2_700);
    house.must_agree().await
}

#[tokio::test]
async fn what_cannot_be_given_is_refused_by_its_own_code() -> anyhow::Result<()> {
    let house = House::open().await?;
    let order = house.hotel.confirmed(soon(0), 1).await?;
    apply(&house, &order, "NOSUCH")
        .await?
        .must_refuse("UNKNOWN_CODE")?;
    for (more, code) in [
        (
            json!({ "startsAt": "2099-01-01T00:00:00Z" }),
            "NOT_APPLICABLE",
        ),
        (
            json!({ "minSpendMinor": 10_001, "currency": "EUR" }),
            "NOT_APPLICABLE",
        ),
        (
            json!({ "scope": "SELLABLE", "sellableId": house.fee(None).await? }),
            "NOT_APPLICABLE",
        ),
        (
            json!({ "minSpendMinor": 1, "currency": "JPY" }),
            "CURRENCY_MISMATCH",
        ),
    ] {
        let (_, given) = discount(&house, more).await?;
        apply(&house, &order, &given).await?.must_refuse(code)?;
    }
    let (own, code) = discount(&house, json!({ "requiresApproval": true })).await?;
    let desk = house
        .world
        .staff(&house.hotel.owner, "front_desk", &[])
        .await?;
    let input = json!({ "bookingOrderId": order["id"], "code": code });
    desk.verb("discountApply", input.clone(), APPLIED)
        .await?
        .must_refuse("APPROVAL_REQUIRED")?;
    let driver = house.world.staff(&house.hotel.owner, "driver", &[]).await?;
    driver
        .verb("discountApply", input.clone(), APPLIED)
        .await?
        .must_fail("FORBIDDEN")?;
    let stranger = house.world.hotel().await?;
    stranger
        .owner
        .verb("discountApply", input.clone(), APPLIED)
        .await?
        .must_fail("NOT_FOUND")?;
    // With the same key it is given once.
    let mut once = input;
    once["idempotencyKey"] = json!("once");
    house
        .hotel
        .owner
        .act("discountApply", once.clone(), APPLIED)
        .await?;
    let again = house
        .hotel
        .owner
        .act("discountApply", once, APPLIED)
        .await?;
    assert_eq!(
        (&again["replayed"], used(&house, &own).await?),
        (&json!(true), 1)
    );
    let cancel = json!({ "id": order["id"], "reason": "Ill." });
    house
        .hotel
        .owner
        .act("bookingCancel", cancel, "bookingOrder { id }")
        .await?;
    apply(&house, &order, &code)
        .await?
        .must_refuse("WRONG_STATUS")?;
    Ok(())
}

#[tokio::test]
async fn tax_on_top_follows_what_is_taken_off() -> anyhow::Result<()> {
    let house = House::open().await?;
    let profile = json!({ "code": "T", "name": "T", "locationId": house.hotel.location, "priceDisplay": "EXCLUSIVE" });
    let profile = house.make("taxProfile", profile).await?;
    let rate =
        json!({ "profileId": profile, "name": "Tax", "taxCategory": "standard", "rate": "0.075" });
    house.make("taxRate", rate).await?;
    let order = house.hotel.confirmed(soon(0), 1).await?;
    for sql in [
        "update booking.booking_order_lines set tax_category = 'standard', tax_rate = 0.075, tax_minor = 750",
        "update booking.booking_orders set tax_minor = 750, total_minor = 10750",
    ] {
        house.sql.execute(sql, &[]).await?;
    }
    let (id, code) = discount(&house, json!({ "valueBps": 1234 })).await?;
    let done = apply(&house, &order, &code).await?.must()?;
    let booking = done.data("/verb/bookingOrder");
    // 7.5 % of 87.66 are 6.5745.
    assert_eq!(
        (&booking["discountMinor"], &booking["taxMinor"]),
        (&json!(1_234), &json!(657))
    );
    assert_eq!(booking["totalMinor"], 10_000 - 1_234 + 657);
    let done = release(&house, &order, &id).await?.must()?;
    assert_eq!(done.data("/verb/bookingOrder/totalMinor"), 10_750);
    let row = house
        .sql
        .query_one(
            "select count(*), max(revision) from pricing.tax_calculations",
            &[],
        )
        .await?;
    assert_eq!(
        (row.try_get::<_, i64>(0)?, row.try_get::<_, i32>(1)?),
        (3, 3),
        "the booking, the discount, and its end"
    );
    house.must_agree().await
}

/// Gives a discount on many bookings at once; how often each code came back.
async fn race(
    house: &House,
    orders: &[Value],
    code: &str,
) -> anyhow::Result<BTreeMap<String, usize>> {
    let answers = join_all(orders.iter().map(|order| apply(house, order, code))).await;
    let mut codes = BTreeMap::new();
    for answer in answers {
        let answer = answer?;
        let code = answer.user_code().or(answer.code()).unwrap_or_default();
        *codes.entry(code.to_owned()).or_default() += 1;
    }
    Ok(codes)
}

async fn orders(house: &House, count: i64, customer: Option<&str>) -> anyhow::Result<Vec<Value>> {
    let mut orders = Vec::new();
    for nth in 0..count {
        let mut input = house.hotel.stay(soon(nth), 1);
        super::merge(
            &mut input,
            json!({ "confirm": true, "customerId": customer }),
        );
        orders.push(house.hotel.book(input).await?);
    }
    Ok(orders)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv11_of_sixty_four_uses_of_a_discount_with_a_limit_of_ten_ten_are_given()
-> anyhow::Result<()> {
    let house = House::over(World::with_pool(16).await?).await?;
    let (id, code) = discount(&house, json!({ "usageLimit": 10 })).await?;
    let orders = orders(&house, 64, None).await?;
    let codes = race(&house, &orders, &code).await?;
    assert_eq!(
        codes,
        BTreeMap::from([(String::new(), 10), ("EXHAUSTED".to_owned(), 54)])
    );
    assert_eq!(used(&house, &id).await?, 10);
    let sql = "select count(*) from booking.booking_orders where discount_minor = 1000 and total_minor = 9000";
    assert_eq!(
        house.sql.query_one(sql, &[]).await?.try_get::<_, i64>(0)?,
        10
    );
    // One taken back is one more to give.
    let sql = "select source_id from pricing.discount_redemptions limit 1";
    let source: uuid::Uuid = house.sql.query_one(sql, &[]).await?.try_get(0)?;
    let order = json!({ "id": tests::hotel::id_of("bko", source) });
    let order = orders
        .iter()
        .find(|known| tests::actor::uuid(&known["id"]).ok() == Some(source))
        .unwrap_or(&order);
    release(&house, order, &id).await?.must()?;
    let codes = race(&house, &orders, &code).await?;
    assert_eq!(codes.get(""), Some(&1));
    house.must_agree().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_customer_uses_a_discount_as_often_as_one_customer_can() -> anyhow::Result<()> {
    let house = House::over(World::with_pool(16).await?).await?;
    let customer = house
        .make("customer", json!({ "fullName": "Clara Customer" }))
        .await?;
    let (id, code) = discount(&house, json!({ "perCustomerLimit": 2 })).await?;
    let orders = orders(&house, 32, Some(&customer)).await?;
    let codes = race(&house, &orders, &code).await?;
    assert_eq!(
        codes,
        BTreeMap::from([(String::new(), 2), ("EXHAUSTED".to_owned(), 30)])
    );
    assert_eq!(used(&house, &id).await?, 2);
    house.must_agree().await
}
