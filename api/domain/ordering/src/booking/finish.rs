//! Orders on their way: from held to confirmed, to checked in and out, to cancelled or no-show.
//! Each is one statement for any number of orders, with instants of the caller's choosing, so that
//! verbs and imports go the same way. Orders that are not in the status to start from stay as they
//! are; how many were moved is returned. The caller has locked them, or is their only writer.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::Value;
use sea_orm::sea_query::ArrayType;
use serde::Serialize;
use uuid::Uuid;

use foundation::database::{Error, Scope, new_id};

/// An order, and when something happened to it.
#[derive(Clone, Copy, Debug)]
pub struct At {
    /// The order.
    pub order_id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
}

/// A departure.
#[derive(Clone, Copy, Debug)]
pub struct Departure {
    /// The order.
    pub order_id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Of a guest who leaves early: the new day of departure, and when the stay now ends. The nights
    /// from that day on are given back; what they cost stays as it was agreed.
    pub shortened_to: Option<(NaiveDate, DateTime<Utc>)>,
}

/// A cancellation of a whole order.
#[derive(Clone, Debug, Serialize)]
pub struct Cancellation {
    /// Its id.
    pub id: Uuid,
    /// The order.
    pub order_id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who asked for it, a value of `booking.cancellation_party`.
    pub requested_by: &'static str,
    /// Why.
    pub reason: String,
    /// The tier that applied; none where it was free.
    pub policy_tier_id: Option<Uuid>,
    /// That tier, as it was when booked.
    pub policy_tier: Option<serde_json::Value>,
    /// What the customer owes, in minor units.
    pub fee_minor: i64,
    /// What the customer gets back, in minor units.
    pub refund_due_minor: i64,
}

const CONFIRM: &str = "update booking.booking_orders o set status = 'confirmed', confirmed_at = coalesce(o.confirmed_at, w.at) \
    from unnest($2::uuid[], $3::timestamptz[]) as w (id, at) \
    where o.biz_id = $1 and o.id = w.id and o.status in ('held', 'pending_approval')";

/// Confirms orders; their holds and their work are the caller's to see to.
pub async fn confirm(scope: &Scope, orders: &[At]) -> Result<u64, Error> {
    scope.execute(CONFIRM, &columns(scope, orders)).await
}

// The pieces of work are found order by order, as in `plan_work`.
const CHECK_IN: &str = "with moved as ( \
      update booking.booking_orders o set status = 'in_progress', checked_in_at = w.at \
      from unnest($2::uuid[], $3::timestamptz[]) as w (id, at) \
      where o.biz_id = $1 and o.id = w.id and o.status = 'confirmed' \
      returning o.id as order_id, o.checked_in_at), \
    guests as ( \
      update booking.booking_participants p set checked_in_at = m.checked_in_at \
      from moved m \
      where p.biz_id = $1 and p.order_id = m.order_id and p.role <> 'payer' and p.cancelled_at is null), \
    pieces as materialized ( \
      select p.id, m.* from moved m cross join lateral ( \
        select f.id from booking.booking_order_lines l \
        join booking.fulfillment_units f on f.biz_id = $1 and f.order_line_id = l.id \
        where l.biz_id = $1 and l.order_id = m.order_id offset 0) p), \
    work as ( \
      update booking.fulfillment_units f set status = 'in_progress', actual_starts_at = p.checked_in_at \
      from pieces p \
      where f.biz_id = $1 and f.id = p.id and f.status = 'assigned') \
    select count(*) from moved";

/// Lets customers in: their orders are in progress.
pub async fn check_in(scope: &Scope, orders: &[At]) -> Result<u64, Error> {
    moved(scope, CHECK_IN, &columns(scope, orders)).await
}

