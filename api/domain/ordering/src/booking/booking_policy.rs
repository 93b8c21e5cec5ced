//! The rules by which a location or an offer takes bookings: who must approve them, how often and
//! until when they may be moved, for how long a missed one can be taken back.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use foundation::database::{Error, Scope};
use scheduling::availability::rules::{Edge, instant_of, wall_time};

/// The rules that hold for an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookingPolicy {
    /// Whether a booking is confirmed at once, or waits for approval.
    pub auto_confirm: bool,
    /// After how many minutes a booking that nobody approved expires; none means when it begins.
    pub approval_timeout_minutes: Option<i32>,
    /// For how many minutes places are kept while a customer books.
    pub hold_minutes: i32,
    /// How many minutes after its start a booking counts as missed, and for how many more it can
    /// be taken back; none means that it counts at once, and can be taken back until it ends.
    pub no_show_grace_minutes: Option<i32>,
    /// How often a customer may move a booking; none means any number.
    pub reschedule_limit: Option<i32>,
    /// How many minutes before its start a customer may move it at the latest.
    pub reschedule_cutoff_minutes: i32,
    /// How many bookings a customer may have ahead at the same time; none means any number.
    pub max_active_per_customer: Option<i32>,
    /// Whether what a booking costs may be split among those who take part.
    pub is_group_split_allowed: bool,
}

impl Default for BookingPolicy {
    /// What holds where nobody has said anything.
    fn default() -> Self {
        Self {
            auto_confirm: true,
            approval_timeout_minutes: None,
            hold_minutes: 15,
            no_show_grace_minutes: None,
            reschedule_limit: None,
            reschedule_cutoff_minutes: 0,
            max_active_per_customer: None,
            is_group_split_allowed: true,
        }
    }
}

/// Why a customer may not move a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotMovable {
    /// It was moved so often already.
    TooOften(i32),
    /// It could be moved until this instant.
    TooLate(DateTime<Utc>),
}

impl BookingPolicy {
    /// Whether a customer may move, now, a booking that was moved so many times before.
    pub fn may_move(
        &self,
        moves: i64,
        (zone, starts_at): (Tz, DateTime<Utc>),
        now: DateTime<Utc>,
    ) -> Result<(), NotMovable> {
        if let Some(limit) = self.reschedule_limit
            && moves >= i64::from(limit)
        {
            return Err(NotMovable::TooOften(limit));
        }
        let cutoff = minutes_before(zone, starts_at, self.reschedule_cutoff_minutes);
        if now < cutoff {
            Ok(())
        } else {
            Err(NotMovable::TooLate(cutoff))
        }
    }

    /// For how many minutes a booking waits for approval: as the policy says, and not beyond its
    /// start.
    pub fn approval_minutes(&self, starts_at: DateTime<Utc>, now: DateTime<Utc>) -> i32 {
        let until_start = i32::try_from((starts_at - now).num_minutes()).unwrap_or(i32::MAX);
        let most = self.approval_timeout_minutes.unwrap_or(i32::MAX);
        until_start.min(most).max(1)
    }
}

/// The instant so many minutes before another by the clocks of the zone: a day before 10:00 is
/// 10:00, whatever the clocks did in between. A repeated hour is the customer's.
pub fn minutes_before(zone: Tz, instant: DateTime<Utc>, minutes: i32) -> DateTime<Utc> {
    let local = wall_time(zone, instant).checked_sub_signed(TimeDelta::minutes(minutes.into()));
    local
        .map_or(DateTime::UNIX_EPOCH, |local| {
            instant_of(zone, local, Edge::End)
        })
        .min(instant)
}

