//! Memberships that pause, end, or are not paid.

use serde_json::{Value, json};
use uuid::Uuid;

use super::memberships::{MEMBER, membership, noon, plan, start, visits};
use super::{Shop, id, with};

#[tokio::test]
async fn a_pause_makes_the_period_and_its_credits_as_many_days_longer() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    shop.at(noon("2027-03-10")).await?;
    let (plan, benefit) = plan(&shop, 8, &[("freeze_days_per_year", "30")]).await?;
    let member = start(&shop, &plan, 5000, json!({})).await?["membership"].clone();
    shop.at(noon("2027-03-20")).await?;
    let pause = |more: Value| {
        let input = with(json!({ "id": member["id"], "reason": "Holiday" }), more);
        let owner = shop.owner.clone();
        async move { owner.verb("membershipPause", input, MEMBER).await }
    };
    pause(json!({})).await?.must_refuse("UNTIL_REQUIRED")?;
    pause(json!({ "until": "2027-03-20" }))
        .await?
        .must_refuse("WRONG_DAY")?;
    pause(json!({ "until": "2027-04-20" }))
        .await?
        .must_refuse("TOO_MANY_DAYS")?;
    let desk = shop.world.staff(&shop.owner, "front_desk", &[]).await?;
    let exempt = json!({ "id": member["id"], "reason": "Ill", "isExempt": true });
    desk.verb("membershipPause", exempt, MEMBER)
        .await?
        .must_fail("FORBIDDEN")?;
    // Over the change of clocks: ten days are ten days.
    pause(json!({ "until": "2027-03-30" })).await?.must()?;
    pause(json!({ "until": "2027-03-30" }))
        .await?
        .must_refuse("WRONG_STATUS")?;
    let usage = json!({ "id": member["id"], "benefitId": benefit });
    shop.owner
        .verb("membershipBenefitUse", usage.clone(), MEMBER)
        .await?
        .must_refuse("NOT_ACTIVE")?;
    let burn = json!({ "walletId": member["walletId"], "units": 1 });
    shop.owner
        .verb("walletBurn", burn, "wallet { id }")
        .await?
        .must_refuse("NOT_USABLE_HERE")?;
    // The worker comes two days late: it runs again from the day on which it should.
    shop.at(noon("2027-04-01")).await?;
    assert_eq!(shop.world.run_job("resume_memberships").await?, 1);
    assert_eq!(shop.world.run_job("resume_memberships").await?, 0);
    let now = membership(&shop, &member["id"]).await?;
    assert_eq!(
        (
            &now["status"],
            &now["currentPeriodEndsOn"],
            &now["anchorDay"]
        ),
        (&json!("ACTIVE"), &json!("2027-04-20"), &json!(20))
    );
    let resume = json!({ "id": member["id"] });
    shop.owner
        .verb("membershipResume", resume, MEMBER)
        .await?
        .must_refuse("WRONG_STATUS")?;
    shop.at(noon("2027-04-19")).await?;
    shop.owner
        .act("membershipBenefitUse", usage, "entries { id }")
        .await?;
    assert_eq!(visits(&shop, &member).await?, 7);
    // Twenty days are left of the thirty a year.
    let input = json!({ "id": member["id"], "reason": "Again", "until": "2027-05-10" });
    shop.owner
        .verb("membershipPause", input, MEMBER)
        .await?
        .must_refuse("TOO_MANY_DAYS")?;
    shop.must_agree().await
}

