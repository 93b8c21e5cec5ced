-- Others may use: quote/1 .. quote/5 (draft, sent, accepted, rejected, converted).

-- Rules by which bookings are taken.
insert into booking.booking_policies (biz_id, id, name, location_id, offer_id, auto_confirm, approval_timeout_minutes, hold_minutes, no_show_grace_minutes, reschedule_limit, reschedule_cutoff_minutes)
select pg_temp.biz(), pg_temp.id('booking-policy/' || v.n), v.name, pg_temp.location(v.location), o.id, v.confirm, v.approval, v.hold, v.grace, v.moves, v.cutoff
from (values (1, 'All bookings', null, null, true, null::integer, 120, 240, 5, 1440), (2, 'Chilled places', 'PKL', 'chilled', false, 480, 240, 120, 2, 2880), (3, 'Forklift', null, 'forklift', true, null, 30, 30, 3, 120)) v (n, name, location, offer, confirm, approval, hold, grace, moves, cutoff)
left join catalog.offers o on o.biz_id = pg_temp.biz() and o.code = v.offer;

-- What is stored.
insert into booking.storage_details (biz_id, id, booking_order_id, units, unit_length_mm, unit_width_mm, unit_height_mm, unit_weight_g, goods, is_stackable, is_hazardous, hazard_class, min_temperature_c, max_temperature_c, goods_value_minor, currency)
select o.biz_id, pg_temp.id('storage-detail/' || o.number), o.id, p.units, 1200, 1000, 1100 + 150 * (right(o.number, 2)::integer % 7), 420000 + 35000 * (right(o.number, 2)::integer % 9)::bigint,
  coalesce(g.goods, 'Mixed goods'), right(o.number, 1) in ('2', '4', '8'), coalesce(g.hazard is not null, false), g.hazard, case when l.name like '%chilled%' then 2 end, case when l.name like '%chilled%' then 8 end,
  p.units * (180000 + 25000 * (right(o.number, 2)::integer % 11)::bigint), 'MYR'
from booking.booking_orders o
join booking.booking_order_lines l on l.biz_id = o.biz_id and l.order_id = o.id and l.line_no = 1
join lateral (select max(x.units) as units from booking.booking_pricing_periods x where x.biz_id = l.biz_id and x.order_line_id = l.id) p on p.units is not null
left join crm.customers c on c.biz_id = o.biz_id and c.id = o.customer_id
left join (values
  ('Bayu', 'Frozen dumplings', null), ('Cahaya', 'Canned sardines', null), ('Damai', 'Flat-pack wardrobes', null), ('Emas', 'Corrugated boxes', null), ('Fajar', 'Floor tiles, 60 × 60', null), ('Gemilang', 'Isotonic drinks', null), ('Hijau', 'Fresh greens in crates', null),
  ('Intan', 'Perfume and lotions', '3'), ('Jati', 'Teak planks', null), ('Kenanga', 'Cotton rolls', null), ('Laut', 'Prawns and squid', null), ('Melor', 'Sanitary ware', null), ('Nusa', 'Televisions', null), ('Orkid', 'Vaccines and insulin', null), ('Perdana', 'Copier paper', null), ('Rimba', 'Green coffee beans', null),
  ('Sinar', 'LED fittings', null), ('Teratai', 'Toys for the holidays', null), ('Usaha', 'Brake discs', null), ('Warisan', 'Batik sarongs', null), ('Yakin', 'Surgical gloves', null), ('Zamrud', 'Solvents in drums', '3'), ('Angsana', 'Yoghurt and milk', null), ('Bunga', 'Dried chillies', null)
) g (name, goods, hazard) on c.full_name like g.name || ' %'
where o.biz_id = pg_temp.biz() and o.kind = 'storage';

