//! What must agree in billing: every counter is reckoned anew from the rows that move it.

/// Names, and statements that tell each break in a sentence.
pub const CHECKS: &[(&str, &str)] = &[
    (
        "invoice_sums",
        "select format('invoice %s is of %s with %s of tax, its lines sum up to %s and %s, its taxes to %s', \
           coalesce(i.number, i.id::text), i.total_minor, i.tax_minor, coalesce(l.total, 0), coalesce(l.tax, 0), coalesce(t.tax, 0)) \
         from billing.invoices i \
         left join (select l.invoice_id, sum(l.total_minor) as total, sum(l.tax_minor) as tax from billing.invoice_lines l \
           where l.biz_id = $1 and l.voided_at is null group by l.invoice_id) l on l.invoice_id = i.id \
         left join (select t.invoice_id, sum(t.tax_minor) as tax from billing.invoice_taxes t \
           where t.biz_id = $1 group by t.invoice_id) t on t.invoice_id = i.id \
         where i.biz_id = $1 and i.status <> 'discarded' \
           and (i.total_minor <> coalesce(l.total, 0) or i.tax_minor <> coalesce(l.tax, 0) \
             or i.number is not null and i.tax_minor <> coalesce(t.tax, 0))",
    ),
    (
        "invoices_settled",
        "select format('invoice %s counts %s paid, %s credited and %s written off, its allocations and write-offs %s, %s and %s', \
           coalesce(i.number, i.id::text), i.paid_minor, i.credited_minor, i.written_off_minor, \
           coalesce(a.paid, 0), coalesce(a.credited, 0), coalesce(w.given_up, 0)) \
         from billing.invoices i \
         left join (select a.invoice_id, sum(a.amount_minor) filter (where a.receipt_id is not null) as paid, \
             sum(a.amount_minor) filter (where a.credit_note_id is not null) as credited \
           from billing.payment_allocations a where a.biz_id = $1 group by a.invoice_id) a on a.invoice_id = i.id \
         left join (select w.invoice_id, sum(w.amount_minor - w.recovered_minor) as given_up from billing.write_offs w \
           where w.biz_id = $1 and w.status = 'approved' group by w.invoice_id) w on w.invoice_id = i.id \
         where i.biz_id = $1 and (i.paid_minor <> coalesce(a.paid, 0) or i.credited_minor <> coalesce(a.credited, 0) \
           or i.written_off_minor <> coalesce(w.given_up, 0))",
    ),
    (
        "invoices_credited",
        "select format('invoice %s counts %s of credit notes, they are of %s', coalesce(i.number, i.id::text), i.credit_noted_minor, coalesce(c.total, 0)) \
         from billing.invoices i \
         left join (select c.invoice_id, sum(c.total_minor) as total from billing.credit_notes c \
           where c.biz_id = $1 and c.status = 'finalized' group by c.invoice_id) c on c.invoice_id = i.id \
         where i.biz_id = $1 and i.credit_noted_minor <> coalesce(c.total, 0)",
    ),
    (
        "invoice_lines_credited",
        "select format('line %s of invoice %s counts %s credited with %s of tax, its credit notes took back %s with %s', \
           l.line_no, coalesce(i.number, i.id::text), l.credited_minor, l.credited_tax_minor, coalesce(c.amount, 0), coalesce(c.tax, 0)) \
         from billing.invoice_lines l \
         join billing.invoices i on i.biz_id = l.biz_id and i.id = l.invoice_id \
         left join (select c.invoice_line_id, sum(c.amount_minor) as amount, sum(c.tax_minor) as tax \
           from billing.credit_note_lines c \
           join billing.credit_notes n on n.biz_id = c.biz_id and n.id = c.credit_note_id and n.status = 'finalized' \
           where c.biz_id = $1 and c.voided_at is null group by c.invoice_line_id) c on c.invoice_line_id = l.id \
         where l.biz_id = $1 and (l.credited_minor <> coalesce(c.amount, 0) or l.credited_tax_minor <> coalesce(c.tax, 0))",
    ),
    (
        "receipts_unapplied",
        "select format('receipt %s of %s has %s left, %s of it is set against something', r.number, r.amount_minor, r.unapplied_minor, coalesce(a.used, 0)) \
         from billing.receipts r \
         left join (select a.receipt_id, sum(a.amount_minor) as used from billing.payment_allocations a \
           where a.biz_id = $1 group by a.receipt_id) a on a.receipt_id = r.id \
         where r.biz_id = $1 and r.amount_minor - r.unapplied_minor <> coalesce(a.used, 0)",
    ),
    (
        "credit_notes_used",
        "select format('credit note %s counts %s applied and %s refunded, its allocations %s and %s', \
           coalesce(c.number, c.id::text), c.applied_minor, c.refunded_minor, coalesce(a.applied, 0), coalesce(a.refunded, 0)) \
         from billing.credit_notes c \
         left join (select a.credit_note_id, sum(a.amount_minor) filter (where a.refund_id is null) as applied, \
             sum(a.amount_minor) filter (where a.refund_id is not null) as refunded \
           from billing.payment_allocations a where a.biz_id = $1 group by a.credit_note_id) a on a.credit_note_id = c.id \
         where c.biz_id = $1 and (c.applied_minor <> coalesce(a.applied, 0) or c.refunded_minor <> coalesce(a.refunded, 0))",
    ),
    (
        "folio_balances",
        "select format('folio %s has a balance of %s, its lines sum up to %s', f.number, f.balance_minor, coalesce(l.sum, 0)) \
         from billing.folios f \
         left join (select l.folio_id, sum(l.amount_minor) as sum from billing.folio_line_items l \
           where l.biz_id = $1 group by l.folio_id) l on l.folio_id = f.id \
         where f.biz_id = $1 and f.balance_minor <> coalesce(l.sum, 0)",
    ),
    (
        "account_exposures",
        "select format('account %s owes %s, its invoices have %s open', a.number, a.exposure_minor, coalesce(i.open, 0)) \
         from billing.billing_accounts a \
         left join (select i.billing_account_id, sum(i.open_minor) as open from billing.invoices i \
           where i.biz_id = $1 and i.kind <> 'proforma' group by i.billing_account_id) i on i.billing_account_id = a.id \
         where a.biz_id = $1 and a.exposure_minor <> coalesce(i.open, 0)",
    ),
    (
        "purchase_orders_consumed",
        "select format('purchase order %s counts %s invoiced, its invoices are of %s', p.po_number, p.consumed_minor, coalesce(i.total, 0)) \
         from billing.customer_purchase_orders p \
         left join (select i.customer_po_id, sum(i.total_minor) as total from billing.invoices i \
           where i.biz_id = $1 and i.kind <> 'proforma' and i.status not in ('draft', 'discarded', 'voided') \
           group by i.customer_po_id) i on i.customer_po_id = p.id \
         where p.biz_id = $1 and p.consumed_minor <> coalesce(i.total, 0)",
    ),
    (
        "series_without_gaps",
        "select format('series %s has given out %s numbers from %s on, its documents are %s from %s to %s', \
           s.code, s.next_value - s.range_from, s.range_from, coalesce(d.count, 0), d.first, d.last) \
         from billing.fiscal_series s \
         left join (select d.series_id, count(distinct d.series_no) as count, min(d.series_no) as first, max(d.series_no) as last \
           from (select i.series_id, i.series_no from billing.invoices i where i.biz_id = $1 \
             union all select c.series_id, c.series_no from billing.credit_notes c where c.biz_id = $1) d \
           group by d.series_id) d on d.series_id = s.id \
         where s.biz_id = $1 and s.document_type <> 'receipt' and s.next_value - s.range_from <> coalesce(d.count, 0)",
    ),
    (
        "deposits_used",
        "select format('deposit %s counts %s used, its allocations used %s', d.id, d.applied_minor + d.forfeited_minor, coalesce(a.used, 0)) \
         from billing.deposits d \
         left join (select a.deposit_id, sum(a.amount_minor) filter (where l.kind = 'deposit_used' or a.invoice_id is not null) as used \
           from billing.payment_allocations a \
           left join billing.folio_line_items l on l.biz_id = a.biz_id and l.id = a.folio_line_id \
           where a.biz_id = $1 and a.deposit_id is not null \
           group by a.deposit_id) a on a.deposit_id = d.id \
         where d.biz_id = $1 and d.applied_minor + d.forfeited_minor <> coalesce(a.used, 0)",
    ),
    (
        "deposits_held",
        "select format('deposit %s counts %s held, on folios lie %s of it', d.id, d.held_minor, coalesce(a.lies, 0)) \
         from billing.deposits d \
         left join (select a.deposit_id, sum(a.amount_minor) as lies \
           from billing.payment_allocations a \
           join billing.folio_line_items l on l.biz_id = a.biz_id and l.id = a.folio_line_id and l.kind <> 'deposit_used' \
           where a.biz_id = $1 and a.deposit_id is not null \
           group by a.deposit_id) a on a.deposit_id = d.id \
         where d.biz_id = $1 and d.status in ('due', 'partially_paid', 'paid') and d.held_minor <> coalesce(a.lies, 0)",
    ),
];
