//! One statement a level, its binary rows put together into JSON.

use std::ops::Range;

use axum::extract::{Query, State};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::{Answer, Asked, Day, Failed, Instant, answer, query};
use crate::json;

const ONE: &str = "select id, number, status, channel, starts_at, ends_at, party_size, total_minor \
    from booking.booking_orders where biz_id = $1 and id = $2";
const LIST: &str = "select id, number, status, channel, starts_at, ends_at, party_size, total_minor \
    from booking.booking_orders \
    where biz_id = $1 and status = any ('{completed,confirmed}') and starts_at >= $2 \
    order by starts_at, id limit 50";

/// The eight scalars of a booking.
fn booking(out: &mut String, row: &Row) -> Result<(), Failed> {
    out.push_str("{\"id\":");
    json::type_id(out, "bkg", row.try_get(0)?);
    out.push_str(",\"number\":");
    json::text(out, row.try_get(1)?);
    out.push_str(",\"status\":");
    json::upper(out, row.try_get(2)?);
    out.push_str(",\"channel\":");
    json::upper(out, row.try_get(3)?);
    out.push_str(",\"startsAt\":");
    json::instant(out, row.try_get::<_, Instant>(4)?.0);
    out.push_str(",\"endsAt\":");
    json::instant(out, row.try_get::<_, Instant>(5)?.0);
    out.push_str(",\"partySize\":");
    json::number(out, row.try_get::<_, i32>(6)?);
    out.push_str(",\"totalMinor\":");
    json::number(out, row.try_get::<_, i64>(7)?);
    out.push('}');
    Ok(())
}

pub async fn one((State(pool), Query(wanted)): Asked) -> Answer {
    let rows = query(&pool, ONE, &[&wanted.biz, &wanted.id]).await?;
    let mut out = String::with_capacity(512);
    out.push_str("{\"data\":{\"bookingOrder\":");
    match rows.first() {
        Some(row) => booking(&mut out, row)?,
        None => out.push_str("null"),
    }
    out.push_str("}}");
    answer(out)
}

pub async fn list((State(pool), Query(wanted)): Asked) -> Answer {
    let rows = query(&pool, LIST, &[&wanted.biz, &Instant(wanted.from)]).await?;
    let mut out = String::with_capacity(16 * 1024);
    out.push_str("{\"data\":{\"bookingOrders\":{\"nodes\":[");
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        booking(&mut out, row)?;
    }
    out.push_str("]}}}");
    answer(out)
}

const ORDERS: &str = "select o.id, o.number, o.status, o.starts_at, c.id, c.full_name \
    from booking.booking_orders o \
    left join crm.customers c on c.biz_id = o.biz_id and c.id = o.customer_id \
    where o.biz_id = $1 and o.starts_at >= $2 order by o.starts_at, o.id limit 50";
const LINES: &str = "select l.order_id, l.id, l.name, l.line_no, l.total_minor, s.id, s.name \
    from booking.booking_order_lines l \
    left join catalog.sellables s on s.biz_id = l.biz_id and s.id = l.sellable_id \
    where l.biz_id = $1 and l.order_id = any ($2) order by l.order_id, l.id";
const PEOPLE: &str = "select order_id, id, name, role from booking.booking_participants \
    where biz_id = $1 and order_id = any ($2) order by order_id, id";
const PERIODS: &str = "select order_line_id, starts_on, ends_on, units, subtotal_minor \
    from booking.booking_pricing_periods \
    where biz_id = $1 and order_line_id = any ($2) order by order_line_id, id";

/// Rows below others, ordered by their parent, whose id is their first column.
struct Below {
    rows: Vec<Row>,
    parents: Vec<(Uuid, Range<usize>)>,
}

impl Below {
    fn new(rows: Vec<Row>) -> Result<Self, Failed> {
        let mut parents: Vec<(Uuid, Range<usize>)> = Vec::with_capacity(rows.len());
        for (index, row) in rows.iter().enumerate() {
            let parent = row.try_get(0)?;
            match parents.last_mut() {
                Some((last, range)) if *last == parent => range.end = index + 1,
                _ => parents.push((parent, index..index + 1)),
            }
        }
        Ok(Self { rows, parents })
    }

    fn of(&self, parent: Uuid) -> &[Row] {
        let place = self.parents.binary_search_by_key(&parent, |(id, _)| *id);
        place.map_or(&[], |place| &self.rows[self.parents[place].1.clone()])
    }
}

fn nodes(
    out: &mut String,
    rows: &[Row],
    mut one: impl FnMut(&mut String, &Row) -> Result<(), Failed>,
) -> Result<(), Failed> {
    out.push_str("{\"nodes\":[");
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        one(out, row)?;
    }
    out.push_str("]}");
    Ok(())
}

