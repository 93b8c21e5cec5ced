//! `memberRolesSet`.

use async_graphql::{Enum, InputObject};
use entities::core::location;
use entities::identity::member;
use sea_orm::Value;
use sea_orm::sea_query::ArrayType;
use uuid::Uuid;

use super::{MANAGE_MEMBERS, store};
use crate::database::{self, Scope, new_id};
use crate::graph::scalars::Id;
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::identity::Forget;

/// Decides which roles a member has, and where: those that are not named are taken away.
#[derive(InputObject)]
pub struct MemberRolesSetInput {
    /// The member.
    pub member_id: Id<member::Entity>,
    /// All roles that the member is to have.
    pub roles: Vec<MemberRoleInput>,
    /// The locations where the member works: none means all of them. Not given, they stay as they
    /// are.
    pub location_ids: Option<Vec<Id<location::Entity>>>,
}

/// A role that a member is to have.
#[derive(InputObject)]
pub struct MemberRoleInput {
    /// The code of the role, such as `front_desk`.
    pub role_code: String,
    /// The only location where it counts; not given, it counts wherever the member works.
    pub location_id: Option<Id<location::Entity>>,
}

/// Why the roles stay as they were.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MemberRolesSetErrorCode")]
pub enum MemberRolesSetProblem {
    /// There is no role of this code, or it is archived.
    UnknownRole,
    /// There is no such location.
    UnknownLocation,
    /// The roles, before or after, permit more than you may do yourself, or at other locations.
    BeyondOwnPermissions,
    /// The last owner cannot leave: make someone else an owner first.
    LastOwner,
}

use MemberRolesSetProblem as Problem;

/// The verb.
pub struct MemberRolesSet;

impl Verb for MemberRolesSet {
    type Input = MemberRolesSetInput;
    type Problem = Problem;

    const NAME: &'static str = "memberRolesSet";
    const PERMISSION: Permission = Permission::Holds(MANAGE_MEMBERS);
    const EVENT: Option<&'static str> = Some("identity.member_roles_set");
    const PAYLOAD: &'static [Part] = &[Part::Row("member", "Member", "The member as it now is.")];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("member_roles_location_id_fkey", Problem::UnknownLocation),
        (
            "member_locations_location_id_fkey",
            Problem::UnknownLocation,
        ),
        ("member_roles_last_owner_check", Problem::LastOwner),
    ];
    const FIELDS: &'static [(&'static str, &'static str)] = &[("locationId", "roles")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let member = store::lock_member(act, input.member_id.uuid()).await?.id;
        let before = store::permissions_of_member(act.scope, member).await?;
        store::within_own(act, &before, Problem::BeyondOwnPermissions)?;
        let roles = known_roles(act.scope, &input.roles).await?;
        set_roles(act.scope, member, &roles).await?;
        if let Some(locations) = &input.location_ids {
            set_locations(act.scope, member, locations.iter().map(Id::uuid).collect()).await?;
        }
        // What is written is judged as it will be read.
        let after = store::permissions_of_member(act.scope, member).await?;
        store::within_own(act, &after, Problem::BeyondOwnPermissions)?;
        let outcome = Outcome {
            forget: Some(Forget::Biz(act.scope.biz_id())),
            ..Outcome::row("member", member)
        };
        let codes: Vec<String> = input.roles.into_iter().map(|wish| wish.role_code).collect();
        Ok(outcome.detail("role_codes", codes))
    }
}

/// A role, and the only location where it counts.
type Wish = (Uuid, Option<Uuid>);

async fn known_roles(
    scope: &Scope,
    wishes: &[MemberRoleInput],
) -> Result<Vec<Wish>, Fault<Problem>> {
    let mut known = Vec::with_capacity(wishes.len());
    for wish in wishes {
        let role = store::role_of(scope, &wish.role_code).await?;
        let role = role.ok_or_else(|| {
            let text = format!("There is no role {}.", wish.role_code);
            Fault::at(Problem::UnknownRole, "roles", text)
        })?;
        known.push((role, wish.location_id.as_ref().map(Id::uuid)));
    }
    Ok(known)
}

const TAKE_ROLES: &str = "delete from identity.member_roles m where m.biz_id = $1 and m.member_id = $2 \
    and not exists (select 1 from unnest($3::uuid[], $4::uuid[]) as w (role_id, location_id) \
        where w.role_id = m.role_id and w.location_id is not distinct from m.location_id)";

const GIVE_ROLES: &str = "insert into identity.member_roles (biz_id, id, member_id, role_id, location_id) \
    select $1, w.id, $2, w.role_id, w.location_id \
    from unnest($3::uuid[], $4::uuid[], $5::uuid[]) as w (role_id, location_id, id) \
    on conflict do nothing";

async fn set_roles(scope: &Scope, member: Uuid, wishes: &[Wish]) -> Result<(), database::Error> {
    let locations = wishes.iter().map(|(_, location)| Value::Uuid(*location));
    let locations = Value::Array(ArrayType::Uuid, Some(Box::new(locations.collect())));
    let roles: Vec<Uuid> = wishes.iter().map(|(role, _)| *role).collect();
    let ids: Vec<Uuid> = wishes.iter().map(|_| new_id()).collect();
    let values: [Value; 5] = [
        scope.biz_id().into(),
        member.into(),
        roles.into(),
        locations,
        ids.into(),
    ];
    scope.execute(TAKE_ROLES, &values[..4]).await?;
    scope.execute(GIVE_ROLES, &values).await.map(drop)
}

async fn set_locations(
    scope: &Scope,
    member: Uuid,
    locations: Vec<Uuid>,
) -> Result<(), database::Error> {
    let values: [Value; 3] = [scope.biz_id().into(), member.into(), locations.into()];
    let sql = "delete from identity.member_locations \
               where biz_id = $1 and member_id = $2 and location_id <> all($3)";
    scope.execute(sql, &values).await?;
    let sql = "insert into identity.member_locations (biz_id, member_id, location_id) \
        select distinct $1::uuid, $2::uuid, l from unnest($3::uuid[]) as l on conflict do nothing";
    scope.execute(sql, &values).await.map(drop)
}
