//! `folioClose`, `folioReopen` and `folioTransferToAccount`.

use async_graphql::{Enum, InputObject};
use chrono::NaiveDate;
use entities::billing::{billing_account, customer_purchase_order, folio};
use uuid::Uuid;

use super::draft::{Remarks, write};
use super::fiscal;
use super::folios::Folio;
use super::invoice_finalize::finalize;
use super::issue::Refusal;
use super::sources;
use super::store::{Invoice, account, business_date};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.folio";
const INVOICE_PERMISSION: &str = "billing.invoice";
const PAYLOAD: &[Part] = &[Part::Row("folio", "Folio", "The folio as it now stands.")];

/// Closes a folio of which nothing is open: it takes no more charges.
#[derive(InputObject)]
pub struct FolioCloseInput {
    /// The folio.
    pub id: Id<folio::Entity>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a folio cannot be closed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FolioCloseErrorCode")]
pub enum FolioCloseProblem {
    /// It is closed.
    WrongStatus,
    /// Something is open on it, or it holds money of the guest.
    BalanceOpen,
}

/// Opens a folio again that was closed today, for what was forgotten.
#[derive(InputObject)]
pub struct FolioReopenInput {
    /// The folio.
    pub id: Id<folio::Entity>,
    /// Why.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a folio cannot be opened again.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FolioReopenErrorCode")]
pub enum FolioReopenProblem {
    /// It is open, or an account took it over.
    WrongStatus,
    /// The day on which it was closed is closed too.
    DayClosed,
    /// A reason must be given.
    ReasonRequired,
}

/// Closes a folio whose rest a billing account takes over: what was charged is invoiced to the account,
/// what was paid pays that invoice, and the account owes the rest by its terms.
#[derive(InputObject)]
pub struct FolioTransferToAccountInput {
    /// The folio.
    pub id: Id<folio::Entity>,
    /// The account; that of the folio if not given.
    pub billing_account_id: Option<Id<billing_account::Entity>>,
    /// The customer's purchase order that it uses up.
    pub customer_po_id: Option<Id<customer_purchase_order::Entity>>,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why an account cannot take a folio over.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "FolioTransferToAccountErrorCode")]
pub enum FolioTransferToAccountProblem {
    /// It is closed.
    WrongStatus,
    /// Name the account.
    AccountRequired,
    /// There is nothing on it to be billed.
    NothingToBill,
    /// The folio holds more money than it is of.
    BalanceOpen,
    /// The account is on hold or closed.
    AccountOnHold,
    /// The account would owe more than its credit limit.
    CreditLimitExceeded,
    /// The account wants its purchase order named.
    PurchaseOrderRequired,
    /// The purchase order is not open, or has too little left.
    PurchaseOrderExceeded,
    /// The account is in another currency.
    WrongCurrency,
    /// No series numbers invoices here.
    NoSeries,
    /// The day of business is closed.
    PeriodClosed,
}

/// The verb that closes.
pub struct FolioClose;
/// The verb that opens again.
pub struct FolioReopen;
/// The verb that lets an account take over.
pub struct FolioTransferToAccount;

const END: &str = "update billing.folios set status = $3, closed_at = $4, closed_on = $5, \
      billing_account_id = coalesce($6, billing_account_id) \
    where biz_id = $1 and id = $2";

async fn end<P>(
    act: &Act<'_>,
    folio: &Folio,
    (status, day): (&str, NaiveDate),
    account_id: Option<Uuid>,
) -> Result<(), Fault<P>> {
    let values = [
        act.scope.biz_id().into(),
        folio.id.into(),
        status.into(),
        act.scope.now().into(),
        day.into(),
        account_id.into(),
    ];
    act.scope.execute(END, &values).await?;
    Ok(())
}

impl Verb for FolioClose {
    type Input = FolioCloseInput;
    type Problem = FolioCloseProblem;

    const NAME: &'static str = "folioClose";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.folio_closed");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, FolioCloseProblem)] =
        &[("folios_settled_check", FolioCloseProblem::BalanceOpen)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        let folio = Folio::lock(act, PERMISSION, id, input.expected_version).await?;
        if folio.status != "open" {
            let message = "The folio is closed.";
            return Err(Fault::problem(FolioCloseProblem::WrongStatus, message));
        }
        let day = business_date(act.scope, folio.location_id).await?;
        end(act, &folio, ("closed", day), None).await?;
        Ok(Outcome::row("folio", id).detail("location_id", folio.location_id.to_string()))
    }
}

impl Verb for FolioReopen {
    type Input = FolioReopenInput;
    type Problem = FolioReopenProblem;