-- Features added to storage, with what they do to the total.
insert into booking.booking_features (biz_id, id, order_id, feature_id, feature_price_id, name, calculation, value, units, days, amount_minor, currency)
select o.biz_id, pg_temp.id('booking-feature/' || o.number || '/' || f.code), o.id, f.id, p.id, p.name, p.calculation, p.value, d.units, l.ends_on - l.starts_on,
  case p.calculation when 'flat' then round(p.value * 100) when 'unit_per_day' then round(p.value * 100) * d.units * (l.ends_on - l.starts_on) else round(o.base_minor * p.value / 100) end, 'MYR'
from booking.booking_orders o
join booking.storage_details d on d.biz_id = o.biz_id and d.booking_order_id = o.id
join booking.booking_order_lines l on l.biz_id = o.biz_id and l.order_id = o.id and l.line_no = 1
join core.features f on f.biz_id = o.biz_id and f.deleted_at is null and case f.code
  when 'insurance' then right(o.number, 1) in ('1', '4', '9') when 'stretch-wrap' then right(o.number, 1) in ('4', '6') when 'temperature-log' then d.max_temperature_c is not null and right(o.number, 1) in ('1', '6', '8') when 'forklift-service' then right(o.number, 1) in ('6', '9') end
join pricing.feature_prices p on p.biz_id = f.biz_id and p.feature_id = f.id and not p.is_promotional
where o.biz_id = pg_temp.biz() and o.kind = 'storage' and o.status = 'confirmed' and o.discount_minor = 0;
update booking.booking_orders o
set features_minor = f.amount_minor, total_minor = o.total_minor + f.amount_minor
from (select x.order_id, sum(x.amount_minor) as amount_minor from booking.booking_features x where x.biz_id = pg_temp.biz() and x.voided_at is null group by x.order_id) f
where o.biz_id = pg_temp.biz() and o.id = f.order_id;

-- Collections at the end of storage, after it; what was seen and signed.
create temporary table demo_collect on commit drop as
select l.biz_id, l.id as line_id, o.id as order_id, o.location_id, o.number, o.ends_at, o.status as order_status, u.id as storage_unit_id, row_number() over (partition by o.status order by o.ends_at, o.number) as n
from booking.booking_orders o
join booking.booking_order_lines l on l.biz_id = o.biz_id and l.order_id = o.id and l.line_no = 1
join booking.fulfillment_units u on u.biz_id = l.biz_id and u.order_line_id = l.id and u.sequence = 1
where o.biz_id = pg_temp.biz() and o.kind = 'storage' and o.status in ('confirmed', 'in_progress', 'completed');
insert into booking.fulfillment_units (biz_id, id, order_line_id, location_id, kind, sequence, status, planned_starts_at, planned_ends_at, actual_starts_at, actual_ends_at, due_at)
select d.biz_id, pg_temp.id('collection/' || d.number), d.line_id, d.location_id, 'pickup', 2, case d.order_status when 'completed' then case when d.n % 8 = 0 then 'failed' else 'verified' end else 'planned' end,
  d.ends_at - interval '2 hours', d.ends_at - interval '1 hour', case when d.order_status = 'completed' and d.n % 8 <> 0 then d.ends_at - interval '110 minutes' end, case when d.order_status = 'completed' and d.n % 8 <> 0 then d.ends_at - interval '50 minutes' end, d.ends_at
