-- Foundation: the two roles of the server, the schema `core`, and the procedures that give every table of every
-- module its standard columns, policies, grants, triggers and comments. A rule that all tables share is written
-- here once. What a table means stands in the file of its module.

-- Roles ---------------------------------------------------------------------------------------------------------

do $$
declare
  role_name text;
begin
  foreach role_name in array array['bizing_app', 'bizing_platform'] loop
    -- Roles belong to the cluster: another of its databases may be migrated at this moment, and be first.
    begin
      if not exists (select from pg_roles r where r.rolname = role_name) then
        execute format('create role %I nologin nosuperuser nocreatedb nocreaterole nobypassrls', role_name);
      end if;
    exception
      when duplicate_object or unique_violation then null;
    end;
    begin
      if not exists (
        select
        from pg_auth_members m
        where m.roleid = role_name::regrole
          and m.member = current_user::regrole
      ) then
        execute format('grant %I to %I', role_name, current_user);
      end if;
    exception
      -- "tuple concurrently updated" is an internal error.
      when duplicate_object or unique_violation or internal_error then null;
    end;
  end loop;
end
$$;

-- Both belong to the supported set of every managed PostgreSQL; btree_gist makes `biz_id with =` possible in an
-- exclusion constraint.
create extension if not exists btree_gist with schema public;
create extension if not exists pg_trgm with schema public;

create schema core;
comment on schema core is
  'The kernel: tenants, their locations, and what every other module stands on (subjects, state machines, numbering, idempotency, outbox, reference lists).';
grant usage on schema core to bizing_app, bizing_platform;

-- Ids -----------------------------------------------------------------------------------------------------------

create function core.uuid_v7(instant timestamptz default clock_timestamp())
  returns uuid
  language sql
  volatile
  parallel safe
as $$
  -- A version 4 value, its first 48 bits replaced by milliseconds, and bits 52 and 53 set: 0100 (4) becomes 0111 (7).
  select encode(
    set_bit(
      set_bit(
        overlay(
          uuid_send(gen_random_uuid())
          placing substring(int8send(floor(extract(epoch from instant) * 1000)::bigint) from 3)
          from 1 for 6
        ),
        52, 1
      ),
      53, 1
    ),
    'hex'
  )::uuid
$$;
comment on function core.uuid_v7(timestamptz) is
  'A UUIDv7 for rows that triggers write; every other id is made by the server.';

-- What is installed ---------------------------------------------------------------------------------------------

create domain core.row_class as text
  constraint row_class_check check (value in ('G', 'M', 'T', 'J', 'P', 'L'));
comment on domain core.row_class is
  'How rows of a table live: which standard columns they have and which writes they bear.
G: global reference data without a tenant, written by the platform alone.
M: master data of a tenant, archived and never deleted.
T: transactions and documents of a tenant, which end in a final status and are never deleted.
J: journal of a tenant, append-only.
P: journal partitioned by month, append-only except for bookkeeping columns that are set once.
L: link between two rows, which may be deleted.';
comment on constraint row_class_check on domain core.row_class is
  'The row class must be one of G, M, T, J, P, L.';

create table core.entity_types (
  table_schema text not null,
  table_name text not null,
  entity_name text not null,
  id_prefix text,
  row_class core.row_class not null,
  is_registrable boolean not null default false,
  is_platform_written boolean not null default false,
  constraint entity_types_pkey primary key (table_schema, table_name),
  constraint entity_types_entity_name_key unique (entity_name),
  constraint entity_types_id_prefix_key unique (id_prefix),
  constraint entity_types_entity_name_check check (entity_name ~ '^[A-Z][A-Za-z0-9]*$'),
  constraint entity_types_id_prefix_check check (id_prefix ~ '^[a-z]{2,5}$')
);
comment on table core.entity_types is
  'One row for every table of the database: what its rows are called in the graph and how they live. Written by core.install_table.';
comment on column core.entity_types.table_schema is 'The PostgreSQL schema, which is the name of the module.';
comment on column core.entity_types.table_name is 'The table, plural snake case.';
comment on column core.entity_types.entity_name is
  'Singular name in Pascal case, also the subject type of its rows, for example BookingOrder.';
comment on column core.entity_types.id_prefix is
  'What the public ids of its rows start with, for example bkg; empty where rows have no id of their own.';
