-- Availability: when things are open. A calendar says it by rules in local time, overlays change it for a season, holidays
-- for a day; bindings say whose calendar it is. The server expands the rules; nothing here is an instant until it does.
-- Blocks and busy times of outside calendars take time away; resolution runs keep how an answer came about.

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain availability.calendar_kind as text constraint calendar_kind_check check (value in (
  'opening', 'staff', 'resource', 'holiday', 'service'));
comment on domain availability.calendar_kind is 'What a calendar is about.
opening: The hours of a location.
staff: The hours of people.
resource: The hours of things and rooms.
holiday: Public and company holidays, which other calendars follow.
service: The hours at which a service or offer is given.';
comment on constraint calendar_kind_check on domain availability.calendar_kind is 'Unknown kind of calendar.';

create domain availability.calendar_state as text constraint calendar_state_check check (value in (
  'open', 'closed'));
comment on domain availability.calendar_state is 'What holds where no rule of a calendar says anything.
open: It is open.
closed: It is closed.';
comment on constraint calendar_state_check on domain availability.calendar_state is 'Unknown state of a calendar.';

create domain availability.overlay_effect as text constraint overlay_effect_check check (value in (
  'add', 'remove', 'replace'));
comment on domain availability.overlay_effect is 'What an overlay does to the calendar below it.
add: Its open times come on top of those of the calendar.
remove: Its times are taken out of those of the calendar.
replace: Its times hold instead of those of the calendar.';
comment on constraint overlay_effect_check on domain availability.overlay_effect is 'Unknown effect of an overlay.';

create domain availability.rule_effect as text constraint rule_effect_check check (value in (
  'open', 'closed', 'surge', 'blackout'));
comment on domain availability.rule_effect is 'What a rule says of its times.
open: It is open.
closed: It is closed, unless a rule of higher priority opens it.
surge: It is open as before, with other capacity or another price.
blackout: It is closed, whatever other rules say.';
comment on constraint rule_effect_check on domain availability.rule_effect is 'Unknown effect of a rule.';

create domain availability.holiday_kind as text constraint holiday_kind_check check (value in (
  'full', 'half_am', 'half_pm'));
comment on domain availability.holiday_kind is 'How much of a day a holiday takes.
full: The whole day.
half_am: The first half.
half_pm: The second half.';
comment on constraint holiday_kind_check on domain availability.holiday_kind is 'Unknown kind of holiday.';

create domain availability.block_reason as text constraint block_reason_check check (value in (
  'maintenance', 'private', 'weather', 'other'));
comment on domain availability.block_reason is 'Why time was blocked.
maintenance: Something is repaired or serviced.
private: It is used for oneself.
weather: The weather does not allow it.
other: Something else, as the note says.';
comment on constraint block_reason_check on domain availability.block_reason is 'Unknown reason of a block.';

create domain availability.block_status as text constraint block_status_check check (value in (
  'active', 'lifted'));
comment on domain availability.block_status is 'Whether a block counts.
active: It does.
lifted: It was lifted, and its time is free again.';
comment on constraint block_status_check on domain availability.block_status is 'Unknown status of a block.';

create domain availability.busy_source as text constraint busy_source_check check (value in (
  'google', 'outlook', 'ical'));
comment on domain availability.busy_source is 'Where a busy time was read.
google: A Google calendar.
outlook: An Outlook or Exchange calendar.
ical: An iCalendar feed.';
comment on constraint busy_source_check on domain availability.busy_source is 'Unknown source.';

create domain availability.busy_transparency as text constraint busy_transparency_check check (value in (
  'opaque', 'transparent'));
comment on domain availability.busy_transparency is 'Whether an entry of an outside calendar takes its time.
opaque: It does.
transparent: It does not, such as a reminder.';
comment on constraint busy_transparency_check on domain availability.busy_transparency is 'Unknown transparency.';

