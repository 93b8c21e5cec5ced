//! Who carries mail, behind one trait. Nothing here knows the database: a mail goes in, and what
//! became of it comes out.

pub mod sandbox;
pub mod smtp;

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use self::sandbox::Sandbox;
use self::smtp::Smtp;

/// A mail, ready to go.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Its Message-ID, the same at each try: by it a server that saw it before knows it again.
    pub message_id: String,
    /// The name it comes from: that of the business.
    pub from_name: String,
    /// The address it goes to.
    pub to: String,
    /// The name of who gets it.
    pub to_name: String,
    /// Where answers go, where the business said so.
    pub reply_to: Option<String>,
    /// What it is about, in a line.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// The PDF files that go with it: name and content.
    pub attachments: Vec<(String, Vec<u8>)>,
    /// When it was written.
    pub written_at: DateTime<Utc>,
}

/// How far a mail came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    /// A server took it; whether it arrives is not known yet.
    Sent,
    /// It is where it should be.
    Delivered,
}

/// Why a mail was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It may be taken later.
    ForNow(String),
    /// It never will be.
    ForGood(String),
}

/// Carries mail.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// Gives a mail to whoever brings it on.
    async fn carry(&self, mail: &Mail) -> Result<Carried, Refusal>;
}

/// The carrier that this program has.
pub struct Post(RwLock<Arc<dyn Carrier>>);

impl Post {
    /// The mail server at an address, for mail from an address, or the sandbox where there is none.
    pub fn new(server: Option<(&str, &str)>) -> anyhow::Result<Self> {
        let carrier: Arc<dyn Carrier> = match server {
            Some((url, sender)) => Arc::new(Smtp::new(url, sender)?),
            None => Arc::new(Sandbox),
        };
        Ok(Self(RwLock::new(carrier)))
    }

    /// Who carries mail now.
    pub fn carrier(&self) -> Arc<dyn Carrier> {
        let carrier = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&carrier)
    }

    /// From now on gives mail to another carrier, such as a local server that speaks SMTP.
    pub fn set_carrier(&self, carrier: Arc<dyn Carrier>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = carrier;
    }
}
