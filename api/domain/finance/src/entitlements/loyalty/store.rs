//! Members of loyalty programmes, locked; and their tiers.

use chrono::NaiveDate;
use sea_orm::Value;
use uuid::Uuid;

use super::rules::{Earning, Tier, counts_from, double_days, judged_on, tier_of};
use crate::entitlements::work::{Place, Work};
use foundation::database::Error;

/// A member that is locked until the transaction ends, with the programme.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: String,
    /// The customer.
    pub customer_id: Uuid,
    /// The wallet of points.
    pub wallet_id: Uuid,
    /// The tier, and from how many points on it is given.
    pub tier: Option<Tier>,
    /// The programme.
    pub program: Program,
}

/// A loyalty programme.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its id.
    pub id: Uuid,
    /// Whether points are earned.
    pub is_active: bool,
    /// The currency of spending and of what points are worth.
    pub currency: String,
    /// How points are earned.
    pub earning: Earning,
    /// Points for joining.
    pub welcome: i64,
    /// How many points are worth the value below.
    pub burn_points: i32,
    /// What so many points are worth.
    pub burn_value: i64,
    /// How many points are used at once at least.
    pub min_burn: i32,
    /// How many months points last.
    pub months: Option<u32>,
    /// Over which time points count towards a tier.
    pub tier_period: String,
}

const PROGRAM: &str = "select p.id, p.is_active and p.deleted_at is null, p.currency::text, p.earn_points, p.earn_per_minor, p.earn_rounding::text, p.earn_rules, \
      p.burn_points, p.burn_value_minor, p.min_burn_points, p.expires_after_months, p.tier_period::text \
    from entitlements.loyalty_programs p where p.biz_id = $1 and p.id = $2";

/// A programme. One that was archived is active no more, and still knows the rules of its members.
pub async fn program(work: Work<'_>, id: Uuid) -> Result<Option<Program>, Error> {
    let values = [work.biz_id().into(), id.into()];
    let Some(row) = work.scope.query_opt(PROGRAM, &values).await? else {
        return Ok(None);
    };
    let rules: serde_json::Value = row.try_get(6)?;
    let months: Option<i32> = row.try_get(10)?;
    Ok(Some(Program {
        id: row.try_get(0)?,
        is_active: row.try_get(1)?,
        currency: row.try_get(2)?,
        earning: Earning {
            points: row.try_get(3)?,
            per_minor: row.try_get(4)?,
            rounding: row.try_get(5)?,
            multiplier: rust_decimal::Decimal::ONE,
            double_days: double_days(&rules),
        },
        welcome: rules["welcome_points"].as_i64().unwrap_or(0).max(0),
        burn_points: row.try_get(7)?,
        burn_value: row.try_get(8)?,
        min_burn: row.try_get(9)?,
        months: months.map(i32::unsigned_abs),
        tier_period: row.try_get(11)?,
    }))
}

const LOCK: &str = "select m.id, m.status::text, m.customer_id, m.wallet_id, m.program_id, m.tier_id, t.threshold, t.earn_multiplier \
    from entitlements.loyalty_memberships m \
    left join entitlements.loyalty_tiers t on t.biz_id = m.biz_id and t.id = m.tier_id \
    where m.biz_id = $1 and m.id = $2 for no key update of m";

/// Locks a member.
pub async fn lock(work: Work<'_>, id: Uuid) -> Result<Option<Member>, Error> {
    let values = [work.biz_id().into(), id.into()];
    let Some(row) = work.scope.query_opt(LOCK, &values).await? else {
        return Ok(None);
    };
    let found = program(work, row.try_get(4)?).await?;
    let mut program =
        found.ok_or_else(|| Error::Internal("a member without a programme".to_owned()))?;
    if let Some(multiplier) = row.try_get(7)? {
        program.earning.multiplier = multiplier;
    }
    let (tier, threshold): (Option<Uuid>, Option<i64>) = (row.try_get(5)?, row.try_get(6)?);
    Ok(Some(Member {
        id: row.try_get(0)?,
        status: row.try_get(1)?,
        customer_id: row.try_get(2)?,
        wallet_id: row.try_get(3)?,
        tier: tier.zip(threshold),
        program,
    }))
}

/// The member whose points are in a wallet.
pub async fn by_wallet(work: Work<'_>, wallet_id: Uuid) -> Result<Option<Member>, Error> {
    let sql = "select m.id from entitlements.loyalty_memberships m where m.biz_id = $1 and m.wallet_id = $2";
    let values = [work.biz_id().into(), wallet_id.into()];
    match work.scope.query_opt(sql, &values).await? {
        Some(row) => lock(work, row.try_get(0)?).await,
        None => Ok(None),
    }
}

/// The tiers of a programme.
pub async fn tiers(work: Work<'_>, program_id: Uuid) -> Result<Vec<Tier>, Error> {
    let sql = "select t.id, t.threshold from entitlements.loyalty_tiers t \
               where t.biz_id = $1 and t.program_id = $2 and t.deleted_at is null";
    let rows = work
        .scope
        .query(sql, &[work.biz_id().into(), program_id.into()])
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect()
}

// What was earned and not taken back: a taking back is an entry that names the member.
const EARNED: &str = "select coalesce(sum(g.quantity) filter (where ($3::timestamptz is null or g.starts_at >= $3) \
      and ($4::timestamptz is null or g.starts_at < $4)), 0)::bigint, coalesce(sum(g.quantity), 0)::bigint \
    from entitlements.grants g \
    where g.biz_id = $1 and g.wallet_id = $2 and g.origin not in ('transfer', 'rollover', 'refund', 'adjustment') \
      and not exists (select from entitlements.ledger_entries e where e.biz_id = $1 and e.grant_id = g.id \
        and e.kind = 'adjust' and e.source_type = 'LoyaltyMembership')";

/// The points that a member earned from one day to before another, and in all.
pub async fn earned(
    work: Work<'_>,
    place: &Place,
    wallet_id: Uuid,
    (from, until): (Option<NaiveDate>, Option<NaiveDate>),
) -> Result<(i64, i64), Error> {
    let values = [
        work.biz_id().into(),
        wallet_id.into(),
        from.map(|day| place.start_of(day)).into(),
        until.map(|day| place.start_of(day)).into(),
    ];
    let row = work.scope.query_opt(EARNED, &values).await?;
    let row = row.ok_or_else(|| Error::Internal("no sum of points".to_owned()))?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

const COUNT: &str = "update entitlements.loyalty_memberships set tier_points = $3, lifetime_points = $4, \
      tier_id = coalesce($5, tier_id), tier_until = case when $5::uuid is null then tier_until else $6 end \
    where biz_id = $1 and id = $2";

/// Counts a member's points anew, and gives the tier that they lead to at once where it is a higher one.
/// A lower one comes only when the tier is judged.
pub async fn count(work: Work<'_>, place: &Place, member: &Member) -> Result<(), Error> {
    let today = place.today();
    let from = counts_from(&member.program.tier_period, today);
    let (counted, all) = earned(work, place, member.wallet_id, (from, None)).await?;
    let reached = tier_of(&tiers(work, member.program.id).await?, counted);
    let higher = reached.filter(|(id, threshold)| {
        member
            .tier
            .is_none_or(|(own, current)| own != *id && *threshold > current)
    });
    let until = judged_on(&member.program.tier_period, today);
    let values: [Value; 6] = [
        work.biz_id().into(),
        member.id.into(),
        counted.into(),
        all.into(),
        higher.map(|(id, _)| id).into(),
        until.into(),
    ];
    work.scope.execute(COUNT, &values).await.map(drop)
}
