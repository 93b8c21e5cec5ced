//! Deposits: asked for, paid, and what becomes of them. The money of a deposit lies as a payment on a
//! folio of the booking; it is used, kept or given back from there.

pub mod end;
pub mod pay;
pub mod request;

use chrono::NaiveDate;
use uuid::Uuid;

use super::folio_open::{NewFolio, open};
use super::folios::{Payment, pay_folio, unpay_folio};
use super::settling::From;
use foundation::database::{Database, Error, Scope};
use foundation::graph::failure::Failure;
use foundation::graph::verb::{Act, Fault};

pub(super) const PERMISSION: &str = "billing.deposit";

/// A deposit that is locked.
#[derive(Clone, Debug)]
pub struct Deposit {
    /// Its id.
    pub id: Uuid,
    /// Its status.
    pub status: String,
    /// The booking it is for.
    pub booking_order_id: Option<Uuid>,
    /// Who pays it.
    pub customer_id: Option<Uuid>,
    /// The folio that holds it.
    pub folio_id: Option<Uuid>,
    /// How much is to be paid.
    pub required_minor: i64,
    /// How much was paid.
    pub paid_minor: i64,
    /// How much of it the business still holds.
    pub held_minor: i64,
    /// Its currency.
    pub currency: String,
    /// The location of the booking.
    pub location_id: Uuid,
    /// Whether it is given back when the booking is cancelled in time.
    pub is_refundable: bool,
}

const LOCK: &str = "select d.status::text, d.booking_order_id, d.customer_id, d.folio_id, d.required_minor, d.paid_minor, \
      d.held_minor, d.currency::text, o.location_id, d.version, d.is_refundable \
    from billing.deposits d \
    left join booking.booking_orders o on o.biz_id = d.biz_id and o.id = d.booking_order_id \
    where d.biz_id = $1 and d.id = $2 for no key update of d";

impl Deposit {
    /// Locks a deposit that the caller's permission reaches.
    pub async fn lock<P>(
        act: &Act<'_>,
        id: Uuid,
        expected_version: Option<i32>,
    ) -> Result<Self, Fault<P>> {
        let found = Self::find(act.scope, id).await?;
        let (deposit, version) = found.ok_or_else(|| Fault::not_found("deposit"))?;
        act.permit_at(PERMISSION, deposit.location_id, "deposit")?;
        Failure::unless_current("deposit", version, expected_version)?;
        Ok(deposit)
    }

    /// Locks a deposit of a booking, and tells its version.
    pub async fn find(scope: &Scope, id: Uuid) -> Result<Option<(Self, i32)>, Error> {
        let values = [scope.biz_id().into(), id.into()];
        let Some(row) = scope.query_opt(LOCK, &values).await? else {
            return Ok(None);
        };
        let location_id: Option<Uuid> = row.try_get(8)?;
        let Some(location_id) = location_id else {
            return Ok(None);
        };
        let deposit = Self {
            id,
            status: row.try_get(0)?,
            booking_order_id: row.try_get(1)?,
            customer_id: row.try_get(2)?,
            folio_id: row.try_get(3)?,
            required_minor: row.try_get(4)?,
            paid_minor: row.try_get(5)?,
            held_minor: row.try_get(6)?,
            currency: row.try_get(7)?,
            location_id,
            is_refundable: row.try_get(10)?,
        };
        Ok(Some((deposit, row.try_get(9)?)))
    }

    /// What is still to be paid of it; nothing of one that was let go, used or given back.
    pub fn due(&self) -> i64 {
        match self.status.as_str() {
            "due" | "partially_paid" => self.required_minor - self.paid_minor,
            _ => 0,
        }
    }

