//! `obligationDrop`: what is owed is not to be paid, because the participant does not come.

use async_graphql::{Enum, InputObject};
use entities::booking::participant_obligation;

use super::store::{Owed, lock};
use crate::entitlements::OBLIGATIONS;
use foundation::database::Error;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PAYLOAD: &[Part] = &[Part::Row(
    "obligation",
    "ParticipantObligation",
    "What was owed, as it now is.",
)];

async fn locked<P>(
    act: &Act<'_>,
    id: Id<participant_obligation::Entity>,
) -> Result<Owed, Fault<P>> {
    let found = lock(act.scope, id.uuid()).await?;
    let owed = found.ok_or_else(|| Fault::not_found("obligation"))?;
    act.permit_at(OBLIGATIONS, owed.location_id, "obligation")?;
    Ok(owed)
}

async fn become_status(act: &Act<'_>, owed: &Owed, status: &'static str) -> Result<(), Error> {
    let sql =
        "update booking.participant_obligations set status = $3 where biz_id = $1 and id = $2";
    let values = [act.scope.biz_id().into(), owed.id.into(), status.into()];
    act.scope.execute(sql, &values).await.map(drop)
}

/// Lets a participant drop out who has paid nothing, or has got it back: whoever booked the order pays
/// that share.
#[derive(InputObject)]
pub struct ObligationDropInput {
    /// What is owed.
    pub id: Id<participant_obligation::Entity>,
}

/// Why the participant cannot drop out.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ObligationDropErrorCode")]
pub enum ObligationDropProblem {
    /// It was waived, cancelled or transferred already.
    WrongStatus,
    /// Something is paid: give it back first.
    Paid,
}

/// The verb `obligationDrop`.
pub struct ObligationDrop;

impl Verb for ObligationDrop {
    type Input = ObligationDropInput;
    type Problem = ObligationDropProblem;

    const NAME: &'static str = "obligationDrop";
    const PERMISSION: Permission = Permission::Holds(OBLIGATIONS);
    const EVENT: Option<&'static str> = Some("booking.obligation_dropped");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let owed = locked(act, input.id).await?;
        if !matches!(owed.status.as_str(), "pending" | "overdue") {
            let code = match owed.status.as_str() {
                "paid" | "partially_paid" => ObligationDropProblem::Paid,
                _ => ObligationDropProblem::WrongStatus,
            };
            let text = format!("It is {}; give back first what is paid.", owed.status);
            return Err(Fault::at(code, "id", text));
        }
        if owed.paid > 0 {
            let text = "Something is paid: give it back first.";
            return Err(Fault::at(ObligationDropProblem::Paid, "id", text));
        }
        become_status(act, &owed, "cancelled").await?;
        let sql = "update booking.booking_orders set organiser_share_minor = organiser_share_minor + $3 where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            owed.order_id.into(),
            owed.amount.into(),
        ];
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("obligation", owed.id).detail("amount_minor", owed.amount))
    }
}
