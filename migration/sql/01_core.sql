-- Kernel: reference lists, tenants and their places, the registry of subjects, settings, numbering, state machines,
-- idempotency and the outbox. The schema itself is made by the foundation.

-- Reference lists -----------------------------------------------------------------------------------------------
-- Their rows are loaded by the server, from maintained sources, when it migrates.

create table core.currencies (
  code char(3) not null,
  name text not null,
  exponent smallint not null,
  cash_increment_minor bigint not null default 1,
  is_active boolean not null default true,
  constraint currencies_pkey primary key (code),
  constraint currencies_code_check check (code ~ '^[A-Z]{3}$'),
  constraint currencies_name_check check (btrim(name) <> ''),
  constraint currencies_exponent_check check (exponent between 0 and 4),
  constraint currencies_cash_increment_check check (cash_increment_minor > 0)
);
comment on table core.currencies is 'A currency of ISO 4217.';
comment on column core.currencies.code is 'Alphabetic code of ISO 4217, for example EUR.';
comment on column core.currencies.name is 'English name, for example Euro.';
comment on column core.currencies.exponent is
  'How many decimal places its minor unit has: 0 for JPY, 2 for EUR, 3 for KWD. An amount of 1250 minor units with exponent 2 is 12.50.';
comment on column core.currencies.cash_increment_minor is
  'The smallest step that can be paid in cash, in minor units: 5 for CHF, where coins start at 0.05.';
comment on column core.currencies.is_active is 'Whether new prices may be given in it; withdrawn currencies stay for old documents.';
comment on constraint currencies_code_check on core.currencies is 'A currency code has three capital letters.';
comment on constraint currencies_name_check on core.currencies is 'A currency needs a name.';
comment on constraint currencies_exponent_check on core.currencies is 'A currency has 0 to 4 decimal places.';
comment on constraint currencies_cash_increment_check on core.currencies is 'The smallest cash step must be more than zero.';
call core.install_table('core.currencies', 'G', null);

create table core.countries (
  code char(2) not null,
  name text not null,
  default_currency char(3),
  constraint countries_pkey primary key (code),
  constraint countries_code_check check (code ~ '^[A-Z]{2}$'),
  constraint countries_name_check check (btrim(name) <> ''),
  constraint countries_default_currency_fkey foreign key (default_currency) references core.currencies (code)
);
comment on table core.countries is 'A country or territory of ISO 3166-1.';
comment on column core.countries.code is 'Two-letter code of ISO 3166-1, for example PT.';
comment on column core.countries.name is 'English short name.';
comment on column core.countries.default_currency is 'The currency offered first for a place in this country.';
comment on constraint countries_code_check on core.countries is 'A country code has two capital letters.';
comment on constraint countries_name_check on core.countries is 'A country needs a name.';
call core.install_table('core.countries', 'G', null);

create table core.timezones (
  name text not null,
  is_active boolean not null default true,
  constraint timezones_pkey primary key (name),
  constraint timezones_name_check check (btrim(name) <> '')
);
comment on table core.timezones is
  'A time zone that both PostgreSQL and the server know, so that both resolve local times alike.';
comment on column core.timezones.name is 'Name in the IANA database, for example Europe/Lisbon.';
comment on column core.timezones.is_active is 'Whether it is offered for new places; old names stay for those who use them.';
comment on constraint timezones_name_check on core.timezones is 'A time zone needs a name.';
call core.install_table('core.timezones', 'G', null);

