//! One `json_agg` statement for each question, passed through.

use axum::extract::{Query, State};
use deadpool_postgres::Pool;
use tokio_postgres::types::ToSql;

use super::{Answer, Asked, Instant, answer, query};

/// One statement whose text is the answer.
async fn passed_through(pool: &Pool, sql: &'static str, values: &[&(dyn ToSql + Sync)]) -> Answer {
    let rows = query(pool, sql, values).await?;
    answer(
        rows.first()
            .map_or(Ok(String::new()), |row| row.try_get(0))?,
    )
}

const ONE: &str = "select json_build_object('data', json_build_object('bookingOrder', json_build_object(\
    'id', id, 'number', number, 'status', status, 'channel', channel, 'startsAt', starts_at, 'endsAt', ends_at, \
    'partySize', party_size, 'totalMinor', total_minor)))::text \
    from booking.booking_orders where biz_id = $1 and id = $2";
const LIST: &str = "select json_build_object('data', json_build_object('bookingOrders', \
    json_build_object('nodes', coalesce(json_agg(o.node), '[]'))))::text from (select json_build_object(\
    'id', id, 'number', number, 'status', status, 'channel', channel, 'startsAt', starts_at, 'endsAt', ends_at, \
    'partySize', party_size, 'totalMinor', total_minor) as node from booking.booking_orders \
    where biz_id = $1 and status = any ('{completed,confirmed}') and starts_at >= $2 \
    order by starts_at, id limit 50) o";
const NESTED: &str = "select json_build_object('data', json_build_object('bookingOrders', \
    json_build_object('nodes', coalesce(json_agg(n.node), '[]'))))::text from (select json_build_object(\
      'id', o.id, 'number', o.number, 'status', o.status, 'startsAt', o.starts_at, \
      'customer', json_build_object('id', c.id, 'fullName', c.full_name), \
      'lines', json_build_object('nodes', (select coalesce(json_agg(json_build_object(\
        'id', l.id, 'name', l.name, 'lineNo', l.line_no, 'totalMinor', l.total_minor, \
        'sellable', json_build_object('id', s.id, 'name', s.name), \
        'pricingPeriods', json_build_object('nodes', (select coalesce(json_agg(json_build_object(\
          'startsOn', p.starts_on, 'endsOn', p.ends_on, 'units', p.units, 'subtotalMinor', p.subtotal_minor) \
          order by p.id), '[]') \
          from booking.booking_pricing_periods p where p.biz_id = l.biz_id and p.order_line_id = l.id))) \
        order by l.id), '[]') \
        from booking.booking_order_lines l \
        left join catalog.sellables s on s.biz_id = l.biz_id and s.id = l.sellable_id \
        where l.biz_id = o.biz_id and l.order_id = o.id)), \
      'participants', json_build_object('nodes', (select coalesce(json_agg(json_build_object(\
        'id', b.id, 'name', b.name, 'role', b.role) order by b.id), '[]') \
        from booking.booking_participants b where b.biz_id = o.biz_id and b.order_id = o.id))) as node \
    from booking.booking_orders o \
    left join crm.customers c on c.biz_id = o.biz_id and c.id = o.customer_id \
    where o.biz_id = $1 and o.starts_at >= $2 order by o.starts_at, o.id limit 50) n";
const MONTHS: &str = "select json_build_object('data', json_build_object('bookingOrderAggregate', \
    coalesce(json_agg(json_build_object('startsAt', m.month, 'currency', m.currency, 'count', m.count, \
    'sum', json_build_object('totalMinor', m.sum))), '[]')))::text from (\
    select date_trunc('month', starts_at, 'Europe/Lisbon') as month, currency, count(*) as count, \
    sum(total_minor)::bigint as sum from booking.booking_orders \
    where biz_id = $1 and status = $2 group by 1, 2 order by 1, 2) m";

pub async fn one((State(pool), Query(wanted)): Asked) -> Answer {
    passed_through(&pool, ONE, &[&wanted.biz, &wanted.id]).await
}

pub async fn list((State(pool), Query(wanted)): Asked) -> Answer {
    passed_through(&pool, LIST, &[&wanted.biz, &Instant(wanted.from)]).await
}

pub async fn nested((State(pool), Query(wanted)): Asked) -> Answer {
    passed_through(&pool, NESTED, &[&wanted.biz, &Instant(wanted.from)]).await
}

pub async fn aggregate((State(pool), Query(wanted)): Asked) -> Answer {
    passed_through(&pool, MONTHS, &[&wanted.biz, &wanted.status]).await
}
