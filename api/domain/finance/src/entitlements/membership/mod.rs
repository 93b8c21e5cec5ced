//! Memberships: from period to period by the member's own calendar, with credits that come and go
//! with each, pauses, changes of plan, and what happens when they are not paid.

pub mod benefit_use;
pub mod cancel;
pub mod change_plan;
pub mod charge;
pub mod clock;
pub mod credits;
pub mod locked;
pub mod pause;
pub mod payment;
pub mod preview;
pub mod renew;
pub mod resume;
pub mod rules;
pub mod start;

use uuid::Uuid;

use self::locked::Member;
use super::{ADJUST, MANAGE};
use foundation::graph::failure::Failure;
use foundation::graph::verb::{Act, Declaration, Fault, declare};

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<start::MembershipStart>(),
        declare::<renew::MembershipRenew>(),
        declare::<pause::MembershipPause>(),
        declare::<resume::MembershipResume>(),
        declare::<change_plan::MembershipChangePlan>(),
        declare::<cancel::MembershipCancel>(),
        declare::<cancel::MembershipCancelWithdraw>(),
        declare::<charge::MembershipCharge>(),
        declare::<payment::MembershipPaymentFail>(),
        declare::<payment::MembershipPaymentRecord>(),
        declare::<benefit_use::MembershipBenefitUse>(),
    ]
}

/// Locks a membership that the caller may manage where it is at home; another does not exist.
async fn locked_for<P>(act: &Act<'_>, id: Uuid) -> Result<Member, Fault<P>> {
    let found = locked::read(act.scope, id, true).await?;
    let member = found.ok_or_else(|| Fault::not_found("membership"))?;
    if let Some(location) = member.location_id {
        act.permit_at(MANAGE, location, "membership")?;
    }
    Ok(member)
}

/// Whether the caller may go beyond what a plan allows.
fn permit_exception(act: &Act<'_>) -> Result<(), Failure> {
    if act.principal()?.may(ADJUST) {
        return Ok(());
    }
    Err(Failure::forbidden(ADJUST))
}
