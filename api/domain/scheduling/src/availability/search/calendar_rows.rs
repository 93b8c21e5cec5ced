//! The calendars that subjects follow, read as rows and put together. Four statements, sent at once.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveTime;
use chrono_tz::Tz;
use futures_util::try_join;
use sea_orm::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::super::calendar::span::Span;
use super::super::calendar::week::{
    Binding, Calendar, DayRange, Holiday, HolidayKind, Overlay, OverlayEffect, Rule, RuleEffect,
    Times,
};
use foundation::database::{Error, Scope};

/// What may follow calendars: the offer, its services, places, resources with their people, pools.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    Offer,
    Service(Uuid),
    Location(Uuid),
    Resource(Uuid),
    /// The person that a resource is.
    Person(Uuid),
    Pool(Uuid),
    /// A calendar, as if somebody followed it and no other.
    Calendar(Uuid),
}

/// Which calendars are in play: those of the subjects, of the people that resources are, and of the
/// pools whose units they are.
macro_rules! bound {
    ($rest:literal) => {
        concat!(
            "with subjects as ( \
              select t.type, t.id, t.id as of from unnest($2::text[], $3::uuid[]) as t (type, id) \
              union all \
              select 'Staff', s.id, s.resource_id from workforce.staff s \
              where s.biz_id = $1 and s.resource_id = any ($3::uuid[]) \
              union all \
              select distinct 'CapacityPool', m.pool_id, m.pool_id from availability.capacity_pool_members m \
              where m.biz_id = $1 and m.resource_id = any ($3::uuid[]) and m.deleted_at is null), \
            bound as ( \
              select s.type, s.of, b.calendar_id, b.priority, b.starts_at, b.ends_at \
              from subjects s \
              join availability.calendar_bindings b on b.biz_id = $1 and b.subject_type = s.type and b.subject_id = s.id \
              where b.deleted_at is null and (b.starts_at is null or b.starts_at < $5) and (b.ends_at is null or b.ends_at > $4) \
              union all \
              select s.type, s.of, s.id, 0, null, null from subjects s where s.type = 'Itself'), \
            mine as materialized (select distinct b.calendar_id as id from bound b) ",
            $rest
        )
    };
}

const BINDINGS: &str = bound!(
    "select b.type, b.of, b.priority, b.starts_at, b.ends_at, c.id, c.timezone, c.default_state \
     from bound b join availability.calendars c on c.biz_id = $1 and c.id = b.calendar_id and c.deleted_at is null"
);

const OVERLAYS: &str = bound!(
    "select o.id, o.calendar_id, o.effect, o.priority, o.starts_on, o.ends_on \
     from mine join availability.calendar_overlays o on o.biz_id = $1 and o.calendar_id = mine.id and o.deleted_at is null"
);

const RULES: &str = bound!(
    ", parents as ( \
       select mine.id as calendar_id, null::uuid as overlay_id from mine \
       union all \
       select o.calendar_id, o.id from mine \
       join availability.calendar_overlays o on o.biz_id = $1 and o.calendar_id = mine.id and o.deleted_at is null) \
     select r.id, p.calendar_id, p.overlay_id, r.effect, r.priority, r.rrule, \
       extract(epoch from r.local_start)::integer, extract(epoch from r.local_end)::integer, r.crosses_midnight, \
       r.starts_on, r.ends_on, coalesce(r.capacity_delta, 0), r.price_rule_id \
     from parents p join availability.availability_rules r on r.biz_id = $1 and r.deleted_at is null \
       and case when p.overlay_id is null then r.calendar_id = p.calendar_id else r.overlay_id = p.overlay_id end"
);

/// A calendar has its own holidays, and those of the calendars that it follows.
const HOLIDAYS: &str = bound!(
    ", sources as ( \
       select mine.id, mine.id as source from mine \
       union \
       select mine.id, f.calendar_id from mine \
       join availability.calendar_bindings f on f.biz_id = $1 and f.subject_type = 'Calendar' and f.subject_id = mine.id \
         and f.deleted_at is null) \
     select h.id, s.id, h.holiday_on, h.kind from sources s \
     join availability.holidays h on h.biz_id = $1 and h.calendar_id = s.source and h.deleted_at is null \
       and h.holiday_on between $4::timestamptz::date - 2 and $5::timestamptz::date + 2"
);

