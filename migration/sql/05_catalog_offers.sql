-- Catalog: what an offer consists of. Components say what has to be there, selectors who or what will do, seat types what
-- a place can be, add-ons what can be had besides; all of it belongs to one version of the offer and is frozen with it.

-- Kinds ---------------------------------------------------------------------------------------------------------------

create domain catalog.component_selector as text constraint component_selector_check check (value in (
  'resource', 'type', 'category', 'group', 'tag', 'capability'));
comment on domain catalog.component_selector is 'By what resources are chosen for a component of an offer.
resource: One named resource.
type: Any resource of a type.
category: Any resource of a category.
group: Members of a resource group.
tag: Any resource with a tag.
capability: Any resource with a capability.';
comment on constraint component_selector_check on domain catalog.component_selector is 'Unknown component selector.';

-- service_groups ------------------------------------------------------------------------------------------------------

create table catalog.service_groups (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  description text not null default '',
  parent_id uuid,
  sort_order integer not null default 0,
  constraint service_groups_pkey primary key (biz_id, id),
  constraint service_groups_parent_id_fkey foreign key (biz_id, parent_id)
    references catalog.service_groups (biz_id, id),
  constraint service_groups_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint service_groups_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint service_groups_description_check check (length(description) <= 10000)
);
comment on table catalog.service_groups is 'A heading under which services are listed, such as hair or nails. Groups form a tree.';
comment on column catalog.service_groups.code is 'Short name used in imports and integrations, unique among the groups in use.';
comment on column catalog.service_groups.name is 'Name shown to customers.';
comment on column catalog.service_groups.description is 'What customers read about it.';
comment on column catalog.service_groups.parent_id is 'The group above; none at the top of the tree.';
comment on column catalog.service_groups.sort_order is 'Place among the groups beside it, the lowest first.';
comment on constraint service_groups_code_check on catalog.service_groups is 'A code is required, of 60 characters at most.';
comment on constraint service_groups_name_check on catalog.service_groups is 'A name is required, of 200 characters at most.';
comment on constraint service_groups_description_check on catalog.service_groups is 'The description has 10,000 characters at most.';

call core.install_table('catalog.service_groups', 'M', 'ctsg', registrable => true);
call core.install_acyclic('catalog.service_groups', 'parent_id');
create unique index service_groups_code_key on catalog.service_groups (biz_id, code) where deleted_at is null;
comment on index catalog.service_groups_code_key is 'Another service group has this code.';

alter table catalog.services add column group_id uuid;
comment on column catalog.services.group_id is 'The heading it is listed under, if any.';
alter table catalog.services add constraint services_group_id_fkey foreign key (biz_id, group_id)
  references catalog.service_groups (biz_id, id);
call core.index_foreign_keys('catalog.services');
call core.describe_table('catalog.services');

-- What belongs to a version is written while the version is a draft or in review. Whoever writes holds the version's row
-- meanwhile, so that it is not published in between.
create function catalog.require_open_version() returns trigger
language plpgsql as $$
declare
  version_status text;
begin
  select v.status
  into version_status
  from catalog.offer_versions v
  where v.biz_id = new.biz_id
    and v.id = new.offer_version_id
  for share;

  if version_status not in ('draft', 'in_review') or (tg_op = 'UPDATE' and old.offer_version_id <> new.offer_version_id) then
    raise exception using
      errcode = '23514',
      message = 'What a version of an offer consists of is frozen once it is published; make a new version of the offer.',
      schema = tg_table_schema,
      table = tg_table_name,
      column = 'offer_version_id',
      constraint = tg_name;
  end if;
  return null;
end
$$;
comment on function catalog.require_open_version() is 'Trigger: what belongs to a version of an offer is written only while the version is a draft or in review, and stays with it.';

-- offer_components ----------------------------------------------------------------------------------------------------

