//! Nights and days at a place, whatever is sold by them: a place that is blocked sells none of the
//! nights that the block touches, and one whose calendars keep it closed all day receives nobody and
//! nothing. Who stays already stays on over such a day; goods come and go when somebody is there.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::super::calendar::span::Span;
use super::super::rules::{Night, day_start, local_day, wall_time};
use super::blocker::{Blocker, Kind, Remedy, Thing};
use super::load;
use super::wanted::Refusal;
use super::world::PlaceTime;
use foundation::database::{Error, Scope};

/// What stands in the way of a night.
#[derive(Clone, Debug)]
pub struct Closed {
    /// The local day on whose evening it begins.
    pub on: NaiveDate,
    /// What it is.
    pub blocker: Blocker,
}

const ANYTHING: &str = "select exists (select from availability.blocks b \
      where b.biz_id = $1 and b.location_id = $2 and b.status = 'active' and b.starts_at < $4 and b.ends_at > $3) \
    or $5 and exists (select from availability.calendar_bindings c \
      where c.biz_id = $1 and c.subject_type = 'Location' and c.subject_id = $2 and c.deleted_at is null)";

/// Whether the place follows a calendar, where that matters, or is blocked at all: most are not.
async fn has_anything(
    scope: &Scope,
    location_id: Uuid,
    range: &Span,
    with_calendars: bool,
) -> Result<bool, Error> {
    let values = [
        scope.biz_id().into(),
        location_id.into(),
        range.start.into(),
        range.end.into(),
        with_calendars.into(),
    ];
    let row = scope.query_opt(ANYTHING, &values).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?.unwrap_or(false))
}

/// The days on which the place must be open for goods that are stored: when they are brought, and the
/// last day, when they are fetched.
pub fn handed(days: &[Night]) -> Vec<NaiveDate> {
    let ends = [days.first(), days.last()];
    let mut handed: Vec<NaiveDate> = ends.into_iter().flatten().map(|day| day.on).collect();
    handed.dedup();
    handed
}

/// What the place has against these nights, in order: first against the days on which it is to receive
/// somebody, or something.
pub async fn closed(
    scope: &Scope,
    location_id: Uuid,
    nights: &[Night],
    received: &[NaiveDate],
) -> Result<Vec<Closed>, Error> {
    let (Some(first), Some(last)) = (nights.first(), nights.last()) else {
        return Ok(Vec::new());
    };
    let range = Span::new(first.starts_at, last.ends_at);
    if !has_anything(scope, location_id, &range, !received.is_empty()).await? {
        return Ok(Vec::new());
    }
    let places = places(scope, vec![location_id], range).await?;
    let Some(place) = places.get(&location_id) else {
        return Ok(Vec::new());
    };
    let of_received = received.iter().flat_map(|on| {
        let on = *on;
        let against = against_arrival(place, on);
        against
            .into_iter()
            .map(move |blocker| Closed { on, blocker })
    });
    let of_nights = nights.iter().flat_map(|night| {
        let blocks = blocks(place, night).into_iter();
        blocks.map(move |blocker| Closed {
            on: night.on,
            blocker,
        })
    });
    Ok(of_received.chain(of_nights).collect())
}

/// Places over a time, and the days around it.
pub(super) async fn places(
    scope: &Scope,
    ids: Vec<Uuid>,
    range: Span,
) -> Result<HashMap<Uuid, PlaceTime>, Error> {
    let day = chrono::TimeDelta::days(2);
    let found = load::places(scope, ids, range.widened(day, day)).await;
    found.map_err(|refusal| match refusal {
        Refusal::Database(error) => error,
        Refusal::NotFound(_) | Refusal::Wrong { .. } => Error::Internal(refusal.to_string()),
    })
}

/// What keeps a place closed all through a local day: nothing where it is open for some of it.
pub(super) fn against_arrival(place: &PlaceTime, on: NaiveDate) -> Vec<Blocker> {
    let day = whole(place.zone, on);
    if place.hours.open.iter().any(|span| span.overlaps(&day)) {
        return Vec::new();
    }
    let causes = place.hours.in_the_way(day).into_iter();
    causes.map(|cause| Blocker::closed(cause, day)).collect()
}

/// What blocks the place on some of a night.
pub(super) fn blocks(place: &PlaceTime, night: &Night) -> Vec<Blocker> {
    let whole = Span::new(night.starts_at, night.ends_at);
    let blocks = place.blocks.during(&whole);
    blocks.map(super::world::Busy::blocker).collect()
}

/// That a night has passed; or is today's, after the hour until which the place takes bookings for
/// the same day.
pub(super) fn too_late(
    (place, location_id): (&PlaceTime, Uuid),
    (on, is_arrival): (NaiveDate, bool),
    now: DateTime<Utc>,
) -> Option<Blocker> {
    let here = wall_time(place.zone, now);
    let today = local_day(place.zone, now);
    let cutoff = place.booking_cutoff.filter(|_| is_arrival && on == today);
    let is_past_cutoff = cutoff.is_some_and(|cutoff| here.time() > cutoff);
    (on < today || is_past_cutoff).then(|| {
        let thing = Thing::Location(location_id);
        let span = whole(place.zone, on);
        Blocker::new(Kind::Notice, thing, span, Remedy::ChangeLocation)
    })
}

fn whole(zone: Tz, on: NaiveDate) -> Span {
    let next = on.checked_add_days(Days::new(1)).unwrap_or(on);
    Span::new(day_start(zone, on), day_start(zone, next))
}