comment on column core.entity_types.row_class is 'Which standard columns and rules the table has.';
comment on column core.entity_types.is_registrable is
  'Whether its rows are entered in core.subject_registry and so can be pointed at by a type and an id.';
comment on column core.entity_types.is_platform_written is 'Whether tenants may only read its rows.';
comment on constraint entity_types_entity_name_key on core.entity_types is
  'Another table already has this entity name.';
comment on constraint entity_types_id_prefix_key on core.entity_types is
  'Another table already has this id prefix.';
comment on constraint entity_types_entity_name_check on core.entity_types is
  'An entity name is one word in Pascal case.';
comment on constraint entity_types_id_prefix_check on core.entity_types is
  'An id prefix has two to five lower-case letters.';

create table core.state_machines (
  table_schema text not null,
  table_name text not null,
  column_name text not null,
  machine text not null,
  constraint state_machines_pkey primary key (table_schema, table_name, column_name),
  constraint state_machines_machine_check check (machine ~ '^[a-z][a-z0-9_]*$')
);
comment on table core.state_machines is
  'Which column of which table follows which state machine. Written by core.install_state_machine.';
comment on column core.state_machines.table_schema is 'The PostgreSQL schema, which is the name of the module.';
comment on column core.state_machines.table_name is 'The table whose rows move.';
comment on column core.state_machines.column_name is 'The column that holds the status.';
comment on column core.state_machines.machine is
  'Name of the machine in core.state_transitions, for example booking_order.';
comment on constraint state_machines_machine_check on core.state_machines is
  'The name of a machine is lower snake case.';

-- Names made from names -----------------------------------------------------------------------------------------

create function core.entity_name_of(table_name text)
  returns text
  language sql
  immutable
as $$
  select replace(
    initcap(
      replace(
        case
          when table_name ~ 'ies$' then regexp_replace(table_name, 'ies$', 'y')
          when table_name ~ '(ss|x|z|ch|sh|tus)es$' then regexp_replace(table_name, 'es$', '')
          when table_name ~ '(ss|us|is)$' then table_name
          else regexp_replace(table_name, 's$', '')
        end,
        '_', ' '
      )
    ),
    ' ', ''
  )
$$;
comment on function core.entity_name_of(text) is
  'booking_orders -> BookingOrder. Where English disagrees, core.install_table is told the name.';

create function core.entity_words_of(entity regclass)
  returns text
  language sql
  stable
as $$
  select lower(regexp_replace(
    coalesce(e.entity_name, core.entity_name_of(c.relname::text)), '([a-z0-9])([A-Z])', '\1 \2', 'g'
  ))
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join core.entity_types e on e.table_schema = n.nspname and e.table_name = c.relname
  where c.oid = entity
$$;
comment on function core.entity_words_of(regclass) is
  'What a sentence calls a row of the table: booking.booking_orders -> booking order.';

create function core.with_article(words text)
  returns text
  language sql
  immutable
as $$
  select case when words ~ '^([aeio]|u(?!nit|ser))' then 'an ' else 'a ' end || words
$$;
create function core.capitalised(words text)
  returns text
  language sql
  immutable
as $$
  select upper(left(words, 1)) || substr(words, 2)
$$;
comment on function core.capitalised(text) is 'an offer -> An offer.';
comment on function core.with_article(text) is 'offer -> an offer, unit -> a unit.';

create function core.object_name(variadic parts text[])
  returns text
  language sql
  immutable
as $$
  -- PostgreSQL cuts names at 63 bytes without a word; a digest keeps two long names apart.
  select case
    when length(whole) <= 63 then whole
    else left(whole, 52) || '_' || left(md5(whole), 6) || '_' || parts[array_upper(parts, 1)]
  end
  from (select array_to_string(parts, '_')) as joined (whole)
$$;
comment on function core.object_name(text[]) is
  'Joins the parts of a name by underscores and keeps it under the 63 bytes of an identifier; the last part is at most four letters long.';

-- Shared triggers -----------------------------------------------------------------------------------------------

create function core.touch_row()
  returns trigger
  language plpgsql
as $$
begin
  new.updated_at := now();
  if tg_argv[0] = 'versioned' then
    new.updated_by := nullif(current_setting('app.user_id', true), '')::uuid;
    new.version := old.version + 1;
  end if;
  return new;