const CHECK_OUT: &str = "with moved as ( \
      update booking.booking_orders o set status = 'completed', checked_out_at = greatest(w.at, o.checked_in_at), \
        check_out_on = coalesce(w.check_out_on, o.check_out_on), ends_at = coalesce(w.ends_at, o.ends_at) \
      from unnest($2::uuid[], $3::timestamptz[], $4::date[], $5::timestamptz[]) as w (id, at, check_out_on, ends_at) \
      where o.biz_id = $1 and o.id = w.id and o.status = 'in_progress' \
      returning o.id as order_id, o.checked_out_at, w.check_out_on), \
    nights as ( \
      update hospitality.reservation_nights n set released_at = m.checked_out_at \
      from moved m \
      where n.biz_id = $1 and n.booking_order_id = m.order_id and n.stay_date >= m.check_out_on \
        and n.released_at is null), \
    pieces as materialized ( \
      select p.id, m.* from moved m cross join lateral ( \
        select f.id from booking.booking_order_lines l \
        join booking.fulfillment_units f on f.biz_id = $1 and f.order_line_id = l.id \
        where l.biz_id = $1 and l.order_id = m.order_id offset 0) p), \
    work as ( \
      update booking.fulfillment_units f set status = 'completed', \
        actual_ends_at = greatest(p.checked_out_at, f.actual_starts_at) \
      from pieces p \
      where f.biz_id = $1 and f.id = p.id and f.status in ('in_progress', 'paused') \
      returning f.id), \
    helpers as ( \
      update booking.fulfillment_assignments a set status = 'completed' \
      from work \
      where a.biz_id = $1 and a.unit_id = work.id and a.status = 'accepted') \
    select count(*) from moved";

/// Lets customers go: their orders are completed. What is free again is the caller's to release.
pub async fn check_out(scope: &Scope, departures: &[Departure]) -> Result<u64, Error> {
    let shortened = |of: fn((NaiveDate, DateTime<Utc>)) -> Value, none: Value| -> Vec<Value> {
        departures
            .iter()
            .map(|departure| departure.shortened_to.map_or(none.clone(), of))
            .collect()
    };
    let days = shortened(|to| to.0.into(), Value::ChronoDate(None));
    let ends = shortened(|to| to.1.into(), Value::ChronoDateTimeUtc(None));
    let values = [
        scope.biz_id().into(),
        departures
            .iter()
            .map(|departure| departure.order_id)
            .collect::<Vec<_>>()
            .into(),
        departures
            .iter()
            .map(|departure| departure.at)
            .collect::<Vec<_>>()
            .into(),
        Value::Array(ArrayType::ChronoDate, Some(Box::new(days))),
        Value::Array(ArrayType::ChronoDateTimeUtc, Some(Box::new(ends))),
    ];
    moved(scope, CHECK_OUT, &values).await
}

// The trigger that guards the moves reads the reason from the setting, which is set before the
// first row is updated: the update draws its rows from it.
const CANCEL: &str = "with reason as materialized (select set_config('app.reason', $2, true)), \
    given as materialized ( \
      select w.* from json_to_recordset($3::json) as w (id uuid, order_id uuid, at timestamptz, \
        requested_by text, reason text, policy_tier_id uuid, policy_tier jsonb, fee_minor bigint, \
        refund_due_minor bigint)), \
    moved as ( \
      update booking.booking_orders o set status = 'cancelled', cancelled_at = w.at, cancel_reason = w.reason \
      from given w, reason \
      where o.biz_id = $1 and o.id = w.order_id \
        and o.status in ('draft', 'held', 'pending_approval', 'confirmed') \
      returning o.id as order_id, o.currency), \
    notes as ( \
      insert into booking.cancellations (biz_id, id, order_id, requested_by, reason, policy_tier_id, policy_tier, \
        fee_minor, refund_due_minor, currency) \
      select $1, w.id, m.order_id, w.requested_by, w.reason, w.policy_tier_id, w.policy_tier, w.fee_minor, \
        w.refund_due_minor, m.currency \
      from moved m join given w on w.order_id = m.order_id), \
    pieces as materialized ( \
      select p.id, m.* from moved m cross join lateral ( \
        select f.id from booking.booking_order_lines l \
        join booking.fulfillment_units f on f.biz_id = $1 and f.order_line_id = l.id \
        where l.biz_id = $1 and l.order_id = m.order_id offset 0) p), \
    work as ( \
      update booking.fulfillment_units f set status = 'cancelled' \
      from pieces p \
      where f.biz_id = $1 and f.id = p.id \
        and f.status in ('planned', 'ready', 'assigned', 'in_progress', 'paused') \
      returning f.id), \
    helpers as ( \
      update booking.fulfillment_assignments a set status = 'released' \
      from work \
      where a.biz_id = $1 and a.unit_id = work.id and a.status in ('proposed', 'accepted')) \
    select count(*) from moved";

