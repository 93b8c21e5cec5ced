-- Operations: the service desk. What guests and customers ask for, and what is broken.

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain operations.service_request_channel as text constraint service_request_channel_check check (value in (
  'desk', 'phone', 'app', 'web', 'in_room', 'email', 'messaging', 'staff'));
comment on domain operations.service_request_channel is 'How a request came in.
desk: At the desk.
phone: By telephone.
app: In the app.
web: On the website.
in_room: By a device in the room.
email: By mail.
messaging: By a messenger.
staff: Staff noticed it themselves.';
comment on constraint service_request_channel_check on domain operations.service_request_channel is 'Unknown channel of a request.';

create domain operations.service_request_status as text constraint service_request_status_check check (value in (
  'new', 'acknowledged', 'in_progress', 'waiting_customer', 'resolved', 'reopened', 'closed', 'cancelled'));
comment on domain operations.service_request_status is 'Where a request stands.
new: Nobody has seen it yet.
acknowledged: Somebody has seen it.
in_progress: Somebody is seeing to it.
waiting_customer: The customer has to answer.
resolved: It is done, as we see it.
reopened: It was not done, as the customer sees it.
closed: It is done.
cancelled: It is not wanted any more.';
comment on constraint service_request_status_check on domain operations.service_request_status is 'Unknown status of a request.';

create domain operations.fault_severity as text constraint fault_severity_check check (value in (
  'low', 'medium', 'high', 'critical'));
comment on domain operations.fault_severity is 'How bad a fault is.
low: It does no harm.
medium: It is a nuisance.
high: Something cannot be used.
critical: Somebody may be hurt, or much be damaged.';
comment on constraint fault_severity_check on domain operations.fault_severity is 'Unknown severity of a fault.';

create domain operations.maintenance_request_status as text constraint maintenance_request_status_check check (value in (
  'reported', 'triaged', 'work_ordered', 'resolved', 'closed', 'rejected', 'duplicate'));
comment on domain operations.maintenance_request_status is 'Where the report of a fault stands.
reported: Somebody reported it.
triaged: Somebody looked at it.
work_ordered: There is a work order for it.
resolved: It is repaired, as we see it.
closed: It is repaired.
rejected: Nothing is wrong, or nothing is done.
duplicate: It was reported before.';
comment on constraint maintenance_request_status_check on domain operations.maintenance_request_status is 'Unknown status of a maintenance request.';

-- request_categories --------------------------------------------------------------------------------------------------

create table operations.request_categories (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  team text not null,
  default_priority operations.service_priority not null default 'normal',
  sla_policy_id uuid,
  is_public boolean not null default true,
  needs_resource boolean not null default false,
  sort_key text not null default '',
  constraint request_categories_pkey primary key (biz_id, id),
  constraint request_categories_sla_policy_id_fkey foreign key (biz_id, sla_policy_id)
    references operations.sla_policies (biz_id, id),
  constraint request_categories_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint request_categories_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint request_categories_team_check check (btrim(team) <> '' and length(team) <= 60),
  constraint request_categories_sort_key_check check (length(sort_key) <= 200)
);
comment on table operations.request_categories is 'A kind of request, with the team that sees to it and what is promised.';
comment on column operations.request_categories.code is 'Short name used in imports and integrations, unique among the categories in use.';
comment on column operations.request_categories.name is 'Name shown to staff and guests, such as Extra towels.';
comment on column operations.request_categories.team is 'The team that sees to it, such as housekeeping.';
comment on column operations.request_categories.default_priority is 'How urgent such a request is unless somebody says otherwise.';
comment on column operations.request_categories.sla_policy_id is 'The policy that holds for it instead of the default one.';
comment on column operations.request_categories.is_public is 'Whether guests may choose it themselves.';
comment on column operations.request_categories.needs_resource is 'Whether such a request says which room or thing it is about.';
comment on column operations.request_categories.sort_key is 'Text that lists order categories by.';
comment on constraint request_categories_code_check on operations.request_categories is 'A code is required, of 60 characters at most.';
comment on constraint request_categories_name_check on operations.request_categories is 'A name is required, of 200 characters at most.';
comment on constraint request_categories_team_check on operations.request_categories is 'A team is required, of 60 characters at most.';
comment on constraint request_categories_sort_key_check on operations.request_categories is 'The sort key has 200 characters at most.';

