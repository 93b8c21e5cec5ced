//! The credits of memberships: given with each period, carried over or lapsed with its end.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::locked::Member;
use super::rules::{Period, carried};
use crate::entitlements::books::{self, Account, Entry};
use crate::entitlements::wallet::grants::{NewGrant, give};
use crate::entitlements::wallet::locked::{Wallet, lock_one, open_books};
use crate::entitlements::wallet::open::{NewWallet, open};
use crate::entitlements::wallet::rules::Taken;
use crate::entitlements::wallet::uses::{Why, take_off};
use crate::entitlements::work::{Place, Work};
use foundation::database::{Error, new_id};
use foundation::money::split;

/// What a plan gives in every period, as credits.
#[derive(Clone, Debug)]
pub struct Credits {
    /// The benefit.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What it is counted in.
    pub unit: &'static str,
    /// The currency of money.
    pub currency: Option<String>,
    /// How many units a period gives.
    pub quantity: i64,
    /// When and where they may be used.
    pub terms_id: Option<Uuid>,
    /// What becomes of those that were not used.
    pub rollover: String,
    /// How many are carried over at most.
    pub cap: Option<i64>,
    /// How many periods carried units last.
    pub periods: Option<i32>,
}

const CREDITS: &str = "select b.id, b.name, b.unit::text, b.currency::text, b.quantity, b.terms_id, b.rollover_mode::text, \
      b.rollover_cap, b.rollover_periods \
    from entitlements.membership_plan_benefits b \
    where b.biz_id = $1 and b.plan_id = $2 and b.kind = 'credits' and b.deleted_at is null order by b.id";

/// The credits of a plan.
pub async fn of_plan(work: Work<'_>, plan_id: Uuid) -> Result<Vec<Credits>, Error> {
    let values = [work.biz_id().into(), plan_id.into()];
    let rows = work.scope.query(CREDITS, &values).await?;
    rows.iter()
        .map(|row| {
            let unit: &str = row.try_get(2)?;
            let units = ["money", "visits", "minutes", "points"];
            let known = units.into_iter().find(|known| *known == unit);
            Ok(Credits {
                id: row.try_get(0)?,
                name: row.try_get(1)?,
                unit: known.ok_or_else(|| Error::Internal(format!("an unknown unit {unit}")))?,
                currency: row.try_get(3)?,
                quantity: row.try_get(4)?,
                terms_id: row.try_get(5)?,
                rollover: row.try_get(6)?,
                cap: row.try_get(7)?,
                periods: row.try_get(8)?,
            })
        })
        .collect()
}

const WALLET: &str = "select w.id from entitlements.wallets w \
    where w.biz_id = $1 and w.purpose = 'membership' and w.unit = $2 and w.currency is not distinct from $3::text \
      and w.status <> 'closed' and w.customer_id is not distinct from $4 and w.group_account_id is not distinct from $5 \
    order by w.id limit 1";

/// The wallet for credits of this kind: the one that the member has, or a new one.
pub async fn wallet_of(
    work: Work<'_>,
    member: &Member,
    credits: &Credits,
) -> Result<Wallet, Error> {
    let values = [
        work.biz_id().into(),
        credits.unit.into(),
        credits.currency.clone().into(),
        member.customer_id.into(),
        member.group_account_id.into(),
    ];
    let id: Uuid = if let Some(row) = work.scope.query_opt(WALLET, &values).await? {
        row.try_get(0)?
    } else {
        let wallet = NewWallet {
            customer_id: member.customer_id,
            group_account_id: member.group_account_id,
            purpose: "membership",
            unit: credits.unit,
            currency: credits.currency.clone(),
        };
        open(work, &wallet).await?
    };
    let found = lock_one(work.scope, id).await?;
    found.ok_or_else(|| Error::Internal("a wallet vanished".to_owned()))
}

/// Gives the credits of a period: of a period that was joined late or changed within, the part that
/// falls on its rest. Each benefit once a period, whoever asks again.
pub async fn give_period(
    work: Work<'_>,
    member: &Member,
    (period, whole): (Period, Period),
    less: &[Credits],
) -> Result<Option<Uuid>, Error> {
    let place = member.place(work.now());
    let mut first = member.wallet_id;
    for credits in of_plan(work, member.plan.id).await? {
        let (left, days) = (period.days().min(whole.days()), whole.days().max(1));
        let part = |quantity| split(quantity, &[days - left, left])[1];
        let had: i64 = less
            .iter()
            .filter(|other| other.unit == credits.unit && other.currency == credits.currency)
            .map(|other| part(other.quantity))
            .sum();
        let quantity = part(credits.quantity) - had;
        if quantity <= 0 {
            continue;
        }
        let mut wallet = wallet_of(work, member, &credits).await?;
        first.get_or_insert(wallet.id);
        let starts_at = member.start_of(period.starts_on).max(work.now());
        let grant = NewGrant {
            starts_at,
            ends_at: Some(member.start_of(period.ends_on)),
            terms_id: credits.terms_id,
            membership_id: Some(member.id),
            note: Some(credits.name.clone()),
            source: Some(("Membership".to_owned(), member.id)),
            key: Some(format!(
                "membership/{}/{}/{}",
                member.id, credits.id, period.starts_on
            )),
            ..NewGrant::new("membership", quantity, work.now())
        };
        if grant.ends_at.is_some_and(|end| end > grant.starts_at) {
            give(work, &place, &mut wallet, &grant).await?;
        }
    }
    if member.wallet_id.is_none() && first.is_some() {
        let sql =
            "update entitlements.memberships set wallet_id = $3 where biz_id = $1 and id = $2";
        let values = [work.biz_id().into(), member.id.into(), first.into()];
        work.scope.execute(sql, &values).await?;
    }
    Ok(first)
}

