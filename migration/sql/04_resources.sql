-- Resources: everything that can be reserved, assigned or used up over time, and what guests buy of it (unit types).
-- When a resource is free is not said here but in availability.

create schema resources;
comment on schema resources is 'Everything that can be reserved, assigned or used up over time: rooms, people, vehicles, bays, equipment.';

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain resources.resource_kind as text constraint resource_kind_check check (value in (
  'human', 'room', 'unit', 'bed', 'table', 'vehicle', 'equipment', 'storage_bay', 'venue', 'virtual'));
comment on domain resources.resource_kind is 'What sort of thing a resource is.
human: A person who can be assigned.
room: A room that is booked as a whole, such as a treatment or meeting room.
unit: A room, apartment or cabin that guests stay in.
bed: A bed within a unit.
table: A table guests are seated at.
vehicle: A vehicle.
equipment: A movable thing that is lent or used.
storage_bay: A place goods are stored in.
venue: A building or area that contains other resources.
virtual: Something without a place, such as an online meeting room.';
comment on constraint resource_kind_check on domain resources.resource_kind is 'Unknown kind of resource.';

create domain resources.category_domain as text constraint category_domain_check check (value in (
  'asset', 'venue', 'unit', 'vehicle'));
comment on domain resources.category_domain is 'Which sort of resource a category sorts.
asset: Equipment and other assets.
venue: Venues and their rooms.
unit: Units that guests stay in.
vehicle: Vehicles.';
comment on constraint category_domain_check on domain resources.category_domain is 'Unknown category domain.';

create domain resources.lifecycle_status as text constraint lifecycle_status_check check (value in (
  'planned', 'active', 'out_of_service', 'retired'));
comment on domain resources.lifecycle_status is 'Where a resource stands between being planned and being given up.
planned: Known, but not usable yet.
active: In use.
out_of_service: Not usable for now.
retired: Given up for good.';
comment on constraint lifecycle_status_check on domain resources.lifecycle_status is 'Unknown lifecycle status.';

create domain resources.housekeeping_status as text constraint housekeeping_status_check check (value in (
  'dirty', 'cleaning', 'clean', 'inspected', 'out_of_order', 'out_of_service'));
comment on domain resources.housekeeping_status is 'How ready a unit is for the next guest.
dirty: Used, and not cleaned since.
cleaning: Somebody is cleaning it now.
clean: Cleaned, not inspected yet.
inspected: Cleaned and found in order.
out_of_order: Unusable, and taken out of the inventory that is sold.
out_of_service: Not usable for now, but still sold for later.';
comment on constraint housekeeping_status_check on domain resources.housekeeping_status is 'Unknown housekeeping status.';

-- resource_types ------------------------------------------------------------------------------------------------------

create table resources.resource_types (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  kind resources.resource_kind not null,
  default_exclusive boolean not null default true,
  default_capacity integer not null default 1,
  constraint resource_types_pkey primary key (biz_id, id),
  constraint resource_types_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint resource_types_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint resource_types_default_capacity_check check (default_capacity >= 1),
  constraint resource_types_exclusive_capacity_check check (not default_exclusive or default_capacity = 1)
);
comment on table resources.resource_types is 'A type of resource of this tenant, such as treatment room or delivery van, and what new resources of it start with.';
comment on column resources.resource_types.code is 'Short name used in imports and integrations, unique among the types in use.';
comment on column resources.resource_types.name is 'Name shown to staff.';
comment on column resources.resource_types.kind is 'What sort of thing resources of this type are.';
comment on column resources.resource_types.default_exclusive is 'Whether a new resource of this type serves only one booking at a time.';
comment on column resources.resource_types.default_capacity is 'How many units a new resource of this type serves at the same time.';
comment on constraint resource_types_code_check on resources.resource_types is 'A code is required, of 60 characters at most.';
comment on constraint resource_types_name_check on resources.resource_types is 'A name is required, of 200 characters at most.';
comment on constraint resource_types_default_capacity_check on resources.resource_types is 'The default capacity must be at least 1.';
comment on constraint resource_types_exclusive_capacity_check on resources.resource_types is 'What is exclusive has a capacity of 1.';
call core.install_table('resources.resource_types', 'M', 'rty', registrable => true);
create unique index resource_types_code_key on resources.resource_types (biz_id, code) where deleted_at is null;
comment on index resources.resource_types_code_key is 'Another resource type has this code.';

-- categories ----------------------------------------------------------------------------------------------------------

