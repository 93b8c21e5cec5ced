//! `invoiceSend`.

use async_graphql::{Enum, InputObject};
use entities::billing::invoice;
use entities::comms::domains;
use sea_orm::Value;
use uuid::Uuid;

use super::print::forms::amount;
use super::store::{Invoice, note_event};
use crate::choices;
use crate::database::{Error, new_id};
use crate::graph::scalars::{Choice, Id};
use crate::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use crate::money::exponent;

const PERMISSION: &str = "billing.invoice";

choices! {
    /// By which way a message goes.
    MessageChannel = domains::MESSAGE_CHANNEL;
}

/// Sends an issued invoice to who owes it: a message in the conversation with the customer, ready to
/// go out, that says what is due and where the document is.
#[derive(InputObject)]
pub struct InvoiceSendInput {
    /// The invoice.
    pub id: Id<invoice::Entity>,
    /// By which way; mail if not given.
    pub channel: Option<Choice<MessageChannel>>,
    /// What it says; a sentence on the number, what is due and when if not given.
    pub text: Option<String>,
}

/// Why an invoice is not sent.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "InvoiceSendErrorCode")]
pub enum InvoiceSendProblem {
    /// Only an issued invoice that counts is sent.
    WrongStatus,
    /// Nobody is known who could get it.
    NoCustomer,
    /// The text is too long.
    TooLong,
}

type Problem = InvoiceSendProblem;

/// The verb.
pub struct InvoiceSend;

const CUSTOMER: &str = "select coalesce($2::uuid, (select a.customer_id from billing.billing_accounts a \
    where a.biz_id = $1 and a.id = $3))";

// One conversation about an invoice for each way.
const THREAD: &str = "select t.id from comms.message_threads t \
    where t.biz_id = $1 and t.subject_type = 'Invoice' and t.subject_id = $2 and t.channel = $3::text and t.customer_id = $4 \
      and t.status <> 'closed' order by t.id limit 1";
const OPEN_THREAD: &str = "insert into comms.message_threads (biz_id, id, customer_id, channel, location_id, title, subject_type, \
      subject_id, last_message_at) values ($1, $2, $3, $4::text, $5, $6, 'Invoice', $7, $8)";
const MESSAGE: &str = "insert into comms.messages (biz_id, id, thread_id, direction, author_id, body, status, occurred_at) \
    values ($1, $2, $3, 'outbound', $4, $5, 'queued', $6)";

impl Verb for InvoiceSend {
    type Input = InvoiceSendInput;
    type Problem = Problem;

    const NAME: &'static str = "invoiceSend";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.invoice_sent");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("invoice", "Invoice", "The invoice."),
        Part::Row("message", "Message", "The message that goes out."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("messages_body_check", Problem::TooLong)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let invoice = Invoice::lock(act, PERMISSION, input.id.uuid(), None).await?;
        let is_issued = !matches!(invoice.status.as_str(), "draft" | "discarded" | "voided");
        let number = invoice.number.as_deref().filter(|_| is_issued);
        let Some(number) = number else {
            let message = format!("The invoice is {}.", invoice.status.replace('_', " "));
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        };
        let values = [
            act.scope.biz_id().into(),
            invoice.customer_id.into(),
            invoice.billing_account_id.into(),
        ];
        let row = act.scope.query_opt(CUSTOMER, &values).await?;
        let customer: Option<Uuid> = row.map(|row| row.try_get(0)).transpose()?.flatten();
        let customer = customer.ok_or_else(|| {
            let message = "Nobody is known who could get it.";
            Fault::at(Problem::NoCustomer, "id", message)
        })?;
        let channel = input.channel.map_or("email", |channel| channel.0);
        let text = input.text.unwrap_or_else(|| words(&invoice, number));
        let thread_id = thread(act, &invoice, (customer, channel), number).await?;
        let message_id = new_id();
        let values: [Value; 6] = [
            act.scope.biz_id().into(),
            message_id.into(),
            thread_id.into(),
            act.scope.user_id().into(),
            text.into(),
            act.scope.now().into(),
        ];
        act.scope.execute(MESSAGE, &values).await?;
        let sql = "update billing.invoices set sent_at = $3 where biz_id = $1 and id = $2";
        let values = [
            act.scope.biz_id().into(),
            invoice.id.into(),
            act.scope.now().into(),
        ];
        act.scope.execute(sql, &values).await?;
        note_event(act.scope, invoice.id, "sent", Some(channel)).await?;
        Ok(Outcome::row("invoice", invoice.id)
            .and_row("message", message_id)
            .detail("location_id", invoice.location_id.to_string())
            .detail("channel", channel))
    }
}

/// What an invoice is sent with where staff say nothing.
fn words(invoice: &Invoice, number: &str) -> String {
    let currency = invoice.currency.as_str();
    let open = format!(
        "{} {currency}",
        amount(invoice.open_minor, exponent(currency))
    );
    let due = match invoice.due_on {
        Some(day) if invoice.open_minor > 0 => format!("{open} is due on {day}."),
        _ if invoice.open_minor > 0 => format!("{open} is due."),
        _ => "It is paid. Thank you.".to_owned(),
    };
    let id: Id<invoice::Entity> = Id::new(invoice.id);
    format!(
        "Invoice {number}. {due} Document: /documents/invoices/{}.pdf",
        id.text()
    )
}

async fn thread(
    act: &Act<'_>,
    invoice: &Invoice,
    (customer, channel): (Uuid, &str),
    number: &str,
) -> Result<Uuid, Error> {
    let values = [
        act.scope.biz_id().into(),
        invoice.id.into(),
        channel.into(),
        customer.into(),
    ];
    if let Some(row) = act.scope.query_opt(THREAD, &values).await? {
        return Ok(row.try_get(0)?);
    }
    let id = new_id();
    let values: [Value; 8] = [
        act.scope.biz_id().into(),
        id.into(),
        customer.into(),
        channel.into(),
        invoice.location_id.into(),
        format!("Invoice {number}").into(),
        invoice.id.into(),
        act.scope.now().into(),
    ];
    act.scope.execute(OPEN_THREAD, &values).await?;
    Ok(id)
}
