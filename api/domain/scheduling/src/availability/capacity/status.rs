//! `slotOpen`, `slotClose` and `slotStopSell`.

use async_graphql::{Enum, InputObject};

use super::MANAGE_SLOTS;
use super::selection::{SlotSelectionInput, lock};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Opens slots for bookings again.
#[derive(InputObject)]
pub struct SlotOpenInput {
    /// The slots, 500 at most; those that are open already stay as they are.
    pub slots: SlotSelectionInput,
    /// Why, in words.
    pub reason: Option<String>,
}

/// Closes slots, as nothing takes place then. What is booked of them stays booked.
#[derive(InputObject)]
pub struct SlotCloseInput {
    /// The slots, 500 at most; those that are closed already stay as they are.
    pub slots: SlotSelectionInput,
    /// Why, in words.
    pub reason: Option<String>,
}

/// Sells no more of slots that take place. What is booked of them stays booked.
#[derive(InputObject)]
pub struct SlotStopSellInput {
    /// The slots, 500 at most; those that are not sold any more stay as they are.
    pub slots: SlotSelectionInput,
    /// Why, in words.
    pub reason: Option<String>,
}

const PAYLOAD: &[Part] = &[
    Part::Rows("slots", "Slot", "The slots as they now are."),
    Part::Value(
        "changedCount",
        "Int",
        "How many of them were otherwise before.",
    ),
];

const MOVE: &str = "update availability.slots s set status = $3 \
    where s.biz_id = $1 and s.id = any ($2::uuid[]) and s.status <> $3::text";

/// Moves slots to a status.
async fn set<P: Copy>(
    act: &Act<'_>,
    slots: &SlotSelectionInput,
    reason: Option<&str>,
    status: &str,
    incomplete: P,
) -> Result<Outcome, Fault<P>> {
    let selected = lock(act, slots, incomplete).await?;
    if let Some(reason) = reason {
        act.scope.set_reason(reason).await?;
    }
    let values = [
        act.scope.biz_id().into(),
        selected.ids.clone().into(),
        status.into(),
    ];
    let changed = act.scope.execute(MOVE, &values).await?;
    let mut outcome = Outcome::default()
        .and_value("changedCount", i64::try_from(changed).unwrap_or_default())
        .detail("location_id", selected.location_id.to_string());
    outcome.subject = selected.ids.first().map(|id| ("Slot", *id));
    Ok(selected
        .ids
        .into_iter()
        .fold(outcome, |outcome, id| outcome.and_row("slots", id)))
}

macro_rules! moves {
    ($($verb:ident, $input:ident, $problem:ident, $code:literal, $name:literal, $event:literal, $status:literal;)*) => {$(
        /// Why it cannot be done.
        #[derive(Enum, Copy, Clone, PartialEq, Eq)]
        #[graphql(name = $code)]
        pub enum $problem {
            /// It is not clear which slots are meant, or they are too many.
            Incomplete,
        }

        /// The verb.
        pub struct $verb;

        impl Verb for $verb {
            type Input = $input;
            type Problem = $problem;

            const NAME: &'static str = $name;
            const PERMISSION: Permission = Permission::Holds(MANAGE_SLOTS);
            const EVENT: Option<&'static str> = Some($event);
            const PAYLOAD: &'static [Part] = PAYLOAD;

            async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
                set(act, &input.slots, input.reason.as_deref(), $status, $problem::Incomplete).await
            }
        }
    )*};
}

moves! {
    SlotOpen, SlotOpenInput, SlotOpenProblem, "SlotOpenErrorCode", "slotOpen", "slots.opened", "open";
    SlotClose, SlotCloseInput, SlotCloseProblem, "SlotCloseErrorCode", "slotClose", "slots.closed", "closed";
    SlotStopSell, SlotStopSellInput, SlotStopSellProblem, "SlotStopSellErrorCode", "slotStopSell", "slots.stop_sell", "stop_sell";
}
