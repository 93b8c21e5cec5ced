-- What boards are told of: every row that changed in a table they show, whoever changed it: a verb, a job, an import, or
-- somebody in psql. One record a statement, in the same transaction, in the same outbox as what verbs say has happened,
-- and so read in the same order.

create function core.note_changed_rows() returns trigger
language plpgsql as $$
begin
  insert into core.outbox_events (biz_id, id, topic, subject_type, subject_id, payload)
  select c.biz_id, core.uuid_v7(), 'core.rows_changed', 'Biz', c.biz_id,
    jsonb_build_object('entity', tg_argv[0], 'ids', jsonb_agg(c.id))
  from (
    select distinct r.biz_id, r.id, (dense_rank() over (partition by r.biz_id order by r.id) - 1) / 500 as share
    from changed r
  ) c
  group by c.biz_id, c.share;
  return null;
end
$$;
comment on function core.note_changed_rows() is
  'Trigger after a statement: tells the outbox which rows of an entity it changed, at most 500 a record, under the topic core.rows_changed. The subject is the tenant, so that the history of a row holds only what verbs say of it.';

create procedure core.watch_rows(entity regclass)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  table_name constant text := (select c.relname from pg_class c where c.oid = entity);
  name constant text := (
    select t.entity_name
    from core.entity_types t
    join pg_class c on c.oid = entity
    join pg_namespace n on n.oid = c.relnamespace
    where t.table_schema = n.nspname
      and t.table_name = c.relname);
  kind record;
begin
  for kind in
    select * from (values ('insert', 'new'), ('update', 'new'), ('delete', 'old')) v(event, side)
  loop
    execute format(
      'create trigger %I after %s on %s referencing %s table as changed '
      'for each statement execute function core.note_changed_rows(%L)',
      core.object_name(table_name, 'watch', kind.event), kind.event, entity, kind.side, name);
  end loop;
end
$$;
comment on procedure core.watch_rows(regclass) is
  'Lets boards know which rows of a table change. Called once for each table that a board shows, or that bears on what a board shows.';

