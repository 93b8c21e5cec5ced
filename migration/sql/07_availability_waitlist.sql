-- Availability: who waits for a place, and bookings that repeat. A place that comes free is offered with a hold behind it,
-- so an offer is never empty; a series says which times it means, and each of its bookings is an order of its own.

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain availability.waitlist_status as text constraint waitlist_status_check check (value in (
  'waiting', 'offered', 'accepted', 'declined', 'expired', 'cancelled', 'closed'));
comment on domain availability.waitlist_status is 'Where an entry of the waiting list stands.
waiting: Waiting for a place.
offered: A place is kept for the customer, who has to answer.
accepted: The customer took the place.
declined: The customer did not want the place that was offered.
expired: The customer did not answer in time, or the wanted time has passed.
cancelled: The customer no longer waits.
closed: It ended without a place.';
comment on constraint waitlist_status_check on domain availability.waitlist_status is 'Unknown status of a waiting-list entry.';

create domain availability.waitlist_offer_status as text constraint waitlist_offer_status_check check (value in (
  'open', 'accepted', 'declined', 'expired', 'withdrawn'));
comment on domain availability.waitlist_offer_status is 'Where an offer to somebody who waits stands.
open: Waiting for the answer.
accepted: The customer took it.
declined: The customer did not want it.
expired: The customer did not answer in time.
withdrawn: It was taken back.';
comment on constraint waitlist_offer_status_check on domain availability.waitlist_offer_status is 'Unknown status of a waiting-list offer.';

create domain availability.series_status as text constraint series_status_check check (value in (
  'active', 'paused', 'completed', 'cancelled'));
comment on domain availability.series_status is 'Where a series stands.
active: Its bookings are made as their time comes near.
paused: No more bookings are made for now.
completed: All its bookings were made.
cancelled: It was called off.';
comment on constraint series_status_check on domain availability.series_status is 'Unknown status of a series.';

create domain availability.series_exception_kind as text constraint series_exception_kind_check check (value in (
  'moved', 'cancelled', 'skipped'));
comment on domain availability.series_exception_kind is 'How a time of a series is other than its rule says.
moved: It takes place at another time.
cancelled: It does not take place.
skipped: It could not be booked, as the time was taken.';
comment on constraint series_exception_kind_check on domain availability.series_exception_kind is 'Unknown kind of exception.';

-- waitlist_entries ----------------------------------------------------------------------------------------------------

