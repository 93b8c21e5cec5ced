//! Rewards, and what promotion codes give.

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::hotel::made;
use tests::{Answer, World};

use super::{Shop, euros, id, tally, with};

#[tokio::test]
async fn a_reward_is_given_once_for_what_it_is_for() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    let brought = shop.customer("Bruno Brito").await?;
    let give = |more: Value| {
        let input = with(
            json!({ "customerId": shop.customer, "origin": "REFERRAL", "broughtCustomerId": brought, "amount": euros(1000) }),
            more,
        );
        let owner = shop.owner.clone();
        async move {
            owner
                .verb(
                    "rewardGive",
                    input,
                    "reward { id status quantity walletGrantId }",
                )
                .await
        }
    };
    give(json!({ "broughtCustomerId": null }))
        .await?
        .must_refuse("SOURCE_REQUIRED")?;
    give(json!({ "amount": null, "units": 50 }))
        .await?
        .must_refuse("NO_WALLET")?;
    let given = give(json!({})).await?.must()?.payload()["reward"].clone();
    assert_eq!(given["status"], "GRANTED");
    give(json!({})).await?.must_refuse("ALREADY_REWARDED")?;
    let later = give(json!({ "origin": "PROMO", "dueAt": shop.now() + Duration::days(2) }))
        .await?
        .must()?
        .payload()["reward"]
        .clone();
    let asked = give(json!({ "origin": "SLA", "awaitsApproval": true, "amount": null, "units": 2, "unit": "VISITS" })).await?.must()?.payload()["reward"].clone();
    assert_eq!(
        (&later["status"], &asked["status"]),
        (&json!("PENDING"), &json!("PENDING"))
    );
    let reward = "reward { id status }";
    shop.owner
        .verb(
            "rewardReject",
            json!({ "id": asked["id"], "reason": "" }),
            reward,
        )
        .await?
        .must_refuse("REASON_REQUIRED")?;
    shop.owner
        .act("rewardApprove", json!({ "id": asked["id"] }), reward)
        .await?;
    shop.owner
        .verb("rewardApprove", json!({ "id": asked["id"] }), reward)
        .await?
        .must_refuse("WRONG_STATUS")?;
    shop.owner
        .verb(
            "rewardReject",
            json!({ "id": asked["id"], "reason": "Late" }),
            reward,
        )
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert_eq!(shop.world.run_job("give_due_rewards").await?, 0);
    shop.later(Duration::days(2) + Duration::seconds(1)).await?;
    let (one, two) = tokio::join!(
        shop.world.run_job("give_due_rewards"),
        shop.world.run_job("give_due_rewards")
    );
    assert_eq!(one? + two?, 1);
    let wallet = shop
        .owner
        .read("{ wallets(filter: {unit: {eq: MONEY}}) { nodes { id balance } } }")
        .await?["wallets"]["nodes"][0]
        .clone();
    assert_eq!(wallet["balance"], 2000);
    let burn = json!({ "walletId": wallet["id"], "amount": euros(1500) });
    shop.owner.act("walletBurn", burn, "wallet { id }").await?;
    // What was given last was not used up: only that is left to be taken back.
    let reverse = json!({ "id": later["id"], "reason": "Abuse" });
    shop.owner
        .act("rewardReverse", reverse.clone(), reward)
        .await?;
    shop.owner
        .verb("rewardReverse", reverse, reward)
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert_eq!(shop.balance(&id(&wallet)?).await?, 0);
    shop.must_agree().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_promotion_code_gives_its_credits_within_its_limits() -> anyhow::Result<()> {
    let shop = Shop::over(World::with_pool(12).await?).await?;
    let code = json!({ "code": "Welcome5", "name": "Five euros", "grantUnit": "MONEY", "grantQuantity": 500, "currency": "EUR",
        "grantValidDays": 30, "usageLimit": 5, "perCustomerLimit": 1 });
    made(&shop.owner, "promoCode", code).await?;
    let used = "use { id } grant { quantity endsAt }";
    let first = json!({ "code": "WELCOME5", "customerId": shop.customer });
    shop.owner
        .verb(
            "promoCodeRedeem",
            with(first.clone(), json!({ "code": "NOPE" })),
            used,
        )
        .await?
        .must_refuse("NOT_VALID")?;
    let done = shop
        .owner
        .act("promoCodeRedeem", first.clone(), used)
        .await?;
    assert_eq!(done["grant"]["quantity"], 500);
    shop.owner
        .verb("promoCodeRedeem", first.clone(), used)
        .await?
        .must_refuse("ALREADY_USED")?;
    let mut inputs = Vec::new();
    for n in 0..32 {
        let customer = shop.customer(&format!("Customer {n}")).await?;
        inputs.push(json!({ "code": "welcome5", "customerId": customer }));
    }
    let all = inputs
        .into_iter()
        .map(|input| shop.owner.verb("promoCodeRedeem", input, used));
    let answers = join_all(all)
        .await
        .into_iter()
        .collect::<anyhow::Result<Vec<Answer>>>()?;
    let codes = tally(&answers);
    assert_eq!(
        (codes.get(""), codes.get("LIMIT_REACHED")),
        (Some(&4), Some(&28)),
        "{codes:?}"
    );
    let back = json!({ "id": done["use"]["id"], "reason": "Order cancelled" });
    shop.owner
        .act("promoCodeReverse", back.clone(), "use { id reversedAt }")
        .await?;
    shop.owner
        .verb("promoCodeReverse", back, "use { id }")
        .await?
        .must_refuse("WRONG_STATUS")?;
    shop.owner.act("promoCodeRedeem", first, used).await?;
    assert_eq!(shop.account("2150").await?, 2500);
    shop.must_agree().await
}
