//! What must agree of rosters, hours, stand-ins and trainings, for `bizing verify`.

/// The checks: a name, and a statement that tells each break in a sentence.
pub const CHECKS: &[(&str, &str)] = &[
    (
        "timesheet_totals",
        "select format('time sheet %s from %s says %s, %s, %s and %s minutes of work, travel, training and breaks, its times %s, %s, %s and %s', \
           t.id, t.starts_on, t.worked_minutes, t.travel_minutes, t.training_minutes, t.break_minutes, \
           coalesce(d.work, 0), coalesce(d.travel, 0), coalesce(d.training, 0), coalesce(d.rest, 0)) \
         from workforce.timesheets t \
         left join lateral ( \
           select sum(k.minutes) filter (where k.kind = 'work') as work, sum(k.minutes) filter (where k.kind = 'travel') as travel, \
             sum(k.minutes) filter (where k.kind = 'training') as training, sum(k.minutes) filter (where k.kind = 'break') as rest \
           from (select s.kind::text as kind, floor(sum(extract(epoch from s.ends_at - s.starts_at)) / 60)::bigint as minutes \
             from workforce.work_time_segments s \
             where s.biz_id = $1 and s.staff_id = t.staff_id and s.business_date >= t.starts_on and s.business_date < t.ends_on \
               and s.superseded_at is null and s.ends_at is not null \
             group by s.business_date, s.kind) k) d on true \
         where t.biz_id = $1 and (t.worked_minutes, t.travel_minutes, t.training_minutes, t.break_minutes) \
           is distinct from (coalesce(d.work, 0), coalesce(d.travel, 0), coalesce(d.training, 0), coalesce(d.rest, 0))",
    ),
    (
        "substitution_fairness",
        "select format('person %s of pool %s is counted as asked %s, in %s, out %s, silent %s times; offers say %s, %s, %s, %s', \
           coalesce(c.staff_id, o.staff_id), coalesce(c.pool_id, o.pool_id), c.offered, c.accepted, c.declined, c.expired, \
           o.offered, o.accepted, o.declined, o.expired) \
         from (select pool_id, staff_id, sum(offered) as offered, sum(accepted) as accepted, sum(declined) as declined, sum(expired) as expired \
           from workforce.substitution_fairness_counters where biz_id = $1 group by pool_id, staff_id having sum(offered) > 0) c \
         full join (select r.pool_id, o.staff_id, count(*) as offered, count(*) filter (where o.status = 'accepted') as accepted, \
             count(*) filter (where o.status = 'declined') as declined, count(*) filter (where o.status = 'expired') as expired \
           from workforce.substitution_offers o \
           join workforce.substitution_requests r on r.biz_id = o.biz_id and r.id = o.request_id and r.pool_id is not null \
           where o.biz_id = $1 group by r.pool_id, o.staff_id) o on o.pool_id = c.pool_id and o.staff_id = c.staff_id \
         where (c.offered, c.accepted, c.declined, c.expired) is distinct from (o.offered, o.accepted, o.declined, o.expired)",
    ),
    (
        "substitution_accepted",
        "select format('search %s is %s with %s acceptances', r.id, r.status, count(o.id)) \
         from workforce.substitution_requests r \
         left join workforce.substitution_offers o on o.biz_id = r.biz_id and o.request_id = r.id and o.status = 'accepted' \
         where r.biz_id = $1 group by r.id, r.status having count(o.id) <> (r.status = 'filled')::integer",
    ),
    (
        "open_shifts_filled",
        "select format('open shift %s is filled by shift %s, which is %s', o.id, s.id, s.status) \
         from workforce.open_shifts o \
         join workforce.staff_shifts s on s.biz_id = o.biz_id and s.id = o.filled_shift_id \
         where o.biz_id = $1 and o.starts_at > now() and s.status = 'cancelled' \
           and not exists (select from workforce.staff_shifts r where r.biz_id = o.biz_id and r.swap_of_id = s.id)",
    ),
    (
        "training_attempts",
        "select format('enrolment %s counts %s attempts and has %s', e.id, e.attempts, count(a.id)) \
         from workforce.training_enrollments e \
         left join workforce.training_attempts a on a.biz_id = e.biz_id and a.enrollment_id = e.id \
         where e.biz_id = $1 group by e.id, e.attempts having e.attempts <> count(a.id)",
    ),
];