-- The board of a location goes by priority and then by who came first; what came free finds its entries by offer and time.
create table availability.waitlist_entries (
  biz_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  offer_id uuid,
  unit_type_id uuid,
  location_id uuid not null,
  resource_id uuid,
  alternative_to_id uuid,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  period tstzrange generated always as (case when ends_at <= starts_at then null else tstzrange(starts_at, ends_at, '[)') end) stored,
  weekdays integer[] not null default '{}',
  local_from time,
  local_until time,
  party_size integer not null default 1,
  units integer not null default 1,
  priority integer not null default 0,
  status availability.waitlist_status not null default 'waiting',
  joined_at timestamptz not null default now(),
  offered_hold_id uuid,
  expires_at timestamptz,
  note text,
  constraint waitlist_entries_pkey primary key (biz_id, id),
  constraint waitlist_entries_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint waitlist_entries_offer_id_fkey foreign key (biz_id, offer_id)
    references catalog.offers (biz_id, id),
  constraint waitlist_entries_unit_type_id_fkey foreign key (biz_id, unit_type_id)
    references resources.unit_types (biz_id, id),
  constraint waitlist_entries_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint waitlist_entries_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint waitlist_entries_alternative_to_id_fkey foreign key (biz_id, alternative_to_id)
    references availability.waitlist_entries (biz_id, id),
  constraint waitlist_entries_offered_hold_id_fkey foreign key (biz_id, offered_hold_id)
    references availability.booking_holds (biz_id, id),
  constraint waitlist_entries_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint waitlist_entries_wish_check check (num_nonnulls(offer_id, unit_type_id) = 1),
  constraint waitlist_entries_times_check check (ends_at > starts_at),
  constraint waitlist_entries_weekdays_check check (1 <= all (weekdays) and 7 >= all (weekdays) and cardinality(weekdays) <= 7),
  constraint waitlist_entries_local_times_check check (local_until > local_from),
  constraint waitlist_entries_sizes_check check (party_size >= 1 and units >= 1),
  constraint waitlist_entries_alternative_to_check check (alternative_to_id <> id),
  constraint waitlist_entries_offered_hold_check check (status not in ('offered', 'accepted') or offered_hold_id is not null),
  constraint waitlist_entries_offer_no_overlap_excl exclude using gist (
    biz_id with =, customer_id with =, offer_id with =, period with &&)
    where (status in ('waiting', 'offered') and alternative_to_id is null),
  constraint waitlist_entries_unit_type_no_overlap_excl exclude using gist (
    biz_id with =, customer_id with =, unit_type_id with =, period with &&)
    where (status in ('waiting', 'offered') and alternative_to_id is null)
);
comment on table availability.waitlist_entries is 'That a customer waits for a place: of an offer or a room type, at some time between two instants. Of several wishes of a customer that exclude each other, all but the first name it.';
comment on column availability.waitlist_entries.customer_id is 'Who waits.';
comment on column availability.waitlist_entries.offer_id is 'The offer that is wanted, unless it is a room type.';
comment on column availability.waitlist_entries.unit_type_id is 'The room type that is wanted, unless it is an offer.';
comment on column availability.waitlist_entries.location_id is 'The location where it is wanted.';
comment on column availability.waitlist_entries.resource_id is 'The resource that is preferred, such as a therapist; none where any will do.';
comment on column availability.waitlist_entries.alternative_to_id is 'The wish to which this one is an alternative: once one is fulfilled, the others are closed.';
comment on column availability.waitlist_entries.starts_at is 'The earliest start that is wanted.';
comment on column availability.waitlist_entries.ends_at is 'The latest end that is wanted.';
comment on column availability.waitlist_entries.period is 'From starts_at to ends_at, as a range.';
comment on column availability.waitlist_entries.weekdays is 'The weekdays that suit, 1 for Monday to 7 for Sunday; none means any.';
comment on column availability.waitlist_entries.local_from is 'Wall-clock time from which it suits; none means any.';
comment on column availability.waitlist_entries.local_until is 'Wall-clock time until which it suits; none means any.';
comment on column availability.waitlist_entries.party_size is 'How many people.';
comment on column availability.waitlist_entries.units is 'How many units, such as rooms or pallets.';
comment on column availability.waitlist_entries.priority is 'A higher one is offered a place first; 0 is usual.';
comment on column availability.waitlist_entries.status is 'Where it stands.';
comment on column availability.waitlist_entries.joined_at is 'When the customer joined; of one priority, who came first is asked first.';
comment on column availability.waitlist_entries.offered_hold_id is 'The hold behind the offer that is open or was accepted.';
comment on column availability.waitlist_entries.expires_at is 'When it ends by itself; none means when the wanted time has passed.';
comment on column availability.waitlist_entries.note is 'What the customer said.';
comment on constraint waitlist_entries_note_check on availability.waitlist_entries is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint waitlist_entries_wish_check on availability.waitlist_entries is 'An entry is for either an offer or a room type.';
comment on constraint waitlist_entries_times_check on availability.waitlist_entries is 'The end must be after the start.';
comment on constraint waitlist_entries_weekdays_check on availability.waitlist_entries is 'Weekdays are numbers from 1 for Monday to 7 for Sunday.';
comment on constraint waitlist_entries_local_times_check on availability.waitlist_entries is 'The wall-clock end must be after the start.';
comment on constraint waitlist_entries_sizes_check on availability.waitlist_entries is 'At least one person waits for at least 1 unit.';
comment on constraint waitlist_entries_alternative_to_check on availability.waitlist_entries is 'A wish is not an alternative to itself.';
comment on constraint waitlist_entries_offered_hold_check on availability.waitlist_entries is 'What is offered is kept by a hold.';
comment on constraint waitlist_entries_offer_no_overlap_excl on availability.waitlist_entries is 'The customer already waits for this offer at that time.';
comment on constraint waitlist_entries_unit_type_no_overlap_excl on availability.waitlist_entries is 'The customer already waits for this room type at that time.';

call core.install_table('availability.waitlist_entries', 'T', 'avwe', registrable => true);
create unique index waitlist_entries_offered_hold_id_key on availability.waitlist_entries (biz_id, offered_hold_id)
  where offered_hold_id is not null and status in ('offered', 'accepted');
