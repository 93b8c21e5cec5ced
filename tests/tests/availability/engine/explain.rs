//! Why not: all that stands in the way, and changes that really open the time.

use super::{Shop, Sign, kinds, text, with};
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::made;
use uuid::Uuid;

const AT: &str = "2027-06-07T10:00:00Z";

/// Makes the changes of a set, each as its remedy says.
async fn apply(shop: &Shop, changes: &Value) -> anyhow::Result<()> {
    for change in changes.as_array().into_iter().flatten() {
        let id = uuid(&change["causeId"])?;
        match (change["remedy"].as_str().unwrap(), change["causeType"].as_str().unwrap()) {
            ("ARCHIVE", "AvailabilityRule") => archive(shop, "availabilityRule", &change["causeId"]).await?,
            ("ARCHIVE", "Holiday") => archive(shop, "holiday", &change["causeId"]).await?,
            ("OPEN", "Calendar") => drop(shop.rule(&text(&change["causeId"]), "00:00", "23:59", json!({"priority": 9})).await?),
            ("RELEASE", _) => run(shop, "update availability.allocations set status = 'released', expires_at = null, released_at = now(), released_reason = 'cancelled'", id).await?,
            ("LIFT", _) => run(shop, "update availability.blocks set status = 'lifted', lifted_at = now()", id).await?,
            ("FREE_OUTSIDE", _) => run(shop, "update availability.external_busy set removed_at = now()", id).await?,
            ("FINISH_WORK", _) => run(shop, "update resources.maintenance_work_orders set blocks_resource = false", id).await?,
            ("CHANGE_SERVICE", _) => run(shop, "update catalog.services set min_notice_minutes = 0, max_advance_days = null", id).await?,
            ("ADD_UNITS", "Resource") => run(shop, &format!("update resources.resources set capacity = capacity + {}", change["shortBy"]), id).await?,
            ("PUT_INTO_USE", _) => run(shop, "update resources.resources set lifecycle_status = 'active'", id).await?,
            other => anyhow::bail!("no way to make {other:?}"),
        }
    }
    Ok(())
}

async fn archive(shop: &Shop, entity: &str, id: &Value) -> anyhow::Result<()> {
    shop.owner
        .act(
            &format!("{entity}Archive"),
            json!({"id": id}),
            "userErrors { code }",
        )
        .await
        .map(drop)
}

async fn run(shop: &Shop, update: &str, id: Uuid) -> anyhow::Result<()> {
    Ok(shop
        .sql
        .batch_execute(&format!(
            "{update} where biz_id = '{}' and id = '{id}'",
            shop.owner.biz_id
        ))
        .await?)
}

/// Explains, makes the changes of the first set, and looks whether the time is listed.
async fn opens(shop: &Shop) -> anyhow::Result<Vec<String>> {
    let why = shop.why(AT).await?;
    let set = why["changeSets"][0]["changes"].clone();
    apply(shop, &set).await?;
    let left = shop.why(AT).await?;
    assert_eq!(left, Value::Null, "after {set}");
    let listed = shop
        .listed(with(
            shop.days("2027-06-07", "2027-06-07"),
            json!({"stepMinutes": 5, "first": 500}),
        ))
        .await?;
    assert!(listed.contains(&AT.to_owned()), "after {set}: {listed:?}");
    Ok(kinds(&set))
}

