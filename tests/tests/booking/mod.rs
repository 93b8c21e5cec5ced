//! Bookings, from the first hold to the last service.

mod approval;
mod bad_input;
mod by_the_clock;
mod cancel;
mod create;
mod elsewhere;
mod exchange;
mod from_hold;
mod groups;
mod history;
mod holds;
mod idempotency;
mod machine;
mod modify;
mod places;
mod preview;
mod quotes;
mod races;
mod refusals;
mod reinstate;
mod reschedule;
mod resources;
mod seats;
mod series;
mod stay;
mod storage;
mod traces;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone as _, Utc};
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::Plan;
use tests::{Actor, Answer, Hotel, World};
use tokio_postgres::Client;
use uuid::Uuid;

/// A hotel, and a look at its tables from behind.
struct Desk {
    world: World,
    hotel: Hotel,
    sql: Client,
}

/// What one night of a pool counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Count {
    held: i32,
    occupied: i32,
}

impl Desk {
    async fn open() -> anyhow::Result<Self> {
        Self::with_rooms(5).await
    }

    async fn with_rooms(rooms: i32) -> anyhow::Result<Self> {
        Self::over(
            World::new().await?,
            &Plan {
                rooms,
                ..Plan::default()
            },
        )
        .await
    }

    async fn over(world: World, plan: &Plan) -> anyhow::Result<Self> {
        let hotel = world.hotel_as(plan).await?;
        let sql = world.database.platform(hotel.owner.biz_id).await?;
        Ok(Self { world, hotel, sql })
    }

    /// Sets the program's clock, and signs the owner in anew, as tokens have ended.
    async fn at(&mut self, instant: DateTime<Utc>) -> anyhow::Result<()> {
        self.world.clock.set(instant);
        self.hotel.owner = self.world.again(&self.hotel.owner).await?;
        Ok(())
    }

    /// Uses a verb on a booking.
    async fn verb(&self, name: &str, order: &Value, more: Value) -> anyhow::Result<Answer> {
        verb(&self.hotel.owner, name, order, more).await
    }

    /// Uses a verb on a booking that must succeed, and gives its payload.
    async fn act(&self, name: &str, order: &Value, more: Value) -> anyhow::Result<Value> {
        Ok(self
            .verb(name, order, more)
            .await?
            .must()?
            .payload()
            .clone())
    }

    /// Where a booking stands.
    async fn status(&self, order: &Value) -> anyhow::Result<String> {
        let sql = "select status::text from booking.booking_orders where id = $1";
        Ok(self
            .sql
            .query_one(sql, &[&uuid(&order["id"])?])
            .await?
            .try_get(0)?)
    }

    /// What the slots of the hotel's pool count, by night.
    async fn counts(&self) -> anyhow::Result<Vec<(NaiveDate, Count)>> {
        let pool = uuid(&json!(self.hotel.pool))?;
        let sql = "select business_date, held, occupied from availability.slots where pool_id = $1 and held + occupied > 0 order by 1";
        let rows = self.sql.query(sql, &[&pool]).await?;
        let read = |row: &tokio_postgres::Row| {
            Ok((
                row.try_get(0)?,
                Count {
                    held: row.try_get(1)?,
                    occupied: row.try_get(2)?,
                },
            ))
        };
        rows.iter().map(read).collect()
    }

    /// Lets the hold of a booking run out: it should have been confirmed a second ago.
    async fn let_expire(&self, order: &Value) -> anyhow::Result<()> {
        let hold = uuid(&order["holdId"])?;
        for sql in [
            "update availability.booking_holds set held_until = clock_timestamp() - interval '1 second' where id = $1",
            "update availability.allocations set expires_at = clock_timestamp() - interval '1 second' where booking_hold_id = $1 and status = 'hold'",
        ] {
            anyhow::ensure!(self.sql.execute(sql, &[&hold]).await? > 0, "{sql}");
        }
        Ok(())
    }

    /// Fails unless all that must agree does: counters and allocations, orders and lines, histories.
    async fn must_agree(&self) -> anyhow::Result<()> {
        let drift = self
            .sql
            .query("select slot_id from availability.capacity_drift()", &[])
            .await?;
        anyhow::ensure!(
            drift.is_empty(),
            "{} slots count other than their allocations",
            drift.len()
        );
        let breaks = self.world.breaks().await?;
        anyhow::ensure!(breaks == 0, "{breaks} things do not agree");
        Ok(())
    }
}

async fn verb(actor: &Actor, name: &str, order: &Value, more: Value) -> anyhow::Result<Answer> {
    let mut input = json!({ "id": order["id"] });
    if let (Some(input), Value::Object(more)) = (input.as_object_mut(), more) {
        input.extend(more);
    }
    let extra = match name {
        "bookingCancel" => {
            "cancellation { id feeMinor refundDueMinor policyTierId requestedBy reason } feeMinor refundDueMinor"
        }
        "bookingMarkNoShow" => "feeMinor",
        "bookingReschedule" => "priceDeltaMinor",
        _ => "",
    };
    let selection = format!(
        "bookingOrder {{ id number status version confirmedAt checkedInAt checkedOutAt cancelledAt cancelReason checkInOn checkOutOn endsAt totalMinor }} {extra}"
    );
    actor.verb(name, input, &selection).await
}

/// An input with some fields changed.
fn with(mut input: Value, changes: Value) -> Value {
    if let (Value::Object(input), Value::Object(changes)) = (&mut input, changes) {
        input.extend(changes);
    }
    input
}

/// The instant at which clocks of a zone show this; where they show it twice, the first.
fn local(zone: chrono_tz::Tz, day: NaiveDate, time: &str) -> anyhow::Result<DateTime<Utc>> {
    let time: NaiveTime = time.parse()?;
    let found = zone.from_local_datetime(&day.and_time(time)).earliest();
    let instant = found.ok_or_else(|| anyhow::anyhow!("clocks skip {day} {time}"))?;
    Ok(instant.to_utc())
}

/// The next day two months ahead on which clocks of a zone go forward, so that it has 23 hours.
fn short_day(zone: chrono_tz::Tz) -> anyhow::Result<NaiveDate> {
    let is_short = |day: &NaiveDate| {
        let next = day.succ_opt().unwrap_or(*day);
        match (local(zone, *day, "00:00:00"), local(zone, next, "00:00:00")) {
            (Ok(start), Ok(end)) => (end - start).num_hours() == 23,
            _ => false,
        }
    };
    let days = tests::hotel::soon(0).iter_days().take(400);
    days.into_iter()
        .find(is_short)
        .ok_or_else(|| anyhow::anyhow!("{zone} has no such day"))
}

/// The UUIDs of the allocations of an order, with their status.
async fn allocations(sql: &Client, order: Uuid) -> anyhow::Result<Vec<(Uuid, String)>> {
    let text = "select id, status::text from availability.allocations where source_id = $1 order by service_starts_at";
    let rows = sql.query(text, &[&order]).await?;
    let read = |row: &tokio_postgres::Row| Ok((row.try_get(0)?, row.try_get(1)?));
    rows.iter().map(read).collect()
}
