-- The counters at Port Klang and Shah Alam: four days of sales, and those of now.
-- Others may use: cash_register/pkl, cash_register/sha; sale/<n> (completed: 1 to 24).

insert into pos.cash_registers (biz_id, id, location_id, code, name, drawer_ref, allowed_tenders, offline_prefix, stock_location_id, float_minor, currency)
select pg_temp.biz(), pg_temp.id('cash_register/' || v.code), pg_temp.location(upper(v.code)), 'C1', v.name, 'drawer-' || v.code, '{cash,card,wallet,account,bank_transfer}', 'K' || upper(v.code), pg_temp.id(format('stock_location/%s/counter', v.code)), 20000, 'MYR'
from (values ('pkl', 'Counter, Port Klang'), ('sha', 'Counter, Shah Alam')) v (code, name);
create temp table bills on commit drop as
select t.*, l.gross, l.tax, x.pays, case when x.pays = 'cash' then round((l.gross + l.tax) / 5.0) * 5 - (l.gross + l.tax) else 0 end::bigint as rounding, pg_temp.id('sale/' || t.n) as sale_id,
  pg_temp.id('cash_register/' || t.reg) as register_id, pg_temp.id(format('cash_session/%s/%s', t.reg, coalesce(t.day::text, 'now'))) as session_id, case when t.day is null then now() - interval '10 minutes' * (t.n - 29) else pg_temp.at(t.day, t.time) end as at
from (
  select (d + 4) * 6 + s as n, case when s <= 4 then 'pkl' else 'sha' end as reg, d as day, time '08:40' + interval '85 minutes' * s as time, 'completed' as ending from generate_series(-4, -1) d cross join generate_series(1, 6) s
  union all values (25, 'pkl', -2, time '12:10', 'voided'), (30, 'pkl', null, null, 'open'), (31, 'pkl', null, null, 'parked'), (32, 'pkl', null, null, 'completed'), (33, 'sha', null, null, 'open')
) t
cross join lateral (select sum(round(r.unit_price * 100) * q.quantity)::bigint, sum(round(round(r.unit_price * 100) * q.quantity * 0.08))::bigint
  from (values (1), (2)) line (k)
  cross join lateral (select (array['carton-m', 'film', 'carton-s', 'repack', 'carton-l', 'gel-pack', 'labelling'])[1 + (t.n * 2 + line.k * 3) % 7], 1 + (t.n + line.k) % 4) q (sku, quantity)
  join pricing.price_rules r on r.biz_id = pg_temp.biz() and r.id = pg_temp.id('price_rule/counter/' || q.sku)) l (gross, tax)
cross join lateral (select case when t.ending <> 'completed' then null else (array['cash', 'card', 'wallet', 'cash', 'account'])[1 + t.n % 5] end) x (pays);
insert into pos.sales (biz_id, id, number, status, location_id, register_id, business_date, customer_id, service_mode, currency, is_tax_inclusive, subtotal_minor, tax_minor, rounding_minor, total_minor, created_at)
select pg_temp.biz(), b.sale_id, 'SL-' || lpad((row_number() over (order by b.at, b.n))::text, 6, '0'), case when b.ending = 'parked' then 'parked' else 'open' end, r.location_id, r.id, (b.at at time zone 'Asia/Kuala_Lumpur')::date,
  case when b.n % 2 = 0 or b.pays in ('wallet', 'account') then pg_temp.customer(1 + b.n % 24) end, 'counter', 'MYR', false, b.gross, b.tax, b.rounding, b.gross + b.tax + b.rounding, b.at
