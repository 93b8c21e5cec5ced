//! Invoices as they are thought of, and how they become rows.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

use foundation::database::{Error, Scope, new_id};
use foundation::money::{exponent, unit_price};

/// What an invoice is about, besides its lines.
#[derive(Clone, Debug)]
pub struct Head {
    /// A value of `billing.invoice_kind`.
    pub kind: &'static str,
    /// The location that issues it.
    pub location_id: Uuid,
    /// Its currency.
    pub currency: String,
    /// Who owes it.
    pub customer_id: Option<Uuid>,
    /// The account that owes it, where it is owed on account.
    pub billing_account_id: Option<Uuid>,
    /// The booking it is for.
    pub booking_order_id: Option<Uuid>,
    /// The folio it is for.
    pub folio_id: Option<Uuid>,
    /// What else it is for: entity and id.
    pub source: Option<(&'static str, Uuid)>,
    /// First day of what it is for, and the first day after the last.
    pub service: Option<(NaiveDate, NaiveDate)>,
}

/// A tax of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Tax {
    /// The rate, where it is one of the tenant's.
    pub tax_rate_id: Option<Uuid>,
    /// What it is called on the invoice.
    pub name: String,
    /// The rate as a fraction.
    pub rate: Decimal,
    /// What it is reckoned on.
    pub taxable_minor: i64,
    /// The tax.
    pub tax_minor: i64,
}

