-- Hospitality: groups. A block keeps rooms of some types for a group, night by night; members of the group pick them up
-- until the cut-off day, after which what is left goes back on sale.

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain hospitality.group_block_status as text constraint group_block_status_check check (value in (
  'tentative', 'definite', 'released', 'cancelled'));
comment on domain hospitality.group_block_status is 'Where a block of rooms stands.
tentative: Kept while the group decides.
definite: Agreed with the group.
released: What nobody picked up is back on sale.
cancelled: Called off.';
comment on constraint group_block_status_check on domain hospitality.group_block_status is 'Unknown status of a block of rooms.';

-- group_blocks --------------------------------------------------------------------------------------------------------

create table hospitality.group_blocks (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  name text not null,
  code text,
  customer_id uuid,
  group_account_id uuid,
  location_id uuid not null,
  rate_plan_id uuid,
  starts_on date not null,
  ends_on date not null,
  cutoff_on date,
  status hospitality.group_block_status not null default 'tentative',
  decide_by date,
  note text,
  constraint group_blocks_pkey primary key (biz_id, id),
  constraint group_blocks_number_key unique (biz_id, number),
  constraint group_blocks_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint group_blocks_group_account_id_fkey foreign key (biz_id, group_account_id)
    references identity.group_accounts (biz_id, id),
  constraint group_blocks_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint group_blocks_rate_plan_id_fkey foreign key (biz_id, rate_plan_id)
    references pricing.rate_plans (biz_id, id),
  constraint group_blocks_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint group_blocks_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint group_blocks_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint group_blocks_note_check check (btrim(note) <> '' and length(note) <= 10000),
  constraint group_blocks_dates_check check (ends_on > starts_on),
  constraint group_blocks_cutoff_check check (cutoff_on <= starts_on)
);
comment on table hospitality.group_blocks is 'Rooms kept for a group over some nights, to be picked up by its members.';
comment on column hospitality.group_blocks.number is 'Number that staff and the group use, such as GB-000123.';
comment on column hospitality.group_blocks.name is 'Name of the group, such as Silva wedding.';
comment on column hospitality.group_blocks.code is 'What members enter to book from the block, unique among the blocks in use.';
comment on column hospitality.group_blocks.customer_id is 'The customer who organises it; none while it is not known.';
comment on column hospitality.group_blocks.group_account_id is 'The company or family it is for, if it is for one.';
comment on column hospitality.group_blocks.location_id is 'The hotel.';
comment on column hospitality.group_blocks.rate_plan_id is 'The rate plan at which members book.';
comment on column hospitality.group_blocks.starts_on is 'Its first night.';
comment on column hospitality.group_blocks.ends_on is 'First day after its last night.';
comment on column hospitality.group_blocks.cutoff_on is 'First local day on which members can no longer book from it; none means its first night.';
comment on column hospitality.group_blocks.status is 'Where it stands.';
comment on column hospitality.group_blocks.decide_by is 'Until which day a tentative group decides.';
comment on column hospitality.group_blocks.note is 'What staff should know about it, such as who pays what.';
comment on constraint group_blocks_number_check on hospitality.group_blocks is 'A number is required, of 60 characters at most.';
comment on constraint group_blocks_name_check on hospitality.group_blocks is 'A name is required, of 200 characters at most.';
comment on constraint group_blocks_code_check on hospitality.group_blocks is 'A code is not blank, and of 60 characters at most.';
comment on constraint group_blocks_note_check on hospitality.group_blocks is 'A note is not blank, and of 10,000 characters at most.';
comment on constraint group_blocks_number_key on hospitality.group_blocks is 'Another block has this number.';
comment on constraint group_blocks_dates_check on hospitality.group_blocks is 'The end must be after the start.';
comment on constraint group_blocks_cutoff_check on hospitality.group_blocks is 'The cut-off is not after the first night.';

call core.install_table('hospitality.group_blocks', 'T', 'htgb', registrable => true);
create unique index group_blocks_code_key on hospitality.group_blocks (biz_id, code)
  where code is not null and status in ('tentative', 'definite');
comment on index hospitality.group_blocks_code_key is 'Another block has this code.';
create index group_blocks_location_id_starts_on_idx on hospitality.group_blocks (biz_id, location_id, starts_on, id);
create index group_blocks_cutoff_on_idx on hospitality.group_blocks (biz_id, cutoff_on, id)
  where status in ('tentative', 'definite');

create trigger group_blocks_location_immutable_check
  before update on hospitality.group_blocks
  for each row when (old.location_id is distinct from new.location_id)
  execute function availability.refuse_update('group_blocks_location_immutable_check', 'A block stays at its hotel.');
comment on trigger group_blocks_location_immutable_check on hospitality.group_blocks is 'A block stays at its hotel.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('group_block', 'tentative', 'definite', false),
  ('group_block', 'tentative', 'released', false),
  ('group_block', 'tentative', 'cancelled', true),
  ('group_block', 'definite', 'released', false),
  ('group_block', 'definite', 'cancelled', true);
call core.install_state_machine('hospitality.group_blocks', 'status', 'group_block');

-- group_block_allotments ----------------------------------------------------------------------------------------------

