-- Resources: what is known of a thing, person or vehicle beyond that it can be booked, in which groups it is chosen,
-- what it can do, and how it is kept in order.

-- What a file attaches where a column must not change. Arguments: the constraint's name, and the sentence a caller reads.
create function resources.refuse_update() returns trigger
language plpgsql as $$
begin
  raise exception using
    errcode = '23514',
    message = tg_argv[1],
    schema = tg_table_schema,
    table = tg_table_name,
    constraint = tg_argv[0];
end
$$;
comment on function resources.refuse_update() is 'Trigger: refuses the write in the words of its second argument, under the constraint name of its first.';

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain resources.depreciation_method as text constraint depreciation_method_check check (value in (
  'none', 'straight_line', 'declining_balance'));
comment on domain resources.depreciation_method is 'How an asset loses its value in the books.
none: It is not written off.
straight_line: By the same amount each month of its useful life.
declining_balance: By the same part of what is left each year.';
comment on constraint depreciation_method_check on domain resources.depreciation_method is 'Unknown depreciation method.';

create domain resources.fuel_type as text constraint fuel_type_check check (value in (
  'petrol', 'diesel', 'electric', 'hybrid', 'lpg', 'cng', 'hydrogen', 'none'));
comment on domain resources.fuel_type is 'What a vehicle runs on.
petrol: Petrol, of whatever octane.
diesel: Diesel oil, also of plants.
electric: Electricity alone.
hybrid: Petrol or diesel, and electricity.
lpg: Liquefied petroleum gas.
cng: Compressed natural gas.
hydrogen: Hydrogen in a fuel cell.
none: Nothing; it is pulled, pushed or pedalled.';
comment on constraint fuel_type_check on domain resources.fuel_type is 'Unknown fuel type.';

create domain resources.selection_strategy as text constraint selection_strategy_check check (value in (
  'round_robin', 'least_loaded', 'ranked', 'collective'));
comment on domain resources.selection_strategy is 'How one is chosen among resources that would all do.
round_robin: In turn, by weight.
least_loaded: The one with the least to do.
ranked: The first that is free, by priority.
collective: All of them together.';
comment on constraint selection_strategy_check on domain resources.selection_strategy is 'Unknown selection strategy.';

create domain resources.capability_kind as text constraint capability_kind_check check (value in (
  'skill', 'licence', 'equipment'));
comment on domain resources.capability_kind is 'What sort of ability a capability is.
skill: Something a person has learned.
licence: A permission or certificate that an authority gives.
equipment: Something a room or vehicle is equipped with.';
comment on constraint capability_kind_check on domain resources.capability_kind is 'Unknown kind of capability.';

create domain resources.proficiency as text constraint proficiency_check check (value in (
  'trainee', 'standard', 'expert'));
comment on domain resources.proficiency is 'How well a resource gives a service.
trainee: Under supervision.
standard: On its own.
expert: Also the difficult cases.';
comment on constraint proficiency_check on domain resources.proficiency is 'Unknown proficiency.';

-- A resource keeps its kind -------------------------------------------------------------------------------------------
-- Details below belong to kinds (a registration to a vehicle, a member to a person): as no kind ever changes, checking
-- them when they are written is enough, and needs no lock.

create trigger resource_types_kind_immutable
  before update on resources.resource_types
  for each row when (old.kind is distinct from new.kind)
  execute function resources.refuse_update('resource_types_kind_immutable_check', 'The kind of a resource type is never changed; make another type.');

create function resources.keep_kind() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from resources.resource_types was
    join resources.resource_types becomes on becomes.biz_id = was.biz_id and becomes.kind <> was.kind
    where was.biz_id = new.biz_id
      and was.id = old.type_id
      and becomes.id = new.type_id
  ) then
    raise exception using
      errcode = '23514',
      message = 'A resource changes only to a type of the same kind.',
      schema = tg_table_schema,
      table = tg_table_name,
      column = 'type_id',
      constraint = 'resources_kind_immutable_check';
  end if;
  return new;
end
$$;
comment on function resources.keep_kind() is 'Trigger: a resource changes only to a type of the same kind.';

create trigger resources_kind_immutable
  before update on resources.resources
  for each row when (old.type_id is distinct from new.type_id)
  execute function resources.keep_kind();

create function resources.check_detail_kind() returns trigger
language plpgsql as $$
begin
  if not exists (
    select
    from resources.resources r
    join resources.resource_types t on t.biz_id = r.biz_id and t.id = r.type_id
    where r.biz_id = new.biz_id
      and r.id = new.resource_id
      and t.kind = any (string_to_array(tg_argv[0], ' '))
  ) then
    raise exception using
      errcode = '23514',
      message = tg_argv[1],
      schema = tg_table_schema,
      table = tg_table_name,
      column = 'resource_id',
      constraint = tg_name;
  end if;
  return null;
