//! Faults and the work that repairs them: what is worked on cannot be booked.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use tests::actor::unique;
use tests::hotel::made;

use super::{Desk, room, selection};

/// A fault of a room that cannot be used, triaged.
async fn fault(desk: &Desk, room: &str) -> anyhow::Result<Value> {
    let input = json!({
        "locationId": desk.location, "resourceId": room, "description": "The lock is broken", "severity": "HIGH", "blocksResource": true,
    });
    let done = desk
        .owner
        .act("maintenanceReport", input, selection("maintenanceReport"))
        .await?;
    let fault = done["maintenanceRequest"].clone();
    desk.step("maintenanceTriage", &fault, json!({}))
        .await?
        .must()?;
    Ok(fault)
}

async fn order(desk: &Desk, fault: &Value) -> anyhow::Result<Value> {
    let done = desk
        .step("maintenanceOrder", fault, json!({}))
        .await?
        .must()?;
    Ok(done.payload()["maintenanceWorkOrder"].clone())
}

async fn status(desk: &Desk, fault: &Value) -> anyhow::Result<Value> {
    let query = "query($id: ID!) { maintenanceRequest(id: $id) { status } }";
    let answer = desk
        .owner
        .graphql(query, json!({ "id": fault["id"] }))
        .await?
        .must()?;
    Ok(answer.data("/maintenanceRequest/status").clone())
}

/// How many claims a room has that nothing else may overlap.
async fn claims(desk: &Desk) -> anyhow::Result<i64> {
    let sql = "select count(*) from availability.allocations where biz_id = $1 and status = 'firm' and resource_id is not null";
    Ok(desk.sql.query_one(sql, &[&desk.owner.biz_id]).await?.get(0))
}

/// A fault of a room, and the work that repairs it, planned from then on for three hours.
async fn planned(desk: &Desk, starts: DateTime<Utc>) -> anyhow::Result<(String, Value, Value)> {
    let room = room(&desk.owner, &desk.location).await?;
    let fault = fault(desk, &room).await?;
    let work = order(desk, &fault).await?;
    assert_eq!(
        (&work["kind"], &work["blocksResource"]),
        (&json!("CORRECTIVE"), &json!(true))
    );
    assert_eq!(status(desk, &fault).await?, "WORK_ORDERED");
    desk.step("workOrderStart", &work, json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    let time = json!({ "startsAt": starts, "endsAt": starts + Duration::hours(3) });
    let done = desk.step("workOrderSchedule", &work, time).await?.must()?;
    assert_eq!(done.payload()["availabilityBlock"]["reason"], "MAINTENANCE");
    assert_eq!(claims(desk).await?, 1);
    Ok((room, fault, work))
}

#[tokio::test]
async fn work_is_taken_out_of_what_can_be_booked_and_overruns_nothing() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let starts = desk.now() + Duration::hours(1);
    let (room, _, work) = planned(&desk, starts).await?;
    // Planned anew, the old time is free.
    let later =
        json!({ "startsAt": starts + Duration::hours(5), "endsAt": starts + Duration::hours(6) });
    desk.step("workOrderSchedule", &work, later).await?.must()?;
    assert_eq!(claims(&desk).await?, 1);
    // Nothing else takes its time: what is booked or blocked is not overrun.
    let other = json!({ "resourceId": room, "title": "Paint the door" });
    let second = desk
        .owner
        .act("workOrderOpen", other, selection("workOrderOpen"))
        .await?;
    let second = second["maintenanceWorkOrder"].clone();
    let clash =
        json!({ "startsAt": starts + Duration::hours(5), "endsAt": starts + Duration::hours(7) });
    desk.step("workOrderSchedule", &second, clash.clone())
        .await?
        .must_refuse("SLOT_TAKEN")?;
    let mut around = clash;
    around["aroundBookings"] = json!(true);
    desk.step("workOrderSchedule", &second, around)
        .await?
        .must()?;
    assert_eq!(claims(&desk).await?, 2);
    desk.step(
        "workOrderCancel",
        &second,
        json!({ "reason": "Painted last year" }),
    )
    .await?
    .must()?;
    assert_eq!(claims(&desk).await?, 1);
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}

