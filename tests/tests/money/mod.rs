//! Money over all contexts at once: whatever is sold, taken, given back, credited and given up, in three
//! currencies, all sums agree; and a row that is changed by hand is named.

mod steps;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use tests::actor::unique;
use tests::hotel::made;
use tests::{Actor, World};
use tokio_postgres::Client;

/// The currencies: with two digits, without, and with three.
const CURRENCIES: [&str; 3] = ["EUR", "JPY", "KWD"];

/// A house that sells in one currency.
struct House {
    location: String,
    customer: String,
    folio: Value,
    wallet: Value,
    currency: &'static str,
}

/// What was done so far, by house.
struct History {
    world: World,
    owner: Actor,
    sql: Client,
    dice: StdRng,
    houses: Vec<House>,
    invoices: Vec<(usize, Value)>,
    payments: Vec<(usize, Value)>,
    receipts: Vec<(usize, Value)>,
    cards: Vec<(usize, Value)>,
}

/// An amount of minor units as inputs take it.
fn money(minor: i64, currency: &str) -> Value {
    let digits = bizing::money::exponent(currency);
    let unit = 10_i64.pow(digits);
    let text = match usize::try_from(digits).unwrap_or(0) {
        0 => minor.to_string(),
        digits => format!("{}.{:0digits$}", minor / unit, minor % unit),
    };
    json!({ "amount": text, "currency": currency })
}

impl History {
    async fn open(seed: u64) -> anyhow::Result<Self> {
        let world = World::new().await?;
        let owner = world.owner().await?;
        let sql = world.database.platform(owner.biz_id).await?;
        let account = json!({ "name": "Sandbox", "processor": "SANDBOX" });
        owner
            .act("processorAccountCreate", account, "processorAccount { id }")
            .await?;
        let mut houses = Vec::new();
        for currency in CURRENCIES {
            let location = json!({
                "code": format!("M{}", unique()), "name": format!("House of {currency}"), "kind": "PROPERTY",
                "timezone": "Europe/Lisbon", "currency": currency, "countryCode": "PT",
            });
            let location = made(&owner, "location", location).await?;
            let customer = made(&owner, "customer", json!({ "fullName": "Ana" })).await?;
            let folio = json!({ "locationId": location, "ownerCustomerId": customer });
            let folio = owner.act("folioOpen", folio, "folio { id }").await?;
            let wallet = json!({ "customerId": customer, "currency": currency });
            let wallet = owner.act("walletOpen", wallet, "wallet { id }").await?;
            houses.push(House {
                location,
                customer,
                folio: folio["folio"]["id"].clone(),
                wallet: wallet["wallet"]["id"].clone(),
                currency,
            });
        }
        Ok(Self {
            world,
            owner,
            sql,
            dice: StdRng::seed_from_u64(seed),
            houses,
            invoices: Vec::new(),
            payments: Vec::new(),
            receipts: Vec::new(),
            cards: Vec::new(),
        })
    }

    fn below(&mut self, end: usize) -> usize {
        self.dice.random_range(0..end.max(1))
    }

    /// Uses a verb: what comes back where it is done, nothing where it is refused. It never fails.
    async fn try_to(
        &self,
        name: &str,
        input: Value,
        select: &str,
    ) -> anyhow::Result<Option<Value>> {
        let answer = self.owner.verb(name, input.clone(), select).await?;
        anyhow::ensure!(
            answer.errors().is_empty(),
            "{name} {input}: {}",
            answer.body
        );
        Ok(answer
            .user_code()
            .is_none()
            .then(|| answer.payload().clone()))
    }

    /// How many rows a statement finds that must find none.
    async fn none(&self, what: &str, sql: &str) -> anyhow::Result<()> {
        let count: i64 = self
            .sql
            .query_one(&format!("select count(*) from ({sql}) found"), &[])
            .await?
            .try_get(0)?;
        anyhow::ensure!(count == 0, "{what}: {count} rows");
        Ok(())
    }

    /// What must hold after any history.
    async fn check(&self) -> anyhow::Result<()> {
        let told = self.world.told_breaks().await?;
        anyhow::ensure!(told.is_empty(), "{told:#?}");
        let data = self
            .owner
            .read("{ trialBalance { currency differenceMinor } }")
            .await?;
        for row in data["trialBalance"].as_array().into_iter().flatten() {
            anyhow::ensure!(row["differenceMinor"] == 0, "{data}");
        }
        for (what, sql) in STATEMENTS {
            self.none(what, sql).await?;
        }
        Ok(())
    }
}