from demo_collect d where d.order_status <> 'confirmed' or d.n <= 10;
insert into booking.fulfillment_dependencies (biz_id, predecessor_id, successor_id, kind, lag_minutes)
select d.biz_id, d.storage_unit_id, pg_temp.id('collection/' || d.number), 'start_start', 60 from demo_collect d where d.order_status = 'in_progress' or (d.order_status = 'confirmed' and d.n <= 10);
insert into booking.fulfillment_assignments (biz_id, id, unit_id, resource_id, role, status, accepted_at)
select d.biz_id, pg_temp.id('collection-assignment/' || d.number || '/' || s.status), pg_temp.id('collection/' || d.number), r.id, 'forklift', s.status, case s.status when 'completed' then d.ends_at - interval '1 day' end
from demo_collect d
join core.locations l on l.biz_id = d.biz_id and l.id = d.location_id
cross join lateral (values (case when d.order_status = 'completed' then case when d.n % 8 = 0 then 'released' else 'completed' end else 'proposed' end, case l.code when 'SHA' then 'FL-03' else 'FL-01' end), (case when d.n % 5 = 0 then 'declined' end, 'FL-02')) s (status, forklift)
join resources.resources r on r.biz_id = d.biz_id and r.number = s.forklift
where s.status is not null and (d.order_status <> 'confirmed' or d.n <= 10);
insert into booking.fulfillment_checkpoints (biz_id, id, unit_id, code, occurred_at, client_recorded_at, note)
select d.biz_id, pg_temp.id('checkpoint/' || d.number || '/' || c.code), pg_temp.id('collection/' || d.number), c.code, d.ends_at - make_interval(mins => c.before), d.ends_at - make_interval(mins => c.before), c.note
from demo_collect d
cross join (values ('truck_at_gate', 115, null), ('pallets_counted', 90, 'Count agrees.'), ('loaded', 55, null)) c (code, before, note)
where d.order_status = 'completed' and d.n % 8 <> 0;
insert into core.media_assets (biz_id, id, subject_type, subject_id, kind, storage_key, file_name, content_type, bytes, sha256, alt_text, scan_status, uploaded_at)
select d.biz_id, pg_temp.id('media/delivery-order-' || d.number), 'FulfillmentUnit', pg_temp.id('collection/' || d.number), 'document', 'demo/keep/delivery-orders/' || d.number || '.pdf', 'delivery-order-' || d.number || '.pdf', 'application/pdf', 61200 + d.n * 113, encode(sha256(convert_to(d.number, 'UTF8')), 'hex'), 'Signed delivery order', 'clean', d.ends_at - interval '45 minutes'
from demo_collect d where d.order_status = 'completed' and d.n % 8 <> 0 and d.n <= 12;
insert into booking.deliverables_proof (biz_id, id, unit_id, kind, media_id, signed_by, occurred_at)
select d.biz_id, pg_temp.id('proof/' || d.number), pg_temp.id('collection/' || d.number), 'signature', pg_temp.id('media/delivery-order-' || d.number), (array['Azlan bin Yusof', 'Tan Wei Ming', 'Kumar a/l Raju', 'Siti Hajar'])[1 + d.n % 4], d.ends_at - interval '50 minutes'
from demo_collect d where d.order_status = 'completed' and d.n % 8 <> 0 and d.n <= 12;

-- Who came, and what was asked for.
insert into booking.check_ins (biz_id, id, order_id, location_id, method, occurred_at, party_size)
select o.biz_id, pg_temp.id('check-in/' || o.number), o.id, o.location_id, case when right(o.number, 1) in ('3', '7') then 'qr' else 'desk' end, least(o.checked_in_at, now()), 1
from booking.booking_orders o
where o.biz_id = pg_temp.biz() and o.checked_in_at is not null;
insert into booking.booking_requests_log (biz_id, id, order_id, kind, requested_by, outcome, before, after, fee_minor, currency, reason)
select o.biz_id, pg_temp.id('booking-request/' || o.number), o.id, 'cancel', c.requested_by, 'done', '{"status": "confirmed"}', '{"status": "cancelled"}', c.fee_minor, o.currency, c.reason
from booking.cancellations c
join booking.booking_orders o on o.biz_id = c.biz_id and o.id = c.order_id
where c.biz_id = pg_temp.biz();
insert into booking.booking_requests_log (biz_id, id, order_id, kind, requested_by, outcome, before, after, price_delta_minor, currency, reason)
select pg_temp.biz(), pg_temp.id('booking-request/' || v.n), pg_temp.booking(v.status, v.nth), v.kind, 'customer', v.outcome, v.before::jsonb, v.after::jsonb, v.delta, 'MYR', v.reason
from (values (1, 'in_progress', 2, 'modify', 'done', '{"ends_on": "a week earlier"}', '{"ends_on": "as booked now"}', 18900, 'Buyer collects later.'), (2, 'in_progress', 4, 'modify', 'refused', '{}', '{"units": 40}', 0, 'The hall is full on those days.'), (3, 'confirmed', 3, 'reschedule', 'done', '{"starts_on": "two days earlier"}', '{"starts_on": "as booked now"}', 0, 'Vessel delayed.')) v (n, status, nth, kind, outcome, before, after, delta, reason);

