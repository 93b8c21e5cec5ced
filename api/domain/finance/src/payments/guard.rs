//! What all verbs do first that move a payment.

use uuid::Uuid;

use super::locked::{self, Intent};
use super::tenders::PaymentProblem as Problem;
use foundation::graph::verb::{Act, Fault};

/// Locks a payment that the caller's permission reaches.
pub async fn lock(act: &Act<'_>, permission: &str, id: Uuid) -> Result<Intent, Fault<Problem>> {
    let intent = locked::lock(act.scope, id).await?;
    let intent = intent.ok_or_else(|| Fault::not_found("payment"))?;
    if let Some(location_id) = intent.location_id {
        act.permit_at(permission, location_id, "payment")?;
    }
    Ok(intent)
}

/// Refuses what the payment's status does not allow.
pub fn allow(intent: &Intent, statuses: &[&str]) -> Result<(), Fault<Problem>> {
    if statuses.contains(&intent.status.as_str()) {
        return Ok(());
    }
    let message = format!(
        "The payment is {}; this needs one that is {}.",
        intent.status.replace('_', " "),
        statuses.join(" or ").replace('_', " ")
    );
    Err(Fault::at(Problem::WrongStatus, "id", message))
}

/// Refuses to change a payment of which a part is being tried.
pub fn idle(intent: &Intent) -> Result<(), Fault<Problem>> {
    if !intent.is_in_flight() {
        return Ok(());
    }
    let message = "A part of the payment is being tried just now; try again shortly.";
    match Fault::at(Problem::InFlight, "id", message) {
        Fault::Problem(mut problem) => {
            problem.retryable = true;
            Err(Fault::Problem(problem))
        }
        other => Err(other),
    }
}