from bills b join pos.cash_registers r on r.biz_id = pg_temp.biz() and r.id = b.register_id;
create temp table sold on commit drop as
select b.n, b.sale_id, b.session_id, b.ending, b.at, b.reg, line.k, q.*, s.id as sellable_id, s.ref_id as variant_id, s.name, r.unit_price, round(r.unit_price * 100)::bigint * q.quantity as gross
from bills b
cross join (values (1), (2)) line (k)
cross join lateral (select (array['carton-m', 'film', 'carton-s', 'repack', 'carton-l', 'gel-pack', 'labelling'])[1 + (b.n * 2 + line.k * 3) % 7], 1 + (b.n + line.k) % 4) q (sku, quantity)
join pricing.price_rules r on r.biz_id = pg_temp.biz() and r.id = pg_temp.id('price_rule/counter/' || q.sku)
join catalog.sellables s on s.biz_id = r.biz_id and s.id = r.sellable_id;
insert into pos.sale_items (biz_id, id, sale_id, line_no, sellable_id, variant_id, name, sku, quantity, unit_price, tax_category, tax_rate, gross_minor, tax_minor, total_minor, currency, created_at)
select pg_temp.biz(), pg_temp.id(format('sale_item/%s/%s', s.n, s.k)), s.sale_id, s.k, s.sellable_id, s.variant_id, s.name, upper(s.sku), s.quantity, s.unit_price, 'standard', 0.08, s.gross, round(s.gross * 0.08), s.gross, 'MYR', s.at from sold s;
insert into pos.sale_tenders (biz_id, id, sale_id, seq, kind, amount_minor, tendered_minor, change_minor, currency, reference, created_at)
select pg_temp.biz(), pg_temp.id('sale_tender/' || b.n), b.sale_id, 1, b.pays, a.amount, case when b.pays = 'cash' then (a.amount + 999) / 1000 * 1000 end, case when b.pays = 'cash' then (a.amount + 999) / 1000 * 1000 - a.amount end, 'MYR',
  case b.pays when 'card' then 'Terminal 1, card ending ' || (1000 + b.n * 271) when 'account' then 'To the monthly invoice' end, b.at
from bills b cross join lateral (select b.gross + b.tax + b.rounding) a (amount) where b.ending = 'completed';

create or replace function pg_temp.ring_day(day_no integer) returns void
language sql as $$
  insert into pos.cash_sessions (biz_id, id, register_id, location_id, business_date, opened_at, opened_by_id, currency, opening_float_minor, created_at)
  select r.biz_id, pg_temp.id(format('cash_session/%s/%s', v.code, day_no)), r.id, r.location_id, pg_temp.day(day_no), pg_temp.at(day_no, '08:30'), pg_temp.person('desk'), 'MYR', r.float_minor, pg_temp.at(day_no, '08:30')
  from (values ('pkl'), ('sha')) v (code) join pos.cash_registers r on r.biz_id = pg_temp.biz() and r.id = pg_temp.id('cash_register/' || v.code);
  update pos.sales s set session_id = b.session_id, status = b.ending, completed_at = case when b.ending = 'completed' then b.at + interval '4 minutes' end, voided_at = case when b.ending = 'voided' then b.at + interval '9 minutes' end,
    void_reason = case when b.ending = 'voided' then 'Wrong customer account' end
  from bills b where b.day = day_no and s.biz_id = pg_temp.biz() and s.id = b.sale_id;
  insert into pos.cash_movements (biz_id, id, session_id, kind, amount_minor, currency, reason, occurred_at)
  select s.biz_id, pg_temp.id('cash_movement/' || s.id), s.id, case when day_no % 2 = 0 then 'drop' else 'paid_out' end, case when day_no % 2 = 0 then 5000 else 1250 end, 'MYR', case when day_no % 2 <> 0 then 'Toll and parking for the shuttle' end, pg_temp.at(day_no, '16:00')
  from pos.cash_sessions s where s.biz_id = pg_temp.biz() and s.business_date = pg_temp.day(day_no) and s.status = 'open';
  update pos.cash_sessions s set status = 'counting' where s.biz_id = pg_temp.biz() and s.status = 'open';
  update pos.cash_sessions s set (expected_minor, counted_minor) = (
    select e.amount, e.amount - case when day_no = -2 then 20 else 0 end
    from (select s.opening_float_minor - (select sum(m.amount_minor) from pos.cash_movements m where m.biz_id = s.biz_id and m.session_id = s.id)
      + (select coalesce(sum(t.amount_minor), 0) from pos.sales l join pos.sale_tenders t on t.biz_id = l.biz_id and t.sale_id = l.id where l.biz_id = s.biz_id and l.session_id = s.id and l.status = 'completed' and t.kind = 'cash')) e (amount))
  where s.biz_id = pg_temp.biz() and s.status = 'counting';
  insert into pos.cash_counts (biz_id, id, session_id, currency, denomination_minor, quantity, created_at)
  select s.biz_id, pg_temp.id(format('cash_count/%s/%s', s.id, v.piece)), s.id, 'MYR', v.piece, (s.counted_minor % v.above) / v.piece, pg_temp.at(day_no, '18:00')
  from pos.cash_sessions s cross join (values (5000, 100000000), (1000, 5000), (500, 1000), (100, 500), (50, 100), (10, 50), (5, 10)) v (piece, above)
  where s.biz_id = pg_temp.biz() and s.status = 'counting' and (s.counted_minor % v.above) / v.piece > 0;
  update pos.cash_sessions s set status = 'closed', z_number = 120 + day_no, closed_at = pg_temp.at(day_no, '18:15'), closed_by_id = pg_temp.person('desk'), difference_reason = case when s.difference_minor <> 0 then 'Small change' end
  where s.biz_id = pg_temp.biz() and s.status = 'counting';
