//! `harbour`: two hotels and a spa on the coast of Portugal.

mod house;
mod spa;
mod stays;

use serde_json::json;
use uuid::Uuid;

use super::people;
use super::put::put;
use super::tenant::{Profile, found};
use super::unsettled::settle;
use crate::database::{Error, Scope, new_id};
use crate::domain::booking::past::{Past, Reasons};
use crate::identity::Sealer;

const PROFILE: Profile = Profile {
    slug: "harbour",
    legal_name: "Harbour Hotéis, Lda.",
    display_name: "Harbour Hotels",
    vertical: "hospitality",
    currency: "EUR",
    time_zone: "Europe/Lisbon",
    users: &[
        ("owner", "Helena Duarte", "owner"),
        ("desk", "Duarte Pires", "front_desk"),
        ("analyst", "Amélia Santos", "analyst"),
    ],
};

/// The guests of the tenant.
const GUESTS: usize = 60;

const REASONS: Reasons = Reasons {
    cancelled: "The guest changed plans.",
    no_show: "The guest did not come and could not be reached.",
};

/// The policies under which the tenant sells.
#[derive(Clone, Copy, Debug)]
pub struct Policies {
    /// Free until the evening before.
    pub flexible: Uuid,
    /// Half of the price, or all of it.
    pub saver: Uuid,
}

/// Makes the tenant.
pub async fn fill(scope: &Scope, sealer: &Sealer, digest: &str) -> anyhow::Result<()> {
    found(scope, &PROFILE, digest).await?;
    let guests = people::guests(scope, sealer, GUESTS).await?;
    let policies = policies(scope).await?;
    let houses = house::build(scope).await?;
    let mut past = Past::default();
    stays::book(scope, &houses, &policies, &guests, &mut past).await?;
    let open = spa::book(scope, &guests, &mut past).await?;
    past.write(scope, REASONS).await?;
    settle(scope, &open).await?;
    Ok(())
}

async fn policies(scope: &Scope) -> Result<Policies, Error> {
    let all = Policies {
        flexible: new_id(),
        saver: new_id(),
    };
    let spa = new_id();
    let rows = vec![
        json!({ "id": all.flexible, "code": "flexible", "name": "Flexible", "no_show_fee_kind": "first_unit", "no_show_fee_bps": null,
            "description": "Free until 18:00 on the day before arrival, then the first night." }),
        json!({ "id": all.saver, "code": "saver", "name": "Saver", "no_show_fee_kind": "percent", "no_show_fee_bps": 10_000,
            "description": "Half of the price until 14 days before arrival, then all of it." }),
        json!({ "id": spa, "code": "spa", "name": "Spa", "no_show_fee_kind": "percent", "no_show_fee_bps": 10_000,
            "description": "Free until 24 hours before, then half of the price." }),
    ];
    put(scope, "pricing.cancellation_policies", rows).await?;
    let tier = |policy: Uuid, hours: i32, cutoff: Option<&str>, kind: &str, bps: Option<i32>| {
        json!({ "id": new_id(), "policy_id": policy, "hours_before_start": hours,
            "local_cutoff_time": cutoff, "fee_kind": kind, "fee_bps": bps })
    };
    let tiers = vec![
        tier(all.flexible, 24, Some("18:00"), "first_unit", None),
        tier(all.saver, 8_760, None, "percent", Some(5_000)),
        tier(all.saver, 336, None, "percent", Some(10_000)),
        tier(spa, 24, None, "percent", Some(5_000)),
        tier(spa, 2, None, "percent", Some(10_000)),
    ];
    put(scope, "pricing.cancellation_policy_tiers", tiers).await?;
    Ok(all)
}
