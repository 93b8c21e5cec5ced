//! Links by which somebody pays without signing in: made and withdrawn by staff, shown to and paid by
//! whoever has the secret.

mod asked;
mod cancel;
mod create;
mod pay;
mod show;

use async_graphql::Enum;
use chrono::{DateTime, Utc};
use uuid::Uuid;

pub(super) use self::asked::{asked_for, is_address};
pub use self::cancel::PaymentLinkCancel;
pub use self::create::PaymentLinkCreate;
pub use self::pay::PaymentLinkPay;
pub use self::show::PaymentLinkShow;
use foundation::database::{Error, Scope};
use foundation::identity::Sealer;
use foundation::identity::token::{Secret, digest};

/// What asking customers for money needs.
pub(super) const PERMISSION: &str = "payments.take";

/// What stands for the secret in the address of a page.
const PLACE: &str = "{token}";

/// The secret of a link.
fn secret(sealer: &Sealer, biz_id: Uuid, id: Uuid) -> Secret {
    Secret::belonging_to(sealer, biz_id, id)
}

/// What a mail about a link says, with its secret where that belongs. It is so in the mail alone.
pub fn with_secret(text: &str, sealer: &Sealer, biz_id: Uuid, id: Uuid) -> String {
    text.replace(PLACE, &secret(sealer, biz_id, id).text)
}

/// Why a link or a page to pay on is not made, or not paid.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "PaymentLinkErrorCode")]
pub enum LinkProblem {
    /// One thing is paid for by it.
    OneSource,
    /// The amount is none, or of another currency than the thing.
    WrongAmount,
    /// It was paid as often as it may be, withdrawn, or its time is over.
    NotPayable,
    /// No processor takes cards there.
    NoProcessor,
    /// The payment cannot be made so; the message says why.
    NotAccepted,
    /// A reason must be given.
    ReasonRequired,
    /// It would have expired already.
    ExpiresInPast,
    /// The address of a page is none, or has no place for the secret.
    WrongPage,
    /// Nobody is known who could get it.
    NoCustomer,
    /// The account has no page on which a customer could pay.
    NoPage,
    /// The page would close too soon, or too late.
    WrongExpiry,
}

/// A link that somebody has.
pub(super) struct Link {
    pub(super) biz_id: Uuid,
    pub(super) biz_name: String,
    pub(super) id: Uuid,
    pub(super) source: (String, Uuid),
    pub(super) customer_id: Option<Uuid>,
    pub(super) location_id: Option<Uuid>,
    pub(super) description: Option<String>,
    pub(super) amount: i64,
    pub(super) currency: String,
    /// Whether it can be paid: a value of `payments.link_status`.
    pub(super) status: String,
    pub(super) expires_at: Option<DateTime<Utc>>,
}

/// How many payments of the link `l` stand: taken, or on their way. Each carries the link in its key.
macro_rules! standing {
    () => {
        "(select count(*) from payments.payment_intents i \
            where i.biz_id = l.biz_id and i.source_type = l.source_type and i.source_id = l.source_id \
              and i.idempotency_key like 'link ' || l.id || ' %' and i.status not in ('requires_payment_method', 'canceled'))"
    };
}
use standing;

const FIND: &str = concat!(
    "select l.biz_id, b.display_name, l.id, l.source_type, l.source_id, l.customer_id, l.location_id, l.description, \
      l.amount_minor, l.currency::text, \
      case when l.status <> 'active' then l.status::text when l.expires_at <= $2 then 'expired' \
        when l.max_uses <= ",
    standing!(),
    " then 'completed' else 'active' end, l.expires_at \
    from core.bizes b join payments.payment_links l on l.biz_id = b.id and l.token_hash = $1"
);

/// The link with a secret; none where there is none.
pub(super) async fn by_token(scope: &Scope, token: &str) -> Result<Option<Link>, Error> {
    let values = [digest(token).into(), scope.now().into()];
    let Some(row) = scope.query_opt(FIND, &values).await? else {
        return Ok(None);
    };
    Ok(Some(Link {
        biz_id: row.try_get(0)?,
        biz_name: row.try_get(1)?,
        id: row.try_get(2)?,
        source: (row.try_get(3)?, row.try_get(4)?),
        customer_id: row.try_get(5)?,
        location_id: row.try_get(6)?,
        description: row.try_get(7)?,
        amount: row.try_get(8)?,
        currency: row.try_get(9)?,
        status: row.try_get(10)?,
        expires_at: row.try_get(11)?,
    }))
}
