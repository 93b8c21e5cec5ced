//! What must agree of promises, and of what was given for broken ones.

/// Checks of a tenant: a name, and a statement that tells each break in a sentence.
pub const CHECKS: &[(&str, &str)] = &[
    (
        "sla_breaches",
        "select format('clock %s is %s, and there is %s of its breach', c.id, c.status, \
           case when b.id is null then 'no record' else 'a record' end) \
         from operations.sla_clocks c \
         left join operations.sla_breach_events b on b.biz_id = c.biz_id and b.clock_id = c.id \
         where c.biz_id = $1 and ((c.status in ('breached', 'compensated')) and b.id is null \
           or c.status in ('running', 'paused', 'met') and b.id is not null or b.breached_at <> c.breached_at)",
    ),
    (
        "sla_pauses",
        "select format('clock %s is %s, and has %s open pauses', c.id, c.status, count(p.id)) \
         from operations.sla_clocks c \
         left join operations.sla_clock_pauses p on p.biz_id = c.biz_id and p.clock_id = c.id and p.ends_at is null \
         where c.biz_id = $1 group by c.id, c.status \
         having count(p.id) <> case when c.status = 'paused' then 1 else 0 end",
    ),
    (
        "sla_stopped",
        "select format('request %s is %s, and its promise to %s still runs', r.number, r.status, c.metric) \
         from operations.service_requests r \
         join operations.sla_clocks c on c.biz_id = r.biz_id and c.subject_type = 'ServiceRequest' and c.subject_id = r.id \
         where r.biz_id = $1 and c.stopped_at is null and c.status <> 'waived' \
           and (r.status in ('resolved', 'closed', 'cancelled') and c.status in ('running', 'paused') \
             or r.status in ('resolved', 'closed'))",
    ),
    (
        "sla_targets",
        "select format('clock %s was promised within %s minutes of all hours and is due %s after its start', \
           c.id, p.target_minutes, c.target_at - c.started_at) \
         from operations.sla_clocks c \
         join operations.sla_policies p on p.biz_id = c.biz_id and p.id = c.policy_id \
         where c.biz_id = $1 and p.calendar_id is null and p.version = 1 and c.status not in ('paused') \
           and abs(extract(epoch from c.target_at - c.started_at - p.target_minutes * interval '1 minute' - coalesce(( \
             select sum(u.ends_at - u.starts_at) from operations.sla_clock_pauses u \
             where u.biz_id = c.biz_id and u.clock_id = c.id), interval '0'))) > 1 \
           and c.status <> 'waived'",
    ),
    (
        "sla_compensations",
        "select format('%s of %s was given for breach %s, of which %s is allowed', sum(e.amount_minor), min(e.currency), \
           b.id, coalesce(p.compensation_cap_minor, 0)) \
         from operations.sla_breach_events b \
         join operations.sla_compensation_events e on e.biz_id = b.biz_id and e.breach_id = b.id \
         join operations.sla_clocks c on c.biz_id = b.biz_id and c.id = b.clock_id \
         join operations.sla_policies p on p.biz_id = c.biz_id and p.id = c.policy_id \
         where b.biz_id = $1 and p.version = 1 group by b.id, p.compensation_cap_minor \
         having sum(e.amount_minor) > coalesce(p.compensation_cap_minor, 0)",
    ),
    (
        "sla_credits",
        "select format('%s of %s was given as credit %s, whose grant says %s', e.amount_minor, e.currency, e.id, \
           coalesce(g.quantity::text, 'nothing')) \
         from operations.sla_compensation_events e \
         left join entitlements.grants g on g.biz_id = e.biz_id and g.id = e.given_id \
           and g.source_type = 'SlaCompensationEvent' and g.source_id = e.id \
         where e.biz_id = $1 and e.kind = 'credit' and e.reverses_id is null and g.quantity is distinct from e.amount_minor",
    ),
    (
        "sla_reversals",
        "select format('compensation %s was taken back, and %s of its grant is still there', e.id, g.remaining) \
         from operations.sla_compensation_events r \
         join operations.sla_compensation_events e on e.biz_id = r.biz_id and e.id = r.reverses_id \
         join entitlements.grants g on g.biz_id = e.biz_id and g.id = e.given_id \
         where r.biz_id = $1 and e.given_type = 'EntitlementGrant' and g.remaining <> 0",
    ),
    (
        "sla_refunds",
        "select format('compensation %s was taken back, refund %s went out, and nobody owes it', e.id, f.number) \
         from operations.sla_compensation_events r \
         join operations.sla_compensation_events e on e.biz_id = r.biz_id and e.id = r.reverses_id \
         join payments.refunds f on f.biz_id = e.biz_id and f.id = e.given_id \
         where r.biz_id = $1 and e.given_type = 'Refund' and f.status not in ('failed', 'canceled') \
           and not exists (select from billing.invoices i where i.biz_id = r.biz_id \
             and i.source_type = 'SlaCompensationEvent' and i.source_id = r.id and i.status not in ('draft', 'discarded'))",
    ),
    (
        "work_order_blocks",
        "select format('work order %s is %s, and %s', w.number, w.status, \
           case when b.id is null then 'nothing keeps its resource free' else 'still blocks its resource' end) \
         from resources.maintenance_work_orders w \
         left join availability.blocks b on b.biz_id = w.biz_id and b.source_type = 'MaintenanceWorkOrder' \
           and b.source_id = w.id and b.status = 'active' \
         where w.biz_id = $1 and b.id is not null and w.status in ('requested', 'triaged', 'completed', 'verified', 'cancelled')",
    ),
    (
        "repairs",
        "select format('maintenance request %s is work ordered, its work order %s', m.number, coalesce(w.status, 'is missing')) \
         from operations.maintenance_requests m \
         left join resources.maintenance_work_orders w on w.biz_id = m.biz_id and w.id = m.work_order_id \
         where m.biz_id = $1 and m.status = 'work_ordered' \
           and (w.id is null or w.status in ('completed', 'verified', 'cancelled'))",
    ),
];
