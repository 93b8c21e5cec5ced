//! `paymentLinkShow`.

use async_graphql::{InputObject, SimpleObject};
use entities::payments::domains;

use super::by_token;
use foundation::choices;
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Choice, Instant, Money};
use foundation::graph::verb::Permission;

choices! {
    /// Whether a link can be paid.
    LinkStatus = domains::PAYMENTS_LINK_STATUS;
}

/// What a link asks for, for whoever has it. Null where there is no such link.
#[derive(InputObject)]
pub struct PaymentLinkShowInput {
    /// The secret of the link.
    pub token: String,
}

/// What a link asks for.
#[derive(SimpleObject)]
pub struct PaymentLinkShown {
    /// Who asks.
    biz_name: String,
    /// What for.
    description: Option<String>,
    /// How much.
    amount: Money,
    /// Whether it can be paid.
    status: Choice<LinkStatus>,
    /// Until when.
    expires_at: Option<Instant>,
}

/// The question of whoever has the link.
pub struct PaymentLinkShow;

impl Question for PaymentLinkShow {
    type Input = PaymentLinkShowInput;
    type Answer = Option<PaymentLinkShown>;

    const NAME: &'static str = "paymentLinkShow";
    const PERMISSION: Permission = Permission::Anyone;

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let address = look.session.client.ip.as_deref();
        let attempt = look
            .session
            .shared
            .identity
            .attempts
            .admit(None, address)
            .await?;
        let Some(link) = by_token(look.scope, &input.token).await? else {
            return Ok(None);
        };
        attempt.turned_out_well();
        Ok(Some(PaymentLinkShown {
            biz_name: link.biz_name,
            description: link.description,
            amount: Money {
                minor: link.amount,
                currency: link.currency,
            },
            status: Choice::of(&link.status).unwrap_or_else(|| Choice::new("active")),
            expires_at: link.expires_at.map(Instant),
        }))
    }
}
