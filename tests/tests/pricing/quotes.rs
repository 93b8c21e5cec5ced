//! The question itself: discounts, currencies, what it refuses, and who may ask.

use serde_json::{Value, json};
use tests::actor::unique;

use super::{House, document, minor, minors};

async fn discount(house: &House, more: Value) -> anyhow::Result<(String, String)> {
    let code = format!("D{}", unique());
    let mut input = json!({ "code": code, "name": format!("Discount {code}") });
    super::merge(&mut input, more);
    Ok((house.make("discount", input).await?, code))
}

#[tokio::test]
async fn discounts_are_spread_by_largest_remainder_and_never_below_zero() -> anyhow::Result<()> {
    let house = House::open().await?;
    let (one, other) = (
        house.priced_fee("1", None, true).await?,
        house.priced_fee("5", None, true).await?,
    );
    let third = json!({ "sellableId": one });
    let items = json!([third, third, third]);
    let (_, hundred) = discount(
        &house,
        json!({ "kind": "AMOUNT", "valueMinor": 100, "currency": "EUR" }),
    )
    .await?;
    let quote = house
        .quote(items.clone(), json!({ "discountCodes": [hundred] }))
        .await?;
    assert_eq!(minors(&quote["lines"], "orderDiscount"), [34, 33, 33]);
    assert_eq!(
        (
            minor(&quote, "/base")?,
            minor(&quote, "/discount")?,
            minor(&quote, "/total")?
        ),
        (300, 100, 200)
    );
    let (_, all) = discount(
        &house,
        json!({ "kind": "AMOUNT", "valueMinor": 99_999, "currency": "EUR" }),
    )
    .await?;
    let quote = house
        .quote(items.clone(), json!({ "discountCodes": [all] }))
        .await?;
    assert_eq!(
        (minor(&quote, "/discount")?, minor(&quote, "/total")?),
        (300, 0)
    );
    // Of one sellable: 15 % of 5.00, at most 50 cents; it is left out of the line's own total.
    let input = json!({ "kind": "PERCENT", "valueBps": 1500, "scope": "SELLABLE", "sellableId": other, "maxDiscountMinor": 50, "currency": "EUR" });
    let (_, own) = discount(&house, input).await?;
    let quote = house
        .quote(
            json!([third, { "sellableId": other }]),
            json!({ "discountCodes": [own] }),
        )
        .await?;
    assert_eq!(
        (
            minors(&quote["lines"], "total"),
            minor(&quote, "/discount")?
        ),
        (vec![100, 450], 0)
    );
    let problem = house
        .problem(json!([third]), json!({ "discountCodes": [own] }))
        .await?;
    assert_eq!(problem["code"], "DISCOUNT_NOT_APPLICABLE");
    Ok(())
}

#[tokio::test]
async fn who_buys_two_gets_the_third_for_nothing_the_cheapest_of_them() -> anyhow::Result<()> {
    let house = House::open().await?;
    let fee = house.priced_fee("9.99", None, true).await?;
    let input = json!({ "kind": "BOGO", "valueBps": 10000, "buyQuantity": 2, "getQuantity": 1, "scope": "SELLABLE", "sellableId": fee });
    let (_, code) = discount(&house, input).await?;
    for (quantity, cents) in [
        ("2", 1998),
        ("3", 1998),
        ("5", 3996),
        ("6", 3996),
        ("7", 4995),
    ] {
        let items = json!([{ "sellableId": fee, "quantity": quantity }]);
        let quote = house
            .quote(items, json!({ "discountCodes": [code] }))
            .await?;
        assert_eq!(minor(&quote, "/total")?, cents, "{quantity}");
    }
    Ok(())
}