end
$$;
comment on function resources.check_detail_kind() is 'Trigger: details belong to a resource of one of the kinds in its first argument; else refuses in the words of its second.';

-- resources: a status of the tenant's own -------------------------------------------------------------------------------

alter table resources.resources add column status_definition_id uuid;
comment on column resources.resources.status_definition_id is 'A finer status of the tenant''s own, such as at the laundry; none where the lifecycle says enough.';
alter table resources.resources add constraint resources_status_definition_id_fkey foreign key (biz_id, status_definition_id)
  references core.status_definitions (biz_id, id);
call core.index_foreign_keys('resources.resources');
call core.describe_table('resources.resources');

-- asset_details -------------------------------------------------------------------------------------------------------

create table resources.asset_details (
  biz_id uuid not null,
  id uuid not null,
  resource_id uuid not null,
  serial_no text,
  asset_tag text,
  manufacturer text,
  model text,
  purchased_on date,
  purchase_cost_minor bigint,
  residual_value_minor bigint,
  currency char(3),
  depreciation_method resources.depreciation_method not null default 'none',
  useful_life_months integer,
  depreciation_bps integer,
  warranty_expires_on date,
  constraint asset_details_pkey primary key (biz_id, id),
  constraint asset_details_resource_id_key unique (biz_id, resource_id),
  constraint asset_details_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint asset_details_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint asset_details_serial_no_check check (btrim(serial_no) <> '' and length(serial_no) <= 100),
  constraint asset_details_asset_tag_check check (btrim(asset_tag) <> '' and length(asset_tag) <= 60),
  constraint asset_details_manufacturer_check check (btrim(manufacturer) <> '' and length(manufacturer) <= 200),
  constraint asset_details_model_check check (btrim(model) <> '' and length(model) <= 200),
  constraint asset_details_cost_check check (purchase_cost_minor >= 0 and residual_value_minor between 0 and purchase_cost_minor),
  constraint asset_details_currency_check check (currency is not null or num_nonnulls(purchase_cost_minor, residual_value_minor) = 0),
  constraint asset_details_depreciation_check check (case depreciation_method
    when 'none' then depreciation_bps is null
    when 'straight_line' then useful_life_months is not null and purchase_cost_minor is not null and purchased_on is not null and depreciation_bps is null
    else depreciation_bps is not null and purchase_cost_minor is not null and purchased_on is not null end),
  constraint asset_details_useful_life_check check (useful_life_months >= 1 and depreciation_bps between 1 and 10000),
  constraint asset_details_warranty_check check (warranty_expires_on > purchased_on)
);
comment on table resources.asset_details is 'What a resource that was bought has beyond other resources: serial number, price, warranty, how it is written off. One row a resource.';
comment on column resources.asset_details.resource_id is 'The resource these details belong to.';
comment on column resources.asset_details.serial_no is 'Serial number given by the maker, unique among the assets in use.';
comment on column resources.asset_details.asset_tag is 'Number on the label that the business stuck on it, unique among the assets in use.';
comment on column resources.asset_details.manufacturer is 'Who made it.';
comment on column resources.asset_details.model is 'Model, as the maker calls it.';
comment on column resources.asset_details.purchased_on is 'Day on which it was bought.';
comment on column resources.asset_details.purchase_cost_minor is 'What it cost, in minor units.';
comment on column resources.asset_details.residual_value_minor is 'What it is expected to be worth at the end of its useful life, in minor units.';
comment on column resources.asset_details.currency is 'Currency of its amounts.';
comment on column resources.asset_details.depreciation_method is 'How it loses its value in the books.';
comment on column resources.asset_details.useful_life_months is 'Over how many months it is written off.';
comment on column resources.asset_details.depreciation_bps is 'What part of the rest is written off each year, in hundredths of a percent (2000 = 20 %), where its balance declines.';
comment on column resources.asset_details.warranty_expires_on is 'First day without warranty.';
comment on constraint asset_details_serial_no_check on resources.asset_details is 'A serial no is not blank, and of 100 characters at most.';
comment on constraint asset_details_asset_tag_check on resources.asset_details is 'An asset tag is not blank, and of 60 characters at most.';
comment on constraint asset_details_manufacturer_check on resources.asset_details is 'A manufacturer is not blank, and of 200 characters at most.';
comment on constraint asset_details_model_check on resources.asset_details is 'A model is not blank, and of 200 characters at most.';
comment on constraint asset_details_resource_id_key on resources.asset_details is 'This resource already has asset details.';
comment on constraint asset_details_cost_check on resources.asset_details is 'The cost cannot be negative, and the residual value not above it.';
comment on constraint asset_details_currency_check on resources.asset_details is 'An amount needs its currency.';
comment on constraint asset_details_depreciation_check on resources.asset_details is 'What is written off has a purchase day, a cost, and a useful life or a yearly part, as its method says.';
comment on constraint asset_details_useful_life_check on resources.asset_details is 'A useful life has at least one month, and a yearly part is between 0.01 and 100 %.';
comment on constraint asset_details_warranty_check on resources.asset_details is 'The warranty ends after the purchase.';

