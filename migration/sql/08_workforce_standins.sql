-- Stand-ins: pools of people who can be called when a shift is left without its person, whom to ask in which order, and
-- that it is fair. Rankings serve stand-ins, resources and offers alike.

create domain workforce.substitution_reason as text constraint substitution_reason_check check (value in (
  'sick', 'leave', 'emergency', 'no_show', 'demand', 'other'));
comment on domain workforce.substitution_reason is 'Why a shift needs somebody else.
sick: The person is ill.
leave: The person is on leave.
emergency: Something came up at short notice.
no_show: The person did not come.
demand: More hands are needed than planned.
other: Another reason, in words.';
comment on constraint substitution_reason_check on domain workforce.substitution_reason is 'Unknown substitution reason.';

create domain workforce.substitution_request_status as text constraint substitution_request_status_check check (value in (
  'open', 'offering', 'filled', 'unfilled', 'cancelled'));
comment on domain workforce.substitution_request_status is 'Where the search for a stand-in stands.
open: Nobody was asked yet.
offering: People were asked.
filled: Somebody stands in.
unfilled: Nobody could.
cancelled: Nobody is needed any more.';
comment on constraint substitution_request_status_check on domain workforce.substitution_request_status is 'Unknown substitution request status.';

create domain workforce.substitution_offer_status as text constraint substitution_offer_status_check check (value in (
  'sent', 'accepted', 'declined', 'expired', 'withdrawn'));
comment on domain workforce.substitution_offer_status is 'Where an offer to stand in stands.
sent: The person was asked.
accepted: The person stands in.
declined: The person cannot.
expired: The person did not answer in time.
withdrawn: Somebody else was faster, or nobody is needed.';
comment on constraint substitution_offer_status_check on domain workforce.substitution_offer_status is 'Unknown substitution offer status.';

create domain workforce.ranking_subject as text constraint ranking_subject_check check (value in (
  'staff', 'resource', 'offer'));
comment on domain workforce.ranking_subject is 'What a profile ranks.
staff: People who work here.
resource: Resources.
offer: Offers.';
comment on constraint ranking_subject_check on domain workforce.ranking_subject is 'Unknown ranking subject.';

create domain workforce.ranking_event_kind as text constraint ranking_event_kind_check check (value in (
  'completed', 'accepted', 'declined', 'late', 'no_show', 'rated', 'requested', 'adjusted'));
comment on domain workforce.ranking_event_kind is 'What moved somebody up or down.
completed: Did what was asked.
accepted: Said yes.
declined: Said no.
late: Came late.
no_show: Did not come.
rated: Was rated by a customer.
requested: Was asked for by a customer.
adjusted: Moved by hand, with a reason.';
comment on constraint ranking_event_kind_check on domain workforce.ranking_event_kind is 'Unknown ranking event kind.';

-- substitution_pools --------------------------------------------------------------------------------------------------

create table workforce.substitution_pools (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  location_id uuid,
  offer_minutes integer not null default 30,
  simultaneous_offers smallint not null default 1,
  constraint substitution_pools_pkey primary key (biz_id, id),
  constraint substitution_pools_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint substitution_pools_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint substitution_pools_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint substitution_pools_offer_minutes_check check (offer_minutes between 1 and 10080),
  constraint substitution_pools_simultaneous_offers_check check (simultaneous_offers between 1 and 100)
);
comment on table workforce.substitution_pools is 'People who can stand in, for one kind of work.';
comment on column workforce.substitution_pools.code is 'Short name used in reports, unique among the pools in use.';
comment on column workforce.substitution_pools.name is 'Name shown to staff.';
comment on column workforce.substitution_pools.location_id is 'The location it serves; empty if all.';
comment on column workforce.substitution_pools.offer_minutes is 'For how many minutes an offer stands before the next person is asked.';
comment on column workforce.substitution_pools.simultaneous_offers is 'How many people are asked at a time.';
comment on constraint substitution_pools_code_check on workforce.substitution_pools is 'A code is required, of 60 characters at most.';
comment on constraint substitution_pools_name_check on workforce.substitution_pools is 'A name is required, of 200 characters at most.';
comment on constraint substitution_pools_offer_minutes_check on workforce.substitution_pools is 'An offer stands for between 1 minute and a week.';
comment on constraint substitution_pools_simultaneous_offers_check on workforce.substitution_pools is 'Between 1 and 100 people are asked at a time.';