end
$$;
comment on function core.touch_row() is
  'Before every update: when, by whom, and one version further, whatever the statement said.';

create function core.refuse_change()
  returns trigger
  language plpgsql
as $$
declare
  -- Of a partition, tg_table_name is its own name: the name of the table is therefore an argument.
  parent text := tg_argv[0];
  was jsonb;
  becomes jsonb;
  bookkeeping text;
begin
  if tg_op = 'UPDATE' then
    was := to_jsonb(old);
    becomes := to_jsonb(new);
    for i in 1 .. tg_nargs - 1 loop
      bookkeeping := tg_argv[i];
      if was -> bookkeeping = 'null'::jsonb then
        becomes := becomes || jsonb_build_object(bookkeeping, null);
      end if;
    end loop;
    if becomes = was then
      return new;
    end if;
  end if;
  raise exception using
    errcode = '23514',
    message = format('%s is never changed or deleted: it is corrected by a new one.', core.capitalised(
      core.with_article(core.entity_words_of(format('%I.%I', tg_table_schema, parent)::regclass))
    )),
    schema = tg_table_schema,
    table = parent,
    constraint = parent || '_append_only_check';
end
$$;
comment on function core.refuse_change() is
  'Refuses update and delete of a journal. Arguments: the table, then the bookkeeping columns that may be set once, from null.';

create function core.register_subjects()
  returns trigger
  language plpgsql
as $$
begin
  if tg_argv[0] = 'Biz' then
    insert into core.subject_registry (biz_id, subject_type, subject_id)
    select i.id, 'Biz', i.id
    from inserted i;
  else
    insert into core.subject_registry (biz_id, subject_type, subject_id)
    select i.biz_id, tg_argv[0], i.id
    from inserted i;
  end if;
  return null;
end
$$;
comment on function core.register_subjects() is
  'After an insert of any number of rows: enters them in the registry of subjects.';

create function core.archive_subject()
  returns trigger
  language plpgsql
as $$
begin
  update core.subject_registry s
  set archived_at = new.deleted_at
  where s.biz_id = new.biz_id
    and s.subject_type = tg_argv[0]
    and s.subject_id = new.id;
  return null;
end
$$;
comment on function core.archive_subject() is
  'After archiving or restoring a row: says the same of its entry in the registry.';

create function core.guard_transition()
  returns trigger
  language plpgsql
as $$
declare
  machine_name constant text := tg_argv[0];
  status_column constant text := tg_argv[1];
  was constant text := to_jsonb(old) ->> status_column;
  becomes constant text := to_jsonb(new) ->> status_column;
  needs_reason boolean;
begin
  select t.requires_reason
  into needs_reason
  from core.state_transitions t
  where t.machine = machine_name
    and t.from_status = was
    and t.to_status = becomes;

  if not found then
    raise exception using
      errcode = '23514',
      message = format('%s cannot go from %s to %s.',
        core.capitalised(core.with_article(replace(machine_name, '_', ' '))), was, becomes),
      schema = tg_table_schema,
      table = tg_table_name,
      column = status_column,
      constraint = core.object_name(tg_table_name, status_column, 'transition', 'check');
  end if;

  if needs_reason and btrim(coalesce(current_setting('app.reason', true), '')) = '' then
    raise exception using
      errcode = '23514',
      message = format('Going from %s to %s needs a reason.', was, becomes),
      schema = tg_table_schema,
      table = tg_table_name,
      column = status_column,
      constraint = core.object_name(tg_table_name, status_column, 'reason', 'check');
  end if;
  return new;
end
$$;
comment on function core.guard_transition() is
  'Before a status changes: the move must be a row of core.state_transitions, and have its reason where that row asks for one.';

create function core.record_transition()
  returns trigger
  language plpgsql
as $$
declare
  moved constant jsonb := to_jsonb(new);
begin
  insert into core.status_history (
    biz_id, id, subject_type, subject_id, machine, from_status, to_status, reason, reason_code, actor_id
  )
  values (
    -- Of core.bizes itself, the row is the tenant.
    coalesce(moved ->> 'biz_id', moved ->> 'id')::uuid,
    core.uuid_v7(),
    tg_argv[2],
    (moved ->> 'id')::uuid,
    tg_argv[0],
    to_jsonb(old) ->> tg_argv[1],
    moved ->> tg_argv[1],
    nullif(btrim(current_setting('app.reason', true)), ''),
    nullif(current_setting('app.reason_code', true), ''),
    nullif(current_setting('app.user_id', true), '')::uuid
  );
  return null;
