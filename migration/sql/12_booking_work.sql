-- Booking: how the work of orders goes: what comes before what, what was seen on the way, and what proves that it was done.

-- Kinds ---------------------------------------------------------------------------------------------------------------

create domain booking.dependency_kind as text constraint dependency_kind_check check (value in (
  'finish_start', 'start_start'));
comment on domain booking.dependency_kind is 'How one piece of work waits for another.
finish_start: It begins when the other is done.
start_start: It begins when the other has begun.';
comment on constraint dependency_kind_check on domain booking.dependency_kind is 'Unknown kind of dependency.';

create domain booking.proof_kind as text constraint proof_kind_check check (value in (
  'signature', 'photo', 'code'));
comment on domain booking.proof_kind is 'What proves that work was done.
signature: A signature.
photo: A photo.
code: A code that the customer gave.';
comment on constraint proof_kind_check on domain booking.proof_kind is 'Unknown kind of proof.';

-- fulfillment_dependencies --------------------------------------------------------------------------------------------

create table booking.fulfillment_dependencies (
  biz_id uuid not null,
  predecessor_id uuid not null,
  successor_id uuid not null,
  kind booking.dependency_kind not null default 'finish_start',
  lag_minutes integer not null default 0,
  constraint fulfillment_dependencies_pkey primary key (biz_id, predecessor_id, successor_id),
  constraint fulfillment_dependencies_predecessor_id_fkey foreign key (biz_id, predecessor_id)
    references booking.fulfillment_units (biz_id, id),
  constraint fulfillment_dependencies_successor_id_fkey foreign key (biz_id, successor_id)
    references booking.fulfillment_units (biz_id, id),
  constraint fulfillment_dependencies_other_check check (predecessor_id <> successor_id),
  constraint fulfillment_dependencies_lag_check check (lag_minutes >= 0)
);
comment on table booking.fulfillment_dependencies is 'That a piece of work waits for another.';
comment on column booking.fulfillment_dependencies.predecessor_id is 'What comes before.';
comment on column booking.fulfillment_dependencies.successor_id is 'What waits for it.';
comment on column booking.fulfillment_dependencies.kind is 'How it waits.';
comment on column booking.fulfillment_dependencies.lag_minutes is 'How long after that it is planned to begin; only plans keep to it.';
comment on constraint fulfillment_dependencies_other_check on booking.fulfillment_dependencies is 'A piece of work does not wait for itself.';
comment on constraint fulfillment_dependencies_lag_check on booking.fulfillment_dependencies is 'The time between cannot be negative.';

call core.install_table('booking.fulfillment_dependencies', 'L', null);

-- Order of work -------------------------------------------------------------------------------------------------------
-- Work that waits is not begun before its time (E-77), and no work waits for itself by way of others. Whoever adds a
-- dependency locks what waits, as whoever begins it does: one of the two comes later, and sees the other.

create function booking.is_work_unmet(biz_id uuid, unit_id uuid)
  returns boolean
  language sql
  stable
as $$
  select exists (
    select
    from booking.fulfillment_dependencies d
    join booking.fulfillment_units p on p.biz_id = d.biz_id and p.id = d.predecessor_id
    where d.biz_id = is_work_unmet.biz_id
      and d.successor_id = is_work_unmet.unit_id
      and case d.kind
        when 'finish_start' then p.status not in ('completed', 'verified', 'cancelled')
        else p.status not in ('in_progress', 'paused', 'completed', 'verified', 'cancelled')
      end
  )
$$;
comment on function booking.is_work_unmet(uuid, uuid) is 'Whether a piece of work waits for another that is not done, or has not begun. What was cancelled is not waited for.';

create function booking.guard_work_order() returns trigger
language plpgsql as $$
begin
  if booking.is_work_unmet(new.biz_id, new.id) then
    raise exception using
      errcode = '23514',
      message = 'What this work waits for is not done yet.',
      schema = 'booking',
      table = 'fulfillment_units',
      column = 'status',
      constraint = 'fulfillment_units_dependencies_met_check';
  end if;
  return new;
