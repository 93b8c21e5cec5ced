//! Other days, for whoever is refused some: as many nights of a room type, or days of a hall, nearest to
//! those that were asked for and judged as a search judges them.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::super::calendar::span::Span;
use super::super::rules::{Night, local_day, nights};
use super::alternatives::{BookingAlternative, MOST};
use super::nights::{against_arrival, blocks, handed, places, too_late};
use super::world::PlaceTime;
use foundation::database::{Error, Scope};
use foundation::graph::scalars::Instant;

/// How many days away others are looked for.
const DAYS: u64 = 14;

/// What was asked for.
#[derive(Clone, Debug)]
pub struct OfPool {
    /// The pool.
    pub pool_id: Uuid,
    /// The first day, and the first that is not taken any more.
    pub days: (NaiveDate, NaiveDate),
    /// How many units.
    pub units: i32,
    /// Whether somebody stays; else something is stored, which is brought and fetched.
    pub is_stay: bool,
    /// Whether days that nobody has asked for yet can be had, too.
    pub makes_slots: bool,
    /// What these orders take is free to them.
    pub order_ids: Vec<Uuid>,
}

const POOL: &str = "select p.location_id, l.timezone, p.capacity + p.overbook_limit from availability.capacity_pools p \
    join core.locations l on l.biz_id = $1 and l.id = p.location_id \
    where p.biz_id = $1 and p.id = $2";

const SLOTS: &str = "select s.business_date, \
      case when s.status = 'open' then s.capacity + s.overbook_limit - s.held - s.occupied + coalesce(back.units, 0) else 0 end \
    from availability.slots s \
    left join lateral ( \
      select sum(a.units)::integer as units from availability.allocations a \
      where a.biz_id = $1 and a.slot_id = s.id and a.status in ('hold', 'firm') \
        and (a.source_id = any ($5::uuid[]) or (a.status = 'hold' and a.expires_at <= clock_timestamp()))) back \
      on s.held > 0 or cardinality($5::uuid[]) > 0 \
    where s.biz_id = $1 and s.pool_id = $2 and s.business_date >= $3 and s.business_date < $4";

/// The nearest other days on which as many units can be had for as long; none where the pool is gone.
pub async fn of_pool(scope: &Scope, asked: &OfPool) -> Result<Vec<BookingAlternative>, Error> {
    let (from, to) = asked.days;
    let (Some(first), Some(last)) = (
        from.checked_sub_days(Days::new(DAYS)),
        to.checked_add_days(Days::new(DAYS)),
    ) else {
        return Ok(Vec::new());
    };
    let values = [
        scope.biz_id().into(),
        asked.pool_id.into(),
        first.into(),
        last.into(),
        asked.order_ids.clone().into(),
    ];
    let Some(pool) = scope.query_opt(POOL, &values[..2]).await? else {
        return Ok(Vec::new());
    };
    let location_id: Uuid = pool.try_get(0)?;
    let zone: Tz = pool.try_get::<_, &str>(1)?.parse().unwrap_or(Tz::UTC);
    let mut left = HashMap::new();
    for row in scope.query(SLOTS, &values).await? {
        left.insert(row.try_get(0)?, row.try_get(1)?);
    }
    let Ok(all) = nights(zone, first, last) else {
        return Ok(Vec::new());
    };
    let (Some(start), Some(end)) = (all.first(), all.last()) else {
        return Ok(Vec::new());
    };
    let range = Span::new(start.starts_at, end.ends_at);
    let places = places(scope, vec![location_id], range).await?;
    let Some(place) = places.get(&location_id) else {
        return Ok(Vec::new());
    };
    let around = Around {
        all: &all,
        left: &left,
        capacity: if asked.makes_slots {
            pool.try_get(2)?
        } else {
            0
        },
        place: (place, location_id),
        now: scope.now(),
    };
    Ok(around.nearest(asked))
}

/// The days around those that were asked for.
struct Around<'a> {
    all: &'a [Night],
    /// How many units are left on days that somebody has asked for before.
    left: &'a HashMap<NaiveDate, i32>,
    /// How many are left on the others.
    capacity: i32,
    place: (&'a PlaceTime, Uuid),
    now: DateTime<Utc>,
}

impl Around<'_> {
    fn nearest(&self, asked: &OfPool) -> Vec<BookingAlternative> {
        let (from, to) = asked.days;
        let length = usize::try_from((to - from).num_days()).unwrap_or(usize::MAX);
        let distance = |days: &&[Night]| {
            let days = days.first().map_or(0, |first| (first.on - from).num_days());
            (days.abs(), days)
        };
        let today = local_day(self.place.0.zone, self.now);
        let windows = self.all.windows(length.max(1));
        let others = windows.filter(|days| {
            days.first()
                .is_some_and(|first| first.on != from && first.on >= today)
        });
        let mut others: Vec<&[Night]> = others.filter(|days| self.is_free(days, asked)).collect();
        others.sort_by_key(distance);
        let told = others.into_iter().take(MOST).filter_map(|days| {
            Some(BookingAlternative {
                starts_at: Instant(days.first()?.starts_at),
                ends_at: Instant(days.last()?.ends_at),
                resource_ids: Vec::new(),
                slot_id: None,
            })
        });
        told.collect()
    }

    fn is_free(&self, days: &[Night], asked: &OfPool) -> bool {
        let place = self.place.0;
        let has_room = |night: &Night| {
            let left = self.left.get(&night.on).unwrap_or(&self.capacity);
            *left >= asked.units && blocks(place, night).is_empty()
        };
        let received = if asked.is_stay {
            days.first().iter().map(|first| first.on).collect()
        } else {
            handed(days)
        };
        let receives = |on: &NaiveDate| {
            against_arrival(place, *on).is_empty()
                && too_late(self.place, (*on, true), self.now).is_none()
        };
        days.iter().all(has_room) && received.iter().all(receives)
    }
}