end
$$;
comment on function core.record_transition() is
  'After a status changed: writes the line of core.status_history, so that no verb can forget it.';

create function core.refuse_cycle()
  returns trigger
  language plpgsql
as $$
declare
  parent_column constant text := tg_argv[0];
  has_tenant constant boolean := tg_argv[1]::boolean;
  whole constant regclass := tg_relid::regclass;
  child constant jsonb := to_jsonb(new);
  closes boolean;
begin
  -- Two writers who each see only their own half of a cycle would both be let through: one at a time.
  perform pg_advisory_xact_lock(hashtextextended(
    format('acyclic %s %s', whole, coalesce(child ->> 'biz_id', '')), 0
  ));
  execute format(
    'with recursive above (id) as (
       select $1
       union
       select t.%1$I from %2$s t join above a on t.id = a.id where t.%1$I is not null and %3$s
     )
     select exists (select from above a where a.id = $2)',
    parent_column, whole, case when has_tenant then 't.biz_id = $3' else 'true' end
  )
  into closes
  using (child ->> parent_column)::uuid, (child ->> 'id')::uuid, (child ->> 'biz_id')::uuid;

  if closes then
    raise exception using
      errcode = '23514',
      message = format('%s cannot lead back to itself, directly or through others.',
        core.capitalised(core.with_article(core.entity_words_of(whole)))),
      schema = tg_table_schema,
      table = tg_table_name,
      column = parent_column,
      constraint = core.object_name(tg_table_name, parent_column, 'acyclic', 'check');
  end if;
  return null;
end
$$;
comment on function core.refuse_cycle() is
  'After a parent is set: refuses a chain of parents that comes back to the row.';

-- Installing ----------------------------------------------------------------------------------------------------

create procedure core.describe_table(entity regclass)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  words constant text := core.entity_words_of(entity);
  comments text;
begin
  with standard (name, sentence) as (
    values
      ('id', 'Identifier, a UUIDv7 made by the server: ids of later rows are greater.'),
      ('biz_id', 'The tenant that the row belongs to.'),
      ('created_at', 'When the row was written.'),
      ('created_by', 'The user who wrote the row; empty where the system did.'),
      ('updated_at', 'When the row was last changed.'),
      ('updated_by', 'The user who last changed the row; empty where the system did.'),
      ('version', 'Goes up by one with every change. An update names the version it was based on and is refused where another came between.'),
      ('deleted_at', 'When the row was archived; empty while it is in use. Archived rows stay readable and can be restored.'),
      ('request_id', 'The request in which the row was written, as in the server''s log.')
  ),
  keys as (
    select k.oid, k.conname as name, k.contype as kind, k.confrelid as target,
      (select string_agg(replace(a.attname, '_', ' '), ', ' order by p.place)
       from unnest(k.conkey) with ordinality as p (attnum, place)
       join pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.attnum
       where a.attname <> 'biz_id') as fields,
      exists (
        select
        from pg_attribute a
        where a.attrelid = k.confrelid
          and a.attnum = any (k.confkey)
          and a.attname = 'biz_id'
      ) as within_tenant
    from pg_constraint k
    where k.conrelid = entity
      and k.contype in ('p', 'u', 'f')
      and obj_description(k.oid, 'pg_constraint') is null
  ),
  sentences as (
    select format('comment on column %s.%I is %L', entity, s.name, s.sentence) as sql
    from standard s
    join pg_attribute a on a.attrelid = entity and a.attname = s.name and not a.attisdropped
    where col_description(entity, a.attnum) is null
    union all
    select format('comment on constraint %I on %s is %L', k.name, entity, case
      when k.kind = 'p' then format('There is already %s with this %s.', core.with_article(words), coalesce(k.fields, 'id'))
      when k.kind = 'u' then format('There is already %s with this %s.', core.with_article(words), k.fields)
      when k.target = to_regclass('core.bizes') then 'Must be an existing tenant.'
      when k.within_tenant then format('Must be an existing %s of this tenant.', core.entity_words_of(k.target))
      else format('Must be an existing %s.', core.entity_words_of(k.target))
    end)
    from keys k
    union all
    -- A unique index that is no constraint (a partial one) is named like one when it is violated.
    select format('comment on index %s is %L', i.indexrelid::regclass,
      format('There is already %s with this %s.', core.with_article(words), coalesce(
        (select string_agg(replace(a.attname, '_', ' '), ', ' order by a.attnum)
         from pg_attribute a
         where a.attrelid = i.indexrelid
           and a.attname <> 'biz_id'),
        'id')))
    from pg_index i
    where i.indrelid = entity
      and i.indisunique
      and obj_description(i.indexrelid, 'pg_class') is null
      and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = entity)
  )
  select string_agg(s.sql, '; ') into comments from sentences s;

  if comments is not null then
    execute comments;
  end if;
