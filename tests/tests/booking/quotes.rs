//! Quotes: what is promised is charged, in time, once.

use chrono::{Duration, NaiveTime};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::Answer;
use tests::hotel::{id_of, soon};

use super::resources::Room;
use super::{Desk, with};

const QUOTE: &str = "quote { id number status totalMinor version convertedOrderId }";

impl Room {
    /// A draft for an hour of the room, with a bottle of wine.
    async fn draft(&self, from: i64, more: Value) -> anyhow::Result<Answer> {
        let time = self.use_(from, 60);
        let sellable = &self.desk.hotel.sellable;
        let input = json!({
            "locationId": self.desk.hotel.location, "kind": "APPOINTMENT", "startsAt": time["startsAt"], "endsAt": time["endsAt"],
            "lines": [{"sellableId": sellable, "unitPrice": "60"}, {"sellableId": sellable, "quantity": "2", "unitPrice": "12.505"}],
            "discount": {"amount": "5", "currency": "EUR"},
        });
        let owner = &self.desk.hotel.owner;
        owner.verb("quoteCreate", with(input, more), QUOTE).await
    }

    async fn step(&self, name: &str, quote: &Value, more: Value) -> anyhow::Result<Answer> {
        let input = with(json!({"id": quote["id"]}), more);
        let select = if name == "quoteConvert" {
            format!("{QUOTE} bookingOrder {{ id status totalMinor baseMinor discountMinor }}")
        } else {
            QUOTE.to_owned()
        };
        self.desk.hotel.owner.verb(name, input, &select).await
    }

    /// A quote that the customer accepted.
    async fn accepted(&self, from: i64) -> anyhow::Result<Value> {
        let quote = self.draft(from, json!({})).await?.must()?.payload()["quote"].clone();
        for name in ["quoteSend", "quoteAccept"] {
            self.step(name, &quote, json!({})).await?.must()?;
        }
        Ok(quote)
    }
}

#[tokio::test]
async fn what_was_quoted_is_what_is_charged() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let quote = room.accepted(600).await?;
    assert_eq!(quote["totalMinor"], 6_000 + 2_501 - 500);
    let resource = json!({"resourceId": room.resource});
    let done = room
        .step("quoteConvert", &quote, resource.clone())
        .await?
        .must()?;
    let order = &done.payload()["bookingOrder"];
    assert_eq!(
        (
            &order["status"],
            &order["totalMinor"],
            &order["baseMinor"],
            &order["discountMinor"]
        ),
        (
            &json!("CONFIRMED"),
            &json!(8_001),
            &json!(8_501),
            &json!(500)
        )
    );
    assert_eq!(done.payload()["quote"]["convertedOrderId"], order["id"]);
    room.step("quoteConvert", &quote, resource)
        .await?
        .must_refuse("WRONG_STATUS")?;
    room.desk.must_agree().await
}

/// Of those who convert at once one does, and who comes for a time that is taken is told so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn e01_a_quote_becomes_one_booking_and_only_where_its_time_is_free() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let (one, other) = (room.accepted(600).await?, room.accepted(630).await?);
    let resource = json!({"resourceId": room.resource});
    let answers =
        join_all((0..16).map(|_| room.step("quoteConvert", &one, resource.clone()))).await;
    let mut done = 0;
    for answer in answers {
        let answer = answer?;
        match answer.user_code() {
            None => done += 1,
            code => assert_eq!(code, Some("WRONG_STATUS"), "{}", answer.body),
        }
    }
    assert_eq!(done, 1);
    room.step("quoteConvert", &other, resource)
        .await?
        .must_refuse("SLOT_TAKEN")?;
    room.step("quoteConvert", &other, json!({}))
        .await?
        .must_refuse("INCOMPLETE")?;
    room.desk.must_agree().await
}

