//! `leaveAbsence` and `leaveLiability`.

use std::collections::BTreeMap;

use async_graphql::{InputObject, SimpleObject};
use chrono::{Datelike, Days, NaiveDate};
use entities::core::location;
use entities::workforce::{department, leave_type};
use rust_decimal::{Decimal, RoundingStrategy};
use sea_orm::Value;
use sea_orm::sea_query::ArrayType;
use uuid::Uuid;

use super::person::{found, holidays};
use super::rules::request::days;
use super::rules::schedule::{Counts, Portion};
use crate::workforce::pay::opened;
use crate::workforce::today::today;
use foundation::database::Error;
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{CurrencyCode, Day, Id, Long, Number};
use foundation::graph::verb::Permission;
use foundation::identity::Reach;
use foundation::money::exponent;

const PERMISSION: &str = "workforce.read_leave_reports";
/// For how many people an answer is reckoned.
const MOST: usize = 2_000;

fn places(look: &Look<'_>) -> Result<Value, Failure> {
    Ok(match look.principal()?.reach(PERMISSION) {
        Reach::All => Value::Array(ArrayType::Uuid, None),
        Reach::Locations(places) => places.to_vec().into(),
    })
}

/// How much of the scheduled time people were away on approved leave: by month, location and
/// department, of up to a year and 2,000 people. Holidays are no scheduled time.
#[derive(InputObject)]
pub struct LeaveAbsenceInput {
    /// First day.
    pub from: Day,
    /// Last day; 366 days after the first at most.
    pub to: Day,
    /// Only of this location.
    pub location_id: Option<Id<location::Entity>>,
    /// Only of this department.
    pub department_id: Option<Id<department::Entity>>,
    /// Only this leave.
    pub leave_type_id: Option<Id<leave_type::Entity>>,
}

/// The absence of a team in a month.
#[derive(SimpleObject)]
pub struct LeaveAbsenceRow {
    /// First day of the month.
    month: Day,
    /// Where the people work.
    location_id: Option<Id<location::Entity>>,
    /// Their department.
    department_id: Option<Id<department::Entity>>,
    /// How many people.
    people: i32,
    /// Minutes that their schedules had.
    scheduled_minutes: Long,
    /// Minutes of approved leave.
    absent_minutes: Long,
    /// The share that was leave, from 0 to 1; none where nothing was scheduled.
    rate: Option<Number>,
}

const STAFF: &str = "select s.id, s.home_location_id, s.department_id from workforce.staff s \
    where s.biz_id = $1 and s.deleted_at is null and s.hired_on < $3 and (s.terminated_on is null or s.terminated_on > $2) \
      and ($4::uuid is null or s.home_location_id = $4) and ($5::uuid is null or s.department_id = $5) \
      and ($6::uuid[] is null or s.home_location_id is null or s.home_location_id = any ($6)) \
    order by s.id limit 2001";

const ABSENT: &str = "select d.staff_id, date_trunc('month', d.leave_on::timestamp)::date, sum(d.minutes)::bigint \
    from workforce.leave_request_days d \
    where d.biz_id = $1 and d.leave_on >= $2 and d.leave_on < $3 and d.status = 'charged' \
      and d.staff_id = any ($4::uuid[]) and ($5::uuid is null or d.leave_type_id = $5) \
    group by 1, 2";

#[derive(Default)]
struct Sum {
    people: i32,
    scheduled: i64,
    absent: i64,
}

type Team = (NaiveDate, Option<Uuid>, Option<Uuid>);

/// The question.
pub struct LeaveAbsence;

impl Question for LeaveAbsence {
    type Input = LeaveAbsenceInput;
    type Answer = Vec<LeaveAbsenceRow>;

