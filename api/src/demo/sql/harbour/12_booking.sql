-- Others may use: quote/1 .. quote/9 (draft, sent, sent, converted, rejected, expired, withdrawn, accepted, sent instead of 7);
-- pickup/<n> (fulfilment units of transfers), obligation/<n>.

-- Rules by which bookings are taken.
insert into booking.booking_policies (biz_id, id, name, location_id, offer_id, auto_confirm, approval_timeout_minutes, hold_minutes, no_show_grace_minutes, reschedule_limit, reschedule_cutoff_minutes, max_active_per_customer, is_group_split_allowed)
select pg_temp.biz(), pg_temp.id('booking-policy/' || v.n), v.name, pg_temp.location(v.location), o.id, v.confirm, v.approval, v.hold, v.grace, v.moves, v.cutoff, v.most, v.split
from (values
  (1, 'All bookings', null, null, true, null::integer, 15, 15, 3, 1440, null::integer, false),
  (2, 'Hotel Lisbon', 'LIS', null, true, null, 30, 720, 2, 1440, null, true),
  (3, 'Hotel Cascais', 'CAS', null, true, null, 30, 720, 2, 1440, null, true),
  (4, 'Spa', 'SPA', null, true, null, 10, 15, 2, 240, 4, false),
  (5, 'Day trip, asked for', null, 'sintra-day', false, 720, 60, 20, 1, 720, 2, true),
  (6, 'Massage for two', 'SPA', 'couples-80', false, 240, 30, 15, 1, 720, 1, true)
) v (n, name, location, offer, confirm, approval, hold, grace, moves, cutoff, most, split)
left join catalog.offers o on o.biz_id = pg_temp.biz() and o.code = v.offer;

-- Features added to stays that are to come.
with chosen as (
  select o.*, row_number() over (order by o.number desc) as n from booking.booking_orders o
  where o.biz_id = pg_temp.biz() and o.kind = 'stay' and o.status = 'confirmed' and o.discount_minor = 0 order by o.number desc limit 12
)
insert into booking.booking_features (biz_id, id, order_id, feature_id, feature_price_id, name, calculation, value, units, days, amount_minor, currency, voided_at)
select c.biz_id, pg_temp.id('booking-feature/' || c.number || '/' || f.code), c.id, f.id, p.id, p.name, p.calculation, p.value, 1, c.check_out_on - c.check_in_on,
  case p.calculation when 'percent_of_base' then round(c.base_minor * p.value / 100) else round(p.value * 100) * (c.check_out_on - c.check_in_on) end, 'EUR', case when c.n = 9 then now() end
from chosen c
join core.features f on f.biz_id = c.biz_id and f.deleted_at is null and (f.code = 'parking' or (f.code = 'pets' and c.n % 4 = 0) or (f.code = 'ev-charging' and c.n % 3 = 0))
join pricing.feature_prices p on p.biz_id = f.biz_id and p.feature_id = f.id and not p.is_promotional and (p.location_id is null or p.location_id = c.location_id);
update booking.booking_orders o
set features_minor = f.amount_minor, total_minor = o.total_minor + f.amount_minor
from (select x.order_id, sum(x.amount_minor) as amount_minor from booking.booking_features x where x.biz_id = pg_temp.biz() and x.voided_at is null group by x.order_id) f
where o.biz_id = pg_temp.biz() and o.id = f.order_id;

-- Stays that friends share, and what each of them owes.
create temporary table demo_split on commit drop as
select p.biz_id, p.order_id, p.id as participant_id, o.number, o.currency, o.total_minor / 3 as amount_minor, o.total_minor,
  (array['pending', 'partially_paid', 'paid', 'overdue', 'waived', 'cancelled', 'transferred', 'pending', 'paid', 'overdue'])[row_number() over (order by o.number)] as status, row_number() over (order by o.number) as n
from (select distinct on (b.order_id) b.* from booking.booking_participants b where b.biz_id = pg_temp.biz() and b.role = 'guest' and b.cancelled_at is null order by b.order_id, b.id) p
join booking.booking_orders o on o.biz_id = p.biz_id and o.id = p.order_id and o.kind = 'stay' and o.status = 'confirmed' and o.features_minor = 0 and o.discount_minor = 0 and o.total_minor > 30000
order by o.number limit 10;
insert into booking.participant_obligations (biz_id, id, order_id, participant_id, amount_minor, paid_minor, currency, due_at, status, reminded_at)
select d.biz_id, pg_temp.id('obligation/' || d.n), d.order_id, d.participant_id, d.amount_minor, case d.status when 'partially_paid' then d.amount_minor / 2 when 'paid' then d.amount_minor else 0 end, d.currency,
  pg_temp.at(case d.status when 'overdue' then -2 else 9 end, '23:59'), d.status, case when d.status in ('overdue', 'pending') then pg_temp.at(-1, '10:00') end
