//! What finance asks, and documents on paper.

use anyhow::Context as _;
use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};

use super::{House, text};

impl House {
    /// Sets the program's clock to noon of a day in Lisbon, and signs the owner in anew.
    async fn noon_of(&mut self, day: NaiveDate) -> anyhow::Result<()> {
        let noon = day.and_hms_opt(11, 30, 0).context("no noon")?.and_utc();
        self.world.clock.set(noon);
        self.owner = self.world.again(&self.owner).await?;
        Ok(())
    }

    fn today(&self) -> NaiveDate {
        self.world.shared.database.now().date_naive()
    }
}

#[tokio::test]
async fn what_is_owed_grows_older_by_the_calendar_of_who_owes_it() -> anyhow::Result<()> {
    let mut house = House::open().await?;
    let today = house.today();
    house.noon_of(today).await?;
    let account = house
        .account(json!({ "timezone": "Pacific/Kiritimati" }))
        .await?;
    house
        .invoice_of(json!([house.line(1_000)]), json!({ "dueOn": today }))
        .await?;
    let more = json!({ "dueOn": today, "billingAccountId": account });
    house.invoice_of(json!([house.line(2_000)]), more).await?;
    let ask = "{ receivablesAgeing { billingAccount { id } customer { id } currency invoices currentMinor upTo30Minor upTo60Minor beyond90Minor openMinor } }";
    let rows = house.owner.read(ask).await?["receivablesAgeing"].clone();
    // In Kiritimati it is tomorrow already.
    assert_eq!(
        (&rows[0]["billingAccount"]["id"], &rows[0]["upTo30Minor"]),
        (&json!(account), &json!(2_000))
    );
    assert_eq!(
        (&rows[1]["billingAccount"], &rows[1]["currentMinor"]),
        (&Value::Null, &json!(1_000))
    );
    house.pay(400, json!({})).await?;
    house.noon_of(today + Duration::days(31)).await?;
    let rows = house.owner.read(ask).await?["receivablesAgeing"].clone();
    assert_eq!(
        (&rows[1]["upTo60Minor"], &rows[1]["openMinor"]),
        (&json!(600), &json!(600))
    );
    let then = format!(
        "{{ receivablesAgeing(asOf: \"{}\") {{ openMinor }} }}",
        today - Duration::days(1)
    );
    assert_eq!(
        house.owner.read(&then).await?["receivablesAgeing"],
        json!([])
    );
    house.must_agree().await
}

#[tokio::test]
async fn billed_collected_taxed_and_stated_agree() -> anyhow::Result<()> {
    let house = House::open().await?;
    let rate = house.tax("IVA standard", "0.23").await?;
    let lines = json!([{ "description": "Room", "unitPrice": "100.00", "taxRateId": rate }]);
    let invoice = house.invoice_of(lines.clone(), json!({})).await?;
    house.invoice_of(lines, json!({})).await?;
    house.pay(20_000, json!({})).await?;
    let note = json!({ "invoiceId": invoice["id"], "reason": "x" });
    let note = house
        .act("creditNoteCreate", note, "creditNote { id }")
        .await?;
    house
        .act(
            "creditNoteFinalize",
            json!({ "id": note["id"] }),
            "creditNote { id }",
        )
        .await?;
    let (from, to) = (
        house.today() - Duration::days(40),
        house.today() + Duration::days(40),
    );
    let span = format!("startsOn: \"{from}\", endsOn: \"{to}\"");
    let query = format!(
        "{{ collectedAgainstBilled({span}) {{ currency billedMinor creditedMinor collectedMinor writtenOffMinor }} \
           taxByJurisdiction({span}) {{ country name rate taxableMinor taxMinor creditedTaxMinor owedMinor }} \
           customerStatement({span}, customerId: \"{}\") {{ currency openingMinor closingMinor lines {{ kind amountMinor balanceMinor }} }} }}",
        house.customer
    );
    let data = house.owner.read(&query).await?;
    assert_eq!(
        data["collectedAgainstBilled"],
        json!([{ "currency": "EUR", "billedMinor": 24_600, "creditedMinor": 12_300, "collectedMinor": 20_000, "writtenOffMinor": 0 }])
    );
    assert_eq!(
        data["taxByJurisdiction"],
        json!([{ "country": "PT", "name": "IVA standard", "rate": "0.23", "taxableMinor": 20_000, "taxMinor": 4_600, "creditedTaxMinor": 2_300, "owedMinor": 2_300 }])
    );
    let statement = &data["customerStatement"][0];
    assert_eq!(statement["closingMinor"], json!(24_600 - 12_300 - 20_000));
    assert_eq!(statement["lines"].as_array().map(Vec::len), Some(4));
    assert_eq!(statement["lines"][1]["balanceMinor"], json!(24_600));
    house.must_agree().await
}

#[tokio::test]
async fn what_was_billed_for_days_to_come_is_deferred_day_by_day() -> anyhow::Result<()> {
    let house = House::open().await?;
    let today = house.today();
    let line = json!({ "description": "Storage", "unitPrice": "100.01", "serviceStartsOn": today, "serviceEndsOn": today + Duration::days(4) });
    house.invoice_of(json!([line]), json!({})).await?;
    let mut told = Vec::new();
    for days in 0..4 {
        let query = format!(
            "{{ deferredRevenue(asOf: \"{}\") {{ billedMinor deferredMinor }} }}",
            today + Duration::days(days)
        );
        let rows = house.owner.read(&query).await?["deferredRevenue"].clone();
        told.push(rows[0]["deferredMinor"].as_i64().unwrap_or(0));
    }
    assert_eq!(told, [7_501, 5_001, 2_500, 0]);
    Ok(())
}

#[tokio::test]
async fn documents_are_for_those_who_may_read_them() -> anyhow::Result<()> {
    let house = House::open().await?;
    let lines: Vec<Value> = (0..70).map(|_| house.line(1_234)).collect();
    let invoice = house
        .invoice_of(json!(lines), json!({ "note": "With thanks" }))
        .await?;
    let receipt = house.pay(5_000, json!({})).await?;
    for (kind, id) in [("invoices", &invoice["id"]), ("receipts", &receipt["id"])] {
        let path = format!("/documents/{kind}/{}.pdf", text(id));
        let (status, start) = house.owner.get_bytes(&path).await?;
        assert_eq!((status, start.as_str()), (200, "%PDF"));
        let stranger = house.world.owner().await?;
        assert_eq!(stranger.get_bytes(&path).await?.0, 404);
        assert_eq!(house.world.anonymous().get_bytes(&path).await?.0, 401);
        let powerless = house.world.staff(&house.owner, "housekeeper", &[]).await?;
        assert_eq!(powerless.get_bytes(&path).await?.0, 403);
    }
    let path = "/documents/invoices/nonsense.pdf";
    let (status, _) = house.owner.get_bytes(path).await?;
    assert_eq!(status, 404);
    Ok(())
}
