-- given: calendars, overlays, holds, and people who wait
insert into availability.calendars (biz_id, id, code, name, kind, timezone)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-000000000001', 'hours', 'Opening hours', 'opening', 'Europe/Lisbon'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-000000000002', 'feasts', 'Holidays', 'holiday', 'Europe/Lisbon');
insert into availability.calendar_bindings (biz_id, id, calendar_id, subject_type, subject_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-000000000003', '00000000-0000-7007-8000-000000000001', 'Location', '00000000-0000-7000-8000-000000000011');
insert into availability.calendar_overlays (biz_id, id, calendar_id, name, starts_on, ends_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-000000000004', '00000000-0000-7007-8000-000000000001', 'Winter', '2027-11-01', '2028-03-01');
insert into availability.availability_rules (biz_id, id, calendar_id, rrule, local_start, local_end, starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-000000000005', '00000000-0000-7007-8000-000000000001', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', '09:00', '18:00', '2027-01-01');
insert into availability.booking_holds (biz_id, id, held_until)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-000000000011', '2099-01-01'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-000000000012', '2099-01-01'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-000000000013', '2099-01-01');
insert into availability.waitlist_entries (biz_id, id, customer_id, offer_id, location_id, starts_at, ends_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-000000000021', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000062', '00000000-0000-7000-8000-000000000011', '2027-05-01 08:00Z', '2027-05-02 08:00Z'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-000000000022', '00000000-0000-7000-8000-000000000032', '00000000-0000-7000-8000-000000000062', '00000000-0000-7000-8000-000000000011', '2027-05-01 08:00Z', '2027-05-02 08:00Z');
insert into availability.waitlist_offers (biz_id, id, waitlist_entry_id, hold_id, expires_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-000000000023', '00000000-0000-7007-8000-000000000021', '00000000-0000-7007-8000-000000000011', now() + interval '1 hour');
insert into availability.blocks (biz_id, id, resource_id, starts_at, ends_at, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-000000000031', '00000000-0000-7000-8000-000000000051', '2027-05-01 08:00Z', '2027-05-01 12:00Z', 'maintenance');
insert into availability.recurrence_series (biz_id, id, rrule, timezone, starts_on, local_start, duration_minutes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-000000000041', 'FREQ=WEEKLY;BYDAY=MO', 'Europe/Lisbon', '2027-01-04', '10:00', 60);
insert into availability.holidays (biz_id, id, calendar_id, holiday_on, name, kind)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-000000000051', '00000000-0000-7007-8000-000000000002', '2027-04-25', 'Freedom Day', 'full'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-000000000052', '00000000-0000-7007-8000-000000000002', '2027-12-24', 'Christmas Eve', 'half_pm');
insert into availability.external_busy (biz_id, id, resource_id, source, external_uid, starts_at, ends_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-000000000061', '00000000-0000-7000-8000-000000000053', 'google', 'x1', '2027-05-01 08:00Z', '2027-05-01 09:00Z');

-- allowed: a bar is open past midnight, and until the very end of the day
insert into availability.availability_rules (biz_id, id, calendar_id, local_start, local_end, crosses_midnight)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000001', '20:00', '03:00', true), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a2', '00000000-0000-7007-8000-000000000001', '08:00', '24:00', false);

-- allowed: an overlay has rules of its own, and a surge its price or capacity
insert into availability.availability_rules (biz_id, id, overlay_id, effect, capacity_delta)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000004', 'surge', 2);

-- refused availability_rules_parent_check: a rule belongs to a calendar or an overlay, not both
insert into availability.availability_rules (biz_id, id, calendar_id, overlay_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000001', '00000000-0000-7007-8000-000000000004');

-- refused availability_rules_times_check: a rule that does not cross midnight ends after it begins
insert into availability.availability_rules (biz_id, id, calendar_id, local_start, local_end)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000001', '20:00', '03:00');

-- refused availability_rules_surge_check: a surge says what surges
insert into availability.availability_rules (biz_id, id, calendar_id, effect)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000001', 'surge');

-- refused availability_rules_recurrence_check: every second week needs a first week
insert into availability.availability_rules (biz_id, id, calendar_id, rrule)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000001', 'FREQ=WEEKLY;INTERVAL=2');

-- refused recurrence_rule_check: a rule does not recur by the second
insert into availability.availability_rules (biz_id, id, calendar_id, rrule)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000001', 'FREQ=SECONDLY');

-- refused recurrence_rule_check: a rule ends by count or by date, not both
insert into availability.availability_rules (biz_id, id, calendar_id, rrule, starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000001', 'FREQ=DAILY;COUNT=3;UNTIL=20270101', '2027-01-01');

-- refused calendars_code_key: a code is given once
insert into availability.calendars (biz_id, id, code, name, kind, timezone)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', 'hours', 'Other hours', 'opening', 'UTC');

-- allowed: a subject follows a second calendar of another priority
insert into availability.calendar_bindings (biz_id, id, calendar_id, subject_type, subject_id, priority)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000002', 'Location', '00000000-0000-7000-8000-000000000011', 10);

-- refused calendar_bindings_no_overlap_excl: at one time a subject has one calendar of a priority
insert into availability.calendar_bindings (biz_id, id, calendar_id, subject_type, subject_id, starts_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000002', 'Location', '00000000-0000-7000-8000-000000000011', '2027-01-01Z');

-- refused calendar_bindings_times_check: a binding ends after it begins
insert into availability.calendar_bindings (biz_id, id, calendar_id, subject_type, subject_id, starts_at, ends_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000002', 'Location', '00000000-0000-7000-8000-000000000012', '2027-01-01Z', '2026-01-01Z');

-- refused calendar_bindings_subject_fkey: only what exists follows a calendar
insert into availability.calendar_bindings (biz_id, id, calendar_id, subject_type, subject_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000002', 'Location', '00000000-0000-7007-8000-0000000000ff');

-- race calendar_bindings_no_overlap_excl: eight bind a calendar to the same resource, one does
insert into availability.calendar_bindings (biz_id, id, calendar_id, subject_type, subject_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000b:n', '00000000-0000-7007-8000-000000000001', 'Resource', '00000000-0000-7000-8000-000000000051');

-- refused calendar_overlays_no_overlap_excl: two overlays of one priority do not hold on the same day
insert into availability.calendar_overlays (biz_id, id, calendar_id, name, starts_on, ends_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000001', 'Christmas', '2027-12-20', '2028-01-02');

-- allowed: an overlay of higher priority is laid on another
insert into availability.calendar_overlays (biz_id, id, calendar_id, name, starts_on, ends_on, priority)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000001', 'Christmas', '2027-12-20', '2028-01-02', 1);

-- allowed: the other half of a half holiday is one too
insert into availability.holidays (biz_id, id, calendar_id, holiday_on, name, kind)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000002', '2027-12-24', 'Shutdown', 'half_am');

-- refused holidays_no_overlap_excl: half of a full holiday is not another one
insert into availability.holidays (biz_id, id, calendar_id, holiday_on, name, kind)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000002', '2027-04-25', 'Shutdown', 'half_am');

-- allowed: a block takes the resource by an allocation and is lifted
insert into availability.allocations (biz_id, id, source_type, source_id, resource_id, exclusive, status,
  service_starts_at, service_ends_at, blocked_starts_at, blocked_ends_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', 'AvailabilityBlock', '00000000-0000-7007-8000-000000000031', '00000000-0000-7000-8000-000000000051', true, 'firm',
  '2027-05-01 08:00Z', '2027-05-01 12:00Z', '2027-05-01 08:00Z', '2027-05-01 12:00Z');
update availability.blocks set status = 'lifted', lifted_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000031';

-- refused blocks_target_check: a block is of a resource or a location
insert into availability.blocks (biz_id, id, starts_at, ends_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '2027-05-01 08:00Z', '2027-05-01 12:00Z');

-- refused blocks_target_immutable_check: a block stays with what it blocks
update availability.blocks set resource_id = '00000000-0000-7000-8000-000000000052' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000031';

-- refused blocks_lifted_check: a lifted block says when
update availability.blocks set status = 'lifted' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000031';

-- refused external_busy_entry_key: an outside entry is here once at each time
insert into availability.external_busy (biz_id, id, resource_id, source, external_uid, starts_at, ends_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7000-8000-000000000053', 'google', 'x1', '2027-05-01 08:00Z', '2027-05-01 09:00Z');

-- allowed: a search is explained, and stays so
insert into availability.resolution_runs (biz_id, id, subject_type, subject_id, candidates, offered, duration_ms)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', 'Offer', '00000000-0000-7000-8000-000000000062', 10, 2, 3);

-- refused resolution_runs_append_only_check: an explanation is not changed
insert into availability.resolution_runs (biz_id, id, subject_type, subject_id, candidates, offered, duration_ms)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', 'Offer', '00000000-0000-7000-8000-000000000062', 10, 2, 3);
set local role bizing_platform;
update availability.resolution_runs set offered = 3 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-0000000000a1';

-- allowed: who waits is offered a place and takes it
update availability.waitlist_entries set status = 'offered', offered_hold_id = '00000000-0000-7007-8000-000000000011' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000021';
update availability.waitlist_offers set status = 'accepted', answered_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000023';
update availability.waitlist_entries set status = 'accepted' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000021';

-- allowed: two wishes that exclude each other are alternatives
insert into availability.waitlist_entries (biz_id, id, customer_id, offer_id, location_id, starts_at, ends_at, alternative_to_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000062', '00000000-0000-7000-8000-000000000011', '2027-05-01 08:00Z', '2027-05-02 08:00Z', '00000000-0000-7007-8000-000000000021');

-- refused waitlist_entries_offer_no_overlap_excl: a customer waits once for an offer at a time
insert into availability.waitlist_entries (biz_id, id, customer_id, offer_id, location_id, starts_at, ends_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000062', '00000000-0000-7000-8000-000000000011', '2027-05-01 20:00Z', '2027-05-03 08:00Z');

-- race waitlist_entries_unit_type_no_overlap_excl: eight clicks make one entry
insert into availability.waitlist_entries (biz_id, id, customer_id, unit_type_id, location_id, starts_at, ends_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000c:n', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000045', '00000000-0000-7000-8000-000000000011', '2027-06-01 14:00Z', '2027-06-03 10:00Z');

-- refused waitlist_entries_wish_check: an entry is for one thing
insert into availability.waitlist_entries (biz_id, id, customer_id, location_id, starts_at, ends_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000011', '2027-05-01 20:00Z', '2027-05-03 08:00Z');

-- refused waitlist_entries_offered_hold_check: nothing is offered without a hold
update availability.waitlist_entries set status = 'offered' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000021';

-- refused waitlist_entries_offered_hold_id_key: a hold is offered to one customer
update availability.waitlist_entries set status = 'offered', offered_hold_id = '00000000-0000-7007-8000-000000000013' where biz_id = '00000000-0000-7000-8000-000000000001';

-- refused waitlist_entries_weekdays_check: a week has seven days
update availability.waitlist_entries set weekdays = '{8}' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000021';

-- refused waitlist_entries_wish_immutable_check: an entry keeps who waits
update availability.waitlist_entries set customer_id = '00000000-0000-7000-8000-000000000032' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000021';

-- refused waitlist_entries_status_transition_check: who waits has accepted nothing yet
update availability.waitlist_entries set status = 'accepted', offered_hold_id = '00000000-0000-7007-8000-000000000011' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000021';

-- refused waitlist_offers_waitlist_entry_id_key: one offer at a time is open to a customer
insert into availability.waitlist_offers (biz_id, id, waitlist_entry_id, hold_id, expires_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000021', '00000000-0000-7007-8000-000000000012', now() + interval '1 hour');

-- race waitlist_offers_hold_id_key: what came free is offered to one of those who wait
insert into availability.waitlist_entries (biz_id, id, customer_id, offer_id, location_id, starts_at, ends_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000d:n', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000062', '00000000-0000-7000-8000-000000000011', '2027-07-0:n 08:00Z', '2027-07-0:n 18:00Z');
insert into availability.waitlist_offers (biz_id, id, waitlist_entry_id, hold_id, expires_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000e:n', '00000000-0000-7007-8000-0000000000d:n', '00000000-0000-7007-8000-000000000012', now() + interval '1 hour');

-- refused waitlist_offers_in_time_check: an offer that has expired is not accepted
update availability.waitlist_offers set status = 'accepted', answered_at = expires_at where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000023';

-- refused waitlist_offers_offer_immutable_check: an offer keeps what it offers
update availability.waitlist_offers set hold_id = '00000000-0000-7007-8000-000000000013' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000023';

-- refused waitlist_offers_status_transition_check: an answer stands
update availability.waitlist_offers set status = 'declined', answered_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000023';
update availability.waitlist_offers set status = 'accepted' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000023';

-- allowed: one time of a series moves, another is cancelled, and the series pauses and goes on
insert into availability.series_exceptions (biz_id, id, series_id, original_starts_at, kind, moved_to_starts_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000041', '2027-01-11 10:00Z', 'moved', '2027-01-12 10:00Z');
insert into availability.series_exceptions (biz_id, id, series_id, original_starts_at, kind)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a2', '00000000-0000-7007-8000-000000000041', '2027-01-18 10:00Z', 'cancelled');
update availability.recurrence_series set status = 'paused' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000041';
update availability.recurrence_series set status = 'active' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000041';

-- refused series_exceptions_moved_check: what moves says to when
insert into availability.series_exceptions (biz_id, id, series_id, original_starts_at, kind)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000041', '2027-01-11 10:00Z', 'moved');

-- refused series_exceptions_series_immutable_check: an exception stays with its time
insert into availability.series_exceptions (biz_id, id, series_id, original_starts_at, kind)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000a1', '00000000-0000-7007-8000-000000000041', '2027-01-11 10:00Z', 'cancelled');
update availability.series_exceptions set original_starts_at = '2027-01-18 10:00Z' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-0000000000a1';

-- race series_exceptions_original_starts_at_key: a time of a series is changed once
insert into availability.series_exceptions (biz_id, id, series_id, original_starts_at, kind)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7007-8000-0000000000f:n', '00000000-0000-7007-8000-000000000041', '2027-02-01 10:00Z', 'cancelled');

-- refused recurrence_series_rule_check: the end of a series stands beside its rule
update availability.recurrence_series set rrule = 'FREQ=WEEKLY;COUNT=3' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000041';

-- refused recurrence_series_end_check: a series ends in one way
update availability.recurrence_series set ends_on = '2028-01-01', max_occurrences = 3 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000041';

-- refused recurrence_series_status_reason_check: a series is not called off without a reason
update availability.recurrence_series set status = 'cancelled' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000041';

-- refused blocks_status_transition_check: a block that was lifted stays lifted
update availability.blocks set status = 'lifted', lifted_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000031';
update availability.blocks set status = 'active', lifted_at = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7007-8000-000000000031';