comment on index availability.waitlist_entries_offered_hold_id_key is 'This hold is already offered to somebody.';
create index waitlist_entries_location_id_priority_idx on availability.waitlist_entries (biz_id, location_id, priority desc, joined_at, id)
  where status in ('waiting', 'offered');
create index waitlist_entries_offer_id_starts_at_idx on availability.waitlist_entries (biz_id, offer_id, starts_at, ends_at)
  where status = 'waiting' and offer_id is not null;
create index waitlist_entries_unit_type_id_starts_at_idx on availability.waitlist_entries (biz_id, unit_type_id, starts_at, ends_at)
  where status = 'waiting' and unit_type_id is not null;

create trigger waitlist_entries_wish_immutable_check
  before update on availability.waitlist_entries
  for each row when ((old.customer_id, old.offer_id, old.unit_type_id, old.location_id)
      is distinct from (new.customer_id, new.offer_id, new.unit_type_id, new.location_id))
  execute function availability.refuse_update('waitlist_entries_wish_immutable_check', 'An entry keeps who waits and for what; cancel it and join again.');
comment on trigger waitlist_entries_wish_immutable_check on availability.waitlist_entries is 'An entry keeps who waits and for what; cancel it and join again.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('waitlist_entry', 'waiting', 'offered', false),
  ('waitlist_entry', 'waiting', 'expired', false),
  ('waitlist_entry', 'waiting', 'cancelled', false),
  ('waitlist_entry', 'waiting', 'closed', false),
  ('waitlist_entry', 'offered', 'accepted', false),
  ('waitlist_entry', 'offered', 'declined', false),
  ('waitlist_entry', 'offered', 'expired', false),
  ('waitlist_entry', 'offered', 'cancelled', false),
  ('waitlist_entry', 'declined', 'waiting', false),
  ('waitlist_entry', 'declined', 'closed', false),
  ('waitlist_entry', 'expired', 'waiting', false),
  ('waitlist_entry', 'expired', 'closed', false);
call core.install_state_machine('availability.waitlist_entries', 'status', 'waitlist_entry');

-- waitlist_offers -----------------------------------------------------------------------------------------------------

create table availability.waitlist_offers (
  biz_id uuid not null,
  id uuid not null,
  waitlist_entry_id uuid not null,
  hold_id uuid not null,
  status availability.waitlist_offer_status not null default 'open',
  offered_at timestamptz not null default now(),
  expires_at timestamptz not null,
  answered_at timestamptz,
  constraint waitlist_offers_pkey primary key (biz_id, id),
  constraint waitlist_offers_waitlist_entry_id_fkey foreign key (biz_id, waitlist_entry_id)
    references availability.waitlist_entries (biz_id, id),
  constraint waitlist_offers_hold_id_fkey foreign key (biz_id, hold_id)
    references availability.booking_holds (biz_id, id),
  constraint waitlist_offers_times_check check (expires_at > offered_at),
  constraint waitlist_offers_answered_check check (status not in ('accepted', 'declined') or answered_at is not null),
  constraint waitlist_offers_in_time_check check (status <> 'accepted' or answered_at < expires_at)
);
comment on table availability.waitlist_offers is 'A free place that was offered to somebody who waits, kept by a hold until the answer.';
comment on column availability.waitlist_offers.waitlist_entry_id is 'Whom it was offered.';
comment on column availability.waitlist_offers.hold_id is 'The hold that keeps the place meanwhile.';
comment on column availability.waitlist_offers.status is 'Where it stands.';
comment on column availability.waitlist_offers.offered_at is 'When it was offered.';
comment on column availability.waitlist_offers.expires_at is 'Until when the customer may answer; the hold lasts as long.';
comment on column availability.waitlist_offers.answered_at is 'When the customer answered.';
comment on constraint waitlist_offers_times_check on availability.waitlist_offers is 'The end must be after the start.';
comment on constraint waitlist_offers_answered_check on availability.waitlist_offers is 'An answer says when it came.';
comment on constraint waitlist_offers_in_time_check on availability.waitlist_offers is 'An offer that has expired cannot be accepted.';

call core.install_table('availability.waitlist_offers', 'T', 'avwo');
create unique index waitlist_offers_hold_id_key on availability.waitlist_offers (biz_id, hold_id)
  where status in ('open', 'accepted');
comment on index availability.waitlist_offers_hold_id_key is 'This hold is already offered to somebody.';
create unique index waitlist_offers_waitlist_entry_id_key on availability.waitlist_offers (biz_id, waitlist_entry_id)
  where status = 'open';
