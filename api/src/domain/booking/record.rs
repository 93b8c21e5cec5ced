//! New orders as they are thought of, and how they become rows: a stay of nights in units of a
//! pool, or the use of a resource at a time. The same for one order of a caller and for hundreds
//! that an import takes over.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::new_order::Outline;
pub use super::new_order::{Booker, Keep, NewOrder, Participant};
use super::rows::{self, Details, Rows};
use super::rules::{Period, Rate, major, periods, total};
use super::store::{Place, Room, plan_work};
use crate::database::{Error, Scope, new_id};
use crate::domain::availability::rules::{Edge, Night, instant_of};
use crate::domain::availability::store::{Claim, Take, claim, take};
use crate::money::exponent;

/// A stay: nights in units of a pool.
#[derive(Clone, Debug)]
pub struct NewStay {
    /// What all orders have.
    pub order: NewOrder,
    /// The room type and its pool.
    pub room: Arc<Room>,
    /// How many units.
    pub units: i32,
    /// Its nights, as [`crate::domain::availability::rules::nights`] gives them; at least one.
    pub nights: Vec<Night>,
    /// What each of them costs for one unit, in minor units; as many as nights.
    pub rates: Vec<i64>,
    /// What it asks for.
    pub details: Details,
}

/// The use of a resource, or of somebody's time.
#[derive(Clone, Debug)]
pub struct NewUse {
    /// What all orders have.
    pub order: NewOrder,
    /// A value of `booking.order_kind`, no stay.
    pub kind: &'static str,
    /// The resource.
    pub resource_id: Uuid,
    /// When it begins and ends.
    pub service: (DateTime<Utc>, DateTime<Utc>),
    /// When the resource begins to be taken and is free again, buffers included.
    pub blocked: (DateTime<Utc>, DateTime<Utc>),
    /// How many people come.
    pub party_size: i32,
    /// What it costs, in minor units.
    pub total_minor: i64,
}

/// Writes stays, and takes what they keep: three statements, whatever their number. All or none.
pub async fn record(scope: &Scope, stays: &[NewStay]) -> Result<(), Error> {
    let mut rows = Rows::default();
    let mut claims = Vec::new();
    for stay in stays {
        let hold_id = stay.write(&mut rows)?;
        if stay.order.keep != Keep::Nothing {
            claims.push(Claim {
                order_id: stay.order.id,
                hold_id,
                pool_id: stay.room.pool_id,
                units: stay.units,
                nights: &stay.nights,
            });
        }
    }
    rows.insert(scope).await?;
    let firm = stays
        .iter()
        .map(|stay| &stay.order)
        .filter(|order| order.keep == Keep::Firm);
    let firm = firm.map(|order| order.id).collect();
    futures_util::try_join!(claim(scope, &claims), plan_work(scope, firm))?;
    Ok(())
}

/// Writes uses of resources that `lock_resources` has locked, and takes the resources: three
/// statements, whatever their number. All or none.
pub async fn record_uses(scope: &Scope, uses: &[NewUse]) -> Result<(), Error> {
    let mut rows = Rows::default();
    let mut takes = Vec::new();
    for new in uses {
        let hold_id = new.write(&mut rows);
        let (order_id, resource_id) = (new.order.id, new.resource_id);
        if new.order.keep != Keep::Nothing {
            takes.push(Take {
                order_id,
                hold_id,
                resource_id,
                service: new.service,
                blocked: new.blocked,
            });
        }
    }
    rows.insert(scope).await?;
    take(scope, &takes).await?;
    let firm = uses
        .iter()
        .map(|new| &new.order)
        .filter(|order| order.keep == Keep::Firm);
    plan_work(scope, firm.map(|order| order.id).collect()).await
}

