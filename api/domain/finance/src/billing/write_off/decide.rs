//! `writeOffApprove` and `writeOffReject`.

use async_graphql::{Enum, InputObject};
use entities::billing::write_off;

use super::super::store::note_event;
use super::{PAYLOAD, lock, post};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const APPROVAL: &str = "billing.approve_write_off";

/// Approves a write-off that somebody else asked for: from now on it counts.
#[derive(InputObject)]
pub struct WriteOffApproveInput {
    /// The write-off.
    pub id: Id<write_off::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a write-off cannot be approved.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WriteOffApproveErrorCode")]
pub enum WriteOffApproveProblem {
    /// It was decided before.
    WrongStatus,
    /// Who asks does not approve.
    SamePerson,
    /// Less than that is open by now.
    MoreThanOpen,
    /// The books are closed for this day.
    PeriodClosed,
}

/// Rejects a write-off: the invoice stays open.
#[derive(InputObject)]
pub struct WriteOffRejectInput {
    /// The write-off.
    pub id: Id<write_off::Entity>,
    /// Why.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a write-off cannot be rejected.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WriteOffRejectErrorCode")]
pub enum WriteOffRejectProblem {
    /// It was decided before.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb that approves.
pub struct WriteOffApprove;
/// The verb that rejects.
pub struct WriteOffReject;

impl Verb for WriteOffApprove {
    type Input = WriteOffApproveInput;
    type Problem = WriteOffApproveProblem;

    const NAME: &'static str = "writeOffApprove";
    const PERMISSION: Permission = Permission::Holds(APPROVAL);
    const EVENT: Option<&'static str> = Some("billing.write_off_approved");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, WriteOffApproveProblem)] = &[
        (
            "invoices_settled_check",
            WriteOffApproveProblem::MoreThanOpen,
        ),
        (
            "write_offs_two_person_check",
            WriteOffApproveProblem::SamePerson,
        ),
        (
            "journal_entries_period_open_check",
            WriteOffApproveProblem::PeriodClosed,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        let locked = lock(act, APPROVAL, (id, input.expected_version)).await?;
        if locked.status != "pending_approval" {
            let message = format!("The write-off is {}.", locked.status);
            return Err(Fault::problem(WriteOffApproveProblem::WrongStatus, message));
        }
        if act.scope.user_id().is_none() || act.scope.user_id() == locked.requested_by {
            let message = "Who asks for a write-off does not approve it: somebody else has to.";
            return Err(Fault::problem(WriteOffApproveProblem::SamePerson, message));
        }
        let sql = "update billing.write_offs set status = 'approved', approved_by_id = $3 \
                   where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            act.scope.user_id().into(),
        ];
        act.scope.execute(sql, &values).await?;
        let invoice = &locked.invoice;
        note_event(act.scope, invoice.id, "written_off", None).await?;
        post(act.scope, (id, invoice), locked.amount_minor).await?;
        Ok(Outcome::row("writeOff", id)
            .and_row("invoice", invoice.id)
            .detail("amount_minor", locked.amount_minor))
    }
}

impl Verb for WriteOffReject {
    type Input = WriteOffRejectInput;
    type Problem = WriteOffRejectProblem;

    const NAME: &'static str = "writeOffReject";
    const PERMISSION: Permission = Permission::Holds(APPROVAL);
    const EVENT: Option<&'static str> = Some("billing.write_off_rejected");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reason = Fault::unless_said(WriteOffRejectProblem::ReasonRequired, &input.reason)?;
        let id = input.id.uuid();
        let locked = lock(act, APPROVAL, (id, input.expected_version)).await?;
        if locked.status != "pending_approval" {
            let message = format!("The write-off is {}.", locked.status);
            return Err(Fault::problem(WriteOffRejectProblem::WrongStatus, message));
        }
        act.scope.set_reason(reason).await?;
        let sql = "update billing.write_offs set status = 'rejected' where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), id.into()];
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("writeOff", id).and_row("invoice", locked.invoice.id))
    }
}
