//! `dunningRun`, and the clock that runs it each local day.

mod fee;

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Enum, InputObject};
use chrono::NaiveDate;
use entities::core::location;
use serde_json::{Value, json};
use uuid::Uuid;

use self::fee::Fee;
use super::print::forms::amount;
use super::store::{reach_location, tenant_day};
use crate::notifications::message::{self, NewMessage};
use foundation::database::{Error, new_id};
use foundation::graph::scalars::{Day, Id};
use foundation::graph::session::Shared;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::money::exponent;
use foundation::worker::Job;
use foundation::worker::tenants::{by_tenant, use_once};

const PERMISSION: &str = "billing.dun";
/// How many invoices one run reminds of at most; the next run goes on. Fees are numbered and posted, which
/// others wait for until the run ends.
const MOST: i64 = 100;

/// Reminds of overdue invoices, by mail or text message: each gets the step of its policy that is due by the calendar of its
/// account, or else of its location, and each step once. Contested invoices, paused accounts and small
/// amounts are passed over; a step may put the account on hold. The fee of a step is an invoice of its own,
/// which is not dunned. At most 100 invoices a run: what is left is reminded by the next. With `dryRun` it
/// shows what it would do.
#[derive(InputObject)]
pub struct DunningRunInput {
    /// The day whose steps are due; today, wherever the invoice is, if not given.
    pub as_of: Option<Day>,
    /// Only invoices of this location.
    pub location_id: Option<Id<location::Entity>>,
}

/// Why nobody is reminded.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DunningRunErrorCode")]
pub enum DunningRunProblem {
    /// Another run is at it.
    AlreadyRunning,
}

/// The verb. The entity has its name.
pub struct DunningRunNow;

const DUE: &str = "select i.id, i.open_minor, i.currency::text, s.id, s.fee_minor, s.name, s.blocks_account, i.billing_account_id, \
      coalesce(i.customer_id, a.customer_id), i.number, i.due_on, i.location_id, s.channel::text \
    from billing.invoices i \
    join core.locations l on l.biz_id = $1 and l.id = i.location_id \
    left join billing.billing_accounts a on a.biz_id = $1 and a.id = i.billing_account_id \
    join billing.dunning_policies p on p.biz_id = $1 and p.deleted_at is null \
      and (p.id = a.dunning_policy_id or a.dunning_policy_id is null and p.is_default) \
    cross join lateral (select coalesce($2::date, ($3::timestamptz at time zone coalesce(a.timezone, l.timezone))::date) as day) d \
    join lateral (select s.* from billing.dunning_policy_steps s \
      where s.biz_id = $1 and s.policy_id = p.id and s.deleted_at is null and s.days_overdue <= d.day - i.due_on \
      order by s.days_overdue desc limit 1) s on true \
    where i.biz_id = $1 and i.status in ('finalized', 'partially_paid') and i.open_minor > 0 and i.kind <> 'proforma' \
      and i.disputed_at is null and i.source_type is distinct from 'DunningRun' and i.currency = p.currency and i.open_minor >= p.min_open_minor \
      and (a.dunning_paused_until is null or a.dunning_paused_until <= d.day) \
      and ($4::uuid is null or i.location_id = $4) and ($5::uuid[] is null or i.location_id = any($5)) \
      and not exists (select from billing.dunning_actions x \
        join billing.dunning_policy_steps y on y.biz_id = $1 and y.id = x.step_id \
        where x.biz_id = $1 and x.invoice_id = i.id and x.outcome = 'sent' and y.days_overdue >= s.days_overdue) \
    order by i.id limit $6 for no key update of i";

const INSERT_RUN: &str =
    "insert into billing.dunning_runs (biz_id, id, as_of, location_id) values ($1, $2, $3, $4)";
const START: &str = "update billing.dunning_runs set status = 'running', started_at = $3 where biz_id = $1 and id = $2";
const END: &str = "update billing.dunning_runs set status = 'done', finished_at = $3, invoice_count = $4, action_count = $4 \
    where biz_id = $1 and id = $2";

const ACTIONS: &str = "insert into billing.dunning_actions (biz_id, id, run_id, invoice_id, step_id, outcome, detail, open_minor, \
      fee_minor, currency, fee_invoice_id) \
    select $1, x.id, $2, x.invoice_id, x.step_id, 'sent', x.detail, x.open_minor, x.fee_minor, x.currency, x.fee_invoice_id \
    from jsonb_populate_recordset(null::billing.dunning_actions, $3) x";
const EVENTS: &str = "insert into billing.invoice_events (biz_id, id, invoice_id, kind, occurred_at, detail) \
    select $1, x.run_id, x.invoice_id, 'reminded', $2, x.detail \
    from jsonb_populate_recordset(null::billing.dunning_actions, $3) x";
