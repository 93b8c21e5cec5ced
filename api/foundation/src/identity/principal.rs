//! Who acts, in which tenant, and how far each permission reaches.

use std::sync::Arc;

use uuid::Uuid;

use super::reach::Permissions;

/// How far a permission reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Everything in the tenant.
    All,
    /// What belongs to these locations, or to none.
    Locations(Arc<[Uuid]>),
}

/// By what a principal proved who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// An access token of this session.
    Session(Uuid),
    /// An API key.
    ApiKey(Uuid),
    /// The program itself: clock work and imports, in the name of a tenant.
    Program,
}

/// Someone who may act in one tenant. The only way to a [`crate::database::Scope`] of it.
#[derive(Clone, Debug)]
pub struct Principal {
    biz_id: Uuid,
    user_id: Option<Uuid>,
    member_id: Option<Uuid>,
    proof: Proof,
    permissions: Permissions,
}

impl Principal {
    /// A principal with these permissions; made by sign-in and its like alone.
    pub(crate) fn new(
        biz_id: Uuid,
        user_id: Option<Uuid>,
        member_id: Option<Uuid>,
        proof: Proof,
        permissions: Permissions,
    ) -> Self {
        Self {
            biz_id,
            user_id,
            member_id,
            proof,
            permissions,
        }
    }

    /// The program itself, with all permissions of a tenant: for imports and demonstrations.
    pub fn program(
        biz_id: Uuid,
        user_id: Option<Uuid>,
        permissions: impl IntoIterator<Item = String>,
    ) -> Self {
        let permissions = permissions
            .into_iter()
            .map(|code| (code, Reach::All))
            .collect();
        Self::new(biz_id, user_id, None, Proof::Program, permissions)
    }

    /// The tenant.
    pub fn biz_id(&self) -> Uuid {
        self.biz_id
    }

    /// The user, unless a key or the program acts.
    pub fn user_id(&self) -> Option<Uuid> {
        self.user_id
    }

    /// The user's membership in the tenant.
    pub fn member_id(&self) -> Option<Uuid> {
        self.member_id
    }

    /// By what the principal proved who it is.
    pub fn proof(&self) -> Proof {
        self.proof
    }

    /// Who is named as the actor of an idempotency key: the user, or the key itself.
    pub fn actor_id(&self) -> Uuid {
        match self.proof {
            Proof::ApiKey(id) => id,
            Proof::Session(_) | Proof::Program => self.user_id.unwrap_or_default(),
        }
    }

    /// Whether the permission is held at all.
    pub fn may(&self, permission: &str) -> bool {
        self.permissions.contains_key(permission)
    }

    /// How far a permission reaches; to no location where it is not held.
    pub fn reach(&self, permission: &str) -> Reach {
        self.permissions
            .get(permission)
            .cloned()
            .unwrap_or_else(|| Reach::Locations(Arc::from([])))
    }

    /// Whether the permission is held for this location.
    pub fn may_at(&self, permission: &str, location: Uuid) -> bool {
        match self.permissions.get(permission) {
            Some(Reach::All) => true,
            Some(Reach::Locations(locations)) => locations.contains(&location),
            None => false,
        }
    }

    /// Whether the principal may do all of this itself, everywhere that it reaches. Nobody gives,
    /// or takes away, what is beyond their own.
    pub fn covers(&self, permissions: &Permissions) -> bool {
        permissions.iter().all(|(permission, reach)| {
            self.permissions
                .get(permission)
                .is_some_and(|own| own.covers(reach))
        })
    }

    /// Whether both may do the same, as far.
    pub fn may_the_same(&self, other: &Self) -> bool {
        self.permissions == other.permissions
    }

    /// The permissions held, in alphabetical order.
    pub fn permissions(&self) -> Vec<&str> {
        let mut codes: Vec<&str> = self.permissions.keys().map(String::as_str).collect();
        codes.sort_unstable();
        codes
    }
}