end
$$;
comment on procedure core.describe_table(regclass) is
  'Gives standard columns, keys, foreign keys and unique indexes of a table their usual comments where the file gave none. May be called again.';

create procedure core.index_foreign_keys(entity regclass)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  has_tenant constant boolean := exists (
    select
    from pg_attribute a
    where a.attrelid = entity
      and a.attname = 'biz_id'
      and not a.attisdropped
  );
  link record;
  wanted text[];
begin
  for link in
    select (
      select array_agg(a.attname::text order by p.place)
      from unnest(k.conkey) with ordinality as p (attnum, place)
      join pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.attnum
    ) as fields
    from pg_constraint k
    where k.conrelid = entity
      and k.contype = 'f'
      and k.conparentid = 0
      -- Lists keyed by a code (currencies, time zones) never lose a row, and no plan wants their codes alone.
      and not exists (
        select
        from core.entity_types e
        where e.row_class = 'G'
          and format('%I.%I', e.table_schema, e.table_name)::regclass = k.confrelid
          and not exists (
            select
            from pg_attribute a
            where a.attrelid = k.confrelid
              and a.attnum = any (k.confkey)
              and a.atttypid = 'uuid'::regtype
          )
      )
  loop
    wanted := case
      when has_tenant and not 'biz_id' = any (link.fields) then array['biz_id'] || link.fields
      else link.fields
    end;
    continue when exists (
      select
      from pg_index i
      join pg_class c on c.oid = i.indexrelid
      join pg_am m on m.oid = c.relam and m.amname = 'btree'
      cross join lateral (
        select array_agg(a.attname::text order by a.attnum) as fields
        from pg_attribute a
        where a.attrelid = i.indexrelid
          and a.attnum <= least(i.indnkeyatts, cardinality(wanted))
      ) as first_keys
      where i.indrelid = entity
        and i.indpred is null
        and first_keys.fields @> wanted
        and first_keys.fields <@ wanted
    );
    execute format('create index %I on %s (%s)',
      core.object_name(
        (select c.relname from pg_class c where c.oid = entity),
        array_to_string(array_remove(wanted, 'biz_id'), '_'),
        'idx'
      ),
      entity,
      (select string_agg(format('%I', f.name), ', ' order by f.place) from unnest(wanted) with ordinality as f (name, place))
    );
  end loop;
end
$$;
comment on procedure core.index_foreign_keys(regclass) is
  'Makes an index, tenant first, under each foreign key that has none. May be called again after an ALTER TABLE added one.';

create procedure core.install_table(
  entity regclass,
  row_class text,
  id_prefix text,
  entity_name text default null,
  registrable boolean default false,
  platform_written boolean default false,
  bookkeeping text[] default '{}'
)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  schema_name constant text := (select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = entity);
  table_name constant text := (select c.relname from pg_class c where c.oid = entity);
  is_tenant constant boolean := row_class <> 'G';
  is_journal constant boolean := row_class in ('J', 'P');
  name constant text := coalesce(install_table.entity_name, core.entity_name_of(table_name));
  actor constant text := $default$default nullif(current_setting('app.user_id', true), '')::uuid$default$;
  predicate constant text :=
    $predicate$biz_id = (select nullif(current_setting('app.biz_id', true), '')::uuid)$predicate$;
  definition text;
  is_versioned boolean;
