//! Loyalty: points by spending, tiers, and what points are turned into.

use chrono::{DateTime, Duration, NaiveDate, TimeZone as _, Utc};
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use tests::hotel::made;
use tests::{Answer, World};

use super::{Shop, euros, tally, with};

const MEMBER: &str =
    "loyaltyMembership { id status tierPoints lifetimePoints tierId tierUntil walletId }";
const EARNED: &str =
    "loyaltyMembership { id tierPoints lifetimePoints tierId tierUntil } grant { id } points";

/// Noon of a day in Lisbon.
fn noon(day: &str) -> DateTime<Utc> {
    let day: NaiveDate = day.parse().unwrap();
    chrono_tz::Europe::Lisbon
        .from_local_datetime(&day.and_hms_opt(12, 0, 0).unwrap())
        .unwrap()
        .to_utc()
}

async fn program(shop: &Shop, more: Value) -> anyhow::Result<String> {
    let input = json!({ "code": format!("L{}", tests::actor::unique()), "name": "Circle", "currency": "EUR", "earnPoints": 1, "earnPerMinor": 100,
        "burnPoints": 100, "burnValueMinor": 50, "minBurnPoints": 100, "expiresAfterMonths": 12, "tierPeriod": "CALENDAR_YEAR" });
    made(&shop.owner, "loyaltyProgram", with(input, more)).await
}

async fn tier(
    shop: &Shop,
    program: &str,
    code: &str,
    threshold: i64,
    multiplier: &str,
) -> anyhow::Result<String> {
    let input = json!({ "programId": program, "code": code, "name": code, "threshold": threshold, "earnMultiplier": multiplier });
    made(&shop.owner, "loyaltyTier", input).await
}

async fn join(shop: &Shop, program: &str) -> anyhow::Result<Value> {
    let input = json!({ "programId": program, "customerId": shop.customer });
    Ok(shop.owner.act("loyaltyJoin", input, MEMBER).await?["loyaltyMembership"].clone())
}

async fn earn(shop: &Shop, member: &Value, minor: i64, reference: &str) -> anyhow::Result<Answer> {
    let input = json!({ "id": member["id"], "spent": euros(minor), "reference": reference });
    shop.owner.verb("loyaltyEarn", input, EARNED).await
}

#[tokio::test]
async fn points_are_earned_once_lead_to_a_tier_and_are_turned_into_money() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    // A Wednesday.
    shop.at(noon("2027-03-03")).await?;
    let program = program(
        &shop,
        json!({ "earnRules": { "welcome_points": 50, "double_weekdays": ["thursday"] } }),
    )
    .await?;
    tier(&shop, &program, "sand", 0, "1").await?;
    let gold = tier(&shop, &program, "gold", 200, "1.5").await?;
    let member = join(&shop, &program).await?;
    let again = json!({ "programId": program, "customerId": shop.customer });
    shop.owner
        .verb("loyaltyJoin", again, MEMBER)
        .await?
        .must_refuse("ALREADY_MEMBER")?;
    let first = earn(&shop, &member, 14999, "till 1").await?.must()?;
    assert_eq!(
        (
            &first.payload()["points"],
            &first.payload()["loyaltyMembership"]["tierPoints"]
        ),
        (&json!(149), &json!(199))
    );
    earn(&shop, &member, 14999, "till 1")
        .await?
        .must_refuse("ALREADY_EARNED")?;
    earn(&shop, &member, 99, "till 2")
        .await?
        .must_refuse("TOO_LITTLE")?;
    let yen = json!({ "id": member["id"], "spent": { "amount": "500", "currency": "JPY" }, "reference": "x" });
    shop.owner
        .verb("loyaltyEarn", yen, EARNED)
        .await?
        .must_refuse("WRONG_AMOUNT")?;
    let nothing = json!({ "id": member["id"], "spent": euros(500) });
    shop.owner
        .verb("loyaltyEarn", nothing.clone(), EARNED)
        .await?
        .must_refuse("REFERENCE_REQUIRED")?;
    let stranger = shop.world.owner().await?;
    stranger
        .verb(
            "loyaltyEarn",
            with(nothing.clone(), json!({ "reference": "x" })),
            EARNED,
        )
        .await?
        .must_fail("NOT_FOUND")?;
    let server = shop.world.staff(&shop.owner, "server", &[]).await?;
    server
        .verb("loyaltyEarn", nothing, EARNED)
        .await?
        .must_fail("FORBIDDEN")?;
    let up = earn(&shop, &member, 100, "till 3").await?.must()?;
    assert_eq!(
        (
            &up.payload()["loyaltyMembership"]["tierId"],
            &up.payload()["loyaltyMembership"]["tierUntil"]
        ),
        (&json!(gold), &json!("2028-01-01"))
    );
    // On a Thursday, in gold: twice, and half as many again.
    shop.at(noon("2027-03-04")).await?;
    let double = earn(&shop, &member, 10000, "till 4").await?.must()?;
    assert_eq!(double.payload()["points"], 300);
    let read = shop.owner.read(&format!("{{ loyaltyBalance(id: {}) {{ points worth {{ minor }} lapsingPoints lapsingAt nextTier {{ id }} }} }}", member["id"])).await?;
    assert_eq!(
        (
            &read["loyaltyBalance"]["points"],
            &read["loyaltyBalance"]["worth"]["minor"]
        ),
        (&json!(500), &json!(250))
    );
    assert_eq!(
        (
            &read["loyaltyBalance"]["lapsingPoints"],
            &read["loyaltyBalance"]["nextTier"]
        ),
        (&json!(200), &Value::Null)
    );
    let redeem = |points: i64| {
        let input = json!({ "id": member["id"], "points": points });
        let owner = shop.owner.clone();
        async move {
            owner
                .verb(
                    "loyaltyRedeem",
                    input,
                    "reward { status quantity } wallet { balance } valueMinor",
                )
                .await
        }
    };
    redeem(99).await?.must_refuse("TOO_FEW")?;
    redeem(501).await?.must_refuse("INSUFFICIENT")?;
    let turned = redeem(300).await?.must()?;
    assert_eq!(
        (
            &turned.payload()["valueMinor"],
            &turned.payload()["wallet"]["balance"],
            &turned.payload()["reward"]["status"]
        ),
        (&json!(150), &json!(150), &json!("GRANTED"))
    );
    // What was turned in went soonest expiry first: of the 500, those of Wednesday are gone.
    shop.at(noon("2028-03-03")).await?;
    assert_eq!(shop.world.run_job("expire_grants").await?, 0);
    shop.at(noon("2028-03-04")).await?;
    assert_eq!(shop.world.run_job("expire_grants").await?, 1);
    assert_eq!(
        shop.balance(member["walletId"].as_str().unwrap_or_default())
            .await?,
        0
    );
    shop.must_agree().await
}

