//! Substitution: asked in a fair order, answered once, in time, and counted.

use chrono::Duration;
use serde_json::{Value, json};
use tests::Actor;
use tests::hotel::made;

use super::{House, id};

pub(super) const ACCEPTED: &str = "substitutionOffer { status } substitutionRequest { status } staffShift { id staffId swapOfId status } warnings { kind }";
pub(super) const OFFER: &str = "substitutionOffer { id status }";
const SEARCH: &str =
    "substitutionRequest { id status } substitutionOffers { id staffId rank status }";
const SEARCHES: &str =
    "substitutionRequests { id status neededBy } substitutionOffers { id staffId rank expiresAt }";

/// A pool that asks one at a time, and its people.
pub(super) struct Pool {
    pub(super) house: House,
    pub(super) id: String,
    pub(super) people: Vec<(Actor, String)>,
    pub(super) absent: String,
    pub(super) shift: String,
}

pub(super) async fn pool(house: House, count: usize, at_once: usize) -> anyhow::Result<Pool> {
    let mut people = Vec::new();
    for _ in 0..count {
        people.push(house.signed_in(json!({})).await?);
    }
    pool_of(house, people, at_once).await
}

/// The same, of these people.
pub(super) async fn pool_of(
    house: House,
    people: Vec<(Actor, String)>,
    at_once: usize,
) -> anyhow::Result<Pool> {
    let input =
        json!({"code": "bar", "name": "Bar", "offerMinutes": 30, "simultaneousOffers": at_once});
    let pool = made(&house.owner, "substitutionPool", input).await?;
    for (_, person) in &people {
        let member =
            json!({"poolId": pool, "staffId": person, "priority": 10, "startsOn": "2020-01-01"});
        made(&house.owner, "substitutionPoolMember", member).await?;
    }
    let absent = house.person(json!({})).await?;
    let shift = house
        .shift(&absent, "2027-03-05", "08:00:00", "16:00:00")
        .await?;
    Ok(Pool {
        house,
        id: pool,
        people,
        absent,
        shift,
    })
}

impl Pool {
    fn wish(&self) -> Value {
        json!({"shiftId": self.shift, "poolId": self.id, "reason": "SICK", "neededBy": "2027-03-05T06:00:00Z"})
    }

    pub(super) async fn search(&self) -> anyhow::Result<(String, Value)> {
        let begun = self
            .house
            .owner
            .act("substitutionRequest", self.wish(), SEARCHES)
            .await?;
        Ok((
            id(&begun["substitutionRequests"][0])?,
            begun["substitutionOffers"].clone(),
        ))
    }

    pub(super) fn actor(&self, person: &Value) -> &Actor {
        let found = self.people.iter().find(|(_, id)| *person == json!(id));
        &found.unwrap().0
    }