    const NAME: &'static str = "folioReopen";
    const PERMISSION: Permission = Permission::Holds("billing.reopen");
    const EVENT: Option<&'static str> = Some("billing.folio_reopened");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, FolioReopenProblem)] =
        &[("folios_reopen_check", FolioReopenProblem::DayClosed)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reason = Fault::unless_said(FolioReopenProblem::ReasonRequired, &input.reason)?;
        let id = input.id.uuid();
        let folio = Folio::lock(act, "billing.reopen", id, input.expected_version).await?;
        let sql = "select f.closed_on from billing.folios f where f.biz_id = $1 and f.id = $2";
        let values = [act.scope.biz_id().into(), id.into()];
        let row = act.scope.query_opt(sql, &values).await?;
        let closed_on: Option<NaiveDate> = row.map(|row| row.try_get(0)).transpose()?.flatten();
        if folio.status != "closed" {
            let message = format!("The folio is {}.", folio.status.replace('_', " "));
            return Err(Fault::problem(FolioReopenProblem::WrongStatus, message));
        }
        if closed_on != Some(business_date(act.scope, folio.location_id).await?) {
            let message = "A folio is opened again on the day of business on which it was closed.";
            return Err(Fault::problem(FolioReopenProblem::DayClosed, message));
        }
        act.scope.set_reason(reason).await?;
        let sql = "update billing.folios set status = 'open', closed_at = null, closed_on = null \
                   where biz_id = $1 and id = $2";
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("folio", id).detail("location_id", folio.location_id.to_string()))
    }
}

type ToAccount = FolioTransferToAccountProblem;

impl Verb for FolioTransferToAccount {
    type Input = FolioTransferToAccountInput;
    type Problem = ToAccount;

    const NAME: &'static str = "folioTransferToAccount";
    const PERMISSION: Permission = Permission::Holds(INVOICE_PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.folio_transferred_to_account");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("folio", "Folio", "The folio as it now stands."),
        Part::Row("invoice", "Invoice", "The invoice on the account."),
    ];
    const CONSTRAINTS: &'static [(&'static str, ToAccount)] = &[
        ("folios_settled_check", ToAccount::BalanceOpen),
        (
            "billing_accounts_credit_limit_check",
            ToAccount::CreditLimitExceeded,
        ),
        (
            "invoices_customer_po_check",
            ToAccount::PurchaseOrderExceeded,
        ),
        (
            "customer_purchase_orders_consumed_check",
            ToAccount::PurchaseOrderExceeded,
        ),
        ("invoices_account_currency_check", ToAccount::WrongCurrency),
        (
            "folio_line_items_period_open_check",
            ToAccount::PeriodClosed,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<ToAccount>> {
        let id = input.id.uuid();
        let folio = Folio::lock(act, INVOICE_PERMISSION, id, input.expected_version).await?;
        if folio.status != "open" {
            let message = "The folio is closed.";
            return Err(Fault::problem(ToAccount::WrongStatus, message));
        }
        let given = input.billing_account_id.map(|id| id.uuid());
        let account_id = given.or(folio.billing_account_id).ok_or_else(|| {
            let message = "Name the account that takes the folio over.";
            Fault::at(ToAccount::AccountRequired, "billingAccountId", message)
        })?;
        let remarks = Remarks {
            customer_po_id: input.customer_po_id.map(|id| id.uuid()),
            ..Remarks::default()
        };
        let invoice = draft(act, &folio, account_id, &remarks).await?;
        let issued = finalize(act.scope, &act.session.shared.database, &invoice, None)
            .await
            .map_err(|error| error.fault(problem))?;
        let to = ("transferred_to_ar", issued.day);
        end(act, &folio, to, Some(account_id)).await?;
        let biz_id = act.scope.biz_id();
        let outcome = Outcome::row("folio", id)
            .and_row("invoice", invoice.id)
            .detail("location_id", folio.location_id.to_string())
            .detail("number", issued.number);
        Ok(match issued.fiscal_document_id {
            Some(document) => outcome.then(move |shared| fiscal::follow(shared, biz_id, document)),
            None => outcome,
        })
    }
}

fn problem(refusal: Refusal) -> ToAccount {
    match refusal {
        Refusal::NoSeries | Refusal::WrongSeries => ToAccount::NoSeries,
        Refusal::AccountOnHold => ToAccount::AccountOnHold,
        Refusal::PurchaseOrderRequired => ToAccount::PurchaseOrderRequired,
    }
}

/// A draft on the account of all that the folio charges, locked.
async fn draft(
    act: &Act<'_>,
    folio: &Folio,
    account_id: Uuid,
    remarks: &Remarks,
) -> Result<Invoice, Fault<ToAccount>> {
    let owner = account(act.scope, account_id).await?;
    let owner = owner.ok_or_else(|| Fault::not_found("billing account"))?;
    let found = sources::folio(act.scope, folio.id).await?;
    let ((mut head, lines), _) = found.ok_or_else(|| Fault::not_found("folio"))?;
    if lines.is_empty() {
        let message = "There is nothing on the folio to be billed; close it instead.";
        return Err(Fault::problem(ToAccount::NothingToBill, message));
    }
    head.kind = "ar";
    head.billing_account_id = Some(account_id);
    head.customer_id = owner.customer_id.or(head.customer_id);
    let id = write(act.scope, &head, remarks, &lines).await?;
    Invoice::lock(act, INVOICE_PERMISSION, id, None).await
}
