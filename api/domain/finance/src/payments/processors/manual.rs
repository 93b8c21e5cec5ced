//! What staff see to themselves: cash, bank transfers, terminals that are not connected, vouchers, and
//! what the business keeps for its customers. That it happened is their word.

use std::collections::HashMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    Asking, Charge, Meaning, Message, Processor, Refusal, Report, Return, Returned, Unknown,
};

/// What staff see to themselves: why nothing of it can be reserved.
pub struct Manual(&'static str);

/// Notes and coins at a desk.
pub static CASH: Manual = Manual("Cash is taken, or it is not; it is not reserved.");
/// All else that happens on their word.
pub static OTHER: Manual = Manual("This is paid, or it is not; it is not reserved.");

#[async_trait]
impl Processor for Manual {
    fn is_local(&self) -> bool {
        true
    }

    async fn perform(&self, _: &Asking<'_>, charge: &Charge) -> Result<Report, Unknown> {
        Ok(match charge.operation.as_str() {
            "charge" => Report::done(),
            _ => Report::declined("not_reserved", self.0),
        })
    }

    async fn give_back(&self, _: &Asking<'_>, _: &Return) -> Result<Returned, Unknown> {
        Ok(Returned::Done { external_id: None })
    }

    async fn look(&self, _: &Asking<'_>, _: &str) -> Result<Meaning, Unknown> {
        Ok(Meaning::Nothing)
    }

    async fn answer_dispute(
        &self,
        _: &Asking<'_>,
        _: &str,
        _: Option<&str>,
    ) -> Result<(), Unknown> {
        Ok(())
    }

    fn message(
        &self,
        _: &str,
        _: &HashMap<String, String>,
        _: &[u8],
        _: DateTime<Utc>,
    ) -> Result<(Message, Value), Refusal> {
        Err(Refusal::NoMessages)
    }

    fn meaning(&self, _: &Value) -> Meaning {
        Meaning::Nothing
    }
}