    const NAME: &'static str = "leaveAbsence";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let (from, to) = (input.from.0, input.to.0 + Days::new(1));
        if !(1..=367).contains(&(to - from).num_days()) {
            return Err(Failure::input("A report covers 1 to 367 days."));
        }
        let scope = look.scope;
        let values = [
            scope.biz_id().into(),
            from.into(),
            to.into(),
            input.location_id.map(|id| id.uuid()).into(),
            input.department_id.map(|id| id.uuid()).into(),
            places(look)?,
        ];
        let staff = scope.query(STAFF, &values).await?;
        if staff.len() > MOST {
            return Err(Failure::input(
                "More than 2,000 people: ask for a location or a department.",
            ));
        }
        let mut teams = BTreeMap::new();
        let mut sums: BTreeMap<Team, Sum> = BTreeMap::new();
        for row in &staff {
            let read = || -> Result<(Uuid, Option<Uuid>, Option<Uuid>), Error> {
                Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
            };
            let (id, location, department) = read()?;
            teams.insert(id, (location, department));
            for (month, minutes) in scheduled(look, id, (from, to)).await? {
                let sum = sums.entry((month, location, department)).or_default();
                sum.people += 1;
                sum.scheduled += minutes;
            }
        }
        let ids: Vec<Uuid> = teams.keys().copied().collect();
        let values = [
            scope.biz_id().into(),
            from.into(),
            to.into(),
            ids.into(),
            input.leave_type_id.map(|id| id.uuid()).into(),
        ];
        for row in scope.query(ABSENT, &values).await? {
            let read = || -> Result<(Uuid, NaiveDate, i64), Error> {
                Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
            };
            let (id, month, minutes) = read()?;
            if let Some((location, department)) = teams.get(&id) {
                sums.entry((month, *location, *department))
                    .or_default()
                    .absent += minutes;
            }
        }
        Ok(sums.into_iter().map(absence).collect())
    }
}

fn absence(((month, location, department), sum): (Team, Sum)) -> LeaveAbsenceRow {
    let rate = |sum: &Sum| {
        let rate = Decimal::from(sum.absent) / Decimal::from(sum.scheduled);
        Number(rate.round_dp_with_strategy(6, RoundingStrategy::MidpointNearestEven))
    };
    LeaveAbsenceRow {
        month: Day(month),
        location_id: location.map(Id::new),
        department_id: department.map(Id::new),
        people: sum.people,
        rate: (sum.scheduled > 0).then(|| rate(&sum)),
        scheduled_minutes: Long(sum.scheduled),
        absent_minutes: Long(sum.absent),
    }
}

/// Minutes that somebody's schedule had, by month.
async fn scheduled(
    look: &Look<'_>,
    id: Uuid,
    span: (NaiveDate, NaiveDate),
) -> Result<BTreeMap<NaiveDate, i64>, Failure> {
    let mut months = BTreeMap::new();
    let Some(person) = found(look.scope, id, false).await? else {
        return Ok(months);
    };
    let holidays = holidays(look.scope, &person, span).await?;
    let kinds = holidays.iter().map(|(on, found)| (*on, found.0)).collect();
    let all: Vec<_> = span
        .0
        .iter_days()
        .take_while(|day| *day < span.1)
        .map(|day| (day, Portion::Full))
        .collect();
    let plain = Counts {
        holidays: false,
        weekends: false,
    };
    for day in days(&all, person.schedule.as_ref(), plain, &kinds, person.who) {
        let month = day.on.with_day(1).unwrap_or(day.on);
        *months.entry(month).or_insert(0) += i64::from(day.cost.minutes);
    }
    Ok(months)
}

/// What leave that was not taken is worth, as of a day: minutes and money by location, department and
/// type of leave. Money is reckoned by each person's pay for an hour, in the currency of the pay; what
/// people without a known pay have is counted apart. 2,000 people at most.
#[derive(InputObject)]
pub struct LeaveLiabilityInput {
    /// As of the end of this day; today if not given.
    pub on: Option<Day>,
    /// Only of this location.
    pub location_id: Option<Id<location::Entity>>,
    /// Only of this department.
    pub department_id: Option<Id<department::Entity>>,
    /// Pay for an hour of those whose own is not known.
    pub default_rate: Option<Number>,
    /// The currency of the default rate.
    pub currency: Option<String>,
}

/// The liability of a team for a type of leave in a currency.
#[derive(SimpleObject)]
pub struct LeaveLiabilityRow {
    /// Where the people work.
    location_id: Option<Id<location::Entity>>,
    /// Their department.
    department_id: Option<Id<department::Entity>>,
    /// Which leave.
    leave_type_id: Id<leave_type::Entity>,
    /// The currency of their pay; none where no pay is known.
    currency: Option<CurrencyCode>,
    /// How many people.
    people: i32,
    /// Minutes that are left, less those that are owed.
    minutes: Long,
    /// What they are worth in minor units; none where no pay is known.
    amount_minor: Option<Long>,
}

