//! Pages of Stripe on which customers pay: asked for, paid, closed, and heard of in every order.

use chrono::Duration;
use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use tests::hotel::{Plan, soon};

use super::stripe_shop::Shop;
use super::{id_of, money};

const STATUS: &str = "checkoutSession { status }";
const PAGE: &str = "refusal checkoutSession { id status url amountMinor externalId intentId }";

/// A business with a booking to pay.
struct Pages {
    shop: Shop,
    order: Value,
}

impl Pages {
    async fn open() -> anyhow::Result<Self> {
        let shop = Shop::open().await?;
        let hotel = shop
            .till
            .world
            .hotel_of(&shop.till.owner, &Plan::default())
            .await?;
        let order = hotel.confirmed(soon(30), 1).await?["id"].clone();
        Ok(Self { shop, order })
    }

    fn input(&self, more: Value) -> Value {
        let mut input = json!({
            "source": {"bookingOrderId": self.order}, "amount": money("30.00"), "description": "Deposit",
            "successUrl": "https://shop.example/thanks", "cancelUrl": "https://shop.example/cart",
        });
        super::merge(&mut input, more);
        input
    }

    async fn refused(&self, more: Value, code: &str) -> anyhow::Result<()> {
        let owner = &self.shop.till.owner;
        let answer = owner.verb("checkoutSessionCreate", self.input(more), PAGE);
        answer.await?.must_refuse(code).map(drop)
    }

    /// A page for 30 euros.
    async fn page(&self) -> anyhow::Result<Value> {
        let owner = &self.shop.till.owner;
        let made = owner.act("checkoutSessionCreate", self.input(json!({})), PAGE);
        Ok(made.await?["checkoutSession"].clone())
    }

    async fn expire(&self, page: &Value) -> anyhow::Result<tests::Answer> {
        let owner = &self.shop.till.owner;
        let input = json!({"id": page["id"]});
        owner.verb("checkoutSessionExpire", input, STATUS).await
    }

    /// A page as it now is: its status, and what its payment took.
    async fn now(&self, page: &Value) -> anyhow::Result<(String, Option<i64>)> {
        let sql = "select s.status::text, i.captured_minor from payments.checkout_sessions s \
            left join payments.payment_intents i on i.biz_id = s.biz_id and i.id = s.intent_id where s.id = $1";
        let id = id_of(&page["id"])?;
        let row = self.shop.till.sql.query_one(sql, &[&id]).await?;
        Ok((row.try_get(0)?, row.try_get(1)?))
    }

    /// What a customer pays on a page, and the messages of it: about the page, and about the payment.
    fn paid(&self, page: &Value) -> anyhow::Result<[Value; 2]> {
        let id = page["externalId"].as_str().unwrap_or_default();
        let paid = self.shop.stripe.pay_page(id);
        let (session, intent) = paid.ok_or_else(|| anyhow::anyhow!("it is closed"))?;
        let event =
            |kind: &str, object| self.shop.event(&format!("{kind} {id}"), kind, 100, object);
        Ok([
            event("checkout.session.completed", session),
            event("payment_intent.succeeded", intent),
        ])
    }

    async fn must_be_paid(&self, page: &Value) -> anyhow::Result<()> {
        assert_eq!(self.now(page).await?, ("complete".to_owned(), Some(3_000)));
        Ok(())
    }
}

