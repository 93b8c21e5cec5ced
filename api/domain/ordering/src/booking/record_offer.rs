//! New orders of offers: what a search picked, whatever that is.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::judged::Overruled;
use super::new_order::{Keep, NewOrder, Outline};
use super::record::settle;
use super::rows::{self, Rows};
use super::store::plan_work;
use foundation::database::{Error, Scope, new_id};
use scheduling::availability::capacity::overrule::{Overrule, insert, open_conflict};
use scheduling::availability::claims::{Claimant, claim_picks};
use scheduling::availability::search::{Pick, Target};

/// A booking of an offer.
#[derive(Clone, Debug)]
pub struct NewOffer {
    /// What all orders have.
    pub order: NewOrder,
    /// A value of `booking.order_kind`, neither a stay nor storage.
    pub kind: &'static str,
    /// When it begins and ends, as the customer sees it.
    pub time: (DateTime<Utc>, DateTime<Utc>),
    /// How many people come.
    pub party_size: i32,
    /// What it takes, which is locked.
    pub picks: Vec<Pick>,
    /// Who takes it upon themselves that something of it is taken already, and why.
    pub overruled: Option<Overruled>,
}

/// Writes a booking of an offer, and takes what was picked for it. Says which conflicts it opened
/// in the review queue, where it overrules.
pub async fn record_offer(scope: &Scope, new: &NewOffer) -> Result<Vec<Uuid>, Error> {
    let mut rows = Rows::default();
    let order = &new.order;
    let base = order.amounts(0).base;
    let hold_id = order.write(
        &Outline {
            kind: new.kind,
            time: new.time,
            days: None,
            units: 1,
            party_size: new.party_size,
            total_minor: base,
            first_unit_minor: base,
            role: "attendee",
        },
        &mut rows,
    );
    match &order.priced {
        Some(priced) => order.write_priced(priced, Some(new.time), &mut rows),
        None => rows.lines.push(rows::Line {
            starts_at: Some(new.time.0),
            ends_at: Some(new.time.1),
            ..order.line("each", 1, base)
        }),
    }
    rows.insert(scope).await?;
    let mut conflicts = Vec::new();
    if order.keep.is_claimed() {
        let claimant = Claimant {
            entity: "BookingOrder",
            id: order.id,
            hold_id,
        };
        match &new.overruled {
            None => claim_picks(scope, claimant, &new.picks).await?,
            Some(overruled) => {
                conflicts = overrule(scope, claimant, &new.picks, overruled).await?;
            }
        }
    }
    if order.keep == Keep::Firm {
        plan_work(scope, vec![order.id]).await?;
    }
    settle(scope, std::iter::once(order)).await?;
    Ok(conflicts)
}

/// Takes resources although they may be taken, each with its item in the queue of conflicts.
pub(super) async fn overrule(
    scope: &Scope,
    of: Claimant,
    picks: &[Pick],
    (user_id, reason): &Overruled,
) -> Result<Vec<Uuid>, Error> {
    let mut conflicts = Vec::with_capacity(picks.len());
    for pick in picks {
        let Target::Resource(resource_id) = pick.target else {
            continue;
        };
        let over = Overrule {
            id: new_id(),
            resource_id,
            service: (pick.service.start, pick.service.end),
            blocked: (pick.blocked.start, pick.blocked.end),
            status: if of.hold_id.is_some() { "hold" } else { "firm" },
            source: (of.entity, of.id),
            hold_id: of.hold_id,
            user_id: *user_id,
            reason,
        };
        insert(scope, &over).await?;
        let sql = "select r.name from resources.resources r where r.biz_id = $1 and r.id = $2";
        let values = [scope.biz_id().into(), resource_id.into()];
        let row = scope.query_opt(sql, &values).await?;
        let name: Option<String> = row.map(|row| row.try_get(0)).transpose()?;
        let name = name.unwrap_or_default();
        conflicts.push(open_conflict(scope, &over, &name).await?);
    }
    Ok(conflicts)
}
