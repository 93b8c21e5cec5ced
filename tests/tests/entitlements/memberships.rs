//! Memberships: periods by the member's own calendar, credits, pauses, changes, and what is not paid.

use chrono::{DateTime, Duration, NaiveDate, TimeZone as _, Utc};
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::id_of;
use uuid::Uuid;

use super::{Shop, euros, id, with};

const MEMBER: &str = "membership { id status startedOn endedOn currentPeriodStartsOn currentPeriodEndsOn anchorDay priceMinor planId \
    pausedUntil cancelAtPeriodEnd walletId }";

/// A plan that is sold, with so many visits a month.
pub(super) async fn plan(
    shop: &Shop,
    visits: i64,
    changes: &[(&str, &str)],
) -> anyhow::Result<(String, String)> {
    let (plan, sellable, benefit) = (
        bizing::database::new_id(),
        bizing::database::new_id(),
        bizing::database::new_id(),
    );
    let sql = "with s as (insert into catalog.sellables (biz_id, id, kind, ref_type, ref_id, name) \
          values ($1, $2, 'membership_plan', 'MembershipPlan', $3, 'Plan')), \
        p as (insert into entitlements.membership_plans (biz_id, id, code, name, sellable_id, status) \
          values ($1, $3, $4, 'Plan', $2, 'active')) \
        insert into entitlements.membership_plan_benefits (biz_id, id, plan_id, kind, name, unit, quantity) \
        values ($1, $5, $3, 'credits', 'Visits', 'visits', $6)";
    let code = format!("P{}", tests::actor::unique());
    shop.sql
        .execute(
            sql,
            &[
                &shop.owner.biz_id,
                &sellable,
                &plan,
                &code,
                &benefit,
                &visits,
            ],
        )
        .await?;
    for (column, value) in changes {
        let (table, key) = if column.starts_with("rollover") {
            ("membership_plan_benefits", benefit)
        } else {
            ("membership_plans", plan)
        };
        let sql = format!("update entitlements.{table} set {column} where id = $1")
            .replace(column, &format!("{column} = {value}"));
        shop.sql.execute(&sql, &[&key]).await?;
    }
    Ok((id_of("enmp", plan), id_of("enpb", benefit)))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Noon of a day in Lisbon.
pub(super) fn noon(text: &str) -> DateTime<Utc> {
    chrono_tz::Europe::Lisbon
        .from_local_datetime(&day(text).and_hms_opt(12, 0, 0).unwrap())
        .unwrap()
        .to_utc()
}

pub(super) async fn start(
    shop: &Shop,
    plan: &str,
    minor: i64,
    more: Value,
) -> anyhow::Result<Value> {
    let input = with(
        json!({ "planId": plan, "customerId": shop.customer, "price": euros(minor) }),
        more,
    );
    shop.owner
        .act("membershipStart", input, &format!("{MEMBER} owedMinor"))
        .await
}

pub(super) async fn membership(shop: &Shop, id: &Value) -> anyhow::Result<Value> {
    let query = format!(
        "{{ {} }}",
        MEMBER.replacen("membership", &format!("membership(id: {id})"), 1)
    );
    Ok(shop.owner.read(&query).await?["membership"].clone())
}

async fn visits(shop: &Shop, member: &Value) -> anyhow::Result<i64> {
    let wallet = membership(shop, &member["id"]).await?["walletId"].clone();
    shop.balance(wallet.as_str().unwrap_or_default()).await
}

#[tokio::test]
async fn e31_the_first_short_period_is_paid_and_given_by_its_days() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    shop.at(noon("2028-02-15")).await?;
    let (plan, _) = plan(&shop, 29, &[]).await?;
    let started = start(&shop, &plan, 2900, json!({ "anchorDay": 1 })).await?;
    // A leap year: 15 of 29 days.
    assert_eq!(started["owedMinor"], 1500);
    let member = &started["membership"];
    assert_eq!(
        (&member["status"], &member["currentPeriodEndsOn"]),
        (&json!("ACTIVE"), &json!("2028-03-01"))
    );
    assert_eq!(visits(&shop, member).await?, 15);
    let again = json!({ "planId": plan, "customerId": shop.customer, "price": euros(1) });
    shop.owner
        .verb("membershipStart", again.clone(), MEMBER)
        .await?
        .must_refuse("ALREADY_MEMBER")?;
    let nobody = with(again.clone(), json!({ "customerId": null }));
    shop.owner
        .verb("membershipStart", nobody, MEMBER)
        .await?
        .must_refuse("ONE_OWNER")?;
    let anchor = with(again.clone(), json!({ "anchorDay": 32 }));
    shop.owner
        .verb("membershipStart", anchor, MEMBER)
        .await?
        .must_refuse("INVALID_ANCHOR")?;
    let late = with(again.clone(), json!({ "startsOn": "2031-01-01" }));
    shop.owner
        .verb("membershipStart", late, MEMBER)
        .await?
        .must_refuse("WRONG_DAY")?;
    let stranger = shop.world.owner().await?;
    stranger
        .verb("membershipStart", again.clone(), MEMBER)
        .await?
        .must_fail("NOT_FOUND")?;
    let server = shop.world.staff(&shop.owner, "server", &[]).await?;
    server
        .verb("membershipStart", again.clone(), MEMBER)
        .await?
        .must_fail("FORBIDDEN")?;
    shop.sql
        .execute(
            "update entitlements.membership_plans set status = 'retired' where id = $1",
            &[&uuid(&json!(plan))?],
        )
        .await?;
    shop.owner
        .verb("membershipStart", again, MEMBER)
        .await?
        .must_refuse("NOT_OFFERED")?;
    shop.must_agree().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e32_a_period_is_renewed_once_however_many_workers_run() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    shop.at(noon("2027-01-31")).await?;
    let changes = [(
        "rollover_mode",
        "'capped', rollover_cap = 3, rollover_periods = 1",
    )];
    let (plan, benefit) = plan(&shop, 8, &changes).await?;
    let started = start(&shop, &plan, 5000, json!({})).await?;
    let member = &started["membership"];
    let used = json!({ "id": member["id"], "benefitId": benefit, "units": 3 });
    shop.owner
        .act("membershipBenefitUse", used, "entries { quantity }")
        .await?;
    assert_eq!(shop.world.run_job("renew_memberships").await?, 0);
    let early = json!({ "id": member["id"], "periodEndsOn": "2027-02-28" });
    shop.owner
        .verb("membershipRenew", early.clone(), MEMBER)
        .await?
        .must_refuse("NOT_DUE")?;
    // One second before and after midnight in Lisbon, on the last day of February.
    shop.at(noon("2027-02-27") + Duration::hours(11) + Duration::minutes(59))
        .await?;
    assert_eq!(shop.world.run_job("renew_memberships").await?, 0);
    shop.at(noon("2027-02-27") + Duration::hours(12) + Duration::seconds(1))
        .await?;
    let (one, two) = tokio::join!(
        shop.world.run_job("renew_memberships"),
        shop.world.run_job("renew_memberships")
    );
    assert_eq!(one? + two?, 1);
    shop.owner
        .verb("membershipRenew", early, MEMBER)
        .await?
        .must_refuse("ALREADY_RENEWED")?;
    let now = membership(&shop, &member["id"]).await?;
    assert_eq!(
        (&now["currentPeriodStartsOn"], &now["currentPeriodEndsOn"]),
        (&json!("2027-02-28"), &json!("2027-03-31"))
    );
    // 5 were left: 3 are carried over, 2 lapse, and 8 are new.
    assert_eq!(visits(&shop, member).await?, 11);
    let run = shop.sql.query_one(
        "select memberships_count, rolled_quantity, expired_quantity from entitlements.rollover_runs where biz_id = $1 and plan_id = $2",
        &[&shop.owner.biz_id, &uuid(&json!(plan))?]).await?;
    assert_eq!(
        (
            run.get::<_, i32>(0),
            run.get::<_, i64>(1),
            run.get::<_, i64>(2)
        ),
        (1, 3, 2)
    );
    // Three periods were missed: each is made up for, and what would be over by now lapses.
    shop.at(noon("2027-05-31")).await?;
    assert_eq!(shop.world.run_job("renew_memberships").await?, 3);
    assert_eq!(shop.world.run_job("renew_memberships").await?, 0);
    let now = membership(&shop, &member["id"]).await?;
    assert_eq!(
        (&now["currentPeriodStartsOn"], &now["currentPeriodEndsOn"]),
        (&json!("2027-05-31"), &json!("2027-06-30"))
    );
    let sql = "select count(*) from entitlements.membership_events where membership_id = $1 and kind = 'renewed'";
    assert_eq!(
        shop.number(sql, &[member["id"].as_str().unwrap_or_default()])
            .await?,
        4
    );
    assert_eq!(visits(&shop, member).await?, 8);
    shop.must_agree().await
}

