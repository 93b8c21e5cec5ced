//! `membershipChangePlan`.

use async_graphql::{Enum, InputObject};
use chrono::{Datelike as _, NaiveDate};
use entities::entitlements::{membership, membership_plan};
use sea_orm::Value;
use uuid::Uuid;

use super::credits::{give_period, of_plan, settle};
use super::locked::{Happened, Member, Plan, happened, plan};
use super::renew::planned;
use super::rules::{Change, Period, change};
use crate::entitlements::MANAGE;
use crate::entitlements::work::Work;
use foundation::database::Error;
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Lets a membership go over to another plan, at the terms of the plan that it leaves: at once, for the
/// days that are left of its period; at once with a whole new period; or with its next period. Asked
/// for the plan that it has, it takes back a change that was to come. `membershipPreview` tells
/// beforehand what it comes to.
#[derive(InputObject)]
pub struct MembershipChangePlanInput {
    /// The membership.
    pub id: Id<membership::Entity>,
    /// The plan it goes over to.
    pub plan_id: Id<membership_plan::Entity>,
    /// What a whole period of that plan costs, as agreed.
    pub price: MoneyInput,
}

/// Why it stays with its plan.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MembershipChangePlanErrorCode")]
pub enum MembershipChangePlanProblem {
    /// It does not run.
    WrongStatus,
    /// It has this plan, and no change is to come.
    SamePlan,
    /// The plan is not sold.
    NotOffered,
    /// A membership keeps its currency, and a price is not negative.
    WrongPrice,
    /// There is a membership of that plan already.
    AlreadyMember,
}

use MembershipChangePlanProblem as Problem;

/// The verb.
pub struct MembershipChangePlan;

impl Verb for MembershipChangePlan {
    type Input = MembershipChangePlanInput;
    type Problem = Problem;

    const NAME: &'static str = "membershipChangePlan";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("membership.plan_changed");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("membership", "Membership", "The membership as it now is."),
        Part::Value(
            "owedMinor",
            "Long",
            "What the member owes for it, in minor units; less than nothing where something goes back.",
        ),
        Part::Value("effectiveOn", "Date", "The first day of the new plan."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("memberships_no_overlap_excl", Problem::AlreadyMember)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let work = Work::of(act);
        let member = super::locked_for::<Problem>(act, input.id.uuid()).await?;
        if !matches!(member.status.as_str(), "active" | "trialing") {
            let text = format!("The membership is {}; it does not run.", member.status);
            return Err(Fault::at(Problem::WrongStatus, "id", text));
        }
        if input.price.currency != member.currency || input.price.minor < 0 {
            let text = "A membership keeps its currency, and a price is not negative.";
            return Err(Fault::at(Problem::WrongPrice, "price", text));
        }
        let coming = planned(work, &member).await?;
        if input.plan_id.uuid() == member.plan.id {
            let Some((other, _)) = coming else {
                return Err(Fault::at(
                    Problem::SamePlan,
                    "planId",
                    "The membership has this plan.",
                ));
            };
            return Ok(take_back(work, &member, other).await?);
        }
        let found = plan(act.scope, input.plan_id.uuid()).await?;
        let to = found.ok_or_else(|| Fault::not_found("membership plan"))?;
        if to.status != "active" {
            return Err(Fault::at(
                Problem::NotOffered,
                "planId",
                "This plan is not sold.",
            ));
        }
        let what = propose(
            &member,
            &to,
            input.price.minor,
            member.today(act.scope.now()),
        );
        let from = coming.map_or(member.plan.id, |(plan, _)| plan);
        if what.effective_on < member.period.ends_on || what.period == member.period {
            carry_out(work, &member, &to, input.price.minor, &what).await?;
        }
        let event = Happened {
            kind: "plan_changed",
            plans: Some((if from == to.id { member.plan.id } else { from }, to.id)),
            period: Some(what.period),
            owed: Some((what.owed_minor(), &member.currency)),
            ..Happened::default()
        };
        happened(act.scope, member.id, &event).await?;
        let outcome = Outcome::row("membership", member.id)
            .and_value("owedMinor", what.owed_minor())
            .and_value("effectiveOn", what.effective_on.to_string());
        Ok(outcome
            .detail("owed_minor", what.owed_minor())
            .detail("currency", member.currency)
            .detail("plan_id", to.id.to_string()))
    }
}

/// What a change of plan comes to on a day: what the preview shows and the verb does.
pub(super) fn propose(member: &Member, to: &Plan, price: i64, today: NaiveDate) -> Change {
    let rhythm = to.rhythm(member.anchor);
    let on = today.clamp(member.period.starts_on, member.period.ends_on);
    if member.status == "trialing" {
        // Nothing is paid while it is tried: the new plan is tried to the end, and paid from then on.
        return Change {
            effective_on: on,
            period: member.period,
            unused_minor: 0,
            due_minor: 0,
        };
    }
    change(
        &member.plan.proration,
        (member.period, member.price),
        (&rhythm, price),
        on,
    )
}

const CHANGE: &str = "update entitlements.memberships set plan_id = $3, price_minor = $4, current_period_starts_on = $5, \
      current_period_ends_on = $6, anchor_day = $7 where biz_id = $1 and id = $2";

async fn carry_out(
    work: Work<'_>,
    member: &Member,
    to: &Plan,
    price: i64,
    what: &Change,
) -> Result<(), Error> {
    let is_new_period = what.period != member.period;
    let old = of_plan(work, member.plan.id).await?;
    if is_new_period {
        // The period that ran ends here, with its credits.
        let cut = Member {
            period: Period {
                ends_on: what.effective_on,
                ..member.period
            },
            ..member.clone()
        };
        settle(work, &cut, None).await?;
    }
    let anchor = if is_new_period {
        what.period.starts_on.day()
    } else {
        member.anchor
    };
    let values: [Value; 7] = [
        work.biz_id().into(),
        member.id.into(),
        to.id.into(),
        price.into(),
        what.period.starts_on.into(),
        what.period.ends_on.into(),
        i64::from(anchor).into(),
    ];
    work.scope.execute(CHANGE, &values).await?;
    let changed = Member {
        plan: to.clone(),
        period: what.period,
        anchor,
        ..member.clone()
    };
    // What the old plan gave for these days stays; the new plan gives what it has more.
    let rest = Period {
        starts_on: what.effective_on,
        ends_on: what.period.ends_on,
    };
    let less = if is_new_period { Vec::new() } else { old };
    give_period(work, &changed, (rest, what.period), &less)
        .await
        .map(drop)
}

async fn take_back(work: Work<'_>, member: &Member, other: Uuid) -> Result<Outcome, Error> {
    let next = member.rhythm().from(member.period.ends_on);
    let event = Happened {
        kind: "plan_changed",
        plans: Some((other, member.plan.id)),
        period: Some(next),
        owed: Some((member.price, &member.currency)),
        note: Some("The change that was to come was taken back."),
        ..Happened::default()
    };
    happened(work.scope, member.id, &event).await?;
    let outcome = Outcome::row("membership", member.id).and_value("owedMinor", 0);
    Ok(outcome.and_value("effectiveOn", next.starts_on.to_string()))
}
