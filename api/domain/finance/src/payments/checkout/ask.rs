//! Asking processors for pages and how they stand, outside of any transaction.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::super::accounts::{self, Account};
use super::super::again::{self, unanswered};
use super::super::hear;
use super::super::processors::checkout::{CheckedOut, Checkout};
use super::super::processors::{self, Meaning, Unknown};
use super::{Page, lock};
use foundation::database::{Error, new_id};
use foundation::graph::failure::Failure;
use foundation::graph::session::Shared;
use foundation::graph::verb::Followed;

/// After what pauses a page is asked for again whose request was lost. Only here is it known what is to
/// be on it; what never gets there is called off later.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(1)];

/// What a page is to be like, besides what its row says.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) description: String,
    pub(super) success_url: String,
    pub(super) cancel_url: String,
}

/// A page as it now is, with its account, and how that one's processor writes its amount.
async fn read(shared: &Shared, biz_id: Uuid, id: Uuid) -> Result<(Page, Account, i64), Error> {
    let gone = || Error::Internal("a page that is gone".to_owned());
    let scope = shared.database.platform_in(biz_id, None, new_id()).await?;
    let page = lock(&scope, id).await?.ok_or_else(gone)?;
    let account = accounts::find(&scope, page.account_id).await?;
    let (account, _) = account.ok_or_else(gone)?;
    let wire = account.wire(&scope, &page.currency).await?;
    scope.rollback().await?;
    let amount = wire.write(page.amount).ok_or_else(gone)?;
    Ok((page, account, amount))
}

/// Asks the processor for a page that is written down, and records where it is.
pub(super) async fn open(shared: Arc<Shared>, biz_id: Uuid, id: Uuid, wanted: Wanted) -> Followed {
    let mut values = serde_json::Map::new();
    match ask_for(&shared, biz_id, id, &wanted).await {
        Ok(answer) => {
            let refusal = record(&shared, biz_id, id, answer).await?;
            values.insert("refusal".to_owned(), refusal.into());
        }
        Err(Unknown(why)) => {
            tracing::warn!(checkout_id = %id, why, "nobody knows what came of a page; it is called off later");
        }
    }
    Ok(values)
}

async fn ask_for(
    shared: &Shared,
    biz_id: Uuid,
    id: Uuid,
    wanted: &Wanted,
) -> Result<CheckedOut, Unknown> {
    let lost = |error: Error| Unknown(error.to_string());
    let (page, account, amount) = read(shared, biz_id, id).await.map_err(lost)?;
    let wanted = Checkout {
        checkout_id: id,
        amount,
        currency: page.currency,
        description: wanted.description.clone(),
        success_url: wanted.success_url.clone(),
        cancel_url: wanted.cancel_url.clone(),
        expires_at: page.expires_at,
    };
    let asking = account.asking(shared, biz_id).map_err(lost)?;
    let processor = processors::of(&account.processor)
        .ok_or_else(|| Unknown(format!("{} is not connected", account.processor)))?;
    let mut answer = processor.open_page(&asking, &wanted).await;
    for pause in PAUSES {
        if answer.is_ok() {
            break;
        }
        tokio::time::sleep(pause).await;
        answer = processor.open_page(&asking, &wanted).await;
    }
    answer
}

const OPENED: &str = "update payments.checkout_sessions set external_id = coalesce(external_id, $3), url = $4 where biz_id = $1 and id = $2";

/// Records where a page is, or that there is none: why not.
async fn record(
    shared: &Shared,
    biz_id: Uuid,
    id: Uuid,
    answer: CheckedOut,
) -> Result<Option<String>, Failure> {
    let scope = shared.database.platform_in(biz_id, None, new_id()).await?;
    let page = lock(&scope, id).await?;
    let page = page.ok_or_else(|| Failure::internal("a page that is gone"))?;
    let refusal = match answer {
        CheckedOut::Open { external_id, url } => {
            let values = [biz_id.into(), id.into(), external_id.into(), url.into()];
            scope.execute(OPENED, &values).await?;
            None
        }
        CheckedOut::Refused(why) => {
            if page.is_open() {
                page.close(&scope, &why).await?;
            }
            Some(why)
        }
    };
    scope.commit().await?;
    Ok(refusal)
}

/// Asks how a page stands, and records that. One that should have closed by now is closed. False where
/// there is no news.
pub(in super::super) async fn look(shared: &Shared, biz_id: Uuid, id: Uuid) -> Result<bool, Error> {
    ask(shared, biz_id, id, false).await
}

/// Closes a page at the processor, and records what it says of it.
pub(super) async fn close(shared: &Shared, biz_id: Uuid, id: Uuid) -> Result<bool, Error> {
    ask(shared, biz_id, id, true).await
}

async fn ask(shared: &Shared, biz_id: Uuid, id: Uuid, is_wanted: bool) -> Result<bool, Error> {
    let (page, account, _) = read(shared, biz_id, id).await?;
    let (Some(external_id), Some(processor)) =
        (&page.external_id, processors::of(&account.processor))
    else {
        return call_off(shared, biz_id, id).await;
    };
    let asking = account.asking(shared, biz_id)?;
    let closes = is_wanted || page.expires_at <= shared.database.now();
    let answer = if closes {
        processor.close_page(&asking, external_id).await
    } else {
        processor.look_at_page(&asking, external_id).await
    };
    match answer {
        Ok(news) => {
            let meaning = Meaning::Checkout(news);
            hear::hear(&shared.database, biz_id, account.id, meaning).await?;
        }
        Err(Unknown(why)) => {
            tracing::warn!(checkout_id = %id, why, "nobody knows how a page stands; it is asked again");
            return Ok(false);
        }
    }
    let (now, ..) = read(shared, biz_id, id).await?;
    Ok(now.status != page.status)
}

/// A page that never got to its processor: nobody has its address.
async fn call_off(shared: &Shared, biz_id: Uuid, id: Uuid) -> Result<bool, Error> {
    let scope = shared.database.platform_in(biz_id, None, new_id()).await?;
    let page = lock(&scope, id).await?;
    let Some(page) = page.filter(|page| page.is_open() && page.external_id.is_none()) else {
        return Ok(false);
    };
    page.close(&scope, "It never got to the processor.").await?;
    scope.commit().await?;
    Ok(true)
}

const UNANSWERED: &str = unanswered!(
    "payments.checkout_sessions",
    "x.status = 'open' and (x.external_id is not null or x.created_at <= $1::timestamptz - interval '10 minutes')"
);

/// Asks how pages stand of which nothing was heard, and calls off those that never got to their
/// processor. Says how many ended.
pub(in super::super) async fn reconcile(shared: &Arc<Shared>) -> Result<u64, Error> {
    again::ask(shared, UNANSWERED, "page", |biz_id, id| {
        look(shared, biz_id, id)
    })
    .await
}
