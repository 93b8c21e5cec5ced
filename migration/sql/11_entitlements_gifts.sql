-- Gift cards and vouchers: what is sold, the instruments with their balances, and their journals. A code is shown once and
-- kept as a hash. Activities, redemptions and expirations add up to the balance, and each says what was left after it:
-- a verb first changes the balance in a guarded update, then writes the journal row.

-- Kinds and statuses -------------------------------------------------------------------------------------------------

create domain entitlements.gift_kind as text constraint gift_kind_check check (value in (
  'card', 'voucher'));
comment on domain entitlements.gift_kind is 'What form a gift has.
card: A card, of plastic or in a mail.
voucher: A voucher, printed or in a mail, usually used up at once.';
comment on constraint gift_kind_check on domain entitlements.gift_kind is 'Unknown kind of gift.';

create domain entitlements.gift_status as text constraint gift_status_check check (value in (
  'pending', 'active', 'blocked', 'depleted', 'expired', 'deactivated'));
comment on domain entitlements.gift_status is 'Where a gift card or voucher stands.
pending: It was made, and is not paid or not activated yet.
active: It can be used.
blocked: It cannot be used for now, for instance as it was reported lost.
depleted: All of it is used; it can be loaded again where the product allows.
expired: It ran out of time; where the law extends it, it is active again.
deactivated: It is out of use for good; its value was moved elsewhere.';
comment on constraint gift_status_check on domain entitlements.gift_status is 'Unknown status of a gift card.';

create domain entitlements.gift_activity_kind as text constraint gift_activity_kind_check check (value in (
  'activate', 'load', 'adjust', 'block', 'unblock', 'deactivate', 'refund_to', 'clear', 'import'));
comment on domain entitlements.gift_activity_kind is 'What happened to a gift card, apart from its use.
activate: It was put into use with its first value.
load: Value was added.
adjust: Staff corrected its value.
block: It was blocked.
unblock: It was released.
deactivate: It was taken out of use, and its value moved elsewhere.
refund_to: A refund was paid onto it.
clear: Its value was paid out, as the law may allow for small rests.
import: It was taken over from another system with its value.';
comment on constraint gift_activity_kind_check on domain entitlements.gift_activity_kind is 'Unknown kind of gift activity.';

create domain entitlements.gift_transfer_status as text constraint gift_transfer_status_check check (value in (
  'requested', 'completed', 'cancelled'));
comment on domain entitlements.gift_transfer_status is 'Where the passing on of a gift card stands.
requested: It was asked for.
completed: The new holder has a new code, and the old code is void.
cancelled: It was called off.';
comment on constraint gift_transfer_status_check on domain entitlements.gift_transfer_status is 'Unknown status of a gift transfer.';

create domain entitlements.gift_expiration_kind as text constraint gift_expiration_kind_check check (value in (
  'expired', 'extended'));
comment on domain entitlements.gift_expiration_kind is 'Whether value lapsed or came back.
expired: The time ran out, and the value lapsed.
extended: The time was extended; lapsed value came back.';
comment on constraint gift_expiration_kind_check on domain entitlements.gift_expiration_kind is 'Unknown kind of expiration.';

-- gift_products ------------------------------------------------------------------------------------------------------

create table entitlements.gift_products (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  kind entitlements.gift_kind not null default 'card',
  sellable_id uuid,
  currency char(3) not null,
  offered_amounts bigint[] not null default '{}',
  min_minor bigint not null,
  max_minor bigint not null,
  validity_months integer,
  is_reloadable boolean not null default false,
  is_transferable boolean not null default true,
  requires_pin boolean not null default false,
  is_active boolean not null default true,
  constraint gift_products_pkey primary key (biz_id, id),
  constraint gift_products_sellable_id_fkey foreign key (biz_id, sellable_id)
    references catalog.sellables (biz_id, id),
  constraint gift_products_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint gift_products_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint gift_products_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint gift_products_amounts_check check (min_minor > 0 and max_minor >= min_minor),
  constraint gift_products_offered_check check (
    min_minor <= all (offered_amounts) and max_minor >= all (offered_amounts)),
  constraint gift_products_validity_check check (validity_months between 1 and 1200)
);
comment on table entitlements.gift_products is 'A gift card or voucher as it is sold: its amounts, how long it lasts, and what may be done with it.';
comment on column entitlements.gift_products.code is 'Short name used by staff and imports.';
comment on column entitlements.gift_products.name is 'Name shown to customers.';
comment on column entitlements.gift_products.kind is 'What form it has.';
comment on column entitlements.gift_products.sellable_id is 'What is sold; none while the product is being put together.';
comment on column entitlements.gift_products.currency is 'Currency of its cards.';
comment on column entitlements.gift_products.offered_amounts is 'Amounts that are offered, in minor units; none means any between the least and the greatest.';
comment on column entitlements.gift_products.min_minor is 'Least amount, in minor units.';
comment on column entitlements.gift_products.max_minor is 'Greatest amount that a card may hold, in minor units.';
comment on column entitlements.gift_products.validity_months is 'How many months after activation it expires; none means never.';
comment on column entitlements.gift_products.is_reloadable is 'Whether value can be added later.';
comment on column entitlements.gift_products.is_transferable is 'Whether its holder can pass it on with a new code.';
comment on column entitlements.gift_products.requires_pin is 'Whether a PIN is asked for beside the code.';
comment on column entitlements.gift_products.is_active is 'Whether it is sold.';
comment on constraint gift_products_code_check on entitlements.gift_products is 'A code is required, of 60 characters at most.';
comment on constraint gift_products_name_check on entitlements.gift_products is 'A name is required, of 200 characters at most.';
comment on constraint gift_products_amounts_check on entitlements.gift_products is 'The least amount is more than nothing, and the greatest not below it.';
comment on constraint gift_products_offered_check on entitlements.gift_products is 'Every amount offered lies between the least and the greatest.';
comment on constraint gift_products_validity_check on entitlements.gift_products is 'A card lasts at least a month.';

