//! `giftLiability`.

use async_graphql::{InputObject, SimpleObject};

use crate::entitlements::READ;
use crate::ledger::chart::STORED_VALUE;
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Day, Money};
use foundation::graph::verb::Permission;

/// What the business owes to the holders of its gift cards, by currency and by how long ago the cards
/// were activated: what is on them, and what the books say.
#[derive(InputObject)]
pub struct GiftLiabilityInput {
    /// Cards that were activated before this day alone; all if not given.
    pub activated_before: Option<Day>,
}

/// What is owed on gift cards in one currency.
#[derive(SimpleObject)]
pub struct GiftLiability {
    /// What is on the cards.
    pub outstanding: Money,
    /// What of that is held for carts and authorizations.
    pub held: Money,
    /// What the accounts of these cards say in the books; cards that were taken over without books
    /// are not in it until they are first used.
    pub booked: Money,
    /// On how many cards something is left.
    pub cards: i32,
    /// On cards activated within the last 90 days.
    pub up_to90_days: Money,
    /// On cards activated 90 days to a year ago.
    pub up_to_a_year: Money,
    /// On cards activated more than a year ago.
    pub over_a_year: Money,
}

const SUMS: &str = "select i.currency::text, sum(i.balance_minor)::bigint, sum(i.held_minor)::bigint, \
      coalesce(sum(a.balance_minor), 0)::bigint, count(*) filter (where i.balance_minor > 0)::integer, \
      coalesce(sum(i.balance_minor) filter (where i.activated_at > $3::timestamptz - interval '90 days'), 0)::bigint, \
      coalesce(sum(i.balance_minor) filter (where i.activated_at <= $3::timestamptz - interval '90 days' \
        and i.activated_at > $3::timestamptz - interval '1 year'), 0)::bigint, \
      coalesce(sum(i.balance_minor) filter (where i.activated_at <= $3::timestamptz - interval '1 year'), 0)::bigint \
    from entitlements.gift_instruments i \
    left join ledger.accounts a on a.biz_id = i.biz_id and a.owner_type = 'GiftInstrument' and a.owner_id = i.id and a.code = $4 \
    where i.biz_id = $1 and ($2::date is null or i.activated_at < $2::date) \
    group by i.currency order by i.currency";

/// The question.
pub struct AskGiftLiability;

impl Question for AskGiftLiability {
    type Input = GiftLiabilityInput;
    type Answer = Vec<GiftLiability>;

    const NAME: &'static str = "giftLiability";
    const PERMISSION: Permission = Permission::Holds(READ);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Vec<GiftLiability>, Failure> {
        let values = [
            look.scope.biz_id().into(),
            input.activated_before.map(|day| day.0).into(),
            look.scope.now().into(),
            STORED_VALUE.code.into(),
        ];
        let rows = look.scope.query(SUMS, &values).await?;
        let read = |row: &tokio_postgres::Row| {
            let currency: String = row.try_get(0)?;
            let money = |index: usize| {
                Ok::<_, tokio_postgres::Error>(Money {
                    minor: row.try_get(index)?,
                    currency: currency.clone(),
                })
            };
            Ok(GiftLiability {
                outstanding: money(1)?,
                held: money(2)?,
                booked: money(3)?,
                cards: row.try_get(4)?,
                up_to90_days: money(5)?,
                up_to_a_year: money(6)?,
                over_a_year: money(7)?,
            })
        };
        let read: Result<_, tokio_postgres::Error> = rows.iter().map(read).collect();
        read.map_err(|error| foundation::database::Error::from(error).into())
    }
}
