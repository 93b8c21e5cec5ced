//! `membershipStart`.

use async_graphql::{Enum, InputObject};
use chrono::{Datelike as _, Days, NaiveDate};
use entities::core::location;
use entities::crm::customer;
use entities::entitlements::membership_plan;
use entities::identity::group_account;
use entities::payments::payment_method;
use sea_orm::Value;
use uuid::Uuid;

use super::credits::give_period;
use super::locked::{Happened, Plan, happened, plan, read};
use super::rules::Period;
use crate::entitlements::SELL;
use crate::entitlements::work::{Place, Work, place_of};
use foundation::database::{Error, Numbered, new_id};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Day, Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Numbers of memberships.
const NUMBERS: Numbered = Numbered {
    document: "membership",
    prefix: "ME",
};
/// How far from today a membership may begin.
const MOST_DAYS: u64 = 366;

/// Makes somebody a member under a plan. Periods begin on the anchor day; where the first day is
/// another one, the first period is the rest of a whole one, and is paid and given by its days.
#[derive(InputObject)]
pub struct MembershipStartInput {
    /// The plan.
    pub plan_id: Id<membership_plan::Entity>,
    /// The member; either this or the group.
    pub customer_id: Option<Id<customer::Entity>>,
    /// The group whose people are members; either this or the customer.
    pub group_account_id: Option<Id<group_account::Entity>>,
    /// What a whole period costs, as agreed.
    pub price: MoneyInput,
    /// The first day, by the member's calendar; today if not given.
    pub starts_on: Option<Day>,
    /// The day of the month on which periods begin, 1 to 31; the day on which paying begins if not
    /// given. In a shorter month it is its last day.
    pub anchor_day: Option<i32>,
    /// The home location, whose calendar counts; that of the business if not given.
    pub location_id: Option<Id<location::Entity>>,
    /// Whether the plan's trial is left out.
    pub skips_trial: Option<bool>,
    /// Whether it waits for its first payment, and gives nothing until then.
    pub awaits_payment: Option<bool>,
    /// What renewals are paid by; at the desk if not given.
    pub payment_method_id: Option<Id<payment_method::Entity>>,
}

/// Why nobody became a member.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "MembershipStartErrorCode")]
pub enum MembershipStartProblem {
    /// The plan is not sold.
    NotOffered,
    /// There is a membership of this plan at that time already.
    AlreadyMember,
    /// A membership belongs to either a customer or a group.
    OneOwner,
    /// It begins within a year of today.
    WrongDay,
    /// The anchor is a day of the month.
    InvalidAnchor,
}

use MembershipStartProblem as Problem;

/// The verb.
pub struct MembershipStart;

impl Verb for MembershipStart {
    type Input = MembershipStartInput;
    type Problem = Problem;

    const NAME: &'static str = "membershipStart";
    const PERMISSION: Permission = Permission::Holds(SELL);
    const EVENT: Option<&'static str> = Some("membership.started");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("membership", "Membership", "The new membership."),
        Part::Value(
            "owedMinor",
            "Long",
            "What the first period costs, in minor units; nothing while it is tried.",
        ),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("memberships_no_overlap_excl", Problem::AlreadyMember),
        ("memberships_owner_check", Problem::OneOwner),
        ("memberships_anchor_day_check", Problem::InvalidAnchor),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (work, place) = (
            Work::of(act),
            place_of(act, SELL, input.location_id.map(|id| id.uuid())).await?,
        );
        if input.price.minor < 0 {
            return Err(Failure::input("A price is not negative.").into());
        }
        let found = plan(act.scope, input.plan_id.uuid()).await?;
        let plan = found.ok_or_else(|| Fault::not_found("membership plan"))?;
        if plan.status != "active" {
            return Err(Fault::at(
                Problem::NotOffered,
                "planId",
                "This plan is not sold.",
            ));
        }
        let first = First::of(&input, &plan, &place)?;
        let id = new_id();
        insert(work, id, &input, &first, &place).await?;
        let found = read(act.scope, id, true).await?;
        let mut member =
            found.ok_or_else(|| Error::Internal("a membership vanished".to_owned()))?;
        let owed = if first.trial_ends_on.is_some() {
            0
        } else {
            first
                .whole
                .rest_of(input.price.minor, first.period.starts_on)
        };
        let kind = match first.status {
            "trialing" => "trial_started",
            "incomplete" => "enrolled",
            _ => "activated",
        };
        let event = Happened {
            kind,
            period: Some(first.period),
            owed: Some((owed, &input.price.currency)),
            ..Happened::default()
        };
        happened(act.scope, id, &event).await?;
        if first.status != "incomplete" {
            member.wallet_id = give_period(work, &member, (first.period, first.whole), &[]).await?;
        }
        let outcome = Outcome::row("membership", id).and_value("owedMinor", owed);
        Ok(outcome
            .detail("owed_minor", owed)
            .detail("currency", input.price.currency)
            .detail("period_starts_on", first.period.starts_on.to_string())
            .detail("period_ends_on", first.period.ends_on.to_string()))
    }
}

