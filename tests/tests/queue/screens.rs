//! What clerks, customers and screens see.

use serde_json::{Value, json};
use tests::{Client, Seen, Socket};

use super::Hall;

const BOARD: &str = "subscription($queueId: ID!, $after: String) { board: queueBoard(queueId: $queueId, after: $after) {
    cursor snapshot { id status ticket { displayNumber } } upserts { id status ticket { displayNumber } } removed } }";
const MINE: &str = "subscription($t: String!) { board: myPosition(ticketToken: $t) {
    cursor snapshot { id number status position servicePoint } upserts { id number status position servicePoint } removed } }";
const DISPLAY: &str = "subscription($d: ID!, $t: String) { board: displayFeed(displayId: $d, token: $t) {
    cursor snapshot { id number name kind servicePoint isOpen } upserts { id number name kind servicePoint isOpen } removed } }";

#[tokio::test]
async fn a_queue_board_follows_its_entries() -> anyhow::Result<()> {
    let hall = Hall::open(4, 1, json!({})).await?;
    let mut socket = Socket::open(&hall.owner).await?;
    socket
        .subscribe(BOARD, json!({ "queueId": hall.queue }))
        .await?;
    let mut seen = Seen::default();
    seen.take(&socket.update().await?)?;
    let entry = hall.join(json!({})).await?["queueEntry"].clone();
    let id = entry["id"].as_str().unwrap_or_default().to_owned();
    socket
        .until(&mut seen, |seen| seen.rows.contains_key(&id))
        .await?;
    hall.called(0).await?;
    socket
        .until(&mut seen, |seen| seen.rows[&id]["status"] == "CALLED")
        .await?;
    hall.step("queueEntryStart", &entry, json!({}))
        .await?
        .must()?;
    hall.step("queueEntryFinish", &entry, json!({}))
        .await?
        .must()?;
    socket
        .until(&mut seen, |seen| !seen.rows.contains_key(&id))
        .await?;
    let other = hall.world.owner().await?;
    let mut socket = Socket::open(&other).await?;
    socket
        .subscribe(BOARD, json!({ "queueId": hall.queue }))
        .await?;
    let refused = socket.receive().await?;
    assert_eq!(refused["payload"][0]["extensions"]["code"], "NOT_FOUND");
    Ok(())
}

const DESKS: &str = "subscription($l: ID!) { board: deskStatus(locationId: $l) {
    cursor snapshot { id status currentMemberId } upserts { id status currentMemberId } removed } }";

#[tokio::test]
async fn desks_are_watched_by_who_may() -> anyhow::Result<()> {
    let hall = Hall::open(5, 1, json!({})).await?;
    let of = json!({ "l": hall.location });
    let mut socket = Socket::open(&hall.owner).await?;
    socket.subscribe(DESKS, of.clone()).await?;
    let mut seen = Seen::default();
    seen.take(&socket.update().await?)?;
    let desk = &hall.desks[0];
    let owner = super::member(&hall.owner).await?;
    let staffed = json!({ "id": desk, "status": "STAFFED", "currentMemberId": owner });
    assert_eq!(seen.rows.values().collect::<Vec<_>>(), [&staffed]);
    for (verb, status) in [
        ("servicePointBreak", "ON_BREAK"),
        ("servicePointResume", "STAFFED"),
        ("servicePointClose", "CLOSED"),
    ] {
        let input = json!({ "id": desk });
        hall.owner.act(verb, input, "servicePoint { id }").await?;
        socket
            .until(&mut seen, |seen| seen.rows[desk]["status"] == status)
            .await?;
    }
    let second = hall.desk(&[&hall.queue]).await?;
    socket
        .until(&mut seen, |seen| seen.rows.contains_key(&second))
        .await?;
    assert_eq!((seen.snapshots, seen.doubles), (1, 0));
    let other = hall.world.owner().await?;
    let kitchen = hall.world.staff(&hall.owner, "kitchen", &[]).await?;
    for (stranger, code) in [(&other, "NOT_FOUND"), (&kitchen, "FORBIDDEN")] {
        let mut socket = Socket::open(stranger).await?;
        socket.subscribe(DESKS, of.clone()).await?;
        let refused = socket.receive().await?;
        assert_eq!(refused["payload"][0]["extensions"]["code"], code);
    }
    Ok(())
}

