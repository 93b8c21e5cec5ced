//! `checkoutSessionExpire`.

use async_graphql::InputObject;
use entities::payments::checkout_session;

use super::super::links::{LinkProblem as Problem, PERMISSION};
use super::super::source;
use super::{PAGE, ask, lock};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Closes a page at the processor: nothing more is paid on it. Where the customer was faster, it is
/// complete instead; where the processor does not answer, it stays open until it does.
#[derive(InputObject)]
pub struct CheckoutSessionExpireInput {
    /// The page.
    pub id: Id<checkout_session::Entity>,
}

/// The verb that closes.
pub struct CheckoutSessionExpire;

impl Verb for CheckoutSessionExpire {
    type Input = CheckoutSessionExpireInput;
    type Problem = Problem;

    const NAME: &'static str = "checkoutSessionExpire";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("payments.checkout_closing");
    const PAYLOAD: &'static [Part] = &[PAGE];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let page = lock(act.scope, input.id.uuid()).await?;
        let page = page.ok_or_else(|| Fault::not_found("page"))?;
        let of = source::find(act.scope, (&page.source.0, page.source.1)).await?;
        if let Some(location_id) = of.and_then(|source| source.location_id) {
            act.permit_at(PERMISSION, location_id, "page")?;
        }
        if !page.is_open() {
            let message = format!("The page is {}.", page.status);
            return Err(Fault::at(Problem::NotPayable, "id", message));
        }
        let (biz_id, id) = (act.scope.biz_id(), page.id);
        // Whether it closes or was paid is the processor's to say, not ours.
        Ok(
            Outcome::row("checkoutSession", id).then(move |shared| async move {
                if let Err(error) = ask::close(&shared, biz_id, id).await {
                    // It is not lost: the job asks again how it stands.
                    tracing::error!(checkout_id = %id, %error, "a page could not be closed");
                }
                Ok(serde_json::Map::new())
            }),
        )
    }
}
