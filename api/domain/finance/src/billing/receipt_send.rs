//! `receiptSend`.

use async_graphql::{Enum, InputObject};
use entities::billing::receipt;

use super::settling::Receipt;
use crate::notifications::MessageChannel;
use crate::notifications::message::{self, NewMessage};
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.receive";

/// Sends a receipt to who paid: a message in the conversation with the customer, ready to go out. By
/// mail the document goes with it.
#[derive(InputObject)]
pub struct ReceiptSendInput {
    /// The receipt.
    pub id: Id<receipt::Entity>,
    /// By which way; mail if not given.
    pub channel: Option<Choice<MessageChannel>>,
    /// What it says; a sentence of thanks with the number if not given.
    pub text: Option<String>,
}

/// Why a receipt is not sent.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ReceiptSendErrorCode")]
pub enum ReceiptSendProblem {
    /// The receipt was reversed: its money did not stay.
    WrongStatus,
    /// Nobody is known who could get it.
    NoCustomer,
    /// The text is too long.
    TooLong,
}

type Problem = ReceiptSendProblem;

/// The verb.
pub struct ReceiptSend;

impl Verb for ReceiptSend {
    type Input = ReceiptSendInput;
    type Problem = Problem;

    const NAME: &'static str = "receiptSend";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.receipt_sent");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("receipt", "Receipt", "The receipt."),
        Part::Row("message", "Message", "The message that goes out."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("messages_body_check", Problem::TooLong)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let receipt = Receipt::lock(act, PERMISSION, input.id.uuid(), None).await?;
        if receipt.status != "recorded" {
            let message = "The receipt was reversed.";
            return Err(Fault::at(Problem::WrongStatus, "id", message));
        }
        let customer_id = receipt.payer.person(act.scope).await?.ok_or_else(|| {
            let message = "Nobody is known who could get it.";
            Fault::at(Problem::NoCustomer, "id", message)
        })?;
        let channel = input.channel.map_or("email", |channel| channel.0);
        let thanks = || format!("Receipt {}. Thank you.", receipt.number);
        let new = NewMessage {
            customer_id,
            channel,
            subject: ("Receipt", receipt.id),
            title: format!("Receipt {}", receipt.number),
            location_id: receipt.location_id,
            text: input.text.unwrap_or_else(thanks),
        };
        let message_id = message::write(act.scope, new).await?;
        Ok(Outcome::row("receipt", receipt.id)
            .and_row("message", message_id)
            .detail("channel", channel))
    }
}