begin
  if is_tenant and not exists (
    select
    from pg_constraint k
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    where k.conrelid = entity
      and k.contype = 'p'
      and a.attname = 'biz_id'
      and a.atttypid = 'uuid'::regtype
  ) then
    raise exception 'the primary key of % must begin with biz_id uuid', entity;
  end if;
  if (row_class = 'P') <> exists (select from pg_partitioned_table p where p.partrelid = entity) then
    raise exception '% must be partitioned if, and only if, its row class is P', entity;
  end if;

  insert into core.entity_types (
    table_schema, table_name, entity_name, id_prefix, row_class, is_registrable, is_platform_written
  )
  values (
    schema_name, table_name, name, install_table.id_prefix, install_table.row_class,
    registrable, platform_written
  );

  -- Standard columns, those that answer "who and when" last; all that alters the table in one statement.
  select string_agg('add column ' || d.definition, ', ' order by d.place) into definition
  from unnest(
    case when row_class in ('M', 'T') then array['version integer not null default 1'] else '{}' end
    || case when is_journal then array[$default$request_id text default nullif(current_setting('app.request_id', true), '')$default$] else '{}' end
    || array['created_at timestamptz not null default now()']
    || case when is_tenant then array['created_by uuid ' || actor] else '{}' end
    || case when row_class in ('G', 'M', 'T') then array['updated_at timestamptz not null default now()'] else '{}' end
    || case when row_class in ('M', 'T') then array['updated_by uuid ' || actor] else '{}' end
    || case when row_class = 'M' then array['deleted_at timestamptz'] else '{}' end
  ) with ordinality as d (definition, place)
  where not exists (
    select
    from pg_attribute a
    where a.attrelid = entity
      and a.attname = split_part(d.definition, ' ', 1)
  );

  if is_tenant then
    definition := concat_ws(', ', definition, 'enable row level security', 'force row level security');
    if not exists (
      select
      from pg_constraint k
      where k.conrelid = entity
        and k.contype = 'f'
        and k.confrelid = to_regclass('core.bizes')
        and cardinality(k.conkey) = 1
    ) then
      definition := format('%s, add constraint %I foreign key (biz_id) references core.bizes (id)',
        definition, core.object_name(table_name, 'biz_id', 'fkey'));
    end if;
  end if;
  if definition is not null then
    execute format('alter table %s %s', entity, definition);
  end if;
  call core.index_foreign_keys(entity);

  if row_class in ('G', 'M', 'T') then
    -- Of class G only those few that people edit declare version and updated_by themselves.
    is_versioned := 2 = (
      select count(*)
      from pg_attribute a
      where a.attrelid = entity
        and a.attname in ('version', 'updated_by')
    );
    execute format('create trigger %I before update on %s for each row execute function core.touch_row(%L)',
      core.object_name(table_name, 'touch'), entity, case when is_versioned then 'versioned' else 'plain' end);
  elsif is_journal then
    execute format('create trigger %I before update or delete on %s for each row execute function core.refuse_change(%s)',
      core.object_name(table_name, 'append', 'only'), entity,
      (select string_agg(quote_literal(arg.word), ', ' order by arg.place)
       from unnest(table_name || bookkeeping) with ordinality as arg (word, place)));
  end if;

  if registrable then
    execute format(
      'create trigger %I after insert on %s referencing new table as inserted '
      'for each statement execute function core.register_subjects(%L)',
      core.object_name(table_name, 'register'), entity, name);
    if row_class = 'M' then
      execute format(
        'create trigger %I after update of deleted_at on %s for each row '
        'when (old.deleted_at is distinct from new.deleted_at) execute function core.archive_subject(%L)',
        core.object_name(table_name, 'archive'), entity, name);
    end if;
  end if;

  if is_tenant then
    execute format('create policy app on %s as permissive for all to bizing_app using (true) with check (true)', entity);
    execute format('create policy tenant on %s as restrictive for all to bizing_app using (%s) with check (%s)',
      entity, predicate, predicate);
    execute format('create policy platform on %s as permissive for all to bizing_platform using (true) with check (true)', entity);
  end if;

  if not has_schema_privilege('bizing_platform', schema_name, 'usage') then
    execute format('grant usage on schema %I to bizing_app, bizing_platform', schema_name);
  end if;
  execute format('grant select, insert, update, delete on %s to bizing_platform', entity);
  execute format('grant %s on %s to bizing_app', case
    when platform_written or row_class = 'G' then 'select'
    when row_class in ('M', 'T') then 'select, insert, update'
    when is_journal then 'select, insert'
    when row_class = 'L' then 'select, insert, delete'
  end, entity);

  call core.describe_table(entity);
