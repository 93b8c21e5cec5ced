//! What is given for a broken promise: once, and never more than the policy allows.

use chrono::Duration;
use futures_util::future::try_join_all;
use serde_json::{Value, json};
use tests::{Answer, World};

use super::{Desk, with};

const GIVEN: &str = "slaCompensationEvent { id kind amountMinor currency points givenType givenId } slaClock { id status } refunds { id amountMinor status }";

pub(super) fn euros(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "EUR" })
}

/// A desk whose promise of half an hour costs 10 euros if broken, 30 at most.
pub(super) async fn desk(world: World) -> anyhow::Result<Desk> {
    let desk = Desk::over(world).await?;
    let policy = json!({ "compensationKind": "CREDIT", "compensationMinor": 1000, "compensationCapMinor": 3000, "currency": "EUR" });
    desk.policy("RESOLVE", 30, policy).await?;
    Ok(desk)
}

/// A request whose promise was broken: the breach's id.
pub(super) async fn broken(desk: &mut Desk, besides: Value) -> anyhow::Result<Value> {
    let request = desk.request(besides).await?;
    desk.later(Duration::minutes(31)).await?;
    desk.world.run_job("sla_evaluate").await?;
    let query = "query($id: ID!) { slaBreachEvents(first: 5, filter: { clock: { subjectId: { eq: $id } } }) { nodes { id minutesOver } } }";
    let answer = desk
        .owner
        .graphql(query, json!({ "id": request["id"] }))
        .await?
        .must()?;
    Ok(answer.data("/slaBreachEvents/nodes/0/id").clone())
}

pub(super) async fn give(desk: &Desk, breach: &Value, besides: Value) -> anyhow::Result<Answer> {
    let input = with(json!({ "breachId": breach }), besides);
    desk.owner.verb("slaBreachCompensate", input, GIVEN).await
}

/// What is in the customer's wallet.
pub(super) async fn balance(desk: &Desk) -> anyhow::Result<i64> {
    let sql =
        "select coalesce(sum(balance), 0)::bigint from entitlements.wallets where biz_id = $1";
    Ok(desk.sql.query_one(sql, &[&desk.owner.biz_id]).await?.get(0))
}