end
$$;
comment on function booking.guard_work_order() is 'Trigger: work is ready, or begins, when what it waits for is done.';

create function booking.check_dependency() returns trigger
language plpgsql as $$
declare
  closes boolean;
  has_begun boolean;
begin
  -- Two writers who each see only their own half of a circle would both be let through: one at a time.
  perform pg_advisory_xact_lock(hashtextextended(format('fulfillment_dependencies %s', new.biz_id), 0));
  with recursive after_it (id) as (
    select new.successor_id
    union
    select d.successor_id
    from booking.fulfillment_dependencies d
    join after_it a on d.predecessor_id = a.id
    where d.biz_id = new.biz_id
  )
  select exists (select from after_it a where a.id = new.predecessor_id) into closes;
  if closes then
    raise exception using
      errcode = '23514',
      message = 'A piece of work cannot wait for itself, directly or through others.',
      schema = 'booking',
      table = 'fulfillment_dependencies',
      column = 'successor_id',
      constraint = 'fulfillment_dependencies_acyclic_check';
  end if;

  select u.status not in ('planned', 'failed', 'cancelled')
  into has_begun
  from booking.fulfillment_units u
  where u.biz_id = new.biz_id
    and u.id = new.successor_id
  for no key update;
  if has_begun and booking.is_work_unmet(new.biz_id, new.successor_id) then
    raise exception using
      errcode = '23514',
      message = 'Work that is ready or has begun does not wait for what is not done.',
      schema = 'booking',
      table = 'fulfillment_dependencies',
      column = 'predecessor_id',
      constraint = 'fulfillment_dependencies_not_begun_check';
  end if;
  return null;
end
$$;
comment on function booking.check_dependency() is 'Trigger: dependencies form no circle, and are not laid on work that has begun.';

create trigger fulfillment_units_dependencies_met_check
  before update of status on booking.fulfillment_units
  for each row when (new.status in ('ready', 'assigned', 'in_progress') and old.status in ('planned', 'ready', 'assigned') and old.status <> new.status)
  execute function booking.guard_work_order();
comment on trigger fulfillment_units_dependencies_met_check on booking.fulfillment_units is 'What this work waits for is not done yet.';

create constraint trigger fulfillment_dependencies_acyclic_check
  after insert on booking.fulfillment_dependencies
  not deferrable
  for each row execute function booking.check_dependency();
comment on constraint fulfillment_dependencies_acyclic_check on booking.fulfillment_dependencies is 'A piece of work cannot wait for itself, directly or through others.';

-- fulfillment_checkpoints ---------------------------------------------------------------------------------------------

