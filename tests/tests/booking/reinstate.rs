//! `bookingReinstate`: a no-show that came after all.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use tests::hotel::{made, soon};

use super::resources::Room;
use super::{Count, Desk, local, with};

const LISBON: chrono_tz::Tz = chrono_tz::Europe::Lisbon;

#[tokio::test]
async fn a_guest_who_comes_after_all_gets_what_is_left_of_the_stay() -> anyhow::Result<()> {
    let mut desk = Desk::with_rooms(1).await?;
    let order = desk.hotel.confirmed(soon(0), 3).await?;
    desk.at(local(LISBON, soon(0), "23:00:00")?).await?;
    desk.act("bookingMarkNoShow", &order, json!({})).await?;
    assert_eq!(desk.counts().await?, []);
    desk.verb("bookingReinstate", &order, json!({"reason": ""}))
        .await?
        .must_refuse("REASON_REQUIRED")?;
    // By the next morning the first night is over.
    desk.at(local(LISBON, soon(1), "09:00:00")?).await?;
    let back = desk
        .act(
            "bookingReinstate",
            &order,
            json!({"reason": "The flight was late."}),
        )
        .await?;
    assert_eq!(back["bookingOrder"]["status"], "CONFIRMED");
    let taken = Count {
        held: 0,
        occupied: 1,
    };
    assert_eq!(desk.counts().await?, [(soon(1), taken), (soon(2), taken)]);
    let data = desk
        .hotel
        .owner
        .read("{ fulfillmentUnits { nodes { status } } }")
        .await?;
    assert_eq!(
        data["fulfillmentUnits"]["nodes"],
        json!([{"status": "ASSIGNED"}])
    );
    desk.act("bookingCheckIn", &order, json!({})).await?;
    desk.must_agree().await
}

#[tokio::test]
async fn what_somebody_else_has_by_now_is_not_taken_back() -> anyhow::Result<()> {
    let mut desk = Desk::with_rooms(1).await?;
    let order = desk.hotel.confirmed(soon(0), 2).await?;
    desk.at(local(LISBON, soon(0), "22:00:00")?).await?;
    desk.verb("bookingReinstate", &order, json!({"reason": "x"}))
        .await?
        .must_refuse("WRONG_STATUS")?;
    desk.act("bookingMarkNoShow", &order, json!({})).await?;
    desk.hotel.confirmed(soon(1), 1).await?;
    desk.verb("bookingReinstate", &order, json!({"reason": "x"}))
        .await?
        .must_refuse("SOLD_OUT")?;
    assert_eq!(desk.status(&order).await?, "no_show");
    desk.must_agree().await
}

#[tokio::test]
async fn the_grace_of_the_policy_is_kept_on_both_sides() -> anyhow::Result<()> {
    let mut room = Room::open(Desk::open().await?).await?;
    let policy =
        json!({"name": "Grace", "locationId": room.desk.hotel.location, "noShowGraceMinutes": 10});
    made(&room.desk.hotel.owner, "bookingPolicy", policy).await?;
    let input = with(room.use_(600, 60), json!({"confirm": true}));
    let start: DateTime<Utc> = serde_json::from_value::<Value>(input["startsAt"].clone())?
        .as_str()
        .unwrap_or_default()
        .parse()?;
    let order = room.desk.hotel.book(input).await?;
    let minutes = |minutes| start + Duration::minutes(minutes);
    room.desk.at(minutes(9)).await?;
    let answer = room
        .desk
        .verb("bookingMarkNoShow", &order, json!({}))
        .await?;
    answer.must_refuse("TOO_EARLY")?;
    room.desk.at(minutes(11)).await?;
    room.desk
        .act("bookingMarkNoShow", &order, json!({}))
        .await?;
    // The history has the server's own time: the test looks from the start of the booking on.
    room.desk
        .act(
            "bookingReinstate",
            &order,
            json!({"reason": "x", "dryRun": true}),
        )
        .await
        .ok();
    room.desk.at(minutes(61)).await?;
    let answer = room
        .desk
        .verb("bookingReinstate", &order, json!({"reason": "x"}))
        .await?;
    answer.must_refuse("TOO_LATE")?;
    room.desk.must_agree().await
}
