-- Resources: how they are kept in order. What was used, when maintenance is due, the work that is done, in which condition a
-- resource was handed out and came back, and what took its place. That work takes time of a resource is said in availability.

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain resources.usage_metric as text constraint usage_metric_check check (value in (
  'hours', 'trips', 'km', 'uses'));
comment on domain resources.usage_metric is 'What is counted of the use of a resource.
hours: Hours in use.
trips: Trips made.
km: Kilometres driven.
uses: Times used.';
comment on constraint usage_metric_check on domain resources.usage_metric is 'Unknown usage metric.';

create domain resources.maintenance_trigger as text constraint maintenance_trigger_check check (value in (
  'interval', 'usage', 'date'));
comment on domain resources.maintenance_trigger is 'What makes maintenance due.
interval: So many days since it was last done.
usage: So much use since it was last done.
date: A day of the calendar.';
comment on constraint maintenance_trigger_check on domain resources.maintenance_trigger is 'Unknown maintenance trigger.';

create domain resources.work_order_kind as text constraint work_order_kind_check check (value in (
  'preventive', 'corrective'));
comment on domain resources.work_order_kind is 'Why a work order exists.
preventive: Before something breaks, as a maintenance policy says.
corrective: Because something is broken.';
comment on constraint work_order_kind_check on domain resources.work_order_kind is 'Unknown kind of work order.';

create domain resources.work_order_priority as text constraint work_order_priority_check check (value in (
  'low', 'normal', 'high', 'urgent'));
comment on domain resources.work_order_priority is 'How urgent a work order is.
low: When there is time.
normal: In its turn.
high: Before others.
urgent: At once.';
comment on constraint work_order_priority_check on domain resources.work_order_priority is 'Unknown priority of a work order.';

create domain resources.work_order_status as text constraint work_order_status_check check (value in (
  'requested', 'triaged', 'scheduled', 'in_progress', 'on_hold', 'completed', 'verified', 'reopened', 'cancelled'));
comment on domain resources.work_order_status is 'Where a work order stands.
requested: Somebody asked for it.
triaged: It was looked at, and will be done.
scheduled: It has a time.
in_progress: Somebody is working on it.
on_hold: It waits, such as for a part.
completed: The work is done.
verified: The work was checked, and found good.
reopened: The work was checked, and was not good.
cancelled: It will not be done.';
comment on constraint work_order_status_check on domain resources.work_order_status is 'Unknown status of a work order.';

create domain resources.condition_context as text constraint condition_context_check check (value in (
  'check_out', 'check_in', 'inspection'));
comment on domain resources.condition_context is 'On which occasion the condition of a resource was recorded.
check_out: It was handed to a customer.
check_in: It came back from a customer.
inspection: It was looked over, apart from any booking.';
comment on constraint condition_context_check on domain resources.condition_context is 'Unknown occasion of a condition report.';

create domain resources.condition_grade as text constraint condition_grade_check check (value in (
  'as_new', 'good', 'fair', 'damaged', 'unusable'));
comment on domain resources.condition_grade is 'In which condition a resource is.
as_new: Without any trace of use.
good: Traces of use, and nothing more.
fair: Worn, but works.
damaged: Something is broken or missing.
unusable: It cannot be used.';
comment on constraint condition_grade_check on domain resources.condition_grade is 'Unknown condition grade.';

-- usage_counters ------------------------------------------------------------------------------------------------------

create table resources.usage_counters (
  biz_id uuid not null,
  id uuid not null,
  resource_id uuid not null,
  metric resources.usage_metric not null,
  value numeric(18,6) not null default 0,
  recorded_at timestamptz not null default now(),
  reset_at timestamptz,
  constraint usage_counters_pkey primary key (biz_id, id),
  constraint usage_counters_metric_key unique (biz_id, resource_id, metric),
  constraint usage_counters_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint usage_counters_value_check check (value >= 0),
  constraint usage_counters_recorded_check check (recorded_at >= reset_at)
);
comment on table resources.usage_counters is 'How much a resource was used, by one measure. It counts up, and begins anew only when it is reset, as when a meter is replaced.';
comment on column resources.usage_counters.resource_id is 'The resource.';
comment on column resources.usage_counters.metric is 'What is counted.';
comment on column resources.usage_counters.value is 'Reading of the counter, in the unit of its metric.';
comment on column resources.usage_counters.recorded_at is 'When the reading was taken.';
comment on column resources.usage_counters.reset_at is 'When it was last reset; none means never.';
comment on constraint usage_counters_metric_key on resources.usage_counters is 'This resource already has a counter of this metric.';
comment on constraint usage_counters_value_check on resources.usage_counters is 'A counter cannot be negative.';
comment on constraint usage_counters_recorded_check on resources.usage_counters is 'A reading is not older than the reset before it.';

