//! A membership that is locked to be changed, with its plan; and what happened to it.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sea_orm::Value;
use uuid::Uuid;

use super::rules::{Period, Rhythm};
use crate::entitlements::work::Place;
use foundation::database::{Error, Scope, new_id};
use scheduling::availability::rules::{day_start, local_day};

/// A membership that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: String,
    /// The customer it belongs to.
    pub customer_id: Option<Uuid>,
    /// The group it belongs to.
    pub group_account_id: Option<Uuid>,
    /// The home location.
    pub location_id: Option<Uuid>,
    /// The zone by whose days it counts.
    pub zone: Tz,
    /// Its first day.
    pub started_on: NaiveDate,
    /// The period that runs.
    pub period: Period,
    /// The first day after its trial.
    pub trial_ends_on: Option<NaiveDate>,
    /// The day of the month on which periods begin.
    pub anchor: u32,
    /// Whether it ends with its period.
    pub is_ending: bool,
    /// Since when a payment is overdue.
    pub past_due_since: Option<NaiveDate>,
    /// What a period costs.
    pub price: i64,
    /// In which currency.
    pub currency: String,
    /// The wallet of its first credits.
    pub wallet_id: Option<Uuid>,
    /// Its plan.
    pub plan: Plan,
}

/// What of a plan memberships go by.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its id.
    pub id: Uuid,
    /// Whether it is sold.
    pub status: String,
    /// The unit of its periods.
    pub interval: String,
    /// How many units a period has.
    pub count: u32,
    /// Days that can be tried.
    pub trial_days: u32,
    /// For how many periods a member is bound.
    pub min_periods: u32,
    /// How many days before the end of a period it must be cancelled.
    pub notice_days: i64,
    /// How many days a year it can be paused.
    pub freeze_days: i64,
    /// What a change costs.
    pub proration: String,
    /// How many days benefits go on while a payment is overdue.
    pub grace_days: i64,
}

impl Plan {
    /// The rhythm of a member with this anchor.
    pub fn rhythm(&self, anchor: u32) -> Rhythm {
        Rhythm {
            interval: self.interval.clone(),
            count: self.count,
            anchor,
        }
    }
}

impl Member {
    /// The rhythm of its periods.
    pub fn rhythm(&self) -> Rhythm {
        self.plan.rhythm(self.anchor)
    }

    /// The day that the member's calendar shows.
    pub fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        local_day(self.zone, now)
    }

    /// The first instant of a day of the member's.
    pub fn start_of(&self, day: NaiveDate) -> DateTime<Utc> {
        day_start(self.zone, day)
    }

    /// Whether it gives its benefits.
    pub fn is_giving(&self, today: NaiveDate) -> bool {
        match self.status.as_str() {
            "active" | "trialing" => self.started_on <= today,
            "past_due" => self
                .past_due_since
                .is_some_and(|since| (today - since).num_days() < self.plan.grace_days),
            _ => false,
        }
    }

    /// Where and when what is written for it happens: at its home, by its own calendar.
    pub fn place(&self, now: DateTime<Utc>) -> Place {
        Place {
            location_id: self.location_id,
            zone: self.zone,
            business_date: self.today(now),
            now,
        }
    }
}

const LOCK: &str = "select m.id, m.status::text, m.customer_id, m.group_account_id, m.location_id, m.timezone, m.started_on, \
      m.current_period_starts_on, m.current_period_ends_on, m.trial_ends_on, m.anchor_day::integer, m.cancel_at_period_end, \
      m.past_due_since, m.price_minor, m.currency::text, m.wallet_id, m.plan_id \
    from entitlements.memberships m where m.biz_id = $1 and m.id = $2";

