-- What the graph offers of a table, where that is other than its row class says.

alter table core.entity_types
  add column has_plain_writes boolean,
  add column has_aggregates boolean,
  add column has_plain_moves boolean not null default false;
comment on column core.entity_types.has_plain_writes is
  'Whether staff maintain its rows by plain writes; empty where the row class decides: master data, yes, all else, no.';
comment on column core.entity_types.has_aggregates is
  'Whether its rows are counted and summed in the graph; empty where the row class decides: documents and journals, yes, all else, no.';
comment on column core.entity_types.has_plain_moves is
  'Whether staff move its rows to another status by a plain write, because a move has no effect beyond the status.';

create procedure core.configure_graph(
  entity regclass,
  plain_writes boolean default null,
  aggregates boolean default null,
  plain_moves boolean default false
)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  update core.entity_types e
  set has_plain_writes = coalesce(plain_writes, e.has_plain_writes),
    has_aggregates = coalesce(aggregates, e.has_aggregates),
    has_plain_moves = plain_moves or e.has_plain_moves
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where c.oid = entity
    and e.table_schema = n.nspname
    and e.table_name = c.relname;

  if not found then
    raise exception 'install % before configuring it', entity;
  end if;
end
$$;
comment on procedure core.configure_graph(regclass, boolean, boolean, boolean) is
  'Says what the graph offers of an installed table, where that is other than its row class says.';