create table catalog.offer_components (
  biz_id uuid not null,
  id uuid not null,
  offer_version_id uuid not null,
  role text not null,
  service_id uuid,
  quantity integer not null default 1,
  is_optional boolean not null default false,
  sequence integer not null default 1,
  offset_minutes integer not null default 0,
  duration_minutes integer,
  buffer_before_minutes integer not null default 0,
  buffer_after_minutes integer not null default 0,
  removed_at timestamptz,
  constraint offer_components_pkey primary key (biz_id, id),
  constraint offer_components_offer_version_id_id_key unique (biz_id, offer_version_id, id),
  constraint offer_components_offer_version_id_fkey foreign key (biz_id, offer_version_id)
    references catalog.offer_versions (biz_id, id),
  constraint offer_components_service_id_fkey foreign key (biz_id, service_id)
    references catalog.services (biz_id, id),
  constraint offer_components_role_check check (btrim(role) <> '' and length(role) <= 60),
  constraint offer_components_quantity_check check (quantity >= 1 and sequence >= 1),
  constraint offer_components_times_check check (offset_minutes >= 0 and duration_minutes >= 1 and buffer_before_minutes >= 0 and buffer_after_minutes >= 0)
);
comment on table catalog.offer_components is 'One thing that must be there for an offer: the stylist of a haircut, the room of a massage, the boat of a tour. Frozen with the version.';
comment on column catalog.offer_components.offer_version_id is 'The version it belongs to.';
comment on column catalog.offer_components.role is 'What it is to the offer, such as therapist or room, unique in the version.';
comment on column catalog.offer_components.service_id is 'The service that is given here; none where something is only used.';
comment on column catalog.offer_components.quantity is 'How many of it are needed.';
comment on column catalog.offer_components.is_optional is 'Whether the customer may do without.';
comment on column catalog.offer_components.sequence is 'Its place in the course of the booking; components of the same place run side by side.';
comment on column catalog.offer_components.offset_minutes is 'How long after the beginning of the booking it begins.';
comment on column catalog.offer_components.duration_minutes is 'How long it takes; none means as long as the service, or else the whole booking.';
comment on column catalog.offer_components.buffer_before_minutes is 'Time its resources are blocked before it begins.';
comment on column catalog.offer_components.buffer_after_minutes is 'Time its resources are blocked after it ends.';
comment on column catalog.offer_components.removed_at is 'When it was taken out of the draft again; it counts nowhere since.';
comment on constraint offer_components_role_check on catalog.offer_components is 'A role is required, of 60 characters at most.';
comment on constraint offer_components_offer_version_id_id_key on catalog.offer_components is 'A component belongs to one version.';
comment on constraint offer_components_quantity_check on catalog.offer_components is 'Quantity and place begin at 1.';
comment on constraint offer_components_times_check on catalog.offer_components is 'A component takes at least one minute, and no offset or buffer is negative.';

call core.install_table('catalog.offer_components', 'T', 'ctoc');
create unique index offer_components_role_key on catalog.offer_components (biz_id, offer_version_id, role) where removed_at is null;
comment on index catalog.offer_components_role_key is 'This version already has a component with this role.';
create constraint trigger offer_components_frozen_check
  after insert or update on catalog.offer_components
  not deferrable
  for each row execute function catalog.require_open_version();
comment on constraint offer_components_frozen_check on catalog.offer_components is 'What a version of an offer consists of is frozen once it is published; make a new version of the offer.';

-- offer_component_selectors -------------------------------------------------------------------------------------------

