//! `obligationWaive`, `obligationDrop` and `obligationTransfer`: what is owed is not to be paid, or not by
//! this participant.

use async_graphql::{Enum, InputObject};
use entities::booking::{booking_participant, participant_obligation};
use sea_orm::Value;

use super::store::{Happened, Owed, happened, lock};
use crate::database::{Error, new_id};
use crate::domain::entitlements::OBLIGATIONS;
use crate::graph::scalars::Id;
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

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

/// Waives what is left of what a participant owes: it need not be paid.
#[derive(InputObject)]
pub struct ObligationWaiveInput {
    /// What is owed.
    pub id: Id<participant_obligation::Entity>,
    /// Why it need not be paid.
    pub reason: String,
}

/// Why it was not waived.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ObligationWaiveErrorCode")]
pub enum ObligationWaiveProblem {
    /// Nothing is owed any more.
    NothingOwed,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb `obligationWaive`.
pub struct ObligationWaive;

impl Verb for ObligationWaive {
    type Input = ObligationWaiveInput;
    type Problem = ObligationWaiveProblem;

    const NAME: &'static str = "obligationWaive";
    const PERMISSION: Permission = Permission::Holds(OBLIGATIONS);
    const EVENT: Option<&'static str> = Some("booking.obligation_waived");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let owed = locked(act, input.id).await?;
        if input.reason.trim().is_empty() {
            let text = "A reason is required.";
            return Err(Fault::at(
                ObligationWaiveProblem::ReasonRequired,
                "reason",
                text,
            ));
        }
        if owed.rest() == 0 {
            let text = "Nothing is owed any more.";
            return Err(Fault::at(ObligationWaiveProblem::NothingOwed, "id", text));
        }
        become_status(act, &owed, "waived").await?;
        let what = Happened {
            kind: "waived",
            minor: owed.rest(),
            note: Some(&input.reason),
            ..Happened::default()
        };
        happened(act.scope, &owed, &what).await?;
        Ok(Outcome::row("obligation", owed.id).detail("waived_minor", owed.rest()))
    }
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

/// Lets another participant of the order owe what this one owes, who has paid nothing.
#[derive(InputObject)]
pub struct ObligationTransferInput {
    /// What is owed.
    pub id: Id<participant_obligation::Entity>,
    /// Who owes it from now on.
    pub to_participant_id: Id<booking_participant::Entity>,
}

/// Why nobody else owes it.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ObligationTransferErrorCode")]
pub enum ObligationTransferProblem {
    /// It is paid in part or in whole, waived, cancelled or transferred.
    WrongStatus,
    /// Whoever is to owe it takes no part in the order, or owes a share already.
    WrongParticipant,
}

/// The verb `obligationTransfer`.
pub struct ObligationTransfer;

const TRANSFER: &str = "insert into booking.participant_obligations (biz_id, id, order_id, participant_id, amount_minor, currency, \
      due_at, status, transferred_from_id) \
    select $1, $3, b.order_id, $4, b.amount_minor, b.currency, b.due_at, 'pending', b.id \
    from booking.participant_obligations b where b.biz_id = $1 and b.id = $2";

impl Verb for ObligationTransfer {
    type Input = ObligationTransferInput;
    type Problem = ObligationTransferProblem;

    const NAME: &'static str = "obligationTransfer";
    const PERMISSION: Permission = Permission::Holds(OBLIGATIONS);
    const EVENT: Option<&'static str> = Some("booking.obligation_transferred");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("obligation", "ParticipantObligation", "What is owed now."),
        Part::Row(
            "transferred",
            "ParticipantObligation",
            "What was owed before.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[
        (
            "participant_obligations_same_order_check",
            ObligationTransferProblem::WrongParticipant,
        ),
        (
            "participant_obligations_participant_id_key",
            ObligationTransferProblem::WrongParticipant,
        ),
        (
            "participant_obligations_participant_id_fkey",
            ObligationTransferProblem::WrongParticipant,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let owed = locked(act, input.id).await?;
        if !matches!(owed.status.as_str(), "pending" | "overdue") || owed.paid > 0 {
            let text = format!(
                "It is {}; only what is not paid at all goes over.",
                owed.status
            );
            return Err(Fault::at(
                ObligationTransferProblem::WrongStatus,
                "id",
                text,
            ));
        }
        become_status(act, &owed, "transferred").await?;
        let id = new_id();
        let values: [Value; 4] = [
            act.scope.biz_id().into(),
            owed.id.into(),
            id.into(),
            input.to_participant_id.uuid().into(),
        ];
        act.scope.execute(TRANSFER, &values).await?;
        let what = |kind| Happened {
            kind,
            ..Happened::default()
        };
        happened(act.scope, &owed, &what("transferred")).await?;
        let new = Owed { id, ..owed.clone() };
        happened(act.scope, &new, &what("created")).await?;
        Ok(Outcome::row("obligation", id).and_row("transferred", owed.id))
    }
}
