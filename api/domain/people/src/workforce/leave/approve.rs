//! What approving does, whoever approves: days are charged, and the person is out.

use serde_json::json;

use super::away;
use super::ledger::{tell, write};
use super::locked::Locked;
use super::work::{LeaveWork, work};
use foundation::database::Scope;
use foundation::graph::failure::Failure;

/// Charges the days of a request, takes the person out of what can be booked, and says what work
/// falls into the leave.
pub async fn approve(scope: &Scope, request: &Locked) -> Result<Vec<LeaveWork>, Failure> {
    let mut book = request.book(scope).await?;
    request.charge(&mut book, request.kept(), false);
    request.to(scope, "approved", Some("charged"), None).await?;
    write(scope, &mut book).await?;
    request
        .note(scope, "approved", request.minutes, None, json!({}))
        .await?;
    let days: Vec<_> = request.kept().copied().collect();
    let portions: Vec<_> = days.iter().map(|day| (day.on, day.portion)).collect();
    let found = work(scope, &request.person, &portions).await?;
    let note = format!("On leave, request {}", request.number);
    away::take(scope, &request.person, &days, &note).await?;
    let member = request.person.member_id.as_slice();
    let body = format!("Request {} was approved.", request.number);
    tell(scope, member, request.id, "Your leave is approved", &body).await?;
    Ok(found)
}
