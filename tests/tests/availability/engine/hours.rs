//! Calendars over HTTP: what they open and close.

use super::{Shop, with};
use serde_json::json;
use tests::hotel::made;

/// A shop open from nine to five, with one stylist; Monday 2027-06-07 follows.
async fn nine_to_five() -> anyhow::Result<(Shop, String)> {
    let shop = Shop::open().await?;
    shop.stylist(json!({})).await?;
    shop.publish().await?;
    let calendar = shop.open_from("Europe/Lisbon", "09:00", "17:00").await?;
    Ok((shop, calendar))
}

async fn count(shop: &Shop, day: &str) -> anyhow::Result<usize> {
    Ok(shop.listed(shop.days(day, day)).await?.len())
}

#[tokio::test]
async fn rules_of_weekdays_and_a_break() -> anyhow::Result<()> {
    let (shop, calendar) = nine_to_five().await?;
    assert_eq!(count(&shop, "2027-06-07").await?, 8);
    shop.rule(&calendar, "12:00", "13:00", json!({"effect": "CLOSED"}))
        .await?;
    assert_eq!(count(&shop, "2027-06-07").await?, 7);
    shop.rule(
        &calendar,
        "00:00",
        "23:59",
        json!({"effect": "CLOSED", "priority": 1, "rrule": "FREQ=WEEKLY;BYDAY=SA,SU"}),
    )
    .await?;
    assert_eq!(
        (
            count(&shop, "2027-06-05").await?,
            count(&shop, "2027-06-07").await?
        ),
        (0, 7)
    );
    Ok(())
}

#[tokio::test]
async fn holidays_full_and_half_of_a_calendar_that_is_followed() -> anyhow::Result<()> {
    let (shop, calendar) = nine_to_five().await?;
    let public = json!({"code": "PT", "name": "Portugal", "kind": "HOLIDAY", "timezone": "Europe/Lisbon", "defaultState": "OPEN"});
    let public = made(&shop.owner, "calendar", public).await?;
    for (day, kind) in [
        ("2027-06-07", "FULL"),
        ("2027-06-08", "HALF_AM"),
        ("2027-06-09", "HALF_PM"),
    ] {
        made(
            &shop.owner,
            "holiday",
            json!({"calendarId": public, "holidayOn": day, "name": "Day", "kind": kind}),
        )
        .await?;
    }
    assert_eq!(count(&shop, "2027-06-07").await?, 8);
    shop.bind(&public, ("Calendar", &calendar), json!({}))
        .await?;
    let counts = [
        count(&shop, "2027-06-07").await?,
        count(&shop, "2027-06-08").await?,
        count(&shop, "2027-06-09").await?,
    ];
    assert_eq!(counts, [0, 5, 3]);
    Ok(())
}

#[tokio::test]
async fn overlays_add_remove_and_replace() -> anyhow::Result<()> {
    let (shop, calendar) = nine_to_five().await?;
    for (effect, priority, day, from, to) in [
        ("ADD", 1, "2027-06-07", "18:00", "20:00"),
        ("REMOVE", 2, "2027-06-08", "09:00", "11:00"),
        ("REPLACE", 3, "2027-06-09", "10:00", "12:00"),
    ] {
        let next = format!("2027-06-{:02}", day[8..].parse::<u32>()? + 1);
        let overlay = json!({"calendarId": calendar, "name": effect, "effect": effect, "priority": priority, "startsOn": day, "endsOn": next});
        let overlay = made(&shop.owner, "calendarOverlay", overlay).await?;
        shop.rule(
            &calendar,
            from,
            to,
            json!({"calendarId": null, "overlayId": overlay}),
        )
        .await?;
    }
    let counts = [
        count(&shop, "2027-06-07").await?,
        count(&shop, "2027-06-08").await?,
        count(&shop, "2027-06-09").await?,
        count(&shop, "2027-06-10").await?,
    ];
    assert_eq!(counts, [10, 6, 2, 8]);
    Ok(())
}

#[tokio::test]
async fn a_binding_of_higher_priority_decides_while_it_holds() -> anyhow::Result<()> {
    let (shop, _) = nine_to_five().await?;
    let summer =
        json!({"code": "SUMMER", "name": "Summer", "kind": "OPENING", "timezone": "Europe/Lisbon"});
    let summer = made(&shop.owner, "calendar", summer).await?;
    shop.rule(&summer, "08:00", "10:00", json!({})).await?;
    let location = shop.location.clone();
    shop.bind(&summer, ("Location", &location), json!({"priority": 5, "startsAt": "2027-07-01T00:00:00+01:00", "endsAt": "2027-08-01T00:00:00+01:00"})).await?;
    let counts = [
        count(&shop, "2027-06-30").await?,
        count(&shop, "2027-07-01").await?,
        count(&shop, "2027-08-01").await?,
    ];
    assert_eq!(counts, [8, 2, 8]);
    Ok(())
}

#[tokio::test]
async fn offer_service_place_and_person_must_all_be_open() -> anyhow::Result<()> {
    let (shop, _) = nine_to_five().await?;
    let person = shop.search(shop.days("2027-06-07", "2027-06-07")).await?["resources"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let (offer, service) = (shop.offer.clone(), shop.service.clone());
    for (kind, id, from, to) in [
        ("Offer", offer, "10:00", "16:00"),
        ("Service", service, "11:00", "18:00"),
        ("Resource", person, "08:00", "15:00"),
    ] {
        let calendar = shop
            .calendar("Europe/Lisbon", (kind, &id), json!({}))
            .await?;
        shop.rule(&calendar, from, to, json!({})).await?;
    }
    let listed = shop.listed(shop.days("2027-06-07", "2027-06-07")).await?;
    assert_eq!(
        listed,
        ["10", "11", "12", "13"].map(|hour| format!("2027-06-07T{hour}:00:00Z"))
    );
    Ok(())
}

/// A rule that looks like one but cannot be read sells nothing, and says so.
#[tokio::test]
async fn a_rule_that_cannot_be_read_closes() -> anyhow::Result<()> {
    let (shop, calendar) = nine_to_five().await?;
    let rule = shop
        .rule(
            &calendar,
            "18:00",
            "19:00",
            json!({"rrule": "FREQ=YEARLY;BYMONTH=99"}),
        )
        .await?;
    assert_eq!(count(&shop, "2027-06-07").await?, 0);
    let why = shop.why("2027-06-07T10:00:00Z").await?;
    assert_eq!(why["blockers"][0]["causeId"], json!(rule), "{why}");
    Ok(())
}

#[tokio::test]
async fn the_business_day_is_that_of_the_cutoff() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    shop.sql
        .batch_execute(&format!(
            "update core.locations set business_day_cutoff = '04:00' where biz_id = '{}'",
            shop.owner.biz_id
        ))
        .await?;
    shop.stylist(json!({})).await?;
    shop.publish().await?;
    let found = shop
        .search(with(
            shop.days("2027-01-10", "2027-01-10"),
            json!({"first": 6}),
        ))
        .await?;
    let days: Vec<&str> = found["slots"]
        .as_array()
        .unwrap()
        .iter()
        .map(|slot| slot["businessDate"].as_str().unwrap())
        .collect();
    assert_eq!(
        days,
        [
            "2027-01-09",
            "2027-01-09",
            "2027-01-09",
            "2027-01-09",
            "2027-01-10",
            "2027-01-10"
        ]
    );
    assert_eq!(found["hasMore"], json!(true));
    Ok(())
}
