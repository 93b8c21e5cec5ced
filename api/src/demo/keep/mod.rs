//! `keep`: pallet storage in the Klang valley, with forklifts for rent.

mod rentals;
mod storage;
mod warehouse;

use serde_json::json;

use super::people;
use super::put::put;
use super::shop::{Offer, offers};
use super::tenant::{Profile, found};
use crate::database::{Error, Scope, new_id};
use crate::domain::booking::past::{Past, Reasons};
use crate::identity::Sealer;

const PROFILE: Profile = Profile {
    slug: "keep",
    legal_name: "Keep Pallet Storage Sdn Bhd",
    display_name: "Keep",
    vertical: "storage",
    currency: "MYR",
    time_zone: "Asia/Kuala_Lumpur",
    users: &[
        ("owner", "Nurul Huda Ismail", "owner"),
        ("desk", "Tan Wei Ming", "front_desk"),
    ],
};

const REASONS: Reasons = Reasons {
    cancelled: "The shipment was put off.",
    no_show: "The truck did not come.",
};

/// Ambient and chilled places, and a forklift by the day.
const OFFERS: [Offer; 3] = [
    Offer {
        code: "ambient",
        name: "Pallet place, ambient",
        kind: "storage",
        basis: "pool",
        minutes: (0, 0, 0),
        needs_approval: false,
        policy: "standard",
    },
    Offer {
        code: "chilled",
        name: "Pallet place, chilled",
        kind: "storage",
        basis: "pool",
        minutes: (0, 0, 0),
        needs_approval: false,
        policy: "standard",
    },
    Offer {
        code: "forklift",
        name: "Forklift with driver, half a day",
        kind: "rental",
        basis: "resource",
        minutes: (240, 15, 15),
        needs_approval: false,
        policy: "standard",
    },
];

/// Makes the tenant.
pub async fn fill(scope: &Scope, sealer: &Sealer, digest: &str) -> anyhow::Result<()> {
    found(scope, &PROFILE, digest).await?;
    let companies = people::companies(scope, sealer).await?;
    policy(scope).await?;
    let sellables = offers(scope, &OFFERS).await?;
    let yard = warehouse::build(scope, &sellables).await?;
    let mut past = Past::default();
    storage::book(scope, &yard, &companies, &mut past).await?;
    rentals::book(scope, &yard, &companies, &mut past).await?;
    past.write(scope, REASONS).await?;
    Ok(())
}

async fn policy(scope: &Scope) -> Result<(), Error> {
    let policy_id = new_id();
    let policy = json!({ "id": policy_id, "code": "standard", "name": "Standard",
        "description": "Free until two days before, then a tenth of the price.",
        "no_show_fee_kind": "percent", "no_show_fee_bps": 2_500 });
    put(scope, "pricing.cancellation_policies", vec![policy]).await?;
    let tier = json!({ "id": new_id(), "policy_id": policy_id, "hours_before_start": 48,
        "fee_kind": "percent", "fee_bps": 1_000 });
    put(scope, "pricing.cancellation_policy_tiers", vec![tier]).await
}