call core.install_table('operations.request_categories', 'M', 'oprc', registrable => true);
create unique index request_categories_code_key on operations.request_categories (biz_id, code) where deleted_at is null;
comment on index operations.request_categories_code_key is 'Another category has this code.';
create index request_categories_team_idx on operations.request_categories (biz_id, team, id);

-- service_requests ----------------------------------------------------------------------------------------------------

create table operations.service_requests (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  category_id uuid not null,
  location_id uuid not null,
  resource_id uuid,
  customer_id uuid,
  booking_order_id uuid,
  stay_id uuid,
  priority operations.service_priority not null default 'normal',
  channel operations.service_request_channel not null default 'desk',
  summary text not null,
  description text not null default '',
  status operations.service_request_status not null default 'new',
  assignee_id uuid,
  escalation_level smallint not null default 0,
  requested_at timestamptz not null default now(),
  acknowledged_at timestamptz,
  resolved_at timestamptz,
  closed_at timestamptz,
  reopened_count integer not null default 0,
  resolution text,
  rating smallint,
  rating_comment text,
  constraint service_requests_pkey primary key (biz_id, id),
  constraint service_requests_number_key unique (biz_id, number),
  constraint service_requests_category_id_fkey foreign key (biz_id, category_id)
    references operations.request_categories (biz_id, id),
  constraint service_requests_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint service_requests_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint service_requests_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint service_requests_booking_order_id_fkey foreign key (biz_id, booking_order_id)
    references booking.booking_orders (biz_id, id),
  constraint service_requests_stay_id_fkey foreign key (biz_id, stay_id)
    references hospitality.stays (biz_id, id),
  constraint service_requests_assignee_id_fkey foreign key (biz_id, assignee_id)
    references workforce.staff (biz_id, id),
  constraint service_requests_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint service_requests_summary_check check (btrim(summary) <> '' and length(summary) <= 200),
  constraint service_requests_description_check check (length(description) <= 10000),
  constraint service_requests_resolution_check check (btrim(resolution) <> '' and length(resolution) <= 10000),
  constraint service_requests_rating_comment_check check (btrim(rating_comment) <> '' and length(rating_comment) <= 2000),
  constraint service_requests_escalation_check check (escalation_level between 0 and 9 and reopened_count >= 0),
  constraint service_requests_acknowledged_check check (status in ('new', 'cancelled') or acknowledged_at is not null),
  constraint service_requests_resolved_check check ((status in ('resolved', 'closed')) = (resolved_at is not null)),
  constraint service_requests_closed_check check ((status = 'closed') = (closed_at is not null)),
  constraint service_requests_order_of_times_check check (
    acknowledged_at >= requested_at and resolved_at >= acknowledged_at and closed_at >= resolved_at),
  constraint service_requests_rating_check check (
    rating between 1 and 5 and (rating is null or resolved_at is not null) and (rating_comment is null or rating is not null))
);
comment on table operations.service_requests is 'Something that a guest or customer asks for, or complains about.';
comment on column operations.service_requests.number is 'Number that staff and guests use, such as SR-000123.';
comment on column operations.service_requests.category_id is 'What kind of request it is.';
comment on column operations.service_requests.location_id is 'The location that sees to it.';
comment on column operations.service_requests.resource_id is 'The room or thing it is about.';
comment on column operations.service_requests.customer_id is 'Who asked.';
comment on column operations.service_requests.booking_order_id is 'The order it belongs to.';
comment on column operations.service_requests.stay_id is 'The stay it belongs to.';
comment on column operations.service_requests.priority is 'How urgent it is.';
comment on column operations.service_requests.channel is 'How it came in.';
comment on column operations.service_requests.summary is 'What is wanted, in a line.';
comment on column operations.service_requests.description is 'What is wanted, at length.';
comment on column operations.service_requests.status is 'Where it stands.';
comment on column operations.service_requests.assignee_id is 'Who sees to it.';
comment on column operations.service_requests.escalation_level is 'How often it was passed up.';
comment on column operations.service_requests.requested_at is 'When it was asked.';
comment on column operations.service_requests.acknowledged_at is 'When somebody saw it.';
comment on column operations.service_requests.resolved_at is 'When it was done.';
comment on column operations.service_requests.closed_at is 'When it was closed.';
comment on column operations.service_requests.reopened_count is 'How often it was not done after all.';
comment on column operations.service_requests.resolution is 'What was done about it.';
comment on column operations.service_requests.rating is 'How the customer liked it, from 1 to 5 stars.';
comment on column operations.service_requests.rating_comment is 'What the customer said of it.';
comment on constraint service_requests_number_check on operations.service_requests is 'A number is required, of 60 characters at most.';
comment on constraint service_requests_summary_check on operations.service_requests is 'A summary is required, of 200 characters at most.';
comment on constraint service_requests_description_check on operations.service_requests is 'The description has 10,000 characters at most.';
comment on constraint service_requests_resolution_check on operations.service_requests is 'A resolution is not blank, and of 10,000 characters at most.';
comment on constraint service_requests_rating_comment_check on operations.service_requests is 'A comment is not blank, and of 2,000 characters at most.';
comment on constraint service_requests_number_key on operations.service_requests is 'Another request has this number.';
comment on constraint service_requests_escalation_check on operations.service_requests is 'A request is passed up 9 times at most, and counts are not negative.';
comment on constraint service_requests_acknowledged_check on operations.service_requests is 'What was seen says when.';
comment on constraint service_requests_resolved_check on operations.service_requests is 'A request that is done says when, and no other does.';
comment on constraint service_requests_closed_check on operations.service_requests is 'A closed request says when, and no other does.';
comment on constraint service_requests_order_of_times_check on operations.service_requests is 'It is seen after it was asked, done after it was seen, and closed after it was done.';
comment on constraint service_requests_rating_check on operations.service_requests is 'What is done is rated from 1 to 5.';

