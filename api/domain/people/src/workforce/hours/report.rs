//! `overtimeReport` and `timesheetDays`: what hours come to, by day, person, place, team and month.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::{InputObject, SimpleObject};
use chrono::{Datelike, NaiveDate};
use entities::core::location;
use entities::workforce::{department, overtime_policy, timesheet};
use uuid::Uuid;

use super::cost::Cost;
use super::rules::{monday_of, overtime};
use super::store::{contracts, days, overtime_of, policies};
use crate::workforce::pay::{Narrowed, paid};
use crate::workforce::staff::{SELF, no_person, person};
use foundation::graph::failure::{Code, Failure};
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Day, Id, Long, Money};
use foundation::graph::verb::Permission;
use foundation::money::exponent;

/// Reports on staff: what they cost, and what rosters and trainings come to.
pub(in crate::workforce) const REPORT: &str = "workforce.report";

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
    /// Only people of this department.
    pub department_id: Option<Id<department::Entity>>,
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

#[derive(Default)]
struct Sum {
    people: BTreeSet<Uuid>,
    paid: i64,
    beyond: i64,
    cost: Cost,
}

/// The question.
pub struct OvertimeReport;

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
        let narrowed = Narrowed {
            location_id: input.location_id,
            department_id: input.department_id,
        };
        let people = paid(look, REPORT, narrowed).await?;
        let monday = monday_of(from);
        let ids: Vec<Uuid> = people.keys().copied().collect();
        let worked = days(look.scope, ids.clone(), monday, until).await?;
        let policies = policies(look.scope, monday, until).await?;
        let contracts = contracts(look.scope, ids).await?;
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
            let contract = contracts.get(who).copied().unwrap_or_default();
            for one in overtime(&policies, contract, days) {
                if one.day < from {
                    continue;
                }
                let sum = sums.entry(key(one.day)).or_default();
                sum.beyond += one.minutes;
                sum.cost.add(&one, person.rate.as_ref());
            }
        }
        Ok(sums.into_iter().map(row).collect())
    }
}

fn row(
    ((month, location, department), sum): ((NaiveDate, Option<Uuid>, Option<Uuid>), Sum),
) -> OvertimeReportRow {
    OvertimeReportRow {
        location_id: location.map(Id::new),
        department_id: department.map(Id::new),
        month: Day(month),
        people: i32::try_from(sum.people.len()).unwrap_or(i32::MAX),
        paid_minutes: Long(sum.paid),
        overtime_minutes: Long(sum.beyond),
        cost: told(&sum.cost),
        unpriced_minutes: Long(sum.cost.unpriced),
    }
}

/// What overtime costs, for whoever asks.
pub(super) fn told(cost: &Cost) -> Vec<Money> {
    let money = |(currency, minor)| Money { minor, currency };
    cost.minor(exponent).into_iter().map(money).collect()
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
        let (days, found) = overtime_of(look.scope, staff_id, from, until).await?;
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