-- A rule of RFC 5545. Rules by the hour, minute and second are left out, so that expanding one stays cheap.
create domain availability.recurrence_rule as text constraint recurrence_rule_check check (
  value ~ '^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;(INTERVAL=[1-9][0-9]{0,2}|COUNT=[1-9][0-9]{0,3}|UNTIL=[0-9]{8}(T[0-9]{6}Z?)?|WKST=(MO|TU|WE|TH|FR|SA|SU)|BYDAY=([+-]?[1-5]?(MO|TU|WE|TH|FR|SA|SU))(,[+-]?[1-5]?(MO|TU|WE|TH|FR|SA|SU))*|BY(MONTH|MONTHDAY|SETPOS|YEARDAY|WEEKNO)=-?[1-9][0-9]{0,2}(,-?[1-9][0-9]{0,2})*))*$'
  and not (value ~ ';COUNT=' and value ~ ';UNTIL=')
  and length(value) <= 500);
comment on domain availability.recurrence_rule is 'A recurrence rule as in iCalendar (RFC 5545), from FREQ on, such as FREQ=WEEKLY;BYDAY=MO,WE. By days, weeks, months or years, in local time.';
comment on constraint recurrence_rule_check on domain availability.recurrence_rule is 'This is not a recurrence rule: it begins with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY, and has COUNT or UNTIL, not both.';

-- calendars -----------------------------------------------------------------------------------------------------------

create table availability.calendars (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  kind availability.calendar_kind not null,
  timezone text not null,
  default_state availability.calendar_state not null default 'closed',
  constraint calendars_pkey primary key (biz_id, id),
  constraint calendars_timezone_fkey foreign key (timezone)
    references core.timezones (name),
  constraint calendars_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint calendars_name_check check (btrim(name) <> '' and length(name) <= 200)
);
comment on table availability.calendars is 'Hours of something, by rules in the local time of one zone: opening hours, somebody''s week, the public holidays of a region.';
comment on column availability.calendars.code is 'Short name used in imports and integrations, unique among the calendars in use.';
comment on column availability.calendars.name is 'Name shown to staff.';
comment on column availability.calendars.kind is 'What it is about.';
comment on column availability.calendars.timezone is 'IANA time zone of its wall-clock times. Changing it moves what its rules will mean, never what was booked.';
comment on column availability.calendars.default_state is 'What holds where no rule says anything.';
comment on constraint calendars_code_check on availability.calendars is 'A code is required, of 60 characters at most.';
comment on constraint calendars_name_check on availability.calendars is 'A name is required, of 200 characters at most.';

call core.install_table('availability.calendars', 'M', 'avcl', registrable => true);
create unique index calendars_code_key on availability.calendars (biz_id, code) where deleted_at is null;
comment on index availability.calendars_code_key is 'Another calendar has this code.';
create index calendars_kind_idx on availability.calendars (biz_id, kind, id);

-- calendar_bindings ---------------------------------------------------------------------------------------------------

create table availability.calendar_bindings (
  biz_id uuid not null,
  id uuid not null,
  calendar_id uuid not null,
  subject_type text not null,
  subject_id uuid not null,
  priority integer not null default 0,
  starts_at timestamptz,
  ends_at timestamptz,
  period tstzrange generated always as (case when ends_at <= starts_at then null else tstzrange(starts_at, ends_at, '[)') end) stored,
  constraint calendar_bindings_pkey primary key (biz_id, id),
  constraint calendar_bindings_calendar_id_fkey foreign key (biz_id, calendar_id)
    references availability.calendars (biz_id, id),
  constraint calendar_bindings_subject_fkey foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint calendar_bindings_times_check check (ends_at > starts_at)
);
comment on table availability.calendar_bindings is 'That something follows a calendar, for some time or for good. Of several calendars the one of the highest priority is asked first.';
comment on column availability.calendar_bindings.calendar_id is 'The calendar that is followed.';
comment on column availability.calendar_bindings.subject_type is 'Entity type of what follows the calendar, such as Location, Resource, Staff, Service or Offer.';
comment on column availability.calendar_bindings.subject_id is 'What follows the calendar.';
comment on column availability.calendar_bindings.priority is 'A higher one is asked first; 0 is usual. At one time something has one calendar of each priority.';
comment on column availability.calendar_bindings.starts_at is 'From when it is followed; none means always so far.';
comment on column availability.calendar_bindings.ends_at is 'From when it is no longer followed; none means for good.';
comment on column availability.calendar_bindings.period is 'From starts_at to ends_at, as a range.';
comment on constraint calendar_bindings_subject_fkey on availability.calendar_bindings is 'What follows the calendar must exist in this tenant.';
comment on constraint calendar_bindings_times_check on availability.calendar_bindings is 'The end must be after the start.';

