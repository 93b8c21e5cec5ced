-- Seats that are kept for a while: what has expired keeps nobody out, whether or not a worker has noticed.

-- The passengers on hold, few at any time: whoever takes a seat looks here for those that have expired.
create index trip_manifests_trip_id_held_idx on dispatch.trip_manifests (biz_id, trip_id, booking_hold_id) where status = 'held';
