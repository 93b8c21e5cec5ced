//! What is to become of the bookings of a series that is changed, and which of them can be moved.

use chrono::{DateTime, NaiveTime, Utc};
use uuid::Uuid;

use super::SeriesScope;
use super::locked::Series;
use super::rules::{free, window};
use super::store::{busy, span};
use crate::database::Error;
use crate::domain::availability::rules::local_day;
use crate::domain::availability::store::lock_resources;
use crate::domain::booking::locked::Locked;
use crate::domain::booking::moves::Window;
use crate::domain::booking::taken::{Taken, taken};
use crate::graph::verb::Act;

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

/// Which of them can be had: free of others, and of those of the series that stay where they are.
/// With it, when the resource is busy otherwise.
pub(super) async fn possible(
    act: &Act<'_>,
    plans: &[Plan],
) -> Result<(Vec<bool>, Vec<Window>), Error> {
    let Some(first) = plans.first() else {
        return Ok((Vec::new(), Vec::new()));
    };
    let mut resources: Vec<Uuid> = plans
        .iter()
        .filter_map(|plan| plan.from.resource_id)
        .collect();
    resources.push(first.resource_id);
    lock_resources(act.scope, &resources).await?;
    let wanted: Vec<Window> = plans.iter().map(|plan| plan.blocked).collect();
    let own: Vec<Uuid> = plans.iter().map(|plan| plan.order.id).collect();
    let others = busy(act.scope, first.resource_id, span(&wanted), own).await?;
    // Whoever cannot move stays, and may be in the way of another who could: until none more is.
    let mut can = vec![true; plans.len()];
    loop {
        let mut taken = others.clone();
        for (plan, can) in plans.iter().zip(&can) {
            if !can && plan.from.resource_id == Some(plan.resource_id) {
                taken.push(plan.from.blocked);
            }
        }
        let movable: Vec<usize> = (0..plans.len()).filter(|index| can[*index]).collect();
        let windows: Vec<Window> = movable.iter().map(|index| wanted[*index]).collect();
        let free = free(&taken, &windows);
        let stuck: Vec<usize> = movable
            .iter()
            .zip(&free)
            .filter(|(_, free)| !**free)
            .map(|(index, _)| *index)
            .collect();
        if stuck.is_empty() {
            return Ok((can, taken));
        }
        for index in stuck {
            can[index] = false;
        }
    }
}
