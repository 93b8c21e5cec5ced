//! The open times by which a policy counts.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::rules::{counted, due};
use foundation::database::{Error, Scope};
use scheduling::availability::calendar::hours::{Hours, recurrences};
use scheduling::availability::calendar::span::Span;
use scheduling::availability::search::calendars;

/// How far ahead a target is looked for: first a little, then more. What is not due by then is never.
const HORIZONS: [i64; 3] = [14, 90, 400];

/// When so much time that counts has passed since an instant. None where the calendar is not open
/// for so long in more than a year: then nothing can be promised by it.
pub async fn due_at(
    scope: &Scope,
    calendar: Option<Uuid>,
    from: DateTime<Utc>,
    length: TimeDelta,
) -> Result<Option<DateTime<Utc>>, Error> {
    let Some(calendar) = calendar else {
        return Ok(Some(from + length));
    };
    for days in HORIZONS {
        if length > TimeDelta::days(days) {
            continue;
        }
        let open = open(
            scope,
            calendar,
            Span::new(from, from + TimeDelta::days(days)),
        )
        .await?;
        if let Some(at) = due(&open, from, length) {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

/// How much time that counts lies between two instants.
pub async fn counted_between(
    scope: &Scope,
    calendar: Option<Uuid>,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<TimeDelta, Error> {
    let Some(calendar) = calendar else {
        return Ok((until - from).max(TimeDelta::zero()));
    };
    let open = open(scope, calendar, Span::new(from, until)).await?;
    Ok(counted(&open, from, until))
}

async fn open(scope: &Scope, calendar: Uuid, range: Span) -> Result<Vec<Span>, Error> {
    let bindings = calendars(scope, calendar, &range).await?;
    Ok(Hours::of(&bindings, range, &mut recurrences(&range)).open)
}
