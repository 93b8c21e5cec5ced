//! The work that orders ask for: planned, given to somebody, done, proved. What comes before what is
//! guarded by the database; this is how people move it on.

mod answer;
pub mod assign;
pub mod auto_assign;
mod candidates;
mod checkpoint;
mod choices;
mod claim;
pub mod depend;
mod locked;
pub mod plan;
mod proof;
pub mod replan;
pub mod rules;
mod steps;
mod store;

use foundation::graph::verb::{Declaration, declare};

/// The permission to plan work and to give it to somebody.
pub const PLAN: &str = "fulfillment.plan";
/// The permission to do work.
pub const WORK: &str = "fulfillment.work";

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<plan::FulfillmentUnitPlan>(),
        declare::<replan::FulfillmentUnitReplan>(),
        declare::<steps::FulfillmentUnitReady>(),
        declare::<steps::FulfillmentUnitStart>(),
        declare::<steps::FulfillmentUnitPause>(),
        declare::<steps::FulfillmentUnitResume>(),
        declare::<steps::FulfillmentUnitComplete>(),
        declare::<steps::FulfillmentUnitVerify>(),
        declare::<steps::FulfillmentUnitCancel>(),
        declare::<steps::FulfillmentUnitFail>(),
        declare::<steps::FulfillmentUnitRetry>(),
        declare::<depend::FulfillmentDependencyAdd>(),
        declare::<depend::FulfillmentDependencyRemove>(),
        declare::<assign::FulfillmentAssign>(),
        declare::<auto_assign::FulfillmentAutoAssign>(),
        declare::<answer::FulfillmentAssignmentAccept>(),
        declare::<answer::FulfillmentAssignmentDecline>(),
        declare::<answer::FulfillmentAssignmentRelease>(),
        declare::<checkpoint::FulfillmentCheckpointRecord>(),
        declare::<proof::FulfillmentProofAdd>(),
    ]
}
