//! `writeOffRecover`.

use async_graphql::{Enum, InputObject};
use entities::billing::write_off;

use super::{PAYLOAD, PERMISSION, lock, post};
use foundation::graph::scalars::{Id, MoneyInput};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Opens again what was written off, as the customer pays after all: the invoice can be paid.
#[derive(InputObject)]
pub struct WriteOffRecoverInput {
    /// The write-off.
    pub id: Id<write_off::Entity>,
    /// How much comes in after all; all of it if not given.
    pub amount: Option<MoneyInput>,
}

/// Why a write-off cannot be recovered.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "WriteOffRecoverErrorCode")]
pub enum WriteOffRecoverProblem {
    /// Only what was approved is recovered.
    WrongStatus,
    /// More than was written off, in another currency, or not more than zero.
    WrongAmount,
    /// The books are closed for this day.
    PeriodClosed,
}

type Problem = WriteOffRecoverProblem;

/// The verb.
pub struct WriteOffRecover;

impl Verb for WriteOffRecover {
    type Input = WriteOffRecoverInput;
    type Problem = Problem;

    const NAME: &'static str = "writeOffRecover";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.write_off_recovered");
    const PAYLOAD: &'static [Part] = PAYLOAD;
    const CONSTRAINTS: &'static [(&'static str, WriteOffRecoverProblem)] = &[
        ("write_offs_recovered_check", Problem::WrongAmount),
        ("journal_entries_period_open_check", Problem::PeriodClosed),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        let locked = lock(act, PERMISSION, (id, None)).await?;
        if locked.status != "approved" {
            let message = "Only what was approved is recovered.";
            return Err(Fault::problem(Problem::WrongStatus, message));
        }
        let left = locked.amount_minor - locked.recovered_minor;
        let amount = match &input.amount {
            Some(amount) if amount.currency != locked.invoice.currency => 0,
            Some(amount) => amount.minor,
            None => left,
        };
        if !(1..=left).contains(&amount) {
            let message = "No more comes in after all than was given up.";
            return Err(Fault::at(Problem::WrongAmount, "amount", message));
        }
        let sql = "update billing.write_offs set recovered_minor = recovered_minor + $3 \
                   where biz_id = $1 and id = $2";
        let values = [act.scope.biz_id().into(), id.into(), amount.into()];
        act.scope.execute(sql, &values).await?;
        post(act.scope, (id, &locked.invoice), -amount).await?;
        Ok(Outcome::row("writeOff", id)
            .and_row("invoice", locked.invoice.id)
            .detail("amount_minor", amount))
    }
}
