//! `ledgerAccountOpen`.

use async_graphql::{Enum, InputObject};
use entities::ledger::{domains, ledger_account};

use foundation::choices;
use foundation::database::new_id;
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

choices! {
    /// What an account stands for.
    AccountType = domains::ACCOUNT_TYPE;
    /// The side on which an account grows.
    NormalSide = domains::ENTRY_SIDE;
}

/// Opens an account of the business's own in the books. One that has the code of an account the
/// program posts to (1010 cash, 1020 bank, 2100 deposits ...) takes its place.
#[derive(InputObject)]
pub struct LedgerAccountOpenInput {
    /// Code in the chart of accounts, such as 5040.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// What it stands for.
    pub r#type: Choice<AccountType>,
    /// The side on which it grows; that of its type if not given. A contra account has the other.
    pub normal_side: Option<Choice<NormalSide>>,
    /// Currency of all that is posted to it.
    pub currency: String,
    /// The account it is summed under in reports.
    pub parent_id: Option<Id<ledger_account::Entity>>,
    /// Whether its balance may fall below zero; it may if not given.
    pub is_negative_allowed: Option<bool>,
}

/// Why an account cannot be opened.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "LedgerAccountOpenErrorCode")]
pub enum LedgerAccountOpenProblem {
    /// There is an account of this code and currency.
    CodeTaken,
    /// There is no such currency.
    UnknownCurrency,
}

use LedgerAccountOpenProblem as Problem;

/// The verb.
pub struct LedgerAccountOpen;

const OPEN: &str = "insert into ledger.accounts (biz_id, id, parent_id, code, name, type, normal_side, currency, is_negative_allowed) \
    values ($1, $2, $3, $4, $5, $6, $7, $8::text, $9)";

impl Verb for LedgerAccountOpen {
    type Input = LedgerAccountOpenInput;
    type Problem = Problem;

    const NAME: &'static str = "ledgerAccountOpen";
    const PERMISSION: Permission = Permission::Holds("ledger.manage_accounts");
    const EVENT: Option<&'static str> = Some("ledger.account_opened");
    const PAYLOAD: &'static [Part] = &[Part::Row("ledgerAccount", "LedgerAccount", "The account.")];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("accounts_code_owner_key", Problem::CodeTaken),
        ("accounts_currency_fkey", Problem::UnknownCurrency),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let id = new_id();
        let usual = match input.r#type.0 {
            "asset" | "expense" => "debit",
            _ => "credit",
        };
        let side = input.normal_side.map_or(usual, |side| side.0);
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            input.parent_id.map(|parent| parent.uuid()).into(),
            input.code.trim().into(),
            input.name.trim().into(),
            input.r#type.0.into(),
            side.into(),
            input.currency.as_str().into(),
            input.is_negative_allowed.unwrap_or(true).into(),
        ];
        act.scope.execute(OPEN, &values).await?;
        Ok(Outcome::row("ledgerAccount", id))
    }
}
