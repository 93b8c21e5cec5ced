//! One key, one effect, however many ask at once (invariant 17).

use std::time::Instant;

use futures_util::future::join_all;
use serde_json::json;
use tests::World;

use super::{Till, wanted};

/// How many keys are used at the same time.
const AT_ONCE: usize = 8;

/// With `PAYMENT_KEYS` keys (200), each repeated `PAYMENT_REPEATS` times (8) at the same time: the issue
/// asks for 200 and 32.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv17_e37_every_key_is_one_payment_however_many_repeat_it() -> anyhow::Result<()> {
    let (keys, repeats) = (wanted("PAYMENT_KEYS", 200), wanted("PAYMENT_REPEATS", 8));
    let till = Till::over(World::with_pool(16).await?).await?;
    let numbers: Vec<usize> = (0..keys).collect();
    let started = Instant::now();
    let (mut done, mut replayed, mut in_flight) = (0, 0, 0);
    for some in numbers.chunks(AT_ONCE) {
        let requests = some
            .iter()
            .flat_map(|key| std::iter::repeat_n(*key, repeats))
            .map(|key| {
                let input = json!({
                    "idempotencyKey": format!("key-{key}"), "amount": super::money("1.00"),
                    "locationId": till.location, "tenders": [{"kind": "CARD"}],
                });
                till.owner
                    .verb("paymentIntentCreate", input, "paymentIntent { id }")
            });
        for answer in join_all(requests).await {
            let answer = answer?;
            anyhow::ensure!(answer.errors().is_empty(), "{}", answer.body);
            match answer.user_code() {
                None if answer.payload()["replayed"] == json!(true) => replayed += 1,
                None => done += 1,
                Some("IDEMPOTENCY_IN_FLIGHT") => in_flight += 1,
                Some(code) => anyhow::bail!("{code}: {}", answer.body),
            }
        }
    }
    println!(
        "{} calls with {keys} keys in {:?}: {done} done, {replayed} answered again, {in_flight} told to wait",
        keys * repeats,
        started.elapsed()
    );
    assert_eq!(done, keys, "each key is done by one call");
    let made = i64::try_from(keys)?;
    assert_eq!(till.count("payments.payment_intents").await?, made);
    assert_eq!(till.count("payments.payment_transactions").await?, 2 * made);
    assert_eq!(
        till.books("EUR").await?,
        json!({"1030": 100 * made, "2100": 100 * made})
    );
    // The same key with something else is refused.
    let other = json!({
        "idempotencyKey": "key-0", "amount": super::money("2.00"), "locationId": till.location,
        "tenders": [{"kind": "CARD"}],
    });
    till.owner
        .verb("paymentIntentCreate", other, "paymentIntent { id }")
        .await?
        .must_refuse("IDEMPOTENCY_MISMATCH")?;
    till.must_agree().await
}
