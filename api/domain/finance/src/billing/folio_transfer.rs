//! `folioTransfer` and `folioSplit`.

use async_graphql::{Enum, InputObject};
use entities::billing::{folio, folio_line_item};
use uuid::Uuid;

use super::folio_lines::{Move, Standing, transfer};
use super::folio_open::{NewFolio, open};
use super::folios::Folio;
use super::rules::Gross;
use super::store::business_date;
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.folio";
/// How many lines are moved at once at most.
const MOST_LINES: usize = 500;

/// Moves charges, or parts of them, to another folio: a line takes each out of the one and brings it
/// into the other, so that together they are what they were.
#[derive(InputObject)]
pub struct FolioTransferInput {
    /// The charges, 500 at most.
    pub lines: Vec<FolioTransferLine>,
    /// The folio they go to.
    pub to_folio_id: Id<folio::Entity>,
    /// Why.
    pub reason: Option<String>,
}

/// A charge that is moved.
#[derive(InputObject)]
pub struct FolioTransferLine {
    /// The charge.
    pub line_id: Id<folio_line_item::Entity>,
    /// How much of it, with tax; all that is left of it if not given.
    pub amount: Option<MoneyInput>,
}

/// Why charges cannot be moved.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FolioTransferErrorCode")]
pub enum FolioTransferProblem {
    /// Only charges of which something is left are moved, and to another folio.
    NothingToMove,
    /// More than is left of the charge, or in another currency.
    WrongAmount,
    /// It stands on an invoice.
    AlreadyBilled,
    /// A folio is closed.
    FolioClosed,
    /// No more than 500 lines at once.
    TooManyLines,
    /// The day of business is closed.
    PeriodClosed,
}

/// Splits a folio into equal parts: each charge is divided, so that the parts of it sum to it, and new
/// folios take theirs. What was paid stays on the first.
#[derive(InputObject)]
pub struct FolioSplitInput {
    /// The folio.
    pub id: Id<folio::Entity>,
    /// Into how many parts, 2 to 20; the folio itself keeps the first.
    pub parts: i32,
    /// Why.
    pub reason: Option<String>,
}

/// Why a folio cannot be split.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FolioSplitErrorCode")]
pub enum FolioSplitProblem {
    /// There is nothing on it to be split.
    NothingToMove,
    /// It is split into 2 to 20 parts.
    WrongNumber,
    /// The folio is closed.
    FolioClosed,
    /// The day of business is closed.
    PeriodClosed,
}

/// The verb that moves.
pub struct FolioTransfer;
/// The verb that splits.
pub struct FolioSplit;

impl Verb for FolioTransfer {
    type Input = FolioTransferInput;
    type Problem = FolioTransferProblem;

    const NAME: &'static str = "folioTransfer";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.folio_transferred");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "folio",
            "Folio",
            "The folio they went to, as it now stands.",
        ),
        Part::Rows("lines", "FolioLineItem", "The lines that brought them in."),
    ];
    const CONSTRAINTS: &'static [(&'static str, FolioTransferProblem)] = &[
        (
            "folio_line_items_folio_open_check",
            FolioTransferProblem::FolioClosed,
        ),
        (
            "folio_line_items_currency_check",
            FolioTransferProblem::WrongAmount,
        ),
        (
            "folio_line_items_corrects_sum_check",
            FolioTransferProblem::WrongAmount,
        ),
        (
            "folio_line_items_period_open_check",
            FolioTransferProblem::PeriodClosed,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        if input.lines.len() > MOST_LINES {
            let message = "At most 500 lines are moved at once.";
            return Err(Fault::at(
                FolioTransferProblem::TooManyLines,
                "lines",
                message,
            ));
        }
        let to = Folio::lock(act, PERMISSION, input.to_folio_id.uuid(), None).await?;
        let ids: Vec<Uuid> = input.lines.iter().map(|line| line.line_id.uuid()).collect();
        let known = Standing::find(act.scope, &ids).await?;
        let mut moves = Vec::with_capacity(input.lines.len());
        for (index, asked) in input.lines.iter().enumerate() {
            let line = known.iter().find(|line| line.id == asked.line_id.uuid());
            let line = line.ok_or_else(|| Fault::not_found("line"))?;
            act.permit_at(PERMISSION, line.location_id, "line")?;
            let part = part(line, asked, &to).map_err(|(problem, message)| {
                Fault::at(problem, &format!("lines.{index}"), message)
            })?;
            moves.push(Move {
                line,
                part,
                to: to.id,
            });
        }
        if moves.is_empty() {
            let message = "Name the charges that are moved.";
            return Err(Fault::at(
                FolioTransferProblem::NothingToMove,
                "lines",
                message,
            ));
        }
        let day = business_date(act.scope, to.location_id).await?;
        let brought = transfer(act.scope, &moves, day, input.reason.as_deref()).await?;
        let mut outcome = Outcome::row("folio", to.id);
        for id in brought {
            outcome = outcome.and_row("lines", id);
        }
        Ok(outcome.detail("location_id", to.location_id.to_string()))
    }
}