call core.install_table('workforce.substitution_pools', 'M', 'wfpo', registrable => true);
create unique index substitution_pools_code_key on workforce.substitution_pools (biz_id, code)
  where deleted_at is null;
comment on index workforce.substitution_pools_code_key is 'Another pool has this code.';

-- substitution_pool_skills --------------------------------------------------------------------------------------------

create table workforce.substitution_pool_skills (
  biz_id uuid not null,
  pool_id uuid not null,
  capability_template_id uuid not null,
  constraint substitution_pool_skills_pkey primary key (biz_id, pool_id, capability_template_id),
  constraint substitution_pool_skills_pool_id_fkey foreign key (biz_id, pool_id)
    references workforce.substitution_pools (biz_id, id),
  constraint substitution_pool_skills_capability_template_id_fkey foreign key (biz_id, capability_template_id)
    references resources.capability_templates (biz_id, id)
);
comment on table workforce.substitution_pool_skills is 'That members of a pool must have a skill or licence when they stand in.';
comment on column workforce.substitution_pool_skills.pool_id is 'The pool.';
comment on column workforce.substitution_pool_skills.capability_template_id is 'The skill or licence.';

call core.install_table('workforce.substitution_pool_skills', 'L', null);

-- substitution_pool_members -------------------------------------------------------------------------------------------

create table workforce.substitution_pool_members (
  biz_id uuid not null,
  id uuid not null,
  pool_id uuid not null,
  staff_id uuid not null,
  priority integer not null default 100,
  starts_on date not null,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  constraint substitution_pool_members_pkey primary key (biz_id, id),
  constraint substitution_pool_members_pool_id_fkey foreign key (biz_id, pool_id)
    references workforce.substitution_pools (biz_id, id),
  constraint substitution_pool_members_staff_id_fkey foreign key (biz_id, staff_id)
    references workforce.staff (biz_id, id),
  constraint substitution_pool_members_priority_check check (priority between 0 and 10000),
  constraint substitution_pool_members_dates_check check (ends_on > starts_on)
);
comment on table workforce.substitution_pool_members is 'That somebody belongs to a pool of stand-ins, for some time or until further notice.';
comment on column workforce.substitution_pool_members.pool_id is 'The pool.';
comment on column workforce.substitution_pool_members.staff_id is 'Who.';
comment on column workforce.substitution_pool_members.priority is 'Lower ones are asked first; those alike in the order of fairness.';
comment on column workforce.substitution_pool_members.starts_on is 'First day.';
comment on column workforce.substitution_pool_members.ends_on is 'First day on which they no longer belong to it; none means until further notice.';
comment on column workforce.substitution_pool_members.period is 'From starts_on to ends_on, as a range.';
comment on constraint substitution_pool_members_priority_check on workforce.substitution_pool_members is 'A priority is between 0 and 10,000.';
comment on constraint substitution_pool_members_dates_check on workforce.substitution_pool_members is 'The end must be after the start.';

call core.install_table('workforce.substitution_pool_members', 'M', 'wfpm');
alter table workforce.substitution_pool_members add constraint substitution_pool_members_no_overlap_excl
  exclude using gist (
    biz_id with =, pool_id with =, staff_id with =, period with &&) where (deleted_at is null);
comment on constraint substitution_pool_members_no_overlap_excl on workforce.substitution_pool_members is 'The person already belongs to this pool at that time.';

-- substitution_requests -----------------------------------------------------------------------------------------------

