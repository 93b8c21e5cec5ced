//! `trialBalance`.

use async_graphql::{InputObject, SimpleObject};
use entities::core::location;
use entities::ledger::{domains, ledger_account};

use foundation::choices;
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Choice, CurrencyCode, Day, Id, Long};
use foundation::graph::verb::Permission;
use foundation::identity::Reach;

/// The most accounts that one answer lists.
const MOST: usize = 2_000;

choices! {
    /// What an account of the trial balance stands for.
    BalanceType = domains::ACCOUNT_TYPE;
}

/// The sums of all accounts through a day of business, by currency. Debits equal credits in each.
#[derive(InputObject)]
pub struct TrialBalanceInput {
    /// The last day of business that counts; all that was posted if not given.
    pub as_of: Option<Day>,
    /// Only this currency.
    pub currency: Option<String>,
    /// Only what belongs to the books of this location.
    pub location_id: Option<Id<location::Entity>>,
}

/// The accounts of one currency.
#[derive(SimpleObject)]
pub struct TrialBalanceCurrency {
    /// The currency.
    currency: CurrencyCode,
    /// The sum of all debits.
    debits_minor: Long,
    /// The sum of all credits.
    credits_minor: Long,
    /// Debits less credits: zero, or something is wrong.
    difference_minor: Long,
    /// The accounts that anything was posted to, by code.
    accounts: Vec<TrialBalanceAccount>,
}

/// An account in the trial balance.
#[derive(SimpleObject)]
pub struct TrialBalanceAccount {
    /// The account's id.
    id: Id<ledger_account::Entity>,
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// What it stands for.
    r#type: Choice<BalanceType>,
    /// The sum of its debits.
    debits_minor: Long,
    /// The sum of its credits.
    credits_minor: Long,
    /// Its balance, positive on the side on which it grows.
    balance_minor: Long,
}

/// The question.
pub struct TrialBalance;

const SUMS: &str = "select a.id, a.code, a.name, a.type::text, a.normal_side::text, a.currency::text, s.debits, s.credits \
    from (select p.account_id, \
        coalesce(sum(p.amount_minor) filter (where p.side = 'debit'), 0)::bigint as debits, \
        coalesce(sum(p.amount_minor) filter (where p.side = 'credit'), 0)::bigint as credits \
      from ledger.postings p join ledger.journal_entries e on e.biz_id = p.biz_id and e.id = p.entry_id \
      where p.biz_id = $1 and p.business_date <= coalesce($2, 'infinity'::date) \
        and p.currency = coalesce($3::text, p.currency) \
        and ($4::uuid is null or e.location_id = $4) \
        and ($5::uuid[] is null or e.location_id = any ($5)) \
      group by p.account_id) s \
    join ledger.accounts a on a.biz_id = $1 and a.id = s.account_id \
    order by a.currency, a.code, a.id limit 2001";

impl Question for TrialBalance {
    type Input = TrialBalanceInput;
    type Answer = Vec<TrialBalanceCurrency>;

    const NAME: &'static str = "trialBalance";
    const PERMISSION: Permission = Permission::Holds("ledger.read");

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        // Who reads some locations sees what their books come to.
        let places = match look.principal()?.reach("ledger.read") {
            Reach::All => None,
            Reach::Locations(places) => Some(places.to_vec()),
        };
        let values = [
            look.scope.biz_id().into(),
            input.as_of.map(|day| day.0).into(),
            input.currency.into(),
            input.location_id.map(|id| id.uuid()).into(),
            places.into(),
        ];
        let rows = look.scope.query(SUMS, &values).await?;
        if rows.len() > MOST {
            let message = format!("More than {MOST} accounts: ask for one currency at a time.");
            return Err(Failure::input(message));
        }
        let mut currencies: Vec<TrialBalanceCurrency> = Vec::new();
        for row in &rows {
            let (currency, account) = account(row).map_err(foundation::database::Error::from)?;
            if currencies
                .last()
                .is_none_or(|last| last.currency.0 != currency)
            {
                currencies.push(TrialBalanceCurrency::none(currency));
            }
            if let Some(last) = currencies.last_mut() {
                last.add(account);
            }
        }
        Ok(currencies)
    }
}

fn account(
    row: &tokio_postgres::Row,
) -> Result<(String, TrialBalanceAccount), tokio_postgres::Error> {
    let (kind, side): (String, String) = (row.try_get(3)?, row.try_get(4)?);
    let (debits, credits): (i64, i64) = (row.try_get(6)?, row.try_get(7)?);
    let balance = debits - credits;
    let account = TrialBalanceAccount {
        id: Id::new(row.try_get(0)?),
        code: row.try_get(1)?,
        name: row.try_get(2)?,
        r#type: Choice::of(&kind).unwrap_or_else(|| Choice::new("asset")),
        debits_minor: Long(debits),
        credits_minor: Long(credits),
        balance_minor: Long(if side == "debit" { balance } else { -balance }),
    };
    Ok((row.try_get(5)?, account))
}

impl TrialBalanceCurrency {
    fn none(currency: String) -> Self {
        Self {
            currency: CurrencyCode(currency),
            debits_minor: Long(0),
            credits_minor: Long(0),
            difference_minor: Long(0),
            accounts: Vec::new(),
        }
    }

    fn add(&mut self, account: TrialBalanceAccount) {
        self.debits_minor.0 += account.debits_minor.0;
        self.credits_minor.0 += account.credits_minor.0;
        self.difference_minor.0 = self.debits_minor.0 - self.credits_minor.0;
        self.accounts.push(account);
    }
}
