//! Authorized money is taken, in one go or several, or released.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::World;

use super::{Till, money};

fn amounts(payment: &Value) -> [Value; 4] {
    [
        "status",
        "authorizedMinor",
        "capturableMinor",
        "capturedMinor",
    ]
    .map(|name| payment[name].clone())
}

#[tokio::test]
async fn e25_e26_a_part_is_taken_and_the_rest_is_released() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let held = till
        .card("card_ok", "100.00", json!({"captureMode": "MANUAL"}))
        .await?;
    assert_eq!(
        amounts(&held),
        [
            json!("REQUIRES_CAPTURE"),
            json!(10_000),
            json!(10_000),
            json!(0)
        ]
    );
    assert_eq!(
        till.books("EUR").await?,
        json!({}),
        "what is only reserved is not in the books"
    );
    for (amount, code) in [("100.01", "EXCEEDS_AUTHORIZED"), ("0.00", "WRONG_AMOUNT")] {
        till.verb(
            "paymentCapture",
            &held["id"],
            json!({"amount": money(amount)}),
        )
        .await?
        .must_refuse(code)?;
    }
    let taken = till
        .act(
            "paymentCapture",
            &held["id"],
            json!({"amount": money("70.00")}),
        )
        .await?;
    assert_eq!(
        amounts(&taken),
        [json!("SUCCEEDED"), json!(10_000), json!(0), json!(7_000)]
    );
    till.verb("paymentCapture", &held["id"], json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert_eq!(
        till.books("EUR").await?,
        json!({"1030": 7_000, "2100": 7_000})
    );
    till.must_agree().await
}

#[tokio::test]
async fn several_goes_are_taken_until_the_last_is_final() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let held = till
        .card(
            "card_ok",
            "100.00",
            json!({"captureMode": "MANUAL_MULTIPLE"}),
        )
        .await?;
    let first = till
        .act(
            "paymentCapture",
            &held["id"],
            json!({"amount": money("30.00")}),
        )
        .await?;
    assert_eq!(
        amounts(&first),
        [
            json!("PARTIALLY_CAPTURED"),
            json!(10_000),
            json!(7_000),
            json!(3_000)
        ]
    );
    let second = till
        .act(
            "paymentCapture",
            &held["id"],
            json!({"amount": money("20.00"), "isFinal": true}),
        )
        .await?;
    assert_eq!(
        amounts(&second),
        [json!("SUCCEEDED"), json!(10_000), json!(0), json!(5_000)]
    );
    let other = till
        .card(
            "card_ok",
            "100.00",
            json!({"captureMode": "MANUAL_MULTIPLE"}),
        )
        .await?;
    till.act(
        "paymentCapture",
        &other["id"],
        json!({"amount": money("30.00")}),
    )
    .await?;
    let released = till
        .act("paymentCancel", &other["id"], json!({"reason": "done"}))
        .await?;
    assert_eq!(
        amounts(&released),
        [json!("SUCCEEDED"), json!(10_000), json!(0), json!(3_000)]
    );
    till.must_agree().await
}

#[tokio::test]
async fn what_is_authorized_can_be_increased_and_given_up() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let held = till
        .card("card_ok", "100.00", json!({"captureMode": "MANUAL"}))
        .await?;
    let more = till
        .act(
            "paymentAuthorizationIncrease",
            &held["id"],
            json!({"by": money("50.00")}),
        )
        .await?;
    assert_eq!(
        amounts(&more),
        [
            json!("REQUIRES_CAPTURE"),
            json!(15_000),
            json!(15_000),
            json!(0)
        ]
    );
    assert_eq!(more["amountMinor"], 15_000);
    till.verb("paymentCancel", &held["id"], json!({"reason": " "}))
        .await?
        .must_refuse("REASON_REQUIRED")?;
    let gone = till
        .act(
            "paymentCancel",
            &held["id"],
            json!({"reason": "not coming"}),
        )
        .await?;
    assert_eq!(
        amounts(&gone),
        [json!("CANCELED"), json!(15_000), json!(0), json!(0)]
    );
    let fails = till
        .card(
            "card_capture_fails",
            "10.00",
            json!({"captureMode": "MANUAL"}),
        )
        .await?;
    let still = till.act("paymentCapture", &fails["id"], json!({})).await?;
    assert_eq!(
        amounts(&still),
        [
            json!("REQUIRES_CAPTURE"),
            json!(1_000),
            json!(1_000),
            json!(0)
        ]
    );
    assert_eq!(
        still["lastError"],
        "The sandbox does not capture this card."
    );
    till.must_agree().await
}