/// What became of the credits of a period that ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// How many units were carried over.
    pub rolled: i64,
    /// How many units lapsed.
    pub lapsed: i64,
}

struct Left {
    id: Uuid,
    wallet_id: Uuid,
    remaining: i64,
    ends_at: Option<DateTime<Utc>>,
    is_carried: bool,
    terms_id: Option<Uuid>,
}

const LEFT: &str = "select g.id, g.wallet_id, g.remaining, g.ends_at, g.origin = 'rollover', g.terms_id \
    from entitlements.grants g \
    where g.biz_id = $1 and g.membership_id = $2 and g.remaining > 0 and g.status in ('active', 'scheduled') \
    order by g.wallet_id, g.priority, g.ends_at nulls last, g.starts_at, g.id for no key update";

/// What is left of the credits of a membership.
async fn left(work: Work<'_>, membership_id: Uuid) -> Result<Vec<Left>, Error> {
    let values = [work.biz_id().into(), membership_id.into()];
    let rows = work.scope.query(LEFT, &values).await?;
    let read = |row: &tokio_postgres::Row| {
        Ok(Left {
            id: row.try_get(0)?,
            wallet_id: row.try_get(1)?,
            remaining: row.try_get(2)?,
            ends_at: row.try_get(3)?,
            is_carried: row.try_get(4)?,
            terms_id: row.try_get(5)?,
        })
    };
    rows.iter().map(read).collect()
}

/// Settles what is left of a period's credits: carried over as the plan says while the membership
/// goes on, and lapsed otherwise. With `next`, the period that follows.
pub async fn settle(
    work: Work<'_>,
    member: &Member,
    next: Option<Period>,
) -> Result<Settled, Error> {
    let place = member.place(work.now());
    let mut locked = lock_wallets(work, member.id).await?;
    let plans = of_plan(work, member.plan.id).await?;
    let mut settled = Settled::default();
    let left = left(work, member.id).await?;
    let end = member.start_of(member.period.ends_on);
    for (id, wallet) in &mut locked {
        let of: Vec<&Left> = left.iter().filter(|one| one.wallet_id == *id).collect();
        let over = |one: &&&Left| next.is_none() || one.ends_at.is_some_and(|ends| ends <= end);
        let mut before: i64 = of
            .iter()
            .filter(|one| one.is_carried && !over(one))
            .map(|one| one.remaining)
            .sum();
        for one in of.iter().filter(over) {
            let plan = plans.iter().find(|plan| {
                plan.unit == wallet.unit
                    && plan.currency == wallet.currency
                    && plan.terms_id == one.terms_id
            });
            let until = next
                .zip(plan)
                .map(|(next, plan)| last_end(member, next, plan.periods));
            // Made up for so late that it would be over already, it lapses.
            let in_time = until.flatten().is_none_or(|until| until > work.now());
            let carry = match (plan, next) {
                (Some(plan), Some(_)) if !one.is_carried && in_time => {
                    carried(&plan.rollover, plan.cap, one.remaining, before)
                }
                _ => 0,
            };
            before += carry;
            let free = wallet.balance - wallet.held;
            let lapse = (one.remaining - carry).min(free);
            if let (Some(plan), Some(next), 1..) = (plan, next, carry) {
                carry_over(
                    work,
                    &place,
                    wallet,
                    one,
                    (carry, last_end(member, next, plan.periods)),
                )
                .await?;
            }
            lapse_rest(work, &place, wallet, (one.id, lapse)).await?;
            settled.rolled += carry;
            settled.lapsed += lapse;
        }
    }
    Ok(settled)
}

/// The wallets in which something of a membership's credits is left, locked.
async fn lock_wallets(work: Work<'_>, member_id: Uuid) -> Result<BTreeMap<Uuid, Wallet>, Error> {
    let values = [work.biz_id().into(), member_id.into()];
    let sql = "select distinct g.wallet_id from entitlements.grants g \
               where g.biz_id = $1 and g.membership_id = $2 and g.remaining > 0 order by 1";
    let mut locked = BTreeMap::new();
    for row in work.scope.query(sql, &values).await? {
        let id: Uuid = row.try_get(0)?;
        locked.extend(lock_one(work.scope, id).await?.map(|wallet| (id, wallet)));
    }
    Ok(locked)
}

