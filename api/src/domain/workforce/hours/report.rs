//! `overtimeReport` and `timesheetDays`: what hours come to, by day, person, place, team and month.

use std::collections::BTreeMap;

use async_graphql::{InputObject, SimpleObject};
use chrono::{Datelike, NaiveDate};
use entities::core::location;
use entities::workforce::{department, overtime_policy, timesheet};
use rust_decimal::Decimal;
use sea_orm::Value;
use uuid::Uuid;

use super::rules::{cost, monday_of, overtime};
use super::store::{days, overtime_of, policies};
use crate::domain::workforce::staff::{SELF, no_person, person};
use crate::graph::failure::{Code, Failure};
use crate::graph::question::{Look, Question};
use crate::graph::scalars::{Day, Id, Long, Money};
use crate::graph::verb::Permission;
use crate::identity::Reach;
use crate::money::exponent;

/// Reports on staff: what they cost, and what rosters and trainings come to.
pub(in crate::domain::workforce) const REPORT: &str = "workforce.report";

/// The overtime of up to 92 days by location, department and month, with what it costs where
/// people's pay is known. Minutes are reckoned from recorded times, by the policies of each day.
#[derive(InputObject)]
pub struct OvertimeReportInput {
    /// The first business day.
    pub from: Day,
    /// The first business day that is no longer in it; 92 days later at most.
    pub until: Day,
    /// Only people who usually work here.
    pub location_id: Option<Id<location::Entity>>,
}

/// The overtime of a team in a month.
#[derive(SimpleObject)]
pub struct OvertimeReportRow {
    /// Where the people usually work.
    pub location_id: Option<Id<location::Entity>>,
    /// Their department.
    pub department_id: Option<Id<department::Entity>>,
    /// First day of the month.
    pub month: Day,
    /// How many people had hours.
    pub people: i32,
    /// Minutes of work, travel and training.
    pub paid_minutes: Long,
    /// Those of them that are overtime.
    pub overtime_minutes: Long,
    /// What the overtime costs, in each currency; only of people whose pay is known.
    pub cost: Vec<Money>,
    /// Minutes of overtime of people whose pay is not known.
    pub unpriced_minutes: Long,
}

struct Paid {
    location: Option<Uuid>,
    department: Option<Uuid>,
    rate: Option<(Decimal, String)>,
}

#[derive(Default)]
struct Sum {
    people: std::collections::BTreeSet<Uuid>,
    paid: i64,
    beyond: i64,
    unpriced: i64,
    cost: BTreeMap<String, i64>,
}

const PEOPLE: &str = "select s.id, s.home_location_id, s.department_id, s.hourly_rate_enc, s.currency::text from workforce.staff s \
    where s.biz_id = $1 and ($2::uuid[] is null or s.home_location_id = any ($2::uuid[])) \
      and ($3::uuid is null or s.home_location_id = $3) order by s.id limit 5001";

/// The question.
pub struct OvertimeReport;

async fn staff_of(
    look: &Look<'_>,
    location: Option<Uuid>,
) -> Result<BTreeMap<Uuid, Paid>, Failure> {
    let places = match look.principal()?.reach(REPORT) {
        Reach::All => None,
        Reach::Locations(places) => Some(places.to_vec()),
    };
    let values: [Value; 3] = [look.scope.biz_id().into(), places.into(), location.into()];
    let rows = look.scope.query(PEOPLE, &values).await?;
    if rows.len() > 5000 {
        return Err(Failure::input("More than 5,000 people: name a location."));
    }
    let sealer = &look.session.shared.sealer;
    let mut people = BTreeMap::new();
    for row in &rows {
        let read = || -> Result<_, tokio_postgres::Error> {
            let sealed: Option<Vec<u8>> = row.try_get(3)?;
            let currency: Option<String> = row.try_get(4)?;
            Ok((
                row.try_get(0)?,
                row.try_get(1)?,
                row.try_get(2)?,
                sealed.zip(currency),
            ))
        };
        let (id, location, department, sealed) = read().map_err(Failure::internal)?;
        let rate = match sealed {
            None => None,
            // A pay that is no number is shown as unknown.
            Some((sealed, currency)) => sealer
                .open(look.scope.biz_id(), &sealed)?
                .trim()
                .parse::<Decimal>()
                .ok()
                .map(|rate| (rate, currency)),
        };
        people.insert(
            id,
            Paid {
                location,
                department,
                rate,
            },
        );
    }
    Ok(people)
}

fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

impl Question for OvertimeReport {
    type Input = OvertimeReportInput;
    type Answer = Vec<OvertimeReportRow>;

