//! `billingStatementMake`.

use async_graphql::{Enum, InputObject};
use chrono::NaiveDate;
use entities::billing::billing_account;
use sea_orm::Value;
use uuid::Uuid;

use super::print::forms::amount;
use super::reports::statement::moves;
use super::settling::Payer;
use super::store::{local_day, tenant_day};
use crate::notifications::message::{self, NewMessage};
use foundation::database::{Error, Numbered, Scope, new_id};
use foundation::graph::scalars::{Day, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};
use foundation::money::exponent;

/// Who may make statements.
pub const PERMISSION: &str = "billing.manage";
const NUMBERS: Numbered = Numbered {
    document: "billing_statement",
    prefix: "ST",
};

/// Makes the statement of an account for the time since the one before it: what was owed, what was
/// invoiced, credited and received, and what is owed. What came in late for a time that was stated
/// already is in this one. `customerStatement` lists what it is made of.
#[derive(InputObject)]
pub struct BillingStatementMakeInput {
    /// The account.
    pub billing_account_id: Id<billing_account::Entity>,
    /// The first day; of later statements the one on which the last ended, of the first one that of the
    /// account's first document if not given.
    pub starts_on: Option<Day>,
    /// The first day that is no longer in it; today at the latest.
    pub ends_on: Day,
    /// Whether it goes out by mail, with the document, to who is behind the account. The clock work makes
    /// and sends that of each month once it is over where the account is.
    pub sends: Option<bool>,
}

/// Why there is no statement.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "BillingStatementMakeErrorCode")]
pub enum BillingStatementMakeProblem {
    /// The time is not over where the account is.
    NotOver,
    /// It must begin where the last one ended.
    NotNext,
    /// It ends before it begins, or nothing ever happened on the account.
    Empty,
    /// Another one is of one of these days.
    Overlaps,
    /// Nobody is known who could get it.
    NoCustomer,
}

type Problem = BillingStatementMakeProblem;

/// The verb.
pub struct BillingStatementMake;

const LOCK: &str = "select a.currency::text, a.timezone from billing.billing_accounts a \
    where a.biz_id = $1 and a.id = $2 and a.deleted_at is null for no key update";

// What all statements so far say, where the first began and the last ended.
const STATED: &str = "select min(s.starts_on), max(s.ends_on), (array_agg(s.opening_minor order by s.starts_on))[1], \
      sum(s.invoiced_minor)::bigint, sum(s.credited_minor)::bigint, sum(s.received_minor)::bigint \
    from billing.statements s where s.biz_id = $1 and s.billing_account_id = $2 having count(*) > 0";

// Up to the last day: before the first day of the first statement, and since.
const MOVED: &str = concat!(
    "select min(m.day), coalesce(sum(m.amount) filter (where m.day < $5), 0)::bigint, \
      coalesce(sum(m.amount) filter (where m.kind = 'invoice' and coalesce(m.day >= $5, true)), 0)::bigint, \
      coalesce(-sum(m.amount) filter (where m.kind in ('credit note', 'write-off') and coalesce(m.day >= $5, true)), 0)::bigint, \
      coalesce(-sum(m.amount) filter (where m.kind in ('receipt', 'refund') and coalesce(m.day >= $5, true)), 0)::bigint \
    from (",
    moves!(),
    ") m where m.day < $4 and m.currency = $6"
);

const INSERT: &str = "insert into billing.statements (biz_id, id, billing_account_id, number, starts_on, ends_on, opening_minor, \
      invoiced_minor, credited_minor, received_minor, closing_minor, currency) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $7::bigint + $8::bigint - $9::bigint - $10::bigint, $11)";

impl Verb for BillingStatementMake {
    type Input = BillingStatementMakeInput;
    type Problem = Problem;

    const NAME: &'static str = "billingStatementMake";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("billing.statement_made");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "billingStatement",
        "BillingStatement",
        "The statement.",
    )];
    const CONSTRAINTS: &'static [(&'static str, Problem)] = &[
        ("statements_dates_check", Problem::Empty),
        ("statements_period_excl", Problem::Overlaps),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let (account, ends_on) = (input.billing_account_id.uuid(), input.ends_on.0);
        let values = [act.scope.biz_id().into(), account.into()];
        let row = act.scope.query_opt(LOCK, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("billing account"))?;
        let (currency, zone): (String, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
        let today = match zone {
            Some(zone) => local_day(&zone, act.scope.now()),
            None => tenant_day(act.scope).await?,
        };
        if ends_on > today {
            let message = format!("Today is {today}: the time is not over.");
            return Err(Fault::at(Problem::NotOver, "endsOn", message));
        }
        let stated = Stated::find(act.scope, account).await?;
        let asked = input.starts_on.map(|day| day.0);
        if let (Some(stated), Some(asked)) = (&stated, asked)
            && stated.ends_on != asked
        {
            let message = format!("The last statement ended on {}.", stated.ends_on);
            return Err(Fault::at(Problem::NotNext, "startsOn", message));
        }
        let since = stated.as_ref().map(|stated| stated.starts_on).or(asked);
        let moved = Moved::find(act.scope, account, (since, ends_on), &currency).await?;
        let starts_on = stated.as_ref().map(|stated| stated.ends_on);
        let Some(starts_on) = starts_on.or(asked).or(moved.first_on) else {
            let message = "Nothing happened until then.";
            return Err(Fault::at(Problem::Empty, "endsOn", message));
        };
        let statement = moved.after(stated.as_ref());
        let database = &act.session.shared.database;
        let number = database.number(act.scope, NUMBERS).await?;
        let id = new_id();
        let title = format!("Statement {number}");
        let values: [Value; 11] = [
            act.scope.biz_id().into(),
            id.into(),
            account.into(),
            number.into(),
            starts_on.into(),
            ends_on.into(),
            statement.opening.into(),
            statement.invoiced.into(),
            statement.credited.into(),
            statement.received.into(),
            currency.as_str().into(),
        ];
        act.scope.execute(INSERT, &values).await?;
        if input.sends == Some(true) {
            let owed = amount(statement.closing(), exponent(&currency));
            let text = format!(
                "{title}, {starts_on} to {ends_on}. Owed at the end: {owed} {currency}. The document is attached."
            );
            send(act, account, id, (title, text)).await?;
        }
        Ok(Outcome::row("billingStatement", id))
    }
}

