//! Mail over SMTP.

use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use async_trait::async_trait;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::Error;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::{Carried, Carrier, Mail, Refusal};

/// How long a server may take for each of its answers.
const PATIENCE: Duration = Duration::from_secs(20);

/// A mail server.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: Address,
}

impl Smtp {
    /// The server of a URL, and the address all mail comes from.
    pub fn new(url: &str, sender: &str) -> anyhow::Result<Self> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .context("the mail server is not named by a URL such as smtps://user:password@host")?
            .timeout(Some(PATIENCE))
            .build();
        let sender = sender
            .trim()
            .parse()
            .with_context(|| format!("{sender} is no mail address"))?;
        Ok(Self { transport, sender })
    }

    fn written(&self, mail: &Mail) -> Result<Message, String> {
        let address = |text: &str| -> Result<Address, String> {
            let parsed = text.trim().parse();
            parsed.map_err(|error| format!("A mail address cannot be used: {error}."))
        };
        let named = |name: &str, address| {
            let name = Some(line(name)).filter(|name| !name.is_empty());
            Mailbox::new(name, address)
        };
        let mut message = Message::builder()
            .message_id(Some(mail.message_id.clone()))
            .date(SystemTime::from(mail.written_at))
            .from(named(&mail.from_name, self.sender.clone()))
            .to(named(&mail.to_name, address(&mail.to)?))
            .subject(line(&mail.subject));
        if let Some(reply_to) = &mail.reply_to {
            message = message.reply_to(named(&mail.from_name, address(reply_to)?));
        }
        let pdf = ContentType::parse("application/pdf").map_err(|error| error.to_string())?;
        let mut parts = MultiPart::mixed().singlepart(SinglePart::plain(mail.text.clone()));
        for (name, content) in &mail.attachments {
            let file = Attachment::new(line(name)).body(content.clone(), pdf.clone());
            parts = parts.singlepart(file);
        }
        message.multipart(parts).map_err(|error| error.to_string())
    }
}

/// What stands in a header: a line, whatever was written.
fn line(text: &str) -> String {
    let parts = text.split(char::is_control).map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[async_trait]
impl Carrier for Smtp {
    async fn carry(&self, mail: &Mail) -> Result<Carried, Refusal> {
        let message = self.written(mail).map_err(Refusal::ForGood)?;
        let sent = self.transport.send(message).await;
        sent.map(|_| Carried::Sent).map_err(|error| refusal(&error))
    }
}

/// What a server refuses with a code of 5xx it refuses for good; all else may pass.
fn refusal(error: &Error) -> Refusal {
    if error.is_permanent() {
        Refusal::ForGood(format!("The mail server refused it: {error}."))
    } else {
        Refusal::ForNow(format!("The mail server did not take it: {error}."))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone as _, Utc};

    use super::*;

    fn mail() -> Mail {
        Mail {
            message_id: "<cmms_1@bizing>".to_owned(),
            from_name: "Casa \"do\" Mar\r\nBcc: x@example.com".to_owned(),
            to: "ana@example.com".to_owned(),
            to_name: "Ana, the guest".to_owned(),
            reply_to: Some("desk@example.com".to_owned()),
            subject: "Invoice 1\r\nBcc: x@example.com".to_owned(),
            text: "It is paid.".to_owned(),
            attachments: vec![("Invoice-1.pdf".to_owned(), b"%PDF-1.7".to_vec())],
            written_at: Utc.timestamp_opt(1_790_000_000, 0).unwrap(),
        }
    }

    fn smtp() -> Smtp {
        Smtp::new("smtp://localhost:2525", "no-reply@example.com").unwrap()
    }

    #[tokio::test]
    async fn a_mail_has_its_id_its_file_and_no_header_of_somebody_elses() {
        let written = smtp().written(&mail()).unwrap().formatted();
        let text = String::from_utf8(written).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("Message-ID: <cmms_1@bizing>"), "{head}");
        assert!(head.contains("no-reply@example.com"), "{head}");
        assert!(!head.lines().any(|line| line.starts_with("Bcc:")), "{head}");
        assert!(body.contains("application/pdf"), "{body}");
        assert!(body.contains("Invoice-1.pdf"), "{body}");
    }

    #[tokio::test]
    async fn an_address_that_is_none_is_refused_for_good() {
        let mail = Mail {
            to: "nobody".to_owned(),
            ..mail()
        };
        let refused = smtp().carry(&mail).await.unwrap_err();
        assert!(matches!(refused, Refusal::ForGood(_)), "{refused:?}");
    }

    #[test]
    fn a_server_is_named_by_a_url_and_a_sender_by_an_address() {
        assert!(Smtp::new("mail.example.com", "no-reply@example.com").is_err());
        assert!(Smtp::new("smtps://mail.example.com", "nobody").is_err());
    }
}
