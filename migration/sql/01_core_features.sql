-- Kernel, continued: what is said of any subject by a word from a list of the tenant: features of places and resources,
-- tags, statuses of its own, and where a subject counts.

create function core.refuse_update()
  returns trigger
  language plpgsql
as $$
begin
  raise exception using
    errcode = '23514',
    message = tg_argv[1],
    schema = tg_table_schema,
    table = tg_table_name,
    constraint = tg_argv[0];
end
$$;
comment on function core.refuse_update() is
  'Trigger: refuses the change in the words of its second argument, under the constraint name of its first.';

create domain core.feature_scope as text
  constraint feature_scope_check check (value in ('location', 'resource'));
comment on domain core.feature_scope is
  'What a feature is said of.
location: Places, for example parking.
resource: Rooms, people and things, for example a sea view.';
comment on constraint feature_scope_check on domain core.feature_scope is 'Unknown feature scope.';

create domain core.binding_mode as text
  constraint binding_mode_check check (value in ('include', 'exclude'));
comment on domain core.binding_mode is
  'Whether a subject counts at a location.
include: It does, and at no location that is not included.
exclude: It does not, though it does at the others.';
comment on constraint binding_mode_check on domain core.binding_mode is 'Unknown binding mode.';

create domain core.dictionary_domain as text
  constraint dictionary_domain_check check (value in (
    'resource', 'asset', 'venue', 'unit', 'vehicle', 'location', 'customer', 'member', 'staff', 'service',
    'offer', 'product', 'booking', 'supplier'
  ));
comment on domain core.dictionary_domain is
  'What a word of the tenant''s own lists is for; it decides which subjects can have it.
resource: Any resource.
asset: Equipment and other assets among the resources.
venue: Venues and their rooms among the resources.
unit: Units that guests stay in.
vehicle: Vehicles among the resources.
location: Locations.
customer: Customers.
member: Users inside the tenant.
staff: People who are employed.
service: Services.
offer: Offers.
product: Products.
booking: Booking orders.
supplier: Suppliers.';
comment on constraint dictionary_domain_check on domain core.dictionary_domain is 'Unknown dictionary domain.';

create domain core.status_category as text
  constraint status_category_check check (
    value in ('available', 'limited', 'unavailable', 'out_of_service', 'retired')
  );
comment on domain core.status_category is
  'What a status of the tenant''s own means to the program.
available: As usual: it can be planned and sold.
limited: Usable, with something to know.
unavailable: Not usable for now.
out_of_service: Taken out of use for work on it.
retired: Given up for good.';
comment on constraint status_category_check on domain core.status_category is 'Unknown status category.';

-- features -----------------------------------------------------------------------------------------------------------

create table core.features (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  description text,
  scope core.feature_scope not null,
  category text,
  icon text,
  is_filterable boolean not null default false,
  sort_order integer not null default 0,
  deleted_at timestamptz,
  constraint features_pkey primary key (biz_id, id),
  constraint features_scope_id_key unique (biz_id, scope, id),
  constraint features_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint features_description_check check (btrim(description) <> '' and length(description) <= 10000),
  constraint features_category_check check (btrim(category) <> '' and length(category) <= 100),
  constraint features_icon_check check (btrim(icon) <> '' and length(icon) <= 100),
  constraint features_code_check check (code ~ '^[a-z0-9][a-z0-9_-]{0,59}$')
);
create unique index features_code_key on core.features (biz_id, code) where deleted_at is null;
comment on table core.features is 'Something that a place or a resource can have, for example parking, wheelchair access or a sea view. Amenities are features.';
comment on column core.features.code is 'Short name that rules and imports refer to, for example sea_view.';
comment on column core.features.name is 'Name that customers and staff read.';
comment on column core.features.description is 'What exactly is meant, for customers.';
comment on column core.features.scope is 'What it is said of.';
comment on column core.features.category is 'Heading under which it is listed, for example Bathroom.';
comment on column core.features.icon is 'Name of the sign it is shown with.';
comment on column core.features.is_filterable is 'Whether customers can search by it.';
comment on column core.features.sort_order is 'Features are listed in ascending order.';
comment on constraint features_name_check on core.features is 'The name must not be blank, and has at most 200 characters.';
comment on constraint features_description_check on core.features is 'The description must not be blank, and has at most 10,000 characters.';
comment on constraint features_category_check on core.features is 'The category must not be blank, and has at most 100 characters.';
comment on constraint features_icon_check on core.features is 'The icon must not be blank, and has at most 100 characters.';
comment on constraint features_scope_id_key on core.features is 'This feature is there already.';
comment on constraint features_code_check on core.features is 'A code has up to 60 lower-case letters, digits, hyphens and underscores.';
comment on index core.features_code_key is 'Another feature has this code.';
call core.install_table('core.features', 'M', 'cofe', registrable => true);

