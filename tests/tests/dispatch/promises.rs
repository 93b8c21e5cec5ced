//! What was promised of tasks: clocks that follow them through all attempts.

use chrono::Duration;
use serde_json::{Value, json};
use tests::hotel::made;

use super::{Depot, id};

impl Depot {
    /// A promise of so many minutes for all tasks.
    async fn promise(&self, metric: &str, minutes: i32) -> anyhow::Result<()> {
        let input = json!({"code": metric, "name": metric, "appliesTo": "DispatchTask", "metric": metric, "targetMinutes": minutes});
        made(&self.owner, "slaPolicy", input).await.map(drop)
    }

    /// The clocks of a task: metric and status, by metric.
    async fn clocks(&self, task: &str) -> anyhow::Result<Vec<String>> {
        let query = format!(
            "{{ slaClocks(first: 20, filter: {{subjectId: {{eq: \"{task}\"}}}}) {{ nodes {{ metric status }} }} }}"
        );
        let data = self.owner.read(&query).await?;
        let nodes = data["slaClocks"]["nodes"].as_array().into_iter().flatten();
        let mut told: Vec<String> = nodes
            .map(|node: &Value| format!("{} {}", node["metric"], node["status"]).replace('"', ""))
            .collect();
        told.sort();
        Ok(told)
    }

    async fn later(&mut self, minutes: i64) -> anyhow::Result<()> {
        self.world.clock.advance(Duration::minutes(minutes));
        self.owner = self.world.again(&self.owner).await?;
        Ok(())
    }
}

#[tokio::test]
async fn a_task_is_promised_and_its_clocks_follow_it() -> anyhow::Result<()> {
    let mut depot = Depot::open().await?;
    for (metric, minutes) in [("ACKNOWLEDGE", 30), ("START", 60), ("DELIVER", 240)] {
        depot.promise(metric, minutes).await?;
    }
    let (task, dropped) = (depot.task(json!({})).await?, depot.task(json!({})).await?);
    let running = ["ACKNOWLEDGE RUNNING", "DELIVER RUNNING", "START RUNNING"];
    assert_eq!(depot.clocks(&task).await?, running);
    depot
        .step(
            "dispatchTaskCancel",
            &dropped,
            json!({"reason": "Not wanted"}),
        )
        .await?
        .must()?;
    let waived = ["ACKNOWLEDGE WAIVED", "DELIVER WAIVED", "START WAIVED"];
    assert_eq!(depot.clocks(&dropped).await?, waived);
    depot.go(&task, &["Assign", "Accept"]).await?;
    depot.later(61).await?;
    depot.world.run_job("sla_evaluate").await?;
    let late = ["ACKNOWLEDGE MET", "DELIVER RUNNING", "START BREACHED"];
    assert_eq!(depot.clocks(&task).await?, late);
    // A failed attempt ends nothing; the next one has no clocks of its own.
    depot.go(&task, &["Start", "Arrive"]).await?;
    let fail = json!({"failure": "NOBODY_THERE", "note": "Nobody at home"});
    depot.step("dispatchTaskFail", &task, fail).await?.must()?;
    let window = json!({"startsAt": depot.now() + Duration::hours(1), "endsAt": depot.now() + Duration::hours(2)});
    let again = depot
        .step("dispatchTaskRetry", &task, window)
        .await?
        .must()?;
    let again = id(&again.payload()["dispatchTask"])?;
    assert_eq!(depot.clocks(&again).await?, Vec::<String>::new());
    depot
        .go(&again, &["Assign", "Accept", "Start", "Arrive", "Complete"])
        .await?;
    let kept = ["ACKNOWLEDGE MET", "DELIVER MET", "START BREACHED"];
    assert_eq!(depot.clocks(&task).await?, kept);
    assert_eq!(depot.world.breaks().await?, 0);
    Ok(())
}
