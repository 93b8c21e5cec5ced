//! `folioPost`.

use async_graphql::{Enum, InputObject};
use entities::billing::folio;
use entities::catalog::sellable;
use entities::pricing::tax_rate;
use rust_decimal::Decimal;

use super::books::{self, About};
use super::folios::{Folio, NewLine, post};
use super::routing::{Charge, Routed, route};
use super::rules::{Gross, tax_within};
use super::store::business_date;
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::money::{exponent, unit_price};

const PERMISSION: &str = "billing.folio";

/// Posts a charge to a folio, on the open day of business. Rules may lead it, or a part of it, to
/// another folio: the room to the company, extras to the guest.
#[derive(InputObject)]
pub struct FolioPostInput {
    /// The folio on which it is made.
    pub folio_id: Id<folio::Entity>,
    /// What the guest reads.
    pub description: String,
    /// What it costs, with tax.
    pub amount: MoneyInput,
    /// How many it is for; one if not given.
    pub quantity: Option<i32>,
    /// The category by which it is routed, such as room, food, minibar.
    pub category: Option<String>,
    /// The rate of the tax in it; none where there is none.
    pub tax_rate_id: Option<Id<tax_rate::Entity>>,
    /// What was sold.
    pub sellable_id: Option<Id<sellable::Entity>>,
    /// Whether it is a tax on its own, such as a city tax.
    pub is_tax: Option<bool>,
    /// Whether rules are passed by: it stays where it is posted.
    pub without_routing: Option<bool>,
}

/// Why a charge cannot be posted.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FolioPostErrorCode")]
pub enum FolioPostProblem {
    /// The folio is closed.
    FolioClosed,
    /// A charge is of more than zero, in the currency of the folio.
    WrongAmount,
    /// The day of business is closed.
    PeriodClosed,
}

type Problem = FolioPostProblem;

/// The verb.
pub struct FolioPost;

impl Verb for FolioPost {
    type Input = FolioPostInput;
    type Problem = Problem;

    const NAME: &'static str = "folioPost";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.folio_posted");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("folio", "Folio", "The folio as it now stands."),
        Part::Rows(
            "lines",
            "FolioLineItem",
            "The lines that were posted, on whichever folio.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("folio_line_items_folio_open_check", Problem::FolioClosed),
        ("folio_line_items_currency_check", Problem::WrongAmount),
        ("folio_line_items_sign_check", Problem::WrongAmount),
        ("folio_line_items_period_open_check", Problem::PeriodClosed),
        ("journal_entries_period_open_check", Problem::PeriodClosed),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let id = input.folio_id.uuid();
        let folio = Folio::lock(act, PERMISSION, id, None).await?;
        if input.amount.currency != folio.currency || input.amount.minor <= 0 {
            let message = format!("A charge is of more than zero, in {}.", folio.currency);
            return Err(Fault::at(Problem::WrongAmount, "amount", message));
        }
        let rate = match input.tax_rate_id {
            Some(id) => Some(rate(act, id).await?),
            None => None,
        };
        let whole = Gross {
            amount_minor: input.amount.minor,
            tax_minor: rate.map_or(0, |rate| tax_within(input.amount.minor, rate)),
        };
        let day = business_date(act.scope, folio.location_id).await?;
        let charge = Charge {
            category: input.category.as_deref(),
            currency: &folio.currency,
            day,
            whole,
        };
        let routed = if input.without_routing.unwrap_or(false) {
            vec![Routed {
                folio_id: id,
                rule_id: None,
                part: whole,
            }]
        } else {
            route(act.scope, &act.session.shared.database, id, &charge).await?
        };
        let lines: Vec<NewLine> = routed
            .iter()
            .map(|routed| line(&input, &charge, *routed, rate))
            .collect();
        post(act.scope, &lines).await?;
        let about = About {
            kind: "sale",
            source: ("Folio", id),
            location_id: Some(folio.location_id),
            day,
            currency: &folio.currency,
            text: &input.description,
        };
        books::charged(act.scope, about, whole.amount_minor, whole.tax_minor).await?;
        let mut outcome = Outcome::row("folio", id)
            .detail("location_id", folio.location_id.to_string())
            .detail("amount_minor", whole.amount_minor)
            .detail("currency", folio.currency.clone());
        for line in &lines {
            outcome = outcome.and_row("lines", line.id);
        }
        Ok(outcome)
    }
}

async fn rate(act: &Act<'_>, id: Id<tax_rate::Entity>) -> Result<Decimal, Fault<Problem>> {
    let sql = "select r.rate from pricing.tax_rates r \
               where r.biz_id = $1 and r.id = $2 and r.deleted_at is null";
    let values = [act.scope.biz_id().into(), id.uuid().into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("tax rate"))?;
    Ok(row.try_get(0)?)
}

fn line(
    input: &FolioPostInput,
    charge: &Charge<'_>,
    routed: Routed,
    rate: Option<Decimal>,
) -> NewLine {
    let kind = if input.is_tax.unwrap_or(false) {
        "tax"
    } else {
        "charge"
    };
    let quantity = input.quantity.unwrap_or(1);
    let amount = routed.part.amount_minor;
    NewLine {
        sellable_id: input.sellable_id.map(|id| id.uuid()),
        category: input.category.clone(),
        quantity: Decimal::from(quantity),
        unit_price: Some(unit_price(
            amount,
            i64::from(quantity),
            exponent(charge.currency),
        )),
        tax_minor: routed.part.tax_minor,
        tax_rate_id: input.tax_rate_id.map(|id| id.uuid()),
        tax_rate: rate,
        routing_rule_id: routed.rule_id,
        ..NewLine::of(
            routed.folio_id,
            kind,
            (amount, charge.currency),
            charge.day,
            input.description.clone(),
        )
    }
}
