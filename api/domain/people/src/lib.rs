//! Those who work.

pub mod workforce;
