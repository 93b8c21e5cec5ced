//! How well a location keeps what it promised, in numbers.

use chrono::Duration;
use serde_json::{Value, json};
use tests::hotel::{Plan, location};

use super::{Desk, member, selection};

const REPORT: &str = "query($from: DateTime!, $until: DateTime!, $l: ID) { operationsReport(from: $from, until: $until, locationId: $l) {
    requests cancelled meanSecondsToAcknowledge meanSecondsToResolve reopenedShare meanRating overdueActions promises { metric } } }";

/// Three requests: one seen after ten minutes and done in the end after an hour, one seen after twenty
/// and done after forty, and one that was cancelled.
async fn asked(desk: &mut Desk) -> anyhow::Result<()> {
    let mut requests = Vec::new();
    for _ in 0..3 {
        requests.push(desk.request(json!({})).await?);
    }
    let [reopened, quick, cancelled] = &requests[..] else {
        anyhow::bail!("three requests");
    };
    desk.later(Duration::minutes(10)).await?;
    desk.go(reopened, &["Acknowledge"]).await?;
    desk.go(cancelled, &["Cancel"]).await?;
    desk.later(Duration::minutes(10)).await?;
    desk.go(quick, &["Acknowledge"]).await?;
    desk.go(reopened, &["Start", "Resolve", "Reopen"]).await?;
    desk.later(Duration::minutes(20)).await?;
    desk.go(quick, &["Start", "Resolve"]).await?;
    let rate = json!({ "rating": 4 });
    desk.step("serviceRequestRate", quick, rate).await?.must()?;
    desk.later(Duration::minutes(20)).await?;
    desk.go(reopened, &["Start", "Resolve"]).await.map(drop)
}

/// An incident, and what is to be done about it today and in a month.
async fn to_do(desk: &Desk) -> anyhow::Result<()> {
    let incident = json!({
        "locationId": desk.location, "occurredAt": desk.now() - Duration::hours(1), "kind": "FIRE",
        "severity": "MINOR", "title": "Smoke",
    });
    let incident = desk
        .owner
        .act("incidentReportCreate", incident, selection("incident"))
        .await?["incidentReport"]["id"]
        .clone();
    let owner = member(&desk.owner).await?;
    for days in [0, 30] {
        let day = desk.now().date_naive() + Duration::days(days);
        let input = json!({ "incidentId": incident, "description": "Look at it", "ownerId": owner, "dueOn": day });
        desk.owner
            .act("correctiveActionAdd", input, selection("correctiveAction"))
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_report_tells_how_soon_how_well_and_what_is_overdue() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    let from = desk.now() - Duration::hours(1);
    asked(&mut desk).await?;
    to_do(&desk).await?;
    let report = async |desk: &Desk, location: Option<&str>| -> anyhow::Result<Value> {
        let until = desk.now() + Duration::hours(1);
        let of = json!({ "from": from, "until": until, "l": location });
        let answer = desk.owner.graphql(REPORT, of).await?.must()?;
        Ok(answer.data("/operationsReport").clone())
    };
    let today = report(&desk, None).await?;
    assert_eq!(today["overdueActions"], 0, "the day is not over");
    desk.later(Duration::days(2)).await?;
    let told = report(&desk, Some(&desk.location)).await?;
    for (name, value) in [
        ("requests", json!(3)),
        ("cancelled", json!(1)),
        ("reopenedShare", json!("0.5")),
        ("meanRating", json!("4")),
        ("overdueActions", json!(1)),
        ("promises", json!([])),
    ] {
        assert_eq!(told[name], value, "{name}: {told}");
    }
    // Seen after ten and twenty minutes; done after forty and sixty.
    for (name, minutes) in [
        ("meanSecondsToAcknowledge", 15),
        ("meanSecondsToResolve", 50),
    ] {
        let seconds = told[name].as_i64().unwrap_or_default();
        assert!((seconds - minutes * 60).abs() < 30, "{name}: {told}");
    }
    let elsewhere = location(&desk.owner, &Plan::default()).await?;
    let none = report(&desk, Some(&elsewhere)).await?;
    assert_eq!(
        (
            &none["requests"],
            &none["meanSecondsToResolve"],
            &none["overdueActions"]
        ),
        (&json!(0), &Value::Null, &json!(0))
    );
    let theirs = desk.world.owner().await?;
    let of = json!({ "from": from, "until": desk.now(), "l": desk.location });
    theirs.graphql(REPORT, of).await?.must_fail("NOT_FOUND")?;
    Ok(())
}
