//! The lists that inputs of hours choose from.

use entities::workforce;

use foundation::choices;

choices! {
    /// What somebody did for a time.
    TimeKind = workforce::domains::TIME_SEGMENT_KIND;
    /// Who says that a time is true.
    TimeSource = workforce::domains::TIME_SOURCE;
}
