//! `rosterDraft`.

use async_graphql::InputObject;
use async_graphql::registry::Registry;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use entities::core::location;
use entities::workforce::staff;
use uuid::Uuid;

use super::ROSTER;
use super::plan::{PLANNED, RosterPlanProblem, RosterPlanResult, draft_all, register};
use super::rules::{moved, week_of_cycle};
use super::store::{Draft, zone_at};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::item::{ItemError, MOST_ITEMS};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::rules::{Edge, instant_of};

/// Drafts a week of a location from a template: an earlier week of it, or what the schedules of
/// the people who usually work there say. Holidays of a schedule and whole days of leave are left
/// out, and told. What overlaps a shift that there is already is refused by itself, so that it can
/// be done again. 500 shifts at most.
#[derive(InputObject)]
pub struct RosterDraftInput {
    /// Where the shifts are.
    pub location_id: Id<location::Entity>,
    /// The Monday of the week to be drafted.
    pub week_starts_on: Day,
    /// The Monday of the week that is copied, by the clocks on the wall; the people's schedules
    /// if not given.
    pub copy_week_of: Option<Day>,
    /// Only these people, 500 at most; everyone if not given.
    pub staff_ids: Option<Vec<Id<staff::Entity>>>,
}

/// The verb.
pub struct RosterDraft;

impl Verb for RosterDraft {
    type Input = RosterDraftInput;
    type Problem = RosterPlanProblem;

    const NAME: &'static str = "rosterDraft";
    const PERMISSION: Permission = Permission::Holds(ROSTER);
    const EVENT: Option<&'static str> = Some("workforce.roster_drafted");
    const PAYLOAD: &'static [Part] = PLANNED;

    fn types(registry: &mut Registry) {
        register(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let monday = input.week_starts_on.0;
        let is_monday = |day: NaiveDate| day.weekday() == chrono::Weekday::Mon;
        if !is_monday(monday) || input.copy_week_of.is_some_and(|day| !is_monday(day.0)) {
            return Err(Failure::input("A week starts on a Monday.").into());
        }
        let people: Option<Vec<Uuid>> = input
            .staff_ids
            .map(|ids| ids.iter().map(Id::uuid).collect());
        if people.as_ref().is_some_and(|ids| ids.len() > MOST_ITEMS) {
            let text = format!("staffIds has {MOST_ITEMS} entries at most.");
            return Err(Failure::input(text).into());
        }
        let template = Template {
            location_id: input.location_id.uuid(),
            zone: zone_at(act, ROSTER, input.location_id.uuid()).await?,
            monday,
            people,
        };
        let wishes = match input.copy_week_of {
            Some(earlier) => template.copied(act, earlier.0).await?,
            None => template.scheduled(act).await?,
        };
        if wishes.len() > MOST_ITEMS {
            let text = format!(
                "The week has {} shifts; name people, so that they are {MOST_ITEMS} at most.",
                wishes.len()
            );
            return Err(Failure::input(text).into());
        }
        let (wishes, left_out) = template.without_free_days(act, wishes).await?;
        draft_all(act, wishes, left_out).await
    }
}

struct Template {
    location_id: Uuid,
    zone: Tz,
    monday: NaiveDate,
    people: Option<Vec<Uuid>>,
}

const EARLIER: &str = "select s.staff_id, s.business_date, s.role, s.planned_starts_at, s.planned_ends_at, s.break_minutes, s.note \
    from workforce.staff_shifts s join workforce.staff p on p.biz_id = s.biz_id and p.id = s.staff_id and p.deleted_at is null \
    where s.biz_id = $1 and s.location_id = $2 and s.business_date >= $3 and s.business_date < $3::date + 7 \
      and s.status not in ('cancelled', 'no_show') and ($4::uuid[] is null or s.staff_id = any ($4::uuid[])) \
    order by s.planned_starts_at, s.id limit 501";

const SCHEDULED: &str = "select p.id, c.timezone, c.cycle_weeks, c.cycle_starts_on, d.week_no, d.weekday, d.starts_at_local, \
      d.work_minutes, d.break_minutes, p.position \
    from workforce.staff p \
    join workforce.work_schedules c on c.biz_id = p.biz_id and c.id = p.work_schedule_id and c.deleted_at is null \
    join workforce.work_schedule_days d on d.biz_id = p.biz_id and d.work_schedule_id = c.id and d.deleted_at is null \
      and d.starts_at_local is not null \
    where p.biz_id = $1 and p.home_location_id = $2 and p.deleted_at is null and p.hired_on < $3::date + 7 \
      and coalesce(p.terminated_on, 'infinity') > $3 and ($4::uuid[] is null or p.id = any ($4::uuid[])) \
    order by d.weekday, p.id limit 20000";

// Whole days off: leave, and holidays of the person's schedule.
const FREE: &str = "select d.staff_id, d.leave_on, true from workforce.leave_request_days d \
      where d.biz_id = $1 and d.staff_id = any ($2::uuid[]) and d.leave_on >= $3 and d.leave_on < $3::date + 8 \
        and d.portion = 'full' and d.status in ('reserved', 'charged') \
    union \
    select p.id, h.holiday_on, false from workforce.staff p \
      join workforce.work_schedules c on c.biz_id = p.biz_id and c.id = p.work_schedule_id \
      join availability.holidays h on h.biz_id = p.biz_id and h.calendar_id = c.holiday_calendar_id and h.deleted_at is null \
      where p.biz_id = $1 and p.id = any ($2::uuid[]) and h.holiday_on >= $3 and h.holiday_on < $3::date + 8 and h.kind = 'full'";

type Wishes = Vec<(NaiveDate, Draft)>;

impl Template {
    fn values(&self, act: &Act<'_>, monday: NaiveDate) -> [sea_orm::Value; 4] {
        [
            act.scope.biz_id().into(),
            self.location_id.into(),
            monday.into(),
            self.people.clone().into(),
        ]
    }