/// What each subject follows over a time.
pub(super) async fn load(
    scope: &Scope,
    subjects: &[(&'static str, Uuid)],
    range: &Span,
) -> Result<HashMap<Subject, Vec<Binding>>, Error> {
    let (types, ids): (Vec<String>, Vec<Uuid>) = subjects
        .iter()
        .map(|(name, id)| ((*name).to_owned(), *id))
        .unzip();
    let values: [Value; 5] = [
        scope.biz_id().into(),
        types.into(),
        ids.into(),
        range.start.into(),
        range.end.into(),
    ];
    let (bindings, overlays, rules, holidays) = try_join!(
        scope.query(BINDINGS, &values),
        scope.query(OVERLAYS, &values),
        scope.query(RULES, &values),
        scope.query(HOLIDAYS, &values),
    )?;
    let calendars = put_together(&bindings, &overlays, &rules, &holidays)?;
    let mut followed: HashMap<Subject, Vec<Binding>> = HashMap::new();
    for row in &bindings {
        let Some(calendar) = calendars.get(&row.try_get::<_, Uuid>(5)?) else {
            continue;
        };
        let binding = Binding {
            calendar: Arc::clone(calendar),
            priority: row.try_get(2)?,
            starts_at: row.try_get(3)?,
            ends_at: row.try_get(4)?,
        };
        let of = row.try_get(1)?;
        let subject = match row.try_get::<_, &str>(0)? {
            "Offer" => Subject::Offer,
            "Service" => Subject::Service(of),
            "Location" => Subject::Location(of),
            "Staff" => Subject::Person(of),
            "CapacityPool" => Subject::Pool(of),
            "Itself" => Subject::Calendar(of),
            _ => Subject::Resource(of),
        };
        followed.entry(subject).or_default().push(binding);
    }
    Ok(followed)
}

/// One calendar, as what follows it alone is bound to it: for whoever counts time by it.
pub async fn calendars(scope: &Scope, calendar: Uuid, range: &Span) -> Result<Vec<Binding>, Error> {
    let mut found = load(scope, &[("Itself", calendar)], range).await?;
    Ok(found
        .remove(&Subject::Calendar(calendar))
        .unwrap_or_default())
}

fn put_together(
    bindings: &[Row],
    overlays: &[Row],
    rules: &[Row],
    holidays: &[Row],
) -> Result<HashMap<Uuid, Arc<Calendar>>, Error> {
    let mut calendars: HashMap<Uuid, Calendar> = HashMap::new();
    for row in bindings {
        let id = row.try_get(5)?;
        // The table of zones is PostgreSQL's; where ours does not know one, it is kept as UTC.
        let zone = row.try_get::<_, &str>(6)?.parse().unwrap_or(Tz::UTC);
        let is_open_by_default = row.try_get::<_, &str>(7)? == "open";
        calendars.entry(id).or_insert_with(|| Calendar {
            id,
            zone,
            is_open_by_default,
            rules: Vec::new(),
            overlays: Vec::new(),
            holidays: Vec::new(),
        });
    }
    let of_overlay = enter_rules(rules, &mut calendars)?;
    enter_overlays(overlays, of_overlay, &mut calendars)?;
    for row in holidays {
        let holiday = Holiday {
            id: row.try_get(0)?,
            on: row.try_get(2)?,
            kind: HolidayKind::of(row.try_get(3)?),
        };
        if let Some(calendar) = calendars.get_mut(&row.try_get::<_, Uuid>(1)?) {
            calendar.holidays.push(holiday);
        }
    }
    Ok(calendars
        .into_iter()
        .map(|(id, calendar)| (id, Arc::new(calendar)))
        .collect())
}

/// Gives calendars their own rules, and gives those of overlays.
fn enter_rules(
    rules: &[Row],
    calendars: &mut HashMap<Uuid, Calendar>,
) -> Result<HashMap<Uuid, Vec<Rule>>, Error> {
    let mut of_overlay: HashMap<Uuid, Vec<Rule>> = HashMap::new();
    for row in rules {
        let rule = rule(row)?;
        match row.try_get::<_, Option<Uuid>>(2)? {
            Some(overlay) => of_overlay.entry(overlay).or_default().push(rule),
            None => {
                if let Some(calendar) = calendars.get_mut(&row.try_get::<_, Uuid>(1)?) {
                    calendar.rules.push(rule);
                }
            }
        }
    }
    Ok(of_overlay)
}

fn enter_overlays(
    overlays: &[Row],
    mut rules: HashMap<Uuid, Vec<Rule>>,
    calendars: &mut HashMap<Uuid, Calendar>,
) -> Result<(), Error> {
    for row in overlays {
        let id = row.try_get(0)?;
        let overlay = Overlay {
            id,
            effect: OverlayEffect::of(row.try_get(2)?),
            priority: row.try_get(3)?,
            days: DayRange {
                starts_on: row.try_get(4)?,
                ends_on: row.try_get(5)?,
            },
            rules: rules.remove(&id).unwrap_or_default(),
        };
        if let Some(calendar) = calendars.get_mut(&row.try_get::<_, Uuid>(1)?) {
            calendar.overlays.push(overlay);
        }
    }
    Ok(())
}

fn rule(row: &Row) -> Result<Rule, Error> {
    // 24:00 is a time to PostgreSQL but none to Rust, so times come in seconds.
    let second = |index: usize| -> Result<Option<u32>, Error> {
        let second: Option<i32> = row.try_get(index)?;
        Ok(second.and_then(|second| u32::try_from(second).ok()))
    };
    let times = second(6)?.zip(second(7)?);
    let crosses_midnight = row.try_get(8)?;
    Ok(Rule {
        id: row.try_get(0)?,
        effect: RuleEffect::of(row.try_get(3)?),
        priority: row.try_get(4)?,
        recurrence: row.try_get(5)?,
        times: times.map(|(start, end)| Times {
            start,
            end,
            crosses_midnight,
        }),
        days: DayRange {
            starts_on: row.try_get(9)?,
            ends_on: row.try_get(10)?,
        },
        capacity_delta: row.try_get(11)?,
        price_rule_id: row.try_get(12)?,
    })
}

/// What is read of a location itself.
pub(super) struct Place {
    pub(super) zone: Tz,
    pub(super) cutoff: NaiveTime,
    pub(super) booking_cutoff: Option<NaiveTime>,
    pub(super) is_active: bool,
}

const PLACES: &str = "select l.id, l.timezone, l.business_day_cutoff, l.booking_cutoff_time, l.status = 'active' \
    from core.locations l where l.biz_id = $1 and l.id = any ($2::uuid[])";

/// Locations by their ids.
pub(super) async fn places(scope: &Scope, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Place>, Error> {
    let rows = scope
        .query(PLACES, &[scope.biz_id().into(), ids.into()])
        .await?;
    let place = |row: &Row| {
        let place = Place {
            zone: row.try_get::<_, &str>(1)?.parse().unwrap_or(Tz::UTC),
            cutoff: row.try_get(2)?,
            booking_cutoff: row.try_get(3)?,
            is_active: row.try_get(4)?,
        };
        Ok((row.try_get(0)?, place))
    };
    rows.iter().map(place).collect()
}
