//! Why a verb did not do what it was asked.

use entities::metadata::ConstraintKind;

use crate::database::{self, Violation};
use crate::graph::failure::{Code, Failure};
use crate::graph::names::camel;

/// Why a verb did not do what it was asked; `P` are the problems that the verb itself names.
#[derive(Debug)]
pub enum Fault<P> {
    /// A rule that the caller's input or the row's state breaks.
    Problem(Problem<P>),
    /// The same, but what the verb wrote is kept: it is what has to be done about it. Only on the
    /// platform's door, where no idempotency key waits for an answer.
    Kept(Problem<P>),
    /// Not signed in, not allowed, not found, not answerable.
    Failure(Failure),
    /// What the database refused.
    Database(database::Error),
}

/// A broken rule, as data.
#[derive(Clone, Debug)]
pub struct Problem<P> {
    /// Which rule.
    pub code: P,
    /// The sentence for the caller.
    pub message: String,
    /// The path of the input field that breaks it.
    pub field: Vec<String>,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// What would do instead: values of the payload, which are answered although nothing was done.
    pub values: serde_json::Map<String, serde_json::Value>,
}

impl<P> Fault<P> {
    /// A broken rule.
    pub fn problem(code: P, message: impl Into<String>) -> Self {
        Self::Problem(Problem {
            code,
            message: message.into(),
            field: Vec::new(),
            retryable: false,
            values: serde_json::Map::new(),
        })
    }

    /// A broken rule, at a field of the input.
    pub fn at(code: P, field: &str, message: impl Into<String>) -> Self {
        let field = field.split('.').map(str::to_owned).collect();
        Self::Problem(Problem {
            code,
            message: message.into(),
            field,
            retryable: false,
            values: serde_json::Map::new(),
        })
    }

    /// The same, with a value of the payload that tells what would do instead.
    #[must_use]
    pub fn with(mut self, part: &str, value: serde_json::Value) -> Self {
        if let Self::Problem(problem) | Self::Kept(problem) = &mut self {
            problem.values.insert(part.to_owned(), value);
        }
        self
    }

    /// The reason that was given, without the space around it; a blank one is refused with this code.
    pub fn unless_said(code: P, reason: &str) -> Result<&str, Self> {
        match reason.trim() {
            "" => Err(Self::at(code, "reason", "A reason is required.")),
            reason => Ok(reason),
        }
    }

    /// The same of another verb, whose code for each rule this says.
    pub fn map<Q>(self, code: impl FnOnce(P) -> Q) -> Fault<Q> {
        let told = |problem: Problem<P>| Problem {
            code: code(problem.code),
            message: problem.message,
            field: problem.field,
            retryable: problem.retryable,
            values: problem.values,
        };
        match self {
            Self::Problem(problem) => Fault::Problem(told(problem)),
            Self::Kept(problem) => Fault::Kept(told(problem)),
            Self::Failure(failure) => Fault::Failure(failure),
            Self::Database(error) => Fault::Database(error),
        }
    }

    /// There is no such row, for this caller.
    pub fn not_found(what: &str) -> Self {
        Self::Failure(Failure::new(
            Code::NotFound,
            format!("There is no such {what}."),
        ))
    }
}

impl<P> From<Failure> for Fault<P> {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl<P> From<database::Error> for Fault<P> {
    fn from(error: database::Error) -> Self {
        Self::Database(error)
    }
}

impl<P> From<sea_orm::DbErr> for Fault<P> {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Database(error.into())
    }
}

impl<P> From<tokio_postgres::Error> for Fault<P> {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(error.into())
    }
}

/// A broken rule whose code is written out.
pub type UserError = Problem<String>;

/// The codes that every verb may answer with, besides its own.
pub const COMMON: &[(&str, &str)] = &[
    ("IDEMPOTENCY_MISMATCH", "The key came with another input."),
    ("IDEMPOTENCY_IN_FLIGHT", "Still running."),
    ("INVALID", "See the message."),
    ("TAKEN", "Not unique."),
];

/// What a violated constraint tells the caller: the sentence of its comment.
pub fn violation(violation: &Violation) -> Option<UserError> {
    if let Some(column) = &violation.column {
        return Some(UserError {
            code: "INVALID".to_owned(),
            message: format!("{} must be given.", camel(column)),
            field: vec![camel(column)],
            retryable: false,
            values: serde_json::Map::new(),
        });
    }
    for table in entities::TABLES {
        let constraint = table
            .constraints
            .iter()
            .find(|c| c.name == violation.constraint);
        if let Some(constraint) = constraint {
            let code = match constraint.kind {
                ConstraintKind::Unique
                | ConstraintKind::PartialUnique
                | ConstraintKind::Exclusion => "TAKEN",
                ConstraintKind::Check => "INVALID",
            };
            let own = constraint.columns.iter().filter(|name| **name != "biz_id");
            let message = if violation.raised {
                &violation.message
            } else {
                constraint.message
            };
            return Some(UserError {
                code: code.to_owned(),
                message: message.to_owned(),
                field: own.map(|name| camel(name)).collect(),
                retryable: false,
                values: serde_json::Map::new(),
            });
        }
        if let Some(key) = table
            .foreign_keys
            .iter()
            .find(|key| key.constraint == violation.constraint)
        {
            let own = key.columns.iter().filter(|name| **name != "biz_id");
            return Some(UserError {
                code: "INVALID".to_owned(),
                message: key.message.to_owned(),
                field: own.map(|name| camel(name)).collect(),
                retryable: false,
                values: serde_json::Map::new(),
            });
        }
    }
    // A rule that a trigger of ours raised speaks for itself.
    violation.raised.then(|| UserError {
        code: "INVALID".to_owned(),
        message: violation.message.clone(),
        field: Vec::new(),
        retryable: false,
        values: serde_json::Map::new(),
    })
}