call core.install_table('availability.calendar_bindings', 'M', 'avcb');
alter table availability.calendar_bindings add constraint calendar_bindings_no_overlap_excl
  exclude using gist (biz_id with =, subject_type with =, subject_id with =, priority with =, period with &&)
  where (deleted_at is null);
comment on constraint calendar_bindings_no_overlap_excl on availability.calendar_bindings is 'Another calendar of this priority is followed at that time.';

-- calendar_overlays ---------------------------------------------------------------------------------------------------

create table availability.calendar_overlays (
  biz_id uuid not null,
  id uuid not null,
  calendar_id uuid not null,
  name text not null,
  effect availability.overlay_effect not null default 'replace',
  priority integer not null default 0,
  starts_on date,
  ends_on date,
  period daterange generated always as (case when ends_on <= starts_on then null else daterange(starts_on, ends_on, '[)') end) stored,
  constraint calendar_overlays_pkey primary key (biz_id, id),
  constraint calendar_overlays_calendar_id_fkey foreign key (biz_id, calendar_id)
    references availability.calendars (biz_id, id),
  constraint calendar_overlays_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint calendar_overlays_dates_check check (ends_on > starts_on)
);
comment on table availability.calendar_overlays is 'A change of a calendar for some days, such as winter hours, with rules of its own.';
comment on column availability.calendar_overlays.calendar_id is 'The calendar that it changes.';
comment on column availability.calendar_overlays.name is 'Name shown to staff, such as Winter hours.';
comment on column availability.calendar_overlays.effect is 'What it does to the calendar.';
comment on column availability.calendar_overlays.priority is 'A higher one is laid on top. Of one priority only one holds on a day.';
comment on column availability.calendar_overlays.starts_on is 'First local day; none means always so far.';
comment on column availability.calendar_overlays.ends_on is 'First day on which it no longer holds; none means for good.';
comment on column availability.calendar_overlays.period is 'From starts_on to ends_on, as a range.';
comment on constraint calendar_overlays_name_check on availability.calendar_overlays is 'A name is required, of 200 characters at most.';
comment on constraint calendar_overlays_dates_check on availability.calendar_overlays is 'The end must be after the start.';

call core.install_table('availability.calendar_overlays', 'M', 'avco');
alter table availability.calendar_overlays add constraint calendar_overlays_no_overlap_excl
  exclude using gist (biz_id with =, calendar_id with =, priority with =, period with &&)
  where (deleted_at is null);
comment on constraint calendar_overlays_no_overlap_excl on availability.calendar_overlays is 'Another overlay of this calendar has this priority on one of these days.';
create unique index calendar_overlays_name_key on availability.calendar_overlays (biz_id, calendar_id, name)
  where deleted_at is null;
comment on index availability.calendar_overlays_name_key is 'Another overlay of this calendar has this name.';

-- availability_rules --------------------------------------------------------------------------------------------------

