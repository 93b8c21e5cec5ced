//! `bizSwitch`.

use async_graphql::{Enum, InputObject};

use super::{sessions, sign_in::workplaces};
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Goes on in another business where you work, in the same session. The refresh token that you had
/// is exchanged for the one in the answer.
#[derive(InputObject)]
pub struct BizSwitchInput {
    /// The short name of the business.
    pub biz_slug: String,
}

/// Why you stay where you are.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BizSwitchErrorCode")]
pub enum BizSwitchProblem {
    /// You do not work in this business, or there is none of this name.
    NotAMember,
    /// The session has ended: sign in again.
    SessionEnded,
}

use BizSwitchProblem as Problem;

/// The verb.
pub struct BizSwitch;

impl Verb for BizSwitch {
    type Input = BizSwitchInput;
    type Problem = Problem;

    const NAME: &'static str = "bizSwitch";
    const PERMISSION: Permission = Permission::SignedIn;
    const EVENT: Option<&'static str> = Some("identity.switched_in");
    const PAYLOAD: &'static [Part] = sessions::SIGNED_IN;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (user, family) = sessions::own(act)?;
        sessions::lock(act.scope, family).await?;
        let current = sessions::current(act.scope, family).await?;
        let current = current.ok_or_else(|| {
            Fault::problem(
                Problem::SessionEnded,
                "The session has ended: sign in again.",
            )
        })?;
        let slug = input.biz_slug.trim().to_lowercase();
        let all = workplaces(act.scope, user).await?;
        let Some((biz_id, _)) = all.into_iter().find(|(_, known)| *known == slug) else {
            let text = format!("You do not work in a business called {slug}.");
            return Err(Fault::at(Problem::NotAMember, "bizSlug", text));
        };
        sessions::rotate(act, current, biz_id).await
    }
}
