//! Who is chosen: by type, category, group, tag and capability, in turn or by rank, one or several.

use super::{Shop, Sign, kinds, text, with};
use serde_json::{Value, json};
use tests::hotel::made;
use uuid::Uuid;

const DAY: &str = "2027-01-11";

async fn first(shop: &Shop) -> anyhow::Result<Value> {
    let found = shop
        .search(with(shop.days(DAY, DAY), json!({"first": 1})))
        .await?;
    Ok(found["slots"][0].clone())
}

#[tokio::test]
async fn a_group_is_ranked_and_membership_ends() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let (one, two) = (
        shop.stylist(json!({})).await?,
        shop.stylist(json!({})).await?,
    );
    let group = made(
        &shop.owner,
        "resourceGroup",
        json!({"code": "G", "name": "Group"}),
    )
    .await?;
    made(
        &shop.owner,
        "resourceGroupMember",
        json!({"groupId": group, "resourceId": one, "priority": 2}),
    )
    .await?;
    made(
        &shop.owner,
        "resourceGroupMember",
        json!({"groupId": group, "resourceId": two, "priority": 1, "endsOn": "2027-01-12"}),
    )
    .await?;
    let chair = shop
        .component("senior", ", duration_minutes", ", 60")
        .await?;
    shop.sql
        .batch_execute(&format!(
            "update catalog.offer_components set removed_at = now() where id = '{}'",
            shop.component
        ))
        .await?;
    shop.select(chair, "group", "resource_group_id", &group, "ranked")
        .await?;
    shop.publish().await?;
    let slot = first(&shop).await?;
    assert_eq!(slot["components"][0]["resourceIds"], json!([two, one]));
    assert_eq!(slot["picks"][0]["resourceId"], json!(two));
    let later = shop
        .search(with(
            shop.days("2027-01-12", "2027-01-12"),
            json!({"first": 1}),
        ))
        .await?;
    assert_eq!(
        later["slots"][0]["components"][0]["resourceIds"],
        json!([one])
    );
    Ok(())
}

#[tokio::test]
async fn a_capability_lapses() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let one = shop.stylist(json!({})).await?;
    let licence = made(
        &shop.owner,
        "capabilityTemplate",
        json!({"code": "L", "name": "Licence", "kind": "LICENCE"}),
    )
    .await?;
    let had = json!({"resourceId": one, "templateId": licence, "level": 2, "startsOn": "2026-01-01", "endsOn": "2027-01-12"});
    let had = made(&shop.owner, "capabilityAssignment", had).await?;
    let driver = shop
        .component("driver", ", duration_minutes", ", 60")
        .await?;
    shop.sql
        .batch_execute(&format!(
            "update catalog.offer_components set removed_at = now() where id = '{}'",
            shop.component
        ))
        .await?;
    shop.select(
        driver,
        "capability",
        "capability_template_id",
        &licence,
        "round_robin",
    )
    .await?;
    shop.publish().await?;
    assert_eq!(shop.listed(shop.days(DAY, "2027-01-12")).await?.len(), 24);
    let why = shop.why("2027-01-12T10:00:00Z").await?;
    assert_eq!(
        kinds(&why["components"][0]["blockers"]),
        ["CAPABILITY"],
        "{why}"
    );
    assert_eq!(why["changeSets"][0]["changes"][0]["causeId"], json!(had));
    // A booking that would end after it has lapsed is refused as well.
    assert_eq!(why["changeSets"][0]["changes"][0]["remedy"], json!("RENEW"));
    let update = json!({"id": had, "version": 1, "endsOn": "2028-01-01"});
    shop.owner
        .act(
            "capabilityAssignmentUpdate",
            update,
            "capabilityAssignment { id }",
        )
        .await?;
    assert_eq!(shop.listed(shop.days(DAY, "2027-01-12")).await?.len(), 48);
    Ok(())
}

#[tokio::test]
async fn turns_go_round_and_load_is_shared() -> anyhow::Result<()> {
    for (strategy, expected) in [("round_robin", 3), ("least_loaded", 3)] {
        let shop = Shop::with(Sign {
            strategy,
            ..Sign::default()
        })
        .await?;
        for _ in 0..3 {
            shop.stylist(json!({})).await?;
        }
        shop.publish().await?;
        let mut picked = Vec::new();
        for hour in 8..11 {
            let found = shop
                .search(with(
                    shop.days(DAY, DAY),
                    json!({"first": 1, "after": format!("2027-01-11T{hour:02}:00:00Z")}),
                ))
                .await?;
            let slot = &found["slots"][0];
            picked.push(text(&slot["picks"][0]["resourceId"]));
            shop.book(slot).await?.must()?;
        }
        picked.sort();
        picked.dedup();
        assert_eq!(picked.len(), expected, "{strategy}");
    }
    Ok(())
}

