//! For whom a schema is built: the whole of it, or what some permissions reach.
//!
//! async-graphql asks types to register themselves without telling them for whom; so the audience
//! stands in a thread's own variable while a schema is built on it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::graph::model::Entity;

/// Codes of permissions.
pub type Audience = Arc<BTreeSet<String>>;

thread_local! {
    static AUDIENCE: RefCell<Option<Audience>> = const { RefCell::new(None) };
}

/// Builds something for holders of these permissions.
pub fn within<T>(audience: Audience, build: impl FnOnce() -> T) -> T {
    let before = AUDIENCE.replace(Some(audience));
    let schema = build();
    AUDIENCE.set(before);
    schema
}

/// Whether what needs this permission is part of the schema being built.
pub fn holds(permission: &str) -> bool {
    AUDIENCE.with_borrow(|audience| {
        audience
            .as_ref()
            .is_none_or(|audience| audience.contains(permission))
    })
}

/// Whether an entity is part of the schema being built.
pub fn reads(entity: &Entity) -> bool {
    entity.read_permission.as_deref().is_none_or(holds)
}
