//! What a payment is for: a booking, an invoice, a folio, somebody's share.

use async_graphql::InputObject;
use entities::billing::{deposit, folio, invoice};
use entities::booking::{booking_order, participant_obligation};
use uuid::Uuid;

use foundation::database::{Error, Scope};
use foundation::graph::scalars::Id;

/// What is paid for. At most one of these.
#[derive(InputObject, Clone, Copy, Default)]
pub struct PaymentSourceInput {
    /// A booking: its price, or a deposit on it.
    pub booking_order_id: Option<Id<booking_order::Entity>>,
    /// An invoice.
    pub invoice_id: Option<Id<invoice::Entity>>,
    /// A folio: the bill of a guest in the house.
    pub folio_id: Option<Id<folio::Entity>>,
    /// A deposit that was asked for: it counts as paid by what is taken.
    pub deposit_id: Option<Id<deposit::Entity>>,
    /// What one participant of a booking owes.
    pub participant_obligation_id: Option<Id<participant_obligation::Entity>>,
}

/// What is paid for, as it is found.
#[derive(Clone, Debug)]
pub struct Source {
    /// The entity and its id.
    pub subject: (&'static str, Uuid),
    /// Where it belongs.
    pub location_id: Option<Uuid>,
    /// Its currency.
    pub currency: String,
    /// Whose it is.
    pub customer_id: Option<Uuid>,
}

const KINDS: &[(&str, &str)] = &[
    (
        "BookingOrder",
        "select o.location_id, o.currency::text, o.customer_id from booking.booking_orders o where o.biz_id = $1 and o.id = $2",
    ),
    (
        "Invoice",
        "select v.location_id, v.currency::text, v.customer_id from billing.invoices v where v.biz_id = $1 and v.id = $2",
    ),
    (
        "Folio",
        "select f.location_id, f.currency::text, o.customer_id from billing.folios f \
         left join booking.booking_orders o on o.biz_id = f.biz_id and o.id = f.booking_order_id \
         where f.biz_id = $1 and f.id = $2",
    ),
    (
        "Deposit",
        "select o.location_id, d.currency::text, d.customer_id from billing.deposits d \
         left join booking.booking_orders o on o.biz_id = d.biz_id and o.id = d.booking_order_id \
         where d.biz_id = $1 and d.id = $2",
    ),
    (
        "Membership",
        "select m.location_id, m.currency::text, m.customer_id from entitlements.memberships m where m.biz_id = $1 and m.id = $2",
    ),
    (
        "ParticipantObligation",
        "select o.location_id, b.currency::text, p.customer_id from booking.participant_obligations b \
         join booking.booking_orders o on o.biz_id = b.biz_id and o.id = b.order_id \
         join booking.booking_participants p on p.biz_id = b.biz_id and p.id = b.participant_id \
         where b.biz_id = $1 and b.id = $2",
    ),
];

impl PaymentSourceInput {
    /// The things that were named.
    pub fn subjects(&self) -> Vec<(&'static str, Uuid)> {
        [
            self.booking_order_id.map(|id| ("BookingOrder", id.uuid())),
            self.invoice_id.map(|id| ("Invoice", id.uuid())),
            self.folio_id.map(|id| ("Folio", id.uuid())),
            self.deposit_id.map(|id| ("Deposit", id.uuid())),
            self.participant_obligation_id
                .map(|id| ("ParticipantObligation", id.uuid())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Finds what is paid for. None where there is no such thing.
pub async fn find(scope: &Scope, (kind, id): (&str, Uuid)) -> Result<Option<Source>, Error> {
    let Some((entity, sql)) = KINDS.iter().find(|(entity, _)| *entity == kind) else {
        return Ok(None);
    };
    let row = scope
        .query_opt(sql, &[scope.biz_id().into(), id.into()])
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    Ok(Some(Source {
        subject: (entity, id),
        location_id: row.try_get(0)?,
        currency: row.try_get(1)?,
        customer_id: row.try_get(2)?,
    }))
}