const BLOCK: &str = "update billing.billing_accounts set status = 'on_hold' \
    where biz_id = $1 and id = any($2) and status = 'active'";

impl Verb for DunningRunNow {
    type Input = DunningRunInput;
    type Problem = DunningRunProblem;

    const NAME: &'static str = "dunningRun";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.dunning_run");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("dunningRun", "DunningRun", "The run."),
        Part::Rows("invoices", "Invoice", "The invoices that were reminded of."),
    ];
    const CONSTRAINTS: &'static [(&'static str, DunningRunProblem)] = &[(
        "dunning_runs_running_key",
        DunningRunProblem::AlreadyRunning,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        if let Some(location) = input.location_id {
            reach_location(act, PERMISSION, location.uuid()).await?;
        }
        let places = match act.principal()?.reach(PERMISSION) {
            foundation::identity::Reach::All => None,
            foundation::identity::Reach::Locations(places) => Some(places.to_vec()),
        };
        let location = input.location_id.map(|id| id.uuid());
        let as_of = input.as_of.map(|day| day.0);
        let run = new_id();
        let day: NaiveDate = match as_of {
            Some(day) => day,
            None => tenant_day(act.scope).await?,
        };
        let biz_id = act.scope.biz_id();
        let now = act.scope.now();
        let values = [biz_id.into(), run.into(), day.into(), location.into()];
        act.scope.execute(INSERT_RUN, &values).await?;
        let values = [biz_id.into(), run.into(), now.into()];
        act.scope.execute(START, &values).await?;
        let values = [
            biz_id.into(),
            as_of.into(),
            now.into(),
            location.into(),
            places.into(),
            MOST.into(),
        ];
        let due = act.scope.query(DUE, &values).await?;
        let mut reminders = due
            .iter()
            .map(Reminder::of)
            .collect::<Result<Vec<_>, Error>>()?;
        for reminder in &mut reminders {
            reminder.fee = fee::charge(act, run, reminder).await?;
        }
        write(act, run, &reminders).await?;
        let count = i64::try_from(reminders.len()).unwrap_or(MOST);
        let values = [biz_id.into(), run.into(), now.into(), count.into()];
        act.scope.execute(END, &values).await?;
        let mut outcome = Outcome::row("dunningRun", run).detail("invoices", count);
        for reminder in &reminders {
            outcome = outcome.and_row("invoices", reminder.invoice_id);
        }
        Ok(outcome)
    }
}

/// A reminder that is due.
struct Reminder {
    invoice_id: Uuid,
    open_minor: i64,
    currency: String,
    step_id: Uuid,
    /// The fee of the step.
    fee_minor: i64,
    /// What became of it.
    fee: Fee,
    name: String,
    /// The account that owes it, and whether the step puts it on hold.
    billing_account_id: Option<Uuid>,
    blocks: bool,
    customer_id: Option<Uuid>,
    number: String,
    due_on: NaiveDate,
    location_id: Uuid,
    /// None where staff call or write a letter.
    channel: Option<&'static str>,
}

impl Reminder {
    fn of(row: &tokio_postgres::Row) -> Result<Self, Error> {
        Ok(Self {
            invoice_id: row.try_get(0)?,
            open_minor: row.try_get(1)?,
            currency: row.try_get(2)?,
            step_id: row.try_get(3)?,
            fee_minor: row.try_get(4)?,
            fee: Fee::None,
            name: row.try_get(5)?,
            billing_account_id: row.try_get(7)?,
            blocks: row.try_get(6)?,
            customer_id: row.try_get(8)?,
            number: row.try_get(9)?,
            due_on: row.try_get(10)?,
            location_id: row.try_get(11)?,
            channel: match row.try_get(12)? {
                "email" => Some("email"),
                "sms" => Some("sms"),
                _ => None,
            },
        })
    }

    /// What whoever owes it reads; none where nobody is known, or staff call or write a letter.
    fn message(&self) -> Option<NewMessage<'static>> {
        let sum = |minor| amount(minor, exponent(&self.currency));
        let open = sum(self.open_minor);
        let fee = match &self.fee {
            Fee::Charged { number, .. } => {
                let fee = sum(self.fee_minor);
                format!(
                    " A fee of {fee} {} is charged by invoice {number}.",
                    self.currency
                )
            }
            Fee::None | Fee::Refused(_) => String::new(),
        };
        Some(NewMessage {
            customer_id: self.customer_id?,
            channel: self.channel?,
            subject: ("Invoice", self.invoice_id),
            title: format!("Invoice {}", self.number),
            location_id: Some(self.location_id),
            text: format!(
                "{}: {open} {} of invoice {}, due on {}, is open.{fee}",
                self.name, self.currency, self.number, self.due_on
            ),
        })
    }

    /// The row that says so. Its run is that of the whole run; here stands the id of the event instead.
    fn action(&self) -> Value {
        let name = &self.name;
        let (fee_minor, fee_invoice_id, detail) = match &self.fee {
            Fee::None => (0, None, name.clone()),
            Fee::Charged { invoice_id, .. } => (self.fee_minor, Some(invoice_id), name.clone()),
            Fee::Refused(why) => (0, None, format!("{name}, without its fee. {why}")),
        };
        json!({
            "id": new_id(), "run_id": new_id(), "invoice_id": self.invoice_id, "step_id": self.step_id,
            "detail": detail, "open_minor": self.open_minor, "fee_minor": fee_minor,
            "currency": self.currency, "fee_invoice_id": fee_invoice_id,
        })
    }
}

