//! The daily work that stands on boards, and who is told of it.

pub mod dispatch;
pub mod operations;
mod places;
pub mod queue;
pub mod webhooks;
