//! `paymentMethodKeep`, and ways to pay that are past their date.

use std::sync::Arc;

use async_graphql::{Enum, InputObject};
use chrono::Datelike as _;
use entities::crm::customer;
use entities::entitlements::{gift_instrument, wallet};
use sea_orm::Value;
use uuid::Uuid;

use super::methods::make_default;
use foundation::database::{Error, new_id};
use foundation::graph::scalars::Id;
use foundation::graph::session::Shared;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Keeps what a customer has at this business as a way to pay: a wallet of money, or a gift card. No
/// processor knows of it.
#[derive(InputObject)]
pub struct PaymentMethodKeepInput {
    /// Whose it is.
    pub customer_id: Id<customer::Entity>,
    /// The customer's wallet.
    pub wallet_id: Option<Id<wallet::Entity>>,
    /// The gift card that the customer holds.
    pub gift_instrument_id: Option<Id<gift_instrument::Entity>>,
    /// What the customer calls it; never a number.
    pub label: Option<String>,
    /// Whether it becomes the one that is used where the customer does not choose.
    pub make_default: Option<bool>,
}

/// Why it is not kept.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "PaymentMethodKeepErrorCode")]
pub enum PaymentMethodKeepProblem {
    /// One wallet or one gift card is kept.
    OneInstrument,
    /// It is somebody else's, holds no money, or is closed.
    Unusable,
    /// A name must not be the number of a card.
    NumberInName,
}

type Problem = PaymentMethodKeepProblem;

/// The verb.
pub struct PaymentMethodKeep;

const WALLET: &str = "select w.customer_id = $3 and w.unit = 'money' and w.status <> 'closed' from entitlements.wallets w \
    where w.biz_id = $1 and w.id = $2";
const CARD: &str = "select coalesce(g.holder_id, g.purchaser_id, $3) = $3 and g.status in ('active', 'depleted') \
    from entitlements.gift_instruments g where g.biz_id = $1 and g.id = $2";
const SAME: &str = "select m.id from payments.payment_methods m \
    where m.biz_id = $1 and m.customer_id = $2 and m.instrument_type = $3 and m.instrument_id = $4 \
      and m.status = 'active' and m.deleted_at is null";
const INSERT: &str = "insert into payments.payment_methods (biz_id, id, customer_id, kind, instrument_type, instrument_id, label) \
    values ($1, $2, $3, $4::text, $5, $6, $7)";

/// What is kept: its kind as a way to pay, its entity, and whether it may be.
struct Instrument {
    kind: &'static str,
    entity: &'static str,
    id: Uuid,
    sql: &'static str,
}

fn instrument(input: &PaymentMethodKeepInput) -> Option<Instrument> {
    match (input.wallet_id, input.gift_instrument_id) {
        (Some(wallet), None) => Some(Instrument {
            kind: "wallet",
            entity: "Wallet",
            id: wallet.uuid(),
            sql: WALLET,
        }),
        (None, Some(card)) => Some(Instrument {
            kind: "gift",
            entity: "GiftInstrument",
            id: card.uuid(),
            sql: CARD,
        }),
        _ => None,
    }
}

impl Verb for PaymentMethodKeep {
    type Input = PaymentMethodKeepInput;
    type Problem = Problem;

    const NAME: &'static str = "paymentMethodKeep";
    const PERMISSION: Permission = Permission::Holds("payments.method");
    const EVENT: Option<&'static str> = Some("payment_method.kept");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "paymentMethod",
        "PaymentMethod",
        "The way to pay.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] =
        &[("payment_methods_no_pan_check", Problem::NumberInName)];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let Some(instrument) = instrument(&input) else {
            let message = "Name one wallet or one gift card.";
            return Err(Fault::problem(Problem::OneInstrument, message));
        };
        let customer_id = lock_customer(act, input.customer_id.uuid()).await?;
        let biz_id: Value = act.scope.biz_id().into();
        let values = [biz_id.clone(), instrument.id.into(), customer_id.into()];
        let row = act.scope.query_opt(instrument.sql, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("instrument"))?;
        if !row.try_get::<_, Option<bool>>(0)?.unwrap_or_default() {
            let message = "It cannot be paid from by this customer.";
            return Err(Fault::problem(Problem::Unusable, message));
        }
        let values = [
            biz_id.clone(),
            customer_id.into(),
            instrument.entity.into(),
            instrument.id.into(),
        ];
        // What was kept before is that way to pay.
        let same = act.scope.query_opt(SAME, &values).await?;
        let same: Option<Uuid> = same.map(|row| row.try_get(0)).transpose()?;
        let id = same.unwrap_or_else(new_id);
        if same.is_none() {
            let values: [Value; 7] = [
                biz_id,
                id.into(),
                customer_id.into(),
                instrument.kind.into(),
                instrument.entity.into(),
                instrument.id.into(),
                input.label.into(),
            ];
            act.scope.execute(INSERT, &values).await?;
        }
        if input.make_default.unwrap_or_default() {
            make_default(act.scope, customer_id, id).await?;
        }
        Ok(Outcome::row("paymentMethod", id))
    }
}

/// Of two who keep the same thing at once the second finds what the first kept.
async fn lock_customer(act: &Act<'_>, id: Uuid) -> Result<Uuid, Fault<Problem>> {
    let sql = "select 1 from crm.customers c where c.biz_id = $1 and c.id = $2 for no key update";
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    row.map(|_| id).ok_or_else(|| Fault::not_found("customer"))
}

// A card is good until the end of its month.
const PAST: &str = "update payments.payment_methods set status = 'expired', is_default = false \
    where status = 'active' and deleted_at is null and (exp_year, exp_month) < ($1::integer, $2::integer)";

/// Lets ways to pay expire whose date is past. Says how many.
pub async fn expire(shared: &Arc<Shared>) -> Result<u64, Error> {
    let job = "expire_payment_methods";
    let Some(scope) = foundation::worker::jobs::lock(&shared.database, job).await? else {
        return Ok(0);
    };
    // Somewhere it is still yesterday.
    let day = (scope.now() - chrono::TimeDelta::hours(12)).date_naive();
    let month = i32::try_from(day.month()).unwrap_or_default();
    let values = [day.year().into(), month.into()];
    let expired = scope.execute(PAST, &values).await?;
    scope.commit().await?;
    Ok(expired)
}
