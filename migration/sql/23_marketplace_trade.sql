-- Marketplace, continued: contracts and orders between tenants, the revenue they share, what they say of each other.
-- Each row is written twice, under one id, in the tenant of either side, by the platform; marketplace.check_mirror
-- compares the two at commit. A verb locks the provider's row first, and leaves app.user_id empty for the other's row.

create domain marketplace.trade_side as text constraint trade_side_check check (value in (
  'provider', 'consumer'));
comment on domain marketplace.trade_side is 'Which side of a trade a row belongs to.
provider: Gives the service or thing, and is paid.
consumer: Gets it, and pays.';
comment on constraint trade_side_check on domain marketplace.trade_side is 'Unknown side.';

create domain marketplace.cross_biz_contract_status as text constraint cross_biz_contract_status_check check (value in (
  'draft', 'proposed', 'active', 'suspended', 'terminated', 'expired', 'rejected', 'withdrawn'));
comment on domain marketplace.cross_biz_contract_status is 'Where a contract between two tenants stands.
draft: Being written; the other side does not see it.
proposed: The other side has it, and must answer.
active: Both have signed.
suspended: Nothing is ordered under it for the time being.
terminated: Ended before its time.
expired: Its time is over.
rejected: The other side did not want it.
withdrawn: Taken back by the side that wrote it.';
comment on constraint cross_biz_contract_status_check on domain marketplace.cross_biz_contract_status is 'Unknown contract status.';

create domain marketplace.cross_biz_order_status as text constraint cross_biz_order_status_check check (value in (
  'requested', 'accepted', 'in_fulfilment', 'delivered', 'settled', 'rejected', 'expired', 'cancelled', 'disputed', 'refunded'));
comment on domain marketplace.cross_biz_order_status is 'Where an order between two tenants stands.
requested: The consumer asked for it.
accepted: The provider has agreed.
in_fulfilment: The provider is at it.
delivered: The provider has done it; the consumer may object.
settled: Done and paid.
rejected: The provider did not agree.
expired: The provider did not answer in time.
cancelled: Called off after it was agreed.
disputed: The consumer objects, or the provider does.
refunded: The consumer was paid back after a dispute.';
comment on constraint cross_biz_order_status_check on domain marketplace.cross_biz_order_status is 'Unknown order status.';

create domain marketplace.share_basis as text constraint share_basis_check check (value in (
  'gross', 'net'));
comment on domain marketplace.share_basis is 'Of what a share of revenue is reckoned.
gross: Of the whole amount of the order.
net: Of what is left after tax and fees.';
comment on constraint share_basis_check on domain marketplace.share_basis is 'Unknown basis.';

create domain marketplace.share_party as text constraint share_party_check check (value in (
  'own', 'partner', 'platform'));
comment on domain marketplace.share_party is 'Who gets a share of revenue.
own: The tenant that shares: what it keeps.
partner: A partner.
platform: The platform that runs the marketplace.';
comment on constraint share_party_check on domain marketplace.share_party is 'Unknown party.';

create domain marketplace.share_side as text constraint share_side_check check (value in (
  'payer', 'payee'));
comment on domain marketplace.share_side is 'Which side of a shared amount a row belongs to.
payer: The tenant that shares its revenue.
payee: The tenant that gets the share.';
comment on constraint share_side_check on domain marketplace.share_side is 'Unknown side.';

create domain marketplace.cross_biz_dispute_status as text constraint cross_biz_dispute_status_check check (value in (
  'open', 'answered', 'escalated', 'resolved', 'withdrawn'));
comment on domain marketplace.cross_biz_dispute_status is 'Where a dispute over an order stands.
open: The other side must answer.
answered: The other side has answered.
escalated: The platform decides.
resolved: Decided or agreed.
withdrawn: Taken back by the side that opened it.';
comment on constraint cross_biz_dispute_status_check on domain marketplace.cross_biz_dispute_status is 'Unknown dispute status.';

create domain marketplace.cross_biz_dispute_reason as text constraint cross_biz_dispute_reason_check check (value in (
  'not_delivered', 'late', 'quality', 'amount', 'damage', 'other'));
comment on domain marketplace.cross_biz_dispute_reason is 'Why an order is disputed.
not_delivered: Nothing came.
late: It came late.
quality: It was not what was agreed.
amount: The amount is wrong.
damage: Something was damaged.
other: Anything else.';
comment on constraint cross_biz_dispute_reason_check on domain marketplace.cross_biz_dispute_reason is 'Unknown reason.';

create domain marketplace.cross_biz_dispute_resolution as text constraint cross_biz_dispute_resolution_check check (value in (
  'upheld', 'partly_upheld', 'refused'));
comment on domain marketplace.cross_biz_dispute_resolution is 'How a dispute ended.
upheld: Whoever opened it was right.
partly_upheld: Both were right in part.
refused: Whoever opened it was not right.';
comment on constraint cross_biz_dispute_resolution_check on domain marketplace.cross_biz_dispute_resolution is 'Unknown resolution.';

create domain marketplace.review_side as text constraint review_side_check check (value in (
  'author', 'reviewed'));
comment on domain marketplace.review_side is 'Whose row of a review it is.
author: The tenant that wrote it.
reviewed: The tenant that it is about.';
comment on constraint review_side_check on domain marketplace.review_side is 'Unknown side.';

create domain marketplace.listing_review_status as text constraint listing_review_status_check check (value in (
  'pending', 'published', 'hidden', 'rejected'));
comment on domain marketplace.listing_review_status is 'Where a review stands.
pending: Waits to be looked at by the platform.
published: Shown with the listing.
hidden: No longer shown.
rejected: Not accepted by the platform.';
comment on constraint listing_review_status_check on domain marketplace.listing_review_status is 'Unknown review status.';

create function marketplace.check_mirror() returns trigger
language plpgsql as $$
declare
  -- Arguments: the column that says the side, the sentence, then the columns in which both sides agree.
  agrees boolean;
begin
  execute format(
    'select exists (
       select
       from %1$I.%2$I o
       join marketplace.partners p on p.biz_id = o.biz_id and p.id = o.partner_id
       join %1$I.%2$I m on m.biz_id = p.partner_biz_id and m.id = o.id
       join marketplace.partners q on q.biz_id = m.biz_id and q.id = m.partner_id
       where o.biz_id = $1
         and o.id = $2
         and q.partner_biz_id = o.biz_id
         and o.%3$I <> m.%3$I
         and row(%4$s) is not distinct from row(%5$s)
     )',
    tg_table_schema, tg_table_name, tg_argv[0],
    (select string_agg(format('o.%I', a.name), ', ' order by a.place) from unnest(tg_argv[2:]) with ordinality as a (name,
      place)),
    (select string_agg(format('m.%I', a.name), ', ' order by a.place) from unnest(tg_argv[2:]) with ordinality as a (name,
      place))
  )
  into agrees
  using new.biz_id, new.id;

  if not agrees then
    raise exception using
      errcode = '23514',
      message = tg_argv[1],
      schema = tg_table_schema,
      table = tg_table_name,
      constraint = tg_name;
  end if;
  return null;
end
$$;
comment on function marketplace.check_mirror() is
  'Trigger, as the platform, at commit: the other side has a row of the same id that names this tenant and says the same. Named as the constraint.';

-- cross_biz_contracts -------------------------------------------------------------------------------------------------

