//! Invoices: what they are put together from, how they are issued, and that they stay as they are.

use serde_json::{Value, json};
use tests::World;
use tests::actor::uuid;
use tests::hotel::{Plan, made, soon};

use super::{House, INVOICE};

#[tokio::test]
async fn a_draft_has_no_number_and_an_invoice_has_one_and_is_posted() -> anyhow::Result<()> {
    let house = House::open().await?;
    let rate = house.tax("IVA standard", "0.23").await?;
    let lines = json!([
        { "description": "Meeting room", "quantity": "2", "unitPrice": "100.00", "taxRateId": rate, "discount": house.money(1_000) },
        { "description": "Parking", "unitPrice": "15.005" },
    ]);
    let draft = house
        .draft_of(lines, json!({ "note": "With thanks", "dueOn": soon(0) }))
        .await?;
    assert_eq!(
        (&draft["status"], &draft["number"]),
        (&json!("DRAFT"), &Value::Null)
    );
    // 200.00 - 10.00 + 43.70, and 15.005 rounded half to even.
    assert_eq!(
        (&draft["taxMinor"], &draft["totalMinor"]),
        (&json!(4_370), &json!(23_370 + 1_500))
    );
    let done = house
        .act("invoiceFinalize", json!({ "id": draft["id"] }), INVOICE)
        .await?;
    assert_eq!(
        (&done["status"], &done["number"], &done["openMinor"]),
        (&json!("FINALIZED"), &json!("INV-000001"), &json!(24_870))
    );
    assert_eq!(done["dueOn"], json!(soon(0)));
    assert_eq!(done["buyer"]["name"], "Ana Silva");
    assert_eq!(done["seller"]["tax_id"], "509000001");
    let books = [("1200", 24_870), ("2200", 4_370), ("4000", 24_870 - 4_370)];
    for (code, balance) in books {
        assert_eq!(house.books(code).await?, balance, "account {code}");
    }
    house.must_agree().await
}

#[tokio::test]
async fn a_booking_is_billed_once_with_its_lines() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel_as(&Plan::default()).await?;
    let house = House::of(world, hotel.owner.clone(), "EUR").await?;
    let order = hotel.confirmed(soon(0), 3).await?;
    let input = json!({ "bookingOrderId": order["id"], "customerId": house.customer });
    let draft = house.act("invoiceCreate", input.clone(), INVOICE).await?;
    assert_eq!(draft["totalMinor"], order["totalMinor"]);
    house
        .verb("invoiceCreate", input.clone(), "invoice { id }")
        .await?
        .must_refuse("NOTHING_TO_BILL")?;
    // What a draft held is free again once that is thrown away.
    let gone = house
        .act("invoiceDiscard", json!({ "id": draft["id"] }), INVOICE)
        .await?;
    assert_eq!(gone["status"], "DISCARDED");
    let again = house.act("invoiceCreate", input, INVOICE).await?;
    assert_eq!(again["totalMinor"], order["totalMinor"]);
    house.must_agree().await
}

#[tokio::test]
async fn e32_of_eight_who_bill_a_booking_at_once_one_does() -> anyhow::Result<()> {
    let world = World::with_pool(8).await?;
    let hotel = world.hotel_as(&Plan::default()).await?;
    let house = House::of(world, hotel.owner.clone(), "EUR").await?;
    let order = hotel.confirmed(soon(0), 1).await?;
    let requests = (0..8).map(|_| {
        let input = json!({ "bookingOrderId": order["id"], "customerId": house.customer });
        house.verb("invoiceCreate", input, "invoice { id }")
    });
    let answers = futures_util::future::join_all(requests).await;
    let mut made = 0;
    for answer in answers {
        match answer?.user_code() {
            None => made += 1,
            Some(code) => assert!(
                ["NOTHING_TO_BILL", "ALREADY_BILLED"].contains(&code),
                "{code}"
            ),
        }
    }
    assert_eq!(made, 1);
    house.must_agree().await
}

