-- What the graph offers of a table, where that is other than its row class says.

alter table core.entity_types
  add column has_plain_writes boolean,
  add column has_aggregates boolean,
  add column has_plain_moves boolean not null default false,
  add column verb_columns text[] not null default '{}';
comment on column core.entity_types.has_plain_writes is
  'Whether staff maintain its rows by plain writes; empty where the row class decides: master data, yes, all else, no.';
comment on column core.entity_types.has_aggregates is
  'Whether its rows are counted and summed in the graph; empty where the row class decides: documents and journals, yes, all else, no.';
comment on column core.entity_types.has_plain_moves is
  'Whether staff move its rows to another status by a plain write, because a move has no effect beyond the status.';
comment on column core.entity_types.verb_columns is
  'Columns that plain writes leave alone, because only verbs know what to put there, such as counters.';

create procedure core.configure_graph(
  entity regclass,
  plain_writes boolean default null,
  aggregates boolean default null,
  plain_moves boolean default false,
  verb_columns text[] default '{}'
)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  update core.entity_types e
  set has_plain_writes = coalesce(plain_writes, e.has_plain_writes),
    has_aggregates = coalesce(aggregates, e.has_aggregates),
    has_plain_moves = plain_moves or e.has_plain_moves,
    verb_columns = e.verb_columns || configure_graph.verb_columns
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
comment on procedure core.configure_graph(regclass, boolean, boolean, boolean, text[]) is
  'Says what the graph offers of an installed table, where that is other than its row class says.';
