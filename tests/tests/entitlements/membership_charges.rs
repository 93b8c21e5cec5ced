//! What renewals of memberships cost, taken by the way to pay that the member left.

use chrono::Duration;
use serde_json::{Value, json};

use super::memberships::{membership, noon, plan, start};
use super::{Shop, euros, with};

const FAILED: &str =
    "select count(*) from entitlements.membership_events where kind = 'payment_failed'";

const PAID: &str = "paymentIntent { id status amountMinor description }";

/// A member from the first of March, who left a card of the sandbox.
async fn member(shop: &mut Shop, card: &str, more: Value) -> anyhow::Result<Value> {
    shop.at(noon("2027-03-01")).await?;
    let account = json!({ "name": "Sandbox", "processor": "SANDBOX" });
    shop.owner
        .act("processorAccountCreate", account, "processorAccount { id }")
        .await?;
    let left = json!({ "customerId": shop.customer, "methodRef": card });
    let select = "setupIntent { paymentMethod { id } }";
    let left = shop.owner.act("paymentMethodSetup", left, select).await?;
    let method = &left["setupIntent"]["paymentMethod"]["id"];
    let (plan, _) = plan(shop, 8, &[]).await?;
    let more = with(json!({ "paymentMethodId": method }), more);
    Ok(start(shop, &plan, 4_900, more).await?["membership"].clone())
}

async fn payments(shop: &Shop) -> anyhow::Result<Value> {
    let query = "{ paymentIntents(orderBy: [{createdAt: ASC}]) { nodes { status amountMinor capturedMinor } } }";
    Ok(shop.owner.read(query).await?["paymentIntents"]["nodes"].clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e32_a_period_is_charged_once_however_many_ask() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    let member = member(&mut shop, "card_ok", json!({})).await?;
    // The first period is paid at the desk.
    assert_eq!(shop.world.run_job("charge_memberships").await?, 0);
    shop.at(noon("2027-04-01")).await?;
    assert_eq!(shop.world.run_job("renew_memberships").await?, 1);
    let charge = json!({ "id": member["id"], "periodStartsOn": "2027-04-01" });
    let by_hand = || shop.owner.verb("membershipCharge", charge.clone(), PAID);
    let (one, two, three, four) = tokio::join!(
        shop.world.run_job("charge_memberships"),
        shop.world.run_job("charge_memberships"),
        by_hand(),
        by_hand(),
    );
    one?;
    two?;
    let (three, four) = (three?.must()?, four?.must()?);
    let id = three.payload()["paymentIntent"]["id"].clone();
    assert_eq!(four.payload()["paymentIntent"]["id"], id);
    assert_eq!(shop.world.run_job("charge_memberships").await?, 0);
    assert_eq!(
        payments(&shop).await?,
        json!([{ "status": "SUCCEEDED", "amountMinor": 4_900, "capturedMinor": 4_900 }])
    );
    let nothing = json!({ "id": member["id"], "periodStartsOn": "2027-04-02" });
    shop.owner
        .verb("membershipCharge", nothing, PAID)
        .await?
        .must_refuse("WRONG_AMOUNT")?;
    let stranger = shop.world.owner().await?;
    stranger
        .verb("membershipCharge", charge, PAID)
        .await?
        .must_fail("NOT_FOUND")?;
    shop.must_agree().await
}

#[tokio::test]
async fn a_charge_that_is_declined_makes_it_overdue_until_it_is_paid() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    let member = member(&mut shop, "card_ok", json!({})).await?;
    // The card is declined from now on.
    let sql = "update payments.payment_methods set external_id = replace(external_id, 'card_ok', 'card_declined')";
    shop.sql.execute(sql, &[]).await?;
    shop.at(noon("2027-04-01")).await?;
    shop.world.run_job("renew_memberships").await?;
    assert_eq!(shop.world.run_job("charge_memberships").await?, 1);
    assert_eq!(shop.world.run_job("charge_memberships").await?, 0);
    assert_eq!(
        membership(&shop, &member["id"]).await?["status"],
        "PAST_DUE"
    );
    let query = "{ paymentIntents { nodes { id status lastError } } }";
    let data = shop.owner.read(query).await?;
    let payment = &data["paymentIntents"]["nodes"][0];
    assert_eq!(payment["lastError"], "The card was declined.");
    let cash = json!({ "id": payment["id"], "tenders": [{ "kind": "CASH" }] });
    shop.owner.act("paymentTendersReplace", cash, PAID).await?;
    assert_eq!(membership(&shop, &member["id"]).await?["status"], "ACTIVE");
    assert_eq!(
        payments(&shop).await?,
        json!([{ "status": "SUCCEEDED", "amountMinor": 4_900, "capturedMinor": 4_900 }])
    );
    shop.must_agree().await
}

#[tokio::test]
async fn one_that_waits_for_its_first_payment_begins_with_it() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    let member = member(&mut shop, "card_ok", json!({ "awaitsPayment": true })).await?;
    assert_eq!(member["status"], "INCOMPLETE");
    let charge = json!({ "id": member["id"], "periodStartsOn": "2027-03-01" });
    let paid = shop.owner.act("membershipCharge", charge, PAID).await?;
    assert_eq!(paid["paymentIntent"]["status"], "SUCCEEDED");
    let now = membership(&shop, &member["id"]).await?;
    assert_eq!(now["status"], "ACTIVE");
    let wallet = now["walletId"].as_str().unwrap_or_default().to_owned();
    assert_eq!(shop.balance(&wallet).await?, 8);
    shop.must_agree().await
}

