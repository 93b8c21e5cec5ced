//! `creditNoteApply`.

use async_graphql::{Enum, InputObject};
use entities::billing::{credit_note, invoice};
use uuid::Uuid;

use super::books::{self, About};
use super::settling::{self, From};
use super::store::{Invoice, business_date};
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.credit";

/// Sets what is left of a credit note against another invoice of the same customer.
#[derive(InputObject)]
pub struct CreditNoteApplyInput {
    /// The credit note.
    pub id: Id<credit_note::Entity>,
    /// The invoice that it pays.
    pub invoice_id: Id<invoice::Entity>,
    /// How much; as much as there is on both sides if not given.
    pub amount: Option<MoneyInput>,
}

/// Why a credit note cannot be set against an invoice.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "CreditNoteApplyErrorCode")]
pub enum CreditNoteApplyProblem {
    /// The invoice is owed by somebody else than whom the credit note is for.
    OtherCustomer,
    /// Nothing is left of the credit note, or open of the invoice.
    NothingLeft,
    /// More than is left of the credit note.
    CreditUsedUp,
    /// More than is open of the invoice.
    MoreThanOpen,
    /// The invoice was not issued, or is of another currency.
    WrongInvoice,
}

type Problem = CreditNoteApplyProblem;

/// The verb.
pub struct CreditNoteApply;

struct Credit {
    unused_minor: i64,
    currency: String,
    billing_account_id: Option<Uuid>,
    customer_id: Option<Uuid>,
}

impl Verb for CreditNoteApply {
    type Input = CreditNoteApplyInput;
    type Problem = Problem;

    const NAME: &'static str = "creditNoteApply";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.credit_note_applied");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "creditNote",
            "CreditNote",
            "The credit note as it now stands.",
        ),
        Part::Row("invoice", "Invoice", "The invoice as it now stands."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("credit_notes_used_check", Problem::CreditUsedUp),
        ("invoices_settled_check", Problem::MoreThanOpen),
        ("payment_allocations_invoice_check", Problem::WrongInvoice),
        ("payment_allocations_amount_check", Problem::NothingLeft),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let id = input.id.uuid();
        let credit = lock(act, id).await?;
        let invoice = Invoice::lock(act, PERMISSION, input.invoice_id.uuid(), None).await?;
        let same_account = invoice.billing_account_id.is_some()
            && invoice.billing_account_id == credit.billing_account_id;
        let same_customer =
            invoice.customer_id.is_some() && invoice.customer_id == credit.customer_id;
        if !same_account && !same_customer {
            return Err(Fault::at(
                Problem::OtherCustomer,
                "invoiceId",
                "A credit note pays invoices of the customer it is for.",
            ));
        }
        let amount = match input.amount {
            Some(amount) if amount.currency != credit.currency => {
                return Err(Fault::at(
                    Problem::WrongInvoice,
                    "amount",
                    format!("The credit note is in {}.", credit.currency),
                ));
            }
            Some(amount) => amount.minor,
            None => credit.unused_minor.min(invoice.open_minor),
        };
        if amount <= 0 {
            return Err(Fault::problem(
                Problem::NothingLeft,
                "Nothing is left of the credit note, or open of the invoice.",
            ));
        }
        let day = business_date(act.scope, invoice.location_id).await?;
        let parts = [(invoice.id, amount)];
        let money = (credit.currency.as_str(), day);
        settling::allocate(act.scope, From::CreditNote(id), money, &parts, None).await?;
        let about = About {
            kind: "adjustment",
            source: ("CreditNote", id),
            location_id: Some(invoice.location_id),
            day,
            currency: &credit.currency,
            text: "Credit set against an invoice",
        };
        books::set_against(act.scope, about, &parts).await?;
        Ok(Outcome::row("creditNote", id)
            .and_row("invoice", invoice.id)
            .detail("amount_minor", amount))
    }
}

async fn lock(act: &Act<'_>, id: Uuid) -> Result<Credit, Fault<Problem>> {
    let sql = "select c.unused_minor, c.currency::text, i.billing_account_id, i.customer_id, i.location_id \
               from billing.credit_notes c join billing.invoices i on i.biz_id = c.biz_id and i.id = c.invoice_id \
               where c.biz_id = $1 and c.id = $2 for no key update of c";
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("credit note"))?;
    act.permit_at(PERMISSION, row.try_get(4)?, "credit note")?;
    Ok(Credit {
        unused_minor: row.try_get(0)?,
        currency: row.try_get(1)?,
        billing_account_id: row.try_get(2)?,
        customer_id: row.try_get(3)?,
    })
}
