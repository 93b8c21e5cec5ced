-- given: an account at a processor, and 100.00 taken for a booking
insert into payments.processor_accounts (biz_id, id, name, processor, external_account_id, country, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000001', 'Stripe', 'stripe', 'acct_1', 'PT', 'active'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000002', 'Adyen', 'adyen', 'acct_2', 'PT', 'active');
insert into payments.payment_methods (biz_id, id, customer_id, kind, processor_account_id, external_id, last4, is_default)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000003', '00000000-0000-7000-8000-000000000031', 'card', '00000000-0000-7010-8000-000000000001', 'pm_1', '4242', true);
insert into payments.payment_intents (biz_id, id, number, source_type, source_id, customer_id, location_id, business_date, currency, amount_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000010', 'PAY-1', 'BookingOrder', '00000000-0000-7000-8000-000000000071', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000011', '2027-03-01', 'EUR', 10000);
insert into payments.payment_intent_tenders (biz_id, id, intent_id, seq, kind, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000011', '00000000-0000-7010-8000-000000000010', 1, 'card', 10000, 'EUR');
update payments.payment_intents set status = 'processing', authorized_minor = 10000, capturable_minor = 10000 where id = '00000000-0000-7010-8000-000000000010';
update payments.payment_intents set status = 'succeeded', capturable_minor = 0, captured_minor = 10000 where id = '00000000-0000-7010-8000-000000000010';
insert into payments.payment_transactions (biz_id, id, intent_id, processor_account_id, kind, outcome, amount_minor, currency, external_id, occurred_at, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000012', '00000000-0000-7010-8000-000000000010', '00000000-0000-7010-8000-000000000001', 'capture', 'succeeded', 10000, 'EUR', '00000000-0000-7010-8000-000000000012', now(), '2027-03-01');
-- allowed: a payment is split, authorized, and taken in two goes
insert into payments.payment_intents (biz_id, id, number, business_date, currency, amount_minor, capture_mode)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000020', 'PAY-2', '2027-03-01', 'JPY', 500, 'manual_multiple');
insert into payments.payment_intent_tenders (biz_id, id, intent_id, seq, kind, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000021', '00000000-0000-7010-8000-000000000020', 1, 'card', 167, 'JPY'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000022', '00000000-0000-7010-8000-000000000020', 2, 'card', 167, 'JPY'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000023', '00000000-0000-7010-8000-000000000020', 3, 'cash', 166, 'JPY');
update payments.payment_intents set status = 'processing' where id = '00000000-0000-7010-8000-000000000020';
update payments.payment_intents set status = 'requires_capture', authorized_minor = 500, capturable_minor = 500 where id = '00000000-0000-7010-8000-000000000020';
update payments.payment_intents set status = 'partially_captured', capturable_minor = 200, captured_minor = 300 where id = '00000000-0000-7010-8000-000000000020';
insert into payments.payment_transactions (biz_id, id, intent_id, processor_account_id, kind, outcome, amount_minor, currency, external_id, occurred_at, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000024', '00000000-0000-7010-8000-000000000020', '00000000-0000-7010-8000-000000000001', 'capture', 'succeeded', 300, 'JPY', 'ch_1', now(), '2027-03-01');
update payments.payment_intents set status = 'succeeded', capturable_minor = 0 where id = '00000000-0000-7010-8000-000000000020';
-- refused payment_intents_tenders_sum_check: the parts of a payment sum up to it
insert into payments.payment_intents (biz_id, id, number, source_type, source_id, customer_id, location_id, business_date, currency, amount_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000020', 'PAY-2', 'BookingOrder', '00000000-0000-7000-8000-000000000071', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000011', '2027-03-01', 'EUR', 10000);
insert into payments.payment_intent_tenders (biz_id, id, intent_id, seq, kind, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000021', '00000000-0000-7010-8000-000000000020', 1, 'card', 9999, 'EUR');
-- refused payment_intents_tenders_sum_check: a part that is replaced is replaced in full
update payments.payment_intent_tenders set status = 'canceled' where id = '00000000-0000-7010-8000-000000000011';
-- refused payment_intents_captured_check: no more is taken than was authorized
insert into payments.payment_intents (biz_id, id, number, source_type, source_id, customer_id, location_id, business_date, currency, amount_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000020', 'PAY-2', 'BookingOrder', '00000000-0000-7000-8000-000000000071', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000011', '2027-03-01', 'EUR', 10000);
insert into payments.payment_intent_tenders (biz_id, id, intent_id, seq, kind, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000021', '00000000-0000-7010-8000-000000000020', 1, 'card', 10000, 'EUR');
update payments.payment_intents set status = 'processing', authorized_minor = 10000, captured_minor = 10001 where id = '00000000-0000-7010-8000-000000000020';
-- refused payment_intents_captures_sum_check: what was taken has its captures
insert into payments.payment_intents (biz_id, id, number, source_type, source_id, customer_id, location_id, business_date, currency, amount_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000020', 'PAY-2', 'BookingOrder', '00000000-0000-7000-8000-000000000071', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000011', '2027-03-01', 'EUR', 10000);
insert into payments.payment_intent_tenders (biz_id, id, intent_id, seq, kind, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000021', '00000000-0000-7010-8000-000000000020', 1, 'card', 10000, 'EUR');
update payments.payment_intents set status = 'processing', authorized_minor = 10000, captured_minor = 10000 where id = '00000000-0000-7010-8000-000000000020';
-- refused payment_intents_captures_sum_check: a second capture does not go unnoticed
insert into payments.payment_transactions (biz_id, id, intent_id, processor_account_id, kind, outcome, amount_minor, currency, external_id, occurred_at, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000013', '00000000-0000-7010-8000-000000000010', '00000000-0000-7010-8000-000000000001', 'capture', 'succeeded', 10000, 'EUR', '00000000-0000-7010-8000-000000000013', now(), '2027-03-01');
-- refused payment_transactions_external_id_kind_key: a movement of the processor counts once
insert into payments.payment_transactions (biz_id, id, intent_id, processor_account_id, kind, outcome, amount_minor, currency, external_id, occurred_at, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000013', '00000000-0000-7010-8000-000000000010', '00000000-0000-7010-8000-000000000001', 'capture', 'succeeded', 10000, 'EUR', '00000000-0000-7010-8000-000000000012', now(), '2027-03-01');
-- refused payment_intents_canceled_check: what was taken is refunded, not canceled
insert into payments.payment_intents (biz_id, id, number, source_type, source_id, customer_id, location_id, business_date, currency, amount_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000020', 'PAY-2', 'BookingOrder', '00000000-0000-7000-8000-000000000071', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000011', '2027-03-01', 'EUR', 10000);
insert into payments.payment_intent_tenders (biz_id, id, intent_id, seq, kind, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000021', '00000000-0000-7010-8000-000000000020', 1, 'card', 10000, 'EUR');
update payments.payment_intents set status = 'canceled', authorized_minor = 10000, captured_minor = 5000 where id = '00000000-0000-7010-8000-000000000020';
-- refused payment_intents_status_transition_check: a payment that succeeded stays so
update payments.payment_intents set status = 'processing' where id = '00000000-0000-7010-8000-000000000010';
-- refused payment_intents_provider_version_forward_check: an older message changes nothing
update payments.payment_intents set provider_version = 5 where id = '00000000-0000-7010-8000-000000000010';
update payments.payment_intents set provider_version = 4 where id = '00000000-0000-7010-8000-000000000010';
-- refused payment_intents_captured_forward_check: what was taken stays taken
update payments.payment_intents set captured_minor = 9000 where id = '00000000-0000-7010-8000-000000000010';
-- refused payment_intents_terms_immutable_check: a payment keeps its currency
update payments.payment_intents set currency = 'USD' where id = '00000000-0000-7010-8000-000000000010';
-- allowed: a refund is asked for, sent, done, and returned by the bank
update payments.payment_intents set refund_reserved_minor = refund_reserved_minor + 6000 where id = '00000000-0000-7010-8000-000000000010';
insert into payments.refunds (biz_id, id, number, intent_id, amount_minor, currency, reason, business_date, requested_by_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000030', 'RF-1', '00000000-0000-7010-8000-000000000010', 6000, 'EUR', 'cancellation', '2027-03-01', '00000000-0000-7000-8000-00000000000a');
insert into payments.refund_allocations (biz_id, id, refund_id, source_line_type, source_line_id, line_captured_minor, amount_minor, tax_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000031', '00000000-0000-7010-8000-000000000030', 'BookingOrderLine', '00000000-0000-7000-8000-000000000073', 10000, 6000, 500, 'EUR');
update payments.refunds set status = 'processing' where id = '00000000-0000-7010-8000-000000000030';
update payments.refunds set status = 'succeeded', succeeded_at = now() where id = '00000000-0000-7010-8000-000000000030';
update payments.payment_intents set refunded_minor = 6000 where id = '00000000-0000-7010-8000-000000000010';
set constraints all immediate;
set constraints all deferred;
update payments.refunds set status = 'failed' where id = '00000000-0000-7010-8000-000000000030';
update payments.payment_intents set refunded_minor = 0, refund_reserved_minor = 0 where id = '00000000-0000-7010-8000-000000000010';
-- refused payment_intents_refundable_check: no more goes back than was taken
update payments.payment_intents set refund_reserved_minor = refund_reserved_minor + 10001 where id = '00000000-0000-7010-8000-000000000010';
-- refused payment_intents_refundable_check: what is disputed is not refunded as well
insert into payments.disputes (biz_id, id, intent_id, processor_account_id, external_id, reason, amount_minor, currency, reserved_minor, status, opened_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000040', '00000000-0000-7010-8000-000000000010', '00000000-0000-7010-8000-000000000001', 'dp_1', 'fraudulent', 5000, 'EUR', 5000, 'needs_response', now());
update payments.payment_intents set dispute_reserved_minor = 5000 where id = '00000000-0000-7010-8000-000000000010';
update payments.payment_intents set refund_reserved_minor = refund_reserved_minor + 5001 where id = '00000000-0000-7010-8000-000000000010';
-- refused payment_intents_refunds_sum_check: a refund is reserved before it is made
insert into payments.refunds (biz_id, id, number, intent_id, amount_minor, currency, reason, business_date, requested_by_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000030', 'RF-1', '00000000-0000-7010-8000-000000000010', 6000, 'EUR', 'cancellation', '2027-03-01', '00000000-0000-7000-8000-00000000000a');
-- refused payment_intents_refunds_sum_check: a refund that failed gives its amount back
update payments.payment_intents set refund_reserved_minor = refund_reserved_minor + 6000 where id = '00000000-0000-7010-8000-000000000010';
insert into payments.refunds (biz_id, id, number, intent_id, amount_minor, currency, reason, business_date, requested_by_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000030', 'RF-1', '00000000-0000-7010-8000-000000000010', 6000, 'EUR', 'cancellation', '2027-03-01', '00000000-0000-7000-8000-00000000000a');
update payments.refunds set status = 'failed' where id = '00000000-0000-7010-8000-000000000030';
-- refused refunds_status_transition_check: a refund fails once
update payments.payment_intents set refund_reserved_minor = refund_reserved_minor + 6000 where id = '00000000-0000-7010-8000-000000000010';
insert into payments.refunds (biz_id, id, number, intent_id, amount_minor, currency, reason, business_date, requested_by_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000030', 'RF-1', '00000000-0000-7010-8000-000000000010', 6000, 'EUR', 'cancellation', '2027-03-01', '00000000-0000-7000-8000-00000000000a');
update payments.refunds set status = 'failed' where id = '00000000-0000-7010-8000-000000000030';
update payments.refunds set status = 'canceled' where id = '00000000-0000-7010-8000-000000000030';
-- refused refunds_amount_check: a refund is of more than zero
insert into payments.refunds (biz_id, id, number, intent_id, amount_minor, currency, reason, business_date, requested_by_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000030', 'RF-1', '00000000-0000-7010-8000-000000000010', -6000, 'EUR', 'cancellation', '2027-03-01', '00000000-0000-7000-8000-00000000000a');
-- refused refunds_two_person_check: nobody approves a refund of their own
update payments.payment_intents set refund_reserved_minor = refund_reserved_minor + 6000 where id = '00000000-0000-7010-8000-000000000010';
insert into payments.refunds (biz_id, id, number, intent_id, amount_minor, currency, reason, business_date, requested_by_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000030', 'RF-1', '00000000-0000-7010-8000-000000000010', 6000, 'EUR', 'cancellation', '2027-03-01', '00000000-0000-7000-8000-00000000000a');
update payments.refunds set approved_by_id = '00000000-0000-7000-8000-00000000000a' where id = '00000000-0000-7010-8000-000000000030';
-- refused refunds_allocations_sum_check: the parts of a refund sum up to it
update payments.payment_intents set refund_reserved_minor = refund_reserved_minor + 6000 where id = '00000000-0000-7010-8000-000000000010';
insert into payments.refunds (biz_id, id, number, intent_id, amount_minor, currency, reason, business_date, requested_by_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000030', 'RF-1', '00000000-0000-7010-8000-000000000010', 6000, 'EUR', 'cancellation', '2027-03-01', '00000000-0000-7000-8000-00000000000a');
insert into payments.refund_allocations (biz_id, id, refund_id, source_line_type, source_line_id, line_captured_minor, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000031', '00000000-0000-7010-8000-000000000030', 'BookingOrderLine', '00000000-0000-7000-8000-000000000073', 10000, 5999, 'EUR');
-- refused refund_allocations_line_sum_check: two refunds of a line stay within what was paid for it
update payments.payment_intents set refund_reserved_minor = refund_reserved_minor + 8000 where id = '00000000-0000-7010-8000-000000000010';
insert into payments.refunds (biz_id, id, number, intent_id, amount_minor, currency, reason, business_date, requested_by_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000030', 'RF-1', '00000000-0000-7010-8000-000000000010', 4000, 'EUR', 'cancellation', '2027-03-01', '00000000-0000-7000-8000-00000000000a');
insert into payments.refunds (biz_id, id, number, intent_id, amount_minor, currency, reason, business_date, requested_by_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000032', 'RF-2', '00000000-0000-7010-8000-000000000010', 4000, 'EUR', 'cancellation', '2027-03-01', '00000000-0000-7000-8000-00000000000a');
insert into payments.refund_allocations (biz_id, id, refund_id, source_line_type, source_line_id, line_captured_minor, amount_minor, currency)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000031', '00000000-0000-7010-8000-000000000030', 'BookingOrderLine', '00000000-0000-7000-8000-000000000073', 5000, 4000, 'EUR'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000033', '00000000-0000-7010-8000-000000000032', 'BookingOrderLine', '00000000-0000-7000-8000-000000000073', 5000, 4000, 'EUR');
-- allowed: a chargeback after a full refund is recorded, and shown
update payments.payment_intents set refund_reserved_minor = refund_reserved_minor + 10000 where id = '00000000-0000-7010-8000-000000000010';
insert into payments.refunds (biz_id, id, number, intent_id, amount_minor, currency, reason, business_date, requested_by_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000030', 'RF-1', '00000000-0000-7010-8000-000000000010', 10000, 'EUR', 'cancellation', '2027-03-01', '00000000-0000-7000-8000-00000000000a');
insert into payments.disputes (biz_id, id, intent_id, processor_account_id, external_id, reason, amount_minor, currency, reserved_minor, status, opened_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000040', '00000000-0000-7010-8000-000000000010', '00000000-0000-7010-8000-000000000001', 'dp_1', 'fraudulent', 10000, 'EUR', 10000, 'needs_response', now());
update payments.payment_intents set dispute_reserved_minor = 10000 where id = '00000000-0000-7010-8000-000000000010';
do $$ begin
  if not (select is_overexposed from payments.payment_intents where id = '00000000-0000-7010-8000-000000000010') then raise 'not shown'; end if;
end $$;
-- refused payment_intents_disputes_sum_check: an open dispute counts on its payment
insert into payments.disputes (biz_id, id, intent_id, processor_account_id, external_id, reason, amount_minor, currency, reserved_minor, status, opened_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000040', '00000000-0000-7010-8000-000000000010', '00000000-0000-7010-8000-000000000001', 'dp_1', 'fraudulent', 10000, 'EUR', 10000, 'needs_response', now());
-- refused disputes_open_key: a dispute is open once
insert into payments.disputes (biz_id, id, intent_id, processor_account_id, external_id, reason, amount_minor, currency, reserved_minor, status, opened_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000040', '00000000-0000-7010-8000-000000000010', '00000000-0000-7010-8000-000000000001', 'dp_1', 'fraudulent', 5000, 'EUR', 5000, 'needs_response', now());
insert into payments.disputes (biz_id, id, intent_id, processor_account_id, external_id, reason, amount_minor, currency, reserved_minor, status, opened_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000041', '00000000-0000-7010-8000-000000000010', '00000000-0000-7010-8000-000000000001', 'dp_1', 'fraudulent', 5000, 'EUR', 5000, 'needs_response', now());
-- refused dispute_evidence_submitted_immutable_check: evidence that was sent stays
insert into payments.disputes (biz_id, id, intent_id, processor_account_id, external_id, reason, amount_minor, currency, reserved_minor, status, opened_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000040', '00000000-0000-7010-8000-000000000010', '00000000-0000-7010-8000-000000000001', 'dp_1', 'fraudulent', 5000, 'EUR', 5000, 'warning_needs_response', now());
insert into payments.dispute_evidence (biz_id, id, dispute_id, kind, text, submitted_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000042', '00000000-0000-7010-8000-000000000040', 'statement', 'She was here', now());
update payments.dispute_evidence set text = 'She was not' where id = '00000000-0000-7010-8000-000000000042';
-- refused payment_attempts_in_flight_key: a part is tried once at a time
insert into payments.payment_attempts (biz_id, id, tender_id, attempt_no, processor_account_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000014', '00000000-0000-7010-8000-000000000011', 1, '00000000-0000-7010-8000-000000000001'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000015', '00000000-0000-7010-8000-000000000011', 2, '00000000-0000-7010-8000-000000000001');
-- refused payment_methods_default_key: a customer has one default
insert into payments.payment_methods (biz_id, id, customer_id, kind, processor_account_id, external_id, last4, is_default)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000004', '00000000-0000-7000-8000-000000000031', 'card', '00000000-0000-7010-8000-000000000001', 'pm_2', '4343', true);
-- refused payment_methods_no_pan_check: a card number is never stored
insert into payments.payment_methods (biz_id, id, customer_id, kind, processor_account_id, external_id, label)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000004', '00000000-0000-7000-8000-000000000031', 'card', '00000000-0000-7010-8000-000000000001', 'pm_2', '4242 4242 4242 4242');
-- refused payment_methods_last4_check: four digits are kept
insert into payments.payment_methods (biz_id, id, customer_id, kind, processor_account_id, external_id, last4)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000004', '00000000-0000-7000-8000-000000000031', 'card', '00000000-0000-7010-8000-000000000001', 'pm_2', '42424');
-- allowed: a settlement is taken in, closed and reconciled
insert into payments.settlement_batches (biz_id, id, processor_account_id, external_id, starts_on, ends_on, currency, gross_minor, fee_minor, net_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000050', '00000000-0000-7010-8000-000000000001', 'po_1', '2027-03-01', '2027-03-02', 'EUR', 10000, 150, 9850);
insert into payments.settlement_entries (biz_id, id, batch_id, transaction_id, kind, amount_minor, fee_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000051', '00000000-0000-7010-8000-000000000050', '00000000-0000-7010-8000-000000000012', 'payment', 10000, 150, 'EUR');
update payments.settlement_batches set status = 'closed' where id = '00000000-0000-7010-8000-000000000050';
update payments.settlement_batches set status = 'reconciled' where id = '00000000-0000-7010-8000-000000000050';
-- refused settlement_batches_entries_sum_check: a closed settlement has all its lines
insert into payments.settlement_batches (biz_id, id, processor_account_id, external_id, starts_on, ends_on, currency, gross_minor, fee_minor, net_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000050', '00000000-0000-7010-8000-000000000001', 'po_1', '2027-03-01', '2027-03-02', 'EUR', 10000, 150, 9850);
update payments.settlement_batches set status = 'closed' where id = '00000000-0000-7010-8000-000000000050';
-- refused settlement_batches_net_check: net is gross less fees
insert into payments.settlement_batches (biz_id, id, processor_account_id, external_id, starts_on, ends_on, currency, gross_minor, fee_minor, net_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000050', '00000000-0000-7010-8000-000000000001', 'po_1', '2027-03-01', '2027-03-02', 'EUR', 10000, 150, 9851);
-- refused settlement_entries_batch_open_check: nothing is added to a closed settlement
insert into payments.settlement_batches (biz_id, id, processor_account_id, external_id, starts_on, ends_on, currency, gross_minor, fee_minor, net_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000050', '00000000-0000-7010-8000-000000000001', 'po_1', '2027-03-01', '2027-03-02', 'EUR', 0, 0, 0);
update payments.settlement_batches set status = 'closed' where id = '00000000-0000-7010-8000-000000000050';
insert into payments.settlement_entries (biz_id, id, batch_id, kind, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000051', '00000000-0000-7010-8000-000000000050', 'adjustment', 100, 'EUR');
-- refused settlement_entries_currency_check: a line has the currency of its settlement
insert into payments.settlement_batches (biz_id, id, processor_account_id, external_id, starts_on, ends_on, currency, gross_minor, fee_minor, net_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000050', '00000000-0000-7010-8000-000000000001', 'po_1', '2027-03-01', '2027-03-02', 'EUR', 100, 0, 100);
insert into payments.settlement_entries (biz_id, id, batch_id, kind, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000051', '00000000-0000-7010-8000-000000000050', 'adjustment', 100, 'USD');
-- refused settlement_batches_closed_immutable_check: a closed settlement keeps its amounts
insert into payments.settlement_batches (biz_id, id, processor_account_id, external_id, starts_on, ends_on, currency, gross_minor, fee_minor, net_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000050', '00000000-0000-7010-8000-000000000001', 'po_1', '2027-03-01', '2027-03-02', 'EUR', 0, 0, 0);
update payments.settlement_batches set status = 'closed' where id = '00000000-0000-7010-8000-000000000050';
update payments.settlement_batches set gross_minor = 100, net_minor = 100 where id = '00000000-0000-7010-8000-000000000050';
-- refused payouts_entries_sum_check: the parts of a payout that was paid sum up to it
insert into payments.payouts (biz_id, id, number, processor_account_id, currency, amount_minor, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000060', 'PO-1', '00000000-0000-7010-8000-000000000001', 'EUR', 9850, 'in_transit');
update payments.payouts set status = 'paid' where id = '00000000-0000-7010-8000-000000000060';
-- refused payouts_parties_check: a payout comes from or goes to somebody
insert into payments.payouts (biz_id, id, number, currency, amount_minor) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000060', 'PO-1', 'EUR', 9850);
-- refused payouts_status_transition_check: a payout that was called off stays so
insert into payments.payouts (biz_id, id, number, processor_account_id, currency, amount_minor) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000060', 'PO-1', '00000000-0000-7010-8000-000000000001', 'EUR', 9850);
update payments.payouts set status = 'canceled' where id = '00000000-0000-7010-8000-000000000060';
update payments.payouts set status = 'paid' where id = '00000000-0000-7010-8000-000000000060';
-- refused transfers_reversed_check: no more moves back than moved
insert into payments.transfers (biz_id, id, number, from_account_id, to_account_id, amount_minor, reversed_minor, currency, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000061', 'TR-1', '00000000-0000-7010-8000-000000000001', '00000000-0000-7010-8000-000000000002', 1000, 1001, 'EUR', 'succeeded');
-- refused fees_source_check: a fee is for one thing
insert into payments.fees (biz_id, id, processor_account_id, kind, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000062', '00000000-0000-7010-8000-000000000001', 'processing', 150, 'EUR');
-- refused webhook_events_message_immutable_check: a message stays as it came
insert into payments.webhook_events (biz_id, id, processor_account_id, external_event_id, type, payload)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000070', '00000000-0000-7010-8000-000000000001', 'evt_1', 'charge.captured', '{}');
update payments.webhook_events set payload = '{"a": 1}' where id = '00000000-0000-7010-8000-000000000070';
-- refused webhook_events_status_transition_check: a message is applied once
insert into payments.webhook_events (biz_id, id, processor_account_id, external_event_id, type, payload)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000070', '00000000-0000-7010-8000-000000000001', 'evt_1', 'charge.captured', '{}');
update payments.webhook_events set status = 'processing' where id = '00000000-0000-7010-8000-000000000070';
update payments.webhook_events set status = 'processed', processed_at = now() where id = '00000000-0000-7010-8000-000000000070';
update payments.webhook_events set status = 'processing' where id = '00000000-0000-7010-8000-000000000070';
-- refused payment_links_uses_check: a link is paid as often as it may be
insert into payments.payment_links (biz_id, id, source_type, source_id, amount_minor, currency, token_hash, uses)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000071', 'BookingOrder', '00000000-0000-7000-8000-000000000071', 100, 'EUR', '\x01', 2);
-- race payment_intents_refundable_check: inv07 of many refunds of 60.00 of a payment of 100.00 one is made
update payments.payment_intents set refund_reserved_minor = refund_reserved_minor + 6000 where id = '00000000-0000-7010-8000-000000000010';
insert into payments.refunds (biz_id, id, number, intent_id, amount_minor, currency, reason, business_date, requested_by_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-00000000008:n', 'RF-8:n', '00000000-0000-7010-8000-000000000010', 6000, 'EUR', 'cancellation', '2027-03-01', '00000000-0000-7000-8000-00000000000a');
-- race webhook_events_processor_account_id_external_event_id_key: a message that comes eight times is stored once
insert into payments.webhook_events (biz_id, id, processor_account_id, external_event_id, type, payload)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-00000000009:n', '00000000-0000-7010-8000-000000000001', 'evt_9', 'charge.captured', '{}');
-- given: a payment of 100.00 that was authorized
insert into payments.payment_intents (biz_id, id, number, source_type, source_id, customer_id, location_id, business_date, currency, amount_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000080', 'PAY-8', 'BookingOrder', '00000000-0000-7000-8000-000000000071', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000011', '2027-03-01', 'EUR', 10000);
insert into payments.payment_intent_tenders (biz_id, id, intent_id, seq, kind, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-000000000081', '00000000-0000-7010-8000-000000000080', 1, 'card', 10000, 'EUR');
update payments.payment_intents set status = 'processing', capture_mode = 'manual_multiple' where id = '00000000-0000-7010-8000-000000000080';
update payments.payment_intents set status = 'requires_capture', authorized_minor = 10000, capturable_minor = 10000 where id = '00000000-0000-7010-8000-000000000080';
-- race payment_intents_capturable_check: inv09 of many captures of 60.00 of 100.00 one is made
update payments.payment_intents set status = 'partially_captured', capturable_minor = capturable_minor - 6000, captured_minor = captured_minor + 6000 where id = '00000000-0000-7010-8000-000000000080';
insert into payments.payment_transactions (biz_id, id, intent_id, processor_account_id, kind, outcome, amount_minor, currency, external_id, occurred_at, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7010-8000-0000000000a:n', '00000000-0000-7010-8000-000000000080', '00000000-0000-7010-8000-000000000001', 'capture', 'succeeded', 6000, 'EUR', '00000000-0000-7010-8000-0000000000a:n', now(), '2027-03-01');
