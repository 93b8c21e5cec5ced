//! Ways to pay that customers left: asked of the processor outside of transactions, and recorded once.

use std::sync::Arc;

use sea_orm::Value;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::accounts::{self, Account};
use super::again::{self, unanswered};
use super::events::tell;
use super::processors::kept::{Keep, Kept, KeptMethod, KeptStanding};
use super::processors::{self, Unknown};
use foundation::database::{Error, Scope, new_id};
use foundation::graph::session::Shared;
use foundation::graph::verb::Followed;

/// A set-up of a way to pay.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub customer_id: Uuid,
    /// The account at the processor.
    pub account: Account,
    /// Its id there.
    pub external_id: Option<String>,
    /// Where it stands.
    pub status: String,
    /// Whether it is to be used while the customer is not there.
    pub is_off_session: bool,
}

const FIND: &str = "select s.customer_id, s.processor_account_id, s.external_id, s.status::text, s.usage = 'off_session' \
    from payments.setup_intents s where s.biz_id = $1 and s.id = $2 for no key update";

/// Locks a set-up. None where there is no such set-up.
pub async fn lock(scope: &Scope, id: Uuid) -> Result<Option<Setup>, Error> {
    let values = [scope.biz_id().into(), id.into()];
    let Some(row) = scope.query_opt(FIND, &values).await? else {
        return Ok(None);
    };
    let account = accounts::find(scope, row.try_get(1)?).await?;
    let (account, _) =
        account.ok_or_else(|| Error::Internal("a set-up without an account".to_owned()))?;
    Ok(Some(Setup {
        id,
        customer_id: row.try_get(0)?,
        account,
        external_id: row.try_get(2)?,
        status: row.try_get(3)?,
        is_off_session: row.try_get(4)?,
    }))
}

impl Setup {
    /// Whether nothing has come of it yet.
    pub fn is_open(&self) -> bool {
        !matches!(self.status.as_str(), "succeeded" | "canceled")
    }
}

/// What a set-up is to become, besides what its row says.
#[derive(Clone, Debug)]
pub struct Wish {
    /// What stands for the way to pay; none where only its standing is asked for.
    pub method_ref: Option<String>,
    /// What the customer calls it.
    pub label: Option<String>,
    /// Whether it becomes the one that is used where the customer does not choose.
    pub is_default: bool,
}

const KNOWN_AS: &str = "select c.external_id from payments.processor_customers c \
    where c.biz_id = $1 and c.processor_account_id = $2 and c.customer_id = $3 and c.deleted_at is null";

/// Asks the processor for a set-up, and records what it said. What the customer has to do next is
/// among the values.
pub async fn follow_up(
    shared: Arc<Shared>,
    biz_id: Uuid,
    user_id: Option<Uuid>,
    id: Uuid,
    wish: Wish,
) -> Followed {
    let mut values = serde_json::Map::new();
    match ask(&shared, biz_id, id, &wish).await {
        Ok(kept) => {
            if let KeptStanding::Action(action) = &kept.standing {
                values.insert("nextAction".to_owned(), action.clone());
            }
            let scope = shared
                .database
                .platform_in(biz_id, user_id, new_id())
                .await?;
            record(&scope, id, &kept, &wish).await?;
            scope.commit().await?;
        }
        Err(Unknown(why)) => {
            tracing::warn!(setup_id = %id, why, "nobody knows what came of a set-up");
        }
    }
    Ok(values)
}

async fn ask(shared: &Shared, biz_id: Uuid, id: Uuid, wish: &Wish) -> Result<Kept, Unknown> {
    let looked = async {
        let scope = shared.database.platform_in(biz_id, None, new_id()).await?;
        let setup = lock(&scope, id).await?;
        let mut customer = None;
        if let Some(setup) = &setup {
            let values = [
                biz_id.into(),
                setup.account.id.into(),
                setup.customer_id.into(),
            ];
            let row = scope.query_opt(KNOWN_AS, &values).await?;
            customer = row.map(|row| row.try_get(0)).transpose()?;
        }
        scope.rollback().await?;
        Ok::<_, Error>((setup, customer))
    };
    let (setup, customer) = looked.await.map_err(|error| Unknown(error.to_string()))?;
    let Some(setup) = setup.filter(Setup::is_open) else {
        return Err(Unknown("it is done already".to_owned()));
    };
    let Some(processor) = processors::of(&setup.account.processor) else {
        return Ok(Kept::refused("This processor is not connected."));
    };
    let asking = setup
        .account
        .asking(shared, biz_id)
        .map_err(|error| Unknown(error.to_string()))?;
    match (&setup.external_id, &wish.method_ref) {
        (Some(external_id), _) => processor.kept(&asking, external_id).await,
        (None, Some(method_ref)) => {
            let keep = Keep {
                setup_id: id,
                customer_id: setup.customer_id,
                customer,
                method_ref: method_ref.clone(),
                is_off_session: setup.is_off_session,
            };
            processor.keep(&asking, &keep).await
        }
        (None, None) => Ok(Kept {
            standing: KeptStanding::Canceled,
            ..Kept::refused("")
        }),
    }
}

const CUSTOMER: &str = "insert into payments.processor_customers (biz_id, id, processor_account_id, customer_id, external_id) \
    values ($1, $2, $3, $4, $5) on conflict do nothing";
const MOVE: &str = "update payments.setup_intents set status = $3::text, external_id = coalesce($4, external_id), \
      last_error = left($5, 2000), payment_method_id = coalesce($6, payment_method_id) \
    where biz_id = $1 and id = $2";

