//! Orders that were never agreed: drafts, held, waiting for approval, declined, expired.

use serde_json::json;
use uuid::Uuid;

use super::put::put;
use crate::database::{Error, Scope, new_id};
use crate::domain::availability::rules::business_date;
use crate::domain::availability::store::release;
use crate::domain::booking::past::{Of, Past, Reasons};
use crate::domain::booking::record::{Booker, Keep, NewUse};

/// How long what is held is kept: long enough to be looked at.
const MINUTES: i32 = 2 * 24 * 60;
/// Why staff decline.
const DECLINED: &str = "Nobody who can do it is there at that time.";
/// What is neither cancelled nor missed needs no reason.
const NONE: Reasons = Reasons {
    cancelled: DECLINED,
    no_show: DECLINED,
};

/// Where an order stands that was not agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsettled {
    /// Keeps its places for a while.
    Held,
    /// Keeps them until staff decide.
    Pending,
    /// Staff decided against it.
    Declined,
    /// Nobody confirmed it in time.
    Expired,
}

impl Unsettled {
    /// How such an order keeps what it takes when it is recorded, before [`settle`].
    pub fn keep(self) -> Keep {
        match self {
            Self::Expired => Keep::For(0),
            Self::Held | Self::Pending | Self::Declined => Keep::For(MINUTES),
        }
    }
}

/// Brings orders that were recorded as held to where they stand.
pub async fn settle(scope: &Scope, orders: &[(Unsettled, Of)]) -> Result<(), Error> {
    let of = |wanted: &[Unsettled]| -> Vec<Uuid> {
        let these = orders.iter().filter(|(status, _)| wanted.contains(status));
        these.map(|(_, of)| of.order_id).collect()
    };
    let sql = "update booking.booking_orders o set status = 'pending_approval' \
               where o.biz_id = $1 and o.id = any ($2::uuid[])";
    let asked = of(&[Unsettled::Pending, Unsettled::Declined]);
    scope
        .execute(sql, &[scope.biz_id().into(), asked.into()])
        .await?;
    let declined = of(&[Unsettled::Declined]);
    release(scope, "declined", declined.iter().map(|id| (*id, None))).await?;
    scope.set_reason(DECLINED).await?;
    let sql = "update booking.booking_orders o set status = 'declined' \
               where o.biz_id = $1 and o.id = any ($2::uuid[])";
    scope
        .execute(sql, &[scope.biz_id().into(), declined.into()])
        .await?;
    scope.set_reason("").await?;
    // Their time is over already: they expire as any others do.
    scope
        .query("select availability.release_expired()", &[])
        .await?;
    let mut past = Past::default();
    for (status, of) in orders {
        if *status == Unsettled::Declined {
            past.note("booking.declined", *of, &json!({ "reason": DECLINED }));
        }
    }
    past.write(scope, NONE).await
}

/// Writes orders that are being put together: they take nothing yet.
pub async fn draft(scope: &Scope, uses: &[NewUse]) -> Result<(), Error> {
    let (mut orders, mut lines, mut people) = (Vec::new(), Vec::new(), Vec::new());
    for new in uses {
        let (order, (starts_at, ends_at)) = (&new.order, new.service);
        let place = &order.place;
        let customer = match &order.booker {
            Some(Booker::Known(id, name)) => Some((*id, name.clone())),
            _ => None,
        };
        orders.push(json!({
            "id": order.id, "number": order.number, "kind": new.kind, "status": "draft",
            "customer_id": customer.as_ref().map(|(id, _)| id), "location_id": place.location_id,
            "channel": order.channel, "starts_at": starts_at, "ends_at": ends_at,
            "timezone": place.zone.name(), "booked_at": order.booked_at,
            "business_date": business_date(place.zone, place.cutoff, order.booked_at),
            "party_size": new.party_size, "currency": place.currency,
            "base_minor": new.total_minor, "total_minor": new.total_minor,
        }));
        lines.push(json!({
            "id": new_id(), "order_id": order.id, "line_no": 1, "sellable_id": order.sellable.id,
            "offer_version_id": order.sellable.offer_version_id, "name": order.sellable.name,
            "unit_price": crate::money::major(new.total_minor, crate::money::exponent(&place.currency)),
            "total_minor": new.total_minor, "currency": place.currency,
            "starts_at": starts_at, "ends_at": ends_at,
        }));
        people.extend(customer.map(|(id, name)| {
            json!({ "id": new_id(), "order_id": order.id, "customer_id": id, "name": name, "role": "attendee" })
        }));
    }
    put(scope, "booking.booking_orders", orders).await?;
    put(scope, "booking.booking_order_lines", lines).await?;
    put(scope, "booking.booking_participants", people).await
}
