-- Channels, continued: what channels tell of their own accord, the bookings that come from them, calendars of people
-- and resources elsewhere.

create domain channels.webhook_event_status as text
  constraint webhook_event_status_check check (value in ('received', 'applied', 'ignored', 'parked', 'failed'));
comment on domain channels.webhook_event_status is
  'What became of a message of a channel.
received: It came.
applied: What it says is done.
ignored: It says nothing new, or something older than what is known.
parked: It is about something not known here yet; it is tried again.
failed: It could not be understood or done.';
comment on constraint webhook_event_status_check on domain channels.webhook_event_status is 'Unknown webhook event status.';

create domain channels.channel_booking_status as text
  constraint channel_booking_status_check check (
    value in ('received', 'mapped', 'imported', 'acknowledged', 'conflict', 'modified', 'rejected', 'cancelled')
  );
comment on domain channels.channel_booking_status is
  'How far a booking of a channel has come.
received: It came, perhaps before what it needs.
mapped: All in it has its counterpart here.
imported: It is an order here.
acknowledged: The channel was told so.
conflict: Somebody must decide about it.
modified: The channel changed it, and the order here was not changed yet.
rejected: It was refused, and the channel told so.
cancelled: It was called off at the channel. So is one whose cancellation came first.';
comment on constraint channel_booking_status_check on domain channels.channel_booking_status is 'Unknown channel booking status.';

create domain channels.payment_collector as text
  constraint payment_collector_check check (value in ('channel', 'business'));
comment on domain channels.payment_collector is
  'Who takes the guest''s money.
channel: The channel, which then pays the business.
business: The business.';
comment on constraint payment_collector_check on domain channels.payment_collector is 'Unknown payment collector.';

create domain channels.conflict_kind as text
  constraint conflict_kind_check check (
    value in ('overbooking', 'unmapped', 'price_mismatch', 'duplicate', 'currency_mismatch', 'late_change')
  );
comment on domain channels.conflict_kind is
  'Why somebody must decide about a booking of a channel.
overbooking: There is no place for it.
unmapped: Something in it has no counterpart here.
price_mismatch: It has another price than it should.
duplicate: The same guest has the same booking already.
currency_mismatch: It is in a currency that the location does not take.
late_change: The channel changed or cancelled it when the guest had come.';
comment on constraint conflict_kind_check on domain channels.conflict_kind is 'Unknown conflict kind.';

create domain channels.conflict_status as text
  constraint conflict_status_check check (value in ('open', 'resolved', 'dismissed'));
comment on domain channels.conflict_status is
  'How far a decision has come.
open: Nobody has decided.
resolved: Somebody decided, and it was done.
dismissed: There was nothing to decide.';
comment on constraint conflict_status_check on domain channels.conflict_status is 'Unknown conflict status.';

create domain channels.conflict_resolution as text
  constraint conflict_resolution_check check (
    value in ('overbooked', 'moved', 'mapped', 'price_accepted', 'price_corrected', 'merged', 'rejected')
  );
comment on domain channels.conflict_resolution is
  'What was decided.
overbooked: Imported though there is no place.
moved: Imported into other units or another location.
mapped: The counterpart was named, and it was imported.
price_accepted: Imported at the price of the channel.
price_corrected: Imported at the price it should have.
merged: It is the booking that was there already.
rejected: Refused.';
comment on constraint conflict_resolution_check on domain channels.conflict_resolution is 'Unknown conflict resolution.';

create domain channels.calendar_provider as text
  constraint calendar_provider_check check (value in ('google', 'microsoft', 'apple', 'caldav', 'ical'));
comment on domain channels.calendar_provider is
  'Who keeps a calendar.
google: Google Calendar.
microsoft: The calendar of Microsoft 365.
apple: Apple iCloud, by CalDAV.
caldav: Another server that speaks CalDAV.
ical: A file in iCalendar form at an address.';
comment on constraint calendar_provider_check on domain channels.calendar_provider is 'Unknown calendar provider.';

create domain channels.calendar_direction as text
  constraint calendar_direction_check check (value in ('import', 'export', 'both'));
comment on domain channels.calendar_direction is
  'Which way the events of a calendar go.
import: What is in it there makes busy here.
export: What is booked here shows there.
both: What is busy there blocks here, and the other way round.';
comment on constraint calendar_direction_check on domain channels.calendar_direction is 'Unknown calendar direction.';

