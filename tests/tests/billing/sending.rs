//! Sending invoices, and invoices that are contested.

use serde_json::{Value, json};

use super::{House, INVOICE, text};

const SENT: &str = "invoice { id sentAt } message { id direction status body }";

#[tokio::test]
async fn an_invoice_goes_out_as_a_message_to_who_owes_it() -> anyhow::Result<()> {
    let house = House::open().await?;
    let draft = house
        .draft_of(json!([house.line(12_345)]), json!({}))
        .await?;
    let input = json!({ "id": draft["id"] });
    house
        .verb("invoiceSend", input.clone(), SENT)
        .await?
        .must_refuse("WRONG_STATUS")?;
    let invoice = house.act("invoiceFinalize", input.clone(), INVOICE).await?;
    let sent = house.owner.act("invoiceSend", input.clone(), SENT).await?;
    assert_eq!(
        (&sent["message"]["direction"], &sent["message"]["status"]),
        (&json!("OUTBOUND"), &json!("QUEUED"))
    );
    let body = text(&sent["message"]["body"]);
    for part in [
        text(&invoice["number"]),
        "123.45 EUR".to_owned(),
        text(&invoice["dueOn"]),
        "The document is attached".to_owned(),
    ] {
        assert!(body.contains(&part), "{part} is not in: {body}");
    }
    assert_ne!(sent["invoice"]["sentAt"], Value::Null);
    // Again: another message of the same conversation.
    let words = json!({ "id": draft["id"], "text": "Once more, with thanks." });
    house.owner.act("invoiceSend", words, SENT).await?;
    let query = "{ messageThreads { nodes { channel title } } }";
    let data = house.owner.read(query).await?;
    assert_eq!(
        data["messageThreads"]["nodes"],
        json!([{ "channel": "EMAIL", "title": format!("Invoice {}", text(&invoice["number"])) }])
    );
    let kinds = house
        .count("select count(*) from billing.invoice_events where kind = 'sent'")
        .await?;
    assert_eq!(kinds, 2);
    let stranger = house.world.owner().await?;
    stranger
        .verb("invoiceSend", input.clone(), SENT)
        .await?
        .must_fail("NOT_FOUND")?;
    let powerless = house.world.staff(&house.owner, "housekeeper", &[]).await?;
    powerless
        .verb("invoiceSend", input, SENT)
        .await?
        .must_fail("FORBIDDEN")?;
    Ok(())
}

#[tokio::test]
async fn a_contested_invoice_is_left_alone_until_it_is_settled() -> anyhow::Result<()> {
    let house = House::open().await?;
    let invoice = house.invoice(10_000).await?;
    let id = json!({ "id": invoice["id"] });
    let with = |field: &str, words: &str| {
        let mut input = id.clone();
        input[field] = json!(words);
        input
    };
    house
        .verb("invoiceDisputeResolve", with("outcome", "Agreed"), INVOICE)
        .await?
        .must_refuse("WRONG_STATUS")?;
    house
        .verb("invoiceDispute", with("reason", " "), INVOICE)
        .await?
        .must_refuse("REASON_REQUIRED")?;
    let reason = with("reason", "The minibar was full");
    house.act("invoiceDispute", reason.clone(), INVOICE).await?;
    house
        .verb("invoiceDispute", reason, INVOICE)
        .await?
        .must_refuse("WRONG_STATUS")?;
    // Money of theirs is not set against it meanwhile.
    house.pay(10_000, json!({})).await?;
    assert_eq!(
        house.invoice_now(&invoice).await?["openMinor"],
        json!(10_000)
    );
    let agreed = with("outcome", "The guest saw the photo");
    house.act("invoiceDisputeResolve", agreed, INVOICE).await?;
    let receipt = house
        .owner
        .read("{ receipts { nodes { id unappliedMinor } } }")
        .await?;
    let receipt = &receipt["receipts"]["nodes"][0];
    assert_eq!(receipt["unappliedMinor"], json!(10_000));
    house
        .owner
        .act(
            "receiptAllocate",
            json!({ "id": receipt["id"] }),
            "receipt { id }",
        )
        .await?;
    assert_eq!(house.invoice_now(&invoice).await?["status"], "PAID");
    house.must_agree().await
}