create table marketplace.cross_biz_contracts (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  side marketplace.trade_side not null,
  partner_id uuid not null,
  scope text not null default 'all',
  title text not null,
  terms jsonb not null default '{}',
  currency char(3) not null,
  payment_days integer not null default 30,
  share_percent numeric(7,4),
  starts_on date not null,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  proposed_by marketplace.trade_side not null,
  proposed_at timestamptz,
  provider_signed_at timestamptz,
  provider_signed_name text,
  consumer_signed_at timestamptz,
  consumer_signed_name text,
  status marketplace.cross_biz_contract_status not null default 'draft',
  ended_at timestamptz,
  end_reason text,
  constraint cross_biz_contracts_pkey primary key (biz_id, id),
  constraint cross_biz_contracts_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint cross_biz_contracts_partner_id_fkey foreign key (biz_id, partner_id)
    references marketplace.partners (biz_id, id),
  constraint cross_biz_contracts_title_check check (btrim(title) <> '' and length(title) <= 200),
  constraint cross_biz_contracts_terms_check check (jsonb_typeof(terms) = 'object'),
  constraint cross_biz_contracts_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint cross_biz_contracts_provider_signed_name_check check (
    btrim(provider_signed_name) <> '' and length(provider_signed_name) <= 200),
  constraint cross_biz_contracts_consumer_signed_name_check check (
    btrim(consumer_signed_name) <> '' and length(consumer_signed_name) <= 200),
  constraint cross_biz_contracts_end_reason_check check (length(end_reason) <= 2000),
  constraint cross_biz_contracts_number_key unique (biz_id, number),
  constraint cross_biz_contracts_side_key unique (biz_id, partner_id, side, id),
  constraint cross_biz_contracts_scope_check check (scope ~ '^[a-z][a-z0-9_]{0,59}$'),
  constraint cross_biz_contracts_dates_check check (ends_on > starts_on),
  constraint cross_biz_contracts_payment_days_check check (payment_days between 0 and 365),
  constraint cross_biz_contracts_share_percent_check check (share_percent between 0 and 100),
  constraint cross_biz_contracts_proposed_check check (
    (status <> 'draft' or proposed_at is null) and (status in ('draft', 'withdrawn') or proposed_at is not null)),
  constraint cross_biz_contracts_draft_check check (status <> 'draft' or proposed_by = side),
  constraint cross_biz_contracts_signatures_check check (num_nonnulls(provider_signed_at, provider_signed_name) in (0, 2)
    and num_nonnulls(consumer_signed_at, consumer_signed_name) in (0, 2)),
  constraint cross_biz_contracts_signed_check check (
    status not in ('active', 'suspended', 'terminated', 'expired') or num_nonnulls(provider_signed_at, consumer_signed_at) = 2),
  constraint cross_biz_contracts_ended_check check ((status in ('terminated', 'expired')) = (ended_at is not null)),
  constraint cross_biz_contracts_no_overlap_excl exclude using gist (
    biz_id with =, partner_id with =, side with =, scope with =, period with &&) where (status in ('active', 'suspended'))
);
comment on table marketplace.cross_biz_contracts is 'What two tenants agreed on, as one of them has it. The row of the other has the same id.';
comment on column marketplace.cross_biz_contracts.number is 'Number that people of this side use.';
comment on column marketplace.cross_biz_contracts.side is 'Which side this tenant is.';
comment on column marketplace.cross_biz_contracts.partner_id is 'The other side.';
comment on column marketplace.cross_biz_contracts.scope is 'What it covers, as the two named it, for example all, rooms or cleaning. Two contracts of a pair never cover the same at a time.';
comment on column marketplace.cross_biz_contracts.title is 'What it is about, in a line.';
comment on column marketplace.cross_biz_contracts.terms is 'What was agreed, as structured text.';
comment on column marketplace.cross_biz_contracts.currency is 'Currency of orders under it.';
comment on column marketplace.cross_biz_contracts.payment_days is 'How many days after delivery an order is to be paid.';
comment on column marketplace.cross_biz_contracts.share_percent is 'Share of the provider''s revenue that the consumer keeps, in percent; empty where rules say it.';
comment on column marketplace.cross_biz_contracts.starts_on is 'First day.';
comment on column marketplace.cross_biz_contracts.ends_on is 'First day after the last; empty where it runs until it is terminated.';
comment on column marketplace.cross_biz_contracts.period is 'From starts_on to ends_on, as a range.';
comment on column marketplace.cross_biz_contracts.proposed_by is 'Which side wrote it.';
comment on column marketplace.cross_biz_contracts.proposed_at is 'When it was sent to the other side; since then both have it.';
comment on column marketplace.cross_biz_contracts.provider_signed_at is 'When the provider signed.';
comment on column marketplace.cross_biz_contracts.provider_signed_name is 'Who signed for the provider, by name.';
comment on column marketplace.cross_biz_contracts.consumer_signed_at is 'When the consumer signed.';
comment on column marketplace.cross_biz_contracts.consumer_signed_name is 'Who signed for the consumer, by name.';
comment on column marketplace.cross_biz_contracts.status is 'Where it stands.';
comment on column marketplace.cross_biz_contracts.ended_at is 'When it was terminated or had expired.';
comment on column marketplace.cross_biz_contracts.end_reason is 'Why it was terminated.';
comment on constraint cross_biz_contracts_number_check on marketplace.cross_biz_contracts is 'The number must not be blank, and has at most 60 characters.';
comment on constraint cross_biz_contracts_title_check on marketplace.cross_biz_contracts is 'The title must not be blank, and has at most 200 characters.';
comment on constraint cross_biz_contracts_terms_check on marketplace.cross_biz_contracts is 'The terms are a JSON object.';
comment on constraint cross_biz_contracts_provider_signed_name_check on marketplace.cross_biz_contracts is 'The provider signed name must not be blank, and has at most 200 characters.';
comment on constraint cross_biz_contracts_consumer_signed_name_check on marketplace.cross_biz_contracts is 'The consumer signed name must not be blank, and has at most 200 characters.';
comment on constraint cross_biz_contracts_end_reason_check on marketplace.cross_biz_contracts is 'The end reason has at most 2,000 characters.';
comment on constraint cross_biz_contracts_number_key on marketplace.cross_biz_contracts is 'Another contract has this number.';
comment on constraint cross_biz_contracts_scope_check on marketplace.cross_biz_contracts is 'A scope is one word in lower case, of 60 characters at most.';
comment on constraint cross_biz_contracts_dates_check on marketplace.cross_biz_contracts is 'The end must be after the first day.';
comment on constraint cross_biz_contracts_payment_days_check on marketplace.cross_biz_contracts is 'An order is paid within a year.';
comment on constraint cross_biz_contracts_share_percent_check on marketplace.cross_biz_contracts is 'A share is between 0 and 100 percent.';
comment on constraint cross_biz_contracts_proposed_check on marketplace.cross_biz_contracts is 'A contract that the other side has says since when.';
comment on constraint cross_biz_contracts_draft_check on marketplace.cross_biz_contracts is 'Only the side that writes a contract has its draft.';
comment on constraint cross_biz_contracts_signatures_check on marketplace.cross_biz_contracts is 'A signature says who signed and when.';
comment on constraint cross_biz_contracts_signed_check on marketplace.cross_biz_contracts is 'A contract is in force when both have signed.';
comment on constraint cross_biz_contracts_ended_check on marketplace.cross_biz_contracts is 'A contract that is over says since when.';
comment on constraint cross_biz_contracts_no_overlap_excl on marketplace.cross_biz_contracts is 'The two have a contract for the same and for one of these days.';
create index cross_biz_contracts_status_idx on marketplace.cross_biz_contracts (biz_id, status, starts_on desc, id);
-- What is about to expire.
create index cross_biz_contracts_ends_on_idx on marketplace.cross_biz_contracts (biz_id, ends_on, id)
  where status in ('active', 'suspended') and ends_on is not null;

