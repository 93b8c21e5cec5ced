//! Invoices and receipts by mail: what waits goes out once, with its document; what cannot is tried
//! again, or given up and says why.

use std::collections::HashSet;
use std::sync::Arc;

use bizing::domain::notifications::Post;
use bizing::domain::notifications::smtp::Smtp;
use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::MailServer;
use tests::hotel::made;
use tests::mail_server::Fault;

use super::{House, text};

const JOB: &str = "message_send";
const SENT: &str = "message { id status }";

/// A house that has a mail server, and a customer with an address.
struct Mailing {
    house: House,
    server: MailServer,
    customer: String,
}

impl Mailing {
    async fn open() -> anyhow::Result<Self> {
        let house = House::open().await?;
        let server = MailServer::start().await?;
        let smtp = Smtp::new(&server.url(), "no-reply@bizing.example")?;
        house
            .world
            .shared
            .service::<Post>()?
            .set_carrier(Arc::new(smtp));
        let ana = json!({ "fullName": "Ana Silva", "email": "ana@example.com" });
        let customer = made(&house.owner, "customer", ana).await?;
        Ok(Self {
            house,
            server,
            customer,
        })
    }

    /// An issued invoice of the customer.
    async fn invoice(&self) -> anyhow::Result<Value> {
        let of = json!({ "customerId": self.customer });
        let lines = json!([self.house.line(12_345)]);
        self.house.invoice_of(lines, of).await
    }

    /// An invoice that is to go out: its message.
    async fn message(&self) -> anyhow::Result<Value> {
        let invoice = self.invoice().await?;
        self.house
            .act("invoiceSend", json!({ "id": invoice["id"] }), SENT)
            .await
    }

    /// A message as it now is.
    async fn now(&self, message: &Value) -> anyhow::Result<Value> {
        let query = "query($id: ID!) { message(id: $id) { status error providerMessageId attempts nextAttemptAt } }";
        let asked = json!({ "id": message["id"] });
        // Whoever signed in before the clock was moved is signed out by now.
        let owner = self.house.world.again(&self.house.owner).await?;
        let answer = owner.graphql(query, asked).await?.must()?;
        Ok(answer.body["data"]["message"].clone())
    }

    /// Sends what is due.
    async fn send(&self) -> anyhow::Result<u64> {
        self.house.world.run_job(JOB).await
    }

    fn wait(&self, minutes: i64) {
        let clock = &self.house.world.clock;
        clock.advance(Duration::minutes(minutes));
    }
}

#[tokio::test]
async fn an_invoice_and_a_receipt_reach_the_mailbox_with_their_documents() -> anyhow::Result<()> {
    let mailing = Mailing::open().await?;
    let invoice = mailing.invoice().await?;
    let id = json!({ "id": invoice["id"] });
    let message = mailing.house.act("invoiceSend", id, SENT).await?;
    assert_eq!(mailing.send().await?, 1);
    let of = json!({ "customerId": mailing.customer });
    let receipt = mailing.house.pay(12_345, of).await?;
    let id = json!({ "id": receipt["id"] });
    mailing.house.act("receiptSend", id, SENT).await?;
    assert_eq!(mailing.send().await?, 1);
    // Nothing waits any longer.
    assert_eq!(mailing.send().await?, 0);
    let taken = mailing.server.taken();
    let titles = ["Invoice", "Receipt"].map(|kind| {
        let number = if kind == "Invoice" {
            &invoice["number"]
        } else {
            &receipt["number"]
        };
        format!("{kind} {}", text(number))
    });
    assert_eq!(taken.len(), 2);
    for (mail, title) in taken.iter().zip(&titles) {
        assert_eq!(mail.to, "ana@example.com");
        assert_eq!(mail.header("Subject"), Some(title.as_str()));
        assert!(mail.text.contains("application/pdf"), "{}", mail.text);
        // How a PDF begins, in base64.
        assert!(mail.text.contains("\n\nJVBERi0"), "{}", mail.text);
    }
    assert!(taken[0].text.contains("123.45 EUR"), "{}", taken[0].text);
    let now = mailing.now(&message).await?;
    let called = json!(format!("<{}@bizing>", text(&message["id"])));
    assert_eq!(
        (&now["status"], &now["providerMessageId"], &now["attempts"]),
        (&json!("SENT"), &called, &json!(1))
    );
    assert_eq!(taken[0].header("Message-ID"), called.as_str());
    Ok(())
}