from demo_split d;
insert into booking.participant_obligations (biz_id, id, order_id, participant_id, amount_minor, currency, due_at, transferred_from_id)
select d.biz_id, pg_temp.id('obligation/' || d.n || '/taken'), d.order_id, p.id, d.amount_minor, d.currency, pg_temp.at(9, '23:59'), pg_temp.id('obligation/' || d.n)
from demo_split d
join lateral (select b.id from booking.booking_participants b where b.biz_id = d.biz_id and b.order_id = d.order_id and b.id <> d.participant_id and b.cancelled_at is null order by b.role, b.id limit 1) p on true
where d.status = 'transferred';
insert into booking.participant_obligation_events (biz_id, id, obligation_id, kind, occurred_at, amount_minor, currency, note)
select d.biz_id, pg_temp.id('obligation-event/' || d.n || '/' || e.kind), pg_temp.id('obligation/' || d.n), e.kind, pg_temp.at(e.day, '10:30'), e.amount_minor, d.currency, e.note
from demo_split d
cross join lateral (values
  ('created', -8, d.amount_minor, null, true), ('reminded', -1, 0, 'By mail.', d.status in ('pending', 'overdue')), ('overdue', -1, d.amount_minor, null, d.status = 'overdue'),
  ('paid', -3, case d.status when 'partially_paid' then d.amount_minor / 2 + 1000 when 'cancelled' then d.amount_minor else d.amount_minor end, 'By card, from the link.', d.status in ('partially_paid', 'paid', 'cancelled')),
  ('refunded', -2, case d.status when 'partially_paid' then 1000 else d.amount_minor end, 'Paid too much.', d.status in ('partially_paid', 'cancelled')),
  ('waived', -2, d.amount_minor, 'The birthday child does not pay.', d.status = 'waived'), ('transferred', -2, d.amount_minor, 'A friend takes it over.', d.status = 'transferred')
) e (kind, day, amount_minor, note, happened)
where e.happened;
update booking.booking_orders o
set organiser_share_minor = o.total_minor - s.amount_minor
from (
  select d.order_id, coalesce(sum(b.amount_minor) filter (where b.status not in ('cancelled', 'transferred')), 0) as amount_minor
  from demo_split d join booking.participant_obligations b on b.biz_id = d.biz_id and b.order_id = d.order_id group by d.order_id
) s
where o.biz_id = pg_temp.biz() and o.id = s.order_id;

-- Transfers that go with stays: more work on their lines, in order, with who drives.
create temporary table demo_pickup on commit drop as
select l.biz_id, l.id as line_id, o.location_id, o.number, o.starts_at, o.status as order_status, u.id as stay_unit_id, row_number() over (partition by o.status order by o.starts_at desc, o.number) as n
from booking.booking_orders o
join booking.booking_order_lines l on l.biz_id = o.biz_id and l.order_id = o.id and l.line_no = 1
join booking.fulfillment_units u on u.biz_id = l.biz_id and u.order_line_id = l.id and u.sequence = 1
where o.biz_id = pg_temp.biz() and o.kind = 'stay' and o.status in ('confirmed', 'completed') and right(o.number, 1) in ('4', '7');
insert into booking.fulfillment_units (biz_id, id, order_line_id, location_id, kind, sequence, status, planned_starts_at, planned_ends_at, actual_starts_at, actual_ends_at, due_at, priority)
select d.biz_id, pg_temp.id('pickup/' || d.number), d.line_id, d.location_id, 'pickup', 2,
  case when d.order_status = 'completed' then case when d.n % 5 = 0 then 'cancelled' else 'verified' end else (array['planned', 'ready', 'assigned', 'planned', 'failed'])[1 + d.n % 5] end,
  d.starts_at - interval '90 minutes', d.starts_at - interval '45 minutes', case when d.order_status = 'completed' and d.n % 5 <> 0 then d.starts_at - interval '85 minutes' end, case when d.order_status = 'completed' and d.n % 5 <> 0 then d.starts_at - interval '40 minutes' end,
  d.starts_at, 1
