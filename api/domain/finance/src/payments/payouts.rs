//! Payouts, and what they do in the books: money leaves a processor, is on its way, and arrives at
//! the bank or comes back.

use sea_orm::Value;
use serde_json::json;
use uuid::Uuid;

use super::accounts;
use super::events::tell;
use super::webhooks::Applied;
use crate::ledger::chart;
use crate::ledger::store::{Account as Books, Entry, Line, business_date, post};
use foundation::database::{Error, Scope, new_id};

/// A payout that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct Payout {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub status: String,
    /// The account it leaves; none where it goes to a partner.
    pub account_id: Option<Uuid>,
    /// Who gets it, where it is not the business itself.
    pub beneficiary: Option<(String, Uuid)>,
    /// How much, in minor units.
    pub amount: i64,
    /// The currency.
    pub currency: String,
    /// The settlement it pays.
    pub batch_id: Option<Uuid>,
}

const LOCK: &str = "select p.id, p.number, p.status::text, p.processor_account_id, p.beneficiary_type, p.beneficiary_id, p.amount_minor, \
      p.currency::text, p.settlement_batch_id from payments.payouts p where p.biz_id = $1 and p.id = $2 for no key update";

/// Locks a payout. None where there is no such payout.
pub async fn lock(scope: &Scope, id: Uuid) -> Result<Option<Payout>, Error> {
    let row = scope
        .query_opt(LOCK, &[scope.biz_id().into(), id.into()])
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let (kind, beneficiary): (Option<String>, Option<Uuid>) = (row.try_get(4)?, row.try_get(5)?);
    Ok(Some(Payout {
        id: row.try_get(0)?,
        number: row.try_get(1)?,
        status: row.try_get(2)?,
        account_id: row.try_get(3)?,
        beneficiary: kind.zip(beneficiary),
        amount: row.try_get(6)?,
        currency: row.try_get(7)?,
        batch_id: row.try_get(8)?,
    }))
}

const PART: &str = "insert into payments.payout_ledger_entries (biz_id, id, payout_id, journal_entry_id, kind, amount_minor, currency) \
    values ($1, $2, $3, $4, $5::text, $6, $7::text)";
const MOVE: &str = "update payments.payouts set status = $3::text, bank_ref = coalesce($4, bank_ref), \
      failure_reason = case when $3::text = 'failed' then left($5, 2000) end \
    where biz_id = $1 and id = $2";

/// A step of a payout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Leaves,
    Arrives,
    Fails,
    Returns,
}

impl Payout {
    /// What a step does to the books: the account that is debited, and the one that is credited.
    async fn legs(&self, scope: &Scope, step: Step) -> Result<Option<(Books, Books)>, Error> {
        let (bank, partners) = (Books::Chart(&chart::BANK), Books::Chart(&chart::PARTNERS));
        let Some(account_id) = self.account_id else {
            // Out of our own bank, to a partner: what we owe is paid when it leaves.
            return Ok(match step {
                Step::Leaves => Some((partners, bank)),
                Step::Arrives => None,
                Step::Fails | Step::Returns => Some((bank, partners)),
            });
        };
        let account = accounts::find(scope, account_id).await?;
        let (account, _) =
            account.ok_or_else(|| Error::Internal("an account that is gone".to_owned()))?;
        let (from, transit) = (
            account.books(&self.currency),
            Books::Chart(&chart::IN_TRANSIT),
        );
        let to = if self.beneficiary.is_some() {
            partners
        } else {
            bank
        };
        Ok(Some(match step {
            Step::Leaves => (transit, from),
            Step::Arrives => (to, transit),
            Step::Fails => (from, transit),
            Step::Returns => (from, to),
        }))
    }

    async fn entered(&self, scope: &Scope, step: Step, what: &str) -> Result<Option<Uuid>, Error> {
        let Some((debit, credit)) = self.legs(scope, step).await? else {
            return Ok(None);
        };
        let entry = Entry {
            id: new_id(),
            kind: "payout",
            source: Some(("Payout", self.id)),
            location_id: None,
            business_date: business_date(scope, None, scope.now()).await?,
            occurred_at: scope.now(),
            description: format!("Payout {} {what}", self.number),
            idempotency_key: None,
            lines: vec![
                Line::debit(debit, self.amount, &self.currency),
                Line::credit(credit, self.amount, &self.currency),
            ],
        };
        post(scope, &entry).await.map(Some)
    }

    /// It is ordered: the money leaves where it was, and is on its way.
    pub async fn leave(&self, scope: &Scope) -> Result<(), Error> {
        let Some(entry) = self.entered(scope, Step::Leaves, "is on its way").await? else {
            return Ok(());
        };
        let kind = if self.beneficiary.is_some() {
            "share"
        } else {
            "settlement"
        };
        let values: [Value; 7] = [
            scope.biz_id().into(),
            new_id().into(),
            self.id.into(),
            entry.into(),
            kind.into(),
            self.amount.into(),
            self.currency.as_str().into(),
        ];
        scope.execute(PART, &values).await.map(drop)
    }

    /// Moves it on, with what that does to the books. False where it is there already, or beyond.
    pub async fn go(
        &self,
        scope: &Scope,
        to: &'static str,
        bank_ref: Option<&str>,
        reason: Option<&str>,
    ) -> Result<bool, Error> {
        let is_open = matches!(self.status.as_str(), "pending" | "in_transit");
        let is_returned = self.status == "paid" && to == "failed";
        if !is_open && !is_returned {
            return Ok(false);
        }
        let values: [Value; 5] = [
            scope.biz_id().into(),
            self.id.into(),
            to.into(),
            bank_ref.map(str::to_owned).into(),
            reason.map(str::to_owned).into(),
        ];
        scope.execute(MOVE, &values).await?;
        let (step, words) = match to {
            "paid" => (Step::Arrives, "arrived"),
            _ if is_returned => (Step::Returns, "was returned"),
            _ => (Step::Fails, "did not arrive"),
        };
        self.entered(scope, step, words).await?;
        let what = json!({"status": to, "amount_minor": self.amount, "currency": self.currency});
        tell(
            scope,
            &format!("payments.payout_{to}"),
            ("Payout", self.id),
            what,
        )
        .await?;
        Ok(true)
    }
}

/// What a processor tells of a payout.
pub async fn hear(
    scope: &Scope,
    account_id: Uuid,
    external_id: &str,
    status: &'static str,
    reason: Option<&str>,
) -> Result<Applied, Error> {
    let sql = "select p.id from payments.payouts p \
               where p.biz_id = $1 and p.processor_account_id = $2 and p.external_id = $3";
    let values: [Value; 3] = [scope.biz_id().into(), account_id.into(), external_id.into()];
    let Some(row) = scope.query_opt(sql, &values).await? else {
        return Ok(Applied::Parked(format!(
            "there is no payout {external_id} yet"
        )));
    };
    let Some(payout) = lock(scope, row.try_get(0)?).await? else {
        return Ok(Applied::Ignored);
    };
    if payout.go(scope, status, None, reason).await? {
        return Ok(Applied::Processed);
    }
    Ok(Applied::Ignored)
}