call core.install_table('resources.asset_details', 'M', 'rsas');
call core.configure_graph('resources.asset_details', aggregates => true);
create unique index asset_details_serial_no_key on resources.asset_details (biz_id, serial_no) where deleted_at is null and serial_no is not null;
comment on index resources.asset_details_serial_no_key is 'Another asset has this serial number.';
create unique index asset_details_asset_tag_key on resources.asset_details (biz_id, asset_tag) where deleted_at is null and asset_tag is not null;
comment on index resources.asset_details_asset_tag_key is 'Another asset has this tag.';
create index asset_details_warranty_idx on resources.asset_details (biz_id, warranty_expires_on) where deleted_at is null and warranty_expires_on is not null;

-- venue_details -------------------------------------------------------------------------------------------------------

create table resources.venue_details (
  biz_id uuid not null,
  id uuid not null,
  resource_id uuid not null,
  building text not null default '',
  floor text not null default '',
  area_m2 numeric(12,2),
  ceiling_height_mm integer,
  seated_capacity integer,
  standing_capacity integer,
  layout_options jsonb not null default '{}',
  is_wheelchair_accessible boolean,
  directions text not null default '',
  constraint venue_details_pkey primary key (biz_id, id),
  constraint venue_details_resource_id_key unique (biz_id, resource_id),
  constraint venue_details_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint venue_details_building_check check (length(building) <= 200),
  constraint venue_details_floor_check check (length(floor) <= 60),
  constraint venue_details_layout_options_check check (jsonb_typeof(layout_options) = 'object'),
  constraint venue_details_directions_check check (length(directions) <= 2000),
  constraint venue_details_area_check check (area_m2 > 0 and ceiling_height_mm > 0),
  constraint venue_details_capacity_check check (seated_capacity >= 0 and standing_capacity >= 0)
);
comment on table resources.venue_details is 'What a venue or room has beyond other resources: its size, how many it holds, how it can be laid out. One row a resource.';
comment on column resources.venue_details.resource_id is 'The resource these details belong to.';
comment on column resources.venue_details.building is 'The building, where there are several.';
comment on column resources.venue_details.floor is 'The floor, as the house calls it.';
comment on column resources.venue_details.area_m2 is 'Floor area in square metres.';
comment on column resources.venue_details.ceiling_height_mm is 'Clear height in millimetres.';
comment on column resources.venue_details.seated_capacity is 'How many fit in seated.';
comment on column resources.venue_details.standing_capacity is 'How many fit in standing.';
comment on column resources.venue_details.layout_options is 'Ways it can be laid out, each with the number of seats, such as {"theatre": 80, "boardroom": 24}.';
comment on column resources.venue_details.is_wheelchair_accessible is 'Whether a wheelchair gets in; empty where nobody looked yet.';
comment on column resources.venue_details.directions is 'How visitors find it.';
comment on constraint venue_details_building_check on resources.venue_details is 'The building has 200 characters at most.';
comment on constraint venue_details_floor_check on resources.venue_details is 'The floor has 60 characters at most.';
comment on constraint venue_details_layout_options_check on resources.venue_details is 'The layout options must be a JSON object.';
comment on constraint venue_details_directions_check on resources.venue_details is 'The directions has 2,000 characters at most.';
comment on constraint venue_details_resource_id_key on resources.venue_details is 'This resource already has venue details.';
comment on constraint venue_details_area_check on resources.venue_details is 'Area and height must be above zero.';
comment on constraint venue_details_capacity_check on resources.venue_details is 'Capacities cannot be negative.';

call core.install_table('resources.venue_details', 'M', 'rsvn');
create constraint trigger venue_details_kind_check
  after insert or update of resource_id on resources.venue_details
  not deferrable
  for each row execute function resources.check_detail_kind('venue room', 'Venue details belong to a venue or a room.');
comment on constraint venue_details_kind_check on resources.venue_details is 'Venue details belong to a venue or a room.';

-- vehicle_details -----------------------------------------------------------------------------------------------------