create table availability.availability_rules (
  biz_id uuid not null,
  id uuid not null,
  calendar_id uuid,
  overlay_id uuid,
  name text,
  effect availability.rule_effect not null default 'open',
  priority integer not null default 0,
  rrule availability.recurrence_rule,
  local_start time,
  local_end time,
  crosses_midnight boolean not null default false,
  starts_on date,
  ends_on date,
  capacity_delta integer,
  price_rule_id uuid,
  constraint availability_rules_pkey primary key (biz_id, id),
  constraint availability_rules_calendar_id_fkey foreign key (biz_id, calendar_id)
    references availability.calendars (biz_id, id),
  constraint availability_rules_overlay_id_fkey foreign key (biz_id, overlay_id)
    references availability.calendar_overlays (biz_id, id),
  constraint availability_rules_price_rule_id_fkey foreign key (biz_id, price_rule_id)
    references pricing.price_rules (biz_id, id),
  constraint availability_rules_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint availability_rules_parent_check check (num_nonnulls(calendar_id, overlay_id) = 1),
  constraint availability_rules_times_check check (
    num_nonnulls(local_start, local_end) in (0, 2) and (local_start is not null or not crosses_midnight) and local_start < '24:00' and case
      when crosses_midnight then local_end <= local_start
      else local_end > local_start end),
  constraint availability_rules_dates_check check (ends_on > starts_on),
  constraint availability_rules_recurrence_check check (rrule is null or starts_on is not null or rrule !~ '(;INTERVAL=|;COUNT=)'),
  constraint availability_rules_surge_check check ((effect = 'surge') = (num_nonnulls(capacity_delta, price_rule_id) > 0)),
  constraint availability_rules_capacity_delta_check check (capacity_delta <> 0)
);
comment on table availability.availability_rules is 'One rule of a calendar or an overlay: on which days, from when to when, it is open or not.';
comment on column availability.availability_rules.calendar_id is 'The calendar it is a rule of, unless it is one of an overlay.';
comment on column availability.availability_rules.overlay_id is 'The overlay it is a rule of, unless it is one of a calendar.';
comment on column availability.availability_rules.name is 'What the rule is for, such as Lunch break.';
comment on column availability.availability_rules.effect is 'What it says of its times.';
comment on column availability.availability_rules.priority is 'Where rules disagree, the higher one holds; of one priority, closed before open.';
comment on column availability.availability_rules.rrule is 'On which days it applies; none means on every day from starts_on to ends_on.';
comment on column availability.availability_rules.local_start is 'Wall-clock time at which it begins on such a day; none means the whole day.';
comment on column availability.availability_rules.local_end is 'Wall-clock time at which it ends; 24:00 is the end of the day.';
comment on column availability.availability_rules.crosses_midnight is 'Whether local_end lies on the day after, as of a bar that is open from 20:00 to 03:00.';
comment on column availability.availability_rules.starts_on is 'First local day on which it may apply, from which a recurrence counts; none means always so far.';
comment on column availability.availability_rules.ends_on is 'First day on which it no longer applies; none means for good.';
comment on column availability.availability_rules.capacity_delta is 'How many units more (or fewer, if negative) there are at these times, of a surge.';
comment on column availability.availability_rules.price_rule_id is 'The price that holds at these times, of a surge.';
comment on constraint availability_rules_name_check on availability.availability_rules is 'A name is not blank, and of 200 characters at most.';
comment on constraint availability_rules_parent_check on availability.availability_rules is 'A rule belongs to either a calendar or an overlay.';
comment on constraint availability_rules_times_check on availability.availability_rules is 'A rule has both a start and an end or neither, and the end is after the start unless it crosses midnight.';
comment on constraint availability_rules_dates_check on availability.availability_rules is 'The end must be after the start.';
comment on constraint availability_rules_recurrence_check on availability.availability_rules is 'A rule that counts needs a first day to count from.';
comment on constraint availability_rules_surge_check on availability.availability_rules is 'A surge changes capacity or price, and nothing else does.';
comment on constraint availability_rules_capacity_delta_check on availability.availability_rules is 'A change of capacity is not 0.';

call core.install_table('availability.availability_rules', 'M', 'avru');

-- holidays ------------------------------------------------------------------------------------------------------------

create table availability.holidays (
  biz_id uuid not null,
  id uuid not null,
  calendar_id uuid not null,
  holiday_on date not null,
  name text not null,
  kind availability.holiday_kind not null default 'full',
  portion int4range generated always as (case kind when 'full' then int4range(0, 2) when 'half_am' then int4range(0, 1) else int4range(1, 2) end) stored,
  constraint holidays_pkey primary key (biz_id, id),
  constraint holidays_calendar_id_fkey foreign key (biz_id, calendar_id)
    references availability.calendars (biz_id, id),
  constraint holidays_name_check check (btrim(name) <> '' and length(name) <= 200)
);
comment on table availability.holidays is 'A day, or half of one, of a calendar of holidays. Movable feasts have a row a year.';
comment on column availability.holidays.calendar_id is 'The calendar it belongs to.';
comment on column availability.holidays.holiday_on is 'The local day.';
comment on column availability.holidays.name is 'What is celebrated.';
comment on column availability.holidays.kind is 'How much of the day it takes.';
comment on column availability.holidays.portion is 'The halves of the day it takes, as a range: 0 is the first, 1 the second.';
comment on constraint holidays_name_check on availability.holidays is 'A name is required, of 200 characters at most.';

call core.install_table('availability.holidays', 'M', 'avho');
alter table availability.holidays add constraint holidays_no_overlap_excl
  exclude using gist (biz_id with =, calendar_id with =, holiday_on with =, portion with &&)
  where (deleted_at is null);
