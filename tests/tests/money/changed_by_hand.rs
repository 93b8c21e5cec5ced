//! `bizing verify`, check by check: of the demo's rows one is changed past all guards, and the check names it.

use std::collections::BTreeSet;

use bizing::demo;
use bizing::domain::{billing, entitlements, ledger, payments};
use bizing::identity::Sealer;
use tests::World;
use tokio_postgres::Client;
use uuid::Uuid;

/// A change for each check: of what table, which row of it, what is set, and what names that row when it
/// is told of.
type Change = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const LEDGER: &[Change] = &[
    (
        "entries_balance",
        "ledger.postings",
        "true",
        "amount_minor = x.amount_minor + 1",
        ENTRY,
    ),
    (
        "entries_whole",
        "ledger.journal_entries",
        "true",
        "posting_count = x.posting_count + 1",
        "x.number",
    ),
    (
        "account_balances",
        "ledger.accounts",
        "true",
        "debits_posted_minor = x.debits_posted_minor + 1",
        "x.code",
    ),
    (
        "account_pending",
        "ledger.accounts",
        "true",
        "debits_pending_minor = x.debits_pending_minor + 1",
        "x.code",
    ),
    (
        "posting_currencies",
        "ledger.postings",
        "true",
        "business_date = x.business_date - 1",
        ENTRY,
    ),
    (
        "trial_balance",
        "ledger.accounts",
        "true",
        "credits_posted_minor = x.credits_posted_minor + 1",
        "x.currency::text",
    ),
    (
        "reversals",
        "ledger.postings",
        "exists (select from ledger.journal_entries e where e.biz_id = y.biz_id and e.id = y.entry_id and e.reverses_id is not null)",
        "amount_minor = x.amount_minor + 1",
        ENTRY,
    ),
    (
        "accounts_below_zero",
        "ledger.accounts",
        "not y.is_negative_allowed and y.normal_side = 'debit'",
        "credits_posted_minor = x.debits_posted_minor + 1",
        "x.code",
    ),
];

const PAYMENTS: &[Change] = &[
    (
        "payment_amounts",
        INTENTS,
        "y.captured_minor > 0",
        "captured_minor = x.captured_minor - 1",
        "x.number",
    ),
    (
        "payment_refunds",
        INTENTS,
        "y.captured_minor > 0",
        "refunded_minor = x.refunded_minor + 1",
        "x.number",
    ),
    (
        "payment_overdrawn",
        INTENTS,
        "y.captured_minor > 0",
        "refund_reserved_minor = x.captured_minor + 1",
        "x.number",
    ),
    (
        "payment_disputes",
        INTENTS,
        "true",
        "dispute_reserved_minor = x.dispute_reserved_minor + 1",
        "x.number",
    ),
    (
        "payment_parts",
        "payments.payment_intent_tenders",
        "y.status = 'succeeded'",
        "amount_minor = x.amount_minor + 1",
        INTENT,
    ),
    (
        "payment_books",
        "payments.payment_transactions",
        "y.kind = 'capture' and y.outcome = 'succeeded' and y.journal_entry_id is not null",
        "amount_minor = x.amount_minor + 1",
        INTENT,
    ),
    (
        "refund_lines",
        "payments.refund_allocations",
        "true",
        "amount_minor = x.amount_minor + 1",
        "(select r.number from payments.refunds r where r.biz_id = x.biz_id and r.id = x.refund_id)",
    ),
    (
        "settlements",
        "payments.settlement_batches",
        "y.status <> 'open'",
        "gross_minor = x.gross_minor + 1",
        "x.external_id",
    ),
    (
        "pages_paid",
        "payments.checkout_sessions",
        "y.status = 'complete'",
        "intent_id = null",
        "x.id::text",
    ),
    (
        "payment_histories",
        INTENTS,
        HAS_HISTORY,
        "status = 'processing'",
        "x.number",
    ),
];