/// Reads a membership, and locks it where it is to be changed.
pub async fn read(scope: &Scope, id: Uuid, is_locked: bool) -> Result<Option<Member>, Error> {
    let values = [scope.biz_id().into(), id.into()];
    let locking = format!("{LOCK} for no key update of m");
    let row = scope
        .query_opt(if is_locked { &locking } else { LOCK }, &values)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let zone: &str = row.try_get(5)?;
    let anchor: i32 = row.try_get(10)?;
    let found = plan(scope, row.try_get(16)?).await?;
    Ok(Some(Member {
        id: row.try_get(0)?,
        status: row.try_get(1)?,
        customer_id: row.try_get(2)?,
        group_account_id: row.try_get(3)?,
        location_id: row.try_get(4)?,
        zone: zone
            .parse()
            .map_err(|_| Error::Internal(format!("the time zone {zone} is not known")))?,
        started_on: row.try_get(6)?,
        period: Period {
            starts_on: row.try_get(7)?,
            ends_on: row.try_get(8)?,
        },
        trial_ends_on: row.try_get(9)?,
        anchor: anchor.unsigned_abs(),
        is_ending: row.try_get(11)?,
        past_due_since: row.try_get(12)?,
        price: row.try_get(13)?,
        currency: row.try_get(14)?,
        wallet_id: row.try_get(15)?,
        plan: found.ok_or_else(|| Error::Internal("a membership without a plan".to_owned()))?,
    }))
}

const PLAN: &str = "select p.id, p.status::text, p.interval::text, p.interval_count, p.trial_days, p.min_periods, p.notice_days, \
      p.freeze_days_per_year, p.proration_mode::text, p.grace_days \
    from entitlements.membership_plans p where p.biz_id = $1 and p.id = $2";

/// A plan.
pub async fn plan(scope: &Scope, id: Uuid) -> Result<Option<Plan>, Error> {
    let values = [scope.biz_id().into(), id.into()];
    let Some(row) = scope.query_opt(PLAN, &values).await? else {
        return Ok(None);
    };
    let number = |index: usize| row.try_get::<_, i32>(index).map(i32::unsigned_abs);
    Ok(Some(Plan {
        id: row.try_get(0)?,
        status: row.try_get(1)?,
        interval: row.try_get(2)?,
        count: number(3)?,
        trial_days: number(4)?,
        min_periods: number(5)?,
        notice_days: number(6)?.into(),
        freeze_days: number(7)?.into(),
        proration: row.try_get(8)?,
        grace_days: number(9)?.into(),
    }))
}

/// Something that happened to a membership.
#[derive(Clone, Debug, Default)]
pub struct Happened<'a> {
    /// As `entitlements.membership_event_kind` has it.
    pub kind: &'static str,
    /// The plan before and after a change of plan.
    pub plans: Option<(Uuid, Uuid)>,
    /// The period concerned.
    pub period: Option<Period>,
    /// What the member owes for it, and in which currency; negative where something goes back.
    pub owed: Option<(i64, &'a str)>,
    /// What staff should know.
    pub note: Option<&'a str>,
    /// What brought it about: entity and id.
    pub source: Option<(&'a str, Uuid)>,
}

const HAPPENED: &str = "insert into entitlements.membership_events (biz_id, id, membership_id, kind, occurred_at, from_plan_id, \
      to_plan_id, period_starts_on, period_ends_on, proration_minor, currency, note, source_type, source_id) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

/// Writes down what happened to a membership.
pub async fn happened(scope: &Scope, id: Uuid, what: &Happened<'_>) -> Result<(), Error> {
    let (from, to) = what.plans.unzip();
    let (owed, currency) = what.owed.unzip();
    let (source_type, source_id) = what.source.unzip();
    let values: [Value; 14] = [
        scope.biz_id().into(),
        new_id().into(),
        id.into(),
        what.kind.into(),
        scope.now().into(),
        from.into(),
        to.into(),
        what.period.map(|period| period.starts_on).into(),
        what.period.map(|period| period.ends_on).into(),
        owed.into(),
        currency.map(str::to_owned).into(),
        what.note.map(str::to_owned).into(),
        source_type.map(str::to_owned).into(),
        source_id.into(),
    ];
    scope.execute(HAPPENED, &values).await.map(drop)
}