create table workforce.substitution_requests (
  biz_id uuid not null,
  id uuid not null,
  shift_id uuid not null,
  absent_staff_id uuid not null,
  pool_id uuid,
  reason workforce.substitution_reason not null,
  note text,
  leave_request_id uuid,
  needed_by timestamptz not null,
  status workforce.substitution_request_status not null default 'open',
  replacement_shift_id uuid,
  constraint substitution_requests_pkey primary key (biz_id, id),
  constraint substitution_requests_absent_staff_id_id_key unique (biz_id, absent_staff_id, id),
  constraint substitution_requests_absent_staff_id_fkey foreign key (biz_id, absent_staff_id)
    references workforce.staff (biz_id, id),
  constraint substitution_requests_pool_id_fkey foreign key (biz_id, pool_id)
    references workforce.substitution_pools (biz_id, id),
  constraint substitution_requests_leave_request_id_fkey foreign key (biz_id, leave_request_id)
    references workforce.leave_requests (biz_id, id),
  constraint substitution_requests_replacement_shift_id_fkey foreign key (biz_id, replacement_shift_id)
    references workforce.staff_shifts (biz_id, id),
  constraint substitution_requests_shift_id_fkey foreign key (biz_id, absent_staff_id, shift_id)
    references workforce.staff_shifts (biz_id, staff_id, id),
  constraint substitution_requests_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint substitution_requests_note_other_check check (reason <> 'other' or note is not null),
  constraint substitution_requests_replacement_check check (
    (status = 'filled') = (replacement_shift_id is not null) and replacement_shift_id <> shift_id)
);
comment on table workforce.substitution_requests is 'The search for somebody who takes a shift that was left without its person.';
comment on column workforce.substitution_requests.shift_id is 'The shift.';
comment on column workforce.substitution_requests.absent_staff_id is 'Whose shift it was.';
comment on column workforce.substitution_requests.pool_id is 'The pool that is asked.';
comment on column workforce.substitution_requests.reason is 'Why.';
comment on column workforce.substitution_requests.note is 'Why, in words.';
comment on column workforce.substitution_requests.leave_request_id is 'The leave that is the reason, if any.';
comment on column workforce.substitution_requests.needed_by is 'When somebody must be found, at the latest.';
comment on column workforce.substitution_requests.status is 'Where it stands.';
comment on column workforce.substitution_requests.replacement_shift_id is 'The shift of whoever stands in.';
comment on constraint substitution_requests_note_check on workforce.substitution_requests is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint substitution_requests_absent_staff_id_id_key on workforce.substitution_requests is 'A search is for one person''s shift.';
comment on constraint substitution_requests_shift_id_fkey on workforce.substitution_requests is 'The shift must be one of the person who is away.';
comment on constraint substitution_requests_note_other_check on workforce.substitution_requests is 'Another reason is given in words.';
comment on constraint substitution_requests_replacement_check on workforce.substitution_requests is 'A filled request says by which other shift, and no other does.';

create unique index substitution_requests_open_key on workforce.substitution_requests (biz_id, shift_id)
  where status in ('open', 'offering');
comment on index workforce.substitution_requests_open_key is 'A stand-in for this shift is already being looked for.';
-- What is still open, the most urgent first.
create index substitution_requests_needed_by_idx on workforce.substitution_requests (biz_id, needed_by, id)
  where status in ('open', 'offering');

call core.install_table('workforce.substitution_requests', 'T', 'wfsr', registrable => true);

create trigger substitution_requests_shift_immutable
  before update on workforce.substitution_requests
  for each row when ((old.shift_id, old.absent_staff_id) is distinct from (new.shift_id, new.absent_staff_id))
  execute function availability.refuse_update(
    'substitution_requests_shift_immutable_check',
    'A search stays with its shift.');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('substitution_request', 'open', 'offering', false),
  ('substitution_request', 'open', 'unfilled', false),
  ('substitution_request', 'open', 'cancelled', false),
  ('substitution_request', 'offering', 'filled', false),
  ('substitution_request', 'offering', 'unfilled', false),
  ('substitution_request', 'offering', 'cancelled', false);
call core.install_state_machine('workforce.substitution_requests', 'status', 'substitution_request');

-- substitution_offers -------------------------------------------------------------------------------------------------

