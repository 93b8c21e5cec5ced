//! When the times of a new series are: its wall-clock time, zone and days.

use chrono::{NaiveDate, NaiveTime};
use uuid::Uuid;

use super::create::{Checked, SeriesCreateInput, SeriesCreateProblem as Problem};
use super::rules::{MOST_TIMES, NoSeries, days};
use foundation::graph::verb::{Act, Fault};

pub(super) fn time_of_day(input: &SeriesCreateInput) -> Checked<NaiveTime> {
    let time = NaiveTime::parse_from_str(&input.local_start, "%H:%M")
        .or_else(|_| input.local_start.parse())
        .map_err(|_| {
            let message = "localStart is a time of day, such as 10:00.";
            Fault::at(Problem::InvalidDates, "localStart", message)
        })?;
    if (1..=44_640).contains(&input.duration_minutes) {
        return Ok(time);
    }
    let message = "durationMinutes must be between 1 and 44,640.";
    Err(Fault::at(Problem::InvalidDates, "durationMinutes", message))
}

pub(super) async fn zone_of(act: &Act<'_>, location_id: Uuid) -> Checked<chrono_tz::Tz> {
    let sql = "select l.timezone from core.locations l where l.biz_id = $1 and l.id = $2 and l.deleted_at is null";
    let values = [act.scope.biz_id().into(), location_id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("location"))?;
    Ok(crate::booking::store::zone(row.try_get(0)?)?)
}

pub(super) fn days_of(input: &SeriesCreateInput, zone: chrono_tz::Tz) -> Checked<Vec<NaiveDate>> {
    let refuse = |code, field: &str, message: String| Err(Fault::at(code, field, message));
    let by_days = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
    if !by_days
        .iter()
        .any(|often| input.rrule.starts_with(&format!("FREQ={often}")))
    {
        let message = "A rule begins with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY.".to_owned();
        return refuse(Problem::InvalidRule, "rrule", message);
    }
    if input.rrule.contains("COUNT=") || input.rrule.contains("UNTIL=") {
        let message = "The end of a series stands in endsOn or count, not in its rule.".to_owned();
        return refuse(Problem::InvalidRule, "rrule", message);
    }
    if input.ends_on.is_some_and(|day| day.0 <= input.starts_on.0) {
        return refuse(
            Problem::InvalidDates,
            "endsOn",
            "endsOn must be after startsOn.".to_owned(),
        );
    }
    let count = match input.count {
        None => None,
        Some(count) => match usize::try_from(count) {
            Ok(count @ 1..) => Some(count),
            _ => {
                return refuse(
                    Problem::InvalidDates,
                    "count",
                    "count must be at least 1.".to_owned(),
                );
            }
        },
    };
    let ends_on = input.ends_on.map(|day| day.0);
    match days(&input.rrule, input.starts_on.0, ends_on, count, zone) {
        Ok(days) => Ok(days),
        Err(NoSeries::TooMany) => {
            let field = if count.is_some() { "count" } else { "endsOn" };
            let message = format!("A series has {MOST_TIMES} times at most: give a nearer end.");
            refuse(Problem::TooMany, field, message)
        }
        Err(NoSeries::Empty) => refuse(
            Problem::InvalidRule,
            "rrule",
            "The rule gives no day at all.".to_owned(),
        ),
        Err(NoSeries::Unreadable(told)) => refuse(
            Problem::InvalidRule,
            "rrule",
            format!("The rule cannot be read: {told}."),
        ),
    }
}
