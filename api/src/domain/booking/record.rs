//! New orders as they are thought of, and how they become rows: a stay of nights in units of a
//! pool, or the use of a resource at a time. The same for one order of a caller and for hundreds
//! that an import takes over.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::rows::{self, Customer, Details, Rows};
use super::rules::{Rate, major, periods, total, unit_price};
use super::store::{Place, Room, Sellable, Terms, plan_work};
use crate::database::{Error, Scope, new_id};
use crate::domain::availability::rules::{Edge, Night, business_date, instant_of};
use crate::domain::availability::store::{Claim, Take, claim, take};
use crate::money::exponent;

/// How an order keeps what it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// For so many minutes, until it is confirmed: the order is held.
    For(i32),
    /// For good: the order is confirmed.
    Firm,
    /// Not at all: the order is confirmed, but takes no capacity and plans no work. For what was
    /// over, or called off, before it was recorded here.
    Nothing,
}

/// Who booked.
#[derive(Clone, Debug)]
pub enum Booker {
    /// A customer that is known: id and name.
    Known(Uuid, String),
    /// One that is written with the order.
    New(Customer),
}

/// Somebody who takes part.
#[derive(Clone, Debug)]
pub struct Participant {
    /// The customer it is, if known as one.
    pub customer_id: Option<Uuid>,
    /// The name.
    pub name: String,
    /// A value of `booking.participant_role`.
    pub role: &'static str,
}

/// What all new orders have.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Where it takes place.
    pub place: Arc<Place>,
    /// What is sold.
    pub sellable: Arc<Sellable>,
    /// Under which cancellation policy.
    pub terms: Option<Arc<Terms>>,
    /// Who booked; none while it is not known.
    pub booker: Option<Booker>,
    /// Who takes part, besides the booker as payer. Where nobody is named, the booker does.
    pub participants: Vec<Participant>,
    /// A value of `booking.channel`.
    pub channel: &'static str,
    /// Its number at the channel.
    pub channel_ref: Option<String>,
    /// When the customer booked; of an order that is not held also when it was confirmed.
    pub booked_at: DateTime<Utc>,
    /// What staff should know.
    pub note: Option<String>,
    /// How it keeps what it takes.
    pub keep: Keep,
}

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

/// When, and how much: what the rows of all kinds of orders share.
struct Outline {
    kind: &'static str,
    time: (DateTime<Utc>, DateTime<Utc>),
    days: Option<(NaiveDate, NaiveDate)>,
    units: i32,
    party_size: i32,
    total_minor: i64,
    /// The role of a booker who takes part.
    role: &'static str,
}

impl NewOrder {
    /// Writes the rows of the order itself, and gives the id of its hold.
    fn write(&self, outline: &Outline, rows: &mut Rows) -> Option<Uuid> {
        let hold_id = match self.keep {
            Keep::For(minutes) => {
                let id = new_id();
                let (order_id, customer_id, units) = (self.id, self.customer_id(), outline.units);
                rows.holds.push(rows::Hold {
                    id,
                    order_id,
                    customer_id,
                    units,
                    minutes,
                });
                Some(id)
            }
            Keep::Firm | Keep::Nothing => None,
        };
        if let Some(Booker::New(customer)) = &self.booker {
            rows.customers.push(customer.clone());
        }
        self.write_participants(outline.role, rows);
        let place = &self.place;
        rows.orders.push(rows::Order {
            id: self.id,
            number: self.number.clone(),
            kind: outline.kind,
            customer_id: self.customer_id(),
            location_id: place.location_id,
            channel: self.channel,
            channel_ref: self.channel_ref.clone(),
            status: if hold_id.is_some() {
                "held"
            } else {
                "confirmed"
            },
            starts_at: outline.time.0,
            ends_at: outline.time.1,
            timezone: place.zone.name(),
            check_in_on: outline.days.map(|days| days.0),
            check_out_on: outline.days.map(|days| days.1),
            business_date: business_date(place.zone, place.cutoff, self.booked_at),
            booked_at: self.booked_at,
            party_size: outline.party_size,
            currency: place.currency.clone(),
            base_minor: outline.total_minor,
            hold_id,
            cancellation_policy_id: self.terms.as_ref().map(|terms| terms.policy_id),
            cancellation_policy: self.terms.as_ref().map(|terms| terms.snapshot.clone()),
            confirmed_at: hold_id.is_none().then_some(self.booked_at),
            note: self.note.clone(),
        });
        hold_id
    }

