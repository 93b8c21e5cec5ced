//! What comes before what (E-77, invariant 24): work is not begun before its time.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::World;

use super::{Site, UNIT, with};

impl Site {
    async fn waits(
        &self,
        successor: &Value,
        predecessor: &Value,
        more: Value,
    ) -> anyhow::Result<tests::Answer> {
        let input = with(
            json!({ "successorId": successor["id"], "predecessorId": predecessor["id"] }),
            more,
        );
        self.owner()
            .verb("fulfillmentDependencyAdd", input, UNIT)
            .await
    }

    /// Work that is done, by whoever.
    async fn done(&self, unit: &Value) -> anyhow::Result<tests::Answer> {
        let person = self.person().await?;
        self.assign(unit, &person, json!({})).await?.must()?;
        self.moved("fulfillmentUnitStart", unit).await?;
        self.step("fulfillmentUnitComplete", unit, json!({})).await
    }
}

#[tokio::test]
async fn e77_inv24_work_is_ready_when_what_it_waits_for_is_done() -> anyhow::Result<()> {
    let site = Site::open().await?;
    let (first, second) = (
        site.planned(site.work(600)).await?,
        site.planned(site.work(600)).await?,
    );
    let waits = json!({ "waitsFor": [{ "id": first["id"] }, { "id": second["id"] }] });
    let last = site.planned(with(site.work(700), waits)).await?;
    assert_eq!(last["status"], "PLANNED");
    site.step("fulfillmentUnitReady", &last, json!({}))
        .await?
        .must_refuse("DEPENDENCIES_UNMET")?;
    let person = site.person().await?;
    // It may be given to somebody already; it is assigned when it is ready.
    let given = site.assign(&last, &person, json!({})).await?.must()?;
    assert_eq!(given.payload()["fulfillmentUnit"]["status"], "PLANNED");
    let done = site.done(&first).await?.must()?;
    assert_eq!(done.payload()["madeReady"], json!([]));
    let done = site.done(&second).await?.must()?;
    assert_eq!(
        done.payload()["madeReady"],
        json!([{ "id": last["id"], "status": "ASSIGNED" }])
    );
    assert_eq!(
        site.moved("fulfillmentUnitStart", &last).await?,
        "IN_PROGRESS"
    );
    Ok(())
}

/// Of two that end at once, the later sees the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv24_what_waits_for_many_that_end_at_once_is_ready_after_the_last() -> anyhow::Result<()>
{
    let site = Site::over(World::with_pool(16).await?).await?;
    let mut before = Vec::new();
    for _ in 0..16 {
        let unit = site.planned(json!({ "orderLineId": site.line })).await?;
        let person = site.person().await?;
        site.assign(&unit, &person, json!({})).await?.must()?;
        site.moved("fulfillmentUnitStart", &unit).await?;
        before.push(unit);
    }
    let waits: Vec<Value> = before
        .iter()
        .map(|unit| json!({ "id": unit["id"] }))
        .collect();
    let last = site
        .planned(json!({ "orderLineId": site.line, "waitsFor": waits }))
        .await?;
    assert_eq!(last["status"], "PLANNED");
    let answers = join_all(
        before
            .iter()
            .map(|unit| site.step("fulfillmentUnitComplete", unit, json!({}))),
    )
    .await;
    for answer in answers {
        answer?.must()?;
    }
    assert_eq!(site.status(&last).await?, "READY");
    Ok(())
}

#[tokio::test]
async fn work_that_begins_with_other_work_is_ready_when_that_begins() -> anyhow::Result<()> {
    let site = Site::open().await?;
    let first = site.planned(site.work(600)).await?;
    let waits =
        json!({ "waitsFor": [{ "id": first["id"], "kind": "START_START", "lagMinutes": 15 }] });
    let early = site
        .owner()
        .verb(
            "fulfillmentUnitPlan",
            with(site.work(610), waits.clone()),
            UNIT,
        )
        .await?;
    early.must_refuse("TOO_EARLY")?;
    let second = site.planned(with(site.work(615), waits)).await?;
    let person = site.person().await?;
    site.assign(&first, &person, json!({})).await?.must()?;
    let begun = site
        .step("fulfillmentUnitStart", &first, json!({}))
        .await?
        .must()?;
    assert_eq!(begun.payload()["madeReady"][0]["id"], second["id"]);
    Ok(())
}

#[tokio::test]
async fn nothing_waits_for_itself() -> anyhow::Result<()> {
    let site = Site::open().await?;
    let plan = || site.planned(json!({ "orderLineId": site.line }));
    let first = plan().await?;
    let chain =
        |before: &Value| json!({ "orderLineId": site.line, "waitsFor": [{ "id": before["id"] }] });
    let second = site.planned(chain(&first)).await?;
    let third = site.planned(chain(&second)).await?;
    site.waits(&second, &third, json!({}))
        .await?
        .must_refuse("CIRCLE")?;
    site.waits(&second, &second, json!({}))
        .await?
        .must_refuse("CIRCLE")?;
    site.waits(&second, &first, json!({}))
        .await?
        .must_refuse("ALREADY_WAITS")?;
    // What is ready does not wait for what is not done.
    site.waits(&first, &plan().await?, json!({}))
        .await?
        .must_refuse("ALREADY_BEGUN")?;
    let remove = |from: &Value, what: &Value| json!({ "successorId": from["id"], "predecessorId": what["id"] });
    let owner = site.owner();
    let free = owner
        .act("fulfillmentDependencyRemove", remove(&second, &first), UNIT)
        .await?;
    assert_eq!(free["fulfillmentUnit"]["status"], "READY");
    owner
        .verb("fulfillmentDependencyRemove", remove(&second, &first), UNIT)
        .await?
        .must_refuse("NOT_WAITING")?;
    let other = site.world.owner().await?;
    other
        .verb("fulfillmentDependencyRemove", remove(&third, &second), UNIT)
        .await?
        .must_fail("NOT_FOUND")?;
    other
        .verb("fulfillmentDependencyAdd", remove(&third, &first), UNIT)
        .await?
        .must_fail("NOT_FOUND")?;
    Ok(())
}

#[tokio::test]
async fn what_was_called_off_is_not_waited_for_and_what_failed_is() -> anyhow::Result<()> {
    let site = Site::open().await?;
    let (off, failed) = (
        site.planned(site.work(600)).await?,
        site.planned(site.work(600)).await?,
    );
    let waiting = |unit: &Value| {
        with(
            site.work(700),
            json!({ "waitsFor": [{ "id": unit["id"] }] }),
        )
    };
    let (free, waits) = (
        site.planned(waiting(&off)).await?,
        site.planned(waiting(&failed)).await?,
    );
    let done = site
        .step("fulfillmentUnitCancel", &off, json!({ "reason": "x" }))
        .await?
        .must()?;
    assert_eq!(done.payload()["madeReady"][0]["id"], free["id"]);
    site.step("fulfillmentUnitFail", &failed, json!({ "reason": "x" }))
        .await?
        .must()?;
    assert_eq!(site.status(&waits).await?, "PLANNED");
    Ok(())
}

#[tokio::test]
async fn nothing_more_is_planned_for_an_order_that_has_ended() -> anyhow::Result<()> {
    let site = Site::open().await?;
    let cancel = json!({ "id": site.order["id"], "reason": "ill" });
    site.owner()
        .act("bookingCancel", cancel, "bookingOrder { id }")
        .await?;
    site.owner()
        .verb("fulfillmentUnitPlan", site.work(600), UNIT)
        .await?
        .must_refuse("WRONG_STATUS")?;
    Ok(())
}
