//! Numbers of documents: none twice, none left out, whoever issues at once and whatever fails
//! (E-40, invariant 15).

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::World;

use super::{House, INVOICE, number, text};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e40_inv15_of_48_who_issue_at_once_no_number_is_twice_or_missing() -> anyhow::Result<()> {
    let house = House::over(World::with_pool(24).await?, "EUR").await?;
    let account = house
        .account(json!({ "creditLimit": house.money(20 * 100) }))
        .await?;
    let mut drafts = Vec::new();
    for index in 0..48 {
        // Half of them are on an account whose limit is enough for some: the others are refused
        // after their number was taken, and give it back.
        let more = match index % 2 {
            0 => json!({ "billingAccountId": account }),
            _ => json!({}),
        };
        drafts.push(house.draft_of(json!([house.line(100)]), more).await?);
    }
    let requests = drafts.iter().enumerate().map(|(index, draft)| {
        // Some only look.
        let input = json!({ "id": draft["id"], "dryRun": index % 7 == 3 });
        house.verb("invoiceFinalize", input, INVOICE)
    });
    let mut refused = 0;
    for answer in join_all(requests).await {
        match answer?.user_code() {
            None => {}
            Some("CREDIT_LIMIT_EXCEEDED") => refused += 1,
            Some(code) => anyhow::bail!("{code}"),
        }
    }
    assert!(refused > 0);
    let issued = numbers(&house).await?;
    let expected: BTreeSet<i64> = (1..=i64::try_from(issued.len())?).collect();
    assert_eq!(issued, expected);
    house.must_agree().await
}

/// The numbers of all issued invoices.
async fn numbers(house: &House) -> anyhow::Result<BTreeSet<i64>> {
    let data = house
        .owner
        .read("{ invoices(first: 200, filter: {number: {isNull: false}}) { totalCount nodes { seriesNo number } } }")
        .await?;
    let nodes = data["invoices"]["nodes"].as_array().cloned();
    let numbers: BTreeSet<i64> = nodes
        .unwrap_or_default()
        .iter()
        .map(|node| number(node, "seriesNo"))
        .collect::<anyhow::Result<_>>()?;
    assert_eq!(data["invoices"]["totalCount"], json!(numbers.len()));
    Ok(numbers)
}

#[tokio::test]
async fn a_series_is_used_in_order_and_up_to_its_end() -> anyhow::Result<()> {
    let house = House::open().await?;
    let input = json!({
        "documentType": "INVOICE", "code": "A", "country": "PT", "prefix": "FT A/", "locationId": house.location,
        "rangeFrom": 7, "rangeTo": 8,
    });
    let series = house
        .act(
            "fiscalSeriesOpen",
            input.clone(),
            "fiscalSeries { id version }",
        )
        .await?;
    house
        .verb("fiscalSeriesOpen", input, "fiscalSeries { id }")
        .await?
        .must_refuse("CODE_TAKEN")?;
    assert_eq!(house.invoice(100).await?["number"], "FT A/7");
    assert_eq!(house.invoice(100).await?["number"], "FT A/8");
    let draft = house.draft_of(json!([house.line(5)]), json!({})).await?;
    let input = json!({ "id": draft["id"], "seriesId": series["id"] });
    house
        .verb("invoiceFinalize", input, INVOICE)
        .await?
        .must_refuse("WRONG_SERIES")?;
    // The business's own takes over.
    let input = json!({ "id": draft["id"] });
    let done = house.act("invoiceFinalize", input, INVOICE).await?;
    assert_eq!(done["number"], "INV-000001");
    let retire = json!({ "id": series["id"] });
    house
        .act("fiscalSeriesRetire", retire.clone(), "fiscalSeries { id }")
        .await?;
    house
        .verb("fiscalSeriesRetire", retire, "fiscalSeries { id }")
        .await?
        .must_refuse("WRONG_STATUS")?;
    house.must_agree().await
}

/// What an authority is told comes after the number, and its silence or refusal changes nothing
/// about the document.
#[tokio::test]
async fn an_authority_is_told_after_and_again_where_it_is_silent() -> anyhow::Result<()> {
    let house = House::open().await?;
    for (kind, code) in [("INVOICE", "F"), ("CREDIT_NOTE", "N")] {
        let input = json!({ "documentType": kind, "code": code, "country": "PT", "authority": "AT", "prefix": code });
        house
            .act("fiscalSeriesOpen", input, "fiscalSeries { id }")
            .await?;
    }
    let with = |tax_id: &str| json!({ "buyer": { "taxId": tax_id } });
    let lines = json!([house.line(1_000)]);
    let told = house.invoice_of(lines.clone(), with("509111222")).await?;
    let refused = house.invoice_of(lines.clone(), with("000000000")).await?;
    let silent = house.invoice_of(lines, with("999999990")).await?;
    assert_eq!(copies(&house).await?, ["accepted", "rejected", "pending"]);
    let input = json!({ "id": told["id"], "reason": "Wrong" });
    house
        .verb("invoiceVoid", input.clone(), INVOICE)
        .await?
        .must_refuse("AUTHORITY_WAS_TOLD")?;
    let ids = ids(&house).await?;
    let again = json!({ "id": ids[1] });
    let copy = house
        .act(
            "fiscalDocumentSubmit",
            again,
            "fiscalDocument { status errorCode attempts }",
        )
        .await?;
    assert_eq!(
        copy,
        json!({ "status": "REJECTED", "errorCode": "-12", "attempts": 2 })
    );
    // The silent one is tried again by the clock, later and later.
    assert_eq!(house.world.run_job("tell_authorities").await?, 0);
    house
        .world
        .clock
        .set(house.world.shared.database.now() + chrono::Duration::minutes(10));
    house.world.run_job("tell_authorities").await?;
    let attempts = house
        .count(
            "select max(attempts)::bigint from billing.fiscal_documents where status = 'pending'",
        )
        .await?;
    assert_eq!(attempts, 2);
    let cancel = json!({ "id": ids[0], "reason": "Wrong" });
    let copy = house
        .act("fiscalDocumentCancel", cancel, "fiscalDocument { status }")
        .await?;
    assert_eq!(copy["status"], "CANCELLED");
    house.act("invoiceVoid", input, INVOICE).await?;
    for invoice in [&refused, &silent] {
        assert_eq!(house.invoice_now(invoice).await?["status"], "FINALIZED");
    }
    house.must_agree().await
}

async fn copies(house: &House) -> anyhow::Result<Vec<String>> {
    let sql = "select status::text from billing.fiscal_documents order by id";
    let rows = house.sql.query(sql, &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

async fn ids(house: &House) -> anyhow::Result<Vec<String>> {
    let data = house
        .owner
        .read("{ fiscalDocuments(orderBy: [{createdAt: ASC}]) { nodes { id } } }")
        .await?;
    let nodes = data["fiscalDocuments"]["nodes"].as_array().cloned();
    Ok(nodes
        .unwrap_or_default()
        .iter()
        .map(|node: &Value| text(&node["id"]))
        .collect())
}