end
$$;
comment on procedure core.install_table(regclass, text, text, text, boolean, boolean, text[]) is
  'Makes a plain table one of the house: standard columns of its row class, tenant policies, grants, shared triggers, the index under each foreign key, usual comments, and its row in core.entity_types. Of a journal, bookkeeping columns may be set once, from null.';

create procedure core.install_state_machine(entity regclass, status_column text, machine text)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  kind core.entity_types;
begin
  select e.*
  into strict kind
  from core.entity_types e
  where format('%I.%I', e.table_schema, e.table_name)::regclass = entity;

  insert into core.state_machines (table_schema, table_name, column_name, machine)
  values (kind.table_schema, kind.table_name, status_column, install_state_machine.machine);

  execute format(
    'create trigger %1$I before update on %2$s for each row '
    'when (old.%3$I is distinct from new.%3$I) execute function core.guard_transition(%4$L, %3$L)',
    core.object_name(kind.table_name, status_column, 'guard'), entity, status_column, machine);
  execute format(
    'create trigger %1$I after update on %2$s for each row '
    'when (old.%3$I is distinct from new.%3$I) execute function core.record_transition(%4$L, %3$L, %5$L)',
    core.object_name(kind.table_name, status_column, 'history'), entity, status_column, machine, kind.entity_name);
end
$$;
comment on procedure core.install_state_machine(regclass, text, text) is
  'Lets a status column move only along core.state_transitions, and writes every move to core.status_history. After core.install_table.';

create procedure core.install_acyclic(entity regclass, parent_column text)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  has_tenant constant boolean := exists (
    select
    from pg_attribute a
    where a.attrelid = entity
      and a.attname = 'biz_id'
      and not a.attisdropped
  );
begin
  execute format(
    'create trigger %I after insert or update of %I on %s for each row '
    'when (new.%I is not null) execute function core.refuse_cycle(%L, %L)',
    core.object_name((select c.relname from pg_class c where c.oid = entity), parent_column, 'acyc'),
    parent_column, entity, parent_column, parent_column, has_tenant);
end
$$;
comment on procedure core.install_acyclic(regclass, text) is
  'Refuses parents that form a circle, also between concurrent writers. The parent column holds an id of the same table.';

-- Partitions ----------------------------------------------------------------------------------------------------

create function core.ensure_partitions(months_ahead integer)
  returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
  set lock_timeout = '10s'
as $$
declare
  this_month constant date := date_trunc('month', now());
  made integer := 0;
  entity record;
  starts_on date;
  partition_name text;
begin
  if months_ahead not between 0 and 60 then
    raise exception 'months ahead must be between 0 and 60, not %', months_ahead;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('core.ensure_partitions', 0));
  for entity in
    select e.table_schema, e.table_name
    from core.entity_types e
    where e.row_class = 'P'
    order by e.table_schema, e.table_name
  loop
    for ahead in -1 .. months_ahead loop
      starts_on := this_month + make_interval(months => ahead);
      partition_name := core.object_name(entity.table_name, to_char(starts_on, 'YYYY_MM'));
      -- Looking first spares the parent a lock, as nearly every call finds all in place.
      continue when to_regclass(format('%I.%I', entity.table_schema, partition_name)) is not null;
      execute format('create table %1$I.%2$I partition of %1$I.%3$I for values from (%4$L) to (%5$L)',
        entity.table_schema, partition_name, entity.table_name,
        to_char(starts_on, 'YYYY-MM-DD') || ' 00:00:00+00',
        to_char(starts_on + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
      -- Reached through the parent a row is judged by the parent's policies; directly, by none: so to nobody.
      execute format('alter table %I.%I enable row level security', entity.table_schema, partition_name);
      execute format('alter table %I.%I force row level security', entity.table_schema, partition_name);
      made := made + 1;
    end loop;
  end loop;
  return made;
end
$$;
comment on function core.ensure_partitions(integer) is
  'Makes the monthly partitions (UTC) of every partitioned table from last month to so many months ahead, and says how many were missing. Safe to call by many workers at once.';
revoke all on function core.ensure_partitions(integer) from public;
grant execute on function core.ensure_partitions(integer) to bizing_platform;

call core.install_table('core.entity_types', 'G', null);
call core.install_table('core.state_machines', 'G', null);
