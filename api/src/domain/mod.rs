//! What the business does: a module for each context, a file for each verb.

pub mod availability;
pub mod booking;
pub mod identity;

use std::sync::LazyLock;

use async_graphql::MergedObject;

use crate::graph::Verbs;
use crate::graph::verb::{Declaration, Permission, link, plain};
use crate::identity::permissions::{self, PermissionInfo};

/// All verbs, in the order in which the schema lists them.
pub fn verbs() -> &'static [Declaration] {
    static VERBS: LazyLock<Vec<Declaration>> = LazyLock::new(|| {
        let mut verbs = identity::declarations();
        verbs.extend(booking::declarations());
        verbs.extend(plain::declarations());
        verbs.extend(link::declarations());
        verbs
    });
    &VERBS
}

/// All permissions: what the verbs ask for, and reading.
pub fn permissions() -> Vec<PermissionInfo> {
    let asked = verbs().iter().filter_map(|verb| match verb.permission {
        Permission::Holds(code) => Some((code, verb.name.as_str())),
        Permission::Anyone | Permission::SignedIn => None,
    });
    permissions::all(asked)
}

/// The verbs of this program, for the graph.
#[derive(Debug)]
pub struct AllVerbs;

impl Verbs for AllVerbs {
    fn all() -> &'static [Declaration] {
        verbs()
    }
}

/// The queries that are written by hand.
#[derive(Debug, Default, MergedObject)]
pub struct AllQueries(identity::graph::IdentityQuery);
