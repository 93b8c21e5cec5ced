-- Channels: agencies, marketplaces and other systems that sell for a tenant or keep its data as well, and what goes
-- to and fro. Bookings that come from them and calendars stand in the next file.

create schema channels;
comment on schema channels is
  'Other systems that sell for a tenant or share its data: accounts there, what corresponds to what, and what goes to and fro.';

create domain channels.channel_kind as text
  constraint channel_kind_check check (value in (
    'ota', 'metasearch', 'gds', 'wholesaler', 'marketplace', 'delivery', 'channel_manager', 'connector',
    'calendar'
  ));
comment on domain channels.channel_kind is
  'What kind of system a channel is.
ota: An online travel agency, for example Booking.com.
metasearch: A site that compares prices and sends on.
gds: A global distribution system of travel agents.
wholesaler: Somebody who buys in bulk and sells on.
marketplace: A site that sells things or services of many.
delivery: A service that takes orders of food or goods and brings them.
channel_manager: A system that itself connects to many others.
connector: Another program of the tenant, for example a shop or an accounting system.
calendar: A calendar service.';
comment on constraint channel_kind_check on domain channels.channel_kind is 'Unknown channel kind.';

create domain channels.account_status as text
  constraint account_status_check check (value in ('pending', 'connected', 'degraded', 'suspended', 'disconnected'));
comment on domain channels.account_status is
  'Whether data go to and from an account.
pending: Not yet; it is being set up.
connected: They do.
degraded: They do, with errors.
suspended: Not for now, by choice of the tenant or as the channel refuses.
disconnected: No more.';
comment on constraint account_status_check on domain channels.account_status is 'Unknown account status.';

create domain channels.linked_entity as text
  constraint linked_entity_check check (
    value in ('unit_type', 'rate_plan', 'offer', 'product', 'customer', 'order', 'resource', 'location', 'invoice')
  );
comment on domain channels.linked_entity is
  'What corresponds to something at a channel.
unit_type: A type of units, at most channels called room type.
rate_plan: A rate plan.
offer: An offer.
product: A product or a variant of it.
customer: A customer.
order: A booking or a sale.
resource: A resource.
location: A location, at most channels called property.
invoice: An invoice.';
comment on constraint linked_entity_check on domain channels.linked_entity is 'Unknown linked entity.';

create domain channels.link_status as text
  constraint link_status_check check (value in ('active', 'paused', 'broken'));
comment on domain channels.link_status is
  'Whether a correspondence is used.
active: It is.
paused: Not for now, by choice of the tenant.
broken: Not any more, as the channel does not know it.';
comment on constraint link_status_check on domain channels.link_status is 'Unknown link status.';

create domain channels.sync_stream as text
  constraint sync_stream_check check (
    value in ('rates', 'inventory', 'bookings', 'content', 'customers', 'messages', 'reviews')
  );
comment on domain channels.sync_stream is
  'What kind of data goes over.
rates: Prices and conditions.
inventory: How much is left to sell.
bookings: Bookings and orders.
content: Texts and pictures.
customers: The people of its bookings.
messages: Messages of guests.
reviews: What guests wrote there.';
comment on constraint sync_stream_check on domain channels.sync_stream is 'Unknown sync stream.';

create domain channels.sync_direction as text
  constraint sync_direction_check check (value in ('push', 'pull'));
comment on domain channels.sync_direction is
  'Which way data go.
push: From here to the channel.
pull: From the channel to here.';
comment on constraint sync_direction_check on domain channels.sync_direction is 'Unknown sync direction.';

create domain channels.sync_job_status as text
  constraint sync_job_status_check check (
    value in ('queued', 'running', 'succeeded', 'partially_succeeded', 'failed', 'cancelled')
  );
comment on domain channels.sync_job_status is
  'How far a transfer has come.
queued: It waits for its time.
running: It is under way.
succeeded: All went over.
partially_succeeded: Some of it was refused.
failed: Nothing went over; it is tried again, or given up.
cancelled: Called off.';
comment on constraint sync_job_status_check on domain channels.sync_job_status is 'Unknown sync job status.';

create domain channels.sync_item_status as text
  constraint sync_item_status_check check (value in ('pending', 'ok', 'skipped', 'failed'));
comment on domain channels.sync_item_status is
  'What became of one thing of a transfer.
pending: Not sent yet.
ok: It went over.
skipped: Nothing had changed since last time.
failed: It was refused.';
comment on constraint sync_item_status_check on domain channels.sync_item_status is 'Unknown sync item status.';

create domain channels.overbook_policy as text
  constraint overbook_policy_check check (value in ('import_and_alert', 'hold_for_review'));
comment on domain channels.overbook_policy is
  'What is done with a booking of a channel for which there is no place.
