//! What a link or a page asks a customer for.

use uuid::Uuid;

use super::super::source::{PaymentSourceInput, Source, find};
use super::{LinkProblem as Problem, PERMISSION};
use foundation::graph::scalars::MoneyInput;
use foundation::graph::verb::{Act, Fault};

/// The one thing that is paid for, of which more than zero is asked in its currency. The caller's
/// permission reaches the location that asks: the one that is named, or else where the thing is.
pub(in super::super) async fn asked_for(
    act: &Act<'_>,
    source: PaymentSourceInput,
    amount: &MoneyInput,
    location_id: Option<Uuid>,
) -> Result<Source, Fault<Problem>> {
    let subjects = source.subjects();
    let [subject] = subjects.as_slice() else {
        let message = "Name the one thing that is paid for.";
        return Err(Fault::at(Problem::OneSource, "source", message));
    };
    let source = find(act.scope, *subject).await?;
    let mut source = source.ok_or_else(|| Fault::not_found("thing to pay for"))?;
    if amount.minor <= 0 || amount.currency != source.currency {
        let message = format!("More than zero of {} is asked for.", source.currency);
        return Err(Fault::at(Problem::WrongAmount, "amount", message));
    }
    source.location_id = location_id.or(source.location_id);
    if let Some(location_id) = source.location_id {
        act.permit_at(PERMISSION, location_id, "location")?;
    }
    Ok(source)
}

/// Whether a text is the address of a page that customers may be sent to.
pub(in super::super) fn is_address(text: &str) -> bool {
    let starts = ["https://", "http://localhost"];
    text.len() <= 1_000
        && starts.iter().any(|start| text.starts_with(start))
        && !text.contains(char::is_whitespace)
}
