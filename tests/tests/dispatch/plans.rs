//! Plans of who drives where in which order.

use chrono::Duration;
use serde_json::{Value, json};

use super::{Depot, id, with};

/// The day on which the depot's tasks are, by its clock.
fn day(depot: &Depot) -> String {
    let lisbon = chrono_tz::Europe::Lisbon;
    (depot.now() + Duration::hours(2))
        .with_timezone(&lisbon)
        .date_naive()
        .to_string()
}

async fn propose(depot: &Depot, besides: Value) -> anyhow::Result<tests::Answer> {
    let input = with(
        json!({"locationId": depot.location, "serviceDate": day(depot)}),
        besides,
    );
    let selection = "routePlan { id status version } placed leftOut";
    depot.owner.verb("routePlanPropose", input, selection).await
}

/// A depot in the early hours of a day, so that all of it lies ahead.
async fn depot() -> anyhow::Result<Depot> {
    let mut depot = Depot::open().await?;
    let tomorrow = depot.now().date_naive() + Duration::days(1);
    let start = tomorrow.and_time(chrono::NaiveTime::MIN).and_utc();
    depot.world.clock.set(start + Duration::hours(6));
    depot.owner = depot.world.again(&depot.owner).await?;
    Ok(depot)
}

#[tokio::test]
async fn a_plan_puts_tasks_in_order_and_is_applied() -> anyhow::Result<()> {
    let depot = depot().await?;
    depot.shift(10).await?;
    let mut tasks = Vec::new();
    for lat in ["38.7300", "38.7100", "38.7200"] {
        tasks.push(depot.task(json!({"lat": lat})).await?);
    }
    let plan = propose(&depot, json!({"objective": "DISTANCE"}))
        .await?
        .must()?;
    assert_eq!(
        (&plan.payload()["placed"], &plan.payload()["leftOut"]),
        (&json!(3), &json!(0))
    );
    assert_eq!(plan.payload()["routePlan"]["status"], "PROPOSED");
    assert_eq!(
        depot.of_task(&tasks[0], "status").await?,
        "UNASSIGNED",
        "only proposed"
    );
    let plan = id(&plan.payload()["routePlan"])?;
    let apply = async || {
        let selection = "routePlan { status } dispatchTasks { id status seq driverId }";
        depot
            .owner
            .verb("routePlanApply", json!({"id": plan}), selection)
            .await
    };
    apply().await?.must()?;
    for (task, seq) in tasks.iter().zip([3, 1, 2]) {
        assert_eq!(depot.of_task(task, "seq").await?, seq);
        assert_eq!(depot.of_task(task, "driverId").await?, json!(depot.driver));
        assert_ne!(depot.of_task(task, "etaAt").await?, Value::Null);
    }
    apply().await?.must_refuse("WRONG_STATUS")?;
    Ok(())
}

#[tokio::test]
async fn a_plan_whose_tasks_have_changed_is_refused() -> anyhow::Result<()> {
    let depot = depot().await?;
    depot.shift(10).await?;
    let (task, other) = (depot.task(json!({})).await?, depot.task(json!({})).await?);
    let plan = propose(&depot, json!({})).await?.must()?;
    let plan = id(&plan.payload()["routePlan"])?;
    depot
        .step("dispatchTaskCancel", &task, json!({"reason": "not wanted"}))
        .await?
        .must()?;
    depot
        .owner
        .verb(
            "routePlanApply",
            json!({"id": plan}),
            "routePlan { status }",
        )
        .await?
        .must_refuse("STALE_PLAN")?;
    assert_eq!(
        depot.of_task(&other, "status").await?,
        "UNASSIGNED",
        "all or nothing"
    );
    let thrown = depot
        .owner
        .act(
            "routePlanDiscard",
            json!({"id": plan}),
            "routePlan { status }",
        )
        .await?;
    assert_eq!(thrown["routePlan"]["status"], "DISCARDED");
    Ok(())
}

#[tokio::test]
async fn a_pickup_comes_before_its_dropoff_and_what_is_too_heavy_is_left_out() -> anyhow::Result<()>
{
    let depot = depot().await?;
    depot.shift(10).await?;
    let pickup = depot
        .task(json!({"kind": "PICKUP", "lat": "38.7400", "weightG": 400_000}))
        .await?;
    let dropoff = depot
        .task(json!({"lat": "38.7050", "weightG": 400_000, "requiresTaskId": pickup}))
        .await?;
    let heavy = depot.task(json!({"weightG": 600_000})).await?;
    let plan = propose(&depot, json!({})).await?.must()?;
    assert_eq!(plan.payload()["leftOut"], 1);
    let plan = id(&plan.payload()["routePlan"])?;
    depot
        .owner
        .act(
            "routePlanApply",
            json!({"id": plan}),
            "routePlan { status }",
        )
        .await?;
    assert_eq!(depot.of_task(&pickup, "seq").await?, 1);
    assert_eq!(depot.of_task(&dropoff, "seq").await?, 2);
    assert_eq!(depot.of_task(&heavy, "status").await?, "UNASSIGNED");
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_planned_is_said() -> anyhow::Result<()> {
    let depot = depot().await?;
    propose(&depot, json!({})).await?.must_refuse("NO_TASKS")?;
    let task = depot.task(json!({})).await?;
    propose(&depot, json!({}))
        .await?
        .must_refuse("NO_VEHICLES")?;
    depot.shift(10).await?;
    depot.go(&task, &["Assign"]).await?;
    propose(&depot, json!({"taskIds": [task]}))
        .await?
        .must_refuse("TASK_NOT_PLANNABLE")?;
    propose(&depot, json!({"speedKmh": 0}))
        .await?
        .must_fail("BAD_USER_INPUT")?;
    let unknown = tests::hotel::id_of("dptk", bizing::database::new_id());
    let free = depot.task(json!({})).await?;
    propose(&depot, json!({"taskIds": [free, unknown]}))
        .await?
        .must_fail("NOT_FOUND")?;
    Ok(())
}
