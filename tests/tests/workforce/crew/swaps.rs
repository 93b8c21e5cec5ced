//! Swaps: proposed by one, accepted by the other, decided by somebody else.

use chrono::Duration;
use serde_json::json;

use super::{House, id};

const SWAP: &str = "shiftSwap { id status }";

#[tokio::test]
pub(super) async fn two_shifts_change_hands_when_all_three_agree() -> anyhow::Result<()> {
    let house = House::at("2027-03-01T08:00:00Z").await?;
    let (ana, ana_id) = house.signed_in(json!({})).await?;
    let (bea, bea_id) = house.signed_in(json!({})).await?;
    let mine = house
        .shift(&ana_id, "2027-03-05", "08:00:00", "16:00:00")
        .await?;
    let hers = house
        .shift(&bea_id, "2027-03-06", "08:00:00", "16:00:00")
        .await?;
    let wish =
        json!({"fromShiftId": mine, "toStaffId": bea_id, "toShiftId": hers, "reason": "A wedding"});
    bea.verb("shiftSwapPropose", wish.clone(), SWAP)
        .await?
        .must_fail("NOT_FOUND")?;
    let own = json!({"fromShiftId": mine, "toStaffId": ana_id});
    ana.verb("shiftSwapPropose", own, SWAP)
        .await?
        .must_refuse("SAME_PERSON")?;
    let wrong = json!({"fromShiftId": mine, "toStaffId": bea_id, "toShiftId": mine});
    ana.verb("shiftSwapPropose", wrong, SWAP)
        .await?
        .must_refuse("NOT_THEIR_SHIFT")?;
    let swap = id(&ana.act("shiftSwapPropose", wish.clone(), SWAP).await?["shiftSwap"])?;
    ana.verb("shiftSwapPropose", wish, SWAP)
        .await?
        .must_refuse("ALREADY_OPEN")?;
    let work = bea.read("{ myWork { shifts { id isConfirmed } swaps { id colleague inReturnId } offers { id } clockedInSince } }").await?;
    assert_eq!(
        work["myWork"]["shifts"],
        json!([{"id": hers, "isConfirmed": false}])
    );
    assert_eq!(
        json!([
            work["myWork"]["swaps"][0]["id"],
            work["myWork"]["swaps"][0]["inReturnId"]
        ]),
        json!([swap, hers])
    );
    // Who asked does not answer, and nobody decides before the colleague has.
    ana.verb("shiftSwapAccept", json!({"id": swap}), SWAP)
        .await?
        .must_fail("NOT_FOUND")?;
    house
        .on("shiftSwapApprove", &swap, json!({}), SWAP)
        .await?
        .must_refuse("WRONG_STATUS")?;
    bea.act("shiftSwapAccept", json!({"id": swap}), SWAP)
        .await?;
    bea.verb("shiftSwapDecline", json!({"id": swap}), SWAP)
        .await?
        .must_refuse("WRONG_STATUS")?;
    ana.verb("shiftSwapApprove", json!({"id": swap}), SWAP)
        .await?
        .must_fail("FORBIDDEN")?;
    house
        .on("shiftSwapReject", &swap, json!({"reason": " "}), SWAP)
        .await?
        .must_refuse("REASON_REQUIRED")?;
    let made = "shiftSwap { status } staffShifts { staffId swapOfId status businessDate } warnings { kind }";
    let approved = house
        .on("shiftSwapApprove", &swap, json!({}), made)
        .await?
        .must()?;
    let mut shifts = approved.payload()["staffShifts"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    shifts.sort_by_key(|shift| shift["businessDate"].to_string());
    assert_eq!(
        shifts[0],
        json!({"staffId": bea_id, "swapOfId": mine, "status": "CONFIRMED", "businessDate": "2027-03-05"})
    );
    assert_eq!(
        shifts[1],
        json!({"staffId": ana_id, "swapOfId": hers, "status": "CONFIRMED", "businessDate": "2027-03-06"})
    );
    assert_eq!(house.of_shift(&mine, "status").await?, "CANCELLED");
    let stranger = house.world.owner().await?;
    for verb in [
        "shiftSwapAccept",
        "shiftSwapDecline",
        "shiftSwapWithdraw",
        "shiftSwapApprove",
    ] {
        stranger
            .verb(verb, json!({"id": swap}), SWAP)
            .await?
            .must_fail("NOT_FOUND")?;
    }
    house.agrees().await
}

#[tokio::test]
async fn e60_nobody_decides_on_a_swap_of_their_own() -> anyhow::Result<()> {
    let house = House::at("2027-03-01T08:00:00Z").await?;
    let member = house.member_of(&house.owner).await?;
    let boss = house.person(json!({"memberId": member})).await?;
    let (bea, bea_id) = house.signed_in(json!({})).await?;
    let mine = house
        .shift(&boss, "2027-03-05", "08:00:00", "16:00:00")
        .await?;
    let wish = json!({"fromShiftId": mine, "toStaffId": bea_id});
    let swap = id(&house.owner.act("shiftSwapPropose", wish, SWAP).await?["shiftSwap"])?;
    bea.act("shiftSwapAccept", json!({"id": swap}), SWAP)
        .await?;
    house
        .on("shiftSwapApprove", &swap, json!({}), SWAP)
        .await?
        .must_refuse("OWN_REQUEST")?;
    house
        .on("shiftSwapReject", &swap, json!({"reason": "x"}), SWAP)
        .await?
        .must_refuse("OWN_REQUEST")?;
    assert_eq!(
        house.of_shift(&mine, "status").await?,
        "PUBLISHED",
        "nothing of it was kept"
    );
    let manager = house
        .world
        .staff(&house.owner, "manager", &[&house.location])
        .await?;
    manager
        .act("shiftSwapApprove", json!({"id": swap}), SWAP)
        .await?;
    Ok(())
}

#[tokio::test]
async fn e60_managers_do_not_lead_each_other_in_a_circle() -> anyhow::Result<()> {
    let house = House::open().await?;
    let ana = house.person(json!({})).await?;
    let bea = house.person(json!({"managerId": ana})).await?;
    let input = json!({"id": ana, "version": 1, "managerId": bea});
    let refused = house
        .owner
        .verb("staffUpdate", input, "staff { id }")
        .await?;
    anyhow::ensure!(refused.user_code().is_some(), "{}", refused.body);
    Ok(())
}

#[tokio::test]
pub(super) async fn a_swap_is_declined_withdrawn_or_too_late() -> anyhow::Result<()> {
    let mut house = House::at("2027-03-01T08:00:00Z").await?;
    let (ana, ana_id) = house.signed_in(json!({})).await?;
    let (bea, bea_id) = house.signed_in(json!({})).await?;
    let mine = house
        .shift(&ana_id, "2027-03-02", "08:00:00", "16:00:00")
        .await?;
    let wish = json!({"fromShiftId": mine, "toStaffId": bea_id});
    let propose = async || id(&ana.act("shiftSwapPropose", wish.clone(), SWAP).await?["shiftSwap"]);
    let declined = propose().await?;
    bea.act("shiftSwapDecline", json!({"id": declined}), SWAP)
        .await?;
    let withdrawn = propose().await?;
    bea.verb("shiftSwapWithdraw", json!({"id": withdrawn}), SWAP)
        .await?
        .must_fail("NOT_FOUND")?;
    ana.act("shiftSwapWithdraw", json!({"id": withdrawn}), SWAP)
        .await?;
    ana.verb("shiftSwapWithdraw", json!({"id": withdrawn}), SWAP)
        .await?
        .must_refuse("WRONG_STATUS")?;
    let rejected = propose().await?;
    bea.act("shiftSwapAccept", json!({"id": rejected}), SWAP)
        .await?;
    let reason = json!({"reason": "The house is full that day."});
    let decided = house.on("shiftSwapReject", &rejected, reason, SWAP).await?;
    assert_eq!(decided.must()?.payload()["shiftSwap"]["status"], "REJECTED");
    let late = propose().await?;
    house.later(Duration::days(1)).await?;
    house
        .on("shiftSwapAccept", &late, json!({}), SWAP)
        .await?
        .must_refuse("TOO_LATE")?;
    house.world.run_job("expire_roster").await?;
    let data = house
        .owner
        .read(&format!("{{ shiftSwap(id: \"{late}\") {{ status }} }}"))
        .await?;
    assert_eq!(data["shiftSwap"]["status"], "EXPIRED");
    Ok(())
}