#[tokio::test]
async fn a_broken_promise_is_made_good_up_to_what_is_allowed() -> anyhow::Result<()> {
    let mut desk = desk(World::with_pool(4).await?).await?;
    let breach = broken(&mut desk, json!({})).await?;
    let first = give(
        &desk,
        &breach,
        json!({ "note": "Sorry", "idempotencyKey": "sorry" }),
    )
    .await?
    .must()?;
    let given = &first.payload()["slaCompensationEvent"];
    assert_eq!(
        (&given["kind"], &given["amountMinor"], &given["givenType"]),
        (&json!("CREDIT"), &json!(1000), &json!("EntitlementGrant"))
    );
    assert_eq!(first.payload()["slaClock"]["status"], "COMPENSATED");
    let again = give(
        &desk,
        &breach,
        json!({ "note": "Sorry", "idempotencyKey": "sorry" }),
    )
    .await?
    .must()?;
    assert_eq!(again.payload()["replayed"], true);
    assert_eq!(balance(&desk).await?, 1000);
    give(&desk, &breach, json!({ "amount": euros("20.01") }))
        .await?
        .must_refuse("EXCEEDS_CAP")?;
    give(
        &desk,
        &breach,
        json!({ "amount": { "amount": "5.00", "currency": "USD" } }),
    )
    .await?
    .must_refuse("EXCEEDS_CAP")?;
    give(&desk, &breach, json!({ "amount": euros("20.00") }))
        .await?
        .must()?;
    give(
        &desk,
        &breach,
        json!({ "kind": "NONE", "note": "An apology, too" }),
    )
    .await?
    .must()?;
    give(&desk, &breach, json!({ "amount": euros("0.00") }))
        .await?
        .must_refuse("AMOUNT_REQUIRED")?;
    give(&desk, &breach, json!({ "kind": "POINTS", "points": 5 }))
        .await?
        .must_refuse("NO_POINTS_WALLET")?;
    assert_eq!(balance(&desk).await?, 3000);
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_many_give_at_once_no_more_is_given_than_allowed() -> anyhow::Result<()> {
    let mut desk = desk(World::with_pool(8).await?).await?;
    let breach = broken(&mut desk, json!({})).await?;
    let giving = (0..32).map(|_| give(&desk, &breach, json!({})));
    let answers = try_join_all(giving).await?;
    let given = answers
        .iter()
        .filter(|answer| answer.user_errors().is_empty() && answer.errors().is_empty())
        .count();
    let refused = answers
        .iter()
        .filter(|answer| answer.user_code() == Some("EXCEEDS_CAP"))
        .count();
    assert_eq!((given, refused), (3, 29));
    assert_eq!(balance(&desk).await?, 3000);
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}

#[tokio::test]
async fn money_goes_back_of_what_was_paid() -> anyhow::Result<()> {
    let mut desk = desk(World::with_pool(4).await?).await?;
    let account = json!({ "name": "Sandbox", "processor": "SANDBOX" });
    desk.owner
        .act("processorAccountCreate", account, "processorAccount { id }")
        .await?;
    let breach = broken(&mut desk, json!({})).await?;
    give(&desk, &breach, json!({ "kind": "REFUND" }))
        .await?
        .must_refuse("NOTHING_TO_REFUND")?;
    let payment = json!({
        "amount": euros("25.00"), "locationId": desk.location, "customerId": desk.customer,
        "tenders": [{ "kind": "CARD", "methodRef": "pm_card_visa" }],
    });
    let paid = desk
        .owner
        .act(
            "paymentIntentCreate",
            payment,
            "paymentIntent { id status capturedMinor }",
        )
        .await?;
    assert_eq!(paid["paymentIntent"]["capturedMinor"], 2500, "{paid}");
    let of = paid["paymentIntent"]["id"].clone();
    let refund = json!({ "kind": "REFUND", "amount": euros("12.00"), "paymentIntentId": of });
    let done = give(&desk, &breach, refund).await?.must()?;
    assert_eq!(done.payload()["refunds"][0]["amountMinor"], 1200);
    assert_eq!(
        done.payload()["slaCompensationEvent"]["givenType"],
        "Refund"
    );
    // What is left of the payment is less than what is left of the cap.
    let refund = json!({ "kind": "REFUND", "amount": euros("14.00"), "paymentIntentId": of });
    give(&desk, &breach, refund)
        .await?
        .must_refuse("NOTHING_TO_REFUND")?;
    let refund = json!({ "kind": "REFUND", "amount": euros("18.01"), "paymentIntentId": of });
    give(&desk, &breach, refund)
        .await?
        .must_refuse("NOTHING_TO_REFUND")?;
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}

#[tokio::test]
async fn nothing_is_given_to_nobody_nor_for_what_does_not_count_nor_by_who_may_not()
-> anyhow::Result<()> {
    let mut desk = desk(World::with_pool(4).await?).await?;
    let breach = broken(&mut desk, json!({ "customerId": null })).await?;
    give(&desk, &breach, json!({}))
        .await?
        .must_refuse("NO_CUSTOMER")?;
    for role in ["front_desk", "technician"] {
        let staff = desk.world.staff(&desk.owner, role, &[]).await?;
        staff
            .verb("slaBreachCompensate", json!({ "breachId": breach }), GIVEN)
            .await?
            .must_fail("FORBIDDEN")?;
    }
    let other = desk.world.owner().await?;
    other
        .verb("slaBreachCompensate", json!({ "breachId": breach }), GIVEN)
        .await?
        .must_fail("NOT_FOUND")?;
    let query = "{ slaClocks(first: 1) { nodes { id } } }";
    let clock = desk.owner.read(query).await?["slaClocks"]["nodes"][0]["id"].clone();
    let waive = json!({ "id": clock, "reason": "Power cut" });
    desk.owner
        .act("slaClockWaive", waive, "slaClock { id }")
        .await?;
    give(&desk, &breach, json!({ "kind": "NONE" }))
        .await?
        .must_refuse("NOTHING_BROKEN")?;
    assert_eq!(balance(&desk).await?, 0);
    Ok(())
}
