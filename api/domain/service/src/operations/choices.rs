//! The lists that inputs of operations choose from.

use entities::{operations, resources};

use foundation::choices;

choices! {
    /// How urgent something is.
    Priority = operations::domains::SERVICE_PRIORITY;
    /// How a request came in.
    RequestChannel = operations::domains::SERVICE_REQUEST_CHANNEL;
    /// Where a request stands.
    RequestStatus = operations::domains::SERVICE_REQUEST_STATUS;
    /// How bad a fault is.
    FaultSeverity = operations::domains::FAULT_SEVERITY;
    /// How a broken promise is made good.
    CompensationKind = operations::domains::SLA_COMPENSATION_KIND;
    /// What happened.
    IncidentKind = operations::domains::INCIDENT_KIND;
    /// How bad an incident was.
    IncidentSeverity = operations::domains::INCIDENT_SEVERITY;
    /// How urgent a work order is.
    WorkPriority = resources::domains::WORK_ORDER_PRIORITY;
    /// What is counted of the use of a resource.
    UsageMetric = resources::domains::USAGE_METRIC;
}
