//! The program is killed under load, again and again: what it said is paid is paid, once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tests::actor::PASSWORD;
use tests::{Client, World};

use crate::import::program::Program;

/// How many pay at the same time.
const PAYERS: usize = 6;
/// How many payments are answered before the program is killed.
const FEWEST: usize = 8;
/// How long a machine may take for that.
const PATIENCE: Duration = Duration::from_secs(120);

async fn signed_in(url: &str, email: &str, slug: &str) -> anyhow::Result<Client> {
    let anonymous = Client::anonymous(reqwest::Client::new(), url);
    let input = json!({"email": email, "password": PASSWORD, "bizSlug": slug});
    let token = anonymous.act("signIn", input, "accessToken").await?;
    Ok(anonymous.with_token(token["accessToken"].as_str().unwrap_or_default()))
}

/// Pays until the server is gone; gives the keys of what was answered as paid.
async fn pay_until_killed(
    client: Client,
    (round, payer): (usize, usize),
    answered: Arc<AtomicUsize>,
) -> Vec<String> {
    let mut paid = Vec::new();
    for n in 0.. {
        let key = format!("r{round}-p{payer}-{n}");
        let card = if n % 3 == 0 {
            "card_pending"
        } else {
            "card_ok"
        };
        let input = json!({
            "amount": {"amount": "1.00", "currency": "EUR"}, "idempotencyKey": key, "description": key,
            "tenders": [{"kind": "CARD", "methodRef": card}],
        });
        let Ok(answer) = client
            .verb("paymentIntentCreate", input, "paymentIntent { status }")
            .await
        else {
            break;
        };
        if answer.data("/verb/paymentIntent/status") == &Value::from("SUCCEEDED") {
            paid.push(key);
            answered.fetch_add(1, Ordering::Relaxed);
        }
    }
    paid
}

/// With `PAYMENT_KILLS` kills (3): the issue asks for 50.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_program_loses_no_payment_and_doubles_none() -> anyhow::Result<()> {
    let kills = super::wanted("PAYMENT_KILLS", 3);
    let world = World::with_pool(4).await?;
    let owner = world.owner().await?;
    let account = json!({"name": "Sandbox", "processor": "SANDBOX"});
    owner
        .act("processorAccountCreate", account, "processorAccount { id }")
        .await?;
    let program = Program::over(&world.database.target())?;
    let mut acknowledged = Vec::new();
    for round in 0..kills {
        let mut server = program.serve().await?;
        let client = signed_in(&server.url, &owner.email, &owner.slug).await?;
        let answered = Arc::new(AtomicUsize::new(0));
        let payers = (0..PAYERS).map(|payer| {
            let answered = Arc::clone(&answered);
            tokio::spawn(pay_until_killed(client.clone(), (round, payer), answered))
        });
        let payers: Vec<_> = payers.collect();
        // However slow the machine is: it is killed while it pays, at another point each time.
        let busy = async {
            while answered.load(Ordering::Relaxed) < FEWEST {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, busy).await?;
        tokio::time::sleep(Duration::from_millis(37 * u64::try_from(round % 7)?)).await;
        server.child.kill().await?;
        for payer in payers {
            acknowledged.extend(payer.await?);
        }
    }
    // What was cut off is finished by the job, as if it had waited a minute.
    world.clock.advance(chrono::Duration::seconds(120));
    // It takes 200 at a time.
    let mut cut_off = 0;
    loop {
        let finished = world.run_job("reconcile_payments").await?;
        if finished == 0 {
            break;
        }
        cut_off += finished;
    }
    let sql = world.database.platform(owner.biz_id).await?;
    let waiting = "select count(*) from payments.payment_attempts where status in ('created', 'processing', 'requires_action')";
    assert_eq!(
        sql.query_one(waiting, &[]).await?.try_get::<_, i64>(0)?,
        0,
        "nothing is left undone"
    );
    let rows = sql
        .query(
            "select description, captured_minor, status::text from payments.payment_intents",
            &[],
        )
        .await?;
    let mut paid = std::collections::BTreeMap::new();
    for row in &rows {
        let (key, captured): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        assert_eq!(
            (captured, row.try_get::<_, String>(2)?.as_str()),
            (100, "succeeded"),
            "{key}"
        );
        assert!(
            paid.insert(key.clone(), captured).is_none(),
            "{key} is there twice"
        );
    }
    println!(
        "{kills} kills: {} payments were answered as paid, {} are paid, and {cut_off} of those were finished afterwards",
        acknowledged.len(),
        paid.len()
    );
    anyhow::ensure!(!acknowledged.is_empty(), "nothing was paid before the kill");
    for key in &acknowledged {
        assert!(
            paid.contains_key(key),
            "{key} was answered as paid, and is lost"
        );
    }
    anyhow::ensure!(world.breaks().await? == 0);
    Ok(())
}
