//! Who is refused a time when a booking is moved is told of others that would do.

use serde_json::{Value, json};

use super::places::School;
use super::resources::Room;
use super::{Desk, with};

const MOVED: &str = "bookingOrder { id } alternatives { startsAt endsAt resourceIds slotId }";

async fn moved(desk: &Desk, order: &Value, to: Value) -> anyhow::Result<tests::Answer> {
    let input = with(json!({"id": order["id"]}), to);
    desk.hotel
        .owner
        .verb("bookingReschedule", input, MOVED)
        .await
}

#[tokio::test]
async fn e01_who_cannot_move_to_a_time_is_told_the_nearest_that_are_free() -> anyhow::Result<()> {
    let room = Room::open(Desk::open().await?).await?;
    let desk = &room.desk;
    let order = desk.hotel.book(room.use_(600, 60)).await?;
    let other = desk.hotel.book(room.use_(720, 60)).await?;
    let told = moved(desk, &order, json!({"startsAt": other["startsAt"]})).await?;
    let told = told.must_refuse("SLOT_TAKEN")?;
    let others = told.payload()["alternatives"].as_array().cloned();
    let others = others.unwrap_or_default();
    assert_eq!(others.len(), 3, "{}", told.body);
    assert_eq!(others[0]["startsAt"], room.use_(660, 60)["startsAt"]);
    assert_eq!(others[0]["endsAt"], other["startsAt"]);
    assert_eq!(others[0]["resourceIds"], json!([room.resource]));
    for there in &others {
        let to = json!({"startsAt": there["startsAt"], "dryRun": true});
        moved(desk, &order, to).await?.must()?;
    }
    desk.must_agree().await
}

#[tokio::test]
async fn e01_who_finds_a_session_full_is_told_of_others_with_room() -> anyhow::Result<()> {
    let school = School::open().await?;
    let desk = &school.desk;
    let (own, full) = (school.session(9).await?, school.session(11).await?);
    let free = school.session(13).await?;
    let order = desk.hotel.book(school.class(&own, 2)).await?;
    desk.hotel.book(school.class(&full, 3)).await?;
    let told = moved(desk, &order, json!({"slotId": full})).await?;
    let told = told.must_refuse("SOLD_OUT")?;
    let others = &told.payload()["alternatives"];
    assert_eq!(others.as_array().map(Vec::len), Some(2), "{others}");
    assert!(
        others
            .as_array()
            .into_iter()
            .flatten()
            .any(|other| other["slotId"] == json!(free)),
        "{others}"
    );
    moved(desk, &order, json!({"slotId": free})).await?.must()?;
    desk.must_agree().await
}
