//! What can be had when and for how much.

pub mod availability;
pub mod catalog;
pub mod pricing;
