//! Rankings: what happens is noted by itself, and scores say what each factor contributed.

use chrono::Duration;
use serde_json::{Value, json};
use tests::hotel::made;

use super::House;
use super::stand_ins::{ACCEPTED, OFFER, Pool, pool};

#[tokio::test]
pub(super) async fn a_ranking_says_what_each_factor_contributed() -> anyhow::Result<()> {
    let pool = pool(House::at("2027-03-01T08:00:00Z").await?, 2, 2).await?;
    let (_, offers) = pool.search().await?;
    pool.actor(&offers[0]["staffId"])
        .act("substitutionDecline", json!({"id": offers[0]["id"]}), OFFER)
        .await?;
    pool.actor(&offers[1]["staffId"])
        .act(
            "substitutionAccept",
            json!({"id": offers[1]["id"]}),
            ACCEPTED,
        )
        .await?;
    let profile = json!({"code": "stand-ins", "name": "Stand-ins", "subject": "STAFF", "weights": {"accepted": 4, "declined": -2}});
    let profile = made(&pool.house.owner, "rankingProfile", profile).await?;
    let adjust = json!({"id": profile, "staffId": offers[0]["staffId"], "delta": "0.5", "note": "Helped out"});
    pool.house
        .owner
        .act("rankingAdjust", adjust, "rankingEvent { delta kind }")
        .await?;
    let wrong = json!({"id": profile, "resourceId": pool.location_resource().await?, "delta": "1", "note": "x"});
    pool.house
        .owner
        .verb("rankingAdjust", wrong, "rankingEvent { id }")
        .await?
        .must_refuse("WRONG_SUBJECT")?;
    let done = pool
        .house
        .owner
        .act("rankingRecompute", json!({"id": profile}), "scores")
        .await?;
    assert_eq!(done["scores"], 3, "everyone on the staff");
    pool.house
        .owner
        .act("rankingRecompute", json!({"id": profile}), "scores")
        .await?;
    let scores = pool
        .house
        .owner
        .read("{ rankingScores(first: 10) { nodes { subjectId score explained } } }")
        .await?;
    let score = |person: &Value| {
        let rows = scores["rankingScores"]["nodes"].as_array().unwrap().clone();
        rows.into_iter()
            .find(|row| row["subjectId"] == *person)
            .unwrap_or_default()
    };
    let (no, yes) = (score(&offers[0]["staffId"]), score(&offers[1]["staffId"]));
    assert_eq!(yes["score"], "4.000000", "{scores}");
    assert_eq!(no["score"], "-1.500000");
    assert_eq!(no["explained"], json!({"adjusted": 0.5, "declined": -2.0}));
    Ok(())
}

impl Pool {
    async fn location_resource(&self) -> anyhow::Result<String> {
        let kind = made(
            &self.house.owner,
            "resourceType",
            json!({"code": "Q", "name": "Person", "kind": "HUMAN"}),
        )
        .await?;
        let input = json!({"typeId": kind, "locationId": self.house.location, "name": "Rui", "number": "1"});
        made(&self.house.owner, "resource", input).await
    }
}

/// The score of somebody, with what each factor contributed to it.
async fn score(house: &House, person: &Value) -> anyhow::Result<Value> {
    let scores = house
        .owner
        .read("{ rankingScores(first: 50) { nodes { subjectId score explained } } }")
        .await?;
    let rows = scores["rankingScores"]["nodes"].as_array().cloned();
    let mut rows = rows.unwrap_or_default().into_iter();
    Ok(rows
        .find(|row| row["subjectId"] == *person)
        .unwrap_or_default())
}

#[tokio::test]
async fn what_happens_is_noted_and_moves_scores_by_itself() -> anyhow::Result<()> {
    let house = House::at("2027-03-01T08:00:00Z").await?;
    let weights = json!({"accepted": 4, "declined": -2, "expired": -1, "no_show": -6, "completed": 1, "late": -3});
    let profile =
        json!({"code": "stand-ins", "name": "Stand-ins", "subject": "STAFF", "weights": weights});
    made(&house.owner, "rankingProfile", profile).await?;
    let mut pool = pool(house, 3, 2).await?;
    let (_, offers) = pool.search().await?;
    let who = |place: usize| offers[place]["staffId"].clone();
    pool.actor(&who(0))
        .act("substitutionDecline", json!({"id": offers[0]["id"]}), OFFER)
        .await?;
    pool.house.world.run_job("recompute_rankings").await?;
    assert_eq!(score(&pool.house, &who(0)).await?["score"], "-2.000000");
    let accept = json!({"id": offers[1]["id"]});
    let taken = pool
        .actor(&who(1))
        .act("substitutionAccept", accept, ACCEPTED)
        .await?;
    // They come an hour late, which is put right; somebody else does not come at all.
    let shift = taken["staffShift"]["id"].clone();
    let missed = pool
        .house
        .shift(
            who(0).as_str().unwrap_or_default(),
            "2027-03-05",
            "17:00:00",
            "20:00:00",
        )
        .await?;
    pool.house.later(Duration::hours(97)).await?;
    let time = "workTimeSegment { id shiftId }";
    let came = json!({"staffId": who(1)});
    let began = pool.house.owner.act("clockIn", came.clone(), time).await?;
    assert_eq!(began["workTimeSegment"]["shiftId"], shift);
    pool.house.later(Duration::hours(7)).await?;
    pool.house.owner.act("clockOut", came, time).await?;
    pool.house.world.run_job("recompute_rankings").await?;
    let late = json!({"accepted": 4.0, "completed": 1.0, "late": -3.0});
    assert_eq!(score(&pool.house, &who(1)).await?["explained"], late);
    let right = json!({"id": began["workTimeSegment"]["id"], "startsAt": "2027-03-05T08:00:00Z",
        "endsAt": "2027-03-05T16:00:00Z", "reason": "The clock was broken"});
    pool.house.owner.act("timeCorrect", right, time).await?;
    pool.house.later(Duration::hours(3)).await?;
    pool.house
        .on(
            "shiftMarkNoShow",
            &missed,
            json!({}),
            "staffShift { status }",
        )
        .await?
        .must()?;
    assert_eq!(pool.house.world.run_job("recompute_rankings").await?, 1);
    assert_eq!(
        pool.house.world.run_job("recompute_rankings").await?,
        0,
        "nothing new"
    );
    let (worker, missing) = (
        score(&pool.house, &who(1)).await?,
        score(&pool.house, &who(0)).await?,
    );
    assert_eq!(
        worker["explained"],
        json!({"accepted": 4.0, "completed": 1.0})
    );
    assert_eq!(worker["score"], "5.000000");
    assert_eq!(
        missing["explained"],
        json!({"declined": -2.0, "no_show": -6.0})
    );
    // The journal tells of each move, and sums up to the scores.
    let journal =
        "{ rankingEvents(first: 50, orderBy: [{id: ASC}]) { nodes { subjectId kind delta } } }";
    let journal = pool.house.owner.read(journal).await?;
    let told: Vec<String> = journal["rankingEvents"]["nodes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|event| event["subjectId"] == who(1))
        .map(|event| format!("{} {}", event["kind"], event["delta"]).replace('"', ""))
        .collect();
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(
        told[0].starts_with("ACCEPTED 4") && told[3].starts_with("LATE 3"),
        "{told:?}"
    );
    pool.house.agrees().await
}
