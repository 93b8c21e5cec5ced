//! People who sign in: passwords, tokens, sessions, roles and permissions.

mod authenticate;
mod limit;
pub mod network;
pub mod password;
pub mod permissions;
mod principal;
mod reach;
pub mod roles;
pub mod sealing;
pub mod token;

pub use authenticate::{Forget, Identity, principal_of};
pub use principal::{Principal, Proof, Reach};
pub use reach::{Permissions, reaches};
pub use sealing::Sealer;
