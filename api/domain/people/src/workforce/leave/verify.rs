//! What must agree about leave.

/// A name, and a statement that tells each break in a sentence.
pub const CHECKS: &[(&str, &str)] = &[
    (
        "leave_balances",
        "select format('balance %s is %s, its ledger sums up to %s', b.id, b.balance_minutes, coalesce(e.sum, 0)) \
         from workforce.leave_balances b \
         left join (select e.period_id, sum(e.minutes) as sum from workforce.leave_ledger_entries e \
           where e.biz_id = $1 group by e.period_id) e on e.period_id = b.period_id \
         where b.biz_id = $1 and b.balance_minutes <> coalesce(e.sum, 0)",
    ),
    (
        "leave_reserved",
        "select format('balance %s has reserved %s and taken %s, its days %s and %s', b.id, b.reserved_minutes, b.taken_minutes, \
           coalesce(d.reserved, 0), coalesce(d.charged, 0)) \
         from workforce.leave_balances b \
         left join (select d.period_id, sum(d.minutes) filter (where d.status = 'reserved') as reserved, \
             sum(d.minutes) filter (where d.status = 'charged') as charged \
           from workforce.leave_request_days d where d.biz_id = $1 group by d.period_id) d on d.period_id = b.period_id \
         where b.biz_id = $1 \
           and (b.reserved_minutes, b.taken_minutes) <> (coalesce(d.reserved, 0), coalesce(d.charged, 0))",
    ),
    (
        "leave_floor",
        "select format('balance %s is %s with %s reserved, below its limit of %s', b.id, b.balance_minutes, b.reserved_minutes, \
           -b.negative_limit_minutes) \
         from workforce.leave_balances b \
         where b.biz_id = $1 and b.balance_minutes - b.reserved_minutes < -b.negative_limit_minutes",
    ),
    (
        "leave_days",
        "select format('%s has leave of the same part of %s twice', s.full_name, d.leave_on) \
         from workforce.leave_request_days d \
         join workforce.leave_request_days o on o.biz_id = d.biz_id and o.staff_id = d.staff_id and o.leave_on = d.leave_on \
           and o.id > d.id and o.status in ('reserved', 'charged') and o.portion_minutes && d.portion_minutes \
         join workforce.staff s on s.biz_id = d.biz_id and s.id = d.staff_id \
         where d.biz_id = $1 and d.status in ('reserved', 'charged')",
    ),
    (
        "leave_carried",
        "select format('period %s carried %s over, the next took over %s', p.id, b.carried_out_minutes, n.carried_in_minutes) \
         from workforce.leave_periods p \
         join workforce.leave_balances b on b.biz_id = p.biz_id and b.period_id = p.id \
         join workforce.leave_periods q on q.biz_id = p.biz_id and q.staff_id = p.staff_id \
           and q.leave_type_id = p.leave_type_id and q.starts_on = p.ends_on \
         join workforce.leave_balances n on n.biz_id = q.biz_id and n.period_id = q.id \
         where p.biz_id = $1 and b.carried_out_minutes <> n.carried_in_minutes",
    ),
    (
        "leave_away",
        "select format('%s is on leave on %s and can be booked', s.full_name, d.leave_on) \
         from workforce.leave_request_days d \
         join workforce.leave_requests r on r.biz_id = d.biz_id and r.id = d.leave_request_id \
         join workforce.staff s on s.biz_id = d.biz_id and s.id = d.staff_id and s.resource_id is not null \
         join availability.blocks b on b.biz_id = d.biz_id and b.id = d.id \
         where d.biz_id = $1 and (d.status = 'charged') <> (b.status = 'active')",
    ),
];