#[tokio::test]
async fn everything_at_once_is_told_and_undone() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let one = shop.stylist(json!({})).await?;
    shop.publish().await?;
    let calendar = shop.open_from("Europe/Lisbon", "14:00", "17:00").await?;
    shop.rule(
        &calendar,
        "10:30",
        "11:30",
        json!({"effect": "CLOSED", "priority": 1}),
    )
    .await?;
    shop.rule(&calendar, "09:00", "12:00", json!({"effect": "BLACKOUT"}))
        .await?;
    made(
        &shop.owner,
        "holiday",
        json!({"calendarId": calendar, "holidayOn": "2027-06-07", "name": "Day"}),
    )
    .await?;
    shop.take(&one, "2027-06-07T10:30:00Z", "2027-06-07T11:00:00Z", "")
        .await?;
    let resource = uuid(&json!(one))?;
    let (biz, location) = (shop.owner.biz_id, uuid(&json!(shop.location))?);
    shop.sql.batch_execute(&format!(
        "insert into availability.blocks (biz_id, id, resource_id, starts_at, ends_at) values ('{biz}', gen_random_uuid(), '{resource}', '2027-06-07T09:00Z', '2027-06-07T10:10Z'); \
         insert into availability.blocks (biz_id, id, location_id, starts_at, ends_at) values ('{biz}', gen_random_uuid(), '{location}', '2027-06-07T09:00Z', '2027-06-07T10:10Z'); \
         insert into availability.external_busy (biz_id, id, resource_id, source, external_uid, starts_at, ends_at) values ('{biz}', gen_random_uuid(), '{resource}', 'google', 'x', '2027-06-07T10:50Z', '2027-06-07T11:10Z')"
    )).await?;
    let why = shop.why(AT).await?;
    assert_eq!(
        kinds(&why["blockers"]),
        ["BLOCK", "CALENDAR", "HOLIDAY", "RULE", "RULE"],
        "{why}"
    );
    assert_eq!(
        kinds(&why["components"][0]["blockers"]),
        ["ALLOCATION", "BLOCK", "EXTERNAL_BUSY"],
        "{why}"
    );
    assert_eq!(opens(&shop).await?.len(), 8);
    Ok(())
}

/// Of several who are busy, the one with the fewest things in the way is to be freed.
#[tokio::test]
async fn the_smallest_set_is_told() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let (one, two) = (
        shop.stylist(json!({})).await?,
        shop.stylist(json!({})).await?,
    );
    shop.publish().await?;
    shop.take(&one, "2027-06-07T09:00:00Z", "2027-06-07T10:15:00Z", "")
        .await?;
    shop.take(&one, "2027-06-07T10:15:00Z", "2027-06-07T12:00:00Z", "")
        .await?;
    let only = shop
        .take(&two, "2027-06-07T09:00:00Z", "2027-06-07T12:00:00Z", "")
        .await?;
    let why = shop.why(AT).await?;
    assert_eq!(
        (
            &why["components"][0]["needed"],
            &why["components"][0]["free"]
        ),
        (&json!(1), &json!(0))
    );
    assert_eq!(
        why["components"][0]["blockers"].as_array().unwrap().len(),
        3
    );
    assert_eq!(why["changeSets"].as_array().unwrap().len(), 1, "{why}");
    assert_eq!(uuid(&why["changeSets"][0]["changes"][0]["causeId"])?, only);
    assert_eq!(opens(&shop).await?, ["ALLOCATION"]);
    Ok(())
}

#[tokio::test]
async fn notice_and_advance_are_told_to_customers() -> anyhow::Result<()> {
    let service = json!({"minNoticeMinutes": 600, "maxAdvanceDays": 3});
    let mut shop = Shop::with(Sign {
        service,
        ..Sign::default()
    })
    .await?;
    shop.stylist(json!({})).await?;
    shop.publish().await?;
    shop.world.clock.set("2027-06-07T06:00:00Z".parse()?);
    shop.owner = shop.world.again(&shop.owner).await?;
    for (at, kind) in [(AT, "NOTICE"), ("2027-06-12T10:00:00Z", "ADVANCE")] {
        let asked = json!({"offerId": shop.offer, "from": at});
        let refused = shop.explain(asked.clone()).await?;
        assert_eq!(kinds(&refused[0]["blockers"]), [kind]);
        // Staff may.
        assert!(
            shop.explain(with(asked, json!({"byStaff": true})))
                .await?
                .is_empty()
        );
    }
    let refused = shop
        .explain(json!({"offerId": shop.offer, "from": AT}))
        .await?;
    apply(&shop, &refused[0]["changeSets"][0]["changes"]).await?;
    assert!(
        shop.explain(json!({"offerId": shop.offer, "from": AT}))
            .await?
            .is_empty()
    );
    Ok(())
}

#[tokio::test]
async fn who_is_out_of_use_or_not_there_is_told() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    shop.publish().await?;
    let why = shop.why(AT).await?;
    assert_eq!(
        kinds(&why["components"][0]["blockers"]),
        ["NO_CANDIDATE"],
        "{why}"
    );
    let one = shop.stylist(json!({})).await?;
    let resting = json!({"id": one, "to": "OUT_OF_SERVICE", "reason": "ill"});
    shop.owner
        .act("resourceTransition", resting, "resource { id }")
        .await?;
    assert_eq!(opens(&shop).await?, ["OUT_OF_USE"]);
    Ok(())
}
