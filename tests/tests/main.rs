//! The integration tests, in one program: linking it twice would cost more than it tells.
//!
//! A folder is a context, a file a verb or a theme; what a test is called is what must hold. A test
//! of a line of `edge-cases.md` begins with its id (`e01_`), one of an invariant of `domain.md` with
//! its number (`inv28_`).

mod availability;
mod billing;
mod booking;
mod catalog;
mod constraints;
mod demo;
mod dispatch;
mod entitlements;
mod feed;
mod fulfillment;
mod holds;
mod identity;
mod import;
mod ledger;
mod money;
mod operations;
mod payments;
mod pricing;
mod queue;
mod reading;
mod schema;
mod tenancy;
mod workforce;
mod writing;
