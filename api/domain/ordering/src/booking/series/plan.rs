//! What is to become of the bookings of a series that is changed, and which of them can be moved.

use chrono::{DateTime, NaiveTime, Utc};
use uuid::Uuid;

use super::SeriesScope;
use super::locked::Series;
use super::rules::{free, window};
use crate::booking::judged::{known, sold_as};
use crate::booking::locked::Locked;
use crate::booking::moves::Window;
use crate::booking::taken::{Taken, taken};
use foundation::database::Error;
use foundation::graph::verb::{Act, Fault};
use scheduling::availability::rules::local_day;
use scheduling::availability::search::direct::{Direct, Use};
use scheduling::availability::store::lock_resources;

/// What is to become of one booking.
pub(super) struct Plan {
    pub order: Locked,
    pub at: DateTime<Utc>,
    pub from: Taken,
    pub service: Window,
    pub blocked: Window,
    pub resource_id: Uuid,
}

/// What is to become of the bookings; and those that were moved by themselves before, and stay.
pub(super) async fn plans(
    act: &Act<'_>,
    series: &Series,
    orders: Vec<Locked>,
    (start, minutes): (NaiveTime, i32),
    resource: Option<Uuid>,
    scope: SeriesScope,
) -> Result<(Vec<Plan>, Vec<Locked>), Error> {
    let ids: Vec<Uuid> = orders.iter().map(|order| order.id).collect();
    let held = taken(act.scope, &ids).await?;
    let (mut plans, mut kept) = (Vec::new(), Vec::new());
    for order in orders {
        let Some((_, at)) = order.series else {
            continue;
        };
        let was_moved = order.starts_at != at && scope != SeriesScope::This;
        let mut own = held.iter().filter(|taken| taken.order_id == order.id);
        let main = own.find(|taken| taken.resource_id.is_some());
        let (false, Some(from)) = (was_moved, main) else {
            kept.push(order);
            continue;
        };
        let service = window(series.zone, local_day(series.zone, at), start, minutes);
        let buffers = (
            from.service.0 - from.blocked.0,
            from.blocked.1 - from.service.1,
        );
        plans.push(Plan {
            at,
            service,
            blocked: (service.0 - buffers.0, service.1 + buffers.1),
            resource_id: resource.or(from.resource_id).unwrap_or_default(),
            from: from.clone(),
            order,
        });
    }
    Ok((plans, kept))
}

/// What can be had of what is to become of them.
pub(super) struct Possible {
    /// Which of the plans.
    pub can: Vec<bool>,
    /// What those of the series take that stay where they are.
    pub stay: Vec<Window>,
    /// What is known of the resource.
    pub direct: Direct,
}

impl Plan {
    /// The use that it comes to.
    pub(super) fn usage(&self) -> Use {
        Use {
            resource_id: self.resource_id,
            service: self.service,
            blocked: self.blocked,
        }
    }
}

/// Which of them can be had: as the search has it, free of others, and of those of the series that
/// stay where they are.
pub(super) async fn possible<P>(act: &Act<'_>, plans: &[Plan]) -> Result<Possible, Fault<P>> {
    let Some(first) = plans.first() else {
        return Err(Fault::not_found("series"));
    };
    let resources: Vec<Uuid> = plans
        .iter()
        .flat_map(|plan| [Some(plan.resource_id), plan.from.resource_id])
        .flatten()
        .collect();
    lock_resources(act.scope, &resources).await?;
    let uses: Vec<Use> = plans.iter().map(Plan::usage).collect();
    let moving = plans.iter().map(|plan| plan.order.id).collect();
    let sold = sold_as(act.scope, first.order.id).await?;
    let direct = known(act, &first.order, moving, (sold, &uses)).await?;
    let wanted: Vec<Window> = plans.iter().map(|plan| plan.blocked).collect();
    // Whoever cannot move stays, and may be in the way of another who could: until none more is.
    let mut can: Vec<bool> = uses.iter().map(|usage| direct.is_free(usage)).collect();
    loop {
        let stays = |(plan, can): (&Plan, &bool)| {
            let is_there = !can && plan.from.resource_id == Some(plan.resource_id);
            is_there.then_some(plan.from.blocked)
        };
        let stay: Vec<Window> = plans.iter().zip(&can).filter_map(stays).collect();
        let left = free(&stay, &wanted, |index| can[index]);
        if left == can {
            return Ok(Possible { can, stay, direct });
        }
        can = left;
    }
}
