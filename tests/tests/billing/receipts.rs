//! Receipts: what came in is set against what is owed, the oldest first, and never twice.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::World;
use tests::hotel::soon;

use super::{House, RECEIPT, number, text};

#[tokio::test]
async fn money_pays_the_oldest_first_and_the_rest_is_the_payers() -> anyhow::Result<()> {
    let house = House::open().await?;
    let mut invoices = Vec::new();
    // Made in another order than due.
    for (minor, due) in [(3_000, 20), (1_000, 5), (2_000, 10)] {
        let more = json!({ "dueOn": soon(due) });
        invoices.push(house.invoice_of(json!([house.line(minor)]), more).await?);
    }
    house.pay(2_500, json!({})).await?;
    let mut paid = Vec::new();
    for invoice in &invoices {
        paid.push(number(&house.invoice_now(invoice).await?, "paidMinor")?);
    }
    assert_eq!(paid, [0, 1_000, 1_500]);
    let receipt = house.pay(4_000, json!({})).await?;
    assert_eq!(receipt["unappliedMinor"], json!(500));
    for invoice in &invoices {
        assert_eq!(house.invoice_now(invoice).await?["status"], "PAID");
    }
    assert_eq!(house.books("1010").await?, 6_500);
    assert_eq!(house.books("1200").await?, 0);
    assert_eq!(house.books("2100").await?, 500);
    house.must_agree().await
}

#[tokio::test]
async fn what_was_set_against_one_invoice_can_be_set_against_another() -> anyhow::Result<()> {
    let house = House::open().await?;
    let (one, other) = (house.invoice(1_000).await?, house.invoice(900).await?);
    let part = |invoice: &Value, minor| json!([{ "invoiceId": invoice["id"], "amount": house.money(minor) }]);
    let receipt = house
        .pay(1_000, json!({ "allocations": part(&one, 1_000) }))
        .await?;
    assert_eq!(house.invoice_now(&one).await?["status"], "PAID");
    let data = house
        .owner
        .read("{ paymentAllocations { nodes { id } } }")
        .await?;
    let id = &data["paymentAllocations"]["nodes"][0]["id"];
    let undo = json!({ "id": id, "reason": "Meant for the other" });
    house
        .act(
            "paymentAllocationReverse",
            undo.clone(),
            "paymentAllocation { amountMinor }",
        )
        .await?;
    house
        .verb("paymentAllocationReverse", undo, "paymentAllocation { id }")
        .await?
        .must_refuse("ALREADY_REVERSED")?;
    let input = json!({ "id": receipt["id"], "allocations": part(&other, 901) });
    house
        .verb("receiptAllocate", input, RECEIPT)
        .await?
        .must_refuse("MORE_THAN_OPEN")?;
    let input = json!({ "id": receipt["id"], "allocations": part(&other, 900) });
    let left = house.act("receiptAllocate", input, RECEIPT).await?;
    assert_eq!(left["unappliedMinor"], json!(100));
    let gone = json!({ "id": receipt["id"], "reason": "Bounced" });
    let gone = house.act("receiptReverse", gone, RECEIPT).await?;
    assert_eq!(
        (&gone["status"], &gone["unappliedMinor"]),
        (&json!("REVERSED"), &json!(1_000))
    );
    assert_eq!(house.invoice_now(&other).await?["openMinor"], json!(900));
    assert_eq!(house.books("1200").await?, 1_900);
    assert_eq!(house.books("1010").await?, 0);
    let input = json!({ "id": receipt["id"] });
    house
        .verb("receiptAllocate", input, RECEIPT)
        .await?
        .must_refuse("WRONG_STATUS")?;
    house.must_agree().await
}

