//! `bookingReinstate`.

use std::collections::BTreeMap;

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, TimeDelta, Utc};
use entities::booking::booking_order;
use uuid::Uuid;

use super::booking_policy::of_order;
use super::locked::{Locked, lock};
use super::rules::Move;
use super::taken::{Taken, given_up};
use foundation::database::{Error, Scope};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use scheduling::availability::rules::{Night, wall_time};
use scheduling::availability::store::{
    CLOSED, Claim, SOLD_OUT, TAKEN, Take, claim, lock_resources, take,
};

const PERMISSION: &str = "booking.no_show";

type Problem = BookingReinstateProblem;

/// Takes back that a customer did not come, while the grace of the booking policy lasts: what is
/// left of its time is taken again, if nobody else has it by now, and its work is planned anew.
#[derive(InputObject)]
pub struct BookingReinstateInput {
    /// The booking.
    pub id: Id<booking_order::Entity>,
    /// Why it is taken back.
    #[graphql(validator(max_length = 2000))]
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a booking cannot be reinstated.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BookingReinstateErrorCode")]
pub enum BookingReinstateProblem {
    /// A reason must be given.
    ReasonRequired,
    /// The booking is not marked as no-show.
    WrongStatus,
    /// Its grace is over, or its time is.
    TooLate,
    /// Somebody else has booked its places by now.
    SoldOut,
    /// Somebody else has booked its resource by now.
    SlotTaken,
}

/// The verb.
pub struct BookingReinstate;

impl Verb for BookingReinstate {
    type Input = BookingReinstateInput;
    type Problem = BookingReinstateProblem;

    const NAME: &'static str = "bookingReinstate";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.reinstated");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "bookingOrder",
        "BookingOrder",
        "The booking as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, BookingReinstateProblem)] = &[
        (SOLD_OUT, Problem::SoldOut),
        (CLOSED, Problem::SoldOut),
        (TAKEN, Problem::SlotTaken),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let order = lock(act, PERMISSION, input.id.uuid(), input.expected_version).await?;
        order.allow(Move::Reinstate, Problem::WrongStatus)?;
        let until = until(act.scope, &order).await?;
        if act.scope.now() >= until {
            let message = format!(
                "The booking could be taken back until {}, local time.",
                wall_time(order.zone, until).format("%F %R")
            );
            return Err(Fault::at(Problem::TooLate, "id", message));
        }
        take_again(act.scope, &order).await?;
        act.scope.set_reason(reason).await?;
        resume(act.scope, order.id).await?;
        Ok(Outcome::row("bookingOrder", order.id)
            .detail("location_id", order.location_id.to_string()))
    }
}

const MARKED: &str = "select h.occurred_at from core.status_history h \
    where h.biz_id = $1 and h.subject_type = 'BookingOrder' and h.subject_id = $2 and h.to_status = 'no_show' \
    order by h.occurred_at desc, h.id desc limit 1";

/// Until when it can be taken back: so long after it was marked as the policy says, and until it
/// ends at the latest.
async fn until(scope: &Scope, order: &Locked) -> Result<DateTime<Utc>, Error> {
    let values = [scope.biz_id().into(), order.id.into()];
    let (policy, marked) = futures_util::try_join!(
        of_order(scope, order.location_id, order.id),
        scope.query_opt(MARKED, &values)
    )?;
    let marked: Option<DateTime<Utc>> = marked.map(|row| row.try_get(0)).transpose()?;
    let grace = policy
        .no_show_grace_minutes
        .map(|minutes| TimeDelta::minutes(minutes.into()));
    Ok(match marked.zip(grace) {
        Some((marked, grace)) => (marked.max(order.starts_at) + grace).min(order.ends_at),
        None => order.ends_at,
    })
}

/// Takes again what it gave up, as far as that is not over.
async fn take_again(scope: &Scope, order: &Locked) -> Result<(), Error> {
    let now = scope.now();
    let lost: Vec<Taken> = given_up(scope, &[order.id], "no_show")
        .await?
        .into_iter()
        .filter(|taken| taken.service.1 > now)
        .collect();
    let takes: Vec<Take> = lost
        .iter()
        .filter_map(|taken| {
            Some(Take {
                order_id: order.id,
                hold_id: None,
                resource_id: taken.resource_id?,
                service: taken.service,
                blocked: taken.blocked,
            })
        })
        .collect();
    let resources: Vec<Uuid> = takes.iter().map(|take| take.resource_id).collect();
    lock_resources(scope, &resources).await?;
    if !takes.is_empty() {
        take(scope, &takes).await?;
    }
    let mut nights: BTreeMap<(Uuid, i32), Vec<Night>> = BTreeMap::new();
    for taken in &lost {
        if let Some((_, Some(pool_id), on)) = taken.slot {
            nights
                .entry((pool_id, taken.units))
                .or_default()
                .push(Night {
                    on,
                    starts_at: taken.service.0,
                    ends_at: taken.service.1,
                });
        }
    }
    let claims: Vec<Claim<'_>> = nights
        .iter()
        .map(|((pool_id, units), nights)| Claim {
            order_id: order.id,
            hold_id: None,
            pool_id: *pool_id,
            units: *units,
            nights,
        })
        .collect();
    claim(scope, &claims).await
}

const CONFIRM: &str =
    "update booking.booking_orders o set status = 'confirmed' where o.biz_id = $1 and o.id = $2";
const REPLAN: &str = "update booking.fulfillment_units f set status = $3 \
    from booking.booking_order_lines l \
    where f.biz_id = $1 and l.biz_id = $1 and l.order_id = $2 and l.voided_at is null and f.order_line_id = l.id \
      and f.status = $4 and ($3 = 'planned' or not booking.is_work_unmet($1, f.id))";
const REASSIGN: &str = "insert into booking.fulfillment_assignments (biz_id, id, unit_id, resource_id, allocation_id, role, \
      status, accepted_at) \
    select $1, core.uuid_v7(), f.id, a.resource_id, a.id, t.kind, 'accepted', $3 \
    from booking.booking_order_lines l \
    join booking.fulfillment_units f on f.biz_id = $1 and f.order_line_id = l.id and f.status = 'assigned' \
    join availability.allocations a on a.biz_id = $1 and a.source_type = 'BookingOrder' and a.source_id = $2 \
      and a.status = 'firm' and a.resource_id is not null \
    join resources.resources r on r.biz_id = $1 and r.id = a.resource_id \
    join resources.resource_types t on t.biz_id = $1 and t.id = r.type_id \
    where l.biz_id = $1 and l.order_id = $2 and l.voided_at is null \
    on conflict do nothing";

/// Makes the order firm, and its work due again: it goes the way that new work goes.
async fn resume(scope: &Scope, order_id: Uuid) -> Result<(), Error> {
    let (biz, id) = (scope.biz_id(), order_id);
    scope.execute(CONFIRM, &[biz.into(), id.into()]).await?;
    for (from, to) in [
        ("failed", "planned"),
        ("planned", "ready"),
        ("ready", "assigned"),
    ] {
        let values = [biz.into(), id.into(), to.into(), from.into()];
        scope.execute(REPLAN, &values).await?;
    }
    let values = [biz.into(), id.into(), scope.now().into()];
    scope.execute(REASSIGN, &values).await.map(drop)
}
