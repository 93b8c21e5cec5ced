-- Entitlements: what a customer is entitled to. A membership runs from period to period; a wallet holds what was granted in
-- money, visits, minutes or points, grant by grant, so that the oldest and the most urgent is used first.
--
-- Balances and counters are changed by verbs in guarded updates, together with the journal row that says why. At commit
-- the sums are compared: entries of a grant = what remains of it, remainders of its grants = balance of the wallet, open
-- holds = what is held. Lock order of all verbs: wallets by id, then grants by id, then holds by id.

create schema entitlements;
comment on schema entitlements is 'What customers are entitled to: memberships, credits, gift cards, loyalty points and promotion codes.';

-- Kinds and statuses -------------------------------------------------------------------------------------------------

create domain entitlements.wallet_unit as text constraint wallet_unit_check check (value in (
  'money', 'visits', 'minutes', 'points'));
comment on domain entitlements.wallet_unit is 'What a wallet is counted in.
money: Minor units of its currency.
visits: Visits, classes or entries.
minutes: Minutes of a service or of use.
points: Points of a loyalty programme.';
comment on constraint wallet_unit_check on domain entitlements.wallet_unit is 'Unknown unit of a wallet.';

create domain entitlements.wallet_purpose as text constraint wallet_purpose_check check (value in (
  'stored_value', 'pass', 'membership', 'loyalty'));
comment on domain entitlements.wallet_purpose is 'What a wallet is for.
stored_value: Money of the customer kept by the business: top-ups and store credit.
pass: Credits that were bought, such as ten visits.
membership: Credits of a membership.
loyalty: Points of a loyalty programme.';
comment on constraint wallet_purpose_check on domain entitlements.wallet_purpose is 'Unknown purpose of a wallet.';

create domain entitlements.wallet_status as text constraint wallet_status_check check (value in (
  'open', 'frozen', 'closed'));
comment on domain entitlements.wallet_status is 'Whether a wallet can be used.
open: It can.
frozen: It cannot for now, for instance while a dispute is looked into.
closed: It is empty, and cannot any more.';
comment on constraint wallet_status_check on domain entitlements.wallet_status is 'Unknown status of a wallet.';

create domain entitlements.grant_origin as text constraint grant_origin_check check (value in (
  'purchase', 'membership', 'promo', 'reward', 'loyalty', 'refund', 'transfer', 'rollover', 'adjustment',
  'import'));
comment on domain entitlements.grant_origin is 'How a grant came about.
purchase: It was bought.
membership: A period of a membership gave it.
promo: A promotion code gave it.
reward: A reward, such as for a referral.
loyalty: Points that were earned.
refund: A refund was paid into the wallet.
transfer: It came from another wallet.
rollover: It was carried over from the period before.
adjustment: Staff gave it.
import: It was taken over from another system.';
comment on constraint grant_origin_check on domain entitlements.grant_origin is 'Unknown origin of a grant.';

create domain entitlements.entitlement_grant_status as text constraint entitlement_grant_status_check check (value in (
  'scheduled', 'active', 'depleted', 'expired', 'revoked'));
comment on domain entitlements.entitlement_grant_status is 'Where a grant stands.
scheduled: It cannot be used yet.
active: It can be used, while its time lasts.
depleted: All of it is used.
expired: What was left lapsed.
revoked: What was left was taken back.';
comment on constraint entitlement_grant_status_check on domain entitlements.entitlement_grant_status is 'Unknown status of a grant.';

create domain entitlements.entitlement_entry_kind as text constraint entitlement_entry_kind_check check (value in (
  'grant', 'redeem', 'reverse', 'expire', 'transfer_out', 'transfer_in', 'rollover', 'adjust'));
comment on domain entitlements.entitlement_entry_kind is 'Why the remainder of a grant changed.
grant: It was granted: the first entry of every grant.
redeem: It was used.
reverse: A use was undone.
expire: It lapsed.
transfer_out: It went to another wallet.
transfer_in: It came from another wallet: the first entry of a grant by transfer.
rollover: It was carried over, out of the grant before or into the next.
adjust: Staff corrected it.';
comment on constraint entitlement_entry_kind_check on domain entitlements.entitlement_entry_kind is 'Unknown kind of entry.';

create domain entitlements.value_hold_status as text constraint value_hold_status_check check (value in (
  'held', 'redeemed', 'released', 'expired'));
comment on domain entitlements.value_hold_status is 'Where a hold on value stands.
held: It keeps the value from being used otherwise.
redeemed: The value was used for what it was held for.
released: It was given back.
expired: It was not used in time.';
comment on constraint value_hold_status_check on domain entitlements.value_hold_status is 'Unknown status of a hold on value.';

create domain entitlements.entitlement_transfer_status as text constraint entitlement_transfer_status_check check (value in (
  'requested', 'approved', 'completed', 'rejected', 'cancelled'));
comment on domain entitlements.entitlement_transfer_status is 'Where a transfer between wallets stands.
requested: Somebody asked for it.
approved: It may be carried out.
completed: The value is in the other wallet.
rejected: It was refused.
cancelled: Whoever asked for it called it off.';
comment on constraint entitlement_transfer_status_check on domain entitlements.entitlement_transfer_status is 'Unknown status of a transfer.';