/// Somebody joins by the code of the queue, without signing in.
async fn joined(hall: &Hall, name: &str) -> anyhow::Result<Value> {
    let query = "query($q: ID!) { queueJoinCode(queueId: $q) }";
    let answer = hall
        .owner
        .graphql(query, json!({ "q": hall.queue }))
        .await?
        .must()?;
    let code = answer.data("/queueJoinCode").clone();
    let anonymous = hall.world.anonymous();
    let input = json!({ "code": code, "channel": "QR", "name": name });
    let joined = anonymous
        .act("queueJoinOnline", input, "number position ticketToken")
        .await?;
    let forged = json!({ "code": format!("{}x", code.as_str().unwrap_or_default()) });
    anonymous
        .verb("queueJoinOnline", forged, "number")
        .await?
        .must_refuse("CODE_INVALID")?;
    Ok(joined)
}

#[tokio::test]
async fn a_customer_sees_their_place_and_leaves_without_signing_in() -> anyhow::Result<()> {
    let hall = Hall::open(4, 1, json!({})).await?;
    hall.join(json!({})).await?;
    let joined = joined(&hall, "Ana").await?;
    assert_eq!(
        (&joined["number"], &joined["position"]),
        (&json!("A002"), &json!(2))
    );
    let anonymous = hall.world.anonymous();
    let token = &joined["ticketToken"];
    let mut socket = Socket::open(&anonymous).await?;
    socket.subscribe(MINE, json!({ "t": token })).await?;
    let mut seen = Seen::default();
    seen.take(&socket.update().await?)?;
    let mine = |seen: &Seen| seen.rows.values().next().cloned().unwrap_or(Value::Null);
    assert_eq!(mine(&seen)["position"], 2);
    let first = hall.called(0).await?;
    socket
        .until(&mut seen, |seen| mine(seen)["position"] == 1)
        .await?;
    hall.step("queueEntryLeave", &first, json!({}))
        .await?
        .must()?;
    hall.called(0).await?;
    socket
        .until(&mut seen, |seen| mine(seen)["status"] == "CALLED")
        .await?;
    assert!(
        mine(&seen)["servicePoint"]
            .as_str()
            .is_some_and(|desk| desk.starts_with("Desk"))
    );
    let leave = json!({ "ticketToken": token });
    anonymous
        .act("queueLeaveOnline", leave.clone(), "left")
        .await?;
    socket
        .until(&mut seen, |seen| mine(seen)["status"] == "LEFT")
        .await?;
    anonymous
        .verb("queueLeaveOnline", leave, "left")
        .await?
        .must_refuse("WRONG_STATUS")?;
    let wrong = json!({ "ticketToken": "biz_01m7zmmph1e6j80zhyda714z8t.nonsense" });
    anonymous
        .verb("queueLeaveOnline", wrong, "left")
        .await?
        .must_refuse("TOKEN_INVALID")?;
    socket.subscribe(MINE, json!({ "t": "nonsense" })).await?;
    assert_eq!(
        socket.receive().await?["payload"][0]["extensions"]["code"],
        "NOT_FOUND"
    );
    Ok(())
}

