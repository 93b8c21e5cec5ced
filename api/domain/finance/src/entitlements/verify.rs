//! What must agree of entitlements, for `bizing verify`: names, and statements that tell each break.

/// The checks.
pub const CHECKS: &[(&str, &str)] = &[
    (
        "wallet_grants",
        "select format('wallet %s has a balance of %s, what remains of its grants sums up to %s', w.number, w.balance, coalesce(g.sum, 0)) \
         from entitlements.wallets w \
         left join (select g.wallet_id, sum(g.remaining) as sum from entitlements.grants g where g.biz_id = $1 group by g.wallet_id) g \
           on g.wallet_id = w.id \
         where w.biz_id = $1 and w.balance <> coalesce(g.sum, 0)",
    ),
    (
        "grant_entries",
        "select format('grant %s of wallet %s has %s left, its entries sum up to %s', g.id, w.number, g.remaining, coalesce(e.sum, 0)) \
         from entitlements.grants g \
         join entitlements.wallets w on w.biz_id = g.biz_id and w.id = g.wallet_id \
         left join (select e.grant_id, sum(e.quantity) as sum from entitlements.ledger_entries e where e.biz_id = $1 group by e.grant_id) e \
           on e.grant_id = g.id \
         where g.biz_id = $1 and g.remaining <> coalesce(e.sum, 0)",
    ),
    (
        "wallet_holds",
        "select format('wallet %s counts %s as held, its open holds sum up to %s', w.number, w.held, coalesce(h.sum, 0)) \
         from entitlements.wallets w \
         left join (select h.wallet_id, sum(h.quantity) as sum from entitlements.value_holds h \
           where h.biz_id = $1 and h.status = 'held' group by h.wallet_id) h on h.wallet_id = w.id \
         where w.biz_id = $1 and w.held <> coalesce(h.sum, 0)",
    ),
    (
        "wallet_books",
        "select format('wallet %s has a balance of %s, its account in the books %s', w.number, w.balance, a.balance_minor) \
         from entitlements.wallets w \
         join ledger.accounts a on a.biz_id = w.biz_id and a.id = w.ledger_account_id \
         where w.biz_id = $1 and w.currency is not null and a.balance_minor <> w.balance",
    ),
    (
        "gift_journals",
        "select format('gift card %s has %s on it, its journals sum up to %s', i.number, i.balance_minor, \
           entitlements.gift_journal_sum(i.biz_id, i.id)) \
         from entitlements.gift_instruments i \
         where i.biz_id = $1 and i.balance_minor <> entitlements.gift_journal_sum(i.biz_id, i.id)",
    ),
    (
        "gift_liability",
        "select format('gift card %s has %s on it, its account in the books %s', i.number, i.balance_minor, a.balance_minor) \
         from entitlements.gift_instruments i \
         join ledger.accounts a on a.biz_id = i.biz_id and a.id = i.ledger_account_id \
         where i.biz_id = $1 and a.balance_minor <> i.balance_minor",
    ),
    (
        "obligations_paid",
        "select format('of what a participant of booking %s owes, %s is paid, its payments and refunds sum up to %s', \
           o.number, b.paid_minor, coalesce(e.sum, 0)) \
         from booking.participant_obligations b \
         join booking.booking_orders o on o.biz_id = b.biz_id and o.id = b.order_id \
         left join (select e.obligation_id, sum(case e.kind when 'paid' then e.amount_minor when 'refunded' then - e.amount_minor else 0 end) as sum \
           from booking.participant_obligation_events e where e.biz_id = $1 group by e.obligation_id) e on e.obligation_id = b.id \
         where b.biz_id = $1 and b.paid_minor <> coalesce(e.sum, 0)",
    ),
    (
        "obligations_sum",
        "select format('booking %s costs %s, its organiser pays %s and its participants owe %s', o.number, o.total_minor, \
           o.organiser_share_minor, coalesce(b.sum, 0)) \
         from booking.booking_orders o \
         left join (select b.order_id, sum(b.amount_minor) as sum from booking.participant_obligations b \
           where b.biz_id = $1 and b.status not in ('cancelled', 'transferred') group by b.order_id) b on b.order_id = o.id \
         where o.biz_id = $1 and o.organiser_share_minor is not null and o.total_minor <> o.organiser_share_minor + coalesce(b.sum, 0)",
    ),
    (
        "membership_periods",
        "select format('membership %s is in a period from %s to %s, of which its history knows nothing', m.number, \
           m.current_period_starts_on, m.current_period_ends_on) \
         from entitlements.memberships m \
         where m.biz_id = $1 and m.status in ('incomplete', 'trialing', 'active', 'past_due', 'paused') \
           and exists (select from entitlements.membership_events e where e.biz_id = $1 and e.membership_id = m.id) \
           and not exists (select from entitlements.membership_events e where e.biz_id = $1 and e.membership_id = m.id \
             and e.period_starts_on = m.current_period_starts_on and e.period_ends_on = m.current_period_ends_on)",
    ),
    (
        "membership_histories",
        "select format('membership %s is %s, its history ends with %s', m.number, m.status, h.to_status) \
         from entitlements.memberships m \
         join (select distinct on (h.subject_id) h.subject_id, h.to_status from core.status_history h \
           where h.biz_id = $1 and h.machine = 'membership' \
           order by h.subject_id, h.occurred_at desc, h.id desc) h on h.subject_id = m.id \
         where m.biz_id = $1 and h.to_status <> m.status",
    ),
    (
        "loyalty_points",
        "select format('member %s earned %s points ever, what was earned and not taken back sums up to %s', m.number, m.lifetime_points, \
           coalesce(g.sum, 0)) \
         from entitlements.loyalty_memberships m \
         left join (select g.wallet_id, sum(g.quantity) as sum from entitlements.grants g \
           where g.biz_id = $1 and g.origin not in ('transfer', 'rollover', 'refund', 'adjustment') \
             and not exists (select from entitlements.ledger_entries e where e.biz_id = $1 and e.grant_id = g.id and e.kind = 'adjust' \
               and e.source_type = 'LoyaltyMembership') group by g.wallet_id) g on g.wallet_id = m.wallet_id \
         where m.biz_id = $1 and m.lifetime_points <> coalesce(g.sum, 0)",
    ),
    (
        "promo_code_uses",
        "select format('promotion code %s counts %s uses, it has %s', c.code, c.used_count, coalesce(u.count, 0)) \
         from entitlements.promo_codes c \
         left join (select u.promo_code_id, count(*) as count from entitlements.promo_code_uses u \
           where u.biz_id = $1 and u.reversed_at is null group by u.promo_code_id) u on u.promo_code_id = c.id \
         where c.biz_id = $1 and c.used_count <> coalesce(u.count, 0)",
    ),
];