/// Invariant 14: also for the role of the server, past the verbs.
#[tokio::test]
async fn inv14_an_issued_invoice_never_changes() -> anyhow::Result<()> {
    let house = House::open().await?;
    let invoice = house.invoice(10_000).await?;
    let id = uuid(&invoice["id"])?;
    let app = house.world.database.app(house.owner.biz_id).await?;
    let attempts = [
        "update billing.invoices set total_minor = 1, subtotal_minor = 1 where id = $1",
        "update billing.invoices set number = 'X' where id = $1",
        "update billing.invoices set paid_minor = 10000, status = 'paid' where id = $1",
        "update billing.invoices set buyer = '{}' where id = $1",
        "update billing.invoice_lines set total_minor = 1, subtotal_minor = 1 where invoice_id = $1",
        "update billing.invoice_lines set description = 'Other' where invoice_id = $1",
        "delete from billing.invoice_lines where invoice_id = $1",
        "delete from billing.invoices where id = $1",
        "update billing.invoices set status = 'draft' where id = $1",
    ];
    for sql in attempts {
        assert!(app.execute(sql, &[&id]).await.is_err(), "{sql}");
    }
    let now = house.invoice_now(&invoice).await?;
    assert_eq!(now, invoice);
    house.must_agree().await
}

#[tokio::test]
async fn a_voided_invoice_keeps_its_number_and_counts_nowhere() -> anyhow::Result<()> {
    let house = House::open().await?;
    let account = house.account(json!({})).await?;
    let more = json!({ "billingAccountId": account });
    let invoice = house.invoice_of(json!([house.line(5_000)]), more).await?;
    assert_eq!(invoice["kind"], "AR");
    let input = json!({ "id": invoice["id"], "reason": " " });
    house
        .verb("invoiceVoid", input, INVOICE)
        .await?
        .must_refuse("REASON_REQUIRED")?;
    let input = json!({ "id": invoice["id"], "reason": "Wrong customer" });
    let gone = house.act("invoiceVoid", input.clone(), INVOICE).await?;
    assert_eq!(
        (&gone["status"], &gone["number"], &gone["openMinor"]),
        (&json!("VOIDED"), &invoice["number"], &json!(0))
    );
    house
        .verb("invoiceVoid", input, INVOICE)
        .await?
        .must_refuse("WRONG_STATUS")?;
    for code in ["1200", "4000"] {
        assert_eq!(house.books(code).await?, 0, "account {code}");
    }
    let other = house.invoice(700).await?;
    assert_ne!(other["number"], invoice["number"]);
    house.pay(200, json!({})).await?;
    let input = json!({ "id": other["id"], "reason": "Too late" });
    house
        .verb("invoiceVoid", input, INVOICE)
        .await?
        .must_refuse("WRONG_STATUS")?;
    house.must_agree().await
}

#[tokio::test]
async fn a_limit_a_hold_and_a_purchase_order_are_minded() -> anyhow::Result<()> {
    let house = House::open().await?;
    let account = house
        .account(json!({ "creditLimit": house.money(10_000), "isPoRequired": true, "paymentDays": 30, "paymentTerm": "END_OF_MONTH" }))
        .await?;
    let order =
        json!({ "billingAccountId": account, "poNumber": "DC-1", "amount": house.money(8_000) });
    let order = house
        .act(
            "customerPurchaseOrderRecord",
            order,
            "customerPurchaseOrder { id }",
        )
        .await?;
    let on = |minor: i64, po: Value| {
        let more = json!({ "billingAccountId": account, "customerPoId": po });
        house.draft_of(json!([house.line(minor)]), more)
    };
    let finalize =
        |draft: &Value| house.verb("invoiceFinalize", json!({ "id": draft["id"] }), INVOICE);
    let bare = on(100, Value::Null).await?;
    finalize(&bare)
        .await?
        .must_refuse("PURCHASE_ORDER_REQUIRED")?;
    let first = on(7_000, order["id"].clone()).await?;
    finalize(&first).await?.must()?;
    let second = on(1_500, order["id"].clone()).await?;
    finalize(&second)
        .await?
        .must_refuse("PURCHASE_ORDER_EXCEEDED")?;
    let change = json!({ "id": account, "isPoRequired": false });
    house
        .act("billingAccountChange", change, "billingAccount { id }")
        .await?;
    let third = on(3_001, Value::Null).await?;
    finalize(&third)
        .await?
        .must_refuse("CREDIT_LIMIT_EXCEEDED")?;
    let until = house.world.shared.database.now() + chrono::Duration::days(2);
    let more =
        json!({ "id": account, "creditExtension": house.money(500), "extendedUntil": until });
    house
        .act("billingAccountChange", more, "billingAccount { id }")
        .await?;
    finalize(&third).await?.must()?;
    let hold = json!({ "id": account, "reason": "Overdue" });
    house
        .act("billingAccountHold", hold, "billingAccount { status }")
        .await?;
    finalize(&bare).await?.must_refuse("ACCOUNT_ON_HOLD")?;
    let close = json!({ "id": account, "reason": "Over" });
    house
        .verb("billingAccountClose", close, "billingAccount { id }")
        .await?
        .must_refuse("OWES_SOMETHING")?;
    house.must_agree().await
}

