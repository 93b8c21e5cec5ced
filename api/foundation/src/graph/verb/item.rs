//! Bulk verbs: many items, each of which is done or refused by itself.

use async_graphql::SimpleObject;
use async_graphql::resolver_utils::EnumType;
use serde::Serialize;

use super::fault::{Fault, violation};
use super::{Act, code};
use crate::database::Error;
use crate::graph::failure::Code;

/// How many items a bulk verb takes.
pub const MOST_ITEMS: usize = 500;

/// Why one item of many was not done.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemError {
    /// Which rule it broke: a code of the verb's user errors, or `NOT_FOUND`, `CONFLICT`.
    pub code: String,
    /// A sentence for people.
    pub message: String,
    /// The path of the item's field that broke the rule, where it is one.
    pub field: Option<Vec<String>>,
}

/// Does one item of many: what it wrote is kept if it was done, and only its own is undone if not.
/// Constraints that wait for the end of the transaction are checked now.
pub async fn item<T, P: EnumType>(
    act: &Act<'_>,
    work: impl Future<Output = Result<T, Fault<P>>>,
) -> Result<Result<T, ItemError>, Fault<P>> {
    act.scope.batch("savepoint item").await?;
    let done = async {
        let done = work.await?;
        act.scope
            .batch("set constraints all immediate; set constraints all deferred")
            .await?;
        Ok(done)
    };
    let fault = match done.await {
        Ok(done) => {
            act.scope.batch("release savepoint item").await?;
            return Ok(Ok(done));
        }
        Err(fault) => fault,
    };
    let refused = told(fault)?;
    act.scope
        .batch("rollback to savepoint item; release savepoint item")
        .await?;
    Ok(Err(refused))
}

/// What an item's own fault tells; others are the whole verb's.
fn told<P: EnumType>(fault: Fault<P>) -> Result<ItemError, Fault<P>> {
    let of = |code: String, message: String, field: Vec<String>| ItemError {
        code,
        message,
        field: (!field.is_empty()).then_some(field),
    };
    match fault {
        Fault::Problem(problem) => Ok(of(code(problem.code), problem.message, problem.field)),
        Fault::Failure(failure)
            if matches!(
                failure.code,
                Code::NotFound | Code::Conflict | Code::BadUserInput
            ) =>
        {
            Ok(of(
                failure.code.as_str().to_owned(),
                failure.message,
                Vec::new(),
            ))
        }
        Fault::Database(Error::Violation(broken)) => match violation(&broken) {
            Some(error) => Ok(of(error.code, error.message, error.field)),
            None => Err(Fault::Database(Error::Violation(broken))),
        },
        other => Err(other),
    }
}
