//! `loyaltyBalance`.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use entities::entitlements::{loyalty_membership, loyalty_tier};

use super::rules::worth;
use crate::entitlements::READ;
use foundation::graph::failure::{Code, Failure};
use foundation::graph::query::Node;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Id, Instant, Long, Money};
use foundation::graph::verb::Permission;

/// How many points a member has, what they are worth, what lapses next, and how far it is to the next tier.
#[derive(InputObject)]
pub struct LoyaltyBalanceInput {
    /// The member.
    pub id: Id<loyalty_membership::Entity>,
}

/// The points of a member.
#[derive(SimpleObject)]
pub struct LoyaltyBalance {
    /// The member.
    pub member: Node<loyalty_membership::Entity>,
    /// Points that can be used now.
    pub points: Long,
    /// What they are worth.
    pub worth: Money,
    /// How many lapse next.
    pub lapsing_points: Long,
    /// When they do; none where none lapse.
    pub lapsing_at: Option<Instant>,
    /// The next tier; none where the highest is reached.
    pub next_tier: Option<Node<loyalty_tier::Entity>>,
    /// How many points are missing for it.
    pub points_to_next_tier: Option<Long>,
}

const BALANCE: &str = "select coalesce(sum(g.remaining), 0)::bigint, \
      min(g.ends_at), coalesce(sum(g.remaining) filter (where g.ends_at = (select min(n.ends_at) from entitlements.grants n \
        where n.biz_id = $1 and n.wallet_id = m.wallet_id and n.remaining > 0 and n.ends_at > $3)), 0)::bigint, \
      p.currency::text, p.burn_points, p.burn_value_minor, t.id, t.threshold - m.tier_points \
    from entitlements.loyalty_memberships m \
    join entitlements.loyalty_programs p on p.biz_id = m.biz_id and p.id = m.program_id \
    left join entitlements.grants g on g.biz_id = m.biz_id and g.wallet_id = m.wallet_id and g.remaining > 0 \
      and g.starts_at <= $3 and (g.ends_at is null or g.ends_at > $3) \
    left join lateral (select n.id, n.threshold from entitlements.loyalty_tiers n \
      left join entitlements.loyalty_tiers own on own.biz_id = n.biz_id and own.id = m.tier_id \
      where n.biz_id = m.biz_id and n.program_id = m.program_id and n.deleted_at is null \
        and n.threshold > greatest(m.tier_points, coalesce(own.threshold, 0)) \
      order by n.threshold limit 1) t on true \
    where m.biz_id = $1 and m.id = $2 group by m.id, m.biz_id, m.wallet_id, m.tier_points, p.currency, p.burn_points, \
      p.burn_value_minor, t.id, t.threshold";

/// The question.
pub struct AskLoyaltyBalance;

impl Question for AskLoyaltyBalance {
    type Input = LoyaltyBalanceInput;
    type Answer = LoyaltyBalance;

    const NAME: &'static str = "loyaltyBalance";
    const PERMISSION: Permission = Permission::Holds(READ);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<LoyaltyBalance, Failure> {
        let values = [
            look.scope.biz_id().into(),
            input.id.uuid().into(),
            look.scope.now().into(),
        ];
        let row = look.scope.query_opt(BALANCE, &values).await?;
        let row = row.ok_or_else(|| Failure::new(Code::NotFound, "There is no such member."))?;
        let read = || {
            let points: i64 = row.try_get(0)?;
            let ends: Option<DateTime<Utc>> = row.try_get(1)?;
            let next: Option<uuid::Uuid> = row.try_get(6)?;
            let missing: Option<i64> = row.try_get(7)?;
            Ok::<_, tokio_postgres::Error>(LoyaltyBalance {
                member: Node::new(input.id.uuid()),
                points: Long(points),
                worth: Money {
                    minor: worth(points, row.try_get(4)?, row.try_get(5)?),
                    currency: row.try_get(3)?,
                },
                lapsing_points: Long(row.try_get(2)?),
                lapsing_at: ends.map(Instant),
                next_tier: next.map(Node::new),
                points_to_next_tier: missing.map(Long),
            })
        };
        read().map_err(|error| foundation::database::Error::from(error).into())
    }
}
