//! Reports: `paymentsCollected`, `paymentsUnreconciled` and `paymentsReconciliation`.

use std::collections::BTreeMap;

use async_graphql::{InputObject, SimpleObject};
use entities::core::location;
use entities::payments::{domains, payment_intent, processor_account};
use sea_orm::Value;
use tokio_postgres::Row;

use foundation::choices;
use foundation::database::Error;
use foundation::graph::failure::Failure;
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Choice, CurrencyCode, Day, Id, Long};
use foundation::graph::verb::Permission;
use foundation::identity::Reach;

const PERMISSION: &str = "payments.read";
/// The most items that one answer lists.
const MOST: usize = 500;

choices! {
    /// What money came by.
    CollectedMethod = domains::METHOD_KIND;
    /// What moved.
    MovementKind = domains::TRANSACTION_KIND;
}

/// What was collected between two days of business, by currency, day and way to pay: the collected
/// part of collected against billed.
#[derive(InputObject)]
pub struct PaymentsCollectedInput {
    /// First day of business.
    pub from: Day,
    /// Last day of business.
    pub to: Day,
    /// Only of this location.
    pub location_id: Option<Id<location::Entity>>,
}

/// What was collected on a day in one way.
#[derive(SimpleObject)]
pub struct PaymentsCollectedRow {
    /// The currency.
    currency: CurrencyCode,
    /// The day of business.
    day: Day,
    /// The way.
    method: Choice<CollectedMethod>,
    /// What was taken, tips included.
    collected_minor: Long,
    /// What went back.
    refunded_minor: Long,
    /// What payers' banks took back, less what they gave back.
    disputed_minor: Long,
    /// What is left of it.
    net_minor: Long,
    /// How many movements that were.
    movements: Long,
}

/// The locations that the caller may read; none where all are.
fn places(look: &Look<'_>) -> Result<Value, Failure> {
    Ok(match look.principal()?.reach(PERMISSION) {
        Reach::All => Value::Array(sea_orm::sea_query::ArrayType::Uuid, None),
        Reach::Locations(places) => places.to_vec().into(),
    })
}

const COLLECTED: &str = "select x.currency::text, x.business_date, t.kind::text, \
      coalesce(sum(x.amount_minor) filter (where x.kind = 'capture'), 0)::bigint, \
      coalesce(sum(x.amount_minor) filter (where x.kind = 'refund'), 0)::bigint, \
      coalesce(sum(case x.kind when 'chargeback' then x.amount_minor when 'chargeback_reversal' then -x.amount_minor end), 0)::bigint, \
      count(*) \
    from payments.payment_transactions x \
    join payments.payment_intents i on i.biz_id = x.biz_id and i.id = x.intent_id \
    join payments.payment_intent_tenders t on t.biz_id = x.biz_id and t.id = x.tender_id \
    where x.biz_id = $1 and x.business_date between $2 and $3 and x.outcome = 'succeeded' \
      and x.kind in ('capture', 'refund', 'chargeback', 'chargeback_reversal') \
      and ($4::uuid is null or i.location_id = $4) and ($5::uuid[] is null or i.location_id = any ($5)) \
    group by 1, 2, 3 order by 1, 2, 3 limit 5001";

/// The question what was collected.
pub struct PaymentsCollected;

impl Question for PaymentsCollected {
    type Input = PaymentsCollectedInput;
    type Answer = Vec<PaymentsCollectedRow>;

