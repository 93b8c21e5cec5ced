//! `membershipCancel` and `membershipCancelWithdraw`.

use async_graphql::{Enum, InputObject};
use chrono::NaiveDate;
use entities::entitlements::membership;
use sea_orm::Value;

use super::credits::settle;
use super::locked::{Happened, Member, happened};
use crate::entitlements::MANAGE;
use crate::entitlements::work::Work;
use foundation::database::Error;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// When a membership ends.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
pub enum MembershipCancelTime {
    /// At once, with its credits.
    Now,
    /// With the period that runs.
    PeriodEnd,
}

/// Cancels a membership: at once, or with the period that runs. The plan says for how many periods a
/// member is bound, and how long before the end of a period it must be said.
#[derive(InputObject)]
pub struct MembershipCancelInput {
    /// The membership.
    pub id: Id<membership::Entity>,
    /// Why it is cancelled.
    pub reason: String,
    /// When it ends; with its period if not given.
    pub at: Option<MembershipCancelTime>,
    /// Whether what was paid for days that are left is given back, where it ends at once.
    pub refunds_unused: Option<bool>,
    /// Whether the terms of the plan are waived. Needs `entitlements.adjust`.
    pub waives_terms: Option<bool>,
}

/// Why it was not cancelled.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MembershipCancelErrorCode")]
pub enum MembershipCancelProblem {
    /// It has ended, or is to end already.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
    /// The member is bound for longer.
    Bound,
    /// It should have been said earlier to end with this period.
    TooLate,
}

use MembershipCancelProblem as Problem;

/// The verb `membershipCancel`.
pub struct MembershipCancel;

const AT_END: &str = "update entitlements.memberships set cancel_at_period_end = true, cancelled_at = $3, cancel_reason = $4 \
    where biz_id = $1 and id = $2";
const NOW: &str = "update entitlements.memberships set status = 'cancelled', ended_on = greatest(started_on, $5::date), \
      cancelled_at = $3, cancel_reason = $4, paused_until = null, past_due_since = null, cancel_at_period_end = false \
    where biz_id = $1 and id = $2";
const END_PAUSE: &str = "update entitlements.membership_pauses set \
      ends_on = case when starts_on < $3 then $3 else ends_on end, cancelled_at = case when starts_on < $3 then null else $4::timestamptz end \
    where biz_id = $1 and membership_id = $2 and cancelled_at is null and (ends_on is null or ends_on > $3)";

impl Verb for MembershipCancel {
    type Input = MembershipCancelInput;
    type Problem = Problem;

    const NAME: &'static str = "membershipCancel";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("membership.cancelled");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("membership", "Membership", "The membership as it now is."),
        Part::Value(
            "owedMinor",
            "Long",
            "Less than nothing where something is to be given back, in minor units.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let work = Work::of(act);
        let member = super::locked_for::<Problem>(act, input.id.uuid()).await?;
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let at_end = input.at != Some(MembershipCancelTime::Now);
        let has_ended = matches!(member.status.as_str(), "cancelled" | "expired");
        if has_ended || (at_end && (member.is_ending || member.status == "incomplete")) {
            let text = "The membership has ended, is to end already, or has not begun to be paid.";
            return Err(Fault::at(Problem::WrongStatus, "id", text));
        }
        let today = member.today(act.scope.now());
        if input.waives_terms == Some(true) {
            super::permit_exception(act)?;
        } else if member.status != "incomplete" {
            terms(&member, at_end, today)?;
        }
        act.scope.set_reason(reason).await?;
        write(work, &member, reason, (!at_end).then_some(today)).await?;
        let gives_back = !at_end && input.refunds_unused == Some(true);
        let owed = if gives_back {
            -unused(&member, today)
        } else {
            0
        };
        let event = Happened {
            kind: if at_end {
                "cancel_scheduled"
            } else {
                "cancelled"
            },
            period: Some(member.period),
            owed: Some((owed, &member.currency)),
            note: Some(reason),
            ..Happened::default()
        };
        happened(act.scope, member.id, &event).await?;
        let outcome = Outcome::row("membership", member.id).and_value("owedMinor", owed);
        Ok(outcome
            .detail("owed_minor", owed)
            .detail("currency", member.currency)
            .detail("at_period_end", at_end))
    }
}

