//! The values of inputs and answers.

use entities::workforce::domains;

use foundation::choices;

choices! {
    /// Which part of a day is leave.
    Portion = domains::LEAVE_PORTION;
    /// Where a request stands.
    RequestStatus = domains::LEAVE_REQUEST_STATUS;
    /// Where a period stands.
    PeriodStatus = domains::LEAVE_PERIOD_STATUS;
}
