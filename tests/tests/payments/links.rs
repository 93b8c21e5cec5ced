//! Payment links: whoever has one pays by it, as often as it says.

use std::sync::Arc;

use bizing::domain::notifications::Post;
use bizing::domain::notifications::smtp::Smtp;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::Client;
use tests::MailServer;
use tests::hotel::{Plan, made, soon};

use super::{Till, id_of, money};

/// A link to pay 30 euros of a booking.
struct Link {
    till: Till,
    order: Value,
    id: Value,
    token: Value,
    anyone: Client,
}

impl Link {
    async fn open(more: Value) -> anyhow::Result<Self> {
        let till = Till::open().await?;
        let hotel = till.world.hotel_of(&till.owner, &Plan::default()).await?;
        let order = hotel.confirmed(soon(30), 1).await?;
        let mut input = json!({"source": {"bookingOrderId": order["id"]}, "amount": money("30.00"), "description": "Deposit"});
        super::merge(&mut input, more);
        let select = "token paymentLink { id status }";
        let made = till.owner.act("paymentLinkCreate", input, select).await?;
        Ok(Self {
            anyone: till.world.anonymous(),
            till,
            order,
            id: made["paymentLink"]["id"].clone(),
            token: made["token"].clone(),
        })
    }

    /// Pays by it, whatever comes back.
    async fn pay(&self, card: &str) -> anyhow::Result<tests::Answer> {
        let input = json!({"token": self.token, "methodRef": card});
        let select = "number status { status error }";
        self.anyone.verb("paymentLinkPay", input, select).await
    }

    async fn shown(&self) -> anyhow::Result<Value> {
        let show = "query($token: String!) { paymentLinkShow(token: $token) { bizName description amount { amount currency } status } }";
        let token = json!({"token": self.token});
        let shown = self.anyone.graphql(show, token).await?.must()?;
        Ok(shown.data("/paymentLinkShow").clone())
    }

    /// How much of the booking is paid.
    async fn paid(&self) -> anyhow::Result<i64> {
        let till = &self.till;
        let scope = till
            .world
            .opened
            .platform_in(till.owner.biz_id, None, bizing::database::new_id())
            .await?;
        let order = id_of(&self.order["id"])?;
        Ok(bizing::domain::payments::store::paid_for(&scope, "BookingOrder", order).await?)
    }

    /// How often it was used, and where it stands.
    async fn standing(&self) -> anyhow::Result<Value> {
        let query = "{ paymentLinks { nodes { status uses } } }";
        let data = self.till.owner.read(query).await?;
        Ok(data["paymentLinks"]["nodes"][0].clone())
    }
}

#[tokio::test]
async fn whoever_has_a_link_pays_by_it_once() -> anyhow::Result<()> {
    let link = Link::open(json!({})).await?;
    let shown = link.shown().await?;
    assert_eq!(
        (&shown["amount"]["amount"], &shown["status"]),
        (&json!("30.00"), &json!("ACTIVE"))
    );
    let nobody = json!({"token": "x"});
    let nobody = link.anyone.verb("paymentLinkPay", nobody, "number").await?;
    nobody.must_fail("NOT_FOUND")?;
    let paid = link.pay("card_ok").await?.must()?;
    assert_eq!(paid.data("/verb/status/status"), "SUCCEEDED");
    link.pay("card_ok").await?.must_refuse("NOT_PAYABLE")?;
    assert_eq!(
        link.standing().await?,
        json!({"status": "COMPLETED", "uses": 1})
    );
    assert_eq!(link.shown().await?["status"], "COMPLETED");
    assert_eq!(link.paid().await?, 3_000);
    link.till.must_agree().await
}

#[tokio::test]
async fn a_link_whose_payment_was_declined_can_still_be_paid() -> anyhow::Result<()> {
    let link = Link::open(json!({})).await?;
    let declined = link.pay("card_declined").await?.must()?;
    assert_eq!(
        declined.data("/verb/status/status"),
        "REQUIRES_PAYMENT_METHOD"
    );
    assert_ne!(declined.data("/verb/status/error"), &Value::Null);
    assert_eq!(
        link.standing().await?,
        json!({"status": "ACTIVE", "uses": 0})
    );
    // One that is still being tried keeps the link for itself.
    let asked = link.pay("card_challenge").await?.must()?;
    assert_eq!(asked.data("/verb/status/status"), "REQUIRES_ACTION");
    assert_eq!(link.shown().await?["status"], "COMPLETED");
    link.pay("card_ok").await?.must_refuse("NOT_PAYABLE")?;
    let data = link
        .till
        .owner
        .read("{ paymentIntents(filter: { status: { eq: REQUIRES_ACTION } }) { nodes { id } } }")
        .await?;
    let id = &data["paymentIntents"]["nodes"][0]["id"];
    let failed = json!({"passed": false});
    link.till.act("sandboxChallengeAnswer", id, failed).await?;
    let paid = link.pay("card_ok").await?.must()?;
    assert_eq!(paid.data("/verb/status/status"), "SUCCEEDED");
    assert_eq!(
        link.standing().await?,
        json!({"status": "COMPLETED", "uses": 1})
    );
    assert_eq!(link.paid().await?, 3_000);
    link.till.must_agree().await
}