create domain channels.calendar_connection_status as text
  constraint calendar_connection_status_check check (value in ('active', 'paused', 'failing', 'revoked'));
comment on domain channels.calendar_connection_status is
  'Whether a calendar is kept in step.
active: It is.
paused: Not for now.
failing: It is tried, and does not work.
revoked: No more: the permission was taken back.';
comment on constraint calendar_connection_status_check on domain channels.calendar_connection_status is 'Unknown calendar connection status.';

-- channel_webhook_events ---------------------------------------------------------------------------------------------

create table channels.channel_webhook_events (
  biz_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  external_event_id text not null,
  topic text not null,
  occurred_at timestamptz,
  received_at timestamptz not null default now(),
  payload jsonb not null,
  status channels.webhook_event_status not null default 'received',
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  processed_at timestamptz,
  error text,
  constraint channel_webhook_events_pkey primary key (biz_id, id),
  constraint channel_webhook_events_account_id_external_event_id_key unique (biz_id, account_id, external_event_id),
  constraint channel_webhook_events_account_id_fkey
    foreign key (biz_id, account_id) references channels.channel_accounts (biz_id, id),
  constraint channel_webhook_events_external_event_id_check check (
    btrim(external_event_id) <> '' and length(external_event_id) <= 200
  ),
  constraint channel_webhook_events_topic_check check (btrim(topic) <> '' and length(topic) <= 200),
  constraint channel_webhook_events_attempts_check check (attempts >= 0),
  constraint channel_webhook_events_error_check check (btrim(error) <> '' and length(error) <= 2000),
  constraint channel_webhook_events_processed_check check (
    (status in ('applied', 'ignored')) = (processed_at is not null)
  )
);
create index channel_webhook_events_next_attempt_at_idx on channels.channel_webhook_events (next_attempt_at)
  where status in ('received', 'parked');
create index channel_webhook_events_received_at_idx
  on channels.channel_webhook_events (biz_id, account_id, received_at);
comment on table channels.channel_webhook_events is 'A message that a channel sent of its own accord, kept as it came.';
comment on column channels.channel_webhook_events.account_id is 'The account.';
comment on column channels.channel_webhook_events.external_event_id is 'Its id at the channel; where the channel gives none, a digest of the message.';
comment on column channels.channel_webhook_events.topic is 'What it says, in the channel''s words, for example reservation.modified.';
comment on column channels.channel_webhook_events.occurred_at is 'When it happened there; empty where the channel does not say.';
comment on column channels.channel_webhook_events.received_at is 'When it came.';
comment on column channels.channel_webhook_events.payload is 'The message.';
comment on column channels.channel_webhook_events.status is 'What became of it.';
comment on column channels.channel_webhook_events.attempts is 'How often it was tried.';
comment on column channels.channel_webhook_events.next_attempt_at is 'When it is tried next.';
comment on column channels.channel_webhook_events.processed_at is 'When it was done with.';
comment on column channels.channel_webhook_events.error is 'Why it could not be done.';
comment on constraint channel_webhook_events_external_event_id_check on channels.channel_webhook_events is 'The external event id must not be blank, and has at most 200 characters.';
comment on constraint channel_webhook_events_topic_check on channels.channel_webhook_events is 'The topic must not be blank, and has at most 200 characters.';
comment on constraint channel_webhook_events_attempts_check on channels.channel_webhook_events is 'The attempts cannot be negative.';
comment on constraint channel_webhook_events_error_check on channels.channel_webhook_events is 'The error must not be blank, and has at most 2,000 characters.';
comment on constraint channel_webhook_events_account_id_external_event_id_key on channels.channel_webhook_events is 'This message came already.';
comment on constraint channel_webhook_events_processed_check on channels.channel_webhook_events is 'What was done with says when, and nothing else does.';
call core.install_table('channels.channel_webhook_events', 'T', 'chwe');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('channel_webhook_event', 'received', 'applied', false),
  ('channel_webhook_event', 'received', 'ignored', false),
  ('channel_webhook_event', 'received', 'parked', false),
  ('channel_webhook_event', 'received', 'failed', false),
  ('channel_webhook_event', 'parked', 'applied', false),
  ('channel_webhook_event', 'parked', 'ignored', false),
  ('channel_webhook_event', 'parked', 'failed', false),
  ('channel_webhook_event', 'failed', 'received', false);
call core.install_state_machine('channels.channel_webhook_events', 'status', 'channel_webhook_event');

