//! What the price lists say a booking costs at another time, or with another resource.

use rust_decimal::Decimal;
use uuid::Uuid;

use super::create::SET_PRICE;
use super::create::price::seats;
use super::locked::Locked;
use foundation::database::{Error, Scope};
use foundation::graph::verb::{Act, Fault};
use scheduling::pricing::priced::PricedLine;
use scheduling::pricing::refusal::Unpriced;
use scheduling::pricing::request::{Item, PriceRequest, SeatItem, Time, What};
use scheduling::pricing::store::price;

const LISTED: &str = "select t.id from pricing.price_quotes_trace t \
    where t.biz_id = $1 and t.source_type = 'BookingOrder' and t.source_id = $2 limit 1";

/// Whether a booking that is moved costs what the price lists say from then on: where that is asked
/// for, and where it was priced by them and whoever moves it may not give prices.
pub async fn is_wanted<P>(act: &Act<'_>, order: &Locked, is_asked: bool) -> Result<bool, Fault<P>> {
    if is_asked || act.principal()?.may_at(SET_PRICE, order.location_id) {
        return Ok(is_asked);
    }
    let values = [act.scope.biz_id().into(), order.id.into()];
    Ok(act.scope.query_opt(LISTED, &values).await?.is_some())
}

const MAIN: &str = "select l.sellable_id, case when l.unit in ('each', 'person') then l.quantity else 1 end, \
      d.unit_type_id, d.rate_plan_id, d.rooms, d.adults, d.children, s.units, o.channel::text \
    from booking.booking_orders o \
    join booking.booking_order_lines l on l.biz_id = $1 and l.order_id = o.id and l.voided_at is null \
    left join hospitality.reservation_details d on d.biz_id = $1 and d.booking_order_id = o.id \
    left join booking.storage_details s on s.biz_id = $1 and s.booking_order_id = o.id \
    where o.biz_id = $1 and o.id = $2 order by l.line_no limit 1";

const SEATS: &str = "select p.seat_type_id from booking.booking_participants p \
    where p.biz_id = $1 and p.order_id = $2 and p.seat_type_id is not null and p.cancelled_at is null order by p.id";

/// The same where the price is by people; none where it is not.
async fn priced_seats<P>(
    act: &Act<'_>,
    order_id: Uuid,
    quantity: Decimal,
) -> Result<Vec<SeatItem>, Fault<P>> {
    let seats = seats_of(act.scope, order_id).await?;
    let seated = seats
        .iter()
        .map(|seat| Decimal::from(seat.quantity))
        .sum::<Decimal>();
    let fits = seated <= quantity;
    Ok(if fits { seats } else { Vec::new() })
}

/// The seats of a kind of those who take part.
pub async fn seats_of(scope: &Scope, order_id: Uuid) -> Result<Vec<SeatItem>, Error> {
    let values = [scope.biz_id().into(), order_id.into()];
    let rows = scope.query(SEATS, &values).await?;
    let named = rows.iter().map(|row| row.try_get(0));
    let named = named.collect::<Result<Vec<Uuid>, _>>()?;
    Ok(seats(named.into_iter()))
}

/// The line of what is booked, at a time and of a resource; what has no price is refused with this code.
pub async fn line<P: Copy>(
    act: &Act<'_>,
    order: &Locked,
    (time, resource_id): (Time, Option<Uuid>),
    code: P,
) -> Result<PricedLine, Fault<P>> {
    let values = [act.scope.biz_id().into(), order.id.into()];
    let row = act.scope.query_opt(MAIN, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("booking"))?;
    let unit_type: Option<Uuid> = row.try_get(2)?;
    let pieces: Decimal = row.try_get(1)?;
    let units: Option<i32> = row.try_get::<_, Option<i32>>(4)?.or(row.try_get(7)?);
    let quantity = units.map_or(pieces, Decimal::from);
    let item = Item {
        reference: "1".to_owned(),
        seats: priced_seats(act, order.id, quantity).await?,
        what: match unit_type {
            Some(id) => What::UnitType(id),
            None => What::Sellable(row.try_get(0)?),
        },
        quantity,
        time,
        rate_plan_id: row.try_get(3)?,
        adults: row.try_get::<_, Option<i32>>(5)?.unwrap_or(0),
        children: row.try_get::<_, Option<i32>>(6)?.unwrap_or(0),
        resource_id,
        ..Item::default()
    };
    let request = PriceRequest {
        location_id: order.location_id,
        customer_id: order.customer_id,
        channel: row.try_get(8)?,
        items: vec![item],
        ..PriceRequest::default()
    };
    match Box::pin(price(act.scope, &request)).await {
        Ok(priced) => priced.lines.into_iter().next().ok_or_else(|| {
            let message = "There is no price for this.";
            Fault::at(code, "reprice", message)
        }),
        Err(Unpriced::Refused(refusal)) => Err(Fault::at(code, "reprice", refusal.message)),
        Err(Unpriced::Failed(error)) => Err(error.into()),
    }
}
