//! `customerPurchaseOrderRecord` and `customerPurchaseOrderClose`.

use async_graphql::{Enum, InputObject};
use entities::billing::{billing_account, customer_purchase_order};

use foundation::database::new_id;
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Day, Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

const PERMISSION: &str = "billing.manage";

/// Records the purchase order of a customer that buys on account: invoices that name it use it up.
#[derive(InputObject)]
pub struct CustomerPurchaseOrderRecordInput {
    /// The account.
    pub billing_account_id: Id<billing_account::Entity>,
    /// The customer's number of it.
    pub po_number: String,
    /// What may be invoiced on it.
    pub amount: MoneyInput,
    /// The first day on which it may be used.
    pub starts_on: Option<Day>,
    /// The first day on which it may no longer be used.
    pub ends_on: Option<Day>,
    /// Whom to ask about it.
    pub contact: Option<String>,
}

/// Why a purchase order cannot be recorded.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "CustomerPurchaseOrderRecordErrorCode")]
pub enum CustomerPurchaseOrderRecordProblem {
    /// The account has a purchase order of this number.
    NumberTaken,
    /// It is of more than zero, in the currency of the account.
    WrongAmount,
}

/// Closes a purchase order that is not to be used any more.
#[derive(InputObject)]
pub struct CustomerPurchaseOrderCloseInput {
    /// The purchase order.
    pub id: Id<customer_purchase_order::Entity>,
    /// Why.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a purchase order cannot be closed.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "CustomerPurchaseOrderCloseErrorCode")]
pub enum CustomerPurchaseOrderCloseProblem {
    /// It is closed or expired.
    WrongStatus,
}

/// The verb that records.
pub struct CustomerPurchaseOrderRecord;
/// The verb that closes.
pub struct CustomerPurchaseOrderClose;

impl Verb for CustomerPurchaseOrderRecord {
    type Input = CustomerPurchaseOrderRecordInput;
    type Problem = CustomerPurchaseOrderRecordProblem;

    const NAME: &'static str = "customerPurchaseOrderRecord";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.purchase_order_recorded");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "customerPurchaseOrder",
        "CustomerPurchaseOrder",
        "The purchase order.",
    )];
    const CONSTRAINTS: &'static [(&'static str, CustomerPurchaseOrderRecordProblem)] = &[
        (
            "customer_purchase_orders_billing_account_id_po_number_key",
            CustomerPurchaseOrderRecordProblem::NumberTaken,
        ),
        (
            "customer_purchase_orders_amount_check",
            CustomerPurchaseOrderRecordProblem::WrongAmount,
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let account_id = input.billing_account_id.uuid();
        let account = super::store::account(act.scope, account_id).await?;
        let account = account.ok_or_else(|| Fault::not_found("billing account"))?;
        if account.currency != input.amount.currency {
            return Err(Fault::at(
                CustomerPurchaseOrderRecordProblem::WrongAmount,
                "amount",
                format!("The account is in {}.", account.currency),
            ));
        }
        let id = new_id();
        let sql = "insert into billing.customer_purchase_orders (biz_id, id, billing_account_id, po_number, amount_minor, \
                     currency, starts_on, ends_on, contact) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            account_id.into(),
            input.po_number.into(),
            input.amount.minor.into(),
            input.amount.currency.into(),
            input.starts_on.map(|day| day.0).into(),
            input.ends_on.map(|day| day.0).into(),
            input.contact.into(),
        ];
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("customerPurchaseOrder", id))
    }
}

impl Verb for CustomerPurchaseOrderClose {
    type Input = CustomerPurchaseOrderCloseInput;
    type Problem = CustomerPurchaseOrderCloseProblem;

    const NAME: &'static str = "customerPurchaseOrderClose";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.purchase_order_closed");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "customerPurchaseOrder",
        "CustomerPurchaseOrder",
        "The purchase order as closed.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let sql = "select p.status::text, p.version from billing.customer_purchase_orders p \
                   where p.biz_id = $1 and p.id = $2 for no key update";
        let values = [act.scope.biz_id().into(), input.id.uuid().into()];
        let row = act.scope.query_opt(sql, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("purchase order"))?;
        Failure::unless_current("purchase order", row.try_get(1)?, input.expected_version)?;
        let status: &str = row.try_get(0)?;
        if !matches!(status, "open" | "consumed") {
            return Err(Fault::problem(
                CustomerPurchaseOrderCloseProblem::WrongStatus,
                format!("The purchase order is {status}."),
            ));
        }
        act.scope.set_reason(&input.reason).await?;
        let sql = "update billing.customer_purchase_orders set status = 'closed' where biz_id = $1 and id = $2";
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("customerPurchaseOrder", input.id.uuid()))
    }
}
