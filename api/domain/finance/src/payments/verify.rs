//! What must agree in payments, for `bizing verify`.

/// The checks: a name, and a statement that tells each break in a sentence.
pub const CHECKS: &[(&str, &str)] = &[
    (
        "payment_amounts",
        "select format('payment %s counts authorized %s, to take %s and taken %s, its movements %s, %s and %s', i.number, \
           i.authorized_minor, i.capturable_minor, i.captured_minor, x.authorized, \
           greatest(x.authorized - x.captured - x.voided, 0), x.captured) \
         from payments.payment_intents i \
         cross join lateral (select \
             coalesce(sum(t.amount_minor) filter (where t.kind in ('authorization', 'auth_adjust')), 0) as authorized, \
             coalesce(sum(t.amount_minor) filter (where t.kind = 'capture'), 0) as captured, \
             coalesce(sum(t.amount_minor) filter (where t.kind = 'void'), 0) as voided \
           from payments.payment_transactions t \
           where t.biz_id = i.biz_id and t.intent_id = i.id and t.outcome = 'succeeded') x \
         where i.biz_id = $1 and (i.captured_minor <> x.captured \
           or (x.authorized > 0 and (i.authorized_minor <> x.authorized \
             or i.capturable_minor <> x.authorized - x.captured - x.voided)))",
    ),
    (
        "payment_refunds",
        "select format('payment %s counts refunds of %s, %s of them done, its refunds %s and %s', i.number, \
           i.refund_reserved_minor, i.refunded_minor, r.reserved, r.done) \
         from payments.payment_intents i \
         cross join lateral (select \
             coalesce(sum(r.amount_minor) filter (where r.status not in ('failed', 'canceled')), 0) as reserved, \
             coalesce(sum(r.amount_minor) filter (where r.status = 'succeeded'), 0) as done \
           from payments.refunds r where r.biz_id = i.biz_id and r.intent_id = i.id) r \
         where i.biz_id = $1 and (i.refund_reserved_minor <> r.reserved or i.refunded_minor <> r.done)",
    ),
    (
        "payment_overdrawn",
        "select format('payment %s gave back %s of the %s that were taken', i.number, i.refund_reserved_minor, i.captured_minor) \
         from payments.payment_intents i where i.biz_id = $1 and i.refund_reserved_minor > i.captured_minor",
    ),
    (
        "payment_disputes",
        "select format('payment %s counts disputes of %s, its disputes %s', i.number, i.dispute_reserved_minor, d.reserved) \
         from payments.payment_intents i \
         cross join lateral (select coalesce(sum(d.reserved_minor), 0) as reserved from payments.disputes d \
           where d.biz_id = i.biz_id and d.intent_id = i.id \
             and d.status in ('needs_response', 'under_review', 'lost', 'accepted')) d \
         where i.biz_id = $1 and i.dispute_reserved_minor <> d.reserved",
    ),
    (
        "payment_parts",
        "select format('the parts of payment %s sum up to %s, it is of %s', i.number, coalesce(sum(t.amount_minor), 0), i.amount_minor) \
         from payments.payment_intents i \
         join payments.payment_intent_tenders t on t.biz_id = i.biz_id and t.intent_id = i.id and t.status <> 'canceled' \
         where i.biz_id = $1 and i.status <> 'canceled' \
         group by i.id, i.number, i.amount_minor having sum(t.amount_minor) <> i.amount_minor",
    ),
    (
        "payment_books",
        "select format('payment %s: a %s of %s is in the books with %s', i.number, x.kind, x.amount_minor, coalesce(p.amount, 0)) \
         from payments.payment_transactions x \
         join payments.payment_intents i on i.biz_id = x.biz_id and i.id = x.intent_id \
         cross join lateral (select sum(p.amount_minor) as amount from ledger.postings p \
           where p.biz_id = x.biz_id and p.entry_id = x.journal_entry_id and p.side = 'debit') p \
         where x.biz_id = $1 and x.outcome = 'succeeded' and x.journal_entry_id is not null \
           and x.kind in ('capture', 'refund') and coalesce(p.amount, 0) <> x.amount_minor",
    ),
    (
        "refund_lines",
        "select format('refund %s is of %s, its lines of %s', r.number, r.amount_minor, sum(a.amount_minor)) \
         from payments.refunds r join payments.refund_allocations a on a.biz_id = r.biz_id and a.refund_id = r.id \
         where r.biz_id = $1 group by r.id, r.number, r.amount_minor having sum(a.amount_minor) <> r.amount_minor",
    ),
    (
        "settlements",
        "select format('settlement %s says %s less fees of %s, its lines %s and %s', b.external_id, b.gross_minor, b.fee_minor, \
           coalesce(e.gross, 0), coalesce(e.fee, 0)) \
         from payments.settlement_batches b \
         left join (select e.batch_id, sum(e.amount_minor) as gross, sum(e.fee_minor) as fee from payments.settlement_entries e \
           where e.biz_id = $1 group by 1) e on e.batch_id = b.id \
         where b.biz_id = $1 and b.status <> 'open' and (b.gross_minor <> coalesce(e.gross, 0) or b.fee_minor <> coalesce(e.fee, 0))",
    ),
    (
        "pages_paid",
        "select format('page %s was paid, and its payment %s took %s for it', s.id, coalesce(i.number, 'is not there'), coalesce(i.captured_minor, 0)) \
         from payments.checkout_sessions s \
         left join payments.payment_intents i on i.biz_id = s.biz_id and i.id = s.intent_id \
           and i.source_type = s.source_type and i.source_id = s.source_id and i.currency = s.currency \
         where s.biz_id = $1 and s.status = 'complete' and coalesce(i.captured_minor, 0) = 0",
    ),
    (
        "payment_histories",
        "select format('payment %s is %s, its history ends with %s', i.number, i.status, h.to_status) \
         from payments.payment_intents i \
         join (select distinct on (h.subject_id) h.subject_id, h.to_status from core.status_history h \
           where h.biz_id = $1 and h.machine = 'payment_intent' \
           order by h.subject_id, h.occurred_at desc, h.id desc) h on h.subject_id = i.id \
         where i.biz_id = $1 and h.to_status <> i.status",
    ),
];
