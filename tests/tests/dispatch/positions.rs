//! Where vehicles are, and when they are there.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::Depot;

#[tokio::test]
async fn e76_a_late_position_never_replaces_a_newer_one() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let now = depot.now();
    let first = depot.at("38.71", now - Duration::minutes(1)).await?;
    assert_eq!(
        (&first["recorded"], &first["repeated"]),
        (&json!(1), &json!(0))
    );
    let late = depot.at("38.99", now - Duration::minutes(30)).await?;
    assert_eq!(late["recorded"], 1, "it is kept");
    assert_eq!(late["fleetVehicles"][0]["lastLat"], "38.710000");
    let again = depot.at("38.71", now - Duration::minutes(1)).await?;
    assert_eq!(
        (&again["recorded"], &again["repeated"]),
        (&json!(0), &json!(1))
    );
    let data = depot
        .owner
        .read("{ vehiclePositions { totalCount } }")
        .await?;
    assert_eq!(data["vehiclePositions"]["totalCount"], 2);
    Ok(())
}

#[tokio::test]
async fn e76_inv24_an_arrival_time_follows_the_vehicle_and_is_never_past() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let task = depot.task(json!({})).await?;
    depot.go(&task, &["Assign", "Accept", "Start"]).await?;
    let mut last = Value::Null;
    for (step, lat) in ["38.7000", "38.7150", "38.7269"].into_iter().enumerate() {
        let seconds = 60 - i64::try_from(step)?;
        depot
            .at(lat, depot.now() - Duration::seconds(seconds))
            .await?;
        let told = depot.of_task(&task, "etaAt").await?;
        let eta: DateTime<Utc> = serde_json::from_value(told.clone())?;
        assert!(eta >= depot.now() - Duration::seconds(30), "{eta}");
        if let Ok(before) = serde_json::from_value::<DateTime<Utc>>(last.clone()) {
            assert!(eta < before, "nearer, and sooner there: {eta} {before}");
        }
        last = told;
    }
    let data = depot
        .owner
        .read("{ etaEvents { nodes { computedAt etaAt p90At } } }")
        .await?;
    let told = data["etaEvents"]["nodes"].as_array().cloned();
    let told = told.unwrap_or_default();
    assert_eq!(told.len(), 3);
    for eta in &told {
        let at = |name: &str| serde_json::from_value::<DateTime<Utc>>(eta[name].clone());
        assert!(
            at("computedAt")? <= at("etaAt")? && at("etaAt")? <= at("p90At")?,
            "{eta}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn e76_a_vehicle_without_a_task_is_not_a_lost_one() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let state = async || {
        let question = format!(
            "{{ fleetStates(locationId: \"{}\") {{ tracking openTasks vehicle {{ id }} }} }}",
            depot.location
        );
        Ok::<_, anyhow::Error>(depot.owner.read(&question).await?["fleetStates"][0].clone())
    };
    assert_eq!(state().await?["tracking"], "UNASSIGNED");
    let task = depot.task(json!({})).await?;
    depot.go(&task, &["Assign"]).await?;
    assert_eq!(state().await?["tracking"], "POSITION_LOST");
    depot
        .at("38.71", depot.now() - Duration::minutes(1))
        .await?;
    let seen = state().await?;
    assert_eq!(
        seen,
        json!({"tracking": "TRACKED", "openTasks": 1, "vehicle": {"id": depot.vehicle}})
    );
    Ok(())
}

/// What was told of areas, a list for each time that positions came.
async fn crossings(depot: &Depot) -> anyhow::Result<Vec<Vec<Value>>> {
    let sql = depot.world.database.platform(depot.owner.biz_id).await?;
    let rows = sql
        .query(
            "select payload -> 'crossings' from core.outbox_events \
             where topic = 'dispatch.positions_recorded' order by seq",
            &[],
        )
        .await?;
    let told = rows.iter().map(|row| row.get::<_, Value>(0));
    Ok(told
        .map(|told| told.as_array().cloned().unwrap_or_default())
        .collect())
}

/// An area to the north: how the event names it.
async fn fence(depot: &Depot, besides: Value) -> anyhow::Result<Value> {
    let name = format!("North {}", tests::actor::unique());
    let input = super::with(json!({"name": name, "shape": "CIRCLE"}), besides);
    let fence = tests::hotel::made(&depot.owner, "geofence", input).await?;
    Ok(json!(tests::actor::uuid(&json!(fence))?.to_string()))
}

