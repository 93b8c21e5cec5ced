//! Rosters: shifts planned, published and confirmed, open shifts and swaps.

mod boards;
mod cancel;
mod change;
mod confirm;
mod draft;
mod jobs;
mod my_work;
mod no_show;
mod open_claim;
mod open_offer;
mod plan;
mod publish;
mod report;
pub mod rules;
pub mod store;
mod swap;
mod swap_accept;
mod swap_decide;
mod swap_decline;
mod swap_propose;
mod swap_withdraw;
pub mod verify;

use foundation::graph::board::{BoardDeclaration, board};
use foundation::graph::question::{Asking, question};
use foundation::graph::verb::{Declaration, Outcome, Part, declare};
use foundation::worker::Job;

/// Planning rosters, and deciding on what is asked of them.
pub(super) const ROSTER: &str = "workforce.roster";

/// The payload of verbs on a shift.
const SHIFT: &[Part] = &[Part::Row(
    "staffShift",
    "StaffShift",
    "The shift as it now is.",
)];
/// The payload of verbs on an open shift.
const OPEN_SHIFT: &[Part] = &[Part::Row(
    "openShift",
    "OpenShift",
    "The open shift as it now is.",
)];

/// A verb's answer about a shift.
fn about(shift: &store::Shift) -> Outcome {
    Outcome::row("staffShift", shift.id)
        .detail("location_id", shift.location_id.to_string())
        .detail("staff_id", shift.staff_id.to_string())
}

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<plan::RosterPlan>(),
        declare::<draft::RosterDraft>(),
        declare::<publish::RosterPublish>(),
        declare::<confirm::ShiftConfirm>(),
        declare::<change::ShiftChange>(),
        declare::<cancel::ShiftCancel>(),
        declare::<no_show::ShiftMarkNoShow>(),
        declare::<open_offer::OpenShiftOffer>(),
        declare::<open_offer::OpenShiftCancel>(),
        declare::<open_claim::OpenShiftClaim>(),
        declare::<swap_propose::ShiftSwapPropose>(),
        declare::<swap_accept::ShiftSwapAccept>(),
        declare::<swap_decline::ShiftSwapDecline>(),
        declare::<swap_withdraw::ShiftSwapWithdraw>(),
        declare::<swap_decide::ShiftSwapApprove>(),
        declare::<swap_decide::ShiftSwapReject>(),
    ]
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    vec![
        question::<my_work::MyWorkQuestion>(),
        question::<report::RosterFillReport>(),
    ]
}

/// The boards.
pub fn boards() -> Vec<BoardDeclaration> {
    vec![board::<boards::RosterBoard>()]
}

/// The clock work.
pub fn jobs() -> Vec<Job> {
    jobs::jobs()
}
