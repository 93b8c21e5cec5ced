//! The lists that inputs of dispatch choose from.

use entities::dispatch;

use foundation::choices;

choices! {
    /// What is to be done at a place.
    TaskKind = dispatch::domains::DISPATCH_TASK_KIND;
    /// Where a task stands.
    TaskStatus = dispatch::domains::DISPATCH_TASK_STATUS;
    /// Why a task could not be done.
    TaskFailure = dispatch::domains::DISPATCH_TASK_FAILURE;
    /// How it is shown that a task was done.
    ProofKind = dispatch::domains::TASK_PROOF_KIND;
    /// What a route plan makes small.
    Objective = dispatch::domains::ROUTE_OBJECTIVE;
    /// What becomes of a passenger.
    ManifestStatus = dispatch::domains::TRIP_MANIFEST_STATUS;
    /// What becomes of a stop.
    StopStatus = dispatch::domains::TRIP_STOP_STATUS;
}