/// E-72: an announcement is never overwritten by the next.
#[tokio::test]
async fn e72_a_display_shows_every_call_in_order_and_no_names() -> anyhow::Result<()> {
    let hall = Hall::open(4, 2, json!({})).await?;
    let input = json!({ "locationId": hall.location, "name": "Lobby" });
    let display = tests::hotel::made(&hall.owner, "queueDisplay", input).await?;
    let pair = json!({ "displayId": display, "queueId": hall.queue });
    hall.owner.act("queueDisplayQueueAdd", pair, "").await?;
    let code = hall
        .owner
        .act("queueDisplayCode", json!({ "id": display }), "code")
        .await?["code"]
        .clone();
    let anonymous = hall.world.anonymous();
    let paired = anonymous
        .act(
            "queueDisplayPair",
            json!({ "code": code }),
            "displayId token",
        )
        .await?;
    assert_eq!(paired["displayId"], json!(display));
    anonymous
        .verb("queueDisplayPair", json!({ "code": code }), "token")
        .await?
        .must_refuse("CODE_INVALID")?;
    let mut socket = Socket::open(&anonymous).await?;
    socket.subscribe(DISPLAY, json!({ "d": display })).await?;
    assert_eq!(
        socket.receive().await?["payload"][0]["extensions"]["code"],
        "NOT_FOUND"
    );
    socket
        .subscribe(DISPLAY, json!({ "d": display, "t": paired["token"] }))
        .await?;
    let mut seen = Seen::default();
    seen.take(&socket.update().await?)?;
    hall.join(json!({ "name": "Ana Secret" })).await?;
    hall.join(json!({ "name": "Rui Secret" })).await?;
    let first = hall.called(0).await?;
    hall.called(1).await?;
    hall.step("queueEntryRecall", &first, json!({}))
        .await?
        .must()?;
    socket.until(&mut seen, |seen| seen.rows.len() == 3).await?;
    // Who comes now is shown the same, the last call first: none took the place of another.
    let whole = snapshot(&anonymous, &display, &paired["token"]).await?;
    let calls = whole.as_array().into_iter().flatten();
    let calls: Vec<[&Value; 3]> = calls
        .map(|call| [&call["kind"], &call["number"], &call["name"]])
        .collect();
    let expected = [("RECALLED", "A001"), ("CALLED", "A002"), ("CALLED", "A001")];
    let expected = expected.map(|(kind, number)| [json!(kind), json!(number), Value::Null]);
    assert_eq!(calls, expected.each_ref().map(|call| call.each_ref()));
    for call in calls.iter().zip(whole.as_array().into_iter().flatten()) {
        let id = call.1["id"].as_str().unwrap_or_default();
        assert_eq!(seen.rows.get(id), Some(call.1));
    }
    Ok(())
}

/// What a display shows to whoever begins to look.
async fn snapshot(client: &Client, display: &str, token: &Value) -> anyhow::Result<Value> {
    let mut socket = Socket::open(client).await?;
    let variables = json!({ "d": display, "t": token });
    socket.subscribe(DISPLAY, variables).await?;
    Ok(socket.update().await?["snapshot"].clone())
}

/// Names are for everybody's eyes only where the display says so, and a screen that is paired anew
/// shuts out the former one.
#[tokio::test]
async fn a_display_shows_names_where_it_may_and_one_screen() -> anyhow::Result<()> {
    let hall = Hall::open(4, 1, json!({})).await?;
    let input = json!({ "locationId": hall.location, "name": "Lobby" });
    let display = tests::hotel::made(&hall.owner, "queueDisplay", input).await?;
    let pair = json!({ "displayId": display, "queueId": hall.queue });
    hall.owner.act("queueDisplayQueueAdd", pair, "").await?;
    let anonymous = hall.world.anonymous();
    let paired = async || -> anyhow::Result<Value> {
        let input = json!({ "id": display });
        let code = hall.owner.act("queueDisplayCode", input, "code").await?;
        let input = json!({ "code": code["code"] });
        let paired = anonymous.act("queueDisplayPair", input, "token").await?;
        Ok(paired["token"].clone())
    };
    let former = paired().await?;
    hall.join(json!({ "name": "Ana Pereira", "phone": "+351 910 000 000" }))
        .await?;
    hall.called(0).await?;
    let shown = snapshot(&anonymous, &display, &former).await?;
    assert_eq!(shown[0]["name"], Value::Null);
    let read = format!("{{ queueDisplay(id: \"{display}\") {{ version }} }}");
    let version = hall.owner.read(&read).await?["queueDisplay"]["version"].clone();
    let names = json!({ "id": display, "version": version, "showsNames": true });
    hall.owner
        .act("queueDisplayUpdate", names, "queueDisplay { id }")
        .await?;
    let shown = snapshot(&anonymous, &display, &former).await?;
    assert_eq!(shown[0]["name"], "Ana Pereira");
    let token = paired().await?;
    snapshot(&anonymous, &display, &token).await?;
    let mut socket = Socket::open(&anonymous).await?;
    for (display, token) in [(&display, &former), (&display, &json!("nonsense"))] {
        let variables = json!({ "d": display, "t": token });
        socket.subscribe(DISPLAY, variables).await?;
        let refused = socket.receive().await?;
        assert_eq!(refused["payload"][0]["extensions"]["code"], "NOT_FOUND");
    }
    Ok(())
}
