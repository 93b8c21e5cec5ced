//! `creditNoteCreate`.

use async_graphql::{Enum, InputObject};
use entities::billing::{invoice, invoice_line};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::Creditable;
use super::store::Invoice;
use foundation::database::new_id;
use foundation::graph::scalars::{Id, MoneyInput, Number};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.credit";
/// How many lines one request credits at most.
const MOST_LINES: usize = 500;

/// Puts a credit note together, as a draft: all that is left of an invoice, or parts of its lines.
/// The tax of what is taken back follows each line's own; the last part takes exactly what is left.
/// `creditNoteFinalize` issues it.
#[derive(InputObject)]
pub struct CreditNoteCreateInput {
    /// The invoice.
    pub invoice_id: Id<invoice::Entity>,
    /// Why it is taken back; stands on the credit note.
    pub reason: String,
    /// What is taken back, 500 lines at most; all that is left of the invoice if not given.
    pub lines: Option<Vec<CreditLineInput>>,
}

/// A line of an invoice that is taken back: by amount, by quantity, or what is left of it.
#[derive(InputObject)]
pub struct CreditLineInput {
    /// The line of the invoice.
    pub invoice_line_id: Id<invoice_line::Entity>,
    /// How much of it, with tax.
    pub amount: Option<MoneyInput>,
    /// How many of it, where no amount is given.
    pub quantity: Option<Number>,
}

/// Why a credit note cannot be made.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "CreditNoteCreateErrorCode")]
pub enum CreditNoteCreateProblem {
    /// Only an invoice that was issued, and not voided, is credited.
    WrongStatus,
    /// Nothing is left of the invoice, or of the line, to be credited.
    NothingLeft,
    /// More than what is left of the line, in another currency, or not more than zero.
    WrongAmount,
    /// The line is of another invoice, or named twice.
    WrongLine,
    /// A reason must be given.
    ReasonRequired,
    /// No more than 500 lines are credited at once.
    TooManyLines,
}

type Problem = CreditNoteCreateProblem;

/// The verb.
pub struct CreditNoteCreate;

/// A line of the invoice.
struct Left {
    id: Uuid,
    line: Creditable,
    quantity: Decimal,
}

/// A line of the credit note.
struct Credit {
    line_id: Uuid,
    quantity: Option<Decimal>,
    amount_minor: i64,
    tax_minor: i64,
}

const LINES: &str = "select l.id, l.total_minor, l.tax_minor, l.credited_minor + coalesce(d.amount, 0), \
      l.credited_tax_minor + coalesce(d.tax, 0), l.quantity \
    from billing.invoice_lines l \
    left join lateral (select sum(c.amount_minor)::bigint as amount, sum(c.tax_minor)::bigint as tax \
      from billing.credit_note_lines c \
      join billing.credit_notes n on n.biz_id = c.biz_id and n.id = c.credit_note_id and n.status = 'draft' \
      where c.biz_id = l.biz_id and c.invoice_line_id = l.id and c.voided_at is null) d on true \
    where l.biz_id = $1 and l.invoice_id = $2 and l.voided_at is null order by l.line_no";

const INSERT: &str = "insert into billing.credit_notes (biz_id, id, invoice_id, reason, currency, total_minor, tax_minor) \
    values ($1, $2, $3, $4, $5, $6, $7)";

const INSERT_LINES: &str = "insert into billing.credit_note_lines (biz_id, id, credit_note_id, invoice_line_id, quantity, \
      amount_minor, tax_minor, currency) \
    select $1, l.id, $2, l.invoice_line_id, l.quantity, l.amount_minor, l.tax_minor, $3 \
    from jsonb_populate_recordset(null::billing.credit_note_lines, $4) l";

impl Verb for CreditNoteCreate {
    type Input = CreditNoteCreateInput;
    type Problem = Problem;

    const NAME: &'static str = "creditNoteCreate";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.credit_note_drafted");
    const PAYLOAD: &'static [Part] = &[Part::Row("creditNote", "CreditNote", "The draft.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let invoice = Invoice::lock(act, PERMISSION, input.invoice_id.uuid(), None).await?;
        if invoice.number.is_none() || invoice.status == "voided" || invoice.kind == "proforma" {
            return Err(Fault::problem(
                Problem::WrongStatus,
                "Only an invoice that was issued, and not voided, is credited.",
            ));
        }
        let left = left(act, &invoice).await?;
        let parts = parts(&left, input.lines.as_deref(), &invoice.currency)?;
        if parts.is_empty() {
            return Err(Fault::problem(
                Problem::NothingLeft,
                "All of the invoice was credited already, or stands on a draft of a credit note.",
            ));
        }
        let id = write(act, &invoice, reason, &parts).await?;
        Ok(Outcome::row("creditNote", id)
            .detail("location_id", invoice.location_id.to_string())
            .detail("invoice_id", invoice.id.to_string()))
    }
}

