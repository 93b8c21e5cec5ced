//! What must agree on the road.

/// Checks of a tenant: a name, and a statement that tells each break in a sentence.
pub const CHECKS: &[(&str, &str)] = &[
    (
        "trip_seats",
        "select format('trip %s counts %s seats sold and %s held from stop %s, its passengers have %s and %s', \
           t.number, i.sold, i.held, i.from_seq, m.sold, m.held) \
         from dispatch.trip_stop_inventory i \
         join dispatch.transport_trips t on t.biz_id = i.biz_id and t.id = i.trip_id \
         cross join lateral (select coalesce(sum(m.seats) filter (where m.status <> 'held'), 0) as sold, \
             coalesce(sum(m.seats) filter (where m.status = 'held'), 0) as held from dispatch.trip_manifests m \
           where m.biz_id = i.biz_id and m.trip_id = i.trip_id and m.status <> 'cancelled' \
             and m.from_seq <= i.from_seq and i.from_seq < m.to_seq) m \
         where i.biz_id = $1 and (i.sold, i.held) is distinct from (m.sold, m.held)",
    ),
    (
        "task_assignments",
        "select format('task %s is %s, and %s people or vehicles are assigned to it', t.number, t.status, count(a.id)) \
         from dispatch.dispatch_tasks t \
         left join dispatch.task_assignments a on a.biz_id = t.biz_id and a.task_id = t.id and a.ended_at is null \
         where t.biz_id = $1 group by t.id, t.number, t.status \
         having count(a.id) <> case when t.status in ('assigned', 'accepted', 'en_route', 'arrived') then 1 else 0 end",
    ),
    (
        "task_order",
        "select format('task %s is %s before %s, which it follows, which is %s', t.number, t.status, p.number, p.status) \
         from dispatch.dispatch_tasks t \
         join dispatch.dispatch_tasks p on p.biz_id = t.biz_id and p.id = t.requires_task_id \
         where t.biz_id = $1 and t.status in ('en_route', 'arrived', 'completed') and p.status <> 'completed' \
           and not exists (select from dispatch.dispatch_tasks n \
             where n.biz_id = p.biz_id and n.attempt_of_id = p.id and n.status = 'completed')",
    ),
];