    const NAME: &'static str = "paymentsCollected";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let values: [Value; 5] = [
            look.scope.biz_id().into(),
            input.from.0.into(),
            input.to.0.into(),
            input.location_id.map(|id| id.uuid()).into(),
            places(look)?,
        ];
        let rows = look.scope.query(COLLECTED, &values).await?;
        if rows.len() > 5_000 {
            return Err(Failure::input("More than 5,000 rows: ask for fewer days."));
        }
        let read = |row: &Row| {
            let (taken, back, disputed): (i64, i64, i64) =
                (row.try_get(3)?, row.try_get(4)?, row.try_get(5)?);
            let method: String = row.try_get(2)?;
            Ok::<_, tokio_postgres::Error>(PaymentsCollectedRow {
                currency: CurrencyCode(row.try_get(0)?),
                day: Day(row.try_get(1)?),
                method: Choice::of(&method).unwrap_or_else(|| Choice::new("card")),
                collected_minor: Long(taken),
                refunded_minor: Long(back),
                disputed_minor: Long(disputed),
                net_minor: Long(taken - back - disputed),
                movements: Long(row.try_get(6)?),
            })
        };
        let rows: Result<Vec<_>, _> = rows.iter().map(read).collect();
        Ok(rows.map_err(Error::from)?)
    }
}

/// Movements at processors that no settlement has settled, and lines of settlements that match no
/// movement, oldest first, at most 500.
#[derive(InputObject)]
pub struct PaymentsUnreconciledInput {
    /// Only of this account at a processor.
    pub processor_account_id: Option<Id<processor_account::Entity>>,
    /// Only what happened before this day.
    pub before: Option<Day>,
}

/// Something that is not reconciled.
#[derive(SimpleObject)]
pub struct UnreconciledItem {
    /// The account at the processor.
    processor_account_id: Id<processor_account::Entity>,
    /// The payment; none of a line that matches none.
    payment_intent_id: Option<Id<payment_intent::Entity>>,
    /// Whether it is a line of a settlement without a movement; else a movement without a line.
    is_line: bool,
    /// Its id at the processor.
    external_id: Option<String>,
    /// How much, less than zero where money went out.
    amount_minor: Long,
    /// The currency.
    currency: CurrencyCode,
    /// The day of business, or of the settlement.
    day: Day,
    /// How many days it has waited.
    age_days: Long,
}

const UNRECONCILED: &str = "select x.processor_account_id, x.intent_id, false, x.external_id, \
      case when x.kind in ('refund', 'chargeback') then -x.amount_minor else x.amount_minor end, x.currency::text, x.business_date \
    from payments.payment_transactions x \
    join payments.processor_accounts a on a.biz_id = x.biz_id and a.id = x.processor_account_id and a.processor in ('stripe', 'sandbox', 'adyen', 'mercadopago', 'terminal') \
    join payments.payment_intents i on i.biz_id = x.biz_id and i.id = x.intent_id \
    where x.biz_id = $1 and ($2::uuid is null or x.processor_account_id = $2) and x.business_date < coalesce($3, 'infinity'::date) \
      and x.outcome = 'succeeded' and x.kind in ('capture', 'refund', 'chargeback', 'chargeback_reversal') \
      and ($4::uuid[] is null or i.location_id = any ($4)) \
      and not exists (select from payments.settlement_entries e where e.biz_id = x.biz_id and e.transaction_id = x.id) \
    union all \
    select b.processor_account_id, null, true, e.external_id, e.amount_minor, e.currency::text, b.ends_on \
    from payments.settlement_entries e join payments.settlement_batches b on b.biz_id = e.biz_id and b.id = e.batch_id \
    where e.biz_id = $1 and ($2::uuid is null or b.processor_account_id = $2) and b.ends_on < coalesce($3, 'infinity'::date) \
      and $4::uuid[] is null and e.transaction_id is null and e.kind <> 'fee' and b.status <> 'reconciled' \
    order by 7, 4 limit 500";

/// The question what is not reconciled.
pub struct PaymentsUnreconciled;

impl Question for PaymentsUnreconciled {
    type Input = PaymentsUnreconciledInput;
    type Answer = Vec<UnreconciledItem>;

