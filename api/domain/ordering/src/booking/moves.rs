//! Orders at another time: their own times, and those of their lines and their work. Any number of
//! orders in three statements.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::Value;
use sea_orm::sea_query::ArrayType;
use uuid::Uuid;

use foundation::database::{Error, Scope};

/// When something begins and ends.
pub type Window = (DateTime<Utc>, DateTime<Utc>);

/// An order that gets another time.
#[derive(Clone, Copy, Debug)]
pub struct Moved {
    /// The order.
    pub order_id: Uuid,
    /// Its time so far.
    pub from: Window,
    /// Its new time.
    pub to: Window,
    /// Its new days of arrival and departure, of a stay.
    pub days: Option<(NaiveDate, NaiveDate)>,
}

/// The window that something of an order gets which had a window of its own: that of the order
/// where it was the order's, and else so much later as the order is.
pub fn follow(own: Window, moved: &Moved) -> Window {
    if own == moved.from {
        return moved.to;
    }
    let by = moved.to.0 - moved.from.0;
    (own.0 + by, own.1 + by)
}

const GIVEN: &str = "from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], \
      $7::date[], $8::date[]) as w (id, from_start, from_end, to_start, to_end, check_in_on, check_out_on)";

fn orders() -> String {
    format!(
        "update booking.booking_orders o set starts_at = w.to_start, ends_at = w.to_end, \
           check_in_on = coalesce(w.check_in_on, o.check_in_on), check_out_on = coalesce(w.check_out_on, o.check_out_on) \
         {GIVEN} where o.biz_id = $1 and o.id = w.id"
    )
}

fn lines() -> String {
    format!(
        "update booking.booking_order_lines l set \
           starts_at = case when l.starts_at = w.from_start and l.ends_at = w.from_end then w.to_start \
             else l.starts_at + (w.to_start - w.from_start) end, \
           ends_at = case when l.starts_at = w.from_start and l.ends_at = w.from_end then w.to_end \
             else l.ends_at + (w.to_start - w.from_start) end \
         {GIVEN} where l.biz_id = $1 and l.order_id = w.id and l.starts_at is not null and l.voided_at is null"
    )
}

fn work() -> String {
    format!(
        "update booking.fulfillment_units f set \
           planned_starts_at = case when f.planned_starts_at = w.from_start and f.planned_ends_at = w.from_end then w.to_start \
             else f.planned_starts_at + (w.to_start - w.from_start) end, \
           planned_ends_at = case when f.planned_starts_at = w.from_start and f.planned_ends_at = w.from_end then w.to_end \
             else f.planned_ends_at + (w.to_start - w.from_start) end, \
           due_at = f.due_at + (w.to_start - w.from_start) \
         {GIVEN} join booking.booking_order_lines l on l.biz_id = $1 and l.order_id = w.id \
         where f.biz_id = $1 and f.order_line_id = l.id and f.status in ('planned', 'ready', 'assigned')"
    )
}

/// Gives orders, their lines and their work another time.
pub async fn write(scope: &Scope, moves: &[Moved]) -> Result<(), Error> {
    if moves.is_empty() {
        return Ok(());
    }
    let instants =
        |of: fn(&Moved) -> DateTime<Utc>| Value::from(moves.iter().map(of).collect::<Vec<_>>());
    let days = |of: fn((NaiveDate, NaiveDate)) -> NaiveDate| {
        let days = moves.iter().map(|moved| Value::from(moved.days.map(of)));
        Value::Array(ArrayType::ChronoDate, Some(Box::new(days.collect())))
    };
    let values = [
        scope.biz_id().into(),
        moves
            .iter()
            .map(|moved| moved.order_id)
            .collect::<Vec<_>>()
            .into(),
        instants(|moved| moved.from.0),
        instants(|moved| moved.from.1),
        instants(|moved| moved.to.0),
        instants(|moved| moved.to.1),
        days(|days| days.0),
        days(|days| days.1),
    ];
    // Work first: it is found by lines that still stand where they stood.
    let (work, lines, orders) = (work(), lines(), orders());
    futures_util::try_join!(
        scope.execute(&work, &values),
        scope.execute(&lines, &values),
        scope.execute(&orders, &values)
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn what_has_the_orders_time_gets_its_new_one_and_the_rest_is_as_much_later() {
        let start: DateTime<Utc> = "2026-05-01T10:00:00Z".parse().unwrap();
        let hour = TimeDelta::hours(1);
        let moved = Moved {
            order_id: Uuid::nil(),
            from: (start, start + hour),
            to: (start + hour * 24, start + hour * 26),
            days: None,
        };
        assert_eq!(follow(moved.from, &moved), moved.to);
        let part = (start + hour / 2, start + hour);
        assert_eq!(
            follow(part, &moved),
            (part.0 + hour * 24, part.1 + hour * 24)
        );
    }
}