/// Ends a membership with its period, or today, with its pauses and its credits.
async fn write(
    work: Work<'_>,
    member: &Member,
    reason: &str,
    today: Option<NaiveDate>,
) -> Result<(), Error> {
    let (biz, id): (Value, Value) = (work.biz_id().into(), member.id.into());
    let now: Value = work.now().into();
    let Some(today) = today else {
        let values = [biz, id, now, reason.into()];
        return work.scope.execute(AT_END, &values).await.map(drop);
    };
    let pauses = [biz.clone(), id.clone(), today.into(), now.clone()];
    work.scope.execute(END_PAUSE, &pauses).await?;
    let values = [biz, id, now, reason.into(), today.into()];
    work.scope.execute(NOW, &values).await?;
    settle(work, member, None).await.map(drop)
}

/// What was agreed for the days that are left of the period that runs.
pub(super) fn unused(member: &Member, today: NaiveDate) -> i64 {
    if matches!(member.status.as_str(), "active" | "paused") {
        return member.period.rest_of(member.price, today);
    }
    0
}

/// Whether the terms of the plan allow it.
fn terms(member: &Member, at_end: bool, today: NaiveDate) -> Result<(), Fault<Problem>> {
    let mut bound = member.trial_ends_on.unwrap_or(member.started_on);
    for _ in 0..member.plan.min_periods {
        bound = member.rhythm().end_after(bound);
    }
    let ends_on = if at_end { member.period.ends_on } else { today };
    if member.plan.min_periods > 0 && member.status != "trialing" && ends_on < bound {
        let text = format!("The member is bound until {bound}.");
        return Err(Fault::at(Problem::Bound, "at", text));
    }
    if at_end && (member.period.ends_on - today).num_days() < member.plan.notice_days {
        let days = member.plan.notice_days;
        let text = format!(
            "It must be cancelled {days} days before the period ends on {}.",
            member.period.ends_on
        );
        return Err(Fault::at(Problem::TooLate, "at", text));
    }
    Ok(())
}

/// Takes back that a membership ends with its period.
#[derive(InputObject)]
pub struct MembershipCancelWithdrawInput {
    /// The membership.
    pub id: Id<membership::Entity>,
}

/// Why it ends all the same.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MembershipCancelWithdrawErrorCode")]
pub enum MembershipCancelWithdrawProblem {
    /// It is not to end with its period, or has ended.
    WrongStatus,
}

/// The verb `membershipCancelWithdraw`.
pub struct MembershipCancelWithdraw;

impl Verb for MembershipCancelWithdraw {
    type Input = MembershipCancelWithdrawInput;
    type Problem = MembershipCancelWithdrawProblem;

    const NAME: &'static str = "membershipCancelWithdraw";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("membership.cancel_withdrawn");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "membership",
        "Membership",
        "The membership as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let member = super::locked_for::<Self::Problem>(act, input.id.uuid()).await?;
        let over = member.today(act.scope.now()) >= member.period.ends_on;
        if !member.is_ending || over {
            let text = "The membership is not to end with its period, or has ended.";
            return Err(Fault::at(
                MembershipCancelWithdrawProblem::WrongStatus,
                "id",
                text,
            ));
        }
        withdraw(act, &member).await?;
        Ok(Outcome::row("membership", member.id))
    }
}

async fn withdraw(act: &Act<'_>, member: &Member) -> Result<(), Error> {
    let sql = "update entitlements.memberships set cancel_at_period_end = false, cancelled_at = null, cancel_reason = null \
               where biz_id = $1 and id = $2";
    let values = [act.scope.biz_id().into(), member.id.into()];
    act.scope.execute(sql, &values).await?;
    let event = Happened {
        kind: "cancel_withdrawn",
        ..Happened::default()
    };
    happened(act.scope, member.id, &event).await
}
