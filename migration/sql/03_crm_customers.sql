-- CRM, continued: what is known of a customer beyond the record: addresses, papers, wishes, ties to others, consents,
-- which records were merged, and who may not come.

create domain crm.privacy_mode as text
  constraint privacy_mode_check check (value in ('identified', 'pseudonymous', 'anonymous'));
comment on domain crm.privacy_mode is
  'Under which identity a customer is shown to staff. What each means in detail, governance says by the same codes.
identified: By name, as far as their permissions go.
pseudonymous: By number instead of the name, as in clinics and for public figures.
anonymous: By nothing that leads to the person.';
comment on constraint privacy_mode_check on domain crm.privacy_mode is 'Unknown privacy mode.';

create domain crm.address_kind as text
  constraint address_kind_check check (value in ('home', 'work', 'billing', 'delivery', 'other'));
comment on domain crm.address_kind is
  'What an address of a customer is for.
home: Where the customer lives.
work: Where the customer works.
billing: Where bills go, and what stands on them.
delivery: Where things are brought.
other: Anything else.';
comment on constraint address_kind_check on domain crm.address_kind is 'Unknown address kind.';

create domain crm.document_kind as text
  constraint document_kind_check check (
    value in ('passport', 'id_card', 'licence', 'residence_permit', 'visa', 'student_card', 'other')
  );
comment on domain crm.document_kind is
  'What a paper proves.
passport: Who somebody is, anywhere.
id_card: Who somebody is, at home.
licence: That somebody may drive.
residence_permit: That somebody may live in a country.
visa: That somebody may enter a country.
student_card: That somebody studies.
other: Something else.';
comment on constraint document_kind_check on domain crm.document_kind is 'Unknown document kind.';

create domain crm.lawful_basis as text
  constraint lawful_basis_check check (
    value in ('consent', 'contract', 'legal_obligation', 'vital_interest', 'public_task', 'legitimate_interest')
  );
comment on domain crm.lawful_basis is
  'Why personal data may be kept, by the law of data protection.
consent: The person agreed.
contract: It is needed for what the person ordered.
legal_obligation: A law asks for it, such as the registration of guests.
vital_interest: Somebody''s life may depend on it.
public_task: An authority needs it for its task.
legitimate_interest: The business has good reason, and the person''s do not outweigh it.';
comment on constraint lawful_basis_check on domain crm.lawful_basis is 'Unknown lawful basis.';

create domain crm.preference_source as text
  constraint preference_source_check check (value in ('customer', 'staff', 'inferred', 'imported'));
comment on domain crm.preference_source is
  'How a preference became known.
customer: The customer said so.
staff: Staff noticed it.
inferred: It was found in what the customer booked or bought.
imported: It came from another system.';
comment on constraint preference_source_check on domain crm.preference_source is 'Unknown preference source.';

create domain crm.relationship_kind as text
  constraint relationship_kind_check check (value in (
    'spouse', 'parent', 'child', 'sibling', 'guardian', 'friend', 'employer', 'parent_organisation',
    'assistant', 'emergency_contact', 'travel_agent'
  ));
comment on domain crm.relationship_kind is
  'What the second customer is to the first.
spouse: Husband, wife or partner.
parent: Father or mother.
child: Son or daughter.
sibling: Brother or sister.
guardian: Whoever answers for the first by law.
friend: A friend.
employer: The organisation that the first works for.
parent_organisation: The organisation that the first one belongs to.
assistant: Whoever books for the first.
emergency_contact: Whoever is called when something happens to the first.
travel_agent: The agent who books for the first.';
comment on constraint relationship_kind_check on domain crm.relationship_kind is 'Unknown relationship kind.';

create domain crm.consent_purpose as text
  constraint consent_purpose_check check (
    value in ('marketing', 'service_messages', 'profiling', 'data_sharing', 'photos', 'health_data', 'terms')
  );
comment on domain crm.consent_purpose is
  'What a customer agrees to, or does not.
marketing: Being told of offers.
service_messages: Being told of what was booked, beyond what the contract needs.
profiling: Having offers chosen by what was bought before.
data_sharing: Having data given to partners.
photos: Having pictures published.
health_data: Having data of health kept.
terms: The terms of business.';
comment on constraint consent_purpose_check on domain crm.consent_purpose is 'Unknown consent purpose.';