impl NewStay {
    fn write(&self, rows: &mut Rows) -> Result<Option<Uuid>, Error> {
        let order = &self.order;
        let (Some(first), Some(last)) = (self.nights.first(), self.nights.last()) else {
            return Err(Error::Internal("a stay without nights".to_owned()));
        };
        let days = (first.on, last.on.succ_opt().unwrap_or(last.on));
        let nights = self.nights.iter().zip(&self.rates);
        let rates: Vec<Rate> = nights
            .map(|(night, minor)| Rate {
                on: night.on,
                minor: *minor,
            })
            .collect();
        let too_much = || Error::Data("the price of the stay is too large".to_owned());
        let periods = periods(&rates, self.units.into()).ok_or_else(too_much)?;
        let total_minor = total(&periods).ok_or_else(too_much)?;
        let outline = Outline {
            kind: "stay",
            time: order.place.stay_time(days.0, days.1),
            days: Some(days),
            units: self.units,
            party_size: self.details.people(),
            total_minor,
            first_unit_minor: rates
                .first()
                .map_or(0, |rate| rate.minor * i64::from(self.units)),
            role: "guest",
        };
        let hold_id = order.write(&outline, rows);
        let quantity = i64::from(self.units) * i64::try_from(self.nights.len()).unwrap_or(i64::MAX);
        let (starts_on, ends_on) = (Some(days.0), Some(days.1));
        let line = rows::Line {
            starts_on,
            ends_on,
            ..order.line("night", quantity, total_minor)
        };
        self.write_periods(line.id, &periods, rows);
        rows.lines.push(line);
        self.write_nights(&rates, rows);
        Ok(hold_id)
    }

    fn write_periods(&self, line_id: Uuid, periods: &[Period], rows: &mut Rows) {
        let currency = &self.order.place.currency;
        let periods = periods.iter().map(|period| rows::Period {
            id: new_id(),
            line_id,
            starts_on: period.starts_on,
            ends_on: period.ends_on,
            rate: major(period.rate_minor, exponent(currency)),
            units: self.units,
            subtotal_minor: period.subtotal_minor,
            currency: currency.clone(),
        });
        rows.periods.extend(periods);
    }

    fn write_nights(&self, rates: &[Rate], rows: &mut Rows) {
        rows.stays.push(rows::Stay {
            id: new_id(),
            booking_order_id: self.order.id,
            unit_type_id: self.room.unit_type_id,
            rooms: self.units,
            details: self.details.clone(),
        });
        let nights = rates.iter().map(|rate| rows::Night {
            id: new_id(),
            order_id: self.order.id,
            on: rate.on,
            unit_type_id: self.room.unit_type_id,
            rate_minor: rate.minor * i64::from(self.units),
            currency: self.order.place.currency.clone(),
        });
        rows.nights.extend(nights);
    }
}

impl Details {
    /// How many people come.
    fn people(&self) -> i32 {
        let children = self.children.saturating_add(self.babies);
        self.adults.saturating_add(children)
    }
}

impl NewUse {
    fn write(&self, rows: &mut Rows) -> Option<Uuid> {
        let hold_id = self.order.write(
            &Outline {
                kind: self.kind,
                time: self.service,
                days: None,
                units: 1,
                party_size: self.party_size,
                total_minor: self.total_minor,
                first_unit_minor: self.total_minor,
                role: "attendee",
            },
            rows,
        );
        let (starts_at, ends_at) = (Some(self.service.0), Some(self.service.1));
        rows.lines.push(rows::Line {
            starts_at,
            ends_at,
            ..self.order.line("each", 1, self.total_minor)
        });
        hold_id
    }
}

impl Place {
    /// When a stay from one day to another begins and ends: at the location's check-in and
    /// check-out times.
    pub fn stay_time(
        &self,
        check_in: NaiveDate,
        check_out: NaiveDate,
    ) -> (DateTime<Utc>, DateTime<Utc>) {
        let starts_at = instant_of(
            self.zone,
            check_in.and_time(self.check_in_time),
            Edge::Start,
        );
        (
            starts_at,
            instant_of(
                self.zone,
                check_out.and_time(self.check_out_time),
                Edge::End,
            ),
        )
    }
}
