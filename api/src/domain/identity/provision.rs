//! A new tenant: its row, its roles with what they permit, and its owner, in one transaction.

use std::collections::HashMap;

use sea_orm::Value;
use uuid::Uuid;

use crate::database::value::texts;
use crate::database::{self, Scope, new_id};
use crate::identity::roles::{DEFAULT_ROLES, OWNER};

/// A tenant that is to be.
#[derive(Clone, Copy, Debug)]
pub struct NewBiz<'a> {
    /// Its id, in whose name the scope acts already.
    pub id: Uuid,
    /// Short name in addresses and at sign-in.
    pub slug: &'a str,
    /// Name as registered.
    pub legal_name: &'a str,
    /// Name that customers and staff read.
    pub display_name: &'a str,
    /// The main trade: a value of `core.biz_vertical`.
    pub vertical: &'a str,
    /// A value of `core.biz_status`.
    pub status: &'a str,
    /// The currency of new locations.
    pub currency: &'a str,
    /// The time zone of new locations.
    pub time_zone: &'a str,
    /// The user who owns it.
    pub owner_id: Uuid,
}

/// A tenant that is.
#[derive(Clone, Debug)]
pub struct Provisioned {
    /// The owner's membership.
    pub member_id: Uuid,
    /// The default roles by their code.
    pub roles: HashMap<&'static str, Uuid>,
}

const BIZ: &str = "insert into core.bizes \
    (id, slug, legal_name, display_name, vertical, status, default_currency, default_timezone) \
    values ($1, $2, $3, $4, $5, $6, $7, $8)";

const ROLES: &str = "insert into identity.roles (biz_id, id, code, name, description, is_system) \
    select $1, r.id, r.code, r.name, r.description, true \
    from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) as r (id, code, name, description)";

const ROLE_PERMISSIONS: &str = "insert into identity.role_permissions (biz_id, role_id, permission_code) \
    select $1, p.role_id, p.code from unnest($2::uuid[], $3::text[]) as p (role_id, code)";

/// Makes a tenant. The scope is the platform's, and acts in the name of the new tenant.
pub async fn provision(scope: &Scope, new: &NewBiz<'_>) -> Result<Provisioned, database::Error> {
    let values: [Value; 8] = [
        new.id.into(),
        new.slug.into(),
        new.legal_name.into(),
        new.display_name.into(),
        new.vertical.into(),
        new.status.into(),
        new.currency.into(),
        new.time_zone.into(),
    ];
    scope.execute(BIZ, &values).await?;
    let roles = add_roles(scope, new.id).await?;
    let owner = roles.get(OWNER).copied().unwrap_or_default();
    let member_id = add_member(scope, new.id, new.owner_id, owner).await?;
    Ok(Provisioned { member_id, roles })
}

async fn add_roles(
    scope: &Scope,
    biz_id: Uuid,
) -> Result<HashMap<&'static str, Uuid>, database::Error> {
    let ids: Vec<Uuid> = DEFAULT_ROLES.iter().map(|_| new_id()).collect();
    let values: [Value; 5] = [
        biz_id.into(),
        ids.clone().into(),
        texts(DEFAULT_ROLES.iter().map(|role| role.code)),
        texts(DEFAULT_ROLES.iter().map(|role| role.name)),
        texts(DEFAULT_ROLES.iter().map(|role| role.description)),
    ];
    scope.execute(ROLES, &values).await?;
    let mut known: Vec<String> = Vec::new();
    for row in scope
        .query("select code from identity.permissions", &[])
        .await?
    {
        known.push(row.try_get(0)?);
    }
    let (role_ids, codes): (Vec<Uuid>, Vec<&str>) = DEFAULT_ROLES
        .iter()
        .zip(&ids)
        .flat_map(|(role, id)| known.iter().map(move |code| (role, *id, code.as_str())))
        .filter(|(role, _, code)| role.includes(code))
        .map(|(_, id, code)| (id, code))
        .unzip();
    let values: [Value; 3] = [biz_id.into(), role_ids.into(), texts(codes)];
    scope.execute(ROLE_PERMISSIONS, &values).await?;
    Ok(DEFAULT_ROLES
        .iter()
        .map(|role| role.code)
        .zip(ids)
        .collect())
}

/// Makes a user an active member of a tenant with a role everywhere.
pub async fn add_member(
    scope: &Scope,
    biz_id: Uuid,
    user_id: Uuid,
    role_id: Uuid,
) -> Result<Uuid, database::Error> {
    let member_id = new_id();
    let sql = "insert into identity.members (biz_id, id, user_id, status, joined_at) \
               values ($1, $2, $3, 'active', now())";
    scope
        .execute(sql, &[biz_id.into(), member_id.into(), user_id.into()])
        .await?;
    give_role(scope, biz_id, member_id, role_id).await?;
    Ok(member_id)
}

/// Gives a member a role everywhere.
pub async fn give_role(
    scope: &Scope,
    biz_id: Uuid,
    member_id: Uuid,
    role_id: Uuid,
) -> Result<(), database::Error> {
    let sql = "insert into identity.member_roles (biz_id, id, member_id, role_id) \
               values ($1, $2, $3, $4)";
    let values: [Value; 4] = [
        biz_id.into(),
        new_id().into(),
        member_id.into(),
        role_id.into(),
    ];
    scope.execute(sql, &values).await.map(drop)
}
