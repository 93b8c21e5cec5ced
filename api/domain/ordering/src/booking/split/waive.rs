//! `obligationWaive`.

use async_graphql::{Enum, InputObject};
use entities::booking::participant_obligation;
use uuid::Uuid;

use foundation::graph::failure::Failure;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// What verbs on shares ask for.
pub(super) const PERMISSION: &str = "booking.obligation";

type Problem = ObligationWaiveProblem;

/// Lets a participant off what is left of a share.
#[derive(InputObject)]
pub struct ObligationWaiveInput {
    /// The share.
    pub id: Id<participant_obligation::Entity>,
    /// Why it need not be paid.
    #[graphql(validator(max_length = 2000))]
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a share cannot be waived.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ObligationWaiveErrorCode")]
pub enum ObligationWaiveProblem {
    /// The share is paid, or no longer owed.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb.
pub struct ObligationWaive;

impl Verb for ObligationWaive {
    type Input = ObligationWaiveInput;
    type Problem = ObligationWaiveProblem;

    const NAME: &'static str = "obligationWaive";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("obligation.waived");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "obligation",
        "ParticipantObligation",
        "The share as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let owed = locked(act, input.id.uuid(), input.expected_version).await?;
        if !matches!(
            owed.status.as_str(),
            "pending" | "partially_paid" | "overdue"
        ) {
            let message = format!(
                "The share is {}; only one that is owed can be waived.",
                owed.status
            );
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        act.scope.set_reason(reason).await?;
        let sql = "with waived as ( \
                     update booking.participant_obligations b set status = 'waived' \
                     where b.biz_id = $1 and b.id = $2 returning b.id, b.amount_minor - b.paid_minor as rest, b.currency) \
                   insert into booking.participant_obligation_events (biz_id, id, obligation_id, kind, occurred_at, amount_minor, currency, note) \
                   select $1, core.uuid_v7(), w.id, 'waived', $3, w.rest, w.currency, $4 from waived w";
        let values = [
            act.scope.biz_id().into(),
            owed.id.into(),
            act.scope.now().into(),
            reason.into(),
        ];
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("obligation", owed.id)
            .detail("location_id", owed.location_id.to_string())
            .detail("reason", reason))
    }
}

/// A share that is locked until the transaction ends, with its booking.
#[derive(Clone, Debug)]
pub(super) struct Owed {
    pub id: Uuid,
    pub order_id: Uuid,
    pub location_id: Uuid,
    pub status: String,
    pub paid_minor: i64,
}

const ORDER: &str = "select o.location_id from booking.booking_orders o \
    where o.biz_id = $1 and o.id = (select b.order_id from booking.participant_obligations b where b.biz_id = $1 and b.id = $2) \
    for no key update";
const LOCK: &str = "select b.order_id, b.status::text, b.paid_minor, b.version from booking.participant_obligations b \
    where b.biz_id = $1 and b.id = $2 for no key update";

/// Locks a share, its booking first.
pub(super) async fn locked<P>(
    act: &Act<'_>,
    id: Uuid,
    expected_version: Option<i32>,
) -> Result<Owed, Fault<P>> {
    let values = [act.scope.biz_id().into(), id.into()];
    let (order, row) = futures_util::try_join!(
        act.scope.query_opt(ORDER, &values),
        act.scope.query_opt(LOCK, &values)
    )?;
    let (Some(order), Some(row)) = (order, row) else {
        return Err(Fault::not_found("obligation"));
    };
    let location_id = order.try_get(0)?;
    act.permit_at(PERMISSION, location_id, "obligation")?;
    let version: i32 = row.try_get(3)?;
    Failure::unless_current("share", version, expected_version)?;
    Ok(Owed {
        id,
        order_id: row.try_get(0)?,
        location_id,
        status: row.try_get(1)?,
        paid_minor: row.try_get(2)?,
    })
}