    /// The offers of the only search, in the order in which they were sent.
    async fn offers(&self) -> anyhow::Result<Vec<Value>> {
        let query = "{ substitutionOffers(first: 50) { nodes { id staffId rank status } } }";
        let data = self.house.owner.read(query).await?;
        let mut offers = data["substitutionOffers"]["nodes"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        offers.sort_by_key(|offer| offer["rank"].as_i64());
        Ok(offers)
    }
}

#[tokio::test]
pub(super) async fn one_is_asked_after_the_other_until_somebody_stands_in() -> anyhow::Result<()> {
    let pool = pool(House::at("2027-03-01T08:00:00Z").await?, 3, 1).await?;
    let unreasoned = json!({"shiftId": pool.shift, "poolId": pool.id});
    pool.house
        .owner
        .verb("substitutionRequest", unreasoned, SEARCHES)
        .await?
        .must_refuse("REASON_REQUIRED")?;
    let (_, offers) = pool.search().await?;
    assert_eq!(offers.as_array().unwrap().len(), 1);
    pool.house
        .owner
        .verb("substitutionRequest", pool.wish(), SEARCHES)
        .await?
        .must_refuse("ALREADY_OPEN")?;
    let first = pool.actor(&offers[0]["staffId"]);
    let offer = json!({"id": offers[0]["id"]});
    let other = pool
        .people
        .iter()
        .find(|(_, id)| offers[0]["staffId"] != json!(id))
        .unwrap();
    other
        .0
        .verb("substitutionAccept", offer.clone(), ACCEPTED)
        .await?
        .must_fail("NOT_FOUND")?;
    first
        .act("substitutionDecline", offer.clone(), OFFER)
        .await?;
    first
        .verb("substitutionDecline", offer.clone(), OFFER)
        .await?
        .must_refuse("WRONG_STATUS")?;
    first
        .verb("substitutionAccept", offer, ACCEPTED)
        .await?
        .must_refuse("WRONG_STATUS")?;
    let offers = pool.offers().await?;
    assert_eq!(offers.len(), 2, "the next was asked at once");
    let second = pool.actor(&offers[1]["staffId"]);
    let accepted = second
        .act(
            "substitutionAccept",
            json!({"id": offers[1]["id"]}),
            ACCEPTED,
        )
        .await?;
    assert_eq!(accepted["substitutionRequest"]["status"], "FILLED");
    assert_eq!(accepted["staffShift"]["swapOfId"], json!(pool.shift));
    assert_eq!(accepted["staffShift"]["staffId"], offers[1]["staffId"]);
    assert_eq!(
        pool.house.of_shift(&pool.shift, "status").await?,
        "CANCELLED"
    );
    let fairness = format!(
        "{{ substitutionFairness(poolId: \"{}\") {{ staffId offered accepted declined share }} }}",
        pool.id
    );
    let fairness = pool.house.owner.read(&fairness).await?;
    let rows = fairness["substitutionFairness"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert!(
        rows.iter()
            .all(|row| row["offered"] == 1 && row["share"] == "0.5"),
        "{rows:?}"
    );
    // Whoever was asked least is the next one to be asked: the third.
    let again = pool
        .house
        .shift(&pool.absent, "2027-03-08", "08:00:00", "16:00:00")
        .await?;
    let wish = json!({"shiftId": again, "poolId": pool.id, "reason": "EMERGENCY"});
    let begun = pool
        .house
        .owner
        .act("substitutionRequest", wish, SEARCHES)
        .await?;
    let asked = &begun["substitutionOffers"][0]["staffId"];
    assert!(
        offers.iter().all(|offer| offer["staffId"] != *asked),
        "{begun}"
    );
    let search = id(&begun["substitutionRequests"][0])?;
    let ranked = format!(
        "{{ substitutionCandidates(id: \"{search}\") {{ rank staffId obstacle offered reasons staff {{ fullName }} }} }}"
    );
    let ranked = pool.house.owner.read(&ranked).await?;
    assert_eq!(
        ranked["substitutionCandidates"][2]["obstacle"],
        "ALREADY_ASKED"
    );
    pool.house
        .on(
            "substitutionCancel",
            &search,
            json!({"reason": "Well again"}),
            SEARCH,
        )
        .await?
        .must()?;
    pool.house
        .on("substitutionCancel", &search, json!({}), SEARCH)
        .await?
        .must_refuse("WRONG_STATUS")?;
    pool.house
        .on("substitutionAsk", &search, json!({}), SEARCH)
        .await?
        .must_refuse("WRONG_STATUS")?;
    let stranger = pool.house.world.owner().await?;
    for verb in ["substitutionCancel", "substitutionAsk"] {
        stranger
            .verb(verb, json!({"id": search}), SEARCH)
            .await?
            .must_fail("NOT_FOUND")?;
    }
    first
        .verb("substitutionRequest", pool.wish(), SEARCHES)
        .await?
        .must_fail("FORBIDDEN")?;
    pool.house.agrees().await
}

#[tokio::test]
pub(super) async fn offers_expire_by_the_clock_and_a_search_ends_unfilled() -> anyhow::Result<()> {
    let mut pool = pool(House::at("2027-03-01T08:00:00Z").await?, 2, 1).await?;
    let (search, offers) = pool.search().await?;
    assert_eq!(
        offers[0]["expiresAt"].as_str().unwrap()[..16],
        *"2027-03-01T08:30"
    );
    pool.house.world.run_job("substitution_turns").await?;
    assert_eq!(pool.offers().await?.len(), 1, "it still stands");
    pool.house.later(Duration::minutes(31)).await?;
    let late = json!({"id": offers[0]["id"]});
    pool.house
        .owner
        .verb("substitutionAccept", late, ACCEPTED)
        .await?
        .must_refuse("EXPIRED")?;
    assert_eq!(pool.house.world.run_job("substitution_turns").await?, 1);
    pool.house.world.run_job("substitution_turns").await?;
    let asked = pool.offers().await?;
    assert_eq!(
        json!([asked[0]["status"], asked[1]["status"]]),
        json!(["EXPIRED", "SENT"])
    );
    let withdrawn = pool
        .house
        .owner
        .act(
            "substitutionOfferWithdraw",
            json!({"id": asked[1]["id"]}),
            OFFER,
        )
        .await?;
    assert_eq!(withdrawn["substitutionOffer"]["status"], "WITHDRAWN");
    let again = pool
        .house
        .owner
        .verb(
            "substitutionOfferWithdraw",
            json!({"id": asked[1]["id"]}),
            OFFER,
        )
        .await?;
    again.must_refuse("WRONG_STATUS")?;
    // Nobody is left to ask.
    pool.house
        .on("substitutionAsk", &search, json!({}), SEARCH)
        .await?
        .must()?;
    let data = pool
        .house
        .owner
        .read(&format!(
            "{{ substitutionRequest(id: \"{search}\") {{ status }} }}"
        ))
        .await?;
    assert_eq!(data["substitutionRequest"]["status"], "UNFILLED");
    pool.house.agrees().await
}

#[tokio::test]
async fn whom_something_keeps_from_it_is_not_asked() -> anyhow::Result<()> {
    let pool = pool(House::at("2027-03-01T08:00:00Z").await?, 3, 3).await?;
    let skill = made(
        &pool.house.owner,
        "capabilityTemplate",
        json!({"code": "barista", "name": "Barista", "kind": "SKILL"}),
    )
    .await?;
    let module = made(
        &pool.house.owner,
        "trainingModule",
        json!({"code": "barista", "title": "Coffee", "passScore": "50"}),
    )
    .await?;
    let link = json!({"poolId": pool.id, "capabilityTemplateId": skill});
    pool.house
        .owner
        .act("substitutionPoolSkillAdd", link, "userErrors { code }")
        .await?;
    // The first works then, the second has not learnt it; the third has.
    pool.house
        .shift(&pool.people[0].1, "2027-03-05", "12:00:00", "20:00:00")
        .await?;
    let enroll = json!({"moduleId": module, "staffIds": [pool.people[2].1]});
    let enrolled = pool
        .house
        .owner
        .act("trainingEnroll", enroll, "trainingEnrollments { id }")
        .await?;
    let attempt = json!({"id": enrolled["trainingEnrollments"][0]["id"], "score": "80"});
    pool.house
        .owner
        .act(
            "trainingAttemptRecord",
            attempt,
            "trainingEnrollment { status }",
        )
        .await?;
    let (search, offers) = pool.search().await?;
    assert_eq!(offers.as_array().unwrap().len(), 1);
    assert_eq!(offers[0]["staffId"], json!(pool.people[2].1));
    let ranked = format!("{{ substitutionCandidates(id: \"{search}\") {{ staffId obstacle }} }}");
    let ranked = pool.house.owner.read(&ranked).await?;
    let obstacle = |person: &str| {
        let rows = ranked["substitutionCandidates"].as_array().unwrap();
        rows.iter()
            .find(|row| row["staffId"] == json!(person))
            .unwrap()["obstacle"]
            .clone()
    };
    assert_eq!(obstacle(&pool.people[0].1), "HAS_SHIFT");
    assert_eq!(obstacle(&pool.people[1].1), "SKILL_MISSING");
    Ok(())
}