#[tokio::test]
async fn e31_a_preview_is_what_then_happens_also_over_a_change_of_clocks() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    let (small, _) = plan(&shop, 10, &[]).await?;
    let (large, _) = plan(&shop, 31, &[]).await?;
    // Clocks go forward on 28 March 2027: the day after counts as one day all the same.
    shop.at(noon("2027-03-01")).await?;
    let member = start(&shop, &small, 3100, json!({})).await?["membership"].clone();
    shop.at(noon("2027-03-29")).await?;
    let preview = format!(
        "{{ membershipPreview(id: {}, planId: \"{large}\", price: {{ amount: \"62.00\", currency: \"EUR\" }}) {{ effectiveOn days daysLeft \
         unused {{ minor }} due {{ minor }} owed {{ minor }} }} }}",
        member["id"]
    );
    let seen = shop.owner.read(&preview).await?["membershipPreview"].clone();
    assert_eq!(
        seen,
        json!({ "effectiveOn": "2027-03-29", "days": 31, "daysLeft": 3, "unused": { "minor": 300 }, "due": { "minor": 600 }, "owed": { "minor": 300 } })
    );
    let change = json!({ "id": member["id"], "planId": large, "price": euros(6200) });
    let wrong = with(
        change.clone(),
        json!({ "price": { "amount": "62", "currency": "USD" } }),
    );
    shop.owner
        .verb("membershipChangePlan", wrong, MEMBER)
        .await?
        .must_refuse("WRONG_PRICE")?;
    let done = shop
        .owner
        .act(
            "membershipChangePlan",
            change.clone(),
            &format!("{MEMBER} owedMinor effectiveOn"),
        )
        .await?;
    assert_eq!(
        (&done["owedMinor"], &done["effectiveOn"]),
        (&seen["owed"]["minor"], &seen["effectiveOn"])
    );
    assert_eq!(
        (
            &done["membership"]["planId"],
            &done["membership"]["currentPeriodEndsOn"]
        ),
        (&json!(large), &json!("2027-04-01"))
    );
    // 3 of 31 days of 31 visits, less what the small plan gave for them.
    assert_eq!(visits(&shop, &member).await?, 10 + 2);
    shop.owner
        .verb("membershipChangePlan", change, MEMBER)
        .await?
        .must_refuse("SAME_PLAN")?;
    // Down again: something goes back, and no credits are taken away.
    let down = json!({ "id": member["id"], "planId": small, "price": euros(3100) });
    let done = shop
        .owner
        .act("membershipChangePlan", down, "owedMinor")
        .await?;
    assert_eq!(done["owedMinor"], -300);
    assert_eq!(visits(&shop, &member).await?, 12);
    let stranger = shop.world.owner().await?;
    stranger.ask(&preview).await?.must_fail("NOT_FOUND")?;
    shop.must_agree().await
}

