//! `depositRequest` and `depositWaive`.

use async_graphql::{Enum, InputObject};
use entities::billing::deposit;
use entities::booking::booking_order;

use super::{Deposit, PERMISSION};
use foundation::database::new_id;
use foundation::graph::scalars::{Day, Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Asks for money in advance for a booking.
#[derive(InputObject)]
pub struct DepositRequestInput {
    /// The booking.
    pub booking_order_id: Id<booking_order::Entity>,
    /// How much; what the booking says is due in advance if not given.
    pub amount: Option<MoneyInput>,
    /// When it is to be paid.
    pub due_on: Option<Day>,
    /// Whether it is given back when the booking is cancelled in time; it is if not given.
    pub is_refundable: Option<bool>,
}

/// Why a deposit cannot be asked for.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DepositRequestErrorCode")]
pub enum DepositRequestProblem {
    /// Not more than zero, in another currency than the booking, or beyond what it costs.
    WrongAmount,
    /// The booking has ended or was called off.
    WrongStatus,
}

/// Lets a deposit go that was asked for and not paid.
#[derive(InputObject)]
pub struct DepositWaiveInput {
    /// The deposit.
    pub id: Id<deposit::Entity>,
    /// Why.
    pub reason: String,
    /// The version that was read; another one by now is a conflict.
    pub expected_version: Option<i32>,
}

/// Why a deposit cannot be let go.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "DepositWaiveErrorCode")]
pub enum DepositWaiveProblem {
    /// Something of it was paid, or it was let go before.
    WrongStatus,
    /// A reason must be given.
    ReasonRequired,
}

/// The verb that asks.
pub struct DepositRequest;
/// The verb that lets go.
pub struct DepositWaive;

const ORDER: &str = "select o.location_id, o.currency::text, o.deposit_due_minor, o.total_minor, o.customer_id, \
      o.status::text in ('cancelled', 'declined', 'expired', 'no_show', 'completed') \
    from booking.booking_orders o where o.biz_id = $1 and o.id = $2";

impl Verb for DepositRequest {
    type Input = DepositRequestInput;
    type Problem = DepositRequestProblem;

    const NAME: &'static str = "depositRequest";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.deposit_requested");
    const PAYLOAD: &'static [Part] = &[Part::Row("deposit", "Deposit", "The deposit.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let order_id = input.booking_order_id.uuid();
        let values = [act.scope.biz_id().into(), order_id.into()];
        let row = act.scope.query_opt(ORDER, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("booking"))?;
        act.permit_at(PERMISSION, row.try_get(0)?, "booking")?;
        if row.try_get(5)? {
            let message = "The booking has ended or was called off.";
            return Err(Fault::problem(DepositRequestProblem::WrongStatus, message));
        }
        let currency: String = row.try_get(1)?;
        let amount = match &input.amount {
            Some(amount) if amount.currency != currency => 0,
            Some(amount) => amount.minor,
            None => row.try_get(2)?,
        };
        let total: i64 = row.try_get(3)?;
        if !(1..=total).contains(&amount) {
            let message = format!(
                "A deposit is of more than zero and no more than the booking costs, in {currency}."
            );
            return Err(Fault::at(
                DepositRequestProblem::WrongAmount,
                "amount",
                message,
            ));
        }
        let id = new_id();
        let sql = "insert into billing.deposits (biz_id, id, booking_order_id, customer_id, required_minor, currency, due_on, \
                     is_refundable) values ($1, $2, $3, $4, $5, $6, $7, $8)";
        let customer: Option<uuid::Uuid> = row.try_get(4)?;
        let values = [
            act.scope.biz_id().into(),
            id.into(),
            order_id.into(),
            customer.into(),
            amount.into(),
            currency.into(),
            input.due_on.map(|day| day.0).into(),
            input.is_refundable.unwrap_or(true).into(),
        ];
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("deposit", id)
            .detail("booking_order_id", order_id.to_string())
            .detail("amount_minor", amount))
    }
}

impl Verb for DepositWaive {
    type Input = DepositWaiveInput;
    type Problem = DepositWaiveProblem;

    const NAME: &'static str = "depositWaive";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.deposit_waived");
    const PAYLOAD: &'static [Part] = &[Part::Row("deposit", "Deposit", "The deposit.")];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let reason = Fault::unless_said(DepositWaiveProblem::ReasonRequired, &input.reason)?;
        let deposit = Deposit::lock(act, input.id.uuid(), input.expected_version).await?;
        if deposit.status != "due" {
            let message = format!("The deposit is {}.", deposit.status.replace('_', " "));
            return Err(Fault::problem(DepositWaiveProblem::WrongStatus, message));
        }
        act.scope.set_reason(reason).await?;
        let sql = "update billing.deposits set status = 'waived' where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), deposit.id.into()];
        act.scope.execute(sql, &values).await?;
        Ok(Outcome::row("deposit", deposit.id).detail("reason", reason))
    }
}
