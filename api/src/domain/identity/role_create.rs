//! `roleCreate`.

use async_graphql::{Enum, InputObject};
use sea_orm::Value;

use super::{MANAGE_ROLES, store};
use crate::database::new_id;
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Makes a role of your own, which members can then be given.
#[derive(InputObject)]
pub struct RoleCreateInput {
    /// Short name: lower-case letters, digits and underscores.
    pub code: String,
    /// Name that staff read.
    pub name: String,
    /// What the role is for.
    pub description: Option<String>,
    /// The codes of the permissions that it gives, such as `booking.read`.
    pub permissions: Vec<String>,
}

/// Why no role was made.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "RoleCreateErrorCode")]
pub enum RoleCreateProblem {
    /// Another role has this code.
    CodeTaken,
    /// There is no such permission.
    UnknownPermission,
    /// The role would permit more than you may do yourself, everywhere.
    BeyondOwnPermissions,
}

use RoleCreateProblem as Problem;

/// The verb.
pub struct RoleCreate;

impl Verb for RoleCreate {
    type Input = RoleCreateInput;
    type Problem = Problem;

    const NAME: &'static str = "roleCreate";
    const PERMISSION: Permission = Permission::Holds(MANAGE_ROLES);
    const EVENT: Option<&'static str> = Some("identity.role_created");
    const PAYLOAD: &'static [Part] = &[Part::Row("role", "Role", "The role.")];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("roles_code_key", Problem::CodeTaken),
        (
            "role_permissions_permission_code_fkey",
            Problem::UnknownPermission,
        ),
    ];
    const FIELDS: &'static [(&'static str, &'static str)] = &[("permissionCode", "permissions")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (biz, id) = (act.scope.biz_id(), new_id());
        let sql = "insert into identity.roles (biz_id, id, code, name, description) \
                   values ($1, $2, $3, $4, $5)";
        let values: [Value; 5] = [
            biz.into(),
            id.into(),
            input.code.into(),
            input.name.trim().into(),
            Value::String(input.description),
        ];
        act.scope.execute(sql, &values).await?;
        let sql = "insert into identity.role_permissions (biz_id, role_id, permission_code) \
                   select distinct $1::uuid, $2::uuid, c from unnest($3::text[]) as c";
        let values = [biz.into(), id.into(), input.permissions.clone().into()];
        act.scope.execute(sql, &values).await?;
        let given = store::everywhere(input.permissions.iter().cloned());
        store::within_own(act, &given, Problem::BeyondOwnPermissions)?;
        Ok(Outcome::row("role", id).detail("permissions", input.permissions))
    }
}
