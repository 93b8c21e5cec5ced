//! Gift cards and wallets as ways to pay: payments draws from them and gives back to them within its own
//! transaction, and posts the books.

use async_trait::async_trait;
use uuid::Uuid;

use super::gift::uses::{PutBack, Redeem, put_back, redeem};
use super::refusal::{Failed, Refusal};
use super::wallet::uses::{Undo, Use, burn, undo};
use super::work::{Place, Work, place};
use crate::payments::tender_source::{Draw, Refused, TenderSource};
use foundation::database::Scope;

/// What customers have on gift cards.
#[derive(Debug)]
pub struct GiftCards;

/// What customers have in wallets of money.
#[derive(Debug)]
pub struct Wallets;

const PAYMENT: &str = "PaymentIntent";

fn refused(failed: Failed) -> Refused {
    let refusal = match failed {
        Failed::Database(error) => return Refused::Database(error),
        Failed::Refused(refusal) => refusal,
    };
    let code = match refusal {
        Refusal::Insufficient => "INSUFFICIENT",
        Refusal::HeldElsewhere => "HELD_ELSEWHERE",
        Refusal::Unknown => "NOT_FOUND",
        Refusal::Expired => "EXPIRED",
        Refusal::BeyondUse => "BEYOND_USE",
        Refusal::OtherUnit => "OTHER_CURRENCY",
        Refusal::NotOpen | Refusal::NotHere | Refusal::WrongPin => "NOT_USABLE",
    };
    Refused::Rule(code, refusal.message().to_owned())
}

async fn there(scope: &Scope, draw: &Draw<'_>) -> Result<Place, Failed> {
    let found = place(scope, draw.location_id).await?;
    Ok(found.ok_or(Refusal::Unknown)?)
}

/// What was drawn for a part of a payment, the last first: each use, and what of it was not given back.
async fn drawn(scope: &Scope, sql: &str, draw: &Draw<'_>) -> Result<Vec<(Uuid, i64)>, Failed> {
    let values = [
        scope.biz_id().into(),
        draw.instrument.1.into(),
        draw.intent_id.into(),
    ];
    let rows = scope.query(sql, &values).await?;
    let read = |row: &tokio_postgres::Row| Ok((row.try_get(0)?, row.try_get(1)?));
    rows.iter().map(read).collect()
}

/// The parts of what was drawn that make up what is given back.
fn parts(drawn: Vec<(Uuid, i64)>, wanted: i64) -> Result<Vec<(Uuid, i64)>, Failed> {
    let mut left = wanted;
    let mut parts = Vec::new();
    for (id, open) in drawn {
        let part = left.min(open);
        if part > 0 {
            parts.push((id, part));
            left -= part;
        }
    }
    if left > 0 {
        return Err(Refusal::BeyondUse.into());
    }
    Ok(parts)
}

const OF_CARD: &str = "select r.id, r.amount_minor - (select coalesce(sum(b.amount_minor), 0)::bigint \
      from entitlements.gift_redemptions b where b.biz_id = $1 and b.reverses_id = r.id) \
    from entitlements.gift_redemptions r \
    where r.biz_id = $1 and r.instrument_id = $2 and r.source_type = 'PaymentIntent' and r.source_id = $3 and r.reverses_id is null \
    order by r.occurred_at desc, r.id desc";

#[async_trait]
impl TenderSource for GiftCards {
    async fn charge(&self, scope: &Scope, draw: &Draw<'_>) -> Result<(), Refused> {
        let wanted = Redeem {
            card_id: draw.instrument.1,
            minor: draw.amount_minor,
            currency: draw.currency.to_owned(),
            source: Some((PAYMENT.to_owned(), draw.intent_id)),
            hold_id: None,
            key: format!("tender/{}", draw.tender_id),
            is_posted: false,
        };
        let charge = async {
            let place = there(scope, draw).await?;
            redeem(Work::within(scope), &place, &wanted).await
        };
        charge.await.map(drop).map_err(refused)
    }

    async fn give_back(&self, scope: &Scope, draw: &Draw<'_>) -> Result<(), Refused> {
        let back = async {
            let place = there(scope, draw).await?;
            let drawn = drawn(scope, OF_CARD, draw).await?;
            for (redemption_id, minor) in parts(drawn, draw.amount_minor)? {
                let undo = PutBack {
                    redemption_id,
                    minor: Some(minor),
                    key: format!(
                        "refund/{}/{redemption_id}",
                        draw.refund_id.unwrap_or(draw.tender_id)
                    ),
                    is_posted: false,
                };
                put_back(Work::within(scope), &place, &undo).await?;
            }
            Ok(())
        };
        back.await.map_err(refused)
    }
}

const OF_WALLET: &str = "select e.id, - e.quantity - (select coalesce(sum(r.quantity), 0)::bigint \
      from entitlements.ledger_entries r where r.biz_id = $1 and r.reverses_id = e.id) \
    from entitlements.ledger_entries e \
    where e.biz_id = $1 and e.wallet_id = $2 and e.kind = 'redeem' and e.source_type = 'PaymentIntent' and e.source_id = $3 \
    order by e.occurred_at desc, e.id desc";

#[async_trait]
impl TenderSource for Wallets {
    async fn charge(&self, scope: &Scope, draw: &Draw<'_>) -> Result<(), Refused> {
        let wanted = Use {
            wallet_id: draw.instrument.1,
            quantity: draw.amount_minor,
            currency: Some(draw.currency.to_owned()),
            service_id: None,
            source: Some((PAYMENT.to_owned(), draw.intent_id)),
            hold_id: None,
            key: Some(format!("tender/{}", draw.tender_id)),
            note: None,
            is_posted: false,
        };
        let charge = async {
            let place = there(scope, draw).await?;
            burn(Work::within(scope), &place, &wanted).await
        };
        charge.await.map(drop).map_err(refused)
    }

    async fn give_back(&self, scope: &Scope, draw: &Draw<'_>) -> Result<(), Refused> {
        let back = async {
            let place = there(scope, draw).await?;
            let drawn = drawn(scope, OF_WALLET, draw).await?;
            for (entry_id, minor) in parts(drawn, draw.amount_minor)? {
                let key = format!(
                    "refund/{}/{entry_id}",
                    draw.refund_id.unwrap_or(draw.tender_id)
                );
                let wanted = Undo {
                    entry_id,
                    quantity: Some(minor),
                    is_posted: false,
                };
                undo(Work::within(scope), &place, wanted, None, Some(&key)).await?;
            }
            Ok(())
        };
        back.await.map_err(refused)
    }
}