create table core.languages (
  tag text not null,
  name text not null,
  constraint languages_pkey primary key (tag),
  constraint languages_tag_check check (tag ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  constraint languages_name_check check (btrim(name) <> '')
);
comment on table core.languages is 'A language that people and texts can be marked with.';
comment on column core.languages.tag is 'Tag of BCP 47, for example pt or pt-BR.';
comment on column core.languages.name is 'English name.';
comment on constraint languages_tag_check on core.languages is 'A language tag follows BCP 47, such as pt or pt-BR.';
comment on constraint languages_name_check on core.languages is 'A language needs a name.';
call core.install_table('core.languages', 'G', null);

create domain core.locale as text
  constraint locale_check check (value ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$');
comment on domain core.locale is
  'Language and regional habits by a tag of BCP 47, for example pt-PT. Wider than core.languages: any well-formed tag is kept.';
comment on constraint locale_check on domain core.locale is 'A locale follows BCP 47, such as pt or pt-PT.';

-- Tenants -------------------------------------------------------------------------------------------------------

create domain core.biz_vertical as text
  constraint biz_vertical_check check (
    value in ('service', 'retail', 'restaurant', 'hospitality', 'storage', 'transport', 'education', 'mixed')
  );
comment on domain core.biz_vertical is
  'The main trade of a tenant: it decides which defaults a new tenant gets, and limits nothing.
service: appointments and services.
retail: shops.
restaurant: restaurants, bars and cafes.
hospitality: hotels and other stays.
storage: warehouses and pallet storage.
transport: moving people or goods.
education: courses and schools.
mixed: several of these.';
comment on constraint biz_vertical_check on domain core.biz_vertical is 'Not a known vertical.';

create domain core.biz_status as text
  constraint biz_status_check check (value in ('trial', 'active', 'suspended', 'closing', 'closed'));
comment on domain core.biz_status is
  'Where a tenant stands in its life with the platform.
trial: trying the product out.
active: in regular use.
suspended: locked by the platform, nothing can be booked or sold.
closing: leaving, its data can still be exported.
closed: gone, kept only as long as the law asks.';
comment on constraint biz_status_check on domain core.biz_status is 'Not a known status of a tenant.';

create table core.bizes (
  id uuid not null,
  parent_biz_id uuid,
  slug text not null,
  legal_name text not null,
  display_name text not null,
  vertical core.biz_vertical not null default 'mixed',
  status core.biz_status not null default 'trial',
  default_currency char(3) not null,
  default_timezone text not null,
  default_locale core.locale not null default 'en',
  features jsonb not null default '{}',
  version integer not null default 1,
  updated_by uuid default nullif(current_setting('app.user_id', true), '')::uuid,
  constraint bizes_pkey primary key (id),
  constraint bizes_slug_key unique (slug),
  constraint bizes_slug_check check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  constraint bizes_legal_name_check check (btrim(legal_name) <> '' and length(legal_name) <= 200),
  constraint bizes_display_name_check check (btrim(display_name) <> '' and length(display_name) <= 200),
  constraint bizes_features_check check (jsonb_typeof(features) = 'object'),
  constraint bizes_parent_biz_id_fkey foreign key (parent_biz_id) references core.bizes (id),
  constraint bizes_default_currency_fkey foreign key (default_currency) references core.currencies (code),
  constraint bizes_default_timezone_fkey foreign key (default_timezone) references core.timezones (name)
);
comment on table core.bizes is
  'A tenant: one business with its own places, people, customers and books. Nothing of one tenant is visible to another.';
comment on column core.bizes.id is 'Identifier, a UUIDv7 made by the server. Every row of the tenant carries it as biz_id.';
comment on column core.bizes.parent_biz_id is 'The tenant that this one belongs to, in a franchise or group. It gives no access by itself.';
comment on column core.bizes.slug is 'Short name in addresses and at sign-in, for example harbour.';
comment on column core.bizes.legal_name is 'Name as registered, printed on documents.';
comment on column core.bizes.display_name is 'Name that customers and staff read.';
comment on column core.bizes.vertical is 'The main trade.';
comment on column core.bizes.status is 'Where the tenant stands in its life with the platform.';
comment on column core.bizes.default_currency is 'The currency of a new location, unless it says otherwise.';
comment on column core.bizes.default_timezone is 'The time zone of a new location, unless it says otherwise.';
comment on column core.bizes.default_locale is 'The language in which texts are written where the reader''s is not known.';
comment on column core.bizes.features is 'Feature switches by name, for example {"waitlist": true}.';
comment on column core.bizes.version is
  'Goes up by one with every change. An update names the version it was based on and is refused where another came between.';
comment on column core.bizes.updated_by is 'The user who last changed the row; empty where the system did.';
comment on constraint bizes_slug_key on core.bizes is 'This short name is taken.';
comment on constraint bizes_slug_check on core.bizes is
  'A short name has up to 63 lower-case letters, digits and hyphens, with no hyphen at either end.';
comment on constraint bizes_legal_name_check on core.bizes is 'The legal name must not be blank, and has at most 200 characters.';
comment on constraint bizes_display_name_check on core.bizes is 'The display name must not be blank, and has at most 200 characters.';
comment on constraint bizes_features_check on core.bizes is 'Features are an object of switches by name.';
call core.install_table('core.bizes', 'G', 'biz', registrable => true);
call core.install_acyclic('core.bizes', 'parent_biz_id');
call core.install_state_machine('core.bizes', 'status', 'biz');

-- The one table whose tenant is its own id. Tenants are made, suspended, closed and regrouped by
-- the platform.
alter table core.bizes enable row level security;
alter table core.bizes force row level security;
create policy app on core.bizes as permissive for all to bizing_app using (true) with check (true);
create policy tenant on core.bizes as restrictive for all to bizing_app
  using (id = (select nullif(current_setting('app.biz_id', true), '')::uuid))
  with check (id = (select nullif(current_setting('app.biz_id', true), '')::uuid));
create policy platform on core.bizes as permissive for all to bizing_platform using (true) with check (true);
grant update (
  legal_name, display_name, vertical, default_currency, default_timezone, default_locale, features, version,
  updated_at, updated_by
) on core.bizes to bizing_app;

-- Subjects ------------------------------------------------------------------------------------------------------

create table core.subject_registry (
  biz_id uuid not null,
  subject_type text not null,
  subject_id uuid not null,
  archived_at timestamptz,
  constraint subject_registry_pkey primary key (biz_id, subject_type, subject_id),
  constraint subject_registry_subject_type_check check (subject_type ~ '^[A-Z][A-Za-z0-9]*$')
);
comment on table core.subject_registry is
  'Every row that others may point at without knowing its table: what a note, a hold or an allocation is about. Written by triggers of those tables.';
comment on column core.subject_registry.subject_type is 'What the subject is: an entity name of core.entity_types, for example BookingOrder.';
comment on column core.subject_registry.subject_id is 'Which one: its id.';
comment on column core.subject_registry.archived_at is 'When the subject was archived; empty while it is in use.';
comment on constraint subject_registry_pkey on core.subject_registry is 'This subject is registered already.';
comment on constraint subject_registry_subject_type_check on core.subject_registry is
  'A subject type is the name of an entity, such as BookingOrder.';
call core.install_table('core.subject_registry', 'T', null, 'Subject');

-- State machines ------------------------------------------------------------------------------------------------

create table core.state_transitions (
  machine text not null,
  from_status text not null,
  to_status text not null,
  requires_permission text,
  requires_reason boolean not null default false,
  constraint state_transitions_pkey primary key (machine, from_status, to_status),
  constraint state_transitions_machine_check check (machine ~ '^[a-z][a-z0-9_]*$'),
  constraint state_transitions_move_check check (from_status <> to_status),
  constraint state_transitions_requires_permission_check check (requires_permission ~ '^[a-z_]+(\.[a-z_]+)+$')
);
comment on table core.state_transitions is
  'A legal move of a state machine. What has no row here is refused by the database and not offered to anyone.';
comment on column core.state_transitions.machine is 'The machine, for example booking_order.';
comment on column core.state_transitions.from_status is 'The status before the move.';
comment on column core.state_transitions.to_status is 'The status after the move.';
comment on column core.state_transitions.requires_permission is
  'A permission that the move needs beyond that of its verb; empty where the verb''s is enough.';
comment on column core.state_transitions.requires_reason is 'Whether whoever makes the move must say why.';
comment on constraint state_transitions_pkey on core.state_transitions is 'This move is legal already.';
comment on constraint state_transitions_machine_check on core.state_transitions is 'The name of a machine is lower snake case.';
comment on constraint state_transitions_move_check on core.state_transitions is 'A move ends in another status than it began.';
comment on constraint state_transitions_requires_permission_check on core.state_transitions is
  'A permission is written context.action.';
call core.install_table('core.state_transitions', 'G', null);

insert into core.state_transitions (machine, from_status, to_status, requires_reason)
values
  ('biz', 'trial', 'active', false),
  ('biz', 'trial', 'closing', true),
  ('biz', 'active', 'suspended', true),
  ('biz', 'suspended', 'active', false),
  ('biz', 'active', 'closing', true),
  ('biz', 'suspended', 'closing', true),
  ('biz', 'closing', 'closed', false),
  ('location', 'active', 'inactive', false),
  ('location', 'inactive', 'active', false),
  ('location', 'active', 'maintenance', false),
  ('location', 'maintenance', 'active', false);

create table core.status_history (
  biz_id uuid not null,
  id uuid not null,
  subject_type text not null,
  subject_id uuid not null,
  machine text not null,
  from_status text not null,
  to_status text not null,
  reason text,
  reason_code text,
  actor_id uuid,
  occurred_at timestamptz not null default clock_timestamp(),
  constraint status_history_pkey primary key (biz_id, id),
  constraint status_history_reason_check check (length(reason) <= 2000),
  constraint status_history_reason_code_check check (reason_code ~ '^[a-z][a-z0-9_]{0,62}$')
);
create index status_history_subject_idx on core.status_history (biz_id, subject_type, subject_id, occurred_at);
comment on table core.status_history is
  'One change of status of one row, written by the trigger that allowed it.';
comment on column core.status_history.subject_type is 'What moved: an entity name, for example BookingOrder.';
comment on column core.status_history.subject_id is 'Which one: its id. No foreign key, as for every journal.';
comment on column core.status_history.machine is 'The state machine that the move belongs to.';
comment on column core.status_history.from_status is 'The status before.';
comment on column core.status_history.to_status is 'The status after.';
comment on column core.status_history.reason is 'Why, in the words of whoever moved it.';
comment on column core.status_history.reason_code is 'Why, as a code that can be counted, for example guest_request.';
comment on column core.status_history.actor_id is 'The user or API key that moved it; empty where the system did.';
comment on column core.status_history.occurred_at is
  'The moment of the move. Two moves in one transaction keep their order.';
comment on constraint status_history_reason_check on core.status_history is 'A reason has at most 2000 characters.';
comment on constraint status_history_reason_code_check on core.status_history is
  'A reason code is lower snake case, with at most 63 characters.';
call core.install_table('core.status_history', 'J', 'sth', 'StatusHistory');

-- Locations -----------------------------------------------------------------------------------------------------

create domain core.location_kind as text
  constraint location_kind_check check (
    value in ('property', 'facility', 'branch', 'venue_site', 'warehouse', 'depot', 'virtual')
  );
comment on domain core.location_kind is
  'What kind of place a location is.
property: a hotel or another house for stays.
facility: a building or ground for services, sport or storage.
branch: a shop, restaurant, office or practice.
venue_site: a place for events.
warehouse: a place where goods are kept.
depot: a place where vehicles start and end.
virtual: no place at all, for what happens online.';
comment on constraint location_kind_check on domain core.location_kind is 'Not a known kind of location.';

create domain core.location_status as text
  constraint location_status_check check (value in ('active', 'inactive', 'maintenance'));
comment on domain core.location_status is
  'Whether a location is in use.
active: open for bookings and sales in its hours.
inactive: out of use until someone turns it on again.
maintenance: closed for a while for work on it.';
comment on constraint location_status_check on domain core.location_status is 'Not a known status of a location.';

create table core.locations (
  biz_id uuid not null,
  id uuid not null,
  parent_location_id uuid,
  code text not null,
  name text not null,
  kind core.location_kind not null,
  status core.location_status not null default 'active',
  timezone text not null,
  business_day_cutoff time not null default '00:00',
  booking_cutoff_time time,
  currency char(3) not null,
  country_code char(2),
  region_code text,
  city text,
  postal_code text,
  address_line1 text,
  address_line2 text,
  lat numeric(9, 6),
  lng numeric(9, 6),
  phone text,
  email text,
  is_featured boolean not null default false,
  max_unit_height_mm integer,
  max_unit_width_mm integer,
  attributes jsonb not null default '{}',
  constraint locations_pkey primary key (biz_id, id),
  constraint locations_code_check check (code ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$'),
  constraint locations_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint locations_business_day_cutoff_check check (business_day_cutoff < '12:00'),
  constraint locations_region_code_check check (length(region_code) <= 20),
  constraint locations_city_check check (length(city) <= 200),
  constraint locations_postal_code_check check (length(postal_code) <= 20),
  constraint locations_address_check check (length(address_line1) <= 200 and length(address_line2) <= 200),
  constraint locations_lat_check check (lat between -90 and 90),
  constraint locations_lng_check check (lng between -180 and 180),
  constraint locations_position_check check (num_nonnulls(lat, lng) <> 1),
  constraint locations_phone_check check (length(phone) <= 40),
  constraint locations_email_check check (email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
  constraint locations_max_unit_check check (max_unit_height_mm > 0 and max_unit_width_mm > 0),
  constraint locations_attributes_check check (jsonb_typeof(attributes) = 'object'),
  constraint locations_parent_location_id_fkey
    foreign key (biz_id, parent_location_id) references core.locations (biz_id, id),
  constraint locations_timezone_fkey foreign key (timezone) references core.timezones (name),
  constraint locations_currency_fkey foreign key (currency) references core.currencies (code),
  constraint locations_country_code_fkey foreign key (country_code) references core.countries (code)
);
comment on table core.locations is
  'A place of a tenant: a hotel, a branch, a warehouse, or an online counter. Its time zone decides its days, its currency its prices.';
comment on column core.locations.parent_location_id is 'The larger place that this one is part of.';
comment on column core.locations.code is 'Short code that staff know it by, for example LIS1.';
comment on column core.locations.name is 'Name that customers and staff read.';
comment on column core.locations.kind is 'What kind of place it is.';
comment on column core.locations.status is 'Whether it is in use.';
comment on column core.locations.timezone is
  'The time zone of its clocks. Changing it moves no booking that exists, only what is planned by local time.';
comment on column core.locations.business_day_cutoff is
  'The local time at which a business day begins: with 04:00, a sale at 02:30 counts for the day before.';
comment on column core.locations.booking_cutoff_time is
  'After this local time nothing more can be booked for the same day; empty where there is no such limit.';
comment on column core.locations.currency is 'The currency of its prices and its till.';
comment on column core.locations.country_code is 'The country of its address.';
comment on column core.locations.region_code is 'State or province, where possible by ISO 3166-2 without the country, for example CA.';
comment on column core.locations.city is 'Town or city.';
comment on column core.locations.postal_code is 'Postal code as written in that country.';
comment on column core.locations.address_line1 is 'Street and number.';
comment on column core.locations.address_line2 is 'What else finds the door: floor, gate, unit.';
comment on column core.locations.lat is 'Latitude in degrees, north positive.';
comment on column core.locations.lng is 'Longitude in degrees, east positive.';
comment on column core.locations.phone is 'Telephone number for customers, as it should be shown.';
comment on column core.locations.email is 'Mail address for customers.';
comment on column core.locations.is_featured is 'Whether it is shown before the others.';
comment on column core.locations.max_unit_height_mm is
  'The tallest unit (pallet, vehicle) it can take, in millimetres; empty where there is no limit.';
comment on column core.locations.max_unit_width_mm is
  'The widest unit it can take, in millimetres; empty where there is no limit.';
comment on column core.locations.attributes is 'What the tenant notes beyond these columns, by name.';
comment on constraint locations_code_check on core.locations is
  'A location code has up to 32 letters, digits, hyphens and underscores, and begins with a letter or digit.';
comment on constraint locations_name_check on core.locations is 'The name must not be blank, and has at most 200 characters.';
comment on constraint locations_business_day_cutoff_check on core.locations is
  'A business day begins before noon.';
comment on constraint locations_region_code_check on core.locations is 'A region code has at most 20 characters.';
comment on constraint locations_city_check on core.locations is 'A city has at most 200 characters.';
comment on constraint locations_postal_code_check on core.locations is 'A postal code has at most 20 characters.';
comment on constraint locations_address_check on core.locations is 'A line of an address has at most 200 characters.';
comment on constraint locations_lat_check on core.locations is 'A latitude lies between -90 and 90 degrees.';
comment on constraint locations_lng_check on core.locations is 'A longitude lies between -180 and 180 degrees.';
comment on constraint locations_position_check on core.locations is 'Latitude and longitude are given together.';
comment on constraint locations_phone_check on core.locations is 'A telephone number has at most 40 characters.';
comment on constraint locations_email_check on core.locations is 'This is not a mail address.';
comment on constraint locations_max_unit_check on core.locations is 'The largest unit measures more than zero.';
comment on constraint locations_attributes_check on core.locations is 'Attributes are an object of values by name.';
call core.install_table('core.locations', 'M', 'loc', registrable => true);
call core.install_acyclic('core.locations', 'parent_location_id');
call core.install_state_machine('core.locations', 'status', 'location');
create unique index locations_code_key on core.locations (biz_id, code) where deleted_at is null;
comment on index core.locations_code_key is 'Another location has this code.';

create function core.local_start(day date, wall_time time, zone text)
  returns timestamptz
  language sql
  stable
  strict
  parallel safe
as $$
  -- Of a wall time that comes twice, PostgreSQL takes the second, but a day begins with the first: clocks go back by
  -- an hour nearly everywhere, by half an hour on Lord Howe. A wall time that is skipped PostgreSQL moves on by as
  -- much as was skipped, but a day begins when the clocks jump: the first minute whose wall time is not before it.
  select min(candidate.instant)
  from (select (day + wall_time) at time zone zone) as taken (instant)
  cross join lateral (
    select taken.instant - back as instant
    from unnest(array[interval '0', interval '30 minutes', interval '1 hour']) as steps (back)
    where (taken.instant - back) at time zone zone = day + wall_time
    union all
    select jump.instant
    from generate_series(
      taken.instant - (taken.instant at time zone zone - (day + wall_time)), taken.instant, interval '1 minute'
    ) as jump (instant)
    where taken.instant at time zone zone > day + wall_time
      and jump.instant at time zone zone >= day + wall_time
  ) as candidate
$$;
comment on function core.local_start(date, time, text) is
  'The first instant at which clocks of the zone show this time on this day, or, where they skip it, a later one.';

create function core.business_date(biz_id uuid, location_id uuid, instant timestamptz)
  returns date
  language sql
  stable
  parallel safe
as $$
  -- The last day that has begun. Counting back from the local time would repeat a cut-off that falls into the hour
  -- that comes twice, and so go back to a day that was over.
  select max(candidate.day)
  from core.locations l
  cross join lateral (
    select (business_date.instant at time zone l.timezone)::date + shift as day
    from generate_series(-1, 1) as shifts (shift)
  ) as candidate
  where l.biz_id = business_date.biz_id
    and l.id = business_date.location_id
    and core.local_start(candidate.day, l.business_day_cutoff, l.timezone) <= business_date.instant
$$;
comment on function core.business_date(uuid, uuid, timestamptz) is
  'The day of business on which an instant falls at a location, by its time zone and the hour its day begins. Computed once, when a row is written. Null where the location is not visible.';

-- Settings ------------------------------------------------------------------------------------------------------

create table core.settings (
  biz_id uuid not null,
  id uuid not null,
  scope_type text not null,
  scope_id uuid not null,
  key text not null,
  value jsonb not null,
  constraint settings_pkey primary key (biz_id, id),
  constraint settings_scope_type_check check (scope_type in ('Biz', 'Location', 'Member')),
  constraint settings_scope_biz_check check (scope_type <> 'Biz' or scope_id = biz_id),
  constraint settings_key_check check (key ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$' and length(key) <= 100),
  constraint settings_scope_fkey
    foreign key (biz_id, scope_type, scope_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred
);
comment on table core.settings is
  'A choice of the tenant, for all of it, one location, or one member. The narrower scope wins.';
comment on column core.settings.scope_type is 'What the setting is for: Biz, Location or Member.';
comment on column core.settings.scope_id is 'Which one: the id of the tenant, location or member.';
comment on column core.settings.key is 'Name of the setting, for example booking.default_hold_minutes.';
comment on column core.settings.value is 'The choice. The server checks it against the schema of the key.';
comment on constraint settings_scope_type_check on core.settings is 'A setting is for a tenant, a location, or a member.';
comment on constraint settings_scope_biz_check on core.settings is 'A setting for a tenant is for its own.';
comment on constraint settings_key_check on core.settings is
  'The name of a setting is lower snake case, in parts joined by dots, with at most 100 characters.';
comment on constraint settings_scope_fkey on core.settings is 'Must be this tenant, or a location or member of it.';
call core.install_table('core.settings', 'M', 'set');
create unique index settings_key_key on core.settings (biz_id, scope_type, scope_id, key) where deleted_at is null;
comment on index core.settings_key_key is 'This setting is made already: change it instead.';

-- Numbering -----------------------------------------------------------------------------------------------------

create table core.number_sequences (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid,
  document_type text not null,
  series text not null default '',
  prefix text not null default '',
  padding smallint not null default 6,
  next_value bigint not null default 1,
  is_gapless boolean not null default false,
  constraint number_sequences_pkey primary key (biz_id, id),
  constraint number_sequences_document_type_series_key unique (biz_id, document_type, series),
  constraint number_sequences_document_type_check check (document_type ~ '^[a-z][a-z0-9_]{0,62}$'),
  constraint number_sequences_series_check check (series ~ '^[A-Za-z0-9/]{0,20}$'),
  constraint number_sequences_prefix_check check (prefix ~ '^[A-Za-z0-9/]{0,20}$'),
  constraint number_sequences_padding_check check (padding between 1 and 18),
  constraint number_sequences_next_value_check check (next_value > 0),
  constraint number_sequences_location_id_fkey foreign key (biz_id, location_id) references core.locations (biz_id, id)
);
comment on table core.number_sequences is
  'The counter behind the numbers that people read on one kind of document, such as BK-000123.';
comment on column core.number_sequences.location_id is 'The location whose documents it counts; empty where all locations share it.';
comment on column core.number_sequences.document_type is 'The kind of document, for example booking_order.';
comment on column core.number_sequences.series is 'Tells several counters of one kind apart, for example 2026; empty for the usual one.';
comment on column core.number_sequences.prefix is 'What a number begins with, before a hyphen; may be empty.';
comment on column core.number_sequences.padding is 'To how many digits a number is filled up with zeros.';
comment on column core.number_sequences.next_value is 'The number that the next document gets.';
comment on column core.number_sequences.is_gapless is
  'Whether the law wants numbers without gaps. Such a number is taken one by one in the transaction that issues the document, never reserved in advance.';
comment on constraint number_sequences_document_type_series_key on core.number_sequences is
  'There is already a counter for this kind of document and series.';
comment on constraint number_sequences_document_type_check on core.number_sequences is
  'A kind of document is lower snake case, with at most 63 characters.';
comment on constraint number_sequences_series_check on core.number_sequences is
  'A series has at most 20 letters, digits and slashes.';
comment on constraint number_sequences_prefix_check on core.number_sequences is
  'A prefix has at most 20 letters, digits and slashes.';
comment on constraint number_sequences_padding_check on core.number_sequences is 'A number is filled up to 1 to 18 digits.';
comment on constraint number_sequences_next_value_check on core.number_sequences is 'Numbers begin at 1.';
call core.install_table('core.number_sequences', 'T', 'seq');

create function core.refuse_renumbering()
  returns trigger
  language plpgsql
as $$
begin
  raise exception using
    errcode = '23514',
    message = 'A counter never goes back: its numbers are on documents.',
    schema = tg_table_schema,
    table = tg_table_name,
    column = 'next_value',
    constraint = 'number_sequences_next_value_forward_check';
end
$$;
comment on function core.refuse_renumbering() is 'Refuses a counter that goes back.';
create trigger number_sequences_next_value_forward
  before update on core.number_sequences
  for each row
  when (new.next_value < old.next_value)
  execute function core.refuse_renumbering();

create function core.format_number(prefix text, series text, value bigint, padding integer)
  returns text
  language sql
  immutable
  parallel safe
as $$
  select concat_ws(
    '-', nullif(prefix, ''), nullif(series, ''), lpad(value::text, greatest(padding, length(value::text)), '0')
  )
$$;
comment on function core.format_number(text, text, bigint, integer) is
  'How a number is written: prefix, series where there is one, and the value filled up with zeros, joined by hyphens.';

create function core.take_numbers(document_type text, prefix text, series text, count bigint)
  returns core.number_sequences
  language plpgsql
  volatile
as $$
#variable_conflict use_column
declare
  tenant constant uuid := nullif(current_setting('app.biz_id', true), '')::uuid;
  taken core.number_sequences;
begin
  if tenant is null then
    raise exception 'numbers are taken for a tenant, and none is set';
  end if;
  if take_numbers.count not between 1 and 1000000 then
    raise exception 'between 1 and 1000000 numbers are taken at a time, not %', take_numbers.count;
  end if;
  insert into core.number_sequences as s (biz_id, id, document_type, series, prefix, next_value)
  values (
    tenant, core.uuid_v7(), take_numbers.document_type, take_numbers.series, take_numbers.prefix,
    1 + take_numbers.count
  )
  on conflict (biz_id, document_type, series) do update
  set next_value = s.next_value + take_numbers.count
  returning s.* into taken;
  if taken.is_gapless and take_numbers.count > 1 then
    raise exception 'numbers of % are taken one by one, as they may have no gaps', take_numbers.document_type;
  end if;
  return taken;
end
$$;
comment on function core.take_numbers(text, text, text, bigint) is
  'Moves a counter of the current tenant forward, making it where it does not exist, and holds it until the transaction ends. Returns the counter after the move.';

create function core.next_number(document_type text, prefix text, series text default '')
  returns text
  language sql
  volatile
as $$
  select core.format_number(t.prefix, t.series, t.next_value - 1, t.padding)
  from core.take_numbers(document_type, prefix, series, 1) t
$$;
comment on function core.next_number(text, text, text) is
  'The next number of a document of the current tenant, for example BK-000123. The prefix is used where the counter is new; after that, its own.';

create function core.next_numbers(document_type text, prefix text, count bigint)
  returns bigint
  language sql
  volatile
as $$
  select t.next_value - next_numbers.count
  from core.take_numbers(document_type, prefix, '', next_numbers.count) t
$$;
comment on function core.next_numbers(text, text, bigint) is
  'Reserves so many numbers of the usual series in a row and returns the first; core.format_number writes them.';

-- Idempotency ---------------------------------------------------------------------------------------------------

create domain core.idempotency_state as text
  constraint idempotency_state_check check (value in ('in_progress', 'completed'));
comment on domain core.idempotency_state is
  'How far a request with a key has come.
in_progress: running, in a transaction that has not ended.
completed: done, its answer is kept.';
comment on constraint idempotency_state_check on domain core.idempotency_state is 'Not a known state of a request.';

create table core.idempotency_keys (
  biz_id uuid not null,
  actor_id uuid not null,
  key text not null,
  operation text not null,
  request_digest bytea not null,
  state core.idempotency_state not null default 'in_progress',
  response jsonb,
  completed_at timestamptz,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint idempotency_keys_pkey primary key (biz_id, actor_id, key),
  constraint idempotency_keys_key_check check (length(key) between 1 and 255),
  constraint idempotency_keys_operation_check check (btrim(operation) <> ''),
  constraint idempotency_keys_request_digest_check check (octet_length(request_digest) = 32),
  constraint idempotency_keys_completed_check check (
    (state = 'completed') = (response is not null) and (state = 'completed') = (completed_at is not null)
  ),
  constraint idempotency_keys_expires_at_check check (expires_at > created_at)
);
create index idempotency_keys_expires_at_idx on core.idempotency_keys (expires_at);
comment on table core.idempotency_keys is
  'One request that may be sent again: the same key gives the same answer and no second effect. The row is written first in the transaction of its verb, so a second request with the key waits for it.';
comment on column core.idempotency_keys.actor_id is 'The user or API key that sent it: keys of others do not collide.';
comment on column core.idempotency_keys.key is 'The key that the caller chose.';
comment on column core.idempotency_keys.operation is 'The mutation, for example bookingConfirm.';
comment on column core.idempotency_keys.request_digest is 'SHA-256 of the operation and its input in canonical form.';
comment on column core.idempotency_keys.state is 'How far the request has come.';
comment on column core.idempotency_keys.response is 'The payload as first answered; empty until it is completed.';
comment on column core.idempotency_keys.completed_at is 'When the answer was kept.';
comment on column core.idempotency_keys.expires_at is 'When the key is forgotten: a day later, for money thirty.';
comment on constraint idempotency_keys_pkey on core.idempotency_keys is 'This key is in use.';
comment on constraint idempotency_keys_key_check on core.idempotency_keys is 'A key has 1 to 255 characters.';
comment on constraint idempotency_keys_operation_check on core.idempotency_keys is 'A key belongs to an operation.';
comment on constraint idempotency_keys_request_digest_check on core.idempotency_keys is 'The digest of a request has 32 bytes.';
comment on constraint idempotency_keys_completed_check on core.idempotency_keys is
  'A request has an answer exactly when it is completed.';
comment on constraint idempotency_keys_expires_at_check on core.idempotency_keys is 'A key is kept for a while.';
call core.install_table('core.idempotency_keys', 'T', null);

-- Outbox --------------------------------------------------------------------------------------------------------

create sequence core.outbox_events_seq as bigint;
comment on sequence core.outbox_events_seq is 'Orders events within their transaction.';
grant usage on sequence core.outbox_events_seq to bizing_app, bizing_platform;

create table core.outbox_events (
  biz_id uuid not null,
  id uuid not null,
  transaction_id xid8 not null default pg_current_xact_id(),
  seq bigint not null default nextval('core.outbox_events_seq'),
  topic text not null,
  subject_type text not null,
  subject_id uuid not null,
  payload jsonb not null default '{}',
  occurred_at timestamptz not null default now(),
  published_at timestamptz,
  constraint outbox_events_pkey primary key (biz_id, occurred_at, id),
  constraint outbox_events_topic_check check (topic ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$' and length(topic) <= 100),
  constraint outbox_events_subject_type_check check (subject_type ~ '^[A-Z][A-Za-z0-9]*$'),
  constraint outbox_events_payload_check check (jsonb_typeof(payload) = 'object')
)
partition by range (occurred_at);
alter sequence core.outbox_events_seq owned by core.outbox_events.seq;
create index outbox_events_feed_idx on core.outbox_events (transaction_id, seq);
create index outbox_events_tenant_feed_idx on core.outbox_events (biz_id, transaction_id, seq);
create index outbox_events_subject_idx on core.outbox_events (biz_id, subject_type, subject_id, occurred_at);
comment on table core.outbox_events is
  'What happened, written by a verb in its own transaction, for boards, feeds and integrations. Read in the order (transaction_id, seq), and only below the oldest transaction still running: so an event that commits late is never passed over.';
comment on column core.outbox_events.transaction_id is 'The transaction that wrote the event.';
comment on column core.outbox_events.seq is 'The order of events within a transaction. Between transactions it says nothing.';
comment on column core.outbox_events.topic is 'What happened, as context and past participle, for example booking.confirmed.';
comment on column core.outbox_events.subject_type is 'What it happened to: an entity name, for example BookingOrder.';
comment on column core.outbox_events.subject_id is 'Which one: its id. No foreign key, as for every journal.';
comment on column core.outbox_events.payload is 'What a reader needs to know beyond the subject, such as the locations concerned.';
comment on column core.outbox_events.occurred_at is 'When it happened: the start of the transaction.';
comment on column core.outbox_events.published_at is 'When it was handed to integrations; set once.';
comment on constraint outbox_events_topic_check on core.outbox_events is
  'A topic is written context.happened, in lower snake case, with at most 100 characters.';
comment on constraint outbox_events_subject_type_check on core.outbox_events is
  'A subject type is the name of an entity, such as BookingOrder.';
comment on constraint outbox_events_payload_check on core.outbox_events is 'A payload is an object.';
call core.install_table('core.outbox_events', 'P', 'evt', bookkeeping => array['published_at']);

select core.ensure_partitions(3);
