//! People are there when the roster says so, on the days on which it says anything.

use super::Shop;
use serde_json::json;
use tests::hotel::made;

const JUNE: (&str, &str) = ("2027-06-07", "2027-06-09");

async fn shift(shop: &Shop, person: &str, from: &str, to: &str) -> anyhow::Result<String> {
    let item = json!({"staffId": person, "day": "2027-06-08", "startsAt": from, "endsAt": to});
    let input = json!({"locationId": shop.location, "items": [item]});
    let planned = shop
        .owner
        .act("rosterPlan", input, "staffShifts { id }")
        .await?;
    Ok(super::text(&planned["staffShifts"][0]["id"]))
}

#[tokio::test]
async fn a_published_shift_is_when_somebody_can_be_booked_that_day() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    shop.open_from("UTC", "08:00", "20:00").await?;
    let resource = shop.stylist(json!({})).await?;
    let calendar = shop
        .calendar("UTC", ("Resource", &resource), json!({}))
        .await?;
    shop.rule(&calendar, "09:00", "11:00", json!({})).await?;
    shop.publish().await?;
    let person = json!({"number": "E1", "fullName": "Ana", "hiredOn": "2020-01-01", "resourceId": resource, "homeLocationId": shop.location});
    let person = made(&shop.owner, "staff", person).await?;
    let usual = [
        "2027-06-07T09:00:00Z",
        "2027-06-07T10:00:00Z",
        "2027-06-08T09:00:00Z",
        "2027-06-08T10:00:00Z",
        "2027-06-09T09:00:00Z",
        "2027-06-09T10:00:00Z",
    ];
    let listed = async || shop.listed(shop.days(JUNE.0, JUNE.1)).await;
    assert_eq!(listed().await?, usual);
    // Fourteen o'clock in Lisbon is thirteen in UTC.
    let shift = shift(&shop, &person, "14:00:00", "16:00:00").await?;
    assert_eq!(listed().await?, usual, "a draft is nobody's business yet");
    let publish = json!({"locationId": shop.location, "from": "2027-06-08", "until": "2027-06-09"});
    shop.owner
        .act("rosterPublish", publish, "staffShifts { id }")
        .await?;
    let rostered = [
        "2027-06-07T09:00:00Z",
        "2027-06-07T10:00:00Z",
        "2027-06-08T13:00:00Z",
        "2027-06-08T14:00:00Z",
        "2027-06-09T09:00:00Z",
        "2027-06-09T10:00:00Z",
    ];
    assert_eq!(listed().await?, rostered);
    let why = shop.why("2027-06-08T09:00:00Z").await?;
    let blockers = why.to_string();
    assert!(
        blockers.contains("ROSTER") && blockers.contains(&shift),
        "{blockers}"
    );
    // Called off, the person is not there that day.
    let cancel = json!({"id": shift, "reason": "Ill"});
    shop.owner
        .act("shiftCancel", cancel, "staffShift { id }")
        .await?;
    let without: Vec<&str> = usual
        .iter()
        .copied()
        .filter(|at| !at.contains("06-08"))
        .collect();
    assert_eq!(listed().await?, without);
    Ok(())
}
