//! What must hold after any history, as statements of its own; and what is changed by hand to see that
//! verify names it.

/// What must find nothing: each as a statement of its own, besides what verify says.
pub const STATEMENTS: &[(&str, &str)] = &[
    (
        "more paid, credited and written off than invoiced",
        "select 1 from billing.invoices i where i.paid_minor + i.credited_minor + i.written_off_minor > i.total_minor",
    ),
    (
        "more refunded than captured",
        "select 1 from payments.payment_intents i where i.refund_reserved_minor > i.captured_minor",
    ),
    (
        "a wallet that is not the sum of its grants",
        "select 1 from entitlements.wallets w where w.balance <> (select coalesce(sum(g.remaining), 0) from entitlements.grants g \
           where g.biz_id = w.biz_id and g.wallet_id = w.id and g.status in ('active', 'scheduled'))",
    ),
    (
        "a liability for gifts and wallets that is not what is on them",
        "select c.code from core.currencies c where \
           (select coalesce(sum(a.balance_minor), 0) from ledger.accounts a where a.code = '2150' and a.currency = c.code) \
           <> (select coalesce(sum(g.balance_minor), 0) from entitlements.gift_instruments g \
               where g.currency = c.code and g.status <> 'pending') \
            + (select coalesce(sum(w.balance), 0) from entitlements.wallets w where w.currency = c.code)",
    ),
    (
        "receivables that are not what invoices have open and what was put on account",
        "select c.code from core.currencies c where \
           (select coalesce(sum(a.balance_minor), 0) from ledger.accounts a where a.code = '1200' and a.currency = c.code) \
           <> (select coalesce(sum(i.open_minor), 0) from billing.invoices i \
               where i.currency = c.code and i.kind <> 'proforma' and i.number is not null) \
            + (select coalesce(sum(case x.kind when 'capture' then x.amount_minor else -x.amount_minor end), 0) \
               from payments.payment_transactions x \
               join payments.payment_intent_tenders t on t.biz_id = x.biz_id and t.id = x.tender_id and t.kind = 'account' \
               left join payments.refunds r on r.biz_id = x.biz_id and r.id = x.refund_id \
               where x.currency = c.code and x.outcome = 'succeeded' \
                 and (x.kind = 'capture' or x.kind = 'refund' and r.method = 'original'))",
    ),
    (
        "a guest ledger that is not what folios have open",
        "select c.code from core.currencies c where \
           (select coalesce(sum(a.balance_minor), 0) from ledger.accounts a where a.code = '1100' and a.currency = c.code) \
           <> (select coalesce(sum(f.balance_minor), 0) from billing.folios f where f.currency = c.code)",
    ),
];

