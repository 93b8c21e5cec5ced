//! `bookingCancel`: what it gives back, and what it costs by the location's clock.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde_json::{Value, json};
use tests::World;
use tests::hotel::{Plan, soon};

use super::{Desk, local, short_day, with};

const LISBON: chrono_tz::Tz = chrono_tz::Europe::Lisbon;

#[tokio::test]
async fn it_gives_the_places_back_and_keeps_what_was_agreed() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(1).await?;
    let order = desk.hotel.confirmed(soon(0), 2).await?;
    let done = desk
        .act(
            "bookingCancel",
            &order,
            json!({"reason": " changed plans "}),
        )
        .await?;
    let row = &done["bookingOrder"];
    assert_eq!(
        (&row["status"], &row["cancelReason"], &row["totalMinor"]),
        (&json!("CANCELLED"), &json!("changed plans"), &json!(20_000))
    );
    assert_ne!(row["cancelledAt"], Value::Null);
    assert_eq!(done["cancellation"]["reason"], "changed plans");
    assert_eq!(desk.counts().await?, []);
    let data = desk
        .hotel
        .owner
        .read("{ allocations { nodes { status releasedReason } } fulfillmentUnits { nodes { status } } cancellations { nodes { status feeMinor requestedBy } } }")
        .await?;
    let released = json!({"status": "RELEASED", "releasedReason": "CANCELLED"});
    assert_eq!(data["allocations"]["nodes"], json!([released, released]));
    assert_eq!(
        data["fulfillmentUnits"]["nodes"],
        json!([{"status": "CANCELLED"}])
    );
    assert_eq!(
        data["cancellations"]["nodes"],
        json!([{"status": "APPLIED", "feeMinor": 0, "requestedBy": "CUSTOMER"}])
    );
    desk.hotel.confirmed(soon(0), 2).await?;
    desk.must_agree().await
}

#[tokio::test]
async fn it_needs_a_reason_and_is_done_once() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let order = desk.hotel.confirmed(soon(0), 1).await?;
    for reason in ["", "   "] {
        desk.verb("bookingCancel", &order, json!({"reason": reason}))
            .await?
            .must_refuse("REASON_REQUIRED")?;
    }
    let answer = desk
        .verb(
            "bookingCancel",
            &order,
            json!({"reason": "x".repeat(2_001)}),
        )
        .await?;
    assert!(
        !answer.user_errors().is_empty() || !answer.errors().is_empty(),
        "{}",
        answer.body
    );
    desk.act("bookingCancel", &order, json!({"reason": "x"}))
        .await?;
    desk.verb("bookingCancel", &order, json!({"reason": "x"}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    Ok(())
}

/// A stay from a day at a hotel, and what cancelling it costs at instants.
struct Fees {
    desk: Desk,
    check_in: NaiveDate,
}

impl Fees {
    async fn of(plan: &Plan, check_in: NaiveDate) -> anyhow::Result<Self> {
        let desk = Desk::over(World::new().await?, plan).await?;
        Ok(Self { desk, check_in })
    }

    /// The fee of a stay of two nights at 100.00 each, told by a dry run at an instant.
    async fn at(&mut self, order: &Value, instant: DateTime<Utc>) -> anyhow::Result<Value> {
        self.desk.at(instant).await?;
        let told = self
            .desk
            .act(
                "bookingCancel",
                order,
                json!({"reason": "x", "dryRun": true}),
            )
            .await?;
        assert_eq!(told["feeMinor"], told["cancellation"]["feeMinor"]);
        Ok(told["feeMinor"].clone())
    }
}

/// A week ahead it is free; from 18:00 of the day before on half is owed, by the clocks of the
/// location; once it has begun, all.
#[tokio::test]
async fn the_fee_is_that_of_the_tier_whose_cut_off_has_passed() -> anyhow::Result<()> {
    let mut fees = Fees::of(&Plan::default(), soon(30)).await?;
    let order = fees.desk.hotel.confirmed(fees.check_in, 2).await?;
    let start = local(LISBON, fees.check_in, "15:00:00")?;
    let eve = local(LISBON, soon(29), "18:00:00")?;
    let second = Duration::seconds(1);
    for (instant, fee) in [
        (start - Duration::days(10), 0),
        (start - Duration::days(7), 0),
        (eve - second, 0),
        (eve + second, 10_000),
        (start - second, 10_000),
        (start + second, 20_000),
        (start + Duration::days(1), 20_000),
    ] {
        assert_eq!(fees.at(&order, instant).await?, fee, "at {instant}");
    }
    assert_eq!(fees.desk.status(&order).await?, "confirmed");
    fees.desk.at(eve + second).await?;
    let done = fees
        .desk
        .act("bookingCancel", &order, json!({"reason": "x"}))
        .await?;
    assert_eq!(
        (&done["feeMinor"], &done["refundDueMinor"]),
        (&json!(10_000), &json!(0))
    );
    assert_ne!(done["cancellation"]["policyTierId"], Value::Null);
    Ok(())
}

/// The evening before is that of the clocks on the wall, also where the night between is short.
#[tokio::test]
async fn cut_offs_follow_the_clocks_over_their_change() -> anyhow::Result<()> {
    let day = short_day(LISBON)?;
    let mut fees = Fees::of(&Plan::default(), day).await?;
    let order = fees.desk.hotel.confirmed(day, 2).await?;
    let eve = day.pred_opt().unwrap_or(day);
    let cut_off = local(LISBON, eve, "18:00:00")?;
    let start = local(LISBON, day, "15:00:00")?;
    assert_eq!(
        (start - cut_off).num_hours(),
        20,
        "the night is an hour shorter"
    );
    let second = Duration::seconds(1);
    assert_eq!(fees.at(&order, cut_off - second).await?, 0);
    assert_eq!(fees.at(&order, cut_off + second).await?, 10_000);
    Ok(())
}

#[tokio::test]
async fn the_clock_is_that_of_the_location_not_of_the_server() -> anyhow::Result<()> {
    let zone = chrono_tz::Pacific::Honolulu;
    let plan = Plan {
        timezone: zone.name().to_owned(),
        ..Plan::default()
    };
    let mut fees = Fees::of(&plan, soon(30)).await?;
    let order = fees.desk.hotel.confirmed(fees.check_in, 2).await?;
    // In Lisbon it is four in the morning of the day of arrival by then.
    let cut_off = local(zone, soon(29), "18:00:00")?;
    let second = Duration::seconds(1);
    assert_eq!(fees.at(&order, cut_off - second).await?, 0);
    assert_eq!(fees.at(&order, cut_off + second).await?, 10_000);
    Ok(())
}

#[tokio::test]
async fn only_the_customer_owes_and_only_for_what_was_agreed() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    let (firm, held) = (
        desk.hotel.confirmed(soon(0), 1).await?,
        desk.hotel
            .book(with(
                desk.hotel.stay(soon(0), 1),
                json!({"holdMinutes": 1440}),
            ))
            .await?,
    );
    desk.at(local(LISBON, soon(0), "14:59:00")?).await?;
    let fee = async |order: &Value, party: &str| -> anyhow::Result<Value> {
        let input = json!({"reason": "x", "dryRun": true, "requestedBy": party});
        Ok(desk.act("bookingCancel", order, input).await?["feeMinor"].clone())
    };
    assert_eq!(fee(&firm, "CUSTOMER").await?, 5_000);
    assert_eq!(fee(&firm, "CHANNEL").await?, 5_000);
    assert_eq!(fee(&firm, "STAFF").await?, 0);
    assert_eq!(fee(&firm, "SYSTEM").await?, 0);
    assert_eq!(fee(&held, "CUSTOMER").await?, 0);
    Ok(())
}

