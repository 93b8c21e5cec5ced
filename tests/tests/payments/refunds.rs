//! Money goes back: never more than was taken, however many ask.

use futures_util::future::join_all;
use serde_json::json;
use tests::World;

use super::{Till, id_of, money};

#[tokio::test]
async fn inv12_e29_amounts_go_back_until_nothing_is_left() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let paid = till.card("card_ok", "100.00", json!({})).await?;
    let first = till
        .refund(&paid["id"], json!({"amount": money("33.33")}))
        .await?
        .must()?;
    assert_eq!(first.data("/verb/refunds/0/status"), "SUCCEEDED");
    assert_eq!(
        first.data("/verb/paymentIntent/refundableMinor"),
        &json!(6_667)
    );
    till.refund(&paid["id"], json!({"amount": money("66.68")}))
        .await?
        .must_refuse("REFUND_EXCEEDS_CAPTURED")?;
    let rest = till.refund(&paid["id"], json!({})).await?.must()?;
    assert_eq!(
        rest.data("/verb/refunds/0/amountMinor"),
        &json!(6_667),
        "the exact remainder"
    );
    till.refund(&paid["id"], json!({}))
        .await?
        .must_refuse("REFUND_EXCEEDS_CAPTURED")?;
    let payment = till.payment(&paid["id"]).await?;
    assert_eq!(
        (&payment["status"], &payment["refundedMinor"]),
        (&json!("SUCCEEDED"), &json!(10_000))
    );
    assert_eq!(till.books("EUR").await?, json!({}));
    till.must_agree().await
}

#[tokio::test]
async fn e21_a_refund_is_of_more_than_nothing_and_of_the_payments_currency() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let paid = till.card("card_ok", "10.00", json!({})).await?;
    for amount in [
        json!({"amount": "-1.00", "currency": "EUR"}),
        json!({"amount": "0.00", "currency": "EUR"}),
        json!({"amount": "1.00", "currency": "USD"}),
    ] {
        till.refund(&paid["id"], json!({"amount": amount}))
            .await?
            .must_refuse("WRONG_AMOUNT")?;
    }
    till.refund(&paid["id"], json!({"reason": "OTHER"}))
        .await?
        .must_refuse("INVALID")?;
    let other = till.world.owner().await?;
    let input = json!({"id": paid["id"], "reason": "DUPLICATE"});
    other
        .verb("paymentRefund", input, "paymentIntent { id }")
        .await?
        .must_fail("NOT_FOUND")?;
    till.must_agree().await
}

/// Sixty-four ask at once for 60 of 100: one gets it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e20_inv07_of_many_refunds_at_once_only_what_was_taken_goes_back() -> anyhow::Result<()> {
    let till = Till::over(World::with_pool(24).await?).await?;
    let paid = till.card("card_ok", "100.00", json!({})).await?;
    let all = (0..64).map(|_| till.refund(&paid["id"], json!({"amount": money("60.00")})));
    let mut done = 0;
    for answer in join_all(all).await {
        let answer = answer?;
        match answer.user_code() {
            None => {
                answer.must()?;
                done += 1;
            }
            Some("REFUND_EXCEEDS_CAPTURED") => {}
            Some(code) => anyhow::bail!("{code}"),
        }
    }
    assert_eq!(done, 1);
    let payment = till.payment(&paid["id"]).await?;
    assert_eq!(
        (&payment["refundReservedMinor"], &payment["refundedMinor"]),
        (&json!(6_000), &json!(6_000))
    );
    assert_eq!(till.count("payments.refunds").await?, 1);
    till.must_agree().await
}

#[tokio::test]
async fn e22_a_refund_that_fails_gives_its_amount_free_once() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let paid = till.card("card_refund_fails", "100.00", json!({})).await?;
    let failed = till.refund(&paid["id"], json!({})).await?.must()?;
    assert_eq!(failed.data("/verb/refunds/0/status"), "FAILED");
    assert_eq!(
        failed.data("/verb/paymentIntent/refundableMinor"),
        &json!(10_000)
    );
    // It was done, and the bank returns it later: the same twice changes nothing more.
    let good = till.card("card_ok", "50.00", json!({})).await?;
    let done = till.refund(&good["id"], json!({})).await?.must()?;
    let refund = id_of(done.data("/verb/refunds/0/id"))?;
    let back = || bizing::domain::payments::processors::Returned::Failed {
        external_id: None,
        message: "returned".to_owned(),
    };
    for is_first in [true, false] {
        let kept = bizing::domain::payments::refund_send::keep(
            &till.world.opened,
            till.owner.biz_id,
            None,
            refund,
            back(),
        )
        .await?;
        assert_eq!(kept, is_first);
    }
    let payment = till.payment(&good["id"]).await?;
    assert_eq!(
        (&payment["refundedMinor"], &payment["refundableMinor"]),
        (&json!(0), &json!(5_000))
    );
    assert_eq!(
        till.books("EUR").await?,
        json!({"1030": 15_000, "2100": 15_000})
    );
    till.must_agree().await
}

