//! The lists that inputs of substitution choose from.

use entities::workforce;

use crate::choices;

choices! {
    /// Why a shift needs somebody else.
    Reason = workforce::domains::SUBSTITUTION_REASON;
}