create table resources.categories (
  biz_id uuid not null,
  id uuid not null,
  domain resources.category_domain not null,
  code text not null,
  name text not null,
  parent_id uuid,
  default_attributes jsonb not null default '{}',
  constraint categories_pkey primary key (biz_id, id),
  constraint categories_domain_id_key unique (biz_id, domain, id),
  constraint categories_parent_id_fkey foreign key (biz_id, domain, parent_id)
    references resources.categories (biz_id, domain, id),
  constraint categories_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint categories_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint categories_default_attributes_check check (jsonb_typeof(default_attributes) = 'object')
);
comment on table resources.categories is 'A heading under which resources are sorted. Categories form a tree within their domain.';
comment on column resources.categories.domain is 'Which sort of resource the category sorts.';
comment on column resources.categories.code is 'Short name used in imports and integrations, unique in its domain among the categories in use.';
comment on column resources.categories.name is 'Name shown to staff.';
comment on column resources.categories.parent_id is 'The category above; none at the top of the tree.';
comment on column resources.categories.default_attributes is 'Attributes that a new resource of this category starts with.';
comment on constraint categories_domain_id_key on resources.categories is 'A category exists once in its domain.';
comment on constraint categories_parent_id_fkey on resources.categories is 'The parent must be an existing category of the same domain.';
comment on constraint categories_code_check on resources.categories is 'A code is required, of 60 characters at most.';
comment on constraint categories_name_check on resources.categories is 'A name is required, of 200 characters at most.';
comment on constraint categories_default_attributes_check on resources.categories is 'Default attributes are a JSON object.';

call core.install_table('resources.categories', 'M', 'cat', registrable => true);
call core.install_acyclic('resources.categories', 'parent_id');
create unique index categories_code_key on resources.categories (biz_id, domain, code) where deleted_at is null;
comment on index resources.categories_code_key is 'Another category of this domain has this code.';

-- resources -----------------------------------------------------------------------------------------------------------

create table resources.resources (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  type_id uuid not null,
  category_id uuid,
  location_id uuid not null,
  parent_resource_id uuid,
  name text not null,
  capacity integer not null default 1,
  exclusive boolean not null default true,
  timezone text,
  lifecycle_status resources.lifecycle_status not null default 'planned',
  sort_key text not null default '',
  attributes jsonb not null default '{}',
  constraint resources_pkey primary key (biz_id, id),
  constraint resources_location_id_id_key unique (biz_id, location_id, id),
  constraint resources_type_id_fkey foreign key (biz_id, type_id)
    references resources.resource_types (biz_id, id),
  constraint resources_category_id_fkey foreign key (biz_id, category_id)
    references resources.categories (biz_id, id),
  constraint resources_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint resources_parent_resource_id_fkey foreign key (biz_id, location_id, parent_resource_id)
    references resources.resources (biz_id, location_id, id) on update cascade,
  constraint resources_timezone_fkey foreign key (timezone)
    references core.timezones (name),
  constraint resources_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint resources_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint resources_capacity_check check (capacity >= 1),
  constraint resources_exclusive_capacity_check check (not exclusive or capacity = 1),
  constraint resources_sort_key_check check (length(sort_key) <= 200),
  constraint resources_attributes_check check (jsonb_typeof(attributes) = 'object')
);
comment on table resources.resources is 'One thing or person that can be reserved or assigned: room 204, Dr. Silva, van 7, bay C-12. Resources may contain others (venue, room, bed).';
comment on column resources.resources.number is 'Number or mark by which staff know it, such as 204, unique among the resources in use.';
comment on column resources.resources.type_id is 'What type of resource it is.';
comment on column resources.resources.category_id is 'The heading it is sorted under, if any.';
comment on column resources.resources.location_id is 'The location it belongs to. What it contains moves with it.';
comment on column resources.resources.parent_resource_id is 'The resource that contains it, at the same location: the venue of a room, the room of a bed.';
comment on column resources.resources.name is 'Name shown to staff and guests.';
comment on column resources.resources.capacity is 'How many units it serves at the same time; 1 when exclusive.';
comment on column resources.resources.exclusive is 'Whether it serves only one booking at a time, so that two may never overlap.';
comment on column resources.resources.timezone is 'IANA time zone of its own, such as for a remote teacher; else that of the location holds.';
comment on column resources.resources.lifecycle_status is 'Where it stands between being planned and being given up.';
comment on column resources.resources.sort_key is 'Text that lists and boards order resources by, such as 02-204.';
comment on column resources.resources.attributes is 'Further properties as this tenant defines them.';
comment on constraint resources_location_id_id_key on resources.resources is 'A resource exists once at its location.';
comment on constraint resources_parent_resource_id_fkey on resources.resources is 'What contains a resource must be an existing resource of the same location.';
comment on constraint resources_number_check on resources.resources is 'A number is required, of 60 characters at most.';
comment on constraint resources_name_check on resources.resources is 'A name is required, of 200 characters at most.';
comment on constraint resources_capacity_check on resources.resources is 'The capacity must be at least 1.';
comment on constraint resources_exclusive_capacity_check on resources.resources is 'What is exclusive has a capacity of 1.';
comment on constraint resources_sort_key_check on resources.resources is 'The sort key has 200 characters at most.';
comment on constraint resources_attributes_check on resources.resources is 'Attributes are a JSON object.';