create function entitlements.refuse(table_name text, column_name text, constraint_name text, message text) returns void
language plpgsql as $$
begin
  raise exception using
    errcode = '23514',
    message = refuse.message,
    schema = 'entitlements',
    table = refuse.table_name,
    column = refuse.column_name,
    constraint = refuse.constraint_name;
end
$$;
comment on function entitlements.refuse(text, text, text, text) is 'Raises the violation of a rule of this module that triggers look after.';

-- grant_terms --------------------------------------------------------------------------------------------------------

create table entitlements.grant_terms (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  weekdays smallint not null default 127,
  local_starts_at time,
  local_ends_at time,
  min_spend_minor bigint,
  currency char(3),
  constraint grant_terms_pkey primary key (biz_id, id),
  constraint grant_terms_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint grant_terms_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint grant_terms_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint grant_terms_weekdays_check check (weekdays between 1 and 127),
  constraint grant_terms_hours_check check (local_ends_at > local_starts_at),
  constraint grant_terms_min_spend_check check (
    num_nonnulls(min_spend_minor, currency) in (0, 2) and min_spend_minor > 0)
);
comment on table entitlements.grant_terms is 'When and where a credit may be used: for which services, at which locations, on which days and hours. One set of terms serves many grants.';
comment on column entitlements.grant_terms.code is 'Short name used by staff and imports, such as off-peak.';
comment on column entitlements.grant_terms.name is 'Name shown to customers.';
comment on column entitlements.grant_terms.weekdays is 'Days of the week on which it may be used, as a sum: Monday 1, Tuesday 2, Wednesday 4 ... Sunday 64; 127 is every day.';
comment on column entitlements.grant_terms.local_starts_at is 'From when on a day it may be used, in the location''s time; none means from its beginning.';
comment on column entitlements.grant_terms.local_ends_at is 'Until when on a day it may be used, that instant not included; none means to its end.';
comment on column entitlements.grant_terms.min_spend_minor is 'Least amount of a purchase for which money of this kind may be used, in minor units.';
comment on column entitlements.grant_terms.currency is 'Currency of the least amount.';
comment on constraint grant_terms_code_check on entitlements.grant_terms is 'A code is required, of 60 characters at most.';
comment on constraint grant_terms_name_check on entitlements.grant_terms is 'A name is required, of 200 characters at most.';
comment on constraint grant_terms_weekdays_check on entitlements.grant_terms is 'At least one day of the week must be allowed.';
comment on constraint grant_terms_hours_check on entitlements.grant_terms is 'The hours end after they begin.';
comment on constraint grant_terms_min_spend_check on entitlements.grant_terms is 'A least amount is more than nothing, and has a currency.';

call core.install_table('entitlements.grant_terms', 'M', 'enat', registrable => true);
create unique index grant_terms_code_key on entitlements.grant_terms (biz_id, code)
  where deleted_at is null;
comment on index entitlements.grant_terms_code_key is 'Other terms have this code.';

-- grant_term_services ------------------------------------------------------------------------------------------------

create table entitlements.grant_term_services (
  biz_id uuid not null,
  terms_id uuid not null,
  service_id uuid not null,
  constraint grant_term_services_pkey primary key (biz_id, terms_id, service_id),
  constraint grant_term_services_terms_id_fkey foreign key (biz_id, terms_id)
    references entitlements.grant_terms (biz_id, id),
  constraint grant_term_services_service_id_fkey foreign key (biz_id, service_id)
    references catalog.services (biz_id, id)
);
comment on table entitlements.grant_term_services is 'That terms are limited to a service; terms without any such row hold for all services.';
comment on column entitlements.grant_term_services.terms_id is 'The terms.';
comment on column entitlements.grant_term_services.service_id is 'A service for which they may be used.';

call core.install_table('entitlements.grant_term_services', 'L', null);

-- grant_term_locations -----------------------------------------------------------------------------------------------

create table entitlements.grant_term_locations (
  biz_id uuid not null,
  terms_id uuid not null,
  location_id uuid not null,
  constraint grant_term_locations_pkey primary key (biz_id, terms_id, location_id),
  constraint grant_term_locations_terms_id_fkey foreign key (biz_id, terms_id)
    references entitlements.grant_terms (biz_id, id),
  constraint grant_term_locations_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id)
);
comment on table entitlements.grant_term_locations is 'That terms are limited to a location; terms without any such row hold at all locations.';
comment on column entitlements.grant_term_locations.terms_id is 'The terms.';
comment on column entitlements.grant_term_locations.location_id is 'A location at which they may be used.';

call core.install_table('entitlements.grant_term_locations', 'L', null);

create function entitlements.check_sellable() returns trigger
language plpgsql as $$
begin
  if not exists (
    select
    from catalog.sellables s
    where s.biz_id = new.biz_id
      and s.id = new.sellable_id
      and s.ref_type = tg_argv[0]
      and s.ref_id = new.id
  ) then
    perform entitlements.refuse(tg_table_name, 'sellable_id', tg_argv[1], 'The sellable must be that of this very row.');
  end if;
  return null;