create table workforce.substitution_offers (
  biz_id uuid not null,
  id uuid not null,
  request_id uuid not null,
  absent_staff_id uuid not null,
  staff_id uuid not null,
  rank integer,
  offered_at timestamptz not null default now(),
  expires_at timestamptz not null,
  responded_at timestamptz,
  status workforce.substitution_offer_status not null default 'sent',
  note text,
  constraint substitution_offers_pkey primary key (biz_id, id),
  constraint substitution_offers_absent_staff_id_fkey foreign key (biz_id, absent_staff_id)
    references workforce.staff (biz_id, id),
  constraint substitution_offers_staff_id_fkey foreign key (biz_id, staff_id)
    references workforce.staff (biz_id, id),
  constraint substitution_offers_request_id_fkey foreign key (biz_id, absent_staff_id, request_id)
    references workforce.substitution_requests (biz_id, absent_staff_id, id),
  constraint substitution_offers_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint substitution_offers_people_check check (staff_id <> absent_staff_id),
  constraint substitution_offers_rank_check check (rank >= 1),
  constraint substitution_offers_expires_at_check check (expires_at > offered_at),
  constraint substitution_offers_responded_check check (
    (status in ('accepted', 'declined')) = (responded_at is not null)),
  constraint substitution_offers_in_time_check check (status <> 'accepted' or responded_at <= expires_at)
);
comment on table workforce.substitution_offers is 'That somebody was asked to stand in.';
comment on column workforce.substitution_offers.request_id is 'The request for a stand-in.';
comment on column workforce.substitution_offers.absent_staff_id is 'Whose shift it was, as the request says.';
comment on column workforce.substitution_offers.staff_id is 'Who was asked.';
comment on column workforce.substitution_offers.rank is 'Their place in the order at that time, from 1.';
comment on column workforce.substitution_offers.offered_at is 'When they were asked.';
comment on column workforce.substitution_offers.expires_at is 'When the offer no longer stands.';
comment on column workforce.substitution_offers.responded_at is 'When they answered.';
comment on column workforce.substitution_offers.status is 'Where it stands.';
comment on column workforce.substitution_offers.note is 'What they answered, in words.';
comment on constraint substitution_offers_note_check on workforce.substitution_offers is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint substitution_offers_request_id_fkey on workforce.substitution_offers is 'The request must be one for this person''s shift.';
comment on constraint substitution_offers_people_check on workforce.substitution_offers is 'Nobody stands in for themselves.';
comment on constraint substitution_offers_rank_check on workforce.substitution_offers is 'A rank is at least 1.';
comment on constraint substitution_offers_expires_at_check on workforce.substitution_offers is 'An offer stands for a while.';
comment on constraint substitution_offers_responded_check on workforce.substitution_offers is 'An answered offer says when, and no other does.';
comment on constraint substitution_offers_in_time_check on workforce.substitution_offers is 'An offer that has expired is not accepted.';

create unique index substitution_offers_accepted_key on workforce.substitution_offers (biz_id, request_id)
  where status = 'accepted';
comment on index workforce.substitution_offers_accepted_key is 'Somebody else already stands in.';
create unique index substitution_offers_live_key on workforce.substitution_offers (biz_id, request_id, staff_id)
  where status in ('sent', 'accepted');
comment on index workforce.substitution_offers_live_key is 'This person is already asked.';
-- What is about to expire; what a person was asked.
create index substitution_offers_expires_at_idx on workforce.substitution_offers (biz_id, expires_at, id)
  where status = 'sent';
create index substitution_offers_staff_id_offered_at_idx
  on workforce.substitution_offers (biz_id, staff_id, offered_at, id);

