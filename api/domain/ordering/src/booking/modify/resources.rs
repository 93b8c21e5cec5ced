//! Resources that added lines take: judged as a search judges those that it lists.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{BookingModifyInput, Checked, Problem};
use crate::booking::judged::{known, overruled};
use crate::booking::lines::NewLine;
use crate::booking::locked::Locked;
use crate::booking::record_offer::overrule;
use foundation::graph::verb::{Act, Fault};
use scheduling::availability::claims::Claimant;
use scheduling::availability::search::Pick;
use scheduling::availability::search::blocker::Reason;
use scheduling::availability::search::direct::{Direct, Use};
use scheduling::availability::store::{self, Take, lock_resources};

const FIELD: &str = "addLines";

/// Takes the resources of new lines: of a confirmed booking, for good. Gives the conflicts that are
/// open for those which are taken or closed all the same.
pub(super) async fn take(
    act: &Act<'_>,
    order: &Locked,
    input: &BookingModifyInput,
    lines: &[NewLine],
) -> Checked<Vec<Uuid>> {
    let uses = uses(input, lines);
    if uses.is_empty() {
        return Ok(Vec::new());
    }
    if order.status != "confirmed" {
        let message = "A line that takes a resource is added once the booking is confirmed.";
        return Err(Fault::at(Problem::NotBookable, FIELD, message));
    }
    let (code, reason) = (Problem::OverrideRefused, input.override_reason.as_ref());
    let overruled = overruled(act, reason, order.location_id, code)?;
    let of_all = uses.values().flatten();
    let resources: Vec<Uuid> = of_all.map(|usage| usage.resource_id).collect();
    lock_resources(act.scope, &resources).await?;
    let (mut free, mut forced) = (Vec::new(), Vec::new());
    for (sellable_id, uses) in uses {
        // What is sold by the same offer is known at once; few bookings add lines of several.
        let direct = known(act, order, Vec::new(), (Some(sellable_id), &uses)).await?;
        for usage in uses {
            let usage = bookable(&direct, usage)?;
            match direct.refusal(&usage) {
                None => free.push(usage),
                Some(_) if overruled.is_some() => forced.push(usage),
                Some(reason) => return Err(refused(reason)),
            }
        }
    }
    let takes: Vec<Take> = free
        .into_iter()
        .map(|usage| Take {
            order_id: order.id,
            hold_id: None,
            resource_id: usage.resource_id,
            service: usage.service,
            blocked: usage.blocked,
        })
        .collect();
    store::take(act.scope, &takes).await?;
    let picks: Vec<Pick> = forced
        .into_iter()
        .map(|usage| Pick::of_resource(usage.resource_id, usage.service, usage.blocked))
        .collect();
    let of = Claimant {
        entity: "BookingOrder",
        id: order.id,
        hold_id: None,
    };
    match &overruled {
        Some(overruled) => Ok(overrule(act.scope, of, &picks, overruled).await?),
        None => Ok(Vec::new()),
    }
}

/// What is to be used, by as what it is sold.
fn uses(input: &BookingModifyInput, lines: &[NewLine]) -> BTreeMap<Uuid, Vec<Use>> {
    let mut uses: BTreeMap<Uuid, Vec<Use>> = BTreeMap::new();
    for (given, line) in input.add_lines.iter().flatten().zip(lines) {
        let (Some(resource), Some(time)) = (given.resource_id, line.time) else {
            continue;
        };
        uses.entry(line.sellable_id).or_default().push(Use {
            resource_id: resource.uuid(),
            service: time,
            blocked: time,
        });
    }
    uses
}

/// The use with its buffers, if the resource is here and used by one at a time.
fn bookable(direct: &Direct, usage: Use) -> Checked<Use> {
    match direct.is_exclusive(usage.resource_id) {
        Some(true) => Ok(direct.with_buffers(usage)),
        Some(false) => Err(refused(Reason::NotBookable)),
        None => Err(Fault::not_found("resource")),
    }
}

fn refused(reason: Reason) -> Fault<Problem> {
    Fault::at(reason.into(), FIELD, reason.message())
}
