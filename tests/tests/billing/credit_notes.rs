//! Credit notes: what they take back of an invoice, to the last minor unit (E-29, E-30).

use serde_json::{Value, json};

use super::{House, INVOICE, number, text};

const NOTE: &str = "creditNote { id number status totalMinor taxMinor appliedMinor unusedMinor }";

async fn lines(house: &House, invoice: &Value) -> anyhow::Result<Vec<Value>> {
    let query = format!(
        "{{ invoiceLines(filter: {{invoiceId: {{eq: \"{}\"}}}}, orderBy: [{{lineNo: ASC}}]) {{ nodes {{ id creditedMinor creditedTaxMinor totalMinor taxMinor }} }} }}",
        text(&invoice["id"])
    );
    let data = house.owner.read(&query).await?;
    Ok(data["invoiceLines"]["nodes"]
        .as_array()
        .cloned()
        .unwrap_or_default())
}

/// A credit note of a part of a line, issued.
async fn credit(house: &House, invoice: &Value, line: &Value, minor: i64) -> anyhow::Result<Value> {
    let input = json!({ "invoiceId": invoice["id"], "reason": "Complaint", "lines": [
        { "invoiceLineId": line["id"], "amount": house.money(minor) } ] });
    let draft = house.act("creditNoteCreate", input, NOTE).await?;
    house
        .act("creditNoteFinalize", json!({ "id": draft["id"] }), NOTE)
        .await
}

#[tokio::test]
async fn e29_e30_parts_of_a_line_sum_to_it_with_its_tax() -> anyhow::Result<()> {
    let house = House::open().await?;
    let rate = house.tax("IVA", "0.0625").await?;
    let line = json!({ "description": "Spa", "unitPrice": "9.97", "taxRateId": rate });
    let invoice = house.invoice_of(json!([line]), json!({})).await?;
    let total = number(&invoice, "totalMinor")?;
    let line = lines(&house, &invoice).await?.remove(0);
    for minor in [333, 333] {
        let note = credit(&house, &invoice, &line, minor).await?;
        assert_eq!(note["status"], "FINALIZED");
    }
    // One too much is refused, what is left is not.
    let input = json!({ "invoiceId": invoice["id"], "reason": "x", "lines": [
        { "invoiceLineId": line["id"], "amount": house.money(total - 666 + 1) } ] });
    house
        .verb("creditNoteCreate", input, NOTE)
        .await?
        .must_refuse("WRONG_AMOUNT")?;
    let rest = json!({ "invoiceId": invoice["id"], "reason": "The rest" });
    let rest = house.act("creditNoteCreate", rest, NOTE).await?;
    assert_eq!(rest["totalMinor"], json!(total - 666));
    let rest = house
        .act("creditNoteFinalize", json!({ "id": rest["id"] }), NOTE)
        .await?;
    assert_eq!(rest["number"], "CN-000003");
    let line = lines(&house, &invoice).await?.remove(0);
    assert_eq!(
        (&line["creditedMinor"], &line["creditedTaxMinor"]),
        (&line["totalMinor"], &line["taxMinor"])
    );
    let again = json!({ "invoiceId": invoice["id"], "reason": "Again" });
    house
        .verb("creditNoteCreate", again, NOTE)
        .await?
        .must_refuse("NOTHING_LEFT")?;
    for code in ["1200", "2200", "2100"] {
        assert_eq!(house.books(code).await?, 0, "account {code}");
    }
    house.must_agree().await
}

#[tokio::test]
async fn what_is_credited_of_a_paid_invoice_is_the_customers() -> anyhow::Result<()> {
    let house = House::open().await?;
    let invoice = house.invoice(1_000).await?;
    house.pay(800, json!({})).await?;
    let line = lines(&house, &invoice).await?.remove(0);
    let note = credit(&house, &invoice, &line, 500).await?;
    assert_eq!(
        (&note["appliedMinor"], &note["unusedMinor"]),
        (&json!(200), &json!(300))
    );
    assert_eq!(house.invoice_now(&invoice).await?["status"], "PAID");
    let other = house.invoice(250).await?;
    let apply = json!({ "id": note["id"], "invoiceId": other["id"] });
    let note = house.act("creditNoteApply", apply.clone(), NOTE).await?;
    assert_eq!(note["unusedMinor"], json!(50));
    house
        .verb("creditNoteApply", apply, NOTE)
        .await?
        .must_refuse("NOTHING_LEFT")?;
    assert_eq!(
        house.invoice_now(&other).await?["creditedMinor"],
        json!(250)
    );
    assert_eq!(house.books("2100").await?, 50);
    house.must_agree().await
}

#[tokio::test]
async fn only_what_was_issued_is_credited_and_only_a_draft_thrown_away() -> anyhow::Result<()> {
    let house = House::open().await?;
    let draft = house.draft_of(json!([house.line(100)]), json!({})).await?;
    let input = json!({ "invoiceId": draft["id"], "reason": "x" });
    house
        .verb("creditNoteCreate", input, NOTE)
        .await?
        .must_refuse("WRONG_STATUS")?;
    let invoice = house
        .act("invoiceFinalize", json!({ "id": draft["id"] }), INVOICE)
        .await?;
    house
        .verb("invoiceDiscard", json!({ "id": draft["id"] }), INVOICE)
        .await?
        .must_refuse("WRONG_STATUS")?;
    let input = json!({ "invoiceId": invoice["id"], "reason": "x" });
    let note = house.act("creditNoteCreate", input.clone(), NOTE).await?;
    // What a draft takes back is not taken back by another one too.
    house
        .verb("creditNoteCreate", input, NOTE)
        .await?
        .must_refuse("NOTHING_LEFT")?;
    house
        .act("creditNoteDiscard", json!({ "id": note["id"] }), NOTE)
        .await?;
    house
        .verb("creditNoteFinalize", json!({ "id": note["id"] }), NOTE)
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert_eq!(house.invoice_now(&invoice).await?["openMinor"], json!(100));
    house.must_agree().await
}
