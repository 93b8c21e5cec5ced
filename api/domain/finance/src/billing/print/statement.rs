//! A statement of an account, read to be printed.

use chrono::{Days, NaiveDate};
use sea_orm::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::forms::statement::{Moved, StatementForm};
use super::{PERMISSION, Printed, missing, party, printed};
use crate::billing::reports::statement::moves;
use foundation::database::{Error, Scope};
use foundation::graph::failure::Failure;
use foundation::identity::{Principal, Reach};
use foundation::money::exponent;

const STATEMENT: &str = "select s.number, s.starts_on, s.ends_on, jsonb_build_object('name', b.legal_name), \
      jsonb_strip_nulls(jsonb_build_object('name', coalesce(a.name, c.full_name, ''), 'tax_id', a.tax_id)), \
      a.number, s.currency::text, s.opening_minor, s.closing_minor, s.billing_account_id \
    from billing.statements s \
    join core.bizes b on b.id = s.biz_id \
    join billing.billing_accounts a on a.biz_id = $1 and a.id = s.billing_account_id \
    left join crm.customers c on c.biz_id = $1 and c.id = a.customer_id \
    where s.biz_id = $1 and s.id = $2";

const LINES: &str = concat!(
    "select m.day, m.kind, m.number, m.amount from (",
    moves!(),
    ") m where m.day >= $4 and m.day < $5 and m.currency = $6 order by m.day, m.kind <> 'invoice', m.number, m.id limit 5000"
);

/// A statement as a PDF. It is of the whole account, wherever that bought: whoever may read some locations
/// only does not see it.
pub async fn statement(scope: &Scope, principal: &Principal, id: Uuid) -> Result<Printed, Failure> {
    if principal.reach(PERMISSION) != Reach::All {
        return Err(missing("statement"));
    }
    let row = scope
        .query_opt(STATEMENT, &[scope.biz_id().into(), id.into()])
        .await?;
    let row = row.ok_or_else(|| missing("statement"))?;
    let form = form(scope, &row).await?;
    printed(&format!("Statement {}", form.number), form.print())
}

async fn form(scope: &Scope, row: &Row) -> Result<StatementForm, Error> {
    let (starts_on, ends_on): (NaiveDate, NaiveDate) = (row.try_get(1)?, row.try_get(2)?);
    let (currency, account): (String, Uuid) = (row.try_get(6)?, row.try_get(9)?);
    let (opening, closing): (i64, i64) = (row.try_get(7)?, row.try_get(8)?);
    let nobody: Option<Uuid> = None;
    let values: [Value; 6] = [
        scope.biz_id().into(),
        account.into(),
        nobody.into(),
        starts_on.into(),
        ends_on.into(),
        currency.as_str().into(),
    ];
    let rows = scope.query(LINES, &values).await?;
    let lines = rows.iter().map(moved).collect::<Result<Vec<_>, Error>>()?;
    Ok(StatementForm {
        number: row.try_get(0)?,
        starts_on,
        last_on: ends_on - Days::new(1),
        seller: party(&row.try_get(3)?),
        buyer: party(&row.try_get(4)?),
        account: row.try_get(5)?,
        exponent: exponent(&currency),
        currency,
        opening_minor: opening,
        lines: whole(lines, closing - opening),
        closing_minor: closing,
    })
}

fn moved(row: &Row) -> Result<Moved, Error> {
    let (kind, number): (&str, &str) = (row.try_get(1)?, row.try_get(2)?);
    let mut text = format!("{kind} {number}");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Ok(Moved {
        day: row.try_get(0)?,
        text,
        amount_minor: row.try_get(3)?,
    })
}

/// The lines, and what else the statement says: what came in late for days that were stated before, and
/// what was undone since.
fn whole(mut lines: Vec<Moved>, change: i64) -> Vec<Moved> {
    let listed: i64 = lines.iter().map(|line| line.amount_minor).sum();
    if listed != change {
        lines.push(Moved {
            day: None,
            text: "Corrections of other days".to_owned(),
            amount_minor: change - listed,
        });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_always_come_to_what_the_statement_says() {
        let line = |amount_minor| Moved {
            day: None,
            text: String::new(),
            amount_minor,
        };
        let sum = |lines: &[Moved]| lines.iter().map(|line| line.amount_minor).sum::<i64>();
        let same = whole(vec![line(500), line(-200)], 300);
        assert_eq!((same.len(), sum(&same)), (2, 300));
        let late = whole(vec![line(500)], -100);
        assert_eq!((late.len(), sum(&late)), (2, -100));
    }
}