call core.install_table('operations.service_requests', 'T', 'opsr', registrable => true);
create index service_requests_location_id_requested_at_idx on operations.service_requests (biz_id, location_id, status, requested_at, id);
create index service_requests_category_id_open_idx on operations.service_requests (biz_id, category_id, priority, requested_at, id)
  where status not in ('closed', 'cancelled');
create index service_requests_assignee_id_open_idx on operations.service_requests (biz_id, assignee_id, requested_at)
  where status not in ('closed', 'cancelled');

create trigger service_requests_origin_immutable_check
  before update on operations.service_requests
  for each row when ((old.location_id, old.requested_at)
      is distinct from (new.location_id, new.requested_at))
  execute function availability.refuse_update('service_requests_origin_immutable_check', 'A request keeps where and when it was asked.');
comment on trigger service_requests_origin_immutable_check on operations.service_requests is 'A request keeps where and when it was asked.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('service_request', 'new', 'acknowledged', false),
  ('service_request', 'new', 'cancelled', true),
  ('service_request', 'acknowledged', 'in_progress', false),
  ('service_request', 'acknowledged', 'cancelled', true),
  ('service_request', 'in_progress', 'waiting_customer', false),
  ('service_request', 'in_progress', 'resolved', false),
  ('service_request', 'waiting_customer', 'in_progress', false),
  ('service_request', 'waiting_customer', 'resolved', false),
  ('service_request', 'resolved', 'closed', false),
  ('service_request', 'resolved', 'reopened', true),
  ('service_request', 'reopened', 'in_progress', false);
call core.install_state_machine('operations.service_requests', 'status', 'service_request');

-- maintenance_requests ------------------------------------------------------------------------------------------------

