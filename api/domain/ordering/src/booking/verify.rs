//! What must agree about those who take part, and about the work that is done.

/// Checks: a name, and a statement that tells each break in a sentence.
pub const CHECKS: &[(&str, &str)] = &[
    (
        "work_of_nobody",
        "select format('work %s is %s, and %s are still assigned to it', u.id, u.status, count(*)) \
         from booking.fulfillment_units u \
         join booking.fulfillment_assignments a on a.biz_id = u.biz_id and a.unit_id = u.id and a.status in ('proposed', 'accepted') \
         where u.biz_id = $1 and u.status in ('cancelled', 'failed') group by u.id, u.status",
    ),
    // Of one session, or of one booking that has no place in any.
    (
        "seats_of_a_kind",
        "select format('%s seats of the kind %s are taken of %s, by %s', count(*), t.name, t.capacity, min(o.number)) \
         from catalog.offer_seat_types t \
         join booking.booking_participants p on p.biz_id = $1 and p.seat_type_id = t.id and p.cancelled_at is null \
         join booking.booking_orders o on o.biz_id = $1 and o.id = p.order_id \
           and o.status not in ('cancelled', 'declined', 'expired') \
         left join availability.allocations a on a.biz_id = $1 and a.source_type = 'BookingOrder' and a.source_id = o.id \
           and a.slot_id is not null and (a.status = 'firm' or (a.status = 'hold' and a.expires_at > now())) \
         where t.biz_id = $1 and t.capacity is not null \
         group by t.id, t.name, t.capacity, coalesce(a.slot_id, o.id) having count(*) > t.capacity",
    ),
    // Of what several share by time: at each moment at which a booking of it begins.
    (
        "seats_shared_by_time",
        "select distinct format('at %s there are %s of the kind %s, of which there are %s', m.service_starts_at, count(distinct p.id), t.name, t.capacity) \
         from catalog.offer_seat_types t \
         join booking.booking_participants q on q.biz_id = $1 and q.seat_type_id = t.id and q.cancelled_at is null \
         join availability.allocations m on m.biz_id = $1 and m.source_type = 'BookingOrder' and m.source_id = q.order_id \
           and m.slot_id is null and not m.exclusive and (m.status = 'firm' or (m.status = 'hold' and m.expires_at > now())) \
         join availability.allocations a on a.biz_id = $1 and a.source_type = 'BookingOrder' \
           and (a.pool_id = m.pool_id or a.resource_id = m.resource_id) \
           and (a.status = 'firm' or (a.status = 'hold' and a.expires_at > now())) \
           and a.service_starts_at <= m.service_starts_at and a.service_ends_at > m.service_starts_at \
         join booking.booking_participants p on p.biz_id = $1 and p.order_id = a.source_id and p.seat_type_id = t.id \
           and p.cancelled_at is null \
         where t.biz_id = $1 and t.capacity is not null \
         group by t.id, t.name, t.capacity, m.id, m.service_starts_at having count(distinct p.id) > t.capacity",
    ),
];
