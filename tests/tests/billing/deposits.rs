//! Deposits: asked for, paid, used, kept, given back; and what is given up.

use serde_json::{Value, json};
use tests::World;
use tests::hotel::{Plan, soon};

use super::{House, INVOICE};

const DEPOSIT: &str = "deposit { id status requiredMinor paidMinor appliedMinor forfeitedMinor refundedMinor heldMinor }";

/// A house with a booking of 200.00, and a deposit of 60.00 that was paid in two parts.
async fn paid() -> anyhow::Result<(House, Value, Value)> {
    let world = World::new().await?;
    let hotel = world.hotel_as(&Plan::default()).await?;
    let mut house = House::of(world, hotel.owner.clone(), "EUR").await?;
    house.location.clone_from(&hotel.location);
    // Whose numbers invoices have follows from the country.
    house
        .sql
        .execute("update core.locations set country_code = 'PT'", &[])
        .await?;
    let mut stay = hotel.stay(soon(0), 2);
    stay["confirm"] = json!(true);
    stay["customerId"] = json!(house.customer);
    let order = hotel.book(stay).await?;
    let input =
        json!({ "bookingOrderId": order["id"], "amount": house.money(6_000), "dueOn": soon(-10) });
    let deposit = house.act("depositRequest", input, DEPOSIT).await?;
    let pay =
        |minor: i64| json!({ "id": deposit["id"], "method": "CARD", "amount": house.money(minor) });
    let part = house.act("depositPay", pay(2_000), DEPOSIT).await?;
    assert_eq!(part["status"], "PARTIALLY_PAID");
    house
        .verb("depositPay", pay(4_001), DEPOSIT)
        .await?
        .must_refuse("WRONG_AMOUNT")?;
    let deposit = house.act("depositPay", pay(4_000), DEPOSIT).await?;
    assert_eq!(
        (&deposit["status"], &deposit["heldMinor"]),
        (&json!("PAID"), &json!(6_000))
    );
    house.must_agree().await?;
    Ok((house, order, deposit))
}

#[tokio::test]
async fn a_deposit_pays_the_invoice_of_its_booking() -> anyhow::Result<()> {
    let (house, order, deposit) = paid().await?;
    let draft = json!({ "bookingOrderId": order["id"] });
    let draft = house.act("invoiceCreate", draft, INVOICE).await?;
    let invoice = house
        .act("invoiceFinalize", json!({ "id": draft["id"] }), INVOICE)
        .await?;
    let input = json!({ "id": deposit["id"], "invoiceId": invoice["id"] });
    let done = house.act("depositApply", input.clone(), DEPOSIT).await?;
    assert_eq!(
        (&done["status"], &done["appliedMinor"]),
        (&json!("APPLIED"), &json!(6_000))
    );
    house
        .verb("depositApply", input, DEPOSIT)
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert_eq!(
        house.invoice_now(&invoice).await?["openMinor"],
        json!(14_000)
    );
    assert_eq!(house.books("1100").await?, 0);
    assert_eq!(house.books("2100").await?, 0);
    house.must_agree().await
}

#[tokio::test]
async fn a_deposit_is_kept_or_given_back_and_never_both() -> anyhow::Result<()> {
    let (house, _, deposit) = paid().await?;
    let input = json!({ "id": deposit["id"], "reason": "Did not come" });
    let done = house.act("depositForfeit", input.clone(), DEPOSIT).await?;
    assert_eq!(
        (&done["status"], &done["forfeitedMinor"]),
        (&json!("FORFEITED"), &json!(6_000))
    );
    house
        .verb("depositRefund", input, DEPOSIT)
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert_eq!(house.books("4000").await?, 6_000);
    house.must_agree().await?;

    let (house, _, deposit) = paid().await?;
    let input = json!({ "id": deposit["id"], "reason": "Cancelled in time" });
    let done = house.act("depositRefund", input, DEPOSIT).await?;
    assert_eq!(
        (&done["status"], &done["refundedMinor"]),
        (&json!("REFUNDED"), &json!(6_000))
    );
    let free = house
        .count("select sum(unapplied_minor)::bigint from billing.receipts")
        .await?;
    assert_eq!(free, 6_000);
    house.must_agree().await
}

const WRITE_OFF: &str = "writeOff { id status amountMinor recoveredMinor }";

#[tokio::test]
async fn above_a_limit_two_people_give_up_what_is_open() -> anyhow::Result<()> {
    let house = House::open().await?;
    let (small, large) = (house.invoice(4_000).await?, house.invoice(9_000).await?);
    let input = |invoice: &Value| json!({ "id": invoice["id"], "reason": "UNCOLLECTIBLE" });
    let done = house
        .act("invoiceWriteOff", input(&small), WRITE_OFF)
        .await?;
    assert_eq!(done["status"], "APPROVED");
    assert_eq!(house.invoice_now(&small).await?["status"], "UNCOLLECTIBLE");
    let asked = house
        .act("invoiceWriteOff", input(&large), WRITE_OFF)
        .await?;
    assert_eq!(asked["status"], "PENDING_APPROVAL");
    assert_eq!(house.invoice_now(&large).await?["openMinor"], json!(9_000));
    let approve = json!({ "id": asked["id"] });
    house
        .verb("writeOffApprove", approve.clone(), WRITE_OFF)
        .await?
        .must_refuse("SAME_PERSON")?;
    // It is paid in part before somebody else looks at it.
    house.pay(1_000, json!({})).await?;
    let second = house.world.staff(&house.owner, "admin", &[]).await?;
    second
        .verb("writeOffApprove", approve, WRITE_OFF)
        .await?
        .must_refuse("MORE_THAN_OPEN")?;
    let reject = json!({ "id": asked["id"], "reason": "They pay" });
    second.act("writeOffReject", reject, WRITE_OFF).await?;
    let recover = json!({ "id": done["id"], "amount": house.money(1_500) });
    let back = house.act("writeOffRecover", recover, WRITE_OFF).await?;
    assert_eq!(back["recoveredMinor"], json!(1_500));
    assert_eq!(house.invoice_now(&small).await?["openMinor"], json!(1_500));
    assert_eq!(house.books("5020").await?, 2_500);
    assert_eq!(house.books("1200").await?, 1_500 + 8_000);
    house.must_agree().await
}