#[tokio::test]
async fn a_tier_is_judged_once_by_the_year_that_is_over() -> anyhow::Result<()> {
    let mut shop = Shop::open().await?;
    shop.at(noon("2027-10-06")).await?;
    let program = program(&shop, json!({})).await?;
    let sand = tier(&shop, &program, "sand", 0, "1").await?;
    let gold = tier(&shop, &program, "gold", 100, "1").await?;
    let member = join(&shop, &program).await?;
    let earned = earn(&shop, &member, 15000, "one").await?.must()?;
    assert_eq!(earned.payload()["loyaltyMembership"]["tierId"], json!(gold));
    let look = |shop: &Shop| {
        let query = format!(
            "{{ {} }}",
            MEMBER.replacen(
                "loyaltyMembership",
                &format!("loyaltyMembership(id: {})", member["id"]),
                1
            )
        );
        let owner = shop.owner.clone();
        async move { Ok::<_, anyhow::Error>(owner.read(&query).await?["loyaltyMembership"].clone()) }
    };
    // The last second of the year in Lisbon, and the first of the next.
    shop.at(noon("2027-12-31") + Duration::hours(11) + Duration::minutes(59))
        .await?;
    assert_eq!(shop.world.run_job("judge_loyalty_tiers").await?, 0);
    shop.at(noon("2028-01-01")).await?;
    let (one, two) = tokio::join!(
        shop.world.run_job("judge_loyalty_tiers"),
        shop.world.run_job("judge_loyalty_tiers")
    );
    assert_eq!(one? + two?, 1);
    let now = look(&shop).await?;
    assert_eq!(
        (&now["tierId"], &now["tierPoints"], &now["tierUntil"]),
        (&json!(gold), &json!(0), &json!("2029-01-01"))
    );
    shop.at(noon("2029-01-01")).await?;
    assert_eq!(shop.world.run_job("judge_loyalty_tiers").await?, 1);
    assert_eq!(look(&shop).await?["tierId"], json!(sand));
    shop.must_agree().await
}