#[tokio::test]
async fn a_change_may_wait_for_the_next_period_or_begin_a_new_one() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    shop.at(noon("2027-04-10")).await?;
    let (waits, _) = plan(&shop, 4, &[("proration_mode", "'none'")]).await?;
    let (whole, _) = plan(&shop, 6, &[("proration_mode", "'full_period'")]).await?;
    let (third, _) = plan(&shop, 9, &[]).await?;
    let member = start(&shop, &waits, 1000, json!({})).await?["membership"].clone();
    let to = |plan: &str, minor: i64| json!({ "id": member["id"], "planId": plan, "price": euros(minor) });
    let change = |input: Value| {
        let owner = shop.owner.clone();
        async move {
            owner
                .act(
                    "membershipChangePlan",
                    input,
                    &format!("{MEMBER} owedMinor effectiveOn"),
                )
                .await
        }
    };
    let asked = change(to(&third, 3000)).await?;
    assert_eq!(
        (&asked["effectiveOn"], &asked["membership"]["planId"]),
        (&json!("2027-05-10"), &json!(waits))
    );
    // Taken back, and asked for another.
    change(to(&waits, 1000)).await?;
    change(to(&whole, 2000)).await?;
    shop.at(noon("2027-05-10")).await?;
    assert_eq!(shop.world.run_job("renew_memberships").await?, 1);
    let now = membership(&shop, &member["id"]).await?;
    assert_eq!(
        (&now["planId"], &now["priceMinor"]),
        (&json!(whole), &json!(2000))
    );
    assert_eq!(visits(&shop, &member).await?, 6);
    // The whole price of the new plan at once: a new period begins today.
    shop.at(noon("2027-05-20")).await?;
    let input = to(&third, 3000);
    let done = shop
        .owner
        .act(
            "membershipChangePlan",
            input,
            &format!("{MEMBER} owedMinor effectiveOn"),
        )
        .await?;
    assert_eq!(
        (
            &done["owedMinor"],
            &done["membership"]["currentPeriodEndsOn"]
        ),
        (&json!(3000), &json!("2027-06-20"))
    );
    assert_eq!(visits(&shop, &member).await?, 9);
    shop.must_agree().await
}

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