/// Records what a processor said of a set-up, once.
pub async fn record(scope: &Scope, id: Uuid, kept: &Kept, wish: &Wish) -> Result<(), Error> {
    let Some(setup) = lock(scope, id).await?.filter(Setup::is_open) else {
        return Ok(());
    };
    if let Some(customer) = &kept.customer {
        let values: [Value; 5] = [
            scope.biz_id().into(),
            new_id().into(),
            setup.account.id.into(),
            setup.customer_id.into(),
            customer.as_str().into(),
        ];
        scope.execute(CUSTOMER, &values).await?;
    }
    let (status, error, method_id) = match &kept.standing {
        KeptStanding::Done(method) => {
            let method_id = write(scope, &setup, method, wish).await?;
            ("succeeded", None, Some(method_id))
        }
        KeptStanding::Action(_) => ("requires_action", None, None),
        KeptStanding::Processing => ("processing", None, None),
        KeptStanding::Declined(words) => ("requires_payment_method", Some(words.clone()), None),
        KeptStanding::Canceled => ("canceled", None, None),
    };
    let values: [Value; 6] = [
        scope.biz_id().into(),
        id.into(),
        status.into(),
        kept.external_id.clone().into(),
        error.into(),
        method_id.into(),
    ];
    scope.execute(MOVE, &values).await?;
    if let Some(method_id) = method_id {
        let what = json!({"customer_id": setup.customer_id, "setup_id": id});
        tell(
            scope,
            "payment_method.kept",
            ("PaymentMethod", method_id),
            what,
        )
        .await?;
    }
    Ok(())
}

const SAME: &str = "select m.id from payments.payment_methods m \
    where m.biz_id = $1 and m.customer_id = $2 and m.deleted_at is null and m.status = 'active' \
      and (m.fingerprint_hash = $3 or m.processor_account_id = $4 and m.external_id = $5) limit 1";
const WRITE: &str = "insert into payments.payment_methods (biz_id, id, customer_id, kind, processor_account_id, external_id, label, \
      brand, last4, exp_month, exp_year, country, fingerprint_hash, mandate_ref, mandate_accepted_at) \
    select $1, $2, $3, 'card', $4, $5, $6, $7, $8, $9, $10, c.code, $12, $13::text, case when $13::text is not null then $14::timestamptz end \
    from (select 1) one left join core.countries c on c.code = $11::text";

/// The way to pay that came of a set-up: one that the customer left before is that one.
async fn write(
    scope: &Scope,
    setup: &Setup,
    method: &KeptMethod,
    wish: &Wish,
) -> Result<Uuid, Error> {
    let fingerprint = method
        .fingerprint
        .as_ref()
        .map(|text| Sha256::digest(text).to_vec());
    let same: [Value; 5] = [
        scope.biz_id().into(),
        setup.customer_id.into(),
        fingerprint.clone().into(),
        setup.account.id.into(),
        method.external_id.as_str().into(),
    ];
    #[expect(clippy::single_match_else, reason = "each way is as long as the other")]
    let id = match scope.query_opt(SAME, &same).await? {
        Some(row) => row.try_get(0)?,
        None => {
            let id = new_id();
            let (month, year) = method.expiry.unzip();
            let values: [Value; 14] = [
                scope.biz_id().into(),
                id.into(),
                setup.customer_id.into(),
                setup.account.id.into(),
                method.external_id.as_str().into(),
                wish.label.clone().into(),
                method.brand.clone().into(),
                method.last4.clone().into(),
                month.into(),
                year.into(),
                method.country.clone().into(),
                fingerprint.into(),
                method.mandate.clone().into(),
                scope.now().into(),
            ];
            scope.execute(WRITE, &values).await?;
            id
        }
    };
    if wish.is_default {
        make_default(scope, setup.customer_id, id).await?;
    }
    Ok(id)
}

/// Makes a way to pay the one that is used where its customer does not choose.
pub async fn make_default(scope: &Scope, customer_id: Uuid, id: Uuid) -> Result<(), Error> {
    let sql = "update payments.payment_methods set is_default = false \
               where biz_id = $1 and customer_id = $2 and is_default and id <> $3";
    let values = [scope.biz_id().into(), customer_id.into(), id.into()];
    scope.execute(sql, &values).await?;
    let sql = "update payments.payment_methods set is_default = true \
               where biz_id = $1 and customer_id = $2 and id = $3 and not is_default";
    scope.execute(sql, &values).await.map(drop)
}

// One that never reached the processor is given up after ten minutes: nothing came of it.
const UNANSWERED: &str = unanswered!(
    "payments.setup_intents",
    "x.status in ('processing', 'requires_confirmation') and (x.external_id is not null or x.created_at <= $1::timestamptz - interval '10 minutes')"
);

/// Asks again how set-ups stand that the processor thinks about, and calls off those that never
/// reached it. Says how many ended.
pub async fn reconcile(shared: &Arc<Shared>) -> Result<u64, Error> {
    again::ask(shared, UNANSWERED, "set-up", |biz_id, id| {
        ask_again(shared, biz_id, id)
    })
    .await
}

async fn ask_again(shared: &Shared, biz_id: Uuid, id: Uuid) -> Result<bool, Error> {
    let wish = Wish {
        method_ref: None,
        label: None,
        is_default: false,
    };
    let Ok(kept) = ask(shared, biz_id, id, &wish).await else {
        return Ok(false);
    };
    let scope = shared.database.platform_in(biz_id, None, new_id()).await?;
    record(&scope, id, &kept, &wish).await?;
    scope.commit().await?;
    let is_open = matches!(
        kept.standing,
        KeptStanding::Processing | KeptStanding::Action(_)
    );
    Ok(!is_open)
}