create domain crm.consent_channel as text
  constraint consent_channel_check check (value in ('any', 'email', 'sms', 'push', 'phone', 'post', 'messenger'));
comment on domain crm.consent_channel is
  'The way in which a customer may be reached for a purpose.
any: Every way, or none in particular.
email: By mail.
sms: By text message.
push: By a message to the app.
phone: By a call.
post: By letter.
messenger: By a messenger such as WhatsApp.';
comment on constraint consent_channel_check on domain crm.consent_channel is 'Unknown consent channel.';

create domain crm.consent_state as text
  constraint consent_state_check check (value in ('granted', 'withdrawn'));
comment on domain crm.consent_state is
  'What a customer said.
granted: Yes.
withdrawn: No, or not any more.';
comment on constraint consent_state_check on domain crm.consent_state is 'Unknown consent state.';

create domain crm.merge_action as text
  constraint merge_action_check check (value in ('merged', 'unmerged'));
comment on domain crm.merge_action is
  'What was done with two records of a customer.
merged: They became one.
unmerged: They were taken apart again.';
comment on constraint merge_action_check on domain crm.merge_action is 'Unknown merge action.';

alter table crm.customers
  add column home_location_id uuid,
  add column privacy_mode crm.privacy_mode not null default 'identified',
  add column source text,
  add constraint customers_source_check check (btrim(source) <> '' and length(source) <= 100),
  add constraint customers_home_location_id_fkey
    foreign key (biz_id, home_location_id) references core.locations (biz_id, id);
comment on column crm.customers.home_location_id is 'The location that the customer usually comes to.';
comment on column crm.customers.privacy_mode is 'Under which identity the customer is shown to staff.';
comment on column crm.customers.source is 'How the customer came to the business, for example recommendation or fair.';
comment on constraint customers_source_check on crm.customers is
  'The source must not be blank, and has at most 100 characters.';
call core.index_foreign_keys('crm.customers');
call core.describe_table('crm.customers');
call core.configure_graph('crm.customers', aggregates => true);
create trigger customers_merged_profile_read_only
  before update of home_location_id, privacy_mode, source on crm.customers
  for each row
  when (old.status = 'merged' and new.status = 'merged')
  execute function crm.refuse_merged_change();

-- customer_totals ----------------------------------------------------------------------------------------------------

create table crm.customer_totals (
  biz_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  currency char(3) not null,
  lifetime_value_minor bigint not null default 0,
  orders_count integer not null default 0,
  cancelled_count integer not null default 0,
  no_show_count integer not null default 0,
  first_visit_on date,
  last_visit_on date,
  refreshed_at timestamptz not null default now(),
  constraint customer_totals_pkey primary key (biz_id, id),
  constraint customer_totals_customer_id_currency_key unique (biz_id, customer_id, currency),
  constraint customer_totals_customer_id_fkey foreign key (biz_id, customer_id) references crm.customers (biz_id, id),
  constraint customer_totals_currency_fkey foreign key (currency) references core.currencies (code),
  constraint customer_totals_orders_count_check check (orders_count >= 0),
  constraint customer_totals_cancelled_count_check check (cancelled_count >= 0),
  constraint customer_totals_no_show_count_check check (no_show_count >= 0),
  constraint customer_totals_visits_check check (
    num_nonnulls(first_visit_on, last_visit_on) <> 1 and last_visit_on >= first_visit_on
  )
);
create index customer_totals_lifetime_value_idx on crm.customer_totals (biz_id, currency, lifetime_value_minor);
create index customer_totals_last_visit_on_idx on crm.customer_totals (biz_id, last_visit_on);
comment on table crm.customer_totals is 'What a customer has brought so far, in one currency. Worked out from closed documents, and again whenever one more closes; never a balance.';
comment on column crm.customer_totals.customer_id is 'The customer.';
comment on column crm.customer_totals.currency is 'The currency of the amounts.';
comment on column crm.customer_totals.lifetime_value_minor is 'What the customer has paid less what was paid back, in minor units.';
comment on column crm.customer_totals.orders_count is 'How many orders were completed.';
comment on column crm.customer_totals.cancelled_count is 'How many orders the customer cancelled.';
comment on column crm.customer_totals.no_show_count is 'How often the customer did not come.';
comment on column crm.customer_totals.first_visit_on is 'Business day of the first visit.';
comment on column crm.customer_totals.last_visit_on is 'Business day of the last visit.';
comment on column crm.customer_totals.refreshed_at is 'When it was last worked out.';
comment on constraint customer_totals_orders_count_check on crm.customer_totals is 'The orders count cannot be negative.';
comment on constraint customer_totals_cancelled_count_check on crm.customer_totals is 'The cancelled count cannot be negative.';
comment on constraint customer_totals_no_show_count_check on crm.customer_totals is 'The no show count cannot be negative.';
comment on constraint customer_totals_customer_id_currency_key on crm.customer_totals is 'The customer has totals in this currency already.';
comment on constraint customer_totals_visits_check on crm.customer_totals is 'The last visit is not before the first.';
call core.install_table('crm.customer_totals', 'T', 'crtt', entity_name => 'CustomerTotal');

