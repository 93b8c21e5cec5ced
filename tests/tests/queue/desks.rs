//! Desks: who opens them, and whom they call.

use serde_json::json;

use super::Hall;

#[tokio::test]
async fn desks_are_opened_by_one_clerk_each() -> anyhow::Result<()> {
    let hall = Hall::open(3, 1, json!({})).await?;
    let second = hall.desk(&[&hall.queue]).await?;
    let open = |id: &str| json!({ "id": id });
    hall.owner
        .verb("servicePointOpen", open(&second), "servicePoint { id }")
        .await?
        .must_refuse("AT_ANOTHER_DESK")?;
    let input = json!({ "servicePointId": second });
    hall.owner
        .verb("queueCallNext", input, "queueEntry { id }")
        .await?
        .must_refuse("DESK_CLOSED")?;
    hall.join(json!({})).await?;
    hall.join(json!({})).await?;
    let called = hall.called(0).await?;
    hall.next(0).await?.must_refuse("DESK_BUSY")?;
    let close = open(&hall.desks[0]);
    hall.owner
        .verb("servicePointClose", close.clone(), "servicePoint { id }")
        .await?
        .must_refuse("STILL_SERVING")?;
    let put_back = hall.step("queueEntryPutBack", &called, json!({}));
    put_back.await?.must()?;
    hall.owner
        .act("servicePointClose", close.clone(), "servicePoint { id }")
        .await?;
    hall.owner
        .verb("servicePointClose", close, "servicePoint { id }")
        .await?
        .must_refuse("WRONG_STATUS")?;
    Ok(())
}

#[tokio::test]
async fn who_was_called_by_mistake_is_put_back_or_sent_away() -> anyhow::Result<()> {
    let hall = Hall::open(3, 1, json!({})).await?;
    hall.join(json!({})).await?;
    hall.join(json!({})).await?;
    let called = hall.called(0).await?;
    hall.step("queueEntryPutBack", &called, json!({}))
        .await?
        .must()?;
    assert_eq!(
        hall.called(0).await?["id"],
        called["id"],
        "put back where they stood"
    );
    hall.step("queueEntryCancel", &called, json!({ "reason": " " }))
        .await?
        .must_refuse("REASON_REQUIRED")?;
    hall.step(
        "queueEntryCancel",
        &called,
        json!({ "reason": "Wrong place" }),
    )
    .await?
    .must()?;
    // Who is on a break calls nobody.
    let desk = json!({ "id": hall.desks[0] });
    hall.owner
        .act("servicePointBreak", desk.clone(), "servicePoint { id }")
        .await?;
    hall.next(0).await?.must_refuse("DESK_CLOSED")?;
    hall.owner
        .act("servicePointResume", desk, "servicePoint { id }")
        .await?;
    hall.next(0).await?.must()?;
    Ok(())
}

#[tokio::test]
async fn a_desk_calls_from_its_own_queues_alone() -> anyhow::Result<()> {
    let hall = Hall::open(3, 1, json!({})).await?;
    let elsewhere = hall.queue(json!({})).await?;
    hall.join(json!({ "queueId": elsewhere })).await?;
    hall.next(0).await?.must_refuse("NOBODY_WAITING")?;
    let input = json!({ "servicePointId": hall.desks[0], "queueIds": [elsewhere] });
    hall.owner
        .verb("queueCallNext", input, "queueEntry { id }")
        .await?
        .must_refuse("NOT_SERVED_HERE")?;
    Ok(())
}