comment on index availability.waitlist_offers_waitlist_entry_id_key is 'This customer already has an open offer.';
create index waitlist_offers_expires_at_idx on availability.waitlist_offers (biz_id, expires_at, id) where status = 'open';

create trigger waitlist_offers_offer_immutable_check
  before update on availability.waitlist_offers
  for each row when ((old.waitlist_entry_id, old.hold_id)
      is distinct from (new.waitlist_entry_id, new.hold_id))
  execute function availability.refuse_update('waitlist_offers_offer_immutable_check', 'An offer keeps whom it was made and what it offers.');
comment on trigger waitlist_offers_offer_immutable_check on availability.waitlist_offers is 'An offer keeps whom it was made and what it offers.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('waitlist_offer', 'open', 'accepted', false),
  ('waitlist_offer', 'open', 'declined', false),
  ('waitlist_offer', 'open', 'expired', false),
  ('waitlist_offer', 'open', 'withdrawn', false);
call core.install_state_machine('availability.waitlist_offers', 'status', 'waitlist_offer');

-- recurrence_series ---------------------------------------------------------------------------------------------------

create table availability.recurrence_series (
  biz_id uuid not null,
  id uuid not null,
  customer_id uuid,
  location_id uuid,
  split_from_id uuid,
  rrule availability.recurrence_rule not null,
  timezone text not null,
  starts_on date not null,
  ends_on date,
  max_occurrences integer,
  local_start time not null,
  duration_minutes integer not null,
  template jsonb not null default '{}',
  booked_until date,
  status availability.series_status not null default 'active',
  constraint recurrence_series_pkey primary key (biz_id, id),
  constraint recurrence_series_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint recurrence_series_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint recurrence_series_split_from_id_fkey foreign key (biz_id, split_from_id)
    references availability.recurrence_series (biz_id, id),
  constraint recurrence_series_timezone_fkey foreign key (timezone)
    references core.timezones (name),
  constraint recurrence_series_template_check check (jsonb_typeof(template) = 'object'),
  constraint recurrence_series_rule_check check (rrule !~ ';(COUNT|UNTIL)='),
  constraint recurrence_series_dates_check check (ends_on > starts_on),
  constraint recurrence_series_end_check check (ends_on is null or max_occurrences is null),
  constraint recurrence_series_max_occurrences_check check (max_occurrences between 1 and 1000),
  constraint recurrence_series_local_start_check check (local_start < '24:00'),
  constraint recurrence_series_duration_check check (duration_minutes between 1 and 44640),
  constraint recurrence_series_booked_until_check check (booked_until >= starts_on),
  constraint recurrence_series_split_from_check check (split_from_id <> id)
);
comment on table availability.recurrence_series is 'A booking that repeats: every Monday at 10 for a year. Its bookings name it, and are made one by one as far as the horizon reaches.';
comment on column availability.recurrence_series.customer_id is 'Who it is for.';
comment on column availability.recurrence_series.location_id is 'The location where it takes place.';
comment on column availability.recurrence_series.split_from_id is 'The series it goes on from, where a change held for this and the following.';
comment on column availability.recurrence_series.rrule is 'On which days it takes place; its end stands in ends_on or max_occurrences, not in the rule.';
comment on column availability.recurrence_series.timezone is 'IANA time zone in which it keeps its wall-clock time, also when clocks change.';
comment on column availability.recurrence_series.starts_on is 'Local day of the first one.';
comment on column availability.recurrence_series.ends_on is 'First day on which it no longer takes place; none means without end, or after max_occurrences.';
comment on column availability.recurrence_series.max_occurrences is 'After how many it ends; none means by ends_on, or without end.';
comment on column availability.recurrence_series.local_start is 'Wall-clock time at which each begins.';
comment on column availability.recurrence_series.duration_minutes is 'How long each lasts.';
comment on column availability.recurrence_series.template is 'What each booking is made of: offer, party, resources, as an object.';
comment on column availability.recurrence_series.booked_until is 'Up to which local day bookings were made, that day not included.';
comment on column availability.recurrence_series.status is 'Where it stands.';
comment on constraint recurrence_series_template_check on availability.recurrence_series is 'The bookings to be made are a JSON object.';
comment on constraint recurrence_series_rule_check on availability.recurrence_series is 'The end of a series stands beside its rule, not in it.';
comment on constraint recurrence_series_dates_check on availability.recurrence_series is 'The end must be after the start.';
comment on constraint recurrence_series_end_check on availability.recurrence_series is 'A series ends on a day or after a number of times, not both.';
comment on constraint recurrence_series_max_occurrences_check on availability.recurrence_series is 'A series has between 1 and 1,000 bookings.';
comment on constraint recurrence_series_local_start_check on availability.recurrence_series is 'The start is a time of day.';
comment on constraint recurrence_series_duration_check on availability.recurrence_series is 'Each lasts between 1 minute and 31 days.';
comment on constraint recurrence_series_booked_until_check on availability.recurrence_series is 'Nothing is booked before the first day.';
comment on constraint recurrence_series_split_from_check on availability.recurrence_series is 'A series does not go on from itself.';

