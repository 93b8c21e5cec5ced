//! What customers are entitled to: wallets, gift cards, memberships, loyalty, obligations.

mod gift_races;
mod gifts;
mod loyalty;
mod membership_charges;
mod memberships;
mod memberships_ending;
mod obligations;
mod rewards;
mod verify;
mod wallet_changes;
mod wallet_histories;
mod wallets;

use anyhow::Context as _;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::made;
use tests::{Actor, Answer, World};
use tokio_postgres::Client;

/// A business with a customer, and a look at its tables from behind.
struct Shop {
    world: World,
    owner: Actor,
    customer: String,
    sql: Client,
}

/// An amount of euros, in cents.
fn euros(minor: i64) -> Value {
    json!({ "amount": format!("{}.{:02}", minor / 100, minor % 100), "currency": "EUR" })
}

/// An input with some fields changed.
fn with(mut input: Value, changes: Value) -> Value {
    if let (Value::Object(input), Value::Object(changes)) = (&mut input, changes) {
        input.extend(changes);
    }
    input
}

const WALLET: &str = "wallet { id number unit balance held status ledgerAccountId }";
const CARD: &str = "giftInstrument { id number status balanceMinor heldMinor initialMinor currency codeLast4 expiresAt ledgerAccountId }";

impl Shop {
    async fn open() -> anyhow::Result<Self> {
        Self::over(World::new().await?).await
    }

    async fn over(world: World) -> anyhow::Result<Self> {
        let owner = world.owner().await?;
        let sql = world.database.platform(owner.biz_id).await?;
        let customer = made(&owner, "customer", json!({ "fullName": "Ana Almeida" })).await?;
        Ok(Self {
            world,
            owner,
            customer,
            sql,
        })
    }

    async fn customer(&self, name: &str) -> anyhow::Result<String> {
        made(&self.owner, "customer", json!({ "fullName": name })).await
    }

    /// Moves the clock, and signs the owner in anew, as tokens have ended.
    async fn later(&mut self, by: Duration) -> anyhow::Result<()> {
        self.world.clock.advance(by);
        self.owner = self.world.again(&self.owner).await?;
        Ok(())
    }

    /// Sets the clock.
    async fn at(&mut self, instant: DateTime<Utc>) -> anyhow::Result<()> {
        self.world.clock.set(instant);
        self.owner = self.world.again(&self.owner).await?;
        Ok(())
    }

    /// What the program takes for now.
    fn now(&self) -> DateTime<Utc> {
        self.world.opened.now()
    }

    /// A wallet of the customer: of euros, or of what the changes say.
    async fn wallet(&self, changes: Value) -> anyhow::Result<String> {
        let input = with(
            json!({ "customerId": self.customer, "currency": "EUR" }),
            changes,
        );
        let payload = self.owner.act("walletOpen", input, WALLET).await?;
        id(&payload["wallet"])
    }

    /// A wallet of visits.
    async fn pass(&self) -> anyhow::Result<String> {
        self.wallet(json!({ "purpose": "PASS", "unit": "VISITS", "currency": null }))
            .await
    }

    /// Puts value into a wallet, and gives the grant's id.
    async fn grant(&self, wallet: &str, more: Value) -> anyhow::Result<String> {
        let input = with(json!({ "walletId": wallet, "origin": "PURCHASE" }), more);
        let payload = self
            .owner
            .act("walletGrant", input, "grant { id } wallet { balance }")
            .await?;
        id(&payload["grant"])
    }

    /// A gift card of so many cents: its id and its code.
    async fn card(&self, minor: i64, more: Value) -> anyhow::Result<(String, String)> {
        let input = with(json!({ "amount": euros(minor) }), more);
        let payload = self
            .owner
            .act("giftCardIssue", input, &format!("{CARD} code pin"))
            .await?;
        let code = payload["code"].as_str().context("no code")?.to_owned();
        Ok((id(&payload["giftInstrument"])?, code))
    }

    /// One number of the tables.
    async fn number(&self, sql: &str, ids: &[&str]) -> anyhow::Result<i64> {
        let keys = ids
            .iter()
            .map(|id| uuid(&json!(id)))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let keys: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> =
            keys.iter().map(|key| key as _).collect();
        Ok(self.sql.query_one(sql, &keys).await?.try_get(0)?)
    }

    /// What is in a wallet.
    async fn balance(&self, wallet: &str) -> anyhow::Result<i64> {
        self.number(
            "select balance from entitlements.wallets where id = $1",
            &[wallet],
        )
        .await
    }

    /// What is on a gift card.
    async fn on_card(&self, card: &str) -> anyhow::Result<i64> {
        self.number(
            "select balance_minor from entitlements.gift_instruments where id = $1",
            &[card],
        )
        .await
    }

    /// The balance of an account of the business by its code, in euros.
    async fn account(&self, code: &str) -> anyhow::Result<i64> {
        let sql = "select coalesce(sum(balance_minor), 0)::bigint from ledger.accounts \
                   where biz_id = $1 and code = $2 and currency = 'EUR'";
        let row = self
            .sql
            .query_one(sql, &[&self.owner.biz_id, &code])
            .await?;
        Ok(row.try_get(0)?)
    }

    /// Fails unless all that must agree does.
    async fn must_agree(&self) -> anyhow::Result<()> {
        let breaks = self.world.breaks().await?;
        anyhow::ensure!(breaks == 0, "{breaks} things do not agree");
        Ok(())
    }
}

fn id(row: &Value) -> anyhow::Result<String> {
    let id = row["id"].as_str();
    Ok(id.with_context(|| format!("{row} has no id"))?.to_owned())
}

/// How often each code came back, and "" for what was done.
fn tally(answers: &[Answer]) -> std::collections::BTreeMap<String, usize> {
    let mut codes = std::collections::BTreeMap::new();
    for answer in answers {
        let code = answer.user_code().or(answer.code()).unwrap_or_default();
        *codes.entry(code.to_owned()).or_default() += 1;
    }
    codes
}
