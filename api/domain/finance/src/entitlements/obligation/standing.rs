//! `bookingPaid`: what of a booking is paid, and by whom.

use async_graphql::{InputObject, SimpleObject};
use entities::booking::{booking_order, participant_obligation};

use super::store::state;
use crate::entitlements::BOOKING_READ;
use foundation::graph::failure::{Code, Failure};
use foundation::graph::query::Node;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Id, Money};
use foundation::graph::verb::Permission;

/// What of a booking is paid, what is not, and what each of a party owes of it.
#[derive(InputObject)]
pub struct BookingPaidInput {
    /// The order.
    pub id: Id<booking_order::Entity>,
}

/// What of a booking is paid.
#[derive(SimpleObject)]
pub struct BookingPaid {
    /// What the order costs.
    pub total: Money,
    /// What whoever booked it pays, where it is split.
    pub organiser_share: Option<Money>,
    /// What was paid for the order itself, by payments that went back not counted.
    pub paid_directly: Money,
    /// What participants paid of their shares.
    pub paid_by_participants: Money,
    /// What participants still owe.
    pub owed_by_participants: Money,
    /// What need not be paid.
    pub waived: Money,
    /// What is still to be paid of the whole order.
    pub outstanding: Money,
    /// Whether nothing is left to be paid.
    pub is_paid: bool,
    /// What each owes, in the order in which it came to be; 500 at most.
    pub obligations: Vec<Node<participant_obligation::Entity>>,
}

/// The question.
pub struct AskBookingPaid;

impl Question for AskBookingPaid {
    type Input = BookingPaidInput;
    type Answer = BookingPaid;

    const NAME: &'static str = "bookingPaid";
    const PERMISSION: Permission = Permission::Holds(BOOKING_READ);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<BookingPaid, Failure> {
        let id = input.id.uuid();
        let found = state(look.scope, id).await?;
        let state =
            found.ok_or_else(|| Failure::new(Code::NotFound, "There is no such booking."))?;
        look.permit_at(BOOKING_READ, state.location_id, "booking")?;
        let sql = "select b.id from booking.participant_obligations b where b.biz_id = $1 and b.order_id = $2 order by b.id limit 500";
        let values = [look.scope.biz_id().into(), id.into()];
        let rows = look.scope.query(sql, &values).await?;
        let obligations: Result<Vec<_>, tokio_postgres::Error> = rows
            .iter()
            .map(|row| Ok(Node::new(row.try_get(0)?)))
            .collect();
        let money = |minor| Money {
            minor,
            currency: state.currency.clone(),
        };
        Ok(BookingPaid {
            total: money(state.total),
            organiser_share: state.organiser.map(money),
            paid_directly: money(state.paid_directly),
            paid_by_participants: money(state.paid),
            owed_by_participants: money(state.owed),
            waived: money(state.waived),
            outstanding: money(state.outstanding()),
            is_paid: state.outstanding() == 0,
            obligations: obligations.map_err(foundation::database::Error::from)?,
        })
    }
}
