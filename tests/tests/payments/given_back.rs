//! What a refund does to what the payment had paid: invoices, folios, deposits, shares, wallets.

use serde_json::{Value, json};
use tests::hotel::{id_of, made, soon};
use tests::{Hotel, World};

use super::{Till, money};

/// Tills of a hotel, with a guest.
struct Desk {
    till: Till,
    hotel: Hotel,
    guest: String,
}

impl Desk {
    async fn open() -> anyhow::Result<Self> {
        let mut till = Till::open().await?;
        let owner = till.owner.clone();
        let hotel = till
            .world
            .hotel_of(&owner, &tests::hotel::Plan::default())
            .await?;
        till.location.clone_from(&hotel.location);
        // Whose numbers invoices have follows from the country.
        till.sql
            .execute("update core.locations set country_code = 'PT'", &[])
            .await?;
        let guest = made(&owner, "customer", json!({"fullName": "Ana Silva"})).await?;
        Ok(Self { till, hotel, guest })
    }

    async fn paid_for(&self, source: Value, card: &str, amount: &str) -> anyhow::Result<Value> {
        let more = json!({"source": source, "customerId": self.guest});
        self.till.card(card, amount, more).await
    }

    async fn invoice(&self, price: &str) -> anyhow::Result<Value> {
        let input = json!({"locationId": self.till.location, "customerId": self.guest,
            "lines": [{"description": "Room", "unitPrice": price}]});
        let draft = self
            .till
            .owner
            .act("invoiceCreate", input, "invoice { id }")
            .await?;
        let id = json!({"id": draft["invoice"]["id"]});
        let made = self
            .till
            .owner
            .act("invoiceFinalize", id, "invoice { id }")
            .await?;
        Ok(made["invoice"]["id"].clone())
    }

    async fn row(&self, what: &str, id: &Value, fields: &str) -> anyhow::Result<Value> {
        let data = self
            .till
            .owner
            .read(&format!("{{ {what}(id: {id}) {{ {fields} }} }}"))
            .await?;
        Ok(data[what].clone())
    }
}

#[tokio::test]
async fn an_invoice_is_open_again_by_what_went_back() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let invoice = desk.invoice("100.00").await?;
    let paid = desk
        .paid_for(json!({"invoiceId": invoice}), "card_ok", "100.00")
        .await?;
    let fields = "status paidMinor openMinor";
    assert_eq!(
        desk.row("invoice", &invoice, fields).await?,
        json!({"status": "PAID", "paidMinor": 10_000, "openMinor": 0})
    );
    let some = json!({"amount": money("30.00")});
    desk.till.refund(&paid["id"], some).await?.must()?;
    assert_eq!(
        desk.row("invoice", &invoice, fields).await?,
        json!({"status": "PARTIALLY_PAID", "paidMinor": 7_000, "openMinor": 3_000})
    );
    desk.till.refund(&paid["id"], json!({})).await?.must()?;
    assert_eq!(
        desk.row("invoice", &invoice, "openMinor").await?["openMinor"],
        10_000
    );
    assert_eq!(
        desk.till.books("EUR").await?,
        json!({"1200": 10_000, "4000": 10_000})
    );
    desk.till.must_agree().await
}

#[tokio::test]
async fn what_was_credited_is_what_goes_back() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let invoice = desk.invoice("100.00").await?;
    let paid = desk
        .paid_for(json!({"invoiceId": invoice}), "card_ok", "100.00")
        .await?;
    let note = json!({"invoiceId": invoice, "reason": "The night was not slept"});
    let note = desk
        .till
        .owner
        .act("creditNoteCreate", note, "creditNote { id }")
        .await?;
    let note = note["creditNote"]["id"].clone();
    let issued = json!({"id": note});
    desk.till
        .owner
        .act("creditNoteFinalize", issued, "creditNote { id }")
        .await?;
    desk.till.refund(&paid["id"], json!({})).await?.must()?;
    assert_eq!(
        desk.row("invoice", &invoice, "status paidMinor openMinor")
            .await?,
        json!({"status": "PAID", "paidMinor": 10_000, "openMinor": 0})
    );
    assert_eq!(
        desk.row("creditNote", &note, "refundedMinor unusedMinor")
            .await?,
        json!({"refundedMinor": 10_000, "unusedMinor": 0})
    );
    desk.till.must_agree().await
}

