//! `walletOpen`.

use async_graphql::{Enum, InputObject};
use entities::crm::customer;
use entities::identity::group_account;
use uuid::Uuid;

use crate::entitlements::SELL;
use crate::entitlements::choices::{WalletPurpose, WalletUnit};
use crate::entitlements::work::Work;
use foundation::database::{Error, Numbered, new_id};
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Numbers of wallets.
const NUMBERS: Numbered = Numbered {
    document: "wallet",
    prefix: "WA",
};

/// Opens a wallet for a customer or a group, with nothing in it yet. Of money of one currency each
/// has one wallet at most.
#[derive(InputObject)]
pub struct WalletOpenInput {
    /// The customer it belongs to; either this or the group.
    pub customer_id: Option<Id<customer::Entity>>,
    /// The group it belongs to; either this or the customer.
    pub group_account_id: Option<Id<group_account::Entity>>,
    /// What it is for; stored value if not given.
    pub purpose: Option<Choice<WalletPurpose>>,
    /// What it is counted in; money if not given.
    pub unit: Option<Choice<WalletUnit>>,
    /// The currency of a wallet of money.
    pub currency: Option<String>,
}

/// Why no wallet was opened.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WalletOpenErrorCode")]
pub enum WalletOpenProblem {
    /// There is a wallet for money of this currency already.
    AlreadyOpen,
    /// It belongs to either a customer or a group.
    OneOwner,
    /// Unit, currency and purpose do not go together.
    WrongUnit,
}

use WalletOpenProblem as Problem;

/// The verb.
pub struct WalletOpen;

impl Verb for WalletOpen {
    type Input = WalletOpenInput;
    type Problem = Problem;

    const NAME: &'static str = "walletOpen";
    const PERMISSION: Permission = Permission::Holds(SELL);
    const EVENT: Option<&'static str> = Some("wallet.opened");
    const PAYLOAD: &'static [Part] = &[Part::Row("wallet", "Wallet", "The new wallet.")];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("wallets_customer_stored_value_key", Problem::AlreadyOpen),
        ("wallets_group_stored_value_key", Problem::AlreadyOpen),
        ("wallets_owner_check", Problem::OneOwner),
        ("wallets_currency_check", Problem::WrongUnit),
        ("wallets_purpose_unit_check", Problem::WrongUnit),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let wallet = NewWallet {
            customer_id: input.customer_id.map(|id| id.uuid()),
            group_account_id: input.group_account_id.map(|id| id.uuid()),
            purpose: input.purpose.map_or("stored_value", |purpose| purpose.0),
            unit: input.unit.map_or("money", |unit| unit.0),
            currency: input.currency,
        };
        let id = open(Work::of(act), &wallet).await?;
        Ok(Outcome::row("wallet", id))
    }
}

/// A wallet to be opened.
#[derive(Clone, Debug)]
pub struct NewWallet {
    /// The customer it belongs to.
    pub customer_id: Option<Uuid>,
    /// The group it belongs to.
    pub group_account_id: Option<Uuid>,
    /// What it is for.
    pub purpose: &'static str,
    /// What it is counted in.
    pub unit: &'static str,
    /// The currency of money.
    pub currency: Option<String>,
}

const OPEN: &str = "insert into entitlements.wallets \
      (biz_id, id, number, customer_id, group_account_id, purpose, unit, currency) \
    values ($1, $2, $3, $4, $5, $6, $7, $8)";

/// Opens a wallet.
pub async fn open(work: Work<'_>, wallet: &NewWallet) -> Result<Uuid, Error> {
    let id = new_id();
    let values = [
        work.biz_id().into(),
        id.into(),
        work.number(NUMBERS).await?.into(),
        wallet.customer_id.into(),
        wallet.group_account_id.into(),
        wallet.purpose.into(),
        wallet.unit.into(),
        wallet.currency.clone().into(),
    ];
    work.scope.execute(OPEN, &values).await?;
    Ok(id)
}

const STORED_VALUE: &str = "select w.id from entitlements.wallets w \
    where w.biz_id = $1 and w.customer_id = $2 and w.currency = $3 and w.purpose = 'stored_value' and w.status <> 'closed'";

/// The wallet for a customer's money of a currency; opened where there is none.
pub async fn stored_value(
    work: Work<'_>,
    customer_id: Uuid,
    currency: &str,
) -> Result<Uuid, Error> {
    let values = [work.biz_id().into(), customer_id.into(), currency.into()];
    if let Some(row) = work.scope.query_opt(STORED_VALUE, &values).await? {
        return Ok(row.try_get(0)?);
    }
    let wallet = NewWallet {
        customer_id: Some(customer_id),
        group_account_id: None,
        purpose: "stored_value",
        unit: "money",
        currency: Some(currency.to_owned()),
    };
    open(work, &wallet).await
}