#[tokio::test]
async fn of_many_who_pay_a_link_at_once_as_many_do_as_may() -> anyhow::Result<()> {
    let link = Link::open(json!({"maxUses": 3})).await?;
    let answers = join_all((0..8).map(|_| link.pay("card_ok"))).await;
    let mut paid = 0;
    for answer in answers {
        let answer = answer?;
        match answer.user_code() {
            None => {
                answer.must()?;
                paid += 1;
            }
            Some(code) => assert_eq!(code, "NOT_PAYABLE"),
        }
    }
    assert_eq!(paid, 3);
    assert_eq!(
        link.standing().await?,
        json!({"status": "COMPLETED", "uses": 3})
    );
    assert_eq!(link.paid().await?, 9_000);
    link.till.must_agree().await
}

#[tokio::test]
async fn a_link_is_withdrawn_or_runs_out() -> anyhow::Result<()> {
    let link = Link::open(json!({})).await?;
    let cancel = json!({"id": link.id, "reason": "Paid at the desk"});
    let select = "paymentLink { status }";
    let stranger = link.till.world.owner().await?;
    stranger
        .verb("paymentLinkCancel", cancel.clone(), select)
        .await?
        .must_fail("NOT_FOUND")?;
    let owner = &link.till.owner;
    let without = json!({"id": link.id, "reason": " "});
    owner
        .verb("paymentLinkCancel", without, select)
        .await?
        .must_refuse("REASON_REQUIRED")?;
    owner
        .act("paymentLinkCancel", cancel.clone(), select)
        .await?;
    owner
        .verb("paymentLinkCancel", cancel, select)
        .await?
        .must_refuse("NOT_PAYABLE")?;
    link.pay("card_ok").await?.must_refuse("NOT_PAYABLE")?;
    let soon = link.till.world.opened.now() + chrono::Duration::minutes(5);
    let input = json!({"source": {"bookingOrderId": link.order["id"]}, "amount": money("1.00"), "expiresAt": soon});
    let made = owner.act("paymentLinkCreate", input, "token").await?;
    link.till.world.clock.advance(chrono::Duration::minutes(6));
    let input = json!({"token": made["token"], "methodRef": "card_ok"});
    link.anyone
        .verb("paymentLinkPay", input, "number")
        .await?
        .must_refuse("NOT_PAYABLE")?;
    assert_eq!(link.paid().await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_link_is_mailed_to_the_customer_with_its_secret() -> anyhow::Result<()> {
    let link = Link::open(json!({})).await?;
    let server = MailServer::start().await?;
    let smtp = Smtp::new(&server.url(), "no-reply@bizing.example")?;
    let post = link.till.world.shared.service::<Post>()?;
    post.set_carrier(Arc::new(smtp));
    let ana = json!({"fullName": "Ana", "email": "ana@example.com"});
    let ana = made(&link.till.owner, "customer", ana).await?;
    let mailed = |page: &str, customer: &Value| {
        json!({
            "source": {"bookingOrderId": link.order["id"]}, "amount": money("12.00"), "description": "Parking",
            "customerId": customer, "mailedAs": page,
        })
    };
    let ana = json!(ana);
    for page in [
        "pay.example/{token}",
        "https://pay.example/",
        "https://pay.example/ {token}",
    ] {
        let answer = link
            .till
            .owner
            .verb("paymentLinkCreate", mailed(page, &ana), "token")
            .await?;
        answer.must_refuse("WRONG_PAGE")?;
    }
    let page = "https://pay.example/{token}?lang=pt";
    let made = link
        .till
        .owner
        .act(
            "paymentLinkCreate",
            mailed(page, &ana),
            "token paymentLink { id }",
        )
        .await?;
    let token = made["token"].as_str().unwrap_or_default();
    assert_eq!(link.till.world.run_job("message_send").await?, 1);
    let data = link
        .till
        .owner
        .read("{ messages { nodes { body thread { title subjectId customerId } } } }")
        .await?;
    let message = &data["messages"]["nodes"][0];
    let body = |token: &str| {
        format!("Parking: 12.00 EUR can be paid here: https://pay.example/{token}?lang=pt")
    };
    // What is kept of it, and what staff read, does not pay.
    assert_eq!(message["body"], json!(body("{token}")));
    let mails = server.taken();
    assert_eq!(mails.len(), 1);
    // Long lines are broken on the way, and put together by whoever reads them.
    let mail = mails[0].text.replace('\r', "");
    let mail = mail.replace("=\n", "").replace("=3D", "=");
    assert!(mail.contains(&body(token)), "{mail}");
    assert_eq!(message["thread"]["customerId"], ana);
    // It is the secret that pays.
    let input = json!({"token": token, "methodRef": "card_ok"});
    let paid = link.anyone.verb("paymentLinkPay", input, "number").await?;
    paid.must()?;
    assert_eq!(link.paid().await?, 1_200);
    link.till.must_agree().await
}
