//! What must agree in the books, for `bizing verify`.

/// The checks: a name, and a statement that tells each break in a sentence.
pub const CHECKS: &[(&str, &str)] = &[
    (
        "entries_balance",
        "select format('entry %s has debits of %s and credits of %s in %s', e.number, \
           coalesce(sum(p.amount_minor) filter (where p.side = 'debit'), 0), \
           coalesce(sum(p.amount_minor) filter (where p.side = 'credit'), 0), p.currency) \
         from ledger.journal_entries e \
         join ledger.postings p on p.biz_id = e.biz_id and p.entry_id = e.id \
         where e.biz_id = $1 \
         group by e.number, p.currency \
         having sum(case p.side when 'debit' then p.amount_minor else -p.amount_minor end) <> 0",
    ),
    (
        "entries_whole",
        "select format('entry %s was written with %s postings and has %s', e.number, e.posting_count, coalesce(p.count, 0)) \
         from ledger.journal_entries e \
         left join (select p.entry_id, count(*) as count from ledger.postings p where p.biz_id = $1 group by p.entry_id) p \
           on p.entry_id = e.id \
         where e.biz_id = $1 and e.posting_count <> coalesce(p.count, 0)",
    ),
    (
        "account_balances",
        "select format('account %s in %s has debits of %s and credits of %s, its postings %s and %s', a.code, a.currency, \
           a.debits_posted_minor, a.credits_posted_minor, coalesce(p.debits, 0), coalesce(p.credits, 0)) \
         from ledger.accounts a \
         left join (select p.account_id, \
             coalesce(sum(p.amount_minor) filter (where p.side = 'debit'), 0) as debits, \
             coalesce(sum(p.amount_minor) filter (where p.side = 'credit'), 0) as credits \
           from ledger.postings p where p.biz_id = $1 group by p.account_id) p on p.account_id = a.id \
         where a.biz_id = $1 and (a.debits_posted_minor <> coalesce(p.debits, 0) \
           or a.credits_posted_minor <> coalesce(p.credits, 0))",
    ),
    (
        "account_pending",
        "select format('account %s in %s has debits of %s and credits of %s set aside, its transfers %s and %s', a.code, a.currency, \
           a.debits_pending_minor, a.credits_pending_minor, coalesce(d.sum, 0), coalesce(c.sum, 0)) \
         from ledger.accounts a \
         left join (select t.debit_account_id as id, sum(t.amount_minor) as sum from ledger.pending_transfers t \
           where t.biz_id = $1 and t.status = 'pending' group by 1) d on d.id = a.id \
         left join (select t.credit_account_id as id, sum(t.amount_minor) as sum from ledger.pending_transfers t \
           where t.biz_id = $1 and t.status = 'pending' group by 1) c on c.id = a.id \
         where a.biz_id = $1 and (a.debits_pending_minor <> coalesce(d.sum, 0) or a.credits_pending_minor <> coalesce(c.sum, 0))",
    ),
    (
        "posting_currencies",
        "select format('a posting of entry %s is in %s, its account %s in %s', e.number, p.currency, a.code, a.currency) \
         from ledger.postings p \
         join ledger.accounts a on a.biz_id = p.biz_id and a.id = p.account_id \
         join ledger.journal_entries e on e.biz_id = p.biz_id and e.id = p.entry_id \
         where p.biz_id = $1 and (a.currency <> p.currency or e.business_date <> p.business_date)",
    ),
    (
        "trial_balance",
        "select format('the trial balance in %s is off by %s', a.currency, sum(a.debits_posted_minor - a.credits_posted_minor)) \
         from ledger.accounts a where a.biz_id = $1 \
         group by a.currency having sum(a.debits_posted_minor - a.credits_posted_minor) <> 0",
    ),
    (
        "reversals",
        "select format('entry %s reverses %s and leaves %s on account %s', n.number, e.number, \
           sum(case p.side when 'debit' then p.amount_minor else -p.amount_minor end), a.code) \
         from ledger.journal_entries n \
         join ledger.journal_entries e on e.biz_id = n.biz_id and e.id = n.reverses_id \
         join ledger.postings p on p.biz_id = n.biz_id and p.entry_id in (n.id, e.id) \
         join ledger.accounts a on a.biz_id = p.biz_id and a.id = p.account_id \
         where n.biz_id = $1 \
         group by n.number, e.number, a.id, a.code, p.currency \
         having sum(case p.side when 'debit' then p.amount_minor else -p.amount_minor end) <> 0",
    ),
    (
        "accounts_below_zero",
        "select format('account %s in %s has %s to take, and may not fall below zero', a.code, a.currency, a.available_minor) \
         from ledger.accounts a where a.biz_id = $1 and not a.is_negative_allowed and a.available_minor < 0",
    ),
];
