//! Who does it: by name, by proposal, or by a strategy among those that are free.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::hotel::made;
use tests::{Answer, World};

use super::{Site, UNIT, with};

const ANSWERED: &str = "fulfillmentAssignment { id status acceptedAt } fulfillmentUnit { status }";
const FOUND: &str =
    "fulfillmentUnit { status } fulfillmentAssignments { resourceId status position }";

impl Site {
    async fn find(&self, unit: &Value, more: Value) -> anyhow::Result<Answer> {
        let input = with(json!({ "id": unit["id"], "role": "therapist" }), more);
        self.owner()
            .verb("fulfillmentAutoAssign", input, FOUND)
            .await
    }
}

#[tokio::test]
async fn a_role_is_given_once_and_nobody_is_in_two_places() -> anyhow::Result<()> {
    let site = Site::open().await?;
    let (unit, other) = (
        site.planned(site.work(600)).await?,
        site.planned(site.work(630)).await?,
    );
    let (paula, peter) = (site.person().await?, site.person().await?);
    let given = site.assign(&unit, &paula, json!({})).await?.must()?;
    assert_ne!(
        given.payload()["fulfillmentAssignment"]["allocationId"],
        Value::Null
    );
    site.assign(&unit, &peter, json!({}))
        .await?
        .must_refuse("ROLE_TAKEN")?;
    site.assign(&unit, &peter, json!({ "position": 2 }))
        .await?
        .must()?;
    site.assign(&other, &paula, json!({}))
        .await?
        .must_refuse("SLOT_TAKEN")?;
    let later = site.planned(site.work(660)).await?;
    site.assign(&later, &paula, json!({})).await?.must()?;
    site.sql.batch_execute("set app.reason = 'x'; update resources.resources set lifecycle_status = 'out_of_service'").await?;
    site.assign(&other, &peter, json!({}))
        .await?
        .must_refuse("NOT_BOOKABLE")?;
    let stranger = site.world.owner().await?;
    let input = json!({ "id": unit["id"], "resourceId": paula, "role": "x" });
    stranger
        .verb("fulfillmentAssign", input, UNIT)
        .await?
        .must_fail("NOT_FOUND")?;
    Ok(())
}

#[tokio::test]
async fn proposed_work_is_accepted_declined_or_taken_back() -> anyhow::Result<()> {
    let site = Site::open().await?;
    let (unit, paula) = (site.planned(site.work(600)).await?, site.person().await?);
    let owner = site.owner();
    let propose = async || {
        let made = site
            .assign(&unit, &paula, json!({ "proposed": true }))
            .await?
            .must()?;
        assert_eq!(made.payload()["fulfillmentUnit"]["status"], "READY");
        anyhow::Ok(json!({ "id": made.payload()["fulfillmentAssignment"]["id"] }))
    };
    let first = propose().await?;
    let no = owner
        .act("fulfillmentAssignmentDecline", first.clone(), ANSWERED)
        .await?;
    assert_eq!(no["fulfillmentAssignment"]["status"], "DECLINED");
    for verb in ["Accept", "Decline", "Release"] {
        let again = owner
            .verb(
                &format!("fulfillmentAssignment{verb}"),
                first.clone(),
                ANSWERED,
            )
            .await?;
        again.must_refuse("WRONG_STATUS")?;
    }
    let second = propose().await?;
    let yes = owner
        .act("fulfillmentAssignmentAccept", second.clone(), ANSWERED)
        .await?;
    assert_eq!(
        (
            &yes["fulfillmentAssignment"]["status"],
            &yes["fulfillmentUnit"]["status"]
        ),
        (&json!("ACCEPTED"), &json!("ASSIGNED"))
    );
    let back = owner
        .act("fulfillmentAssignmentRelease", second, ANSWERED)
        .await?;
    assert_eq!(
        (
            &back["fulfillmentAssignment"]["status"],
            &back["fulfillmentUnit"]["status"]
        ),
        (&json!("RELEASED"), &json!("READY"))
    );
    assert_eq!(site.count("select count(*) from availability.allocations where source_type = 'FulfillmentUnit' and status = 'firm'").await?, 0);
    let third = propose().await?;
    let other = site.world.owner().await?;
    for verb in ["Accept", "Decline", "Release"] {
        other
            .verb(
                &format!("fulfillmentAssignment{verb}"),
                third.clone(),
                ANSWERED,
            )
            .await?
            .must_fail("NOT_FOUND")?;
    }
    Ok(())
}

