//! Many at once after one gift card (E-35, invariant 11), and random histories of cards.

use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;
use tests::{Answer, World};

use super::{CARD, Shop, euros, id, tally};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e35_inv11_sixty_four_at_once_never_use_more_than_is_on_the_card() -> anyhow::Result<()> {
    let shop = Shop::over(World::with_pool(24).await?).await?;
    let (card, code) = shop.card(1000, json!({})).await?;
    let uses = (0..64).map(|n| {
        let input =
            json!({ "code": code, "amount": euros(70), "idempotencyKey": format!("use {n}") });
        shop.owner
            .verb("giftCardRedeem", input, "redemption { balanceAfterMinor }")
    });
    let answers = join_all(uses)
        .await
        .into_iter()
        .collect::<anyhow::Result<Vec<Answer>>>()?;
    let codes = tally(&answers);
    assert_eq!(
        (codes.get(""), codes.get("INSUFFICIENT")),
        (Some(&14), Some(&50)),
        "{codes:?}"
    );
    assert_eq!(shop.on_card(&card).await?, 20);
    // Each saw another balance: they stood in a line.
    let mut left: Vec<i64> = answers
        .iter()
        .filter_map(|answer| answer.payload()["redemption"]["balanceAfterMinor"].as_i64())
        .collect();
    left.sort_unstable();
    assert_eq!(left, (0..14).map(|n| 20 + 70 * n).collect::<Vec<i64>>());
    assert_eq!(
        (shop.account("2150").await?, shop.account("2100").await?),
        (20, -20)
    );
    shop.must_agree().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv17_thirty_two_equal_requests_use_a_card_once() -> anyhow::Result<()> {
    let shop = Shop::over(World::with_pool(16).await?).await?;
    let (card, code) = shop.card(1000, json!({})).await?;
    let input = json!({ "code": code, "amount": euros(300), "idempotencyKey": "till 1" });
    let uses = (0..32).map(|_| {
        shop.owner
            .act("giftCardRedeem", input.clone(), "redemption { id }")
    });
    let answers = join_all(uses)
        .await
        .into_iter()
        .collect::<anyhow::Result<Vec<_>>>()?;
    assert!(
        answers
            .iter()
            .all(|answer| answer["redemption"] == answers[0]["redemption"])
    );
    assert_eq!(shop.on_card(&card).await?, 700);
    shop.must_agree().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv11_random_histories_of_cards_are_those_of_a_slow_model() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let mut random = StdRng::seed_from_u64(35);
    let mut cards: Vec<(String, i64, bool)> = Vec::new();
    // What was used of which card, and how much of it was not put back yet.
    let mut uses: Vec<(String, usize, i64)> = Vec::new();
    for step in 0..80 {
        let which = if cards.is_empty() {
            0
        } else {
            random.random_range(0..cards.len())
        };
        match random.random_range(0..10) {
            0..=1 => {
                let minor = random.random_range(100..5000);
                let (card, _) = shop.card(minor, json!({})).await?;
                cards.push((card, minor, false));
            }
            2..=5 if !cards.is_empty() => {
                let minor = random.random_range(1..3000);
                let (card, left, is_blocked) = &mut cards[which];
                let input = json!({ "id": card, "amount": euros(minor) });
                let answer = shop
                    .owner
                    .verb(
                        "giftCardRedeem",
                        input,
                        "redemption { id balanceAfterMinor }",
                    )
                    .await?;
                if *is_blocked {
                    answer.must_refuse("NOT_OPEN")?;
                } else if minor > *left {
                    answer.must_refuse("INSUFFICIENT")?;
                } else {
                    *left -= minor;
                    let redemption = answer.must()?.payload()["redemption"].clone();
                    assert_eq!(redemption["balanceAfterMinor"], *left, "step {step}");
                    uses.push((id(&redemption)?, which, minor));
                }
            }
            6..=7 if !uses.is_empty() => {
                let index = random.random_range(0..uses.len());
                let minor = random.random_range(1..2000);
                let (redemption, card, open) = &mut uses[index];
                let input = json!({ "redemptionId": redemption, "amount": euros(minor) });
                let answer = shop
                    .owner
                    .verb("giftCardReverse", input, "redemption { id }")
                    .await?;
                if minor > *open {
                    answer.must_refuse("BEYOND_USE")?;
                } else {
                    answer.must()?;
                    *open -= minor;
                    cards[*card].1 += minor;
                }
            }
            8 if !cards.is_empty() => {
                let (card, left, is_blocked) = &mut cards[which];
                let (verb, wanted) = if *is_blocked {
                    ("giftCardUnblock", true)
                } else {
                    ("giftCardBlock", *left > 0)
                };
                let input = if *is_blocked {
                    json!({ "id": card })
                } else {
                    json!({ "id": card, "reason": "Lost" })
                };
                let answer = shop.owner.verb(verb, input, CARD).await?;
                if wanted {
                    answer.must()?;
                    *is_blocked = !*is_blocked;
                } else {
                    answer.must_refuse("WRONG_STATUS")?;
                }
            }
            _ if !cards.is_empty() => {
                let minor = random.random_range(1..2000);
                let (card, left, is_blocked) = &mut cards[which];
                let input = json!({ "id": card, "amount": euros(minor) });
                let answer = shop.owner.verb("giftCardReload", input, CARD).await?;
                if *is_blocked {
                    answer.must_refuse("NOT_OPEN")?;
                } else {
                    answer.must()?;
                    *left += minor;
                }
            }
            _ => {}
        }
    }
    let mut sum = 0;
    for (card, left, _) in &cards {
        assert_eq!(shop.on_card(card).await?, *left);
        sum += left;
    }
    assert_eq!(shop.account("2150").await?, sum);
    shop.must_agree().await
}