#[tokio::test]
async fn a_deposit_is_paid_by_a_payment_and_given_back_by_its_refund() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let order = desk.hotel.confirmed(soon(0), 3).await?;
    let ask = json!({"bookingOrderId": order["id"], "amount": money("90.00")});
    let deposit = desk
        .till
        .owner
        .act("depositRequest", ask, "deposit { id }")
        .await?["deposit"]["id"]
        .clone();
    let fields = "status paidMinor heldMinor refundedMinor";
    let part = desk
        .paid_for(json!({"depositId": deposit}), "card_ok", "40.00")
        .await?;
    assert_eq!(
        desk.row("deposit", &deposit, fields).await?["status"],
        "PARTIALLY_PAID"
    );
    // More than is due: the rest is the guest's credit.
    let rest = desk
        .paid_for(json!({"depositId": deposit}), "card_ok", "60.00")
        .await?;
    assert_eq!(
        desk.row("deposit", &deposit, fields).await?,
        json!({"status": "PAID", "paidMinor": 9_000, "heldMinor": 9_000, "refundedMinor": 0})
    );
    assert_eq!(desk.till.books("EUR").await?["2100"], 1_000);
    // What is set against nothing goes first, then the deposit.
    desk.till
        .refund(&rest["id"], json!({"amount": money("30.00")}))
        .await?
        .must()?;
    assert_eq!(
        desk.row("deposit", &deposit, fields).await?,
        json!({"status": "PARTIALLY_PAID", "paidMinor": 7_000, "heldMinor": 7_000, "refundedMinor": 0})
    );
    desk.till.refund(&rest["id"], json!({})).await?.must()?;
    desk.till.refund(&part["id"], json!({})).await?.must()?;
    assert_eq!(
        desk.row("deposit", &deposit, fields).await?,
        json!({"status": "REFUNDED", "paidMinor": 4_000, "heldMinor": 0, "refundedMinor": 4_000})
    );
    assert_eq!(desk.till.books("EUR").await?, json!({}));
    desk.till.must_agree().await
}

#[tokio::test]
async fn a_share_is_owed_again_by_what_went_back() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let order = desk.hotel.confirmed(soon(0), 5).await?;
    let participant = bizing::database::new_id();
    let sql = "insert into booking.booking_participants (biz_id, id, order_id, name, role) values ($1, $2, $3, 'Rui', 'payer')";
    let order_id = super::id_of(&order["id"])?;
    desk.till
        .sql
        .execute(sql, &[&desk.till.owner.biz_id, &participant, &order_id])
        .await?;
    let shares = json!([{"participantId": id_of("bpt", participant), "amount": money("200.00")}]);
    let split = json!({"id": order["id"], "shares": shares});
    let split = desk
        .till
        .owner
        .act("bookingSplit", split, "obligations { id }")
        .await?;
    let share = split["obligations"][0]["id"].clone();
    let paid = desk
        .paid_for(
            json!({"participantObligationId": share}),
            "card_ok",
            "200.00",
        )
        .await?;
    let fields = "status paidMinor";
    assert_eq!(
        desk.row("participantObligation", &share, fields).await?,
        json!({"status": "PAID", "paidMinor": 20_000})
    );
    desk.till
        .refund(&paid["id"], json!({"amount": money("50.00")}))
        .await?
        .must()?;
    assert_eq!(
        desk.row("participantObligation", &share, fields).await?,
        json!({"status": "PARTIALLY_PAID", "paidMinor": 15_000})
    );
    // What staff noted as to be sent back is not counted twice when it is sent.
    let noted = json!({"id": share, "amount": money("100.00"), "reason": "Ill"});
    desk.till
        .owner
        .act("obligationRefund", noted, "toRefundMinor")
        .await?;
    assert_eq!(
        desk.row("participantObligation", &share, fields).await?["paidMinor"],
        5_000
    );
    desk.till
        .refund(&paid["id"], json!({"amount": money("100.00")}))
        .await?
        .must()?;
    assert_eq!(
        desk.row("participantObligation", &share, fields).await?["paidMinor"],
        5_000
    );
    desk.till.refund(&paid["id"], json!({})).await?.must()?;
    assert_eq!(
        desk.row("participantObligation", &share, fields).await?,
        json!({"status": "PENDING", "paidMinor": 0})
    );
    desk.till.must_agree().await
}

#[tokio::test]
async fn a_refund_goes_into_the_customers_wallet() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let anonymous = desk.till.card("card_ok", "50.00", json!({})).await?;
    desk.till
        .refund(&anonymous["id"], json!({"method": "WALLET"}))
        .await?
        .must_refuse("CUSTOMER_REQUIRED")?;
    let paid = desk
        .till
        .card(
            "card_refund_fails",
            "50.00",
            json!({"customerId": desk.guest}),
        )
        .await?;
    for amount in ["20.00", "10.00"] {
        let back = json!({"method": "WALLET", "amount": money(amount)});
        let done = desk.till.refund(&paid["id"], back).await?.must()?;
        assert_eq!(done.data("/verb/refunds/0/status"), "SUCCEEDED");
    }
    let data = desk
        .till
        .owner
        .read("{ wallets { nodes { balance status } } }")
        .await?;
    assert_eq!(
        data["wallets"]["nodes"],
        json!([{"balance": 3_000, "status": "OPEN"}])
    );
    assert_eq!(desk.till.books("EUR").await?["2150"], 3_000);
    let wallet = desk.till.owner.read("{ wallets { nodes { id } } }").await?;
    let tenders = json!([{"kind": "WALLET", "walletId": wallet["wallets"]["nodes"][0]["id"]}]);
    desk.till
        .pay("30.00", "EUR", tenders, json!({"customerId": desk.guest}))
        .await?
        .must()?;
    assert_eq!(desk.till.books("EUR").await?.get("2150"), None);
    desk.till.must_agree().await
}

