//! The lists that inputs of these verbs choose from.

use entities::{booking, resources};

use foundation::choices;

choices! {
    /// What has to be done.
    FulfillmentKind = booking::domains::FULFILLMENT_KIND;
    /// How one piece of work waits for another.
    DependencyKind = booking::domains::DEPENDENCY_KIND;
    /// What proves that work was done.
    ProofKind = booking::domains::PROOF_KIND;
    /// How one is chosen among resources that would all do.
    SelectionStrategy = resources::domains::SELECTION_STRATEGY;
}