/// How much of a line goes.
fn part(
    line: &Standing,
    asked: &FolioTransferLine,
    to: &Folio,
) -> Result<Gross, (FolioTransferProblem, &'static str)> {
    use FolioTransferProblem as Problem;
    let is_charge = matches!(line.kind.as_str(), "charge" | "tax" | "transfer_in");
    if !is_charge || line.left().amount_minor <= 0 || line.folio_id == to.id {
        let message = "Only charges of which something is left are moved, and to another folio.";
        return Err((Problem::NothingToMove, message));
    }
    if line.is_billed {
        return Err((Problem::AlreadyBilled, "The charge stands on an invoice."));
    }
    let left = line.left().amount_minor;
    let amount_minor = match &asked.amount {
        Some(amount) if amount.currency == line.currency => amount.minor,
        Some(_) => 0,
        None => left,
    };
    if !(1..=left).contains(&amount_minor) || line.currency != to.currency {
        let message = "No more than is left of the charge goes, in the currency of both folios.";
        return Err((Problem::WrongAmount, message));
    }
    Ok(Gross {
        amount_minor,
        tax_minor: line.tax_in(amount_minor),
    })
}

impl Verb for FolioSplit {
    type Input = FolioSplitInput;
    type Problem = FolioSplitProblem;

    const NAME: &'static str = "folioSplit";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.folio_split");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("folio", "Folio", "The folio with its own part."),
        Part::Rows("folios", "Folio", "The new folios."),
    ];
    const CONSTRAINTS: &'static [(&'static str, FolioSplitProblem)] = &[
        (
            "folio_line_items_folio_open_check",
            FolioSplitProblem::FolioClosed,
        ),
        (
            "folio_line_items_period_open_check",
            FolioSplitProblem::PeriodClosed,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        let folio = Folio::lock(act, PERMISSION, id, None).await?;
        let parts = usize::try_from(input.parts).unwrap_or(0);
        if !(2..=20).contains(&parts) {
            let message = "A folio is split into 2 to 20 parts.";
            return Err(Fault::at(FolioSplitProblem::WrongNumber, "parts", message));
        }
        let lines = Standing::of_folio(act.scope, id).await?;
        let lines: Vec<&Standing> = lines
            .iter()
            .filter(|line| !line.is_billed && line.left().amount_minor > 0)
            .collect();
        if lines.is_empty() {
            let message = "There is no charge on the folio to be split.";
            return Err(Fault::problem(FolioSplitProblem::NothingToMove, message));
        }
        let mut folios = Vec::with_capacity(parts - 1);
        for number in 2..=parts {
            let new = NewFolio {
                kind: "guest",
                location_id: folio.location_id,
                booking_order_id: folio.booking_order_id,
                stay_id: None,
                owner_customer_id: folio.owner_customer_id,
                billing_account_id: None,
                name: Some(format!("{} {number}/{parts}", folio.number)),
                currency: folio.currency.clone(),
                credit_limit_minor: None,
            };
            folios.push(open(act.scope, Some(&act.session.shared.database), new).await?);
        }
        let moves = shares(&lines, &folios);
        let day = business_date(act.scope, folio.location_id).await?;
        transfer(act.scope, &moves, day, input.reason.as_deref()).await?;
        let mut outcome = Outcome::row("folio", id);
        for folio in folios {
            outcome = outcome.and_row("folios", folio);
        }
        Ok(outcome.detail("location_id", folio.location_id.to_string()))
    }
}

/// Each line in equal parts, one for the folio it is on and one for each of the others.
fn shares<'a>(lines: &[&'a Standing], folios: &[Uuid]) -> Vec<Move<'a>> {
    let mut moves = Vec::with_capacity(lines.len() * folios.len());
    for line in lines {
        let shares = line.left().shares(folios.len() + 1);
        let others = shares.into_iter().skip(1).zip(folios);
        for (part, to) in others.filter(|(part, _)| part.amount_minor > 0) {
            moves.push(Move {
                line,
                part,
                to: *to,
            });
        }
    }
    moves
}
