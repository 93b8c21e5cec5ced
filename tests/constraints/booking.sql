-- given: a policy, features, a quote, orders of storage and of a series, participants, and work
insert into core.features (biz_id, id, code, name, scope)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-000000000001', 'insurance', 'Insurance', 'location'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-000000000002', 'forklift', 'Forklift', 'location');
insert into booking.booking_policies (biz_id, id, name, location_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-000000000005', 'House rules', '00000000-0000-7000-8000-000000000011');
insert into booking.quotes (biz_id, id, number, customer_id, location_id, kind, currency, subtotal_minor, total_minor, valid_until)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-000000000011', 'QU-1', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000011', 'appointment', 'EUR', 10000, 10000, '2099-01-01');
insert into booking.quote_lines (biz_id, id, quote_id, line_no, sellable_id, name, unit_price, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-000000000012', '00000000-0000-7012-8000-000000000011', 1, '00000000-0000-7000-8000-000000000064', 'Massage', 100, 10000, 'EUR');
insert into availability.recurrence_series (biz_id, id, rrule, timezone, starts_on, local_start, duration_minutes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-000000000021', 'FREQ=WEEKLY;BYDAY=MO', 'Europe/Lisbon', '2027-01-04', '10:00', 60);
update core.locations set max_unit_height_mm = 2000 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7000-8000-000000000011';
insert into booking.booking_orders (biz_id, id, number, kind, location_id, customer_id, status, starts_at, ends_at,
  timezone, business_date, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-000000000031', 'BK-12-1', 'storage', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000031', 'confirmed', '2027-03-01 10:00Z', '2027-03-04 10:00Z',
  'Europe/Lisbon', '2027-03-01', 'EUR');
insert into booking.booking_participants (biz_id, id, order_id, name, role)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-000000000041', '00000000-0000-7000-8000-000000000071', 'Clara', 'payer'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-000000000042', '00000000-0000-7000-8000-000000000071', 'Dario', 'payer'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-000000000043', '00000000-0000-7000-8000-000000000072', 'Eva', 'payer');
insert into booking.fulfillment_units (biz_id, id, order_line_id, location_id, kind, sequence)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-000000000051', '00000000-0000-7000-8000-000000000073', '00000000-0000-7000-8000-000000000011', 'service', 2), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-000000000052', '00000000-0000-7000-8000-000000000073', '00000000-0000-7000-8000-000000000011', 'service', 3), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-000000000053', '00000000-0000-7000-8000-000000000073', '00000000-0000-7000-8000-000000000011', 'service', 4);
insert into booking.fulfillment_dependencies (biz_id, predecessor_id, successor_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-000000000051', '00000000-0000-7012-8000-000000000052');

-- allowed: a quote is sent, accepted in time and becomes an order
update booking.quotes set status = 'sent', sent_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000011';
update booking.quotes set status = 'accepted', accepted_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000011';
update booking.quotes set status = 'converted', converted_order_id = '00000000-0000-7000-8000-000000000071' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000011';

-- allowed: a draft is written anew
update booking.quote_lines set voided_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000012';
insert into booking.quote_lines (biz_id, id, quote_id, line_no, sellable_id, name, unit_price, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7012-8000-000000000011', 2, '00000000-0000-7000-8000-000000000064', 'Massage', 120, 12000, 'EUR');
update booking.quotes set subtotal_minor = 12000, discount_minor = 1000, total_minor = 11000 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000011';

-- refused quotes_subtotal_sum_check: the lines of a quote sum up
insert into booking.quote_lines (biz_id, id, quote_id, line_no, sellable_id, name, unit_price, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7012-8000-000000000011', 2, '00000000-0000-7000-8000-000000000064', 'Massage', 120, 12000, 'EUR');

-- refused quotes_total_check: the total of a quote is made of its parts
update booking.quotes set total_minor = 9000 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000011';

-- refused quote_lines_draft_check: a quote that was sent gets no other lines
update booking.quotes set status = 'sent', sent_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000011';
update booking.quote_lines set voided_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000012';

-- refused quote_lines_currency_check: a line has the currency of its quote
insert into booking.quote_lines (biz_id, id, quote_id, line_no, sellable_id, name, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7012-8000-000000000011', 2, '00000000-0000-7000-8000-000000000064', 'Massage', 0, 'USD');

-- refused quote_lines_quote_immutable_check: a line stays with its quote
insert into booking.quotes (biz_id, id, number, location_id, kind, currency, valid_until)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', 'QU-A1', '00000000-0000-7000-8000-000000000011', 'appointment', 'EUR', '2099-01-01');
update booking.quote_lines set quote_id = '00000000-0000-7012-8000-0000000000a1' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000012';

-- refused quotes_sent_immutable_check: a quote that was sent is not changed
update booking.quotes set status = 'sent', sent_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000011';
update booking.quotes set discount_minor = 1000, total_minor = 9000 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000011';

-- refused quotes_in_time_check: a quote is accepted while it is valid
update booking.quotes set status = 'sent', sent_at = now(), valid_until = '2027-01-01' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000011';
update booking.quotes set status = 'accepted', accepted_at = '2027-01-01' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000011';

-- refused quotes_converted_check: a converted quote names its order
update booking.quotes set status = 'sent', sent_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000011';
update booking.quotes set status = 'accepted', accepted_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000011';
update booking.quotes set status = 'converted' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000011';

-- refused quotes_status_transition_check: a draft is not accepted
update booking.quotes set status = 'accepted', sent_at = now(), accepted_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000011';

-- refused quotes_status_reason_check: an accepted quote is not taken back without a reason
update booking.quotes set status = 'sent', sent_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000011';
update booking.quotes set status = 'withdrawn' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000011';

-- race quotes_replaces_id_key: one quote takes the place of another
insert into booking.quotes (biz_id, id, number, location_id, kind, currency, valid_until, replaces_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000b:n', 'QU-B:n', '00000000-0000-7000-8000-000000000011', 'appointment', 'EUR', '2099-01-01', '00000000-0000-7012-8000-000000000011');

-- refused booking_policies_target_key: a location has one policy
insert into booking.booking_policies (biz_id, id, name, location_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', 'Other rules', '00000000-0000-7000-8000-000000000011');

-- race booking_policies_target_key: the tenant has one policy for all
insert into booking.booking_policies (biz_id, id, name)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000c:n', 'General rules');

-- refused booking_policies_minutes_check: there are no negative minutes
update booking.booking_policies set no_show_grace_minutes = -1 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000005';

-- allowed: what was added to an order sums up
insert into booking.booking_features (biz_id, id, order_id, feature_id, name, calculation, value, units, days, amount_minor, currency)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7012-8000-000000000031', '00000000-0000-7012-8000-000000000001', 'Insurance', 'unit_per_day', 1.5, 10, 3, 4500, 'EUR'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a2', '00000000-0000-7012-8000-000000000031', '00000000-0000-7012-8000-000000000002', 'Forklift', 'flat', 20, 1, 1, 2000, 'EUR');
update booking.booking_orders set features_minor = 6500, total_minor = 6500 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000031';

-- refused booking_orders_features_sum_check: what was added to an order sums up to its amount
insert into booking.booking_features (biz_id, id, order_id, feature_id, name, calculation, value, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7012-8000-000000000031', '00000000-0000-7012-8000-000000000001', 'Insurance', 'flat', 20, 2000, 'EUR');

-- refused booking_orders_features_sum_check: the amount of features is not changed without them
update booking.booking_orders set features_minor = 6500, total_minor = 6500 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000031';

-- refused booking_features_currency_check: a feature has the currency of its order
insert into booking.booking_features (biz_id, id, order_id, feature_id, name, calculation, value, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7012-8000-000000000031', '00000000-0000-7012-8000-000000000001', 'Insurance', 'flat', 0, 0, 'USD');

-- refused booking_features_order_id_feature_id_key: a feature is added to an order once
insert into booking.booking_features (biz_id, id, order_id, feature_id, name, calculation, value, amount_minor, currency)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7012-8000-000000000031', '00000000-0000-7012-8000-000000000001', 'Insurance', 'flat', 20, 2000, 'EUR'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a2', '00000000-0000-7012-8000-000000000031', '00000000-0000-7012-8000-000000000001', 'Insurance', 'flat', 20, 2000, 'EUR');

-- refused booking_features_order_immutable_check: a feature stays with its order
insert into booking.booking_features (biz_id, id, order_id, feature_id, name, calculation, value, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7012-8000-000000000031', '00000000-0000-7012-8000-000000000001', 'Insurance', 'flat', 0, 0, 'EUR');
update booking.booking_features set order_id = '00000000-0000-7000-8000-000000000071' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-0000000000a1';

-- allowed: pallets that fit are stored
insert into booking.storage_details (biz_id, id, booking_order_id, units, unit_height_mm, unit_width_mm, goods)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7012-8000-000000000031', 10, 2000, 1200, 'Tiles');

-- refused storage_details_fit_check: pallets are no higher than the hall takes
insert into booking.storage_details (biz_id, id, booking_order_id, units, unit_height_mm, goods)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7012-8000-000000000031', 10, 2001, 'Tiles');

-- refused storage_details_storage_check: only an order of storage stores something
insert into booking.storage_details (biz_id, id, booking_order_id, units, goods)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7000-8000-000000000071', 10, 'Tiles');

-- refused storage_details_hazard_check: only dangerous goods have a class
insert into booking.storage_details (biz_id, id, booking_order_id, units, goods, hazard_class)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7012-8000-000000000031', 10, 'Petrol', '3');

-- race booking_orders_series_starts_at_key: a time of a series is booked once
insert into booking.booking_orders (biz_id, id, number, kind, location_id, status, starts_at, ends_at,
  timezone, business_date, currency, series_id, series_starts_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000d:n', 'BK-12-D:n', 'appointment', '00000000-0000-7000-8000-000000000011', 'confirmed', '2027-01-11 10:00Z', '2027-01-11 11:00Z',
  'Europe/Lisbon', '2027-01-01', 'EUR', '00000000-0000-7012-8000-000000000021', '2027-01-11 10:00Z');

-- refused booking_orders_series_check: a booking of a series says which time of it
update booking.booking_orders set series_id = '00000000-0000-7012-8000-000000000021' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7000-8000-000000000072';

-- allowed: an order is split, a part is paid, and another is handed on
update booking.booking_orders set organiser_share_minor = 3334 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7000-8000-000000000071';
insert into booking.participant_obligations (biz_id, id, order_id, participant_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7000-8000-000000000071', '00000000-0000-7012-8000-000000000041', 3333, 'EUR'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a2', '00000000-0000-7000-8000-000000000071', '00000000-0000-7012-8000-000000000042', 3333, 'EUR');
insert into booking.participant_obligation_events (biz_id, id, obligation_id, kind, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a3', '00000000-0000-7012-8000-0000000000a1', 'paid', 1000, 'EUR'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a4', '00000000-0000-7012-8000-0000000000a1', 'paid', 2333, 'EUR');
update booking.participant_obligations set status = 'paid', paid_minor = 3333 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-0000000000a1';
update booking.participant_obligations set status = 'transferred' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-0000000000a2';
insert into booking.booking_participants (biz_id, id, order_id, name, role) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a5', '00000000-0000-7000-8000-000000000071', 'Filipa', 'payer');
insert into booking.participant_obligations (biz_id, id, order_id, participant_id, amount_minor, currency, transferred_from_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a6', '00000000-0000-7000-8000-000000000071', '00000000-0000-7012-8000-0000000000a5', 3333, 'EUR', '00000000-0000-7012-8000-0000000000a2');

-- refused participant_obligations_sum_check: the shares of an order sum up to its total
update booking.booking_orders set organiser_share_minor = 3334 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7000-8000-000000000071';
insert into booking.participant_obligations (biz_id, id, order_id, participant_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7000-8000-000000000071', '00000000-0000-7012-8000-000000000041', 3333, 'EUR'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a2', '00000000-0000-7000-8000-000000000071', '00000000-0000-7012-8000-000000000042', 3334, 'EUR');

-- refused participant_obligations_sum_check: an order is not split in part
update booking.booking_orders set organiser_share_minor = 9999 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7000-8000-000000000071';

-- refused participant_obligations_same_order_check: only who takes part owes a share
update booking.booking_orders set organiser_share_minor = 0 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7000-8000-000000000071';
insert into booking.participant_obligations (biz_id, id, order_id, participant_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7000-8000-000000000071', '00000000-0000-7012-8000-000000000043', 10000, 'EUR');

-- refused participant_obligations_paid_sum_check: what is paid was paid by events
insert into booking.participant_obligations (biz_id, id, order_id, participant_id, amount_minor, currency, paid_minor, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7000-8000-000000000071', '00000000-0000-7012-8000-000000000041', 3333, 'EUR', 3333, 'paid');

-- refused participant_obligations_paid_sum_check: a payment counts
insert into booking.participant_obligations (biz_id, id, order_id, participant_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7000-8000-000000000071', '00000000-0000-7012-8000-000000000041', 3333, 'EUR');
insert into booking.participant_obligation_events (biz_id, id, obligation_id, kind, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a3', '00000000-0000-7012-8000-0000000000a1', 'paid', 1000, 'EUR');

-- refused participant_obligations_paid_check: no more is paid than is owed
insert into booking.participant_obligations (biz_id, id, order_id, participant_id, amount_minor, currency, paid_minor, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7000-8000-000000000071', '00000000-0000-7012-8000-000000000041', 3333, 'EUR', 3334, 'waived');

-- refused participant_obligations_status_check: the status says what was paid
insert into booking.participant_obligations (biz_id, id, order_id, participant_id, amount_minor, currency, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7000-8000-000000000071', '00000000-0000-7012-8000-000000000041', 3333, 'EUR', 'paid');

-- refused participant_obligations_party_immutable_check: a share stays with its participant
insert into booking.participant_obligations (biz_id, id, order_id, participant_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7000-8000-000000000071', '00000000-0000-7012-8000-000000000041', 3333, 'EUR');
update booking.participant_obligations set participant_id = '00000000-0000-7012-8000-000000000042' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-0000000000a1';

-- refused participant_obligations_status_transition_check: what is cancelled is not owed again
insert into booking.participant_obligations (biz_id, id, order_id, participant_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7000-8000-000000000071', '00000000-0000-7012-8000-000000000041', 3333, 'EUR');
update booking.participant_obligations set status = 'cancelled' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-0000000000a1';
update booking.participant_obligations set status = 'pending' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-0000000000a1';

-- refused participant_obligation_events_append_only_check: what happened is not changed
insert into booking.participant_obligations (biz_id, id, order_id, participant_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7000-8000-000000000071', '00000000-0000-7012-8000-000000000041', 3333, 'EUR');
insert into booking.participant_obligation_events (biz_id, id, obligation_id, kind, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a3', '00000000-0000-7012-8000-0000000000a1', 'reminded', 'EUR');
set local role bizing_platform;
delete from booking.participant_obligation_events where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-0000000000a3';

-- race participant_obligations_participant_id_key: eight split an order, one does
update booking.booking_orders set organiser_share_minor = 5000 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7000-8000-000000000072';
insert into booking.participant_obligations (biz_id, id, order_id, participant_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000e:n', '00000000-0000-7000-8000-000000000072', '00000000-0000-7012-8000-000000000043', 5000, 'EUR');

-- race participant_obligations_sum_check: eight newcomers take the same half of an order, one does
update booking.booking_orders set organiser_share_minor = 5000 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7000-8000-000000000071';
insert into booking.booking_participants (biz_id, id, order_id, name, role) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000001e:n', '00000000-0000-7000-8000-000000000071', 'Payer :n', 'payer');
insert into booking.participant_obligations (biz_id, id, order_id, participant_id, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000001f:n', '00000000-0000-7000-8000-000000000071', '00000000-0000-7012-8000-0000000001e:n', 5000, 'EUR');

-- allowed: work is done in its order
update booking.fulfillment_units set status = 'ready' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000051';
update booking.fulfillment_units set status = 'assigned' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000051';
update booking.fulfillment_units set status = 'in_progress' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000051';
update booking.fulfillment_units set status = 'completed' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000051';
update booking.fulfillment_units set status = 'ready' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000052';
insert into booking.fulfillment_checkpoints (biz_id, id, unit_id, code) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7012-8000-000000000051', 'arrived');
insert into booking.deliverables_proof (biz_id, id, unit_id, kind, code_hash) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a2', '00000000-0000-7012-8000-000000000051', 'code', '\x00');

-- refused fulfillment_units_dependencies_met_check: work waits for what comes before (E-77)
update booking.fulfillment_units set status = 'ready' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000052';

-- refused fulfillment_dependencies_acyclic_check: work does not wait for itself by way of others
insert into booking.fulfillment_dependencies (biz_id, predecessor_id, successor_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-000000000052', '00000000-0000-7012-8000-000000000053');
insert into booking.fulfillment_dependencies (biz_id, predecessor_id, successor_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-000000000053', '00000000-0000-7012-8000-000000000051');

-- refused fulfillment_dependencies_other_check: work does not wait for itself
insert into booking.fulfillment_dependencies (biz_id, predecessor_id, successor_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-000000000053', '00000000-0000-7012-8000-000000000053');

-- refused fulfillment_dependencies_not_begun_check: work that has begun does not begin to wait
update booking.fulfillment_units set status = 'ready' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7012-8000-000000000053';
insert into booking.fulfillment_dependencies (biz_id, predecessor_id, successor_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-000000000051', '00000000-0000-7012-8000-000000000053');

-- refused deliverables_proof_evidence_check: a signature has a picture
insert into booking.deliverables_proof (biz_id, id, unit_id, kind, signed_by) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a2', '00000000-0000-7012-8000-000000000051', 'signature', 'Clara');

-- allowed: what was asked and who came is kept
insert into booking.booking_requests_log (biz_id, id, order_id, kind, requested_by, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a1', '00000000-0000-7000-8000-000000000071', 'reschedule', 'customer', 'EUR');
insert into booking.check_ins (biz_id, id, order_id, location_id, method)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a2', '00000000-0000-7000-8000-000000000071', '00000000-0000-7000-8000-000000000011', 'qr');

-- refused check_ins_geo_check: who checked in by being near was somewhere
insert into booking.check_ins (biz_id, id, order_id, location_id, method)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7012-8000-0000000000a2', '00000000-0000-7000-8000-000000000071', '00000000-0000-7000-8000-000000000011', 'geo');
