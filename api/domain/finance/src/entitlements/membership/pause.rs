//! `membershipPause`.

use async_graphql::{Enum, InputObject};
use chrono::{Datelike as _, NaiveDate};
use entities::entitlements::membership;
use sea_orm::Value;
use uuid::Uuid;

use super::locked::{Happened, Member, happened};
use super::rules::days_in_year;
use crate::entitlements::MANAGE;
use crate::entitlements::work::Work;
use foundation::database::{Error, new_id};
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Pauses a membership from today on: nothing is paid and nothing is given, and when it runs again its
/// period and its credits last as many days longer. It counts towards the days a year that the plan
/// allows, unless it is exempt.
#[derive(InputObject)]
pub struct MembershipPauseInput {
    /// The membership.
    pub id: Id<membership::Entity>,
    /// The first day on which it runs again; required unless the pause is exempt.
    pub until: Option<Day>,
    /// Why it is paused.
    pub reason: String,
    /// Whether its days do not count, as for an illness. Needs `entitlements.adjust`.
    pub is_exempt: Option<bool>,
}

/// Why it was not paused.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MembershipPauseErrorCode")]
pub enum MembershipPauseProblem {
    /// It does not run.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
    /// It must be said until when.
    UntilRequired,
    /// The first day on which it runs again must come after today.
    WrongDay,
    /// The plan does not allow so many days a year.
    TooManyDays,
}

use MembershipPauseProblem as Problem;

/// The verb.
pub struct MembershipPause;

const PAUSE: &str = "with pause as ( \
      insert into entitlements.membership_pauses (biz_id, id, membership_id, starts_on, ends_on, reason, is_exempt) \
      values ($1, $3, $2, $4, $5, $6, $7)) \
    update entitlements.memberships set status = 'paused', paused_until = $5 where biz_id = $1 and id = $2";

impl Verb for MembershipPause {
    type Input = MembershipPauseInput;
    type Problem = Problem;

    const NAME: &'static str = "membershipPause";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("membership.paused");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("membership", "Membership", "The membership as it now is."),
        Part::Row("pause", "MembershipPause", "The pause."),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let member = super::locked_for::<Problem>(act, input.id.uuid()).await?;
        let reason = Fault::unless_said(Problem::ReasonRequired, &input.reason)?;
        let today = member.today(act.scope.now());
        if member.status != "active" || member.started_on > today || today >= member.period.ends_on
        {
            let text = format!(
                "The membership is {}; only one that runs is paused.",
                member.status
            );
            return Err(Fault::at(Problem::WrongStatus, "id", text));
        }
        let is_exempt = input.is_exempt == Some(true);
        if is_exempt {
            super::permit_exception(act)?;
        }
        let until = input.until.map(|day| day.0);
        match until {
            None if !is_exempt => {
                let text = "Say until when it is paused.";
                return Err(Fault::at(Problem::UntilRequired, "until", text));
            }
            Some(until) if until <= today => {
                let text = "The first day on which it runs again must come after today.";
                return Err(Fault::at(Problem::WrongDay, "until", text));
            }
            Some(until) if !is_exempt => allowed(Work::of(act), &member, today, until).await?,
            Some(_) | None => {}
        }
        let id = new_id();
        let values: [Value; 7] = [
            act.scope.biz_id().into(),
            member.id.into(),
            id.into(),
            today.into(),
            until.into(),
            reason.into(),
            is_exempt.into(),
        ];
        act.scope.execute(PAUSE, &values).await?;
        let event = Happened {
            kind: "paused",
            note: Some(reason),
            ..Happened::default()
        };
        happened(act.scope, member.id, &event).await?;
        Ok(Outcome::row("membership", member.id).and_row("pause", id))
    }
}

/// Whether the plan allows these days: each counts in its own calendar year.
async fn allowed(
    work: Work<'_>,
    member: &Member,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<(), Fault<Problem>> {
    let past = pauses(work, member.id).await?;
    for year in from.year()..=until.year() {
        let before: i64 = past
            .iter()
            .map(|(start, end)| days_in_year(*start, *end, year))
            .sum();
        let wanted = days_in_year(from, until, year);
        if wanted > 0 && before + wanted > member.plan.freeze_days {
            let text = format!(
                "The plan allows {} days a year; in {year} there were {before}, and these would be {wanted} more.",
                member.plan.freeze_days
            );
            return Err(Fault::at(Problem::TooManyDays, "until", text));
        }
    }
    Ok(())
}

async fn pauses(work: Work<'_>, id: Uuid) -> Result<Vec<(NaiveDate, NaiveDate)>, Error> {
    let sql = "select p.starts_on, p.ends_on from entitlements.membership_pauses p \
               where p.biz_id = $1 and p.membership_id = $2 and p.cancelled_at is null and not p.is_exempt \
                 and p.ends_on is not null";
    let rows = work
        .scope
        .query(sql, &[work.biz_id().into(), id.into()])
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect()
}