-- customer_addresses -------------------------------------------------------------------------------------------------

create table crm.customer_addresses (
  biz_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  kind crm.address_kind not null default 'home',
  label text,
  recipient text,
  address_line1 text not null,
  address_line2 text,
  city text,
  postal_code text,
  region_code text,
  country_code char(2) not null,
  lat numeric(9, 6),
  lng numeric(9, 6),
  instructions text,
  is_default boolean not null default false,
  deleted_at timestamptz,
  constraint customer_addresses_pkey primary key (biz_id, id),
  constraint customer_addresses_customer_id_fkey
    foreign key (biz_id, customer_id) references crm.customers (biz_id, id),
  constraint customer_addresses_country_code_fkey foreign key (country_code) references core.countries (code),
  constraint customer_addresses_label_check check (btrim(label) <> '' and length(label) <= 100),
  constraint customer_addresses_recipient_check check (btrim(recipient) <> '' and length(recipient) <= 200),
  constraint customer_addresses_address_line1_check check (
    btrim(address_line1) <> '' and length(address_line1) <= 200
  ),
  constraint customer_addresses_address_line2_check check (
    btrim(address_line2) <> '' and length(address_line2) <= 200
  ),
  constraint customer_addresses_city_check check (btrim(city) <> '' and length(city) <= 200),
  constraint customer_addresses_postal_code_check check (btrim(postal_code) <> '' and length(postal_code) <= 20),
  constraint customer_addresses_region_code_check check (btrim(region_code) <> '' and length(region_code) <= 20),
  constraint customer_addresses_instructions_check check (btrim(instructions) <> '' and length(instructions) <= 2000),
  constraint customer_addresses_lat_check check (lat between -90 and 90),
  constraint customer_addresses_lng_check check (lng between -180 and 180),
  constraint customer_addresses_position_check check (num_nonnulls(lat, lng) <> 1)
);
create unique index customer_addresses_default_key on crm.customer_addresses (biz_id, customer_id, kind)
  where is_default and deleted_at is null;
comment on table crm.customer_addresses is 'An address of a customer.';
comment on column crm.customer_addresses.customer_id is 'The customer.';
comment on column crm.customer_addresses.kind is 'What it is for.';
comment on column crm.customer_addresses.label is 'What the customer calls it, for example holiday home.';
comment on column crm.customer_addresses.recipient is 'Name on the letter, where it is not the customer''s.';
comment on column crm.customer_addresses.address_line1 is 'Street and number.';
comment on column crm.customer_addresses.address_line2 is 'What else finds the door: floor, gate, unit.';
comment on column crm.customer_addresses.city is 'Town or city.';
comment on column crm.customer_addresses.postal_code is 'Postal code as written in that country.';
comment on column crm.customer_addresses.region_code is 'State or province, where possible by ISO 3166-2 without the country, for example CA.';
comment on column crm.customer_addresses.country_code is 'The country.';
comment on column crm.customer_addresses.lat is 'Latitude in degrees, north positive.';
comment on column crm.customer_addresses.lng is 'Longitude in degrees, east positive.';
comment on column crm.customer_addresses.instructions is 'What whoever comes should know, for example: ring twice.';
comment on column crm.customer_addresses.is_default is 'Whether it is taken where the customer names none of its kind.';
comment on constraint customer_addresses_label_check on crm.customer_addresses is 'The label must not be blank, and has at most 100 characters.';
comment on constraint customer_addresses_recipient_check on crm.customer_addresses is 'The recipient must not be blank, and has at most 200 characters.';
comment on constraint customer_addresses_address_line1_check on crm.customer_addresses is 'The address line1 must not be blank, and has at most 200 characters.';
comment on constraint customer_addresses_address_line2_check on crm.customer_addresses is 'The address line2 must not be blank, and has at most 200 characters.';
comment on constraint customer_addresses_city_check on crm.customer_addresses is 'The city must not be blank, and has at most 200 characters.';
comment on constraint customer_addresses_postal_code_check on crm.customer_addresses is 'The postal code must not be blank, and has at most 20 characters.';
comment on constraint customer_addresses_region_code_check on crm.customer_addresses is 'The region code must not be blank, and has at most 20 characters.';
comment on constraint customer_addresses_instructions_check on crm.customer_addresses is 'The instructions must not be blank, and has at most 2,000 characters.';
comment on constraint customer_addresses_lat_check on crm.customer_addresses is 'A latitude lies between -90 and 90 degrees.';
comment on constraint customer_addresses_lng_check on crm.customer_addresses is 'A longitude lies between -180 and 180 degrees.';
comment on constraint customer_addresses_position_check on crm.customer_addresses is 'Latitude and longitude are given together.';
comment on index crm.customer_addresses_default_key is 'The customer has a default address of this kind already.';
call core.install_table('crm.customer_addresses', 'M', 'crad');

