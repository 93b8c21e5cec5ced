//! What both demo tenants sell by offers: each with its service, its published version and its
//! sellable.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use super::put::put;
use crate::database::{Error, Scope, new_id};

/// An offer to be.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
    /// Its code.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// A value of `catalog.offer_kind`.
    pub kind: &'static str,
    /// A value of `catalog.capacity_basis`.
    pub basis: &'static str,
    /// How long the service takes, and how long before and after it nothing else fits in.
    pub minutes: (i64, i64, i64),
    /// Whether staff approve each booking.
    pub needs_approval: bool,
    /// The code of its cancellation policy.
    pub policy: &'static str,
}

/// Writes offers that have been on sale for a year, and gives their sellables.
pub async fn offers(scope: &Scope, all: &[Offer]) -> Result<Vec<Uuid>, Error> {
    let since: DateTime<Utc> = scope.now() - TimeDelta::days(365);
    let ids: Vec<[Uuid; 4]> = all
        .iter()
        .map(|_| [new_id(), new_id(), new_id(), new_id()])
        .collect();
    let rows = |of: fn(&Offer, &[Uuid; 4]) -> serde_json::Value| {
        all.iter()
            .zip(&ids)
            .map(|(offer, ids)| of(offer, ids))
            .collect()
    };
    let services = rows(|offer, [id, ..]| {
        let (duration, before, after) = offer.minutes;
        json!({
            "id": id, "code": offer.code, "name": offer.name, "default_duration_minutes": duration,
            "buffer_before_minutes": before, "buffer_after_minutes": after,
            "requires_approval": offer.needs_approval,
        })
    });
    put(scope, "catalog.services", services).await?;
    let offers = rows(
        |offer, [_, id, ..]| json!({ "id": id, "code": offer.code, "kind": offer.kind, "name": offer.name }),
    );
    put(scope, "catalog.offers", offers).await?;
    let mut versions: Vec<serde_json::Value> = rows(|offer, [_, offer_id, id, _]| {
        json!({
            "id": id, "offer_id": offer_id, "version_no": 1, "status": "published",
            "capacity_basis": offer.basis, "cancellation_policy_code": offer.policy,
            "tax_category": "standard",
        })
    });
    for version in &mut versions {
        version["effective_starts_at"] = json!(since);
        version["published_at"] = json!(since);
    }
    put(scope, "catalog.offer_versions", versions).await?;
    let current = "update catalog.offers o set current_version_id = v.id \
                   from catalog.offer_versions v \
                   where o.biz_id = $1 and v.biz_id = $1 and v.offer_id = o.id";
    scope.execute(current, &[scope.biz_id().into()]).await?;
    let sellables = rows(|offer, [_, _, version, id]| {
        json!({
            "id": id, "kind": "offer_version", "ref_type": "OfferVersion", "ref_id": version,
            "name": offer.name, "tax_category": "standard",
        })
    });
    put(scope, "catalog.sellables", sellables).await?;
    Ok(ids.into_iter().map(|[.., sellable]| sellable).collect())
}
