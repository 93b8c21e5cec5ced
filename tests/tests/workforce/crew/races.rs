//! What many do at once: one wins, and what must agree still does.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Answer, World};

use super::stand_ins::pool_of;
use super::{House, id};

/// How many at once.
const CLIENTS: usize = 40;

async fn house() -> anyhow::Result<House> {
    let world = World::with_pool(12).await?;
    world.clock.set("2027-03-01T08:00:00Z".parse()?);
    House::of(world).await
}

/// How many were done, and the codes of those that were not.
fn told(answers: Vec<anyhow::Result<Answer>>) -> anyhow::Result<(usize, Vec<String>)> {
    let (mut done, mut codes) = (0, Vec::new());
    for answer in answers {
        let answer = answer?;
        anyhow::ensure!(answer.errors().is_empty(), "{}", answer.body);
        match answer.user_code() {
            None => done += 1,
            Some(code) => codes.push(code.to_owned()),
        }
    }
    codes.sort();
    codes.dedup();
    Ok((done, codes))
}

#[tokio::test]
async fn of_many_clock_ins_one_counts() -> anyhow::Result<()> {
    let house = house().await?;
    let ana = house.person(json!({})).await?;
    let input = json!({"staffId": ana});
    let asked = (0..CLIENTS).map(|_| {
        house
            .owner
            .verb("clockIn", input.clone(), "workTimeSegment { id }")
    });
    assert_eq!(
        told(join_all(asked).await)?,
        (1, vec!["ALREADY_CLOCKED_IN".to_owned()])
    );
    let asked = (0..CLIENTS).map(|_| {
        house
            .owner
            .verb("clockOut", input.clone(), "workTimeSegment { id }")
    });
    assert_eq!(
        told(join_all(asked).await)?,
        (1, vec!["NOT_CLOCKED_IN".to_owned()])
    );
    house.agrees().await
}

#[tokio::test]
async fn of_many_who_want_an_open_shift_one_has_it() -> anyhow::Result<()> {
    let house = house().await?;
    let people = join_all((0..CLIENTS).map(|_| house.person(json!({})))).await;
    let people = people
        .into_iter()
        .collect::<anyhow::Result<Vec<String>>>()?;
    let offer = json!({"locationId": house.location, "day": "2027-03-09", "startsAt": "10:00:00", "endsAt": "18:00:00"});
    let offered = house
        .owner
        .act("openShiftOffer", offer, "openShifts { id }")
        .await?;
    let open = id(&offered["openShifts"][0])?;
    let asked = people.iter().map(|person| {
        house.owner.verb(
            "openShiftClaim",
            json!({"id": open, "staffId": person}),
            "openShift { id }",
        )
    });
    assert_eq!(
        told(join_all(asked).await)?,
        (1, vec!["ALREADY_TAKEN".to_owned()])
    );
    let shifts = house
        .owner
        .read("{ staffShifts(first: 100) { nodes { id } } }")
        .await?;
    assert_eq!(
        shifts["staffShifts"]["nodes"].as_array().map(Vec::len),
        Some(1)
    );
    house.agrees().await
}

#[tokio::test]
async fn of_many_who_would_stand_in_one_does() -> anyhow::Result<()> {
    let house = house().await?;
    let mut people = Vec::new();
    for _ in 0..34 {
        people.push((house.owner.clone(), house.person(json!({})).await?));
    }
    let pool = pool_of(house, people, 34).await?;
    let wish = json!({"shiftId": pool.shift, "poolId": pool.id, "reason": "SICK"});
    let begun = pool
        .house
        .owner
        .act("substitutionRequest", wish, "substitutionOffers { id }")
        .await?;
    let offers: Vec<Value> = begun["substitutionOffers"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert_eq!(offers.len(), 34);
    let asked = offers.iter().map(|offer| {
        pool.house.owner.verb(
            "substitutionAccept",
            json!({"id": offer["id"]}),
            "staffShift { id }",
        )
    });
    assert_eq!(
        told(join_all(asked).await)?,
        (1, vec!["ALREADY_FILLED".to_owned()])
    );
    pool.house.agrees().await
}