-- customer_documents -------------------------------------------------------------------------------------------------

create table crm.customer_documents (
  biz_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  kind crm.document_kind not null,
  number_enc bytea not null,
  number_bidx bytea not null,
  country_code char(2) not null,
  issued_on date,
  expires_on date,
  lawful_basis crm.lawful_basis not null,
  retention_class text not null,
  retain_until date,
  verified_at timestamptz,
  verified_by_id uuid,
  deleted_at timestamptz,
  constraint customer_documents_pkey primary key (biz_id, id),
  constraint customer_documents_customer_id_fkey
    foreign key (biz_id, customer_id) references crm.customers (biz_id, id),
  constraint customer_documents_country_code_fkey foreign key (country_code) references core.countries (code),
  constraint customer_documents_verified_by_id_fkey foreign key (verified_by_id) references identity.users (id),
  constraint customer_documents_retention_class_check check (
    btrim(retention_class) <> '' and length(retention_class) <= 60
  ),
  constraint customer_documents_dates_check check (expires_on > issued_on),
  constraint customer_documents_verified_check check (num_nonnulls(verified_at, verified_by_id) <> 1)
);
create unique index customer_documents_number_key on crm.customer_documents (biz_id, customer_id, kind, number_bidx)
  where deleted_at is null;
create index customer_documents_number_idx on crm.customer_documents (biz_id, number_bidx);
create index customer_documents_retain_until_idx on crm.customer_documents (biz_id, retain_until)
  where deleted_at is null;
comment on table crm.customer_documents is 'A paper that a customer showed, kept only where there is a reason that the law knows.';
comment on column crm.customer_documents.customer_id is 'The customer.';
comment on column crm.customer_documents.kind is 'What it proves.';
comment on column crm.customer_documents.number_enc is 'Its number.';
comment on column crm.customer_documents.number_bidx is 'Keyed digest of the number, by which it is found.';
comment on column crm.customer_documents.country_code is 'The country that issued it.';
comment on column crm.customer_documents.issued_on is 'When it was issued.';
comment on column crm.customer_documents.expires_on is 'The last day on which it is valid; empty where it does not expire.';
comment on column crm.customer_documents.lawful_basis is 'Why it may be kept.';
comment on column crm.customer_documents.retention_class is 'Which rule of the tenant says how long, for example guest_registration.';
comment on column crm.customer_documents.retain_until is 'The day after which it is erased; empty until the stay or contract has ended.';
comment on column crm.customer_documents.verified_at is 'When somebody looked at the paper itself.';
comment on column crm.customer_documents.verified_by_id is 'The user who did.';
comment on constraint customer_documents_retention_class_check on crm.customer_documents is 'The retention class must not be blank, and has at most 60 characters.';
comment on constraint customer_documents_verified_by_id_fkey on crm.customer_documents is 'Whoever looked at it must be an existing user.';
comment on constraint customer_documents_dates_check on crm.customer_documents is 'A paper expires after it was issued.';
comment on constraint customer_documents_verified_check on crm.customer_documents is 'A paper that was looked at says when and by whom.';
comment on index crm.customer_documents_number_key is 'The customer''s paper with this number is here already.';
call core.install_table('crm.customer_documents', 'M', 'crdo');

