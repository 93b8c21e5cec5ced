//! Tax that is kept, and reckoned again from what was kept.

use serde_json::{Value, json};
use tests::hotel::soon;

use super::House;

const KEPT: &str = "taxCalculation { id revision totalTaxMinor rounding priceDisplay engineVersion } totalTax { minor } \
    lines { reference rate taxable { minor } tax { minor } }";

async fn taxed(house: &House) -> anyhow::Result<()> {
    let profile = json!({ "code": "T", "name": "T", "locationId": house.hotel.location, "rounding": "RATE_TOTAL" });
    let profile = house.make("taxProfile", profile).await?;
    for (category, rate) in [("standard", "0.23"), ("food", "0.13")] {
        let input = json!({ "profileId": profile, "name": category, "taxCategory": category, "rate": rate });
        house.make("taxRate", input).await?;
    }
    Ok(())
}

async fn replay(house: &House, id: &Value) -> anyhow::Result<Value> {
    let query = "query($id: ID!) { taxReplay(taxCalculationId: $id) { isSame engineVersion currentEngineVersion digest replayedDigest \
        totalTax { minor } lines { reference tax { minor } } } }";
    let answer = house
        .hotel
        .owner
        .graphql(query, json!({ "id": id }))
        .await?
        .must()?;
    Ok(answer.data("/taxReplay").clone())
}

fn lines() -> Value {
    let line = |reference: &str, amount: &str, category: &str| json!({ "reference": reference, "amount": { "amount": amount, "currency": "EUR" }, "taxCategory": category });
    json!([
        line("b", "33.33", "standard"),
        line("a", "33.33", "standard"),
        line("c", "-5.65", "food")
    ])
}

#[tokio::test]
async fn tax_is_kept_with_its_inputs_and_replays_to_the_same() -> anyhow::Result<()> {
    let house = House::open().await?;
    taxed(&house).await?;
    let owner = &house.hotel.owner;
    let order = house.hotel.confirmed(soon(0), 1).await?;
    let input = json!({ "bookingOrderId": order["id"], "lines": lines() });
    let done = owner.act("taxCalculate", input.clone(), KEPT).await?;
    // 66.66 x 0.23 / 1.23 = 12.4648...; of the return 5.65 x 0.13 / 1.13 = 0.65 come back.
    assert_eq!(done["totalTax"]["minor"], 1_246 - 65);
    assert_eq!(
        (
            &done["lines"][0]["reference"],
            &done["lines"][0]["tax"]["minor"]
        ),
        (&json!("a"), &json!(623))
    );
    assert_eq!(done["lines"][2]["tax"]["minor"], -65);
    let calculation = &done["taxCalculation"];
    let first = replay(&house, &calculation["id"]).await?;
    assert_eq!(
        (&first["isSame"], &first["digest"]),
        (&json!(true), &first["replayedDigest"])
    );
    // The rate changes; what was kept is reckoned by what was kept.
    house
        .sql
        .execute("update pricing.tax_rates set ends_on = '2020-01-01'", &[])
        .await?;
    let again = replay(&house, &calculation["id"]).await?;
    assert_eq!(
        (&again["isSame"], &again["totalTax"]["minor"]),
        (&json!(true), &json!(1_181))
    );
    owner
        .verb("taxCalculate", input, KEPT)
        .await?
        .must_refuse("NO_TAX_RATE")?;
    house.must_agree().await
}

#[tokio::test]
async fn the_order_of_lines_does_not_matter_and_revisions_count_up() -> anyhow::Result<()> {
    let house = House::open().await?;
    taxed(&house).await?;
    let order = house.hotel.confirmed(soon(0), 1).await?;
    let mut digests = Vec::new();
    for revision in 1..=2 {
        let mut all = lines();
        if revision == 2 {
            all.as_array_mut()
                .into_iter()
                .for_each(|lines| lines.reverse());
        }
        let input = json!({ "bookingOrderId": order["id"], "lines": all });
        let done = house.hotel.owner.act("taxCalculate", input, KEPT).await?;
        // The booking itself was the first.
        assert_eq!(done["taxCalculation"]["revision"], revision + 1);
        digests.push(replay(&house, &done["taxCalculation"]["id"]).await?["digest"].clone());
    }
    assert_eq!(digests[0], digests[1]);
    Ok(())
}

#[tokio::test]
async fn lines_that_cannot_be_taxed_are_refused() -> anyhow::Result<()> {
    let house = House::open().await?;
    taxed(&house).await?;
    let owner = &house.hotel.owner;
    let order = house.hotel.confirmed(soon(0), 1).await?;
    let with = |lines: Value| json!({ "bookingOrderId": order["id"], "lines": lines });
    let yen = json!([{ "reference": "a", "amount": { "amount": "1", "currency": "JPY" } }]);
    owner
        .verb("taxCalculate", with(yen), KEPT)
        .await?
        .must_refuse("CURRENCY_MISMATCH")?;
    owner
        .verb("taxCalculate", with(json!([])), KEPT)
        .await?
        .must_refuse("INVALID_LINES")?;
    let twice = json!({ "reference": "a", "amount": { "amount": "1", "currency": "EUR" } });
    owner
        .verb("taxCalculate", with(json!([twice, twice])), KEPT)
        .await?
        .must_refuse("INVALID_LINES")?;
    let unknown = json!([{ "reference": "a", "amount": { "amount": "1", "currency": "EUR" }, "taxCategory": "books" }]);
    owner
        .verb("taxCalculate", with(unknown), KEPT)
        .await?
        .must_refuse("NO_TAX_RATE")?;
    let stranger = house.world.hotel().await?;
    stranger
        .owner
        .verb("taxCalculate", with(lines()), KEPT)
        .await?
        .must_fail("NOT_FOUND")?;
    let desk = house.world.staff(owner, "front_desk", &[]).await?;
    desk.verb("taxCalculate", with(lines()), KEPT)
        .await?
        .must_fail("FORBIDDEN")?;
    let done = owner.act("taxCalculate", with(lines()), KEPT).await?;
    let query = "query($id: ID!) { taxReplay(taxCalculationId: $id) { isSame } }";
    let id = json!({ "id": done["taxCalculation"]["id"] });
    stranger
        .owner
        .graphql(query, id)
        .await?
        .must_fail("NOT_FOUND")?;
    Ok(())
}
