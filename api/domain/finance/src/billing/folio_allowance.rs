//! `folioAllowance`.

use async_graphql::{Enum, InputObject};
use entities::billing::folio_line_item;

use super::books::{self, About};
use super::folio_lines::Standing;
use super::folios::{Folio, NewLine, post};
use super::store::business_date;
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.allowance";

/// Takes a charge of a folio back, or a part of it: the charge stays as it was posted, and a line of
/// its own on the open day takes it back. Charges that were billed are credited on the invoice.
#[derive(InputObject)]
pub struct FolioAllowanceInput {
    /// The charge.
    pub line_id: Id<folio_line_item::Entity>,
    /// How much of it, with tax; all that is left of it if not given.
    pub amount: Option<MoneyInput>,
    /// Why.
    pub reason: String,
}

/// Why a charge cannot be taken back.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FolioAllowanceErrorCode")]
pub enum FolioAllowanceProblem {
    /// Only charges are taken back; a payment is taken off by reversing its allocation.
    NotACharge,
    /// More than is left of the charge, in another currency, or not more than zero.
    WrongAmount,
    /// It stands on an invoice: credit that.
    AlreadyBilled,
    /// The folio is closed.
    FolioClosed,
    /// A reason must be given.
    ReasonRequired,
    /// The day of business is closed.
    PeriodClosed,
}

type Problem = FolioAllowanceProblem;

/// The verb.
pub struct FolioAllowance;

impl Verb for FolioAllowance {
    type Input = FolioAllowanceInput;
    type Problem = Problem;

    const NAME: &'static str = "folioAllowance";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.folio_allowance");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("folio", "Folio", "The folio as it now stands."),
        Part::Row("line", "FolioLineItem", "The line that takes it back."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("folio_line_items_folio_open_check", Problem::FolioClosed),
        ("folio_line_items_corrects_sum_check", Problem::WrongAmount),
        ("folio_line_items_allowance_check", Problem::ReasonRequired),
        ("folio_line_items_period_open_check", Problem::PeriodClosed),
        ("journal_entries_period_open_check", Problem::PeriodClosed),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let line = Standing::find(act.scope, &[input.line_id.uuid()])
            .await?
            .pop();
        let line = line.ok_or_else(|| Fault::not_found("line"))?;
        let folio = Folio::lock(act, PERMISSION, line.folio_id, None).await?;
        // What was taken back meanwhile counts too: read again, now that the folio is locked.
        let line = Standing::find(act.scope, &[line.id]).await?.pop();
        let line = line.ok_or_else(|| Fault::not_found("line"))?;
        allow(&line)?;
        let amount = match &input.amount {
            Some(amount) if amount.currency != folio.currency => 0,
            Some(amount) => amount.minor,
            None => line.left().amount_minor,
        };
        if !(1..=line.left().amount_minor).contains(&amount) {
            let left = line.left().amount_minor;
            let message = format!(
                "{left} minor units of {} are left of the charge.",
                folio.currency
            );
            return Err(Fault::at(Problem::WrongAmount, "amount", message));
        }
        let tax = line.tax_in(amount);
        let day = business_date(act.scope, folio.location_id).await?;
        let new = NewLine {
            category: line.category.clone(),
            tax_minor: -tax,
            tax_rate_id: line.tax_rate_id,
            tax_rate: line.tax_rate,
            corrects_id: Some(line.id),
            reason: Some(input.reason.trim().to_owned()),
            ..NewLine::of(
                folio.id,
                "allowance",
                (-amount, &folio.currency),
                day,
                format!("Taken back: {}", line.description),
            )
        };
        post(act.scope, std::slice::from_ref(&new)).await?;
        let about = About {
            kind: "sale",
            source: ("Folio", folio.id),
            location_id: Some(folio.location_id),
            day,
            currency: &folio.currency,
            text: "Allowance",
        };
        books::charged(act.scope, about, -amount, -tax).await?;
        Ok(Outcome::row("folio", folio.id)
            .and_row("line", new.id)
            .detail("location_id", folio.location_id.to_string())
            .detail("amount_minor", amount))
    }
}

/// Whether a line is one that can be taken back: a charge that no invoice bills.
fn allow(line: &Standing) -> Result<(), Fault<Problem>> {
    let is_charge = matches!(line.kind.as_str(), "charge" | "tax" | "transfer_in");
    if !is_charge || line.whole.amount_minor <= 0 {
        let message = "Only charges are taken back.";
        return Err(Fault::at(Problem::NotACharge, "lineId", message));
    }
    if line.is_billed {
        let message = "The charge stands on an invoice: credit that, or throw the draft away.";
        return Err(Fault::at(Problem::AlreadyBilled, "lineId", message));
    }
    Ok(())
}