create table resources.vehicle_details (
  biz_id uuid not null,
  id uuid not null,
  resource_id uuid not null,
  registration text,
  country_code char(2),
  vin text,
  make text,
  model text,
  model_year integer,
  seats integer,
  payload_g bigint,
  volume_cm3 bigint,
  fuel_type resources.fuel_type,
  odometer_m bigint,
  odometer_read_at timestamptz,
  insurance_expires_on date,
  inspection_expires_on date,
  constraint vehicle_details_pkey primary key (biz_id, id),
  constraint vehicle_details_resource_id_key unique (biz_id, resource_id),
  constraint vehicle_details_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint vehicle_details_country_code_fkey foreign key (country_code)
    references core.countries (code),
  constraint vehicle_details_registration_check check (btrim(registration) <> '' and length(registration) <= 20),
  constraint vehicle_details_make_check check (btrim(make) <> '' and length(make) <= 100),
  constraint vehicle_details_model_check check (btrim(model) <> '' and length(model) <= 100),
  constraint vehicle_details_vin_check check (vin ~ '^[A-HJ-NPR-Z0-9]{5,17}$'),
  constraint vehicle_details_model_year_check check (model_year between 1880 and 2200),
  constraint vehicle_details_carries_check check (seats >= 0 and payload_g >= 0 and volume_cm3 >= 0),
  constraint vehicle_details_odometer_check check (odometer_m >= 0 and num_nonnulls(odometer_m, odometer_read_at) in (0, 2))
);
comment on table resources.vehicle_details is 'What a vehicle has beyond other resources: its registration, what it carries, until when it may be driven. One row a vehicle.';
comment on column resources.vehicle_details.resource_id is 'The vehicle these details belong to.';
comment on column resources.vehicle_details.registration is 'Number plate, unique among the vehicles in use.';
comment on column resources.vehicle_details.country_code is 'Country of registration.';
comment on column resources.vehicle_details.vin is 'Vehicle identification number, unique among the vehicles in use.';
comment on column resources.vehicle_details.make is 'Maker, such as Ford.';
comment on column resources.vehicle_details.model is 'Model, such as Transit.';
comment on column resources.vehicle_details.model_year is 'Year of the model.';
comment on column resources.vehicle_details.seats is 'How many may sit in it, the driver included.';
comment on column resources.vehicle_details.payload_g is 'How much it may carry, in grams.';
comment on column resources.vehicle_details.volume_cm3 is 'How much fits in, in cubic centimetres.';
comment on column resources.vehicle_details.fuel_type is 'What it runs on.';
comment on column resources.vehicle_details.odometer_m is 'Reading of its odometer in metres, when it was last read.';
comment on column resources.vehicle_details.odometer_read_at is 'When the odometer was last read.';
comment on column resources.vehicle_details.insurance_expires_on is 'First day on which it is no longer insured.';
comment on column resources.vehicle_details.inspection_expires_on is 'First day on which its technical inspection is no longer valid.';
comment on constraint vehicle_details_registration_check on resources.vehicle_details is 'A registration is not blank, and of 20 characters at most.';
comment on constraint vehicle_details_make_check on resources.vehicle_details is 'A make is not blank, and of 100 characters at most.';
comment on constraint vehicle_details_model_check on resources.vehicle_details is 'A model is not blank, and of 100 characters at most.';
comment on constraint vehicle_details_resource_id_key on resources.vehicle_details is 'This resource already has vehicle details.';
comment on constraint vehicle_details_vin_check on resources.vehicle_details is 'A vehicle identification number has up to 17 digits and capital letters, without I, O and Q.';
comment on constraint vehicle_details_model_year_check on resources.vehicle_details is 'The model year has four digits.';
comment on constraint vehicle_details_carries_check on resources.vehicle_details is 'Seats, payload and volume cannot be negative.';
comment on constraint vehicle_details_odometer_check on resources.vehicle_details is 'An odometer reading is not negative, and says when it was taken.';

call core.install_table('resources.vehicle_details', 'M', 'rsvh');
create unique index vehicle_details_registration_key on resources.vehicle_details (biz_id, registration) where deleted_at is null and registration is not null;
comment on index resources.vehicle_details_registration_key is 'Another vehicle has this registration.';
create unique index vehicle_details_vin_key on resources.vehicle_details (biz_id, vin) where deleted_at is null and vin is not null;
comment on index resources.vehicle_details_vin_key is 'Another vehicle has this identification number.';
create index vehicle_details_insurance_idx on resources.vehicle_details (biz_id, insurance_expires_on) where deleted_at is null and insurance_expires_on is not null;
create index vehicle_details_inspection_idx on resources.vehicle_details (biz_id, inspection_expires_on) where deleted_at is null and inspection_expires_on is not null;
create constraint trigger vehicle_details_kind_check
  after insert or update of resource_id on resources.vehicle_details
  not deferrable
  for each row execute function resources.check_detail_kind('vehicle', 'Vehicle details belong to a vehicle.');