/// What must find nothing: each as a statement of its own, besides what verify says.
const STATEMENTS: &[(&str, &str)] = &[
    (
        "more paid, credited and written off than invoiced",
        "select 1 from billing.invoices i where i.paid_minor + i.credited_minor + i.written_off_minor > i.total_minor",
    ),
    (
        "more refunded than captured",
        "select 1 from payments.payment_intents i where i.refund_reserved_minor > i.captured_minor",
    ),
    (
        "a wallet that is not the sum of its grants",
        "select 1 from entitlements.wallets w where w.balance <> (select coalesce(sum(g.remaining), 0) from entitlements.grants g \
           where g.biz_id = w.biz_id and g.wallet_id = w.id and g.status in ('active', 'scheduled'))",
    ),
    (
        "a liability for gifts and wallets that is not what is on them",
        "select c.code from core.currencies c where \
           (select coalesce(sum(a.balance_minor), 0) from ledger.accounts a where a.code = '2150' and a.currency = c.code) \
           <> (select coalesce(sum(g.balance_minor), 0) from entitlements.gift_instruments g \
               where g.currency = c.code and g.status <> 'pending') \
            + (select coalesce(sum(w.balance), 0) from entitlements.wallets w where w.currency = c.code)",
    ),
    (
        "receivables that are not what invoices have open",
        "select c.code from core.currencies c where \
           (select coalesce(sum(a.balance_minor), 0) from ledger.accounts a where a.code = '1200' and a.currency = c.code) \
           <> (select coalesce(sum(i.open_minor), 0) from billing.invoices i \
               where i.currency = c.code and i.kind <> 'proforma' and i.number is not null)",
    ),
    (
        "a guest ledger that is not what folios have open",
        "select c.code from core.currencies c where \
           (select coalesce(sum(a.balance_minor), 0) from ledger.accounts a where a.code = '1100' and a.currency = c.code) \
           <> (select coalesce(sum(f.balance_minor), 0) from billing.folios f where f.currency = c.code)",
    ),
];

/// Each is made past all guards, as a superuser can: a change of one row, and what verify has to name.
const BY_HAND: &[(&str, &str)] = &[
    (
        "update billing.invoices set credit_noted_minor = credit_noted_minor + 1 where id = (select id from billing.invoices where number is not null and status <> 'voided' and credit_noted_minor < total_minor order by id limit 1) returning number",
        "update billing.invoices set credit_noted_minor = credit_noted_minor - 1 where number = $1",
    ),
    (
        "update billing.receipts set unapplied_minor = unapplied_minor - 1 where id = (select id from billing.receipts where unapplied_minor > 0 and status = 'recorded' order by id limit 1) returning number",
        "update billing.receipts set unapplied_minor = unapplied_minor + 1 where number = $1",
    ),
    (
        "update entitlements.wallets set balance = balance + 1 where id = (select id from entitlements.wallets order by id limit 1) returning number",
        "update entitlements.wallets set balance = balance - 1 where number = $1",
    ),
    (
        "update entitlements.gift_instruments set balance_minor = balance_minor - 1 where id = (select id from entitlements.gift_instruments where balance_minor > 1 order by id limit 1) returning number",
        "update entitlements.gift_instruments set balance_minor = balance_minor + 1 where number = $1",
    ),
    (
        "update payments.payment_intents set captured_minor = captured_minor - 1 where id = (select id from payments.payment_intents where status = 'succeeded' and captured_minor > 1 and refund_reserved_minor = 0 order by id limit 1) returning number",
        "update payments.payment_intents set captured_minor = captured_minor + 1 where number = $1",
    ),
    (
        "update billing.folios set balance_minor = balance_minor + 1 where id = (select id from billing.folios order by id limit 1) returning number",
        "update billing.folios set balance_minor = balance_minor - 1 where number = $1",
    ),
];

/// How many steps, and from which seed: `MONEY_STEPS` and `MONEY_SEED` where they are set.
fn wanted() -> (usize, u64) {
    let number = |name: &str| std::env::var(name).ok()?.parse().ok();
    let steps = number("MONEY_STEPS").and_then(|n| usize::try_from(n).ok());
    let seed = number("MONEY_SEED").unwrap_or_else(rand::random::<u64>);
    (steps.unwrap_or(150), seed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv10_inv11_inv12_inv16_any_history_of_money_adds_up() -> anyhow::Result<()> {
    let (steps, seed) = wanted();
    println!("seed {seed}");
    let mut history = History::open(seed).await?;
    // What all histories have, so that there is something of each.
    history.begin().await?;
    for step in 0..steps {
        history.step().await?;
        if step % 50 == 49 {
            history.check().await?;
        }
    }
    history.check().await?;
    let superuser = history.world.database.owner().await?;
    superuser
        .batch_execute("set session_replication_role = replica")
        .await?;
    for (change, back) in BY_HAND {
        let row = superuser.query_one(*change, &[]).await?;
        let number: String = row.try_get(0)?;
        let told = history.world.told_breaks().await?;
        anyhow::ensure!(
            told.iter().any(|line| line.contains(&number)),
            "{change}: {number} is not among {told:?}"
        );
        superuser.execute(*back, &[&number]).await?;
    }
    history.check().await
}