#[tokio::test]
async fn discounts_that_cannot_be_given_say_why() -> anyhow::Result<()> {
    let house = House::open().await?;
    let items = json!([{ "sellableId": house.priced_fee("10", None, true).await? }]);
    let percent = |more: Value| {
        let mut input = json!({ "kind": "PERCENT", "valueBps": 1000 });
        super::merge(&mut input, more);
        input
    };
    let code = async |codes: Vec<String>| {
        let problem = house
            .problem(items.clone(), json!({ "discountCodes": codes }))
            .await?;
        anyhow::Ok(problem["code"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(code(vec!["NOSUCH".to_owned()]).await?, "UNKNOWN_CODE");
    let (_, ended) = discount(&house, percent(json!({ "endsAt": "2020-01-01T00:00:00Z" }))).await?;
    assert_eq!(code(vec![ended]).await?, "DISCOUNT_NOT_APPLICABLE");
    let (_, large) = discount(
        &house,
        percent(json!({ "minSpendMinor": 1001, "currency": "EUR" })),
    )
    .await?;
    assert_eq!(code(vec![large]).await?, "DISCOUNT_NOT_APPLICABLE");
    let (_, yen) = discount(
        &house,
        percent(json!({ "minSpendMinor": 1, "currency": "JPY" })),
    )
    .await?;
    assert_eq!(code(vec![yen]).await?, "CURRENCY_MISMATCH");
    let (_, personal) = discount(&house, percent(json!({ "perCustomerLimit": 1 }))).await?;
    assert_eq!(code(vec![personal]).await?, "DISCOUNT_NOT_APPLICABLE");
    let ((_, one), (_, other)) = (
        discount(&house, percent(json!({}))).await?,
        discount(&house, percent(json!({}))).await?,
    );
    assert_eq!(code(vec![one, other]).await?, "NOT_STACKABLE");
    // The desk may not give what needs a manager; the owner may.
    let (_, staff) = discount(&house, percent(json!({ "requiresApproval": true }))).await?;
    let asked = json!({ "discountCodes": [staff] });
    assert_eq!(
        minor(&house.quote(items.clone(), asked).await?, "/total")?,
        900
    );
    let desk = house
        .world
        .staff(&house.hotel.owner, "front_desk", &[])
        .await?;
    let variables =
        json!({ "locationId": house.hotel.location, "items": items, "discountCodes": [staff] });
    let answer = desk.graphql(&document(), variables).await?.must()?;
    assert_eq!(
        answer.data("/priceQuote/problems/0/code"),
        "APPROVAL_REQUIRED"
    );
    Ok(())
}

#[tokio::test]
async fn e34_a_price_in_another_currency_is_converted_by_what_was_loaded_and_rounded_once()
-> anyhow::Result<()> {
    let house = House::open().await?;
    let (fee, book) = (house.fee(None).await?, house.book("JPY", true).await?);
    house.rule(&book, &fee, "500", json!({})).await?;
    let items = json!([{ "sellableId": fee, "quantity": "3" }]);
    let problem = house.problem(items.clone(), json!({})).await?;
    assert_eq!(problem["code"], "CURRENCY_MISMATCH");
    let sql = "insert into pricing.fx_rate_snapshots (id, base_currency, quote_currency, rate, source, as_of) \
               values (core.uuid_v7(), 'JPY', 'EUR', 0.0061837, 'ecb', now() - interval '1 day'), \
                 (core.uuid_v7(), 'JPY', 'EUR', 0.5, 'ecb', now() - interval '9 days'), \
                 (core.uuid_v7(), 'JPY', 'EUR', 0.9, 'tenant#0123456789abcdef', now())";
    house.sql.execute(sql, &[]).await?;
    // 1500 yen are 9.27555 euros. Each 500 rounded would be 3 x 3.09 = 9.27.
    let quote = house.quote(items.clone(), json!({})).await?;
    assert_eq!(minor(&quote, "/total")?, 928);
    let quote = house.quote(items, json!({ "currency": "JPY" })).await?;
    assert_eq!(
        (minor(&quote, "/total")?, &quote["currency"]),
        (1500, &json!("JPY"))
    );
    Ok(())
}

#[tokio::test]
async fn e27_currencies_of_none_two_and_three_digits_are_priced_in_their_own_units()
-> anyhow::Result<()> {
    let house = House::open().await?;
    for (currency, price, quantity, minor_units) in [
        ("JPY", "166.5", "3", 500),
        ("EUR", "0.125", "3", 38),
        ("KWD", "0.0125", "3", 38),
        ("UGX", "99.5", "1", 100),
    ] {
        let (fee, book) = (house.fee(None).await?, house.book(currency, true).await?);
        house.rule(&book, &fee, price, json!({})).await?;
        let items = json!([{ "sellableId": fee, "quantity": quantity }]);
        let quote = house.quote(items, json!({ "currency": currency })).await?;
        assert_eq!(minor(&quote, "/total")?, minor_units, "{currency}");
    }
    Ok(())
}

#[tokio::test]
async fn the_same_question_has_the_same_answer_until_it_expires() -> anyhow::Result<()> {
    let house = House::open().await?;
    let (fee, book) = (house.fee(None).await?, house.book("EUR", true).await?);
    let rule = house.rule(&book, &fee, "10", json!({})).await?;
    let items = json!([{ "sellableId": fee }]);
    let quote = house.quote(items.clone(), json!({})).await?;
    let again = house
        .quote(items.clone(), json!({ "at": quote["at"] }))
        .await?;
    assert_eq!(
        (&again["digest"], &again["expiresAt"]),
        (&quote["digest"], &quote["expiresAt"])
    );
    house
        .sql
        .execute(
            "update pricing.price_rules set unit_price = 11 where id = $1",
            &[&tests::actor::uuid(&json!(rule))?],
        )
        .await?;
    let changed = house.quote(items, json!({ "at": quote["at"] })).await?;
    assert_ne!(changed["digest"], quote["digest"]);
    Ok(())
}

#[tokio::test]
async fn requests_that_make_no_sense_are_refused_and_other_tenants_do_not_exist()
-> anyhow::Result<()> {
    let house = House::open().await?;
    let fee = house.priced_fee("10", None, true).await?;
    let code = async |items: Value| {
        let problem = house.problem(items, json!({})).await?;
        anyhow::Ok(problem["code"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(code(json!([])).await?, "INVALID_ITEM");
    assert_eq!(
        code(json!(vec![json!({ "sellableId": fee }); 101])).await?,
        "INVALID_ITEM"
    );
    assert_eq!(code(json!([{ "quantity": "1" }])).await?, "INVALID_ITEM");
    assert_eq!(
        code(json!([{ "sellableId": fee, "quantity": "0" }])).await?,
        "INVALID_ITEM"
    );
    let twice = json!({ "reference": "x", "sellableId": fee });
    assert_eq!(code(json!([twice, twice])).await?, "INVALID_ITEM");
    assert_eq!(
        code(json!([{ "sellableId": fee, "addOnTo": "y" }])).await?,
        "INVALID_ITEM"
    );
    assert_eq!(
        code(json!([{ "sellableId": house.fee(None).await? }])).await?,
        "NO_PRICE"
    );
    let stranger = house.world.hotel().await?;
    assert_eq!(
        code(json!([{ "sellableId": stranger.sellable }])).await?,
        "NOT_FOUND"
    );
    house
        .ask(
            json!([{ "sellableId": fee }]),
            json!({ "locationId": stranger.location }),
        )
        .await?
        .must()?;
    let problem = house
        .problem(
            json!([{ "sellableId": fee }]),
            json!({ "locationId": stranger.location }),
        )
        .await?;
    assert_eq!(problem["code"], "NOT_FOUND");
    let variables = json!({ "locationId": house.hotel.location, "items": [{ "sellableId": fee }] });
    let driver = house.world.staff(&house.hotel.owner, "driver", &[]).await?;
    driver
        .graphql(&document(), variables.clone())
        .await?
        .must_fail("FORBIDDEN")?;
    let elsewhere = house
        .world
        .staff(&house.hotel.owner, "front_desk", &[&second(&house).await?])
        .await?;
    elsewhere
        .graphql(&document(), variables)
        .await?
        .must_fail("NOT_FOUND")?;
    Ok(())
}

async fn second(house: &House) -> anyhow::Result<String> {
    tests::hotel::location(&house.hotel.owner, &tests::hotel::Plan::default()).await
}
