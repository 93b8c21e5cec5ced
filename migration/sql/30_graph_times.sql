-- Lists of what grows without end are also read by when a row was written: what is new, and copies
-- that are brought up to date.

create index customers_created_at_idx on crm.customers (biz_id, created_at, id);
create index booking_order_lines_created_at_idx on booking.booking_order_lines (biz_id, created_at, id);
create index payment_intents_created_at_idx on payments.payment_intents (biz_id, created_at, id);
create index invoices_created_at_idx on billing.invoices (biz_id, created_at, id);
create index queue_entries_created_at_idx on queue.queue_entries (biz_id, created_at, id);