#[tokio::test]
async fn without_a_way_to_pay_nothing_is_charged() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    let member = member(&mut shop, "card_ok", json!({ "paymentMethodId": null })).await?;
    shop.at(noon("2027-04-01")).await?;
    shop.world.run_job("renew_memberships").await?;
    assert_eq!(shop.world.run_job("charge_memberships").await?, 0);
    let charge = json!({ "id": member["id"], "periodStartsOn": "2027-04-01" });
    shop.owner
        .verb("membershipCharge", charge, PAID)
        .await?
        .must_refuse("INSTRUMENT_UNUSABLE")?;
    Ok(())
}

#[tokio::test]
async fn what_was_declined_is_asked_for_again_after_longer_and_longer() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    let member = member(&mut shop, "card_ok", json!({})).await?;
    let spoil = "update payments.payment_methods set external_id = replace(external_id, 'card_ok', 'card_declined')";
    shop.sql.execute(spoil, &[]).await?;
    shop.at(noon("2027-04-01")).await?;
    shop.world.run_job("renew_memberships").await?;
    let mut asked = Vec::new();
    // Each day a minute later, by two workers.
    for day in 1..=28 {
        let noon = noon(&format!("2027-04-{day:02}"));
        shop.world.clock.set(noon + Duration::minutes(day));
        let (one, two) = tokio::join!(
            shop.world.run_job("charge_memberships"),
            shop.world.run_job("charge_memberships")
        );
        if one? + two? > 0 {
            asked.push(day);
        }
    }
    assert_eq!(asked, [1, 2, 5, 10, 17]);
    shop.at(noon("2027-04-29")).await?;
    let now = membership(&shop, &member["id"]).await?;
    assert_eq!(now["status"], "PAST_DUE");
    // One payment, on which each try is written down.
    assert_eq!(
        payments(&shop).await?,
        json!([{ "status": "REQUIRES_PAYMENT_METHOD", "amountMinor": 4_900, "capturedMinor": 0 }])
    );
    assert_eq!(shop.number(FAILED, &[]).await?, 5);
    // Asked for by hand once the card is good again, it is taken, and the membership runs.
    let mend = "update payments.payment_methods set external_id = replace(external_id, 'card_declined', 'card_ok')";
    shop.sql.execute(mend, &[]).await?;
    let charge = json!({ "id": member["id"], "periodStartsOn": "2027-04-01" });
    let paid = shop.owner.act("membershipCharge", charge, PAID).await?;
    assert_eq!(paid["paymentIntent"]["status"], "SUCCEEDED");
    assert_eq!(membership(&shop, &member["id"]).await?["status"], "ACTIVE");
    assert_eq!(
        payments(&shop).await?,
        json!([{ "status": "SUCCEEDED", "amountMinor": 4_900, "capturedMinor": 4_900 }])
    );
    shop.must_agree().await
}

#[tokio::test]
async fn a_wallet_that_was_left_pays_renewals_as_far_as_it_goes() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    shop.at(noon("2027-03-01")).await?;
    let wallet = shop.wallet(json!({})).await?;
    shop.grant(&wallet, json!({ "amount": euros(5_000) }))
        .await?;
    let keep = json!({ "customerId": shop.customer, "walletId": wallet });
    let kept = shop
        .owner
        .act("paymentMethodKeep", keep, "paymentMethod { id }")
        .await?;
    let (plan, _) = plan(&shop, 8, &[]).await?;
    let by = json!({ "paymentMethodId": kept["paymentMethod"]["id"] });
    let member = start(&shop, &plan, 4_900, by).await?["membership"].clone();
    shop.at(noon("2027-04-01")).await?;
    shop.world.run_job("renew_memberships").await?;
    assert_eq!(shop.world.run_job("charge_memberships").await?, 1);
    assert_eq!(shop.balance(&wallet).await?, 100);
    assert_eq!(membership(&shop, &member["id"]).await?["status"], "ACTIVE");
    // For the next period there is too little: nothing is drawn, and it is overdue.
    shop.at(noon("2027-05-01")).await?;
    shop.world.run_job("renew_memberships").await?;
    assert_eq!(shop.world.run_job("charge_memberships").await?, 1);
    assert_eq!(shop.world.run_job("charge_memberships").await?, 0);
    assert_eq!(shop.balance(&wallet).await?, 100);
    assert_eq!(
        membership(&shop, &member["id"]).await?["status"],
        "PAST_DUE"
    );
    assert_eq!(shop.number(FAILED, &[]).await?, 1);
    // Filled up by the next day, it pays.
    shop.grant(&wallet, json!({ "amount": euros(4_800) }))
        .await?;
    shop.at(noon("2027-05-02")).await?;
    shop.later(Duration::minutes(1)).await?;
    assert_eq!(shop.world.run_job("charge_memberships").await?, 1);
    assert_eq!(shop.balance(&wallet).await?, 0);
    assert_eq!(membership(&shop, &member["id"]).await?["status"], "ACTIVE");
    shop.must_agree().await
}
