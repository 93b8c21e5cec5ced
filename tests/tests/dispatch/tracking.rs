//! What a customer sees of the driver.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::Depot;

async fn seen(depot: &Depot, token: &Value) -> anyhow::Result<Value> {
    let question = "query($token: String!) { taskTracking(token: $token) { status etaAt lat lng positionAt } }";
    let answer = depot
        .world
        .anonymous()
        .graphql(question, json!({"token": token}))
        .await?
        .must()?;
    Ok(answer.data("/taskTracking").clone())
}

#[tokio::test]
async fn a_link_shows_the_vehicle_on_the_active_leg_alone() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let task = depot.task(json!({})).await?;
    depot
        .at("38.71", depot.now() - Duration::minutes(1))
        .await?;
    let shared = depot
        .owner
        .act(
            "trackingLinkShare",
            json!({"taskId": task}),
            "trackingLink { id } token",
        )
        .await?;
    let token = &shared["token"];
    depot.go(&task, &["Assign", "Accept"]).await?;
    let before = seen(&depot, token).await?;
    assert_eq!(
        (&before["status"], &before["lat"]),
        (&json!("ACCEPTED"), &Value::Null)
    );
    depot.go(&task, &["Start"]).await?;
    let on_the_way = seen(&depot, token).await?;
    assert_eq!(
        (&on_the_way["status"], &on_the_way["lat"]),
        (&json!("EN_ROUTE"), &json!("38.71"))
    );
    depot.go(&task, &["Arrive", "Complete"]).await?;
    let after = seen(&depot, token).await?;
    assert_eq!(
        (&after["status"], &after["lat"]),
        (&json!("COMPLETED"), &Value::Null)
    );
    assert_eq!(seen(&depot, &json!("nonsense")).await?, Value::Null);

    let link = json!({"id": shared["trackingLink"]["id"]});
    depot
        .owner
        .act(
            "trackingLinkRevoke",
            link.clone(),
            "trackingLink { revokedAt }",
        )
        .await?;
    assert_eq!(seen(&depot, token).await?, Value::Null);
    depot
        .owner
        .verb("trackingLinkRevoke", link, "trackingLink { id }")
        .await?
        .must_refuse("ALREADY_REVOKED")?;
    Ok(())
}

/// Invariant 24: however long nothing is heard of the vehicle.
#[tokio::test]
async fn inv24_no_customer_is_told_a_time_that_has_passed() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let task = depot.task(json!({})).await?;
    let input = json!({"taskId": task});
    let shared = depot.owner.act("trackingLinkShare", input, "token").await?;
    depot.go(&task, &["Assign", "Accept", "Start"]).await?;
    depot
        .at("38.71", depot.now() - Duration::minutes(1))
        .await?;
    let eta = async || -> anyhow::Result<DateTime<Utc>> {
        let seen = seen(&depot, &shared["token"]).await?;
        Ok(serde_json::from_value(seen["etaAt"].clone())?)
    };
    let first = eta().await?;
    assert!(first > depot.now(), "{first}");
    depot.world.clock.advance(Duration::hours(2));
    let before = depot.now();
    assert!(first < before, "that time has passed");
    assert!(eta().await? >= before);
    Ok(())
}

#[tokio::test]
async fn a_link_expires() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let task = depot.task(json!({})).await?;
    let share = async |minutes: i32| {
        let input = json!({"taskId": task, "validMinutes": minutes});
        depot.owner.verb("trackingLinkShare", input, "token").await
    };
    for wrong in [0, -1, 7 * 24 * 60 + 1] {
        share(wrong).await?.must_refuse("INVALID_LIFETIME")?;
    }
    let shared = share(5).await?.must()?;
    let token = shared.payload()["token"].clone();
    assert_eq!(seen(&depot, &token).await?["status"], "UNASSIGNED");
    depot.world.clock.advance(Duration::minutes(6));
    assert_eq!(seen(&depot, &token).await?, Value::Null);
    Ok(())
}
