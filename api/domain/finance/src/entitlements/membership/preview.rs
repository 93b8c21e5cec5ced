//! `membershipPreview`.

use async_graphql::{InputObject, SimpleObject};
use entities::entitlements::{membership, membership_plan};

use super::change_plan::propose;
use super::locked::{plan, read};
use crate::entitlements::MANAGE;
use foundation::graph::failure::{Code, Failure};
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Day, Id, Money, MoneyInput};
use foundation::graph::verb::Permission;

/// What it would come to if a membership went over to another plan now, or ended now: exactly what
/// `membershipChangePlan` and `membershipCancel` then do.
#[derive(InputObject)]
pub struct MembershipPreviewInput {
    /// The membership.
    pub id: Id<membership::Entity>,
    /// The plan it would go over to; not given, it would end at once.
    pub plan_id: Option<Id<membership_plan::Entity>>,
    /// What a whole period of that plan costs.
    pub price: Option<MoneyInput>,
}

/// What a change of a membership comes to.
#[derive(SimpleObject)]
pub struct MembershipPreview {
    /// The first day on which it holds.
    pub effective_on: Day,
    /// The first day of the period that runs then.
    pub period_starts_on: Day,
    /// The first day after that period.
    pub period_ends_on: Day,
    /// How many days that period has.
    pub days: i32,
    /// How many of its days are left on that day.
    pub days_left: i32,
    /// What was agreed for days that are left of the period that runs, and would be given back.
    pub unused: Money,
    /// What is to be paid for the new plan in that period.
    pub due: Money,
    /// What the member would owe; less than nothing where something goes back.
    pub owed: Money,
}

/// The question.
pub struct AskMembershipPreview;

impl Question for AskMembershipPreview {
    type Input = MembershipPreviewInput;
    type Answer = MembershipPreview;

    const NAME: &'static str = "membershipPreview";
    const PERMISSION: Permission = Permission::Holds(MANAGE);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<MembershipPreview, Failure> {
        let none = || Failure::new(Code::NotFound, "There is no such membership.");
        let member = read(look.scope, input.id.uuid(), false)
            .await?
            .ok_or_else(none)?;
        if let Some(location) = member.location_id {
            look.permit_at(MANAGE, location, "membership")?;
        }
        let today = member.today(look.scope.now());
        let (effective_on, period, unused, due) = match (input.plan_id, &input.price) {
            (Some(id), Some(price)) if price.currency == member.currency => {
                let none = || Failure::new(Code::NotFound, "There is no such membership plan.");
                let to = plan(look.scope, id.uuid()).await?.ok_or_else(none)?;
                let what = propose(&member, &to, price.minor, today);
                (
                    what.effective_on,
                    what.period,
                    what.unused_minor,
                    what.due_minor,
                )
            }
            (None, None) => (
                today,
                member.period,
                super::cancel::unused(&member, today),
                0,
            ),
            _ => {
                return Err(Failure::input(
                    "Give plan and price together, the price in the membership's currency.",
                ));
            }
        };
        let money = |minor| Money {
            minor,
            currency: member.currency.clone(),
        };
        let count = |days: u64| i32::try_from(days).unwrap_or(i32::MAX);
        Ok(MembershipPreview {
            effective_on: Day(effective_on),
            period_starts_on: Day(period.starts_on),
            period_ends_on: Day(period.ends_on),
            days: count(period.days()),
            days_left: count(period.left(effective_on)),
            unused: money(unused),
            due: money(due),
            owed: money(due - unused),
        })
    }
}
