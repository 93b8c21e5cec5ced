//! Pools that are shared by time and taken without an offer: judged by the same functions as those that
//! a search lists.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::super::calendar::span::Span;
use super::alternatives::{BookingAlternative, nearby};
use super::blocker::Reason;
use super::direct::{Asked, Window, nothing};
use super::judge::{Depth, Judge, Times};
use super::load;
use super::offer::Offer;
use super::wanted::Wanted;
use super::world::World;
use foundation::database::{Error, Scope};
use foundation::graph::scalars::Instant;

/// By how much more is known than what is judged: other times on the same day are looked for.
const MARGIN: TimeDelta = TimeDelta::days(2);

/// What is known of a pool, to judge times of it.
#[derive(Debug)]
pub struct Pooled {
    now: DateTime<Utc>,
    pool_id: Uuid,
    wanted: Wanted,
    offer: Offer,
    world: World,
}

impl Pooled {
    /// Reads what has to be known to judge a time, and others on the same day.
    pub async fn load(
        scope: &Scope,
        asked: Asked,
        pool_id: Uuid,
        blocked: Window,
    ) -> Result<Self, Error> {
        let wanted = Wanted {
            location_id: Some(asked.location_id),
            party_size: asked.party_size,
            shopper: asked.shopper,
            by_staff: asked.by_staff,
            ..Wanted::of(Uuid::nil())
        };
        let range = Span::new(blocked.0, blocked.1).widened(MARGIN, MARGIN);
        let place = (pool_id, asked.location_id);
        let world = load::pool(scope, place, &wanted.shopper, range).await?;
        Ok(Self {
            now: scope.now(),
            pool_id,
            wanted,
            offer: nothing(),
            world,
        })
    }

    /// Other times on the same day at which so many units can be had for as long.
    pub fn others(&self, service: Window, blocked: Window) -> Vec<BookingAlternative> {
        let zone = self.world.places.values().next();
        let zone = zone.map_or(chrono_tz::Tz::UTC, |place| place.zone);
        let later = |(start, end): Window, by: TimeDelta| (start + by, end + by);
        let is_free = |to| {
            let by = to - service.0;
            self.refusal(later(service, by), later(blocked, by))
                .is_none()
        };
        let starts = nearby(zone, service.0, self.now, is_free).into_iter();
        let told = starts.map(|to| BookingAlternative {
            starts_at: Instant(to),
            ends_at: Instant(to + (service.1 - service.0)),
            resource_ids: Vec::new(),
            slot_id: None,
        });
        told.collect()
    }

    /// Why so many units are refused at a time; nothing where they are not.
    pub fn refusal(&self, service: Window, blocked: Window) -> Option<Reason> {
        let times = Times {
            service: Span::new(service.0, service.1),
            blocked: Span::new(blocked.0, blocked.1),
        };
        let judge = Judge {
            offer: &self.offer,
            world: &self.world,
            wanted: &self.wanted,
            now: self.now,
        };
        let mut blockers = judge.of_booking(&times, self.wanted.location_id, Depth::First);
        blockers.extend(judge.of_pool(self.pool_id, self.wanted.party_size, &times, Depth::First));
        blockers.first().map(|blocker| blocker.kind.reason())
    }
}