/// Cancels orders, each with its cancellation; `history` is the reason in the status history. What
/// they take is the caller's to release.
pub async fn cancel(
    scope: &Scope,
    history: &str,
    cancellations: &[Cancellation],
) -> Result<u64, Error> {
    let given =
        serde_json::to_string(cancellations).map_err(|error| Error::Internal(error.to_string()))?;
    moved(
        scope,
        CANCEL,
        &[scope.biz_id().into(), history.into(), given.into()],
    )
    .await
}

const NO_SHOW: &str = "with reason as materialized (select set_config('app.reason', $2, true)), \
    moved as ( \
      update booking.booking_orders o set status = 'no_show' \
      from unnest($3::uuid[]) as w (id), reason \
      where o.biz_id = $1 and o.id = w.id and o.status = 'confirmed' \
      returning o.id as order_id), \
    pieces as materialized ( \
      select p.id, m.* from moved m cross join lateral ( \
        select f.id from booking.booking_order_lines l \
        join booking.fulfillment_units f on f.biz_id = $1 and f.order_line_id = l.id \
        where l.biz_id = $1 and l.order_id = m.order_id offset 0) p), \
    work as ( \
      update booking.fulfillment_units f set status = 'failed' \
      from pieces p \
      where f.biz_id = $1 and f.id = p.id and f.status in ('planned', 'ready', 'assigned') \
      returning f.id), \
    helpers as ( \
      update booking.fulfillment_assignments a set status = 'released' \
      from work \
      where a.biz_id = $1 and a.unit_id = work.id and a.status in ('proposed', 'accepted')) \
    select count(*) from moved";

/// Marks orders whose customers did not come; `history` is the reason in the status history. What
/// they take is the caller's to release.
pub async fn mark_no_show(
    scope: &Scope,
    history: &str,
    order_ids: Vec<Uuid>,
) -> Result<u64, Error> {
    moved(
        scope,
        NO_SHOW,
        &[scope.biz_id().into(), history.into(), order_ids.into()],
    )
    .await
}

impl Cancellation {
    /// One that costs nothing.
    pub fn free(order: At, requested_by: &'static str, reason: &str) -> Self {
        Self {
            id: new_id(),
            order_id: order.order_id,
            at: order.at,
            requested_by,
            reason: reason.to_owned(),
            policy_tier_id: None,
            policy_tier: None,
            fee_minor: 0,
            refund_due_minor: 0,
        }
    }
}

fn columns(scope: &Scope, orders: &[At]) -> [Value; 3] {
    let ids: Vec<Uuid> = orders.iter().map(|order| order.order_id).collect();
    let instants: Vec<DateTime<Utc>> = orders.iter().map(|order| order.at).collect();
    [scope.biz_id().into(), ids.into(), instants.into()]
}

async fn moved(scope: &Scope, sql: &str, values: &[Value]) -> Result<u64, Error> {
    let row = scope.query_opt(sql, values).await?;
    let count: i64 = row
        .map(|row| row.try_get(0))
        .transpose()?
        .unwrap_or_default();
    u64::try_from(count).map_err(|error| Error::Internal(error.to_string()))
}
