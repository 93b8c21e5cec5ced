//! `substitutionCancel`.

use async_graphql::{Enum, InputObject};
use entities::workforce::substitution_request;

use super::store::{close, lock_search};
use super::{SEARCH, SUBSTITUTE};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Ends a search, as nobody is needed any more; offers are withdrawn.
#[derive(InputObject)]
pub struct SubstitutionCancelInput {
    /// The search.
    pub id: Id<substitution_request::Entity>,
    /// Why.
    pub reason: Option<String>,
}

/// Why a search cannot be ended.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "SubstitutionCancelErrorCode")]
pub enum SubstitutionCancelProblem {
    /// Somebody stands in, or it has ended.
    WrongStatus,
}

/// The verb.
pub struct SubstitutionCancel;

impl Verb for SubstitutionCancel {
    type Input = SubstitutionCancelInput;
    type Problem = SubstitutionCancelProblem;

    const NAME: &'static str = "substitutionCancel";
    const PERMISSION: Permission = Permission::Holds(SUBSTITUTE);
    const EVENT: Option<&'static str> = Some("workforce.substitution_cancelled");
    const PAYLOAD: &'static [Part] = SEARCH;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let search = lock_search(scope, input.id.uuid()).await?;
        act.permit_at(SUBSTITUTE, search.location_id, "search for a stand-in")?;
        if !search.is_open() {
            let text = format!("The search is {}.", search.status);
            return Err(Fault::at(
                SubstitutionCancelProblem::WrongStatus,
                "id",
                text,
            ));
        }
        if let Some(reason) = &input.reason {
            scope.set_reason(reason).await?;
        }
        close(scope, search.id, "cancelled").await?;
        Ok(Outcome::row("substitutionRequest", search.id))
    }
}
