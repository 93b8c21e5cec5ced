//! Tax in quotes: within prices and on top, by line and by total, compound, by region, exempt.

use serde_json::{Value, json};
use tests::actor::unique;

use super::{House, minor, minors};

/// A tax profile of the house, with rates: category, rate, more.
async fn taxed(
    house: &House,
    profile: Value,
    rates: &[(&str, &str, Value)],
) -> anyhow::Result<String> {
    let code = format!("T{}", unique());
    let mut input = json!({ "code": code, "name": code, "locationId": house.hotel.location });
    super::merge(&mut input, profile);
    let profile = house.make("taxProfile", input).await?;
    for (category, rate, more) in rates {
        let mut input = json!({ "profileId": profile, "name": format!("{category} {rate}"), "taxCategory": category, "rate": rate });
        super::merge(&mut input, more.clone());
        house.make("taxRate", input).await?;
    }
    Ok(profile)
}

#[tokio::test]
async fn tax_within_prices_and_net_are_the_price() -> anyhow::Result<()> {
    let house = House::open().await?;
    taxed(&house, json!({}), &[("standard", "0.23", json!({}))]).await?;
    let fee = house.priced_fee("99.99", Some("standard"), true).await?;
    let quote = house
        .quote(json!([{ "sellableId": fee }]), json!({}))
        .await?;
    // 99.99 x 0.23 / 1.23 = 18.6973...
    let line = &quote["lines"][0];
    assert_eq!(
        (
            minor(line, "/includedTax")?,
            minor(line, "/net")?,
            minor(line, "/gross")?
        ),
        (1870, 8129, 9999)
    );
    assert_eq!(
        (
            minor(&quote, "/tax")?,
            minor(&quote, "/includedTax")?,
            minor(&quote, "/total")?
        ),
        (0, 1870, 9999)
    );
    assert_eq!(line["taxRate"], "0.23");
    Ok(())
}

#[tokio::test]
async fn e29_two_lines_that_each_round_up_are_one_cent_together_when_rounded_by_total()
-> anyhow::Result<()> {
    let house = House::open().await?;
    let profile = json!({ "priceDisplay": "EXCLUSIVE", "rounding": "RATE_TOTAL" });
    taxed(&house, profile, &[("standard", "0.1", json!({}))]).await?;
    let fee = house.priced_fee("10.06", Some("standard"), false).await?;
    let items = json!([{ "sellableId": fee }, { "sellableId": fee }]);
    // Each line's 1.006 would be 1.01; together they are 2.012.
    let quote = house.quote(items, json!({})).await?;
    assert_eq!(minor(&quote, "/tax")?, 201);
    assert_eq!(minors(&quote["lines"], "tax"), [101, 100]);
    assert_eq!(minor(&quote, "/total")?, 2012 + 201);
    Ok(())
}

#[tokio::test]
async fn compound_taxes_stand_on_those_before_and_the_closest_region_counts() -> anyhow::Result<()>
{
    let house = House::open().await?;
    let input = json!({
        "code": format!("Q{}", unique()), "name": "Quebec", "kind": "PROPERTY", "timezone": "America/Toronto", "currency": "EUR",
        "countryCode": "CA", "regionCode": "QC",
    });
    let location = house.make("location", input).await?;
    let profile = json!({ "locationId": location, "priceDisplay": "EXCLUSIVE" });
    let rates = [
        ("standard", "0.05", json!({ "countryCode": "CA" })),
        (
            "standard",
            "0.09",
            json!({ "compoundOrder": 2, "isCompound": true, "countryCode": "CA" }),
        ),
        (
            "standard",
            "0.095",
            json!({ "compoundOrder": 2, "isCompound": true, "countryCode": "CA", "regionCode": "QC" }),
        ),
        (
            "standard",
            "0.08",
            json!({ "compoundOrder": 3, "countryCode": "CA", "regionCode": "ON" }),
        ),
    ];
    taxed(&house, profile, &rates).await?;
    let fee = house.priced_fee("100", Some("standard"), false).await?;
    let quote = house
        .quote(
            json!([{ "sellableId": fee }]),
            json!({ "locationId": location }),
        )
        .await?;
    // 5.00 on 100.00, then 9.5 % of 105.00 = 9.975, which is 9.98.
    assert_eq!(minors(&quote["taxes"], "tax"), [500, 998]);
    assert_eq!(minors(&quote["taxes"], "taxable"), [10_000, 10_500]);
    assert_eq!(quote["taxes"][1]["jurisdiction"], "CA-QC");
    assert_eq!(minor(&quote, "/total")?, 11_498);
    Ok(())
}

#[tokio::test]
async fn who_is_exempt_pays_prices_without_the_tax_they_include() -> anyhow::Result<()> {
    let house = House::open().await?;
    let rates = [("standard", "0.23", json!({})), ("food", "0.13", json!({}))];
    let profile = taxed(&house, json!({}), &rates).await?;
    let envoy = house
        .make("customer", json!({ "fullName": "Ernesto Envoy" }))
        .await?;
    let input = json!({ "customerId": envoy, "profileId": profile, "taxCategory": "standard", "certificateNo": "DIP-1" });
    house.make("taxExemption", input).await?;
    let (fee, food) = (
        house.priced_fee("123", Some("standard"), true).await?,
        house.priced_fee("11.30", Some("food"), true).await?,
    );
    let items = json!([{ "sellableId": fee }, { "sellableId": food }]);
    let quote = house.quote(items.clone(), json!({})).await?;
    assert_eq!(minor(&quote, "/total")?, 13_430);
    let quote = house.quote(items, json!({ "customerId": envoy })).await?;
    assert_eq!(minors(&quote["lines"], "total"), [10_000, 1_130]);
    assert_eq!(minor(&quote, "/includedTax")?, 130);
    assert_eq!(quote["lines"][0]["taxRate"], Value::Null);
    Ok(())
}

#[tokio::test]
async fn a_location_that_taxes_and_has_no_rate_for_a_category_sells_nothing_of_it()
-> anyhow::Result<()> {
    let house = House::open().await?;
    taxed(
        &house,
        json!({}),
        &[("standard", "0.23", json!({ "endsOn": "2020-01-01" }))],
    )
    .await?;
    let fee = house.priced_fee("10", Some("standard"), true).await?;
    let problem = house
        .problem(json!([{ "sellableId": fee }]), json!({}))
        .await?;
    assert_eq!(
        (&problem["code"], &problem["item"]),
        (&json!("NO_TAX_RATE"), &json!("1"))
    );
    // What has no category is not taxed.
    let plain = house.priced_fee("10", None, true).await?;
    let quote = house
        .quote(json!([{ "sellableId": plain }]), json!({}))
        .await?;
    assert_eq!(
        (minor(&quote, "/total")?, minor(&quote, "/includedTax")?),
        (1000, 0)
    );
    Ok(())
}