-- location_features --------------------------------------------------------------------------------------------------

create table core.location_features (
  biz_id uuid not null,
  id uuid not null,
  location_id uuid not null,
  feature_scope core.feature_scope not null default 'location',
  feature_id uuid not null,
  is_active boolean not null default true,
  note text,
  deleted_at timestamptz,
  constraint location_features_pkey primary key (biz_id, id),
  constraint location_features_location_id_fkey
    foreign key (biz_id, location_id) references core.locations (biz_id, id),
  constraint location_features_feature_id_fkey
    foreign key (biz_id, feature_scope, feature_id) references core.features (biz_id, scope, id),
  constraint location_features_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint location_features_feature_scope_check check (feature_scope = 'location')
);
create unique index location_features_feature_id_key on core.location_features (biz_id, location_id, feature_id)
  where deleted_at is null;
comment on table core.location_features is 'That a location has a feature.';
comment on column core.location_features.location_id is 'The location.';
comment on column core.location_features.feature_scope is 'Always location: only such features can be had by a location.';
comment on column core.location_features.feature_id is 'The feature.';
comment on column core.location_features.is_active is 'Whether it can be used now; a pool may be closed for the winter.';
comment on column core.location_features.note is 'What customers should know of it here, for example: from 7 to 22 h, towels at the desk.';
comment on constraint location_features_note_check on core.location_features is 'The note must not be blank, and has at most 2,000 characters.';
comment on constraint location_features_feature_id_fkey on core.location_features is 'Must be an existing feature of locations of this tenant.';
comment on constraint location_features_feature_scope_check on core.location_features is 'A location has features of locations.';
comment on index core.location_features_feature_id_key is 'The location has this feature already.';
call core.install_table('core.location_features', 'M', 'colf');

-- subject_location_bindings ------------------------------------------------------------------------------------------

create table core.subject_location_bindings (
  biz_id uuid not null,
  id uuid not null,
  subject_type text not null,
  subject_id uuid not null,
  location_id uuid not null,
  mode core.binding_mode not null default 'include',
  starts_on date,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  deleted_at timestamptz,
  constraint subject_location_bindings_pkey primary key (biz_id, id),
  constraint subject_location_bindings_subject_fkey
    foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint subject_location_bindings_location_id_fkey
    foreign key (biz_id, location_id) references core.locations (biz_id, id),
  constraint subject_location_bindings_dates_check check (ends_on > starts_on),
  constraint subject_location_bindings_no_overlap_excl
    exclude using gist (biz_id with =, subject_type with =, subject_id with =, location_id with =, period with &&)
    where (deleted_at is null)
);
create index subject_location_bindings_location_idx
  on core.subject_location_bindings (biz_id, location_id, subject_type, subject_id);
comment on table core.subject_location_bindings is 'At which locations something counts that belongs to the whole tenant, such as an offer, a price list or a policy. Without a binding it counts everywhere.';
comment on column core.subject_location_bindings.subject_type is 'What is bound: an entity name, for example OfferVersion.';
comment on column core.subject_location_bindings.subject_id is 'Which one: its id.';
comment on column core.subject_location_bindings.location_id is 'The location.';
comment on column core.subject_location_bindings.mode is 'Whether it counts there.';
comment on column core.subject_location_bindings.starts_on is 'First day of the binding; empty where it always held.';
comment on column core.subject_location_bindings.ends_on is 'First day after the binding; empty where it holds on.';
comment on column core.subject_location_bindings.period is 'From starts_on to ends_on, as a range.';
comment on constraint subject_location_bindings_subject_fkey on core.subject_location_bindings is 'Must be an existing subject of this tenant.';
comment on constraint subject_location_bindings_dates_check on core.subject_location_bindings is 'The end must be after the first day.';
comment on constraint subject_location_bindings_no_overlap_excl on core.subject_location_bindings is 'It is bound to this location on some of these days already.';
call core.install_table('core.subject_location_bindings', 'M', 'cosb');

-- tag_templates ------------------------------------------------------------------------------------------------------

