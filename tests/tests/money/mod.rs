//! Money over all contexts at once: whatever is sold, taken, given back, credited and given up, in three
//! currencies, all sums agree; and a row that is changed by hand is named.

mod changed_by_hand;
mod changes;
mod statements;
mod steps;

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use tests::actor::unique;
use tests::hotel::made;
use tests::{Actor, World};
use tokio_postgres::Client;

use self::statements::{BY_HAND, STATEMENTS};

/// The currencies: with two digits, without, and with three.
const CURRENCIES: [&str; 3] = ["EUR", "JPY", "KWD"];

/// A house that sells in one currency.
struct House {
    location: String,
    customer: String,
    wallet: Value,
    /// Of somebody else.
    other_wallet: Value,
    account: Value,
    /// Accounts of the books: what it has, and what it spent.
    books: [Value; 2],
    currency: &'static str,
}

/// What was done so far, by house.
struct History {
    world: World,
    owner: Actor,
    /// Who approves what the owner asks for.
    manager: Actor,
    sql: Client,
    dice: StdRng,
    houses: Vec<House>,
    /// Ids of what was made, by what it is, with the house.
    things: BTreeMap<&'static str, Vec<(usize, Value)>>,
    /// How often each verb was tried and done.
    verbs: BTreeMap<String, (usize, usize)>,
    /// How often each was refused, and with which code.
    refusals: BTreeMap<String, usize>,
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

async fn house(owner: &Actor, currency: &'static str) -> anyhow::Result<House> {
    let location = json!({
        "code": format!("M{}", unique()), "name": format!("House of {currency}"), "kind": "PROPERTY",
        "timezone": "Europe/Lisbon", "currency": currency, "countryCode": "PT",
    });
    let location = made(owner, "location", location).await?;
    let customer = made(owner, "customer", json!({ "fullName": "Ana" })).await?;
    let other = made(owner, "customer", json!({ "fullName": "Bruno" })).await?;
    let one = async |verb: &str, field: &str, input: Value| {
        let payload = owner.act(verb, input, &format!("{field} {{ id }}")).await?;
        anyhow::Ok(payload[field]["id"].clone())
    };
    let wallet = |of: &str| json!({ "customerId": of, "currency": currency });
    let account = json!({ "name": "Ana, Lda.", "customerId": customer, "currency": currency });
    let ledger = |code: &str, kind: &str| json!({ "code": code, "name": "By hand", "type": kind, "currency": currency });
    Ok(House {
        wallet: one("walletOpen", "wallet", wallet(&customer)).await?,
        other_wallet: one("walletOpen", "wallet", wallet(&other)).await?,
        account: one("billingAccountOpen", "billingAccount", account).await?,
        books: [
            one(
                "ledgerAccountOpen",
                "ledgerAccount",
                ledger("7001", "ASSET"),
            )
            .await?,
            one(
                "ledgerAccountOpen",
                "ledgerAccount",
                ledger("7002", "EXPENSE"),
            )
            .await?,
        ],
        location,
        customer,
        currency,
    })
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
            houses.push(house(&owner, currency).await?);
        }
        let manager = world.staff(&owner, "manager", &[]).await?;
        Ok(Self {
            world,
            owner,
            sql,
            dice: StdRng::seed_from_u64(seed),
            houses,
            manager,
            things: BTreeMap::new(),
            verbs: BTreeMap::new(),
            refusals: BTreeMap::new(),
        })
    }

    /// Tokens end while days pass.
    async fn sign_in_again(&mut self) -> anyhow::Result<()> {
        self.owner = self.world.again(&self.owner).await?;
        self.manager = self.world.again(&self.manager).await?;
        Ok(())
    }

    fn below(&mut self, end: usize) -> usize {
        self.dice.random_range(0..end.max(1))
    }

    /// Uses a verb: what comes back where it is done, nothing where it is refused. It never fails.
    async fn try_to(
        &mut self,
        name: &str,
        input: Value,
        select: &str,
    ) -> anyhow::Result<Option<Value>> {
        let owner = self.owner.clone();
        self.try_as(&owner, name, input, select).await
    }

    /// The same as somebody else.
    async fn try_as(
        &mut self,
        actor: &Actor,
        name: &str,
        input: Value,
        select: &str,
    ) -> anyhow::Result<Option<Value>> {
        let answer = actor.verb(name, input.clone(), select).await?;
        anyhow::ensure!(
            answer.errors().is_empty(),
            "{name} {input}: {}",
            answer.body
        );
        let code = answer.user_code();
        if let Some(code) = code {
            let refused = self.refusals.entry(format!("{name} {code}")).or_default();
            *refused += 1;
        }
        let is_done = code.is_none();
        let (tried, done) = self.verbs.entry(name.to_owned()).or_default();
        *tried += 1;
        *done += usize::from(is_done);
        Ok(is_done.then(|| answer.payload().clone()))
    }

    /// Makes something and remembers it under a name.
    async fn make(
        &mut self,
        (kind, place): (&'static str, usize),
        name: &str,
        input: Value,
        field: &str,
    ) -> anyhow::Result<Option<Value>> {
        let select = format!("{field} {{ id }}");
        let made = self.try_to(name, input, &select).await?;
        let id = made.map(|made| made[field]["id"].clone());
        if let Some(id) = &id {
            self.keep(kind, place, id.clone());
        }
        Ok(id)
    }

    fn keep(&mut self, kind: &'static str, place: usize, id: Value) {
        self.things.entry(kind).or_default().push((place, id));
    }

    /// One of what was made, with its house.
    fn one(&mut self, kind: &str) -> Option<(usize, Value)> {
        let count = self.things.get(kind).map_or(0, Vec::len);
        let choice = self.below(count);
        self.things.get(kind)?.get(choice).cloned()
    }

    /// One of the rows that a list of the graph gives, with the house of its currency.
    async fn found(&mut self, list: &str, filter: &str) -> anyhow::Result<Option<(usize, Value)>> {
        let query =
            format!("{{ {list}(first: 60, filter: {filter}) {{ nodes {{ id currency }} }} }}");
        let data = self.owner.read(&query).await?;
        let rows = data[list]["nodes"].as_array().cloned().unwrap_or_default();
        let choice = self.below(rows.len());
        let Some(row) = rows.get(choice) else {
            return Ok(None);
        };
        let houses = &self.houses;
        let place = houses
            .iter()
            .position(|house| row["currency"] == house.currency);
        Ok(place.map(|place| (place, row["id"].clone())))
    }

    /// Does something to one of what was made, where there is one.
    async fn do_to(
        &mut self,
        kind: &str,
        name: &str,
        more: Value,
        select: &str,
    ) -> anyhow::Result<Option<Value>> {
        let Some((_, id)) = self.one(kind) else {
            return Ok(None);
        };
        let mut input = json!({ "id": id });
        if let (Value::Object(input), Value::Object(more)) = (&mut input, more) {
            input.extend(more);
        }
        self.try_to(name, input, select).await
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

/// How many steps, and from which seed: `MONEY_STEPS` and `MONEY_SEED` where they are set.
fn wanted() -> (usize, u64) {
    let number = |name: &str| std::env::var(name).ok()?.parse().ok();
    let steps = number("MONEY_STEPS").and_then(|n| usize::try_from(n).ok());
    let seed = number("MONEY_SEED").unwrap_or(41);
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
    history.end().await?;
    history.check().await?;
    for (verb, (tried, done)) in &history.verbs {
        println!("{verb}: {done} of {tried}");
    }
    println!("{:?}", history.refusals);
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
