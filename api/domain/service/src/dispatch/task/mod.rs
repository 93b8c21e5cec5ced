//! The steps of a task on the road.

pub mod accept;
pub mod arrive;
pub mod assign;
pub mod cancel;
pub mod complete;
pub mod create;
pub mod decline;
pub mod fail;
pub mod retry;
pub mod start;
pub mod unassign;