import_and_alert: It becomes an order all the same, and staff are told at once.
hold_for_review: It waits until somebody decides.';
comment on constraint overbook_policy_check on domain channels.overbook_policy is 'Unknown overbook policy.';

create domain channels.log_level as text
  constraint log_level_check check (value in ('debug', 'info', 'warning', 'error'));
comment on domain channels.log_level is
  'How grave a line of the log is.
debug: For those who look for an error.
info: As expected.
warning: Unexpected, and dealt with.
error: Something did not work.';
comment on constraint log_level_check on domain channels.log_level is 'Unknown log level.';

-- channel_accounts ---------------------------------------------------------------------------------------------------

create table channels.channel_accounts (
  biz_id uuid not null,
  id uuid not null,
  name text not null,
  kind channels.channel_kind not null,
  provider text not null,
  external_account_id text not null,
  status channels.account_status not null default 'pending',
  is_test boolean not null default false,
  credentials_sealed bytea,
  credentials_ref text,
  credentials_rotated_at timestamptz,
  credentials_expires_at timestamptz,
  capabilities text[] not null default '{}',
  commission_rate numeric(9, 6),
  currency char(3),
  timezone text,
  overbook_policy channels.overbook_policy not null default 'import_and_alert',
  settings jsonb not null default '{}',
  last_ok_at timestamptz,
  last_error_at timestamptz,
  last_error text,
  connected_at timestamptz,
  deleted_at timestamptz,
  constraint channel_accounts_pkey primary key (biz_id, id),
  constraint channel_accounts_currency_fkey foreign key (currency) references core.currencies (code),
  constraint channel_accounts_timezone_fkey
    foreign key (timezone) references core.timezones (name),
  constraint channel_accounts_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint channel_accounts_external_account_id_check check (
    btrim(external_account_id) <> '' and length(external_account_id) <= 200
  ),
  constraint channel_accounts_credentials_ref_check check (
    btrim(credentials_ref) <> '' and length(credentials_ref) <= 500
  ),
  constraint channel_accounts_settings_check check (jsonb_typeof(settings) = 'object'),
  constraint channel_accounts_last_error_check check (btrim(last_error) <> '' and length(last_error) <= 2000),
  constraint channel_accounts_provider_check check (provider ~ '^[a-z][a-z0-9_]{0,62}$'),
  constraint channel_accounts_credentials_check check (num_nonnulls(credentials_sealed, credentials_ref) <= 1),
  constraint channel_accounts_capabilities_check check (
    array_position(capabilities, null) is null and cardinality(capabilities) <= 50
  ),
  constraint channel_accounts_commission_rate_check check (commission_rate >= 0 and commission_rate < 1),
  constraint channel_accounts_connected_check check (
    connected_at is not null or status in ('pending', 'disconnected')
  )
);
create unique index channel_accounts_external_account_id_key
  on channels.channel_accounts (biz_id, provider, external_account_id)
  where deleted_at is null;