comment on constraint vehicle_details_kind_check on resources.vehicle_details is 'Vehicle details belong to a vehicle.';

-- human_details -------------------------------------------------------------------------------------------------------

create table resources.human_details (
  biz_id uuid not null,
  id uuid not null,
  resource_id uuid not null,
  member_id uuid,
  external_name text,
  job_title text,
  bio text not null default '',
  skills_summary text not null default '',
  languages text[] not null default '{}',
  constraint human_details_pkey primary key (biz_id, id),
  constraint human_details_resource_id_key unique (biz_id, resource_id),
  constraint human_details_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint human_details_member_id_fkey foreign key (biz_id, member_id)
    references identity.members (biz_id, id),
  constraint human_details_external_name_check check (btrim(external_name) <> '' and length(external_name) <= 200),
  constraint human_details_job_title_check check (btrim(job_title) <> '' and length(job_title) <= 200),
  constraint human_details_bio_check check (length(bio) <= 10000),
  constraint human_details_skills_summary_check check (length(skills_summary) <= 2000),
  constraint human_details_person_check check (num_nonnulls(member_id, external_name) = 1),
  constraint human_details_languages_check check (array_position(languages, null) is null and cardinality(languages) <= 30)
);
comment on table resources.human_details is 'Who a resource is that is a person: a member of the team, or somebody from outside. One row a person.';
comment on column resources.human_details.resource_id is 'The resource these details belong to.';
comment on column resources.human_details.member_id is 'The member of the team who it is; none for somebody from outside.';
comment on column resources.human_details.external_name is 'Name of somebody from outside, such as an agency''s teacher.';
comment on column resources.human_details.job_title is 'What customers read below the name, such as physiotherapist.';
comment on column resources.human_details.bio is 'What customers read about the person.';
comment on column resources.human_details.skills_summary is 'Skills in a line or two; those that bookings ask for are capabilities.';
comment on column resources.human_details.languages is 'Languages the person speaks with customers, as tags of BCP 47.';
comment on constraint human_details_external_name_check on resources.human_details is 'An external name is not blank, and of 200 characters at most.';
comment on constraint human_details_job_title_check on resources.human_details is 'A job title is not blank, and of 200 characters at most.';
comment on constraint human_details_bio_check on resources.human_details is 'The bio has 10,000 characters at most.';
comment on constraint human_details_skills_summary_check on resources.human_details is 'The skills summary has 2,000 characters at most.';
comment on constraint human_details_resource_id_key on resources.human_details is 'This resource already has details of a person.';
comment on constraint human_details_person_check on resources.human_details is 'A person is a member of the team or has a name from outside, not both.';
comment on constraint human_details_languages_check on resources.human_details is 'There are 30 languages at most, none of them empty.';

call core.install_table('resources.human_details', 'M', 'rshu');
create unique index human_details_member_id_key on resources.human_details (biz_id, member_id) where deleted_at is null and member_id is not null;
comment on index resources.human_details_member_id_key is 'This member already is a resource.';
create constraint trigger human_details_kind_check
  after insert or update of resource_id on resources.human_details
  not deferrable
  for each row execute function resources.check_detail_kind('human', 'Details of a person belong to a human resource.');
comment on constraint human_details_kind_check on resources.human_details is 'Details of a person belong to a human resource.';

-- resource_groups -----------------------------------------------------------------------------------------------------

create table resources.resource_groups (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  description text not null default '',
  location_id uuid,
  selection_strategy resources.selection_strategy not null default 'round_robin',
  constraint resource_groups_pkey primary key (biz_id, id),
  constraint resource_groups_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint resource_groups_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint resource_groups_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint resource_groups_description_check check (length(description) <= 10000)
);
comment on table resources.resource_groups is 'Resources of which any, or all, will do: the stylists of a salon, the boats of a club, a surgeon with her team.';
comment on column resources.resource_groups.code is 'Short name used in offers and imports, unique among the groups in use.';
comment on column resources.resource_groups.name is 'Name shown to staff, and to customers who choose among its members.';
comment on column resources.resource_groups.description is 'What it is for.';
comment on column resources.resource_groups.location_id is 'The location it belongs to; none where it spans several.';
comment on column resources.resource_groups.selection_strategy is 'How a member is chosen for a booking.';
comment on constraint resource_groups_code_check on resources.resource_groups is 'A code is required, of 60 characters at most.';
comment on constraint resource_groups_name_check on resources.resource_groups is 'A name is required, of 200 characters at most.';
comment on constraint resource_groups_description_check on resources.resource_groups is 'The description has 10,000 characters at most.';

call core.install_table('resources.resource_groups', 'M', 'rsgr', registrable => true);
create unique index resource_groups_code_key on resources.resource_groups (biz_id, code) where deleted_at is null;
comment on index resources.resource_groups_code_key is 'Another resource group has this code.';