-- Lists of a location, in the order of boards; by state.
create index resources_location_id_sort_key_idx on resources.resources (biz_id, location_id, sort_key, id);
create index resources_lifecycle_status_idx on resources.resources (biz_id, lifecycle_status, id);

call core.install_table('resources.resources', 'M', 'res', registrable => true);
call core.install_acyclic('resources.resources', 'parent_resource_id');
create unique index resources_number_key on resources.resources (biz_id, number) where deleted_at is null;
comment on index resources.resources_number_key is 'Another resource has this number.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('resource', 'planned', 'active', false),
  ('resource', 'active', 'out_of_service', true),
  ('resource', 'out_of_service', 'active', false),
  ('resource', 'out_of_service', 'retired', true);
call core.install_state_machine('resources.resources', 'lifecycle_status', 'resource');

-- unit_types ----------------------------------------------------------------------------------------------------------

create table resources.unit_types (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  description text not null default '',
  location_id uuid not null,
  base_occupancy integer not null default 2,
  max_occupancy integer not null default 2,
  sellable boolean not null default true,
  sort_key text not null default '',
  constraint unit_types_pkey primary key (biz_id, id),
  constraint unit_types_location_id_id_key unique (biz_id, location_id, id),
  constraint unit_types_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint unit_types_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint unit_types_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint unit_types_description_check check (length(description) <= 10000),
  constraint unit_types_occupancy_check check (base_occupancy >= 1 and max_occupancy >= base_occupancy),
  constraint unit_types_sort_key_check check (length(sort_key) <= 200)
);
comment on table resources.unit_types is 'A type of room or unit of one location, such as double room with sea view. Guests buy the type; the unit is assigned later.';
comment on column resources.unit_types.code is 'Short name used in imports and channels, unique at its location among the types in use.';
comment on column resources.unit_types.name is 'Name shown to guests.';
comment on column resources.unit_types.description is 'What guests read about it.';
comment on column resources.unit_types.location_id is 'The location whose units are of this type.';
comment on column resources.unit_types.base_occupancy is 'How many guests the plain price includes.';
comment on column resources.unit_types.max_occupancy is 'How many adults and children may sleep in one unit; babies in cots do not count.';
comment on column resources.unit_types.sellable is 'Whether it is on sale.';
comment on column resources.unit_types.sort_key is 'Text that lists and boards order unit types by.';
comment on constraint unit_types_location_id_id_key on resources.unit_types is 'A unit type exists once at its location.';
comment on constraint unit_types_code_check on resources.unit_types is 'A code is required, of 60 characters at most.';
comment on constraint unit_types_name_check on resources.unit_types is 'A name is required, of 200 characters at most.';
comment on constraint unit_types_description_check on resources.unit_types is 'The description has 10,000 characters at most.';
comment on constraint unit_types_occupancy_check on resources.unit_types is 'The base occupancy is at least 1, and the maximum is not below it.';
comment on constraint unit_types_sort_key_check on resources.unit_types is 'The sort key has 200 characters at most.';

call core.install_table('resources.unit_types', 'M', 'uty', registrable => true);
create unique index unit_types_code_key on resources.unit_types (biz_id, location_id, code) where deleted_at is null;
comment on index resources.unit_types_code_key is 'Another unit type of this location has this code.';

-- unit_details --------------------------------------------------------------------------------------------------------