create trigger gift_products_currency_immutable
  before update of currency on entitlements.gift_products
  for each row when (
    old.currency is distinct from new.currency)
  execute function availability.refuse_update('gift_products_currency_immutable_check', 'The currency of a gift product is never changed.');

call core.install_table('entitlements.gift_products', 'M', 'engp', registrable => true);
create unique index gift_products_code_key on entitlements.gift_products (biz_id, code)
  where deleted_at is null;
comment on index entitlements.gift_products_code_key is 'Another gift product has this code.';
create unique index gift_products_sellable_id_key on entitlements.gift_products (biz_id, sellable_id)
  where deleted_at is null and sellable_id is not null;
comment on index entitlements.gift_products_sellable_id_key is 'This sellable belongs to another gift product.';

create constraint trigger gift_products_sellable_check
  after insert or update of sellable_id on entitlements.gift_products
  deferrable initially deferred
  for each row when (new.sellable_id is not null)
  execute function entitlements.check_sellable('GiftProduct', 'gift_products_sellable_check');
comment on constraint gift_products_sellable_check on entitlements.gift_products is 'The sellable of a gift product must be one that sells this product.';

-- gift_instruments ---------------------------------------------------------------------------------------------------

create table entitlements.gift_instruments (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  gift_product_id uuid,
  kind entitlements.gift_kind not null,
  code_hash bytea not null,
  code_last4 text not null,
  pin_phc text,
  currency char(3) not null,
  initial_minor bigint not null,
  balance_minor bigint not null default 0,
  held_minor bigint not null default 0,
  status entitlements.gift_status not null default 'pending',
  purchaser_id uuid,
  holder_id uuid,
  recipient_name_enc bytea,
  recipient_contact_enc bytea,
  recipient_contact_bidx bytea,
  message text,
  deliver_at timestamptz,
  delivered_at timestamptz,
  activated_at timestamptz,
  expires_at timestamptz,
  location_id uuid,
  ledger_account_id uuid,
  source_type text,
  source_id uuid,
  constraint gift_instruments_pkey primary key (biz_id, id),
  constraint gift_instruments_number_key unique (biz_id, number),
  constraint gift_instruments_code_hash_key unique (biz_id, code_hash),
  constraint gift_instruments_gift_product_id_fkey foreign key (biz_id, gift_product_id)
    references entitlements.gift_products (biz_id, id),
  constraint gift_instruments_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint gift_instruments_purchaser_id_fkey foreign key (biz_id, purchaser_id)
    references crm.customers (biz_id, id),
  constraint gift_instruments_holder_id_fkey foreign key (biz_id, holder_id)
    references crm.customers (biz_id, id),
  constraint gift_instruments_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint gift_instruments_ledger_account_id_fkey foreign key (biz_id, ledger_account_id)
    references ledger.accounts (biz_id, id),
  constraint gift_instruments_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint gift_instruments_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint gift_instruments_message_check check (length(message) <= 2000),
  constraint gift_instruments_source_check check (num_nonnulls(source_type, source_id) in (0, 2)),
  constraint gift_instruments_code_check check (octet_length(code_hash) = 32 and code_last4 ~ '^[0-9A-Za-z]{4}$'),
  constraint gift_instruments_pin_check check (pin_phc ~ '^\$argon2id\$'),
  constraint gift_instruments_initial_check check (initial_minor > 0),
  constraint gift_instruments_balance_check check (balance_minor >= 0),
  constraint gift_instruments_held_check check (held_minor between 0 and balance_minor),
  constraint gift_instruments_status_balance_check check ((status in ('active', 'blocked')) = (balance_minor > 0)),
  constraint gift_instruments_activated_check check (activated_at is not null or status in ('pending', 'deactivated')),
  constraint gift_instruments_recipient_check check (num_nonnulls(recipient_contact_enc, recipient_contact_bidx) <> 1),
  constraint gift_instruments_delivered_check check (delivered_at is null or recipient_contact_enc is not null)
);
comment on table entitlements.gift_instruments is 'A gift card or voucher with what is left on it.';
comment on column entitlements.gift_instruments.number is 'Number that staff use; not the code that pays.';
comment on column entitlements.gift_instruments.gift_product_id is 'The product it was sold as; none for one from another system.';
comment on column entitlements.gift_instruments.kind is 'What form it has.';
comment on column entitlements.gift_instruments.code_hash is 'Hash of the code, which is shown once and never stored.';
comment on column entitlements.gift_instruments.code_last4 is 'Last four characters of the code, to tell cards apart.';
comment on column entitlements.gift_instruments.pin_phc is 'Hash of the PIN, where it has one.';
comment on column entitlements.gift_instruments.currency is 'Currency of its value. Never changed.';
comment on column entitlements.gift_instruments.initial_minor is 'What it was or will be activated with, in minor units.';
comment on column entitlements.gift_instruments.balance_minor is 'What is left on it, in minor units. Changed only with rows of its journals.';
comment on column entitlements.gift_instruments.held_minor is 'How much of that is held for carts and authorizations: the sum of its open holds.';
comment on column entitlements.gift_instruments.status is 'Where it stands.';
comment on column entitlements.gift_instruments.purchaser_id is 'The customer who bought it.';
comment on column entitlements.gift_instruments.holder_id is 'The customer who has it, once known.';
comment on column entitlements.gift_instruments.recipient_name_enc is 'Name of whom it is for.';
comment on column entitlements.gift_instruments.recipient_contact_enc is 'Mail address or telephone number it is sent to.';
comment on column entitlements.gift_instruments.recipient_contact_bidx is 'Blind index of that contact, to find it again.';
comment on column entitlements.gift_instruments.message is 'What the purchaser writes to the recipient.';
comment on column entitlements.gift_instruments.deliver_at is 'When it is to be sent; none means it is handed over.';
comment on column entitlements.gift_instruments.delivered_at is 'When it was sent.';
comment on column entitlements.gift_instruments.activated_at is 'When it was put into use.';
comment on column entitlements.gift_instruments.expires_at is 'From this instant on it cannot be used; none means never.';
comment on column entitlements.gift_instruments.location_id is 'The location that sold it.';
comment on column entitlements.gift_instruments.ledger_account_id is 'The liability account of its value.';
comment on column entitlements.gift_instruments.source_type is 'Entity type of what it was sold with, such as PosSale.';
comment on column entitlements.gift_instruments.source_id is 'What it was sold with, such as a sale or an order.';
comment on constraint gift_instruments_number_check on entitlements.gift_instruments is 'A number is required, of 60 characters at most.';
comment on constraint gift_instruments_message_check on entitlements.gift_instruments is 'A message has 2,000 characters at most.';
comment on constraint gift_instruments_source_fkey on entitlements.gift_instruments is 'The source must exist in this tenant.';
comment on constraint gift_instruments_source_check on entitlements.gift_instruments is 'The source has both a type and an id, or neither.';
comment on constraint gift_instruments_number_key on entitlements.gift_instruments is 'Another gift card has this number.';
comment on constraint gift_instruments_code_hash_key on entitlements.gift_instruments is 'Another gift card has this code.';
comment on constraint gift_instruments_code_check on entitlements.gift_instruments is 'A code is kept as a hash of 32 bytes, with its last four characters.';
comment on constraint gift_instruments_pin_check on entitlements.gift_instruments is 'A PIN is kept as an Argon2id hash.';
comment on constraint gift_instruments_initial_check on entitlements.gift_instruments is 'A gift card is worth more than nothing.';
comment on constraint gift_instruments_balance_check on entitlements.gift_instruments is 'There is not enough on this gift card.';
comment on constraint gift_instruments_held_check on entitlements.gift_instruments is 'What is held for another cart cannot be used; no more can be held than there is.';
comment on constraint gift_instruments_status_balance_check on entitlements.gift_instruments is 'Only a gift card in use has value on it, and one without value is not in use.';
comment on constraint gift_instruments_activated_check on entitlements.gift_instruments is 'A gift card in use says when it was activated.';
comment on constraint gift_instruments_recipient_check on entitlements.gift_instruments is 'A contact is kept with its blind index.';
comment on constraint gift_instruments_delivered_check on entitlements.gift_instruments is 'Only what has a recipient is delivered.';