comment on constraint holidays_no_overlap_excl on availability.holidays is 'The calendar already has a holiday on that day.';
create index holidays_calendar_id_holiday_on_idx on availability.holidays (biz_id, calendar_id, holiday_on);

-- blocks --------------------------------------------------------------------------------------------------------------

-- What a block takes stands in allocations, with the block as its source, so that a block and a booking never overlap.
create table availability.blocks (
  biz_id uuid not null,
  id uuid not null,
  resource_id uuid,
  location_id uuid,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  reason availability.block_reason not null default 'other',
  note text,
  status availability.block_status not null default 'active',
  lifted_at timestamptz,
  constraint blocks_pkey primary key (biz_id, id),
  constraint blocks_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint blocks_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint blocks_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint blocks_target_check check (num_nonnulls(resource_id, location_id) = 1),
  constraint blocks_times_check check (ends_at > starts_at),
  constraint blocks_lifted_check check ((status = 'lifted') = (lifted_at is not null))
);
comment on table availability.blocks is 'Time in which a resource, or a whole location, cannot be booked.';
comment on column availability.blocks.resource_id is 'The resource that is blocked, unless it is a whole location.';
comment on column availability.blocks.location_id is 'The location that is blocked with all it has, unless it is one resource.';
comment on column availability.blocks.starts_at is 'When it begins.';
comment on column availability.blocks.ends_at is 'When it ends, that instant not included.';
comment on column availability.blocks.reason is 'Why.';
comment on column availability.blocks.note is 'What staff should know about it.';
comment on column availability.blocks.status is 'Whether it counts.';
comment on column availability.blocks.lifted_at is 'When it was lifted.';
comment on constraint blocks_note_check on availability.blocks is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint blocks_target_check on availability.blocks is 'A block is of either a resource or a location.';
comment on constraint blocks_times_check on availability.blocks is 'The end must be after the start.';
comment on constraint blocks_lifted_check on availability.blocks is 'A lifted block says when, and no other does.';

call core.install_table('availability.blocks', 'T', 'avbk', entity_name => 'AvailabilityBlock', registrable => true);
create index blocks_location_id_starts_at_idx on availability.blocks (biz_id, location_id, starts_at, ends_at)
  where status = 'active' and location_id is not null;
create index blocks_resource_id_starts_at_idx on availability.blocks (biz_id, resource_id, starts_at, ends_at)
  where status = 'active' and resource_id is not null;

create trigger blocks_target_immutable_check
  before update on availability.blocks
  for each row when ((old.resource_id, old.location_id)
      is distinct from (new.resource_id, new.location_id))
  execute function availability.refuse_update('blocks_target_immutable_check', 'A block stays with what it blocks; lift it and make another.');
comment on trigger blocks_target_immutable_check on availability.blocks is 'A block stays with what it blocks; lift it and make another.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('availability_block', 'active', 'lifted', false);
call core.install_state_machine('availability.blocks', 'status', 'availability_block');

-- external_busy -------------------------------------------------------------------------------------------------------

-- Kept as it was read, by entry and time: a sync sets removed_at on what is gone, and takes it back where it returns.
-- What an entry is called is not kept: it is not ours to know.
create table availability.external_busy (
  biz_id uuid not null,
  id uuid not null,
  resource_id uuid not null,
  source availability.busy_source not null,
  external_uid text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  is_all_day boolean not null default false,
  transparency availability.busy_transparency not null default 'opaque',
  etag text,
  seen_at timestamptz not null default now(),
  removed_at timestamptz,
  constraint external_busy_pkey primary key (biz_id, id),
  constraint external_busy_entry_key unique (biz_id, resource_id, source, external_uid, starts_at, ends_at),
  constraint external_busy_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint external_busy_external_uid_check check (btrim(external_uid) <> '' and length(external_uid) <= 500),
  constraint external_busy_etag_check check (btrim(etag) <> '' and length(etag) <= 500),
  constraint external_busy_times_check check (ends_at > starts_at)
);
comment on table availability.external_busy is 'A time at which a resource is busy, as an outside calendar says.';
comment on column availability.external_busy.resource_id is 'The resource whose calendar it is, mostly a person.';
comment on column availability.external_busy.source is 'Where it was read.';
comment on column availability.external_busy.external_uid is 'Identifier of the entry in the outside calendar; a recurring entry has it at several times.';
comment on column availability.external_busy.starts_at is 'When it begins.';
comment on column availability.external_busy.ends_at is 'When it ends, that instant not included.';
comment on column availability.external_busy.is_all_day is 'Whether the entry is of whole days there.';
comment on column availability.external_busy.transparency is 'Whether it takes its time.';
comment on column availability.external_busy.etag is 'Version mark of the entry there, to see whether it changed.';
comment on column availability.external_busy.seen_at is 'When a sync last saw it.';
comment on column availability.external_busy.removed_at is 'When a sync found it gone; it takes no time since.';
comment on constraint external_busy_external_uid_check on availability.external_busy is 'An identifier is required, of 500 characters at most.';
comment on constraint external_busy_etag_check on availability.external_busy is 'A mark is not blank, and of 500 characters at most.';
comment on constraint external_busy_entry_key on availability.external_busy is 'This entry is here already at that time.';
comment on constraint external_busy_times_check on availability.external_busy is 'The end must be after the start.';

