//! `obligationTransfer`.

use async_graphql::{Enum, InputObject};
use entities::booking::{booking_participant, participant_obligation};
use uuid::Uuid;

use super::waive::{PERMISSION, locked};
use foundation::database::new_id;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

type Problem = ObligationTransferProblem;

/// Passes a share of which nothing is paid on to another participant of the same booking, who owes
/// it from now on.
#[derive(InputObject)]
pub struct ObligationTransferInput {
    /// The share.
    pub id: Id<participant_obligation::Entity>,
    /// Who owes it from now on.
    pub participant_id: Id<booking_participant::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a share cannot be passed on.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ObligationTransferErrorCode")]
pub enum ObligationTransferProblem {
    /// The share is paid in part or whole, or no longer owed.
    WrongStatus,
    /// That participant owes a share already.
    OwesAlready,
}

/// The verb.
pub struct ObligationTransfer;

impl Verb for ObligationTransfer {
    type Input = ObligationTransferInput;
    type Problem = ObligationTransferProblem;

    const NAME: &'static str = "obligationTransfer";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("obligation.transferred");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "obligation",
            "ParticipantObligation",
            "The share that took its place.",
        ),
        Part::Row(
            "transferred",
            "ParticipantObligation",
            "The share as it now is.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, ObligationTransferProblem)] = &[(
        "participant_obligations_participant_id_key",
        Problem::OwesAlready,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let owed = locked(act, input.id.uuid(), input.expected_version).await?;
        if !matches!(owed.status.as_str(), "pending" | "overdue") || owed.paid_minor > 0 {
            let message = format!(
                "The share is {}; only one of which nothing is paid can be passed on.",
                owed.status
            );
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        let (biz, person) = (act.scope.biz_id(), input.participant_id.uuid());
        let sql = "select p.id from booking.booking_participants p \
                   where p.biz_id = $1 and p.id = $2 and p.order_id = $3 and p.cancelled_at is null";
        let values = [biz.into(), person.into(), owed.order_id.into()];
        if act.scope.query_opt(sql, &values).await?.is_none() {
            return Err(Fault::not_found("participant of this booking"));
        }
        let id = write(act, owed.id, person).await?;
        Ok(Outcome::row("obligation", id)
            .and_row("transferred", owed.id)
            .detail("location_id", owed.location_id.to_string()))
    }
}

const PASS: &str = "update booking.participant_obligations b set status = 'transferred' where b.biz_id = $1 and b.id = $2";
const TAKE: &str = "with taken as ( \
      insert into booking.participant_obligations (biz_id, id, order_id, participant_id, amount_minor, currency, due_at, \
        transferred_from_id) \
      select $1, $3, b.order_id, $4, b.amount_minor, b.currency, b.due_at, b.id \
      from booking.participant_obligations b where b.biz_id = $1 and b.id = $2 \
      returning id, amount_minor, currency) \
    insert into booking.participant_obligation_events (biz_id, id, obligation_id, kind, occurred_at, amount_minor, currency) \
    select $1, core.uuid_v7(), e.id, e.kind, $5, t.amount_minor, t.currency \
    from taken t cross join lateral (values ($2::uuid, 'transferred'), (t.id, 'created')) as e (id, kind)";

async fn write(act: &Act<'_>, id: Uuid, person: Uuid) -> Result<Uuid, Fault<Problem>> {
    let (biz, new) = (act.scope.biz_id(), new_id());
    act.scope.execute(PASS, &[biz.into(), id.into()]).await?;
    let values = [
        biz.into(),
        id.into(),
        new.into(),
        person.into(),
        act.scope.now().into(),
    ];
    act.scope.execute(TAKE, &values).await?;
    Ok(new)
}
