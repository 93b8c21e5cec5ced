//! `membershipRenew`.

use async_graphql::{Enum, InputObject};
use entities::entitlements::membership;
use sea_orm::Value;
use uuid::Uuid;

use super::credits::{count_run, give_period, settle};
use super::locked::{Happened, Member, happened, plan, read};
use super::rules::Period;
use crate::entitlements::MANAGE;
use crate::entitlements::work::Work;
use foundation::database::Error;
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Lets a membership go over into its next period, once the one that runs is over by the member's
/// calendar: a trial becomes paid, what was to end ends, credits are carried over or lapse, and those
/// of the new period are given. The clock work does this by itself, once a period.
#[derive(InputObject)]
pub struct MembershipRenewInput {
    /// The membership.
    pub id: Id<membership::Entity>,
    /// The first day after the period that is over: the period is renewed once.
    pub period_ends_on: Day,
}

/// Why it was not renewed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MembershipRenewErrorCode")]
pub enum MembershipRenewProblem {
    /// The period is not over by the member's calendar.
    NotDue,
    /// Another period runs by now: this one was renewed already.
    AlreadyRenewed,
    /// It is paused, overdue, not paid yet, or has ended.
    WrongStatus,
}

use MembershipRenewProblem as Problem;

/// The verb.
pub struct MembershipRenew;

impl Verb for MembershipRenew {
    type Input = MembershipRenewInput;
    type Problem = Problem;

    const NAME: &'static str = "membershipRenew";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("membership.renewed");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("membership", "Membership", "The membership as it now is."),
        Part::Value(
            "owedMinor",
            "Long",
            "What the new period costs, in minor units; nothing where it ended.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let work = Work::of(act);
        let found = read(act.scope, input.id.uuid(), true).await?;
        let member = found.ok_or_else(|| Fault::not_found("membership"))?;
        if let Some(location) = member.location_id {
            act.permit_at(MANAGE, location, "membership")?;
        }
        if member.period.ends_on != input.period_ends_on.0 {
            let text = format!("The period that runs ends on {}.", member.period.ends_on);
            return Err(Fault::at(Problem::AlreadyRenewed, "periodEndsOn", text));
        }
        if !matches!(member.status.as_str(), "active" | "trialing") {
            let text = format!("The membership is {}; it is not renewed.", member.status);
            return Err(Fault::at(Problem::WrongStatus, "id", text));
        }
        if member.today(work.now()) < member.period.ends_on {
            let text = format!("The period runs until {}.", member.period.ends_on);
            return Err(Fault::at(Problem::NotDue, "periodEndsOn", text));
        }
        let owed = if member.is_ending {
            end(work, &member).await?
        } else {
            go_on(work, member.clone(), None).await?
        };
        let outcome = Outcome::row("membership", member.id).and_value("owedMinor", owed);
        Ok(outcome
            .detail("owed_minor", owed)
            .detail("currency", member.currency)
            .detail("period_ends_on", input.period_ends_on.0.to_string()))
    }
}

const END: &str = "update entitlements.memberships set status = 'expired', ended_on = current_period_ends_on, \
    cancel_at_period_end = false where biz_id = $1 and id = $2";

/// Ends a membership with its period.
async fn end(work: Work<'_>, member: &Member) -> Result<i64, Error> {
    let settled = settle(work, member, None).await?;
    count_run(work, member, settled).await?;
    let values = [work.biz_id().into(), member.id.into()];
    work.scope.execute(END, &values).await?;
    let event = Happened {
        kind: "expired",
        period: Some(member.period),
        ..Happened::default()
    };
    happened(work.scope, member.id, &event).await?;
    Ok(0)
}

const PLANNED: &str = "select e.to_plan_id, e.proration_minor from entitlements.membership_events e \
    where e.biz_id = $1 and e.membership_id = $2 and e.kind = 'plan_changed' \
      and e.period_starts_on > $3 and e.period_starts_on <= $4 \
    order by e.occurred_at desc, e.id desc limit 1";

/// The plan that a membership goes over to with its next period, and its price: a change that was asked
/// for within the period that runs.
pub(super) async fn planned(work: Work<'_>, member: &Member) -> Result<Option<(Uuid, i64)>, Error> {
    let values = [
        work.biz_id().into(),
        member.id.into(),
        member.period.starts_on.into(),
        member.period.ends_on.into(),
    ];
    let Some(row) = work.scope.query_opt(PLANNED, &values).await? else {
        return Ok(None);
    };
    let (plan, price): (Uuid, i64) = (row.try_get(0)?, row.try_get(1)?);
    Ok((plan != member.plan.id).then_some((plan, price)))
}

const GO_ON: &str = "update entitlements.memberships set status = 'active', plan_id = $3, price_minor = $4, \
      current_period_starts_on = $5, current_period_ends_on = $6, anchor_day = $7, past_due_since = null \
    where biz_id = $1 and id = $2";

/// Begins the next period, or one that begins on another day where a membership was overdue for
/// longer than its period. Says what it costs.
pub(super) async fn go_on(
    work: Work<'_>,
    mut member: Member,
    anew: Option<Period>,
) -> Result<i64, Error> {
    let old = member.period;
    let starts_on = anew.map_or(old.ends_on, |period| period.starts_on);
    let changed = planned(work, &member).await?;
    let next_plan = match changed {
        Some((id, _)) => plan(work.scope, id).await?,
        None => None,
    };
    let rhythm = next_plan
        .as_ref()
        .map_or_else(|| member.rhythm(), |plan| plan.rhythm(member.anchor));
    let next = anew.unwrap_or_else(|| rhythm.from(starts_on));
    // Credits of the old plan are settled by its own rules before the new one begins.
    let settled = settle(work, &member, Some(next)).await?;
    count_run(work, &member, settled).await?;
    if let (Some(plan), Some((_, price))) = (next_plan, changed) {
        member.plan = plan;
        member.price = price;
    }
    if anew.is_some() {
        member.anchor = chrono::Datelike::day(&starts_on);
    }
    member.period = next;
    let values: [Value; 7] = [
        work.biz_id().into(),
        member.id.into(),
        member.plan.id.into(),
        member.price.into(),
        next.starts_on.into(),
        next.ends_on.into(),
        i64::from(member.anchor).into(),
    ];
    work.scope.execute(GO_ON, &values).await?;
    let event = Happened {
        kind: "renewed",
        period: Some(next),
        owed: Some((member.price, &member.currency)),
        ..Happened::default()
    };
    happened(work.scope, member.id, &event).await?;
    give_period(work, &member, (next, next), &[]).await?;
    Ok(member.price)
}
