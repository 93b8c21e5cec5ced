//! Holds: they keep their places for a while, and not a moment longer, whether anybody looks or not
//! (E-03, E-11, invariant 3).

use std::sync::Arc;

use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::soon;

use super::{Count, Desk, allocations, with};

#[tokio::test]
async fn a_hold_that_is_confirmed_becomes_firm() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let order = desk.hotel.book(desk.hotel.stay(soon(0), 2)).await?;
    let done = desk.act("bookingConfirm", &order, json!({})).await?;
    assert_eq!(done["bookingOrder"]["status"], "CONFIRMED");
    assert_ne!(done["bookingOrder"]["confirmedAt"], Value::Null);
    let night = Count {
        held: 0,
        occupied: 1,
    };
    assert_eq!(desk.counts().await?, [(soon(0), night), (soon(1), night)]);
    let data = desk
        .hotel
        .owner
        .read("{ bookingHolds { nodes { status } } allocations { nodes { status expiresAt } } }")
        .await?;
    assert_eq!(
        data["bookingHolds"]["nodes"],
        json!([{"status": "CONFIRMED"}])
    );
    let firm = json!({"status": "FIRM", "expiresAt": null});
    assert_eq!(data["allocations"]["nodes"], json!([firm, firm]));
    desk.must_agree().await
}

#[tokio::test]
async fn e11_inv3_an_expired_hold_is_never_confirmed() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let order = desk.hotel.book(desk.hotel.stay(soon(0), 1)).await?;
    desk.let_expire(&order).await?;
    for _ in 0..2 {
        let answer = desk
            .verb("bookingConfirm", &order, json!({}))
            .await?
            .must_refuse("HOLD_EXPIRED")?;
        assert_eq!(answer.payload()["bookingOrder"], Value::Null);
    }
    assert!(["held", "expired"].contains(&desk.status(&order).await?.as_str()));
    let taken = allocations(&desk.sql, uuid(&order["id"])?).await?;
    assert!(
        taken.iter().all(|(_, status)| status != "firm"),
        "{taken:?}"
    );
    Ok(())
}

/// No worker runs here: whoever wants the place finds it free, and the order that lost it expires.
#[tokio::test]
async fn e11_inv3_an_expired_hold_never_keeps_anybody_out() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(1).await?;
    let lost = desk.hotel.book(desk.hotel.stay(soon(0), 2)).await?;
    let refused = desk
        .hotel
        .owner
        .verb(
            "bookingCreate",
            desk.hotel.stay(soon(1), 2),
            "bookingOrder { id }",
        )
        .await?;
    refused.must_refuse("SOLD_OUT")?;
    desk.let_expire(&lost).await?;
    let won = desk.hotel.confirmed(soon(1), 2).await?;
    assert_eq!(desk.status(&lost).await?, "expired");
    let data = desk
        .hotel
        .owner
        .read(&format!(
            "{{ lost: bookingOrder(id: {}) {{ status hold {{ status }} }}
                history: statusHistories(filter: {{subjectId: {{eq: {}}}}}) {{ nodes {{ machine fromStatus toStatus }} }} }}",
            lost["id"], lost["id"]
        ))
        .await?;
    assert_eq!(
        data["lost"],
        json!({"status": "EXPIRED", "hold": {"status": "EXPIRED"}})
    );
    assert_eq!(
        data["history"]["nodes"],
        json!([{"machine": "booking_order", "fromStatus": "held", "toStatus": "expired"}])
    );
    let sql = "select count(*) from core.outbox_events where topic = 'booking.expired' and subject_id = $1";
    assert_eq!(
        desk.sql
            .query_one(sql, &[&uuid(&lost["id"])?])
            .await?
            .try_get::<_, i64>(0)?,
        1
    );
    desk.verb("bookingConfirm", &lost, json!({}))
        .await?
        .must_refuse("HOLD_EXPIRED")?;
    desk.verb("bookingCancel", &lost, json!({"reason": "x"}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert_eq!(won["status"], "CONFIRMED");
    // The first night, which nobody has asked for since, is given back by the sweep.
    desk.sql
        .query("select availability.release_expired()", &[])
        .await?;
    let night = Count {
        held: 0,
        occupied: 1,
    };
    assert_eq!(desk.counts().await?, [(soon(1), night), (soon(2), night)]);
    desk.must_agree().await
}

#[tokio::test]
async fn e03_holds_and_bookings_take_from_the_same_places() -> anyhow::Result<()> {
    let desk = Desk::with_rooms(2).await?;
    let (held, firm) = (
        desk.hotel.book(desk.hotel.stay(soon(0), 1)).await?,
        desk.hotel.confirmed(soon(0), 1).await?,
    );
    for changes in [json!({}), json!({"confirm": true})] {
        let input = with(desk.hotel.stay(soon(0), 1), changes);
        desk.hotel
            .owner
            .verb("bookingCreate", input, "bookingOrder { id }")
            .await?
            .must_refuse("SOLD_OUT")?;
    }
    desk.act("bookingCancel", &held, json!({"reason": "changed plans"}))
        .await?;
    desk.hotel.confirmed(soon(0), 1).await?;
    desk.act("bookingCancel", &firm, json!({"reason": "changed plans"}))
        .await?;
    desk.hotel.book(desk.hotel.stay(soon(0), 1)).await?;
    let input = desk.hotel.stay(soon(0), 1);
    desk.hotel
        .owner
        .verb("bookingCreate", input, "bookingOrder { id }")
        .await?
        .must_refuse("SOLD_OUT")?;
    assert_eq!(
        desk.counts().await?,
        [(
            soon(0),
            Count {
                held: 1,
                occupied: 1
            }
        )]
    );
    desk.must_agree().await
}

#[tokio::test]
async fn a_hold_lasts_as_long_as_was_asked() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let order = desk
        .hotel
        .book(with(
            desk.hotel.stay(soon(0), 1),
            json!({"holdMinutes": 30}),
        ))
        .await?;
    let sql = "select extract(epoch from h.held_until - clock_timestamp())::int, h.held_until = a.expires_at
        from availability.booking_holds h join availability.allocations a on a.booking_hold_id = h.id where h.id = $1";
    let row = desk.sql.query_one(sql, &[&uuid(&order["holdId"])?]).await?;
    let seconds: i32 = row.try_get(0)?;
    assert!((1_780..=1_800).contains(&seconds), "{seconds}");
    assert!(row.try_get::<_, bool>(1)?);
    Ok(())
}

/// What runs on a clock comes to the same as what runs at the claim.
#[tokio::test]
async fn the_sweep_expires_what_nobody_asked_for() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (gone, kept) = (
        desk.hotel.book(desk.hotel.stay(soon(0), 2)).await?,
        desk.hotel.book(desk.hotel.stay(soon(0), 2)).await?,
    );
    desk.let_expire(&gone).await?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let shared = Arc::clone(&desk.world.shared);
    let jobs = bizing::domain::jobs();
    let worker = tokio::spawn(async move { bizing::worker::run(&shared, jobs, stopped).await });
    for _ in 0..200 {
        if desk.status(&gone).await? == "expired" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    stop.send_replace(true);
    worker.await??;
    assert_eq!(desk.status(&gone).await?, "expired");
    assert_eq!(desk.status(&kept).await?, "held");
    let night = Count {
        held: 1,
        occupied: 0,
    };
    assert_eq!(desk.counts().await?, [(soon(0), night), (soon(1), night)]);
    desk.must_agree().await
}