#[tokio::test]
async fn all_of_a_collective_must_be_free() -> anyhow::Result<()> {
    let shop = Shop::with(Sign {
        strategy: "collective",
        ..Sign::default()
    })
    .await?;
    shop.stylist(json!({})).await?;
    let two = shop.stylist(json!({})).await?;
    shop.publish().await?;
    let slot = first(&shop).await?;
    assert_eq!(slot["picks"].as_array().unwrap().len(), 2);
    shop.take(&two, "2027-01-11T00:00:00Z", "2027-01-11T23:00:00Z", "")
        .await?;
    assert_eq!(
        shop.listed(shop.days(DAY, DAY)).await?,
        ["2027-01-11T23:00:00Z"]
    );
    Ok(())
}

/// A room for the whole of it, a stylist first and another hand after; nobody is in two places.
#[tokio::test]
async fn components_follow_each_other_and_nobody_is_in_two_places() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let kind = made(
        &shop.owner,
        "resourceType",
        json!({"code": "ROOM", "name": "Room", "kind": "ROOM"}),
    )
    .await?;
    let room = shop.component("room", ", sequence", ", 1").await?;
    shop.select(room, "type", "resource_type_id", &kind, "round_robin")
        .await?;
    let hand = shop
        .component("finish", ", sequence, duration_minutes", ", 2, 30")
        .await?;
    let stylists = shop.kind.clone();
    shop.select(hand, "type", "resource_type_id", &stylists, "round_robin")
        .await?;
    let beside = shop
        .component("assistant", ", sequence, duration_minutes", ", 2, 30")
        .await?;
    shop.select(beside, "type", "resource_type_id", &stylists, "round_robin")
        .await?;
    shop.publish().await?;
    let one = shop.stylist(json!({})).await?;
    shop.stylist(json!({"typeId": kind})).await?;
    // The two that run side by side need two.
    assert!(shop.listed(shop.days(DAY, DAY)).await?.is_empty());
    let two = shop.stylist(json!({})).await?;
    let slot = first(&shop).await?;
    let picks = slot["picks"].as_array().unwrap();
    assert_eq!(picks.len(), 4, "{slot}");
    assert_eq!(
        (text(&slot["startsAt"]), text(&slot["endsAt"])),
        (
            "2027-01-11T00:00:00Z".to_owned(),
            "2027-01-11T01:30:00Z".to_owned()
        )
    );
    let of = |component: Uuid| {
        picks
            .iter()
            .find(|pick| tests::actor::uuid(&pick["componentId"]).unwrap() == component)
            .unwrap()
    };
    assert_eq!(text(&of(room)["serviceEndsAt"]), "2027-01-11T01:30:00Z");
    assert_eq!(text(&of(hand)["serviceStartsAt"]), "2027-01-11T01:00:00Z");
    let both = [&of(hand)["resourceId"], &of(beside)["resourceId"]];
    assert!(
        both.contains(&&json!(one)) && both.contains(&&json!(two)),
        "{both:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_resource_of_its_own_pace() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let slow = shop.stylist(json!({})).await?;
    let own = json!({"resourceId": slow, "serviceId": shop.service, "durationOverrideMinutes": 90, "bufferAfterOverrideMinutes": 15, "isBookableOnline": false});
    made(&shop.owner, "serviceCapability", own).await?;
    shop.publish().await?;
    let slot = first(&shop).await?;
    assert_eq!(
        (
            text(&slot["endsAt"]),
            text(&slot["picks"][0]["blockedEndsAt"])
        ),
        (
            "2027-01-11T01:30:00Z".to_owned(),
            "2027-01-11T01:45:00Z".to_owned()
        )
    );
    // Customers do not get to choose it.
    assert!(
        shop.listed(with(shop.days(DAY, DAY), json!({"byStaff": false})))
            .await?
            .is_empty()
    );
    Ok(())
}

#[tokio::test]
async fn what_several_share_has_places() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let hall = shop
        .stylist(json!({"exclusive": false, "capacity": 10}))
        .await?;
    shop.publish().await?;
    let id = shop
        .take(
            &hall,
            "2027-01-11T10:00:00Z",
            "2027-01-11T11:00:00Z",
            ", units=, 7",
        )
        .await?;
    shop.sql
        .batch_execute(&format!(
            "update availability.allocations set exclusive = false where id = '{id}'"
        ))
        .await?;
    let for_party = async |party: i32| {
        shop.listed(with(shop.days(DAY, DAY), json!({"partySize": party})))
            .await
    };
    assert_eq!(
        (for_party(3).await?.len(), for_party(4).await?.len()),
        (24, 23)
    );
    let refused = shop.explain(json!({"offerId": shop.offer, "from": "2027-01-11T10:00:00Z", "byStaff": true, "partySize": 6})).await?;
    let blocker = &refused[0]["components"][0]["blockers"][0];
    assert_eq!(
        (&blocker["kind"], &blocker["shortBy"]),
        (&json!("CAPACITY"), &json!(3))
    );
    Ok(())
}
