//! Training: enrolled, tried, passed until a day, and what follows when it lapses.

use chrono::Duration;
use serde_json::{Value, json};
use tests::hotel::made;

use super::{House, id};

const ENROLLMENT: &str =
    "trainingEnrollment { id status attempts score expiresOn completedAt version }";

#[tokio::test]
pub(super) async fn a_module_is_failed_tried_again_passed_and_lapses_on_its_day()
-> anyhow::Result<()> {
    let mut house = House::at("2027-01-31T10:00:00Z").await?;
    let kind = made(
        &house.owner,
        "resourceType",
        json!({"code": "P", "name": "Person", "kind": "HUMAN"}),
    )
    .await?;
    let resource =
        json!({"typeId": kind, "locationId": house.location, "name": "Ana", "number": "R1"});
    let resource = made(&house.owner, "resource", resource).await?;
    let skill = json!({"code": "first-aid", "name": "First aid", "kind": "LICENCE", "requiresExpiry": true});
    made(&house.owner, "capabilityTemplate", skill).await?;
    let (ana, ana_id) = house.signed_in(json!({"resourceId": resource})).await?;
    let module = json!({"code": "first-aid", "title": "First aid", "passScore": "70", "maxAttempts": 2, "validityMonths": 1});
    let module = made(&house.owner, "trainingModule", module).await?;
    let enroll = json!({"moduleId": module, "staffIds": [ana_id]});
    let enrolled = house
        .owner
        .act(
            "trainingEnroll",
            enroll.clone(),
            "trainingEnrollments { id status }",
        )
        .await?;
    let enrollment = id(&enrolled["trainingEnrollments"][0])?;
    let again = house
        .owner
        .act(
            "trainingEnroll",
            enroll.clone(),
            "trainingEnrollments { id }",
        )
        .await?;
    assert_eq!(again["trainingEnrollments"], json!([]), "once is enough");
    ana.verb(
        "trainingEnroll",
        enroll.clone(),
        "trainingEnrollments { id }",
    )
    .await?
    .must_fail("FORBIDDEN")?;
    let started = ana
        .act("trainingStart", json!({"id": enrollment}), ENROLLMENT)
        .await?;
    assert_eq!(started["trainingEnrollment"]["status"], "IN_PROGRESS");
    ana.verb("trainingStart", json!({"id": enrollment}), ENROLLMENT)
        .await?
        .must_refuse("WRONG_STATUS")?;
    let tried = async |house: &House, score: &str| {
        house
            .on(
                "trainingAttemptRecord",
                &enrollment,
                json!({"score": score, "answers": {"right": 9}}),
                ENROLLMENT,
            )
            .await
    };
    tried(&house, "101").await?.must_refuse("INVALID_SCORE")?;
    let failed = tried(&house, "69.99").await?.must()?;
    assert_eq!(failed.payload()["trainingEnrollment"]["status"], "FAILED");
    let passed = tried(&house, "70").await?.must()?;
    let row = &passed.payload()["trainingEnrollment"];
    assert_eq!(
        json!([
            row["status"],
            row["attempts"],
            row["score"],
            row["expiresOn"]
        ]),
        json!(["PASSED", 2, "70.00", "2027-02-28"])
    );
    tried(&house, "90").await?.must_refuse("WRONG_STATUS")?;
    house
        .on(
            "trainingCancel",
            &enrollment,
            json!({"reason": "x"}),
            ENROLLMENT,
        )
        .await?
        .must_refuse("WRONG_STATUS")?;
    // The capability of the same code is theirs for as long.
    let held = house
        .owner
        .read("{ capabilityAssignments { nodes { startsOn endsOn issuedBy } } }")
        .await?;
    assert_eq!(
        held["capabilityAssignments"]["nodes"],
        json!([{"startsOn": "2027-01-31", "endsOn": "2027-02-28", "issuedBy": "Training: First aid"}])
    );
    let compliance = async |house: &House| {
        house
            .owner
            .read("{ trainingCompliance { code required compliant overdue lapsing rate } }")
            .await
    };
    made(
        &house.owner,
        "trainingRequirement",
        json!({"moduleId": module, "dueDays": 7}),
    )
    .await?;
    let row = |data: Value| data["trainingCompliance"][0].clone();
    assert_eq!(
        row(compliance(&house).await?),
        json!({"code": "first-aid", "required": 1, "compliant": 1, "overdue": 0, "lapsing": 1, "rate": "1"})
    );
    house.later(Duration::days(27)).await?;
    assert_eq!(
        house.world.run_job("expire_training").await?,
        0,
        "it holds on the day before"
    );
    house.later(Duration::days(1)).await?;
    // Lapsed by the clock, before any job has noted it.
    assert_eq!(row(compliance(&house).await?)["compliant"], 0);
    assert_eq!(house.world.run_job("expire_training").await?, 1);
    assert_eq!(house.world.run_job("expire_training").await?, 0);
    // Of whom it is required is enrolled anew.
    let renewed = house
        .owner
        .act(
            "trainingEnroll",
            json!({"moduleId": module}),
            "trainingEnrollments { staffId }",
        )
        .await?;
    assert_eq!(renewed["trainingEnrollments"], json!([{"staffId": ana_id}]));
    house.agrees().await
}

