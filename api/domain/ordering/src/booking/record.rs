//! New orders as they are thought of, and how they become rows: a stay of nights in units of a
//! pool, or the use of a resource at a time. The same for one order of a caller and for hundreds
//! that an import takes over.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::new_order::Outline;
pub use super::new_order::{Booker, Handed, Keep, NewOrder, Participant, Then};
use super::priced_rows::keep_price;
use super::rows::{self, Details, Rows};
use super::rules::{Period, Rate, periods, total};
use super::store::{Place, Room, plan_work};
use foundation::database::{Error, Scope, new_id};
use foundation::money::{exponent, major};
use scheduling::availability::hold::store as hold;
use scheduling::availability::rules::{Edge, Night, instant_of};
use scheduling::availability::store::{Claim, Take, claim, confirm_holds, take};

/// A stay: nights in units of a pool.
#[derive(Clone, Debug)]
pub struct NewStay {
    /// What all orders have.
    pub order: NewOrder,
    /// The room type and its pool.
    pub room: Arc<Room>,
    /// How many units.
    pub units: i32,
    /// Its nights, as [`scheduling::availability::rules::nights`] gives them; at least one.
    pub nights: Vec<Night>,
    /// What each of them costs for one unit, in minor units; as many as nights. None of an order
    /// that was priced.
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
    /// What it costs, in minor units; of an order that was priced, its lines.
    pub total_minor: i64,
}

/// Writes stays, and takes what they keep: three statements, whatever their number. All or none.
pub async fn record(scope: &Scope, stays: &[NewStay]) -> Result<(), Error> {
    let mut rows = Rows::default();
    let mut claims = Vec::new();
    for stay in stays {
        let hold_id = stay.write(&mut rows)?;
        if stay.order.keep.is_claimed() {
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
    let firm = firm(stays.iter().map(|stay| &stay.order));
    futures_util::try_join!(claim(scope, &claims), plan_work(scope, firm))?;
    settle(scope, stays.iter().map(|stay| &stay.order)).await
}

/// The orders whose work is planned at once.
fn firm<'a>(orders: impl Iterator<Item = &'a NewOrder>) -> Vec<Uuid> {
    let firm = orders.filter(|order| order.keep == Keep::Firm);
    firm.map(|order| order.id).collect()
}

/// Hands the holds over from which orders are booked, and keeps what was agreed of their prices.
pub(super) async fn settle<'a>(
    scope: &Scope,
    orders: impl Iterator<Item = &'a NewOrder>,
) -> Result<(), Error> {
    for order in orders {
        if let Keep::Handed(handed) = order.keep {
            hand_over(scope, handed, order.id).await?;
        }
        keep_price(scope, order.id, order.priced.as_deref()).await?;
    }
    Ok(())
}

/// Makes a hold that of an order, for as long as the order is to keep what it keeps.
async fn hand_over(scope: &Scope, handed: Handed, order_id: Uuid) -> Result<(), Error> {
    hold::hand_over(scope, handed.hold_id, order_id).await?;
    match handed.then {
        Then::Held => Ok(()),
        Then::Approval(minutes) => hold::extend(scope, handed.hold_id, minutes, false).await,
        Then::Firm => {
            confirm_holds(scope, vec![handed.hold_id]).await?;
            plan_work(scope, vec![order_id]).await
        }
    }
}

/// Writes uses of resources that `lock_resources` has locked, and takes the resources: three
/// statements, whatever their number. All or none.
pub async fn record_uses(scope: &Scope, uses: &[NewUse]) -> Result<(), Error> {
    let mut rows = Rows::default();
    let mut takes = Vec::new();
    for new in uses {
        let hold_id = new.write(&mut rows);
        let (order_id, resource_id) = (new.order.id, new.resource_id);
        if new.order.keep.is_claimed() {
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
    plan_work(scope, firm(uses.iter().map(|new| &new.order))).await?;
    settle(scope, uses.iter().map(|new| &new.order)).await
}

impl NewStay {
    fn write(&self, rows: &mut Rows) -> Result<Option<Uuid>, Error> {
        let order = &self.order;
        let (Some(first), Some(last)) = (self.nights.first(), self.nights.last()) else {
            return Err(Error::Internal("a stay without nights".to_owned()));
        };
        let days = (first.on, last.on.succ_opt().unwrap_or(last.on));
        if let Some(priced) = &order.priced {
            let outline = self.outline(days, priced.totals.base_minor, priced.first_day_minor());
            let hold_id = order.write(&outline, rows);
            order.write_priced(priced, None, rows);
            let main = priced.lines.first();
            let nights = main.into_iter().flat_map(|line| &line.nights);
            self.write_nights(nights.map(|night| (night.on, night.minor)), rows);
            return Ok(hold_id);
        }
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
        let units = i64::from(self.units);
        let first_minor = rates.first().map_or(0, |rate| rate.minor * units);
        let outline = self.outline(days, total_minor, first_minor);
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
        self.write_nights(rates.iter().map(|rate| (rate.on, rate.minor * units)), rows);
        Ok(hold_id)
    }

    fn outline(
        &self,
        days: (NaiveDate, NaiveDate),
        total_minor: i64,
        first_unit_minor: i64,
    ) -> Outline {
        Outline {
            kind: "stay",
            time: self.order.place.stay_time(days.0, days.1),
            days: Some(days),
            units: self.units,
            party_size: self.details.people(),
            total_minor,
            first_unit_minor,
            role: "guest",
        }
    }

    fn write_periods(&self, line_id: Uuid, periods: &[Period], rows: &mut Rows) {
        let currency = &self.order.place.currency;
        let periods = periods.iter().map(|period| rows::Period {
            id: new_id(),
            line_id,
            rate_name: None,
            price_rule_id: None,
            storage_base_rate_id: None,
            starts_on: period.starts_on,
            ends_on: period.ends_on,
            rate: major(period.rate_minor, exponent(currency)),
            units: self.units,
            subtotal_minor: period.subtotal_minor,
            currency: currency.clone(),
        });
        rows.periods.extend(periods);
    }

    /// Writes the stay and its nights, each with what it costs for all units.
    fn write_nights(&self, prices: impl Iterator<Item = (NaiveDate, i64)>, rows: &mut Rows) {
        rows.stays.push(rows::Stay {
            id: new_id(),
            booking_order_id: self.order.id,
            unit_type_id: self.room.unit_type_id,
            rooms: self.units,
            details: self.details.clone(),
        });
        let nights = prices.map(|(on, rate_minor)| rows::Night {
            id: new_id(),
            order_id: self.order.id,
            on,
            unit_type_id: self.room.unit_type_id,
            rate_minor,
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
        if let Some(priced) = &self.order.priced {
            self.order.write_priced(priced, Some(self.service), rows);
            return hold_id;
        }
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