create trigger channel_webhook_events_payload_immutable
  before update on channels.channel_webhook_events
  for each row when (
    (old.account_id, old.external_event_id, old.topic, old.occurred_at, old.payload)
      is distinct from (new.account_id, new.external_event_id, new.topic, new.occurred_at, new.payload))
  execute function core.refuse_update(
    'channel_webhook_events_payload_immutable_check', 'A message of a channel is kept as it came.');

-- channel_bookings ---------------------------------------------------------------------------------------------------

create table channels.channel_bookings (
  biz_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  external_booking_id text not null,
  external_version bigint not null default 0,
  external_modified_at timestamptz,
  status channels.channel_booking_status not null default 'received',
  booking_order_id uuid,
  customer_id uuid,
  location_id uuid,
  guest_name text,
  guest_email_enc bytea,
  guest_email_bidx bytea,
  guest_phone_enc bytea,
  guest_phone_bidx bytea,
  check_in_on date,
  check_out_on date,
  units integer,
  total_minor bigint,
  commission_minor bigint,
  currency char(3),
  collected_by channels.payment_collector,
  virtual_card_ref text,
  virtual_card_valid_from timestamptz,
  is_overbooked boolean not null default false,
  payload jsonb,
  received_at timestamptz not null default now(),
  imported_at timestamptz,
  acknowledged_at timestamptz,
  cancelled_at timestamptz,
  constraint channel_bookings_pkey primary key (biz_id, id),
  constraint channel_bookings_account_id_external_booking_id_key unique (biz_id, account_id, external_booking_id),
  constraint channel_bookings_booking_order_id_key unique (biz_id, booking_order_id),
  constraint channel_bookings_account_id_fkey
    foreign key (biz_id, account_id) references channels.channel_accounts (biz_id, id),
  constraint channel_bookings_booking_order_id_fkey
    foreign key (biz_id, booking_order_id) references booking.booking_orders (biz_id, id),
  constraint channel_bookings_customer_id_fkey foreign key (biz_id, customer_id) references crm.customers (biz_id, id),
  constraint channel_bookings_location_id_fkey
    foreign key (biz_id, location_id) references core.locations (biz_id, id),
  constraint channel_bookings_currency_fkey foreign key (currency) references core.currencies (code),
  constraint channel_bookings_external_booking_id_check check (
    btrim(external_booking_id) <> '' and length(external_booking_id) <= 200
  ),
  constraint channel_bookings_guest_name_check check (btrim(guest_name) <> '' and length(guest_name) <= 200),
  constraint channel_bookings_virtual_card_ref_check check (
    btrim(virtual_card_ref) <> '' and length(virtual_card_ref) <= 200
  ),
  constraint channel_bookings_external_version_check check (external_version >= 0),
  constraint channel_bookings_guest_email_check check (num_nonnulls(guest_email_enc, guest_email_bidx) <> 1),
  constraint channel_bookings_guest_phone_check check (num_nonnulls(guest_phone_enc, guest_phone_bidx) <> 1),
  constraint channel_bookings_dates_check check (
    num_nonnulls(check_in_on, check_out_on) <> 1 and check_out_on >= check_in_on
  ),
  constraint channel_bookings_units_check check (units >= 1),
  constraint channel_bookings_amounts_check check (
    total_minor >= 0 and commission_minor >= 0 and commission_minor <= total_minor
  ),
  constraint channel_bookings_currency_check check (
    currency is not null or num_nonnulls(total_minor, commission_minor) = 0
  ),
  constraint channel_bookings_imported_check check (
    status not in ('imported', 'acknowledged', 'modified') or num_nonnulls(booking_order_id, imported_at) = 2
  ),
  constraint channel_bookings_acknowledged_check check (status <> 'acknowledged' or acknowledged_at is not null),
  constraint channel_bookings_cancelled_check check ((status = 'cancelled') = (cancelled_at is not null)),
  constraint channel_bookings_payload_check check (payload is not null or status in ('cancelled', 'received'))
);
create index channel_bookings_account_received_at_idx
  on channels.channel_bookings (biz_id, account_id, received_at, id);
create index channel_bookings_check_in_on_idx on channels.channel_bookings (biz_id, location_id, check_in_on);
create index channel_bookings_open_idx on channels.channel_bookings (biz_id, status, received_at)
  where status in ('received', 'mapped', 'conflict', 'modified');
create index channel_bookings_guest_email_bidx_idx on channels.channel_bookings (biz_id, guest_email_bidx)
  where guest_email_bidx is not null;