#[tokio::test]
async fn in_parts_cash_is_taken_and_the_card_is_reserved() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let tenders = json!([{"kind": "CASH", "amount": money("40.00")}, {"kind": "CARD"}]);
    let held = till
        .pay("100.00", "EUR", tenders, json!({"captureMode": "MANUAL"}))
        .await?
        .must()?;
    let held = held.data("/verb/paymentIntent");
    assert_eq!(
        amounts(held),
        [
            json!("REQUIRES_CAPTURE"),
            json!(10_000),
            json!(6_000),
            json!(4_000)
        ]
    );
    let gone = till
        .act(
            "paymentCancel",
            &held["id"],
            json!({"reason": "paid enough"}),
        )
        .await?;
    assert_eq!(
        amounts(&gone),
        [json!("SUCCEEDED"), json!(10_000), json!(0), json!(4_000)]
    );
    assert_eq!(gone["amountMinor"], 4_000);
    till.must_agree().await
}

/// Of many who capture at once, as much is taken as was authorized, and no more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e24_inv09_captures_together_never_exceed_what_was_authorized() -> anyhow::Result<()> {
    let till = Till::over(World::with_pool(16).await?).await?;
    let held = till
        .card(
            "card_ok",
            "100.00",
            json!({"captureMode": "MANUAL_MULTIPLE"}),
        )
        .await?;
    let goes = (0..32).map(|_| {
        till.verb(
            "paymentCapture",
            &held["id"],
            json!({"amount": money("30.00"), "isFinal": false}),
        )
    });
    let mut done = 0;
    for answer in join_all(goes).await {
        let answer = answer?;
        match answer.user_code() {
            None => {
                answer.must()?;
                done += 1;
            }
            Some("IN_FLIGHT" | "EXCEEDS_AUTHORIZED") => {}
            Some(code) => anyhow::bail!("{code}"),
        }
    }
    let payment = till.payment(&held["id"]).await?;
    assert!((1..=3).contains(&done), "{done}");
    assert_eq!(payment["capturedMinor"], done * 3_000);
    till.must_agree().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv09_of_32_captures_at_once_what_is_taken_is_at_most_what_was_authorized()
-> anyhow::Result<()> {
    let till = Till::over(World::with_pool(16).await?).await?;
    let more = json!({"captureMode": "MANUAL_MULTIPLE"});
    let held = till.card("card_ok", "100.00", more).await?;
    let mut taken = 0;
    // Until nothing is left: in each round some are refused because another one is at it.
    while taken < 10_000 {
        let rest = 10_000 - taken;
        let goes = (0..32).map(|_| {
            let part = json!({"amount": money("30.00"), "isFinal": false});
            let all = json!({"isFinal": false});
            let input = if rest >= 3_000 { part } else { all };
            till.verb("paymentCapture", &held["id"], input)
        });
        let mut done = 0;
        for answer in join_all(goes).await {
            let answer = answer?;
            match answer.user_code() {
                None => {
                    answer.must()?;
                    done += 1;
                }
                Some("IN_FLIGHT" | "EXCEEDS_AUTHORIZED" | "WRONG_STATUS") => {}
                Some(code) => anyhow::bail!("{code}"),
            }
        }
        anyhow::ensure!(done > 0, "nobody took anything of {rest}");
        let now = till.payment(&held["id"]).await?;
        let sums = "select sum(amount_minor)::bigint from payments.payment_transactions where kind = 'capture'";
        let moved: i64 = till.sql.query_one(sums, &[]).await?.try_get(0)?;
        taken = now["capturedMinor"].as_i64().unwrap_or_default();
        assert_eq!(taken, moved, "what is counted is what moved");
        assert!(taken <= 10_000, "{taken}");
        assert_eq!(now["capturableMinor"], json!(10_000 - taken));
    }
    assert_eq!(till.payment(&held["id"]).await?["status"], "SUCCEEDED");
    till.must_agree().await
}