async fn left(act: &Act<'_>, invoice: &Invoice) -> Result<Vec<Left>, Fault<Problem>> {
    let values = [act.scope.biz_id().into(), invoice.id.into()];
    let rows = act.scope.query(LINES, &values).await?;
    let mut left = Vec::with_capacity(rows.len());
    for row in rows {
        left.push(Left {
            id: row.try_get(0)?,
            line: Creditable {
                total_minor: row.try_get(1)?,
                tax_minor: row.try_get(2)?,
                credited_minor: row.try_get(3)?,
                credited_tax_minor: row.try_get(4)?,
            },
            quantity: row.try_get(5)?,
        });
    }
    Ok(left)
}

fn parts(
    left: &[Left],
    asked: Option<&[CreditLineInput]>,
    currency: &str,
) -> Result<Vec<Credit>, Fault<Problem>> {
    let Some(asked) = asked else {
        let rest = left.iter().filter(|left| left.line.left() > 0);
        return Ok(rest
            .map(|left| part(left, left.line.left(), None))
            .collect());
    };
    if asked.len() > MOST_LINES {
        let message = "At most 500 lines are credited at once.";
        return Err(Fault::at(Problem::TooManyLines, "lines", message));
    }
    let mut parts: Vec<Credit> = Vec::with_capacity(asked.len());
    for (index, line) in asked.iter().enumerate() {
        let path = format!("lines.{index}");
        let id = line.invoice_line_id.uuid();
        let known = left.iter().find(|left| left.id == id);
        let known = known.filter(|_| parts.iter().all(|part| part.line_id != id));
        let Some(known) = known else {
            let message = "Name each line of this invoice once.";
            return Err(Fault::at(Problem::WrongLine, &path, message));
        };
        let amount = match (&line.amount, line.quantity) {
            (Some(amount), _) if amount.currency != currency => -1,
            (Some(amount), _) => amount.minor,
            (None, Some(quantity)) => known.line.amount_of(quantity.0, known.quantity),
            (None, None) => known.line.left(),
        };
        if amount < 1 || amount > known.line.left() {
            let message = format!(
                "More than zero and at most {} minor units of {currency} can be taken back of this line.",
                known.line.left()
            );
            return Err(Fault::at(Problem::WrongAmount, &path, message));
        }
        parts.push(part(
            known,
            amount,
            line.quantity.map(|quantity| quantity.0),
        ));
    }
    Ok(parts)
}

fn part(left: &Left, amount_minor: i64, quantity: Option<Decimal>) -> Credit {
    Credit {
        line_id: left.id,
        quantity,
        amount_minor,
        tax_minor: left.line.tax_in(amount_minor),
    }
}

async fn write(
    act: &Act<'_>,
    invoice: &Invoice,
    reason: &str,
    parts: &[Credit],
) -> Result<Uuid, Fault<Problem>> {
    let id = new_id();
    let biz_id = act.scope.biz_id();
    let values = [
        biz_id.into(),
        id.into(),
        invoice.id.into(),
        reason.into(),
        invoice.currency.as_str().into(),
        parts
            .iter()
            .map(|part| part.amount_minor)
            .sum::<i64>()
            .into(),
        parts.iter().map(|part| part.tax_minor).sum::<i64>().into(),
    ];
    act.scope.execute(INSERT, &values).await?;
    let rows: Vec<Value> = parts
        .iter()
        .map(|part| {
            json!({
                "id": new_id(), "invoice_line_id": part.line_id, "quantity": part.quantity,
                "amount_minor": part.amount_minor, "tax_minor": part.tax_minor,
            })
        })
        .collect();
    let values = [
        biz_id.into(),
        id.into(),
        invoice.currency.as_str().into(),
        Value::Array(rows).into(),
    ];
    act.scope.execute(INSERT_LINES, &values).await?;
    Ok(id)
}
