//! `overtimeOutlook`: what overtime will cost if rosters are worked as they are.

use std::collections::BTreeMap;

use async_graphql::{InputObject, SimpleObject};
use chrono::{Days, NaiveDate};
use entities::core::location;
use entities::workforce::department;
use uuid::Uuid;

use super::cost::Cost;
use super::forecast::weeks;
use super::report::{REPORT, told};
use super::rules::monday_of;
use crate::workforce::pay::{Narrowed, paid};
use crate::workforce::today::today;
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Day, Id, Long, Money};
use foundation::graph::verb::Permission;

/// The overtime that people are heading for, week by week, by location and department, with what it
/// will cost where people's pay is known: hours so far, and the rest of the roster as it stands now.
#[derive(InputObject)]
pub struct OvertimeOutlookInput {
    /// A day of the first week; today if not given.
    pub from: Option<Day>,
    /// How many weeks, 8 at most; 2 if not given.
    pub weeks: Option<i32>,
    /// Only people who usually work here.
    pub location_id: Option<Id<location::Entity>>,
    /// Only people of this department.
    pub department_id: Option<Id<department::Entity>>,
}

/// The overtime that a team is heading for in a week.
#[derive(SimpleObject)]
pub struct OvertimeOutlookRow {
    /// The Monday of the week.
    pub week_starts_on: Day,
    /// Where the people usually work.
    pub location_id: Option<Id<location::Entity>>,
    /// Their department.
    pub department_id: Option<Id<department::Entity>>,
    /// How many people are on the roster.
    pub people: i32,
    /// Minutes on the roster.
    pub planned_minutes: Long,
    /// Minutes worked so far.
    pub worked_minutes: Long,
    /// Minutes of overtime if the rest of the roster is worked.
    pub overtime_minutes: Long,
    /// What that costs, in each currency; only of people whose pay is known.
    pub cost: Vec<Money>,
    /// Minutes of overtime of people whose pay is not known.
    pub unpriced_minutes: Long,
}

#[derive(Default)]
struct Sum {
    people: i32,
    planned: i64,
    worked: i64,
    beyond: i64,
    cost: Cost,
}

type Team = (NaiveDate, Option<Uuid>, Option<Uuid>);

/// The question.
pub struct OvertimeOutlook;

impl Question for OvertimeOutlook {
    type Input = OvertimeOutlookInput;
    type Answer = Vec<OvertimeOutlookRow>;

    const NAME: &'static str = "overtimeOutlook";
    const PERMISSION: Permission = Permission::Holds(REPORT);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let from = match input.from {
            Some(from) => from.0,
            None => today(look.scope, input.location_id.map(|id| id.uuid())).await?,
        };
        let from = monday_of(from);
        let count = input.weeks.unwrap_or(2);
        let Some(count) = u64::try_from(count)
            .ok()
            .filter(|count| (1..=8).contains(count))
        else {
            return Err(Failure::input("An outlook covers 1 to 8 weeks."));
        };
        let until = from.checked_add_days(Days::new(count * 7)).unwrap_or(from);
        let narrowed = Narrowed {
            location_id: input.location_id,
            department_id: input.department_id,
        };
        let people = paid(look, REPORT, narrowed).await?;
        let ids: Vec<Uuid> = people.keys().copied().collect();
        let mut sums: BTreeMap<Team, Sum> = BTreeMap::new();
        for ((who, monday), week) in weeks(look.scope, (from, until), Some(ids)).await? {
            let Some(person) = people.get(&who) else {
                continue;
            };
            let team = (monday, person.location, person.department);
            let sum = sums.entry(team).or_default();
            sum.people += 1;
            sum.planned += week.planned;
            sum.worked += week.worked;
            for one in &week.beyond {
                sum.beyond += one.minutes;
                sum.cost.add(one, person.rate.as_ref());
            }
        }
        Ok(sums.into_iter().map(row).collect())
    }
}

fn row(((monday, location, department), sum): (Team, Sum)) -> OvertimeOutlookRow {
    OvertimeOutlookRow {
        week_starts_on: Day(monday),
        location_id: location.map(Id::new),
        department_id: department.map(Id::new),
        people: sum.people,
        planned_minutes: Long(sum.planned),
        worked_minutes: Long(sum.worked),
        overtime_minutes: Long(sum.beyond),
        cost: told(&sum.cost),
        unpriced_minutes: Long(sum.cost.unpriced),
    }
}