/// How a membership begins.
struct First {
    status: &'static str,
    starts_on: NaiveDate,
    trial_ends_on: Option<NaiveDate>,
    anchor: u32,
    /// The period that runs first.
    period: Period,
    /// The whole period that it is the rest of.
    whole: Period,
}

impl First {
    fn of(
        input: &MembershipStartInput,
        plan: &Plan,
        place: &Place,
    ) -> Result<Self, Fault<Problem>> {
        let today = place.today();
        let starts_on = input.starts_on.map_or(today, |day| day.0);
        let near = Days::new(MOST_DAYS);
        if starts_on < today - near || starts_on > today + near {
            let text = "A membership begins within a year of today.";
            return Err(Fault::at(Problem::WrongDay, "startsOn", text));
        }
        let tried = plan.trial_days > 0
            && input.skips_trial != Some(true)
            && input.awaits_payment != Some(true);
        let trial_ends_on = tried.then(|| starts_on + Days::new(plan.trial_days.into()));
        let anchor = match input.anchor_day {
            None => trial_ends_on.unwrap_or(starts_on).day(),
            Some(day) => u32::try_from(day)
                .ok()
                .filter(|day| (1..=31).contains(day))
                .ok_or_else(|| {
                    Fault::at(
                        Problem::InvalidAnchor,
                        "anchorDay",
                        "The anchor is a day of the month, 1 to 31.",
                    )
                })?,
        };
        let whole = match trial_ends_on {
            Some(ends_on) => Period { starts_on, ends_on },
            None => plan.rhythm(anchor).whole(starts_on),
        };
        Ok(Self {
            status: match (trial_ends_on, input.awaits_payment) {
                (Some(_), _) => "trialing",
                (None, Some(true)) => "incomplete",
                (None, _) => "active",
            },
            starts_on,
            trial_ends_on,
            anchor,
            period: Period {
                starts_on,
                ends_on: whole.ends_on,
            },
            whole,
        })
    }
}

const INSERT: &str = "insert into entitlements.memberships (biz_id, id, number, plan_id, customer_id, group_account_id, location_id, \
      status, started_on, current_period_starts_on, current_period_ends_on, trial_ends_on, timezone, anchor_day, price_minor, \
      currency, payment_method_id) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

async fn insert(
    work: Work<'_>,
    id: Uuid,
    input: &MembershipStartInput,
    first: &First,
    place: &Place,
) -> Result<(), Error> {
    let values: [Value; 17] = [
        work.biz_id().into(),
        id.into(),
        work.number(NUMBERS).await?.into(),
        input.plan_id.uuid().into(),
        input.customer_id.map(|id| id.uuid()).into(),
        input.group_account_id.map(|id| id.uuid()).into(),
        place.location_id.into(),
        first.status.into(),
        first.starts_on.into(),
        first.period.starts_on.into(),
        first.period.ends_on.into(),
        first.trial_ends_on.into(),
        place.zone.name().into(),
        i64::from(first.anchor).into(),
        input.price.minor.into(),
        input.price.currency.as_str().into(),
        input.payment_method_id.map(|id| id.uuid()).into(),
    ];
    work.scope.execute(INSERT, &values).await.map(drop)
}