async fn write(act: &Act<'_>, run: Uuid, reminders: &[Reminder]) -> Result<(), Error> {
    let biz_id = act.scope.biz_id();
    let rows: Vec<Value> = reminders.iter().map(Reminder::action).collect();
    let rows = Value::Array(rows);
    let values = [biz_id.into(), run.into(), rows.clone().into()];
    act.scope.execute(ACTIONS, &values).await?;
    let values = [biz_id.into(), act.scope.now().into(), rows.into()];
    act.scope.execute(EVENTS, &values).await?;
    let messages: Vec<_> = reminders.iter().filter_map(Reminder::message).collect();
    message::write_all(act.scope, &messages).await?;
    let mut blocked: Vec<Uuid> = reminders
        .iter()
        .filter(|reminder| reminder.blocks)
        .filter_map(|reminder| reminder.billing_account_id)
        .collect();
    blocked.sort_unstable();
    blocked.dedup();
    if !blocked.is_empty() {
        act.scope
            .set_reason("Overdue, by the dunning policy")
            .await?;
        let values = [biz_id.into(), blocked.into()];
        act.scope.execute(BLOCK, &values).await?;
    }
    Ok(())
}

/// How often the clock looks for a new day.
const EVERY: Duration = Duration::from_mins(10);

/// The jobs.
pub fn jobs() -> Vec<Job> {
    vec![
        Job::new("dun_overdue", EVERY, |shared| async move {
            by_tenant(&shared.database, "dun_overdue", WITH_OVERDUE, |biz_id| {
                dun(&shared, biz_id)
            })
            .await
        }),
        Job::new("expire_purchase_orders", EVERY, |shared| async move {
            expire_purchase_orders(&shared).await
        }),
    ]
}

const WITH_OVERDUE: &str = "select b.id from core.bizes b \
    where exists (select from billing.dunning_policies p where p.biz_id = b.id and p.deleted_at is null) \
      and exists (select from billing.invoices i where i.biz_id = b.id and i.status in ('finalized', 'partially_paid') \
        and i.due_on <= ($1::timestamptz + interval '61 days')::date)";

const FULL_RUNS: &str = "select count(*) from billing.dunning_runs r \
    where r.biz_id = $1 and r.as_of = $2 and r.invoice_count >= $3";

/// Runs dunning of a tenant on its day, until a run has room left: how many invoices were reminded of. Who
/// goes on after a crash goes on with the run that follows the last full one.
async fn dun(shared: &Arc<Shared>, biz_id: Uuid) -> Result<u64, Error> {
    let mut reminded = 0;
    loop {
        let scope = shared.database.platform_in(biz_id, None, new_id()).await?;
        let day = tenant_day(&scope).await?;
        let values = [biz_id.into(), day.into(), MOST.into()];
        let row = scope.query_opt(FULL_RUNS, &values).await?;
        let full: Option<i64> = row.map(|row| row.try_get(0)).transpose()?;
        scope.rollback().await?;
        let key = format!("dunning-{day}-{}", full.unwrap_or_default());
        let done = use_once::<DunningRunNow>(shared, biz_id, PERMISSION, json!({}), &key).await;
        let Some(done) = done else {
            return Ok(reminded);
        };
        let invoices = done.rows.iter().filter(|(field, _)| *field == "invoices");
        reminded += u64::try_from(invoices.count()).unwrap_or(0);
    }
}

const EXPIRE: &str = "update billing.customer_purchase_orders p set status = 'expired' \
    from core.bizes b \
    where b.id = p.biz_id and p.status = 'open' and p.ends_on <= ($1::timestamptz at time zone b.default_timezone)::date";

/// Expires purchase orders whose last day has passed where the business is.
async fn expire_purchase_orders(shared: &Arc<Shared>) -> Result<u64, Error> {
    let job = "expire_purchase_orders";
    let Some(scope) = foundation::worker::jobs::lock(&shared.database, job).await? else {
        return Ok(0);
    };
    let expired = scope.execute(EXPIRE, &[scope.now().into()]).await?;
    scope.commit().await?;
    Ok(expired)
}
