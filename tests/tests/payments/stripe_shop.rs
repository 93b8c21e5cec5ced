//! A business that takes cards by Stripe, at a server that speaks its API.

use bizing::domain::payments::processors::Processors;
use serde_json::{Value, json};
use tests::World;

use super::Till;
use super::fake_stripe::{FakeStripe, signature};

/// What messages are signed with.
pub const SECRET: &str = "whsec_of_the_tests";

/// A business that takes cards by Stripe.
pub struct Shop {
    pub till: Till,
    pub stripe: FakeStripe,
    pub account: String,
}

impl Shop {
    pub async fn open() -> anyhow::Result<Self> {
        Self::over(World::new().await?).await
    }

    pub async fn over(world: World) -> anyhow::Result<Self> {
        let till = Till::bare(world).await?;
        let stripe = FakeStripe::start().await?;
        till.world
            .shared
            .service::<Processors>()?
            .set_stripe_url(&stripe.url);
        let input = json!({"name": "Stripe", "processor": "STRIPE", "externalAccountId": "acct_1", "apiKey": "sk_test_1", "webhookSecret": SECRET});
        let made = till
            .owner
            .act("processorAccountCreate", input, "processorAccount { id }")
            .await?;
        let account = made["processorAccount"]["id"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        Ok(Self {
            till,
            stripe,
            account,
        })
    }

    /// Sends a message as Stripe does; the status, and what was answered.
    pub async fn message(&self, body: &Value) -> anyhow::Result<(u16, Value)> {
        let body = body.to_string();
        let signed = signature(SECRET, self.till.world.opened.now().timestamp(), &body);
        self.send(body, &signed).await
    }

    pub async fn send(&self, body: String, signed: &str) -> anyhow::Result<(u16, Value)> {
        let path = format!("/webhooks/stripe/{}", self.account);
        let (status, text) = self
            .till
            .world
            .anonymous()
            .post_to(&path, body, &[("Stripe-Signature", signed)])
            .await?;
        Ok((status, serde_json::from_str(&text).unwrap_or_default()))
    }

    pub fn event(&self, id: &str, kind: &str, created: i64, object: Value) -> Value {
        json!({"id": id, "type": kind, "created": created, "data": {"object": object}})
    }

    /// How a message stands by its id at Stripe.
    pub async fn stored(&self, event: &str) -> anyhow::Result<(String, i32)> {
        let sql = "select status::text, attempts from payments.webhook_events where external_event_id = $1";
        let row = self.till.sql.query_one(sql, &[&event]).await?;
        Ok((row.try_get(0)?, row.try_get(1)?))
    }
}
