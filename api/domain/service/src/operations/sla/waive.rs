//! `slaClockWaive`.

use async_graphql::{Enum, InputObject};
use entities::operations::sla_clock;
use uuid::Uuid;

use super::take_back::{Given, StaysGiven, TakenBack, given, reopen, take_back};
use crate::operations::sla::clocks::end_pause;
use crate::operations::{COMPENSATE, WAIVE};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// A promise does not count, such as after a power cut: not as kept, and not as broken. All that was given
/// for its breach is taken back, as `slaCompensationReverse` does it, which needs `operations.compensate` too;
/// where some of it cannot be, the promise still counts.
#[derive(InputObject)]
pub struct SlaClockWaiveInput {
    /// The clock.
    pub id: Id<sla_clock::Entity>,
    /// Why it does not count.
    pub reason: String,
}

/// Why it still counts.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(name = "SlaClockWaiveErrorCode")]
pub enum SlaClockWaiveProblem {
    /// It was kept or waived before.
    WrongStatus,
    /// Some of the credit or points that were given was used, is held or has expired.
    AlreadyUsed,
    /// Money went back, and no invoice can be issued for it: to nobody who is known, or by no series.
    MoneyIsGone,
    /// Money is on its way back: whether it can be taken back is known once it has arrived or failed.
    MoneyUnderWay,
    /// A reason must be given.
    ReasonRequired,
}

use SlaClockWaiveProblem as Problem;

/// The verb.
pub struct SlaClockWaive;

impl Verb for SlaClockWaive {
    type Input = SlaClockWaiveInput;
    type Problem = Problem;

    const NAME: &'static str = "slaClockWaive";
    const PERMISSION: Permission = Permission::Holds(WAIVE);
    const EVENT: Option<&'static str> = Some("sla.waived");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("slaClock", "SlaClock", "The clock as it now is."),
        Part::Rows(
            "slaCompensationEvents",
            "SlaCompensationEvent",
            "What takes back what was given, below zero.",
        ),
        Part::Rows(
            "invoices",
            "Invoice",
            "By which the customer owes money that had gone back.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (scope, id) = (act.scope, input.id.uuid());
        let values = [scope.biz_id().into(), id.into()];
        let row = scope.query_opt(LOCK, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("clock"))?;
        if let Some(location) = row.try_get(1)? {
            act.permit_at(WAIVE, location, "clock")?;
        }
        let status: String = row.try_get(0)?;
        if matches!(status.as_str(), "met" | "waived") {
            let text = format!("The clock is {status}.");
            return Err(Fault::at(Problem::WrongStatus, "id", text));
        }
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let taken_back = if status == "compensated" {
            let reached = row.try_get(1)?;
            take_all_back(act, id, reached, reason).await?
        } else {
            Vec::new()
        };
        scope.set_reason(reason).await?;
        end_pause(scope, id).await?;
        let sql = "update operations.sla_clocks set status = 'waived', paused_at = null, stopped_at = coalesce(stopped_at, $3) \
                   where biz_id = $1 and id = $2";
        let values = [scope.biz_id().into(), id.into(), scope.now().into()];
        scope.execute(sql, &values).await?;
        let mut outcome = Outcome::row("slaClock", id).detail("reason", reason);
        for taken in taken_back {
            outcome = outcome.and_row("slaCompensationEvents", taken.reversal);
            if let Some(invoice) = taken.invoice {
                outcome = outcome.and_row("invoices", invoice);
            }
        }
        Ok(outcome)
    }
}

const LOCK: &str = "select c.status::text, c.location_id from operations.sla_clocks c \
    where c.biz_id = $1 and c.id = $2 for no key update";

const GIVEN: &str = concat!(
    "select ",
    given!(),
    " from operations.sla_breach_events b \
    join operations.sla_compensation_events e on e.biz_id = b.biz_id and e.breach_id = b.id and e.reverses_id is null \
    where b.biz_id = $1 and b.clock_id = $2 \
      and not exists (select from operations.sla_compensation_events r where r.biz_id = $1 and r.reverses_id = e.id) \
    order by e.id"
);

/// Takes back what was given for the breach of a locked clock, which is breached as before then.
async fn take_all_back(
    act: &Act<'_>,
    clock: Uuid,
    location: Option<Uuid>,
    reason: &str,
) -> Result<Vec<TakenBack>, Fault<Problem>> {
    let principal = act.principal()?;
    let may = location.map_or_else(
        || principal.may(COMPENSATE),
        |location| principal.may_at(COMPENSATE, location),
    );
    if !may {
        return Err(Failure::forbidden(COMPENSATE).into());
    }
    let values = [act.scope.biz_id().into(), clock.into()];
    let mut reversals = Vec::new();
    for row in act.scope.query(GIVEN, &values).await? {
        let given = Given::of(&row)?;
        reversals.push(take_back(act, &given, reason).await.map_err(told)?);
        reopen(act, clock, given.breach_id, reason).await?;
    }
    Ok(reversals)
}

/// The code for why something stays given.
fn told(fault: Fault<StaysGiven>) -> Fault<Problem> {
    fault.map(|why| match why {
        StaysGiven::Used => Problem::AlreadyUsed,
        StaysGiven::MoneyIsGone => Problem::MoneyIsGone,
        StaysGiven::MoneyUnderWay => Problem::MoneyUnderWay,
    })
}