#[tokio::test]
async fn a_member_leaves_by_the_terms_of_the_plan() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    shop.at(noon("2027-06-01")).await?;
    let (plan, _) = plan(&shop, 8, &[("min_periods", "2"), ("notice_days", "10")]).await?;
    let member = start(&shop, &plan, 3000, json!({})).await?["membership"].clone();
    let cancel = |more: Value| {
        let input = with(json!({ "id": member["id"], "reason": "Moves away" }), more);
        let owner = shop.owner.clone();
        async move {
            owner
                .verb("membershipCancel", input, &format!("{MEMBER} owedMinor"))
                .await
        }
    };
    cancel(json!({ "reason": " " }))
        .await?
        .must_refuse("REASON_REQUIRED")?;
    cancel(json!({})).await?.must_refuse("BOUND")?;
    let desk = shop.world.staff(&shop.owner, "front_desk", &[]).await?;
    let waive = json!({ "id": member["id"], "reason": "Our fault", "waivesTerms": true });
    desk.verb("membershipCancel", waive, MEMBER)
        .await?
        .must_fail("FORBIDDEN")?;
    shop.at(noon("2027-07-25")).await?;
    assert_eq!(shop.world.run_job("renew_memberships").await?, 1);
    let input = json!({ "id": member["id"], "reason": "Moves away" });
    shop.owner
        .verb("membershipCancel", input.clone(), MEMBER)
        .await?
        .must_refuse("TOO_LATE")?;
    let withdraw = json!({ "id": member["id"] });
    shop.owner
        .verb("membershipCancelWithdraw", withdraw.clone(), MEMBER)
        .await?
        .must_refuse("WRONG_STATUS")?;
    shop.at(noon("2027-08-05")).await?;
    shop.world.run_job("renew_memberships").await?;
    shop.owner
        .act("membershipCancel", input.clone(), MEMBER)
        .await?;
    shop.owner
        .verb("membershipCancel", input.clone(), MEMBER)
        .await?
        .must_refuse("WRONG_STATUS")?;
    shop.owner
        .act("membershipCancelWithdraw", withdraw, MEMBER)
        .await?;
    shop.owner
        .act("membershipCancel", input.clone(), MEMBER)
        .await?;
    shop.at(noon("2027-09-01")).await?;
    assert_eq!(shop.world.run_job("renew_memberships").await?, 1);
    let now = membership(&shop, &member["id"]).await?;
    assert_eq!(
        (&now["status"], &now["endedOn"]),
        (&json!("EXPIRED"), &json!("2027-09-01"))
    );
    assert_eq!(visits(&shop, &member).await?, 0);
    assert_eq!(shop.world.run_job("renew_memberships").await?, 0);
    // Another one ends at once, and gets back the days that are left.
    let other = start(&shop, &plan, 3000, json!({})).await?["membership"].clone();
    shop.at(noon("2027-09-21")).await?;
    let seen = shop
        .owner
        .read(&format!(
            "{{ membershipPreview(id: {}) {{ owed {{ minor }} }} }}",
            other["id"]
        ))
        .await?;
    let now = json!({ "id": other["id"], "reason": "Our fault", "at": "NOW", "refundsUnused": true, "waivesTerms": true });
    let done = shop
        .owner
        .act("membershipCancel", now, &format!("{MEMBER} owedMinor"))
        .await?;
    assert_eq!(
        (
            &done["owedMinor"],
            &seen["membershipPreview"]["owed"]["minor"]
        ),
        (&json!(-1000), &json!(-1000))
    );
    assert_eq!(done["membership"]["status"], "CANCELLED");
    shop.must_agree().await
}

#[tokio::test]
async fn what_is_not_paid_is_overdue_and_gives_only_within_its_grace() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    shop.at(noon("2027-06-01")).await?;
    let (plan, benefit) = plan(&shop, 8, &[("grace_days", "5"), ("trial_days", "14")]).await?;
    let started = start(&shop, &plan, 3000, json!({})).await?;
    let member = started["membership"].clone();
    assert_eq!(
        (&member["status"], &started["owedMinor"]),
        (&json!("TRIALING"), &json!(0))
    );
    shop.at(noon("2027-06-15")).await?;
    assert_eq!(shop.world.run_job("renew_memberships").await?, 1);
    assert_eq!(
        membership(&shop, &member["id"]).await?["currentPeriodEndsOn"],
        "2027-07-15"
    );
    let this = json!({ "id": member["id"] });
    shop.owner
        .verb("membershipPaymentRecord", this.clone(), MEMBER)
        .await?
        .must_refuse("WRONG_STATUS")?;
    shop.owner
        .act("membershipPaymentFail", this.clone(), MEMBER)
        .await?;
    shop.owner
        .verb("membershipPaymentFail", this.clone(), MEMBER)
        .await?
        .must_refuse("WRONG_STATUS")?;
    let usage = json!({ "id": member["id"], "benefitId": benefit });
    shop.at(noon("2027-06-19")).await?;
    shop.owner
        .act("membershipBenefitUse", usage.clone(), "entries { id }")
        .await?;
    shop.at(noon("2027-06-20")).await?;
    shop.owner
        .verb("membershipBenefitUse", usage.clone(), MEMBER)
        .await?
        .must_refuse("NOT_ACTIVE")?;
    // Paid long after: a new period begins that day, and the time between costs nothing.
    shop.at(noon("2027-08-03")).await?;
    assert_eq!(shop.world.run_job("renew_memberships").await?, 0);
    let paid = shop
        .owner
        .act(
            "membershipPaymentRecord",
            this,
            &format!("{MEMBER} owedMinor"),
        )
        .await?;
    assert_eq!(
        (&paid["membership"]["status"], &paid["owedMinor"]),
        (&json!("ACTIVE"), &json!(3000))
    );
    assert_eq!(paid["membership"]["currentPeriodEndsOn"], "2027-09-03");
    shop.owner
        .act("membershipBenefitUse", usage, "entries { id }")
        .await?;
    assert_eq!(visits(&shop, &member).await?, 7);
    // One that waits for its first payment gives nothing until then.
    let other = shop.customer("Bruno").await?;
    let waits = start(
        &shop,
        &plan,
        3000,
        json!({ "customerId": other, "awaitsPayment": true }),
    )
    .await?["membership"]
        .clone();
    assert_eq!(
        (&waits["status"], &waits["walletId"]),
        (&json!("INCOMPLETE"), &Value::Null)
    );
    shop.owner
        .act(
            "membershipPaymentRecord",
            json!({ "id": waits["id"] }),
            MEMBER,
        )
        .await?;
    assert_eq!(visits(&shop, &waits).await?, 8);
    assert_ne!(id(&waits)?, Uuid::nil().to_string());
    shop.must_agree().await
}
