-- What every file of this folder may build on, entered as the platform: two places, two users, people, rooms and an order.
-- Ids end in what they are; the files' own ids begin with the number of their module: 00000000-0000-7008-8000-... of workforce.
select set_config('app.biz_id', '00000000-0000-7000-8000-000000000001', true);

insert into core.currencies (code, name, exponent)
values ('EUR', 'Euro', 2), ('USD', 'US dollar', 2), ('JPY', 'Yen', 0), ('KWD', 'Kuwaiti dinar', 3)
on conflict do nothing;
insert into core.countries (code, name)
values ('PT', 'Portugal'), ('DE', 'Germany'), ('US', 'United States')
on conflict do nothing;
insert into core.timezones (name)
values ('UTC'), ('Europe/Lisbon'), ('America/New_York')
on conflict do nothing;

insert into core.bizes (id, slug, legal_name, display_name, default_currency, default_timezone)
values
  ('00000000-0000-7000-8000-000000000001', 'ours', 'Ours Lda', 'Ours', 'EUR', 'Europe/Lisbon'),
  ('00000000-0000-7000-8000-000000000002', 'theirs', 'Theirs Ltd', 'Theirs', 'EUR', 'Europe/Lisbon');

insert into identity.users (id, full_name, email_normalized)
values
  ('00000000-0000-7000-8000-00000000000a', 'Ana', 'ana@ours.example'),
  ('00000000-0000-7000-8000-00000000000b', 'Bruno', 'bruno@ours.example');

insert into core.locations (biz_id, id, code, name, kind, timezone, currency)
select '00000000-0000-7000-8000-000000000001', id::uuid, code, name, 'property', 'Europe/Lisbon', 'EUR'
from (values
  ('00000000-0000-7000-8000-000000000011', 'harbour', 'Harbour'),
  ('00000000-0000-7000-8000-000000000012', 'hill', 'Hill')) as l (id, code, name);

insert into identity.members (biz_id, id, user_id, status)
select '00000000-0000-7000-8000-000000000001', id::uuid, user_id::uuid, 'active'
from (values
  ('00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-00000000000a'),
  ('00000000-0000-7000-8000-000000000022', '00000000-0000-7000-8000-00000000000b')) as m (id, user_id);

insert into identity.roles (biz_id, id, code, name)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000025', 'helper', 'Helper');

insert into crm.customers (biz_id, id, number, full_name)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000031', 'C-1', 'Clara'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000032', 'C-2', 'Dario');

insert into resources.resource_types (biz_id, id, code, name, kind)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000041', 'room', 'Room', 'room'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000042', 'person', 'Person', 'human'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000043', 'van', 'Van', 'vehicle'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000044', 'table', 'Table', 'table');

insert into resources.unit_types (biz_id, id, code, name, location_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000045', 'double', 'Double',
  '00000000-0000-7000-8000-000000000011');

insert into resources.resources (biz_id, id, number, type_id, location_id, name)
select '00000000-0000-7000-8000-000000000001', id::uuid, number, type_id::uuid,
  '00000000-0000-7000-8000-000000000011', name
from (values
  ('00000000-0000-7000-8000-000000000051', 'R-1', '00000000-0000-7000-8000-000000000041', 'Room 1'),
  ('00000000-0000-7000-8000-000000000052', 'R-2', '00000000-0000-7000-8000-000000000041', 'Room 2'),
  ('00000000-0000-7000-8000-000000000053', 'P-1', '00000000-0000-7000-8000-000000000042', 'Ana'),
  ('00000000-0000-7000-8000-000000000054', 'P-2', '00000000-0000-7000-8000-000000000042', 'Bruno'),
  ('00000000-0000-7000-8000-000000000055', 'V-1', '00000000-0000-7000-8000-000000000043', 'Van 1'),
  ('00000000-0000-7000-8000-000000000056', 'T-1', '00000000-0000-7000-8000-000000000044', 'Table 1')
) as r (id, number, type_id, name);

insert into catalog.services (biz_id, id, code, name)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000061', 'massage', 'Massage');
insert into catalog.offers (biz_id, id, code, kind, name)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000062', 'massage', 'appointment', 'Massage');
insert into catalog.offer_versions (biz_id, id, offer_id, version_no)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000063',
  '00000000-0000-7000-8000-000000000062', 1);
insert into catalog.sellables (biz_id, id, kind, name, ref_type, ref_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000064', 'offer_version', 'Massage', 'OfferVersion',
  '00000000-0000-7000-8000-000000000063');

insert into booking.booking_orders (biz_id, id, number, kind, location_id, customer_id, status, starts_at, ends_at,
  timezone, business_date, currency, base_minor, total_minor)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000071', 'BK-1', 'appointment',
    '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000031', 'confirmed',
    '2027-03-01 10:00Z', '2027-03-01 11:00Z', 'Europe/Lisbon', '2027-03-01', 'EUR', 10000, 10000),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000072', 'BK-2', 'appointment',
    '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000032', 'confirmed',
    '2027-03-02 10:00Z', '2027-03-02 11:00Z', 'Europe/Lisbon', '2027-03-02', 'EUR', 10000, 10000);
insert into booking.booking_order_lines (biz_id, id, order_id, line_no, sellable_id, name, unit_price, total_minor, currency)
select '00000000-0000-7000-8000-000000000001', id::uuid, order_id::uuid, 1,
  '00000000-0000-7000-8000-000000000064', 'Massage', 100, 10000, 'EUR'
from (values
  ('00000000-0000-7000-8000-000000000073', '00000000-0000-7000-8000-000000000071'),
  ('00000000-0000-7000-8000-000000000074', '00000000-0000-7000-8000-000000000072')) as l (id, order_id);
insert into booking.fulfillment_units (biz_id, id, order_line_id, location_id, kind, planned_starts_at, planned_ends_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000075',
  '00000000-0000-7000-8000-000000000073', '00000000-0000-7000-8000-000000000011', 'service',
  '2027-03-01 10:00Z', '2027-03-01 11:00Z');
