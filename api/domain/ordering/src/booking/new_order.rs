//! What all new orders have, and the rows that follow from it.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::deposit::Deposit;
use super::rows::{self, Customer, Rows};
use super::store::{Place, Sellable, Terms};
use foundation::database::new_id;
use foundation::money::{exponent, unit_price};
use scheduling::availability::rules::business_date;
use scheduling::pricing::priced::Priced;

/// How an order keeps what it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// For so many minutes, until it is confirmed: the order is held.
    For(i32),
    /// For so many minutes, within which staff approve or decline it: the order is pending.
    Approval(i32),
    /// For good: the order is confirmed.
    Firm,
    /// By the hold from which it is booked, which keeps it already.
    Handed(Handed),
    /// Not at all: the order is confirmed, but takes no capacity and plans no work. For what was
    /// over, or called off, before it was recorded here.
    Nothing,
}

/// A hold that becomes that of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handed {
    /// The hold.
    pub hold_id: Uuid,
    /// What the order is then.
    pub then: Then,
}

/// What an order is that is booked from a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Held, as long as the hold lasts.
    Held,
    /// Pending: staff have so many minutes to approve it.
    Approval(i32),
    /// Confirmed.
    Firm,
}

impl Keep {
    /// Whether what the order takes is to be claimed: a hold has it already.
    pub(super) fn is_claimed(self) -> bool {
        matches!(self, Self::For(_) | Self::Approval(_) | Self::Firm)
    }

    fn status(self) -> &'static str {
        match self {
            Self::For(_) => "held",
            Self::Approval(_) => "pending_approval",
            Self::Firm | Self::Nothing => "confirmed",
            Self::Handed(handed) => match handed.then {
                Then::Held => "held",
                Then::Approval(_) => "pending_approval",
                Then::Firm => "confirmed",
            },
        }
    }
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
    /// The kind of seat, where the offer has several.
    pub seat_type_id: Option<Uuid>,
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
    /// What is due in advance.
    pub deposit: Deposit,
    /// How it keeps what it takes.
    pub keep: Keep,
    /// What it costs, where it was priced; else that follows from what it takes.
    pub priced: Option<Arc<Priced>>,
}

/// When, and how much: what the rows of all kinds of orders share.
pub(super) struct Outline {
    pub kind: &'static str,
    pub time: (DateTime<Utc>, DateTime<Utc>),
    pub days: Option<(NaiveDate, NaiveDate)>,
    pub units: i32,
    pub party_size: i32,
    pub total_minor: i64,
    /// What its first night or other unit costs.
    pub first_unit_minor: i64,
    /// The role of a booker who takes part.
    pub role: &'static str,
}

impl NewOrder {
    /// Writes the rows of the order itself, and gives the id of its hold.
    pub(super) fn write(&self, outline: &Outline, rows: &mut Rows) -> Option<Uuid> {
        let hold_id = match self.keep {
            Keep::For(minutes) | Keep::Approval(minutes) => {
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
            Keep::Handed(handed) => Some(handed.hold_id),
            Keep::Firm | Keep::Nothing => None,
        };
        if let Some(Booker::New(customer)) = &self.booker {
            rows.customers.push(customer.clone());
        }
        self.write_participants(outline.role, rows);
        let place = &self.place;
        let amounts = self.amounts(outline.total_minor);
        rows.orders.push(rows::Order {
            id: self.id,
            number: self.number.clone(),
            kind: outline.kind,
            customer_id: self.customer_id(),
            location_id: place.location_id,
            channel: self.channel,
            channel_ref: self.channel_ref.clone(),
            status: self.keep.status(),
            starts_at: outline.time.0,
            ends_at: outline.time.1,
            timezone: place.zone.name(),
            check_in_on: outline.days.map(|days| days.0),
            check_out_on: outline.days.map(|days| days.1),
            business_date: business_date(place.zone, place.cutoff, self.booked_at),
            booked_at: self.booked_at,
            party_size: outline.party_size,
            currency: place.currency.clone(),
            base_minor: amounts.base,
            features_minor: amounts.features,
            discount_minor: amounts.discount,
            tax_minor: amounts.tax,
            total_minor: amounts.total(),
            deposit_due_minor: self.deposit.due(
                amounts.total(),
                outline.first_unit_minor.min(amounts.total()),
            ),
            hold_id,
            cancellation_policy_id: self.terms.as_ref().map(|terms| terms.policy_id),
            cancellation_policy: self.terms.as_ref().map(|terms| terms.snapshot.clone()),
            confirmed_at: (self.keep.status() == "confirmed").then_some(self.booked_at),
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
                seat_type_id: None,
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
                seat_type_id: participant.seat_type_id,
            });
        }
    }

    /// The one line of the order.
    pub(super) fn line(&self, unit: &'static str, quantity: i64, total_minor: i64) -> rows::Line {
        let (place, sellable) = (&self.place, &self.sellable);
        rows::Line {
            id: new_id(),
            order_id: self.id,
            line_no: 1,
            sellable_id: sellable.id,
            offer_version_id: sellable.offer_version_id,
            name: sellable.name.clone(),
            quantity: quantity.into(),
            unit: unit.to_owned(),
            unit_price: unit_price(total_minor, quantity, exponent(&place.currency)),
            discount_minor: 0,
            total_minor,
            currency: place.currency.clone(),
            tax_category: sellable.tax_category.clone(),
            tax_rate: None,
            tax_minor: 0,
            starts_at: None,
            ends_at: None,
            starts_on: None,
            ends_on: None,
        }
    }
}
