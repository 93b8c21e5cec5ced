//! Bookings that are moved: just where the search lists, unless somebody who may overrules it.

use chrono::Duration;
use serde_json::json;

use super::booked::salon;
use super::judged::{DAY, at};
use super::{with, written};

/// Every quarter of an hour of a day: a booking can be moved there just if the search lists it, with
/// what the booking itself takes left out.
#[tokio::test]
async fn e05_inv04_a_booking_can_be_moved_just_where_the_search_lists() -> anyhow::Result<()> {
    let (shop, stylists) = salon(1).await?;
    let one = &stylists[0];
    let order = shop
        .cut(&format!("{DAY}T10:00:00Z"), json!({}))
        .await?
        .must()?;
    let order = order.payload()["bookingOrder"].clone();
    shop.cut(&format!("{DAY}T13:00:00Z"), json!({}))
        .await?
        .must()?;
    shop.blocked(json!({"resourceId": one}), "15:00", "15:30")
        .await?;
    let asked = json!({
        "stepMinutes": 15, "first": 500, "resourceIds": [one], "shopper": {"orderIds": [order["id"]]},
    });
    let listed = shop.listed(with(shop.days(DAY, DAY), asked)).await?;
    assert!(listed.len() > 8, "{listed:?}");
    let first = at("08:00")?;
    let mut possible = Vec::new();
    for quarter in 0..44 {
        let to = written(first + Duration::minutes(15 * quarter));
        let dry = json!({"startsAt": to, "dryRun": true});
        let answer = shop.moves(&shop.owner, &order, dry).await?;
        match answer.user_code() {
            None => {
                answer.must()?;
                possible.push(to);
            }
            Some("CLOSED" | "SLOT_TAKEN") => {}
            Some(code) => anyhow::bail!("{to}: {code}: {}", answer.body),
        }
    }
    assert_eq!(possible, listed);
    Ok(())
}

/// E-14 of a move: whoever may, with a reason, moves to a time that is taken or closed, and it is seen.
#[tokio::test]
async fn e14_a_move_is_overruled_with_a_reason_or_the_booking_keeps_its_time() -> anyhow::Result<()>
{
    let (shop, _) = salon(1).await?;
    let order = shop
        .cut(&format!("{DAY}T10:00:00Z"), json!({}))
        .await?
        .must()?;
    let order = order.payload()["bookingOrder"].clone();
    shop.cut(&format!("{DAY}T13:00:00Z"), json!({}))
        .await?
        .must()?;
    let before = shop.taken(&order).await?;
    let to = json!({"startsAt": written(at("13:15")?)});
    shop.moves(&shop.owner, &order, to.clone())
        .await?
        .must_refuse("SLOT_TAKEN")?;
    assert_eq!(shop.taken(&order).await?, before);
    let over = with(to, json!({"overrideReason": "The mayor comes"}));
    let clerk = shop.clerk().await?;
    shop.moves(&clerk, &order, over.clone())
        .await?
        .must_refuse("OVERRIDE_REFUSED")?;
    let empty = with(over.clone(), json!({"overrideReason": " "}));
    shop.moves(&shop.owner, &order, empty)
        .await?
        .must_refuse("OVERRIDE_REFUSED")?;
    assert_eq!(shop.taken(&order).await?, before);
    let done = shop.moves(&shop.owner, &order, over).await?.must()?;
    assert_eq!(
        done.payload()["conflicts"][0]["queue"]["code"],
        "conflicts",
        "{}",
        done.body
    );
    let taken = shop.taken(&order).await?;
    assert_eq!(
        taken,
        [("13:15-13:55".to_owned(), "13:05-14:15".to_owned())]
    );
    // Closed as well; and back to where nothing stands in the way, it is a booking like others.
    let evening = json!({"startsAt": written(at("20:00")?)});
    shop.moves(&shop.owner, &order, evening.clone())
        .await?
        .must_refuse("CLOSED")?;
    let over = with(evening, json!({"overrideReason": "A late one"}));
    shop.moves(&shop.owner, &order, over).await?.must()?;
    let back = json!({"startsAt": written(at("16:00")?), "overrideReason": "Not needed"});
    let done = shop.moves(&shop.owner, &order, back).await?.must()?;
    assert_eq!(done.payload()["conflicts"], json!([]));
    let sql = "select count(*) from availability.allocations where override_by_id is not null and status in ('hold', 'firm')";
    assert_eq!(shop.sql.query_one(sql, &[]).await?.get::<_, i64>(0), 0);
    anyhow::ensure!(shop.world.breaks().await? == 0);
    Ok(())
}
