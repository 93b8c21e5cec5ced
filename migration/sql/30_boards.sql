-- The tables that boards show, or that bear on what they show.

call core.watch_rows('crm.customers');
call core.watch_rows('booking.booking_orders');
call core.watch_rows('queue.queues');
call core.watch_rows('queue.service_points');
call core.watch_rows('queue.queue_entries');
call core.watch_rows('queue.queue_events');
call core.watch_rows('queue.displays');
call core.watch_rows('dispatch.dispatch_tasks');
call core.watch_rows('operations.service_requests');
call core.watch_rows('operations.sla_clocks');
