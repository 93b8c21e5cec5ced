//! `substitutionRequest`.

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entities::workforce::{leave_request, staff_shift, substitution_pool};

use super::choices::Reason;
use super::open::{Left, Wish, begin, left};
use super::{SEARCHES, SUBSTITUTE};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Choice, Id, Instant};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

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
        let wish = Wish {
            pool_id: input.pool_id.map(|id| id.uuid()),
            reason,
            note: input.note,
            leave_id,
            needed_by: input.needed_by.map(|at| at.0),
        };
        let shifts = left(scope, shift_id, leave_id).await?;
        if shifts.is_empty() {
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
        let mut outcome = Outcome::default();
        for shift in &shifts {
            act.permit_at(SUBSTITUTE, shift.location_id, "shift")?;
            check(shift, &wish, scope.now())?;
            let begun = begin(act, shift, &wish).await?;
            outcome = outcome.and_row("substitutionRequests", begun.id);
            for offer in begun.offers {
                outcome = outcome.and_row("substitutionOffers", offer);
            }
        }
        let first = outcome.rows.first().map(|(_, id)| *id);
        outcome.subject = first.map(|id| ("SubstitutionRequest", id));
        Ok(outcome.detail("reason", reason))
    }
}

fn check(
    shift: &Left,
    wish: &Wish,
    now: DateTime<Utc>,
) -> Result<(), Fault<SubstitutionRequestProblem>> {
    let status = shift.status.as_str();
    let is_missed = status == "no_show" && shift.ends_at > now;
    if !is_missed && !matches!(status, "draft" | "published" | "confirmed") {
        let text = format!("The shift is {status}.");
        return Err(Fault::at(
            SubstitutionRequestProblem::WrongStatus,
            "shiftId",
            text,
        ));
    }
    if wish.until(shift, now) <= now {
        let text = "The time by which somebody must be found has passed.";
        return Err(Fault::at(
            SubstitutionRequestProblem::TooLate,
            "neededBy",
            text,
        ));
    }
    Ok(())
}