    const NAME: &'static str = "overtimeReport";
    const PERMISSION: Permission = Permission::Holds(REPORT);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let (from, until) = (input.from.0, input.until.0);
        if !(1..=92).contains(&(until - from).num_days()) {
            return Err(Failure::input("A report covers 1 to 92 days."));
        }
        let people = staff_of(look, input.location_id.map(|id| id.uuid())).await?;
        let monday = monday_of(from);
        let worked = days(look.scope, people.keys().copied().collect(), monday, until).await?;
        let policies = policies(look.scope, monday, until).await?;
        let mut by_person: BTreeMap<Uuid, BTreeMap<NaiveDate, i64>> = BTreeMap::new();
        for ((who, day), minutes) in worked {
            by_person
                .entry(who)
                .or_default()
                .insert(day, minutes.paid());
        }
        let mut sums: BTreeMap<(NaiveDate, Option<Uuid>, Option<Uuid>), Sum> = BTreeMap::new();
        for (who, days) in &by_person {
            let Some(person) = people.get(who) else {
                continue;
            };
            let key = |day: NaiveDate| (month_of(day), person.location, person.department);
            for (day, minutes) in days.iter().filter(|(day, _)| **day >= from) {
                let sum = sums.entry(key(*day)).or_default();
                sum.people.insert(*who);
                sum.paid += minutes;
            }
            for one in overtime(&policies, person.location, days) {
                if one.day < from {
                    continue;
                }
                let sum = sums.entry(key(one.day)).or_default();
                sum.beyond += one.minutes;
                let priced = person.rate.as_ref().and_then(|(rate, currency)| {
                    let minor = cost(one.minutes, *rate, one.multiplier, exponent(currency))?;
                    Some((currency.clone(), minor))
                });
                match priced {
                    Some((currency, minor)) => *sum.cost.entry(currency).or_default() += minor,
                    None => sum.unpriced += one.minutes,
                }
            }
        }
        Ok(sums.into_iter().map(row).collect())
    }
}

fn row(
    ((month, location, department), sum): ((NaiveDate, Option<Uuid>, Option<Uuid>), Sum),
) -> OvertimeReportRow {
    let money = |(currency, minor)| Money { minor, currency };
    OvertimeReportRow {
        location_id: location.map(Id::new),
        department_id: department.map(Id::new),
        month: Day(month),
        people: i32::try_from(sum.people.len()).unwrap_or(i32::MAX),
        paid_minutes: Long(sum.paid),
        overtime_minutes: Long(sum.beyond),
        cost: sum.cost.into_iter().map(money).collect(),
        unpriced_minutes: Long(sum.unpriced),
    }
}

/// A time sheet day by day, with the week that each belongs to and what of it is overtime, by which
/// policy. People see their own.
#[derive(InputObject)]
pub struct TimesheetDaysInput {
    /// The time sheet.
    pub id: Id<timesheet::Entity>,
}

/// A day of a time sheet.
#[derive(SimpleObject)]
pub struct TimesheetDay {
    /// The business day.
    pub day: Day,
    /// The Monday of its week.
    pub week_starts_on: Day,
    /// Minutes of work.
    pub worked_minutes: Long,
    /// Minutes on the way on duty.
    pub travel_minutes: Long,
    /// Minutes of training.
    pub training_minutes: Long,
    /// Minutes of breaks.
    pub break_minutes: Long,
    /// What of them is overtime.
    pub overtime: Vec<TimesheetOvertime>,
}

/// Overtime of a day.
#[derive(SimpleObject)]
pub struct TimesheetOvertime {
    /// The policy that says so.
    pub policy_id: Id<overtime_policy::Entity>,
    /// How many minutes.
    pub minutes: Long,
}

/// The question.
pub struct TimesheetDays;

impl Question for TimesheetDays {
    type Input = TimesheetDaysInput;
    type Answer = Vec<TimesheetDay>;

    const NAME: &'static str = "timesheetDays";
    const PERMISSION: Permission = Permission::Holds(SELF);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let none = || Failure::new(Code::NotFound, "There is no such time sheet.");
        let sql = "select staff_id, starts_on, ends_on from workforce.timesheets where biz_id = $1 and id = $2";
        let key = [look.scope.biz_id().into(), input.id.uuid().into()];
        let row = look.scope.query_opt(sql, &key).await?.ok_or_else(none)?;
        let read =
            || Ok::<_, tokio_postgres::Error>((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
        let (staff_id, from, until): (Uuid, NaiveDate, NaiveDate) =
            read().map_err(Failure::internal)?;
        let who = person(look.scope, staff_id).await?.ok_or_else(no_person)?;
        let principal = look.principal()?;
        if !who.is(principal) && !who.is_reached(principal, "workforce.read") {
            return Err(none());
        }
        let (days, found) =
            overtime_of(look.scope, staff_id, who.home_location_id, from, until).await?;
        let told = days.into_iter().map(|(day, minutes)| {
            let of_day = found.iter().filter(|one| one.day == day);
            TimesheetDay {
                day: Day(day),
                week_starts_on: Day(monday_of(day)),
                worked_minutes: Long(minutes.worked),
                travel_minutes: Long(minutes.travel),
                training_minutes: Long(minutes.training),
                break_minutes: Long(minutes.breaks),
                overtime: of_day
                    .map(|one| TimesheetOvertime {
                        policy_id: Id::new(one.policy_id),
                        minutes: Long(one.minutes),
                    })
                    .collect(),
            }
        });
        Ok(told.collect())
    }
}
