//! Payments: taken in parts, captured, given back; by cash, sandbox and Stripe.

mod captures;
mod drawn;
mod fake_pages;
mod fake_stripe;
mod given_back;
mod history;
mod kept;
mod keys;
mod killed;
mod links;
mod methods;
mod pauses;
mod refunds;
mod sandbox_page;
mod settling;
mod stripe;
mod stripe_checkout;
mod stripe_disputes;
mod stripe_keeping;
mod stripe_messages;
mod stripe_shop;
mod take;
mod unreconciled;

use serde_json::{Value, json};
use tests::actor::uuid;
use tests::{Actor, Answer, World};
use tokio_postgres::Client;

/// What is selected of a payment.
const INTENT: &str = "paymentIntent { id number status amountMinor authorizedMinor capturableMinor capturedMinor refundReservedMinor \
    refundedMinor disputeReservedMinor refundableMinor isOverexposed lastError \
    tenders { nodes { id seq kind status amountMinor tipMinor } } }";

/// A business that takes payments, and a look at its tables from behind.
pub struct Till {
    world: World,
    owner: Actor,
    sql: Client,
    location: String,
}

impl Till {
    /// With an account of the sandbox.
    async fn open() -> anyhow::Result<Self> {
        Self::over(World::new().await?).await
    }

    async fn over(world: World) -> anyhow::Result<Self> {
        let till = Self::bare(world).await?;
        let account = json!({"name": "Sandbox", "processor": "SANDBOX"});
        till.owner
            .act(
                "processorAccountCreate",
                account,
                "processorAccount { id status mode }",
            )
            .await?;
        Ok(till)
    }

    /// Without any processor.
    async fn bare(world: World) -> anyhow::Result<Self> {
        let owner = world.owner().await?;
        let sql = world.database.platform(owner.biz_id).await?;
        let data = owner.read("{ locations { nodes { id } } }").await?;
        let location = data["locations"]["nodes"][0]["id"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        Ok(Self {
            world,
            owner,
            sql,
            location,
        })
    }

    /// Makes a payment, whatever comes back.
    async fn pay(
        &self,
        amount: &str,
        currency: &str,
        tenders: Value,
        more: Value,
    ) -> anyhow::Result<Answer> {
        let mut input = json!({
            "amount": {"amount": amount, "currency": currency}, "locationId": self.location, "tenders": tenders,
        });
        merge(&mut input, more);
        self.owner.verb("paymentIntentCreate", input, INTENT).await
    }

    /// A payment of euros by one card of the sandbox.
    async fn card(&self, card: &str, amount: &str, more: Value) -> anyhow::Result<Value> {
        let tenders = json!([{"kind": "CARD", "methodRef": card}]);
        Ok(self
            .pay(amount, "EUR", tenders, more)
            .await?
            .must()?
            .data("/verb/paymentIntent")
            .clone())
    }

    /// A verb on a payment, whatever comes back.
    async fn verb(&self, name: &str, id: &Value, more: Value) -> anyhow::Result<Answer> {
        let mut input = json!({"id": id});
        merge(&mut input, more);
        self.owner.verb(name, input, INTENT).await
    }

    /// A verb on a payment that must succeed, and the payment afterwards.
    async fn act(&self, name: &str, id: &Value, more: Value) -> anyhow::Result<Value> {
        Ok(self
            .verb(name, id, more)
            .await?
            .must()?
            .data("/verb/paymentIntent")
            .clone())
    }

    /// A refund, whatever comes back.
    async fn refund(&self, id: &Value, more: Value) -> anyhow::Result<Answer> {
        let mut input = json!({"id": id, "reason": "REQUESTED_BY_CUSTOMER"});
        merge(&mut input, more);
        let select =
            format!("{INTENT} refunds {{ id number status amountMinor method failureReason }}");
        self.owner.verb("paymentRefund", input, &select).await
    }

    /// A payment as it now is.
    async fn payment(&self, id: &Value) -> anyhow::Result<Value> {
        let query = format!(
            "query($id: ID!) {{ {} }}",
            INTENT.replacen("paymentIntent", "paymentIntent(id: $id)", 1)
        );
        let answer = self
            .owner
            .graphql(&query, json!({"id": id}))
            .await?
            .must()?;
        Ok(answer.data("/paymentIntent").clone())
    }

    /// The balances of the books in a currency, by code, without those of zero.
    async fn books(&self, currency: &str) -> anyhow::Result<Value> {
        let sql = "select code, sum(balance_minor)::bigint from ledger.accounts where biz_id = $1 and currency = $2::text::char(3) group by code having sum(balance_minor) <> 0 order by 1";
        let rows = self
            .sql
            .query(sql, &[&self.owner.biz_id, &currency])
            .await?;
        let mut books = json!({});
        for row in rows {
            books[row.try_get::<_, String>(0)?] = json!(row.try_get::<_, i64>(1)?);
        }
        Ok(books)
    }

    /// Lets tries and refunds without an answer become old enough to be asked about again.
    async fn a_minute_later(&self) -> anyhow::Result<()> {
        self.world.clock.advance(chrono::Duration::seconds(61));
        self.world.run_job("reconcile_payments").await?;
        self.world.run_job("send_refunds").await?;
        Ok(())
    }

    /// How many rows a table of this tenant has.
    async fn count(&self, table: &str) -> anyhow::Result<i64> {
        let sql = format!("select count(*) from {table} where biz_id = $1");
        Ok(self
            .sql
            .query_one(&sql, &[&self.owner.biz_id])
            .await?
            .try_get(0)?)
    }

    async fn must_agree(&self) -> anyhow::Result<()> {
        let breaks = self.world.breaks().await?;
        anyhow::ensure!(breaks == 0, "{breaks} things do not agree");
        Ok(())
    }

    /// Sets the limit of a role for a permission, as there is no verb for it.
    async fn set_limit(&self, role: &str, permission: &str, minor: i64) -> anyhow::Result<()> {
        let sql = "update identity.role_permissions p set limit_minor = $3, currency = 'EUR' from identity.roles r \
            where r.biz_id = p.biz_id and r.id = p.role_id and r.code = $1 and p.permission_code = $2 and p.biz_id = $4";
        let changed = self
            .sql
            .execute(sql, &[&role, &permission, &minor, &self.owner.biz_id])
            .await?;
        anyhow::ensure!(changed == 1, "{role} does not give {permission}");
        Ok(())
    }
}

/// A number of the environment, for tests that are run longer by hand.
fn wanted(name: &str, usual: usize) -> usize {
    let set = std::env::var(name).ok();
    set.and_then(|n| n.parse().ok()).unwrap_or(usual)
}

fn merge(input: &mut Value, more: Value) {
    if let (Some(input), Value::Object(more)) = (input.as_object_mut(), more) {
        input.extend(more);
    }
}

fn money(amount: &str) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

/// The UUID of an id, for statements.
fn id_of(id: &Value) -> anyhow::Result<uuid::Uuid> {
    uuid(id)
}