// What the ledger says by then: what has been taken for days to come is still owed as of that day.
const LIABLE: &str = "select s.id, s.home_location_id, s.department_id, e.leave_type_id, s.hourly_rate_enc, s.currency::text, \
      sum(e.minutes)::bigint \
    from workforce.leave_ledger_entries e \
    join workforce.staff s on s.biz_id = e.biz_id and s.id = e.staff_id \
    join workforce.leave_types t on t.biz_id = e.biz_id and t.id = e.leave_type_id and t.is_paid \
    where e.biz_id = $1 and e.effective_on <= $2 and ($3::uuid is null or s.home_location_id = $3) \
      and ($4::uuid is null or s.department_id = $4) \
      and ($5::uuid[] is null or s.home_location_id is null or s.home_location_id = any ($5)) \
    group by s.biz_id, s.id, e.leave_type_id having sum(e.minutes) <> 0 order by s.id limit 10001";

type Group = (Option<Uuid>, Option<Uuid>, Uuid, Option<String>);

/// The question.
pub struct LeaveLiability;

impl Question for LeaveLiability {
    type Input = LeaveLiabilityInput;
    type Answer = Vec<LeaveLiabilityRow>;

    const NAME: &'static str = "leaveLiability";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let scope = look.scope;
        let on = match input.on {
            Some(on) => on.0,
            None => today(scope, None).await?,
        };
        let default = match (input.default_rate, &input.currency) {
            (Some(rate), Some(currency)) => Some((rate.0, currency.clone())),
            (None, None) => None,
            _ => return Err(Failure::input("Give defaultRate and currency, or neither.")),
        };
        let values = [
            scope.biz_id().into(),
            on.into(),
            input.location_id.map(|id| id.uuid()).into(),
            input.department_id.map(|id| id.uuid()).into(),
            places(look)?,
        ];
        let rows = scope.query(LIABLE, &values).await?;
        if rows.len() > 10_000 {
            return Err(Failure::input(
                "More than 10,000 balances: ask for a location or a department.",
            ));
        }
        let mut sums: BTreeMap<Group, (i32, i64, Decimal)> = BTreeMap::new();
        for row in &rows {
            let (group, minutes, rate) = liable(look, row, default.as_ref())?;
            let sum = sums.entry(group).or_default();
            sum.0 += 1;
            sum.1 += minutes;
            sum.2 += rate * Decimal::from(minutes) / Decimal::from(60);
        }
        Ok(sums
            .into_iter()
            .map(|(group, sum)| liability(group, &sum))
            .collect())
    }
}

fn liable(
    look: &Look<'_>,
    row: &tokio_postgres::Row,
    default: Option<&(Decimal, String)>,
) -> Result<(Group, i64, Decimal), Failure> {
    type Read = (
        Option<Uuid>,
        Option<Uuid>,
        Uuid,
        Option<Vec<u8>>,
        Option<String>,
        i64,
    );
    let read = || -> Result<Read, Error> {
        Ok((
            row.try_get(1)?,
            row.try_get(2)?,
            row.try_get(3)?,
            row.try_get(4)?,
            row.try_get(5)?,
            row.try_get(6)?,
        ))
    };
    let (location, department, kind, sealed, currency, minutes) = read()?;
    let sealer = &look.session.shared.sealer;
    let own = opened(sealer, look.scope.biz_id(), sealed.as_deref())?;
    let pay = own.zip(currency).or_else(|| default.cloned());
    let (rate, currency) = pay.map_or((Decimal::ZERO, None), |(rate, currency)| {
        (rate, Some(currency))
    });
    Ok(((location, department, kind, currency), minutes, rate))
}

fn liability(
    (location, department, kind, currency): Group,
    (people, minutes, amount): &(i32, i64, Decimal),
) -> LeaveLiabilityRow {
    let minor = currency.as_deref().and_then(|currency| {
        let scale = Decimal::from(10_i64.checked_pow(exponent(currency))?);
        let whole =
            (amount * scale).round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven);
        i64::try_from(whole).ok()
    });
    LeaveLiabilityRow {
        location_id: location.map(Id::new),
        department_id: department.map(Id::new),
        leave_type_id: Id::new(kind),
        amount_minor: minor.map(Long),
        currency: currency.map(CurrencyCode),
        people: *people,
        minutes: Long(*minutes),
    }
}
