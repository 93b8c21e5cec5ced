//! A demo tenant, from nothing: its users, itself, its roles.

use uuid::Uuid;

use crate::database::{Scope, new_id};
use crate::domain::identity::provision::{NewBiz, add_member, provision};
use crate::domain::identity::store::add_user;
use crate::identity::roles::OWNER;

/// What a demo tenant is called.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// Short name.
    pub slug: &'static str,
    /// Registered name.
    pub legal_name: &'static str,
    /// The name that people read.
    pub display_name: &'static str,
    /// A value of `core.biz_vertical`.
    pub vertical: &'static str,
    /// The currency of its locations.
    pub currency: &'static str,
    /// Their time zone.
    pub time_zone: &'static str,
    /// Its users, the owner first: what stands before the `@`, name, role.
    pub users: &'static [(&'static str, &'static str, &'static str)],
}

/// Makes it; all users have the password with this digest. From here on the scope acts in its name.
pub async fn found(scope: &Scope, profile: &Profile, digest: &str) -> anyhow::Result<()> {
    let ids: Vec<Uuid> = profile.users.iter().map(|_| new_id()).collect();
    let biz_id = new_id();
    scope.enter(biz_id, None).await?;
    // In tables that were never analysed the planner takes every join for one of a row or two, and
    // loops over all rows for each. Without loops it takes every join for a dear one, and would
    // compile it.
    let plainly =
        "select set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)";
    scope.query(plainly, &[]).await?;
    for ((mailbox, name, _), id) in profile.users.iter().zip(&ids) {
        let mail = format!("{mailbox}@{}.example", profile.slug);
        add_user(scope, *id, &mail, name, digest).await?;
    }
    let new = NewBiz {
        id: biz_id,
        slug: profile.slug,
        legal_name: profile.legal_name,
        display_name: profile.display_name,
        vertical: profile.vertical,
        status: "active",
        currency: profile.currency,
        time_zone: profile.time_zone,
        owner_id: ids.first().copied().unwrap_or_default(),
    };
    let made = provision(scope, &new).await?;
    for ((_, _, role), id) in profile.users.iter().zip(&ids) {
        if *role != OWNER {
            let role_id = made.roles.get(role).copied().unwrap_or_default();
            add_member(scope, biz_id, *id, role_id).await?;
        }
    }
    Ok(())
}
