//! What PostgreSQL refused, in the program's own words.

use std::sync::Arc;

use deadpool_postgres::{PoolError, TimeoutType};
use sea_orm::DbErr;
use tokio_postgres::error::SqlState;

/// Why a statement failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// A constraint, or a rule that a trigger enforces under a constraint's name.
    #[error("{} is violated", .0.constraint)]
    Violation(Violation),
    /// The transaction lost against a concurrent one and may be run again.
    #[error("the transaction lost against a concurrent one")]
    Serialization,
    /// A lock was not granted in time.
    #[error("a lock was not granted in time")]
    LockTimeout,
    /// The statement ran longer than it may.
    #[error("the statement ran longer than it may")]
    StatementTimeout,
    /// A value cannot be what the column holds: out of range, or not of its form.
    #[error("{0}")]
    Data(String),
    /// Too much is asked of the database at once: no connection came free in time, or it has no room
    /// for one more lock.
    #[error("the database has too much to do at once")]
    Busy,
    /// The database cannot be reached, or closed the connection.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// Anything else: a fault of the program.
    #[error("{0}")]
    Internal(String),
}

/// A violated constraint.
#[derive(Clone, Debug)]
pub struct Violation {
    /// The constraint's name.
    pub constraint: String,
    /// The column that may not be null, where that is what was violated.
    pub column: Option<String>,
    /// What the database said; shown only where a trigger of ours said it.
    pub message: String,
    /// What a function of ours adds, such as the dates on which nothing is left.
    pub detail: Option<String>,
    /// Whether a trigger of ours raised it, so that `message` is meant for callers.
    pub raised: bool,
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(db) = error.as_db_error() else {
            if error.is_closed() {
                return Self::Unavailable(error.to_string());
            }
            return match std::error::Error::source(&error) {
                Some(source) => Self::Internal(format!("{error}: {source}")),
                None => Self::Internal(error.to_string()),
            };
        };
        match *db.code() {
            // Of statements that are sent together, one failed before this one: whoever hears of this
            // one first cannot know of what. Run again, it is told, if it comes to it again.
            SqlState::T_R_SERIALIZATION_FAILURE
            | SqlState::T_R_DEADLOCK_DETECTED
            | SqlState::IN_FAILED_SQL_TRANSACTION => Self::Serialization,
            SqlState::LOCK_NOT_AVAILABLE => Self::LockTimeout,
            SqlState::QUERY_CANCELED => Self::StatementTimeout,
            // Partitions reach from last month to some months ahead.
            SqlState::CHECK_VIOLATION if db.message().starts_with("no partition of relation") => {
                Self::Data("a time is too long ago, or too far ahead, to be kept".to_owned())
            }
            // What the text of a date beyond the year 9999 is taken for.
            SqlState::INVALID_TIME_ZONE_DISPLACEMENT_VALUE => {
                Self::Data("a date lies too far ahead".to_owned())
            }
            SqlState::TOO_MANY_CONNECTIONS | SqlState::OUT_OF_MEMORY => Self::Busy,
            SqlState::CHECK_VIOLATION
            | SqlState::UNIQUE_VIOLATION
            | SqlState::FOREIGN_KEY_VIOLATION
            | SqlState::EXCLUSION_VIOLATION
            | SqlState::NOT_NULL_VIOLATION => Self::Violation(Violation {
                constraint: db.constraint().unwrap_or_default().to_owned(),
                column: (*db.code() == SqlState::NOT_NULL_VIOLATION)
                    .then(|| db.column().map(str::to_owned))
                    .flatten(),
                message: db.message().to_owned(),
                detail: db.detail().map(str::to_owned),
                raised: db.routine() == Some("exec_stmt_raise"),
            }),
            SqlState::NUMERIC_VALUE_OUT_OF_RANGE
            | SqlState::DATETIME_FIELD_OVERFLOW
            | SqlState::STRING_DATA_RIGHT_TRUNCATION
            | SqlState::INVALID_TEXT_REPRESENTATION
            | SqlState::CHARACTER_NOT_IN_REPERTOIRE
            | SqlState::UNTRANSLATABLE_CHARACTER => Self::Data(db.message().to_owned()),
            // The one that a generated range raises.
            SqlState::DATA_EXCEPTION if db.message().starts_with("range lower bound") => {
                Self::Data("the end lies before the beginning".to_owned())
            }
            SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN | SqlState::CANNOT_CONNECT_NOW => {
                Self::Unavailable(db.message().to_owned())
            }
            _ => Self::Internal(format!("{}: {}", db.code().code(), db.message())),
        }
    }
}

impl From<PoolError> for Error {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Timeout(TimeoutType::Wait) => Self::Busy,
            error => Self::Unavailable(error.to_string()),
        }
    }
}

/// SeaORM's error has no room of its own for another driver's; its conversion error does.
impl From<Error> for DbErr {
    fn from(error: Error) -> Self {
        Self::TryIntoErr {
            from: "statement",
            into: "result",
            source: Arc::new(error),
        }
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if let DbErr::TryIntoErr { source, .. } = &error
            && let Some(ours) = source.downcast_ref::<Self>()
        {
            return ours.clone();
        }
        Self::Internal(error.to_string())
    }
}

impl Error {
    /// Whether running the whole transaction again may succeed.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Serialization)
    }
}