call core.install_table('availability.external_busy', 'T', 'aveb', entity_name => 'ExternalBusyTime');
create index external_busy_resource_id_starts_at_idx on availability.external_busy (biz_id, resource_id, starts_at, ends_at)
  where removed_at is null and transparency = 'opaque';

-- resolution_runs -----------------------------------------------------------------------------------------------------

create table availability.resolution_runs (
  biz_id uuid not null,
  id uuid not null,
  subject_type text not null,
  subject_id uuid not null,
  location_id uuid,
  occurred_at timestamptz not null default now(),
  query jsonb not null default '{}',
  candidates integer not null default 0,
  offered integer not null default 0,
  result text,
  steps jsonb not null default '[]',
  duration_ms integer not null,
  constraint resolution_runs_pkey primary key (biz_id, occurred_at, id),
  constraint resolution_runs_query_check check (jsonb_typeof(query) = 'object'),
  constraint resolution_runs_result_check check (btrim(result) <> '' and length(result) <= 2000),
  constraint resolution_runs_steps_check check (jsonb_typeof(steps) = 'array'),
  constraint resolution_runs_subject_type_check check (subject_type ~ '^[A-Z][A-Za-z0-9]*$'),
  constraint resolution_runs_counts_check check (offered between 0 and candidates),
  constraint resolution_runs_duration_check check (duration_ms >= 0)
)
partition by range (occurred_at);
comment on table availability.resolution_runs is 'How a search for free times came to its answer: why this slot is, or is not, available. Kept for some weeks.';
comment on column availability.resolution_runs.subject_type is 'Entity type of what was searched, such as Offer, UnitType or Resource.';
comment on column availability.resolution_runs.subject_id is 'What was searched. No foreign key, as for every journal.';
comment on column availability.resolution_runs.location_id is 'The location that was asked for.';
comment on column availability.resolution_runs.occurred_at is 'When it was asked: the start of the transaction.';
comment on column availability.resolution_runs.query is 'What was asked: days, party, zone, as an object.';
comment on column availability.resolution_runs.candidates is 'How many times or resources were looked at.';
comment on column availability.resolution_runs.offered is 'How many of them were offered.';
comment on column availability.resolution_runs.result is 'The answer in a sentence.';
comment on column availability.resolution_runs.steps is 'What was left out at which step and why, in order.';
comment on column availability.resolution_runs.duration_ms is 'How long it took, in milliseconds.';
comment on constraint resolution_runs_query_check on availability.resolution_runs is 'The questions are a JSON object.';
comment on constraint resolution_runs_result_check on availability.resolution_runs is 'A result is not blank, and of 2,000 characters at most.';
comment on constraint resolution_runs_steps_check on availability.resolution_runs is 'The steps are a JSON list.';
comment on constraint resolution_runs_subject_type_check on availability.resolution_runs is 'A subject type is the name of an entity, such as Offer.';
comment on constraint resolution_runs_counts_check on availability.resolution_runs is 'No more is offered than was looked at.';
comment on constraint resolution_runs_duration_check on availability.resolution_runs is 'The duration cannot be negative.';

call core.install_table('availability.resolution_runs', 'P', 'avrr');
create index resolution_runs_subject_idx on availability.resolution_runs (biz_id, subject_type, subject_id, occurred_at);

select core.ensure_partitions(3);
