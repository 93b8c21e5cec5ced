//! Memberships: periods by the member's own calendar, credits and changes.

use chrono::{DateTime, Duration, NaiveDate, TimeZone as _, Utc};
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::id_of;

use super::{Shop, euros, with};

pub(super) const MEMBER: &str = "membership { id status startedOn endedOn currentPeriodStartsOn currentPeriodEndsOn anchorDay priceMinor planId \
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

pub(super) async fn visits(shop: &Shop, member: &Value) -> anyhow::Result<i64> {
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
