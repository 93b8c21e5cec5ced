//! `rolePermissionsSet`.

use async_graphql::{Enum, InputObject};
use entities::identity::role;

use super::{MANAGE_ROLES, store};
use crate::graph::scalars::Id;
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::identity::Forget;
use crate::identity::roles::OWNER;

/// Decides what a role permits to all who have it: what is not named is taken away.
#[derive(InputObject)]
pub struct RolePermissionsSetInput {
    /// The role.
    pub role_id: Id<role::Entity>,
    /// The codes of all permissions that it is to give, such as `booking.read`.
    pub permissions: Vec<String>,
}

/// Why the role permits what it did.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "RolePermissionsSetErrorCode")]
pub enum RolePermissionsSetProblem {
    /// There is no such permission.
    UnknownPermission,
    /// What would be given or taken away is beyond what you may do yourself, everywhere.
    BeyondOwnPermissions,
    /// The owner's role has every permission, always.
    OwnerRole,
}

use RolePermissionsSetProblem as Problem;

/// What a role loses and gains.
const SET: &str = "with lost as ( \
        delete from identity.role_permissions \
        where biz_id = $1 and role_id = $2 and permission_code <> all($3::text[]) \
        returning permission_code), \
    gained as ( \
        insert into identity.role_permissions (biz_id, role_id, permission_code) \
        select distinct $1::uuid, $2::uuid, c from unnest($3::text[]) as c \
        on conflict do nothing returning permission_code) \
    select permission_code from lost union all select permission_code from gained";

/// The verb.
pub struct RolePermissionsSet;

impl Verb for RolePermissionsSet {
    type Input = RolePermissionsSetInput;
    type Problem = Problem;

    const NAME: &'static str = "rolePermissionsSet";
    const PERMISSION: Permission = Permission::Holds(MANAGE_ROLES);
    const EVENT: Option<&'static str> = Some("identity.role_permissions_set");
    const PAYLOAD: &'static [Part] = &[Part::Row("role", "Role", "The role.")];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[(
        "role_permissions_permission_code_fkey",
        Problem::UnknownPermission,
    )];
    const FIELDS: &'static [(&'static str, &'static str)] = &[("permissionCode", "permissions")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (biz, id) = (act.scope.biz_id(), input.role_id.uuid());
        let sql = "select code from identity.roles \
                   where biz_id = $1 and id = $2 and deleted_at is null for update";
        let row = act.scope.query_opt(sql, &[biz.into(), id.into()]).await?;
        let row = row.ok_or_else(|| Fault::not_found("role"))?;
        if row.try_get::<_, String>(0)? == OWNER {
            let text = "The owner's role has every permission, always.";
            return Err(Fault::at(Problem::OwnerRole, "roleId", text));
        }
        let values = [biz.into(), id.into(), input.permissions.clone().into()];
        let mut changed: Vec<String> = Vec::new();
        for row in act.scope.query(SET, &values).await? {
            changed.push(row.try_get(0)?);
        }
        let changed = store::everywhere(changed);
        store::within_own(act, &changed, Problem::BeyondOwnPermissions)?;
        let outcome = Outcome {
            forget: Some(Forget::Biz(biz)),
            ..Outcome::row("role", id)
        };
        Ok(outcome.detail("permissions", input.permissions))
    }
}