/// A line.
#[derive(Clone, Debug)]
pub struct Line {
    /// What was sold.
    pub sellable_id: Option<Uuid>,
    /// The row it bills, which is billed once: entity and id.
    pub source: Option<(&'static str, Uuid)>,
    /// What the customer reads.
    pub description: String,
    /// How many.
    pub quantity: Decimal,
    /// What they cost before discount and tax.
    pub subtotal_minor: i64,
    /// What is taken off.
    pub discount_minor: i64,
    /// The tax category as sold.
    pub tax_category: Option<String>,
    /// Its taxes.
    pub taxes: Vec<Tax>,
    /// First day of what it is for, and the first day after the last.
    pub service: Option<(NaiveDate, NaiveDate)>,
}

impl Line {
    /// One of something without tax, for so much.
    pub fn plain(description: String, minor: i64, source: Option<(&'static str, Uuid)>) -> Self {
        Self {
            sellable_id: None,
            source,
            description,
            quantity: Decimal::ONE,
            subtotal_minor: minor,
            discount_minor: 0,
            tax_category: None,
            taxes: Vec::new(),
            service: None,
        }
    }

    /// Its tax.
    pub fn tax_minor(&self) -> i64 {
        self.taxes.iter().map(|tax| tax.tax_minor).sum()
    }

    /// What it costs.
    pub fn total_minor(&self) -> i64 {
        self.subtotal_minor - self.discount_minor + self.tax_minor()
    }

    fn rate(&self) -> Option<Decimal> {
        match self.taxes.as_slice() {
            [] => None,
            taxes => Some(taxes.iter().map(|tax| tax.rate).sum()),
        }
    }
}

/// The taxes of lines, one for each name and rate.
pub fn taxes(lines: &[Line]) -> Vec<Tax> {
    let mut taxes: BTreeMap<(String, Decimal), Tax> = BTreeMap::new();
    for tax in lines.iter().flat_map(|line| &line.taxes) {
        taxes
            .entry((tax.name.clone(), tax.rate))
            .and_modify(|sum| {
                sum.taxable_minor += tax.taxable_minor;
                sum.tax_minor += tax.tax_minor;
            })
            .or_insert_with(|| tax.clone());
    }
    taxes.into_values().collect()
}

/// What is written on a draft besides what is billed.
#[derive(Clone, Debug, Default)]
pub struct Remarks {
    /// The customer's purchase order.
    pub customer_po_id: Option<Uuid>,
    /// The invoice it replaces.
    pub replaces_id: Option<Uuid>,
    /// When it is to be paid, where the terms of the account do not say.
    pub due_on: Option<NaiveDate>,
    /// What is known of the buyer besides the customer's name.
    pub buyer: serde_json::Map<String, Value>,
    /// What is said about payment.
    pub payment_terms: Option<String>,
    /// What else is said on it.
    pub note: Option<String>,
}

const INSERT: &str = "insert into billing.invoices (biz_id, id, kind, location_id, billing_account_id, customer_id, \
      booking_order_id, folio_id, source_type, source_id, customer_po_id, replaces_id, currency, subtotal_minor, \
      discount_minor, tax_minor, total_minor, due_on, service_starts_on, service_ends_on, buyer, payment_terms, note) \
    select biz_id, id, kind, location_id, billing_account_id, customer_id, booking_order_id, folio_id, source_type, \
      source_id, customer_po_id, replaces_id, currency, subtotal_minor, discount_minor, tax_minor, total_minor, due_on, \
      service_starts_on, service_ends_on, buyer, payment_terms, note \
    from jsonb_populate_record(null::billing.invoices, $1)";

const INSERT_LINES: &str = "insert into billing.invoice_lines (biz_id, id, invoice_id, line_no, sellable_id, \
      source_type, source_id, description, quantity, unit_price, subtotal_minor, discount_minor, tax_category, \
      tax_rate, tax_minor, total_minor, currency, service_starts_on, service_ends_on) \
    select biz_id, id, invoice_id, line_no, sellable_id, source_type, source_id, description, quantity, unit_price, \
      subtotal_minor, discount_minor, tax_category, tax_rate, tax_minor, total_minor, currency, service_starts_on, \
      service_ends_on \
    from jsonb_populate_recordset(null::billing.invoice_lines, $1)";

const INSERT_TAXES: &str = "insert into billing.invoice_taxes (biz_id, id, invoice_id, tax_rate_id, name, rate, \
      taxable_minor, tax_minor, currency) \
    select biz_id, id, invoice_id, tax_rate_id, name, rate, taxable_minor, tax_minor, currency \
    from jsonb_populate_recordset(null::billing.invoice_taxes, $1)";

/// Writes a draft: three statements, whatever the number of lines.
pub async fn write(
    scope: &Scope,
    head: &Head,
    remarks: &Remarks,
    lines: &[Line],
) -> Result<Uuid, Error> {
    let id = new_id();
    let invoice = invoice_row(scope.biz_id(), id, head, remarks, lines);
    scope.execute(INSERT, &[invoice.into()]).await?;
    let digits = exponent(&head.currency);
    let rows: Vec<Value> = (1..)
        .zip(lines)
        .map(|(line_no, line): (i32, &Line)| {
            json!({
                "biz_id": scope.biz_id(), "id": new_id(), "invoice_id": id, "line_no": line_no,
                "sellable_id": line.sellable_id,
                "source_type": line.source.map(|(entity, _)| entity),
                "source_id": line.source.map(|(_, id)| id),
                "description": line.description, "quantity": line.quantity,
                "unit_price": price_of_one(line, digits),
                "subtotal_minor": line.subtotal_minor, "discount_minor": line.discount_minor,
                "tax_category": line.tax_category, "tax_rate": line.rate(),
                "tax_minor": line.tax_minor(), "total_minor": line.total_minor(),
                "currency": head.currency,
                "service_starts_on": line.service.map(|(starts_on, _)| starts_on),
                "service_ends_on": line.service.map(|(_, ends_on)| ends_on),
            })
        })
        .collect();
    let taxes: Vec<Value> = taxes(lines)
        .into_iter()
        .map(|tax| {
            json!({
                "biz_id": scope.biz_id(), "id": new_id(), "invoice_id": id,
                "tax_rate_id": tax.tax_rate_id, "name": tax.name, "rate": tax.rate,
                "taxable_minor": tax.taxable_minor, "tax_minor": tax.tax_minor,
                "currency": head.currency,
            })
        })
        .collect();
    scope
        .execute(INSERT_LINES, &[Value::Array(rows).into()])
        .await?;
    scope
        .execute(INSERT_TAXES, &[Value::Array(taxes).into()])
        .await?;
    Ok(id)
}

fn invoice_row(biz_id: Uuid, id: Uuid, head: &Head, remarks: &Remarks, lines: &[Line]) -> Value {
    let sum = |part: fn(&Line) -> i64| lines.iter().map(part).sum::<i64>();
    json!({
        "biz_id": biz_id, "id": id, "kind": head.kind, "location_id": head.location_id,
        "billing_account_id": head.billing_account_id, "customer_id": head.customer_id,
        "booking_order_id": head.booking_order_id, "folio_id": head.folio_id,
        "source_type": head.source.map(|(entity, _)| entity),
        "source_id": head.source.map(|(_, id)| id),
        "customer_po_id": remarks.customer_po_id, "replaces_id": remarks.replaces_id,
        "currency": head.currency,
        "subtotal_minor": sum(|line| line.subtotal_minor),
        "discount_minor": sum(|line| line.discount_minor),
        "tax_minor": sum(Line::tax_minor), "total_minor": sum(Line::total_minor),
        "due_on": remarks.due_on,
        "service_starts_on": head.service.map(|(starts_on, _)| starts_on),
        "service_ends_on": head.service.map(|(_, ends_on)| ends_on),
        "buyer": remarks.buyer, "payment_terms": remarks.payment_terms, "note": remarks.note,
    })
}

/// The average price of one, in major units with six digits.
fn price_of_one(line: &Line, digits: u32) -> Decimal {
    if line.quantity.is_zero() {
        return Decimal::ZERO;
    }
    unit_price(line.subtotal_minor, 1, digits)
        .checked_div(line.quantity)
        .unwrap_or_default()
        .round_dp_with_strategy(6, rust_decimal::RoundingStrategy::MidpointNearestEven)
}