create table resources.unit_details (
  biz_id uuid not null,
  id uuid not null,
  resource_id uuid not null,
  unit_type_id uuid not null,
  building text not null default '',
  floor text not null default '',
  bed_config text not null default '',
  max_occupancy integer,
  housekeeping_status resources.housekeeping_status not null default 'dirty',
  connecting_resource_id uuid,
  constraint unit_details_pkey primary key (biz_id, id),
  constraint unit_details_resource_id_key unique (biz_id, resource_id),
  constraint unit_details_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint unit_details_unit_type_id_fkey foreign key (biz_id, unit_type_id)
    references resources.unit_types (biz_id, id),
  constraint unit_details_connecting_resource_id_fkey foreign key (biz_id, connecting_resource_id)
    references resources.resources (biz_id, id),
  constraint unit_details_building_check check (length(building) <= 200),
  constraint unit_details_floor_check check (length(floor) <= 60),
  constraint unit_details_bed_config_check check (length(bed_config) <= 200),
  constraint unit_details_max_occupancy_check check (max_occupancy >= 1),
  constraint unit_details_connecting_check check (connecting_resource_id <> resource_id)
);
comment on table resources.unit_details is 'What a resource that guests stay in has beyond other resources: its unit type, its beds, its housekeeping status. One row a unit.';
comment on column resources.unit_details.resource_id is 'The resource these details belong to.';
comment on column resources.unit_details.unit_type_id is 'The type under which the unit is sold, of the same location.';
comment on column resources.unit_details.building is 'The building it stands in, where there are several.';
comment on column resources.unit_details.floor is 'The floor, as the house calls it.';
comment on column resources.unit_details.bed_config is 'The beds, such as 1 king or 2 twin.';
comment on column resources.unit_details.max_occupancy is 'How many guests may sleep in this unit where it differs from its type.';
comment on column resources.unit_details.housekeeping_status is 'How ready the unit is for the next guest.';
comment on column resources.unit_details.connecting_resource_id is 'The unit behind the connecting door, if there is one.';
comment on constraint unit_details_resource_id_key on resources.unit_details is 'This resource already has unit details.';
comment on constraint unit_details_building_check on resources.unit_details is 'The building has 200 characters at most.';
comment on constraint unit_details_floor_check on resources.unit_details is 'The floor has 60 characters at most.';
comment on constraint unit_details_bed_config_check on resources.unit_details is 'The beds have 200 characters at most.';
comment on constraint unit_details_max_occupancy_check on resources.unit_details is 'At least 1 guest must fit.';
comment on constraint unit_details_connecting_check on resources.unit_details is 'A unit does not connect to itself.';

create index unit_details_housekeeping_status_idx on resources.unit_details (biz_id, housekeeping_status, id);

-- A unit sold under another location's type would add to capacity where it does not stand.
create function resources.check_unit_location() returns trigger
language plpgsql as $$
begin
  if not exists (
    select 1
    from resources.resources r
    join resources.unit_types t on t.biz_id = r.biz_id and t.location_id = r.location_id
    where r.biz_id = new.biz_id and r.id = new.resource_id and t.id = new.unit_type_id
  ) then
    raise exception using
      errcode = '23514',
      message = 'The unit and its type must belong to the same location.',
      schema = tg_table_schema,
      table = tg_table_name,
      column = 'unit_type_id',
      constraint = 'unit_details_same_location_check';
  end if;
  return null;
end
$$;
comment on function resources.check_unit_location() is 'Trigger: a unit and its unit type belong to the same location.';

-- Deferred, so that a unit can move and change its type in one transaction.
create constraint trigger unit_details_same_location_check
  after insert or update of resource_id, unit_type_id on resources.unit_details
  deferrable initially deferred
  for each row execute function resources.check_unit_location();
comment on constraint unit_details_same_location_check on resources.unit_details is 'The unit and its type must belong to the same location.';

call core.install_table('resources.unit_details', 'M', 'udt');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('housekeeping', 'dirty', 'cleaning', false),
  ('housekeeping', 'cleaning', 'clean', false),
  ('housekeeping', 'clean', 'inspected', false),
  ('housekeeping', 'clean', 'dirty', false),
  ('housekeeping', 'inspected', 'dirty', false),
  ('housekeeping', 'dirty', 'out_of_order', true),
  ('housekeeping', 'cleaning', 'out_of_order', true),
  ('housekeeping', 'clean', 'out_of_order', true),
  ('housekeeping', 'inspected', 'out_of_order', true),
  ('housekeeping', 'dirty', 'out_of_service', true),
  ('housekeeping', 'cleaning', 'out_of_service', true),
  ('housekeeping', 'clean', 'out_of_service', true),
  ('housekeeping', 'inspected', 'out_of_service', true),
  ('housekeeping', 'out_of_order', 'dirty', false),
  ('housekeeping', 'out_of_order', 'cleaning', false),
  ('housekeeping', 'out_of_order', 'clean', false),
  ('housekeeping', 'out_of_order', 'inspected', false),
  ('housekeeping', 'out_of_order', 'out_of_service', true),
  ('housekeeping', 'out_of_service', 'dirty', false),
  ('housekeeping', 'out_of_service', 'cleaning', false),
  ('housekeeping', 'out_of_service', 'clean', false),
  ('housekeeping', 'out_of_service', 'inspected', false),
  ('housekeeping', 'out_of_service', 'out_of_order', true);
call core.install_state_machine('resources.unit_details', 'housekeeping_status', 'housekeeping');