-- Quotes: written as drafts, then sent and answered.
insert into booking.quotes (biz_id, id, number, customer_id, location_id, kind, channel, starts_at, ends_at, currency, subtotal_minor, discount_minor, total_minor, valid_until, terms, note)
select pg_temp.biz(), pg_temp.id('quote/' || v.n), core.next_number('quote', 'QT'), case when v.n = 5 then o.customer_id else pg_temp.customer(v.customer) end, case when v.n = 5 then o.location_id else pg_temp.location(v.location) end, 'storage', 'email',
  pg_temp.at(v.day, '08:00'), pg_temp.at(v.day + v.days, '18:00'), 'MYR', v.subtotal, v.discount, v.subtotal - v.discount, pg_temp.at(v.valid, '18:00'), 'Payment within 30 days of the invoice.', v.note
from (values (1, 13, 'PKL', 20, 60, 216000::bigint, 0::bigint, 25, 'Televisions before the sale.'), (2, 11, 'PKL', 9, 30, 302400, 15000, 12, 'Chilled, 24 pallets.'), (3, 19, 'SHA', 15, 90, 270000, 0, 8, null), (4, 22, 'PKL', 12, 30, 108000, 0, 6, 'Class 3, only in bay 8.'), (5, 1, 'PKL', 4, 30, 64800, 0, 10, null)) v (n, customer, location, day, days, subtotal, discount, valid, note)
left join booking.booking_orders o on o.biz_id = pg_temp.biz() and o.id = pg_temp.booking('confirmed', 6)
order by v.n;
insert into booking.quote_lines (biz_id, id, quote_id, line_no, sellable_id, name, quantity, unit, unit_price, total_minor, currency)
select pg_temp.biz(), pg_temp.id('quote-line/' || v.n), pg_temp.id('quote/' || v.n), 1, s.id, v.name, v.quantity, 'unit_day', v.price, round(v.quantity * v.price * 100), 'MYR'
from (values (1, 'ambient', '20 pallets, 60 days', 1200, 1.80), (2, 'chilled', '24 pallets, 30 days', 720, 4.20), (3, 'ambient', '20 pallets, 90 days', 1800, 1.50), (4, 'ambient', '20 pallets, 30 days', 600, 1.80), (5, 'ambient', '12 pallets, 30 days', 360, 1.80)) v (n, offer, name, quantity, price)
join catalog.offers o on o.biz_id = pg_temp.biz() and o.code = v.offer
join catalog.sellables s on s.biz_id = o.biz_id and s.ref_id = o.current_version_id;
update booking.quotes q set status = 'sent', sent_at = pg_temp.at(-2, '11:00') where q.biz_id = pg_temp.biz() and q.id <> pg_temp.id('quote/1');
update booking.quotes q set status = v.status, accepted_at = case v.status when 'accepted' then pg_temp.at(-1, '15:20') end
from (values (3, 'accepted'), (4, 'rejected'), (5, 'accepted')) v (n, status)
where q.biz_id = pg_temp.biz() and q.id = pg_temp.id('quote/' || v.n);
update booking.quotes q set status = 'converted', converted_order_id = pg_temp.booking('confirmed', 6) where q.biz_id = pg_temp.biz() and q.id = pg_temp.id('quote/5');