const SENT: &str = "update billing.statements set sent_at = $3 where biz_id = $1 and id = $2";

/// Writes the mail that brings a statement to who is behind its account.
async fn send(
    act: &Act<'_>,
    account: Uuid,
    id: Uuid,
    (title, text): (String, String),
) -> Result<(), Fault<Problem>> {
    let payer = Payer {
        customer_id: None,
        billing_account_id: Some(account),
    };
    let customer_id = payer.person(act.scope).await?.ok_or_else(|| {
        let message = "Nobody is known who could get it.";
        Fault::at(Problem::NoCustomer, "billingAccountId", message)
    })?;
    let mail = NewMessage {
        customer_id,
        channel: "email",
        subject: ("BillingStatement", id),
        title,
        location_id: None,
        text,
    };
    message::write(act.scope, mail).await?;
    let values = [act.scope.biz_id().into(), id.into(), act.scope.now().into()];
    act.scope.execute(SENT, &values).await?;
    Ok(())
}

/// What statements say: one, or all so far together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sums {
    opening: i64,
    invoiced: i64,
    credited: i64,
    received: i64,
}

impl Sums {
    /// What is owed at the end.
    fn closing(self) -> i64 {
        self.opening + self.invoiced - self.credited - self.received
    }
}

/// The statements so far.
struct Stated {
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    /// The opening is that of the first.
    sums: Sums,
}

impl Stated {
    async fn find(scope: &Scope, account: Uuid) -> Result<Option<Self>, Error> {
        let values = [scope.biz_id().into(), account.into()];
        let Some(row) = scope.query_opt(STATED, &values).await? else {
            return Ok(None);
        };
        Ok(Some(Self {
            starts_on: row.try_get(0)?,
            ends_on: row.try_get(1)?,
            sums: Sums {
                opening: row.try_get(2)?,
                invoiced: row.try_get(3)?,
                credited: row.try_get(4)?,
                received: row.try_get(5)?,
            },
        }))
    }
}

/// What has happened on an account, as it is known now.
struct Moved {
    first_on: Option<NaiveDate>,
    /// The opening is what was owed before the first statement.
    sums: Sums,
}

impl Moved {
    async fn find(
        scope: &Scope,
        account: Uuid,
        (since, until): (Option<NaiveDate>, NaiveDate),
        currency: &str,
    ) -> Result<Self, Error> {
        let nobody: Option<Uuid> = None;
        let values: [Value; 6] = [
            scope.biz_id().into(),
            account.into(),
            nobody.into(),
            until.into(),
            since.into(),
            currency.into(),
        ];
        let row = scope.query_opt(MOVED, &values).await?;
        let row = row.ok_or_else(|| Error::Internal("a sum without a row".to_owned()))?;
        Ok(Self {
            first_on: row.try_get(0)?,
            sums: Sums {
                opening: row.try_get(1)?,
                invoiced: row.try_get(2)?,
                credited: row.try_get(3)?,
                received: row.try_get(4)?,
            },
        })
    }

    /// The statement that follows those so far: what they do not say yet.
    fn after(&self, stated: Option<&Stated>) -> Sums {
        let Some(stated) = stated else {
            return self.sums;
        };
        // What came in since for days before the first statement.
        let late = self.sums.opening - stated.sums.opening;
        let said = stated.sums;
        Sums {
            opening: said.closing(),
            invoiced: self.sums.invoiced + late.max(0) - said.invoiced,
            credited: self.sums.credited - said.credited,
            received: self.sums.received - late.min(0) - said.received,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(opening: i64, invoiced: i64, credited: i64, received: i64) -> Sums {
        Sums {
            opening,
            invoiced,
            credited,
            received,
        }
    }

    #[test]
    fn what_comes_late_is_in_the_next_statement() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let first = sums(100, 50, 0, 30);
        let stated = Stated {
            starts_on: day,
            ends_on: day,
            sums: first,
        };
        // Since then: 7 more before the first statement, 20 more invoiced, 5 credited, and 10 of
        // what was received did not stay.
        let moved = Moved {
            first_on: Some(day),
            sums: sums(107, 70, 5, 20),
        };
        let next = moved.after(Some(&stated));
        assert_eq!(next, sums(120, 27, 5, -10));
        assert_eq!(next.closing(), moved.sums.closing());
        let moved = Moved {
            first_on: None,
            sums: sums(93, 50, 0, 30),
        };
        let next = moved.after(Some(&stated));
        assert_eq!(next, sums(120, 0, 0, 7));
        assert_eq!(next.closing(), moved.sums.closing());
    }
}
