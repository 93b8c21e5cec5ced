//! `invoiceSend`.

use async_graphql::{Enum, InputObject};
use entities::billing::invoice;

use super::print::forms::amount;
use super::settling::Payer;
use super::store::{Invoice, note_event};
use crate::notifications::MessageChannel;
use crate::notifications::message::{self, NewMessage};
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::money::exponent;

const PERMISSION: &str = "billing.invoice";

/// Sends an issued invoice to who owes it: a message in the conversation with the customer, ready to
/// go out, that says what is due. By mail the document goes with it.
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
        let payer = Payer {
            customer_id: invoice.customer_id,
            billing_account_id: invoice.billing_account_id,
        };
        let customer_id = payer.person(act.scope).await?.ok_or_else(|| {
            let message = "Nobody is known who could get it.";
            Fault::at(Problem::NoCustomer, "id", message)
        })?;
        let channel = input.channel.map_or("email", |channel| channel.0);
        let new = NewMessage {
            customer_id,
            channel,
            subject: ("Invoice", invoice.id),
            title: format!("Invoice {number}"),
            location_id: Some(invoice.location_id),
            text: input
                .text
                .unwrap_or_else(|| words(&invoice, number, channel)),
        };
        let message_id = message::write(act.scope, new).await?;
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
fn words(invoice: &Invoice, number: &str, channel: &str) -> String {
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
    let document = match channel {
        "email" => "The document is attached.".to_owned(),
        _ => format!("Document: /documents/invoices/{}.pdf", id.text()),
    };
    format!("Invoice {number}. {due} {document}")
}
