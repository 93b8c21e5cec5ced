//! What a caller is told when a field cannot be answered.

use async_graphql::{ErrorExtensionValues, Pos, ServerError};

use crate::database;

/// The kinds of failure that appear as `extensions.code` of a GraphQL error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The caller is not signed in, or no longer.
    Unauthenticated,
    /// The caller's roles do not permit this.
    Forbidden,
    /// There is no such row, for this caller.
    NotFound,
    /// An argument is not what it must be.
    BadUserInput,
    /// The row changed meanwhile.
    Conflict,
    /// The request asks for more than one request may.
    CostLimit,
    /// Too many requests of this kind from this caller.
    RateLimited,
    /// The answer took longer than it may.
    Timeout,
    /// A fault of the server.
    Internal,
}

impl Code {
    /// The code as it stands in `extensions.code`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::Conflict => "CONFLICT",
            Self::CostLimit => "COST_LIMIT",
            Self::RateLimited => "RATE_LIMITED",
            Self::Timeout => "TIMEOUT",
            Self::Internal => "INTERNAL",
        }
    }
}

/// Why a field has no answer.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// Its kind.
    pub code: Code,
    /// The sentence for the caller.
    pub message: String,
    /// What else stands in the error's extensions.
    pub details: Vec<(&'static str, async_graphql::Value)>,
}

impl Failure {
    /// A failure of this kind.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            details: Vec::new(),
        }
    }

    /// The row has changed since the caller read it.
    pub fn stale(what: &str, version: i32) -> Self {
        let message = format!(
            "The {what} has changed since it was read: it is at version {version} now. Read it again."
        );
        Self::new(Code::Conflict, message).with("currentVersion", version)
    }

    /// Whether the row is at the version that the caller expects, if it expects one.
    pub fn unless_current(what: &str, version: i32, expected: Option<i32>) -> Result<(), Self> {
        if expected.is_none_or(|expected| expected == version) {
            return Ok(());
        }
        Err(Self::stale(what, version))
    }

    /// The same, with one more value in the error's extensions.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<async_graphql::Value>) -> Self {
        self.details.push((name, value.into()));
        self
    }

    /// An argument is not what it must be.
    pub fn input(message: impl Into<String>) -> Self {
        Self::new(Code::BadUserInput, message)
    }

    /// The caller lacks a permission.
    pub fn forbidden(permission: &str) -> Self {
        Self::new(
            Code::Forbidden,
            format!("This needs the permission {permission}."),
        )
    }

    /// The caller is not signed in.
    pub fn unauthenticated() -> Self {
        Self::new(
            Code::Unauthenticated,
            "Sign in first: this needs an access token.",
        )
    }

    /// A fault of the server; what happened goes to the log, not to the caller.
    pub fn internal(reason: impl std::fmt::Display) -> Self {
        let id = database::new_id();
        tracing::error!(fault = %id, %reason, "internal fault");
        Self::new(
            Code::Internal,
            format!("Something went wrong on our side; it is logged as {id}."),
        )
    }

    /// The error of the field at `pos`.
    pub fn at(self, pos: Pos, path: &str) -> ServerError {
        let mut error = error(self);
        error.locations = vec![pos];
        error.path = vec![async_graphql::PathSegment::Field(path.to_owned())];
        error
    }
}

/// The error of a request that has no field to blame.
pub fn error(failure: Failure) -> ServerError {
    let mut error = ServerError::new(failure.message, None);
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", failure.code.as_str());
    for (name, value) in failure.details {
        extensions.set(name, value);
    }
    error.extensions = Some(extensions);
    error
}

impl From<database::Error> for Failure {
    fn from(error: database::Error) -> Self {
        match error {
            database::Error::StatementTimeout => Self::new(
                Code::Timeout,
                "The answer took longer than it may; ask for less at a time.",
            ),
            database::Error::Busy => Self::new(
                Code::Timeout,
                "More is asked of the server than it can do at once; try again in a moment.",
            ),
            database::Error::LockTimeout | database::Error::Serialization => Self::new(
                Code::Conflict,
                "Others are changing the same rows right now; try again.",
            ),
            database::Error::Data(message) => {
                Self::input(format!("A value does not fit: {message}."))
            }
            other => Self::internal(other),
        }
    }
}

impl From<sea_orm::DbErr> for Failure {
    fn from(error: sea_orm::DbErr) -> Self {
        database::Error::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_finds_the_server_too_busy_may_ask_again_and_no_fault_is_logged() {
        let busy = Failure::from(database::Error::Busy);
        assert_eq!(busy.code, Code::Timeout);
        let lost = Failure::from(database::Error::Serialization);
        assert_eq!(lost.code, Code::Conflict);
    }
}