create table booking.fulfillment_checkpoints (
  biz_id uuid not null,
  id uuid not null,
  unit_id uuid not null,
  code text not null,
  occurred_at timestamptz not null default now(),
  client_recorded_at timestamptz,
  resource_id uuid,
  lat numeric(9,6),
  lng numeric(9,6),
  media_id uuid,
  note text,
  constraint fulfillment_checkpoints_pkey primary key (biz_id, id),
  constraint fulfillment_checkpoints_unit_id_fkey foreign key (biz_id, unit_id)
    references booking.fulfillment_units (biz_id, id),
  constraint fulfillment_checkpoints_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint fulfillment_checkpoints_media_id_fkey foreign key (biz_id, media_id)
    references core.media_assets (biz_id, id),
  constraint fulfillment_checkpoints_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint fulfillment_checkpoints_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint fulfillment_checkpoints_place_check check (num_nonnulls(lat, lng) in (0, 2) and lat between -90 and 90 and lng between -180 and 180)
);
comment on table booking.fulfillment_checkpoints is 'Something that was seen or done on the way of a piece of work, such as arrived or key handed over.';
comment on column booking.fulfillment_checkpoints.unit_id is 'The piece of work.';
comment on column booking.fulfillment_checkpoints.code is 'What it was, such as arrived.';
comment on column booking.fulfillment_checkpoints.occurred_at is 'When it was, by the clock of the server.';
comment on column booking.fulfillment_checkpoints.client_recorded_at is 'When it was, as the device says that was without a connection.';
comment on column booking.fulfillment_checkpoints.resource_id is 'The person or vehicle that reported it.';
comment on column booking.fulfillment_checkpoints.lat is 'Latitude of the place.';
comment on column booking.fulfillment_checkpoints.lng is 'Longitude of the place.';
comment on column booking.fulfillment_checkpoints.media_id is 'A photo or document of it.';
comment on column booking.fulfillment_checkpoints.note is 'What was said about it.';
comment on constraint fulfillment_checkpoints_code_check on booking.fulfillment_checkpoints is 'A code is required, of 60 characters at most.';
comment on constraint fulfillment_checkpoints_note_check on booking.fulfillment_checkpoints is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint fulfillment_checkpoints_place_check on booking.fulfillment_checkpoints is 'A place has both a latitude and a longitude.';

call core.install_table('booking.fulfillment_checkpoints', 'J', 'bkcp');
create index fulfillment_checkpoints_unit_id_occurred_at_idx on booking.fulfillment_checkpoints (biz_id, unit_id, occurred_at);

-- deliverables_proof --------------------------------------------------------------------------------------------------

create table booking.deliverables_proof (
  biz_id uuid not null,
  id uuid not null,
  unit_id uuid not null,
  kind booking.proof_kind not null,
  media_id uuid,
  code_hash bytea,
  signed_by text,
  occurred_at timestamptz not null default now(),
  note text,
  constraint deliverables_proof_pkey primary key (biz_id, id),
  constraint deliverables_proof_unit_id_fkey foreign key (biz_id, unit_id)
    references booking.fulfillment_units (biz_id, id),
  constraint deliverables_proof_media_id_fkey foreign key (biz_id, media_id)
    references core.media_assets (biz_id, id),
  constraint deliverables_proof_signed_by_check check (btrim(signed_by) <> '' and length(signed_by) <= 200),
  constraint deliverables_proof_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint deliverables_proof_evidence_check check (case kind when 'code' then code_hash is not null else media_id is not null end),
  constraint deliverables_proof_signed_by_whom_check check (kind <> 'signature' or signed_by is not null)
);
comment on table booking.deliverables_proof is 'What proves that a piece of work was done, such as a signature.';
comment on column booking.deliverables_proof.unit_id is 'The piece of work.';
comment on column booking.deliverables_proof.kind is 'What it is.';
comment on column booking.deliverables_proof.media_id is 'The picture of the signature, or the photo.';
comment on column booking.deliverables_proof.code_hash is 'Digest of the code that the customer gave.';
comment on column booking.deliverables_proof.signed_by is 'Name of whoever signed or took it over.';
comment on column booking.deliverables_proof.occurred_at is 'When it was given.';
comment on column booking.deliverables_proof.note is 'What was said about it.';
comment on constraint deliverables_proof_signed_by_check on booking.deliverables_proof is 'A name is not blank, and of 200 characters at most.';
comment on constraint deliverables_proof_note_check on booking.deliverables_proof is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint deliverables_proof_evidence_check on booking.deliverables_proof is 'A signature and a photo have a picture, and a code its digest.';
comment on constraint deliverables_proof_signed_by_whom_check on booking.deliverables_proof is 'A signature says whose it is.';

call core.install_table('booking.deliverables_proof', 'J', 'bkdp', entity_name => 'DeliverableProof');
create index deliverables_proof_unit_id_occurred_at_idx on booking.deliverables_proof (biz_id, unit_id, occurred_at);

call core.configure_graph('booking.deliverables_proof', aggregates => false);
