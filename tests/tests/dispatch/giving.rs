//! Tasks given to drivers: many at once, by many at once, and declined.

use futures_util::future::try_join_all;
use serde_json::{Value, json};
use tests::World;

use super::Depot;

#[tokio::test]
async fn e74_a_bulk_assignment_says_what_became_of_each_item() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let (good, done) = (depot.task(json!({})).await?, depot.task(json!({})).await?);
    depot.go(&done, &["Assign", "Accept"]).await?;
    let other = World::new().await?;
    let theirs = Depot::of(other).await?.task(json!({})).await?;
    let item = |task: &str| json!({"taskId": task, "driverId": depot.driver});
    let nobody = json!({"taskId": good});
    let items = json!([item(&done), item(&theirs), nobody, item(&good)]);
    let selection = "dispatchTasks { id status } results { taskId isAssigned error { code } }";
    let answer = depot
        .owner
        .act("dispatchTaskAssign", json!({"items": items}), selection)
        .await?;
    let codes: Vec<&Value> = answer["results"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|result| &result["error"]["code"])
        .collect();
    assert_eq!(
        codes,
        [
            &json!("WRONG_STATUS"),
            &json!("NOT_FOUND"),
            &json!("ASSIGNEE_REQUIRED"),
            &Value::Null
        ]
    );
    assert_eq!(
        answer["dispatchTasks"],
        json!([{"id": good, "status": "ASSIGNED"}])
    );
    assert_eq!(answer["results"][3]["taskId"], json!(good));
    let many: Vec<Value> = (0..501).map(|_| item(&good)).collect();
    depot
        .owner
        .verb("dispatchTaskAssign", json!({"items": many}), selection)
        .await?
        .must_fail("BAD_USER_INPUT")?;
    Ok(())
}

#[tokio::test]
async fn of_many_dispatchers_one_gives_a_task_away() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let task = depot.task(json!({})).await?;
    let all = try_join_all((0..32).map(|_| depot.assign(&task))).await?;
    let won = all
        .iter()
        .filter(|answer| answer.payload()["results"][0]["isAssigned"] == true);
    assert_eq!(won.count(), 1);
    for answer in &all {
        assert!(answer.errors().is_empty(), "{}", answer.body);
    }
    let data = depot
        .owner
        .read("{ taskAssignments { totalCount } }")
        .await?;
    assert_eq!(data["taskAssignments"]["totalCount"], 1);
    Ok(())
}

#[tokio::test]
async fn a_declined_task_is_nobodys_and_keeps_who_declined_it() -> anyhow::Result<()> {
    let depot = Depot::open().await?;
    let task = depot.task(json!({})).await?;
    depot.go(&task, &["Assign"]).await?;
    depot
        .step("dispatchTaskDecline", &task, json!({"reason": " "}))
        .await?
        .must_refuse("REASON_REQUIRED")?;
    let done = depot
        .step("dispatchTaskDecline", &task, json!({"reason": "too far"}))
        .await?
        .must()?;
    assert_eq!(
        (
            &done.payload()["dispatchTask"]["status"],
            &done.payload()["dispatchTask"]["driverId"]
        ),
        (&json!("UNASSIGNED"), &Value::Null)
    );
    let data = depot
        .owner
        .read("{ taskAssignments { nodes { declineReason declinedAt endedAt } } }")
        .await?;
    let assignment = &data["taskAssignments"]["nodes"][0];
    assert_eq!(assignment["declineReason"], "too far");
    assert!(!assignment["endedAt"].is_null());
    Ok(())
}