#[tokio::test]
async fn a_page_is_made_once_and_what_is_paid_on_it_is_one_payment() -> anyhow::Result<()> {
    let pages = Pages::open().await?;
    let (till, stripe) = (&pages.shop.till, &pages.shop.stripe);
    let input = pages.input(json!({"idempotencyKey": "cart 7"}));
    let asked = join_all((0..4).map(|_| {
        till.owner
            .verb("checkoutSessionCreate", input.clone(), PAGE)
    }));
    let mut page = Value::Null;
    for answer in asked.await {
        let made = answer?.must()?.data("/verb/checkoutSession").clone();
        assert!(page.is_null() || page["id"] == made["id"]);
        page = made;
    }
    let again = till.owner.verb("checkoutSessionCreate", input, PAGE);
    let page = again.await?.must()?.data("/verb/checkoutSession").clone();
    assert_eq!(
        (&page["status"], &page["url"], &page["intentId"]),
        (
            &json!("OPEN"),
            &json!("https://checkout.example/cs_1"),
            &Value::Null
        )
    );
    let other = json!({"idempotencyKey": "cart 7", "amount": money("31.00")});
    pages.refused(other, "IDEMPOTENCY_MISMATCH").await?;
    let at_stripe = stripe.books(|books| books.pages.clone());
    assert_eq!(at_stripe.len(), 1);
    assert_eq!(
        (
            &at_stripe["cs_1"]["amount_total"],
            &at_stripe["cs_1"]["currency"]
        ),
        (&json!(3_000), &json!("eur"))
    );
    // The message of the page does not say what was charged: that is asked for.
    let [completed, succeeded] = pages.paid(&page)?;
    assert_eq!(pages.shop.message(&completed).await?.0, 200);
    pages.must_be_paid(&page).await?;
    let sql = "select string_agg(distinct external_id, ',') from payments.payment_transactions where kind = 'capture'";
    let charge: Option<String> = till.sql.query_one(sql, &[]).await?.try_get(0)?;
    assert_eq!(charge.as_deref(), Some("ch_pi_1"));
    for message in [&completed, &succeeded, &completed, &succeeded] {
        assert_eq!(pages.shop.message(message).await?.0, 200);
    }
    let late = json!({"id": "cs_1", "status": "expired", "metadata": {}});
    let late = pages
        .shop
        .event("late", "checkout.session.expired", 300, late);
    pages.shop.message(&late).await?;
    assert_eq!(pages.shop.stored("late").await?.0, "ignored");
    pages.must_be_paid(&page).await?;
    assert_eq!(till.count("payments.payment_intents").await?, 1);
    let sql = "select id from payments.payment_intents";
    let id: uuid::Uuid = till.sql.query_one(sql, &[]).await?.try_get(0)?;
    assert_eq!(till.books("EUR").await?["2100"], 3_000);
    // It goes back as any other payment does.
    let data = till
        .owner
        .read("{ paymentIntents { nodes { id } } }")
        .await?;
    let payment = &data["paymentIntents"]["nodes"][0]["id"];
    assert_eq!(id_of(payment)?, id);
    let back = till
        .refund(payment, json!({"amount": money("5.00")}))
        .await?;
    back.must()?;
    assert_eq!(
        stripe.books(|books| books.refunds["re_1"]["payment_intent"].clone()),
        "pi_1"
    );
    till.must_agree().await
}

/// In every order, and each twice: a declined card on the page, the payment, the page.
#[tokio::test]
async fn inv18_messages_of_a_page_end_in_one_payment_in_every_order() -> anyhow::Result<()> {
    let pages = Pages::open().await?;
    let orders = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    for (n, order) in orders.into_iter().enumerate() {
        let page = pages.page().await?;
        let [completed, succeeded] = pages.paid(&page)?;
        let mut declined = succeeded["data"]["object"].clone();
        declined["status"] = json!("requires_payment_method");
        declined["amount_received"] = json!(0);
        let kind = "payment_intent.payment_failed";
        let declined = pages
            .shop
            .event(&format!("declined {n}"), kind, 50, declined);
        let messages = [declined, succeeded, completed];
        for place in order.into_iter().chain(order) {
            assert_eq!(pages.shop.message(&messages[place]).await?.0, 200);
        }
        pages.must_be_paid(&page).await?;
    }
    let till = &pages.shop.till;
    assert_eq!(till.count("payments.payment_intents").await?, 6);
    assert_eq!(till.books("EUR").await?["2100"], 18_000);
    let sql =
        "select count(*) from payments.webhook_events where status not in ('processed', 'ignored')";
    let waiting: i64 = till.sql.query_one(sql, &[]).await?.try_get(0)?;
    assert_eq!(waiting, 0);
    till.must_agree().await
}

