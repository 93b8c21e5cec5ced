//! What was given for a broken promise is taken back: once, as a whole, and what can be.

use futures_util::future::try_join_all;
use serde_json::{Value, json};
use tests::{Answer, World};

use super::Desk;
use super::compensation::{balance, broken, desk, euros, give};

const BACK: &str = "replayed slaCompensationEvent { id kind amountMinor points reverses { id } } slaClock { id status } invoice { number status openMinor customerId }";

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

const WAIVED: &str = "slaClock { status outcome } slaCompensationEvents { amountMinor reverses { id } } invoices { openMinor }";

/// The only clock does not count.
async fn waive(desk: &Desk) -> anyhow::Result<Answer> {
    let clocks = desk
        .owner
        .read("{ slaClocks(first: 1) { nodes { id } } }")
        .await?;
    let input = json!({ "id": clocks["slaClocks"]["nodes"][0]["id"], "reason": "Power cut" });
    desk.owner.verb("slaClockWaive", input, WAIVED).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_given_is_taken_back_once_when_the_promise_is_waived() -> anyhow::Result<()> {
    let mut desk = desk(World::with_pool(8).await?).await?;
    let breach = broken(&mut desk, json!({})).await?;
    for besides in [
        json!({}),
        json!({ "amount": euros("5.00") }),
        json!({ "kind": "NONE", "note": "Sorry" }),
    ] {
        give(&desk, &breach, besides).await?.must()?;
    }
    let first = give(&desk, &breach, json!({ "amount": euros("2.00") })).await?;
    take_back(&desk, first.must()?.payload(), "before")
        .await?
        .must()?;
    assert_eq!(balance(&desk).await?, 1500);
    let answers = try_join_all((0..8).map(|_| waive(&desk))).await?;
    let (done, late): (Vec<_>, Vec<_>) = answers
        .into_iter()
        .partition(|answer| answer.user_errors().is_empty() && answer.errors().is_empty());
    assert_eq!((done.len(), late.len()), (1, 7));
    for answer in late {
        answer.must_refuse("WRONG_STATUS")?;
    }
    let done = done[0].payload();
    assert_eq!(
        done["slaClock"],
        json!({ "status": "WAIVED", "outcome": "WAIVED" })
    );
    let amounts: Vec<_> = done["slaCompensationEvents"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|event| event["amountMinor"].clone())
        .collect();
    assert_eq!(amounts, [-1000, -500, 0]);
    assert_eq!(balance(&desk).await?, 0);
    give(&desk, &breach, json!({}))
        .await?
        .must_refuse("NOTHING_BROKEN")?;
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_promise_still_counts_where_what_was_given_is_used() -> anyhow::Result<()> {
    let mut desk = desk(World::with_pool(4).await?).await?;
    let breach = broken(&mut desk, json!({})).await?;
    give(&desk, &breach, json!({})).await?.must()?;
    let sorry = json!({ "kind": "NONE", "note": "Sorry" });
    give(&desk, &breach, sorry).await?.must()?;
    let wallets = desk
        .owner
        .read("{ wallets(first: 1) { nodes { id } } }")
        .await?;
    let spent = json!({ "walletId": wallets["wallets"]["nodes"][0]["id"], "amount": euros("-4.00"), "reason": "Spent" });
    desk.owner
        .act("walletAdjust", spent, "wallet { id }")
        .await?;
    waive(&desk).await?.must_refuse("ALREADY_USED")?;
    let query = "{ slaClocks(first: 1) { nodes { status } } slaCompensationEvents(first: 9) { nodes { id } } }";
    let kept = desk.owner.read(query).await?;
    assert_eq!(kept["slaClocks"]["nodes"][0]["status"], "COMPENSATED");
    let events = kept["slaCompensationEvents"]["nodes"].as_array();
    assert_eq!(events.map(Vec::len), Some(2), "all or nothing");
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}

/// A payment of 25 euros by a card.
async fn paid(desk: &Desk, card: &str) -> anyhow::Result<Value> {
    let payment = json!({
        "amount": euros("25.00"), "locationId": desk.location, "customerId": desk.customer,
        "tenders": [{ "kind": "CARD", "methodRef": card }],
    });
    let paid = desk
        .owner
        .act("paymentIntentCreate", payment, "paymentIntent { id }")
        .await?;
    Ok(paid["paymentIntent"]["id"].clone())
}

#[tokio::test]
async fn money_is_taken_back_only_where_it_did_not_go_out() -> anyhow::Result<()> {
    let mut desk = desk(World::with_pool(4).await?).await?;
    let account = json!({ "name": "Sandbox", "processor": "SANDBOX" });
    desk.owner
        .act("processorAccountCreate", account, "processorAccount { id }")
        .await?;
    let breach = broken(&mut desk, json!({})).await?;
    let refund = async |card: &str| {
        let of = paid(&desk, card).await?;
        let refund = json!({ "kind": "REFUND", "amount": euros("15.00"), "paymentIntentId": of });
        let given = give(&desk, &breach, refund).await?.must()?;
        anyhow::Ok(given.payload().clone())
    };
    let failed = refund("card_refund_fails").await?;
    assert_eq!(failed["refunds"][0]["status"], "FAILED");
    let under_way = refund("card_refund_timeout").await?;
    assert_eq!(under_way["refunds"][0]["status"], "PROCESSING");
    take_back(&desk, &under_way, "soon")
        .await?
        .must_refuse("MONEY_UNDER_WAY")?;
    waive(&desk).await?.must_refuse("MONEY_UNDER_WAY")?;
    // What failed counts no more: as much can be given another way.
    let back = take_back(&desk, &failed, "failed").await?.must()?;
    assert_eq!(back.payload()["slaCompensationEvent"]["amountMinor"], -1500);
    assert_eq!(back.payload()["invoice"], json!(null), "nothing went out");
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}

/// What went back to a card is not fetched from it: the customer owes it, once, and pays it as any invoice.
#[tokio::test]
async fn money_that_went_back_is_owed_again() -> anyhow::Result<()> {
    let mut desk = desk(World::with_pool(4).await?).await?;
    let account = json!({ "name": "Sandbox", "processor": "SANDBOX" });
    desk.owner
        .act("processorAccountCreate", account, "processorAccount { id }")
        .await?;
    let breach = broken(&mut desk, json!({})).await?;
    let mut given = Vec::new();
    for amount in ["15.00", "5.00"] {
        let of = paid(&desk, "pm_card_visa").await?;
        let refund = json!({ "kind": "REFUND", "amount": euros(amount), "paymentIntentId": of });
        let done = give(&desk, &breach, refund).await?.must()?;
        assert_eq!(done.payload()["refunds"][0]["status"], "SUCCEEDED");
        given.push(done.payload().clone());
    }
    // Nothing can be owed where no invoice can be issued.
    take_back(&desk, &given[0], "no series")
        .await?
        .must_refuse("MONEY_IS_GONE")?;
    let input = json!({ "id": desk.location, "version": 1, "countryCode": "PT" });
    desk.owner
        .act("locationUpdate", input, "location { id }")
        .await?;
    for replayed in [false, true] {
        let back = take_back(&desk, &given[0], "gone").await?.must()?;
        let back = back.payload();
        assert_eq!(back["replayed"], replayed);
        assert_eq!(back["slaCompensationEvent"]["amountMinor"], -1500);
        let invoice = &back["invoice"];
        assert_eq!(
            (
                &invoice["status"],
                &invoice["openMinor"],
                &invoice["customerId"]
            ),
            (&json!("FINALIZED"), &json!(1500), &json!(desk.customer)),
            "{invoice}"
        );
        assert!(invoice["number"].is_string());
    }
    take_back(&desk, &given[0], "twice")
        .await?
        .must_refuse("ALREADY_REVERSED")?;
    // Who waives the promise has the rest owed as well.
    let waived = waive(&desk).await?.must()?;
    let invoices = &waived.payload()["invoices"];
    assert_eq!(invoices, &json!([{ "openMinor": 500 }]));
    assert_eq!(desk.world.breaks().await?, 0);
    // Without the invoice the books would not agree.
    let by_hand = desk.world.database.owner().await?;
    by_hand
        .batch_execute(
            "set session_replication_role = replica; \
             update billing.invoices set source_type = null, source_id = null where open_minor = 1500",
        )
        .await?;
    assert_eq!(desk.world.breaks().await?, 1);
    Ok(())
}
