//! `slaCompensationReverse`.

use async_graphql::{Enum, InputObject};
use entities::operations::sla_compensation_event;
use uuid::Uuid;

use super::take_back::{Given, StaysGiven, given, reopen, take_back};
use crate::operations::COMPENSATE;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Takes back what was given for a broken promise, as a whole: credit and points that nobody has used
/// yet, which needs `entitlements.adjust` too, a refund, or an apology. Money that went back is owed again by
/// the customer: an invoice is issued, which needs `billing.invoice` too. It counts no more towards what the
/// policy allows; once nothing is left of what was given, the clock is breached as before.
#[derive(InputObject)]
pub struct SlaCompensationReverseInput {
    /// What was given.
    pub id: Id<sla_compensation_event::Entity>,
    /// Why it is taken back.
    pub reason: String,
}

/// Why nothing was taken back.
#[derive(Enum, Copy, Debug, Clone, PartialEq, Eq)]
#[graphql(name = "SlaCompensationReverseErrorCode")]
pub enum SlaCompensationReverseProblem {
    /// It was taken back already, or takes another back itself.
    AlreadyReversed,
    /// Some of the credit or points was used, is held or has expired.
    AlreadyUsed,
    /// Money went back, and no invoice can be issued for it: to nobody who is known, or by no series.
    MoneyIsGone,
    /// Money is on its way back: whether it can be taken back is known once it has arrived or failed.
    MoneyUnderWay,
    /// A reason must be given.
    ReasonRequired,
}

use SlaCompensationReverseProblem as Problem;

/// The verb.
pub struct SlaCompensationReverse;

const LOCK: &str = concat!(
    "select ",
    given!(),
    ", c.location_id, e.reverses_id is not null, c.id \
    from operations.sla_compensation_events e \
    join operations.sla_breach_events b on b.biz_id = e.biz_id and b.id = e.breach_id \
    join operations.sla_clocks c on c.biz_id = b.biz_id and c.id = b.clock_id \
    where e.biz_id = $1 and e.id = $2 for no key update of c"
);

impl Verb for SlaCompensationReverse {
    type Input = SlaCompensationReverseInput;
    type Problem = Problem;

    const NAME: &'static str = "slaCompensationReverse";
    const PERMISSION: Permission = Permission::Holds(COMPENSATE);
    const EVENT: Option<&'static str> = Some("sla.compensation_reversed");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "slaCompensationEvent",
            "SlaCompensationEvent",
            "What takes it back, below zero.",
        ),
        Part::Row("slaClock", "SlaClock", "The clock as it now is."),
        Part::Row(
            "invoice",
            "Invoice",
            "By which the customer owes money that had gone back.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[(
        "sla_compensation_events_reverses_id_key",
        Problem::AlreadyReversed,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (given, clock) = lock(act, input.id.uuid()).await?;
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let taken = take_back(act, &given, reason).await.map_err(told)?;
        reopen(act, clock, given.breach_id, reason).await?;
        let outcome = Outcome::row("slaCompensationEvent", taken.reversal)
            .and_row("slaClock", clock)
            .detail("kind", given.kind)
            .detail("amount_minor", -given.minor);
        Ok(match taken.invoice {
            Some(invoice) => outcome.and_row("invoice", invoice),
            None => outcome,
        })
    }
}

/// The code for why something stays given.
fn told(fault: Fault<StaysGiven>) -> Fault<Problem> {
    fault.map(|why| match why {
        StaysGiven::Used => Problem::AlreadyUsed,
        StaysGiven::MoneyIsGone => Problem::MoneyIsGone,
        StaysGiven::MoneyUnderWay => Problem::MoneyUnderWay,
    })
}

/// What was given, and its clock, locked.
async fn lock(act: &Act<'_>, id: Uuid) -> Result<(Given, Uuid), Fault<Problem>> {
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(LOCK, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("compensation"))?;
    if let Some(location) = row.try_get(8)? {
        act.permit_at(COMPENSATE, location, "compensation")?;
    }
    if row.try_get(9)? {
        let text = "This takes back another, and is not taken back itself.";
        return Err(Fault::at(Problem::AlreadyReversed, "id", text));
    }
    Ok((Given::of(&row)?, row.try_get(10)?))
}