#[tokio::test]
async fn what_is_repaired_is_given_back_and_looked_at() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    let starts = desk.now() + Duration::hours(1);
    let (_, fault, work) = planned(&desk, starts).await?;
    for (step, besides) in [
        ("Start", json!({})),
        ("Hold", json!({ "reason": "A part is missing" })),
        ("Resume", json!({})),
    ] {
        desk.step(&format!("workOrder{step}"), &work, besides)
            .await?
            .must()?;
    }
    desk.later(Duration::minutes(10)).await?;
    let cost = json!({
        "resolution": "A new lock", "labourCost": { "amount": "40.00", "currency": "EUR" }, "partsCost": { "amount": "25.50", "currency": "EUR" },
    });
    let mut wrong = cost.clone();
    wrong["partsCost"]["currency"] = json!("USD");
    desk.step("workOrderComplete", &work, wrong)
        .await?
        .must_refuse("CURRENCY_MISMATCH")?;
    let done = desk.step("workOrderComplete", &work, cost).await?.must()?;
    assert_eq!(done.payload()["maintenanceWorkOrder"]["costMinor"], 6550);
    assert_eq!(
        (claims(&desk).await?, status(&desk, &fault).await?),
        (0, json!("RESOLVED"))
    );
    desk.step("workOrderReopen", &work, json!({ "reason": "It sticks" }))
        .await?
        .must()?;
    assert_eq!(status(&desk, &fault).await?, "WORK_ORDERED");
    desk.step("workOrderStart", &work, json!({}))
        .await?
        .must()?;
    desk.later(Duration::minutes(10)).await?;
    desk.step("workOrderComplete", &work, json!({ "resolution": "Oiled" }))
        .await?
        .must()?;
    desk.step("workOrderVerify", &work, json!({}))
        .await?
        .must()?;
    assert_eq!(status(&desk, &fault).await?, "CLOSED");
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_fault_is_rejected_or_a_duplicate_or_looked_at_anew() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    let policy = json!({ "appliesTo": "MaintenanceRequest" });
    desk.policy("RESOLVE", 240, policy).await?;
    let room = room(&desk.owner, &desk.location).await?;
    let first = fault(&desk, &room).await?;
    let second = fault(&desk, &room).await?;
    for wrong in [&second, &json!({ "id": second["id"] })] {
        desk.step(
            "maintenanceMarkDuplicate",
            &second,
            json!({ "duplicateOfId": wrong["id"] }),
        )
        .await?
        .must_refuse("NOT_ITSELF")?;
    }
    desk.step(
        "maintenanceMarkDuplicate",
        &second,
        json!({ "duplicateOfId": first["id"] }),
    )
    .await?
    .must()?;
    assert_eq!(desk.clocks(&second).await?["RESOLVE"]["outcome"], "WAIVED");
    let third = fault(&desk, &room).await?;
    desk.step("maintenanceReject", &third, json!({ "reason": "" }))
        .await?
        .must_refuse("REASON_REQUIRED")?;
    desk.step("maintenanceReject", &third, json!({ "reason": "It works" }))
        .await?
        .must()?;
    let work = order(&desk, &first).await?;
    desk.step("workOrderCancel", &work, json!({ "reason": "Wrong door" }))
        .await?
        .must()?;
    assert_eq!(status(&desk, &first).await?, "TRIAGED");
    desk.later(Duration::minutes(5)).await?;
    desk.step("maintenanceResolve", &first, json!({}))
        .await?
        .must()?;
    assert_eq!(desk.clocks(&first).await?["RESOLVE"]["outcome"], "MET");
    desk.step(
        "maintenanceReturn",
        &first,
        json!({ "reason": "It broke again" }),
    )
    .await?
    .must()?;
    desk.step("maintenanceResolve", &first, json!({}))
        .await?
        .must()?;
    desk.step("maintenanceClose", &first, json!({}))
        .await?
        .must()?;
    desk.step("maintenanceTriage", &first, json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}