    const NAME: &'static str = "paymentsUnreconciled";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let values: [Value; 4] = [
            look.scope.biz_id().into(),
            input.processor_account_id.map(|id| id.uuid()).into(),
            input.before.map(|day| day.0).into(),
            places(look)?,
        ];
        let today = look.scope.now().date_naive();
        let read = |row: &Row| {
            let day: chrono::NaiveDate = row.try_get(6)?;
            let intent: Option<uuid::Uuid> = row.try_get(1)?;
            Ok::<_, tokio_postgres::Error>(UnreconciledItem {
                processor_account_id: Id::new(row.try_get(0)?),
                payment_intent_id: intent.map(Id::new),
                is_line: row.try_get(2)?,
                external_id: row.try_get(3)?,
                amount_minor: Long(row.try_get(4)?),
                currency: CurrencyCode(row.try_get(5)?),
                day: Day(day),
                age_days: Long((today - day).num_days().max(0)),
            })
        };
        let rows = look.scope.query(UNRECONCILED, &values).await?;
        let rows: Result<Vec<_>, _> = rows.iter().map(read).collect();
        Ok(rows.map_err(Error::from)?)
    }
}

/// What payments came to between two days of business, by currency, against the books: opening and
/// what came in less what went out is closing; what the books have otherwise is listed item by item,
/// and nothing is left over.
#[derive(InputObject)]
pub struct PaymentsReconciliationInput {
    /// First day of business.
    pub from: Day,
    /// Last day of business.
    pub to: Day,
}

/// The payments of a currency against the books.
#[derive(SimpleObject)]
pub struct PaymentsReconciled {
    /// The currency.
    currency: CurrencyCode,
    /// What payments came to before the first day.
    opening_minor: Long,
    /// What came in.
    in_minor: Long,
    /// What went out.
    out_minor: Long,
    /// What payments come to after the last day.
    closing_minor: Long,
    /// What the books say that they come to then.
    books_minor: Long,
    /// What the books have otherwise, item by item, at most 500.
    differences: Vec<ReconciledDifference>,
    /// What the differences do not explain: zero, or something is wrong.
    residue_minor: Long,
}

/// A movement that the books have otherwise.
#[derive(SimpleObject, Clone)]
pub struct ReconciledDifference {
    /// The payment.
    payment_intent_id: Option<Id<payment_intent::Entity>>,
    /// What moved; none of an entry in the books without a movement.
    kind: Option<Choice<MovementKind>>,
    /// The day of business.
    day: Day,
    /// What moved, less than zero where money went out.
    moved_minor: Long,
    /// What the books have of it.
    books_minor: Long,
}

const SUMS: &str = "with moves as ( \
      select x.currency::text as currency, x.business_date, \
        case when x.kind in ('refund', 'chargeback') then -x.amount_minor else x.amount_minor end as amount \
      from payments.payment_transactions x \
      where x.biz_id = $1 and x.business_date <= $3 and x.outcome = 'succeeded' \
        and x.kind in ('capture', 'refund', 'chargeback', 'chargeback_reversal') \
      union all \
      select r.currency::text, (r.updated_at at time zone 'UTC')::date, r.amount_minor \
      from payments.refunds r join payments.payment_transactions x on x.biz_id = r.biz_id and x.refund_id = r.id and x.kind = 'refund' \
      where r.biz_id = $1 and r.status = 'failed' and (r.updated_at at time zone 'UTC')::date <= $3) \
    select m.currency, \
      coalesce(sum(m.amount) filter (where m.business_date < $2), 0)::bigint, \
      coalesce(sum(m.amount) filter (where m.business_date >= $2 and m.amount > 0), 0)::bigint, \
      coalesce(-sum(m.amount) filter (where m.business_date >= $2 and m.amount < 0), 0)::bigint \
    from moves m group by 1 order by 1";

