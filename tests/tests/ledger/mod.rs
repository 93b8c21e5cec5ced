//! The books: entries, amounts set aside, locked periods, comparisons, and what verify says of them.

mod entries;
mod journals;
mod pending;
mod periods;
mod reconcile;
mod verify;

use serde_json::{Value, json};
use tests::actor::uuid;
use tests::{Actor, Answer, World};
use tokio_postgres::Client;

/// A business with books, and a look at its tables from behind.
struct Books {
    world: World,
    owner: Actor,
    sql: Client,
}

impl Books {
    async fn open() -> anyhow::Result<Self> {
        Self::over(World::new().await?).await
    }

    async fn over(world: World) -> anyhow::Result<Self> {
        let owner = world.owner().await?;
        let sql = world.database.platform(owner.biz_id).await?;
        Ok(Self { world, owner, sql })
    }

    /// The id of a new account.
    async fn account(&self, code: &str, kind: &str, currency: &str) -> anyhow::Result<String> {
        self.account_with(code, kind, currency, json!({})).await
    }

    async fn account_with(
        &self,
        code: &str,
        kind: &str,
        currency: &str,
        more: Value,
    ) -> anyhow::Result<String> {
        let mut input = json!({
            "code": code, "name": format!("Account {code}"), "type": kind, "currency": currency,
        });
        merge(&mut input, more);
        let made = self
            .owner
            .act("ledgerAccountOpen", input, "ledgerAccount { id }")
            .await?;
        Ok(made["ledgerAccount"]["id"]
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    /// Posts an entry of one debit and one credit, whatever comes back.
    async fn post(
        &self,
        debit: &str,
        credit: &str,
        amount: &str,
        currency: &str,
        more: Value,
    ) -> anyhow::Result<Answer> {
        let money = json!({"amount": amount, "currency": currency});
        let mut input = json!({
            "kind": "ADJUSTMENT", "description": "A test",
            "lines": [
                {"accountId": debit, "side": "DEBIT", "amount": money},
                {"accountId": credit, "side": "CREDIT", "amount": money},
            ],
        });
        merge(&mut input, more);
        self.owner
            .verb("ledgerEntryPost", input, "journalEntry { id number kind businessDate postings { nodes { side amountMinor } } }")
            .await
    }

    /// The balance of an account, and what of it can be taken.
    async fn balance(&self, account: &str) -> anyhow::Result<(i64, i64)> {
        let sql = "select balance_minor, available_minor from ledger.accounts where id = $1";
        let row = self.sql.query_one(sql, &[&uuid(&json!(account))?]).await?;
        Ok((row.try_get(0)?, row.try_get(1)?))
    }

    async fn must_agree(&self) -> anyhow::Result<()> {
        let breaks = self.world.breaks().await?;
        anyhow::ensure!(breaks == 0, "{breaks} things do not agree");
        Ok(())
    }
}

fn merge(input: &mut Value, more: Value) {
    if let (Some(input), Value::Object(more)) = (input.as_object_mut(), more) {
        input.extend(more);
    }
}
