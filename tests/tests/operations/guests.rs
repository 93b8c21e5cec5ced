//! The service desk without signing in: by a code one asks, by a token one follows.

use serde_json::{Value, json};
use tests::Answer;

use super::{Desk, category, room};

async fn code(desk: &Desk, of: Value) -> anyhow::Result<Value> {
    let question =
        "query($l: ID, $r: ID) { serviceRequestCode(locationId: $l, resourceId: $r) { code } }";
    let answer = desk.owner.graphql(question, of).await?.must()?;
    Ok(answer.data("/serviceRequestCode/code").clone())
}

async fn ask(desk: &Desk, code: &Value, kind: &str) -> anyhow::Result<Answer> {
    let input =
        json!({ "code": code, "kind": kind, "summary": "Two more towels", "channel": "IN_ROOM" });
    let anonymous = desk.world.anonymous();
    anonymous
        .verb("serviceRequestCreateOnline", input, "number token")
        .await
}

async fn seen(desk: &Desk, token: &Value) -> anyhow::Result<Value> {
    let question = "query($t: String!) { serviceRequestTracking(token: $t) { number status resolution rating messages { body byStaff } } }";
    let answer = desk
        .world
        .anonymous()
        .graphql(question, json!({ "t": token }))
        .await?
        .must()?;
    Ok(answer.data("/serviceRequestTracking").clone())
}

async fn say(desk: &Desk, verb: &str, input: Value) -> anyhow::Result<Answer> {
    let verb = format!("serviceRequest{verb}Online");
    desk.world.anonymous().verb(&verb, input, "status").await
}

/// The row of the newest request.
async fn newest(desk: &Desk) -> anyhow::Result<Value> {
    let query = "{ serviceRequests(first: 1, orderBy: [{requestedAt: DESC}]) { nodes { id channel status resourceId } } }";
    let data = desk.owner.read(query).await?;
    Ok(data["serviceRequests"]["nodes"][0].clone())
}

/// A request that a guest made from their room: its token and its row.
async fn asked(desk: &Desk) -> anyhow::Result<(Value, Value)> {
    category(
        &desk.owner,
        json!({ "code": "TOWELS", "needsResource": true }),
    )
    .await?;
    category(&desk.owner, json!({ "code": "SECRET", "isPublic": false })).await?;
    let room = room(&desk.owner, &desk.location).await?;
    let of_room = code(desk, json!({ "r": room })).await?;
    let question = "query($c: String!) { serviceRequestKinds(code: $c) { code name } }";
    let kinds = desk
        .world
        .anonymous()
        .graphql(question, json!({ "c": of_room }))
        .await?
        .must()?;
    let kinds = kinds.data("/serviceRequestKinds").to_string();
    assert!(
        kinds.contains("TOWELS") && !kinds.contains("SECRET"),
        "{kinds}"
    );

    ask(desk, &of_room, "SECRET")
        .await?
        .must_refuse("UNKNOWN_KIND")?;
    let of_place = code(desk, json!({ "l": desk.location })).await?;
    ask(desk, &of_place, "TOWELS")
        .await?
        .must_refuse("RESOURCE_REQUIRED")?;
    let asked = ask(desk, &of_room, "TOWELS").await?.must()?;
    let token = asked.payload()["token"].clone();
    let request = newest(desk).await?;
    assert_eq!(
        (&request["channel"], &request["resourceId"]),
        (&json!("IN_ROOM"), &json!(room))
    );
    assert_eq!(seen(desk, &token).await?["status"], "NEW");
    Ok((token, request))
}

