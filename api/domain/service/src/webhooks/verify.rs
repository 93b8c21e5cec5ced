//! What must agree of messages to endpoints.

/// Checks of a tenant: a name, and a statement that tells each break in a sentence.
pub const CHECKS: &[(&str, &str)] = &[
    (
        "webhook_order",
        "select format('endpoint %s was told of event %s before event %s of the same subject, which nobody has tried', \
           d.endpoint_id, d.event_seq, o.event_seq) \
         from identity.webhook_deliveries d \
         join core.outbox_events e on e.biz_id = d.biz_id and e.occurred_at = d.event_occurred_at and e.id = d.event_id \
         join core.outbox_events b on b.biz_id = e.biz_id and b.subject_type = e.subject_type and b.subject_id = e.subject_id \
           and (b.transaction_id, b.seq) < (e.transaction_id, e.seq) \
         join identity.webhook_deliveries o on o.biz_id = d.biz_id and o.endpoint_id = d.endpoint_id and o.event_seq = b.seq \
         where d.biz_id = $1 and d.status = 'delivered' and o.status = 'pending' and o.attempts = 0 \
           and o.created_at <= d.delivered_at and o.updated_at = o.created_at",
    ),
    (
        "webhook_parked",
        "select format('message %s to endpoint %s was given up without having been tried', d.id, d.endpoint_id) \
         from identity.webhook_deliveries d \
         join identity.webhook_endpoints w on w.biz_id = d.biz_id and w.id = d.endpoint_id and w.deleted_at is null \
         where d.biz_id = $1 and d.status = 'failed' and d.attempts = 0",
    ),
];
