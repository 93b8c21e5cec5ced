-- Payments, what their verbs need besides: processors that are not elsewhere, and what a try is for, so that one that was
-- cut off can be made again as it was.

alter domain payments.processor drop constraint processor_check;
alter domain payments.processor add constraint processor_check check (value in (
  'stripe', 'adyen', 'mercadopago', 'cash', 'bank', 'terminal', 'house', 'sandbox'));
comment on domain payments.processor is 'Who moves the money.
stripe: Stripe, by its HTTP API.
adyen: Adyen, by its HTTP API.
mercadopago: Mercado Pago, by its HTTP API.
cash: Nobody: it is paid in cash.
bank: A bank, by transfer.
terminal: A card terminal that is not connected.
house: The business itself: gift cards, wallets, and what is put on account.
sandbox: A processor inside the program, for development: it moves no money.';
comment on constraint processor_check on domain payments.processor is 'Unknown processor.';

create domain payments.attempt_operation as text constraint attempt_operation_check check (value in (
  'charge', 'authorize', 'increment', 'capture', 'void'));
comment on domain payments.attempt_operation is 'What the processor is asked to do.
charge: To authorize and take money in one go.
authorize: To reserve money.
increment: To reserve more on the same authorization.
capture: To take what was reserved, all or in part.
void: To release what was reserved and not taken.';
comment on constraint attempt_operation_check on domain payments.attempt_operation is 'Unknown operation.';

alter table payments.payment_attempts
  add column operation payments.attempt_operation not null default 'charge',
  add column amount_minor bigint,
  add column currency char(3),
  add column is_final boolean not null default true,
  add column method_ref text,
  add constraint payment_attempts_currency_fkey foreign key (currency)
    references core.currencies (code),
  add constraint payment_attempts_amount_check check (amount_minor > 0 and (amount_minor is null or currency is not null)),
  add constraint payment_attempts_method_ref_check check (
    btrim(method_ref) <> '' and length(method_ref) <= 200 and regexp_replace(method_ref, '[ -]', '', 'g') !~ '^[0-9]{12,19}$');
comment on table payments.payment_attempts is 'One try to do something with one part of a payment at a processor. Written before the processor is called, so that a crash leaves a trace, and the call can be made again as it was.';
comment on column payments.payment_attempts.operation is 'What the processor is asked to do.';
comment on column payments.payment_attempts.amount_minor is 'Of how much, tip included; none where a hold is released.';
comment on column payments.payment_attempts.currency is 'Currency of the amount: that of the part of the payment.';
comment on column payments.payment_attempts.is_final is 'Whether nothing more is taken after it: what is left of the authorization is released.';
comment on column payments.payment_attempts.method_ref is 'What stands for the way to pay at the processor, such as a token; never the number of a card.';
comment on constraint payment_attempts_amount_check on payments.payment_attempts is 'A try is of more than zero, in a currency.';
comment on constraint payment_attempts_currency_fkey on payments.payment_attempts is 'Must be an existing currency.';
comment on constraint payment_attempts_method_ref_check on payments.payment_attempts is 'A way to pay is named by a token of the processor, never by the number of a card.';

alter table payments.processor_accounts
  alter column country drop not null,
  add column credentials_sealed bytea;
comment on column payments.processor_accounts.credentials_sealed is 'Its secrets (key of the API, secret of its messages), sealed by the server.';

-- What was missing among the legal moves: a payment whose declined part is replaced may wait to be taken at once; money in
-- parts may be released by running out.
insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('payment_intent', 'requires_payment_method', 'requires_capture', false),
  ('payment_intent', 'requires_capture', 'requires_payment_method', false);