-- resource_group_members ----------------------------------------------------------------------------------------------

create table resources.resource_group_members (
  biz_id uuid not null,
  id uuid not null,
  group_id uuid not null,
  resource_id uuid not null,
  weight integer not null default 1,
  priority integer not null default 0,
  starts_on date,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  constraint resource_group_members_pkey primary key (biz_id, id),
  constraint resource_group_members_group_id_fkey foreign key (biz_id, group_id)
    references resources.resource_groups (biz_id, id),
  constraint resource_group_members_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint resource_group_members_weight_check check (weight >= 0),
  constraint resource_group_members_dates_check check (ends_on > starts_on)
);
comment on table resources.resource_group_members is 'That a resource belongs to a group, for some time or for good.';
comment on column resources.resource_group_members.group_id is 'The group.';
comment on column resources.resource_group_members.resource_id is 'The resource that belongs to it.';
comment on column resources.resource_group_members.weight is 'Share of the turns it gets, where the group takes turns: 2 gets twice as many as 1, 0 none.';
comment on column resources.resource_group_members.priority is 'Rank among the members, where the group is ranked: the lowest first.';
comment on column resources.resource_group_members.starts_on is 'First day of belonging to it; none means always so far.';
comment on column resources.resource_group_members.ends_on is 'First day of no longer belonging to it; none means for good.';
comment on column resources.resource_group_members.period is 'From starts_on to ends_on, as a range.';
comment on constraint resource_group_members_weight_check on resources.resource_group_members is 'The weight cannot be negative.';
comment on constraint resource_group_members_dates_check on resources.resource_group_members is 'The end must be after the start.';

call core.install_table('resources.resource_group_members', 'M', 'rsgm');
alter table resources.resource_group_members add constraint resource_group_members_no_overlap_excl
  exclude using gist (biz_id with =, group_id with =, resource_id with =, period with &&) where (deleted_at is null);
comment on constraint resource_group_members_no_overlap_excl on resources.resource_group_members is 'The resource already belongs to this group at that time.';

-- feature_assignments -------------------------------------------------------------------------------------------------

create table resources.feature_assignments (
  biz_id uuid not null,
  resource_id uuid not null,
  feature_id uuid not null,
  quantity integer not null default 1,
  note text,
  constraint feature_assignments_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint feature_assignments_feature_id_fkey foreign key (biz_id, feature_id)
    references core.features (biz_id, id),
  constraint feature_assignments_note_check check (btrim(note) <> '' and length(note) <= 200),
  constraint feature_assignments_pkey primary key (biz_id, resource_id, feature_id),
  constraint feature_assignments_quantity_check check (quantity >= 1)
);
comment on table resources.feature_assignments is 'That a room, venue or other resource has a feature: sea view, projector, charging point.';
comment on column resources.feature_assignments.resource_id is 'The resource that has it.';
comment on column resources.feature_assignments.feature_id is 'The feature.';
comment on column resources.feature_assignments.quantity is 'How many of it there are.';
comment on column resources.feature_assignments.note is 'What to know about it here, such as on request.';
comment on constraint feature_assignments_note_check on resources.feature_assignments is 'A note is not blank, and of 200 characters at most.';
comment on constraint feature_assignments_pkey on resources.feature_assignments is 'This resource already has this feature.';
comment on constraint feature_assignments_quantity_check on resources.feature_assignments is 'There must be at least one of it.';

call core.install_table('resources.feature_assignments', 'L', null);

-- capability_templates ------------------------------------------------------------------------------------------------

create table resources.capability_templates (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  description text not null default '',
  kind resources.capability_kind not null,
  requires_expiry boolean not null default false,
  requires_evidence boolean not null default false,
  max_level integer not null default 5,
  constraint capability_templates_pkey primary key (biz_id, id),
  constraint capability_templates_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint capability_templates_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint capability_templates_description_check check (length(description) <= 10000),
  constraint capability_templates_max_level_check check (max_level between 1 and 100)
);
comment on table resources.capability_templates is 'An ability that bookings and shifts can ask for: speaks sign language, lifeguard certificate, wheelchair lift.';
comment on column resources.capability_templates.code is 'Short name used in offers and imports, unique among the capabilities in use.';
comment on column resources.capability_templates.name is 'Name shown to staff.';
comment on column resources.capability_templates.description is 'What it takes to have it.';
comment on column resources.capability_templates.kind is 'What sort of ability it is.';
comment on column resources.capability_templates.requires_expiry is 'Whether whoever has it must say until when, as with most licences.';
comment on column resources.capability_templates.requires_evidence is 'Whether a document must show that it is there.';
comment on column resources.capability_templates.max_level is 'The highest level it can be had on.';
comment on constraint capability_templates_code_check on resources.capability_templates is 'A code is required, of 60 characters at most.';
comment on constraint capability_templates_name_check on resources.capability_templates is 'A name is required, of 200 characters at most.';
comment on constraint capability_templates_description_check on resources.capability_templates is 'The description has 10,000 characters at most.';
comment on constraint capability_templates_max_level_check on resources.capability_templates is 'The highest level is between 1 and 100.';

