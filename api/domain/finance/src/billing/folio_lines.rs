//! Lines of folios as they stand after what took them back or moved them, and moving them.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

use super::folios::{NewLine, post};
use super::rules::{Creditable, Gross};
use foundation::database::{Error, Scope, new_id};

/// A line, and what is left of it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Its id.
    pub id: Uuid,
    /// The folio.
    pub folio_id: Uuid,
    /// What it is.
    pub kind: String,
    /// As it was posted.
    pub whole: Gross,
    /// What was taken back of it, or moved.
    pub gone: Gross,
    /// What the guest reads.
    pub description: String,
    /// Its category.
    pub category: Option<String>,
    /// What was sold.
    pub sellable_id: Option<Uuid>,
    /// The rate of its tax.
    pub tax_rate_id: Option<Uuid>,
    /// The rate as a fraction.
    pub tax_rate: Option<Decimal>,
    /// Its currency.
    pub currency: String,
    /// Whether it stands on an invoice or a draft.
    pub is_billed: bool,
    /// The location of its folio.
    pub location_id: Uuid,
}

const FIND: &str = "select l.id, l.folio_id, l.kind::text, l.amount_minor, l.tax_minor, -coalesce(c.amount, 0)::bigint, \
      -coalesce(c.tax, 0)::bigint, l.description, l.category, l.sellable_id, l.tax_rate_id, l.tax_rate, l.currency::text, \
      exists (select from billing.invoice_lines b where b.biz_id = $1 and b.source_type = 'FolioLineItem' \
        and b.source_id = l.id and b.voided_at is null and b.released_at is null), f.location_id \
    from billing.folio_line_items l \
    join billing.folios f on f.biz_id = l.biz_id and f.id = l.folio_id \
    left join lateral (select sum(c.amount_minor) as amount, sum(c.tax_minor) as tax from billing.folio_line_items c \
      where c.biz_id = l.biz_id and c.corrects_id = l.id) c on true \
    where l.biz_id = $1 and (l.id = any($2) or l.folio_id = $3 and l.kind in ('charge', 'tax', 'transfer_in') and l.amount_minor > 0) \
    order by l.business_date, l.id";

impl Standing {
    /// Lines by their ids.
    pub async fn find(scope: &Scope, ids: &[Uuid]) -> Result<Vec<Self>, Error> {
        Self::read(scope, ids.to_vec(), None).await
    }

    /// All charges of a folio.
    pub async fn of_folio(scope: &Scope, folio_id: Uuid) -> Result<Vec<Self>, Error> {
        Self::read(scope, Vec::new(), Some(folio_id)).await
    }

    async fn read(
        scope: &Scope,
        ids: Vec<Uuid>,
        folio_id: Option<Uuid>,
    ) -> Result<Vec<Self>, Error> {
        let values = [scope.biz_id().into(), ids.into(), folio_id.into()];
        let rows = scope.query(FIND, &values).await?;
        rows.iter()
            .map(|row| {
                let gross = |amount, tax| {
                    Ok::<_, Error>(Gross {
                        amount_minor: row.try_get(amount)?,
                        tax_minor: row.try_get(tax)?,
                    })
                };
                Ok(Self {
                    id: row.try_get(0)?,
                    folio_id: row.try_get(1)?,
                    kind: row.try_get(2)?,
                    whole: gross(3, 4)?,
                    gone: gross(5, 6)?,
                    description: row.try_get(7)?,
                    category: row.try_get(8)?,
                    sellable_id: row.try_get(9)?,
                    tax_rate_id: row.try_get(10)?,
                    tax_rate: row.try_get(11)?,
                    currency: row.try_get(12)?,
                    is_billed: row.try_get(13)?,
                    location_id: row.try_get(14)?,
                })
            })
            .collect()
    }

    /// What is left of it.
    pub fn left(&self) -> Gross {
        Gross {
            amount_minor: self.whole.amount_minor - self.gone.amount_minor,
            tax_minor: self.whole.tax_minor - self.gone.tax_minor,
        }
    }

    /// The tax in a part of what is left.
    pub fn tax_in(&self, amount_minor: i64) -> i64 {
        let line = Creditable {
            total_minor: self.whole.amount_minor,
            tax_minor: self.whole.tax_minor,
            credited_minor: self.gone.amount_minor,
            credited_tax_minor: self.gone.tax_minor,
        };
        line.tax_in(amount_minor)
    }
}

/// A part of a line that goes to another folio.
#[derive(Clone, Copy, Debug)]
pub struct Move<'a> {
    /// The line.
    pub line: &'a Standing,
    /// How much of it goes.
    pub part: Gross,
    /// The folio it goes to.
    pub to: Uuid,
}

const INSERT: &str = "insert into billing.folio_transfers (biz_id, id, from_line_id, to_folio_id, amount_minor, currency, \
      out_line_id, in_line_id, reason) \
    select $1, t.id, t.from_line_id, t.to_folio_id, t.amount_minor, t.currency, t.out_line_id, t.in_line_id, $2 \
    from jsonb_populate_recordset(null::billing.folio_transfers, $3) t";

/// Moves parts of lines to other folios: one line takes each out, one brings it in. The sums of the
/// folios together stay as they were. Gives the lines that brought them in.
pub async fn transfer(
    scope: &Scope,
    moves: &[Move<'_>],
    day: NaiveDate,
    reason: Option<&str>,
) -> Result<Vec<Uuid>, Error> {
    let mut lines = Vec::with_capacity(moves.len() * 2);
    let mut rows: Vec<Value> = Vec::with_capacity(moves.len());
    let mut brought = Vec::with_capacity(moves.len());
    for Move { line, part, to } in moves {
        let of = |folio_id, kind, sign: i64| NewLine {
            sellable_id: line.sellable_id,
            category: line.category.clone(),
            tax_minor: sign * part.tax_minor,
            tax_rate_id: line.tax_rate_id,
            tax_rate: line.tax_rate,
            reason: reason.map(str::to_owned),
            ..NewLine::of(
                folio_id,
                kind,
                (sign * part.amount_minor, &line.currency),
                day,
                line.description.clone(),
            )
        };
        let out = NewLine {
            corrects_id: Some(line.id),
            ..of(line.folio_id, "transfer_out", -1)
        };
        let into = of(*to, "transfer_in", 1);
        rows.push(json!({
            "id": new_id(), "from_line_id": line.id, "to_folio_id": to, "amount_minor": part.amount_minor,
            "currency": line.currency, "out_line_id": out.id, "in_line_id": into.id,
        }));
        brought.push(into.id);
        lines.extend([out, into]);
    }
    post(scope, &lines).await?;
    let values = [
        scope.biz_id().into(),
        reason.map(str::to_owned).into(),
        Value::Array(rows).into(),
    ];
    scope.execute(INSERT, &values).await?;
    Ok(brought)
}