/// When units that are carried into a period end: with so many periods, or never.
fn last_end(member: &Member, next: Period, periods: Option<i32>) -> Option<DateTime<Utc>> {
    let periods = periods?;
    let mut end: NaiveDate = next.ends_on;
    for _ in 1..periods {
        end = member.rhythm().end_after(end);
    }
    Some(member.start_of(end))
}

async fn carry_over(
    work: Work<'_>,
    place: &Place,
    wallet: &mut Wallet,
    from: &Left,
    (quantity, ends_at): (i64, Option<DateTime<Utc>>),
) -> Result<(), Error> {
    let taken = [Taken {
        grant_id: from.id,
        quantity,
    }];
    let why = Why {
        kind: "rollover",
        key: None,
        note: None,
        source: None,
    };
    take_off(work, place, wallet, &taken, &why).await?;
    wallet.balance -= quantity;
    let sql = "select g.membership_id, g.note from entitlements.grants g where g.biz_id = $1 and g.id = $2";
    let values = [work.biz_id().into(), from.id.into()];
    let row = work.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Error::Internal("a grant vanished".to_owned()))?;
    let grant = NewGrant {
        ends_at,
        terms_id: from.terms_id,
        from_grant_id: Some(from.id),
        membership_id: row.try_get(0)?,
        note: row.try_get(1)?,
        key: Some(format!("rollover/{}", from.id)),
        ..NewGrant::new("rollover", quantity, work.now())
    };
    give(work, place, wallet, &grant).await.map(drop)
}

async fn lapse_rest(
    work: Work<'_>,
    place: &Place,
    wallet: &mut Wallet,
    (grant_id, quantity): (Uuid, i64),
) -> Result<(), Error> {
    if quantity <= 0 {
        return Ok(());
    }
    open_books(work, place, wallet).await?;
    let why = Why {
        kind: "expire",
        key: None,
        note: None,
        source: None,
    };
    let taken = [Taken { grant_id, quantity }];
    take_off(work, place, wallet, &taken, &why).await?;
    wallet.balance -= quantity;
    if let Some(currency) = &wallet.currency {
        // What was given away and not used was not given away after all.
        let accounts = (Account::Wallet(wallet.id), Account::Given);
        let entry = Entry::moved(
            ("Wallet", wallet.id),
            "Credits of a membership lapsed",
            currency,
            accounts,
            quantity,
        );
        books::post(work, place, &[entry]).await?;
    }
    Ok(())
}

const RUN: &str = "insert into entitlements.rollover_runs as r (biz_id, id, plan_id, period_starts_on, period_ends_on, status, \
      started_at, finished_at, memberships_count, rolled_quantity, expired_quantity) \
    values ($1, $2, $3, $4, $5, 'completed', $6, $6, 1, $7, $8) \
    on conflict (biz_id, plan_id, period_starts_on, period_ends_on) do update set finished_at = excluded.finished_at, \
      memberships_count = r.memberships_count + 1, rolled_quantity = r.rolled_quantity + excluded.rolled_quantity, \
      expired_quantity = r.expired_quantity + excluded.expired_quantity";

/// Counts a membership among those of its plan whose period ended.
pub async fn count_run(work: Work<'_>, member: &Member, settled: Settled) -> Result<(), Error> {
    let values = [
        work.biz_id().into(),
        new_id().into(),
        member.plan.id.into(),
        member.period.starts_on.into(),
        member.period.ends_on.into(),
        work.now().into(),
        settled.rolled.into(),
        settled.lapsed.into(),
    ];
    work.scope.execute(RUN, &values).await.map(drop)
}

const SHIFT: &str = "update entitlements.grants g set ends_at = s.new_end \
    from unnest($3::timestamptz[], $4::timestamptz[]) as s (old_end, new_end) \
    where g.biz_id = $1 and g.membership_id = $2 and g.remaining > 0 and g.ends_at = s.old_end";

/// Moves the ends of all credits of a membership by so many of its days.
pub async fn shift(work: Work<'_>, member: &Member, days: i64) -> Result<(), Error> {
    let sql = "select distinct g.ends_at from entitlements.grants g \
               where g.biz_id = $1 and g.membership_id = $2 and g.remaining > 0 and g.ends_at is not null";
    let keys = [work.biz_id().into(), member.id.into()];
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for row in work.scope.query(sql, &keys).await? {
        let end: DateTime<Utc> = row.try_get(0)?;
        let day = scheduling::availability::rules::local_day(member.zone, end);
        old.push(end);
        new.push(member.start_of(day + chrono::TimeDelta::days(days)));
    }
    let [biz, id] = keys;
    let ends = |ends: Vec<DateTime<Utc>>| {
        use sea_orm::sea_query::ArrayType;
        let ends = ends.into_iter().map(sea_orm::Value::from).collect();
        sea_orm::Value::Array(ArrayType::ChronoDateTimeUtc, Some(Box::new(ends)))
    };
    work.scope
        .execute(SHIFT, &[biz, id, ends(old), ends(new)])
        .await
        .map(drop)
}