create table catalog.offer_component_selectors (
  biz_id uuid not null,
  id uuid not null,
  offer_version_id uuid not null,
  component_id uuid not null,
  selector catalog.component_selector not null,
  resource_id uuid,
  resource_type_id uuid,
  category_id uuid,
  resource_group_id uuid,
  tag_template_id uuid,
  capability_template_id uuid,
  min_level integer,
  min_quantity integer not null default 1,
  max_quantity integer not null default 1,
  strategy resources.selection_strategy not null default 'round_robin',
  sort_order integer not null default 0,
  removed_at timestamptz,
  constraint offer_component_selectors_pkey primary key (biz_id, id),
  constraint offer_component_selectors_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint offer_component_selectors_resource_type_id_fkey foreign key (biz_id, resource_type_id)
    references resources.resource_types (biz_id, id),
  constraint offer_component_selectors_category_id_fkey foreign key (biz_id, category_id)
    references resources.categories (biz_id, id),
  constraint offer_component_selectors_resource_group_id_fkey foreign key (biz_id, resource_group_id)
    references resources.resource_groups (biz_id, id),
  constraint offer_component_selectors_tag_template_id_fkey foreign key (biz_id, tag_template_id)
    references core.tag_templates (biz_id, id),
  constraint offer_component_selectors_capability_template_id_fkey foreign key (biz_id, capability_template_id)
    references resources.capability_templates (biz_id, id),
  constraint offer_component_selectors_component_id_fkey foreign key (biz_id, offer_version_id, component_id)
    references catalog.offer_components (biz_id, offer_version_id, id),
  constraint offer_component_selectors_ref_check check (num_nonnulls(resource_id, resource_type_id, category_id, resource_group_id, tag_template_id, capability_template_id) = 1
    and case selector
      when 'resource' then resource_id is not null
      when 'type' then resource_type_id is not null
      when 'category' then category_id is not null
      when 'group' then resource_group_id is not null
      when 'tag' then tag_template_id is not null
      else capability_template_id is not null end),
  constraint offer_component_selectors_quantities_check check (min_quantity >= 1 and max_quantity >= min_quantity),
  constraint offer_component_selectors_min_level_check check (min_level is null or (min_level >= 1 and selector = 'capability'))
);
comment on table catalog.offer_component_selectors is 'Who or what will do for a component of an offer. Of several selectors any one will do. Frozen with the version.';
comment on column catalog.offer_component_selectors.offer_version_id is 'The version of the component.';
comment on column catalog.offer_component_selectors.component_id is 'The component.';
comment on column catalog.offer_component_selectors.selector is 'By what it chooses.';
comment on column catalog.offer_component_selectors.resource_id is 'The resource, where it chooses one.';
comment on column catalog.offer_component_selectors.resource_type_id is 'The type, where it chooses by type.';
comment on column catalog.offer_component_selectors.category_id is 'The category, where it chooses by category.';
comment on column catalog.offer_component_selectors.resource_group_id is 'The group, where it chooses among its members.';
comment on column catalog.offer_component_selectors.tag_template_id is 'The tag, where it chooses by tag.';
comment on column catalog.offer_component_selectors.capability_template_id is 'The capability, where it chooses by capability.';
comment on column catalog.offer_component_selectors.min_level is 'The lowest level of the capability that will do; none means any.';
comment on column catalog.offer_component_selectors.min_quantity is 'How many it chooses at least.';
comment on column catalog.offer_component_selectors.max_quantity is 'How many it chooses at most.';
comment on column catalog.offer_component_selectors.strategy is 'How it chooses among those that are free.';
comment on column catalog.offer_component_selectors.sort_order is 'In which order selectors are tried, the lowest first.';
comment on column catalog.offer_component_selectors.removed_at is 'When it was taken out of the draft again; it counts nowhere since.';
comment on constraint offer_component_selectors_component_id_fkey on catalog.offer_component_selectors is 'Must be an existing component of the same version.';
comment on constraint offer_component_selectors_ref_check on catalog.offer_component_selectors is 'A selector names exactly one thing, of the sort it chooses by.';
comment on constraint offer_component_selectors_quantities_check on catalog.offer_component_selectors is 'At least one is chosen, and the most are not fewer than the least.';
comment on constraint offer_component_selectors_min_level_check on catalog.offer_component_selectors is 'A level is at least 1, and asked of capabilities only.';

call core.install_table('catalog.offer_component_selectors', 'T', 'ctos');
create constraint trigger offer_component_selectors_frozen_check
  after insert or update on catalog.offer_component_selectors
  not deferrable
  for each row execute function catalog.require_open_version();
comment on constraint offer_component_selectors_frozen_check on catalog.offer_component_selectors is 'What a version of an offer consists of is frozen once it is published; make a new version of the offer.';

-- offer_seat_types ----------------------------------------------------------------------------------------------------

