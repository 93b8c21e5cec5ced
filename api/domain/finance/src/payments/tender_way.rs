//! By which way a part of a payment goes: the account at the processor, and what stands for the way to
//! pay there.

use uuid::Uuid;

use super::accounts::{self, Account};
use super::tender_source;
use super::tenders::{PaymentProblem as Problem, PaymentTenderInput, Whole};
use foundation::database::{Error, Scope};
use foundation::graph::verb::Fault;

/// The way of a part of a payment.
#[derive(Clone, Debug)]
pub struct Way {
    /// The account at the processor.
    pub account: Account,
    /// What stands for the way to pay there.
    pub method_ref: Option<String>,
    /// The way to pay that the customer left, where it is one of those.
    pub payment_method_id: Option<Uuid>,
}

impl Way {
    fn to(account: Account, method_ref: Option<String>) -> Self {
        Self {
            account,
            method_ref,
            payment_method_id: None,
        }
    }
}

/// The way of a part: the one that is named, or else what its kind says.
pub async fn choose(
    scope: &Scope,
    whole: &Whole,
    asked: &PaymentTenderInput,
) -> Result<Way, Fault<Problem>> {
    let method_ref = || asked.method_ref.clone();
    if let Some(id) = asked.payment_method_id {
        let kept = kept(scope, id.uuid()).await?;
        let kept = kept.ok_or_else(|| Fault::not_found("way to pay"))?;
        if whole
            .payer(asked)
            .is_some_and(|payer| payer != kept.customer_id)
        {
            return Err(unusable("It is somebody else's way to pay."));
        }
        if kept.kind != asked.kind.0 {
            return Err(unusable("It is a way to pay of another kind."));
        }
        return kept.way(scope, whole).await;
    }
    if let Some(id) = asked.processor_account_id {
        return Ok(Way::to(usable(scope, id.uuid()).await?, method_ref()));
    }
    if let Some(id) = asked.terminal_id {
        let account = of_terminal(scope, id.uuid()).await?;
        return Ok(Way::to(usable(scope, account).await?, method_ref()));
    }
    let own = |processor| accounts::own(scope, processor, whole.location_id);
    Ok(match asked.kind.0 {
        "cash" => Way::to(own("cash").await?, None),
        "bank_transfer" | "voucher" => Way::to(own("bank").await?, None),
        "account" if whole.customer_id.is_none() => {
            let message = "What is put on account needs a customer.";
            return Err(Fault::at(Problem::CustomerRequired, "customerId", message));
        }
        "account" => Way::to(own("house").await?, None),
        "gift" | "wallet" => Way::to(own("house").await?, Some(instrument(asked)?)),
        _ => return by_card(scope, whole, asked).await,
    })
}

/// A card: the one that is named, or the one that the customer prefers, or whatever the processor
/// asks for.
async fn by_card(
    scope: &Scope,
    whole: &Whole,
    asked: &PaymentTenderInput,
) -> Result<Way, Fault<Problem>> {
    if whole.may_prefer
        && asked.kind.0 == "card"
        && asked.method_ref.is_none()
        && let Some(payer) = whole.payer(asked)
        && let Some(kept) = preferred(scope, payer).await?
    {
        return kept.way(scope, whole).await;
    }
    let account = accounts::for_cards(scope, whole.location_id).await?;
    let account = account
        .ok_or_else(|| Fault::at(Problem::NoProcessor, "tenders", accounts::NONE_FOR_CARDS))?;
    Ok(Way::to(account, asked.method_ref.clone()))
}

/// What stands for a gift card or a wallet.
fn instrument(asked: &PaymentTenderInput) -> Result<String, Fault<Problem>> {
    let gift = asked
        .gift_instrument_id
        .map(|id| ("GiftInstrument", id.uuid()));
    let wallet = asked.wallet_id.map(|id| ("Wallet", id.uuid()));
    let named = gift.or(wallet);
    let (entity, id) = named.ok_or_else(|| unusable("Name the gift card or the wallet."))?;
    if tender_source::source(entity).is_none() {
        return Err(unusable("It cannot be paid from."));
    }
    Ok(format!("{entity}:{id}"))
}

/// A way to pay that a customer left: at a processor, or here.
struct KeptWay {
    id: Uuid,
    customer_id: Uuid,
    kind: String,
    account_id: Option<Uuid>,
    method_ref: Option<String>,
}

impl KeptWay {
    async fn way(self, scope: &Scope, whole: &Whole) -> Result<Way, Fault<Problem>> {
        let account = match self.account_id {
            Some(account_id) => usable(scope, account_id).await?,
            None => accounts::own(scope, "house", whole.location_id).await?,
        };
        Ok(Way {
            account,
            method_ref: self.method_ref,
            payment_method_id: Some(self.id),
        })
    }
}

/// A way to pay, by its own condition. What is kept here is named by what it stands for.
macro_rules! kept {
    ($condition:literal) => {
        concat!(
            "select m.id, m.customer_id, m.kind::text, m.processor_account_id, \
               coalesce(m.external_id, m.instrument_type || ':' || m.instrument_id) \
             from payments.payment_methods m \
             where m.biz_id = $1 and m.status = 'active' and m.deleted_at is null and ",
            $condition
        )
    };
}

async fn kept(scope: &Scope, id: Uuid) -> Result<Option<KeptWay>, Error> {
    found(scope, kept!("m.id = $2"), id).await
}

async fn preferred(scope: &Scope, customer_id: Uuid) -> Result<Option<KeptWay>, Error> {
    let sql = kept!("m.customer_id = $2 and m.is_default and m.kind = 'card'");
    found(scope, sql, customer_id).await
}

async fn found(scope: &Scope, sql: &str, id: Uuid) -> Result<Option<KeptWay>, Error> {
    let values = [scope.biz_id().into(), id.into()];
    let Some(row) = scope.query_opt(sql, &values).await? else {
        return Ok(None);
    };
    Ok(Some(KeptWay {
        id: row.try_get(0)?,
        customer_id: row.try_get(1)?,
        kind: row.try_get(2)?,
        account_id: row.try_get(3)?,
        method_ref: row.try_get(4)?,
    }))
}

const TERMINAL: &str = "select t.processor_account_id from payments.terminals t \
    where t.biz_id = $1 and t.id = $2 and t.status = 'active' and t.deleted_at is null";

async fn of_terminal(scope: &Scope, id: Uuid) -> Result<Uuid, Fault<Problem>> {
    let values = [scope.biz_id().into(), id.into()];
    let row = scope.query_opt(TERMINAL, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("terminal"))?;
    Ok(row.try_get(0)?)
}

async fn usable(scope: &Scope, id: Uuid) -> Result<Account, Fault<Problem>> {
    let (account, is_active) = accounts::find(scope, id)
        .await?
        .ok_or_else(|| Fault::not_found("processor account"))?;
    if is_active {
        return Ok(account);
    }
    let message = "This account takes no payments now.";
    Err(Fault::at(
        Problem::AccountDisabled,
        "processorAccountId",
        message,
    ))
}

fn unusable(message: &str) -> Fault<Problem> {
    Fault::at(Problem::InstrumentUnusable, "tenders", message)
}
