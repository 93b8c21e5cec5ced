//! Business dates (invariant 28, E-80): reckoned once, in the location's zone and by its cut-off.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde_json::json;
use tests::World;
use tests::hotel::{Plan, soon};
use tokio_postgres::error::SqlState;

use super::{Desk, local, short_day};

/// The business date of a booking made at an instant.
async fn booked_at(desk: &mut Desk, instant: DateTime<Utc>) -> anyhow::Result<NaiveDate> {
    desk.at(instant).await?;
    let order = desk.hotel.book(desk.hotel.stay(soon(300), 1)).await?;
    Ok(serde_json::from_value(order["businessDate"].clone())?)
}

#[tokio::test]
async fn inv28_the_business_day_begins_at_the_locations_cut_off() -> anyhow::Result<()> {
    for zone in [
        chrono_tz::Europe::Lisbon,
        chrono_tz::Pacific::Honolulu,
        chrono_tz::Pacific::Apia,
        chrono_tz::Australia::Lord_Howe,
    ] {
        let plan = Plan {
            timezone: zone.name().to_owned(),
            cutoff: "04:00:00".to_owned(),
            rooms: 20,
        };
        let mut desk = Desk::over(World::new().await?, &plan).await?;
        let (day, eve) = (soon(10), soon(9));
        let second = Duration::seconds(1);
        let cut_off = local(zone, day, "04:00:00")?;
        for (instant, expected) in [
            (local(zone, eve, "21:00:00")?, eve),
            (local(zone, day, "00:30:00")?, eve),
            (cut_off - second, eve),
            (cut_off + second, day),
            (local(zone, day, "23:59:00")?, day),
        ] {
            assert_eq!(
                booked_at(&mut desk, instant).await?,
                expected,
                "{zone} {instant}"
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn inv28_a_cut_off_that_clocks_skip_is_when_they_jump() -> anyhow::Result<()> {
    let zone = chrono_tz::Europe::Lisbon;
    let plan = Plan {
        cutoff: "01:30:00".to_owned(),
        rooms: 20,
        ..Plan::default()
    };
    let mut desk = Desk::over(World::new().await?, &plan).await?;
    let day = short_day(zone)?;
    let eve = day.pred_opt().unwrap_or(day);
    // At 01:00 clocks show 02:00: there is no 01:30, and the day begins with the jump.
    let jump = local(zone, day, "00:00:00")? + Duration::hours(1);
    let second = Duration::seconds(1);
    assert_eq!(booked_at(&mut desk, jump - second).await?, eve);
    assert_eq!(booked_at(&mut desk, jump + second).await?, day);
    Ok(())
}

#[tokio::test]
async fn inv28_a_business_date_is_never_changed() -> anyhow::Result<()> {
    let zone = chrono_tz::Europe::Lisbon;
    let plan = Plan {
        cutoff: "04:00:00".to_owned(),
        ..Plan::default()
    };
    let mut desk = Desk::over(World::new().await?, &plan).await?;
    let date = booked_at(&mut desk, local(zone, soon(10), "02:00:00")?).await?;
    assert_eq!(date, soon(9));
    // Neither by moving the cut-off or the zone of the location...
    let input = json!({"id": desk.hotel.location, "version": 1, "businessDayCutoff": "00:00:00", "timezone": "Asia/Tokyo"});
    desk.hotel
        .owner
        .act("locationUpdate", input, "location { id }")
        .await?;
    let kept = desk
        .hotel
        .owner
        .read("{ bookingOrders { nodes { businessDate timezone } } }")
        .await?;
    assert_eq!(
        kept["bookingOrders"]["nodes"],
        json!([{"businessDate": date, "timezone": "Europe/Lisbon"}])
    );
    // ... nor by a statement, whoever sends it.
    let app = desk.world.database.app(desk.hotel.owner.biz_id).await?;
    for (sql, client) in [
        (
            "update booking.booking_orders set business_date = business_date + 1",
            &app,
        ),
        (
            "update booking.booking_orders set business_date = business_date + 1",
            &desk.sql,
        ),
        (
            "update availability.slots set business_date = business_date + 1",
            &desk.sql,
        ),
    ] {
        let error = client.execute(sql, &[]).await.err();
        let code = error.as_ref().and_then(|error| error.code().cloned());
        assert_eq!(code, Some(SqlState::CHECK_VIOLATION), "{sql}: {error:?}");
    }
    Ok(())
}
