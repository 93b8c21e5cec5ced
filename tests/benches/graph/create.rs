//! The rows of a `bookingCreate`, inserted by hand: one transaction in one flight, without
//! permission, rules, idempotency, limits or answer; the event and the audit entry are rows too.

use axum::extract::{Query, State};
use deadpool_postgres::Object;
use futures_util::future::try_join_all;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use bizing::database::new_id;

use super::{Answer, Asked, Day, Failed, Instant, Wanted, answer};
use crate::json;

const HOLD: &str = "insert into availability.booking_holds \
    (biz_id, id, customer_id, source_type, source_id, held_until) \
    values ($1, $2, $3, 'BookingOrder', $4, now() + interval '15 minutes')";
const ORDER: &str = "insert into booking.booking_orders \
    (biz_id, id, number, kind, customer_id, location_id, status, starts_at, ends_at, timezone, check_in_on, \
     check_out_on, business_date, party_size, currency, base_minor, total_minor, hold_id) \
    values ($1, $2, $3, 'stay', $4, $5, 'held', $6, $7, 'Europe/Lisbon', $8, $9, current_date, 2, 'EUR', 20000, \
     20000, $10)";
const LINE: &str = "insert into booking.booking_order_lines \
    (biz_id, id, order_id, line_no, sellable_id, name, quantity, unit, unit_price, total_minor, currency, starts_on, \
     ends_on) \
    values ($1, $2, $3, 1, $4, 'Room', 2, 'night', 100, 20000, 'EUR', $5, $6)";
const PERIOD: &str = "insert into booking.booking_pricing_periods \
    (biz_id, id, order_line_id, starts_on, ends_on, rate, units, subtotal_minor, currency) \
    values ($1, $2, $3, $4, $5, 100, 1, 20000, 'EUR')";
const PEOPLE: &str = "insert into booking.booking_participants (biz_id, id, order_id, customer_id, name, role) \
    values ($1::uuid, $2::uuid, $4::uuid, $5::uuid, 'Guest', 'payer'), ($1, $3::uuid, $4, $5, 'Guest', 'guest')";
const DETAILS: &str = "insert into hospitality.reservation_details (biz_id, id, booking_order_id, unit_type_id, adults) \
    values ($1, $2, $3, $4, 2)";
const NIGHTS: &str = "insert into hospitality.reservation_nights \
    (biz_id, id, booking_order_id, stay_date, unit_type_id, rate_minor, currency) \
    values ($1::uuid, $2::uuid, $4::uuid, $5::date, $6::uuid, 10000, 'EUR'), \
      ($1, $3::uuid, $4, $5::date + 1, $6, 10000, 'EUR')";
const SLOTS: &str = "insert into availability.slots \
    (biz_id, id, pool_id, location_id, business_date, starts_at, ends_at, capacity) \
    select $1, w.id, $2, $3, $4::date + w.n, $5::timestamptz + w.n * interval '1 day', $5::timestamptz + (w.n + 1) * interval '1 day', 1000000 \
    from unnest(array[$6, $7]::uuid[], array[0, 1]) as w (id, n) on conflict do nothing";
const CLAIM: &str = "with taken as ( \
      update availability.slots set held = held + 1 \
      where biz_id = $1 and pool_id = $2 and business_date in ($3::date, $3::date + 1) \
      returning id, business_date, starts_at, ends_at) \
    insert into availability.allocations \
      (biz_id, id, source_type, source_id, booking_hold_id, slot_id, service_starts_at, service_ends_at, \
       blocked_starts_at, blocked_ends_at, status, expires_at) \
    select $1, case business_date when $3::date then $4::uuid else $5::uuid end, 'BookingOrder', $6, $7, id, starts_at, ends_at, \
      starts_at, ends_at, 'hold', now() + interval '15 minutes' from taken";
const EVENT: &str = "insert into core.outbox_events (biz_id, id, topic, subject_type, subject_id, payload) \
    values ($1, $2, 'booking.created', 'BookingOrder', $3, '{}')";
const ENTRY: &str = "insert into audit.audit_events \
    (biz_id, id, actor_type, action, subject_type, subject_id, after) \
    values ($1, $2, 'system', 'booking.created', 'BookingOrder', $3, '{}')";

pub async fn create((State(pool), Query(wanted)): Asked) -> Answer {
    let client = pool.get().await?;
    let id = new_id();
    let booked = book(&client, &wanted, id).await;
    if booked.is_err() {
        client.batch_execute("rollback").await?;
    }
    booked?;
    let mut out = "{\"data\":{\"bookingCreate\":{\"bookingOrder\":{\"id\":".to_owned();
    json::type_id(&mut out, "bkg", id);
    out.push_str("},\"userErrors\":[]}}}");
    answer(out)
}

async fn book(client: &Object, wanted: &Wanted, order: Uuid) -> Result<(), Failed> {
    let Wanted {
        biz,
        customer,
        location,
        unit_type,
        pool,
        sellable,
        ..
    } = wanted;
    let [hold, line, period, payer, guest, details, first, second] = ids();
    let [slot, next_slot, taken, next_taken, event, entry, _, _] = ids();
    let (arrival, departure) = (Day(wanted.day), Day(wanted.day + 2));
    let midnight = |days: i32| Instant(i64::from(days) * 86_400_000_000);
    let (starts_at, ends_at) = (midnight(wanted.day), midnight(wanted.day + 2));
    let number = format!("FLOOR-{}", order.simple());
    let statements: [(&'static str, &[&(dyn ToSql + Sync)]); 13] = [
        ("begin", &[]),
        (HOLD, &[biz, &hold, customer, &order]),
        (
            ORDER,
            &[
                biz, &order, &number, customer, location, &starts_at, &ends_at, &arrival,
                &departure, &hold,
            ],
        ),
        (LINE, &[biz, &line, &order, sellable, &arrival, &departure]),
        (PERIOD, &[biz, &period, &line, &arrival, &departure]),
        (PEOPLE, &[biz, &payer, &guest, &order, customer]),
        (DETAILS, &[biz, &details, &order, unit_type]),
        (NIGHTS, &[biz, &first, &second, &order, &arrival, unit_type]),
        (
            SLOTS,
            &[biz, pool, location, &arrival, &starts_at, &slot, &next_slot],
        ),
        (
            CLAIM,
            &[biz, pool, &arrival, &taken, &next_taken, &order, &hold],
        ),
        (EVENT, &[biz, &event, &order]),
        (ENTRY, &[biz, &entry, &order]),
        ("commit", &[]),
    ];
    let mut sent = Vec::with_capacity(statements.len());
    for (sql, values) in statements {
        let statement = client.prepare_cached(sql).await?;
        sent.push(async move { client.execute(&statement, values).await });
    }
    // All are sent, in this order, before the first answer is awaited.
    try_join_all(sent).await?;
    Ok(())
}

fn ids() -> [Uuid; 8] {
    std::array::from_fn(|_| new_id())
}
