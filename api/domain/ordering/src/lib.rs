//! What customers order in time, and the work that fulfils it.

pub mod booking;
pub mod fulfillment;