    fn customer_id(&self) -> Option<Uuid> {
        self.booker.as_ref().map(|booker| match booker {
            Booker::Known(id, _) => *id,
            Booker::New(customer) => customer.id,
        })
    }

    fn write_participants(&self, role: &'static str, rows: &mut Rows) {
        let booker = self.booker.as_ref().map(|booker| match booker {
            Booker::Known(id, name) => (*id, name),
            Booker::New(customer) => (customer.id, &customer.full_name),
        });
        let as_booker = |role| {
            let participant = |(id, name): (Uuid, &String)| Participant {
                customer_id: Some(id),
                name: name.clone(),
                role,
            };
            booker.map(participant)
        };
        let guest = if self.participants.is_empty() {
            as_booker(role)
        } else {
            None
        };
        let pays = !self
            .participants
            .iter()
            .any(|participant| participant.role == "payer");
        let payer = if pays { as_booker("payer") } else { None };
        for participant in payer
            .into_iter()
            .chain(guest)
            .chain(self.participants.iter().cloned())
        {
            rows.participants.push(rows::Participant {
                id: new_id(),
                order_id: self.id,
                customer_id: participant.customer_id,
                name: participant.name,
                role: participant.role,
            });
        }
    }

    /// The one line of the order.
    fn line(&self, unit: &'static str, quantity: i64, total_minor: i64) -> rows::Line {
        let (place, sellable) = (&self.place, &self.sellable);
        rows::Line {
            id: new_id(),
            order_id: self.id,
            sellable_id: sellable.id,
            offer_version_id: sellable.offer_version_id,
            name: sellable.name.clone(),
            quantity,
            unit,
            unit_price: unit_price(total_minor, quantity, exponent(&place.currency)),
            total_minor,
            currency: place.currency.clone(),
            tax_category: sellable.tax_category.clone(),
            starts_at: None,
            ends_at: None,
            starts_on: None,
            ends_on: None,
        }
    }
}

impl NewStay {
    fn write(&self, rows: &mut Rows) -> Result<Option<Uuid>, Error> {
        let order = &self.order;
        let (Some(first), Some(last)) = (self.nights.first(), self.nights.last()) else {
            return Err(Error::Internal("a stay without nights".to_owned()));
        };
        let days = (first.on, last.on.succ_opt().unwrap_or(last.on));
        let rates: Vec<Rate> = self
            .nights
            .iter()
            .zip(&self.rates)
            .map(|(night, minor)| Rate {
                on: night.on,
                minor: *minor,
            })
            .collect();
        let too_much = || Error::Data("the price of the stay is too large".to_owned());
        let periods = periods(&rates, self.units.into()).ok_or_else(too_much)?;
        let total_minor = total(&periods).ok_or_else(too_much)?;
        let place = &order.place;
        let hold_id = order.write(
            &Outline {
                kind: "stay",
                time: place.stay_time(days.0, days.1),
                days: Some(days),
                units: self.units,
                party_size: self
                    .details
                    .adults
                    .saturating_add(self.details.children)
                    .saturating_add(self.details.babies),
                total_minor,
                role: "guest",
            },
            rows,
        );
        let quantity = i64::from(self.units) * i64::try_from(self.nights.len()).unwrap_or(i64::MAX);
        let (starts_on, ends_on) = (Some(days.0), Some(days.1));
        let line = rows::Line {
            starts_on,
            ends_on,
            ..order.line("night", quantity, total_minor)
        };
        rows.periods
            .extend(periods.iter().map(|period| rows::Period {
                id: new_id(),
                line_id: line.id,
                starts_on: period.starts_on,
                ends_on: period.ends_on,
                rate: major(period.rate_minor, exponent(&place.currency)),
                units: self.units,
                subtotal_minor: period.subtotal_minor,
                currency: place.currency.clone(),
            }));
        rows.lines.push(line);
        rows.stays.push(rows::Stay {
            id: new_id(),
            booking_order_id: order.id,
            unit_type_id: self.room.unit_type_id,
            rooms: self.units,
            details: self.details.clone(),
        });
        rows.nights.extend(rates.iter().map(|rate| rows::Night {
            id: new_id(),
            order_id: order.id,
            on: rate.on,
            unit_type_id: self.room.unit_type_id,
            rate_minor: rate.minor * i64::from(self.units),
            currency: place.currency.clone(),
        }));
        Ok(hold_id)
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