const BILLING: &[Change] = &[
    (
        "invoice_sums",
        INVOICES,
        "y.number is not null",
        "total_minor = x.total_minor + 1",
        "x.number",
    ),
    (
        "invoices_settled",
        INVOICES,
        "y.number is not null",
        "paid_minor = x.paid_minor + 1",
        "x.number",
    ),
    (
        "invoices_credited",
        INVOICES,
        "y.number is not null",
        "credit_noted_minor = x.credit_noted_minor + 1",
        "x.number",
    ),
    (
        "invoice_lines_credited",
        "billing.invoice_lines",
        "exists (select from billing.invoices i where i.biz_id = y.biz_id and i.id = y.invoice_id and i.number is not null)",
        "credited_minor = x.credited_minor + 1",
        "(select i.number from billing.invoices i where i.biz_id = x.biz_id and i.id = x.invoice_id)",
    ),
    (
        "receipts_unapplied",
        "billing.receipts",
        "true",
        "unapplied_minor = x.unapplied_minor - 1",
        "x.number",
    ),
    (
        "credit_notes_used",
        "billing.credit_notes",
        "y.number is not null",
        "applied_minor = x.applied_minor + 1",
        "x.number",
    ),
    (
        "folio_balances",
        "billing.folios",
        "true",
        "balance_minor = x.balance_minor + 1",
        "x.number",
    ),
    (
        "account_exposures",
        "billing.billing_accounts",
        "true",
        "exposure_minor = x.exposure_minor + 1",
        "x.number",
    ),
    (
        "purchase_orders_consumed",
        "billing.customer_purchase_orders",
        "true",
        "consumed_minor = x.consumed_minor + 1",
        "x.po_number",
    ),
    (
        "series_without_gaps",
        "billing.fiscal_series",
        "y.document_type <> 'receipt'",
        "next_value = x.next_value + 1",
        "x.code",
    ),
    (
        "deposits_used",
        "billing.deposits",
        "y.status = 'applied'",
        "applied_minor = x.applied_minor - 1",
        "x.id::text",
    ),
    (
        "deposits_held",
        "billing.deposits",
        "y.status = 'paid'",
        "paid_minor = x.paid_minor + 1",
        "x.id::text",
    ),
    // Also where nothing of it lies anywhere.
    (
        "deposits_used",
        "billing.deposits",
        "y.status = 'due'",
        "applied_minor = 1",
        "x.id::text",
    ),
    (
        "deposits_held",
        "billing.deposits",
        "y.status = 'due' and y.paid_minor = 0",
        "paid_minor = 1",
        "x.id::text",
    ),
];

const ENTITLEMENTS: &[Change] = &[
    (
        "wallet_grants",
        "entitlements.wallets",
        "true",
        "balance = x.balance + 1",
        "x.number",
    ),
    (
        "grant_entries",
        "entitlements.grants",
        "true",
        "remaining = x.remaining + 1",
        "(select w.number from entitlements.wallets w where w.biz_id = x.biz_id and w.id = x.wallet_id)",
    ),
    (
        "wallet_holds",
        "entitlements.wallets",
        "true",
        "held = x.held + 1",
        "x.number",
    ),
    (
        "gift_journals",
        "entitlements.gift_instruments",
        "true",
        "balance_minor = x.balance_minor + 1",
        "x.number",
    ),
    (
        "obligations_paid",
        "booking.participant_obligations",
        "true",
        "paid_minor = x.paid_minor + 1",
        ORDER,
    ),
    (
        "obligations_sum",
        "booking.booking_orders",
        "y.organiser_share_minor is not null",
        "organiser_share_minor = x.organiser_share_minor + 1",
        "x.number",
    ),
    (
        "membership_periods",
        "entitlements.memberships",
        "y.status = 'active'",
        "current_period_ends_on = x.current_period_ends_on + 1",
        "x.number",
    ),
    (
        "membership_histories",
        "entitlements.memberships",
        HAS_HISTORY,
        "status = 'paused'",
        "x.number",
    ),
    (
        "loyalty_points",
        "entitlements.loyalty_memberships",
        "true",
        "lifetime_points = x.lifetime_points + 1",
        "x.number",
    ),
    (
        "promo_code_uses",
        "entitlements.promo_codes",
        "true",
        "used_count = x.used_count + 1",
        "x.code",
    ),
];

/// Of these the demo has no rows; `entitlements::verify` changes some.
const ELSEWHERE: [&str; 2] = ["wallet_books", "gift_liability"];

const INTENTS: &str = "payments.payment_intents";
const INVOICES: &str = "billing.invoices";
const ENTRY: &str = "(select e.number from ledger.journal_entries e where e.biz_id = x.biz_id and e.id = x.entry_id)";
const INTENT: &str = "(select i.number from payments.payment_intents i where i.biz_id = x.biz_id and i.id = x.intent_id)";
const ORDER: &str = "(select o.number from booking.booking_orders o where o.biz_id = x.biz_id and o.id = x.order_id)";