-- customer_preferences -----------------------------------------------------------------------------------------------

create table crm.customer_preferences (
  biz_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  key text not null,
  value text not null,
  source crm.preference_source not null default 'staff',
  is_alert boolean not null default false,
  deleted_at timestamptz,
  constraint customer_preferences_pkey primary key (biz_id, id),
  constraint customer_preferences_customer_id_fkey
    foreign key (biz_id, customer_id) references crm.customers (biz_id, id),
  constraint customer_preferences_value_check check (btrim(value) <> '' and length(value) <= 2000),
  constraint customer_preferences_key_check check (
    key ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$' and length(key) <= 100
  )
);
create unique index customer_preferences_key_key on crm.customer_preferences (biz_id, customer_id, key)
  where deleted_at is null;
comment on table crm.customer_preferences is 'Something a customer likes, needs or cannot bear, for example room.floor: high.';
comment on column crm.customer_preferences.customer_id is 'The customer.';
comment on column crm.customer_preferences.key is 'What it concerns, for example room.floor or diet.';
comment on column crm.customer_preferences.value is 'What the customer wants.';
comment on column crm.customer_preferences.source is 'How it became known.';
comment on column crm.customer_preferences.is_alert is 'Whether staff must see it before anything else, such as an allergy.';
comment on constraint customer_preferences_value_check on crm.customer_preferences is 'The value must not be blank, and has at most 2,000 characters.';
comment on constraint customer_preferences_key_check on crm.customer_preferences is 'The name of a preference is lower snake case, in parts joined by dots, with at most 100 characters.';
comment on index crm.customer_preferences_key_key is 'The customer has this preference already: change it instead.';
call core.install_table('crm.customer_preferences', 'M', 'crpr');

-- customer_relationships ---------------------------------------------------------------------------------------------

create table crm.customer_relationships (
  biz_id uuid not null,
  customer_id uuid not null,
  related_customer_id uuid not null,
  kind crm.relationship_kind not null,
  constraint customer_relationships_pkey primary key (biz_id, customer_id, related_customer_id, kind),
  constraint customer_relationships_customer_id_fkey
    foreign key (biz_id, customer_id) references crm.customers (biz_id, id),
  constraint customer_relationships_related_customer_id_fkey
    foreign key (biz_id, related_customer_id) references crm.customers (biz_id, id),
  constraint customer_relationships_self_check check (customer_id <> related_customer_id)
);
create unique index customer_relationships_pair_key
  on crm.customer_relationships (biz_id, least(customer_id, related_customer_id), greatest(customer_id, related_customer_id), kind);
comment on table crm.customer_relationships is 'A tie between two customers: the second is the spouse, employer... of the first.';
comment on column crm.customer_relationships.customer_id is 'The first.';
comment on column crm.customer_relationships.related_customer_id is 'The second, who is what the kind says.';
comment on column crm.customer_relationships.kind is 'What the second is to the first.';
comment on constraint customer_relationships_self_check on crm.customer_relationships is 'Nobody is related to themselves.';
comment on constraint customer_relationships_pkey on crm.customer_relationships is 'This tie is known already.';
comment on index crm.customer_relationships_pair_key is 'These two have a tie of this kind already.';
call core.install_table('crm.customer_relationships', 'L', null);

-- consents -----------------------------------------------------------------------------------------------------------