pub async fn nested((State(pool), Query(wanted)): Asked) -> Answer {
    let client = pool.get().await?;
    let (orders, lines, people, periods) = futures_util::try_join!(
        client.prepare_cached(ORDERS),
        client.prepare_cached(LINES),
        client.prepare_cached(PEOPLE),
        client.prepare_cached(PERIODS),
    )?;
    let biz = wanted.biz;
    let orders = client
        .query(&orders, &[&biz, &Instant(wanted.from)])
        .await?;
    let ids: Vec<Uuid> = orders.iter().map(|row| row.get(0)).collect();
    let below_orders: [&(dyn ToSql + Sync); 2] = [&biz, &ids];
    let (lines, people) = futures_util::try_join!(
        client.query(&lines, &below_orders),
        client.query(&people, &below_orders),
    )?;
    let line_ids: Vec<Uuid> = lines.iter().map(|row| row.get(1)).collect();
    let periods = client.query(&periods, &[&biz, &line_ids]).await?;
    drop(client);
    let (lines, people, periods) = (
        Below::new(lines)?,
        Below::new(people)?,
        Below::new(periods)?,
    );
    let mut out = String::with_capacity(64 * 1024);
    out.push_str("{\"data\":{\"bookingOrders\":");
    nodes(&mut out, &orders, |out, row| {
        order(out, row, &lines, &people, &periods)
    })?;
    out.push_str("}}");
    answer(out)
}

fn order(
    out: &mut String,
    row: &Row,
    lines: &Below,
    people: &Below,
    periods: &Below,
) -> Result<(), Failed> {
    let id: Uuid = row.try_get(0)?;
    out.push_str("{\"id\":");
    json::type_id(out, "bkg", id);
    out.push_str(",\"number\":");
    json::text(out, row.try_get(1)?);
    out.push_str(",\"status\":");
    json::upper(out, row.try_get(2)?);
    out.push_str(",\"startsAt\":");
    json::instant(out, row.try_get::<_, Instant>(3)?.0);
    out.push_str(",\"customer\":");
    match row.try_get::<_, Option<Uuid>>(4)? {
        None => out.push_str("null"),
        Some(customer) => {
            out.push_str("{\"id\":");
            json::type_id(out, "cus", customer);
            out.push_str(",\"fullName\":");
            json::text(out, row.try_get(5)?);
            out.push('}');
        }
    }
    out.push_str(",\"lines\":");
    nodes(out, lines.of(id), |out, row| line(out, row, periods))?;
    out.push_str(",\"participants\":");
    nodes(out, people.of(id), |out, row| {
        out.push_str("{\"id\":");
        json::type_id(out, "bpt", row.try_get(1)?);
        out.push_str(",\"name\":");
        json::text(out, row.try_get(2)?);
        out.push_str(",\"role\":");
        json::upper(out, row.try_get(3)?);
        out.push('}');
        Ok(())
    })?;
    out.push('}');
    Ok(())
}

fn line(out: &mut String, row: &Row, periods: &Below) -> Result<(), Failed> {
    let id: Uuid = row.try_get(1)?;
    out.push_str("{\"id\":");
    json::type_id(out, "bln", id);
    out.push_str(",\"name\":");
    json::text(out, row.try_get(2)?);
    out.push_str(",\"lineNo\":");
    json::number(out, row.try_get::<_, i32>(3)?);
    out.push_str(",\"totalMinor\":");
    json::number(out, row.try_get::<_, i64>(4)?);
    out.push_str(",\"sellable\":{\"id\":");
    json::type_id(out, "sel", row.try_get(5)?);
    out.push_str(",\"name\":");
    json::text(out, row.try_get(6)?);
    out.push_str("},\"pricingPeriods\":");
    nodes(out, periods.of(id), |out, row| {
        out.push_str("{\"startsOn\":");
        json::day(out, row.try_get::<_, Day>(1)?.0);
        out.push_str(",\"endsOn\":");
        json::day(out, row.try_get::<_, Day>(2)?.0);
        out.push_str(",\"units\":");
        json::number(out, row.try_get::<_, i32>(3)?);
        out.push_str(",\"subtotalMinor\":");
        json::number(out, row.try_get::<_, i64>(4)?);
        out.push('}');
        Ok(())
    })?;
    out.push('}');
    Ok(())
}

const MONTHS: &str = "select date_trunc('month', starts_at, 'Europe/Lisbon'), currency, count(*), \
    sum(total_minor)::bigint from booking.booking_orders \
    where biz_id = $1 and status = $2 group by 1, 2 order by 1, 2";

pub async fn aggregate((State(pool), Query(wanted)): Asked) -> Answer {
    let rows = query(&pool, MONTHS, &[&wanted.biz, &wanted.status]).await?;
    let mut out = String::with_capacity(4 * 1024);
    out.push_str("{\"data\":{\"bookingOrderAggregate\":[");
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str("{\"startsAt\":");
        json::instant(&mut out, row.try_get::<_, Instant>(0)?.0);
        out.push_str(",\"currency\":");
        json::text(&mut out, row.try_get(1)?);
        out.push_str(",\"count\":");
        json::number(&mut out, row.try_get::<_, i64>(2)?);
        out.push_str(",\"sum\":{\"totalMinor\":");
        json::number(&mut out, row.try_get::<_, i64>(3)?);
        out.push_str("}}");
    }
    out.push_str("]}}");
    answer(out)
}