from demo_pickup d;
insert into booking.fulfillment_units (biz_id, id, order_line_id, location_id, kind, sequence, status, planned_starts_at, planned_ends_at, due_at)
select d.biz_id, pg_temp.id('luggage/' || d.number), d.line_id, d.location_id, 'delivery', 3, 'planned', d.starts_at + interval '10 minutes', d.starts_at + interval '30 minutes', d.starts_at + interval '1 hour'
from demo_pickup d where d.order_status = 'confirmed';
insert into booking.fulfillment_dependencies (biz_id, predecessor_id, successor_id, kind, lag_minutes)
select d.biz_id, pg_temp.id('pickup/' || d.number), pg_temp.id('luggage/' || d.number), 'finish_start', 5 from demo_pickup d where d.order_status = 'confirmed'
union all
select d.biz_id, d.stay_unit_id, pg_temp.id('luggage/' || d.number), 'start_start', 0 from demo_pickup d where d.order_status = 'confirmed';
insert into booking.fulfillment_assignments (biz_id, id, unit_id, resource_id, role, position, status, accepted_at)
select d.biz_id, pg_temp.id('pickup-assignment/' || d.number || '/' || s.status), pg_temp.id('pickup/' || d.number), r.id, 'vehicle', 1, s.status, case when s.status in ('accepted', 'completed') then d.starts_at - interval '1 day' end
from demo_pickup d
join core.locations l on l.biz_id = d.biz_id and l.id = d.location_id
cross join lateral (values
  (case when d.order_status = 'completed' then case when d.n % 5 = 0 then 'released' else 'completed' end when d.n % 5 in (1, 2) then 'accepted' when d.n % 5 = 4 then 'released' else 'proposed' end, case l.code when 'LIS' then 'VAN-1' else 'VAN-2' end),
  (case when d.n % 3 = 0 then 'declined' when d.n % 7 = 1 then 'released' end, 'VAN-3')
) s (status, vehicle)
join resources.resources r on r.biz_id = d.biz_id and r.number = s.vehicle
where s.status is not null;
insert into booking.fulfillment_checkpoints (biz_id, id, unit_id, code, occurred_at, client_recorded_at, resource_id, lat, lng, note)
select d.biz_id, pg_temp.id('checkpoint/' || d.number || '/' || c.code), pg_temp.id('pickup/' || d.number), c.code, d.starts_at - make_interval(mins => c.before), d.starts_at - make_interval(mins => c.before + 1), r.id, c.lat, c.lng, c.note
from demo_pickup d
join resources.resources r on r.biz_id = d.biz_id and r.number = 'VAN-1'
cross join (values ('on_the_way', 85, 38.707500, -9.136600, null), ('guest_met', 70, 38.774200, -9.134200, 'Arrivals, pillar 4.'), ('dropped_off', 40, 38.706300, -9.145200, null)) c (code, before, lat, lng, note)
where d.order_status = 'completed' and d.n % 5 <> 0 and d.n <= 8;
insert into core.media_assets (biz_id, id, subject_type, subject_id, kind, storage_key, file_name, content_type, bytes, sha256, alt_text, scan_status, uploaded_at)
select d.biz_id, pg_temp.id('media/signature-' || d.number), 'FulfillmentUnit', pg_temp.id('pickup/' || d.number), 'photo', 'demo/harbour/signatures/' || d.number || '.png', 'signature.png', 'image/png', 18440 + d.n * 31, encode(sha256(convert_to(d.number, 'UTF8')), 'hex'), 'Signature', 'clean', d.starts_at - interval '39 minutes'
from demo_pickup d where d.order_status = 'completed' and d.n in (1, 2, 3, 6);
insert into booking.deliverables_proof (biz_id, id, unit_id, kind, media_id, code_hash, signed_by, occurred_at, note)
select d.biz_id, pg_temp.id('proof/' || d.number), pg_temp.id('pickup/' || d.number), case when m.id is null then 'code' when d.n = 6 then 'photo' else 'signature' end, m.id, case when m.id is null then sha256(convert_to('4711' || d.number, 'UTF8')) end,
  case when m.id is not null and d.n <> 6 then c.full_name end, d.starts_at - interval '40 minutes', case when m.id is null then 'Code from the mail.' end
from demo_pickup d
join booking.booking_orders o on o.biz_id = d.biz_id and o.number = d.number
left join crm.customers c on c.biz_id = o.biz_id and c.id = o.customer_id
left join core.media_assets m on m.biz_id = d.biz_id and m.id = pg_temp.id('media/signature-' || d.number)
where d.order_status = 'completed' and d.n in (1, 2, 3, 4, 6, 7) and (m.id is null or d.n = 6 or c.full_name is not null);

