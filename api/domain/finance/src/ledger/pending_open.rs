//! `pendingTransferOpen`.

use async_graphql::{Enum, InputObject};
use entities::ledger::ledger_account;

use foundation::database::new_id;
use foundation::graph::scalars::{Id, Instant, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Sets an amount aside between two accounts: neither can use it twice. It is posted, voided, or
/// given back when its time is over.
#[derive(InputObject)]
pub struct PendingTransferOpenInput {
    /// The account that is to be debited.
    pub debit_account_id: Id<ledger_account::Entity>,
    /// The account that is to be credited.
    pub credit_account_id: Id<ledger_account::Entity>,
    /// How much, in the currency of both accounts.
    pub amount: MoneyInput,
    /// What it is for.
    pub description: Option<String>,
    /// When it is given back unless it was posted; never if not given.
    pub expires_at: Option<Instant>,
}

/// Why an amount cannot be set aside.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "PendingTransferOpenErrorCode")]
pub enum PendingTransferOpenProblem {
    /// The account does not have that much to take.
    Insufficient,
    /// The accounts are closed, the same, of another currency, or of a wallet or a gift card.
    WrongAccount,
    /// It would have been given back already.
    ExpiresInPast,
}

use PendingTransferOpenProblem as Problem;

/// The verb.
pub struct PendingTransferOpen;

const OPEN: &str = "insert into ledger.pending_transfers (biz_id, id, debit_account_id, credit_account_id, amount_minor, currency, description, expires_at) \
    values ($1, $2, $3, $4, $5, $6::text, $7, $8)";

impl Verb for PendingTransferOpen {
    type Input = PendingTransferOpenInput;
    type Problem = Problem;

    const NAME: &'static str = "pendingTransferOpen";
    const PERMISSION: Permission = Permission::Holds("ledger.post");
    const EVENT: Option<&'static str> = Some("ledger.transfer_opened");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "pendingTransfer",
        "PendingTransfer",
        "What was set aside.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("accounts_balance_check", Problem::Insufficient),
        ("pending_transfers_currency_check", Problem::WrongAccount),
        ("pending_transfers_accounts_check", Problem::WrongAccount),
        ("pending_transfers_owned_check", Problem::WrongAccount),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let expires_at = input.expires_at.map(|instant| instant.0);
        if expires_at.is_some_and(|instant| instant <= act.scope.now()) {
            let message = "Its time would be over already.";
            return Err(Fault::at(Problem::ExpiresInPast, "expiresAt", message));
        }
        let id = new_id();
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            input.debit_account_id.uuid().into(),
            input.credit_account_id.uuid().into(),
            input.amount.minor.into(),
            input.amount.currency.as_str().into(),
            input.description.into(),
            expires_at.into(),
        ];
        act.scope.execute(OPEN, &values).await?;
        Ok(Outcome::row("pendingTransfer", id))
    }
}
