//! `bookingParticipantCancel`.

use async_graphql::{Enum, InputObject};
use entities::booking::booking_participant;
use uuid::Uuid;

use crate::booking::locked::lock;
use crate::booking::rules::unchangeable;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "booking.cancel";

type Problem = BookingParticipantCancelProblem;

/// Notes that one of those who take part drops out. What that one paid is due back to that one and
/// nobody else; the share is the organiser's from now on, so that the shares still sum up.
#[derive(InputObject)]
pub struct BookingParticipantCancelInput {
    /// The participant.
    pub id: Id<booking_participant::Entity>,
    /// Why.
    #[graphql(validator(max_length = 2000))]
    pub reason: Option<String>,
}

/// Why a participant cannot drop out.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BookingParticipantCancelErrorCode")]
pub enum BookingParticipantCancelProblem {
    /// The booking has begun or is over.
    WrongStatus,
    /// The participant has dropped out already.
    AlreadyCancelled,
}

/// The verb.
pub struct BookingParticipantCancel;

impl Verb for BookingParticipantCancel {
    type Input = BookingParticipantCancelInput;
    type Problem = BookingParticipantCancelProblem;

    const NAME: &'static str = "bookingParticipantCancel";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("booking.participant_cancelled");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "participant",
            "BookingParticipant",
            "The participant as it now is.",
        ),
        Part::Row("bookingOrder", "BookingOrder", "The booking as it now is."),
        Part::Value(
            "refundDueMinor",
            "Long",
            "What this participant gets back of what this participant paid, in minor units.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let (biz, person) = (act.scope.biz_id(), input.id.uuid());
        let sql = "select p.order_id from booking.booking_participants p where p.biz_id = $1 and p.id = $2";
        let row = act
            .scope
            .query_opt(sql, &[biz.into(), person.into()])
            .await?;
        let order_id: Uuid = row
            .ok_or_else(|| Fault::not_found("participant"))?
            .try_get(0)?;
        let order = lock(act, PERMISSION, order_id, None).await?;
        if let Some(message) = unchangeable(&order.status) {
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        act.scope
            .set_reason(
                input
                    .reason
                    .as_deref()
                    .map_or("The participant dropped out.", str::trim),
            )
            .await?;
        let gone = "update booking.booking_participants p set cancelled_at = $3 \
                    where p.biz_id = $1 and p.id = $2 and p.cancelled_at is null";
        let values = [biz.into(), person.into(), act.scope.now().into()];
        if act.scope.execute(gone, &values).await? == 0 {
            let message = "The participant has dropped out already.";
            return Err(Fault::at(Problem::AlreadyCancelled, "id", message));
        }
        let refund = drop_share(act, order_id, person).await?;
        Ok(Outcome::row("participant", person)
            .and_row("bookingOrder", order_id)
            .and_value("refundDueMinor", refund)
            .detail("location_id", order.location_id.to_string())
            .detail("refund_due_minor", refund))
    }
}

const DROP: &str = "with share as ( \
      select b.id, b.amount_minor, b.paid_minor from booking.participant_obligations b \
      where b.biz_id = $1 and b.participant_id = $2 and b.status not in ('cancelled', 'transferred', 'waived') \
      for no key update), \
    dropped as ( \
      update booking.participant_obligations b set status = 'cancelled' from share where b.biz_id = $1 and b.id = share.id), \
    taken as ( \
      update booking.booking_orders o set organiser_share_minor = o.organiser_share_minor + share.amount_minor \
      from share where o.biz_id = $1 and o.id = $3) \
    select share.paid_minor from share";

/// Drops the share of a participant, which is the organiser's from now on, and tells what was paid.
async fn drop_share(act: &Act<'_>, order_id: Uuid, person: Uuid) -> Result<i64, Fault<Problem>> {
    let values = [act.scope.biz_id().into(), person.into(), order_id.into()];
    let row = act.scope.query_opt(DROP, &values).await?;
    let paid: Option<i64> = row.map(|row| row.try_get(0)).transpose()?;
    Ok(paid.unwrap_or_default())
}
