//! An authority that answers as authorities do, and tells nobody.

use async_trait::async_trait;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{Answer, FiscalAuthority, Told, Unreachable};

/// The tax number of buyers whose documents the sandbox refuses.
pub const REFUSED_TAX_ID: &str = "000000000";
/// The tax number of buyers of whose documents the sandbox cannot be told at first.
pub const SILENT_TAX_ID: &str = "999999990";

/// An authority that takes every document but those of two tax numbers, which are there so that
/// refusal and silence can be tried out: [`REFUSED_TAX_ID`] and [`SILENT_TAX_ID`].
#[derive(Clone, Copy, Debug)]
pub struct Sandbox;

/// The number it gives a document: always the same for the same document.
fn reference(document: &Told) -> String {
    let digest = Sha256::digest(document.id.as_bytes());
    let head = digest.first_chunk().copied().map(u64::from_be_bytes);
    let hex = format!("{:016X}", head.unwrap_or_default());
    format!("{}-{hex}", document.authority.to_uppercase())
}

#[async_trait]
impl FiscalAuthority for Sandbox {
    async fn submit(&self, document: &Told) -> Result<Answer, Unreachable> {
        match document.buyer["tax_id"].as_str() {
            Some(SILENT_TAX_ID) => Err(Unreachable("the sandbox is silent on purpose".to_owned())),
            Some(REFUSED_TAX_ID) => Ok(Answer::Rejected(
                "-12".to_owned(),
                "The tax number of the buyer is not valid.".to_owned(),
                json!({ "code": "-12", "document": document.number }),
            )),
            _ => Ok(Answer::Accepted(
                reference(document),
                json!({ "code": "0", "document": document.number }),
            )),
        }
    }

    async fn cancel(&self, document: &Told, authority_ref: &str) -> Result<bool, Unreachable> {
        Ok(reference(document) == authority_ref)
    }
}