-- What a block keeps is taken from the slots of the pool by allocations, with the block as their source; a pick-up hands
-- a place over to the member's order.
create table hospitality.group_block_allotments (
  biz_id uuid not null,
  id uuid not null,
  block_id uuid not null,
  unit_type_id uuid not null,
  stay_date date not null,
  allotted integer not null,
  picked_up integer not null default 0,
  released integer not null default 0,
  rate_minor bigint,
  currency char(3),
  constraint group_block_allotments_pkey primary key (biz_id, id),
  constraint group_block_allotments_night_key unique (biz_id, block_id, unit_type_id, stay_date),
  constraint group_block_allotments_block_id_fkey foreign key (biz_id, block_id)
    references hospitality.group_blocks (biz_id, id),
  constraint group_block_allotments_unit_type_id_fkey foreign key (biz_id, unit_type_id)
    references resources.unit_types (biz_id, id),
  constraint group_block_allotments_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint group_block_allotments_counts_check check (allotted >= 0 and picked_up >= 0 and released >= 0),
  constraint group_block_allotments_picked_up_check check (picked_up + released <= allotted),
  constraint group_block_allotments_rate_check check (rate_minor >= 0 and num_nonnulls(rate_minor, currency) in (0, 2))
);
comment on table hospitality.group_block_allotments is 'How many rooms of a type a block keeps for one night, and how many of them were picked up.';
comment on column hospitality.group_block_allotments.block_id is 'The block.';
comment on column hospitality.group_block_allotments.unit_type_id is 'The room type.';
comment on column hospitality.group_block_allotments.stay_date is 'Local day on whose evening the night begins, one of the block.';
comment on column hospitality.group_block_allotments.allotted is 'How many rooms are kept for the group.';
comment on column hospitality.group_block_allotments.picked_up is 'How many of them were booked by its members.';
comment on column hospitality.group_block_allotments.released is 'How many of them went back on sale, at the cut-off or before.';
comment on column hospitality.group_block_allotments.rate_minor is 'What such a room costs a member for that night, in minor units; none means as the rate plan says.';
comment on column hospitality.group_block_allotments.currency is 'Currency of that rate.';
comment on constraint group_block_allotments_night_key on hospitality.group_block_allotments is 'The block already keeps rooms of this type for that night.';
comment on constraint group_block_allotments_counts_check on hospitality.group_block_allotments is 'Numbers of rooms cannot be negative.';
comment on constraint group_block_allotments_picked_up_check on hospitality.group_block_allotments is 'No more rooms can be picked up and released than are kept.';
comment on constraint group_block_allotments_rate_check on hospitality.group_block_allotments is 'A rate is not negative, and has a currency.';

call core.install_table('hospitality.group_block_allotments', 'T', 'htga');
create index group_block_allotments_unit_type_id_stay_date_idx on hospitality.group_block_allotments (biz_id, unit_type_id, stay_date);

create trigger group_block_allotments_night_immutable_check
  before update on hospitality.group_block_allotments
  for each row when ((old.block_id, old.unit_type_id, old.stay_date)
      is distinct from (new.block_id, new.unit_type_id, new.stay_date))
  execute function availability.refuse_update('group_block_allotments_night_immutable_check', 'An allotment stays with its block, its room type and its night.');
comment on trigger group_block_allotments_night_immutable_check on hospitality.group_block_allotments is 'An allotment stays with its block, its room type and its night.';

-- Whoever enters a night shares a lock on the block that changing its days needs: so neither misses the other.
create function hospitality.check_block_nights() returns trigger
language plpgsql as $$
declare
  document_id uuid;
begin
  if tg_table_name = 'group_blocks' then
    document_id := new.id;
  else
    document_id := new.block_id;
    perform
    from hospitality.group_blocks b
    where b.biz_id = new.biz_id
      and b.id = document_id
    for share;
  end if;
  if exists (
    select
    from hospitality.group_blocks b
    join hospitality.group_block_allotments a on a.biz_id = b.biz_id and a.block_id = b.id
    join resources.unit_types t on t.biz_id = a.biz_id and t.id = a.unit_type_id
    where b.biz_id = new.biz_id
      and b.id = document_id
      and (a.stay_date < b.starts_on or a.stay_date >= b.ends_on or t.location_id <> b.location_id)
  ) then
    raise exception using
      errcode = '23514',
      message = 'The nights of a block lie between its first day and its end, in room types of its hotel.',
      schema = 'hospitality',
      table = 'group_block_allotments',
      column = 'stay_date',
      constraint = 'group_block_allotments_within_block_check';
  end if;
  return null;
end
$$;
comment on function hospitality.check_block_nights() is 'Trigger: the nights of a block lie within its days, in room types of its hotel.';

create constraint trigger group_block_allotments_within_block_check
  after insert on hospitality.group_block_allotments
  deferrable initially deferred
  for each row execute function hospitality.check_block_nights();
comment on constraint group_block_allotments_within_block_check on hospitality.group_block_allotments is 'The nights of a block lie between its first day and its end, in room types of its hotel.';
create constraint trigger group_blocks_nights_within_check
  after update of starts_on, ends_on on hospitality.group_blocks
  deferrable initially deferred
  for each row execute function hospitality.check_block_nights();
comment on constraint group_blocks_nights_within_check on hospitality.group_blocks is 'The nights of a block lie between its first day and its end, in room types of its hotel.';

-- What reservations refer to since its tables are there ------------------------------------------------------------------

alter table hospitality.reservation_details
  add column rate_plan_id uuid,
  add column group_block_id uuid,
  add constraint reservation_details_rate_plan_id_fkey foreign key (biz_id, rate_plan_id)
    references pricing.rate_plans (biz_id, id),
  add constraint reservation_details_group_block_id_fkey foreign key (biz_id, group_block_id)
    references hospitality.group_blocks (biz_id, id);
comment on column hospitality.reservation_details.rate_plan_id is 'The rate plan it was booked at.';
comment on column hospitality.reservation_details.group_block_id is 'The block whose rooms it picked up, of a member of a group.';
call core.index_foreign_keys('hospitality.reservation_details');
call core.describe_table('hospitality.reservation_details');