$$;
select pg_temp.ring_day(d) from generate_series(-4, -1) d;
update pos.cash_sessions set status = 'reconciled', reconciled_at = closed_at + interval '15 hours', reconciled_by_id = pg_temp.person('owner'), deposit_ref = 'Slip ' || (3300 + z_number) where biz_id = pg_temp.biz() and business_date < pg_temp.day(-2);
insert into pos.cash_sessions (biz_id, id, register_id, location_id, business_date, opened_at, opened_by_id, currency, opening_float_minor)
select r.biz_id, pg_temp.id(format('cash_session/%s/now', v.code)), r.id, r.location_id, core.business_date(r.biz_id, r.location_id, now() - interval '2 hours'), now() - interval '2 hours', pg_temp.person('desk'), 'MYR', r.float_minor
from (values ('pkl'), ('sha')) v (code) join pos.cash_registers r on r.biz_id = pg_temp.biz() and r.id = pg_temp.id('cash_register/' || v.code);
update pos.sales s set session_id = b.session_id, status = case when b.ending = 'completed' then 'completed' else s.status end, completed_at = case when b.ending = 'completed' then now() - interval '25 minutes' end
from bills b where b.day is null and s.biz_id = pg_temp.biz() and s.id = b.sale_id;
insert into pos.receipts (biz_id, id, sale_id, number, channel, content, created_at)
select s.biz_id, pg_temp.id('receipt/' || s.number), s.id, replace(s.number, 'SL-', 'T-'), case when s.customer_id is not null then 'email' else 'print' end, jsonb_build_object('total', s.total_minor, 'currency', s.currency), s.completed_at
from pos.sales s where s.biz_id = pg_temp.biz() and s.status = 'completed';

-- What was sold leaves the counter: of a lot by its name, of the rest the oldest first
create temp table outs on commit drop as
select pg_temp.id(format('movement/sale/%s/%s', s.n, s.k)) as id, s.sale_id, t.id as item_id, s.quantity::numeric as quantity, r.location_id, r.stock_location_id, t.standard_cost, s.at,
  case when t.tracking = 'lot' then pg_temp.id(format('stock_batch/%s/%s/counter/0', s.sku, s.reg)) end as batch_id, sum(s.quantity) over (partition by t.id order by s.at, s.n, s.k) as upto
from sold s
join pos.cash_registers r on r.biz_id = pg_temp.biz() and r.id = pg_temp.id('cash_register/' || s.reg)
join inventory.inventory_items t on t.biz_id = r.biz_id and t.variant_id = s.variant_id
where s.ending = 'completed' and exists (select from inventory.stock_levels v where v.biz_id = r.biz_id and v.item_id = t.id and v.stock_location_id = r.stock_location_id);
insert into inventory.stock_movements (biz_id, id, location_id, item_id, kind, from_stock_location_id, quantity, batch_id, unit_cost, currency, source_type, source_id, business_date, occurred_at, created_at)
select pg_temp.biz(), o.id, o.location_id, o.item_id, 'sale', o.stock_location_id, o.quantity, o.batch_id, o.standard_cost, 'MYR', 'Sale', o.sale_id, (o.at at time zone 'Asia/Kuala_Lumpur')::date, o.at, o.at from outs o order by o.at;
insert into inventory.cost_layers (biz_id, id, item_id, movement_id, batch_id, quantity, unit_cost, cost_minor, currency)
with supply as (
  select b.*, sum(b.remaining_qty) over (partition by b.item_id order by b.received_on, b.id) as upto from inventory.stock_batches b where b.biz_id = pg_temp.biz() and b.remaining_qty > 0
)
select s.biz_id, pg_temp.id('cost_layer/' || o.id || s.id), o.item_id, o.id, s.id, q.quantity, s.unit_cost, round(q.quantity * s.unit_cost * 100), 'MYR'
from outs o
join supply s on s.item_id = o.item_id and (s.id = o.batch_id or (o.batch_id is null and s.upto > o.upto - o.quantity and s.upto - s.remaining_qty < o.upto))
cross join lateral (select case when o.batch_id is not null then o.quantity else least(s.upto, o.upto) - greatest(s.upto - s.remaining_qty, o.upto - o.quantity) end) q (quantity);
