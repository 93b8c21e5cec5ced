//! `signOut`.

use async_graphql::{Enum, InputObject};

use super::sessions;
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::identity::Forget;

/// Ends the session that the request came with: neither its access tokens nor its refresh token
/// open anything any more.
#[derive(InputObject)]
pub struct SignOutInput {
    /// Nothing need be given; true ends all sessions of yours, on every device.
    pub everywhere: Option<bool>,
}

/// Why you are still signed in.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "SignOutErrorCode")]
pub enum SignOutProblem {
    /// The session had ended before.
    SessionEnded,
}