-- Outstanding value by age; what expires; what is to be sent; whose card it is.
create index gift_instruments_status_idx on entitlements.gift_instruments (biz_id, status, activated_at, id);
create index gift_instruments_expires_at_idx on entitlements.gift_instruments (biz_id, expires_at, id)
  where balance_minor > 0 and expires_at is not null;
create index gift_instruments_deliver_at_idx on entitlements.gift_instruments (biz_id, deliver_at, id)
  where delivered_at is null and deliver_at is not null;
create index gift_instruments_recipient_contact_bidx_idx on entitlements.gift_instruments (biz_id, recipient_contact_bidx)
  where recipient_contact_bidx is not null;
create trigger gift_instruments_currency_immutable
  before update of currency, initial_minor on entitlements.gift_instruments
  for each row when (
    old.currency is distinct from new.currency
    or old.initial_minor is distinct from new.initial_minor)
  execute function availability.refuse_update('gift_instruments_currency_immutable_check', 'A gift card keeps its currency and what it was issued for.');

call core.install_table('entitlements.gift_instruments', 'T', 'engi', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('gift_instrument', 'pending', 'active', false),
  ('gift_instrument', 'active', 'blocked', true),
  ('gift_instrument', 'blocked', 'active', false),
  ('gift_instrument', 'active', 'depleted', false),
  ('gift_instrument', 'depleted', 'active', false),
  ('gift_instrument', 'active', 'expired', false),
  ('gift_instrument', 'depleted', 'expired', false),
  ('gift_instrument', 'expired', 'active', false),
  ('gift_instrument', 'pending', 'deactivated', true),
  ('gift_instrument', 'active', 'deactivated', true),
  ('gift_instrument', 'blocked', 'deactivated', true),
  ('gift_instrument', 'depleted', 'deactivated', true),
  ('gift_instrument', 'expired', 'deactivated', true);
call core.install_state_machine('entitlements.gift_instruments', 'status', 'gift_instrument');

-- gift_activities ----------------------------------------------------------------------------------------------------

create table entitlements.gift_activities (
  biz_id uuid not null,
  id uuid not null,
  instrument_id uuid not null,
  kind entitlements.gift_activity_kind not null,
  amount_minor bigint not null default 0,
  balance_after_minor bigint not null,
  currency char(3) not null,
  occurred_at timestamptz not null default now(),
  location_id uuid,
  note text,
  idempotency_key text,
  source_type text,
  source_id uuid,
  constraint gift_activities_pkey primary key (biz_id, id),
  constraint gift_activities_instrument_id_fkey foreign key (biz_id, instrument_id)
    references entitlements.gift_instruments (biz_id, id),
  constraint gift_activities_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint gift_activities_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint gift_activities_note_check check (length(note) <= 2000),
  constraint gift_activities_idempotency_key_check check (
    btrim(idempotency_key) <> '' and length(idempotency_key) <= 200),
  constraint gift_activities_source_type_check check (source_type ~ '^[A-Z][A-Za-z0-9]*$'),
  constraint gift_activities_source_check check (num_nonnulls(source_type, source_id) in (0, 2)),
  constraint gift_activities_amount_check check (
    case when kind in ('activate', 'load', 'refund_to', 'import') then amount_minor > 0
    when kind in ('clear') then amount_minor < 0 when kind = 'deactivate' then amount_minor <= 0
    when kind = 'adjust' then amount_minor <> 0 else amount_minor = 0 end),
  constraint gift_activities_emptied_check check (kind not in ('clear', 'deactivate') or balance_after_minor = 0),
  constraint gift_activities_explained_check check (kind not in ('adjust', 'block') or note is not null)
);
comment on table entitlements.gift_activities is 'What happened to a gift card apart from its use, and what was left on it then.';
comment on column entitlements.gift_activities.instrument_id is 'The gift card.';
comment on column entitlements.gift_activities.kind is 'What happened.';
comment on column entitlements.gift_activities.amount_minor is 'By how much its value changed, in minor units, negative where it went down.';
comment on column entitlements.gift_activities.balance_after_minor is 'What was left on it after that, in minor units.';
comment on column entitlements.gift_activities.currency is 'Currency of the gift card.';
comment on column entitlements.gift_activities.occurred_at is 'When it happened.';
comment on column entitlements.gift_activities.location_id is 'The location where it happened.';
comment on column entitlements.gift_activities.note is 'Why, in words; required of a correction and of a block.';
comment on column entitlements.gift_activities.idempotency_key is 'Key of the request, so that a repeated request counts once.';
comment on column entitlements.gift_activities.source_type is 'Entity type of what brought it about, such as Refund.';
comment on column entitlements.gift_activities.source_id is 'What brought it about, such as a refund.';
comment on constraint gift_activities_note_check on entitlements.gift_activities is 'A note has 2,000 characters at most.';
comment on constraint gift_activities_idempotency_key_check on entitlements.gift_activities is 'An idempotency key is not blank, and of 200 characters at most.';
comment on constraint gift_activities_source_type_check on entitlements.gift_activities is 'The type of the source is the name of an entity, such as BookingOrder.';
comment on constraint gift_activities_source_check on entitlements.gift_activities is 'The source has both a type and an id, or neither.';
comment on constraint gift_activities_amount_check on entitlements.gift_activities is 'What is loaded is more than nothing, what is cleared less; blocking changes no value.';
comment on constraint gift_activities_emptied_check on entitlements.gift_activities is 'Nothing is left after a gift card is cleared or deactivated.';
comment on constraint gift_activities_explained_check on entitlements.gift_activities is 'A correction and a block say why.';

create unique index gift_activities_idempotency_key_key on entitlements.gift_activities (biz_id, idempotency_key)
  where idempotency_key is not null;
comment on index entitlements.gift_activities_idempotency_key_key is 'This request was counted already.';
create unique index gift_activities_first_value_key on entitlements.gift_activities (biz_id, instrument_id)
  where kind in ('activate', 'import');
comment on index entitlements.gift_activities_first_value_key is 'This gift card was activated already.';
create index gift_activities_instrument_id_idx on entitlements.gift_activities (biz_id, instrument_id, occurred_at, id);
create index gift_activities_kind_occurred_at_idx on entitlements.gift_activities (biz_id, kind, occurred_at, id);

call core.install_table('entitlements.gift_activities', 'J', 'enga');

-- gift_redemptions ---------------------------------------------------------------------------------------------------

create table entitlements.gift_redemptions (
  biz_id uuid not null,
  id uuid not null,
  instrument_id uuid not null,
  amount_minor bigint not null,
  balance_after_minor bigint not null,
  currency char(3) not null,
  reverses_id uuid,
  occurred_at timestamptz not null default now(),
  location_id uuid,
  business_date date,
  idempotency_key text not null,
  source_type text not null,
  source_id uuid not null,
  constraint gift_redemptions_pkey primary key (biz_id, id),
  constraint gift_redemptions_idempotency_key_key unique (biz_id, idempotency_key),
  constraint gift_redemptions_instrument_id_fkey foreign key (biz_id, instrument_id)
    references entitlements.gift_instruments (biz_id, id),
  constraint gift_redemptions_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint gift_redemptions_reverses_id_fkey foreign key (biz_id, reverses_id)
    references entitlements.gift_redemptions (biz_id, id),
  constraint gift_redemptions_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint gift_redemptions_idempotency_key_check check (
    btrim(idempotency_key) <> '' and length(idempotency_key) <= 200),
  constraint gift_redemptions_source_type_check check (source_type ~ '^[A-Z][A-Za-z0-9]*$'),
  constraint gift_redemptions_amount_check check (amount_minor > 0),
  constraint gift_redemptions_reverses_check check (reverses_id <> id)
);
comment on table entitlements.gift_redemptions is 'That a gift card was used to pay, or that such a use was undone.';
comment on column entitlements.gift_redemptions.instrument_id is 'The gift card.';
comment on column entitlements.gift_redemptions.amount_minor is 'How much, in minor units: taken off the card, or, of a reversal, put back on it.';
comment on column entitlements.gift_redemptions.balance_after_minor is 'What was left on it after that, in minor units.';
comment on column entitlements.gift_redemptions.currency is 'Currency of the gift card.';
comment on column entitlements.gift_redemptions.reverses_id is 'The use that it undoes, in whole or in part; none of a use.';
comment on column entitlements.gift_redemptions.occurred_at is 'When it happened.';
comment on column entitlements.gift_redemptions.location_id is 'The location where it was used.';
comment on column entitlements.gift_redemptions.business_date is 'The business day of that location.';
comment on column entitlements.gift_redemptions.idempotency_key is 'Key of the request, so that a repeated request counts once.';
comment on column entitlements.gift_redemptions.source_type is 'Entity type of what it paid, such as PosSale.';
comment on column entitlements.gift_redemptions.source_id is 'What it paid, such as a sale or an order.';
comment on constraint gift_redemptions_idempotency_key_check on entitlements.gift_redemptions is 'An idempotency key is required, of 200 characters at most.';
comment on constraint gift_redemptions_source_type_check on entitlements.gift_redemptions is 'The type of the source is the name of an entity, such as BookingOrder.';
comment on constraint gift_redemptions_idempotency_key_key on entitlements.gift_redemptions is 'This request was counted already.';
comment on constraint gift_redemptions_amount_check on entitlements.gift_redemptions is 'The amount must be more than nothing.';
comment on constraint gift_redemptions_reverses_check on entitlements.gift_redemptions is 'A use does not undo itself.';

create index gift_redemptions_instrument_id_idx on entitlements.gift_redemptions (biz_id, instrument_id, occurred_at, id);
create index gift_redemptions_occurred_at_idx on entitlements.gift_redemptions (biz_id, occurred_at, id);
create index gift_redemptions_source_idx on entitlements.gift_redemptions (biz_id, source_type, source_id);

call core.install_table('entitlements.gift_redemptions', 'J', 'enrd');

-- gift_transfers -----------------------------------------------------------------------------------------------------

create table entitlements.gift_transfers (
  biz_id uuid not null,
  id uuid not null,
  instrument_id uuid not null,
  from_contact_enc bytea,
  to_contact_enc bytea not null,
  to_contact_bidx bytea not null,
  to_customer_id uuid,
  old_code_hash bytea not null,
  status entitlements.gift_transfer_status not null default 'requested',
  completed_at timestamptz,
  constraint gift_transfers_pkey primary key (biz_id, id),
  constraint gift_transfers_instrument_id_fkey foreign key (biz_id, instrument_id)
    references entitlements.gift_instruments (biz_id, id),
  constraint gift_transfers_to_customer_id_fkey foreign key (biz_id, to_customer_id)
    references crm.customers (biz_id, id),
  constraint gift_transfers_completed_check check ((status = 'completed') = (completed_at is not null))
);
comment on table entitlements.gift_transfers is 'That a gift card is passed on: the new holder gets a new code, and the old one is void.';
comment on column entitlements.gift_transfers.instrument_id is 'The gift card.';
comment on column entitlements.gift_transfers.from_contact_enc is 'Contact of whoever passes it on.';
comment on column entitlements.gift_transfers.to_contact_enc is 'Contact of the new holder.';
comment on column entitlements.gift_transfers.to_contact_bidx is 'Blind index of that contact.';
comment on column entitlements.gift_transfers.to_customer_id is 'The customer who gets it, once known.';
comment on column entitlements.gift_transfers.old_code_hash is 'Hash of the code that it had when this was asked for.';
comment on column entitlements.gift_transfers.status is 'Where it stands.';
comment on column entitlements.gift_transfers.completed_at is 'When the new code was given out.';
comment on constraint gift_transfers_completed_check on entitlements.gift_transfers is 'A completed transfer says when, and no other does.';

create unique index gift_transfers_instrument_id_open_key on entitlements.gift_transfers (biz_id, instrument_id)
  where status = 'requested';
comment on index entitlements.gift_transfers_instrument_id_open_key is 'This gift card is being passed on already.';
create trigger gift_transfers_instrument_immutable
  before update of instrument_id, old_code_hash on entitlements.gift_transfers
  for each row when (
    old.instrument_id is distinct from new.instrument_id
    or old.old_code_hash is distinct from new.old_code_hash)
  execute function availability.refuse_update('gift_transfers_instrument_immutable_check', 'A gift transfer stays with its card.');

call core.install_table('entitlements.gift_transfers', 'T', 'engt', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('gift_transfer', 'requested', 'completed', false),
  ('gift_transfer', 'requested', 'cancelled', false);
call core.install_state_machine('entitlements.gift_transfers', 'status', 'gift_transfer');

-- gift_expiration_events ---------------------------------------------------------------------------------------------

create table entitlements.gift_expiration_events (
  biz_id uuid not null,
  id uuid not null,
  instrument_id uuid not null,
  kind entitlements.gift_expiration_kind not null,
  expired_minor bigint not null,
  balance_after_minor bigint not null,
  currency char(3) not null,
  extended_until timestamptz,
  jurisdiction text,
  rule text,
  occurred_at timestamptz not null default now(),
  constraint gift_expiration_events_pkey primary key (biz_id, id),
  constraint gift_expiration_events_instrument_id_fkey foreign key (biz_id, instrument_id)
    references entitlements.gift_instruments (biz_id, id),
  constraint gift_expiration_events_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint gift_expiration_events_jurisdiction_check check (
    btrim(jurisdiction) <> '' and length(jurisdiction) <= 60),
  constraint gift_expiration_events_rule_check check (length(rule) <= 2000),
  constraint gift_expiration_events_kind_check check (
    case kind when 'expired' then expired_minor > 0 and extended_until is null and balance_after_minor = 0
    else expired_minor <= 0 and extended_until is not null end)
);
comment on table entitlements.gift_expiration_events is 'That value of a gift card lapsed, or that its time was extended and lapsed value came back.';
comment on column entitlements.gift_expiration_events.instrument_id is 'The gift card.';
comment on column entitlements.gift_expiration_events.kind is 'Whether value lapsed or came back.';
comment on column entitlements.gift_expiration_events.expired_minor is 'How much lapsed, in minor units; negative where that much came back; 0 where the time was extended before it ran out.';
comment on column entitlements.gift_expiration_events.balance_after_minor is 'What was left on it after that, in minor units.';
comment on column entitlements.gift_expiration_events.currency is 'Currency of the gift card.';
comment on column entitlements.gift_expiration_events.extended_until is 'Until when its time was extended.';
comment on column entitlements.gift_expiration_events.jurisdiction is 'Country or region whose law decides, such as US-CA.';
comment on column entitlements.gift_expiration_events.rule is 'The rule that was applied, such as: no expiry within five years of the last load.';
comment on column entitlements.gift_expiration_events.occurred_at is 'When it happened.';
comment on constraint gift_expiration_events_jurisdiction_check on entitlements.gift_expiration_events is 'A jurisdiction is not blank, and of 60 characters at most.';
comment on constraint gift_expiration_events_rule_check on entitlements.gift_expiration_events is 'A rule has 2,000 characters at most.';
comment on constraint gift_expiration_events_kind_check on entitlements.gift_expiration_events is 'An expiry takes all that is left, and an extension says until when.';

create index gift_expiration_events_instrument_id_idx on entitlements.gift_expiration_events (biz_id, instrument_id, occurred_at, id);

call core.install_table('entitlements.gift_expiration_events', 'J', 'engx');

-- Sums and chain ------------------------------------------------------------------------------------------------------

alter table entitlements.value_holds add column gift_instrument_id uuid;
alter table entitlements.value_holds add constraint value_holds_gift_instrument_id_fkey foreign key (biz_id, gift_instrument_id)
  references entitlements.gift_instruments (biz_id, id);
alter table entitlements.value_holds add constraint value_holds_target_check check (num_nonnulls(wallet_id, gift_instrument_id) = 1);
comment on column entitlements.value_holds.gift_instrument_id is 'The gift card it is a part of, unless it is one of a wallet.';
comment on constraint value_holds_target_check on entitlements.value_holds is 'A hold keeps a part of either a wallet or a gift card.';
create index value_holds_gift_instrument_id_open_idx on entitlements.value_holds (biz_id, gift_instrument_id, expires_at, id)
  where status = 'held';
create trigger value_holds_target_immutable
  before update of wallet_id, gift_instrument_id on entitlements.value_holds
  for each row when (
    old.wallet_id is distinct from new.wallet_id
    or old.gift_instrument_id is distinct from new.gift_instrument_id)
  execute function availability.refuse_update('value_holds_target_immutable_check', 'A hold stays with its wallet or gift card.');
call core.index_foreign_keys('entitlements.value_holds');
call core.describe_table('entitlements.value_holds');

create function entitlements.gift_journal_sum(biz_id uuid, instrument_id uuid) returns bigint
language sql stable as $$
  select (
    select coalesce(sum(a.amount_minor), 0)
    from entitlements.gift_activities a
    where a.biz_id = gift_journal_sum.biz_id
      and a.instrument_id = gift_journal_sum.instrument_id
  ) + (
    select coalesce(sum(case when r.reverses_id is null then - r.amount_minor else r.amount_minor end), 0)
    from entitlements.gift_redemptions r
    where r.biz_id = gift_journal_sum.biz_id
      and r.instrument_id = gift_journal_sum.instrument_id
  ) - (
    select coalesce(sum(x.expired_minor), 0)
    from entitlements.gift_expiration_events x
    where x.biz_id = gift_journal_sum.biz_id
      and x.instrument_id = gift_journal_sum.instrument_id
  )
$$;
comment on function entitlements.gift_journal_sum(uuid, uuid) is 'What the journals of a gift card add up to: its balance.';

create function entitlements.check_gift_instrument() returns trigger
language plpgsql as $$
declare
  named constant jsonb := to_jsonb(new);
  key constant uuid := coalesce(named ->> 'gift_instrument_id', named ->> 'id')::uuid;
  balanced boolean;
  held boolean;
begin
  select
    i.balance_minor = entitlements.gift_journal_sum(i.biz_id, i.id),
    i.held_minor = (
      select coalesce(sum(h.quantity), 0)
      from entitlements.value_holds h
      where h.biz_id = i.biz_id
        and h.gift_instrument_id = i.id
        and h.status = 'held'
    )
  into balanced, held
  from entitlements.gift_instruments i
  where i.biz_id = new.biz_id
    and i.id = key;

  if not balanced then
    perform entitlements.refuse('gift_instruments', 'balance_minor', 'gift_instruments_journal_sum_check',
      'The journals of a gift card must add up to its balance.');
  elsif not held then
    perform entitlements.refuse('gift_instruments', 'held_minor', 'gift_instruments_holds_sum_check',
      'The open holds of a gift card must add up to what is held.');
  end if;
  return null;
end
$$;
comment on function entitlements.check_gift_instrument() is 'Trigger: the journals of a gift card add up to its balance, and its open holds to what is held.';
create constraint trigger gift_instruments_journal_sum_check
  after insert or update of balance_minor, held_minor on entitlements.gift_instruments
  deferrable initially deferred
  for each row execute function entitlements.check_gift_instrument();
comment on constraint gift_instruments_journal_sum_check on entitlements.gift_instruments is 'The journals of a gift card must add up to its balance, and its open holds to what is held.';
create constraint trigger value_holds_gift_sum_check
  after insert or update of status on entitlements.value_holds
  deferrable initially deferred
  for each row when (new.gift_instrument_id is not null)
  execute function entitlements.check_gift_instrument();
comment on constraint value_holds_gift_sum_check on entitlements.value_holds is 'The open holds of a gift card must add up to what is held.';

-- Of each journal row, at once: the lock on the card puts writers in order.
create function entitlements.check_gift_journal() returns trigger
language plpgsql as $$
declare
  card entitlements.gift_instruments;
  undone entitlements.gift_redemptions;
  reversed bigint;
begin
  select i.*
  into card
  from entitlements.gift_instruments i
  where i.biz_id = new.biz_id
    and i.id = new.instrument_id
  for no key update;

  if card.currency <> new.currency then
    perform entitlements.refuse(tg_table_name, 'currency', tg_table_name || '_currency_check',
      'The currency must be that of the gift card.');
  end if;
  if new.balance_after_minor <> card.balance_minor
    or card.balance_minor <> entitlements.gift_journal_sum(new.biz_id, new.instrument_id) then
    perform entitlements.refuse(tg_table_name, 'balance_after_minor', tg_table_name || '_chain_check',
      'What is left on a gift card must follow from what was left before.');
  end if;

  if tg_table_name = 'gift_redemptions' and to_jsonb(new) ->> 'reverses_id' is null then
    if card.status not in ('active', 'depleted') or new.occurred_at >= card.expires_at then
      perform entitlements.refuse(tg_table_name, 'instrument_id', 'gift_redemptions_usable_check',
        'This gift card cannot be used now.');
    end if;
  elsif tg_table_name = 'gift_redemptions' then
    select r.*
    into undone
    from entitlements.gift_redemptions r
    where r.biz_id = new.biz_id
      and r.id = new.reverses_id;
    if undone.instrument_id <> new.instrument_id or undone.reverses_id is not null then
      perform entitlements.refuse(tg_table_name, 'reverses_id', 'gift_redemptions_reverses_use_check',
        'Only a use of the same gift card can be undone.');
    end if;
    select coalesce(sum(r.amount_minor), 0)
    into reversed
    from entitlements.gift_redemptions r
    where r.biz_id = new.biz_id
      and r.reverses_id = new.reverses_id;
    if reversed > undone.amount_minor then
      perform entitlements.refuse(tg_table_name, 'amount_minor', 'gift_redemptions_reversal_check',
        'No more can be put back on a gift card than was taken off it.');
    end if;
  end if;
  return null;
end
$$;
comment on function entitlements.check_gift_journal() is 'Trigger on the journals of gift cards: right currency, balance that follows from the one before, use only of a card in use, and no more undone than used.';
create trigger gift_activities_chain
  after insert on entitlements.gift_activities
  for each row execute function entitlements.check_gift_journal();
create trigger gift_redemptions_chain
  after insert on entitlements.gift_redemptions
  for each row execute function entitlements.check_gift_journal();
create trigger gift_expiration_events_chain
  after insert on entitlements.gift_expiration_events
  for each row execute function entitlements.check_gift_journal();

create function entitlements.check_gift_transfer() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from entitlements.gift_instruments i
    where i.biz_id = new.biz_id
      and i.id = new.instrument_id
      and i.code_hash = new.old_code_hash
  ) then
    perform entitlements.refuse('gift_transfers', 'status', 'gift_transfers_new_code_check',
      'A gift card that was passed on must have a new code.');
  end if;
  return null;
end
$$;
comment on function entitlements.check_gift_transfer() is 'Trigger: once a gift card was passed on, its old code is void.';
create constraint trigger gift_transfers_new_code_check
  after insert or update of status on entitlements.gift_transfers
  deferrable initially deferred
  for each row when (new.status = 'completed')
  execute function entitlements.check_gift_transfer();
comment on constraint gift_transfers_new_code_check on entitlements.gift_transfers is 'A gift card that was passed on must have a new code.';
