//! `refundApprove` and `refundCancel`: what becomes of a refund that waits.

use async_graphql::InputObject;
use entities::payments::refund;
use sea_orm::Value;
use uuid::Uuid;

use super::guard;
use super::refund::dispatch;
use super::refunds::{self, Refund, set_status};
use super::store::limit;
use super::tenders::{CONSTRAINTS, PaymentProblem as Problem};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const APPROVE: &str = "payments.approve_refund";

/// Approves a refund that somebody else has asked for, and sends it. It is within the limit of the
/// approver's own roles.
#[derive(InputObject)]
pub struct RefundApproveInput {
    /// The refund.
    pub id: Id<refund::Entity>,
}

/// Gives up a refund that waits for approval: its amount can be refunded anew.
#[derive(InputObject)]
pub struct RefundCancelInput {
    /// The refund.
    pub id: Id<refund::Entity>,
}

const PAYLOAD: &[Part] = &[Part::Row("refund", "Refund", "The refund as it now is.")];

async fn waiting(act: &Act<'_>, permission: &str, id: Uuid) -> Result<Refund, Fault<Problem>> {
    let refund = refunds::find(act.scope, id).await?;
    let refund = refund.ok_or_else(|| Fault::not_found("refund"))?;
    guard::lock(act, permission, refund.intent_id).await?;
    let refund = refunds::find(act.scope, id).await?;
    let refund = refund.ok_or_else(|| Fault::not_found("refund"))?;
    if refund.status == "pending_approval" {
        return Ok(refund);
    }
    let message = format!("The refund is {}.", refund.status.replace('_', " "));
    Err(Fault::at(Problem::WrongStatus, "id", message))
}

/// The verb that approves.
pub struct RefundApprove;

impl Verb for RefundApprove {
    type Input = RefundApproveInput;
    type Problem = Problem;

    const NAME: &'static str = "refundApprove";
    const PERMISSION: Permission = Permission::Holds(APPROVE);
    const EVENT: Option<&'static str> = Some("payment.refund_approved");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let refund = waiting(act, APPROVE, input.id.uuid()).await?;
        let by = act.scope.user_id();
        if by.is_none() || by == refund.requested_by {
            let message = "Somebody else than who asked for it has to approve.";
            return Err(Fault::at(Problem::SamePerson, "id", message));
        }
        let most = limit(act, APPROVE, &refund.currency).await?;
        if most.is_some_and(|most| refund.amount > most) {
            let message = "It is more than your roles let you approve.";
            return Err(Fault::at(Problem::BeyondLimit, "id", message));
        }
        let sql = "update payments.refunds set approved_by_id = $3 where biz_id = $1 and id = $2";
        let values: [Value; 3] = [act.scope.biz_id().into(), refund.id.into(), by.into()];
        act.scope.execute(sql, &values).await?;
        set_status(act.scope, &[refund.id], "processing").await?;
        dispatch(act, vec![refund.id], Outcome::row("refund", refund.id)).await
    }
}

/// The verb that gives up.
pub struct RefundCancel;

impl Verb for RefundCancel {
    type Input = RefundCancelInput;
    type Problem = Problem;

    const NAME: &'static str = "refundCancel";
    const PERMISSION: Permission = Permission::Holds(super::refund::PERMISSION);
    const EVENT: Option<&'static str> = Some("payment.refund_canceled");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = CONSTRAINTS;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let refund = waiting(act, super::refund::PERMISSION, input.id.uuid()).await?;
        set_status(act.scope, &[refund.id], "canceled").await?;
        let sql = "update payments.payment_intents set refund_reserved_minor = refund_reserved_minor - $3 \
                   where biz_id = $1 and id = $2";
        let values: [Value; 3] = [
            act.scope.biz_id().into(),
            refund.intent_id.into(),
            refund.amount.into(),
        ];
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("refund", refund.id))
    }
}
