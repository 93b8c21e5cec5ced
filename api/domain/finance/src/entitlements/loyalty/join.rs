//! `loyaltyJoin`.

use async_graphql::{Enum, InputObject};
use chrono::Months;
use entities::crm::customer;
use entities::entitlements::loyalty_program;
use sea_orm::Value;
use uuid::Uuid;

use super::store::{Member, count, lock, program};
use crate::entitlements::SELL;
use crate::entitlements::wallet::grants::{NewGrant, give};
use crate::entitlements::wallet::locked::lock_one;
use crate::entitlements::wallet::open::{NewWallet, open};
use crate::entitlements::work::{Place, Work, place_of};
use foundation::database::{Error, Numbered, new_id};
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Numbers of members.
const NUMBERS: Numbered = Numbered {
    document: "loyalty_membership",
    prefix: "LM",
};

/// Lets a customer take part in a loyalty programme, with a wallet for the points and the points that the
/// programme gives as a welcome.
#[derive(InputObject)]
pub struct LoyaltyJoinInput {
    /// The programme.
    pub program_id: Id<loyalty_program::Entity>,
    /// The customer.
    pub customer_id: Id<customer::Entity>,
}

/// Why the customer does not take part.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "LoyaltyJoinErrorCode")]
pub enum LoyaltyJoinProblem {
    /// The programme takes nobody.
    NotActive,
    /// The customer takes part already.
    AlreadyMember,
}

use LoyaltyJoinProblem as Problem;

/// The verb.
pub struct LoyaltyJoin;

const JOIN: &str = "insert into entitlements.loyalty_memberships (biz_id, id, program_id, customer_id, number, wallet_id, joined_on) \
    values ($1, $2, $3, $4, $5, $6, $7)";

impl Verb for LoyaltyJoin {
    type Input = LoyaltyJoinInput;
    type Problem = Problem;

    const NAME: &'static str = "loyaltyJoin";
    const PERMISSION: Permission = Permission::Holds(SELL);
    const EVENT: Option<&'static str> = Some("loyalty.joined");
    const PAYLOAD: &'static [Part] = &[
        Part::Row("loyaltyMembership", "LoyaltyMembership", "The member."),
        Part::Row("wallet", "Wallet", "The wallet of the points."),
    ];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[(
        "loyalty_memberships_program_id_customer_id_key",
        Problem::AlreadyMember,
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (work, place) = (Work::of(act), place_of(act, SELL, None).await?);
        let found = program(work, input.program_id.uuid()).await?;
        let program = found.ok_or_else(|| Fault::not_found("loyalty programme"))?;
        if !program.is_active {
            return Err(Fault::at(
                Problem::NotActive,
                "programId",
                "This programme takes nobody.",
            ));
        }
        let wallet = NewWallet {
            customer_id: Some(input.customer_id.uuid()),
            group_account_id: None,
            purpose: "loyalty",
            unit: "points",
            currency: None,
        };
        let (id, wallet_id) = (new_id(), open(work, &wallet).await?);
        let values: [Value; 7] = [
            act.scope.biz_id().into(),
            id.into(),
            program.id.into(),
            input.customer_id.uuid().into(),
            work.number(NUMBERS).await?.into(),
            wallet_id.into(),
            place.today().into(),
        ];
        act.scope.execute(JOIN, &values).await?;
        let found = lock(work, id).await?;
        let member = found.ok_or_else(|| Error::Internal("a member vanished".to_owned()))?;
        if program.welcome > 0 {
            let earning = Earned {
                points: program.welcome,
                note: "Welcome".to_owned(),
                source: Some(("LoyaltyMembership".to_owned(), id)),
                key: format!("welcome/{id}"),
            };
            put_in(work, &place, &member, earning).await?;
        }
        count(work, &place, &member).await?;
        Ok(Outcome::row("loyaltyMembership", id).and_row("wallet", wallet_id))
    }
}

/// Points that were earned.
pub(super) struct Earned {
    /// How many.
    pub points: i64,
    /// For what, in words.
    pub note: String,
    /// For what.
    pub source: Option<(String, Uuid)>,
    /// The key under which they count once.
    pub key: String,
}

/// Puts points into a member's wallet, which lapse as the programme says. Gives the grant.
pub(super) async fn put_in(
    work: Work<'_>,
    place: &Place,
    member: &Member,
    earned: Earned,
) -> Result<Uuid, Error> {
    let found = lock_one(work.scope, member.wallet_id).await?;
    let mut wallet = found.ok_or_else(|| Error::Internal("a wallet vanished".to_owned()))?;
    let months = member.program.months.map(Months::new);
    let end = months.and_then(|months| place.today().checked_add_months(months));
    let grant = NewGrant {
        ends_at: end.map(|day| place.start_of(day)),
        note: Some(earned.note),
        source: earned.source,
        key: Some(earned.key),
        ..NewGrant::new("loyalty", earned.points, work.now())
    };
    give(work, place, &mut wallet, &grant).await
}