#[tokio::test]
async fn plans_open_work_orders_when_they_are_due_and_once() -> anyhow::Result<()> {
    let mut desk = Desk::open().await?;
    let room = room(&desk.owner, &desk.location).await?;
    let every = json!({
        "name": format!("Filter {}", unique()), "resourceId": room, "triggerKind": "INTERVAL", "intervalDays": 30, "leadDays": 5, "blockMinutes": 90,
    });
    made(&desk.owner, "maintenancePolicy", every).await?;
    let day = desk.now().date_naive() + Duration::days(40);
    let on = json!({
        "name": format!("Lift {}", unique()), "resourceId": room, "triggerKind": "DATE", "dueOn": day, "repeatsMonths": 12,
    });
    let yearly = made(&desk.owner, "maintenancePolicy", on).await?;
    assert_eq!(desk.world.run_job("maintenance_plan").await?, 0);
    desk.later(Duration::days(26)).await?;
    assert_eq!(desk.world.run_job("maintenance_plan").await?, 1);
    desk.later(Duration::hours(2)).await?;
    assert_eq!(desk.world.run_job("maintenance_plan").await?, 0);
    let query =
        "{ maintenanceWorkOrders(first: 9) { nodes { id kind status dueOn blocksResource } } }";
    let work = desk.owner.read(query).await?["maintenanceWorkOrders"]["nodes"][0].clone();
    assert_eq!(
        (&work["kind"], &work["blocksResource"]),
        (&json!("PREVENTIVE"), &json!(true))
    );
    let starts = desk.now() + Duration::hours(1);
    let planned = desk
        .step("workOrderSchedule", &work, json!({ "startsAt": starts }))
        .await?
        .must()?;
    let block = &planned.payload()["availabilityBlock"];
    let length = super::instant(&block["endsAt"])? - super::instant(&block["startsAt"])?;
    assert_eq!(length.num_minutes(), 90);
    desk.step("workOrderStart", &work, json!({}))
        .await?
        .must()?;
    let done = json!({ "resolution": "Changed" });
    desk.step("workOrderComplete", &work, done).await?.must()?;
    // Thirty days after it was done, less the lead.
    desk.later(Duration::days(24)).await?;
    let due = desk.world.run_job("maintenance_plan").await?;
    let moved = desk
        .owner
        .read(&format!(
            "{{ maintenancePolicy(id: \"{yearly}\") {{ dueOn isActive }} }}"
        ))
        .await?;
    assert_eq!(
        due, 1,
        "the day of the calendar has come, the interval has not"
    );
    assert_eq!(moved["maintenancePolicy"]["isActive"], true);
    assert_ne!(moved["maintenancePolicy"]["dueOn"], json!(day));
    desk.later(Duration::days(2)).await?;
    assert_eq!(desk.world.run_job("maintenance_plan").await?, 1);
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}

#[tokio::test]
async fn work_is_for_those_who_may_and_where_they_may() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let room = room(&desk.owner, &desk.location).await?;
    let fault = fault(&desk, &room).await?;
    let clerk = desk.world.staff(&desk.owner, "front_desk", &[]).await?;
    let report = json!({ "locationId": desk.location, "description": "A lamp is out" });
    clerk
        .act("maintenanceReport", report, "maintenanceRequest { id }")
        .await?;
    let input = json!({ "id": fault["id"] });
    clerk
        .verb(
            "maintenanceOrder",
            input.clone(),
            "maintenanceRequest { id }",
        )
        .await?
        .must_fail("FORBIDDEN")?;
    let other = desk.world.owner().await?;
    other
        .verb(
            "maintenanceOrder",
            input.clone(),
            "maintenanceRequest { id }",
        )
        .await?
        .must_fail("NOT_FOUND")?;
    let technician = desk
        .world
        .staff(&desk.owner, "technician", &[&desk.location])
        .await?;
    technician
        .act("maintenanceOrder", input, "maintenanceRequest { id }")
        .await?;
    Ok(())
}