create index channel_accounts_status_idx on channels.channel_accounts (biz_id, status, name);
comment on table channels.channel_accounts is 'An account of the tenant at another system, over which it sells there or exchanges data.';
comment on column channels.channel_accounts.name is 'What staff call it.';
comment on column channels.channel_accounts.kind is 'What kind of system it is.';
comment on column channels.channel_accounts.provider is 'Which system, by the name of its adapter, for example booking_com.';
comment on column channels.channel_accounts.external_account_id is 'The account''s id there, for example the hotel id.';
comment on column channels.channel_accounts.status is 'Whether data go over.';
comment on column channels.channel_accounts.is_test is 'Whether it is an account for trying things out.';
comment on column channels.channel_accounts.credentials_sealed is 'What opens the account, sealed by the server.';
comment on column channels.channel_accounts.credentials_ref is 'Where that is kept, if in a store of secrets outside.';
comment on column channels.channel_accounts.credentials_rotated_at is 'When it was last renewed.';
comment on column channels.channel_accounts.credentials_expires_at is 'When it must be renewed at the latest.';
comment on column channels.channel_accounts.capabilities is 'What the adapter can do there: names of streams and directions, for example rates.push.';
comment on column channels.channel_accounts.commission_rate is 'What the channel keeps of a booking, as a fraction: 0.15 is 15 %.';
comment on column channels.channel_accounts.currency is 'The currency of prices there; empty where it takes that of the location.';
comment on column channels.channel_accounts.timezone is 'The time zone in which the channel reckons days; empty where by that of the location.';
comment on column channels.channel_accounts.overbook_policy is 'What is done with a booking that has no place. It is never dropped.';
comment on column channels.channel_accounts.settings is 'What the adapter needs to know beyond these columns.';
comment on column channels.channel_accounts.last_ok_at is 'When something last went over.';
comment on column channels.channel_accounts.last_error_at is 'When something last did not.';
comment on column channels.channel_accounts.last_error is 'What the channel said then.';
comment on column channels.channel_accounts.connected_at is 'When it was first connected.';
comment on constraint channel_accounts_name_check on channels.channel_accounts is 'The name must not be blank, and has at most 200 characters.';
comment on constraint channel_accounts_external_account_id_check on channels.channel_accounts is 'The external account id must not be blank, and has at most 200 characters.';
comment on constraint channel_accounts_credentials_ref_check on channels.channel_accounts is 'The credentials ref must not be blank, and has at most 500 characters.';
comment on constraint channel_accounts_settings_check on channels.channel_accounts is 'The settings must be a JSON object.';
comment on constraint channel_accounts_last_error_check on channels.channel_accounts is 'The last error must not be blank, and has at most 2,000 characters.';
comment on constraint channel_accounts_provider_check on channels.channel_accounts is 'The name of an adapter is lower snake case, with at most 63 characters.';
comment on constraint channel_accounts_credentials_check on channels.channel_accounts is 'What opens an account is kept here or outside, not both.';
comment on constraint channel_accounts_capabilities_check on channels.channel_accounts is 'An account has at most 50 capabilities.';
comment on constraint channel_accounts_commission_rate_check on channels.channel_accounts is 'A commission is a fraction from 0 up to 1.';
comment on constraint channel_accounts_connected_check on channels.channel_accounts is 'An account that is connected says since when.';
comment on index channels.channel_accounts_external_account_id_key is 'This account of the channel is known already.';
call core.install_table('channels.channel_accounts', 'M', 'chac', registrable => true);
call core.configure_graph('channels.channel_accounts', plain_writes => false, aggregates => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('channel_account', 'pending', 'connected', false),
  ('channel_account', 'pending', 'disconnected', false),
  ('channel_account', 'connected', 'degraded', false),
  ('channel_account', 'connected', 'suspended', true),
  ('channel_account', 'connected', 'disconnected', true),
  ('channel_account', 'degraded', 'connected', false),
  ('channel_account', 'degraded', 'suspended', true),
  ('channel_account', 'degraded', 'disconnected', true),
  ('channel_account', 'suspended', 'connected', false),
  ('channel_account', 'suspended', 'disconnected', false),
  ('channel_account', 'disconnected', 'pending', false);
call core.install_state_machine('channels.channel_accounts', 'status', 'channel_account');

-- channel_account_locations ------------------------------------------------------------------------------------------

create table channels.channel_account_locations (
  biz_id uuid not null,
  account_id uuid not null,
  location_id uuid not null,
  constraint channel_account_locations_pkey primary key (biz_id, account_id, location_id),
  constraint channel_account_locations_account_id_fkey
    foreign key (biz_id, account_id) references channels.channel_accounts (biz_id, id),
  constraint channel_account_locations_location_id_fkey
    foreign key (biz_id, location_id) references core.locations (biz_id, id)
);
comment on table channels.channel_account_locations is 'A location that an account sells for. An account with none sells for all of them.';
comment on column channels.channel_account_locations.account_id is 'The account.';
comment on column channels.channel_account_locations.location_id is 'The location.';
comment on constraint channel_account_locations_pkey on channels.channel_account_locations is 'The account sells for this location already.';
call core.install_table('channels.channel_account_locations', 'L', null);

-- channel_entity_links -----------------------------------------------------------------------------------------------

create table channels.channel_entity_links (
  biz_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  entity channels.linked_entity not null,
  subject_type text not null,
  subject_id uuid not null,
  external_id text not null,
  external_parent_id text,
  external_name text,
  settings jsonb not null default '{}',
  status channels.link_status not null default 'active',
  last_synced_at timestamptz,
  deleted_at timestamptz,
  constraint channel_entity_links_pkey primary key (biz_id, id),
  constraint channel_entity_links_account_id_fkey
    foreign key (biz_id, account_id) references channels.channel_accounts (biz_id, id),
  constraint channel_entity_links_subject_fkey
    foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint channel_entity_links_external_id_check check (btrim(external_id) <> '' and length(external_id) <= 200),
  constraint channel_entity_links_external_parent_id_check check (
    btrim(external_parent_id) <> '' and length(external_parent_id) <= 200
  ),
  constraint channel_entity_links_external_name_check check (
    btrim(external_name) <> '' and length(external_name) <= 500
  ),
  constraint channel_entity_links_settings_check check (jsonb_typeof(settings) = 'object'),
  constraint channel_entity_links_subject_type_check check (
    subject_type = any (case entity when 'unit_type' then array['UnitType']
    when 'rate_plan' then array['RatePlan'] when 'offer' then array['Offer', 'OfferVersion']
    when 'product' then array['Product', 'ProductVariant', 'Sellable'] when 'customer' then array['Customer']
    when 'order' then array['BookingOrder', 'Sale'] when 'resource' then array['Resource']
    when 'location' then array['Location'] when 'invoice' then array['Invoice'] end)
  )
);
create unique index channel_entity_links_external_id_key
  on channels.channel_entity_links (biz_id, account_id, entity, external_parent_id, external_id) nulls not distinct
  where deleted_at is null;
create unique index channel_entity_links_subject_key
  on channels.channel_entity_links (biz_id, account_id, entity, subject_type, subject_id, external_parent_id) nulls not distinct
  where deleted_at is null;
create index channel_entity_links_subject_idx on channels.channel_entity_links (biz_id, subject_type, subject_id);
comment on table channels.channel_entity_links is 'That something here corresponds to something at a channel, such as a unit type to a room type there.';
comment on column channels.channel_entity_links.account_id is 'The account at the channel.';
comment on column channels.channel_entity_links.entity is 'What it is.';
comment on column channels.channel_entity_links.subject_type is 'Its row here: an entity name, for example UnitType.';
comment on column channels.channel_entity_links.subject_id is 'Which one: its id.';
comment on column channels.channel_entity_links.external_id is 'Its id there.';
comment on column channels.channel_entity_links.external_parent_id is 'The id there of what it is part of, where ids are unique only within: the room type of a rate.';
comment on column channels.channel_entity_links.external_name is 'Its name there, as last seen.';
comment on column channels.channel_entity_links.settings is 'What the adapter needs to know of it.';
comment on column channels.channel_entity_links.status is 'Whether it is used.';
comment on column channels.channel_entity_links.last_synced_at is 'When it last went over.';
comment on constraint channel_entity_links_subject_fkey on channels.channel_entity_links is 'Must be an existing subject of this tenant.';
comment on constraint channel_entity_links_external_id_check on channels.channel_entity_links is 'The external id must not be blank, and has at most 200 characters.';
comment on constraint channel_entity_links_external_parent_id_check on channels.channel_entity_links is 'The external parent id must not be blank, and has at most 200 characters.';
comment on constraint channel_entity_links_external_name_check on channels.channel_entity_links is 'The external name must not be blank, and has at most 500 characters.';
comment on constraint channel_entity_links_settings_check on channels.channel_entity_links is 'The settings must be a JSON object.';
comment on constraint channel_entity_links_subject_type_check on channels.channel_entity_links is 'What is said to correspond is of another kind than its row.';
comment on index channels.channel_entity_links_external_id_key is 'This is linked at the channel already.';
comment on index channels.channel_entity_links_subject_key is 'This is linked to something of the channel already.';
call core.install_table('channels.channel_entity_links', 'M', 'chel');
call core.configure_graph('channels.channel_entity_links', aggregates => true, plain_moves => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('channel_entity_link', 'active', 'paused', false),
  ('channel_entity_link', 'active', 'broken', false),
  ('channel_entity_link', 'paused', 'active', false),
  ('channel_entity_link', 'paused', 'broken', false),
  ('channel_entity_link', 'broken', 'active', false),
  ('channel_entity_link', 'broken', 'paused', false);
call core.install_state_machine('channels.channel_entity_links', 'status', 'channel_entity_link');

-- channel_rate_rules -------------------------------------------------------------------------------------------------

create table channels.channel_rate_rules (
  biz_id uuid not null,
  id uuid not null,
  link_id uuid not null,
  markup_rate numeric(9, 6) not null default 0,
  markup_minor bigint not null default 0,
  rounding_minor bigint not null default 1,
  currency char(3) not null,
  min_stay_nights smallint,
  min_stay_by_weekday integer[],
  max_units integer,
  release_days smallint not null default 0,
  is_closed boolean not null default false,
  starts_on date,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  deleted_at timestamptz,
  constraint channel_rate_rules_pkey primary key (biz_id, id),
  constraint channel_rate_rules_link_id_fkey
    foreign key (biz_id, link_id) references channels.channel_entity_links (biz_id, id),
  constraint channel_rate_rules_currency_fkey foreign key (currency) references core.currencies (code),
  constraint channel_rate_rules_markup_check check (markup_rate > -1 and markup_rate <= 10),
  constraint channel_rate_rules_rounding_check check (rounding_minor >= 1),
  constraint channel_rate_rules_min_stay_check check (min_stay_nights between 1 and 365),
  constraint channel_rate_rules_min_stay_by_weekday_check check (
    cardinality(min_stay_by_weekday) = 7 and 1 <= all (min_stay_by_weekday)
  ),
  constraint channel_rate_rules_limits_check check (max_units >= 0 and release_days between 0 and 365),
  constraint channel_rate_rules_dates_check check (ends_on > starts_on),
  constraint channel_rate_rules_no_overlap_excl
    exclude using gist (biz_id with =, link_id with =, period with &&) where (deleted_at is null)
);
comment on table channels.channel_rate_rules is 'How a price or condition changes on its way to a channel, for some days or always.';
comment on column channels.channel_rate_rules.link_id is 'What it holds for: a rate plan, unit type or product.';
comment on column channels.channel_rate_rules.markup_rate is 'What is added, as a fraction of the price: 0.15 adds 15 %, -0.1 takes 10 % off.';
comment on column channels.channel_rate_rules.markup_minor is 'What is added after that, in minor units.';
comment on column channels.channel_rate_rules.rounding_minor is 'The price is then rounded to a multiple of this, in minor units.';
comment on column channels.channel_rate_rules.currency is 'The currency of these amounts, and of the price as the channel gets it.';
comment on column channels.channel_rate_rules.min_stay_nights is 'The fewest nights that are sold there; empty for what the rate plan says.';
comment on column channels.channel_rate_rules.min_stay_by_weekday is 'The fewest nights by day of arrival, Monday first; counts before the number for all days.';
comment on column channels.channel_rate_rules.max_units is 'The most units that are sold there at the same time; empty for all that are left.';
comment on column channels.channel_rate_rules.release_days is 'How many days before arrival it is not sold there any more.';
comment on column channels.channel_rate_rules.is_closed is 'Whether nothing is sold there in these days.';
comment on column channels.channel_rate_rules.starts_on is 'First day of the rule; empty where it always held.';
comment on column channels.channel_rate_rules.ends_on is 'First day after it; empty where it holds on.';
comment on column channels.channel_rate_rules.period is 'From starts_on to ends_on, as a range.';
comment on constraint channel_rate_rules_markup_check on channels.channel_rate_rules is 'A markup is a fraction above -1, and 10 at most.';
comment on constraint channel_rate_rules_rounding_check on channels.channel_rate_rules is 'A price is rounded to at least 1 minor unit.';
comment on constraint channel_rate_rules_min_stay_check on channels.channel_rate_rules is 'A stay has 1 to 365 nights.';
comment on constraint channel_rate_rules_min_stay_by_weekday_check on channels.channel_rate_rules is 'The fewest nights are given for each of seven days, at least 1.';
comment on constraint channel_rate_rules_limits_check on channels.channel_rate_rules is 'Limits are not negative.';
comment on constraint channel_rate_rules_dates_check on channels.channel_rate_rules is 'The end must be after the first day.';
comment on constraint channel_rate_rules_no_overlap_excl on channels.channel_rate_rules is 'There is a rule for some of these days already.';
call core.install_table('channels.channel_rate_rules', 'M', 'chrr');

-- channel_sync_states ------------------------------------------------------------------------------------------------

create table channels.channel_sync_states (
  biz_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  stream channels.sync_stream not null,
  cursor text,
  last_attempt_at timestamptz,
  last_success_at timestamptz,
  lag_seconds integer,
  dirty_ranges jsonb not null default '[]',
  constraint channel_sync_states_pkey primary key (biz_id, id),
  constraint channel_sync_states_account_id_stream_key unique (biz_id, account_id, stream),
  constraint channel_sync_states_account_id_fkey
    foreign key (biz_id, account_id) references channels.channel_accounts (biz_id, id),
  constraint channel_sync_states_cursor_check check (btrim(cursor) <> '' and length(cursor) <= 2000),
  constraint channel_sync_states_lag_seconds_check check (lag_seconds >= 0),
  constraint channel_sync_states_dirty_ranges_check check (jsonb_typeof(dirty_ranges) = 'array')
);
create index channel_sync_states_last_success_at_idx on channels.channel_sync_states (biz_id, last_success_at);
comment on table channels.channel_sync_states is 'How far one kind of data of an account has come.';
comment on column channels.channel_sync_states.account_id is 'The account.';
comment on column channels.channel_sync_states.stream is 'What kind of data.';
comment on column channels.channel_sync_states.cursor is 'From where the channel goes on next time, in its own words.';
comment on column channels.channel_sync_states.last_attempt_at is 'When it was last tried.';
comment on column channels.channel_sync_states.last_success_at is 'When all of it was last over.';
comment on column channels.channel_sync_states.lag_seconds is 'How old the oldest change is that is not over yet, in seconds, when last looked at.';
comment on column channels.channel_sync_states.dirty_ranges is 'Days that changed while the account was out of use, as a list of {"link_id", "from", "to"}; they become transfers when it is back.';
comment on constraint channel_sync_states_cursor_check on channels.channel_sync_states is 'The cursor must not be blank, and has at most 2,000 characters.';
comment on constraint channel_sync_states_account_id_stream_key on channels.channel_sync_states is 'There is a state of these data already.';
comment on constraint channel_sync_states_lag_seconds_check on channels.channel_sync_states is 'A lag is not negative.';
comment on constraint channel_sync_states_dirty_ranges_check on channels.channel_sync_states is 'Days that changed are a JSON array.';
call core.install_table('channels.channel_sync_states', 'T', 'chss');

-- channel_sync_jobs --------------------------------------------------------------------------------------------------

create table channels.channel_sync_jobs (
  biz_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  stream channels.sync_stream not null,
  direction channels.sync_direction not null,
  link_id uuid,
  starts_on date,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  is_full boolean not null default false,
  status channels.sync_job_status not null default 'queued',
  attempts integer not null default 0,
  max_attempts smallint not null default 8,
  next_attempt_at timestamptz,
  lease_until timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  items_total integer not null default 0,
  items_ok integer not null default 0,
  items_failed integer not null default 0,
  error text,
  created_at timestamptz not null default now(),
  constraint channel_sync_jobs_pkey primary key (biz_id, id),
  constraint channel_sync_jobs_account_id_fkey
    foreign key (biz_id, account_id) references channels.channel_accounts (biz_id, id),
  constraint channel_sync_jobs_link_id_fkey
    foreign key (biz_id, link_id) references channels.channel_entity_links (biz_id, id),
  constraint channel_sync_jobs_attempts_check check (attempts >= 0),
  constraint channel_sync_jobs_items_total_check check (items_total >= 0),
  constraint channel_sync_jobs_items_ok_check check (items_ok >= 0),
  constraint channel_sync_jobs_items_failed_check check (items_failed >= 0),
  constraint channel_sync_jobs_error_check check (btrim(error) <> '' and length(error) <= 2000),
  constraint channel_sync_jobs_dates_check check (num_nonnulls(starts_on, ends_on) <> 1 and ends_on > starts_on),
  constraint channel_sync_jobs_items_check check (items_ok + items_failed <= items_total),
  constraint channel_sync_jobs_max_attempts_check check (max_attempts between 1 and 50),
  constraint channel_sync_jobs_queued_check check (status <> 'queued' or next_attempt_at is not null),
  constraint channel_sync_jobs_running_check check (
    (status = 'running') = (lease_until is not null) and (status <> 'running' or started_at is not null)
  ),
  constraint channel_sync_jobs_finished_check check ((status in ('queued', 'running')) = (finished_at is null)),
  constraint channel_sync_jobs_outcome_check check (
    (status <> 'succeeded' or items_failed = 0) and (status <> 'partially_succeeded' or items_failed > 0)
  ),
  constraint channel_sync_jobs_queued_excl
    exclude using gist (
      biz_id with =, account_id with =, stream with =, direction with =,
      (coalesce(link_id, '00000000-0000-0000-0000-000000000000'::uuid)) with =,
      period with &&
    ) where (status = 'queued')
);
create unique index channel_sync_jobs_running_key
  on channels.channel_sync_jobs (biz_id, account_id, stream, direction)
  where status = 'running';
create index channel_sync_jobs_next_attempt_at_idx on channels.channel_sync_jobs (next_attempt_at)
  where status = 'queued';
create index channel_sync_jobs_lease_until_idx on channels.channel_sync_jobs (lease_until) where status = 'running';
create index channel_sync_jobs_account_created_at_idx
  on channels.channel_sync_jobs (biz_id, account_id, created_at, id);
create index channel_sync_jobs_failed_idx on channels.channel_sync_jobs (biz_id, finished_at)
  where status in ('failed', 'partially_succeeded');
comment on table channels.channel_sync_jobs is 'One transfer to or from a channel. Days that change while a transfer of theirs waits are added to it.';
comment on column channels.channel_sync_jobs.account_id is 'The account.';
comment on column channels.channel_sync_jobs.stream is 'What kind of data.';
comment on column channels.channel_sync_jobs.direction is 'Which way they go.';
comment on column channels.channel_sync_jobs.link_id is 'The one thing it is about; empty for all of the account.';
comment on column channels.channel_sync_jobs.starts_on is 'First day that it is about; empty where it has no days.';
comment on column channels.channel_sync_jobs.ends_on is 'First day after the last.';
comment on column channels.channel_sync_jobs.period is 'From starts_on to ends_on, as a range.';
comment on column channels.channel_sync_jobs.is_full is 'Whether all is sent again, not only what changed.';
comment on column channels.channel_sync_jobs.status is 'How far it has come.';
comment on column channels.channel_sync_jobs.attempts is 'How often it was tried.';
comment on column channels.channel_sync_jobs.max_attempts is 'After how many tries it is given up.';
comment on column channels.channel_sync_jobs.next_attempt_at is 'When it is tried next.';
comment on column channels.channel_sync_jobs.lease_until is 'Until when the worker that runs it must have said that it is still there.';
comment on column channels.channel_sync_jobs.started_at is 'When the last try began.';
comment on column channels.channel_sync_jobs.finished_at is 'When it ended.';
comment on column channels.channel_sync_jobs.items_total is 'How many things it is about.';
comment on column channels.channel_sync_jobs.items_ok is 'How many went over or had not changed.';
comment on column channels.channel_sync_jobs.items_failed is 'How many were refused.';
comment on column channels.channel_sync_jobs.error is 'What the channel said when it failed.';
comment on constraint channel_sync_jobs_attempts_check on channels.channel_sync_jobs is 'The attempts cannot be negative.';
comment on constraint channel_sync_jobs_items_total_check on channels.channel_sync_jobs is 'The items total cannot be negative.';
comment on constraint channel_sync_jobs_items_ok_check on channels.channel_sync_jobs is 'The items ok cannot be negative.';
comment on constraint channel_sync_jobs_items_failed_check on channels.channel_sync_jobs is 'The items failed cannot be negative.';
comment on constraint channel_sync_jobs_error_check on channels.channel_sync_jobs is 'The error must not be blank, and has at most 2,000 characters.';
comment on constraint channel_sync_jobs_dates_check on channels.channel_sync_jobs is 'Days have a first and an end, and the end must be after the first.';
comment on constraint channel_sync_jobs_items_check on channels.channel_sync_jobs is 'No more go over or are refused than there are.';
comment on constraint channel_sync_jobs_max_attempts_check on channels.channel_sync_jobs is 'A transfer is tried 1 to 50 times.';
comment on constraint channel_sync_jobs_queued_check on channels.channel_sync_jobs is 'A transfer that waits says until when.';
comment on constraint channel_sync_jobs_running_check on channels.channel_sync_jobs is 'A transfer that runs is held by a worker, and no other is.';
comment on constraint channel_sync_jobs_finished_check on channels.channel_sync_jobs is 'A transfer that ended says when, and no other does.';
comment on constraint channel_sync_jobs_outcome_check on channels.channel_sync_jobs is 'A transfer of which something was refused did not succeed in whole.';
comment on constraint channel_sync_jobs_queued_excl on channels.channel_sync_jobs is 'A transfer of some of these days waits already: add to it.';
comment on index channels.channel_sync_jobs_running_key is 'Such a transfer is under way.';
call core.install_table('channels.channel_sync_jobs', 'T', 'chsj');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('channel_sync_job', 'queued', 'running', false),
  ('channel_sync_job', 'queued', 'cancelled', false),
  ('channel_sync_job', 'running', 'succeeded', false),
  ('channel_sync_job', 'running', 'partially_succeeded', false),
  ('channel_sync_job', 'running', 'failed', false),
  ('channel_sync_job', 'running', 'cancelled', false),
  ('channel_sync_job', 'running', 'queued', false),
  ('channel_sync_job', 'failed', 'queued', false),
  ('channel_sync_job', 'failed', 'cancelled', false);
call core.install_state_machine('channels.channel_sync_jobs', 'status', 'channel_sync_job');

-- channel_sync_items -------------------------------------------------------------------------------------------------

create table channels.channel_sync_items (
  biz_id uuid not null,
  id uuid not null,
  job_id uuid not null,
  item_no integer not null,
  subject_type text,
  subject_id uuid,
  external_id text,
  request_digest bytea,
  status channels.sync_item_status not null default 'pending',
  response_code smallint,
  error_code text,
  error text,
  sent_at timestamptz,
  constraint channel_sync_items_pkey primary key (biz_id, id),
  constraint channel_sync_items_job_id_item_no_key unique (biz_id, job_id, item_no),
  constraint channel_sync_items_job_id_fkey
    foreign key (biz_id, job_id) references channels.channel_sync_jobs (biz_id, id),
  constraint channel_sync_items_subject_fkey
    foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint channel_sync_items_subject_check check (num_nonnulls(subject_type, subject_id) <> 1),
  constraint channel_sync_items_external_id_check check (btrim(external_id) <> '' and length(external_id) <= 200),
  constraint channel_sync_items_request_digest_check check (octet_length(request_digest) = 32),
  constraint channel_sync_items_error_code_check check (btrim(error_code) <> '' and length(error_code) <= 100),
  constraint channel_sync_items_error_check check (btrim(error) <> '' and length(error) <= 2000),
  constraint channel_sync_items_item_no_check check (item_no >= 1),
  constraint channel_sync_items_failed_check check (
    status <> 'failed' or num_nonnulls(error_code, error, response_code) > 0
  )
);
create index channel_sync_items_failed_idx on channels.channel_sync_items (biz_id, job_id) where status = 'failed';
comment on table channels.channel_sync_items is 'One thing of a transfer, and what the channel said to it.';
comment on column channels.channel_sync_items.job_id is 'The transfer.';
comment on column channels.channel_sync_items.item_no is 'Its place in the transfer, from 1.';
comment on column channels.channel_sync_items.subject_type is 'What it is about: an entity name, for example UnitType.';
comment on column channels.channel_sync_items.subject_id is 'Which one: its id.';
comment on column channels.channel_sync_items.external_id is 'Its id at the channel.';
comment on column channels.channel_sync_items.request_digest is 'SHA-256 of what was sent: what has not changed is not sent again.';
comment on column channels.channel_sync_items.status is 'What became of it.';
comment on column channels.channel_sync_items.response_code is 'The status the channel answered with.';
comment on column channels.channel_sync_items.error_code is 'Its name for what was wrong.';
comment on column channels.channel_sync_items.error is 'What it said was wrong.';
comment on column channels.channel_sync_items.sent_at is 'When it was sent.';
comment on constraint channel_sync_items_subject_fkey on channels.channel_sync_items is 'Must be an existing subject of this tenant.';
comment on constraint channel_sync_items_subject_check on channels.channel_sync_items is 'A subject has a type and an id.';
comment on constraint channel_sync_items_external_id_check on channels.channel_sync_items is 'The external id must not be blank, and has at most 200 characters.';
comment on constraint channel_sync_items_request_digest_check on channels.channel_sync_items is 'A digest has 32 bytes.';
comment on constraint channel_sync_items_error_code_check on channels.channel_sync_items is 'The error code must not be blank, and has at most 100 characters.';
comment on constraint channel_sync_items_error_check on channels.channel_sync_items is 'The error must not be blank, and has at most 2,000 characters.';
comment on constraint channel_sync_items_job_id_item_no_key on channels.channel_sync_items is 'The transfer has something at this place already.';
comment on constraint channel_sync_items_item_no_check on channels.channel_sync_items is 'Places begin at 1.';
comment on constraint channel_sync_items_failed_check on channels.channel_sync_items is 'What was refused says why.';
call core.install_table('channels.channel_sync_items', 'T', 'chsi');

-- channel_sync_log ---------------------------------------------------------------------------------------------------

create table channels.channel_sync_log (
  biz_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  job_id uuid,
  level channels.log_level not null,
  code text,
  message text not null,
  payload_ref text,
  occurred_at timestamptz not null default now(),
  constraint channel_sync_log_pkey primary key (biz_id, occurred_at, id),
  constraint channel_sync_log_code_check check (btrim(code) <> '' and length(code) <= 100),
  constraint channel_sync_log_message_check check (btrim(message) <> '' and length(message) <= 2000),
  constraint channel_sync_log_payload_ref_check check (btrim(payload_ref) <> '' and length(payload_ref) <= 500)
)
partition by range (occurred_at);
create index channel_sync_log_account_idx on channels.channel_sync_log (biz_id, account_id, occurred_at);
create index channel_sync_log_job_idx on channels.channel_sync_log (biz_id, job_id, occurred_at);
create index channel_sync_log_errors_idx on channels.channel_sync_log (biz_id, occurred_at) where level = 'error';
comment on table channels.channel_sync_log is 'One line of what an adapter did, for those who look for an error.';
comment on column channels.channel_sync_log.account_id is 'The account. No foreign key, as for every journal.';
comment on column channels.channel_sync_log.job_id is 'The transfer, where it belongs to one. No foreign key, as for every journal.';
comment on column channels.channel_sync_log.level is 'How grave it is.';
comment on column channels.channel_sync_log.code is 'Short name of what happened, by which lines are counted.';
comment on column channels.channel_sync_log.message is 'What happened.';
comment on column channels.channel_sync_log.payload_ref is 'Where the message itself is kept in the store of objects.';
comment on column channels.channel_sync_log.occurred_at is 'When it happened.';
comment on constraint channel_sync_log_code_check on channels.channel_sync_log is 'The code must not be blank, and has at most 100 characters.';
comment on constraint channel_sync_log_message_check on channels.channel_sync_log is 'The message must not be blank, and has at most 2,000 characters.';
comment on constraint channel_sync_log_payload_ref_check on channels.channel_sync_log is 'The payload ref must not be blank, and has at most 500 characters.';
call core.install_table('channels.channel_sync_log', 'P', 'chlg', entity_name => 'ChannelSyncLogLine');

select core.ensure_partitions(3);
