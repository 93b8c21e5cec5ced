//! `paymentScheduleCreate` and `paymentScheduleCancel`, and the clock that settles instalments.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Enum, InputObject};
use chrono::NaiveDate;
use entities::billing::invoice;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::instalments;
use super::store::Invoice;
use foundation::database::{Error, new_id};
use foundation::graph::scalars::{Day, Id, MoneyInput};
use foundation::graph::session::Shared;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::worker::Job;

const PERMISSION: &str = "billing.invoice";
/// How many instalments a plan has at most.
const MOST: usize = 120;

/// Divides what is owed by an invoice into instalments: by amounts and days, or into equal parts of so
/// many months each. Together they are the total of the invoice; what is paid settles the earliest first.
#[derive(InputObject)]
pub struct PaymentScheduleCreateInput {
    /// The invoice.
    pub invoice_id: Id<invoice::Entity>,
    /// The instalments, 120 at most.
    pub instalments: Option<Vec<InstalmentInput>>,
    /// Into how many equal parts, where no instalments are given.
    pub parts: Option<i32>,
    /// When the first of the parts is due.
    pub first_due_on: Option<Day>,
    /// How many months apart they are; one if not given.
    pub every_months: Option<i32>,
}

/// An instalment.
#[derive(InputObject)]
pub struct InstalmentInput {
    /// When it is due.
    pub due_on: Day,
    /// How much.
    pub amount: MoneyInput,
}

/// Why a plan cannot be made.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "PaymentScheduleCreateErrorCode")]
pub enum PaymentScheduleCreateProblem {
    /// Give instalments, or a number of parts (1 to 120) and the first day.
    WrongPlan,
    /// Together they are not the total of the invoice, or one is in another currency.
    WrongSum,
    /// The invoice has a plan; cancel that first.
    AlreadyPlanned,
    /// Only an issued invoice of which something is open is paid by instalments.
    WrongStatus,
}

/// Gives a plan up: its instalments that are not paid count no more.
#[derive(InputObject)]
pub struct PaymentScheduleCancelInput {
    /// The invoice.
    pub invoice_id: Id<invoice::Entity>,
}

/// Why a plan cannot be given up.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "PaymentScheduleCancelErrorCode")]
pub enum PaymentScheduleCancelProblem {
    /// The invoice has no plan, or some of it was paid.
    WrongStatus,
}

/// The verb that makes a plan.
pub struct PaymentScheduleCreate;
/// The verb that gives it up.
pub struct PaymentScheduleCancel;

const PAYLOAD: &[Part] = &[
    Part::Row("invoice", "Invoice", "The invoice."),
    Part::Rows(
        "paymentSchedules",
        "PaymentSchedule",
        "The instalments, in order.",
    ),
];

const INSERT: &str = "insert into billing.payment_schedules (biz_id, id, source_type, source_id, seq, due_on, amount_minor, \
      plan_total_minor, currency) \
    select $1, s.id, 'Invoice', $2, s.seq, s.due_on, s.amount_minor, $3, $4 \
    from jsonb_populate_recordset(null::billing.payment_schedules, $5) s";

type Problem = PaymentScheduleCreateProblem;

impl Verb for PaymentScheduleCreate {
    type Input = PaymentScheduleCreateInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentScheduleCreate";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.payment_schedule_created");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("payment_schedules_seq_key", Problem::AlreadyPlanned),
        ("payment_schedules_sum_check", Problem::WrongSum),
        ("payment_schedules_amounts_check", Problem::WrongSum),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let invoice = Invoice::lock(act, PERMISSION, input.invoice_id.uuid(), None).await?;
        if invoice.open_minor == 0 {
            let message =
                "Only an issued invoice of which something is open is paid by instalments.";
            return Err(Fault::problem(Problem::WrongStatus, message));
        }
        let plan = plan(&input, &invoice)?;
        let sum: i64 = plan.iter().map(|(_, amount)| amount).sum();
        if sum != invoice.total_minor || plan.iter().any(|(_, amount)| *amount <= 0) {
            let message = format!(
                "The instalments must be of more than zero and sum up to {} minor units of {}.",
                invoice.total_minor, invoice.currency
            );
            return Err(Fault::problem(Problem::WrongSum, message));
        }
        let ids: Vec<Uuid> = plan.iter().map(|_| new_id()).collect();
        let rows: Vec<Value> = (1..)
            .zip(ids.iter().zip(&plan))
            .map(|(seq, (id, (due_on, amount))): (i32, _)| {
                json!({ "id": id, "seq": seq, "due_on": due_on, "amount_minor": amount })
            })
            .collect();
        let values = [
            act.scope.biz_id().into(),
            invoice.id.into(),
            invoice.total_minor.into(),
            invoice.currency.into(),
            Value::Array(rows).into(),
        ];
        act.scope.execute(INSERT, &values).await?;
        let mut outcome = Outcome::row("invoice", invoice.id);
        for id in ids {
            outcome = outcome.and_row("paymentSchedules", id);
        }
        Ok(outcome)
    }
}

