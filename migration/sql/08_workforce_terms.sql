-- What policies say further: overtime by contract, and what becomes of a debt of leave. And what happens to people on
-- the roster is noted where it moves their rankings.

-- overtime by contract ------------------------------------------------------------------------------------------------

alter table workforce.overtime_policies
  add column is_by_contract boolean not null default false,
  drop constraint overtime_policies_thresholds_check,
  add constraint overtime_policies_thresholds_check check (
    (is_by_contract or num_nonnulls(daily_threshold_minutes, weekly_threshold_minutes) > 0)
    and daily_threshold_minutes between 0 and 1440 and weekly_threshold_minutes between 0 and 10080);
comment on column workforce.overtime_policies.is_by_contract is 'Whether the minutes of a person''s contract, or else of their schedule, are the threshold of the week; the one given here is for those of whom neither is known.';
comment on constraint overtime_policies_thresholds_check on workforce.overtime_policies is 'A policy has a threshold for the day, the week or both, within their lengths, or goes by the contract.';
call core.describe_table('workforce.overtime_policies');

-- debts of leave ------------------------------------------------------------------------------------------------------

alter table workforce.leave_policies
  add column encashes_debts boolean not null default false;
comment on column workforce.leave_policies.encashes_debts is 'Whether a balance below 0 at the end of a period is deducted from the pay; otherwise the next period begins with the debt.';
call core.describe_table('workforce.leave_policies');

-- A debt is taken over, or paid, by the entries by which leave is: with the other sign.
alter table workforce.leave_ledger_entries
  drop constraint leave_ledger_entries_minutes_check,
  add constraint leave_ledger_entries_minutes_check check (
    case
      when kind = 'taken_reversal' then minutes > 0
      when kind in ('carry_expiry', 'expiry', 'taken') then minutes < 0
      else minutes <> 0 end);
comment on constraint leave_ledger_entries_minutes_check on workforce.leave_ledger_entries is 'What is given back is positive, what is taken or expires is negative, and nothing is 0.';
call core.describe_table('workforce.leave_ledger_entries');

alter table workforce.leave_balances
  drop constraint leave_balances_parts_check,
  add constraint leave_balances_parts_check check (
    accrued_minutes >= 0 and taken_minutes >= 0 and reserved_minutes >= 0),
  drop constraint leave_balances_carried_taken_check,
  add constraint leave_balances_carried_taken_check check (
    carried_taken_minutes between 0 and greatest(0, least(carried_in_minutes, taken_minutes)));
comment on constraint leave_balances_parts_check on workforce.leave_balances is 'What came in, what is taken and what is reserved are not negative.';
comment on constraint leave_balances_carried_taken_check on workforce.leave_balances is 'No more of what was taken over is used than there is, or than was taken.';
comment on column workforce.leave_balances.carried_in_minutes is 'Minutes taken over from the period before; below 0 where that was a debt.';
comment on column workforce.leave_balances.carried_out_minutes is 'Minutes taken over into the next period; below 0 where that was a debt.';
comment on column workforce.leave_balances.encashed_minutes is 'Minutes paid out; below 0 where a debt was deducted from the pay.';
call core.describe_table('workforce.leave_balances');

-- rankings ------------------------------------------------------------------------------------------------------------

alter domain workforce.ranking_event_kind drop constraint ranking_event_kind_check;
alter domain workforce.ranking_event_kind add constraint ranking_event_kind_check check (value in (
  'completed', 'accepted', 'declined', 'expired', 'late', 'no_show', 'rated', 'requested', 'adjusted'));
comment on domain workforce.ranking_event_kind is 'What moved somebody up or down.
completed: Did what was asked.
accepted: Said yes.
declined: Said no.
expired: Did not answer in time.
late: Came late.
no_show: Did not come.
rated: Was rated by a customer.
requested: Was asked for by a customer.
adjusted: Moved by hand, with a reason.';
comment on constraint ranking_event_kind_check on domain workforce.ranking_event_kind is 'Unknown ranking event kind.';

-- Only what a profile weighs moves its scores.
create function workforce.note_ranking(in_biz uuid, about_staff uuid, what text, times integer) returns void
language sql as $$
  insert into workforce.ranking_events (biz_id, id, profile_id, subject_type, subject_id, kind, delta)
  select p.biz_id, core.uuid_v7(), p.id, 'Staff', about_staff, what, times * (p.weights ->> what)::numeric
  from workforce.ranking_profiles p
  where p.biz_id = in_biz
    and p.subject = 'staff'
    and p.is_active
    and p.deleted_at is null
    and jsonb_typeof(p.weights -> what) = 'number'
  order by p.id
$$;
comment on function workforce.note_ranking(uuid, uuid, text, integer) is
  'Notes for each profile of people in use that weighs it that something happened to somebody, so many times.';

create function workforce.note_offer_ranking() returns trigger
language plpgsql as $$
begin
  perform workforce.note_ranking(new.biz_id, new.staff_id, new.status, 1);
  return null;
end
$$;
comment on function workforce.note_offer_ranking() is 'Trigger: notes that somebody took, refused or did not answer an offer to stand in.';
create trigger substitution_offers_ranking
  after update of status on workforce.substitution_offers
  for each row when (old.status <> new.status and new.status in ('accepted', 'declined', 'expired'))
  execute function workforce.note_offer_ranking();
comment on trigger substitution_offers_ranking on workforce.substitution_offers is 'Notes what an answer does to rankings.';

create function workforce.note_shift_ranking() returns trigger
language plpgsql as $$
declare
  was_late constant integer := coalesce(old.actual_starts_at > old.planned_starts_at + interval '5 minutes', false)::integer;
  is_late constant integer := coalesce(new.actual_starts_at > new.planned_starts_at + interval '5 minutes', false)::integer;
begin
  if new.status in ('completed', 'no_show') and old.status <> new.status then
    perform workforce.note_ranking(new.biz_id, new.staff_id, new.status, 1);
  end if;
  -- A time that is put right takes the lateness back.
  if is_late <> was_late then
    perform workforce.note_ranking(new.biz_id, new.staff_id, 'late', is_late - was_late);
  end if;
  return null;
end
$$;
comment on function workforce.note_shift_ranking() is 'Trigger: notes that somebody worked a shift, came late to it, or did not come.';
create trigger staff_shifts_ranking
  after update of status, actual_starts_at on workforce.staff_shifts
  for each row when ((old.status, old.actual_starts_at) is distinct from (new.status, new.actual_starts_at))
  execute function workforce.note_shift_ranking();
comment on trigger staff_shifts_ranking on workforce.staff_shifts is 'Notes what work does to rankings.';
