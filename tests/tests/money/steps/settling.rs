//! What the sandbox settles of what it took, as a statement with fees.

use serde_json::{Value, json};

use crate::money::{History, money};

const UNSETTLED: &str = "select x.external_id, x.amount_minor, x.currency::text from payments.payment_transactions x \
      join payments.processor_accounts a on a.biz_id = x.biz_id and a.id = x.processor_account_id and a.processor = 'sandbox' \
    where x.biz_id = $1 and x.kind = 'capture' and x.outcome = 'succeeded' and x.external_id is not null and x.amount_minor > 9 \
      and not exists (select from payments.settlement_entries e where e.biz_id = x.biz_id and e.transaction_id = x.id) \
    order by x.currency, x.id limit 3";

impl History {
    /// Imports some of what was taken; now and then a line is of another amount, and is explained.
    pub(super) async fn settle(&mut self) -> anyhow::Result<()> {
        let rows = self.sql.query(UNSETTLED, &[&self.owner.biz_id]).await?;
        let Some(first) = rows.first() else {
            return Ok(());
        };
        let currency: String = first.try_get(2)?;
        let (mut gross, mut fees) = (0, 0);
        let mut entries: Vec<Value> = Vec::new();
        for row in &rows {
            let (id, amount): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
            if row.try_get::<_, String>(2)? != currency {
                continue;
            }
            let amount = if self.chance(0.2) { amount - 1 } else { amount };
            let fee = amount / 10;
            gross += amount;
            fees += fee;
            entries.push(json!({
                "kind": "PAYMENT", "externalId": id, "amount": money(amount, &currency), "fee": money(fee, &currency),
            }));
        }
        let today = self.world.opened.now().date_naive();
        let (name, account) = (self.below(1_000_000_000), self.at("SANDBOX").await?);
        let input = json!({
            "processorAccountId": account, "externalId": format!("set_{name}"), "startsOn": today,
            "endsOn": today + chrono::Duration::days(1), "gross": money(gross, &currency), "fee": money(fees, &currency),
            "net": money(gross - fees, &currency), "entries": entries,
        });
        self.make(
            ("settlement", 0),
            "settlementImport",
            input,
            "settlementBatch",
        )
        .await?;
        let select = "settlementBatch { id } differences { what }";
        self.do_to("settlement", "settlementReconcile", json!({}), select)
            .await?;
        let why = json!({ "explanation": "The processor corrected it." });
        self.do_to("settlement", "settlementReconcile", why, select)
            .await
            .map(drop)
    }
}
