//! Order rows that are written past the verbs, for tests that only read: any status, any time.

use bizing::database::new_id;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::Serialize;
use tokio_postgres::Client;
use uuid::Uuid;

/// One order of kind `order`, without lines.
#[derive(Clone, Debug, Serialize)]
pub struct Order {
    /// Its id.
    pub id: Uuid,
    /// The number that people use.
    pub number: String,
    /// Where it takes place.
    pub location_id: Uuid,
    /// Whose it is.
    pub customer_id: Option<Uuid>,
    /// Where it stands; `held` needs a hold, which these have not.
    pub status: String,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// The business day it counts for.
    pub business_date: NaiveDate,
    /// How many people come.
    pub party_size: i32,
    /// What it costs.
    pub total_minor: i64,
    /// In which currency.
    pub currency: String,
    /// Its number at the channel.
    pub channel_ref: Option<String>,
    /// What staff should know.
    pub note: Option<String>,
}

impl Order {
    /// A confirmed order of an hour for one person at 100.00 EUR.
    pub fn at(location_id: Uuid, starts_at: DateTime<Utc>) -> Self {
        let id = new_id();
        Self {
            id,
            number: format!("T-{}", id.simple()),
            location_id,
            customer_id: None,
            status: "confirmed".to_owned(),
            starts_at,
            ends_at: starts_at + Duration::hours(1),
            business_date: starts_at.date_naive(),
            party_size: 1,
            total_minor: 10_000,
            currency: "EUR".to_owned(),
            channel_ref: None,
            note: None,
        }
    }
}

/// Writes orders of a tenant, as the platform.
pub async fn insert(client: &Client, biz_id: Uuid, orders: &[Order]) -> anyhow::Result<()> {
    let rows = serde_json::to_value(orders)?;
    client
        .execute(
            "insert into booking.booking_orders (
               biz_id, id, number, kind, customer_id, location_id, channel, channel_ref, status, starts_at, ends_at,
               timezone, business_date, party_size, currency, features_minor, total_minor, cancelled_at, note)
             select $1, o.id, o.number, 'order', o.customer_id, o.location_id, 'desk', o.channel_ref, o.status,
               o.starts_at, o.ends_at, l.timezone, o.business_date, o.party_size, o.currency, o.total_minor,
               o.total_minor, case o.status when 'cancelled' then o.starts_at end, o.note
             from jsonb_to_recordset($2) as o (
               id uuid, number text, location_id uuid, customer_id uuid, status text, starts_at timestamptz,
               ends_at timestamptz, business_date date, party_size integer, total_minor bigint, currency text,
               channel_ref text, note text)
             join core.locations l on l.biz_id = $1 and l.id = o.location_id",
            &[&biz_id, &rows],
        )
        .await?;
    Ok(())
}

/// Adds somebody who takes part in an order.
pub async fn add_participant(
    client: &Client,
    biz_id: Uuid,
    order_id: Uuid,
    name: &str,
    role: &str,
) -> anyhow::Result<()> {
    client
        .execute(
            "insert into booking.booking_participants (biz_id, id, order_id, name, role) values ($1, $2, $3, $4, $5::text)",
            &[&biz_id, &new_id(), &order_id, &name, &role],
        )
        .await?;
    Ok(())
}