#[tokio::test]
async fn e27_amounts_have_the_digits_of_their_currency() -> anyhow::Result<()> {
    for (currency, price, minor) in [
        ("JPY", "1500", 1_500),
        ("KWD", "12.345", 12_345),
        ("EUR", "9.99", 999),
    ] {
        let house = House::over(World::new().await?, currency).await?;
        let lines = json!([{ "description": "Tea", "unitPrice": price }]);
        let invoice = house.invoice_of(lines, json!({})).await?;
        assert_eq!(invoice["totalMinor"], json!(minor), "{currency}");
        house.pay(minor - 1, json!({})).await?;
        let now = house.invoice_now(&invoice).await?;
        assert_eq!(
            (&now["status"], &now["openMinor"]),
            (&json!("PARTIALLY_PAID"), &json!(1))
        );
        let fine = json!({ "amount": "0.0001", "currency": currency });
        let input = house.payment(1, json!({ "amount": fine }));
        let answer = house.verb("receiptRecord", input, "receipt { id }").await?;
        assert!(!answer.errors().is_empty(), "{}", answer.body);
        house.must_agree().await?;
    }
    Ok(())
}

/// What an account used in a month is billed once, by the days of the house, however many ask and however
/// the months overlap: eleven in the evening in Honolulu is the next day in London.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e32_what_an_account_used_in_a_month_is_billed_once() -> anyhow::Result<()> {
    let mut house = House::over(World::with_pool(8).await?, "USD").await?;
    let location = json!({
        "code": "HNL", "name": "Honolulu", "kind": "PROPERTY", "timezone": "Pacific/Honolulu", "currency": "USD", "countryCode": "US",
    });
    house.location = made(&house.owner, "location", location).await?;
    let account = house
        .account(json!({ "timezone": "Pacific/Honolulu" }))
        .await?;
    for (at, minor) in [
        ("2027-04-01T09:00:00Z", 1_000),
        ("2027-04-01T11:00:00Z", 200),
    ] {
        house.world.clock.set(at.parse()?);
        house.owner = house.world.again(&house.owner).await?;
        let folio = json!({ "locationId": house.location, "ownerCustomerId": house.customer, "billingAccountId": account });
        let folio = house.act("folioOpen", folio, "folio { id }").await?;
        let charge = json!({ "folioId": folio["id"], "description": "Dinner", "amount": house.money(minor) });
        house.act("folioPost", charge, "folio { id }").await?;
    }
    let month = |from: &str, to: &str| json!({ "billingAccountId": account, "locationId": house.location, "period": { "startsOn": from, "endsOn": to } });
    let march = month("2027-03-01", "2027-04-01");
    let tries = (0..8).map(|_| house.verb("invoiceCreate", march.clone(), INVOICE));
    let mut billed = Vec::new();
    for answer in futures_util::future::join_all(tries).await {
        let answer = answer?;
        match answer.user_code() {
            None => billed.push(answer.payload()["invoice"]["totalMinor"].clone()),
            Some(code) => assert!(
                ["NOTHING_TO_BILL", "ALREADY_BILLED"].contains(&code),
                "{code}"
            ),
        }
    }
    assert_eq!(billed, [json!(1_000)]);
    // The rest of it, and nothing of March again.
    let both = month("2027-03-01", "2027-05-01");
    let april = house.act("invoiceCreate", both.clone(), INVOICE).await?;
    assert_eq!(april["totalMinor"], json!(200));
    house
        .verb("invoiceCreate", both, INVOICE)
        .await?
        .must_refuse("NOTHING_TO_BILL")?;
    house.must_agree().await
}