call core.install_table('workforce.substitution_offers', 'T', 'wfso', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('substitution_offer', 'sent', 'accepted', false),
  ('substitution_offer', 'sent', 'declined', false),
  ('substitution_offer', 'sent', 'expired', false),
  ('substitution_offer', 'sent', 'withdrawn', false);
call core.install_state_machine('workforce.substitution_offers', 'status', 'substitution_offer');

create function workforce.check_substitution() returns trigger
language plpgsql as $$
declare
  wanted uuid;
  is_filled boolean;
begin
  if tg_table_name = 'substitution_requests' then
    wanted := new.id;
  else
    wanted := new.request_id;
  end if;

  -- The lock lets only one of an acceptance and a cancellation pass: the other sees it.
  select r.status = 'filled'
  into is_filled
  from workforce.substitution_requests r
  where r.biz_id = new.biz_id
    and r.id = wanted
  for no key update;

  if is_filled <> exists (
    select
    from workforce.substitution_offers o
    where o.biz_id = new.biz_id
      and o.request_id = wanted
      and o.status = 'accepted'
  ) then
    raise exception using
      errcode = '23514',
      message = 'A request is filled exactly when an offer was accepted.',
      schema = 'workforce',
      table = 'substitution_requests',
      column = 'status',
      constraint = 'substitution_requests_filled_check';
  end if;
  return null;
end
$$;
comment on function workforce.check_substitution() is 'Trigger: a request is filled exactly when one of its offers was accepted.';
create constraint trigger substitution_requests_filled_check
  after insert or update of status on workforce.substitution_requests
  deferrable initially deferred
  for each row execute function workforce.check_substitution();
comment on constraint substitution_requests_filled_check on workforce.substitution_requests is 'A request is filled exactly when an offer was accepted.';
create constraint trigger substitution_offers_filled_check
  after insert or update of status on workforce.substitution_offers
  deferrable initially deferred
  for each row execute function workforce.check_substitution();
comment on constraint substitution_offers_filled_check on workforce.substitution_offers is 'A request is filled exactly when an offer was accepted.';

-- substitution_fairness_counters --------------------------------------------------------------------------------------

create table workforce.substitution_fairness_counters (
  biz_id uuid not null,
  id uuid not null,
  pool_id uuid not null,
  staff_id uuid not null,
  starts_on date not null,
  ends_on date not null,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  offered integer not null default 0,
  accepted integer not null default 0,
  declined integer not null default 0,
  expired integer not null default 0,
  last_offered_at timestamptz,
  constraint substitution_fairness_counters_pkey primary key (biz_id, id),
  constraint substitution_fairness_counters_pool_id_fkey foreign key (biz_id, pool_id)
    references workforce.substitution_pools (biz_id, id),
  constraint substitution_fairness_counters_staff_id_fkey foreign key (biz_id, staff_id)
    references workforce.staff (biz_id, id),
  constraint substitution_fairness_counters_dates_check check (ends_on > starts_on),
  constraint substitution_fairness_counters_counts_check check (
    offered >= 0 and accepted >= 0 and declined >= 0 and expired >= 0 and accepted + declined + expired <= offered),
  constraint substitution_fairness_counters_no_overlap_excl exclude using gist (
    biz_id with =, pool_id with =, staff_id with =, period with &&)
);
comment on table workforce.substitution_fairness_counters is 'How often somebody of a pool was asked over some time, and what they said; whoever was asked least comes first.';
comment on column workforce.substitution_fairness_counters.pool_id is 'The pool.';
comment on column workforce.substitution_fairness_counters.staff_id is 'Who.';
comment on column workforce.substitution_fairness_counters.starts_on is 'First day that is counted.';
comment on column workforce.substitution_fairness_counters.ends_on is 'First day that is no longer counted.';
comment on column workforce.substitution_fairness_counters.period is 'From starts_on to ends_on, as a range.';
comment on column workforce.substitution_fairness_counters.offered is 'How often they were asked.';
comment on column workforce.substitution_fairness_counters.accepted is 'How often they stood in.';
comment on column workforce.substitution_fairness_counters.declined is 'How often they could not.';
comment on column workforce.substitution_fairness_counters.expired is 'How often they did not answer.';
comment on column workforce.substitution_fairness_counters.last_offered_at is 'When they were last asked.';
comment on constraint substitution_fairness_counters_dates_check on workforce.substitution_fairness_counters is 'The end must be after the start.';
comment on constraint substitution_fairness_counters_counts_check on workforce.substitution_fairness_counters is 'No count is negative, and nobody answers more often than they were asked.';
comment on constraint substitution_fairness_counters_no_overlap_excl on workforce.substitution_fairness_counters is 'This person is already counted for some of these days.';

-- Whom to ask next.
create index substitution_fairness_counters_pool_id_offered_idx
  on workforce.substitution_fairness_counters (biz_id, pool_id, starts_on, offered, staff_id);

call core.install_table('workforce.substitution_fairness_counters', 'T', 'wffc');

-- ranking_profiles ----------------------------------------------------------------------------------------------------

create table workforce.ranking_profiles (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  subject workforce.ranking_subject not null,
  weights jsonb not null default '{}',
  formula_version integer not null default 1,
  is_active boolean not null default true,
  constraint ranking_profiles_pkey primary key (biz_id, id),
  constraint ranking_profiles_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint ranking_profiles_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint ranking_profiles_weights_check check (jsonb_typeof(weights) = 'object'),
  constraint ranking_profiles_formula_version_check check (formula_version >= 1)
);
comment on table workforce.ranking_profiles is 'How people, resources or offers are put in order: what counts, and how much.';
comment on column workforce.ranking_profiles.code is 'Short name, unique among the profiles in use.';
comment on column workforce.ranking_profiles.name is 'Name shown to staff.';
comment on column workforce.ranking_profiles.subject is 'What it ranks.';
comment on column workforce.ranking_profiles.weights is 'How much each factor counts, by its name, such as {"rating": 3, "distance": -1}.';
comment on column workforce.ranking_profiles.formula_version is 'Which formula reckons the scores; those of an older one are reckoned anew.';
comment on column workforce.ranking_profiles.is_active is 'Whether scores are kept up to date.';
comment on constraint ranking_profiles_code_check on workforce.ranking_profiles is 'A code is required, of 60 characters at most.';
comment on constraint ranking_profiles_name_check on workforce.ranking_profiles is 'A name is required, of 200 characters at most.';
comment on constraint ranking_profiles_weights_check on workforce.ranking_profiles is 'Weights are a JSON object.';
comment on constraint ranking_profiles_formula_version_check on workforce.ranking_profiles is 'Versions begin at 1.';

call core.install_table('workforce.ranking_profiles', 'M', 'wfrp', registrable => true);
create unique index ranking_profiles_code_key on workforce.ranking_profiles (biz_id, code) where deleted_at is null;
comment on index workforce.ranking_profiles_code_key is 'Another profile has this code.';

-- ranking_scores ------------------------------------------------------------------------------------------------------

create table workforce.ranking_scores (
  biz_id uuid not null,
  id uuid not null,
  profile_id uuid not null,
  subject_type text not null,
  subject_id uuid not null,
  score numeric(18,6) not null,
  formula_version integer not null,
  explained jsonb not null default '{}',
  computed_at timestamptz not null default now(),
  constraint ranking_scores_pkey primary key (biz_id, id),
  constraint ranking_scores_subject_key unique (biz_id, profile_id, subject_type, subject_id),
  constraint ranking_scores_profile_id_fkey foreign key (biz_id, profile_id)
    references workforce.ranking_profiles (biz_id, id),
  constraint ranking_scores_subject_fkey foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint ranking_scores_subject_type_check check (subject_type in ('Staff', 'Resource', 'Offer')),
  constraint ranking_scores_formula_version_check check (formula_version >= 1),
  constraint ranking_scores_explained_check check (jsonb_typeof(explained) = 'object')
);
comment on table workforce.ranking_scores is 'What somebody or something came to under a profile, and why.';
comment on column workforce.ranking_scores.profile_id is 'The profile.';
comment on column workforce.ranking_scores.subject_type is 'Who or what: Staff, Resource or Offer.';
comment on column workforce.ranking_scores.subject_id is 'Which one: its id.';
comment on column workforce.ranking_scores.score is 'The higher, the further up.';
comment on column workforce.ranking_scores.formula_version is 'The formula by which it was reckoned.';
comment on column workforce.ranking_scores.explained is 'What each factor contributed, by its name.';
comment on column workforce.ranking_scores.computed_at is 'When it was reckoned.';
comment on constraint ranking_scores_subject_fkey on workforce.ranking_scores is 'What it is about must exist in this tenant.';
comment on constraint ranking_scores_subject_key on workforce.ranking_scores is 'This already has a score under the profile.';
comment on constraint ranking_scores_subject_type_check on workforce.ranking_scores is 'Only staff, resources and offers are ranked.';
comment on constraint ranking_scores_formula_version_check on workforce.ranking_scores is 'Versions begin at 1.';
comment on constraint ranking_scores_explained_check on workforce.ranking_scores is 'An explanation is a JSON object.';

create index ranking_scores_profile_id_score_idx on workforce.ranking_scores (biz_id, profile_id, score desc, id);

call core.install_table('workforce.ranking_scores', 'T', 'wfrs');

-- ranking_events ------------------------------------------------------------------------------------------------------

create table workforce.ranking_events (
  biz_id uuid not null,
  id uuid not null,
  profile_id uuid not null,
  subject_type text not null,
  subject_id uuid not null,
  kind workforce.ranking_event_kind not null,
  delta numeric(18,6) not null,
  note text,
  constraint ranking_events_pkey primary key (biz_id, id),
  constraint ranking_events_profile_id_fkey foreign key (biz_id, profile_id)
    references workforce.ranking_profiles (biz_id, id),
  constraint ranking_events_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint ranking_events_subject_type_check check (subject_type in ('Staff', 'Resource', 'Offer')),
  constraint ranking_events_note_adjusted_check check (kind <> 'adjusted' or note is not null)
);
comment on table workforce.ranking_events is 'Something that moved a score.';
comment on column workforce.ranking_events.profile_id is 'The profile.';
comment on column workforce.ranking_events.subject_type is 'Who or what: Staff, Resource or Offer.';
comment on column workforce.ranking_events.subject_id is 'Which one: its id. No foreign key, as the journal outlives what it is about.';
comment on column workforce.ranking_events.kind is 'What happened.';
comment on column workforce.ranking_events.delta is 'By how much the score moved.';
comment on column workforce.ranking_events.note is 'Why, in words.';
comment on constraint ranking_events_note_check on workforce.ranking_events is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint ranking_events_subject_type_check on workforce.ranking_events is 'Only staff, resources and offers are ranked.';
comment on constraint ranking_events_note_adjusted_check on workforce.ranking_events is 'Moving by hand needs a reason.';

call core.install_table('workforce.ranking_events', 'J', 'wfre');
create index ranking_events_subject_idx
  on workforce.ranking_events (biz_id, profile_id, subject_type, subject_id, created_at, id);