create table catalog.offer_seat_types (
  biz_id uuid not null,
  id uuid not null,
  offer_version_id uuid not null,
  code text not null,
  name text not null,
  capacity integer,
  min_age integer,
  max_age integer,
  sort_order integer not null default 0,
  removed_at timestamptz,
  constraint offer_seat_types_pkey primary key (biz_id, id),
  constraint offer_seat_types_offer_version_id_id_key unique (biz_id, offer_version_id, id),
  constraint offer_seat_types_offer_version_id_fkey foreign key (biz_id, offer_version_id)
    references catalog.offer_versions (biz_id, id),
  constraint offer_seat_types_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint offer_seat_types_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint offer_seat_types_capacity_check check (capacity >= 1),
  constraint offer_seat_types_ages_check check (min_age >= 0 and max_age >= 0 and max_age >= min_age)
);
comment on table catalog.offer_seat_types is 'A sort of place that an offer has, such as adult, child or front row. What it costs is said by price rules. Frozen with the version.';
comment on column catalog.offer_seat_types.offer_version_id is 'The version it belongs to.';
comment on column catalog.offer_seat_types.code is 'Short name used in imports and channels, unique in the version.';
comment on column catalog.offer_seat_types.name is 'Name shown to customers.';
comment on column catalog.offer_seat_types.capacity is 'How many such places there are at most; none means as many as there are places at all.';
comment on column catalog.offer_seat_types.min_age is 'Youngest age in years that may take it.';
comment on column catalog.offer_seat_types.max_age is 'Oldest age in years that may take it.';
comment on column catalog.offer_seat_types.sort_order is 'Place among the seat types of the version, the lowest first.';
comment on column catalog.offer_seat_types.removed_at is 'When it was taken out of the draft again; it counts nowhere since.';
comment on constraint offer_seat_types_code_check on catalog.offer_seat_types is 'A code is required, of 60 characters at most.';
comment on constraint offer_seat_types_name_check on catalog.offer_seat_types is 'A name is required, of 200 characters at most.';
comment on constraint offer_seat_types_offer_version_id_id_key on catalog.offer_seat_types is 'A seat type belongs to one version.';
comment on constraint offer_seat_types_capacity_check on catalog.offer_seat_types is 'There must be at least one place.';
comment on constraint offer_seat_types_ages_check on catalog.offer_seat_types is 'Ages are not negative, and the oldest is not below the youngest.';

call core.install_table('catalog.offer_seat_types', 'T', 'ctst');
create unique index offer_seat_types_code_key on catalog.offer_seat_types (biz_id, offer_version_id, code) where removed_at is null;
comment on index catalog.offer_seat_types_code_key is 'This version already has a seat type with this code.';
create constraint trigger offer_seat_types_frozen_check
  after insert or update on catalog.offer_seat_types
  not deferrable
  for each row execute function catalog.require_open_version();
comment on constraint offer_seat_types_frozen_check on catalog.offer_seat_types is 'What a version of an offer consists of is frozen once it is published; make a new version of the offer.';

-- offer_seat_type_requirements ----------------------------------------------------------------------------------------

create table catalog.offer_seat_type_requirements (
  biz_id uuid not null,
  id uuid not null,
  offer_version_id uuid not null,
  seat_type_id uuid not null,
  component_id uuid not null,
  quantity integer not null default 1,
  removed_at timestamptz,
  constraint offer_seat_type_requirements_pkey primary key (biz_id, id),
  constraint offer_seat_type_requirements_seat_type_id_fkey foreign key (biz_id, offer_version_id, seat_type_id)
    references catalog.offer_seat_types (biz_id, offer_version_id, id),
  constraint offer_seat_type_requirements_component_id_fkey foreign key (biz_id, offer_version_id, component_id)
    references catalog.offer_components (biz_id, offer_version_id, id),
  constraint offer_seat_type_requirements_quantity_check check (quantity >= 1)
);
comment on table catalog.offer_seat_type_requirements is 'How many of a component one place of a seat type needs, such as one kayak for an adult and none for a child. Frozen with the version.';
comment on column catalog.offer_seat_type_requirements.offer_version_id is 'The version of both.';
comment on column catalog.offer_seat_type_requirements.seat_type_id is 'The seat type.';
comment on column catalog.offer_seat_type_requirements.component_id is 'The component.';
comment on column catalog.offer_seat_type_requirements.quantity is 'How many of the component one such place needs.';
comment on column catalog.offer_seat_type_requirements.removed_at is 'When it was taken out of the draft again; it counts nowhere since.';
comment on constraint offer_seat_type_requirements_seat_type_id_fkey on catalog.offer_seat_type_requirements is 'Must be an existing seat type of the same version.';
comment on constraint offer_seat_type_requirements_component_id_fkey on catalog.offer_seat_type_requirements is 'Must be an existing component of the same version.';
comment on constraint offer_seat_type_requirements_quantity_check on catalog.offer_seat_type_requirements is 'At least one is needed.';

