//! Enrolments that are locked to be changed.

use rust_decimal::Decimal;
use uuid::Uuid;

use super::TRAIN;
use crate::workforce::staff::{Person, no_person, person};
use foundation::graph::failure::{Code, Failure};
use foundation::graph::verb::Act;

/// An enrolment that is locked until the transaction ends, with what its module asks.
#[derive(Clone, Debug)]
pub struct Enrollment {
    /// Its id.
    pub id: Uuid,
    /// Who learns.
    pub who: Person,
    /// Where they stand.
    pub status: String,
    /// How often they have tried.
    pub attempts: i32,
    /// The module's short name.
    pub code: String,
    /// The module's title.
    pub title: String,
    /// The least score with which it is passed.
    pub pass_score: Decimal,
    /// How often it can be tried.
    pub max_attempts: Option<i16>,
    /// After how many months it must be passed again.
    pub validity_months: Option<i16>,
}

impl Enrollment {
    /// Whether they may not try again.
    pub fn is_exhausted(&self) -> bool {
        self.max_attempts
            .is_some_and(|most| self.attempts >= most.into())
    }
}

const LOCK: &str = "select e.staff_id, e.status::text, e.attempts, m.code, m.title, m.pass_score, \
      m.max_attempts, m.validity_months, e.version \
    from workforce.training_enrollments e join workforce.training_modules m on m.biz_id = e.biz_id and m.id = e.module_id \
    where e.biz_id = $1 and e.id = $2 for no key update of e";

/// Locks an enrolment of somebody within reach, or (where they may) of the caller.
pub async fn lock(
    act: &Act<'_>,
    id: Uuid,
    expected_version: Option<i32>,
    or_own: bool,
) -> Result<Enrollment, Failure> {
    let none = || Failure::new(Code::NotFound, "There is no such enrolment.");
    let scope = act.scope;
    let row = scope
        .query_opt(LOCK, &[scope.biz_id().into(), id.into()])
        .await?;
    let row = row.ok_or_else(none)?;
    let staff_id: Uuid = row.try_get(0).map_err(Failure::internal)?;
    let who = person(scope, staff_id).await?.ok_or_else(no_person)?;
    let principal = act.principal()?;
    if !(who.is_reached(principal, TRAIN) || or_own && who.is(principal)) {
        return Err(none());
    }
    let read = || -> Result<(Enrollment, i32), tokio_postgres::Error> {
        let enrollment = Enrollment {
            id,
            who,
            status: row.try_get(1)?,
            attempts: row.try_get(2)?,
            code: row.try_get(3)?,
            title: row.try_get(4)?,
            pass_score: row.try_get(5)?,
            max_attempts: row.try_get(6)?,
            validity_months: row.try_get(7)?,
        };
        Ok((enrollment, row.try_get(8)?))
    };
    let (enrollment, version) = read().map_err(Failure::internal)?;
    Failure::unless_current("enrolment", version, expected_version)?;
    Ok(enrollment)
}