/// The instalments that were asked for.
fn plan(
    input: &PaymentScheduleCreateInput,
    invoice: &Invoice,
) -> Result<Vec<(NaiveDate, i64)>, Fault<Problem>> {
    let wrong = || {
        let message = "Give instalments, or a number of parts (1 to 120) and the first day.";
        Fault::problem(Problem::WrongPlan, message)
    };
    if let Some(given) = &input.instalments {
        if given.is_empty() || given.len() > MOST {
            return Err(wrong());
        }
        if given
            .iter()
            .any(|one| one.amount.currency != invoice.currency)
        {
            let message = format!("The invoice is in {}.", invoice.currency);
            return Err(Fault::at(Problem::WrongSum, "instalments", message));
        }
        let plan = given.iter().map(|one| (one.due_on.0, one.amount.minor));
        return Ok(plan.collect());
    }
    let parts = usize::try_from(input.parts.unwrap_or(0)).unwrap_or(0);
    let months = u32::try_from(input.every_months.unwrap_or(1)).unwrap_or(0);
    match input.first_due_on {
        Some(first) if (1..=MOST).contains(&parts) && months > 0 => {
            Ok(instalments(invoice.total_minor, parts, first.0, months))
        }
        _ => Err(wrong()),
    }
}

impl Verb for PaymentScheduleCancel {
    type Input = PaymentScheduleCancelInput;
    type Problem = PaymentScheduleCancelProblem;

    const NAME: &'static str = "paymentScheduleCancel";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.payment_schedule_canceled");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let invoice = Invoice::lock(act, PERMISSION, input.invoice_id.uuid(), None).await?;
        let sql = "select s.id, s.paid_minor > 0 from billing.payment_schedules s \
                   where s.biz_id = $1 and s.source_type = 'Invoice' and s.source_id = $2 and s.status <> 'canceled' \
                   order by s.seq for no key update";
        let values = [act.scope.biz_id().into(), invoice.id.into()];
        let rows = act.scope.query(sql, &values).await?;
        let mut outcome = Outcome::row("invoice", invoice.id);
        let mut is_paid = rows.is_empty();
        for row in &rows {
            is_paid |= row.try_get::<_, bool>(1)?;
            outcome = outcome.and_row("paymentSchedules", row.try_get(0)?);
        }
        if is_paid {
            let message = "The invoice has no plan, or some of it was paid.";
            let problem = PaymentScheduleCancelProblem::WrongStatus;
            return Err(Fault::problem(problem, message));
        }
        let sql = "update billing.payment_schedules set status = 'canceled' \
                   where biz_id = $1 and source_type = 'Invoice' and source_id = $2 and status <> 'canceled'";
        act.scope.execute(sql, &values).await?;
        Ok(outcome)
    }
}

/// How often instalments are settled.
const EVERY: Duration = Duration::from_mins(1);

/// The jobs.
pub fn jobs() -> Vec<Job> {
    vec![Job::new("settle_instalments", EVERY, |shared| async move {
        settle(&shared).await
    })]
}

// What was paid, credited and given up of an invoice settles its instalments, the earliest first.
const SETTLE: &str = "with due as ( \
      select s.biz_id, s.id, greatest(0, least(s.amount_minor, i.paid_minor + i.credited_minor + i.written_off_minor \
        - coalesce(sum(s.amount_minor) over (partition by s.biz_id, s.source_id order by s.seq \
            rows between unbounded preceding and 1 preceding), 0)))::bigint as paid \
      from billing.payment_schedules s \
      join billing.invoices i on i.biz_id = s.biz_id and i.id = s.source_id \
      where s.source_type = 'Invoice' and s.status <> 'canceled') \
    update billing.payment_schedules s \
    set paid_minor = d.paid, status = case when d.paid = s.amount_minor then 'paid' else 'scheduled' end, \
      paid_at = case when d.paid = s.amount_minor then $1::timestamptz end \
    from due d \
    where s.biz_id = d.biz_id and s.id = d.id and s.paid_minor <> d.paid";

/// Brings instalments into line with what was paid: how many changed.
async fn settle(shared: &Arc<Shared>) -> Result<u64, Error> {
    let lock = foundation::worker::jobs::lock(&shared.database, "settle_instalments").await?;
    let Some(scope) = lock else { return Ok(0) };
    let settled = scope.execute(SETTLE, &[scope.now().into()]).await?;
    scope.commit().await?;
    Ok(settled)
}