#[tokio::test]
async fn who_comes_into_an_area_is_told() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let round = json!({"lat": "38.73", "lng": "-9.1", "radiusM": 500});
    let circle = fence(&depot, round.clone()).await?;
    let corners = json!([[38.725, -9.2], [38.725, -9.0], [38.74, -9.0], [38.74, -9.2]]);
    let quiet = json!({"shape": "POLYGON", "polygon": corners, "triggersOnEnter": false});
    let quiet = fence(&depot, quiet).await?;
    // One that is not used tells nothing.
    fence(&depot, super::with(round, json!({"isActive": false}))).await?;
    let now = depot.now();
    for (lat, minutes) in [("38.70", 5), ("38.731", 4), ("38.732", 3), ("38.70", 2)] {
        depot.at(lat, now - Duration::minutes(minutes)).await?;
    }
    let told = crossings(&depot).await?;
    let counts: Vec<usize> = told.iter().map(Vec::len).collect();
    assert_eq!(counts, [0, 1, 0, 1], "{told:?}");
    assert_eq!(told[1][0]["entered"], json!([circle]));
    let mut left = told[3][0]["left"].as_array().cloned().unwrap_or_default();
    left.sort_by_key(Value::to_string);
    let mut both = [circle, quiet];
    both.sort_by_key(Value::to_string);
    assert_eq!(left, both);
    Ok(())
}

/// A device that was out of reach tells later where it had been: what it crossed meanwhile is told, too.
#[tokio::test]
async fn who_stays_in_an_area_is_told_once_also_of_what_came_late() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let round = json!({"lat": "38.73", "lng": "-9.1", "radiusM": 500, "dwellMinutes": 10});
    let circle = fence(&depot, round).await?;
    let now = depot.now();
    depot.at("38.70", now - Duration::minutes(60)).await?;
    let position = |lat: &str, minutes: i64| json!({"vehicleId": depot.vehicle, "recordedAt": now - Duration::minutes(minutes), "lat": lat, "lng": "-9.1"});
    // In any order, and with one that is older than what is known.
    let positions = json!([
        position("38.70", 50),
        position("38.73", 55),
        position("38.73", 45),
        position("38.73", 70),
    ]);
    let input = json!({"positions": positions});
    depot
        .owner
        .act("vehiclePositionsRecord", input, "recorded")
        .await?;
    for minutes in [40, 36, 34, 20, 10] {
        depot.at("38.73", now - Duration::minutes(minutes)).await?;
    }
    let told = crossings(&depot).await?;
    let counts: Vec<usize> = told.iter().map(Vec::len).collect();
    assert_eq!(counts, [0, 3, 0, 0, 1, 0, 0], "{told:?}");
    let late: Vec<(&Value, &Value)> = told[1]
        .iter()
        .map(|step| (&step["entered"], &step["left"]))
        .collect();
    let (some, none) = (json!([circle]), json!([]));
    assert_eq!(late, [(&some, &none), (&none, &some), (&some, &none)]);
    assert_eq!(told[4][0]["stayed"], json!([circle]));
    Ok(())
}

#[tokio::test]
async fn what_is_wrong_with_positions_is_said() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let record = async |positions: Value| {
        depot
            .owner
            .verb(
                "vehiclePositionsRecord",
                json!({"positions": positions}),
                "recorded",
            )
            .await
    };
    let position = |besides: Value| {
        let whole = json!({"vehicleId": depot.vehicle, "recordedAt": depot.now(), "lat": "38.7", "lng": "-9.1"});
        super::with(whole, besides)
    };
    record(json!([])).await?.must_fail("BAD_USER_INPUT")?;
    record(json!([position(json!({"lat": "91"}))]))
        .await?
        .must_refuse("INVALID_PLACE")?;
    record(json!([position(
        json!({"recordedAt": depot.now() + Duration::hours(1)})
    )]))
    .await?
    .must_refuse("INVALID_INSTANT")?;
    let unknown = tests::hotel::id_of("dpfv", bizing::database::new_id());
    record(json!([
        position(json!({})),
        position(json!({"vehicleId": unknown}))
    ]))
    .await?
    .must_fail("NOT_FOUND")?;
    let data = depot
        .owner
        .read("{ vehiclePositions { totalCount } }")
        .await?;
    assert_eq!(data["vehiclePositions"]["totalCount"], 0, "all or nothing");
    Ok(())
}
