//! `bizing verify`: recomputes what must agree, and names each thing that does not. Everything here
//! is also kept by constraints and guarded functions; this is how one knows that they hold.

use std::io::Write as _;

use uuid::Uuid;

use crate::database::{Database, new_id};
use crate::domain;

/// What must agree within a tenant: a name, and a statement that tells each break in a sentence.
const CHECKS: &[(&str, &str)] = &[
    (
        "capacity",
        "select format('slot %s of %s counts held %s and occupied %s, its allocations %s and %s', \
           d.slot_id, d.business_date, d.held, d.occupied, d.allocated_hold, d.allocated_firm) \
         from availability.capacity_drift() d",
    ),
    (
        "capacity_of_ended_orders",
        "select format('booking %s is %s and still takes %s of something', o.number, o.status, count(*)) \
         from booking.booking_orders o \
         join availability.allocations a on a.biz_id = o.biz_id and a.source_type = 'BookingOrder' \
           and a.source_id = o.id and (a.status = 'firm' or a.expires_at > now()) \
         where o.biz_id = $1 and o.status in ('cancelled', 'declined', 'expired') \
         group by o.number, o.status",
    ),
    (
        "order_sums",
        "select format('booking %s has a base of %s, its lines sum up to %s', o.number, o.base_minor, coalesce(l.sum, 0)) \
         from booking.booking_orders o \
         left join (select l.order_id, sum(l.total_minor) as sum from booking.booking_order_lines l \
           where l.biz_id = $1 and l.voided_at is null group by l.order_id) l on l.order_id = o.id \
         where o.biz_id = $1 and o.base_minor <> coalesce(l.sum, 0)",
    ),
    (
        "pricing_periods",
        "select format('line %s costs %s for %s days, its periods %s for %s', l.id, l.total_minor, \
           l.ends_on - l.starts_on, coalesce(p.sum, 0), coalesce(p.days, 0)) \
         from booking.booking_order_lines l \
         left join (select p.order_line_id, sum(p.subtotal_minor) as sum, sum(p.days) as days \
           from booking.booking_pricing_periods p \
           where p.biz_id = $1 and p.voided_at is null group by p.order_line_id) p on p.order_line_id = l.id \
         where l.biz_id = $1 and l.voided_at is null and l.starts_on is not null \
           and (coalesce(p.sum, 0) <> l.total_minor or coalesce(p.days, 0) <> l.ends_on - l.starts_on)",
    ),
    (
        "nights",
        "select format('booking %s has %s nights from %s to %s', o.number, coalesce(n.nights, 0), o.check_in_on, o.check_out_on) \
         from booking.booking_orders o \
         left join (select n.booking_order_id, count(*) as nights, min(n.stay_date) as first, max(n.stay_date) as last \
           from hospitality.reservation_nights n \
           where n.biz_id = $1 and n.released_at is null group by n.booking_order_id) n on n.booking_order_id = o.id \
         where o.biz_id = $1 and o.kind = 'stay' and (coalesce(n.nights, 0) <> o.check_out_on - o.check_in_on \
           or n.first <> o.check_in_on or n.last <> o.check_out_on - 1)",
    ),
    (
        "status_history",
        "select format('booking %s is %s, its history ends with %s', o.number, o.status, h.to_status) \
         from booking.booking_orders o \
         join (select distinct on (h.subject_id) h.subject_id, h.to_status from core.status_history h \
           where h.biz_id = $1 and h.machine = 'booking_order' \
           order by h.subject_id, h.occurred_at desc, h.id desc) h on h.subject_id = o.id \
         where o.biz_id = $1 and h.to_status <> o.status",
    ),
];

/// The checks of all contexts.
const CONTEXTS: &[&[(&str, &str)]] = &[
    CHECKS,
    domain::ledger::verify::CHECKS,
    domain::pricing::verify::CHECKS,
    domain::entitlements::verify::CHECKS,
    domain::payments::verify::CHECKS,
    domain::billing::verify::CHECKS,
    domain::availability::verify::CHECKS,
    domain::booking::verify::CHECKS,
    domain::workforce::leave::verify::CHECKS,
    domain::workforce::roster::verify::CHECKS,
    domain::operations::verify::CHECKS,
    domain::queue::verify::CHECKS,
    domain::dispatch::verify::CHECKS,
    domain::webhooks::verify::CHECKS,
];

/// Checks every tenant, prints each break by the check's name, and says how many there are.
pub async fn run(database: &Database) -> anyhow::Result<usize> {
    let breaks = breaks(database).await?;
    for told in &breaks {
        // A reader that has closed the pipe has what it wanted.
        let _ = writeln!(std::io::stdout(), "{told}");
    }
    Ok(breaks.len())
}

/// Checks every tenant, and tells each break: the tenant, the check's name, and a sentence.
pub async fn breaks(database: &Database) -> anyhow::Result<Vec<String>> {
    let platform = database.platform(new_id()).await?;
    let mut breaks = Vec::new();
    for row in platform
        .query("select id, slug from core.bizes order by slug", &[])
        .await?
    {
        let (biz_id, slug): (Uuid, String) = (row.try_get(0)?, row.try_get(1)?);
        breaks.extend(verify_tenant(database, biz_id, &slug).await?);
    }
    platform.rollback().await?;
    Ok(breaks)
}

async fn verify_tenant(
    database: &Database,
    biz_id: Uuid,
    slug: &str,
) -> anyhow::Result<Vec<String>> {
    let scope = database.platform_in(biz_id, None, new_id()).await?;
    let mut breaks = Vec::new();
    for (name, sql) in CONTEXTS.iter().copied().flatten() {
        let values: &[sea_orm::Value] = if sql.contains("$1") {
            &[biz_id.into()]
        } else {
            &[]
        };
        for row in scope.query(sql, values).await? {
            breaks.push(format!("{slug} {name}: {}", row.try_get::<_, String>(0)?));
        }
    }
    scope.rollback().await?;
    Ok(breaks)
}