call core.install_table('resources.capability_templates', 'M', 'rsct', registrable => true);
create unique index capability_templates_code_key on resources.capability_templates (biz_id, code) where deleted_at is null;
comment on index resources.capability_templates_code_key is 'Another capability has this code.';

-- capability_assignments ----------------------------------------------------------------------------------------------

create table resources.capability_assignments (
  biz_id uuid not null,
  id uuid not null,
  resource_id uuid not null,
  template_id uuid not null,
  level integer not null default 1,
  starts_on date,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  certificate_no text,
  issued_by text,
  evidence_media_id uuid,
  verified_by_id uuid,
  verified_at timestamptz,
  constraint capability_assignments_pkey primary key (biz_id, id),
  constraint capability_assignments_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint capability_assignments_template_id_fkey foreign key (biz_id, template_id)
    references resources.capability_templates (biz_id, id),
  constraint capability_assignments_evidence_media_id_fkey foreign key (biz_id, evidence_media_id)
    references core.media_assets (biz_id, id),
  constraint capability_assignments_verified_by_id_fkey foreign key (biz_id, verified_by_id)
    references identity.members (biz_id, id),
  constraint capability_assignments_certificate_no_check check (btrim(certificate_no) <> '' and length(certificate_no) <= 100),
  constraint capability_assignments_issued_by_check check (btrim(issued_by) <> '' and length(issued_by) <= 200),
  constraint capability_assignments_level_check check (level >= 1),
  constraint capability_assignments_dates_check check (ends_on > starts_on),
  constraint capability_assignments_verified_check check (num_nonnulls(verified_by_id, verified_at) in (0, 2))
);
comment on table resources.capability_assignments is 'That a resource has a capability, from when until when, and what shows it. On a day outside of that time it does not count.';
comment on column resources.capability_assignments.resource_id is 'The resource that has it.';
comment on column resources.capability_assignments.template_id is 'The capability.';
comment on column resources.capability_assignments.level is 'How well, from 1 to the highest level of the capability.';
comment on column resources.capability_assignments.starts_on is 'First day of having it; none means always so far.';
comment on column resources.capability_assignments.ends_on is 'First day of no longer having it, such as the day after a licence expires; none means for good.';
comment on column resources.capability_assignments.period is 'From starts_on to ends_on, as a range.';
comment on column resources.capability_assignments.certificate_no is 'Number of the licence or certificate.';
comment on column resources.capability_assignments.issued_by is 'Who issued it.';
comment on column resources.capability_assignments.evidence_media_id is 'The document that shows it.';
comment on column resources.capability_assignments.verified_by_id is 'Who looked at the document.';
comment on column resources.capability_assignments.verified_at is 'When somebody looked at the document.';
comment on constraint capability_assignments_certificate_no_check on resources.capability_assignments is 'A certificate no is not blank, and of 100 characters at most.';
comment on constraint capability_assignments_issued_by_check on resources.capability_assignments is 'An issued by is not blank, and of 200 characters at most.';
comment on constraint capability_assignments_level_check on resources.capability_assignments is 'The level must be at least 1.';
comment on constraint capability_assignments_dates_check on resources.capability_assignments is 'The end must be after the start.';
comment on constraint capability_assignments_verified_check on resources.capability_assignments is 'What was verified says when, and by whom.';

call core.install_table('resources.capability_assignments', 'M', 'rsca');
alter table resources.capability_assignments add constraint capability_assignments_no_overlap_excl
  exclude using gist (biz_id with =, resource_id with =, template_id with =, period with &&) where (deleted_at is null);
comment on constraint capability_assignments_no_overlap_excl on resources.capability_assignments is 'The resource already has this capability at that time.';
create index capability_assignments_ends_on_idx on resources.capability_assignments (biz_id, ends_on, id) where deleted_at is null and ends_on is not null;

-- What a capability asks of those who have it. Whoever gives one to a resource holds the capability's row meanwhile, so that
-- its rules do not change in between.
create function resources.check_capability() returns trigger
language plpgsql as $$
declare
  template resources.capability_templates;
