//! What the business does: a module for each context, a file for each verb.

pub mod availability;
pub mod booking;