    async fn copied<P>(&self, act: &Act<'_>, earlier: NaiveDate) -> Result<Wishes, Fault<P>> {
        let days = (self.monday - earlier).num_days();
        let rows = act.scope.query(EARLIER, &self.values(act, earlier)).await?;
        let wish = |row: &tokio_postgres::Row| {
            let (from, to): (DateTime<Utc>, DateTime<Utc>) = (row.try_get(3)?, row.try_get(4)?);
            let (starts_at, ends_at) = moved(self.zone, from, to, days);
            let day: NaiveDate = row.try_get(1)?;
            let draft = Draft {
                staff_id: row.try_get(0)?,
                location_id: self.location_id,
                role: row.try_get(2)?,
                starts_at,
                ends_at,
                break_minutes: row.try_get(5)?,
                note: row.try_get(6)?,
            };
            Ok((day + TimeDelta::days(days), draft))
        };
        rows.iter().map(wish).collect()
    }

    async fn scheduled<P>(&self, act: &Act<'_>) -> Result<Wishes, Fault<P>> {
        let values = self.values(act, self.monday);
        let rows = act.scope.query(SCHEDULED, &values).await?;
        let mut wishes = Vec::new();
        for row in &rows {
            let (weeks, first): (i16, NaiveDate) = (row.try_get(2)?, row.try_get(3)?);
            if week_of_cycle(first, weeks, self.monday) != row.try_get::<_, i16>(4)? {
                continue;
            }
            let weekday = u64::try_from(row.try_get::<_, i16>(5)?).unwrap_or(1);
            let day = self.monday.checked_add_days(Days::new(weekday - 1));
            let day = day.unwrap_or(self.monday);
            let zone = row.try_get::<_, &str>(1)?.parse().unwrap_or(self.zone);
            let (work, rest): (i32, i32) = (row.try_get(7)?, row.try_get(8)?);
            let from = day.and_time(row.try_get::<_, NaiveTime>(6)?);
            let to = from + TimeDelta::minutes((work + rest).into());
            let role: String = row.try_get(9)?;
            let draft = Draft {
                staff_id: row.try_get(0)?,
                location_id: self.location_id,
                role: role.chars().take(60).collect(),
                starts_at: instant_of(zone, from, Edge::Start),
                ends_at: instant_of(zone, to, Edge::End),
                break_minutes: rest,
                note: String::new(),
            };
            wishes.push((day, draft));
        }
        Ok(wishes)
    }

    async fn without_free_days<P>(
        &self,
        act: &Act<'_>,
        wishes: Wishes,
    ) -> Result<(Wishes, Vec<RosterPlanResult>), Fault<P>> {
        let mut people: Vec<Uuid> = wishes.iter().map(|(_, draft)| draft.staff_id).collect();
        people.sort_unstable();
        people.dedup();
        let values = [act.scope.biz_id().into(), people.into(), self.monday.into()];
        let rows = act.scope.query(FREE, &values).await?;
        let mut free = std::collections::HashMap::new();
        for row in &rows {
            let key: (Uuid, NaiveDate) = (row.try_get(0)?, row.try_get(1)?);
            *free.entry(key).or_insert(false) |= row.try_get::<_, bool>(2)?;
        }
        let (mut kept, mut left_out) = (Vec::new(), Vec::new());
        for (day, draft) in wishes {
            let Some(is_leave) = free.get(&(draft.staff_id, day)) else {
                kept.push((day, draft));
                continue;
            };
            let (code, message) = if *is_leave {
                (
                    "ON_LEAVE",
                    "The person is on leave that day, or has asked for it.",
                )
            } else {
                ("HOLIDAY", "The day is a holiday by the person's schedule.")
            };
            left_out.push(RosterPlanResult {
                staff_id: Id::new(draft.staff_id),
                day: Day(day),
                shift_id: None,
                error: Some(ItemError {
                    code: code.to_owned(),
                    message: message.to_owned(),
                    field: None,
                }),
            });
        }
        Ok((kept, left_out))
    }
}
