//! For each check of money a change of one row that it has to name.

/// A change for each check: of what table, which row of it, what is set, and what names that row when it
/// is told of.
pub type Change = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

pub const LEDGER: &[Change] = &[
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

pub const PAYMENTS: &[Change] = &[
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

pub const BILLING: &[Change] = &[
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

pub const ENTITLEMENTS: &[Change] = &[
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

const INTENTS: &str = "payments.payment_intents";
const INVOICES: &str = "billing.invoices";
const ENTRY: &str = "(select e.number from ledger.journal_entries e where e.biz_id = x.biz_id and e.id = x.entry_id)";
const INTENT: &str = "(select i.number from payments.payment_intents i where i.biz_id = x.biz_id and i.id = x.intent_id)";
const ORDER: &str = "(select o.number from booking.booking_orders o where o.biz_id = x.biz_id and o.id = x.order_id)";
/// That a row has a history.
const HAS_HISTORY: &str =
    "exists (select from core.status_history h where h.biz_id = y.biz_id and h.subject_id = y.id)";
