//! Who may not, and what is not there for somebody else.

use serde_json::{Value, json};

use super::{House, INVOICE, RECEIPT};

/// Each verb with the id of another tenant, and by somebody without the permission.
#[tokio::test]
async fn another_tenants_rows_are_not_there_and_roles_are_minded() -> anyhow::Result<()> {
    let house = House::open().await?;
    let invoice = house.invoice(1_000).await?;
    let receipt = house.pay(300, json!({ "keepUnapplied": true })).await?;
    let note = json!({ "invoiceId": invoice["id"], "reason": "x" });
    let note = house
        .act("creditNoteCreate", note, "creditNote { id }")
        .await?;
    let account = house.account(json!({})).await?;
    let cases: [(&str, Value); 13] = [
        ("invoiceFinalize", json!({ "id": invoice["id"] })),
        ("invoiceDiscard", json!({ "id": invoice["id"] })),
        ("invoiceVoid", json!({ "id": invoice["id"], "reason": "x" })),
        (
            "creditNoteCreate",
            json!({ "invoiceId": invoice["id"], "reason": "x" }),
        ),
        ("creditNoteFinalize", json!({ "id": note["id"] })),
        ("creditNoteDiscard", json!({ "id": note["id"] })),
        (
            "creditNoteApply",
            json!({ "id": note["id"], "invoiceId": invoice["id"] }),
        ),
        ("receiptAllocate", json!({ "id": receipt["id"] })),
        (
            "receiptReverse",
            json!({ "id": receipt["id"], "reason": "x" }),
        ),
        ("receiptRecord", house.payment(5, json!({}))),
        (
            "billingAccountHold",
            json!({ "id": account, "reason": "x" }),
        ),
        ("billingAccountChange", json!({ "id": account })),
        (
            "invoiceCreate",
            json!({ "locationId": house.location, "lines": [house.line(5)] }),
        ),
    ];
    let stranger = house.world.owner().await?;
    let powerless = house.world.staff(&house.owner, "housekeeper", &[]).await?;
    for (name, input) in cases {
        stranger
            .verb(name, input.clone(), "eventCursor")
            .await?
            .must_fail("NOT_FOUND")?;
        powerless
            .verb(name, input, "eventCursor")
            .await?
            .must_fail("FORBIDDEN")?;
    }
    assert_eq!(house.invoice_now(&invoice).await?, invoice);
    Ok(())
}

#[tokio::test]
async fn an_older_version_is_a_conflict() -> anyhow::Result<()> {
    let house = House::open().await?;
    let draft = house.draft_of(json!([house.line(5)]), json!({})).await?;
    let input = json!({ "id": draft["id"], "expectedVersion": 99 });
    house
        .verb("invoiceFinalize", input, INVOICE)
        .await?
        .must_fail("CONFLICT")?;
    let receipt = house.pay(5, json!({})).await?;
    let input = json!({ "id": receipt["id"], "reason": "x", "expectedVersion": 99 });
    house
        .verb("receiptReverse", input, RECEIPT)
        .await?
        .must_fail("CONFLICT")?;
    Ok(())
}
