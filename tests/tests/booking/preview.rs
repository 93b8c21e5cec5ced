//! `bookingCancellationPreview`: what cancelling would cost, on the wall clock of the location.

use chrono::Duration;
use serde_json::{Value, json};
use tests::World;
use tests::hotel::Plan;

use super::{Desk, local, short_day};

const LISBON: chrono_tz::Tz = chrono_tz::Europe::Lisbon;

async fn ask(desk: &Desk, arguments: Value) -> anyhow::Result<Value> {
    let query = "query($id: ID!, $at: DateTime) { bookingCancellationPreview(id: $id, at: $at) { \
        isAllowed fee { minor currency } paid { minor } refundDue { minor } policyTierId freeUntil steps { from fee { minor } } } }";
    let answer = desk.hotel.owner.graphql(query, arguments).await?.must()?;
    Ok(answer.data("/bookingCancellationPreview").clone())
}

/// E-08: across the change of clocks the cut-offs stay on the wall clock, and the preview is what
/// the verb charges.
#[tokio::test]
async fn e08_the_preview_is_what_cancelling_then_costs_also_when_clocks_change()
-> anyhow::Result<()> {
    let day = short_day(LISBON)?;
    let mut desk = Desk::over(World::new().await?, &Plan::default()).await?;
    // Clocks go forward in the night before the arrival.
    let order = desk.hotel.confirmed(day, 2).await?;
    let eve = day.pred_opt().unwrap_or(day);
    let evening = local(LISBON, eve, "18:00:00")?;
    let start = local(LISBON, day, "15:00:00")?;
    for (at, fee) in [
        (evening - Duration::seconds(1), 0),
        (evening, 10_000),
        (start - Duration::seconds(1), 10_000),
        (start, 20_000),
    ] {
        let told = ask(&desk, json!({"id": order["id"], "at": at})).await?;
        assert_eq!(
            told["fee"],
            json!({"minor": fee, "currency": "EUR"}),
            "{at}"
        );
        assert_eq!(told["isAllowed"], true);
    }
    let told = ask(&desk, json!({"id": order["id"]})).await?;
    assert_eq!(told["freeUntil"], json!(evening));
    assert_eq!(told["steps"].as_array().map(Vec::len), Some(3));
    desk.at(evening + Duration::seconds(5)).await?;
    let told = ask(&desk, json!({"id": order["id"]})).await?;
    let done = desk
        .act("bookingCancel", &order, json!({"reason": "x"}))
        .await?;
    assert_eq!(done["feeMinor"], told["fee"]["minor"]);
    let told = ask(&desk, json!({"id": order["id"]})).await?;
    assert_eq!(told["isAllowed"], false);
    Ok(())
}

#[tokio::test]
async fn another_tenants_booking_does_not_exist() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let order = desk.hotel.confirmed(tests::hotel::soon(0), 1).await?;
    let query = format!(
        "{{ bookingCancellationPreview(id: {}) {{ isAllowed }} }}",
        order["id"]
    );
    let stranger = desk.world.owner().await?;
    stranger.ask(&query).await?.must_fail("NOT_FOUND")?;
    let clerk = desk.world.staff(&desk.hotel.owner, "analyst", &[]).await?;
    clerk.ask(&query).await?.must_fail("FORBIDDEN")?;
    Ok(())
}