create table core.tag_templates (
  biz_id uuid not null,
  id uuid not null,
  domain core.dictionary_domain not null,
  subject_type text not null generated always as (case domain
    when 'location' then 'Location'
    when 'customer' then 'Customer'
    when 'member' then 'Member'
    when 'staff' then 'Staff'
    when 'service' then 'Service'
    when 'offer' then 'Offer'
    when 'product' then 'Product'
    when 'booking' then 'BookingOrder'
    when 'supplier' then 'Supplier'
    else 'Resource' end) stored,
  code text not null,
  label text not null,
  description text,
  color text,
  parent_id uuid,
  deleted_at timestamptz,
  constraint tag_templates_pkey primary key (biz_id, id),
  constraint tag_templates_domain_id_key unique (biz_id, domain, id),
  constraint tag_templates_subject_type_id_key unique (biz_id, subject_type, id),
  constraint tag_templates_parent_id_fkey
    foreign key (biz_id, domain, parent_id) references core.tag_templates (biz_id, domain, id),
  constraint tag_templates_label_check check (btrim(label) <> '' and length(label) <= 200),
  constraint tag_templates_description_check check (btrim(description) <> '' and length(description) <= 2000),
  constraint tag_templates_code_check check (code ~ '^[a-z0-9][a-z0-9_-]{0,59}$'),
  constraint tag_templates_color_check check (color ~ '^#[0-9a-f]{6}$')
);
create unique index tag_templates_code_key on core.tag_templates (biz_id, domain, code) where deleted_at is null;
comment on table core.tag_templates is 'A word that staff put on rows of one kind, to find and count them by, for example VIP on customers.';
comment on column core.tag_templates.domain is 'What it can be put on.';
comment on column core.tag_templates.subject_type is 'The entity name of such rows, for example Customer.';
comment on column core.tag_templates.code is 'Short name that rules refer to, for example vip.';
comment on column core.tag_templates.label is 'The word that staff read.';
comment on column core.tag_templates.description is 'When it is to be used.';
comment on column core.tag_templates.color is 'Colour it is shown in, as six hexadecimal digits, for example #d94f2b.';
comment on column core.tag_templates.parent_id is 'The wider tag that this one belongs under.';
comment on constraint tag_templates_label_check on core.tag_templates is 'The label must not be blank, and has at most 200 characters.';
comment on constraint tag_templates_description_check on core.tag_templates is 'The description must not be blank, and has at most 2,000 characters.';
comment on constraint tag_templates_parent_id_fkey on core.tag_templates is 'Must be an existing tag template of this tenant, for the same domain.';
comment on constraint tag_templates_domain_id_key on core.tag_templates is 'This tag template is there already.';
comment on constraint tag_templates_subject_type_id_key on core.tag_templates is 'This tag template is there already.';
comment on constraint tag_templates_code_check on core.tag_templates is 'A code has up to 60 lower-case letters, digits, hyphens and underscores.';
comment on constraint tag_templates_color_check on core.tag_templates is 'A colour is # and six hexadecimal digits in lower case.';
comment on index core.tag_templates_code_key is 'Another tag of this domain has this code.';
call core.install_table('core.tag_templates', 'M', 'cotg');
call core.install_acyclic('core.tag_templates', 'parent_id');
call core.configure_graph('core.tag_templates', aggregates => true);

-- tag_assignments ----------------------------------------------------------------------------------------------------

create table core.tag_assignments (
  biz_id uuid not null,
  tag_template_id uuid not null,
  subject_type text not null,
  subject_id uuid not null,
  constraint tag_assignments_pkey primary key (biz_id, tag_template_id, subject_type, subject_id),
  constraint tag_assignments_subject_fkey
    foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint tag_assignments_tag_template_id_fkey
    foreign key (biz_id, subject_type, tag_template_id) references core.tag_templates (biz_id, subject_type, id)
);
comment on table core.tag_assignments is 'That a tag was put on something.';
comment on column core.tag_assignments.tag_template_id is 'The tag.';
comment on column core.tag_assignments.subject_type is 'What it was put on: an entity name, for example Customer.';
comment on column core.tag_assignments.subject_id is 'Which one: its id.';
comment on constraint tag_assignments_subject_fkey on core.tag_assignments is 'Must be an existing subject of this tenant.';
comment on constraint tag_assignments_tag_template_id_fkey on core.tag_assignments is 'Must be an existing tag of this tenant that is for such rows.';
comment on constraint tag_assignments_pkey on core.tag_assignments is 'It has this tag already.';
call core.install_table('core.tag_assignments', 'L', null);

-- status_definitions -------------------------------------------------------------------------------------------------