/// The policy counts as it was when booked, whatever becomes of it.
#[tokio::test]
async fn the_terms_are_those_of_the_day_of_booking() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    let order = desk.hotel.confirmed(soon(0), 1).await?;
    let data = desk
        .hotel
        .owner
        .read("{ cancellationPolicyTiers { nodes { id version } } }")
        .await?;
    for tier in data["cancellationPolicyTiers"]["nodes"]
        .as_array()
        .into_iter()
        .flatten()
    {
        desk.hotel
            .owner
            .act(
                "cancellationPolicyTierArchive",
                json!({"id": tier["id"]}),
                "cancellationPolicyTier { id }",
            )
            .await?;
    }
    desk.hotel
        .owner
        .act(
            "cancellationPolicyArchive",
            json!({"id": desk.hotel.policy}),
            "cancellationPolicy { id }",
        )
        .await?;
    desk.at(local(LISBON, soon(0), "12:00:00")?).await?;
    let done = desk
        .act("bookingCancel", &order, json!({"reason": "x"}))
        .await?;
    assert_eq!(done["feeMinor"], 5_000);
    Ok(())
}

/// Fees as fixed amounts and as the first night, never more than the stay costs.
#[tokio::test]
async fn a_fee_is_never_more_than_the_stay_costs() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    let owner = desk.hotel.owner.clone();
    let mut orders = Vec::new();
    for (code, tier, fee) in [
        (
            "FIXED",
            json!({"feeKind": "AMOUNT", "feeMinor": 7_500, "currency": "EUR"}),
            7_500,
        ),
        (
            "HIGH",
            json!({"feeKind": "AMOUNT", "feeMinor": 99_999, "currency": "EUR"}),
            20_000,
        ),
        ("NIGHT", json!({"feeKind": "FIRST_UNIT"}), 10_000),
        ("NONE", json!({"feeKind": "NONE"}), 0),
    ] {
        let policy = json!({"code": code, "name": code});
        let policy = tests::hotel::made(&owner, "cancellationPolicy", policy).await?;
        let tier = with(tier, json!({"policyId": policy, "hoursBeforeStart": 8_760}));
        tests::hotel::made(&owner, "cancellationPolicyTier", tier).await?;
        let input = with(
            desk.hotel.stay(soon(0), 2),
            json!({"cancellationPolicyId": policy, "confirm": true}),
        );
        orders.push((desk.hotel.book(input).await?, fee));
    }
    let bare = with(
        desk.hotel.stay(soon(0), 2),
        json!({"cancellationPolicyId": null, "confirm": true}),
    );
    orders.push((desk.hotel.book(bare).await?, 0));
    desk.at(local(LISBON, soon(0), "10:00:00")?).await?;
    for (order, fee) in orders {
        let done = desk
            .act("bookingCancel", &order, json!({"reason": "x"}))
            .await?;
        assert_eq!(done["feeMinor"], fee);
    }
    Ok(())
}
