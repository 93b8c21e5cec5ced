//! `membershipBenefitUse`.

use async_graphql::{Enum, InputObject};
use entities::booking::booking_order;
use entities::catalog::service;
use entities::core::location;
use entities::entitlements::{membership, membership_plan_benefit};
use uuid::Uuid;

use super::credits::{of_plan, wallet_of};
use super::locked::Member;
use crate::entitlements::REDEEM;
use crate::entitlements::refusal::Refusal;
use crate::entitlements::wallet::quantity::quantity;
use crate::entitlements::wallet::uses::{Use, burn};
use crate::entitlements::work::{Work, place_of};
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Uses a benefit of a membership: credits are taken from its wallet, and access or a discount is
/// checked and written down.
#[derive(InputObject)]
pub struct MembershipBenefitUseInput {
    /// The membership.
    pub id: Id<membership::Entity>,
    /// The benefit of its plan.
    pub benefit_id: Id<membership_plan_benefit::Entity>,
    /// How many units of credits; 1 if neither this nor amount is given.
    pub units: Option<i32>,
    /// How much of credits in money.
    pub amount: Option<MoneyInput>,
    /// Where it is used.
    pub location_id: Option<Id<location::Entity>>,
    /// The service it is used for.
    pub service_id: Option<Id<service::Entity>>,
    /// The order it is used for.
    pub booking_order_id: Option<Id<booking_order::Entity>>,
}

/// Why it cannot be used.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MembershipBenefitUseErrorCode")]
pub enum MembershipBenefitUseProblem {
    /// The membership does not run: it is paused, overdue beyond its grace, or has ended.
    NotActive,
    /// Its plan does not have this benefit.
    NotInPlan,
    /// There is not enough left of it.
    Insufficient,
    /// There is enough left, but some is held for another cart: try again shortly.
    HeldElsewhere,
    /// It cannot be used for this, at this place, or at this time.
    NotUsableHere,
}

use MembershipBenefitUseProblem as Problem;

/// The verb.
pub struct MembershipBenefitUse;

const BENEFIT: &str = "select b.kind::text from entitlements.membership_plan_benefits b \
    where b.biz_id = $1 and b.id = $2 and b.plan_id = $3 and b.deleted_at is null";

impl Verb for MembershipBenefitUse {
    type Input = MembershipBenefitUseInput;
    type Problem = Problem;

    const NAME: &'static str = "membershipBenefitUse";
    const PERMISSION: Permission = Permission::Holds(REDEEM);
    const EVENT: Option<&'static str> = Some("membership.benefit_used");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("membership", "Membership", "The membership."),
        Part::Rows(
            "entries",
            "EntitlementLedgerEntry",
            "What was used of credits, in the order of use.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let place = place_of(act, REDEEM, input.location_id.map(|id| id.uuid())).await?;
        let found = super::locked::read(act.scope, input.id.uuid(), true).await?;
        let member = found.ok_or_else(|| Fault::not_found("membership"))?;
        if !member.is_giving(member.today(act.scope.now())) {
            let text = format!("The membership is {}; it gives nothing now.", member.status);
            return Err(Fault::at(Problem::NotActive, "id", text));
        }
        let values = [
            act.scope.biz_id().into(),
            input.benefit_id.uuid().into(),
            member.plan.id.into(),
        ];
        let row = act.scope.query_opt(BENEFIT, &values).await?;
        let row = row.ok_or_else(|| {
            Fault::at(
                Problem::NotInPlan,
                "benefitId",
                "The plan does not have this benefit.",
            )
        })?;
        let outcome = Outcome::row("membership", member.id)
            .detail("benefit_id", input.benefit_id.uuid().to_string());
        if row.try_get::<_, &str>(0)? != "credits" {
            return Ok(outcome);
        }
        let asked = match (input.units, input.amount) {
            (None, None) => quantity(Some(1), None)?,
            (units, amount) => quantity(units, amount)?,
        };
        let wanted = Use {
            wallet_id: wallet(act, &member, input.benefit_id.uuid()).await?,
            quantity: asked.count,
            currency: asked.currency,
            service_id: input.service_id.map(|id| id.uuid()),
            source: input
                .booking_order_id
                .map(|id| ("BookingOrder".to_owned(), id.uuid())),
            hold_id: None,
            key: None,
            note: None,
            is_posted: true,
        };
        let used = burn(Work::of(act), &place, &wanted).await;
        let used = used.map_err(|failed| failed.fault("", code))?;
        let add = |outcome: Outcome, entry| outcome.and_row("entries", entry);
        Ok(used
            .entries
            .into_iter()
            .fold(outcome, add)
            .detail("quantity", asked.count))
    }
}

async fn wallet(act: &Act<'_>, member: &Member, benefit: Uuid) -> Result<Uuid, Fault<Problem>> {
    let work = Work::of(act);
    let all = of_plan(work, member.plan.id).await?;
    let credits = all.iter().find(|credits| credits.id == benefit);
    let credits = credits.ok_or_else(|| Fault::not_found("benefit"))?;
    Ok(wallet_of(work, member, credits).await?.id)
}

fn code(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::HeldElsewhere => Problem::HeldElsewhere,
        Refusal::NotHere => Problem::NotUsableHere,
        Refusal::NotOpen | Refusal::Unknown => Problem::NotActive,
        Refusal::Insufficient
        | Refusal::Expired
        | Refusal::OtherUnit
        | Refusal::WrongPin
        | Refusal::BeyondUse => Problem::Insufficient,
    }
}
