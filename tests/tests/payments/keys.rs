//! One key, one effect, however many ask at once (invariant 17).

use futures_util::future::join_all;
use serde_json::json;
use tests::World;

use super::Till;

/// How many repeat each key at the same time.
const REPEATS: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv17_e37_every_key_is_one_payment_however_many_repeat_it() -> anyhow::Result<()> {
    let keys: usize = std::env::var("PAYMENT_KEYS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(200);
    let till = Till::over(World::with_pool(16).await?).await?;
    let numbers: Vec<usize> = (0..keys).collect();
    for some in numbers.chunks(8) {
        let requests = some
            .iter()
            .flat_map(|key| std::iter::repeat_n(*key, REPEATS))
            .map(|key| {
                let input = json!({"idempotencyKey": format!("key-{key}")});
                till.pay("1.00", "EUR", json!([{"kind": "CARD"}]), input)
            });
        for answer in join_all(requests).await {
            let answer = answer?;
            anyhow::ensure!(
                answer
                    .user_code()
                    .is_none_or(|code| code == "IDEMPOTENCY_IN_FLIGHT"),
                "{}",
                answer.body
            );
            anyhow::ensure!(answer.errors().is_empty(), "{}", answer.body);
        }
    }
    let made = i64::try_from(keys)?;
    assert_eq!(till.count("payments.payment_intents").await?, made);
    assert_eq!(till.count("payments.payment_transactions").await?, 2 * made);
    assert_eq!(
        till.books("EUR").await?,
        json!({"1030": 100 * made, "2100": 100 * made})
    );
    till.must_agree().await
}
