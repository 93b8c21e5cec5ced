//! People as the verbs of rosters and hours know them: who acts for themselves, and who for others.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entities::workforce::staff;
use tokio_postgres::Row;
use uuid::Uuid;

use foundation::database::{self, Scope};
use foundation::graph::failure::{Code, Failure};
use foundation::graph::scalars::Id;
use foundation::graph::verb::Act;
use foundation::identity::Principal;
use scheduling::availability::rules::local_day;

/// Acting for oneself: one's own clock, offers and swaps.
pub use foundation::identity::roles::SELF_SERVICE as SELF;

/// Somebody on the staff.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their id.
    pub id: Uuid,
    /// Their sign-in to the tenant, if they have one.
    pub member_id: Option<Uuid>,
    /// The resource that they are, if they are one.
    pub resource_id: Option<Uuid>,
    /// Where they usually work.
    pub home_location_id: Option<Uuid>,
    /// The zone of their clocks: that of where they usually work, or else the tenant's.
    pub zone: Tz,
    /// First day of work.
    pub hired_on: NaiveDate,
    /// First day on which they no longer work here.
    pub terminated_on: Option<NaiveDate>,
}

impl Person {
    /// Whether they work here on a day.
    pub fn works_on(&self, day: NaiveDate) -> bool {
        self.hired_on <= day && self.terminated_on.is_none_or(|end| day < end)
    }

    /// The day on their calendar at an instant.
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        local_day(self.zone, at)
    }

    /// Whether the caller is this person.
    pub fn is(&self, principal: &Principal) -> bool {
        self.member_id.is_some() && self.member_id == principal.member_id()
    }

    /// Whether the caller's permission reaches this person, by where they usually work.
    pub fn is_reached(&self, principal: &Principal, permission: &str) -> bool {
        match self.home_location_id {
            Some(location) => principal.may_at(permission, location),
            None => principal.may(permission),
        }
    }

    fn of(row: &Row) -> Result<Self, database::Error> {
        Ok(Self {
            id: row.try_get(0)?,
            member_id: row.try_get(1)?,
            resource_id: row.try_get(2)?,
            home_location_id: row.try_get(3)?,
            zone: row.try_get::<_, &str>(4)?.parse().unwrap_or(Tz::UTC),
            hired_on: row.try_get(5)?,
            terminated_on: row.try_get(6)?,
        })
    }
}

macro_rules! people {
    ($rest:literal) => {
        concat!(
            "select s.id, s.member_id, s.resource_id, s.home_location_id, coalesce(l.timezone, b.default_timezone), \
               s.hired_on, s.terminated_on \
             from workforce.staff s join core.bizes b on b.id = s.biz_id \
             left join core.locations l on l.biz_id = s.biz_id and l.id = s.home_location_id \
             where s.biz_id = $1 and s.deleted_at is null and ",
            $rest
        )
    };
}

/// People by their ids; those whom nobody has are left out.
pub async fn people(scope: &Scope, ids: Vec<Uuid>) -> Result<Vec<Person>, database::Error> {
    let values = [scope.biz_id().into(), ids.into()];
    let sql = people!("s.id = any ($2::uuid[]) order by s.id");
    let rows = scope.query(sql, &values).await?;
    rows.iter().map(Person::of).collect()
}

/// Somebody by their id.
pub async fn person(scope: &Scope, id: Uuid) -> Result<Option<Person>, database::Error> {
    Ok(people(scope, vec![id]).await?.pop())
}

/// The caller, as somebody on the staff.
pub async fn myself_in(
    scope: &Scope,
    principal: &Principal,
) -> Result<Option<Person>, database::Error> {
    let values = [scope.biz_id().into(), principal.member_id().into()];
    let row = scope
        .query_opt(people!("s.member_id = $2"), &values)
        .await?;
    row.as_ref().map(Person::of).transpose()
}

/// The caller, as somebody on the staff; a sign-in that belongs to nobody is refused.
pub async fn myself(act: &Act<'_>) -> Result<Person, Failure> {
    let me = myself_in(act.scope, act.principal()?).await?;
    me.ok_or_else(nobody)
}

/// What somebody is told who is not on the staff.
pub fn nobody() -> Failure {
    Failure::new(
        Code::NotFound,
        "Your sign-in belongs to nobody on the staff; name the person, or have the two linked.",
    )
}

/// No such person, for this caller.
pub fn no_person() -> Failure {
    Failure::new(Code::NotFound, "There is no such member of staff.")
}

/// Whom a verb is about: the caller, or somebody else whom this permission reaches.
pub async fn whose(
    act: &Act<'_>,
    staff_id: Option<Id<staff::Entity>>,
    permission: &str,
) -> Result<Person, Failure> {
    let Some(id) = staff_id else {
        return myself(act).await;
    };
    let principal = act.principal()?;
    let found = person(act.scope, id.uuid()).await?.ok_or_else(no_person)?;
    if found.is(principal) {
        return Ok(found);
    }
    if !principal.may(permission) {
        return Err(Failure::forbidden(permission));
    }
    if found.is_reached(principal, permission) {
        return Ok(found);
    }
    Err(no_person())
}

/// Whether the caller is the person, or holds the permission at the location; a row of somebody
/// else's elsewhere does not exist.
pub async fn own_or_permitted(
    act: &Act<'_>,
    staff_id: Uuid,
    permission: &str,
    location: Uuid,
    what: &str,
) -> Result<Person, Failure> {
    let principal = act.principal()?;
    let found = person(act.scope, staff_id).await?.ok_or_else(no_person)?;
    if found.is(principal) {
        return Ok(found);
    }
    act.permit_at(permission, location, what)?;
    Ok(found)
}