end
$$;
comment on function entitlements.check_sellable() is 'Trigger: the sellable of a plan or gift product refers back to it. Arguments: its entity, and the constraint''s name.';

-- wallets ------------------------------------------------------------------------------------------------------------

create table entitlements.wallets (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  customer_id uuid,
  group_account_id uuid,
  purpose entitlements.wallet_purpose not null,
  unit entitlements.wallet_unit not null,
  currency char(3),
  status entitlements.wallet_status not null default 'open',
  balance bigint not null default 0,
  held bigint not null default 0,
  ledger_account_id uuid,
  constraint wallets_pkey primary key (biz_id, id),
  constraint wallets_number_key unique (biz_id, number),
  constraint wallets_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint wallets_group_account_id_fkey foreign key (biz_id, group_account_id)
    references identity.group_accounts (biz_id, id),
  constraint wallets_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint wallets_ledger_account_id_fkey foreign key (biz_id, ledger_account_id)
    references ledger.accounts (biz_id, id),
  constraint wallets_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint wallets_owner_check check (num_nonnulls(customer_id, group_account_id) = 1),
  constraint wallets_currency_check check ((unit = 'money') = (currency is not null)),
  constraint wallets_purpose_unit_check check (
    case purpose when 'stored_value' then unit = 'money' when 'loyalty' then unit = 'points'
    else unit <> 'points' end),
  constraint wallets_balance_check check (balance >= 0),
  constraint wallets_held_check check (held between 0 and balance),
  constraint wallets_closed_check check (status <> 'closed' or balance = 0)
);
comment on table entitlements.wallets is 'What a customer or group has to their credit, in one unit. Its balance is the sum of what remains of its grants.';
comment on column entitlements.wallets.number is 'Number that staff and customers use.';
comment on column entitlements.wallets.customer_id is 'The customer it belongs to, unless it belongs to a group.';
comment on column entitlements.wallets.group_account_id is 'The group it belongs to, unless it belongs to a customer.';
comment on column entitlements.wallets.purpose is 'What it is for. Never changed.';
comment on column entitlements.wallets.unit is 'What it is counted in. Never changed.';
comment on column entitlements.wallets.currency is 'Currency of a wallet of money. Never changed.';
comment on column entitlements.wallets.status is 'Whether it can be used.';
comment on column entitlements.wallets.balance is 'What is in it: the sum of what remains of its grants; of money, in minor units. Changed only with entries.';
comment on column entitlements.wallets.held is 'How much of the balance is held for carts and authorizations: the sum of its open holds.';
comment on column entitlements.wallets.ledger_account_id is 'The liability account that mirrors it; none while it never held money''s worth.';
comment on constraint wallets_number_check on entitlements.wallets is 'A number is required, of 60 characters at most.';
comment on constraint wallets_number_key on entitlements.wallets is 'Another wallet has this number.';
comment on constraint wallets_owner_check on entitlements.wallets is 'A wallet belongs to either a customer or a group.';
comment on constraint wallets_currency_check on entitlements.wallets is 'A wallet of money has a currency, and no other has.';
comment on constraint wallets_purpose_unit_check on entitlements.wallets is 'Stored value is money, loyalty is points, and nothing else is points.';
comment on constraint wallets_balance_check on entitlements.wallets is 'There is not enough in the wallet.';
comment on constraint wallets_held_check on entitlements.wallets is 'What is held elsewhere cannot be used; no more can be held than there is.';
comment on constraint wallets_closed_check on entitlements.wallets is 'A wallet is closed only when it is empty.';

-- One place for top-ups and refunds, also when two refunds are paid at once.
create unique index wallets_customer_stored_value_key on entitlements.wallets (biz_id, customer_id, currency)
  where purpose = 'stored_value' and status <> 'closed' and customer_id is not null;
comment on index entitlements.wallets_customer_stored_value_key is 'This customer already has a wallet for money of this currency.';
create unique index wallets_group_stored_value_key on entitlements.wallets (biz_id, group_account_id, currency)
  where purpose = 'stored_value' and status <> 'closed' and group_account_id is not null;
comment on index entitlements.wallets_group_stored_value_key is 'This group already has a wallet for money of this currency.';
create trigger wallets_unit_immutable
  before update of unit, currency, purpose on entitlements.wallets
  for each row when (
    old.unit is distinct from new.unit
    or old.currency is distinct from new.currency
    or old.purpose is distinct from new.purpose)
  execute function availability.refuse_update('wallets_unit_immutable_check', 'A wallet keeps its unit, currency and purpose.');
create trigger wallets_owner_immutable
  before update of customer_id, group_account_id on entitlements.wallets
  for each row when (
    old.customer_id is distinct from new.customer_id
    or old.group_account_id is distinct from new.group_account_id)
  execute function availability.refuse_update('wallets_owner_immutable_check', 'A wallet stays with its owner; what is in it can be transferred.');

