//! The daily work that stands on boards, and who is told of it.

pub mod dispatch;
pub mod operations;
pub mod queue;
pub mod webhooks;