// In the books a movement is what its entry does to the accounts that hold money.
const BOOKS: &str = "with entries as ( \
      select e.id, e.business_date, p.currency::text as currency, \
        sum(case p.side when 'debit' then p.amount_minor else -p.amount_minor end)::bigint as amount \
      from ledger.journal_entries e \
      left join ledger.journal_entries u on u.biz_id = e.biz_id and u.id = e.reverses_id \
      join ledger.postings p on p.biz_id = e.biz_id and p.entry_id = e.id \
      join ledger.accounts a on a.biz_id = p.biz_id and a.id = p.account_id \
      where e.biz_id = $1 and e.business_date <= $3 and coalesce(u.source_type, e.source_type) in ('PaymentIntent', 'Refund', 'Dispute') \
        and a.code not in ('2100', '2300', '1040', '5010', '5030', '5090') \
        and not exists (select from payments.fees f where f.biz_id = e.biz_id and f.journal_entry_id = e.id) \
      group by e.id, e.business_date, p.currency) \
    select coalesce(b.currency, x.currency::text), x.intent_id, x.kind::text, coalesce(x.business_date, b.business_date), \
      coalesce(case when x.kind in ('refund', 'chargeback') then -x.amount_minor else x.amount_minor end, 0)::bigint, coalesce(b.amount, 0)::bigint \
    from entries b \
    full join (select x.* from payments.payment_transactions x \
      where x.biz_id = $1 and x.business_date <= $3 and x.outcome = 'succeeded' \
        and x.kind in ('capture', 'refund', 'chargeback', 'chargeback_reversal')) x on x.journal_entry_id = b.id \
    where $2::date is not null";

/// The question whether payments and books agree.
pub struct PaymentsReconciliation;

impl Question for PaymentsReconciliation {
    type Input = PaymentsReconciliationInput;
    type Answer = Vec<PaymentsReconciled>;

    const NAME: &'static str = "paymentsReconciliation";
    const PERMISSION: Permission = Permission::Holds("ledger.read");

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        if look.principal()?.reach("ledger.read") != Reach::All {
            return Err(Failure::forbidden("ledger.read"));
        }
        let values: [Value; 3] = [
            look.scope.biz_id().into(),
            input.from.0.into(),
            input.to.0.into(),
        ];
        let (sums, books) = futures_util::try_join!(
            look.scope.query(SUMS, &values),
            look.scope.query(BOOKS, &values)
        )?;
        Ok(compare(&sums, &books).map_err(Error::from)?)
    }
}

fn compare(sums: &[Row], books: &[Row]) -> Result<Vec<PaymentsReconciled>, tokio_postgres::Error> {
    let mut by_currency: BTreeMap<String, PaymentsReconciled> = BTreeMap::new();
    for row in sums {
        let (opening, came, went): (i64, i64, i64) =
            (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
        let entry = of(&mut by_currency, row.try_get(0)?);
        entry.opening_minor = Long(opening);
        entry.in_minor = Long(came);
        entry.out_minor = Long(went);
        entry.closing_minor = Long(opening + came - went);
    }
    for row in books {
        let entry = of(&mut by_currency, row.try_get(0)?);
        let (moved, booked): (i64, i64) = (row.try_get(4)?, row.try_get(5)?);
        entry.books_minor.0 += booked;
        // What the differences explain is taken from what is left over, listed or not.
        entry.residue_minor.0 += booked - moved;
        if booked != moved && entry.differences.len() < MOST {
            let (intent, kind): (Option<uuid::Uuid>, Option<String>) =
                (row.try_get(1)?, row.try_get(2)?);
            entry.differences.push(ReconciledDifference {
                payment_intent_id: intent.map(Id::new),
                kind: kind.as_deref().and_then(Choice::of),
                day: Day(row.try_get(3)?),
                moved_minor: Long(moved),
                books_minor: Long(booked),
            });
        }
    }
    for entry in by_currency.values_mut() {
        let explained = entry.residue_minor.0;
        entry.residue_minor = Long(entry.books_minor.0 - entry.closing_minor.0 - explained);
    }
    Ok(by_currency.into_values().collect())
}

fn of(all: &mut BTreeMap<String, PaymentsReconciled>, currency: String) -> &mut PaymentsReconciled {
    all.entry(currency.clone())
        .or_insert_with(|| PaymentsReconciled {
            currency: CurrencyCode(currency),
            opening_minor: Long(0),
            in_minor: Long(0),
            out_minor: Long(0),
            closing_minor: Long(0),
            books_minor: Long(0),
            differences: Vec::new(),
            residue_minor: Long(0),
        })
}
