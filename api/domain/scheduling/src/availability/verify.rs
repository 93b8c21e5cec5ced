//! What must agree about those who wait, and about the work that is done.

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
        "lifted_blocks",
        "select format('block %s is lifted and still takes %s of something', b.id, count(*)) \
         from availability.blocks b \
         join availability.allocations a on a.biz_id = b.biz_id and a.source_type = 'AvailabilityBlock' \
           and a.source_id = b.id and a.status = 'firm' \
         where b.biz_id = $1 and b.status = 'lifted' group by b.id",
    ),
    (
        "work_of_nobody",
        "select format('work %s is %s, and %s are still assigned to it', u.id, u.status, count(*)) \
         from booking.fulfillment_units u \
         join booking.fulfillment_assignments a on a.biz_id = u.biz_id and a.unit_id = u.id and a.status in ('proposed', 'accepted') \
         where u.biz_id = $1 and u.status in ('cancelled', 'failed') group by u.id, u.status",
    ),
    (
        "current_versions",
        "select format('offer %s has a current version that is %s', o.code, v.status) \
         from catalog.offers o \
         join catalog.offer_versions v on v.biz_id = o.biz_id and v.id = o.current_version_id \
         where o.biz_id = $1 and o.deleted_at is null and v.status not in ('published', 'superseded')",
    ),
];
