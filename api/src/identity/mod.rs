//! People who sign in: passwords, tokens, sessions, roles and permissions.

mod principal;
pub mod sealing;

pub use principal::{Principal, Proof, Reach};
pub use sealing::Sealer;
