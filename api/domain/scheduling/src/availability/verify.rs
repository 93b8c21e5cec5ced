//! What must agree about those who wait, about houses and what is in them, and about what is on sale.

/// Checks: a name, and a statement that tells each break in a sentence.
pub const CHECKS: &[(&str, &str)] = &[
    (
        "waitlist_offers",
        "select format('waiting-list offer %s is open, and its hold is %s', o.id, h.status) \
         from availability.waitlist_offers o \
         join availability.booking_holds h on h.biz_id = o.biz_id and h.id = o.hold_id \
         where o.biz_id = $1 and o.status = 'open' and h.status not in ('held', 'expired')",
    ),
    (
        "waitlist_entries",
        "select format('waiting-list entry %s is %s, and has %s open offers', e.id, e.status, count(o.id)) \
         from availability.waitlist_entries e \
         left join availability.waitlist_offers o on o.biz_id = e.biz_id and o.waitlist_entry_id = e.id and o.status = 'open' \
         where e.biz_id = $1 group by e.id, e.status \
         having count(o.id) <> case e.status when 'offered' then 1 else 0 end",
    ),
    (
        "houses_and_rooms",
        "select format('%s is taken from %s on, and with it %s, which contains it', r.name, a.blocked_starts_at, u.name) \
         from resources.resources r \
         join availability.allocations a on a.biz_id = $1 and a.resource_id = r.id and a.override_by_id is null \
           and a.source_type <> 'AvailabilityBlock' and (a.status = 'firm' or (a.status = 'hold' and a.expires_at > now())) \
         cross join lateral availability.resources_above($1, array[r.id]) w \
         join availability.allocations b on b.biz_id = $1 and b.resource_id = w.id and b.exclusive and b.override_by_id is null \
           and b.source_type <> 'AvailabilityBlock' and (b.status = 'firm' or (b.status = 'hold' and b.expires_at > now())) \
           and b.blocked_starts_at < a.blocked_ends_at and b.blocked_ends_at > a.blocked_starts_at \
           and (b.source_type, b.source_id) <> (a.source_type, a.source_id) \
         join resources.resources u on u.biz_id = $1 and u.id = b.resource_id \
         where r.biz_id = $1 and r.parent_resource_id is not null",
    ),
    (
        "sessions_and_bookings",
        "select format('%s has a session from %s on in which somebody has a place, and is booked besides', r.name, s.starts_at) \
         from availability.slots s \
         join resources.resources r on r.biz_id = $1 and r.id = s.resource_id \
         join availability.allocations a on a.biz_id = $1 and a.resource_id = s.resource_id and a.override_by_id is null \
           and a.source_type <> 'AvailabilityBlock' and (a.status = 'firm' or (a.status = 'hold' and a.expires_at > now())) \
           and a.blocked_starts_at < s.ends_at and a.blocked_ends_at > s.starts_at \
         where s.biz_id = $1 and s.resource_id is not null and s.held + s.occupied > 0 \
           and exists (select from availability.allocations p where p.biz_id = $1 and p.slot_id = s.id \
             and p.source_type <> 'AvailabilityBlock' and p.override_by_id is null \
             and (p.status = 'firm' or (p.status = 'hold' and p.expires_at > now())) \
             and (p.source_type, p.source_id) <> (a.source_type, a.source_id))",
    ),
    (
        "lifted_blocks",
        "select format('block %s is lifted and still takes %s of something', b.id, count(*)) \
         from availability.blocks b \
         join availability.allocations a on a.biz_id = b.biz_id and a.source_type = 'AvailabilityBlock' \
           and a.source_id = b.id and a.status = 'firm' \
         where b.biz_id = $1 and b.status = 'lifted' group by b.id",
    ),
    (
        "current_versions",
        "select format('offer %s has a current version that is %s', o.code, v.status) \
         from catalog.offers o \
         join catalog.offer_versions v on v.biz_id = o.biz_id and v.id = o.current_version_id \
         where o.biz_id = $1 and o.deleted_at is null and v.status not in ('published', 'superseded')",
    ),
];