const FIND: &str = "select p.auto_confirm, p.approval_timeout_minutes, p.hold_minutes, p.no_show_grace_minutes, \
      p.reschedule_limit, p.reschedule_cutoff_minutes, p.max_active_per_customer, p.is_group_split_allowed \
    from booking.booking_policies p \
    where p.biz_id = $1 and p.deleted_at is null and (p.location_id is null or p.location_id = $2) \
      and (p.offer_id is null or p.offer_id in ( \
        select v.offer_id from catalog.offer_versions v \
        where v.biz_id = $1 and v.id in ( \
          select s.ref_id from catalog.sellables s where s.biz_id = $1 and s.id = $3 and s.ref_type = 'OfferVersion' \
          union all \
          select l.offer_version_id from booking.booking_order_lines l \
          where l.biz_id = $1 and l.order_id = $4 and l.voided_at is null))) \
    order by p.offer_id is null, p.location_id is null limit 1";

/// The policy that holds for what is sold at a location: the most telling of those there are.
pub async fn of_sale(
    scope: &Scope,
    location_id: Uuid,
    sellable_id: Option<Uuid>,
) -> Result<BookingPolicy, Error> {
    find(scope, location_id, sellable_id, None).await
}

/// The policy that holds for an order.
pub async fn of_order(
    scope: &Scope,
    location_id: Uuid,
    order_id: Uuid,
) -> Result<BookingPolicy, Error> {
    find(scope, location_id, None, Some(order_id)).await
}

async fn find(
    scope: &Scope,
    location_id: Uuid,
    sellable_id: Option<Uuid>,
    order_id: Option<Uuid>,
) -> Result<BookingPolicy, Error> {
    let values = [
        scope.biz_id().into(),
        location_id.into(),
        sellable_id.into(),
        order_id.into(),
    ];
    let Some(row) = scope.query_opt(FIND, &values).await? else {
        return Ok(BookingPolicy::default());
    };
    Ok(BookingPolicy {
        auto_confirm: row.try_get(0)?,
        approval_timeout_minutes: row.try_get(1)?,
        hold_minutes: row.try_get(2)?,
        no_show_grace_minutes: Some(row.try_get(3)?),
        reschedule_limit: row.try_get(4)?,
        reschedule_cutoff_minutes: row.try_get(5)?,
        max_active_per_customer: row.try_get(6)?,
        is_group_split_allowed: row.try_get(7)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISBON: Tz = Tz::Europe__Lisbon;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_cut_off_is_on_the_wall_clock_also_across_a_change_of_clocks() {
        // Clocks go forward in the night before the start at 15:00 in Lisbon.
        let start = at("2026-03-29T14:00:00Z");
        assert_eq!(
            minutes_before(LISBON, start, 24 * 60),
            at("2026-03-28T15:00:00Z")
        );
        let policy = BookingPolicy {
            reschedule_cutoff_minutes: 24 * 60,
            ..BookingPolicy::default()
        };
        let may = |now: &str| policy.may_move(0, (LISBON, start), at(now));
        assert_eq!(may("2026-03-28T14:59:59Z"), Ok(()));
        assert_eq!(
            may("2026-03-28T15:00:00Z"),
            Err(NotMovable::TooLate(at("2026-03-28T15:00:00Z")))
        );
    }

    #[test]
    fn a_booking_is_moved_as_often_as_the_policy_says() {
        let policy = BookingPolicy {
            reschedule_limit: Some(2),
            ..BookingPolicy::default()
        };
        let (start, now) = (at("2026-03-29T14:00:00Z"), at("2026-03-01T14:00:00Z"));
        assert_eq!(policy.may_move(1, (LISBON, start), now), Ok(()));
        assert_eq!(
            policy.may_move(2, (LISBON, start), now),
            Err(NotMovable::TooOften(2))
        );
    }

    #[test]
    fn nothing_waits_for_approval_beyond_its_start() {
        let policy = BookingPolicy {
            approval_timeout_minutes: Some(60),
            ..BookingPolicy::default()
        };
        let now = at("2026-03-01T10:00:00Z");
        assert_eq!(policy.approval_minutes(at("2026-03-02T10:00:00Z"), now), 60);
        assert_eq!(policy.approval_minutes(at("2026-03-01T10:30:00Z"), now), 30);
        assert_eq!(policy.approval_minutes(at("2026-03-01T09:00:00Z"), now), 1);
    }
}