call core.install_table('resources.usage_counters', 'T', 'rsuc');
create trigger usage_counters_value_monotone
  before update on resources.usage_counters
  for each row when (new.value < old.value and (new.reset_at is null or new.reset_at <= coalesce(old.reset_at, '-infinity')))
  execute function resources.refuse_update('usage_counters_value_monotone_check', 'A counter goes down only when it is reset.');
create trigger usage_counters_reset_forward
  before update on resources.usage_counters
  for each row when (old.reset_at is not null and (new.reset_at is null or new.reset_at < old.reset_at))
  execute function resources.refuse_update('usage_counters_reset_forward_check', 'A reset is not taken back.');
create trigger usage_counters_key_immutable
  before update on resources.usage_counters
  for each row when ((old.resource_id, old.metric) is distinct from (new.resource_id, new.metric))
  execute function resources.refuse_update('usage_counters_key_immutable_check', 'A counter keeps its resource and its metric.');

-- maintenance_policies ------------------------------------------------------------------------------------------------

create table resources.maintenance_policies (
  biz_id uuid not null,
  id uuid not null,
  name text not null,
  resource_id uuid,
  resource_type_id uuid,
  category_id uuid,
  trigger_kind resources.maintenance_trigger not null,
  interval_days integer,
  usage_metric resources.usage_metric,
  usage_threshold numeric(18,6),
  due_on date,
  repeats_months integer,
  lead_days integer not null default 0,
  block_minutes integer not null default 0,
  priority resources.work_order_priority not null default 'normal',
  checklist jsonb not null default '[]',
  is_mandatory boolean not null default false,
  is_active boolean not null default true,
  constraint maintenance_policies_pkey primary key (biz_id, id),
  constraint maintenance_policies_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint maintenance_policies_resource_type_id_fkey foreign key (biz_id, resource_type_id)
    references resources.resource_types (biz_id, id),
  constraint maintenance_policies_category_id_fkey foreign key (biz_id, category_id)
    references resources.categories (biz_id, id),
  constraint maintenance_policies_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint maintenance_policies_checklist_check check (jsonb_typeof(checklist) = 'array'),
  constraint maintenance_policies_subject_check check (num_nonnulls(resource_id, resource_type_id, category_id) = 1),
  constraint maintenance_policies_trigger_check check (case trigger_kind
    when 'interval' then interval_days is not null and num_nonnulls(usage_metric, usage_threshold, due_on, repeats_months) = 0
    when 'usage' then num_nonnulls(usage_metric, usage_threshold) = 2 and num_nonnulls(interval_days, due_on, repeats_months) = 0
    else due_on is not null and num_nonnulls(interval_days, usage_metric, usage_threshold) = 0 end),
  constraint maintenance_policies_thresholds_check check (interval_days >= 1 and usage_threshold > 0 and repeats_months >= 1),
  constraint maintenance_policies_lead_check check (lead_days >= 0 and block_minutes >= 0)
);
comment on table resources.maintenance_policies is 'When a resource, all of a type, or all of a category are due for maintenance, and what is then done.';
comment on column resources.maintenance_policies.name is 'Name shown to staff, such as yearly lift inspection.';
comment on column resources.maintenance_policies.resource_id is 'The resource it is about, where it is about one.';
comment on column resources.maintenance_policies.resource_type_id is 'The type it is about, where it is about all of a type.';
comment on column resources.maintenance_policies.category_id is 'The category it is about, where it is about all of a category.';
comment on column resources.maintenance_policies.trigger_kind is 'What makes it due.';
comment on column resources.maintenance_policies.interval_days is 'How many days after it was last done, where it comes in intervals.';
comment on column resources.maintenance_policies.usage_metric is 'What is counted, where it depends on use.';
comment on column resources.maintenance_policies.usage_threshold is 'How much use after it was last done makes it due, in the unit of the metric.';
comment on column resources.maintenance_policies.due_on is 'The next day on which it is due, where it depends on the calendar; the verb that makes the order moves it on.';
comment on column resources.maintenance_policies.repeats_months is 'After how many months such a day comes again; none means it is due once.';
comment on column resources.maintenance_policies.lead_days is 'How many days before it is due a work order is made.';
comment on column resources.maintenance_policies.block_minutes is 'How long the resource is taken out of availability for it; 0 means not at all.';
comment on column resources.maintenance_policies.priority is 'How urgent its work orders are.';
comment on column resources.maintenance_policies.checklist is 'What is to be checked or done, in order, as texts.';
comment on column resources.maintenance_policies.is_mandatory is 'Whether the resource may not be used once it is overdue, as with inspections by law.';
comment on column resources.maintenance_policies.is_active is 'Whether work orders are made from it.';
comment on constraint maintenance_policies_name_check on resources.maintenance_policies is 'A name is required, of 200 characters at most.';
comment on constraint maintenance_policies_checklist_check on resources.maintenance_policies is 'The checklist must be a JSON list.';
comment on constraint maintenance_policies_subject_check on resources.maintenance_policies is 'A maintenance policy is about one resource, one type or one category.';
comment on constraint maintenance_policies_trigger_check on resources.maintenance_policies is 'Maintenance is due after a number of days, after some use of a metric, or on a day, as its trigger says.';
comment on constraint maintenance_policies_thresholds_check on resources.maintenance_policies is 'Intervals and thresholds must be above zero.';
comment on constraint maintenance_policies_lead_check on resources.maintenance_policies is 'Lead and blocked time cannot be negative.';

