//! `walletStatement`.

use async_graphql::{InputObject, SimpleObject};
use entities::entitlements::{domains, entitlement_grant, entitlement_ledger_entry, wallet};
use uuid::Uuid;

use crate::entitlements::READ;
use crate::entitlements::work::place;
use foundation::choices;
use foundation::graph::failure::{Code, Failure};
use foundation::graph::query::Node;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Choice, Day, Id, Instant, Long};
use foundation::graph::verb::Permission;

choices! {
    /// Why a grant changed.
    EntryKind = domains::ENTITLEMENT_ENTRY_KIND;
}

/// How many entries a statement shows at most.
const MOST: i64 = 500;

/// What came into a wallet and went out of it from one day to another, by the calendar of the
/// business: what was in it before, the entries with what was in it after each, and what is left.
#[derive(InputObject)]
pub struct WalletStatementInput {
    /// The wallet.
    pub wallet_id: Id<wallet::Entity>,
    /// The first day.
    pub from: Day,
    /// The first day after it.
    pub until: Day,
}

/// A statement of a wallet.
#[derive(SimpleObject)]
pub struct WalletStatement {
    /// The wallet.
    pub wallet: Node<wallet::Entity>,
    /// What was in it when the first day began; of money, in minor units.
    pub opening: Long,
    /// What was in it when the last day ended.
    pub closing: Long,
    /// The entries between, oldest first, 500 at most.
    pub lines: Vec<WalletStatementLine>,
    /// Whether there are more entries than are shown: ask for fewer days.
    pub is_cut: bool,
}

/// A line of a statement.
#[derive(SimpleObject)]
pub struct WalletStatementLine {
    /// The entry.
    pub entry: Node<entitlement_ledger_entry::Entity>,
    /// The grant that changed.
    pub grant_id: Id<entitlement_grant::Entity>,
    /// Why.
    pub kind: Choice<EntryKind>,
    /// When.
    pub occurred_at: Instant,
    /// By how much.
    pub quantity: Long,
    /// What was in the wallet after it.
    pub balance_after: Long,
}

const LINES: &str = "select e.id, e.grant_id, e.kind::text, e.occurred_at, e.quantity from entitlements.ledger_entries e \
    where e.biz_id = $1 and e.wallet_id = $2 and e.occurred_at >= $3 and e.occurred_at < $4 \
    order by e.occurred_at, e.id limit $5";
const SUMS: &str = "select coalesce(sum(e.quantity) filter (where e.occurred_at < $3), 0)::bigint, \
      coalesce(sum(e.quantity) filter (where e.occurred_at < $4), 0)::bigint \
    from entitlements.wallets w \
    left join entitlements.ledger_entries e on e.biz_id = w.biz_id and e.wallet_id = w.id \
    where w.biz_id = $1 and w.id = $2 group by w.id";

/// The question.
pub struct AskWalletStatement;

impl Question for AskWalletStatement {
    type Input = WalletStatementInput;
    type Answer = WalletStatement;

    const NAME: &'static str = "walletStatement";
    const PERMISSION: Permission = Permission::Holds(READ);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<WalletStatement, Failure> {
        if input.until.0 <= input.from.0 {
            return Err(Failure::input(
                "The day after the last must come after the first.",
            ));
        }
        let none = || Failure::new(Code::NotFound, "There is no such wallet.");
        let biz = place(look.scope, None).await?.ok_or_else(none)?;
        let (from, until) = (biz.start_of(input.from.0), biz.start_of(input.until.0));
        let id = input.wallet_id.uuid();
        let values = [
            look.scope.biz_id().into(),
            id.into(),
            from.into(),
            until.into(),
            (MOST + 1).into(),
        ];
        let sums = look.scope.query_opt(SUMS, &values[..4]).await?;
        let sums = sums.ok_or_else(none)?;
        let (opening, closing): (i64, i64) = (get(&sums, 0)?, get(&sums, 1)?);
        let rows = look.scope.query(LINES, &values).await?;
        let most = usize::try_from(MOST).unwrap_or(usize::MAX);
        let mut balance = opening;
        let mut lines = Vec::with_capacity(rows.len().min(most));
        for row in rows.iter().take(most) {
            let quantity: i64 = get(row, 4)?;
            balance += quantity;
            let kind: String = get(row, 2)?;
            lines.push(WalletStatementLine {
                entry: Node::new(get(row, 0)?),
                grant_id: Id::new(get::<Uuid>(row, 1)?),
                kind: Choice::of(&kind)
                    .ok_or_else(|| Failure::internal("an unknown kind of entry"))?,
                occurred_at: Instant(get(row, 3)?),
                quantity: Long(quantity),
                balance_after: Long(balance),
            });
        }
        Ok(WalletStatement {
            wallet: Node::new(id),
            opening: Long(opening),
            closing: Long(closing),
            lines,
            is_cut: rows.len() > most,
        })
    }
}

fn get<'a, T: tokio_postgres::types::FromSql<'a>>(
    row: &'a tokio_postgres::Row,
    index: usize,
) -> Result<T, Failure> {
    row.try_get(index)
        .map_err(|error| foundation::database::Error::from(error).into())
}
