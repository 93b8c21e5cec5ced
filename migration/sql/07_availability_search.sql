-- Availability: what searches read. Whoever looks for free time asks what a resource or pool has from some instant on; its
-- history, which is most of what there is, must not be read for that.

create index allocations_resource_id_ends_idx on availability.allocations (biz_id, resource_id, blocked_ends_at, blocked_starts_at)
  where resource_id is not null and status in ('hold', 'firm');
create index allocations_pool_id_ends_idx on availability.allocations (biz_id, pool_id, blocked_ends_at, blocked_starts_at)
  where pool_id is not null and status in ('hold', 'firm');
