//! `substitutionAsk`.

use async_graphql::{Enum, InputObject};
use entities::workforce::{substitution_pool, substitution_request};

use super::store::{close, lock_search, take_turn};
use super::{SEARCH, SUBSTITUTE};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Asks the next people of the pool, in its fair order: offers that nobody answered in time expire,
/// and as many are sent as the pool asks at a time. Where the time has passed, or nobody is left to
/// ask, the search ends unfilled. The program does this by the clock.
#[derive(InputObject)]
pub struct SubstitutionAskInput {
    /// The search.
    pub id: Id<substitution_request::Entity>,
    /// The pool that is asked, where the search names none yet.
    pub pool_id: Option<Id<substitution_pool::Entity>>,
}

/// Why nobody is asked.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "SubstitutionAskErrorCode")]
pub enum SubstitutionAskProblem {
    /// The search is over.
    WrongStatus,
    /// No pool is named.
    PoolRequired,
    /// People of a pool were asked already; the search stays with it.
    PoolFixed,
}

/// The verb.
pub struct SubstitutionAsk;

impl Verb for SubstitutionAsk {
    type Input = SubstitutionAskInput;
    type Problem = SubstitutionAskProblem;

    const NAME: &'static str = "substitutionAsk";
    const PERMISSION: Permission = Permission::Holds(SUBSTITUTE);
    const EVENT: Option<&'static str> = Some("workforce.substitution_asked");
    const PAYLOAD: &'static [Part] = SEARCH;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let scope = act.scope;
        let mut search = lock_search(scope, input.id.uuid()).await?;
        act.permit_at(SUBSTITUTE, search.location_id, "search for a stand-in")?;
        if !search.is_open() {
            let text = format!("The search is {}.", search.status);
            return Err(Fault::at(SubstitutionAskProblem::WrongStatus, "id", text));
        }
        let given = input.pool_id.map(|id| id.uuid());
        if let Some(pool_id) = given.filter(|pool| search.pool_id != Some(*pool)) {
            if search.pool_id.is_some() && search.status == "offering" {
                let text = "People of a pool were asked already; the search stays with it.";
                return Err(Fault::at(SubstitutionAskProblem::PoolFixed, "poolId", text));
            }
            let sql = "update workforce.substitution_requests set pool_id = $3 where biz_id = $1 and id = $2";
            let values = [scope.biz_id().into(), search.id.into(), pool_id.into()];
            scope.execute(sql, &values).await?;
            search.pool_id = Some(pool_id);
        }
        let mut outcome = Outcome::row("substitutionRequest", search.id);
        if search.needed_by <= scope.now() {
            if let Some(pool_id) = search.pool_id {
                // What was not answered in time counts as that.
                super::store::expire_late(scope, &search, pool_id).await?;
            }
            close(scope, search.id, "unfilled").await?;
            return Ok(outcome);
        }
        let Some(pool_id) = search.pool_id else {
            let text = "Name the pool that is asked.";
            return Err(Fault::at(
                SubstitutionAskProblem::PoolRequired,
                "poolId",
                text,
            ));
        };
        let turn = take_turn(scope, &search, pool_id).await?;
        if turn.is_over {
            close(scope, search.id, "unfilled").await?;
        }
        for offer in turn.sent {
            outcome = outcome.and_row("substitutionOffers", offer);
        }
        Ok(outcome)
    }
}
