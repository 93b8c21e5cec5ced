//! Rosters from draft to what people see: planned in bulk and from templates, published, confirmed,
//! changed, called off, missed.

use chrono::Duration;
use serde_json::{Value, json};
use tests::hotel::made;

use super::{House, with};

const STATUS: &str = "staffShift { id status version }";

#[tokio::test]
async fn each_shift_of_a_plan_is_made_or_refused_by_itself() -> anyhow::Result<()> {
    let house = House::at("2027-03-01T08:00:00Z").await?;
    let ana = house.person(json!({})).await?;
    let gone = house.person(json!({"terminatedOn": "2027-03-02"})).await?;
    let item = |who: &str, from: &str, to: &str| json!({"staffId": who, "day": "2027-03-03", "startsAt": from, "endsAt": to, "role": "bar", "breakMinutes": 30});
    let planned = house
        .plan(json!([
            item(&ana, "08:00:00", "16:00:00"),
            item(&ana, "15:00:00", "20:00:00"),
            item(&gone, "08:00:00", "16:00:00"),
            item(&ana, "22:00:00", "06:00:00")
        ]))
        .await?;
    let codes: Vec<&Value> = planned["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| &result["error"]["code"])
        .collect();
    assert_eq!(
        json!(codes),
        json!([null, "SHIFT_OVERLAPS", "NOT_EMPLOYED", null]),
        "{planned}"
    );
    assert_eq!(
        planned["results"][1]["error"]["message"],
        "The person already has a shift at that time."
    );
    assert_eq!(planned["staffShifts"].as_array().unwrap().len(), 2);
    assert_eq!(
        planned["staffShifts"][1]["plannedEndsAt"],
        "2027-03-04T06:00:00Z"
    );
    // Six hours between the two: no reason to refuse, and one to tell.
    assert_eq!(planned["warnings"][0]["kind"], "SHORT_REST");
    assert_eq!(planned["warnings"][0]["restMinutes"], 360);
    Ok(())
}

#[tokio::test]
async fn e59_a_night_shift_is_planned_by_the_clocks_and_lasts_as_long_as_it_does()
-> anyhow::Result<()> {
    let house = House::at("2027-03-01T08:00:00Z").await?;
    let ana = house.person(json!({})).await?;
    let night = |day: &str| json!({"staffId": ana, "day": day, "startsAt": "23:00:00", "endsAt": "07:00:00"});
    let planned = house
        .plan(json!([night("2027-03-27"), night("2027-10-30")]))
        .await?;
    let span = |row: usize| {
        [
            planned["staffShifts"][row]["plannedStartsAt"].clone(),
            planned["staffShifts"][row]["plannedEndsAt"].clone(),
        ]
    };
    assert_eq!(
        json!(span(0)),
        json!(["2027-03-27T23:00:00Z", "2027-03-28T06:00:00Z"]),
        "seven hours"
    );
    assert_eq!(
        json!(span(1)),
        json!(["2027-10-30T22:00:00Z", "2027-10-31T07:00:00Z"]),
        "nine hours"
    );
    assert_eq!(planned["staffShifts"][0]["businessDate"], "2027-03-27");
    Ok(())
}

#[tokio::test]
pub(super) async fn a_week_is_drafted_from_schedules_and_copied_by_the_clocks() -> anyhow::Result<()>
{
    let house = House::at("2027-03-01T08:00:00Z").await?;
    let schedule = made(
        &house.owner,
        "workSchedule",
        json!({"name": "Early", "timezone": "Europe/Lisbon"}),
    )
    .await?;
    for weekday in 1..=5 {
        let day = json!({"workScheduleId": schedule, "cycleWeeks": 1, "weekday": weekday, "startsAtLocal": "07:00:00", "workMinutes": 480, "breakMinutes": 30});
        made(&house.owner, "workScheduleDay", day).await?;
    }
    house
        .person(json!({"workScheduleId": schedule, "position": "Porter"}))
        .await?;
    let input = json!({"locationId": house.location, "weekStartsOn": "2027-03-22"});
    let selection = "staffShifts { plannedStartsAt plannedEndsAt role breakMinutes } results { day error { code } }";
    let drafted = house
        .owner
        .act("rosterDraft", input.clone(), selection)
        .await?;
    assert_eq!(
        drafted["staffShifts"].as_array().unwrap().len(),
        5,
        "{drafted}"
    );
    assert_eq!(
        drafted["staffShifts"][0],
        json!({"plannedStartsAt": "2027-03-22T07:00:00Z", "plannedEndsAt": "2027-03-22T15:30:00Z", "role": "Porter", "breakMinutes": 30})
    );
    // Once more, and each is refused by itself: nothing is there twice.
    let again = house.owner.act("rosterDraft", input, selection).await?;
    assert_eq!(again["staffShifts"], json!([]));
    assert_eq!(again["results"][4]["error"]["code"], "SHIFT_OVERLAPS");
    // The week after has summer time: the same clocks, an hour earlier.
    let copy = json!({"locationId": house.location, "weekStartsOn": "2027-03-29", "copyWeekOf": "2027-03-22"});
    let copied = house.owner.act("rosterDraft", copy, selection).await?;
    assert_eq!(
        copied["staffShifts"][0]["plannedStartsAt"],
        "2027-03-29T06:00:00Z"
    );
    let tuesday = json!({"locationId": house.location, "weekStartsOn": "2027-03-30"});
    house
        .owner
        .verb("rosterDraft", tuesday, "results { day }")
        .await?
        .must_fail("BAD_USER_INPUT")?;
    Ok(())
}

#[tokio::test]
pub(super) async fn a_shift_is_published_confirmed_changed_and_confirmed_again()
-> anyhow::Result<()> {
    let house = House::at("2027-03-01T08:00:00Z").await?;
    let (actor, ana) = house.signed_in(json!({})).await?;
    let shift = house
        .draft(&ana, "2027-03-05", "08:00:00", "16:00:00")
        .await?;
    house
        .on("shiftConfirm", &shift, json!({}), STATUS)
        .await?
        .must_refuse("WRONG_STATUS")?;
    let publish = json!({"locationId": house.location, "from": "2027-03-05", "until": "2027-03-06", "idempotencyKey": "publish"});
    let selection = "staffShifts { id status } warnings { kind }";
    house
        .owner
        .act("rosterPublish", publish.clone(), selection)
        .await?;
    let again = house.owner.act("rosterPublish", publish, selection).await?;
    assert_eq!(again["replayed"], true);
    let nothing =
        json!({"locationId": house.location, "from": "2027-03-05", "until": "2027-03-06"});
    house
        .owner
        .verb("rosterPublish", nothing, selection)
        .await?
        .must_refuse("NOTHING_TO_PUBLISH")?;
    // Oneself, without any permission over the roster.
    let confirmed = actor
        .act("shiftConfirm", json!({"id": shift}), STATUS)
        .await?;
    assert_eq!(confirmed["staffShift"]["status"], "CONFIRMED");
    let other = house.world.staff(&house.owner, "finance", &[]).await?;
    other
        .verb("shiftConfirm", json!({"id": shift}), STATUS)
        .await?
        .must_fail("NOT_FOUND")?;
    let times = json!({"day": "2027-03-05", "startsAt": "09:00:00", "endsAt": "17:00:00"});
    house
        .on("shiftChange", &shift, times.clone(), STATUS)
        .await?
        .must_refuse("REASON_REQUIRED")?;
    house
        .on(
            "shiftChange",
            &shift,
            json!({"startsAt": "09:00:00", "reason": "Late"}),
            STATUS,
        )
        .await?
        .must_refuse("INCOMPLETE_TIMES")?;
    let stale = with(
        times.clone(),
        json!({"reason": "Late guests", "expectedVersion": 1}),
    );
    house
        .on("shiftChange", &shift, stale, STATUS)
        .await?
        .must_fail("CONFLICT")?;
    let other = house.person(json!({})).await?;
    house
        .on(
            "shiftChange",
            &shift,
            json!({"staffId": other, "reason": "Swap"}),
            STATUS,
        )
        .await?
        .must_refuse("PERSON_FIXED")?;
    let changed = house
        .on(
            "shiftChange",
            &shift,
            with(times, json!({"reason": "Late guests"})),
            STATUS,
        )
        .await?
        .must()?;
    assert_eq!(
        changed.payload()["staffShift"]["status"],
        "PUBLISHED",
        "the person says yes again"
    );
    actor
        .verb("shiftChange", json!({"id": shift, "reason": "x"}), STATUS)
        .await?
        .must_fail("FORBIDDEN")?;
    let stranger = house.world.owner().await?;
    for verb in [
        "shiftConfirm",
        "shiftCancel",
        "shiftMarkNoShow",
        "shiftChange",
    ] {
        stranger
            .verb(verb, json!({"id": shift}), STATUS)
            .await?
            .must_fail("NOT_FOUND")?;
    }
    Ok(())
}

#[tokio::test]
pub(super) async fn a_shift_is_called_off_with_a_reason_and_missed_once_it_has_begun()
-> anyhow::Result<()> {
    let mut house = House::at("2027-03-01T08:00:00Z").await?;
    let ana = house.person(json!({})).await?;
    let draft = house
        .draft(&ana, "2027-03-02", "08:00:00", "12:00:00")
        .await?;
    house
        .on("shiftCancel", &draft, json!({}), STATUS)
        .await?
        .must()?;
    let shift = house
        .shift(&ana, "2027-03-02", "08:00:00", "12:00:00")
        .await?;
    house
        .on("shiftCancel", &shift, json!({}), STATUS)
        .await?
        .must_refuse("REASON_REQUIRED")?;
    house
        .on("shiftMarkNoShow", &shift, json!({}), STATUS)
        .await?
        .must_refuse("TOO_EARLY")?;
    house.later(Duration::hours(25)).await?;
    let missed = house
        .on(
            "shiftMarkNoShow",
            &shift,
            json!({"note": "Overslept"}),
            STATUS,
        )
        .await?
        .must()?;
    assert_eq!(missed.payload()["staffShift"]["status"], "NO_SHOW");
    house
        .on("shiftMarkNoShow", &shift, json!({}), STATUS)
        .await?
        .must_refuse("WRONG_STATUS")?;
    house
        .on("shiftCancel", &shift, json!({"reason": "x"}), STATUS)
        .await?
        .must_refuse("WRONG_STATUS")?;
    house
        .on("shiftChange", &shift, json!({"reason": "x"}), STATUS)
        .await?
        .must_refuse("WRONG_STATUS")?;
    Ok(())
}

#[tokio::test]
pub(super) async fn an_open_shift_goes_to_whoever_has_the_skill_that_day() -> anyhow::Result<()> {
    let mut house = House::at("2027-03-01T08:00:00Z").await?;
    let skill = made(
        &house.owner,
        "capabilityTemplate",
        json!({"code": "lifeguard", "name": "Lifeguard", "kind": "LICENCE"}),
    )
    .await?;
    let kind = made(
        &house.owner,
        "resourceType",
        json!({"code": "P", "name": "Person", "kind": "HUMAN"}),
    )
    .await?;
    let resource =
        json!({"typeId": kind, "locationId": house.location, "name": "Ana", "number": "R1"});
    let resource = made(&house.owner, "resource", resource).await?;
    let (ana, ana_id) = house.signed_in(json!({"resourceId": resource})).await?;
    let (bea, _) = house.signed_in(json!({})).await?;
    let assignment = json!({"resourceId": resource, "templateId": skill, "startsOn": "2026-01-01", "endsOn": "2027-03-10"});
    made(&house.owner, "capabilityAssignment", assignment).await?;
    let offer = |day: &str| json!({"locationId": house.location, "day": day, "startsAt": "10:00:00", "endsAt": "18:00:00", "skillIds": [skill]});
    let mut open = Vec::new();
    for day in ["2027-03-09", "2027-03-10", "2027-03-12"] {
        let offered = house
            .owner
            .act("openShiftOffer", offer(day), "openShifts { id status }")
            .await?;
        open.push(super::id(&offered["openShifts"][0])?);
    }
    let past = house
        .owner
        .verb("openShiftOffer", offer("2027-02-01"), "openShifts { id }")
        .await?;
    past.must_refuse("IN_PAST")?;
    let claim = "openShift { status filledById } staffShift { id status } warnings { kind }";
    let refused = bea
        .verb("openShiftClaim", json!({"id": open[0]}), claim)
        .await?
        .must_refuse("SKILL_MISSING")?;
    assert!(
        refused.user_message().contains("Lifeguard"),
        "{}",
        refused.user_message()
    );
    // The licence ends with the ninth, whatever any job has noted.
    ana.verb("openShiftClaim", json!({"id": open[1]}), claim)
        .await?
        .must_refuse("SKILL_MISSING")?;
    let claimed = ana
        .act("openShiftClaim", json!({"id": open[0]}), claim)
        .await?;
    assert_eq!(
        claimed["openShift"],
        json!({"status": "FILLED", "filledById": ana_id})
    );
    assert_eq!(claimed["staffShift"]["status"], "CONFIRMED");
    bea.verb("openShiftClaim", json!({"id": open[0]}), claim)
        .await?
        .must_refuse("ALREADY_TAKEN")?;
    // Called off, it is looked for somebody again.
    let shift = super::id(&claimed["staffShift"])?;
    house
        .on("shiftCancel", &shift, json!({"reason": "Ill"}), STATUS)
        .await?
        .must()?;
    let data = house
        .owner
        .read(&format!(
            "{{ openShift(id: \"{}\") {{ status }} }}",
            open[0]
        ))
        .await?;
    assert_eq!(data["openShift"]["status"], "OPEN");
    house
        .on(
            "openShiftCancel",
            &open[1],
            json!({"reason": "Rain"}),
            "openShift { status }",
        )
        .await?
        .must()?;
    house
        .on(
            "openShiftCancel",
            &open[1],
            json!({}),
            "openShift { status }",
        )
        .await?
        .must_refuse("WRONG_STATUS")?;
    ana.verb("openShiftClaim", json!({"id": open[1]}), claim)
        .await?
        .must_refuse("NOT_OPEN")?;
    house.later(Duration::days(12)).await?;
    assert!(house.world.run_job("expire_roster").await? >= 1);
    let data = house
        .owner
        .read(&format!(
            "{{ openShift(id: \"{}\") {{ status }} }}",
            open[2]
        ))
        .await?;
    assert_eq!(data["openShift"]["status"], "EXPIRED");
    house.agrees().await
}