comment on table channels.channel_bookings is 'A booking as a channel knows it, before and beside the order that it becomes here. None is ever dropped: one without a place is imported or waits for a decision.';
comment on column channels.channel_bookings.account_id is 'The account it came through.';
comment on column channels.channel_bookings.external_booking_id is 'Its id at the channel.';
comment on column channels.channel_bookings.external_version is 'Which version of it this is, as the channel counts or by the time of its change; never goes back.';
comment on column channels.channel_bookings.external_modified_at is 'When the channel last changed it.';
comment on column channels.channel_bookings.status is 'How far it has come.';
comment on column channels.channel_bookings.booking_order_id is 'The order that it became.';
comment on column channels.channel_bookings.customer_id is 'The customer that the guest is here.';
comment on column channels.channel_bookings.location_id is 'The location that it is for, once known.';
comment on column channels.channel_bookings.guest_name is 'Name of the guest, as the channel says.';
comment on column channels.channel_bookings.guest_email_enc is 'Mail address of the guest, often one that the channel made.';
comment on column channels.channel_bookings.guest_email_bidx is 'Keyed digest of that address, by which it is found.';
comment on column channels.channel_bookings.guest_phone_enc is 'Telephone number of the guest.';
comment on column channels.channel_bookings.guest_phone_bidx is 'Keyed digest of that number, by which it is found.';
comment on column channels.channel_bookings.check_in_on is 'Local day of arrival, of a stay.';
comment on column channels.channel_bookings.check_out_on is 'Local day of departure, of a stay.';
comment on column channels.channel_bookings.units is 'How many units were booked.';
comment on column channels.channel_bookings.total_minor is 'What the guest pays in all, in minor units.';
comment on column channels.channel_bookings.commission_minor is 'What the channel keeps of it, in minor units.';
comment on column channels.channel_bookings.currency is 'The currency of these amounts.';
comment on column channels.channel_bookings.collected_by is 'Who takes the guest''s money.';
comment on column channels.channel_bookings.virtual_card_ref is 'The processor''s token of the card that the channel made for it; never a card number.';
comment on column channels.channel_bookings.virtual_card_valid_from is 'From when that card can be charged.';
comment on column channels.channel_bookings.is_overbooked is 'Whether it was imported though there was no place.';
comment on column channels.channel_bookings.payload is 'The booking as the channel last sent it; empty where only its cancellation came.';
comment on column channels.channel_bookings.received_at is 'When it first came.';
comment on column channels.channel_bookings.imported_at is 'When it became an order here.';
comment on column channels.channel_bookings.acknowledged_at is 'When the channel was told so.';
comment on column channels.channel_bookings.cancelled_at is 'When the channel called it off.';
comment on constraint channel_bookings_external_booking_id_check on channels.channel_bookings is 'The external booking id must not be blank, and has at most 200 characters.';
comment on constraint channel_bookings_guest_name_check on channels.channel_bookings is 'The guest name must not be blank, and has at most 200 characters.';
comment on constraint channel_bookings_virtual_card_ref_check on channels.channel_bookings is 'The virtual card ref must not be blank, and has at most 200 characters.';
comment on constraint channel_bookings_account_id_external_booking_id_key on channels.channel_bookings is 'This booking of the channel is here already.';
comment on constraint channel_bookings_booking_order_id_key on channels.channel_bookings is 'This order came of another booking of a channel.';
comment on constraint channel_bookings_external_version_check on channels.channel_bookings is 'Versions are not negative.';
comment on constraint channel_bookings_guest_email_check on channels.channel_bookings is 'A mail address is kept together with its digest.';
comment on constraint channel_bookings_guest_phone_check on channels.channel_bookings is 'A telephone number is kept together with its digest.';
comment on constraint channel_bookings_dates_check on channels.channel_bookings is 'A stay has a day of arrival and a day of departure, which cannot be before it.';
comment on constraint channel_bookings_units_check on channels.channel_bookings is 'At least one unit is booked.';
comment on constraint channel_bookings_amounts_check on channels.channel_bookings is 'The commission lies between nothing and the total.';
comment on constraint channel_bookings_currency_check on channels.channel_bookings is 'Amounts have a currency.';
comment on constraint channel_bookings_imported_check on channels.channel_bookings is 'A booking that was imported names its order.';
comment on constraint channel_bookings_acknowledged_check on channels.channel_bookings is 'A booking that was acknowledged says when.';
comment on constraint channel_bookings_cancelled_check on channels.channel_bookings is 'A booking that was called off says when, and no other does.';
comment on constraint channel_bookings_payload_check on channels.channel_bookings is 'Only of a cancellation may nothing else have come.';
call core.install_table('channels.channel_bookings', 'T', 'chbk', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('channel_booking', 'received', 'mapped', false),
  ('channel_booking', 'received', 'conflict', false),
  ('channel_booking', 'received', 'cancelled', false),
  ('channel_booking', 'mapped', 'imported', false),
  ('channel_booking', 'mapped', 'conflict', false),
  ('channel_booking', 'mapped', 'cancelled', false),
  ('channel_booking', 'conflict', 'mapped', false),
  ('channel_booking', 'conflict', 'imported', false),
  ('channel_booking', 'conflict', 'rejected', true),
  ('channel_booking', 'conflict', 'cancelled', false),
  ('channel_booking', 'imported', 'acknowledged', false),
  ('channel_booking', 'imported', 'modified', false),
  ('channel_booking', 'imported', 'conflict', false),
  ('channel_booking', 'imported', 'cancelled', false),
  ('channel_booking', 'acknowledged', 'modified', false),
  ('channel_booking', 'acknowledged', 'conflict', false),
  ('channel_booking', 'acknowledged', 'cancelled', false),
  ('channel_booking', 'modified', 'imported', false),
  ('channel_booking', 'modified', 'conflict', false),
  ('channel_booking', 'modified', 'cancelled', false),
  ('channel_booking', 'rejected', 'received', false),
  ('channel_booking', 'rejected', 'cancelled', false),
  ('channel_booking', 'cancelled', 'received', false);
call core.install_state_machine('channels.channel_bookings', 'status', 'channel_booking');

create trigger channel_bookings_version_forward
  before update on channels.channel_bookings
  for each row when (
    new.external_version < old.external_version
    or (old.status in ('cancelled', 'rejected') and new.status = 'received' and new.external_version = old.external_version))
  execute function core.refuse_update(
    'channel_bookings_version_forward_check', 'This is older than what is known of the booking, or as old.');
create trigger channel_bookings_identity_immutable
  before update on channels.channel_bookings
  for each row when (
    (old.account_id, old.external_booking_id) is distinct from (new.account_id, new.external_booking_id)
    or (old.booking_order_id is not null and new.booking_order_id is distinct from old.booking_order_id))
  execute function core.refuse_update(
    'channel_bookings_identity_immutable_check', 'A booking stays that of its channel, and with its order.');

-- channel_conflicts --------------------------------------------------------------------------------------------------

create table channels.channel_conflicts (
  biz_id uuid not null,
  id uuid not null,
  channel_booking_id uuid not null,
  kind channels.conflict_kind not null,
  status channels.conflict_status not null default 'open',
  detail jsonb not null default '{}',
  expected_minor bigint,
  actual_minor bigint,
  currency char(3),
  assigned_member_id uuid,
  due_at timestamptz,
  resolution channels.conflict_resolution,
  note text,
  decided_at timestamptz,
  decided_by_id uuid,
  created_at timestamptz not null default now(),
  constraint channel_conflicts_pkey primary key (biz_id, id),
  constraint channel_conflicts_channel_booking_id_fkey
    foreign key (biz_id, channel_booking_id) references channels.channel_bookings (biz_id, id),
  constraint channel_conflicts_currency_fkey foreign key (currency) references core.currencies (code),
  constraint channel_conflicts_assigned_member_id_fkey
    foreign key (biz_id, assigned_member_id) references identity.members (biz_id, id),
  constraint channel_conflicts_decided_by_id_fkey foreign key (decided_by_id) references identity.users (id),
  constraint channel_conflicts_detail_check check (jsonb_typeof(detail) = 'object'),
  constraint channel_conflicts_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint channel_conflicts_amounts_check check (expected_minor >= 0 and actual_minor >= 0),
  constraint channel_conflicts_currency_check check (
    currency is not null or num_nonnulls(expected_minor, actual_minor) = 0
  ),
  constraint channel_conflicts_price_check check (
    kind <> 'price_mismatch' or num_nonnulls(expected_minor, actual_minor) = 2
  ),
  constraint channel_conflicts_resolved_check check ((status = 'resolved') = (resolution is not null)),
  constraint channel_conflicts_decided_check check ((status = 'open') = (decided_at is null))
);
create unique index channel_conflicts_open_key on channels.channel_conflicts (biz_id, channel_booking_id, kind)
  where status = 'open';
create index channel_conflicts_open_idx on channels.channel_conflicts (biz_id, created_at) where status = 'open';
comment on table channels.channel_conflicts is 'That somebody must decide about a booking of a channel.';
comment on column channels.channel_conflicts.channel_booking_id is 'The booking.';
comment on column channels.channel_conflicts.kind is 'Why.';
comment on column channels.channel_conflicts.status is 'How far the decision has come.';
comment on column channels.channel_conflicts.detail is 'What is at odds, by name.';
comment on column channels.channel_conflicts.expected_minor is 'The price it should have, in minor units.';
comment on column channels.channel_conflicts.actual_minor is 'The price it has, in minor units.';
comment on column channels.channel_conflicts.currency is 'The currency of these amounts.';
comment on column channels.channel_conflicts.assigned_member_id is 'The member who is to decide.';
comment on column channels.channel_conflicts.due_at is 'When the channel wants an answer at the latest.';
comment on column channels.channel_conflicts.resolution is 'What was decided.';
comment on column channels.channel_conflicts.note is 'What else there is to say of it.';
comment on column channels.channel_conflicts.decided_at is 'When it was decided.';
comment on column channels.channel_conflicts.decided_by_id is 'The user who decided; empty where the program did.';
comment on constraint channel_conflicts_detail_check on channels.channel_conflicts is 'The detail must be a JSON object.';
comment on constraint channel_conflicts_note_check on channels.channel_conflicts is 'The note must not be blank, and has at most 2,000 characters.';
comment on constraint channel_conflicts_decided_by_id_fkey on channels.channel_conflicts is 'Whoever decided must be an existing user.';
comment on constraint channel_conflicts_amounts_check on channels.channel_conflicts is 'Prices are not negative.';
comment on constraint channel_conflicts_currency_check on channels.channel_conflicts is 'Amounts have a currency.';
comment on constraint channel_conflicts_price_check on channels.channel_conflicts is 'A wrong price is named together with the right one.';
comment on constraint channel_conflicts_resolved_check on channels.channel_conflicts is 'What was resolved says how, and nothing else does.';
comment on constraint channel_conflicts_decided_check on channels.channel_conflicts is 'What was decided says when, and nothing else does.';
comment on index channels.channel_conflicts_open_key is 'This is open for a decision already.';
call core.install_table('channels.channel_conflicts', 'T', 'chcf', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('channel_conflict', 'open', 'resolved', false),
  ('channel_conflict', 'open', 'dismissed', true),
  ('channel_conflict', 'resolved', 'open', true),
  ('channel_conflict', 'dismissed', 'open', true);
call core.install_state_machine('channels.channel_conflicts', 'status', 'channel_conflict');

-- calendar_connections -----------------------------------------------------------------------------------------------

create table channels.calendar_connections (
  biz_id uuid not null,
  id uuid not null,
  resource_id uuid,
  user_id uuid,
  account_id uuid,
  provider channels.calendar_provider not null,
  external_calendar_id text not null,
  name text,
  direction channels.calendar_direction not null default 'both',
  is_busy_only boolean not null default true,
  status channels.calendar_connection_status not null default 'active',
  token_sealed bytea,
  feed_url_sealed bytea,
  export_token_hash bytea,
  sync_token text,
  watch_ref text,
  watch_expires_at timestamptz,
  last_synced_at timestamptz,
  failure_count integer not null default 0,
  last_error text,
  deleted_at timestamptz,
  constraint calendar_connections_pkey primary key (biz_id, id),
  constraint calendar_connections_resource_id_fkey
    foreign key (biz_id, resource_id) references resources.resources (biz_id, id),
  constraint calendar_connections_user_id_fkey foreign key (user_id) references identity.users (id),
  constraint calendar_connections_account_id_fkey
    foreign key (biz_id, account_id) references channels.channel_accounts (biz_id, id),
  constraint calendar_connections_external_calendar_id_check check (
    btrim(external_calendar_id) <> '' and length(external_calendar_id) <= 500
  ),
  constraint calendar_connections_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint calendar_connections_export_token_hash_check check (octet_length(export_token_hash) = 32),
  constraint calendar_connections_sync_token_check check (btrim(sync_token) <> '' and length(sync_token) <= 2000),
  constraint calendar_connections_watch_ref_check check (btrim(watch_ref) <> '' and length(watch_ref) <= 500),
  constraint calendar_connections_failure_count_check check (failure_count >= 0),
  constraint calendar_connections_last_error_check check (btrim(last_error) <> '' and length(last_error) <= 2000),
  constraint calendar_connections_whose_check check (num_nonnulls(resource_id, user_id) = 1),
  constraint calendar_connections_feed_check check (
    (provider = 'ical' and direction <> 'export') = (feed_url_sealed is not null)
  ),
  constraint calendar_connections_ical_check check (provider <> 'ical' or direction <> 'both'),
  constraint calendar_connections_watch_check check (num_nonnulls(watch_ref, watch_expires_at) <> 1)
);
create unique index calendar_connections_resource_key
  on channels.calendar_connections (biz_id, resource_id, provider, external_calendar_id, direction)
  where resource_id is not null and deleted_at is null;
create unique index calendar_connections_user_key
  on channels.calendar_connections (biz_id, user_id, provider, external_calendar_id, direction)
  where user_id is not null and deleted_at is null;
create unique index calendar_connections_export_token_hash_key
  on channels.calendar_connections (biz_id, export_token_hash)
  where export_token_hash is not null;
create index calendar_connections_watch_expires_at_idx on channels.calendar_connections (watch_expires_at)
  where watch_expires_at is not null;
comment on table channels.calendar_connections is 'A calendar elsewhere of a resource or a person, kept in step with what is booked here.';
comment on column channels.calendar_connections.resource_id is 'The resource whose calendar it is.';
comment on column channels.calendar_connections.user_id is 'The user whose calendar it is, otherwise.';
comment on column channels.calendar_connections.account_id is 'The account over which it is reached, where several calendars share one.';
comment on column channels.calendar_connections.provider is 'Who keeps it.';
comment on column channels.calendar_connections.external_calendar_id is 'Its id there, for example a mail address; of a file, a digest of its address.';
comment on column channels.calendar_connections.name is 'What it is called there.';
comment on column channels.calendar_connections.direction is 'Which way events go.';
comment on column channels.calendar_connections.is_busy_only is 'Whether only when somebody is busy goes over, not what with.';
comment on column channels.calendar_connections.status is 'Whether it is kept in step.';
comment on column channels.calendar_connections.token_sealed is 'What opens it, sealed by the server.';
comment on column channels.calendar_connections.feed_url_sealed is 'The address of a file in iCalendar form, sealed by the server, as whoever has it can read it.';
comment on column channels.calendar_connections.export_token_hash is 'SHA-256 of the token in the address at which others read this calendar.';
comment on column channels.calendar_connections.sync_token is 'From where the other side goes on next time, in its own words.';
comment on column channels.calendar_connections.watch_ref is 'The other side''s name for its promise to tell of changes.';
comment on column channels.calendar_connections.watch_expires_at is 'When that promise must be renewed.';
comment on column channels.calendar_connections.last_synced_at is 'When it was last in step.';
comment on column channels.calendar_connections.failure_count is 'How often in a row it did not work.';
comment on column channels.calendar_connections.last_error is 'What the other side said then.';
comment on constraint calendar_connections_external_calendar_id_check on channels.calendar_connections is 'The external calendar id must not be blank, and has at most 500 characters.';
comment on constraint calendar_connections_name_check on channels.calendar_connections is 'The name must not be blank, and has at most 200 characters.';
comment on constraint calendar_connections_export_token_hash_check on channels.calendar_connections is 'A digest has 32 bytes.';
comment on constraint calendar_connections_sync_token_check on channels.calendar_connections is 'The sync token must not be blank, and has at most 2,000 characters.';
comment on constraint calendar_connections_watch_ref_check on channels.calendar_connections is 'The watch ref must not be blank, and has at most 500 characters.';
comment on constraint calendar_connections_failure_count_check on channels.calendar_connections is 'The failure count cannot be negative.';
comment on constraint calendar_connections_last_error_check on channels.calendar_connections is 'The last error must not be blank, and has at most 2,000 characters.';
comment on constraint calendar_connections_whose_check on channels.calendar_connections is 'A calendar is that of either a resource or a user.';
comment on constraint calendar_connections_feed_check on channels.calendar_connections is 'What is read from a file has its address, and nothing else has.';
comment on constraint calendar_connections_ical_check on channels.calendar_connections is 'A file is either read or written.';
comment on constraint calendar_connections_watch_check on channels.calendar_connections is 'A promise to tell of changes has an end.';
comment on index channels.calendar_connections_resource_key is 'This calendar is connected already.';
comment on index channels.calendar_connections_user_key is 'This calendar is connected already.';
comment on index channels.calendar_connections_export_token_hash_key is 'This token exists already.';
call core.install_table('channels.calendar_connections', 'M', 'chcc', 'LinkedCalendar');
call core.configure_graph('channels.calendar_connections', plain_writes => false);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('calendar_connection', 'active', 'paused', false),
  ('calendar_connection', 'active', 'failing', false),
  ('calendar_connection', 'active', 'revoked', false),
  ('calendar_connection', 'failing', 'active', false),
  ('calendar_connection', 'failing', 'paused', false),
  ('calendar_connection', 'failing', 'revoked', false),
  ('calendar_connection', 'paused', 'active', false),
  ('calendar_connection', 'paused', 'revoked', false),
  ('calendar_connection', 'revoked', 'active', false);
call core.install_state_machine('channels.calendar_connections', 'status', 'calendar_connection');

-- calendar_connection_events -----------------------------------------------------------------------------------------

create table channels.calendar_connection_events (
  biz_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  external_event_id text not null,
  external_version text,
  origin channels.sync_direction not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  is_busy boolean not null default true,
  summary_enc bytea,
  subject_type text,
  subject_id uuid,
  deleted_there_at timestamptz,
  constraint calendar_connection_events_pkey primary key (biz_id, id),
  constraint calendar_connection_events_connection_id_external_event_id_key unique (biz_id, connection_id, external_event_id),
  constraint calendar_connection_events_connection_id_fkey
    foreign key (biz_id, connection_id) references channels.calendar_connections (biz_id, id),
  constraint calendar_connection_events_subject_fkey
    foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint calendar_connection_events_external_event_id_check check (
    btrim(external_event_id) <> '' and length(external_event_id) <= 500
  ),
  constraint calendar_connection_events_external_version_check check (
    btrim(external_version) <> '' and length(external_version) <= 200
  ),
  constraint calendar_connection_events_subject_check check (num_nonnulls(subject_type, subject_id) <> 1),
  constraint calendar_connection_events_times_check check (ends_at > starts_at),
  constraint calendar_connection_events_origin_check check (origin = 'pull' or subject_id is not null)
);
create index calendar_connection_events_connection_starts_at_idx
  on channels.calendar_connection_events (biz_id, connection_id, starts_at)
  where deleted_there_at is null;
comment on table channels.calendar_connection_events is 'One event of a connected calendar, and what it corresponds to here. By it an event that went over does not come back as a new one.';
comment on column channels.calendar_connection_events.connection_id is 'The calendar.';
comment on column channels.calendar_connection_events.external_event_id is 'Its id there.';
comment on column channels.calendar_connection_events.external_version is 'The mark of its version there, by which a change is seen.';
comment on column channels.calendar_connection_events.origin is 'Where it began: push here, pull there.';
comment on column channels.calendar_connection_events.starts_at is 'When it begins.';
comment on column channels.calendar_connection_events.ends_at is 'When it ends, that instant not included.';
comment on column channels.calendar_connection_events.is_busy is 'Whether it takes time, or is only a note.';
comment on column channels.calendar_connection_events.summary_enc is 'What it is, where not only being busy goes over.';
comment on column channels.calendar_connection_events.subject_type is 'What it is here: an entity name, for example BookingOrder.';
comment on column channels.calendar_connection_events.subject_id is 'Which one: its id.';
comment on column channels.calendar_connection_events.deleted_there_at is 'When it was deleted there.';
comment on constraint calendar_connection_events_external_event_id_check on channels.calendar_connection_events is 'The external event id must not be blank, and has at most 500 characters.';
comment on constraint calendar_connection_events_external_version_check on channels.calendar_connection_events is 'The external version must not be blank, and has at most 200 characters.';
comment on constraint calendar_connection_events_subject_fkey on channels.calendar_connection_events is 'Must be an existing subject of this tenant.';
comment on constraint calendar_connection_events_subject_check on channels.calendar_connection_events is 'A subject has a type and an id.';
comment on constraint calendar_connection_events_connection_id_external_event_id_key on channels.calendar_connection_events is 'This event is here already.';
comment on constraint calendar_connection_events_times_check on channels.calendar_connection_events is 'The end must be after the start.';
comment on constraint calendar_connection_events_origin_check on channels.calendar_connection_events is 'What began here is something here.';
call core.install_table('channels.calendar_connection_events', 'T', 'chce');