#[tokio::test]
async fn e41_in_parts_the_last_goes_back_first_and_tips_last() -> anyhow::Result<()> {
    let till = Till::open().await?;
    let tenders =
        json!([{"kind": "CASH", "amount": money("40.00")}, {"kind": "CARD", "tip": money("6.00")}]);
    let paid = till
        .pay("100.00", "EUR", tenders, json!({}))
        .await?
        .must()?;
    let id = paid.data("/verb/paymentIntent/id").clone();
    let back = till
        .refund(&id, json!({"amount": money("80.00")}))
        .await?
        .must()?;
    let amounts: Vec<_> = back
        .data("/verb/refunds")
        .as_array()
        .into_iter()
        .flatten()
        .map(|r| r["amountMinor"].clone())
        .collect();
    assert_eq!(amounts, [json!(6_600), json!(1_400)]);
    assert_eq!(
        till.books("EUR").await?,
        json!({"1010": 2_600, "2100": 2_600}),
        "the tip went back with the whole card"
    );
    let rest = till.refund(&id, json!({"method": "CASH"})).await?.must()?;
    assert_eq!(rest.data("/verb/refunds/0/method"), "CASH");
    assert_eq!(till.books("EUR").await?, json!({}));
    till.must_agree().await
}

#[tokio::test]
async fn above_the_limit_of_a_role_somebody_else_approves() -> anyhow::Result<()> {
    let till = Till::open().await?;
    till.set_limit("manager", "payments.refund", 5_000).await?;
    let manager = till.world.staff(&till.owner, "manager", &[]).await?;
    let paid = till.card("card_ok", "200.00", json!({})).await?;
    let ask = async |amount: &str| {
        let input = json!({"id": paid["id"], "reason": "SERVICE_FAILURE", "amount": money(amount)});
        manager
            .act("paymentRefund", input, "refunds { id status }")
            .await
    };
    assert_eq!(ask("50.00").await?["refunds"][0]["status"], "SUCCEEDED");
    let waiting = ask("50.01").await?["refunds"][0].clone();
    assert_eq!(waiting["status"], "PENDING_APPROVAL");
    assert_eq!(
        till.payment(&paid["id"]).await?["refundReservedMinor"],
        10_001,
        "what waits is reserved"
    );
    let this = json!({"id": waiting["id"]});
    let select = "refund { status approvedBy { id } }";
    manager
        .verb("refundApprove", this.clone(), select)
        .await?
        .must_refuse("SAME_PERSON")?;
    let approved = till
        .owner
        .act("refundApprove", this.clone(), select)
        .await?;
    assert_eq!(approved["refund"]["status"], "SUCCEEDED");
    till.owner
        .verb("refundApprove", this, select)
        .await?
        .must_refuse("WRONG_STATUS")?;
    let given_up = ask("60.00").await?["refunds"][0].clone();
    till.owner
        .act(
            "refundCancel",
            json!({"id": given_up["id"]}),
            "refund { status }",
        )
        .await?;
    assert_eq!(
        till.payment(&paid["id"]).await?["refundReservedMinor"],
        10_001
    );
    till.set_limit("admin", "payments.approve_refund", 100)
        .await?;
    let admin = till.world.staff(&till.owner, "admin", &[]).await?;
    let third = ask("60.00").await?["refunds"][0].clone();
    admin
        .verb("refundApprove", json!({"id": third["id"]}), select)
        .await?
        .must_refuse("BEYOND_LIMIT")?;
    till.must_agree().await
}

#[tokio::test]
async fn e29_e30_by_line_no_more_goes_back_than_was_paid_for_it() -> anyhow::Result<()> {
    let world = World::new().await?;
    let hotel = world.hotel().await?;
    let order = hotel.confirmed(tests::hotel::soon(30), 2).await?;
    let input = json!({"amount": money("200.00"), "source": {"bookingOrderId": order["id"]}, "tenders": [{"kind": "CASH"}]});
    let paid = hotel
        .owner
        .act("paymentIntentCreate", input, "paymentIntent { id }")
        .await?;
    let data = hotel
        .owner
        .read("{ bookingOrderLines { nodes { id totalMinor } } }")
        .await?;
    let line = data["bookingOrderLines"]["nodes"][0]["id"].clone();
    let refund = async |amount: Option<&str>| {
        let input = json!({"id": paid["paymentIntent"]["id"], "reason": "CANCELLATION",
            "lines": [{"bookingOrderLineId": line, "amount": amount.map(money)}]});
        hotel
            .owner
            .verb(
                "paymentRefund",
                input,
                "refunds { amountMinor allocations { nodes { amountMinor lineCapturedMinor } } }",
            )
            .await
    };
    refund(Some("200.01"))
        .await?
        .must_refuse("REFUND_EXCEEDS_LINE")?;
    let first = refund(Some("66.67")).await?.must()?;
    assert_eq!(
        first.data("/verb/refunds/0/allocations/nodes/0"),
        &json!({"amountMinor": 6_667, "lineCapturedMinor": 20_000})
    );
    let rest = refund(None).await?.must()?;
    assert_eq!(rest.data("/verb/refunds/0/amountMinor"), &json!(13_333));
    refund(None).await?.must_refuse("REFUND_EXCEEDS_LINE")?;
    anyhow::ensure!(world.breaks().await? == 0);
    Ok(())
}
