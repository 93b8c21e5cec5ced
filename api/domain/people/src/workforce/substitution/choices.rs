//! The lists that inputs of substitution choose from.

use entities::workforce;

use foundation::choices;

choices! {
    /// Why a shift needs somebody else.
    Reason = workforce::domains::SUBSTITUTION_REASON;
}
