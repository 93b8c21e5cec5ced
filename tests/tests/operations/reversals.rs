//! What was given for a broken promise is taken back: once, as a whole, and what can be.

use serde_json::{Value, json};
use tests::{Answer, World};

use super::Desk;
use super::compensation::{balance, broken, desk, euros, give};

const BACK: &str = "replayed slaCompensationEvent { id kind amountMinor points reverses { id } } slaClock { id status }";

async fn take_back(desk: &Desk, given: &Value, key: &str) -> anyhow::Result<Answer> {
    let input = json!({ "id": given["slaCompensationEvent"]["id"], "reason": "It was our mistake", "idempotencyKey": key });
    desk.owner.verb("slaCompensationReverse", input, BACK).await
}

#[tokio::test]
async fn credit_that_nobody_used_is_taken_back_and_counts_no_more() -> anyhow::Result<()> {
    let mut desk = desk(World::with_pool(4).await?).await?;
    let breach = broken(&mut desk, json!({})).await?;
    let first = give(&desk, &breach, json!({}))
        .await?
        .must()?
        .payload()
        .clone();
    let most = json!({ "amount": euros("20.00") });
    let second = give(&desk, &breach, most.clone())
        .await?
        .must()?
        .payload()
        .clone();
    assert_eq!(balance(&desk).await?, 3000);
    let blank = json!({ "id": first["slaCompensationEvent"]["id"], "reason": " " });
    desk.owner
        .verb("slaCompensationReverse", blank, BACK)
        .await?
        .must_refuse("REASON_REQUIRED")?;
    for replayed in [false, true] {
        let back = take_back(&desk, &second, "once").await?.must()?;
        let back = back.payload();
        assert_eq!(back["replayed"], replayed);
        assert_eq!(back["slaCompensationEvent"]["amountMinor"], -2000);
        assert_eq!(
            back["slaCompensationEvent"]["reverses"]["id"],
            second["slaCompensationEvent"]["id"]
        );
        assert_eq!(
            back["slaClock"]["status"], "COMPENSATED",
            "something is left"
        );
        assert_eq!(balance(&desk).await?, 1000);
    }
    take_back(&desk, &second, "twice")
        .await?
        .must_refuse("ALREADY_REVERSED")?;
    let back = take_back(&desk, &first, "all").await?.must()?;
    assert_eq!(back.payload()["slaClock"]["status"], "BREACHED");
    assert_eq!(balance(&desk).await?, 0);
    let reversal = json!({ "slaCompensationEvent": back.payload()["slaCompensationEvent"] });
    take_back(&desk, &reversal, "back")
        .await?
        .must_refuse("ALREADY_REVERSED")?;
    // The whole of what the policy allows may be given once more, and no more.
    give(&desk, &breach, json!({ "amount": euros("30.01") }))
        .await?
        .must_refuse("EXCEEDS_CAP")?;
    give(&desk, &breach, json!({ "amount": euros("30.00") }))
        .await?
        .must()?;
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}

#[tokio::test]
async fn what_was_used_or_is_elsewhere_is_not_taken_back() -> anyhow::Result<()> {
    let mut desk = desk(World::with_pool(4).await?).await?;
    let breach = broken(&mut desk, json!({})).await?;
    let given = give(&desk, &breach, json!({}))
        .await?
        .must()?
        .payload()
        .clone();
    let sorry = json!({ "kind": "NONE", "note": "Sorry" });
    let sorry = give(&desk, &breach, sorry).await?.must()?.payload().clone();
    let wallets = desk
        .owner
        .read("{ wallets(first: 1) { nodes { id } } }")
        .await?;
    let spent = json!({ "walletId": wallets["wallets"]["nodes"][0]["id"], "amount": euros("-4.00"), "reason": "Spent" });
    desk.owner
        .act("walletAdjust", spent, "wallet { id }")
        .await?;
    take_back(&desk, &given, "used")
        .await?
        .must_refuse("ALREADY_USED")?;
    assert_eq!(balance(&desk).await?, 600);
    take_back(&desk, &sorry, "sorry").await?.must()?;
    let other = desk.world.owner().await?;
    let input = json!({ "id": given["slaCompensationEvent"]["id"], "reason": "x" });
    other
        .verb("slaCompensationReverse", input.clone(), BACK)
        .await?
        .must_fail("NOT_FOUND")?;
    let clerk = desk.world.staff(&desk.owner, "front_desk", &[]).await?;
    clerk
        .verb("slaCompensationReverse", input, BACK)
        .await?
        .must_fail("FORBIDDEN")?;
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}
