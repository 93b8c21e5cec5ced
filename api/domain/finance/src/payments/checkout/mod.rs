//! Pages of a processor on which customers pay by themselves: asked for and closed by staff, paid by
//! whoever has the address. What was paid on one becomes a payment once, whoever tells of it first:
//! a message about the page, one about its payment, or the processor when it is asked.

mod ask;
mod create;
mod expire;
mod hear;

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub(super) use self::ask::{look, reconcile};
pub use self::create::CheckoutSessionCreate;
pub use self::expire::CheckoutSessionExpire;
pub(super) use self::hear::hear;
use foundation::database::{Error, Scope};
use foundation::graph::verb::Part;

/// A page that is locked until the transaction ends.
struct Page {
    id: Uuid,
    source: (String, Uuid),
    account_id: Uuid,
    external_id: Option<String>,
    amount: i64,
    currency: String,
    expires_at: DateTime<Utc>,
    status: String,
}

const LOCK: &str = "select s.source_type, s.source_id, s.processor_account_id, s.external_id, s.amount_minor, s.currency::text, \
      s.expires_at, s.status::text \
    from payments.checkout_sessions s where s.biz_id = $1 and s.id = $2 for no key update";

/// Locks a page. None where there is no such page.
async fn lock(scope: &Scope, id: Uuid) -> Result<Option<Page>, Error> {
    let values = [scope.biz_id().into(), id.into()];
    let Some(row) = scope.query_opt(LOCK, &values).await? else {
        return Ok(None);
    };
    Ok(Some(Page {
        id,
        source: (row.try_get(0)?, row.try_get(1)?),
        account_id: row.try_get(2)?,
        external_id: row.try_get(3)?,
        amount: row.try_get(4)?,
        currency: row.try_get(5)?,
        expires_at: row.try_get(6)?,
        status: row.try_get(7)?,
    }))
}

const CLOSE: &str =
    "update payments.checkout_sessions set status = 'expired' where biz_id = $1 and id = $2";

impl Page {
    fn is_open(&self) -> bool {
        self.status == "open"
    }

    /// Nothing can be paid on it any more, and why.
    async fn close(&self, scope: &Scope, why: &str) -> Result<(), Error> {
        scope.set_reason(why).await?;
        let values = [scope.biz_id().into(), self.id.into()];
        scope.execute(CLOSE, &values).await.map(drop)
    }
}

const PAGE: Part = Part::Row(
    "checkoutSession",
    "CheckoutSession",
    "The page as it now is.",
);
