//! `serviceRequestRate`.

use async_graphql::{Enum, InputObject};
use entities::operations::service_request;
use uuid::Uuid;

use crate::operations::REQUEST as PERMISSION;
use crate::operations::locked::{REQUEST, lock};
use foundation::database::{Error, Scope};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Notes how the customer liked what was done, as they said to staff.
#[derive(InputObject)]
pub struct ServiceRequestRateInput {
    /// The request.
    pub id: Id<service_request::Entity>,
    /// From 1 to 5 stars.
    pub rating: i32,
    /// What the customer said.
    pub comment: Option<String>,
}

/// Why it was not rated.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServiceRequestRateErrorCode")]
pub enum ServiceRequestRateProblem {
    /// The request is in a status in which that is not done.
    WrongStatus,
    /// What is done is rated from 1 to 5.
    RatingInvalid,
}

use ServiceRequestRateProblem as Problem;

/// The verb.
pub struct ServiceRequestRate;

impl Verb for ServiceRequestRate {
    type Input = ServiceRequestRateInput;
    type Problem = Problem;

    const NAME: &'static str = "serviceRequestRate";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("service_request.rated");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "serviceRequest",
        "ServiceRequest",
        "The request as it now is.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("service_requests_rating_check", Problem::RatingInvalid)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let row = lock(act, PERMISSION, REQUEST, input.id.uuid(), None).await?;
        row.allow(&["resolved", "closed"], Problem::WrongStatus)?;
        rate(act.scope, row.id, input.rating, input.comment.as_deref()).await?;
        let outcome = Outcome::row("serviceRequest", row.id);
        Ok(outcome.detail("location_id", row.location_id.to_string()))
    }
}

/// Notes what was thought of a locked request that is done.
pub async fn rate(
    scope: &Scope,
    id: Uuid,
    rating: i32,
    comment: Option<&str>,
) -> Result<(), Error> {
    let sql = "update operations.service_requests set rating = $3, rating_comment = $4 where biz_id = $1 and id = $2";
    let comment = comment.map(str::trim).filter(|text| !text.is_empty());
    let values = [
        scope.biz_id().into(),
        id.into(),
        // What is no small number is no rating either; the database says so.
        i16::try_from(rating).unwrap_or(i16::MAX).into(),
        comment.into(),
    ];
    scope.execute(sql, &values).await.map(drop)
}