create table crm.consents (
  biz_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  purpose crm.consent_purpose not null,
  channel crm.consent_channel not null default 'any',
  state crm.consent_state not null,
  basis crm.lawful_basis not null default 'consent',
  text_version text not null,
  locale core.locale,
  source text not null,
  proof jsonb not null default '{}',
  occurred_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  constraint consents_pkey primary key (biz_id, id),
  constraint consents_customer_id_fkey foreign key (biz_id, customer_id) references crm.customers (biz_id, id),
  constraint consents_text_version_check check (btrim(text_version) <> '' and length(text_version) <= 60),
  constraint consents_source_check check (btrim(source) <> '' and length(source) <= 100),
  constraint consents_proof_check check (jsonb_typeof(proof) = 'object'),
  constraint consents_occurred_at_check check (occurred_at <= created_at + interval '5 minutes')
);
create index consents_latest_idx on crm.consents (biz_id, customer_id, purpose, channel, occurred_at, id);
create index consents_purpose_idx on crm.consents (biz_id, purpose, channel, occurred_at);
comment on table crm.consents is 'What a customer said to one use of their data, by one channel. The latest such row counts.';
comment on column crm.consents.customer_id is 'The customer.';
comment on column crm.consents.purpose is 'What for.';
comment on column crm.consents.channel is 'By which channel.';
comment on column crm.consents.state is 'What the customer said.';
comment on column crm.consents.basis is 'The reason the law knows, of which consent is one.';
comment on column crm.consents.text_version is 'Which text the customer was shown, for example newsletter-2026-01.';
comment on column crm.consents.locale is 'The language of that text.';
comment on column crm.consents.source is 'Where it was said, for example web checkout or front desk.';
comment on column crm.consents.proof is 'What shows it: address of the page, network address, signature.';
comment on column crm.consents.occurred_at is 'When it was said; offline, earlier than it was written.';
comment on constraint consents_text_version_check on crm.consents is 'The text version must not be blank, and has at most 60 characters.';
comment on constraint consents_source_check on crm.consents is 'The source must not be blank, and has at most 100 characters.';
comment on constraint consents_proof_check on crm.consents is 'The proof must be a JSON object.';
comment on constraint consents_occurred_at_check on crm.consents is 'A consent is not given in the future.';
call core.install_table('crm.consents', 'J', 'crcs');

-- customer_merge_log -------------------------------------------------------------------------------------------------

create table crm.customer_merge_log (
  biz_id uuid not null,
  id uuid not null,
  survivor_id uuid not null,
  merged_id uuid not null,
  action crm.merge_action not null,
  undoes_id uuid,
  moved jsonb not null default '{}',
  reason text,
  actor_id uuid default nullif(current_setting('app.user_id', true), '')::uuid,
  occurred_at timestamptz not null default now(),
  constraint customer_merge_log_pkey primary key (biz_id, id),
  constraint customer_merge_log_pair_key unique (biz_id, survivor_id, merged_id, id),
  constraint customer_merge_log_undoes_id_key unique (biz_id, undoes_id),
  constraint customer_merge_log_survivor_id_fkey
    foreign key (biz_id, survivor_id) references crm.customers (biz_id, id),
  constraint customer_merge_log_merged_id_fkey foreign key (biz_id, merged_id) references crm.customers (biz_id, id),
  constraint customer_merge_log_undoes_id_fkey
    foreign key (biz_id, survivor_id, merged_id, undoes_id)
    references crm.customer_merge_log (biz_id, survivor_id, merged_id, id),
  constraint customer_merge_log_moved_check check (jsonb_typeof(moved) = 'object'),
  constraint customer_merge_log_reason_check check (btrim(reason) <> '' and length(reason) <= 2000),
  constraint customer_merge_log_records_check check (survivor_id <> merged_id),
  constraint customer_merge_log_undoes_check check ((action = 'unmerged') = (undoes_id is not null))
);
comment on table crm.customer_merge_log is 'That two records of a customer were made one, or taken apart again.';
comment on column crm.customer_merge_log.survivor_id is 'The record that was kept.';
comment on column crm.customer_merge_log.merged_id is 'The record that was merged into it.';
comment on column crm.customer_merge_log.action is 'What was done.';
comment on column crm.customer_merge_log.undoes_id is 'The merge that was undone.';
comment on column crm.customer_merge_log.moved is 'What was moved from one to the other: ids by table.';
comment on column crm.customer_merge_log.reason is 'Why.';
comment on column crm.customer_merge_log.actor_id is 'The user who did it; empty where a rule did.';
comment on column crm.customer_merge_log.occurred_at is 'When it was done.';
comment on constraint customer_merge_log_moved_check on crm.customer_merge_log is 'The moved must be a JSON object.';
comment on constraint customer_merge_log_reason_check on crm.customer_merge_log is 'The reason must not be blank, and has at most 2,000 characters.';
comment on constraint customer_merge_log_pair_key on crm.customer_merge_log is 'This merge is there already.';
comment on constraint customer_merge_log_undoes_id_key on crm.customer_merge_log is 'This merge was undone already.';
comment on constraint customer_merge_log_undoes_id_fkey on crm.customer_merge_log is 'Must be an existing merge of these two customers.';
comment on constraint customer_merge_log_records_check on crm.customer_merge_log is 'A record is not merged into itself.';
comment on constraint customer_merge_log_undoes_check on crm.customer_merge_log is 'What is undone is named, and only then.';
call core.install_table('crm.customer_merge_log', 'J', 'crml', entity_name => 'CustomerMerge');