/// Each is made past all guards, as a superuser can: a change of one row, and what verify has to name.
pub const BY_HAND: &[(&str, &str)] = &[
    (
        "update billing.invoices set credit_noted_minor = credit_noted_minor + 1 where id = (select id from billing.invoices where number is not null and status <> 'voided' and credit_noted_minor < total_minor order by id limit 1) returning number",
        "update billing.invoices set credit_noted_minor = credit_noted_minor - 1 where number = $1",
    ),
    (
        "update billing.receipts set unapplied_minor = unapplied_minor - 1 where id = (select id from billing.receipts where unapplied_minor > 0 and status = 'recorded' order by id limit 1) returning number",
        "update billing.receipts set unapplied_minor = unapplied_minor + 1 where number = $1",
    ),
    (
        "update entitlements.wallets set balance = balance + 1 where id = (select id from entitlements.wallets order by id limit 1) returning number",
        "update entitlements.wallets set balance = balance - 1 where number = $1",
    ),
    (
        "update entitlements.gift_instruments set balance_minor = balance_minor - 1 where id = (select id from entitlements.gift_instruments where balance_minor > 1 order by id limit 1) returning number",
        "update entitlements.gift_instruments set balance_minor = balance_minor + 1 where number = $1",
    ),
    (
        "update payments.payment_intents set captured_minor = captured_minor - 1 where id = (select id from payments.payment_intents where status = 'succeeded' and captured_minor > 1 and refund_reserved_minor = 0 order by id limit 1) returning number",
        "update payments.payment_intents set captured_minor = captured_minor + 1 where number = $1",
    ),
    (
        "update billing.folios set balance_minor = balance_minor + 1 where id = (select id from billing.folios where status = 'open' order by id limit 1) returning number",
        "update billing.folios set balance_minor = balance_minor - 1 where number = $1",
    ),
    (
        "update ledger.journal_entries set posting_count = posting_count + 1 where id = (select id from ledger.journal_entries order by id limit 1) returning number",
        "update ledger.journal_entries set posting_count = posting_count - 1 where number = $1",
    ),
    (
        "update ledger.postings p set amount_minor = p.amount_minor + 1 from ledger.journal_entries e where e.id = p.entry_id and p.id = (select id from ledger.postings order by id limit 1) returning e.number",
        "update ledger.postings p set amount_minor = p.amount_minor - 1 from ledger.journal_entries e where e.id = p.entry_id and e.number = $1 and p.id = (select id from ledger.postings order by id limit 1)",
    ),
    (
        "update ledger.accounts set debits_posted_minor = debits_posted_minor + 1 where id = (select id from ledger.accounts where code = '7001' order by id limit 1) returning code",
        "update ledger.accounts set debits_posted_minor = debits_posted_minor - 1 where code = $1 and id = (select id from ledger.accounts where code = '7001' order by id limit 1)",
    ),
    (
        "update payments.payment_transactions x set amount_minor = x.amount_minor + 1 from payments.payment_intents i where i.id = x.intent_id and x.id = (select id from payments.payment_transactions where kind = 'capture' order by id limit 1) returning i.number",
        "update payments.payment_transactions x set amount_minor = x.amount_minor - 1 from payments.payment_intents i where i.id = x.intent_id and i.number = $1 and x.id = (select id from payments.payment_transactions where kind = 'capture' order by id limit 1)",
    ),
    (
        "update entitlements.ledger_entries e set quantity = quantity + 1 from entitlements.wallets w where w.id = e.wallet_id and e.id = (select id from entitlements.ledger_entries where kind = 'grant' order by id limit 1) returning w.number",
        "update entitlements.ledger_entries e set quantity = quantity - 1 from entitlements.wallets w where w.id = e.wallet_id and w.number = $1 and e.id = (select id from entitlements.ledger_entries where kind = 'grant' order by id limit 1)",
    ),
    (
        "update entitlements.memberships set current_period_ends_on = current_period_ends_on + 400 where id = (select id from entitlements.memberships where status = 'active' order by id desc limit 1) returning number",
        "update entitlements.memberships set current_period_ends_on = current_period_ends_on - 400 where number = $1",
    ),
    (
        "update booking.participant_obligation_events e set amount_minor = e.amount_minor + 1 from booking.participant_obligations b join booking.booking_orders o on o.id = b.order_id where b.id = e.obligation_id and e.id = (select id from booking.participant_obligation_events where kind = 'paid' order by id limit 1) returning o.number",
        "update booking.participant_obligation_events e set amount_minor = e.amount_minor - 1 from booking.participant_obligations b join booking.booking_orders o on o.id = b.order_id where b.id = e.obligation_id and o.number = $1 and e.id = (select id from booking.participant_obligation_events where kind = 'paid' order by id limit 1)",
    ),
    (
        "update billing.deposits set paid_minor = paid_minor + 1 where id = (select id from billing.deposits where status = 'paid' order by id limit 1) returning id::text",
        "update billing.deposits set paid_minor = paid_minor - 1 where id = $1::text::uuid",
    ),
    (
        "update entitlements.loyalty_memberships set lifetime_points = lifetime_points + 1 where id = (select id from entitlements.loyalty_memberships order by id limit 1) returning number",
        "update entitlements.loyalty_memberships set lifetime_points = lifetime_points - 1 where number = $1",
    ),
];