#[tokio::test]
async fn work_is_given_by_turns_by_load_and_by_rank() -> anyhow::Result<()> {
    let site = Site::open().await?;
    let owner = site.owner();
    let people = [
        site.person().await?,
        site.person().await?,
        site.person().await?,
    ];
    let group = made(
        owner,
        "resourceGroup",
        json!({ "code": "TEAM", "name": "Team", "selectionStrategy": "RANKED" }),
    )
    .await?;
    for (index, person) in people.iter().enumerate() {
        let member =
            json!({ "groupId": group, "resourceId": person, "priority": 3 - index, "weight": 1 });
        made(owner, "resourceGroupMember", member).await?;
    }
    let chosen =
        |answer: &Answer| answer.payload()["fulfillmentAssignments"][0]["resourceId"].clone();
    // By rank, as the group says: the third, and the second where the third is taken.
    for expected in [&people[2], &people[1], &people[0]] {
        let unit = site.planned(site.work(600)).await?;
        let found = site
            .find(&unit, json!({ "resourceGroupId": group }))
            .await?
            .must()?;
        assert_eq!(chosen(&found), json!(expected));
        assert_eq!(found.payload()["fulfillmentUnit"]["status"], "ASSIGNED");
    }
    let unit = site.planned(site.work(600)).await?;
    let nobody = site
        .find(&unit, json!({ "resourceGroupId": group }))
        .await?
        .must_refuse("NOBODY_FREE")?;
    assert!(nobody.user_message().contains("0 of 3"), "{}", nobody.body);
    // By turns: each has had one; by load the one with the shorter day.
    let long = site
        .planned(with(
            site.work(700),
            json!({ "plannedEndsAt": super::minute(900) }),
        ))
        .await?;
    site.assign(&long, &people[0], json!({})).await?.must()?;
    let unit = site.planned(site.work(1000)).await?;
    let input = json!({ "resourceIds": [people[0], people[1]], "strategy": "LEAST_LOADED" });
    assert_eq!(
        chosen(&site.find(&unit, input).await?.must()?),
        json!(people[1])
    );
    let unit = site.planned(site.work(1100)).await?;
    let input = json!({ "resourceGroupId": group, "strategy": "ROUND_ROBIN" });
    assert_eq!(
        chosen(&site.find(&unit, input).await?.must()?),
        json!(people[2])
    );
    let unit = site.planned(site.work(1200)).await?;
    let all = site
        .find(
            &unit,
            json!({ "resourceGroupId": group, "strategy": "COLLECTIVE" }),
        )
        .await?
        .must()?;
    assert_eq!(
        all.payload()["fulfillmentAssignments"]
            .as_array()
            .map(Vec::len),
        Some(3)
    );
    let unit = site.planned(site.work(1300)).await?;
    site.find(&unit, json!({}))
        .await?
        .must_refuse("INCOMPLETE")?;
    site.find(&unit, json!({ "resourceGroupId": group, "count": 0 }))
        .await?
        .must_refuse("INCOMPLETE")?;
    let two = site
        .find(
            &unit,
            json!({ "resourceGroupId": group, "count": 2, "proposed": true }),
        )
        .await?
        .must()?;
    assert_eq!(two.payload()["fulfillmentUnit"]["status"], "READY");
    Ok(())
}

/// Eight people, sixteen pieces of work at one time: eight are given out, each to somebody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv01_nobody_is_given_two_pieces_of_work_at_once() -> anyhow::Result<()> {
    let site = Site::over(World::with_pool(16).await?).await?;
    let mut people = Vec::new();
    for _ in 0..8 {
        people.push(site.person().await?);
    }
    let mut units = Vec::new();
    for _ in 0..16 {
        units.push(site.planned(site.work(600)).await?);
    }
    let answers = join_all(
        units
            .iter()
            .map(|unit| site.find(unit, json!({ "resourceIds": people }))),
    )
    .await;
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for answer in answers {
        let answer = answer?;
        anyhow::ensure!(answer.errors().is_empty(), "{}", answer.body);
        *codes
            .entry(answer.user_code().unwrap_or_default().to_owned())
            .or_default() += 1;
    }
    assert_eq!(
        codes,
        BTreeMap::from([(String::new(), 8), ("NOBODY_FREE".to_owned(), 8)])
    );
    let taken = site.count("select count(distinct resource_id) from availability.allocations where source_type = 'FulfillmentUnit' and status = 'firm'").await?;
    assert_eq!(taken, 8);
    Ok(())
}

/// Who is away by calendar or block is given no work, though nothing takes them.
#[tokio::test]
async fn work_is_given_to_who_is_there() -> anyhow::Result<()> {
    let site = Site::open().await?;
    let owner = site.owner();
    let (paula, peter) = (site.person().await?, site.person().await?);
    let away =
        json!({ "code": "AWAY", "name": "Away", "kind": "STAFF", "timezone": "Europe/Lisbon" });
    let away = made(owner, "calendar", away).await?;
    let bound = json!({ "calendarId": away, "subjectType": "Resource", "subjectId": paula });
    made(owner, "calendarBinding", bound).await?;
    let both = json!({ "resourceIds": [paula, peter] });
    let unit = site.planned(site.work(600)).await?;
    let found = site.find(&unit, both.clone()).await?.must()?;
    let chosen = &found.payload()["fulfillmentAssignments"][0]["resourceId"];
    assert_eq!(*chosen, json!(peter), "{}", found.body);
    let block = json!({
        "resourceId": peter, "startsAt": super::minute(700), "endsAt": super::minute(900), "reason": "OTHER",
    });
    owner
        .act("blockCreate", block, "availabilityBlock { id }")
        .await?;
    let later = site.planned(site.work(720)).await?;
    site.find(&later, both).await?.must_refuse("NOBODY_FREE")?;
    Ok(())
}