-- blocklist_entries --------------------------------------------------------------------------------------------------

create table crm.blocklist_entries (
  biz_id uuid not null,
  id uuid not null,
  customer_id uuid,
  email_enc bytea,
  email_bidx bytea,
  phone_enc bytea,
  phone_bidx bytea,
  reason text not null,
  starts_at timestamptz not null default now(),
  ends_at timestamptz,
  period tstzrange generated always as (tstzrange(starts_at, ends_at, '[)')) stored,
  deleted_at timestamptz,
  constraint blocklist_entries_pkey primary key (biz_id, id),
  constraint blocklist_entries_customer_id_fkey
    foreign key (biz_id, customer_id) references crm.customers (biz_id, id),
  constraint blocklist_entries_reason_check check (btrim(reason) <> '' and length(reason) <= 2000),
  constraint blocklist_entries_who_check check (num_nonnulls(customer_id, email_bidx, phone_bidx) = 1),
  constraint blocklist_entries_email_check check (num_nonnulls(email_enc, email_bidx) <> 1),
  constraint blocklist_entries_phone_check check (num_nonnulls(phone_enc, phone_bidx) <> 1),
  constraint blocklist_entries_times_check check (ends_at > starts_at),
  constraint blocklist_entries_customer_excl
    exclude using gist (biz_id with =, customer_id with =, period with &&)
    where (customer_id is not null and deleted_at is null),
  constraint blocklist_entries_email_excl
    exclude using gist (biz_id with =, email_bidx with =, period with &&)
    where (email_bidx is not null and deleted_at is null),
  constraint blocklist_entries_phone_excl
    exclude using gist (biz_id with =, phone_bidx with =, period with &&)
    where (phone_bidx is not null and deleted_at is null)
);
create index blocklist_entries_email_bidx_idx on crm.blocklist_entries (biz_id, email_bidx, starts_at)
  where email_bidx is not null;
create index blocklist_entries_phone_bidx_idx on crm.blocklist_entries (biz_id, phone_bidx, starts_at)
  where phone_bidx is not null;
comment on table crm.blocklist_entries is 'Somebody who may not book or buy, by record, mail address or telephone number, for a while or for good. Looked up at every booking and sale.';
comment on column crm.blocklist_entries.customer_id is 'The customer, where there is a record.';
comment on column crm.blocklist_entries.email_enc is 'Mail address.';
comment on column crm.blocklist_entries.email_bidx is 'Keyed digest of the mail address in lower case, by which it is found.';
comment on column crm.blocklist_entries.phone_enc is 'Telephone number with country code.';
comment on column crm.blocklist_entries.phone_bidx is 'Keyed digest of the telephone number, by which it is found.';
comment on column crm.blocklist_entries.reason is 'Why; only staff read it.';
comment on column crm.blocklist_entries.starts_at is 'From when.';
comment on column crm.blocklist_entries.ends_at is 'Until when, that instant not included; empty where it is for good.';
comment on column crm.blocklist_entries.period is 'From starts_at to ends_at, as a range.';
comment on constraint blocklist_entries_reason_check on crm.blocklist_entries is 'The reason must not be blank, and has at most 2,000 characters.';
comment on constraint blocklist_entries_who_check on crm.blocklist_entries is 'An entry names a customer, a mail address or a telephone number.';
comment on constraint blocklist_entries_email_check on crm.blocklist_entries is 'A mail address is kept together with its digest.';
comment on constraint blocklist_entries_phone_check on crm.blocklist_entries is 'A telephone number is kept together with its digest.';
comment on constraint blocklist_entries_times_check on crm.blocklist_entries is 'The end must be after the start.';
comment on constraint blocklist_entries_customer_excl on crm.blocklist_entries is 'This customer is blocked at that time already.';
comment on constraint blocklist_entries_email_excl on crm.blocklist_entries is 'This mail address is blocked at that time already.';
comment on constraint blocklist_entries_phone_excl on crm.blocklist_entries is 'This telephone number is blocked at that time already.';
call core.install_table('crm.blocklist_entries', 'M', 'crbl');