/// The demo's rows are as they are from the beginning: one of each gets a history.
const HISTORIES: &str = "update payments.payment_intents set status = 'canceled', canceled_at = now() \
      where (biz_id, id) = (select biz_id, id from payments.payment_intents where status = 'requires_payment_method' limit 1); \
    update entitlements.memberships set status = 'past_due', past_due_since = current_date \
      where (biz_id, id) = (select biz_id, id from entitlements.memberships where status = 'active' limit 1)";
/// That a row has a history.
const HAS_HISTORY: &str =
    "exists (select from core.status_history h where h.biz_id = y.biz_id and h.subject_id = y.id)";

/// Whoever goes past the program is held up by no trigger, and by no check of a row.
const PAST_ALL_GUARDS: &str = "do $$ declare guard record; begin \
      for guard in select k.conrelid::regclass as held, k.conname from pg_constraint k join pg_class c on c.oid = k.conrelid \
        join pg_namespace n on n.oid = c.relnamespace \
        where k.contype = 'c' and k.conislocal and n.nspname in ('ledger', 'payments', 'billing', 'entitlements', 'booking') \
          and not c.relispartition \
      loop execute format('alter table %s drop constraint %I', guard.held, guard.conname); end loop; end $$; \
    set session_replication_role = replica";

/// Changes one row, and says what the check then tells of that row's tenant, and what names the row.
async fn told(
    sql: &mut Client,
    check: &str,
    (_, table, which, set, name): &Change,
) -> anyhow::Result<(String, Vec<String>, Vec<String>)> {
    let change = format!(
        "update {table} x set {set} where (x.biz_id, x.id) = \
           (select y.biz_id, y.id from {table} y where {which} order by y.id limit 1) returning x.biz_id, ({name})::text"
    );
    let transaction = sql.transaction().await?;
    let row = transaction.query_opt(&change, &[]).await?;
    let row = row.ok_or_else(|| anyhow::anyhow!("the demo has no row for: {change}"))?;
    let (biz_id, name): (Uuid, String) = (row.try_get(0)?, row.try_get(1)?);
    let spoilt = transaction.query(check, &[&biz_id]).await?;
    transaction.rollback().await?;
    let before = sql.query(check, &[&biz_id]).await?;
    let texts = |rows: Vec<tokio_postgres::Row>| {
        rows.iter()
            .map(|row| row.try_get(0))
            .collect::<Result<Vec<String>, _>>()
    };
    Ok((name, texts(before)?, texts(spoilt)?))
}

#[tokio::test]
async fn each_check_of_money_names_the_row_that_was_changed_by_hand() -> anyhow::Result<()> {
    let world = World::with_pool(4).await?;
    demo::fill(
        &world.opened,
        &Sealer::new(b"the tests seal personal data with this"),
    )
    .await?;
    let mut sql = world.database.owner().await?;
    sql.batch_execute(HISTORIES).await?;
    sql.batch_execute(PAST_ALL_GUARDS).await?;
    let mut missed = Vec::new();
    for (checks, changes) in [
        (ledger::verify::CHECKS, LEDGER),
        (payments::verify::CHECKS, PAYMENTS),
        (billing::verify::CHECKS, BILLING),
        (entitlements::verify::CHECKS, ENTITLEMENTS),
    ] {
        let names = checks.iter().map(|(name, _)| *name);
        let known: BTreeSet<&str> = names.filter(|name| !ELSEWHERE.contains(name)).collect();
        let tried: BTreeSet<&str> = changes.iter().map(|change| change.0).collect();
        assert_eq!(known, tried, "each check has a change that it finds");
        for change in changes {
            let check = checks.iter().find(|(name, _)| *name == change.0);
            let check = check.map_or("", |(_, check)| *check);
            match told(&mut sql, check, change).await {
                Ok((name, before, after)) => {
                    let is_named = after.iter().any(|line| line.contains(&name));
                    if !before.is_empty() || !is_named {
                        missed.push(format!("{}: {name}: {before:?} {after:?}", change.0));
                    }
                }
                Err(error) => missed.push(format!("{}: {error:#}", change.0)),
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    Ok(())
}
