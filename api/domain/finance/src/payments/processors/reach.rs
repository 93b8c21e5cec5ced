//! By what processors are reached.

use std::sync::{OnceLock, PoisonError, RwLock};
use std::time::Duration;

/// How long a processor may take to answer.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What the program needs to reach processors.
#[derive(Debug)]
pub struct Processors {
    /// Speaks HTTP.
    pub http: reqwest::Client,
    stripe_url: RwLock<String>,
    own_url: OnceLock<String>,
}

impl Processors {
    /// Reaches processors where they are, or Stripe at another address.
    pub fn new(stripe_url: Option<&str>) -> anyhow::Result<Self> {
        // Whoever comes first chooses whose TLS it is; the database's connector has none of its own.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self {
            http,
            stripe_url: RwLock::new(stripe_url.unwrap_or(super::stripe::URL).to_owned()),
            own_url: OnceLock::new(),
        })
    }

    /// Where Stripe's API is.
    pub fn stripe_url(&self) -> String {
        let url = self
            .stripe_url
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        url.clone()
    }

    /// Where this program itself is reached from its own machine; none while it serves nobody. The
    /// sandbox has its pages there.
    pub fn own_url(&self) -> Option<&str> {
        self.own_url.get().map(String::as_str)
    }

    /// The program serves at this address of its machine.
    pub fn serves_at(&self, url: String) {
        // It is bound once.
        let _ = self.own_url.set(url);
    }

    /// From now on asks Stripe there: a local server that speaks its API.
    pub fn set_stripe_url(&self, url: &str) {
        let mut known = self
            .stripe_url
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        url.trim_end_matches('/').clone_into(&mut known);
    }
}
