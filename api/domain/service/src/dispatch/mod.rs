//! Dispatch: tasks on the road, who does them and when they are there; trips with their seats leg by
//! leg; plans of who drives where in which order.

mod boards;
mod choices;
pub mod plan;
pub mod position;
mod promises;
pub mod rules;
pub mod seat;
pub mod shift;
mod store;
pub mod task;
pub mod tracking;
pub mod trip;
pub mod verify;

use foundation::graph::board::{BoardDeclaration, board, screen};
use foundation::graph::question::{Asking, question};
use foundation::graph::verb::{Declaration, declare};
use foundation::worker::Job;

/// Plans, assigns and cancels tasks, trips and shifts.
pub const PLAN: &str = "dispatch.plan";
/// Does tasks: the driver's own steps, and where the vehicle is.
pub const DRIVE: &str = "dispatch.drive";
/// Sells seats, and lets passengers in and out.
pub const BOARD: &str = "dispatch.board";

/// The verbs of dispatch.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<task::create::DispatchTaskCreate>(),
        declare::<task::assign::DispatchTaskAssign>(),
        declare::<task::accept::DispatchTaskAccept>(),
        declare::<task::decline::DispatchTaskDecline>(),
        declare::<task::unassign::DispatchTaskUnassign>(),
        declare::<task::start::DispatchTaskStart>(),
        declare::<task::arrive::DispatchTaskArrive>(),
        declare::<task::complete::DispatchTaskComplete>(),
        declare::<task::fail::DispatchTaskFail>(),
        declare::<task::retry::DispatchTaskRetry>(),
        declare::<task::cancel::DispatchTaskCancel>(),
        declare::<shift::plan::DriverShiftPlan>(),
        declare::<shift::begin::DriverShiftBegin>(),
        declare::<shift::finish::DriverShiftFinish>(),
        declare::<shift::cancel::DriverShiftCancel>(),
        declare::<position::VehiclePositionsRecord>(),
        declare::<plan::propose::RoutePlanPropose>(),
        declare::<plan::apply::RoutePlanApply>(),
        declare::<plan::discard::RoutePlanDiscard>(),
        declare::<trip::schedule::TransportTripSchedule>(),
        declare::<trip::board::TransportTripBoard>(),
        declare::<trip::depart::TransportTripDepart>(),
        declare::<trip::delay::TransportTripDelay>(),
        declare::<trip::stop::TripStopMark>(),
        declare::<trip::complete::TransportTripComplete>(),
        declare::<trip::cancel::TransportTripCancel>(),
        declare::<seat::reserve::TripSeatReserve>(),
        declare::<seat::confirm::TripSeatConfirm>(),
        declare::<seat::cancel::TripSeatCancel>(),
        declare::<seat::mark::TripPassengerMark>(),
        declare::<tracking::share::TrackingLinkShare>(),
        declare::<tracking::revoke::TrackingLinkRevoke>(),
    ]
}

/// The questions of dispatch.
pub fn questions() -> Vec<Asking> {
    vec![
        question::<tracking::view::TaskTracking>(),
        question::<position::FleetStates>(),
        question::<trip::report::DispatchPerformance>(),
    ]
}

/// The clock work of dispatch.
pub fn jobs() -> Vec<Job> {
    seat::jobs::jobs()
}

/// The boards of dispatch.
pub fn boards() -> Vec<BoardDeclaration> {
    vec![
        board::<boards::DispatchBoard>(),
        board::<boards::TripBoard>(),
        board::<boards::VehiclePositions>(),
        screen::<tracking::live::TaskTrackingLive>(),
    ]
}
