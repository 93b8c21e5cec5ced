//! `loyaltyEarn`.

use async_graphql::{Enum, InputObject};
use entities::booking::booking_order;
use entities::core::location;
use entities::entitlements::loyalty_membership;

use super::join::{Earned, put_in};
use super::store::{count, lock};
use crate::entitlements::REDEEM;
use crate::entitlements::work::{Work, place_of};
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Credits a member with the points for what was spent, by the rules of the programme, the days that
/// count double and the member's tier. What was earned may lead to a higher tier at once. Each order
/// earns once.
#[derive(InputObject)]
pub struct LoyaltyEarnInput {
    /// The member.
    pub id: Id<loyalty_membership::Entity>,
    /// What was spent, in the programme's currency.
    pub spent: MoneyInput,
    /// The order it was spent on.
    pub booking_order_id: Option<Id<booking_order::Entity>>,
    /// What names the spending where it is no order, such as the number of a receipt: it earns once.
    pub reference: Option<String>,
    /// Where it was spent, whose calendar decides on the day.
    pub location_id: Option<Id<location::Entity>>,
}

/// Why nothing was earned.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "LoyaltyEarnErrorCode")]
pub enum LoyaltyEarnProblem {
    /// The member is suspended or has left, or the programme earns nothing now.
    NotActive,
    /// This was credited already.
    AlreadyEarned,
    /// The amount has another currency than the programme, or is not more than nothing.
    WrongAmount,
    /// It is too little for a point.
    TooLittle,
    /// Neither an order nor a reference says what it was spent on.
    ReferenceRequired,
}

use LoyaltyEarnProblem as Problem;

/// The verb.
pub struct LoyaltyEarn;

impl Verb for LoyaltyEarn {
    type Input = LoyaltyEarnInput;
    type Problem = Problem;

    const NAME: &'static str = "loyaltyEarn";
    const PERMISSION: Permission = Permission::Holds(REDEEM);
    const EVENT: Option<&'static str> = Some("loyalty.earned");
    const PAYLOAD: &'static [Part] = &[
        Part::Row(
            "loyaltyMembership",
            "LoyaltyMembership",
            "The member as it now is.",
        ),
        Part::Row("grant", "EntitlementGrant", "The points."),
        Part::Value("points", "Long", "How many points were earned."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("ledger_entries_idempotency_key_key", Problem::AlreadyEarned)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (work, place) = (
            Work::of(act),
            place_of(act, REDEEM, input.location_id.map(|id| id.uuid())).await?,
        );
        let member = lock(work, input.id.uuid())
            .await?
            .ok_or_else(|| Fault::not_found("member"))?;
        if member.status != "active" || !member.program.is_active {
            let text = "The member is suspended or has left, or the programme earns nothing now.";
            return Err(Fault::at(Problem::NotActive, "id", text));
        }
        if input.spent.currency != member.program.currency || input.spent.minor <= 0 {
            let text = format!(
                "What was spent is in {}, and more than nothing.",
                member.program.currency
            );
            return Err(Fault::at(Problem::WrongAmount, "spent", text));
        }
        let reference = input
            .reference
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let (key, source) = match (input.booking_order_id, reference) {
            (Some(order), _) => (
                format!("order/{}", order.uuid()),
                Some(("BookingOrder".to_owned(), order.uuid())),
            ),
            (None, Some(reference)) if reference.len() <= 100 => {
                (format!("reference/{reference}"), None)
            }
            (None, _) => {
                let text =
                    "Say by order or reference, of 100 characters at most, what it was spent on.";
                return Err(Fault::at(Problem::ReferenceRequired, "reference", text));
            }
        };
        let points = member
            .program
            .earning
            .points(input.spent.minor, place.today());
        if points <= 0 {
            return Err(Fault::at(
                Problem::TooLittle,
                "spent",
                "It is too little for a point.",
            ));
        }
        let earned = Earned {
            points,
            note: reference.unwrap_or("Spent").to_owned(),
            source,
            key: format!("earn/{}/{key}", member.id),
        };
        let grant = put_in(work, &place, &member, earned).await?;
        count(work, &place, &member).await?;
        let outcome = Outcome::row("loyaltyMembership", member.id).and_row("grant", grant);
        Ok(outcome.and_value("points", points).detail("points", points))
    }
}