#[tokio::test]
async fn a_receipt_whose_money_did_not_stay_is_not_sent() -> anyhow::Result<()> {
    let mailing = Mailing::open().await?;
    let house = &mailing.house;
    let receipt = house.pay(1_000, json!({})).await?;
    let id = json!({ "id": receipt["id"] });
    let stranger = house.world.owner().await?;
    stranger
        .verb("receiptSend", id.clone(), SENT)
        .await?
        .must_fail("NOT_FOUND")?;
    let powerless = house.world.staff(&house.owner, "housekeeper", &[]).await?;
    powerless
        .verb("receiptSend", id.clone(), SENT)
        .await?
        .must_fail("FORBIDDEN")?;
    let reversed = json!({ "id": receipt["id"], "reason": "Bounced" });
    house
        .act("receiptReverse", reversed, "receipt { id }")
        .await?;
    house
        .verb("receiptSend", id, SENT)
        .await?
        .must_refuse("WRONG_STATUS")?;
    Ok(())
}

#[tokio::test]
async fn a_server_that_is_busy_is_asked_again_after_a_pause() -> anyhow::Result<()> {
    let mailing = Mailing::open().await?;
    mailing.server.go_wrong([Fault::Busy, Fault::Busy]);
    let message = mailing.message().await?;
    for (tried, pause) in [(1, 1), (2, 4)] {
        assert_eq!(mailing.send().await?, 0);
        // Its pause is not over.
        assert_eq!(mailing.send().await?, 0);
        let now = mailing.now(&message).await?;
        assert_eq!(now["status"], "QUEUED");
        assert_eq!(now["attempts"], json!(tried));
        assert!(text(&now["error"]).contains("come back later"), "{now}");
        assert_eq!(mailing.server.asked(), tried);
        mailing.wait(pause + 1);
    }
    assert_eq!(mailing.send().await?, 1);
    let now = mailing.now(&message).await?;
    assert_eq!(
        (
            &now["status"],
            &now["attempts"],
            &now["error"],
            &now["nextAttemptAt"]
        ),
        (&json!("SENT"), &json!(3), &Value::Null, &Value::Null)
    );
    assert_eq!(mailing.server.taken().len(), 1);
    Ok(())
}

