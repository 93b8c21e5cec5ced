//! Maintenance by the calendar: days that come again by a rule, and end with it.

use chrono::Duration;
use serde_json::{Value, json};
use tests::actor::unique;
use tests::hotel::made;

use super::{Desk, room};

impl Desk {
    /// A plan of a new room by a rule: its id.
    async fn plan(&self, due_on: &str, rule: &str) -> anyhow::Result<String> {
        let room = room(&self.owner, &self.location).await?;
        let input = json!({"name": format!("Plan {}", unique()), "resourceId": room, "triggerKind": "DATE",
            "dueOn": due_on, "rrule": rule});
        made(&self.owner, "maintenancePolicy", input).await
    }

    async fn plan_run(&self, plan: &str) -> anyhow::Result<Value> {
        let selection = "maintenancePolicy { dueOn isActive } maintenanceWorkOrders { id dueOn }";
        let input = json!({"policyId": plan});
        self.owner.act("maintenancePlanRun", input, selection).await
    }

    /// Does all work that was opened.
    async fn work_done(&self) -> anyhow::Result<()> {
        let query = "{ maintenanceWorkOrders(first: 9, filter: {status: {in: [REQUESTED, TRIAGED]}}) { nodes { id } } }";
        let open = self.owner.read(query).await?;
        for work in open["maintenanceWorkOrders"]["nodes"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let starts = json!({"startsAt": self.now() + Duration::minutes(1)});
            self.step("workOrderSchedule", work, starts).await?.must()?;
            self.step("workOrderStart", work, json!({})).await?.must()?;
            let done = json!({"resolution": "Looked at"});
            self.step("workOrderComplete", work, done).await?.must()?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_plan_comes_again_by_its_rule_until_that_ends() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    desk.world.clock.set("2027-01-31T09:00:00Z".parse()?);
    let mut desk = Desk {
        owner: desk.world.again(&desk.owner).await?,
        ..desk
    };
    // The last day of each second month, up to May.
    let rule = "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1;UNTIL=20270601";
    let plan = desk.plan("2027-01-31", rule).await?;
    for (next, active, days) in [
        ("2027-03-31", true, 59),
        ("2027-05-31", true, 61),
        ("2027-05-31", false, 1),
    ] {
        let run = desk.plan_run(&plan).await?;
        assert_eq!(
            run["maintenanceWorkOrders"].as_array().map(Vec::len),
            Some(1),
            "{run}"
        );
        let policy = &run["maintenancePolicy"];
        assert_eq!(
            (&policy["dueOn"], &policy["isActive"]),
            (&json!(next), &json!(active))
        );
        desk.work_done().await?;
        desk.later(Duration::days(days)).await?;
    }
    let ended = json!({"policyId": plan});
    desk.owner
        .verb("maintenancePlanRun", ended, "maintenancePolicy { id }")
        .await?
        .must_refuse("NOT_ACTIVE")?;
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_rule_is_of_days_and_ends_by_a_day() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let room = room(&desk.owner, &desk.location).await?;
    let plan = |besides: Value| {
        let input = json!({"name": format!("Plan {}", unique()), "resourceId": room, "triggerKind": "DATE", "dueOn": "2027-01-31"});
        super::with(input, besides)
    };
    for wrong in [
        json!({"rrule": "FREQ=MONTHLY;COUNT=3"}),
        json!({"rrule": "FREQ=MONTHLY", "repeatsMonths": 2}),
        json!({"rrule": "every month"}),
    ] {
        desk.owner
            .verb(
                "maintenancePolicyCreate",
                plan(wrong),
                "maintenancePolicy { id }",
            )
            .await?
            .must_refuse("INVALID")?;
    }
    Ok(())
}

#[tokio::test]
async fn a_resource_on_which_something_counts_is_not_given_up() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let room = room(&desk.owner, &desk.location).await?;
    let move_to = async |status: &str| {
        let input = json!({"id": room, "to": status, "reason": "As it is"});
        desk.owner
            .verb("resourceTransition", input, "resource { id }")
            .await
    };
    for status in ["ACTIVE", "OUT_OF_SERVICE"] {
        move_to(status).await?.must()?;
    }
    let sql = "insert into availability.allocations (biz_id, id, resource_id, service_starts_at, service_ends_at, \
          blocked_starts_at, blocked_ends_at, units, status, source_type, source_id) \
        select $1, core.uuid_v7(), $2, t.a, t.a + interval '1 hour', t.a, t.a + interval '1 hour', 1, 'firm', 'Resource', $2 \
        from (select now() + interval '2 days' as a) t";
    let id = tests::actor::uuid(&json!(room))?;
    desk.sql.execute(sql, &[&desk.owner.biz_id, &id]).await?;
    let refused = move_to("RETIRED").await?;
    assert!(
        refused.body.to_string().contains("count on this resource"),
        "{}",
        refused.body
    );
    let sql = "update availability.allocations set status = 'released', released_at = now(), released_reason = 'cancelled' where resource_id = $1";
    desk.sql.execute(sql, &[&id]).await?;
    move_to("RETIRED").await?.must()?;
    Ok(())
}