-- Who came, and what was asked for.
insert into booking.check_ins (biz_id, id, order_id, location_id, method, occurred_at, party_size, lat, lng, device_ref)
select o.biz_id, pg_temp.id('check-in/' || o.number), o.id, o.location_id, m.method, least(o.checked_in_at, now()), o.party_size, case m.method when 'geo' then 38.706300 end, case m.method when 'geo' then -9.145200 end, case m.method when 'kiosk' then 'kiosk-lobby-1' when 'qr' then 'phone' end
from booking.booking_orders o
cross join lateral (select (array['desk', 'desk', 'desk', 'kiosk', 'qr', 'desk', 'geo'])[1 + right(o.number, 3)::integer % 7] as method) m
where o.biz_id = pg_temp.biz() and o.checked_in_at is not null;
insert into booking.booking_requests_log (biz_id, id, order_id, kind, requested_by, outcome, before, after, price_delta_minor, fee_minor, currency, reason, created_at)
select o.biz_id, pg_temp.id('booking-request/' || o.number), o.id, 'cancel', c.requested_by, 'done', '{"status": "confirmed"}', '{"status": "cancelled"}', 0, c.fee_minor, o.currency, c.reason, o.cancelled_at
from booking.cancellations c
join booking.booking_orders o on o.biz_id = c.biz_id and o.id = c.order_id
where c.biz_id = pg_temp.biz();
insert into booking.booking_requests_log (biz_id, id, order_id, kind, requested_by, outcome, before, after, price_delta_minor, currency, reason)
select pg_temp.biz(), pg_temp.id('booking-request/' || v.n), pg_temp.booking('confirmed', v.nth), v.kind, v.by, v.outcome, v.before::jsonb, v.after::jsonb, v.delta, 'EUR', v.reason
from (values
  (1, 3, 'modify', 'customer', 'done', '{"party_size": 1}', '{"party_size": 2}', 0, 'A friend joins.'), (2, 6, 'reschedule', 'customer', 'refused', '{}', '{"starts_at": "next week"}', 0, 'No room of that type then.'),
  (3, 11, 'modify', 'staff', 'done', '{"note": null}', '{"note": "Cot in the room"}', 0, 'Call of the guest.'), (4, 17, 'reschedule', 'channel', 'done', '{"arrival": "one day earlier"}', '{"arrival": "as booked now"}', 1900, 'Changed on the portal.'),
  (5, 25, 'cancel', 'customer', 'refused', '{"status": "confirmed"}', '{"status": "cancelled"}', 0, 'Saver rate, the guest keeps the booking.')
) v (n, nth, kind, by, outcome, before, after, delta, reason);

-- A cancellation of a line that was taken back.
insert into booking.cancellations (biz_id, id, order_id, order_line_id, requested_by, reason, fee_minor, refund_due_minor, currency)
select l.biz_id, pg_temp.id('cancellation/void-' || l.line_no), l.order_id, l.id, 'staff', 'Entered on the wrong booking.', 0, 0, l.currency
from booking.booking_order_lines l
where l.biz_id = pg_temp.biz() and l.order_id = pg_temp.booking('confirmed', 8) and l.line_no = 1;
update booking.cancellations c set status = 'void' where c.biz_id = pg_temp.biz() and c.id = pg_temp.id('cancellation/void-1');

-- Quotes: written as drafts, then sent and answered.
insert into booking.quotes (biz_id, id, number, customer_id, location_id, kind, channel, replaces_id, starts_at, ends_at, party_size, currency, subtotal_minor, discount_minor, total_minor, valid_until, terms, note)
select pg_temp.biz(), pg_temp.id('quote/' || v.n), core.next_number('quote', 'QT'), case when v.n = 4 then c.customer_id else pg_temp.customer(v.customer) end, pg_temp.location(v.location), v.kind, v.channel, case when v.replaces is not null then pg_temp.id('quote/' || v.replaces) end,
  pg_temp.at(v.day, '10:00'), pg_temp.at(v.day + v.nights, '18:00'), v.party, 'EUR', v.subtotal, v.discount, v.subtotal - v.discount, pg_temp.at(v.valid, '23:59'), 'Free to cancel until seven days before arrival.', v.note