call core.install_table('entitlements.wallets', 'T', 'enwa', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('wallet', 'open', 'frozen', true),
  ('wallet', 'frozen', 'open', true),
  ('wallet', 'open', 'closed', false),
  ('wallet', 'frozen', 'closed', true);
call core.install_state_machine('entitlements.wallets', 'status', 'wallet');

-- grants -------------------------------------------------------------------------------------------------------------

create table entitlements.grants (
  biz_id uuid not null,
  id uuid not null,
  wallet_id uuid not null,
  origin entitlements.grant_origin not null,
  quantity bigint not null,
  remaining bigint not null,
  starts_at timestamptz not null default now(),
  ends_at timestamptz,
  priority smallint not null default 100,
  status entitlements.entitlement_grant_status not null default 'active',
  terms_id uuid,
  from_grant_id uuid,
  paid_minor bigint,
  currency char(3),
  note text,
  source_type text,
  source_id uuid,
  constraint grants_pkey primary key (biz_id, id),
  constraint grants_wallet_id_id_key unique (biz_id, wallet_id, id),
  constraint grants_wallet_id_fkey foreign key (biz_id, wallet_id)
    references entitlements.wallets (biz_id, id),
  constraint grants_terms_id_fkey foreign key (biz_id, terms_id)
    references entitlements.grant_terms (biz_id, id),
  constraint grants_from_grant_id_fkey foreign key (biz_id, from_grant_id)
    references entitlements.grants (biz_id, id),
  constraint grants_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint grants_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint grants_note_check check (length(note) <= 2000),
  constraint grants_source_check check (num_nonnulls(source_type, source_id) in (0, 2)),
  constraint grants_quantity_check check (quantity > 0),
  constraint grants_remaining_check check (remaining between 0 and quantity),
  constraint grants_status_remaining_check check ((remaining > 0) = (status in ('scheduled', 'active'))),
  constraint grants_times_check check (ends_at > starts_at),
  constraint grants_paid_check check (num_nonnulls(paid_minor, currency) in (0, 2) and paid_minor >= 0),
  constraint grants_from_grant_check check (from_grant_id <> id)
);
comment on table entitlements.grants is 'So many units that were put into a wallet at once, with their own time and terms. Used in the order of priority, then of the earliest expiry, then of age.';
comment on column entitlements.grants.wallet_id is 'The wallet it is in.';
comment on column entitlements.grants.origin is 'How it came about.';
comment on column entitlements.grants.quantity is 'How much was granted; of money, in minor units. Never changed.';
comment on column entitlements.grants.remaining is 'How much of it is left: the sum of its entries.';
comment on column entitlements.grants.starts_at is 'From when on it can be used.';
comment on column entitlements.grants.ends_at is 'From this instant on it cannot be used; none means it never expires.';
comment on column entitlements.grants.priority is 'What is used first has the smaller number.';
comment on column entitlements.grants.status is 'Where it stands.';
comment on column entitlements.grants.terms_id is 'When and where it may be used; none means always and everywhere.';
comment on column entitlements.grants.from_grant_id is 'The grant that it was carried over or transferred from.';
comment on column entitlements.grants.paid_minor is 'What was paid for all of it, in minor units: what each unit is worth when it is used or lapses.';
comment on column entitlements.grants.currency is 'Currency of what was paid.';
comment on column entitlements.grants.note is 'What staff should know about it.';
comment on column entitlements.grants.source_type is 'Entity type of what brought it about, such as BookingOrder.';
comment on column entitlements.grants.source_id is 'What brought it about, such as an order.';
comment on constraint grants_note_check on entitlements.grants is 'A note has 2,000 characters at most.';
comment on constraint grants_source_fkey on entitlements.grants is 'The source must exist in this tenant.';
comment on constraint grants_source_check on entitlements.grants is 'The source has both a type and an id, or neither.';
comment on constraint grants_wallet_id_id_key on entitlements.grants is 'There is already a grant with this id in the wallet.';
comment on constraint grants_quantity_check on entitlements.grants is 'The quantity must be more than 0.';
comment on constraint grants_remaining_check on entitlements.grants is 'No more can be used than is left, nor given back than was granted.';
comment on constraint grants_status_remaining_check on entitlements.grants is 'Something is left of a grant exactly while it is scheduled or active.';
comment on constraint grants_times_check on entitlements.grants is 'The end must be after the start.';
comment on constraint grants_paid_check on entitlements.grants is 'What was paid is not negative, and has a currency.';
comment on constraint grants_from_grant_check on entitlements.grants is 'A grant does not come from itself.';

-- The order of use; what expires next.
create index grants_burn_idx on entitlements.grants (biz_id, wallet_id, priority, ends_at, starts_at, id)
  where remaining > 0;
create index grants_ends_at_idx on entitlements.grants (biz_id, ends_at, id)
  where remaining > 0 and ends_at is not null;
create trigger grants_quantity_immutable
  before update of quantity on entitlements.grants
  for each row when (
    old.quantity is distinct from new.quantity)
  execute function availability.refuse_update('grants_quantity_immutable_check', 'What was granted is never changed; correct it by an entry.');
create trigger grants_wallet_immutable
  before update of wallet_id on entitlements.grants
  for each row when (
    old.wallet_id is distinct from new.wallet_id)
  execute function availability.refuse_update('grants_wallet_immutable_check', 'A grant stays in its wallet; transfer what is left of it.');

call core.install_table('entitlements.grants', 'T', 'engr', entity_name => 'EntitlementGrant', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('entitlement_grant', 'scheduled', 'active', false),
  ('entitlement_grant', 'scheduled', 'revoked', true),
  ('entitlement_grant', 'active', 'depleted', false),
  ('entitlement_grant', 'active', 'expired', false),
  ('entitlement_grant', 'active', 'revoked', true),
  ('entitlement_grant', 'depleted', 'active', false);
call core.install_state_machine('entitlements.grants', 'status', 'entitlement_grant');

-- ledger_entries -----------------------------------------------------------------------------------------------------

create table entitlements.ledger_entries (
  biz_id uuid not null,
  id uuid not null,
  wallet_id uuid not null,
  grant_id uuid not null,
  kind entitlements.entitlement_entry_kind not null,
  quantity bigint not null,
  occurred_at timestamptz not null default now(),
  location_id uuid,
  business_date date,
  reverses_id uuid,
  idempotency_key text,
  note text,
  source_type text,
  source_id uuid,
  constraint ledger_entries_pkey primary key (biz_id, id),
  constraint ledger_entries_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint ledger_entries_reverses_id_fkey foreign key (biz_id, reverses_id)
    references entitlements.ledger_entries (biz_id, id),
  constraint ledger_entries_grant_id_fkey foreign key (biz_id, wallet_id, grant_id)
    references entitlements.grants (biz_id, wallet_id, id),
  constraint ledger_entries_wallet_id_fkey foreign key (biz_id, wallet_id)
    references entitlements.wallets (biz_id, id),
  constraint ledger_entries_idempotency_key_check check (
    btrim(idempotency_key) <> '' and length(idempotency_key) <= 200),
  constraint ledger_entries_note_check check (length(note) <= 2000),
  constraint ledger_entries_source_type_check check (source_type ~ '^[A-Z][A-Za-z0-9]*$'),
  constraint ledger_entries_source_check check (num_nonnulls(source_type, source_id) in (0, 2)),
  constraint ledger_entries_sign_check check (
    case when kind in ('grant', 'reverse', 'transfer_in') then quantity > 0
    when kind in ('redeem', 'expire', 'transfer_out') then quantity < 0 else quantity <> 0 end),
  constraint ledger_entries_reverses_check check ((kind = 'reverse') = (reverses_id is not null)),
  constraint ledger_entries_adjust_check check (kind <> 'adjust' or note is not null)
);
comment on table entitlements.ledger_entries is 'One change of what remains of a grant. The entries of a grant add up to what remains of it.';
comment on column entitlements.ledger_entries.wallet_id is 'The wallet of the grant.';
comment on column entitlements.ledger_entries.grant_id is 'The grant.';
comment on column entitlements.ledger_entries.kind is 'Why it changed.';
comment on column entitlements.ledger_entries.quantity is 'By how much, negative where it went down; of money, in minor units.';
comment on column entitlements.ledger_entries.occurred_at is 'When it happened.';
comment on column entitlements.ledger_entries.location_id is 'The location where it was used.';
comment on column entitlements.ledger_entries.business_date is 'The business day of that location.';
comment on column entitlements.ledger_entries.reverses_id is 'The use that it undoes.';
comment on column entitlements.ledger_entries.idempotency_key is 'Key of the request, so that a repeated request counts once.';
comment on column entitlements.ledger_entries.note is 'Why, in words; required of a correction.';
comment on column entitlements.ledger_entries.source_type is 'Entity type of what it was for, such as BookingOrder.';
comment on column entitlements.ledger_entries.source_id is 'What it was for, such as an order.';
comment on constraint ledger_entries_idempotency_key_check on entitlements.ledger_entries is 'An idempotency key is not blank, and of 200 characters at most.';
comment on constraint ledger_entries_note_check on entitlements.ledger_entries is 'A note has 2,000 characters at most.';
comment on constraint ledger_entries_source_type_check on entitlements.ledger_entries is 'The type of the source is the name of an entity, such as BookingOrder.';
comment on constraint ledger_entries_source_check on entitlements.ledger_entries is 'The source has both a type and an id, or neither.';
comment on constraint ledger_entries_grant_id_fkey on entitlements.ledger_entries is 'The grant must be an existing grant in this wallet.';
comment on constraint ledger_entries_sign_check on entitlements.ledger_entries is 'What is granted or given back is more than nothing, and what is used or lapses less.';
comment on constraint ledger_entries_reverses_check on entitlements.ledger_entries is 'What undoes a use names that use, and nothing else does.';
comment on constraint ledger_entries_adjust_check on entitlements.ledger_entries is 'A correction says why.';

create unique index ledger_entries_idempotency_key_key on entitlements.ledger_entries (biz_id, idempotency_key)
  where idempotency_key is not null;
comment on index entitlements.ledger_entries_idempotency_key_key is 'This request was counted already.';
create unique index ledger_entries_first_entry_key on entitlements.ledger_entries (biz_id, grant_id)
  where kind in ('grant', 'transfer_in');
comment on index entitlements.ledger_entries_first_entry_key is 'This grant already has its first entry.';
create index ledger_entries_wallet_id_occurred_at_idx on entitlements.ledger_entries (biz_id, wallet_id, occurred_at, id);
-- Use, lapse and liability by day.
create index ledger_entries_kind_occurred_at_idx on entitlements.ledger_entries (biz_id, kind, occurred_at, id);
create index ledger_entries_grant_id_idx on entitlements.ledger_entries (biz_id, grant_id, id);

call core.install_table('entitlements.ledger_entries', 'J', 'enle', entity_name => 'EntitlementLedgerEntry');

-- value_holds --------------------------------------------------------------------------------------------------------

create table entitlements.value_holds (
  biz_id uuid not null,
  id uuid not null,
  wallet_id uuid,
  quantity bigint not null,
  status entitlements.value_hold_status not null default 'held',
  expires_at timestamptz not null,
  source_type text not null,
  source_id uuid not null,
  idempotency_key text,
  constraint value_holds_pkey primary key (biz_id, id),
  constraint value_holds_wallet_id_fkey foreign key (biz_id, wallet_id)
    references entitlements.wallets (biz_id, id),
  constraint value_holds_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint value_holds_idempotency_key_check check (btrim(idempotency_key) <> '' and length(idempotency_key) <= 200),
  constraint value_holds_quantity_check check (quantity > 0)
);
comment on table entitlements.value_holds is 'A part of a wallet or of a gift card that is kept for a cart or an authorization, so that no other can use it.';
comment on column entitlements.value_holds.wallet_id is 'The wallet it is a part of, unless it is one of a gift card.';
comment on column entitlements.value_holds.quantity is 'How much is kept; of money, in minor units. Never changed.';
comment on column entitlements.value_holds.status is 'Where it stands.';
comment on column entitlements.value_holds.expires_at is 'From this instant on it keeps nothing, whether or not somebody noticed.';
comment on column entitlements.value_holds.source_type is 'Entity type of what it is for, such as BookingOrder.';
comment on column entitlements.value_holds.source_id is 'What it is for, such as an order.';
comment on column entitlements.value_holds.idempotency_key is 'Key of the request, so that a repeated request makes no second one.';
comment on constraint value_holds_source_fkey on entitlements.value_holds is 'The source must exist in this tenant.';
comment on constraint value_holds_idempotency_key_check on entitlements.value_holds is 'An idempotency key is not blank, and of 200 characters at most.';
comment on constraint value_holds_quantity_check on entitlements.value_holds is 'The quantity must be more than 0.';

create index value_holds_wallet_id_open_idx on entitlements.value_holds (biz_id, wallet_id, expires_at, id)
  where status = 'held';
create index value_holds_expires_at_idx on entitlements.value_holds (biz_id, expires_at, id)
  where status = 'held';
create unique index value_holds_idempotency_key_key on entitlements.value_holds (biz_id, idempotency_key)
  where idempotency_key is not null;
comment on index entitlements.value_holds_idempotency_key_key is 'This request already made a hold.';
create trigger value_holds_quantity_immutable
  before update of quantity on entitlements.value_holds
  for each row when (
    old.quantity is distinct from new.quantity)
  execute function availability.refuse_update('value_holds_quantity_immutable_check', 'What a hold keeps is never changed; release it and make another.');

call core.install_table('entitlements.value_holds', 'T', 'envh', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('value_hold', 'held', 'redeemed', false),
  ('value_hold', 'held', 'released', false),
  ('value_hold', 'held', 'expired', false);
call core.install_state_machine('entitlements.value_holds', 'status', 'value_hold');

-- Sums of grants and wallets ------------------------------------------------------------------------------------------
-- Checked at commit. A writer changes a grant or wallet by a guarded update and so holds its row to the end: of two writers
-- the second one's check sees what the first has written.

create function entitlements.check_grant() returns trigger
language plpgsql as $$
declare
  named constant jsonb := to_jsonb(new);
  grant_key constant uuid := coalesce(named ->> 'grant_id', named ->> 'id')::uuid;
begin
  if exists (
    select
    from entitlements.grants g
    where g.biz_id = new.biz_id
      and g.id = grant_key
      and g.remaining <> (
        select coalesce(sum(e.quantity), 0)
        from entitlements.ledger_entries e
        where e.biz_id = g.biz_id
          and e.grant_id = g.id
      )
  ) then
    perform entitlements.refuse('grants', 'remaining', 'grants_entries_sum_check',
      'The entries of a grant must add up to what remains of it.');
  end if;
  return null;
end
$$;
comment on function entitlements.check_grant() is 'Trigger: the entries of a grant add up to what remains of it.';

create function entitlements.check_wallet() returns trigger
language plpgsql as $$
declare
  named constant jsonb := to_jsonb(new);
  wallet_key constant uuid := coalesce(named ->> 'wallet_id', named ->> 'id')::uuid;
  balanced boolean;
  held boolean;
begin
  select
    w.balance = (
      select coalesce(sum(g.remaining), 0)
      from entitlements.grants g
      where g.biz_id = w.biz_id
        and g.wallet_id = w.id
        and g.remaining > 0
    ),
    w.held = (
      select coalesce(sum(h.quantity), 0)
      from entitlements.value_holds h
      where h.biz_id = w.biz_id
        and h.wallet_id = w.id
        and h.status = 'held'
    )
  into balanced, held
  from entitlements.wallets w
  where w.biz_id = new.biz_id
    and w.id = wallet_key;

  if not balanced then
    perform entitlements.refuse('wallets', 'balance', 'wallets_grants_sum_check',
      'What remains of the grants of a wallet must add up to its balance.');
  elsif not held then
    perform entitlements.refuse('wallets', 'held', 'wallets_holds_sum_check',
      'The open holds of a wallet must add up to what is held.');
  end if;
  return null;
end
$$;
comment on function entitlements.check_wallet() is 'Trigger: the grants of a wallet add up to its balance, and its open holds to what is held.';

create constraint trigger grants_entries_sum_check
  after insert or update of remaining on entitlements.grants
  deferrable initially deferred
  for each row execute function entitlements.check_grant();
comment on constraint grants_entries_sum_check on entitlements.grants is 'The entries of a grant must add up to what remains of it.';
create constraint trigger ledger_entries_grant_sum_check
  after insert on entitlements.ledger_entries
  deferrable initially deferred
  for each row execute function entitlements.check_grant();
comment on constraint ledger_entries_grant_sum_check on entitlements.ledger_entries is 'The entries of a grant must add up to what remains of it.';
create constraint trigger grants_wallet_sum_check
  after insert or update of remaining on entitlements.grants
  deferrable initially deferred
  for each row execute function entitlements.check_wallet();
comment on constraint grants_wallet_sum_check on entitlements.grants is 'What remains of the grants of a wallet must add up to its balance.';
create constraint trigger wallets_grants_sum_check
  after insert or update of balance, held on entitlements.wallets
  deferrable initially deferred
  for each row execute function entitlements.check_wallet();
comment on constraint wallets_grants_sum_check on entitlements.wallets is 'What remains of the grants of a wallet must add up to its balance, and its open holds to what is held.';
create constraint trigger value_holds_wallet_sum_check
  after insert or update of status on entitlements.value_holds
  deferrable initially deferred
  for each row when (new.wallet_id is not null)
  execute function entitlements.check_wallet();
comment on constraint value_holds_wallet_sum_check on entitlements.value_holds is 'The open holds of a wallet must add up to what is held.';

-- What is used can be used, and a use is undone at most as far as it went. Entries are never locked: the lock on the grant
-- puts two reversals in order.
create function entitlements.check_entry() returns trigger
language plpgsql as $$
declare
  used entitlements.grants;
  undone entitlements.ledger_entries;
  reversed bigint;
begin
  select g.*
  into used
  from entitlements.grants g
  where g.biz_id = new.biz_id
    and g.id = new.grant_id
  for no key update;

  if new.kind = 'redeem' then
    if used.status not in ('active', 'depleted')
      or new.occurred_at < used.starts_at
      or new.occurred_at >= used.ends_at then
      perform entitlements.refuse('ledger_entries', 'grant_id', 'ledger_entries_grant_usable_check',
        'This credit cannot be used now.');
    elsif exists (
      select
      from entitlements.wallets w
      where w.biz_id = new.biz_id
        and w.id = new.wallet_id
        and w.status <> 'open'
    ) then
      perform entitlements.refuse('ledger_entries', 'wallet_id', 'ledger_entries_wallet_open_check',
        'This wallet cannot be used now.');
    end if;
    return null;
  end if;

  select e.*
  into undone
  from entitlements.ledger_entries e
  where e.biz_id = new.biz_id
    and e.id = new.reverses_id;

  if undone.kind is distinct from 'redeem' or undone.grant_id <> new.grant_id then
    perform entitlements.refuse('ledger_entries', 'reverses_id', 'ledger_entries_reverses_use_check',
      'Only a use of the same grant can be undone.');
  end if;

  select coalesce(sum(e.quantity), 0)
  into reversed
  from entitlements.ledger_entries e
  where e.biz_id = new.biz_id
    and e.reverses_id = new.reverses_id;

  if reversed > - undone.quantity then
    perform entitlements.refuse('ledger_entries', 'quantity', 'ledger_entries_reversal_check',
      'No more can be given back than was used.');
  end if;
  return null;
end
$$;
comment on function entitlements.check_entry() is 'Trigger: only what is open and within its time is used; and what undoes a use undoes one of its grant, no more than was used.';
create trigger ledger_entries_use
  after insert on entitlements.ledger_entries
  for each row when (new.kind in ('redeem', 'reverse'))
  execute function entitlements.check_entry();

-- transfers ----------------------------------------------------------------------------------------------------------

create table entitlements.transfers (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  from_wallet_id uuid not null,
  to_wallet_id uuid not null,
  quantity bigint not null,
  status entitlements.entitlement_transfer_status not null default 'requested',
  reason text not null,
  requested_by_id uuid,
  approved_by_id uuid,
  completed_at timestamptz,
  constraint transfers_entitlements_pkey primary key (biz_id, id),
  constraint transfers_entitlements_number_key unique (biz_id, number),
  constraint transfers_entitlements_biz_id_fkey foreign key (biz_id)
    references core.bizes (id),
  constraint transfers_entitlements_requested_by_id_fkey foreign key (requested_by_id)
    references identity.users (id),
  constraint transfers_entitlements_approved_by_id_fkey foreign key (approved_by_id)
    references identity.users (id),
  constraint transfers_entitlements_from_wallet_id_fkey foreign key (biz_id, from_wallet_id)
    references entitlements.wallets (biz_id, id),
  constraint transfers_entitlements_to_wallet_id_fkey foreign key (biz_id, to_wallet_id)
    references entitlements.wallets (biz_id, id),
  constraint transfers_entitlements_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint transfers_entitlements_reason_check check (btrim(reason) <> '' and length(reason) <= 2000),
  constraint transfers_entitlements_self_check check (from_wallet_id <> to_wallet_id),
  constraint transfers_entitlements_quantity_check check (quantity > 0),
  constraint transfers_entitlements_approved_check check (
    status not in ('approved', 'completed') or approved_by_id is not null),
  constraint transfers_entitlements_four_eyes_check check (approved_by_id <> requested_by_id),
  constraint transfers_entitlements_completed_check check ((status = 'completed') = (completed_at is not null))
);
comment on table entitlements.transfers is 'That value goes from one wallet to another of the same unit, once somebody has approved it.';
comment on column entitlements.transfers.number is 'Number that staff use.';
comment on column entitlements.transfers.from_wallet_id is 'The wallet it leaves.';
comment on column entitlements.transfers.to_wallet_id is 'The wallet it goes to.';
comment on column entitlements.transfers.quantity is 'How much; of money, in minor units.';
comment on column entitlements.transfers.status is 'Where it stands.';
comment on column entitlements.transfers.reason is 'Why it was asked for.';
comment on column entitlements.transfers.requested_by_id is 'The user who asked for it; none where the customer did.';
comment on column entitlements.transfers.approved_by_id is 'The user who approved it, another than who asked for it.';
comment on column entitlements.transfers.completed_at is 'When the value went over.';
comment on constraint transfers_entitlements_number_check on entitlements.transfers is 'A number is required, of 60 characters at most.';
comment on constraint transfers_entitlements_reason_check on entitlements.transfers is 'A reason is required, of 2,000 characters at most.';
comment on constraint transfers_entitlements_number_key on entitlements.transfers is 'Another transfer has this number.';
comment on constraint transfers_entitlements_from_wallet_id_fkey on entitlements.transfers is 'The wallet it leaves must be an existing wallet of this tenant.';
comment on constraint transfers_entitlements_to_wallet_id_fkey on entitlements.transfers is 'The wallet it goes to must be an existing wallet of this tenant.';
comment on constraint transfers_entitlements_self_check on entitlements.transfers is 'A transfer needs two different wallets.';
comment on constraint transfers_entitlements_quantity_check on entitlements.transfers is 'The quantity must be more than 0.';
comment on constraint transfers_entitlements_approved_check on entitlements.transfers is 'An approved transfer says who approved it.';
comment on constraint transfers_entitlements_four_eyes_check on entitlements.transfers is 'Whoever asked for a transfer cannot approve it.';
comment on constraint transfers_entitlements_completed_check on entitlements.transfers is 'A completed transfer says when, and no other does.';

create index transfers_status_idx on entitlements.transfers (biz_id, status, id);
create trigger transfers_terms_immutable
  before update of from_wallet_id, to_wallet_id, quantity on entitlements.transfers
  for each row when (
    old.from_wallet_id is distinct from new.from_wallet_id
    or old.to_wallet_id is distinct from new.to_wallet_id
    or old.quantity is distinct from new.quantity)
  execute function availability.refuse_update('transfers_entitlements_terms_immutable_check', 'A transfer keeps its wallets and its quantity; cancel it and ask for another.');

call core.install_table('entitlements.transfers', 'T', 'entr', entity_name => 'EntitlementTransfer', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('entitlement_transfer', 'requested', 'approved', false),
  ('entitlement_transfer', 'requested', 'rejected', true),
  ('entitlement_transfer', 'requested', 'cancelled', false),
  ('entitlement_transfer', 'approved', 'completed', false),
  ('entitlement_transfer', 'approved', 'rejected', true),
  ('entitlement_transfer', 'approved', 'cancelled', false);
call core.install_state_machine('entitlements.transfers', 'status', 'entitlement_transfer');

create function entitlements.check_transfer() returns trigger
language plpgsql as $$
begin
  -- Unit and currency of a wallet never change: nothing to lock.
  if exists (
    select
    from entitlements.wallets f
    join entitlements.wallets t on t.biz_id = f.biz_id and t.id = new.to_wallet_id
    where f.biz_id = new.biz_id
      and f.id = new.from_wallet_id
      and (f.unit <> t.unit or f.currency is distinct from t.currency)
  ) then
    perform entitlements.refuse('transfers', 'to_wallet_id', 'transfers_entitlements_unit_check',
      'Both wallets of a transfer must have the same unit and currency.');
  end if;
  return null;
end
$$;
comment on function entitlements.check_transfer() is 'Trigger: both wallets of a transfer are counted in the same.';
create trigger transfers_unit
  after insert on entitlements.transfers
  for each row execute function entitlements.check_transfer();
