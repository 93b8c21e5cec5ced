//! What must agree in queues.

/// Checks of a tenant: a name, and a statement that tells each break in a sentence.
pub const CHECKS: &[(&str, &str)] = &[
    (
        "queue_numbers",
        "select format('queue %s drew %s tickets on %s, numbered from %s to %s', q.name, count(*), t.business_date, min(t.seq), max(t.seq)) \
         from queue.queue_tickets t join queue.queues q on q.biz_id = t.biz_id and q.id = t.queue_id \
         where t.biz_id = $1 group by q.name, t.queue_id, t.business_date \
         having min(t.seq) <> 1 or max(t.seq) <> count(*)",
    ),
    (
        "queue_tickets",
        "select format('ticket %s of %s has %s entries', t.display_number, t.business_date, count(e.id)) \
         from queue.queue_tickets t left join queue.queue_entries e on e.biz_id = t.biz_id and e.ticket_id = t.id \
         where t.biz_id = $1 group by t.id, t.display_number, t.business_date having count(e.id) <> 1",
    ),
    (
        "queue_desks",
        "select format('desk %s has %s people called or served at once', p.name, count(*)) \
         from queue.queue_entries e join queue.service_points p on p.biz_id = e.biz_id and p.id = e.service_point_id \
         where e.biz_id = $1 and e.status in ('called', 'serving') group by p.id, p.name having count(*) > 1",
    ),
    (
        "queue_places",
        "select format('entry %s is %s, and is %s a desk', e.id, e.status, case when e.service_point_id is null then 'at no' else 'still at' end) \
         from queue.queue_entries e \
         where e.biz_id = $1 and (e.status in ('called', 'serving') and e.service_point_id is null \
           or e.status in ('waiting', 'parked') and e.service_point_id is not null)",
    ),
    (
        "queue_closed",
        "select format('queue %s is closed, and %s are still in it', q.name, count(*)) \
         from queue.queues q join queue.queue_entries e on e.biz_id = q.biz_id and e.queue_id = q.id \
         where q.biz_id = $1 and q.status = 'closed' and e.status in ('called', 'serving') \
         group by q.id, q.name",
    ),
];