/// Booking and refund are machines of their own: neither waits for the other.
#[tokio::test]
async fn e42_a_booking_stays_cancelled_while_its_refund_fails() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let order = desk.hotel.confirmed(soon(0), 2).await?;
    let source = json!({"bookingOrderId": order["id"]});
    let paid = desk.paid_for(source, "card_refund_fails", "200.00").await?;
    let cancel = json!({"id": order["id"], "reason": "Ill"});
    let done = desk
        .till
        .owner
        .act(
            "bookingCancel",
            cancel,
            "bookingOrder { status } refundDueMinor",
        )
        .await?;
    assert_eq!(done["refundDueMinor"], 20_000);
    let failed = desk.till.refund(&paid["id"], json!({})).await?.must()?;
    assert_eq!(failed.data("/verb/refunds/0/status"), "FAILED");
    assert_eq!(
        desk.row("bookingOrder", &order["id"], "status").await?["status"],
        "CANCELLED"
    );
    // The room is free for others meanwhile, and the money can still go back otherwise.
    desk.hotel.confirmed(soon(0), 2).await?;
    let cash = json!({"method": "BANK_TRANSFER"});
    let back = desk.till.refund(&paid["id"], cash).await?.must()?;
    assert_eq!(back.data("/verb/refunds/0/status"), "SUCCEEDED");
    // A refund that settles takes nobody's room: whether the booking stays is said by cancelling it.
    let kept = desk.hotel.confirmed(soon(20), 1).await?;
    let source = json!({"bookingOrderId": kept["id"]});
    let paid = desk.paid_for(source, "card_ok", "50.00").await?;
    desk.till.refund(&paid["id"], json!({})).await?.must()?;
    assert_eq!(
        desk.row("bookingOrder", &kept["id"], "status").await?["status"],
        "CONFIRMED"
    );
    desk.till.must_agree().await
}

/// A payment for an invoice is set against it once, by no more than is open.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e33_of_many_payments_at_once_no_more_than_is_open_is_set_against() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let invoice = desk.invoice("100.00").await?;
    let pay = || desk.paid_for(json!({"invoiceId": invoice}), "card_ok", "30.00");
    let paid = futures_util::future::join_all((0..12).map(|_| pay())).await;
    assert!(paid.iter().all(Result::is_ok), "{paid:?}");
    assert_eq!(
        desk.row("invoice", &invoice, "status paidMinor openMinor")
            .await?,
        json!({"status": "PAID", "paidMinor": 10_000, "openMinor": 0})
    );
    // What is beyond stays the customer's.
    assert_eq!(desk.till.books("EUR").await?["2100"], 12 * 3_000 - 10_000);
    desk.till.must_agree().await
}

#[tokio::test]
async fn e34_what_is_owed_in_one_currency_is_not_paid_in_another() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let invoice = desk.invoice("100.00").await?;
    let tenders = json!([{"kind": "CARD", "methodRef": "card_ok"}]);
    desk.till
        .pay(
            "100.00",
            "USD",
            tenders,
            json!({"source": {"invoiceId": invoice}}),
        )
        .await?
        .must_refuse("WRONG_AMOUNT")?;
    assert_eq!(desk.till.count("payments.payment_intents").await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_refund_that_a_bank_returns_is_the_customers_again() -> anyhow::Result<()> {
    let world = World::new().await?;
    let shop = super::stripe_shop::Shop::over(world).await?;
    let owner = &shop.till.owner;
    let guest = made(owner, "customer", json!({"fullName": "Ana"})).await?;
    let more = json!({"customerId": guest});
    let paid = shop.till.card("pm_card_visa", "80.00", more).await?;
    shop.till
        .refund(&paid["id"], json!({"amount": money("50.00")}))
        .await?
        .must()?;
    let receipts = "{ receipts { nodes { amountMinor unappliedMinor } } }";
    let data = owner.read(receipts).await?;
    assert_eq!(
        data["receipts"]["nodes"],
        json!([{"amountMinor": 8_000, "unappliedMinor": 3_000}])
    );
    let mut refund = shop.stripe.books(|books| books.refunds["re_1"].clone());
    refund["status"] = json!("failed");
    let failed = shop.event("evt_1", "refund.failed", 100, refund);
    assert_eq!(shop.message(&failed).await?.0, 200);
    let data = owner.read(receipts).await?;
    assert_eq!(
        data["receipts"]["nodes"],
        json!([{"amountMinor": 8_000, "unappliedMinor": 8_000}])
    );
    assert_eq!(shop.till.books("EUR").await?["2100"], 8_000);
    shop.till.must_agree().await
}
