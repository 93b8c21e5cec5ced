//! `rolePermissionLimitSet`.

use async_graphql::{Enum, InputObject};
use entities::identity::role;
use sea_orm::Value;

use super::MANAGE_ROLES;
use crate::graph::scalars::{Id, MoneyInput};
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::identity::roles::OWNER;

/// Says up to which amount a role may use a permission at a time, such as for refunds; what is more
/// needs somebody else's approval.
#[derive(InputObject)]
pub struct RolePermissionLimitSetInput {
    /// The role.
    pub role_id: Id<role::Entity>,
    /// The permission's code, such as `payments.refund`.
    pub permission: String,
    /// The largest amount; no limit if not given. In other currencies nothing is allowed then.
    pub limit: Option<MoneyInput>,
}

/// Why the limit stays as it was.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "RolePermissionLimitSetErrorCode")]
pub enum RolePermissionLimitSetProblem {
    /// The role does not give this permission.
    NotGiven,
    /// The owner's role has no limits.
    OwnerRole,
    /// You may not use the permission yourself.
    BeyondOwnPermissions,
}

use RolePermissionLimitSetProblem as Problem;

const SET: &str = "update identity.role_permissions p set limit_minor = $4, currency = $5::text \
    from identity.roles r \
    where p.biz_id = $1 and p.role_id = $2 and p.permission_code = $3 and r.biz_id = p.biz_id and r.id = p.role_id \
      and r.deleted_at is null and r.code <> $6";

/// The verb.
pub struct RolePermissionLimitSet;

impl Verb for RolePermissionLimitSet {
    type Input = RolePermissionLimitSetInput;
    type Problem = Problem;

    const NAME: &'static str = "rolePermissionLimitSet";
    const PERMISSION: Permission = Permission::Holds(MANAGE_ROLES);
    const EVENT: Option<&'static str> = Some("identity.role_limit_set");
    const PAYLOAD: &'static [Part] = &[Part::Row("role", "Role", "The role.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (scope, id) = (act.scope, input.role_id.uuid());
        let sql = "select r.code from identity.roles r where r.biz_id = $1 and r.id = $2 and r.deleted_at is null";
        let row = scope
            .query_opt(sql, &[scope.biz_id().into(), id.into()])
            .await?;
        let code: String = row.ok_or_else(|| Fault::not_found("role"))?.try_get(0)?;
        if code == OWNER {
            let message = "The owner's role has no limits.";
            return Err(Fault::at(Problem::OwnerRole, "roleId", message));
        }
        if !act.principal()?.may(&input.permission) {
            let message = "You cannot set a limit to what you may not do yourself.";
            return Err(Fault::at(
                Problem::BeyondOwnPermissions,
                "permission",
                message,
            ));
        }
        let values: [Value; 6] = [
            scope.biz_id().into(),
            id.into(),
            input.permission.as_str().into(),
            input.limit.as_ref().map(|limit| limit.minor).into(),
            input.limit.map(|limit| limit.currency).into(),
            OWNER.into(),
        ];
        if scope.execute(SET, &values).await? == 0 {
            let message = format!("The role does not give {}.", input.permission);
            return Err(Fault::at(Problem::NotGiven, "permission", message));
        }
        Ok(Outcome::row("role", id).detail("permission", input.permission))
    }
}
