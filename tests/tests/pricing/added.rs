//! Lines that are added to a booking are taxed as if they were booked now; what was sold before keeps its
//! tax, and what was sold untaxed stays so.

use serde_json::{Value, json};
use tests::hotel::soon;

use super::House;

const CHANGED: &str = "bookingOrder { id baseMinor taxMinor totalMinor \
      lines { nodes { lineNo totalMinor taxMinor taxRate } } } priceDeltaMinor";

impl House {
    /// Taxes on top: so much of rooms, and of food.
    async fn taxes(&self, room: &str, food: &str) -> anyhow::Result<()> {
        let profile = json!({ "code": "T", "name": "T", "locationId": self.hotel.location, "priceDisplay": "EXCLUSIVE" });
        let profile = self.make("taxProfile", profile).await?;
        for (category, rate) in [("room", room), ("food", food)] {
            let input = json!({ "profileId": profile, "name": category, "taxCategory": category, "rate": rate });
            self.make("taxRate", input).await?;
        }
        let sql = "update catalog.sellables set tax_category = 'room' where ref_type = 'UnitType'";
        self.sql.batch_execute(sql).await?;
        Ok(())
    }

    async fn changed(&self, order: &Value, change: Value) -> anyhow::Result<Value> {
        let mut input = json!({ "id": order["id"] });
        super::merge(&mut input, change);
        let owner = &self.hotel.owner;
        let done = owner.act("bookingModify", input, CHANGED).await?;
        Ok(done["bookingOrder"].clone())
    }

    /// What a booking of the same thing would be taxed with.
    async fn tax_of(&self, fee: &str) -> anyhow::Result<i64> {
        let quote = self
            .quote(json!([{ "sellableId": fee }]), json!({}))
            .await?;
        super::minor(&quote, "/tax")
    }
}

fn line(order: &Value, number: i64) -> Value {
    let lines = order["lines"]["nodes"].as_array().cloned();
    let mut lines = lines.unwrap_or_default().into_iter();
    lines
        .find(|line| line["lineNo"] == number)
        .unwrap_or_default()
}

#[tokio::test]
async fn inv12_a_line_that_is_added_to_an_untaxed_booking_is_taxed_alone() -> anyhow::Result<()> {
    let house = House::open().await?;
    let order = house.hotel.confirmed(soon(0), 2).await?;
    house.taxes("0.06", "0.13").await?;
    let wine = house.priced_fee("9.99", Some("food"), false).await?;
    let change = json!({ "addLines": [{ "sellableId": wine }] });
    let now = house.changed(&order, change).await?;
    assert_eq!(now["taxMinor"], house.tax_of(&wine).await?);
    assert_eq!(
        (&now["baseMinor"], &now["taxMinor"], &now["totalMinor"]),
        (&json!(20_999), &json!(130), &json!(21_129))
    );
    assert_eq!(line(&now, 1)["taxRate"], Value::Null);
    let rate: f64 = line(&now, 2)["taxRate"]
        .as_str()
        .unwrap_or_default()
        .parse()?;
    assert!((rate - 0.13).abs() < 1e-9, "{now}");
    // Staff's own price is taxed alike; and the nights, which were sold without, are not when more follow.
    let cheap = json!({ "addLines": [{ "sellableId": wine, "unitPrice": "1" }], "units": 2 });
    let now = house.changed(&order, cheap).await?;
    assert_eq!(
        (&now["baseMinor"], &now["taxMinor"]),
        (&json!(41_099), &json!(143)),
        "{now}"
    );
    assert_eq!(line(&now, 1)["taxMinor"], 0);
    house.must_agree().await
}

#[tokio::test]
async fn inv12_a_line_that_is_added_is_taxed_by_todays_rate_and_the_rest_by_its_own()
-> anyhow::Result<()> {
    let house = House::open().await?;
    house.taxes("0.06", "0.13").await?;
    let (wine, bread) = (
        house.priced_fee("10", Some("food"), false).await?,
        house.priced_fee("11.30", Some("food"), true).await?,
    );
    let order = house.hotel.confirmed(soon(0), 2).await?;
    let now = house
        .changed(&order, json!({ "addLines": [{ "sellableId": wine }] }))
        .await?;
    assert_eq!(now["taxMinor"], 1_200 + 130);
    let ended = "update pricing.tax_rates set ends_on = $1 where tax_category = 'food'";
    house.sql.execute(ended, &[&soon(-60)]).await?;
    let found = house
        .hotel
        .owner
        .read("{ taxProfiles { nodes { id } } }")
        .await?;
    let rate = json!({
        "profileId": found["taxProfiles"]["nodes"][0]["id"], "name": "food, raised", "taxCategory": "food", "rate": "0.25",
        "startsOn": soon(-60),
    });
    house.make("taxRate", rate).await?;
    // What includes its tax adds none on top.
    let change = json!({ "addLines": [{ "sellableId": wine }, { "sellableId": bread }] });
    let now = house.changed(&order, change).await?;
    assert_eq!(house.tax_of(&wine).await?, 250);
    assert_eq!(now["taxMinor"], 1_200 + 130 + 250, "{now}");
    let taxes = [1, 2, 3, 4].map(|number| line(&now, number)["taxMinor"].clone());
    assert_eq!(taxes, [json!(1_200), json!(130), json!(250), json!(0)]);
    // It stays so whatever is changed later.
    let id = &house
        .hotel
        .owner
        .read("{ bookingOrderLines(filter: {lineNo: {eq: 2}}) { nodes { id } } }")
        .await?["bookingOrderLines"]["nodes"][0]["id"];
    let change = json!({ "changeLines": [{ "lineId": id, "quantity": "2" }] });
    let now = house.changed(&order, change).await?;
    assert_eq!(now["taxMinor"], 1_200 + 260 + 250, "{now}");
    let replays = "select inputs from pricing.tax_calculations order by revision desc limit 1";
    let inputs: Value = house.sql.query_one(replays, &[]).await?.try_get(0)?;
    assert_eq!(inputs["lines"].as_array().map(Vec::len), Some(4));
    house.must_agree().await
}