create table core.status_definitions (
  biz_id uuid not null,
  id uuid not null,
  domain core.dictionary_domain not null,
  code text not null,
  label text not null,
  description text,
  category core.status_category not null,
  color text,
  is_default boolean not null default false,
  sort_order integer not null default 0,
  deleted_at timestamptz,
  constraint status_definitions_pkey primary key (biz_id, id),
  constraint status_definitions_domain_id_key unique (biz_id, domain, id),
  constraint status_definitions_label_check check (btrim(label) <> '' and length(label) <= 200),
  constraint status_definitions_description_check check (btrim(description) <> '' and length(description) <= 2000),
  constraint status_definitions_code_check check (code ~ '^[a-z0-9][a-z0-9_-]{0,59}$'),
  constraint status_definitions_color_check check (color ~ '^#[0-9a-f]{6}$'),
  constraint status_definitions_default_check check (not is_default or category in ('available', 'limited'))
);
create unique index status_definitions_code_key on core.status_definitions (biz_id, domain, code)
  where deleted_at is null;
create unique index status_definitions_default_key on core.status_definitions (biz_id, domain)
  where is_default and deleted_at is null;
comment on table core.status_definitions is 'A status of the tenant''s own, beside those that the program knows, for example Deep cleaning for units.';
comment on column core.status_definitions.domain is 'What can be in it.';
comment on column core.status_definitions.code is 'Short name that rules refer to, for example deep_cleaning.';
comment on column core.status_definitions.label is 'The word that staff read.';
comment on column core.status_definitions.description is 'When it is to be used.';
comment on column core.status_definitions.category is 'What it means to the program.';
comment on column core.status_definitions.color is 'Colour it is shown in, as six hexadecimal digits, for example #d94f2b.';
comment on column core.status_definitions.is_default is 'Whether new rows begin in it.';
comment on column core.status_definitions.sort_order is 'Statuses are listed in ascending order.';
comment on constraint status_definitions_label_check on core.status_definitions is 'The label must not be blank, and has at most 200 characters.';
comment on constraint status_definitions_description_check on core.status_definitions is 'The description must not be blank, and has at most 2,000 characters.';
comment on constraint status_definitions_domain_id_key on core.status_definitions is 'This status definition is there already.';
comment on constraint status_definitions_code_check on core.status_definitions is 'A code has up to 60 lower-case letters, digits, hyphens and underscores.';
comment on constraint status_definitions_color_check on core.status_definitions is 'A colour is # and six hexadecimal digits in lower case.';
comment on constraint status_definitions_default_check on core.status_definitions is 'New rows begin in a status in which they can be used.';
comment on index core.status_definitions_code_key is 'Another status of this domain has this code.';
comment on index core.status_definitions_default_key is 'This domain has a default status already.';
call core.install_table('core.status_definitions', 'M', 'cosd');

-- status_definition_tag_scopes ---------------------------------------------------------------------------------------

create table core.status_definition_tag_scopes (
  biz_id uuid not null,
  domain core.dictionary_domain not null,
  status_definition_id uuid not null,
  tag_template_id uuid not null,
  constraint status_definition_tag_scopes_pkey primary key (biz_id, status_definition_id, tag_template_id),
  constraint status_definition_tag_scopes_status_definition_id_fkey
    foreign key (biz_id, domain, status_definition_id) references core.status_definitions (biz_id, domain, id),
  constraint status_definition_tag_scopes_tag_template_id_fkey
    foreign key (biz_id, domain, tag_template_id) references core.tag_templates (biz_id, domain, id)
);
comment on table core.status_definition_tag_scopes is 'That a status is offered only for what has a tag. A status with no such row is offered for all of its domain.';
comment on column core.status_definition_tag_scopes.domain is 'What both the status and the tag are for.';
comment on column core.status_definition_tag_scopes.status_definition_id is 'The status.';
comment on column core.status_definition_tag_scopes.tag_template_id is 'The tag.';
comment on constraint status_definition_tag_scopes_status_definition_id_fkey on core.status_definition_tag_scopes is 'Must be an existing status definition of this tenant, for the same domain.';
comment on constraint status_definition_tag_scopes_tag_template_id_fkey on core.status_definition_tag_scopes is 'Must be an existing tag template of this tenant, for the same domain.';
comment on constraint status_definition_tag_scopes_pkey on core.status_definition_tag_scopes is 'The status is limited to this tag already.';
call core.install_table('core.status_definition_tag_scopes', 'L', null);