#[tokio::test]
async fn what_no_server_takes_is_given_up_and_may_be_put_back() -> anyhow::Result<()> {
    let mailing = Mailing::open().await?;
    mailing.server.go_wrong([Fault::Busy; 8]);
    let message = mailing.message().await?;
    let retry = json!({ "id": message["id"] });
    let world = &mailing.house.world;
    for tried in 1..=8 {
        let owner = world.again(&mailing.house.owner).await?;
        owner
            .verb("messageRetry", retry.clone(), SENT)
            .await?
            .must_refuse("WRONG_STATUS")?;
        // Who was refused may hold the message a moment longer: the job passes it over then.
        for _ in 0..200 {
            assert_eq!(mailing.send().await?, 0);
            if mailing.server.asked() == tried {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        mailing.wait(300);
    }
    let now = mailing.now(&message).await?;
    assert_eq!(
        (&now["status"], &now["attempts"], &now["nextAttemptAt"]),
        (&json!("FAILED"), &json!(8), &Value::Null)
    );
    assert_eq!(mailing.send().await?, 0);
    let stranger = world.owner().await?;
    stranger
        .verb("messageRetry", retry.clone(), SENT)
        .await?
        .must_fail("NOT_FOUND")?;
    let owner = world.again(&mailing.house.owner).await?;
    let powerless = world.staff(&owner, "housekeeper", &[]).await?;
    powerless
        .verb("messageRetry", retry.clone(), SENT)
        .await?
        .must_fail("FORBIDDEN")?;
    let queued = owner.act("messageRetry", retry, SENT).await?;
    assert_eq!(queued["message"]["status"], "QUEUED");
    assert_eq!(mailing.send().await?, 1);
    assert_eq!(mailing.server.taken().len(), 1);
    Ok(())
}

#[tokio::test]
async fn what_is_refused_for_good_is_not_tried_again() -> anyhow::Result<()> {
    let mailing = Mailing::open().await?;
    mailing.server.go_wrong([Fault::NobodyThere]);
    let message = mailing.message().await?;
    assert_eq!(mailing.send().await?, 0);
    mailing.wait(300);
    assert_eq!(mailing.send().await?, 0);
    let now = mailing.now(&message).await?;
    assert_eq!(
        (&now["status"], &now["attempts"]),
        (&json!("FAILED"), &json!(1))
    );
    assert!(text(&now["error"]).contains("nobody of that name"), "{now}");
    assert_eq!(mailing.server.asked(), 1);
    Ok(())
}

#[tokio::test]
async fn inv33_an_address_to_which_nothing_is_sent_gets_nothing() -> anyhow::Result<()> {
    let mailing = Mailing::open().await?;
    let house = &mailing.house;
    let (biz_id, sealer) = (house.owner.biz_id, &house.world.shared.sealer);
    let address = "ana@example.com";
    let (sealed, index) = (
        sealer.seal(biz_id, address)?,
        sealer.blind_index(biz_id, address),
    );
    let sql = "insert into comms.suppressions (biz_id, id, channel, address_enc, address_bidx, reason) \
               values ($1, core.uuid_v7(), 'email', $2, $3, 'complaint')";
    house.sql.execute(sql, &[&biz_id, &sealed, &index]).await?;
    let message = mailing.message().await?;
    assert_eq!(mailing.send().await?, 0);
    let now = mailing.now(&message).await?;
    assert_eq!(now["status"], "FAILED");
    assert!(text(&now["error"]).contains("complaint"), "{now}");
    assert_eq!(mailing.server.asked(), 0);
    Ok(())
}

#[tokio::test]
async fn who_has_no_address_and_what_nothing_carries_is_told() -> anyhow::Result<()> {
    let mailing = Mailing::open().await?;
    let house = &mailing.house;
    let nobody = house.invoice(1_000).await?;
    let somebody = mailing.invoice().await?;
    let mut messages = Vec::new();
    for input in [
        json!({ "id": nobody["id"] }),
        json!({ "id": somebody["id"], "channel": "SMS" }),
    ] {
        messages.push(house.act("invoiceSend", input, SENT).await?);
    }
    assert_eq!(mailing.send().await?, 0);
    for (message, reason) in messages.iter().zip(["No mail address", "by sms"]) {
        let now = mailing.now(message).await?;
        assert_eq!(now["status"], "FAILED");
        assert!(text(&now["error"]).contains(reason), "{now}");
    }
    Ok(())
}

#[tokio::test]
async fn many_workers_at_once_send_each_message_once() -> anyhow::Result<()> {
    let mailing = Mailing::open().await?;
    let invoice = mailing.invoice().await?;
    for _ in 0..12 {
        let id = json!({ "id": invoice["id"] });
        mailing.house.act("invoiceSend", id, SENT).await?;
    }
    let mut sent = 0;
    while sent < 12 {
        let runs = join_all((0..4).map(|_| mailing.send())).await;
        let now: u64 = runs.into_iter().sum::<anyhow::Result<u64>>()?;
        anyhow::ensure!(now > 0, "only {sent} went out");
        sent += now;
    }
    let taken = mailing.server.taken();
    let ids: HashSet<_> = taken.iter().map(|mail| mail.header("Message-ID")).collect();
    assert_eq!((taken.len(), ids.len()), (12, 12));
    Ok(())
}

#[tokio::test]
async fn what_a_worker_left_behind_goes_out_under_the_same_id() -> anyhow::Result<()> {
    let mailing = Mailing::open().await?;
    let message = mailing.message().await?;
    // A worker took it, and died.
    let taken = "update comms.messages set attempts = 1, next_attempt_at = $1";
    let until = mailing.house.world.shared.database.now() + Duration::minutes(5);
    mailing.house.sql.execute(taken, &[&until]).await?;
    assert_eq!(mailing.send().await?, 0);
    assert_eq!(mailing.server.asked(), 0);
    mailing.wait(6);
    // The server took it and was gone before it said so: only it can know that it has it.
    mailing.server.go_wrong([Fault::Silent]);
    assert_eq!(mailing.send().await?, 0);
    mailing.wait(6);
    assert_eq!(mailing.send().await?, 1);
    let taken = mailing.server.taken();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0].header("Message-ID"), taken[1].header("Message-ID"));
    assert_eq!(mailing.now(&message).await?["attempts"], json!(3));
    Ok(())
}

#[tokio::test]
async fn without_a_mail_server_messages_stay_in_the_sandbox() -> anyhow::Result<()> {
    let mailing = Mailing::open().await?;
    let sandbox = bizing::domain::notifications::sandbox::Sandbox;
    mailing
        .house
        .world
        .shared
        .service::<Post>()?
        .set_carrier(Arc::new(sandbox));
    let message = mailing.message().await?;
    assert_eq!(mailing.send().await?, 1);
    assert_eq!(mailing.now(&message).await?["status"], "DELIVERED");
    assert_eq!(mailing.server.asked(), 0);
    Ok(())
}