#[tokio::test]
async fn what_no_message_tells_of_a_page_is_asked_for() -> anyhow::Result<()> {
    let pages = Pages::open().await?;
    let (till, stripe) = (&pages.shop.till, &pages.shop.stripe);
    // The first answer is lost: the page is asked for again under its key, and is there once.
    stripe.books(|books| books.lose = 1);
    let paid = pages.page().await?;
    assert_eq!(
        (&paid["externalId"], stripe.books(|books| books.pages.len())),
        (&json!("cs_1"), 1)
    );
    let closed = pages.page().await?;
    pages.paid(&paid)?;
    stripe.books(|books| {
        books
            .pages
            .get_mut("cs_2")
            .map(|page| page["status"] = json!("expired"))
    });
    // All answers are lost: nobody has the address.
    stripe.books(|books| books.lose = 3);
    let lost = pages.page().await?;
    assert_eq!(
        (&lost["status"], &lost["url"]),
        (&json!("OPEN"), &Value::Null)
    );
    till.world.clock.advance(Duration::seconds(61));
    assert_eq!(till.world.run_job("reconcile_checkouts").await?, 2);
    pages.must_be_paid(&paid).await?;
    assert_eq!(pages.now(&closed).await?, ("expired".to_owned(), None));
    assert_eq!(pages.now(&lost).await?, ("open".to_owned(), None));
    till.world.clock.advance(Duration::minutes(10));
    assert_eq!(till.world.run_job("reconcile_checkouts").await?, 1);
    assert_eq!(pages.now(&lost).await?, ("expired".to_owned(), None));
    // It was there all the same: whatever is paid on it is a payment.
    let lost = json!({"id": lost["id"], "externalId": "cs_3"});
    let [completed, _] = pages.paid(&lost)?;
    pages.shop.message(&completed).await?;
    pages.must_be_paid(&lost).await?;
    // One that nobody paid closes when its time is over, also where no message says so.
    let idle = pages.page().await?;
    till.world.clock.advance(Duration::hours(13));
    assert_eq!(till.world.run_job("reconcile_checkouts").await?, 1);
    assert_eq!(pages.now(&idle).await?, ("expired".to_owned(), None));
    assert_eq!(
        stripe.books(|books| books.pages["cs_4"]["status"].clone()),
        "expired"
    );
    till.must_agree().await
}

/// Whether the customer or the closing was first is Stripe's to say: both here and there it is the same.
#[tokio::test]
async fn a_page_that_closes_while_it_is_paid_is_one_of_both() -> anyhow::Result<()> {
    let pages = Pages::open().await?;
    let till = &pages.shop.till;
    let paid = pages.page().await?;
    pages.paid(&paid)?;
    let answer = pages.expire(&paid).await?.must()?;
    assert_eq!(answer.data("/verb/checkoutSession/status"), "COMPLETE");
    pages.must_be_paid(&paid).await?;
    pages.expire(&paid).await?.must_refuse("NOT_PAYABLE")?;
    let closed = pages.page().await?;
    let answer = pages.expire(&closed).await?.must()?;
    assert_eq!(answer.data("/verb/checkoutSession/status"), "EXPIRED");
    anyhow::ensure!(pages.paid(&closed).is_err(), "it is closed there too");
    // Not answered: it is neither, until the processor says.
    let unknown = pages.page().await?;
    pages.shop.stripe.books(|books| books.lose = 1);
    let answer = pages.expire(&unknown).await?.must()?;
    assert_eq!(answer.data("/verb/checkoutSession/status"), "OPEN");
    till.world.clock.advance(Duration::seconds(61));
    assert_eq!(till.world.run_job("reconcile_checkouts").await?, 1);
    assert_eq!(pages.now(&unknown).await?.0, "expired");
    for n in 0..6 {
        let page = pages.page().await?;
        let pay = async {
            if n % 2 == 0 {
                tokio::task::yield_now().await;
            }
            match pages.paid(&page) {
                Ok([completed, succeeded]) => {
                    let both = join(
                        pages.shop.message(&completed),
                        pages.shop.message(&succeeded),
                    );
                    let (one, two) = both.await;
                    assert_eq!((one?.0, two?.0), (200, 200));
                    Ok::<_, anyhow::Error>(true)
                }
                Err(_) => Ok(false),
            }
        };
        let (is_paid, expired) = join(pay, pages.expire(&page)).await;
        let (is_paid, expired) = (is_paid?, expired?);
        if expired.user_code() != Some("NOT_PAYABLE") {
            expired.must()?;
        }
        let (status, captured) = pages.now(&page).await?;
        let wanted = if is_paid { "complete" } else { "expired" };
        assert_eq!(
            (status.as_str(), captured),
            (wanted, is_paid.then_some(3_000))
        );
    }
    till.must_agree().await
}