    /// Lets so much of a receipt lie on the folio that holds the deposit. It is due, and no more than
    /// is still to be paid.
    pub async fn hold(
        &self,
        scope: &Scope,
        database: Option<&Database>,
        (receipt_id, amount_minor, day): (Uuid, i64, NaiveDate),
    ) -> Result<(), Error> {
        let folio_id = self.folio(scope, database).await?;
        let payment = Payment {
            receipt_id,
            folio_id,
            amount_minor,
            currency: &self.currency,
            day,
            deposit_id: Some(self.id),
            uses_deposit: false,
        };
        pay_folio(scope, payment).await?;
        let values = [
            scope.biz_id().into(),
            self.id.into(),
            amount_minor.into(),
            folio_id.into(),
        ];
        scope.execute(PAID, &values).await.map(drop)
    }

    /// The folio that holds it: its own, that of the booking, or a new one.
    pub async fn folio(&self, scope: &Scope, database: Option<&Database>) -> Result<Uuid, Error> {
        if let Some(id) = self.folio_id {
            return Ok(id);
        }
        let sql = "select f.id from billing.folios f where f.biz_id = $1 and f.booking_order_id = $2 and f.status = 'open' \
                     and f.currency = $3 and f.kind = 'guest' order by f.id limit 1";
        let values = [
            scope.biz_id().into(),
            self.booking_order_id.into(),
            self.currency.as_str().into(),
        ];
        if let Some(row) = scope.query_opt(sql, &values).await? {
            return Ok(row.try_get(0)?);
        }
        let new = NewFolio {
            kind: "guest",
            location_id: self.location_id,
            booking_order_id: self.booking_order_id,
            stay_id: None,
            owner_customer_id: self.customer_id,
            billing_account_id: None,
            name: None,
            currency: self.currency.clone(),
            credit_limit_minor: None,
        };
        open(scope, database, new).await
    }
}

const PAID: &str = "update billing.deposits set paid_minor = paid_minor + $3, folio_id = $4, \
      status = case when paid_minor + $3 >= required_minor then 'paid' else 'partially_paid' end \
    where biz_id = $1 and id = $2";

const RETURNED: &str = "update billing.deposits set \
      paid_minor = case when $3 < held_minor then paid_minor - $3 else paid_minor end, \
      refunded_minor = case when $3 < held_minor then refunded_minor else refunded_minor + $3 end, \
      status = case when $3 < held_minor then 'partially_paid' else 'refunded' end \
    where biz_id = $1 and id = $2 and status in ('partially_paid', 'paid') and held_minor >= $3";

/// Notes that so much of a deposit went back by a refund of its payment. False where the business holds
/// less of it: it was used before, and stays as it is.
pub(super) async fn returned(scope: &Scope, id: Uuid, amount_minor: i64) -> Result<bool, Error> {
    let values = [scope.biz_id().into(), id.into(), amount_minor.into()];
    Ok(scope.execute(RETURNED, &values).await? == 1)
}

const HELD: &str = "select a.id, a.receipt_id, a.amount_minor, a.folio_id \
    from billing.payment_allocations a \
    join billing.folio_line_items l on l.biz_id = a.biz_id and l.id = a.folio_line_id and l.kind = 'payment' \
    where a.biz_id = $1 and a.deposit_id = $2 and a.reverses_id is null \
      and not exists (select from billing.payment_allocations r where r.biz_id = a.biz_id and r.reverses_id = a.id) \
    order by a.id";

/// Takes the money of a deposit off the folio that holds it: from which receipts how much.
pub(super) async fn release(
    scope: &Scope,
    deposit: &Deposit,
    day: NaiveDate,
    reason: &str,
) -> Result<Vec<(From, i64)>, Error> {
    let values = [scope.biz_id().into(), deposit.id.into()];
    let mut released = Vec::new();
    for row in scope.query(HELD, &values).await? {
        let receipt_id: Uuid = row.try_get(1)?;
        let amount_minor: i64 = row.try_get(2)?;
        let payment = Payment {
            receipt_id,
            folio_id: row.try_get(3)?,
            amount_minor,
            currency: &deposit.currency,
            day,
            deposit_id: Some(deposit.id),
            uses_deposit: false,
        };
        unpay_folio(scope, row.try_get(0)?, payment, Some(reason)).await?;
        released.push((From::Receipt(receipt_id), amount_minor));
    }
    Ok(released)
}