/// Invariant 16: no more is set against an invoice than is open, none of a receipt twice, however
/// many try at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e33_inv16_of_32_who_pay_credit_and_give_up_at_once_the_invoice_is_settled_once()
-> anyhow::Result<()> {
    let house = House::over(World::with_pool(16).await?, "EUR").await?;
    let invoice = house.invoice(10_000).await?;
    let part = json!([{ "invoiceId": invoice["id"], "amount": house.money(900) }]);
    let kept = house.pay(5_000, json!({ "keepUnapplied": true })).await?;
    let credit = json!({ "invoiceId": invoice["id"], "reason": "Goodwill", "lines": [
        { "invoiceLineId": line_of(&house, &invoice).await?, "amount": house.money(3_000) } ] });
    let credit = house
        .act("creditNoteCreate", credit, "creditNote { id }")
        .await?;
    let requests = (0..32).map(|index| {
        let (name, input) = match index % 4 {
            0 => (
                "receiptRecord",
                house.payment(900, json!({ "allocations": part })),
            ),
            1 => (
                "receiptAllocate",
                json!({ "id": kept["id"], "allocations": part }),
            ),
            2 => ("creditNoteFinalize", json!({ "id": credit["id"] })),
            _ => ("receiptRecord", house.payment(700, json!({}))),
        };
        house.owner.verb(name, input, "userErrors { code }")
    });
    for answer in join_all(requests).await {
        let answer = answer?;
        let known = ["MORE_THAN_OPEN", "MORE_THAN_RECEIVED", "WRONG_STATUS"];
        let code = answer.user_code();
        assert!(
            answer.errors().is_empty() && code.is_none_or(|code| known.contains(&code)),
            "{}",
            answer.body
        );
    }
    let now = house.invoice_now(&invoice).await?;
    let settled = number(&now, "paidMinor")? + number(&now, "creditedMinor")?;
    assert_eq!(settled + number(&now, "openMinor")?, 10_000);
    assert_eq!(now["creditedMinor"], json!(3_000));
    assert_eq!(now["openMinor"], json!(0));
    house.must_agree().await
}

async fn line_of(house: &House, invoice: &Value) -> anyhow::Result<String> {
    let query = format!(
        "{{ invoiceLines(filter: {{invoiceId: {{eq: \"{}\"}}}}) {{ nodes {{ id }} }} }}",
        text(&invoice["id"])
    );
    let data = house.owner.read(&query).await?;
    Ok(text(&data["invoiceLines"]["nodes"][0]["id"]))
}

#[tokio::test]
async fn e37_inv17_the_same_key_is_one_receipt() -> anyhow::Result<()> {
    let house = House::open().await?;
    house.invoice(1_000).await?;
    let input = house.payment(400, json!({ "idempotencyKey": "till-1" }));
    let first = house
        .verb("receiptRecord", input.clone(), RECEIPT)
        .await?
        .must()?;
    let second = house.verb("receiptRecord", input, RECEIPT).await?.must()?;
    assert_eq!(
        first.payload()["receipt"]["id"],
        second.payload()["receipt"]["id"]
    );
    assert_eq!(second.payload()["replayed"], json!(true));
    let other = house.payment(500, json!({ "idempotencyKey": "till-1" }));
    house
        .verb("receiptRecord", other, RECEIPT)
        .await?
        .must_refuse("IDEMPOTENCY_MISMATCH")?;
    assert_eq!(
        house.count("select count(*) from billing.receipts").await?,
        1
    );
    let invoice = house
        .owner
        .read(&format!("{{ invoices {{ nodes {{ {} }} }} }}", "paidMinor"))
        .await?;
    assert_eq!(invoice["invoices"]["nodes"][0]["paidMinor"], json!(400));
    house.must_agree().await
}

/// E-21: nothing of zero or less comes in.
#[tokio::test]
async fn e21_a_payment_is_of_more_than_zero() -> anyhow::Result<()> {
    let house = House::open().await?;
    house.invoice(1_000).await?;
    for minor in [0, -100] {
        house
            .verb("receiptRecord", house.payment(minor, json!({})), RECEIPT)
            .await?
            .must_refuse("WRONG_AMOUNT")?;
    }
    house.must_agree().await
}
