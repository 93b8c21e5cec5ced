//! What a processor tells of a page becomes rows, once.

use sea_orm::Value;
use serde_json::json;
use uuid::Uuid;

use super::super::attempts::{self, NewAttempt};
use super::super::create::{Written, write_in};
use super::super::events::tell;
use super::super::processors::Report;
use super::super::processors::checkout::{CheckoutNews, CheckoutPaid, CheckoutStanding};
use super::super::tenders::{self, Row, Whole};
use super::super::webhooks::Applied;
use super::super::{accounts, counters, locked, record, source};
use super::{Page, lock};
use foundation::database::{Error, Scope, new_id};

const FIND: &str = "select s.id from payments.checkout_sessions s \
    where s.biz_id = $1 and s.processor_account_id = $2 and (s.id = $3 or s.external_id = $4) limit 1";

const KNOWN: &str =
    "update payments.checkout_sessions set external_id = $3 where biz_id = $1 and id = $2";

/// Records what a processor tells of a page: in whatever order, and however often.
pub(in super::super) async fn hear(
    scope: &Scope,
    account_id: Uuid,
    news: &CheckoutNews,
) -> Result<Applied, Error> {
    let values: [Value; 4] = [
        scope.biz_id().into(),
        account_id.into(),
        news.checkout_id.into(),
        news.external_id.clone().into(),
    ];
    let found = scope.query_opt(FIND, &values).await?;
    let page = match found {
        Some(row) => lock(scope, row.try_get(0)?).await?,
        None => None,
    };
    let Some(page) = page else {
        return Ok(Applied::Parked("there is no such page yet".to_owned()));
    };
    if let Some(external_id) = news.external_id.as_deref()
        && page.external_id.is_none()
    {
        // The answer to our own request was lost: by this id the processor can be asked.
        let values = [scope.biz_id().into(), page.id.into(), external_id.into()];
        scope.execute(KNOWN, &values).await?;
    }
    match &news.standing {
        CheckoutStanding::Closed if page.is_open() => {
            page.close(scope, "The processor closed it.").await?;
            Ok(Applied::Processed)
        }
        // What is paid is paid, also where we took the page for closed.
        CheckoutStanding::Paid(paid) if page.status != "complete" => match &paid.movement {
            Some(movement) => {
                complete(scope, &page, paid, movement).await?;
                Ok(Applied::Processed)
            }
            None => Ok(Applied::Asks(page.id)),
        },
        _ => Ok(Applied::Ignored),
    }
}

const COMPLETE: &str = "update payments.checkout_sessions set status = 'complete', intent_id = $3 where biz_id = $1 and id = $2";

async fn complete(
    scope: &Scope,
    page: &Page,
    paid: &CheckoutPaid,
    movement: &str,
) -> Result<(), Error> {
    let intent_id = pay(scope, page, paid, movement).await?;
    let values = [scope.biz_id().into(), page.id.into(), intent_id.into()];
    scope.execute(COMPLETE, &values).await?;
    let subject = ("CheckoutSession", page.id);
    let what = json!({"intent_id": intent_id});
    tell(scope, "payments.checkout_completed", subject, what).await
}

/// The payment of what was paid on a page. Its key is the page: there is one.
async fn pay(
    scope: &Scope,
    page: &Page,
    paid: &CheckoutPaid,
    movement: &str,
) -> Result<Uuid, Error> {
    let whole = whole(scope, page, paid).await?;
    let key = format!("checkout {}", page.id);
    let of = Written {
        subject: Some((&page.source.0, page.source.1)),
        status: "requires_confirmation",
        description: None,
        statement_descriptor: None,
        key: Some(&key),
    };
    write_in(scope, None, &whole, &of).await?;
    let tender_id = tenders::insert(scope, &whole, 1, &Row::whole(&whole, "card")).await?;
    let attempt = NewAttempt {
        method_ref: paid.method_ref.clone(),
        ..NewAttempt::new(tender_id, page.account_id, "charge", Some(whole.amount))
    };
    attempts::write(scope, &attempt).await?;
    let gone = || Error::Internal("a payment that is gone".to_owned());
    let mut intent = locked::lock(scope, whole.intent_id)
        .await?
        .ok_or_else(gone)?;
    let attempt = attempts::find(scope, attempt.id).await?.ok_or_else(gone)?;
    let report = Report::Done {
        external_id: Some(paid.payment.clone()),
        movement_id: Some(movement.to_owned()),
        expires_at: None,
        sca: None,
    };
    record::apply(scope, &mut intent, &attempt, report).await?;
    counters::settle(scope, &mut intent).await?;
    Ok(whole.intent_id)
}

/// What was paid, where and by whom: as much as the processor says, which is what was asked for
/// unless somebody changed it there.
async fn whole(scope: &Scope, page: &Page, paid: &CheckoutPaid) -> Result<Whole, Error> {
    let source = source::find(scope, (&page.source.0, page.source.1)).await?;
    let account = accounts::find(scope, page.account_id).await?;
    let (account, _) =
        account.ok_or_else(|| Error::Internal("a page without an account".to_owned()))?;
    let wire = account.wire(scope, &page.currency).await?;
    Ok(Whole {
        intent_id: new_id(),
        amount: paid
            .amount
            .and_then(|amount| wire.read(amount))
            .unwrap_or(page.amount),
        currency: page.currency.clone(),
        capture_mode: "automatic".to_owned(),
        location_id: source.as_ref().and_then(|source| source.location_id),
        customer_id: source.and_then(|source| source.customer_id),
        first_seq: 1,
        may_prefer: false,
    })
}