#[tokio::test]
pub(super) async fn attempts_are_used_up_and_nobody_examines_themselves() -> anyhow::Result<()> {
    let house = House::at("2027-01-31T10:00:00Z").await?;
    let member = house.member_of(&house.owner).await?;
    let boss = house.person(json!({"memberId": member})).await?;
    let bea = house.person(json!({})).await?;
    let module = json!({"code": "fire", "title": "Fire", "passScore": "50", "maxAttempts": 1});
    let module = made(&house.owner, "trainingModule", module).await?;
    let enroll = json!({"moduleId": module, "staffIds": [boss, bea], "dueOn": "2027-02-14"});
    let enrolled = house
        .owner
        .act(
            "trainingEnroll",
            enroll,
            "trainingEnrollments { id staffId dueOn }",
        )
        .await?;
    let of = |person: &str| {
        let rows = enrolled["trainingEnrollments"].as_array().unwrap();
        rows.iter()
            .find(|row| row["staffId"] == json!(person))
            .unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (mine, hers) = (of(&boss), of(&bea));
    house
        .on(
            "trainingAttemptRecord",
            &mine,
            json!({"score": "99"}),
            ENROLLMENT,
        )
        .await?
        .must_refuse("OWN_RESULT")?;
    house
        .on(
            "trainingAttemptRecord",
            &hers,
            json!({"score": "10"}),
            ENROLLMENT,
        )
        .await?
        .must()?;
    house
        .on(
            "trainingAttemptRecord",
            &hers,
            json!({"score": "90"}),
            ENROLLMENT,
        )
        .await?
        .must_refuse("NO_ATTEMPTS_LEFT")?;
    house
        .on("trainingStart", &hers, json!({}), ENROLLMENT)
        .await?
        .must_refuse("NO_ATTEMPTS_LEFT")?;
    house
        .on("trainingCancel", &hers, json!({"reason": " "}), ENROLLMENT)
        .await?
        .must_refuse("REASON_REQUIRED")?;
    house
        .on(
            "trainingCancel",
            &hers,
            json!({"reason": "Left the kitchen"}),
            ENROLLMENT,
        )
        .await?
        .must()?;
    let old = json!({"code": "old", "title": "Old", "isActive": false});
    let old = made(&house.owner, "trainingModule", old).await?;
    let refused = json!({"moduleId": old, "staffIds": [bea]});
    house
        .owner
        .verb("trainingEnroll", refused, "trainingEnrollments { id }")
        .await?
        .must_refuse("INACTIVE")?;
    let stranger = house.world.owner().await?;
    for (verb, besides) in [
        ("trainingStart", json!({})),
        ("trainingCancel", json!({"reason": "x"})),
        ("trainingAttemptRecord", json!({"score": "1"})),
    ] {
        let input = super::with(json!({"id": mine}), besides);
        stranger
            .verb(verb, input, ENROLLMENT)
            .await?
            .must_fail("NOT_FOUND")?;
    }
    Ok(())
}
