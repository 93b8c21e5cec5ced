//! `substitutionRequest`.

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entities::workforce::{leave_request, staff_shift, substitution_pool};
use sea_orm::Value;
use uuid::Uuid;

use super::choices::Reason;
use super::store::{lock_search, take_turn};
use super::{SEARCHES, SUBSTITUTE};
use crate::database::new_id;
use crate::graph::failure::Failure;
use crate::graph::scalars::{Choice, Id, Instant};
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Looks for somebody who takes a shift that is left without its person, or all shifts that a leave
/// touches. The pool, if one is given, is asked at once, in its fair order.
#[derive(InputObject)]
pub struct SubstitutionRequestInput {
    /// The shift; or else a leave.
    pub shift_id: Option<Id<staff_shift::Entity>>,
    /// The leave whose shifts need somebody else; 100 of them at most.
    pub leave_request_id: Option<Id<leave_request::Entity>>,
    /// The pool that is asked.
    pub pool_id: Option<Id<substitution_pool::Entity>>,
    /// Why; the leave, where one is given.
    pub reason: Option<Choice<Reason>>,
    /// Why, in words.
    pub note: Option<String>,
    /// When somebody must be found, at the latest; when the shift begins if not given.
    pub needed_by: Option<Instant>,
}

/// Why nobody is looked for.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "SubstitutionRequestErrorCode")]
pub enum SubstitutionRequestProblem {
    /// The shift is over, has ended, or was called off.
    WrongStatus,
    /// A stand-in for this shift is looked for already.
    AlreadyOpen,
    /// A reason must be given, and another reason in words.
    ReasonRequired,
    /// The time by which somebody must be found has passed.
    TooLate,
    /// The leave touches no shift for which nobody is looked for yet.
    NoShifts,
}

/// The verb.
pub struct SubstitutionRequest;

const SHIFTS: &str = "select s.id, s.staff_id, s.location_id, s.planned_starts_at, s.planned_ends_at, s.status::text \
    from workforce.staff_shifts s \
    where s.biz_id = $1 and (s.id = $2 or ($2::uuid is null and s.planned_ends_at > $4 and s.status in ('draft', 'published', 'confirmed') \
      and exists (select from workforce.leave_request_days d where d.biz_id = $1 and d.leave_request_id = $3 \
        and d.staff_id = s.staff_id and d.leave_on = s.business_date and d.status in ('reserved', 'charged')) \
      and not exists (select from workforce.substitution_requests r where r.biz_id = $1 and r.shift_id = s.id \
        and r.status in ('open', 'offering')))) \
    order by s.id limit 100 for no key update of s";

const INSERT: &str = "insert into workforce.substitution_requests \
      (biz_id, id, shift_id, absent_staff_id, pool_id, reason, note, leave_request_id, needed_by) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

impl Verb for SubstitutionRequest {
    type Input = SubstitutionRequestInput;
    type Problem = SubstitutionRequestProblem;

    const NAME: &'static str = "substitutionRequest";
    const PERMISSION: Permission = Permission::Holds(SUBSTITUTE);
    const EVENT: Option<&'static str> = Some("workforce.substitution_requested");
    const PAYLOAD: &'static [Part] = SEARCHES;
    const CONSTRAINTS: &'static [(&'static str, SubstitutionRequestProblem)] = &[
        (
            "substitution_requests_open_key",
            SubstitutionRequestProblem::AlreadyOpen,
        ),
        (
            "substitution_requests_note_other_check",
            SubstitutionRequestProblem::ReasonRequired,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let shift_id = input.shift_id.map(|id| id.uuid());
        let leave_id = input.leave_request_id.map(|id| id.uuid());
        if shift_id.is_some() == leave_id.is_some() {
            return Err(Failure::input("Give either shiftId or leaveRequestId.").into());
        }
        let reason = match (input.reason, leave_id) {
            (Some(reason), _) => reason.0,
            (None, Some(_)) => "leave",
            (None, None) => {
                let text = "A reason is required.";
                return Err(Fault::at(
                    SubstitutionRequestProblem::ReasonRequired,
                    "reason",
                    text,
                ));
            }
        };
        let values: [Value; 4] = [
            scope.biz_id().into(),
            shift_id.into(),
            leave_id.into(),
            scope.now().into(),
        ];
        let rows = scope.query(SHIFTS, &values).await?;
        if rows.is_empty() {
            if shift_id.is_some() {
                return Err(Fault::not_found("shift"));
            }
            let text = "The leave touches no shift for which nobody is looked for yet.";
            return Err(Fault::at(
                SubstitutionRequestProblem::NoShifts,
                "leaveRequestId",
                text,
            ));
        }
        let pool_id = input.pool_id.map(|id| id.uuid());
        let mut outcome = Outcome::default();
        for row in &rows {
            let location: Uuid = row.try_get(2)?;
            act.permit_at(SUBSTITUTE, location, "shift")?;
            let (from, to): (DateTime<Utc>, DateTime<Utc>) = (row.try_get(3)?, row.try_get(4)?);
            let status: &str = row.try_get(5)?;
            let is_missed = status == "no_show" && to > scope.now();
            if !is_missed && !matches!(status, "draft" | "published" | "confirmed") {
                let text = format!("The shift is {status}.");
                return Err(Fault::at(
                    SubstitutionRequestProblem::WrongStatus,
                    "shiftId",
                    text,
                ));
            }
            // Where the shift has begun, whoever comes late is better than nobody.
            let usual = if from > scope.now() { from } else { to };
            let needed_by = input.needed_by.map_or(usual, |at| at.0);
            if needed_by <= scope.now() {
                let text = "The time by which somebody must be found has passed.";
                return Err(Fault::at(
                    SubstitutionRequestProblem::TooLate,
                    "neededBy",
                    text,
                ));
            }
            let id = new_id();
            let values: [Value; 9] = [
                scope.biz_id().into(),
                id.into(),
                row.try_get::<_, Uuid>(0)?.into(),
                row.try_get::<_, Uuid>(1)?.into(),
                pool_id.into(),
                reason.into(),
                input.note.clone().into(),
                leave_id.into(),
                needed_by.into(),
            ];
            scope.execute(INSERT, &values).await?;
            outcome = outcome.and_row("substitutionRequests", id);
            if let Some(pool_id) = pool_id {
                let search = lock_search(scope, id).await?;
                for offer in take_turn(scope, &search, pool_id).await?.sent {
                    outcome = outcome.and_row("substitutionOffers", offer);
                }
            }
        }
        let first = outcome.rows.first().map(|(_, id)| *id);
        outcome.subject = first.map(|id| ("SubstitutionRequest", id));
        Ok(outcome.detail("reason", reason))
    }
}
