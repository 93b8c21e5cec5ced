//! `membershipResume`.

use async_graphql::{Enum, InputObject};
use chrono::{Datelike as _, NaiveDate, TimeDelta};
use entities::entitlements::membership;
use sea_orm::Value;
use uuid::Uuid;

use super::credits::shift;
use super::locked::{Happened, happened};
use super::rules::Period;
use crate::entitlements::MANAGE;
use crate::entitlements::work::Work;
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Lets a paused membership run again. Its period and its credits last as many days longer as it was
/// paused, counted by the member's calendar.
#[derive(InputObject)]
pub struct MembershipResumeInput {
    /// The membership.
    pub id: Id<membership::Entity>,
    /// The first day on which it runs again, not after today; today if not given.
    pub on: Option<Day>,
}

/// Why it stays paused.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MembershipResumeErrorCode")]
pub enum MembershipResumeProblem {
    /// It is not paused.
    WrongStatus,
    /// The day lies in the future, or before the pause began.
    WrongDay,
}

use MembershipResumeProblem as Problem;

/// The verb.
pub struct MembershipResume;

const PAUSE: &str = "select p.id, p.starts_on from entitlements.membership_pauses p \
    where p.biz_id = $1 and p.membership_id = $2 and p.cancelled_at is null and p.starts_on <= $3 \
    order by p.starts_on desc limit 1";
const END_PAUSE: &str = "update entitlements.membership_pauses set ends_on = case when starts_on < $3 then $3 else ends_on end, \
      cancelled_at = case when starts_on < $3 then null else $4::timestamptz end where biz_id = $1 and id = $2";
const RESUME: &str = "update entitlements.memberships set status = 'active', paused_until = null, current_period_ends_on = $3, \
      anchor_day = $4 where biz_id = $1 and id = $2";

impl Verb for MembershipResume {
    type Input = MembershipResumeInput;
    type Problem = Problem;

    const NAME: &'static str = "membershipResume";
    const PERMISSION: Permission = Permission::Holds(MANAGE);
    const EVENT: Option<&'static str> = Some("membership.resumed");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "membership",
        "Membership",
        "The membership as it now is.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let work = Work::of(act);
        let member = super::locked_for::<Problem>(act, input.id.uuid()).await?;
        if member.status != "paused" {
            let text = format!("The membership is {}; it is not paused.", member.status);
            return Err(Fault::at(Problem::WrongStatus, "id", text));
        }
        let today = member.today(act.scope.now());
        let on = input.on.map_or(today, |day| day.0);
        let wrong = || {
            Fault::at(
                Problem::WrongDay,
                "on",
                "The day lies in the future, or before the pause began.",
            )
        };
        let values = [act.scope.biz_id().into(), member.id.into(), on.into()];
        let row = act
            .scope
            .query_opt(PAUSE, &values)
            .await?
            .ok_or_else(wrong)?;
        let (pause_id, from): (Uuid, NaiveDate) = (row.try_get(0)?, row.try_get(1)?);
        if on > today || on < from {
            return Err(wrong());
        }
        let days = (on - from).num_days();
        let [biz, id, day] = values;
        let values = [biz.clone(), pause_id.into(), day, act.scope.now().into()];
        act.scope.execute(END_PAUSE, &values).await?;
        let ends_on = member.period.ends_on + TimeDelta::days(days);
        let anchor = if days == 0 {
            member.anchor
        } else {
            ends_on.day()
        };
        let values: [Value; 4] = [biz, id, ends_on.into(), i64::from(anchor).into()];
        act.scope.execute(RESUME, &values).await?;
        shift(work, &member, days).await?;
        let event = Happened {
            kind: "resumed",
            period: Some(Period {
                ends_on,
                ..member.period
            }),
            ..Happened::default()
        };
        happened(act.scope, member.id, &event).await?;
        Ok(Outcome::row("membership", member.id).detail("paused_days", days))
    }
}