call core.install_table('catalog.offer_seat_type_requirements', 'T', 'ctsr');
create unique index offer_seat_type_requirements_component_key on catalog.offer_seat_type_requirements (biz_id, seat_type_id, component_id) where removed_at is null;
comment on index catalog.offer_seat_type_requirements_component_key is 'This seat type already says how many of this component it needs.';
create constraint trigger offer_seat_type_requirements_frozen_check
  after insert or update on catalog.offer_seat_type_requirements
  not deferrable
  for each row execute function catalog.require_open_version();
comment on constraint offer_seat_type_requirements_frozen_check on catalog.offer_seat_type_requirements is 'What a version of an offer consists of is frozen once it is published; make a new version of the offer.';

-- offer_add_ons -------------------------------------------------------------------------------------------------------

create table catalog.offer_add_ons (
  biz_id uuid not null,
  id uuid not null,
  offer_version_id uuid not null,
  sellable_id uuid not null,
  min_quantity integer not null default 0,
  max_quantity integer,
  default_quantity integer not null default 0,
  is_per_person boolean not null default false,
  sort_order integer not null default 0,
  removed_at timestamptz,
  constraint offer_add_ons_pkey primary key (biz_id, id),
  constraint offer_add_ons_offer_version_id_fkey foreign key (biz_id, offer_version_id)
    references catalog.offer_versions (biz_id, id),
  constraint offer_add_ons_sellable_id_fkey foreign key (biz_id, sellable_id)
    references catalog.sellables (biz_id, id),
  constraint offer_add_ons_quantities_check check (min_quantity >= 0 and default_quantity >= min_quantity and max_quantity >= 1 and max_quantity >= default_quantity)
);
comment on table catalog.offer_add_ons is 'Something customers can have besides when they book an offer: breakfast, a rented board, insurance. Frozen with the version.';
comment on column catalog.offer_add_ons.offer_version_id is 'The version it belongs to.';
comment on column catalog.offer_add_ons.sellable_id is 'What is sold besides.';
comment on column catalog.offer_add_ons.min_quantity is 'How many a booking takes at least; 1 or more makes it compulsory.';
comment on column catalog.offer_add_ons.max_quantity is 'How many a booking takes at most; none means any number.';
comment on column catalog.offer_add_ons.default_quantity is 'How many a booking starts with.';
comment on column catalog.offer_add_ons.is_per_person is 'Whether these numbers count for each person who comes.';
comment on column catalog.offer_add_ons.sort_order is 'Place among the add-ons of the version, the lowest first.';
comment on column catalog.offer_add_ons.removed_at is 'When it was taken out of the draft again; it counts nowhere since.';
comment on constraint offer_add_ons_quantities_check on catalog.offer_add_ons is 'The quantity a booking starts with lies between the least and the most.';

call core.install_table('catalog.offer_add_ons', 'T', 'ctao');
create unique index offer_add_ons_sellable_key on catalog.offer_add_ons (biz_id, offer_version_id, sellable_id) where removed_at is null;
comment on index catalog.offer_add_ons_sellable_key is 'This version already has this add-on.';
create constraint trigger offer_add_ons_frozen_check
  after insert or update on catalog.offer_add_ons
  not deferrable
  for each row execute function catalog.require_open_version();
comment on constraint offer_add_ons_frozen_check on catalog.offer_add_ons is 'What a version of an offer consists of is frozen once it is published; make a new version of the offer.';
