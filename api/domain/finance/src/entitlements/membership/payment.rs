//! `membershipPaymentFail` and `membershipPaymentRecord`: what becomes of a membership when it is not
//! paid, and when it is after all.

use async_graphql::{Enum, InputObject};
use entities::entitlements::membership;
use sea_orm::Value;

use super::charge::overdue;
use super::credits::give_period;
use super::locked::{Happened, happened};
use super::renew::go_on;
use super::rules::{Period, Rhythm};
use crate::entitlements::MANAGE;
use crate::entitlements::work::Work;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Notes that a payment for a membership was not made: it is overdue from today on, and gives its
/// benefits for as many days more as its plan says.
#[derive(InputObject)]
pub struct MembershipPaymentFailInput {
    /// The membership.
    pub id: Id<membership::Entity>,
    /// What staff should know, such as what the bank said.
    pub note: Option<String>,
}

/// Why it is not overdue.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MembershipPaymentFailErrorCode")]
pub enum MembershipPaymentFailProblem {
    /// It does not run, or is overdue already.
    WrongStatus,
}

/// The verb `membershipPaymentFail`.
pub struct MembershipPaymentFail;

impl Verb for MembershipPaymentFail {
    type Input = MembershipPaymentFailInput;
    type Problem = MembershipPaymentFailProblem;

    const NAME: &'static str = "membershipPaymentFail";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("membership.past_due");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "membership",
        "Membership",
        "The membership as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let member = super::locked_for::<Self::Problem>(act, input.id.uuid()).await?;
        if !matches!(member.status.as_str(), "active" | "trialing") {
            let text = format!("The membership is {}.", member.status);
            return Err(Fault::at(
                MembershipPaymentFailProblem::WrongStatus,
                "id",
                text,
            ));
        }
        let today = overdue(act.scope, &member, input.note.as_deref()).await?;
        Ok(Outcome::row("membership", member.id).detail("since", today.to_string()))
    }
}

/// Notes that a payment was made: one that waited for its first payment begins to give, and one that
/// was overdue runs again. Where its period is over by then, a new one begins today.
#[derive(InputObject)]
pub struct MembershipPaymentRecordInput {
    /// The membership.
    pub id: Id<membership::Entity>,
    /// What staff should know, such as how it was paid.
    pub note: Option<String>,
}

/// Why nothing changed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MembershipPaymentRecordErrorCode")]
pub enum MembershipPaymentRecordProblem {
    /// It neither waits for its first payment nor is overdue.
    WrongStatus,
}

/// The verb `membershipPaymentRecord`.
pub struct MembershipPaymentRecord;

impl Verb for MembershipPaymentRecord {
    type Input = MembershipPaymentRecordInput;
    type Problem = MembershipPaymentRecordProblem;

    const NAME: &'static str = "membershipPaymentRecord";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("membership.recovered");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("membership", "Membership", "The membership as it now is."),
        Part::Value(
            "owedMinor",
            "Long",
            "What a period that begins with this costs, in minor units; nothing where none does.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let work = Work::of(act);
        let member = super::locked_for::<Self::Problem>(act, input.id.uuid()).await?;
        let today = member.today(act.scope.now());
        let kind = match member.status.as_str() {
            "incomplete" => "activated",
            "past_due" => "recovered",
            other => {
                let text = format!("The membership is {other}.");
                return Err(Fault::at(
                    MembershipPaymentRecordProblem::WrongStatus,
                    "id",
                    text,
                ));
            }
        };
        let sql = "update entitlements.memberships set status = 'active', past_due_since = null where biz_id = $1 and id = $2";
        let values: [Value; 2] = [act.scope.biz_id().into(), member.id.into()];
        act.scope.execute(sql, &values).await?;
        let event = Happened {
            kind,
            period: Some(member.period),
            note: input.note.as_deref(),
            ..Happened::default()
        };
        happened(act.scope, member.id, &event).await?;
        let mut owed = 0;
        if kind == "activated" {
            let whole = member.rhythm().whole(member.period.starts_on);
            give_period(work, &member, (member.period, whole), &[]).await?;
        } else if today >= member.period.ends_on && !member.is_ending {
            let rhythm = Rhythm {
                anchor: chrono::Datelike::day(&today),
                ..member.rhythm()
            };
            let anew = Period {
                starts_on: today,
                ends_on: rhythm.end_after(today),
            };
            owed = go_on(work, member.clone(), Some(anew)).await?;
        }
        let outcome = Outcome::row("membership", member.id).and_value("owedMinor", owed);
        Ok(outcome.detail("owed_minor", owed))
    }
}