from (values
  (1, 7, 'LIS', 'stay', 'email', null::integer, 48, 2, 8, 95200::bigint, 0::bigint, 20, 'Family reunion, four doubles.'),
  (2, 15, 'CAS', 'stay', 'phone', null, 62, 3, 12, 178200, 8910, 12, 'Sailing club.'),
  (3, 22, 'LIS', 'order', 'email', null, 35, 0, 24, 142000, 0, 6, 'Board meeting in Sala Tejo, with lunch.'),
  (4, 31, 'LIS', 'stay', 'desk', null, 41, 5, 2, 122500, 12250, 9, null),
  (5, 36, 'SPA', 'appointment', 'web', null, 14, 0, 6, 87000, 0, 3, 'Hen party, six rituals.'),
  (6, 40, 'CAS', 'stay', 'email', null, 5, 4, 2, 58000, 0, -4, null),
  (7, 45, 'LIS', 'stay', 'email', null, 80, 2, 4, 63600, 0, 15, 'Wrong month.'),
  (8, 51, 'CAS', 'trip', 'desk', null, 9, 0, 4, 38000, 0, 5, 'Sintra for four.'),
  (9, 45, 'LIS', 'stay', 'email', 7, 52, 2, 4, 63600, 3180, 15, null)
) v (n, customer, location, kind, channel, replaces, day, nights, party, subtotal, discount, valid, note)
left join lateral (
  select o.customer_id from booking.booking_orders o
  where o.biz_id = pg_temp.biz() and o.status = 'confirmed' and o.kind = 'stay' and o.location_id = pg_temp.location('LIS') and o.customer_id is not null
  order by o.total_minor desc, o.number limit 1) c on true
order by v.n;
insert into booking.quote_lines (biz_id, id, quote_id, line_no, sellable_id, name, quantity, unit, unit_price, total_minor, currency)
select pg_temp.biz(), pg_temp.id('quote-line/' || v.n || '/' || v.line), pg_temp.id('quote/' || v.n), v.line,
  coalesce((select s.id from resources.unit_types t join core.locations l on l.biz_id = t.biz_id and l.id = t.location_id join catalog.sellables s on s.biz_id = t.biz_id and s.ref_id = t.id where t.biz_id = pg_temp.biz() and l.code || '-' || t.code = v.what),
    (select s.id from catalog.offers o join catalog.sellables s on s.biz_id = o.biz_id and s.ref_id = o.current_version_id where o.biz_id = pg_temp.biz() and o.code = v.what), pg_temp.id('sellable/' || v.what)),
  v.name, v.quantity, v.unit, v.price, round(v.quantity * v.price * 100), 'EUR'
from (values
  (1, 1, 'LIS-STD', 'Standard double', 8, 'night', 119.00), (2, 1, 'CAS-STD', 'Standard twin', 18, 'night', 99.00), (3, 1, 'picnic', 'Lunch for 24 in Sala Tejo', 24, 'person', 38.00), (3, 2, 'luggage', 'Sala Tejo, one day', 1, 'day', 508.00),
  (4, 1, 'LIS-STE', 'Suite', 5, 'night', 245.00), (5, 1, 'ritual-90', 'Atlantic ritual', 6, 'person', 145.00), (6, 1, 'CAS-SEA', 'Sea view', 4, 'night', 145.00), (7, 1, 'LIS-SUP', 'Superior with river view', 4, 'night', 159.00),
  (8, 1, 'sintra-day', 'Day trip to Sintra', 4, 'person', 95.00), (9, 1, 'LIS-SUP', 'Superior with river view', 4, 'night', 159.00)
) v (n, line, what, name, quantity, unit, price);
update booking.quotes q set status = 'sent', sent_at = least(q.valid_until - interval '20 days', pg_temp.at(-1, '16:00'))
where q.biz_id = pg_temp.biz() and q.status = 'draft' and q.id <> pg_temp.id('quote/1');
update booking.quotes q
set status = v.status, accepted_at = case when v.status in ('accepted') then q.sent_at + interval '14 hours' end
from (values (4, 'accepted'), (5, 'rejected'), (6, 'expired'), (7, 'withdrawn'), (8, 'accepted')) v (n, status)
where q.biz_id = pg_temp.biz() and q.id = pg_temp.id('quote/' || v.n);
update booking.quotes q set status = 'converted', converted_order_id = (
  select o.id from booking.booking_orders o
  where o.biz_id = q.biz_id and o.status = 'confirmed' and o.kind = 'stay' and o.location_id = q.location_id and o.customer_id is not null
  order by o.total_minor desc, o.number limit 1)
where q.biz_id = pg_temp.biz() and q.id = pg_temp.id('quote/4');