create table operations.maintenance_requests (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  location_id uuid not null,
  resource_id uuid,
  service_request_id uuid,
  reporter_id uuid,
  customer_id uuid,
  severity operations.fault_severity not null default 'medium',
  description text not null,
  blocks_resource boolean not null default false,
  status operations.maintenance_request_status not null default 'reported',
  work_order_id uuid,
  duplicate_of_id uuid,
  reported_at timestamptz not null default now(),
  resolved_at timestamptz,
  constraint maintenance_requests_pkey primary key (biz_id, id),
  constraint maintenance_requests_number_key unique (biz_id, number),
  constraint maintenance_requests_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint maintenance_requests_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint maintenance_requests_service_request_id_fkey foreign key (biz_id, service_request_id)
    references operations.service_requests (biz_id, id),
  constraint maintenance_requests_reporter_id_fkey foreign key (biz_id, reporter_id)
    references identity.members (biz_id, id),
  constraint maintenance_requests_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint maintenance_requests_work_order_id_fkey foreign key (biz_id, work_order_id)
    references resources.maintenance_work_orders (biz_id, id),
  constraint maintenance_requests_duplicate_of_id_fkey foreign key (biz_id, duplicate_of_id)
    references operations.maintenance_requests (biz_id, id),
  constraint maintenance_requests_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint maintenance_requests_description_check check (btrim(description) <> '' and length(description) <= 10000),
  constraint maintenance_requests_blocks_check check (not blocks_resource or resource_id is not null),
  constraint maintenance_requests_work_order_check check (status <> 'work_ordered' or work_order_id is not null),
  constraint maintenance_requests_duplicate_check check ((status = 'duplicate') = (duplicate_of_id is not null) and duplicate_of_id <> id),
  constraint maintenance_requests_resolved_check check ((status in ('resolved', 'closed')) = (resolved_at is not null) and resolved_at >= reported_at)
);
comment on table operations.maintenance_requests is 'That something is broken or worn. Repairing it is a work order of resources.';
comment on column operations.maintenance_requests.number is 'Number that staff use, such as MR-000123.';
comment on column operations.maintenance_requests.location_id is 'The location.';
comment on column operations.maintenance_requests.resource_id is 'What is broken.';
comment on column operations.maintenance_requests.service_request_id is 'The request of a guest that it comes from.';
comment on column operations.maintenance_requests.reporter_id is 'The member who reported it.';
comment on column operations.maintenance_requests.customer_id is 'The customer who reported it.';
comment on column operations.maintenance_requests.severity is 'How bad it is.';
comment on column operations.maintenance_requests.description is 'What is wrong.';
comment on column operations.maintenance_requests.blocks_resource is 'Whether it cannot be used until it is repaired.';
comment on column operations.maintenance_requests.status is 'Where it stands.';
comment on column operations.maintenance_requests.work_order_id is 'The work order that repairs it; another takes its place only when it was cancelled.';
comment on column operations.maintenance_requests.duplicate_of_id is 'The request by which it was reported before.';
comment on column operations.maintenance_requests.reported_at is 'When it was reported.';
comment on column operations.maintenance_requests.resolved_at is 'When it was repaired.';
comment on constraint maintenance_requests_number_check on operations.maintenance_requests is 'A number is required, of 60 characters at most.';
comment on constraint maintenance_requests_description_check on operations.maintenance_requests is 'A description is required, of 10,000 characters at most.';
comment on constraint maintenance_requests_number_key on operations.maintenance_requests is 'Another maintenance request has this number.';
comment on constraint maintenance_requests_blocks_check on operations.maintenance_requests is 'What cannot be used is named.';
comment on constraint maintenance_requests_work_order_check on operations.maintenance_requests is 'Work that was ordered has a work order.';
comment on constraint maintenance_requests_duplicate_check on operations.maintenance_requests is 'A duplicate names the other request, and nothing else does.';
comment on constraint maintenance_requests_resolved_check on operations.maintenance_requests is 'What is repaired says when, and nothing else does.';

call core.install_table('operations.maintenance_requests', 'T', 'opmr', registrable => true);
create unique index maintenance_requests_work_order_id_key on operations.maintenance_requests (biz_id, work_order_id)
  where work_order_id is not null;
comment on index operations.maintenance_requests_work_order_id_key is 'This work order already belongs to another request.';
create index maintenance_requests_location_id_status_idx on operations.maintenance_requests (biz_id, location_id, status, severity, reported_at, id);
create index maintenance_requests_resource_id_open_idx on operations.maintenance_requests (biz_id, resource_id, reported_at)
  where status not in ('closed', 'rejected', 'duplicate');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('maintenance_request', 'reported', 'triaged', false),
  ('maintenance_request', 'reported', 'rejected', true),
  ('maintenance_request', 'reported', 'duplicate', false),
  ('maintenance_request', 'triaged', 'work_ordered', false),
  ('maintenance_request', 'triaged', 'resolved', false),
  ('maintenance_request', 'triaged', 'duplicate', false),
  ('maintenance_request', 'triaged', 'rejected', true),
  ('maintenance_request', 'work_ordered', 'resolved', false),
  ('maintenance_request', 'work_ordered', 'triaged', true),
  ('maintenance_request', 'resolved', 'closed', false),
  ('maintenance_request', 'resolved', 'triaged', true);
call core.install_state_machine('operations.maintenance_requests', 'status', 'maintenance_request');
