//! What customers owe: invoices and their numbers, credit notes, receipts and what they are set
//! against, folios, what verify says of all of it.

mod collecting;
mod credit_notes;
mod deposits;
mod edges;
mod folios;
mod history;
mod invoices;
mod limits;
mod mailing;
mod numbers;
mod paper;
mod paper_text;
mod receipts;
mod refusals;
mod reports;
mod sending;
mod statements;

use anyhow::Context as _;
use serde_json::{Value, json};
use tests::actor::unique;
use tests::hotel::made;
use tests::{Actor, Answer, World};
use tokio_postgres::Client;

/// A business with a location and a customer, and a look at its tables from behind.
struct House {
    world: World,
    owner: Actor,
    sql: Client,
    location: String,
    customer: String,
    currency: &'static str,
}

/// What is selected of an invoice.
const INVOICE: &str = "invoice { id number status kind totalMinor taxMinor subtotalMinor discountMinor paidMinor creditedMinor \
    writtenOffMinor openMinor issuedOn dueOn version currency buyer seller }";
/// What is selected of a receipt.
const RECEIPT: &str = "receipt { id number status amountMinor unappliedMinor version }";

/// The text of a JSON value.
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl House {
    async fn open() -> anyhow::Result<Self> {
        Self::over(World::new().await?, "EUR").await
    }

    async fn over(world: World, currency: &'static str) -> anyhow::Result<Self> {
        let owner = world.owner().await?;
        Self::of(world, owner, currency).await
    }

    async fn of(world: World, owner: Actor, currency: &'static str) -> anyhow::Result<Self> {
        let sql = world.database.platform(owner.biz_id).await?;
        let location = json!({
            "code": format!("H{}", unique()), "name": "Hotel", "kind": "PROPERTY", "timezone": "Europe/Lisbon",
            "currency": currency, "countryCode": "PT", "city": "Lisboa", "addressLine1": "Rua do Ouro 1",
        });
        let location = made(&owner, "location", location).await?;
        let customer = made(&owner, "customer", json!({ "fullName": "Ana Silva" })).await?;
        Ok(Self {
            world,
            owner,
            sql,
            location,
            customer,
            currency,
        })
    }

    /// The id of a tax rate.
    async fn tax(&self, name: &str, rate: &str) -> anyhow::Result<String> {
        let profile = json!({ "code": format!("T{}", unique()), "name": "Portugal", "countryCode": "PT", "priceDisplay": "EXCLUSIVE", "registrationNo": "509000001" });
        let profile = made(&self.owner, "taxProfile", profile).await?;
        let rate = json!({ "profileId": profile, "name": name, "taxCategory": format!("c{}", unique()), "rate": rate, "startsOn": "2020-01-01" });
        made(&self.owner, "taxRate", rate).await
    }

    /// An amount of minor units.
    fn money(&self, minor: i64) -> Value {
        money(minor, self.currency)
    }

    /// Uses a verb, whatever comes back.
    async fn verb(&self, name: &str, input: Value, selection: &str) -> anyhow::Result<Answer> {
        self.owner.verb(name, input, selection).await
    }

    /// Uses a verb that must succeed, and gives a field of its payload.
    async fn act(&self, name: &str, input: Value, selection: &str) -> anyhow::Result<Value> {
        let field = selection.split([' ', '{']).next().unwrap_or_default();
        let payload = self.owner.act(name, input, selection).await?;
        Ok(payload[field].clone())
    }

    /// A line of an invoice of one thing, by its price in minor units.
    fn line(&self, minor: i64) -> Value {
        json!({ "description": "Room", "unitPrice": decimal(minor, self.currency) })
    }

    /// A draft of an invoice of the customer.
    async fn draft_of(&self, lines: Value, more: Value) -> anyhow::Result<Value> {
        let mut input =
            json!({ "locationId": self.location, "customerId": self.customer, "lines": lines });
        merge(&mut input, more);
        self.act("invoiceCreate", input, INVOICE).await
    }

    /// An issued invoice of one line.
    async fn invoice(&self, minor: i64) -> anyhow::Result<Value> {
        self.invoice_of(json!([self.line(minor)]), json!({})).await
    }

    /// An issued invoice.
    async fn invoice_of(&self, lines: Value, more: Value) -> anyhow::Result<Value> {
        let draft = self.draft_of(lines, more).await?;
        self.act("invoiceFinalize", json!({ "id": draft["id"] }), INVOICE)
            .await
    }

    /// Money that the customer pays in cash.
    async fn pay(&self, minor: i64, more: Value) -> anyhow::Result<Value> {
        let input = self.payment(minor, more);
        self.act("receiptRecord", input, RECEIPT).await
    }

    /// What `receiptRecord` takes for it.
    fn payment(&self, minor: i64, more: Value) -> Value {
        let mut input = json!({ "locationId": self.location, "customerId": self.customer, "amount": self.money(minor), "method": "CASH" });
        merge(&mut input, more);
        input
    }

    /// An invoice as it now is.
    async fn invoice_now(&self, invoice: &Value) -> anyhow::Result<Value> {
        let query = format!(
            "query($id: ID!) {{ {} }}",
            INVOICE.replacen("invoice {", "invoice(id: $id) {", 1)
        );
        let answer = self
            .owner
            .graphql(&query, json!({ "id": invoice["id"] }))
            .await?
            .must()?;
        Ok(answer.body["data"]["invoice"].clone())
    }

    /// An account of the customer.
    async fn account(&self, more: Value) -> anyhow::Result<String> {
        let mut input = json!({ "name": "Silva, Lda.", "customerId": self.customer, "currency": self.currency, "taxId": "509111222" });
        merge(&mut input, more);
        let account = self
            .act("billingAccountOpen", input, "billingAccount { id }")
            .await?;
        Ok(text(&account["id"]))
    }

    /// What a number of SQL says.
    async fn count(&self, sql: &str) -> anyhow::Result<i64> {
        Ok(self.sql.query_one(sql, &[]).await?.get(0))
    }

    /// The balance of an account of the books, by its code.
    async fn books(&self, code: &str) -> anyhow::Result<i64> {
        let sql = format!(
            "select coalesce(sum(balance_minor), 0)::bigint from ledger.accounts where code = '{code}' and biz_id = '{}'",
            self.owner.biz_id
        );
        self.count(&sql).await
    }

    async fn must_agree(&self) -> anyhow::Result<()> {
        let breaks = self.world.breaks().await?;
        anyhow::ensure!(breaks == 0, "{breaks} breaks");
        Ok(())
    }
}

/// An amount as inputs take it.
fn money(minor: i64, currency: &str) -> Value {
    json!({ "amount": decimal(minor, currency), "currency": currency })
}

/// Minor units in major ones.
fn decimal(minor: i64, currency: &str) -> String {
    let digits = usize::try_from(bizing::money::exponent(currency)).unwrap_or(2);
    let sign = if minor < 0 { "-" } else { "" };
    let minor = format!("{:0width$}", minor.unsigned_abs(), width = digits + 1);
    let (whole, part) = minor.split_at(minor.len() - digits);
    if part.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{part}")
    }
}

/// Adds the fields of one object to another.
fn merge(into: &mut Value, more: Value) {
    if let (Value::Object(into), Value::Object(more)) = (into, more) {
        into.extend(more);
    }
}

/// The number at a field.
fn number(value: &Value, field: &str) -> anyhow::Result<i64> {
    value[field]
        .as_i64()
        .with_context(|| format!("{field} of {value}"))
}