begin
  select t.*
  into template
  from resources.capability_templates t
  where t.biz_id = new.biz_id
    and t.id = new.template_id
  for share;

  if new.deleted_at is not null then
    return null;
  elsif template.requires_expiry and new.ends_on is null then
    raise exception using
      errcode = '23514',
      message = 'This capability is had only until a certain day: say until when.',
      schema = tg_table_schema,
      table = tg_table_name,
      column = 'ends_on',
      constraint = 'capability_assignments_expiry_check';
  elsif template.requires_evidence and new.evidence_media_id is null then
    raise exception using
      errcode = '23514',
      message = 'This capability must be shown by a document.',
      schema = tg_table_schema,
      table = tg_table_name,
      column = 'evidence_media_id',
      constraint = 'capability_assignments_evidence_check';
  elsif new.level > template.max_level then
    raise exception using
      errcode = '23514',
      message = format('The highest level of this capability is %s.', template.max_level),
      schema = tg_table_schema,
      table = tg_table_name,
      column = 'level',
      constraint = 'capability_assignments_max_level_check';
  end if;
  return null;
end
$$;
comment on function resources.check_capability() is 'Trigger: a resource has a capability as its template asks: until a certain day, with a document, on a level there is.';

create constraint trigger capability_assignments_expiry_check
  after insert or update of template_id, ends_on, evidence_media_id, level, deleted_at on resources.capability_assignments
  not deferrable
  for each row execute function resources.check_capability();
comment on constraint capability_assignments_expiry_check on resources.capability_assignments is 'This capability is had only until a certain day: say until when.';

create function resources.check_capability_template() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from resources.capability_assignments a
    where a.biz_id = new.biz_id
      and a.template_id = new.id
      and a.deleted_at is null
      and (
        (new.requires_expiry and a.ends_on is null)
        or (new.requires_evidence and a.evidence_media_id is null)
        or a.level > new.max_level
      )
  ) then
    raise exception using
      errcode = '23514',
      message = 'Some resources have this capability without what it would ask for: complete or archive these first.',
      schema = tg_table_schema,
      table = tg_table_name,
      constraint = 'capability_templates_assignments_check';
  end if;
  return null;
end
$$;
comment on function resources.check_capability_template() is 'Trigger: a capability asks for no more than those who have it fulfil.';

create constraint trigger capability_templates_assignments_check
  after update of requires_expiry, requires_evidence, max_level on resources.capability_templates
  not deferrable
  for each row execute function resources.check_capability_template();
comment on constraint capability_templates_assignments_check on resources.capability_templates is 'Some resources have this capability without what it would ask for: complete or archive these first.';

-- service_capabilities ------------------------------------------------------------------------------------------------

create table resources.service_capabilities (
  biz_id uuid not null,
  id uuid not null,
  resource_id uuid not null,
  service_type text not null default 'Service',
  service_id uuid not null,
  duration_override_minutes integer,
  buffer_before_override_minutes integer,
  buffer_after_override_minutes integer,
  proficiency resources.proficiency not null default 'standard',
  is_bookable_online boolean not null default true,
  constraint service_capabilities_pkey primary key (biz_id, id),
  constraint service_capabilities_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint service_capabilities_service_fkey foreign key (biz_id, service_type, service_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint service_capabilities_service_type_check check (service_type = 'Service'),
  constraint service_capabilities_times_check check (duration_override_minutes >= 1 and buffer_before_override_minutes >= 0 and buffer_after_override_minutes >= 0)
);
comment on table resources.service_capabilities is 'That a resource can give a service, how long it takes there, and how well it does. What it costs there is said by price rules.';
comment on column resources.service_capabilities.resource_id is 'The resource that can give it.';
comment on column resources.service_capabilities.service_type is 'Always Service: services stand in a later module.';
comment on column resources.service_capabilities.service_id is 'The service.';
comment on column resources.service_capabilities.duration_override_minutes is 'How long it takes with this resource; none means as long as usual.';
comment on column resources.service_capabilities.buffer_before_override_minutes is 'Time blocked before it with this resource; none means as usual.';
comment on column resources.service_capabilities.buffer_after_override_minutes is 'Time blocked after it with this resource; none means as usual.';
comment on column resources.service_capabilities.proficiency is 'How well the resource gives it.';
comment on column resources.service_capabilities.is_bookable_online is 'Whether customers may choose the resource for it themselves.';
comment on constraint service_capabilities_service_fkey on resources.service_capabilities is 'Must be an existing service of this tenant.';
comment on constraint service_capabilities_service_type_check on resources.service_capabilities is 'What a resource can give is a service.';
comment on constraint service_capabilities_times_check on resources.service_capabilities is 'A service takes at least one minute, and buffers cannot be negative.';

call core.install_table('resources.service_capabilities', 'M', 'rssc');
create unique index service_capabilities_service_key on resources.service_capabilities (biz_id, resource_id, service_id) where deleted_at is null;
comment on index resources.service_capabilities_service_key is 'This resource already gives this service.';