/// E-92: the machine, by verbs.
#[tokio::test]
async fn e92_every_verb_on_a_quote_of_every_status() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let desk = &room.desk;
    let reason = json!({"reason": "x"});
    let resource = json!({"resourceId": room.resource});
    let verbs: [(&str, &Value, &[&str]); 5] = [
        ("quoteSend", &json!({}), &["draft"]),
        ("quoteAccept", &json!({}), &["sent"]),
        ("quoteReject", &reason, &["sent"]),
        ("quoteWithdraw", &reason, &["draft", "sent", "accepted"]),
        ("quoteConvert", &resource, &["accepted"]),
    ];
    let paths: [(&str, &[&str]); 7] = [
        ("draft", &[]),
        ("sent", &["quoteSend"]),
        ("accepted", &["quoteSend", "quoteAccept"]),
        ("rejected", &["quoteSend", "quoteReject"]),
        ("withdrawn", &["quoteWithdraw"]),
        ("converted", &["quoteSend", "quoteAccept", "quoteConvert"]),
        ("expired", &["quoteSend"]),
    ];
    let mut hour = 0;
    for (status, path) in paths {
        for (name, input, from) in &verbs {
            hour += 60;
            let quote = room.draft(hour, json!({})).await?.must()?.payload()["quote"].clone();
            for step in path {
                let given = verbs
                    .iter()
                    .find(|(verb, ..)| verb == step)
                    .map_or(&reason, |(_, given, _)| given);
                room.step(step, &quote, with((*given).clone(), json!({})))
                    .await?
                    .must()?;
            }
            if status == "expired" {
                let id = tests::actor::uuid(&quote["id"])?;
                desk.sql
                    .execute(
                        "update booking.quotes set status = 'expired' where id = $1",
                        &[&id],
                    )
                    .await?;
            }
            let answer = room
                .step(
                    name,
                    &quote,
                    with((*input).clone(), json!({"dryRun": true})),
                )
                .await?;
            if from.contains(&status) {
                answer.must()?;
                continue;
            }
            let code = answer.user_code();
            let expected = matches!(code, Some("WRONG_STATUS" | "EXPIRED"));
            assert!(expected, "{name} on {status}: {}", answer.body);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_quote_is_accepted_while_it_is_valid_and_expires_by_the_clock_and_the_job()
-> anyhow::Result<()> {
    let mut room = Room::open(Desk::open().await?).await?;
    let until = soon(-50).and_time(NaiveTime::MIN).and_utc();
    let quote = room
        .draft(600, json!({"validUntil": until}))
        .await?
        .must()?;
    let quote = quote.payload()["quote"].clone();
    room.step("quoteSend", &quote, json!({})).await?.must()?;
    room.desk.at(until + Duration::seconds(1)).await?;
    room.step("quoteAccept", &quote, json!({}))
        .await?
        .must_refuse("EXPIRED")?;
    assert_eq!(room.desk.world.run_job("expire_quotes").await?, 1);
    assert_eq!(room.desk.world.run_job("expire_quotes").await?, 0);
    let status = room
        .step("quoteReject", &quote, json!({"reason": "x"}))
        .await?;
    status.must_refuse("WRONG_STATUS")?;
    let told = "select count(*) from core.outbox_events where topic = 'quote.expired'";
    assert_eq!(
        room.desk
            .sql
            .query_one(told, &[])
            .await?
            .try_get::<_, i64>(0)?,
        1
    );
    Ok(())
}

#[tokio::test]
async fn e91_quotes_that_make_no_sense_are_refused_at_their_field() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let sellable = &room.desk.hotel.sellable;
    let line = |more: Value| json!({"lines": [with(json!({"sellableId": sellable, "unitPrice": "1"}), more)], "discount": null});
    let past = soon(-70).and_time(NaiveTime::MIN).and_utc();
    for (change, code, field) in [
        (json!({"lines": []}), "INVALID_LINES", "lines"),
        (line(json!({"quantity": "0"})), "INVALID_QUANTITY", "lines"),
        (line(json!({"unitPrice": "-1"})), "INVALID_PRICE", "lines"),
        (
            line(json!({"discount": {"amount": "1", "currency": "JPY"}})),
            "WRONG_CURRENCY",
            "lines",
        ),
        (json!({"validUntil": past}), "INVALID_DATES", "validUntil"),
        (json!({"partySize": 0}), "INVALID_QUANTITY", "partySize"),
    ] {
        let answer = room.draft(600, change.clone()).await?;
        assert_eq!(answer.user_code(), Some(code), "{change}: {}", answer.body);
        let named = answer.user_errors()[0]["field"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        assert!(named.contains(&json!(field)), "{change}: {}", answer.body);
    }
    let quote = room.accepted(600).await?;
    let stranger = room.desk.world.owner().await?;
    stranger
        .verb(
            "quoteWithdraw",
            json!({"id": quote["id"], "reason": "x"}),
            QUOTE,
        )
        .await?
        .must_fail("NOT_FOUND")?;
    let stale = json!({"reason": "x", "expectedVersion": 99});
    room.step("quoteWithdraw", &quote, stale)
        .await?
        .must_fail("CONFLICT")?;
    // One that takes its place withdraws it.
    let next = room
        .draft(600, json!({"replacesId": quote["id"]}))
        .await?
        .must()?;
    assert_eq!(next.payload()["quote"]["status"], "DRAFT");
    room.step("quoteSend", &quote, json!({}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    assert!(id_of("bkqt", tests::actor::uuid(&quote["id"])?).starts_with("bkqt_"));
    Ok(())
}