#[tokio::test]
async fn a_guest_asks_answers_reopens_and_rates() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    let (token, request) = asked(&desk).await?;
    desk.step("serviceRequestStart", &request, json!({}))
        .await?
        .must()?;
    desk.step(
        "serviceRequestWait",
        &request,
        json!({ "question": "Bath or hand towels?" }),
    )
    .await?
    .must()?;
    let note = json!({ "body": "Third time this week", "isPublic": false });
    desk.step("serviceRequestComment", &request, note)
        .await?
        .must()?;
    let answered = say(
        &desk,
        "Comment",
        json!({ "token": token, "body": "Bath towels" }),
    )
    .await?;
    assert_eq!(answered.must()?.payload()["status"], "IN_PROGRESS");
    let view = seen(&desk, &token).await?;
    assert_eq!(
        view["messages"],
        json!([{ "body": "Bath or hand towels?", "byStaff": true }, { "body": "Bath towels", "byStaff": false }])
    );

    say(&desk, "Rate", json!({ "token": token, "rating": 1 }))
        .await?
        .must_refuse("WRONG_STATUS")?;
    desk.go(&request, &["Resolve"]).await?;
    say(
        &desk,
        "Reopen",
        json!({ "token": token, "reason": "Only one came" }),
    )
    .await?
    .must()?;
    desk.go(&request, &["Start", "Resolve"]).await?;
    say(&desk, "Rate", json!({ "token": token, "rating": 0 }))
        .await?
        .must_refuse("RATING_INVALID")?;
    say(
        &desk,
        "Rate",
        json!({ "token": token, "rating": 5, "comment": "Thanks" }),
    )
    .await?
    .must()?;
    let view = seen(&desk, &token).await?;
    assert_eq!(
        (&view["status"], &view["rating"]),
        (&json!("RESOLVED"), &json!(5))
    );
    Ok(())
}

#[tokio::test]
async fn what_was_not_marked_by_us_opens_nothing() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    category(&desk.owner, json!({ "code": "TOWELS" })).await?;
    let good = code(&desk, json!({ "l": desk.location })).await?;
    let text = good.as_str().unwrap_or_default();
    let forged = format!("{}x", &text[..text.len() - 1]);
    for wrong in ["nonsense", &forged, ""] {
        ask(&desk, &json!(wrong), "TOWELS")
            .await?
            .must_refuse("CODE_INVALID")?;
        say(&desk, "Cancel", json!({ "token": wrong }))
            .await?
            .must_refuse("TOKEN_INVALID")?;
    }
    // A code to ask is no token to follow, and the other way round.
    say(&desk, "Cancel", json!({ "token": good }))
        .await?
        .must_refuse("TOKEN_INVALID")?;
    let token = ask(&desk, &good, "TOWELS").await?.must()?.payload()["token"].clone();
    ask(&desk, &token, "TOWELS")
        .await?
        .must_refuse("CODE_INVALID")?;
    let view = desk
        .world
        .anonymous()
        .graphql(
            "query($t: String!) { serviceRequestTracking(token: $t) { number } }",
            json!({ "t": good }),
        )
        .await?;
    view.must_fail("NOT_FOUND")?;
    Ok(())
}

#[tokio::test]
async fn a_guest_cancels_until_somebody_sees_to_it() -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    desk.policy("RESOLVE", 30, json!({})).await?;
    category(&desk.owner, json!({ "code": "TOWELS" })).await?;
    let of_place = code(&desk, json!({ "l": desk.location })).await?;
    let token = ask(&desk, &of_place, "TOWELS").await?.must()?.payload()["token"].clone();
    let request = newest(&desk).await?;
    say(&desk, "Cancel", json!({ "token": token }))
        .await?
        .must()?;
    assert_eq!(desk.clocks(&request).await?["RESOLVE"]["outcome"], "WAIVED");
    say(
        &desk,
        "Comment",
        json!({ "token": token, "body": "Still there?" }),
    )
    .await?
    .must_refuse("WRONG_STATUS")?;
    let token = ask(&desk, &of_place, "TOWELS").await?.must()?.payload()["token"].clone();
    let request = newest(&desk).await?;
    desk.go(&request, &["Start"]).await?;
    say(&desk, "Cancel", json!({ "token": token }))
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert_eq!(desk.world.breaks().await?, 0);
    Ok(())
}