call core.install_table('resources.maintenance_policies', 'M', 'rsmp', registrable => true);
create index maintenance_policies_due_on_idx on resources.maintenance_policies (biz_id, due_on) where deleted_at is null and is_active and due_on is not null;

-- maintenance_work_orders ---------------------------------------------------------------------------------------------

create table resources.maintenance_work_orders (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  resource_id uuid not null,
  location_id uuid not null,
  policy_id uuid,
  request_type text,
  request_id uuid,
  kind resources.work_order_kind not null,
  priority resources.work_order_priority not null default 'normal',
  status resources.work_order_status not null default 'requested',
  title text not null,
  description text not null default '',
  starts_at timestamptz,
  ends_at timestamptz,
  period tstzrange generated always as (tstzrange(starts_at, ends_at, '[)')) stored,
  blocks_resource boolean not null default true,
  due_on date,
  assignee_id uuid,
  vendor_name text,
  started_at timestamptz,
  completed_at timestamptz,
  verified_at timestamptz,
  verified_by_id uuid,
  labour_cost_minor bigint not null default 0,
  parts_cost_minor bigint not null default 0,
  cost_minor bigint generated always as (labour_cost_minor + parts_cost_minor) stored,
  currency char(3),
  usage_metric resources.usage_metric,
  usage_value numeric(18,6),
  checklist jsonb not null default '[]',
  resolution text not null default '',
  constraint maintenance_work_orders_pkey primary key (biz_id, id),
  constraint maintenance_work_orders_number_key unique (biz_id, number),
  constraint maintenance_work_orders_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint maintenance_work_orders_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint maintenance_work_orders_policy_id_fkey foreign key (biz_id, policy_id)
    references resources.maintenance_policies (biz_id, id),
  constraint maintenance_work_orders_assignee_id_fkey foreign key (biz_id, assignee_id)
    references identity.members (biz_id, id),
  constraint maintenance_work_orders_verified_by_id_fkey foreign key (biz_id, verified_by_id)
    references identity.members (biz_id, id),
  constraint maintenance_work_orders_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint maintenance_work_orders_request_fkey foreign key (biz_id, request_type, request_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint maintenance_work_orders_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint maintenance_work_orders_title_check check (btrim(title) <> '' and length(title) <= 200),
  constraint maintenance_work_orders_description_check check (length(description) <= 10000),
  constraint maintenance_work_orders_vendor_name_check check (btrim(vendor_name) <> '' and length(vendor_name) <= 200),
  constraint maintenance_work_orders_checklist_check check (jsonb_typeof(checklist) = 'array'),
  constraint maintenance_work_orders_resolution_check check (length(resolution) <= 10000),
  constraint maintenance_work_orders_request_check check (num_nonnulls(request_type, request_id) in (0, 2)),
  constraint maintenance_work_orders_times_check check (ends_at > starts_at and num_nonnulls(starts_at, ends_at) in (0, 2)),
  constraint maintenance_work_orders_scheduled_check check (status in ('requested', 'triaged', 'cancelled') or starts_at is not null),
  constraint maintenance_work_orders_started_check check (status not in ('in_progress', 'on_hold', 'completed', 'verified', 'reopened') or started_at is not null),
  constraint maintenance_work_orders_completed_check check ((status in ('completed', 'verified')) = (completed_at is not null) and completed_at >= started_at),
  constraint maintenance_work_orders_verified_check check ((status = 'verified') = (verified_at is not null) and (verified_at is null) = (verified_by_id is null) and verified_at >= completed_at),
  constraint maintenance_work_orders_costs_check check (labour_cost_minor >= 0 and parts_cost_minor >= 0),
  constraint maintenance_work_orders_currency_check check (currency is not null or (labour_cost_minor = 0 and parts_cost_minor = 0)),
  constraint maintenance_work_orders_usage_check check (usage_value >= 0 and num_nonnulls(usage_metric, usage_value) in (0, 2)),
  constraint maintenance_work_orders_policy_check check (kind = 'corrective' or policy_id is not null)
);
comment on table resources.maintenance_work_orders is 'A piece of maintenance or repair of one resource, from asking for it to checking it. While it is open its time blocks the resource.';
comment on column resources.maintenance_work_orders.number is 'Number that staff use, such as WO-000123.';
comment on column resources.maintenance_work_orders.resource_id is 'What is maintained or repaired. Never changed.';
comment on column resources.maintenance_work_orders.location_id is 'The location of the resource when the order was made. Never changed.';
comment on column resources.maintenance_work_orders.policy_id is 'The maintenance policy it comes from; none where nobody planned it.';
comment on column resources.maintenance_work_orders.request_type is 'Entity type of what asked for it, such as MaintenanceRequest.';
comment on column resources.maintenance_work_orders.request_id is 'What asked for it.';
comment on column resources.maintenance_work_orders.kind is 'Why it exists.';
comment on column resources.maintenance_work_orders.priority is 'How urgent it is.';
comment on column resources.maintenance_work_orders.status is 'Where it stands.';
comment on column resources.maintenance_work_orders.title is 'What is to be done, in a line.';
comment on column resources.maintenance_work_orders.description is 'What is to be done, at length.';
comment on column resources.maintenance_work_orders.starts_at is 'When the work is planned to begin.';
comment on column resources.maintenance_work_orders.ends_at is 'When the work is planned to end, that instant not included.';
comment on column resources.maintenance_work_orders.period is 'From starts_at to ends_at, as a range.';
comment on column resources.maintenance_work_orders.blocks_resource is 'Whether the resource cannot be booked in that time.';
comment on column resources.maintenance_work_orders.due_on is 'Day by which it should be done.';
comment on column resources.maintenance_work_orders.assignee_id is 'Who does it.';
comment on column resources.maintenance_work_orders.vendor_name is 'Which firm does it, where it is given away.';
comment on column resources.maintenance_work_orders.started_at is 'When the work began.';
comment on column resources.maintenance_work_orders.completed_at is 'When the work was done; none while it is not, or was not good.';
comment on column resources.maintenance_work_orders.verified_at is 'When the work was found good.';
comment on column resources.maintenance_work_orders.verified_by_id is 'Who found it good.';
comment on column resources.maintenance_work_orders.labour_cost_minor is 'What the work cost, in minor units.';
comment on column resources.maintenance_work_orders.parts_cost_minor is 'What parts cost, in minor units.';
comment on column resources.maintenance_work_orders.cost_minor is 'What it cost altogether, in minor units.';
comment on column resources.maintenance_work_orders.currency is 'Currency of its costs.';
comment on column resources.maintenance_work_orders.usage_metric is 'Which counter was read when the work was done.';
comment on column resources.maintenance_work_orders.usage_value is 'Reading of that counter; the next maintenance by use counts from it.';
comment on column resources.maintenance_work_orders.checklist is 'What was to be checked, each with its result.';
comment on column resources.maintenance_work_orders.resolution is 'What was found and done.';
comment on constraint maintenance_work_orders_number_check on resources.maintenance_work_orders is 'A number is required, of 60 characters at most.';
comment on constraint maintenance_work_orders_title_check on resources.maintenance_work_orders is 'A title is required, of 200 characters at most.';
comment on constraint maintenance_work_orders_description_check on resources.maintenance_work_orders is 'The description has 10,000 characters at most.';
comment on constraint maintenance_work_orders_vendor_name_check on resources.maintenance_work_orders is 'A vendor name is not blank, and of 200 characters at most.';
comment on constraint maintenance_work_orders_checklist_check on resources.maintenance_work_orders is 'The checklist must be a JSON list.';
comment on constraint maintenance_work_orders_resolution_check on resources.maintenance_work_orders is 'The resolution has 10,000 characters at most.';
comment on constraint maintenance_work_orders_number_key on resources.maintenance_work_orders is 'Another work order has this number.';
comment on constraint maintenance_work_orders_request_fkey on resources.maintenance_work_orders is 'What asked for a work order must exist in this tenant.';
comment on constraint maintenance_work_orders_request_check on resources.maintenance_work_orders is 'What asked for a work order is named by its type and its id.';
comment on constraint maintenance_work_orders_times_check on resources.maintenance_work_orders is 'The planned time has a beginning and an end after it.';
comment on constraint maintenance_work_orders_scheduled_check on resources.maintenance_work_orders is 'What is scheduled has a time.';
comment on constraint maintenance_work_orders_started_check on resources.maintenance_work_orders is 'Work that began says when.';
comment on constraint maintenance_work_orders_completed_check on resources.maintenance_work_orders is 'Work that is done says when, not before it began, and no other does.';
comment on constraint maintenance_work_orders_verified_check on resources.maintenance_work_orders is 'Work that was found good says when and by whom, and no other does.';
comment on constraint maintenance_work_orders_costs_check on resources.maintenance_work_orders is 'Costs cannot be negative.';
comment on constraint maintenance_work_orders_currency_check on resources.maintenance_work_orders is 'A cost needs its currency.';
comment on constraint maintenance_work_orders_usage_check on resources.maintenance_work_orders is 'A reading is not negative, and says of which counter.';
comment on constraint maintenance_work_orders_policy_check on resources.maintenance_work_orders is 'Preventive work comes from a maintenance policy.';

create index maintenance_work_orders_location_id_open_idx on resources.maintenance_work_orders (biz_id, location_id, status, due_on, id) where status not in ('verified', 'cancelled');
create index maintenance_work_orders_resource_id_starts_at_idx on resources.maintenance_work_orders (biz_id, resource_id, starts_at, id);
create index maintenance_work_orders_assignee_id_open_idx on resources.maintenance_work_orders (biz_id, assignee_id, starts_at) where status not in ('verified', 'cancelled');
create index maintenance_work_orders_status_idx on resources.maintenance_work_orders (biz_id, status, id);

call core.install_table('resources.maintenance_work_orders', 'T', 'rswo', registrable => true);
create unique index maintenance_work_orders_policy_open_key on resources.maintenance_work_orders (biz_id, policy_id, resource_id) where policy_id is not null and status not in ('completed', 'verified', 'cancelled');
comment on index resources.maintenance_work_orders_policy_open_key is 'This maintenance of the resource is already under way.';

create trigger maintenance_work_orders_resource_immutable
  before update on resources.maintenance_work_orders
  for each row when ((old.resource_id, old.location_id) is distinct from (new.resource_id, new.location_id))
  execute function resources.refuse_update('maintenance_work_orders_resource_immutable_check', 'A work order stays with its resource and location; cancel it and make another.');
create trigger maintenance_work_orders_closed_immutable
  before update on resources.maintenance_work_orders
  for each row when (old.status in ('verified', 'cancelled') and new.status = old.status)
  execute function resources.refuse_update('maintenance_work_orders_closed_immutable_check', 'A work order that is verified or cancelled is not changed.');

create function resources.check_work_order_location() returns trigger
language plpgsql as $$
begin
  -- Held until the end of the transaction: the resource does not move to another location meanwhile.
  perform
  from resources.resources r
  where r.biz_id = new.biz_id
    and r.id = new.resource_id
    and r.location_id = new.location_id
  for share;

  if not found then
    raise exception using
      errcode = '23514',
      message = 'A work order is made for the location of its resource.',
      schema = tg_table_schema,
      table = tg_table_name,
      column = 'location_id',
      constraint = 'maintenance_work_orders_same_location_check';
  end if;
  return null;
end
$$;
comment on function resources.check_work_order_location() is 'Trigger: a new work order is made for the location of its resource.';

create constraint trigger maintenance_work_orders_same_location_check
  after insert on resources.maintenance_work_orders
  not deferrable
  for each row execute function resources.check_work_order_location();
comment on constraint maintenance_work_orders_same_location_check on resources.maintenance_work_orders is 'A work order is made for the location of its resource.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('work_order', 'requested', 'triaged', false),
  ('work_order', 'triaged', 'scheduled', false),
  ('work_order', 'scheduled', 'in_progress', false),
  ('work_order', 'in_progress', 'on_hold', true),
  ('work_order', 'on_hold', 'in_progress', false),
  ('work_order', 'on_hold', 'completed', false),
  ('work_order', 'in_progress', 'completed', false),
  ('work_order', 'completed', 'verified', false),
  ('work_order', 'completed', 'reopened', true),
  ('work_order', 'reopened', 'in_progress', false),
  ('work_order', 'requested', 'cancelled', true),
  ('work_order', 'triaged', 'cancelled', true),
  ('work_order', 'scheduled', 'cancelled', true);
call core.install_state_machine('resources.maintenance_work_orders', 'status', 'work_order');

-- condition_reports ---------------------------------------------------------------------------------------------------

create table resources.condition_reports (
  biz_id uuid not null,
  id uuid not null,
  resource_id uuid not null,
  context resources.condition_context not null,
  grade resources.condition_grade not null,
  note text not null default '',
  meter_readings jsonb not null default '{}',
  reporter_id uuid,
  source_type text,
  source_id uuid,
  reported_at timestamptz not null default now(),
  constraint condition_reports_pkey primary key (biz_id, id),
  constraint condition_reports_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint condition_reports_reporter_id_fkey foreign key (biz_id, reporter_id)
    references identity.members (biz_id, id),
  constraint condition_reports_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint condition_reports_note_check check (length(note) <= 10000),
  constraint condition_reports_meter_readings_check check (jsonb_typeof(meter_readings) = 'object'),
  constraint condition_reports_source_check check (num_nonnulls(source_type, source_id) in (0, 2))
);
comment on table resources.condition_reports is 'In which condition a resource was when it was handed out, came back, or was looked over: evidence, never changed.';
comment on column resources.condition_reports.resource_id is 'The resource.';
comment on column resources.condition_reports.context is 'On which occasion it was looked at.';
comment on column resources.condition_reports.grade is 'The condition it was in.';
comment on column resources.condition_reports.note is 'What was seen, such as a scratch on the left door.';
comment on column resources.condition_reports.meter_readings is 'Readings taken, such as {"odometer_m": 48211000, "fuel_percent": 75}.';
comment on column resources.condition_reports.reporter_id is 'The member who looked; none where the customer reported it.';
comment on column resources.condition_reports.source_type is 'Entity type of what it belongs to, such as FulfillmentUnit or MaintenanceWorkOrder.';
comment on column resources.condition_reports.source_id is 'What it belongs to: the booking that hands the resource out or takes it back, the work order it was inspected after.';
comment on column resources.condition_reports.reported_at is 'When it was looked at.';
comment on constraint condition_reports_note_check on resources.condition_reports is 'The note has 10,000 characters at most.';
comment on constraint condition_reports_meter_readings_check on resources.condition_reports is 'The meter readings must be a JSON object.';
comment on constraint condition_reports_source_fkey on resources.condition_reports is 'What a condition report belongs to must exist in this tenant.';
comment on constraint condition_reports_source_check on resources.condition_reports is 'What a condition report belongs to is named by its type and its id.';

create index condition_reports_resource_id_reported_at_idx on resources.condition_reports (biz_id, resource_id, reported_at, id);

call core.install_table('resources.condition_reports', 'J', 'rscr', registrable => true);

-- condition_report_media ----------------------------------------------------------------------------------------------

create table resources.condition_report_media (
  biz_id uuid not null,
  id uuid not null,
  report_id uuid not null,
  media_asset_id uuid not null,
  caption text not null default '',
  sort_order integer not null default 0,
  constraint condition_report_media_pkey primary key (biz_id, id),
  constraint condition_report_media_media_key unique (biz_id, report_id, media_asset_id),
  constraint condition_report_media_report_id_fkey foreign key (biz_id, report_id)
    references resources.condition_reports (biz_id, id),
  constraint condition_report_media_media_asset_id_fkey foreign key (biz_id, media_asset_id)
    references core.media_assets (biz_id, id),
  constraint condition_report_media_caption_check check (length(caption) <= 500)
);
comment on table resources.condition_report_media is 'A photo or document of a condition report. Like the report it is never taken away again.';
comment on column resources.condition_report_media.report_id is 'The report it belongs to.';
comment on column resources.condition_report_media.media_asset_id is 'The photo or document.';
comment on column resources.condition_report_media.caption is 'What it shows.';
comment on column resources.condition_report_media.sort_order is 'Place among those of the report, the lowest first.';
comment on constraint condition_report_media_caption_check on resources.condition_report_media is 'The caption has 500 characters at most.';
comment on constraint condition_report_media_media_key on resources.condition_report_media is 'The report already has this photo or document.';

call core.install_table('resources.condition_report_media', 'J', 'rsrm');

-- resource_swaps ------------------------------------------------------------------------------------------------------

create table resources.resource_swaps (
  biz_id uuid not null,
  id uuid not null,
  from_resource_id uuid not null,
  to_resource_id uuid not null,
  fulfillment_unit_type text,
  fulfillment_unit_id uuid,
  starts_at timestamptz not null,
  ends_at timestamptz,
  moved_count integer not null default 0,
  reason text not null,
  constraint resource_swaps_pkey primary key (biz_id, id),
  constraint resource_swaps_from_resource_id_fkey foreign key (biz_id, from_resource_id)
    references resources.resources (biz_id, id),
  constraint resource_swaps_to_resource_id_fkey foreign key (biz_id, to_resource_id)
    references resources.resources (biz_id, id),
  constraint resource_swaps_fulfillment_unit_fkey foreign key (biz_id, fulfillment_unit_type, fulfillment_unit_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint resource_swaps_reason_check check (btrim(reason) <> '' and length(reason) <= 2000),
  constraint resource_swaps_fulfillment_unit_check check (num_nonnulls(fulfillment_unit_type, fulfillment_unit_id) in (0, 2) and fulfillment_unit_type = 'FulfillmentUnit'),
  constraint resource_swaps_resources_check check (from_resource_id <> to_resource_id),
  constraint resource_swaps_times_check check (ends_at > starts_at),
  constraint resource_swaps_moved_count_check check (moved_count >= 0)
);
comment on table resources.resource_swaps is 'That one resource took the place of another for bookings to come: who or what was replaced, by what, and why.';
comment on column resources.resource_swaps.from_resource_id is 'The resource that gave up the place.';
comment on column resources.resource_swaps.to_resource_id is 'The resource that took the place.';
comment on column resources.resource_swaps.fulfillment_unit_type is 'Always FulfillmentUnit where one piece of work was moved; none where all of a time were.';
comment on column resources.resource_swaps.fulfillment_unit_id is 'The one piece of work that was moved; none where all of a time were.';
comment on column resources.resource_swaps.starts_at is 'From when on the other resource takes the place.';
comment on column resources.resource_swaps.ends_at is 'Until when, that instant not included; none means for good.';
comment on column resources.resource_swaps.moved_count is 'How many allocations moved.';
comment on column resources.resource_swaps.reason is 'Why.';
comment on constraint resource_swaps_reason_check on resources.resource_swaps is 'A reason is required, of 2,000 characters at most.';
comment on constraint resource_swaps_fulfillment_unit_fkey on resources.resource_swaps is 'Must be an existing fulfillment unit of this tenant.';
comment on constraint resource_swaps_fulfillment_unit_check on resources.resource_swaps is 'What was moved is a fulfillment unit, or all of a time.';
comment on constraint resource_swaps_resources_check on resources.resource_swaps is 'A resource does not take its own place.';
comment on constraint resource_swaps_times_check on resources.resource_swaps is 'The end must be after the start.';
comment on constraint resource_swaps_moved_count_check on resources.resource_swaps is 'The count cannot be negative.';

call core.install_table('resources.resource_swaps', 'J', 'rssw');