call core.install_table('marketplace.cross_biz_contracts', 'T', 'mkct', registrable => true, platform_written => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('cross_biz_contract', 'draft', 'proposed', false),
  ('cross_biz_contract', 'draft', 'withdrawn', false),
  ('cross_biz_contract', 'proposed', 'active', false),
  ('cross_biz_contract', 'proposed', 'rejected', true),
  ('cross_biz_contract', 'proposed', 'withdrawn', false),
  ('cross_biz_contract', 'active', 'suspended', true),
  ('cross_biz_contract', 'suspended', 'active', false),
  ('cross_biz_contract', 'active', 'terminated', true),
  ('cross_biz_contract', 'suspended', 'terminated', true),
  ('cross_biz_contract', 'active', 'expired', false),
  ('cross_biz_contract', 'suspended', 'expired', false);
call core.install_state_machine('marketplace.cross_biz_contracts', 'status', 'cross_biz_contract');

create trigger cross_biz_contracts_terms_immutable
  before update on marketplace.cross_biz_contracts
  for each row when (old.proposed_at is not null and (old.side, old.partner_id, old.scope, old.title, old.terms, old.currency,
    old.payment_days, old.share_percent, old.starts_on, old.ends_on, old.proposed_by, old.proposed_at)
    is distinct from (new.side, new.partner_id, new.scope, new.title, new.terms, new.currency, new.payment_days,
    new.share_percent, new.starts_on, new.ends_on, new.proposed_by, new.proposed_at))
  execute function availability.refuse_update('cross_biz_contracts_terms_immutable_check',
    'A contract that the other side has is not changed: terminate it and propose another.');

create trigger cross_biz_contracts_signed_immutable
  before update on marketplace.cross_biz_contracts
  for each row when ((old.provider_signed_at is not null and old.provider_signed_at is distinct from new.provider_signed_at)
    or (old.consumer_signed_at is not null and old.consumer_signed_at is distinct from new.consumer_signed_at))
  execute function availability.refuse_update('cross_biz_contracts_signed_immutable_check', 'A signature is not taken back.');

create constraint trigger cross_biz_contracts_mirror_check
  after insert or update on marketplace.cross_biz_contracts
  deferrable initially deferred
  for each row when (new.proposed_at is not null)
  execute function marketplace.check_mirror('side', 'Both sides have the same contract, in the same state.',
    'scope', 'title', 'terms', 'currency', 'payment_days', 'share_percent', 'starts_on', 'ends_on', 'proposed_by', 'proposed_at',
    'provider_signed_at', 'provider_signed_name', 'consumer_signed_at', 'consumer_signed_name', 'status', 'ended_at');
comment on constraint cross_biz_contracts_mirror_check on marketplace.cross_biz_contracts is 'Both sides have the same contract, in the same state.';

-- cross_biz_orders ----------------------------------------------------------------------------------------------------

create table marketplace.cross_biz_orders (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  side marketplace.trade_side not null,
  partner_id uuid not null,
  contract_id uuid,
  listing_id uuid,
  auction_id uuid,
  document_type text,
  document_id uuid,
  title text not null,
  starts_at timestamptz,
  ends_at timestamptz,
  currency char(3) not null,
  tax_minor bigint not null default 0,
  total_minor bigint not null,
  shared_minor bigint not null default 0,
  status marketplace.cross_biz_order_status not null default 'requested',
  requested_at timestamptz not null default now(),
  respond_by timestamptz,
  accepted_at timestamptz,
  delivered_at timestamptz,
  settled_at timestamptz,
  refunded_minor bigint not null default 0,
  constraint cross_biz_orders_pkey primary key (biz_id, id),
  constraint cross_biz_orders_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint cross_biz_orders_partner_id_fkey foreign key (biz_id, partner_id)
    references marketplace.partners (biz_id, id),
  constraint cross_biz_orders_listing_id_fkey foreign key (biz_id, listing_id)
    references marketplace.marketplace_listings (biz_id, id),
  constraint cross_biz_orders_auction_id_fkey foreign key (biz_id, auction_id)
    references marketplace.auctions (biz_id, id),
  constraint cross_biz_orders_document_fkey foreign key (biz_id, document_type, document_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint cross_biz_orders_document_check check (num_nonnulls(document_type, document_id) <> 1),
  constraint cross_biz_orders_title_check check (btrim(title) <> '' and length(title) <= 200),
  constraint cross_biz_orders_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint cross_biz_orders_number_key unique (biz_id, number),
  constraint cross_biz_orders_partner_id_id_key unique (biz_id, partner_id, id),
  constraint cross_biz_orders_currency_key unique (biz_id, id, currency),
  constraint cross_biz_orders_contract_id_fkey foreign key (biz_id, partner_id, side, contract_id)
    references marketplace.cross_biz_contracts (biz_id, partner_id, side, id),
  constraint cross_biz_orders_own_offer_check check (num_nonnulls(listing_id, auction_id) = 0 or side = 'provider'),
  constraint cross_biz_orders_times_check check (num_nonnulls(starts_at, ends_at) in (0, 2) and ends_at > starts_at),
  constraint cross_biz_orders_amounts_check check (
    total_minor >= 0 and tax_minor between 0 and total_minor and refunded_minor between 0 and total_minor),
  constraint cross_biz_orders_shared_check check (
    shared_minor between 0 and total_minor and (side = 'provider' or shared_minor = 0)),
  constraint cross_biz_orders_accepted_check check (
    status not in ('accepted', 'in_fulfilment', 'delivered', 'disputed', 'settled', 'refunded') or accepted_at is not null),
  constraint cross_biz_orders_delivered_check check (
    status not in ('delivered', 'disputed', 'settled', 'refunded') or delivered_at is not null),
  constraint cross_biz_orders_settled_check check ((status in ('settled', 'refunded')) = (settled_at is not null)),
  constraint cross_biz_orders_refunded_check check (refunded_minor = 0 or status in ('settled', 'refunded'))
);
comment on table marketplace.cross_biz_orders is 'What one tenant ordered of another, as one of them has it. The row of the other has the same id, the same amount and the same state.';
comment on column marketplace.cross_biz_orders.number is 'Number that people of this side use.';
comment on column marketplace.cross_biz_orders.side is 'Which side this tenant is.';
comment on column marketplace.cross_biz_orders.partner_id is 'The other side.';
comment on column marketplace.cross_biz_orders.contract_id is 'The contract under which it was ordered, if there is one.';
comment on column marketplace.cross_biz_orders.listing_id is 'The listing that was ordered; in the provider''s row.';
comment on column marketplace.cross_biz_orders.auction_id is 'The auction that was won; in the provider''s row.';
comment on column marketplace.cross_biz_orders.document_type is 'The own document that follows from it: a booking of the provider, a purchase order of the consumer.';
comment on column marketplace.cross_biz_orders.document_id is 'Which one: its id.';
comment on column marketplace.cross_biz_orders.title is 'What is ordered, in a line, as it was then.';
comment on column marketplace.cross_biz_orders.starts_at is 'When it is wanted from.';
comment on column marketplace.cross_biz_orders.ends_at is 'When it is wanted until, that instant not included.';
comment on column marketplace.cross_biz_orders.currency is 'Currency of its amounts. Never changed.';
comment on column marketplace.cross_biz_orders.tax_minor is 'Tax within the total, in minor units.';
comment on column marketplace.cross_biz_orders.total_minor is 'What it costs, in minor units: the sum of its lines.';
comment on column marketplace.cross_biz_orders.shared_minor is 'How much of it has been shared out, less what was taken back, in minor units; in the provider''s row.';
comment on column marketplace.cross_biz_orders.status is 'Where it stands.';
comment on column marketplace.cross_biz_orders.requested_at is 'When it was asked for.';
comment on column marketplace.cross_biz_orders.respond_by is 'Until when the provider must answer.';
comment on column marketplace.cross_biz_orders.accepted_at is 'When the provider agreed.';
comment on column marketplace.cross_biz_orders.delivered_at is 'When the provider had done it.';
comment on column marketplace.cross_biz_orders.settled_at is 'When it was settled or refunded.';
comment on column marketplace.cross_biz_orders.refunded_minor is 'What the consumer was paid back, in minor units.';
comment on constraint cross_biz_orders_number_check on marketplace.cross_biz_orders is 'The number must not be blank, and has at most 60 characters.';
comment on constraint cross_biz_orders_document_fkey on marketplace.cross_biz_orders is 'Must be an existing subject of this tenant.';
comment on constraint cross_biz_orders_document_check on marketplace.cross_biz_orders is 'What is referred to has both a type and an id.';
comment on constraint cross_biz_orders_title_check on marketplace.cross_biz_orders is 'The title must not be blank, and has at most 200 characters.';
comment on constraint cross_biz_orders_number_key on marketplace.cross_biz_orders is 'Another order has this number.';
comment on constraint cross_biz_orders_contract_id_fkey on marketplace.cross_biz_orders is 'Must be a contract with the same partner, on the same side.';
comment on constraint cross_biz_orders_own_offer_check on marketplace.cross_biz_orders is 'A listing or an auction is the provider''s.';
comment on constraint cross_biz_orders_times_check on marketplace.cross_biz_orders is 'An order has both a start and an end or neither, and the end must be after the start.';
comment on constraint cross_biz_orders_amounts_check on marketplace.cross_biz_orders is 'Amounts are not negative, and no more is tax or paid back than the total.';
comment on constraint cross_biz_orders_shared_check on marketplace.cross_biz_orders is 'The provider shares out no more than the total.';
comment on constraint cross_biz_orders_accepted_check on marketplace.cross_biz_orders is 'An order that was agreed to says since when.';
comment on constraint cross_biz_orders_delivered_check on marketplace.cross_biz_orders is 'An order that was delivered says when.';
comment on constraint cross_biz_orders_settled_check on marketplace.cross_biz_orders is 'An order that is settled says when.';
comment on constraint cross_biz_orders_refunded_check on marketplace.cross_biz_orders is 'Only an order that is settled was paid back.';
create unique index cross_biz_orders_auction_id_key on marketplace.cross_biz_orders (biz_id, auction_id)
  where auction_id is not null and status not in ('rejected', 'expired', 'cancelled');
comment on index marketplace.cross_biz_orders_auction_id_key is 'This auction has led to an order already.';
-- The inbox of each side.
create index cross_biz_orders_board_idx on marketplace.cross_biz_orders (biz_id, side, status, requested_at desc, id);
-- What is about to expire.
create index cross_biz_orders_respond_by_idx on marketplace.cross_biz_orders (biz_id, respond_by, id)
  where status = 'requested';

call core.install_table('marketplace.cross_biz_orders', 'T', 'mkco', registrable => true, platform_written => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('cross_biz_order', 'requested', 'accepted', false),
  ('cross_biz_order', 'requested', 'rejected', true),
  ('cross_biz_order', 'requested', 'expired', false),
  ('cross_biz_order', 'accepted', 'in_fulfilment', false),
  ('cross_biz_order', 'in_fulfilment', 'delivered', false),
  ('cross_biz_order', 'delivered', 'settled', false),
  ('cross_biz_order', 'accepted', 'cancelled', true),
  ('cross_biz_order', 'in_fulfilment', 'cancelled', true),
  ('cross_biz_order', 'delivered', 'disputed', true),
  ('cross_biz_order', 'disputed', 'settled', false),
  ('cross_biz_order', 'disputed', 'refunded', false);
call core.install_state_machine('marketplace.cross_biz_orders', 'status', 'cross_biz_order');

create trigger cross_biz_orders_parties_immutable
  before update on marketplace.cross_biz_orders
  for each row when ((old.side, old.partner_id, old.currency) is distinct from (new.side, new.partner_id, new.currency))
  execute function availability.refuse_update('cross_biz_orders_parties_immutable_check',
    'An order keeps its two sides and its currency.');

create trigger cross_biz_orders_total_immutable
  before update on marketplace.cross_biz_orders
  for each row when (old.status <> 'requested' and (old.total_minor, old.tax_minor)
    is distinct from (new.total_minor, new.tax_minor))
  execute function availability.refuse_update('cross_biz_orders_total_immutable_check',
    'The amount of an order that was agreed to is not changed.');

-- cross_biz_order_lines -----------------------------------------------------------------------------------------------

create table marketplace.cross_biz_order_lines (
  biz_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  line_no integer not null,
  name text not null,
  quantity numeric(18,6) not null default 1,
  unit text not null default 'unit',
  unit_price numeric(20,6) not null,
  tax_rate numeric(9,6),
  total_minor bigint not null,
  currency char(3) not null,
  constraint cross_biz_order_lines_pkey primary key (biz_id, id),
  constraint cross_biz_order_lines_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint cross_biz_order_lines_unit_check check (btrim(unit) <> '' and length(unit) <= 60),
  constraint cross_biz_order_lines_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint cross_biz_order_lines_order_id_line_no_key unique (biz_id, order_id, line_no),
  constraint cross_biz_order_lines_order_id_fkey foreign key (biz_id, order_id, currency)
    references marketplace.cross_biz_orders (biz_id, id, currency),
  constraint cross_biz_order_lines_line_no_check check (line_no >= 1),
  constraint cross_biz_order_lines_quantity_check check (quantity > 0),
  constraint cross_biz_order_lines_amounts_check check (unit_price >= 0 and total_minor >= 0),
  constraint cross_biz_order_lines_tax_rate_check check (tax_rate between 0 and 10)
);
comment on table marketplace.cross_biz_order_lines is 'One line of an order between tenants, as ordered. Both sides have it under the same id.';
comment on column marketplace.cross_biz_order_lines.order_id is 'The order.';
comment on column marketplace.cross_biz_order_lines.line_no is 'Its place in the order, from 1.';
comment on column marketplace.cross_biz_order_lines.name is 'What is ordered.';
comment on column marketplace.cross_biz_order_lines.quantity is 'How many.';
comment on column marketplace.cross_biz_order_lines.unit is 'What one is.';
comment on column marketplace.cross_biz_order_lines.unit_price is 'Price of one, in major units.';
comment on column marketplace.cross_biz_order_lines.tax_rate is 'Tax rate within the price, as a fraction: 0.06 is 6 %.';
comment on column marketplace.cross_biz_order_lines.total_minor is 'What the line costs, in minor units.';
comment on column marketplace.cross_biz_order_lines.currency is 'Currency of the line, that of the order.';
comment on constraint cross_biz_order_lines_name_check on marketplace.cross_biz_order_lines is 'The name must not be blank, and has at most 200 characters.';
comment on constraint cross_biz_order_lines_unit_check on marketplace.cross_biz_order_lines is 'The unit must not be blank, and has at most 60 characters.';
comment on constraint cross_biz_order_lines_order_id_line_no_key on marketplace.cross_biz_order_lines is 'The order already has a line of this number.';
comment on constraint cross_biz_order_lines_order_id_fkey on marketplace.cross_biz_order_lines is 'Must be an order of this tenant, in its currency.';
comment on constraint cross_biz_order_lines_line_no_check on marketplace.cross_biz_order_lines is 'Lines count from 1.';
comment on constraint cross_biz_order_lines_quantity_check on marketplace.cross_biz_order_lines is 'The quantity must be more than 0.';
comment on constraint cross_biz_order_lines_amounts_check on marketplace.cross_biz_order_lines is 'Amounts cannot be negative.';
comment on constraint cross_biz_order_lines_tax_rate_check on marketplace.cross_biz_order_lines is 'The tax rate is a fraction between 0 and 10.';

call core.install_table('marketplace.cross_biz_order_lines', 'J', 'mkol', platform_written => true);

create function marketplace.check_cross_biz_order_sum() returns trigger
language plpgsql as $$
declare
  whole_id constant uuid := case when tg_table_name = 'cross_biz_orders' then to_jsonb(new) ->> 'id'
    else to_jsonb(new) ->> 'order_id' end;
begin
  if exists (
    select
    from marketplace.cross_biz_orders o
    where o.biz_id = new.biz_id
      and o.id = whole_id
      and o.total_minor <> (
        select coalesce(sum(l.total_minor), 0)
        from marketplace.cross_biz_order_lines l
        where l.biz_id = o.biz_id
          and l.order_id = o.id
      )
  ) then
    raise exception using
      errcode = '23514',
      message = 'The lines of an order must sum up to its total.',
      schema = 'marketplace',
      table = 'cross_biz_orders',
      column = 'total_minor',
      constraint = 'cross_biz_orders_lines_sum_check';
  end if;
  return null;
end
$$;
comment on function marketplace.check_cross_biz_order_sum() is 'Trigger: the lines of an order sum up to its total.';
create constraint trigger cross_biz_orders_lines_sum_check
  after insert or update of total_minor on marketplace.cross_biz_orders
  deferrable initially deferred
  for each row execute function marketplace.check_cross_biz_order_sum();
comment on constraint cross_biz_orders_lines_sum_check on marketplace.cross_biz_orders is 'The lines of an order must sum up to its total.';
create constraint trigger cross_biz_order_lines_sum_check
  after insert on marketplace.cross_biz_order_lines
  deferrable initially deferred
  for each row execute function marketplace.check_cross_biz_order_sum();
comment on constraint cross_biz_order_lines_sum_check on marketplace.cross_biz_order_lines is 'The lines of an order must sum up to its total.';

create constraint trigger cross_biz_orders_mirror_check
  after insert or update on marketplace.cross_biz_orders
  deferrable initially deferred
  for each row execute function marketplace.check_mirror('side',
    'Both sides have the same order, of the same amount and in the same state.',
    'contract_id', 'title', 'starts_at', 'ends_at', 'currency', 'tax_minor', 'total_minor', 'status', 'requested_at', 'respond_by',
    'accepted_at', 'delivered_at', 'settled_at', 'refunded_minor');
comment on constraint cross_biz_orders_mirror_check on marketplace.cross_biz_orders is 'Both sides have the same order, of the same amount and in the same state.';

create function marketplace.check_contract_in_force() returns trigger
language plpgsql as $$
begin
  perform
  from marketplace.cross_biz_contracts c
  where c.biz_id = new.biz_id
    and c.id = new.contract_id
    and c.status = 'active'
    and c.currency = new.currency
  for share;
  if not found then
    raise exception using
      errcode = '23514',
      message = 'Orders are made under an active contract, in its currency.',
      schema = 'marketplace',
      table = 'cross_biz_orders',
      column = 'contract_id',
      constraint = 'cross_biz_orders_contract_active_check';
  end if;
  return null;
end
$$;
comment on function marketplace.check_contract_in_force() is 'Trigger: the contract of a new order is active, and has its currency.';
create trigger cross_biz_orders_contract_active
  after insert on marketplace.cross_biz_orders
  for each row when (new.contract_id is not null)
  execute function marketplace.check_contract_in_force();

-- revenue_share_rules -------------------------------------------------------------------------------------------------

create table marketplace.revenue_share_rules (
  biz_id uuid not null,
  id uuid not null,
  contract_id uuid,
  listing_id uuid,
  party marketplace.share_party not null,
  partner_id uuid,
  basis marketplace.share_basis not null default 'net',
  percent numeric(7,4),
  amount_minor bigint,
  currency char(3),
  tier_from_minor bigint not null default 0,
  starts_on date not null,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint revenue_share_rules_pkey primary key (biz_id, id),
  constraint revenue_share_rules_contract_id_fkey foreign key (biz_id, contract_id)
    references marketplace.cross_biz_contracts (biz_id, id),
  constraint revenue_share_rules_listing_id_fkey foreign key (biz_id, listing_id)
    references marketplace.marketplace_listings (biz_id, id),
  constraint revenue_share_rules_partner_id_fkey foreign key (biz_id, partner_id)
    references marketplace.partners (biz_id, id),
  constraint revenue_share_rules_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint revenue_share_rules_applies_to_check check (num_nonnulls(contract_id, listing_id) = 1),
  constraint revenue_share_rules_party_check check (party <> 'own' and (party = 'partner') = (partner_id is not null)),
  constraint revenue_share_rules_share_check check (
    num_nonnulls(percent, amount_minor) = 1 and (amount_minor is null) = (currency is null)),
  constraint revenue_share_rules_percent_check check (percent > 0 and percent <= 100),
  constraint revenue_share_rules_amount_check check (amount_minor > 0),
  constraint revenue_share_rules_tier_from_check check (tier_from_minor >= 0),
  constraint revenue_share_rules_dates_check check (ends_on > starts_on),
  constraint revenue_share_rules_no_overlap_excl exclude using gist (
    biz_id with =, (coalesce(contract_id, listing_id)) with =, (coalesce(partner_id, biz_id)) with =, basis with =,
      tier_from_minor with =, period with &&) where (deleted_at is null)
);
comment on table marketplace.revenue_share_rules is 'How this tenant shares what it earns under a contract or with a listing.';
comment on column marketplace.revenue_share_rules.contract_id is 'The contract to whose orders it applies.';
comment on column marketplace.revenue_share_rules.listing_id is 'The listing to whose orders it applies.';
comment on column marketplace.revenue_share_rules.party is 'Who gets the share.';
comment on column marketplace.revenue_share_rules.partner_id is 'The partner who gets it.';
comment on column marketplace.revenue_share_rules.basis is 'Of what it is reckoned.';
comment on column marketplace.revenue_share_rules.percent is 'The share in percent.';
comment on column marketplace.revenue_share_rules.amount_minor is 'The share of each order as a fixed amount, in minor units.';
comment on column marketplace.revenue_share_rules.currency is 'Currency of the fixed amount.';
comment on column marketplace.revenue_share_rules.tier_from_minor is 'The rule applies to the part of an order''s amount from here up to the next tier, in minor units.';
comment on column marketplace.revenue_share_rules.starts_on is 'First day.';
comment on column marketplace.revenue_share_rules.ends_on is 'First day after the last; empty where it has no end.';
comment on column marketplace.revenue_share_rules.period is 'From starts_on to ends_on, as a range.';
comment on constraint revenue_share_rules_applies_to_check on marketplace.revenue_share_rules is 'A rule is of one contract or of one listing.';
comment on constraint revenue_share_rules_party_check on marketplace.revenue_share_rules is 'A share goes to a partner, who is named, or to the platform; the rest is kept.';
comment on constraint revenue_share_rules_share_check on marketplace.revenue_share_rules is 'A share is a percentage, or an amount in a currency.';
comment on constraint revenue_share_rules_percent_check on marketplace.revenue_share_rules is 'A percentage is more than 0, and 100 at most.';
comment on constraint revenue_share_rules_amount_check on marketplace.revenue_share_rules is 'An amount must be more than 0.';
comment on constraint revenue_share_rules_tier_from_check on marketplace.revenue_share_rules is 'A tier begins at 0 or above.';
comment on constraint revenue_share_rules_dates_check on marketplace.revenue_share_rules is 'The end must be after the first day.';
comment on constraint revenue_share_rules_no_overlap_excl on marketplace.revenue_share_rules is 'The party has a share of the same for one of these days.';

call core.install_table('marketplace.revenue_share_rules', 'M', 'mkrr', registrable => true);

create function marketplace.check_share_rules() returns trigger
language plpgsql as $$
begin
  -- Two rules that fit alone may not fit together: their writers take turns, and each counts the other's.
  perform pg_advisory_xact_lock(hashtextextended(
    format('revenue_share_rules %s %s', new.biz_id, coalesce(new.contract_id, new.listing_id)), 0
  ));
  if exists (
    select
    from marketplace.revenue_share_rules s
    join marketplace.revenue_share_rules r
      on r.biz_id = s.biz_id
      and (r.contract_id = s.contract_id or r.listing_id = s.listing_id)
      and r.tier_from_minor = s.tier_from_minor
      and r.deleted_at is null
      and r.percent is not null
      and r.period @> s.starts_on
    where s.biz_id = new.biz_id
      and (s.contract_id = new.contract_id or s.listing_id = new.listing_id)
      and s.deleted_at is null
    group by s.id
    having sum(r.percent) > 100
  ) then
    raise exception using
      errcode = '23514',
      message = 'No more than 100 percent can be shared out.',
      schema = 'marketplace',
      table = 'revenue_share_rules',
      column = 'percent',
      constraint = 'revenue_share_rules_percent_sum_check';
  end if;
  return null;
end
$$;
comment on function marketplace.check_share_rules() is 'Trigger: on no day are more than 100 percent of one contract or listing shared out.';
create constraint trigger revenue_share_rules_percent_sum_check
  after insert or update on marketplace.revenue_share_rules
  deferrable initially deferred
  for each row when (new.percent is not null and new.deleted_at is null)
  execute function marketplace.check_share_rules();
comment on constraint revenue_share_rules_percent_sum_check on marketplace.revenue_share_rules is 'No more than 100 percent can be shared out.';

-- revenue_share_entries -----------------------------------------------------------------------------------------------

create table marketplace.revenue_share_entries (
  biz_id uuid not null,
  id uuid not null,
  side marketplace.share_side not null,
  party marketplace.share_party not null,
  partner_id uuid,
  cross_biz_order_id uuid,
  order_number text not null,
  rule_id uuid,
  basis marketplace.share_basis not null,
  base_minor bigint not null,
  percent numeric(7,4),
  amount_minor bigint not null,
  currency char(3) not null,
  reverses_id uuid,
  settled_at timestamptz,
  journal_entry_id uuid,
  created_at timestamptz not null default now(),
  constraint revenue_share_entries_pkey primary key (biz_id, id),
  constraint revenue_share_entries_partner_id_fkey foreign key (biz_id, partner_id)
    references marketplace.partners (biz_id, id),
  constraint revenue_share_entries_order_number_check check (btrim(order_number) <> '' and length(order_number) <= 60),
  constraint revenue_share_entries_rule_id_fkey foreign key (biz_id, rule_id)
    references marketplace.revenue_share_rules (biz_id, id),
  constraint revenue_share_entries_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint revenue_share_entries_journal_entry_id_fkey foreign key (biz_id, journal_entry_id)
    references ledger.journal_entries (biz_id, id),
  constraint revenue_share_entries_currency_key unique (biz_id, id, currency),
  constraint revenue_share_entries_cross_biz_order_id_fkey foreign key (biz_id, cross_biz_order_id, currency)
    references marketplace.cross_biz_orders (biz_id, id, currency),
  constraint revenue_share_entries_reverses_id_fkey foreign key (biz_id, reverses_id, currency)
    references marketplace.revenue_share_entries (biz_id, id, currency),
  constraint revenue_share_entries_party_check check (
    (party = 'partner') = (partner_id is not null) and (side = 'payer' or party = 'partner')),
  constraint revenue_share_entries_order_check check (
    (side = 'payer') = (cross_biz_order_id is not null) and (side = 'payer' or rule_id is null)),
  constraint revenue_share_entries_amount_check check (amount_minor <> 0 and (reverses_id is null) = (amount_minor > 0)),
  constraint revenue_share_entries_base_check check (base_minor >= 0 and amount_minor <= base_minor)
);
comment on table marketplace.revenue_share_entries is 'One part of the revenue of an order that was shared out, or taken back. The partner who gets it has a copy under the same id.';
comment on column marketplace.revenue_share_entries.side is 'Whether this tenant pays the share or gets it.';
comment on column marketplace.revenue_share_entries.party is 'Who gets it.';
comment on column marketplace.revenue_share_entries.partner_id is 'The other side, where a partner is one.';
comment on column marketplace.revenue_share_entries.cross_biz_order_id is 'The order whose revenue it is; in the payer''s row.';
comment on column marketplace.revenue_share_entries.order_number is 'Number of that order at the payer, for both to know it by.';
comment on column marketplace.revenue_share_entries.rule_id is 'The rule that says so; in the payer''s row, and empty for what the payer keeps.';
comment on column marketplace.revenue_share_entries.basis is 'Of what it was reckoned.';
comment on column marketplace.revenue_share_entries.base_minor is 'The amount of which it was reckoned, in minor units.';
comment on column marketplace.revenue_share_entries.percent is 'The percentage, as it was then.';
comment on column marketplace.revenue_share_entries.amount_minor is 'The share, in minor units; negative where it takes one back.';
comment on column marketplace.revenue_share_entries.currency is 'Currency of its amounts.';
comment on column marketplace.revenue_share_entries.reverses_id is 'The entry that it takes back, wholly or in part.';
comment on column marketplace.revenue_share_entries.settled_at is 'When it was paid. Set once.';
comment on column marketplace.revenue_share_entries.journal_entry_id is 'The entry in the books by which it was paid. Set once.';
comment on constraint revenue_share_entries_order_number_check on marketplace.revenue_share_entries is 'The order number must not be blank, and has at most 60 characters.';
comment on constraint revenue_share_entries_cross_biz_order_id_fkey on marketplace.revenue_share_entries is 'Must be an order of this tenant, in its currency.';
comment on constraint revenue_share_entries_reverses_id_fkey on marketplace.revenue_share_entries is 'Must be an entry of this tenant, in its currency.';
comment on constraint revenue_share_entries_party_check on marketplace.revenue_share_entries is 'A partner is named where one is the other side.';
comment on constraint revenue_share_entries_order_check on marketplace.revenue_share_entries is 'The payer''s row names the order.';
comment on constraint revenue_share_entries_amount_check on marketplace.revenue_share_entries is 'A share is more than 0, and what takes one back is less than 0.';
comment on constraint revenue_share_entries_base_check on marketplace.revenue_share_entries is 'A share is no more than that of which it was reckoned.';
-- What is to be paid.
create index revenue_share_entries_unsettled_idx on marketplace.revenue_share_entries (biz_id, side, created_at, id)
  where settled_at is null;

call core.install_table('marketplace.revenue_share_entries', 'J', 'mkse', platform_written => true,
  bookkeeping => array['settled_at', 'journal_entry_id']);

create function marketplace.check_share_reversal() returns trigger
language plpgsql as $$
begin
  -- Whoever takes back waits for others who take back of the same entry.
  perform
  from marketplace.revenue_share_entries e
  where e.biz_id = new.biz_id
    and e.id = new.reverses_id
  for update;
  if exists (
    select
    from marketplace.revenue_share_entries e
    where e.biz_id = new.biz_id
      and e.id = new.reverses_id
      and (
        e.reverses_id is not null
        or (e.side, e.party, e.partner_id, e.cross_biz_order_id)
          is distinct from (new.side, new.party, new.partner_id, new.cross_biz_order_id)
        or e.amount_minor + (
          select sum(r.amount_minor)
          from marketplace.revenue_share_entries r
          where r.biz_id = e.biz_id
            and r.reverses_id = e.id
        ) < 0
      )
  ) then
    raise exception using
      errcode = '23514',
      message = 'No more is taken back of a share than was given, and from the same party.',
      schema = 'marketplace',
      table = 'revenue_share_entries',
      column = 'reverses_id',
      constraint = 'revenue_share_entries_reversal_check';
  end if;
  return null;
end
$$;
comment on function marketplace.check_share_reversal() is 'Trigger: of a share no more is taken back than was given.';
create trigger revenue_share_entries_reversal
  after insert on marketplace.revenue_share_entries
  for each row when (new.reverses_id is not null)
  execute function marketplace.check_share_reversal();

create function marketplace.check_shared_sum() returns trigger
language plpgsql as $$
declare
  shared_order_id constant uuid := case
    when tg_table_name = 'cross_biz_orders' then to_jsonb(new) ->> 'id'
    else to_jsonb(new) ->> 'cross_biz_order_id'
  end;
  shared bigint;
begin
  select o.shared_minor
  into shared
  from marketplace.cross_biz_orders o
  where o.biz_id = new.biz_id
    and o.id = shared_order_id
  for no key update;
  if shared <> (
    select coalesce(sum(e.amount_minor), 0)
    from marketplace.revenue_share_entries e
    where e.biz_id = new.biz_id
      and e.cross_biz_order_id = shared_order_id
  ) then
    raise exception using
      errcode = '23514',
      message = 'The shares of an order must sum up to what was shared out.',
      schema = 'marketplace',
      table = 'cross_biz_orders',
      column = 'shared_minor',
      constraint = 'cross_biz_orders_shared_sum_check';
  end if;
  return null;
end
$$;
comment on function marketplace.check_shared_sum() is 'Trigger: the shares of an order sum up to what was shared out of it.';
create constraint trigger cross_biz_orders_shared_sum_check
  after insert or update of shared_minor on marketplace.cross_biz_orders
  deferrable initially deferred
  for each row when (new.side = 'provider')
  execute function marketplace.check_shared_sum();
comment on constraint cross_biz_orders_shared_sum_check on marketplace.cross_biz_orders is 'The shares of an order must sum up to what was shared out.';
create constraint trigger revenue_share_entries_sum_check
  after insert on marketplace.revenue_share_entries
  deferrable initially deferred
  for each row when (new.side = 'payer')
  execute function marketplace.check_shared_sum();
comment on constraint revenue_share_entries_sum_check on marketplace.revenue_share_entries is 'The shares of an order must sum up to what was shared out.';

create constraint trigger revenue_share_entries_mirror_check
  after insert on marketplace.revenue_share_entries
  deferrable initially deferred
  for each row when (new.party = 'partner')
  execute function marketplace.check_mirror('side', 'Payer and payee have the same share.',
    'party', 'order_number', 'basis', 'base_minor', 'percent', 'amount_minor', 'currency', 'reverses_id');
comment on constraint revenue_share_entries_mirror_check on marketplace.revenue_share_entries is 'Payer and payee have the same share.';

-- cross_biz_disputes --------------------------------------------------------------------------------------------------

create table marketplace.cross_biz_disputes (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  side marketplace.trade_side not null,
  partner_id uuid not null,
  cross_biz_order_id uuid not null,
  opened_by marketplace.trade_side not null,
  reason marketplace.cross_biz_dispute_reason not null,
  statement text not null,
  answer text,
  claimed_minor bigint not null default 0,
  refund_minor bigint,
  currency char(3) not null,
  status marketplace.cross_biz_dispute_status not null default 'open',
  answer_by timestamptz not null,
  resolution marketplace.cross_biz_dispute_resolution,
  resolution_note text,
  closed_at timestamptz,
  constraint cross_biz_disputes_pkey primary key (biz_id, id),
  constraint cross_biz_disputes_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint cross_biz_disputes_statement_check check (btrim(statement) <> '' and length(statement) <= 10000),
  constraint cross_biz_disputes_answer_check check (btrim(answer) <> '' and length(answer) <= 10000),
  constraint cross_biz_disputes_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint cross_biz_disputes_resolution_note_check check (length(resolution_note) <= 10000),
  constraint cross_biz_disputes_number_key unique (biz_id, number),
  constraint cross_biz_disputes_partner_id_fkey foreign key (biz_id, partner_id, cross_biz_order_id)
    references marketplace.cross_biz_orders (biz_id, partner_id, id),
  constraint cross_biz_disputes_cross_biz_order_id_fkey foreign key (biz_id, cross_biz_order_id, currency)
    references marketplace.cross_biz_orders (biz_id, id, currency),
  constraint cross_biz_disputes_amounts_check check (claimed_minor >= 0 and refund_minor between 0 and claimed_minor),
  constraint cross_biz_disputes_resolved_check check (
    (status = 'resolved') = (resolution is not null) and (refund_minor is null or status = 'resolved')),
  constraint cross_biz_disputes_closed_check check ((status in ('resolved', 'withdrawn')) = (closed_at is not null)),
  constraint cross_biz_disputes_answered_check check (status <> 'answered' or answer is not null)
);
comment on table marketplace.cross_biz_disputes is 'That one side of an order objects, what the other answers, and how it ended. Both sides have it under the same id.';
comment on column marketplace.cross_biz_disputes.number is 'Number that people of this side use.';
comment on column marketplace.cross_biz_disputes.side is 'Which side of the order this tenant is.';
comment on column marketplace.cross_biz_disputes.partner_id is 'The other side.';
comment on column marketplace.cross_biz_disputes.cross_biz_order_id is 'The order.';
comment on column marketplace.cross_biz_disputes.opened_by is 'Which side objects.';
comment on column marketplace.cross_biz_disputes.reason is 'What it objects to.';
comment on column marketplace.cross_biz_disputes.statement is 'What it says.';
comment on column marketplace.cross_biz_disputes.answer is 'What the other side says.';
comment on column marketplace.cross_biz_disputes.claimed_minor is 'What it wants back, in minor units.';
comment on column marketplace.cross_biz_disputes.refund_minor is 'What it was given back, in minor units.';
comment on column marketplace.cross_biz_disputes.currency is 'Currency of its amounts, that of the order.';
comment on column marketplace.cross_biz_disputes.status is 'Where it stands.';
comment on column marketplace.cross_biz_disputes.answer_by is 'Until when the other side must answer.';
comment on column marketplace.cross_biz_disputes.resolution is 'How it ended.';
comment on column marketplace.cross_biz_disputes.resolution_note is 'Why it ended so.';
comment on column marketplace.cross_biz_disputes.closed_at is 'When it was resolved or withdrawn.';
comment on constraint cross_biz_disputes_number_check on marketplace.cross_biz_disputes is 'The number must not be blank, and has at most 60 characters.';
comment on constraint cross_biz_disputes_statement_check on marketplace.cross_biz_disputes is 'The statement must not be blank, and has at most 10,000 characters.';
comment on constraint cross_biz_disputes_answer_check on marketplace.cross_biz_disputes is 'The answer must not be blank, and has at most 10,000 characters.';
comment on constraint cross_biz_disputes_resolution_note_check on marketplace.cross_biz_disputes is 'The resolution note has at most 10,000 characters.';
comment on constraint cross_biz_disputes_number_key on marketplace.cross_biz_disputes is 'Another dispute has this number.';
comment on constraint cross_biz_disputes_partner_id_fkey on marketplace.cross_biz_disputes is 'Must be an order with the same partner.';
comment on constraint cross_biz_disputes_cross_biz_order_id_fkey on marketplace.cross_biz_disputes is 'Must be an order of this tenant, in its currency.';
comment on constraint cross_biz_disputes_amounts_check on marketplace.cross_biz_disputes is 'No more is given back than was wanted.';
comment on constraint cross_biz_disputes_resolved_check on marketplace.cross_biz_disputes is 'A dispute that is resolved says how.';
comment on constraint cross_biz_disputes_closed_check on marketplace.cross_biz_disputes is 'A dispute that is over says since when.';
comment on constraint cross_biz_disputes_answered_check on marketplace.cross_biz_disputes is 'An answer says something.';
create unique index cross_biz_disputes_open_key on marketplace.cross_biz_disputes (biz_id, cross_biz_order_id)
  where status in ('open', 'answered', 'escalated');
comment on index marketplace.cross_biz_disputes_open_key is 'This order is disputed already.';
-- What must be answered.
create index cross_biz_disputes_answer_by_idx on marketplace.cross_biz_disputes (biz_id, answer_by, id)
  where status = 'open';

call core.install_table('marketplace.cross_biz_disputes', 'T', 'mkdi', registrable => true, platform_written => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('cross_biz_dispute', 'open', 'answered', false),
  ('cross_biz_dispute', 'open', 'escalated', false),
  ('cross_biz_dispute', 'answered', 'escalated', false),
  ('cross_biz_dispute', 'open', 'resolved', true),
  ('cross_biz_dispute', 'answered', 'resolved', true),
  ('cross_biz_dispute', 'escalated', 'resolved', true),
  ('cross_biz_dispute', 'open', 'withdrawn', false),
  ('cross_biz_dispute', 'answered', 'withdrawn', false),
  ('cross_biz_dispute', 'escalated', 'withdrawn', false);
call core.install_state_machine('marketplace.cross_biz_disputes', 'status', 'cross_biz_dispute');

create trigger cross_biz_disputes_claim_immutable
  before update on marketplace.cross_biz_disputes
  for each row when ((old.side, old.partner_id, old.cross_biz_order_id, old.opened_by, old.reason, old.statement,
    old.claimed_minor) is distinct from (new.side, new.partner_id, new.cross_biz_order_id, new.opened_by, new.reason,
    new.statement, new.claimed_minor))
  execute function availability.refuse_update('cross_biz_disputes_claim_immutable_check',
    'What was objected to is not changed: withdraw it and open another.');

create constraint trigger cross_biz_disputes_mirror_check
  after insert or update on marketplace.cross_biz_disputes
  deferrable initially deferred
  for each row execute function marketplace.check_mirror('side', 'Both sides have the same dispute, in the same state.',
    'cross_biz_order_id', 'opened_by', 'reason', 'statement', 'answer', 'claimed_minor', 'refund_minor', 'currency', 'status', 'answer_by',
    'resolution', 'resolution_note', 'closed_at');
comment on constraint cross_biz_disputes_mirror_check on marketplace.cross_biz_disputes is 'Both sides have the same dispute, in the same state.';

-- listing_reviews -----------------------------------------------------------------------------------------------------

create table marketplace.listing_reviews (
  biz_id uuid not null,
  id uuid not null,
  side marketplace.review_side not null,
  partner_id uuid not null,
  cross_biz_order_id uuid not null,
  listing_id uuid,
  score integer not null,
  body text not null default '',
  answer text,
  status marketplace.listing_review_status not null default 'pending',
  published_at timestamptz,
  created_at timestamptz not null default now(),
  constraint listing_reviews_pkey primary key (biz_id, id),
  constraint listing_reviews_listing_id_fkey foreign key (biz_id, listing_id)
    references marketplace.marketplace_listings (biz_id, id),
  constraint listing_reviews_body_check check (length(body) <= 10000),
  constraint listing_reviews_answer_check check (btrim(answer) <> '' and length(answer) <= 10000),
  constraint listing_reviews_cross_biz_order_id_fkey foreign key (biz_id, partner_id, cross_biz_order_id)
    references marketplace.cross_biz_orders (biz_id, partner_id, id),
  constraint listing_reviews_cross_biz_order_id_key unique (biz_id, cross_biz_order_id),
  constraint listing_reviews_score_check check (score between 1 and 5),
  constraint listing_reviews_listing_check check (listing_id is null or side = 'reviewed'),
  constraint listing_reviews_published_check check (status not in ('published', 'hidden') or published_at is not null)
);
comment on table marketplace.listing_reviews is 'What the consumer of an order says of it. The provider has a copy under the same id.';
comment on column marketplace.listing_reviews.side is 'Whose row it is.';
comment on column marketplace.listing_reviews.partner_id is 'The other side.';
comment on column marketplace.listing_reviews.cross_biz_order_id is 'The order.';
comment on column marketplace.listing_reviews.listing_id is 'The listing it is about; in the row of the tenant that offers it.';
comment on column marketplace.listing_reviews.score is 'How good it was, from 1 to 5.';
comment on column marketplace.listing_reviews.body is 'What is said of it.';
comment on column marketplace.listing_reviews.answer is 'What the provider says to that, shown with it.';
comment on column marketplace.listing_reviews.status is 'Where it stands.';
comment on column marketplace.listing_reviews.published_at is 'When it was first shown.';
comment on constraint listing_reviews_body_check on marketplace.listing_reviews is 'The body has at most 10,000 characters.';
comment on constraint listing_reviews_answer_check on marketplace.listing_reviews is 'The answer must not be blank, and has at most 10,000 characters.';
comment on constraint listing_reviews_cross_biz_order_id_fkey on marketplace.listing_reviews is 'Must be an order with the same partner.';
comment on constraint listing_reviews_cross_biz_order_id_key on marketplace.listing_reviews is 'This order was reviewed already.';
comment on constraint listing_reviews_score_check on marketplace.listing_reviews is 'A score is between 1 and 5.';
comment on constraint listing_reviews_listing_check on marketplace.listing_reviews is 'The listing is that of the reviewed tenant.';
comment on constraint listing_reviews_published_check on marketplace.listing_reviews is 'A review that was shown says since when.';
-- What is shown with a listing.
create index listing_reviews_listing_idx on marketplace.listing_reviews (biz_id, listing_id, published_at desc)
  where status = 'published';
create index listing_reviews_status_idx on marketplace.listing_reviews (biz_id, status, created_at, id);

call core.install_table('marketplace.listing_reviews', 'T', 'mkrv', registrable => true, platform_written => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('listing_review', 'pending', 'published', false),
  ('listing_review', 'pending', 'rejected', true),
  ('listing_review', 'published', 'hidden', true),
  ('listing_review', 'hidden', 'published', true);
call core.install_state_machine('marketplace.listing_reviews', 'status', 'listing_review');

create constraint trigger listing_reviews_mirror_check
  after insert or update on marketplace.listing_reviews
  deferrable initially deferred
  for each row execute function marketplace.check_mirror('side', 'Author and reviewed have the same review.',
    'cross_biz_order_id', 'score', 'body', 'answer', 'status', 'published_at');
comment on constraint listing_reviews_mirror_check on marketplace.listing_reviews is 'Author and reviewed have the same review.';