#[tokio::test]
async fn points_of_a_cancelled_order_are_taken_back_and_members_come_and_go() -> anyhow::Result<()>
{
    let shop = Shop::open().await?;
    let program = program(&shop, json!({})).await?;
    let member = join(&shop, &program).await?;
    let grant = earn(&shop, &member, 20000, "one").await?.must()?.payload()["grant"]["id"].clone();
    earn(&shop, &member, 5000, "two").await?.must()?;
    let back = json!({ "id": member["id"], "grantId": grant, "reason": "Order cancelled" });
    let gone = shop
        .owner
        .act(
            "loyaltyTakeBack",
            back.clone(),
            EARNED.trim_end_matches(" points"),
        )
        .await?;
    assert_eq!(
        (
            &gone["loyaltyMembership"]["lifetimePoints"],
            &gone["loyaltyMembership"]["tierPoints"]
        ),
        (&json!(50), &json!(50))
    );
    shop.owner
        .verb("loyaltyTakeBack", back.clone(), MEMBER)
        .await?
        .must_refuse("NOTHING_LEFT")?;
    shop.owner
        .verb(
            "loyaltyTakeBack",
            with(back, json!({ "reason": "" })),
            MEMBER,
        )
        .await?
        .must_refuse("REASON_REQUIRED")?;
    let this = |reason: &str| json!({ "id": member["id"], "reason": reason });
    shop.owner
        .verb("loyaltySuspend", this(""), MEMBER)
        .await?
        .must_refuse("REASON_REQUIRED")?;
    shop.owner
        .act("loyaltySuspend", this("Abuse"), MEMBER)
        .await?;
    earn(&shop, &member, 5000, "three")
        .await?
        .must_refuse("NOT_ACTIVE")?;
    let redeem = json!({ "id": member["id"], "points": 100 });
    shop.owner
        .verb("loyaltyRedeem", redeem, MEMBER)
        .await?
        .must_refuse("NOT_ACTIVE")?;
    shop.owner
        .act("loyaltyReactivate", json!({ "id": member["id"] }), MEMBER)
        .await?;
    shop.owner
        .act("loyaltyClose", this("Asked for it"), MEMBER)
        .await?;
    shop.owner
        .verb("loyaltyClose", this("Again"), MEMBER)
        .await?;
    shop.owner
        .verb("loyaltySuspend", this("Late"), MEMBER)
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert_eq!(
        shop.balance(member["walletId"].as_str().unwrap_or_default())
            .await?,
        0
    );
    shop.must_agree().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv11_points_are_never_turned_in_twice_and_random_histories_add_up() -> anyhow::Result<()>
{
    let shop = Shop::over(World::with_pool(12).await?).await?;
    let program = program(
        &shop,
        json!({ "minBurnPoints": 1, "burnPoints": 1, "burnValueMinor": 1 }),
    )
    .await?;
    let member = join(&shop, &program).await?;
    let mut random = StdRng::seed_from_u64(14);
    let (mut points, mut ever, mut money) = (0, 0, 0);
    for step in 0..60 {
        if random.random_range(0..2) == 0 {
            let minor: i64 = random.random_range(100..9000);
            earn(&shop, &member, minor, &format!("till {step}"))
                .await?
                .must()?;
            points += minor / 100;
            ever += minor / 100;
        } else {
            let wanted: i64 = random.random_range(1..80);
            let input = json!({ "id": member["id"], "points": wanted });
            let answer = shop
                .owner
                .verb("loyaltyRedeem", input, "valueMinor")
                .await?;
            if wanted > points {
                answer.must_refuse("INSUFFICIENT")?;
            } else {
                answer.must()?;
                points -= wanted;
                money += wanted;
            }
        }
        assert_eq!(
            shop.balance(member["walletId"].as_str().unwrap_or_default())
                .await?,
            points,
            "step {step}"
        );
    }
    let sql = "select lifetime_points from entitlements.loyalty_memberships where id = $1";
    assert_eq!(
        shop.number(sql, &[member["id"].as_str().unwrap_or_default()])
            .await?,
        ever
    );
    assert_eq!(shop.account("2150").await?, money);
    earn(&shop, &member, 10000 - 100 * (points % 100), "last")
        .await?
        .must()?;
    points += 100 - points % 100;
    let all = (0..32).map(|n| {
        let input =
            json!({ "id": member["id"], "points": 10, "idempotencyKey": format!("turn {n}") });
        shop.owner.verb("loyaltyRedeem", input, "valueMinor")
    });
    let answers = join_all(all)
        .await
        .into_iter()
        .collect::<anyhow::Result<Vec<Answer>>>()?;
    let done = tally(&answers).get("").copied().unwrap_or(0);
    assert_eq!(i64::try_from(done)?, (points / 10).min(32));
    shop.must_agree().await
}

#[tokio::test]
async fn members_of_an_archived_programme_keep_their_points_and_earn_no_more() -> anyhow::Result<()>
{
    let shop = Shop::open().await?;
    let program = program(&shop, json!({})).await?;
    let member = join(&shop, &program).await?;
    earn(&shop, &member, 100_000, "before").await?.must()?;
    let input = json!({ "id": program, "version": 1 });
    shop.owner
        .act("loyaltyProgramArchive", input, "__typename")
        .await?;
    let late = earn(&shop, &member, 100_000, "after").await?;
    assert_eq!(late.user_code(), Some("NOT_ACTIVE"));
    let input = json!({ "id": member["id"], "points": 100 });
    shop.owner.act("loyaltyRedeem", input, "__typename").await?;
    let input = json!({ "id": member["id"], "reason": "Moved away" });
    let closed = shop.owner.act("loyaltyClose", input, MEMBER).await?;
    assert_eq!(closed["loyaltyMembership"]["status"], "CLOSED");
    Ok(())
}