#[tokio::test]
async fn a_page_that_cannot_be_is_refused_in_words() -> anyhow::Result<()> {
    let pages = Pages::open().await?;
    let till = &pages.shop.till;
    let owner = &till.owner;
    pages
        .refused(json!({"amount": money("0.00")}), "WRONG_AMOUNT")
        .await?;
    let dollars = json!({"amount": {"amount": "5.00", "currency": "USD"}});
    pages.refused(dollars, "WRONG_AMOUNT").await?;
    pages.refused(json!({"source": {}}), "ONE_SOURCE").await?;
    for url in [
        "shop.example",
        "javascript:alert(1)",
        "https://shop example",
    ] {
        pages
            .refused(json!({"successUrl": url}), "WRONG_PAGE")
            .await?;
    }
    let soon = till.world.opened.now() + Duration::minutes(5);
    pages
        .refused(json!({"expiresAt": soon}), "WRONG_EXPIRY")
        .await?;
    let desk = json!({"name": "Desk", "processor": "CASH", "externalAccountId": "desk 1"});
    let desk = owner
        .act("processorAccountCreate", desk, "processorAccount { id }")
        .await?["processorAccount"]["id"]
        .clone();
    pages
        .refused(json!({"processorAccountId": desk}), "NO_PAGE")
        .await?;
    // What Stripe does not take, it says in its words.
    let not_taken = pages.input(json!({"successUrl": "https://refused.example"}));
    let answer = owner.act("checkoutSessionCreate", not_taken, PAGE).await?;
    assert_eq!(answer["refusal"], "Not a valid URL");
    assert_eq!(answer["checkoutSession"]["status"], "EXPIRED");
    let dry = pages.input(json!({"dryRun": true}));
    owner.act("checkoutSessionCreate", dry, PAGE).await?;
    assert_eq!(till.count("payments.checkout_sessions").await?, 1);
    let page = pages.page().await?;
    let stranger = till.world.owner().await?;
    let input = json!({"id": page["id"]});
    for (verb, input) in [
        ("checkoutSessionExpire", input.clone()),
        ("checkoutSessionCreate", pages.input(json!({}))),
    ] {
        let answer = stranger.verb(verb, input, STATUS).await?;
        answer.must_fail("NOT_FOUND")?;
    }
    let cleaner = till.world.staff(owner, "housekeeper", &[]).await?;
    let answer = cleaner.verb("checkoutSessionExpire", input, STATUS).await?;
    answer.must_fail("FORBIDDEN")?;
    // A message of a page that is not ours waits, and changes nothing.
    let other = json!({"id": "cs_99", "status": "expired", "metadata": {}});
    let other = pages
        .shop
        .event("evt_99", "checkout.session.expired", 100, other);
    pages.shop.message(&other).await?;
    assert_eq!(pages.shop.stored("evt_99").await?.0, "parked");
    assert_eq!(pages.now(&page).await?.0, "open");
    till.must_agree().await
}