call core.install_table('availability.recurrence_series', 'T', 'avrs', entity_name => 'RecurrenceSeries', registrable => true);
create index recurrence_series_status_idx on availability.recurrence_series (biz_id, status, booked_until, id)
  where status = 'active';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('recurrence_series', 'active', 'paused', false),
  ('recurrence_series', 'paused', 'active', false),
  ('recurrence_series', 'active', 'completed', false),
  ('recurrence_series', 'active', 'cancelled', true),
  ('recurrence_series', 'paused', 'cancelled', true);
call core.install_state_machine('availability.recurrence_series', 'status', 'recurrence_series');

-- series_exceptions ---------------------------------------------------------------------------------------------------

create table availability.series_exceptions (
  biz_id uuid not null,
  id uuid not null,
  series_id uuid not null,
  original_starts_at timestamptz not null,
  kind availability.series_exception_kind not null,
  moved_to_starts_at timestamptz,
  booking_type text,
  booking_id uuid,
  note text,
  constraint series_exceptions_pkey primary key (biz_id, id),
  constraint series_exceptions_original_starts_at_key unique (biz_id, series_id, original_starts_at),
  constraint series_exceptions_series_id_fkey foreign key (biz_id, series_id)
    references availability.recurrence_series (biz_id, id),
  constraint series_exceptions_booking_fkey foreign key (biz_id, booking_type, booking_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint series_exceptions_booking_check check (num_nonnulls(booking_type, booking_id) in (0, 2)),
  constraint series_exceptions_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint series_exceptions_moved_check check ((kind = 'moved') = (moved_to_starts_at is not null)),
  constraint series_exceptions_moved_to_check check (moved_to_starts_at <> original_starts_at)
);
comment on table availability.series_exceptions is 'A time of a series that is other than its rule says.';
comment on column availability.series_exceptions.series_id is 'The series.';
comment on column availability.series_exceptions.original_starts_at is 'When it would have begun by the rule.';
comment on column availability.series_exceptions.kind is 'How it is other.';
comment on column availability.series_exceptions.moved_to_starts_at is 'When it begins instead.';
comment on column availability.series_exceptions.booking_type is 'Entity type of its booking, mostly BookingOrder.';
comment on column availability.series_exceptions.booking_id is 'The booking made for it instead, or that was cancelled.';
comment on column availability.series_exceptions.note is 'Why, in words.';
comment on constraint series_exceptions_booking_fkey on availability.series_exceptions is 'Its booking must exist in this tenant.';
comment on constraint series_exceptions_booking_check on availability.series_exceptions is 'Its booking has both a type and an id.';
comment on constraint series_exceptions_note_check on availability.series_exceptions is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint series_exceptions_original_starts_at_key on availability.series_exceptions is 'The series already has an exception for this time.';
comment on constraint series_exceptions_moved_check on availability.series_exceptions is 'What was moved says to when, and nothing else does.';
comment on constraint series_exceptions_moved_to_check on availability.series_exceptions is 'It was not moved.';

call core.install_table('availability.series_exceptions', 'T', 'avse');

create trigger series_exceptions_series_immutable_check
  before update on availability.series_exceptions
  for each row when ((old.series_id, old.original_starts_at)
      is distinct from (new.series_id, new.original_starts_at))
  execute function availability.refuse_update('series_exceptions_series_immutable_check', 'An exception stays with its time of the series.');
comment on trigger series_exceptions_series_immutable_check on availability.series_exceptions is 'An exception stays with its time of the series.';

call core.configure_graph('availability.series_exceptions', aggregates => false);
