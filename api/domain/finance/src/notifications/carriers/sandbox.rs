//! The carrier of a program without a mail server: nothing leaves it, and the conversation shows what
//! would have gone out.

use async_trait::async_trait;

use super::{Carried, Carrier, Mail, Refusal};

/// Takes every mail, and says so in the log. Addresses are not logged.
#[derive(Clone, Copy, Debug)]
pub struct Sandbox;

#[async_trait]
impl Carrier for Sandbox {
    async fn carry(&self, mail: &Mail) -> Result<Carried, Refusal> {
        tracing::info!(
            message_id = mail.message_id,
            subject = mail.subject,
            attachments = mail.attachments.len(),
            "mail kept in the sandbox: no mail server is set"
        );
        Ok(Carried::Delivered)
    }
}
