//! Random histories over the graph, in three currencies: after every one the books balance, nobody
//! got more than was taken, and verify finds nothing.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

use super::Till;

const CARDS: [&str; 8] = [
    "card_ok",
    "card_ok",
    "card_declined",
    "card_challenge",
    "card_timeout",
    "card_refund_fails",
    "card_capture_fails",
    "card_dispute",
];

struct History {
    till: Till,
    random: StdRng,
    payments: Vec<(Value, &'static str)>,
}

fn amount(minor: i64, currency: &str) -> Value {
    let text = match currency {
        "JPY" => minor.to_string(),
        "KWD" => format!("{}.{:03}", minor / 1_000, minor % 1_000),
        _ => format!("{}.{:02}", minor / 100, minor % 100),
    };
    json!({"amount": text, "currency": currency})
}

impl History {
    async fn pay(&mut self) -> anyhow::Result<()> {
        let currency = ["EUR", "JPY", "KWD"][self.random.random_range(0..3)];
        let whole = self.random.random_range(1..20_000_i64);
        let mode = ["AUTOMATIC", "MANUAL", "MANUAL_MULTIPLE"][self.random.random_range(0..3)];
        let card = CARDS[self.random.random_range(0..CARDS.len())];
        let mut tenders = vec![json!({"kind": "CARD", "methodRef": card})];
        if self.random.random_bool(0.4) && whole > 10 {
            let part = self.random.random_range(1..whole);
            tenders.insert(0, json!({"kind": "CASH", "amount": amount(part, currency)}));
        }
        if self.random.random_bool(0.3) {
            let tip = self.random.random_range(1..500);
            if let Some(last) = tenders.last_mut() {
                last["tip"] = amount(tip, currency);
            }
        }
        let input = json!({"amount": amount(whole, currency), "captureMode": mode, "locationId": self.till.location, "tenders": tenders});
        let made = self
            .till
            .owner
            .act("paymentIntentCreate", input, "paymentIntent { id }")
            .await?;
        self.payments
            .push((made["paymentIntent"]["id"].clone(), currency));
        Ok(())
    }

    async fn step(&mut self) -> anyhow::Result<()> {
        let choice = self.random.random_range(0..10);
        if choice < 3 || self.payments.is_empty() {
            return self.pay().await;
        }
        let (id, currency) =
            self.payments[self.random.random_range(0..self.payments.len())].clone();
        let some = amount(self.random.random_range(1..15_000), currency);
        let (name, more) = match choice {
            3 | 4 => (
                "paymentRefund",
                json!({"reason": "DUPLICATE", "amount": some}),
            ),
            5 => (
                "paymentRefund",
                json!({"reason": "CANCELLATION", "method": "CASH"}),
            ),
            6 => (
                "paymentCapture",
                json!({"amount": some, "isFinal": self.random.random_bool(0.3)}),
            ),
            7 => ("paymentCancel", json!({"reason": "a test"})),
            8 => (
                "sandboxChallengeAnswer",
                json!({"passed": self.random.random_bool(0.7)}),
            ),
            _ => (
                "paymentTendersReplace",
                json!({"tenders": [{"kind": "CASH"}]}),
            ),
        };
        let mut input = json!({"id": id});
        super::merge(&mut input, more);
        // Most are refused at one time or another; what is refused changes nothing.
        let answer = self
            .till
            .owner
            .verb(name, input, "paymentIntent { id }")
            .await?;
        anyhow::ensure!(answer.errors().is_empty(), "{name}: {}", answer.body);
        Ok(())
    }

    async fn check(&self) -> anyhow::Result<()> {
        let sql = "select count(*) from payments.payment_intents where refund_reserved_minor > captured_minor or captured_minor > authorized_minor";
        anyhow::ensure!(
            self.till
                .sql
                .query_one(sql, &[])
                .await?
                .try_get::<_, i64>(0)?
                == 0
        );
        let data = self
            .till
            .owner
            .read("{ trialBalance { differenceMinor } }")
            .await?;
        for currency in data["trialBalance"].as_array().into_iter().flatten() {
            anyhow::ensure!(currency["differenceMinor"] == 0, "{data}");
        }
        self.till.must_agree().await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv07_inv09_inv10_inv12_whatever_happens_the_books_agree() -> anyhow::Result<()> {
    let steps: usize = std::env::var("PAYMENT_STEPS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(100);
    let seed: u64 = std::env::var("PAYMENT_SEED")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(7);
    let till = Till::open().await?;
    let random = StdRng::seed_from_u64(seed);
    let mut history = History {
        till,
        random,
        payments: Vec::new(),
    };
    for step in 0..steps {
        history.step().await?;
        if step % 40 == 39 {
            history.till.world.run_job("sandbox_disputes").await?;
            history.check().await?;
        }
    }
    let today = history.till.world.opened.now().date_naive();
    let query = format!(
        "{{ paymentsReconciliation(from: \"{today}\", to: \"{today}\") {{ residueMinor differences {{ movedMinor booksMinor }} }} }}"
    );
    let data = history.till.owner.read(&query).await?;
    for currency in data["paymentsReconciliation"]
        .as_array()
        .into_iter()
        .flatten()
    {
        anyhow::ensure!(
            currency == &json!({"residueMinor": 0, "differences": []}),
            "{data}"
        );
    }
    history.till.a_minute_later().await?;
    history.till.owner = history.till.world.again(&history.till.owner).await?;
    history.check().await
}

/// Every number that mirrors money is recomputed: what a superuser changed by hand is named.
#[tokio::test]
async fn verify_names_payments_that_were_changed_by_hand() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let paid = till.card("card_ok", "100.00", json!({})).await?;
    till.refund(&paid["id"], json!({"amount": super::money("10.00")}))
        .await?
        .must()?;
    till.must_agree().await?;
    let superuser = till.world.database.owner().await?;
    superuser
        .batch_execute("set session_replication_role = replica")
        .await?;
    for (change, back) in [
        (
            "update payments.payment_intents set captured_minor = captured_minor - 1",
            "update payments.payment_intents set captured_minor = captured_minor + 1",
        ),
        (
            "update payments.payment_intents set refunded_minor = 0",
            "update payments.payment_intents set refunded_minor = 1000",
        ),
        (
            "update payments.payment_transactions set amount_minor = 9999 where kind = 'capture'",
            "update payments.payment_transactions set amount_minor = 10000 where kind = 'capture'",
        ),
        (
            "update payments.payment_intent_tenders set amount_minor = 9000",
            "update payments.payment_intent_tenders set amount_minor = 10000",
        ),
        (
            "update payments.payment_intents set dispute_reserved_minor = 5",
            "update payments.payment_intents set dispute_reserved_minor = 0",
        ),
        (
            "update payments.refunds set amount_minor = 999",
            "update payments.refunds set amount_minor = 1000",
        ),
        (
            "update payments.payment_intents set status = 'processing'",
            "update payments.payment_intents set status = 'succeeded'",
        ),
    ] {
        superuser.batch_execute(change).await?;
        assert!(till.world.breaks().await? > 0, "{change}");
        superuser.batch_execute(back).await?;
        till.must_agree().await?;
    }
    Ok(())
}
