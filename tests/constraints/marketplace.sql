-- given: two tenants that know each other
select set_config('role', 'bizing_platform', true);
insert into marketplace.partners (biz_id, id, partner_biz_id, display_name, status, activated_at)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000001', '00000000-0000-7000-8000-000000000002', 'Theirs', 'active', now()),
  ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-000000000002', '00000000-0000-7000-8000-000000000001', 'Ours', 'active', now());
-- given: eight more partners
select set_config('role', 'bizing_platform', true);
insert into core.bizes (id, slug, legal_name, display_name, default_currency, default_timezone)
select ('00000000-0000-7023-8000-00000000100' || n)::uuid, 'partner-' || n, 'Partner ' || n, 'Partner ' || n, 'EUR', 'UTC'
from generate_series(1, 8) as n;
insert into marketplace.partners (biz_id, id, partner_biz_id, display_name, status, activated_at)
select b.biz_id, b.id::uuid, b.partner_biz_id, 'Partner ' || n, 'active', now()
from generate_series(1, 8) as n
cross join lateral (
  values
    ('00000000-0000-7000-8000-000000000001'::uuid, '00000000-0000-7023-8000-00000000200' || n, ('00000000-0000-7023-8000-00000000100' || n)::uuid),
    (('00000000-0000-7023-8000-00000000100' || n)::uuid, '00000000-0000-7023-8000-00000000300' || n, '00000000-0000-7000-8000-000000000001'::uuid)
) as b (biz_id, id, partner_biz_id);
-- refused partners_mirror_check: each of two partners has a row of the other
select set_config('role', 'bizing_platform', true);
insert into core.bizes (id, slug, legal_name, display_name, default_currency, default_timezone)
values ('00000000-0000-7023-8000-000000000003', 'lonely', 'Lonely', 'Lonely', 'EUR', 'UTC');
insert into marketplace.partners (biz_id, id, partner_biz_id, display_name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000004', '00000000-0000-7023-8000-000000000003', 'Lonely');
-- refused partners_self_check: a tenant is no partner of its own
select set_config('role', 'bizing_platform', true);
insert into marketplace.partners (biz_id, id, partner_biz_id, display_name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000004', '00000000-0000-7000-8000-000000000001', 'Ours');
-- refused partners_partner_biz_id_key: a tenant is a partner once
select set_config('role', 'bizing_platform', true);
insert into marketplace.partners (biz_id, id, partner_biz_id, display_name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000004', '00000000-0000-7000-8000-000000000002', 'Theirs');
-- refused partners_partner_check: a partner row stays with its tenant
select set_config('role', 'bizing_platform', true);
update marketplace.partners set partner_biz_id = '00000000-0000-7023-8000-000000001001' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000001';
-- refused partners_status_reason_check: a partner is blocked for a reason
select set_config('role', 'bizing_platform', true);
update marketplace.partners set status = 'blocked' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000001';
-- refused partners_status_transition_check: a relation that was given up is not active at once
select set_config('role', 'bizing_platform', true);
update marketplace.partners set status = 'ended' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000001';
update marketplace.partners set status = 'active' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000001';

-- given: listings
insert into marketplace.marketplace_listings (biz_id, id, number, title, price_minor, currency, quantity, available, status, published_at)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000011', 'LS-1', 'A night', 5000, 'EUR', 3, 3, 'published', now()),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000012', 'LS-2', 'The old oven', null, 'EUR', 1, 1, 'published', now()),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000013', 'LS-3', 'The old van', null, 'EUR', 1, 1, 'published', now()),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000014', 'LS-4', 'The last chair', 900, 'EUR', 1, 1, 'published', now());
-- allowed: a listing is written, looked at, shown by invitation, sold out and shown again
insert into marketplace.marketplace_listings (biz_id, id, number, title, price_minor, currency, visibility, subject_type, subject_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000015', 'LS-5', 'Massages', 4000, 'EUR', 'invited', 'Sellable', '00000000-0000-7000-8000-000000000064');
insert into marketplace.listing_invitations (biz_id, listing_id, partner_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000015', '00000000-0000-7023-8000-000000000001');
update marketplace.marketplace_listings set status = 'pending_review' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000015';
update marketplace.marketplace_listings set status = 'published', published_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000015';
update marketplace.marketplace_listings set status = 'sold_out', available = 0 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000015';
update marketplace.marketplace_listings set status = 'published', available = 1 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000015';
-- allowed: the platform shows a listing to all and another to one
select set_config('role', 'bizing_platform', true);
insert into marketplace.public_listings (id, seller_biz_id, seller_name, title, currency, available, published_at)
values ('00000000-0000-7023-8000-000000000011', '00000000-0000-7000-8000-000000000001', 'Ours', 'A night', 'EUR', 3, now());
insert into marketplace.shared_listings (biz_id, id, partner_id, title, price_minor, currency, available, published_at)
values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-000000000012', '00000000-0000-7023-8000-000000000002', 'The old oven', null, 'EUR', 1, now());
-- refused marketplace_listings_available_check: no more is left than there is
update marketplace.marketplace_listings set available = 4 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000011';
-- race marketplace_listings_available_check: the last one is ordered once
update marketplace.marketplace_listings set available = available - 1 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000014';
-- refused marketplace_listings_sold_out_check: what is left is not sold out
update marketplace.marketplace_listings set status = 'sold_out' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000011';
-- refused marketplace_listings_status_transition_check: a listing that was taken down stays down
update marketplace.marketplace_listings set status = 'closed' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000011';
update marketplace.marketplace_listings set status = 'published' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000011';
-- refused marketplace_listings_currency_immutable_check: the currency of a listing that was shown is not changed
update marketplace.marketplace_listings set currency = 'USD' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000011';
-- refused marketplace_listings_subject_fkey: a listing offers something that there is
insert into marketplace.marketplace_listings (biz_id, id, number, title, currency, subject_type, subject_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000015', 'LS-5', 'Nothing', 'EUR', 'Sellable', '00000000-0000-7023-8000-000000000099');
-- refused listing_invitations_pkey: a partner is invited once
insert into marketplace.listing_invitations (biz_id, listing_id, partner_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000011', '00000000-0000-7023-8000-000000000001'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000011', '00000000-0000-7023-8000-000000000001');

-- given: auctions
insert into marketplace.auctions (biz_id, id, listing_id, opens_at, closes_at, extend_seconds, currency, start_minor, reserve_minor, increment_minor, status)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000021', '00000000-0000-7023-8000-000000000012', now() - interval '1 hour', now() + interval '5 minutes', 600, 'EUR', 1000, 2000, 100, 'open'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000022', '00000000-0000-7023-8000-000000000013', now() - interval '2 hours', now() - interval '1 hour', 600, 'EUR', 1000, null, 100, 'open');
-- given: the other tenant takes part in them
select set_config('role', 'bizing_platform', true);
insert into marketplace.auction_entries (biz_id, id, partner_id, auction_id, title, currency, closes_at, increment_minor, status)
select '00000000-0000-7000-8000-000000000002', e.id::uuid, '00000000-0000-7023-8000-000000000002', e.auction_id::uuid, 'An auction', 'EUR', now() + interval '5 minutes', 100, 'open'
from (values ('00000000-0000-7023-8000-000000000023', '00000000-0000-7023-8000-000000000021'), ('00000000-0000-7023-8000-000000000024', '00000000-0000-7023-8000-000000000022')) as e (id, auction_id);
-- allowed: a bid reaches the start, moves the close, and both sides have it
select set_config('role', 'bizing_platform', true);
insert into marketplace.bids (biz_id, id, auction_id, partner_id, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000031', '00000000-0000-7023-8000-000000000021', '00000000-0000-7023-8000-000000000001', 1000, 'EUR');
insert into marketplace.bids (biz_id, id, auction_entry_id, partner_id, seq, amount_minor, currency, placed_at)
select '00000000-0000-7000-8000-000000000002', b.id, '00000000-0000-7023-8000-000000000023', '00000000-0000-7023-8000-000000000002', b.seq, b.amount_minor, b.currency, b.placed_at
from marketplace.bids b where b.biz_id = '00000000-0000-7000-8000-000000000001' and b.id = '00000000-0000-7023-8000-000000000031';
select 1 / count(*) from marketplace.auctions
where id = '00000000-0000-7023-8000-000000000021' and status = 'extended' and bid_count = 1 and current_minor = 1000 and closes_at > now() + interval '9 minutes';
-- race bids_amount_rises_check: inv31 of equal bids one is accepted
select set_config('role', 'bizing_platform', true);
insert into marketplace.bids (biz_id, id, auction_id, partner_id, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-00000000f00:n', '00000000-0000-7023-8000-000000000021', '00000000-0000-7023-8000-000000000001', 1500, 'EUR');
insert into marketplace.bids (biz_id, id, auction_entry_id, partner_id, seq, amount_minor, currency, placed_at)
select '00000000-0000-7000-8000-000000000002', b.id, '00000000-0000-7023-8000-000000000023', '00000000-0000-7023-8000-000000000002', b.seq, b.amount_minor, b.currency, b.placed_at
from marketplace.bids b where b.biz_id = '00000000-0000-7000-8000-000000000001' and b.id = '00000000-0000-7023-8000-00000000f00:n';
-- refused bids_amount_rises_check: a bid is above the one before by the increment
select set_config('role', 'bizing_platform', true);
insert into marketplace.bids (biz_id, id, auction_id, partner_id, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000031', '00000000-0000-7023-8000-000000000021', '00000000-0000-7023-8000-000000000001', 1599, 'EUR');
-- refused bids_auction_open_check: a late bid does not count
select set_config('role', 'bizing_platform', true);
insert into marketplace.bids (biz_id, id, auction_id, partner_id, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000031', '00000000-0000-7023-8000-000000000022', '00000000-0000-7023-8000-000000000001', 5000, 'EUR');
-- refused bids_mirror_check: seller and bidder have the same bid
select set_config('role', 'bizing_platform', true);
insert into marketplace.bids (biz_id, id, auction_id, partner_id, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000031', '00000000-0000-7023-8000-000000000021', '00000000-0000-7023-8000-000000000001', 9000, 'EUR');
-- refused bids_auction_id_fkey: a bid has the currency of its auction
select set_config('role', 'bizing_platform', true);
insert into marketplace.bids (biz_id, id, auction_id, partner_id, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000031', '00000000-0000-7023-8000-000000000021', '00000000-0000-7023-8000-000000000001', 9000, 'USD');
-- refused bids_side_check: a bid is of one auction
select set_config('role', 'bizing_platform', true);
insert into marketplace.bids (biz_id, id, partner_id, seq, amount_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000031', '00000000-0000-7023-8000-000000000001', 1, 9000, 'EUR');
-- refused bids_append_only_check: a bid is never changed
select set_config('role', 'bizing_platform', true);
update marketplace.bids set amount_minor = 1 where biz_id = '00000000-0000-7000-8000-000000000001';
-- refused auctions_current_immutable_check: the price follows from the bids
update marketplace.auctions set current_minor = 9000 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000021';
-- refused auctions_terms_immutable_check: terms are not changed once it is open
update marketplace.auctions set increment_minor = 1 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000021';
-- refused auctions_closes_later_check: an open auction never closes earlier
update marketplace.auctions set closes_at = now() + interval '1 minute' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000021';
-- refused auctions_awarded_check: below the reserve nobody gets it
update marketplace.auctions set status = 'closed', closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000021';
update marketplace.auctions set status = 'awarded' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000021';
-- refused auctions_status_transition_check: an auction is closed before it is awarded
update marketplace.auctions set status = 'awarded', closed_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000021';
-- refused auctions_listing_id_key: a listing is auctioned once at a time
insert into marketplace.auctions (biz_id, id, listing_id, opens_at, closes_at, currency, start_minor, increment_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000025', '00000000-0000-7023-8000-000000000012', now(), now() + interval '1 day', 'EUR', 0, 1);
-- refused auctions_times_check: an auction closes after it opens
insert into marketplace.auctions (biz_id, id, listing_id, opens_at, closes_at, currency, start_minor, increment_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000025', '00000000-0000-7023-8000-000000000011', now(), now(), 'EUR', 0, 1);
-- refused auction_entries_status_transition_check: an auction that takes no more bids does not open again
select set_config('role', 'bizing_platform', true);
update marketplace.auction_entries set status = 'closed' where biz_id = '00000000-0000-7000-8000-000000000002' and id = '00000000-0000-7023-8000-000000000023';
update marketplace.auction_entries set status = 'open' where biz_id = '00000000-0000-7000-8000-000000000002' and id = '00000000-0000-7023-8000-000000000023';
-- refused auction_entries_leading_check: whoever leads has made the highest bid
select set_config('role', 'bizing_platform', true);
update marketplace.auction_entries set is_leading = true where biz_id = '00000000-0000-7000-8000-000000000002' and id = '00000000-0000-7023-8000-000000000023';

-- given: a contract in force, as both sides have it
select set_config('role', 'bizing_platform', true);
insert into marketplace.cross_biz_contracts (biz_id, id, number, side, partner_id, title, currency, starts_on, proposed_by, proposed_at,
  provider_signed_at, provider_signed_name, consumer_signed_at, consumer_signed_name, status)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000041', 'CT-1', 'provider', '00000000-0000-7023-8000-000000000001', 'Rooms', 'EUR', '2027-01-01', 'provider', now(), now(), 'Ana', now(), 'Theo', 'active'),
  ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-000000000041', 'CT-9', 'consumer', '00000000-0000-7023-8000-000000000002', 'Rooms', 'EUR', '2027-01-01', 'provider', now(), now(), 'Ana', now(), 'Theo', 'active');
-- allowed: a contract is drafted by one side, proposed to the other, signed by both and suspended
select set_config('role', 'bizing_platform', true);
insert into marketplace.cross_biz_contracts (biz_id, id, number, side, partner_id, scope, title, currency, starts_on, proposed_by)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000042', 'CT-2', 'provider', '00000000-0000-7023-8000-000000000001', 'cleaning', 'Cleaning', 'EUR', '2027-01-01', 'provider');
update marketplace.cross_biz_contracts set status = 'proposed', proposed_at = now(), provider_signed_at = now(), provider_signed_name = 'Ana'
where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000042';
insert into marketplace.cross_biz_contracts (biz_id, id, number, side, partner_id, scope, title, currency, starts_on, proposed_by, proposed_at,
  provider_signed_at, provider_signed_name, status)
values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-000000000042', 'CT-8', 'consumer', '00000000-0000-7023-8000-000000000002', 'cleaning', 'Cleaning', 'EUR', '2027-01-01', 'provider', now(), now(), 'Ana', 'proposed');
update marketplace.cross_biz_contracts set status = 'active', consumer_signed_at = now(), consumer_signed_name = 'Theo' where id = '00000000-0000-7023-8000-000000000042';
select set_config('app.reason', 'unpaid', true);
update marketplace.cross_biz_contracts set status = 'suspended' where id = '00000000-0000-7023-8000-000000000042';
-- refused cross_biz_contracts_mirror_check: both sides have the same contract
select set_config('role', 'bizing_platform', true);
select set_config('app.reason', 'unpaid', true);
update marketplace.cross_biz_contracts set status = 'suspended' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000041';
-- refused cross_biz_contracts_no_overlap_excl: two contracts of a pair never cover the same at a time
select set_config('role', 'bizing_platform', true);
insert into marketplace.cross_biz_contracts (biz_id, id, number, side, partner_id, title, currency, starts_on, proposed_by, proposed_at,
  provider_signed_at, provider_signed_name, consumer_signed_at, consumer_signed_name, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000042', 'CT-2', 'provider', '00000000-0000-7023-8000-000000000001', 'Rooms', 'EUR', '2027-06-01', 'provider', now(), now(), 'Ana', now(), 'Theo', 'active');
-- race cross_biz_contracts_no_overlap_excl: of contracts for the same, one comes into force
select set_config('role', 'bizing_platform', true);
insert into marketplace.cross_biz_contracts (biz_id, id, number, side, partner_id, scope, title, currency, starts_on, proposed_by, proposed_at,
  provider_signed_at, provider_signed_name, consumer_signed_at, consumer_signed_name, status)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-00000000f10:n', 'CT-1:n', 'provider', '00000000-0000-7023-8000-000000000001', 'boats', 'Boats', 'EUR', '2027-01-0:n', 'provider', now(), now(), 'Ana', now(), 'Theo', 'active'),
  ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-00000000f10:n', 'CT-1:n', 'consumer', '00000000-0000-7023-8000-000000000002', 'boats', 'Boats', 'EUR', '2027-01-0:n', 'provider', now(), now(), 'Ana', now(), 'Theo', 'active');
-- refused cross_biz_contracts_terms_immutable_check: a contract that the other side has is not changed
select set_config('role', 'bizing_platform', true);
update marketplace.cross_biz_contracts set payment_days = 60 where id = '00000000-0000-7023-8000-000000000041';
-- refused cross_biz_contracts_signed_immutable_check: a signature is not taken back
select set_config('role', 'bizing_platform', true);
update marketplace.cross_biz_contracts set consumer_signed_at = null, consumer_signed_name = null where id = '00000000-0000-7023-8000-000000000041';
-- refused cross_biz_contracts_signed_check: a contract is in force when both have signed
select set_config('role', 'bizing_platform', true);
insert into marketplace.cross_biz_contracts (biz_id, id, number, side, partner_id, title, currency, starts_on, proposed_by, proposed_at, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000042', 'CT-2', 'consumer', '00000000-0000-7023-8000-000000000001', 'Rooms', 'EUR', '2027-01-01', 'provider', now(), 'active');
-- refused cross_biz_contracts_draft_check: only the side that writes a contract has its draft
select set_config('role', 'bizing_platform', true);
insert into marketplace.cross_biz_contracts (biz_id, id, number, side, partner_id, title, currency, starts_on, proposed_by)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000042', 'CT-2', 'consumer', '00000000-0000-7023-8000-000000000001', 'Rooms', 'EUR', '2027-01-01', 'provider');
-- refused cross_biz_contracts_status_transition_check: a contract in force is not proposed again
select set_config('role', 'bizing_platform', true);
update marketplace.cross_biz_contracts set status = 'proposed' where id = '00000000-0000-7023-8000-000000000041';

-- given: an order under it that was delivered, as both sides have it
select set_config('role', 'bizing_platform', true);
insert into marketplace.cross_biz_orders (biz_id, id, number, side, partner_id, contract_id, title, currency, total_minor, status, accepted_at, delivered_at, requested_at)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000051', 'XO-1', 'provider', '00000000-0000-7023-8000-000000000001', '00000000-0000-7023-8000-000000000041', 'Two nights', 'EUR', 10000, 'delivered', now(), now(), now()),
  ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-000000000051', 'XO-9', 'consumer', '00000000-0000-7023-8000-000000000002', '00000000-0000-7023-8000-000000000041', 'Two nights', 'EUR', 10000, 'delivered', now(), now(), now());
insert into marketplace.cross_biz_order_lines (biz_id, id, order_id, line_no, name, quantity, unit_price, total_minor, currency)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000052', '00000000-0000-7023-8000-000000000051', 1, 'Night', 2, 50, 10000, 'EUR'),
  ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-000000000052', '00000000-0000-7023-8000-000000000051', 1, 'Night', 2, 50, 10000, 'EUR');
-- allowed: an order is requested, accepted, done and settled on both sides
select set_config('role', 'bizing_platform', true);
insert into marketplace.cross_biz_orders (biz_id, id, number, side, partner_id, contract_id, listing_id, title, currency, total_minor, document_type, document_id)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000053', 'XO-2', 'provider', '00000000-0000-7023-8000-000000000001', '00000000-0000-7023-8000-000000000041', '00000000-0000-7023-8000-000000000011', 'A night', 'EUR', 5000, 'BookingOrder', '00000000-0000-7000-8000-000000000071'),
  ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-000000000053', 'XO-8', 'consumer', '00000000-0000-7023-8000-000000000002', '00000000-0000-7023-8000-000000000041', null, 'A night', 'EUR', 5000, null, null);
insert into marketplace.cross_biz_order_lines (biz_id, id, order_id, line_no, name, unit_price, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000054', '00000000-0000-7023-8000-000000000053', 1, 'Night', 50, 5000, 'EUR'), ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-000000000054', '00000000-0000-7023-8000-000000000053', 1, 'Night', 50, 5000, 'EUR');
update marketplace.cross_biz_orders set status = 'accepted', accepted_at = now() where id = '00000000-0000-7023-8000-000000000053';
update marketplace.cross_biz_orders set status = 'in_fulfilment' where id = '00000000-0000-7023-8000-000000000053';
update marketplace.cross_biz_orders set status = 'delivered', delivered_at = now() where id = '00000000-0000-7023-8000-000000000053';
update marketplace.cross_biz_orders set status = 'settled', settled_at = now() where id = '00000000-0000-7023-8000-000000000053';
-- refused cross_biz_orders_mirror_check: both sides have the order in the same state
select set_config('role', 'bizing_platform', true);
update marketplace.cross_biz_orders set status = 'settled', settled_at = now() where biz_id = '00000000-0000-7000-8000-000000000002' and id = '00000000-0000-7023-8000-000000000051';
-- refused cross_biz_orders_mirror_check: both sides have the same amount
select set_config('role', 'bizing_platform', true);
insert into marketplace.cross_biz_orders (biz_id, id, number, side, partner_id, title, currency, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000053', 'XO-2', 'provider', '00000000-0000-7023-8000-000000000001', 'A night', 'EUR', 5000), ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-000000000053', 'XO-8', 'consumer', '00000000-0000-7023-8000-000000000002', 'A night', 'EUR', 4000);
insert into marketplace.cross_biz_order_lines (biz_id, id, order_id, line_no, name, unit_price, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000054', '00000000-0000-7023-8000-000000000053', 1, 'Night', 50, 5000, 'EUR'), ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-000000000054', '00000000-0000-7023-8000-000000000053', 1, 'Night', 40, 4000, 'EUR');
-- refused cross_biz_orders_lines_sum_check: the lines sum up to the total
select set_config('role', 'bizing_platform', true);
insert into marketplace.cross_biz_orders (biz_id, id, number, side, partner_id, title, currency, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000053', 'XO-2', 'provider', '00000000-0000-7023-8000-000000000001', 'A night', 'EUR', 5000), ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-000000000053', 'XO-8', 'consumer', '00000000-0000-7023-8000-000000000002', 'A night', 'EUR', 5000);
-- refused cross_biz_orders_lines_sum_check: no line is added to an order afterwards
select set_config('role', 'bizing_platform', true);
insert into marketplace.cross_biz_order_lines (biz_id, id, order_id, line_no, name, unit_price, total_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000054', '00000000-0000-7023-8000-000000000051', 2, 'Breakfast', 10, 1000, 'EUR');
-- refused cross_biz_orders_contract_active_check: orders are made under an active contract, in its currency
select set_config('role', 'bizing_platform', true);
insert into marketplace.cross_biz_orders (biz_id, id, number, side, partner_id, contract_id, title, currency, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000053', 'XO-2', 'provider', '00000000-0000-7023-8000-000000000001', '00000000-0000-7023-8000-000000000041', 'A night', 'USD', 5000);
-- refused cross_biz_orders_contract_id_fkey: the contract is one with the same partner
select set_config('role', 'bizing_platform', true);
insert into marketplace.cross_biz_orders (biz_id, id, number, side, partner_id, contract_id, title, currency, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000053', 'XO-2', 'provider', '00000000-0000-7023-8000-000000002001', '00000000-0000-7023-8000-000000000041', 'A night', 'EUR', 5000);
-- refused cross_biz_orders_own_offer_check: a listing is the provider's
select set_config('role', 'bizing_platform', true);
insert into marketplace.cross_biz_orders (biz_id, id, number, side, partner_id, listing_id, title, currency, total_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000053', 'XO-2', 'consumer', '00000000-0000-7023-8000-000000000001', '00000000-0000-7023-8000-000000000011', 'A night', 'EUR', 5000);
-- refused cross_biz_orders_total_immutable_check: the amount of an order that was agreed to is not changed
select set_config('role', 'bizing_platform', true);
update marketplace.cross_biz_orders set total_minor = 9000 where id = '00000000-0000-7023-8000-000000000051';
-- refused cross_biz_orders_parties_immutable_check: an order keeps its two sides
select set_config('role', 'bizing_platform', true);
update marketplace.cross_biz_orders set partner_id = '00000000-0000-7023-8000-000000002001' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000051';
-- refused cross_biz_orders_status_reason_check: an order is disputed for a reason
select set_config('role', 'bizing_platform', true);
update marketplace.cross_biz_orders set status = 'disputed' where id = '00000000-0000-7023-8000-000000000051';
-- refused cross_biz_orders_status_transition_check: what was delivered is not cancelled
select set_config('role', 'bizing_platform', true);
update marketplace.cross_biz_orders set status = 'cancelled' where id = '00000000-0000-7023-8000-000000000051';
-- refused cross_biz_order_lines_append_only_check: a line is never changed
select set_config('role', 'bizing_platform', true);
update marketplace.cross_biz_order_lines set total_minor = 1 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000052';

-- given: a rule by which the platform gets a share
insert into marketplace.revenue_share_rules (biz_id, id, contract_id, party, percent, starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000061', '00000000-0000-7023-8000-000000000041', 'platform', 50, '2027-01-01');
-- allowed: shares of a hundred percent, another tier apart, and a fixed amount on another day
insert into marketplace.revenue_share_rules (biz_id, id, contract_id, party, partner_id, percent, amount_minor, currency, tier_from_minor, starts_on)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000062', '00000000-0000-7023-8000-000000000041', 'partner', '00000000-0000-7023-8000-000000000001', 50, null, null, 0, '2027-01-01'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000063', '00000000-0000-7023-8000-000000000041', 'partner', '00000000-0000-7023-8000-000000000001', 100, null, null, 100000, '2027-01-01'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000064', '00000000-0000-7023-8000-000000000041', 'partner', '00000000-0000-7023-8000-000000002001', null, 100, 'EUR', 0, '2027-01-01');
-- refused revenue_share_rules_percent_sum_check: no more than a hundred percent is shared out
insert into marketplace.revenue_share_rules (biz_id, id, contract_id, party, partner_id, percent, starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000062', '00000000-0000-7023-8000-000000000041', 'partner', '00000000-0000-7023-8000-000000000001', 50.0001, '2027-06-01');
-- race revenue_share_rules_percent_sum_check: two shares that fit alone do not fit together
insert into marketplace.revenue_share_rules (biz_id, id, contract_id, party, partner_id, percent, starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-00000000f20:n', '00000000-0000-7023-8000-000000000041', 'partner', '00000000-0000-7023-8000-00000000200:n', 30, '2027-01-01');
-- refused revenue_share_rules_no_overlap_excl: a party has one share of the same on a day
insert into marketplace.revenue_share_rules (biz_id, id, contract_id, party, percent, starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000062', '00000000-0000-7023-8000-000000000041', 'platform', 1, '2027-06-01');
-- refused revenue_share_rules_party_check: a partner is named
insert into marketplace.revenue_share_rules (biz_id, id, contract_id, party, percent, starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000062', '00000000-0000-7023-8000-000000000041', 'partner', 1, '2027-06-01');
-- given: the order's revenue is shared out
select set_config('role', 'bizing_platform', true);
insert into marketplace.revenue_share_entries (biz_id, id, side, party, partner_id, cross_biz_order_id, order_number, rule_id, basis, base_minor, percent, amount_minor, currency)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000071', 'payer', 'own', null, '00000000-0000-7023-8000-000000000051', 'XO-1', null, 'gross', 10000, null, 4000, 'EUR'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000072', 'payer', 'platform', null, '00000000-0000-7023-8000-000000000051', 'XO-1', '00000000-0000-7023-8000-000000000061', 'gross', 10000, 50, 5000, 'EUR'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000073', 'payer', 'partner', '00000000-0000-7023-8000-000000000001', '00000000-0000-7023-8000-000000000051', 'XO-1', null, 'gross', 10000, 10, 1000, 'EUR'),
  ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-000000000073', 'payee', 'partner', '00000000-0000-7023-8000-000000000002', null, 'XO-1', null, 'gross', 10000, 10, 1000, 'EUR');
update marketplace.cross_biz_orders set shared_minor = 10000 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000051';
-- allowed: a share is paid once, and half of another is taken back on both sides
select set_config('role', 'bizing_platform', true);
update marketplace.revenue_share_entries set settled_at = now() where id = '00000000-0000-7023-8000-000000000073';
insert into marketplace.revenue_share_entries (biz_id, id, side, party, partner_id, cross_biz_order_id, order_number, basis, base_minor, amount_minor, currency, reverses_id)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000074', 'payer', 'partner', '00000000-0000-7023-8000-000000000001', '00000000-0000-7023-8000-000000000051', 'XO-1', 'gross', 5000, -500, 'EUR', '00000000-0000-7023-8000-000000000073'),
  ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-000000000074', 'payee', 'partner', '00000000-0000-7023-8000-000000000002', null, 'XO-1', 'gross', 5000, -500, 'EUR', '00000000-0000-7023-8000-000000000073');
update marketplace.cross_biz_orders set shared_minor = 9500 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000051';
-- refused cross_biz_orders_shared_sum_check: the shares sum up to what was shared out
select set_config('role', 'bizing_platform', true);
update marketplace.cross_biz_orders set shared_minor = 9000 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000051';
-- refused cross_biz_orders_shared_sum_check: a share beyond what was shared out
select set_config('role', 'bizing_platform', true);
insert into marketplace.revenue_share_entries (biz_id, id, side, party, cross_biz_order_id, order_number, basis, base_minor, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000074', 'payer', 'platform', '00000000-0000-7023-8000-000000000051', 'XO-1', 'gross', 10000, 1, 'EUR');
-- refused revenue_share_entries_mirror_check: payer and payee have the same share
select set_config('role', 'bizing_platform', true);
insert into marketplace.revenue_share_entries (biz_id, id, side, party, partner_id, order_number, basis, base_minor, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-000000000074', 'payee', 'partner', '00000000-0000-7023-8000-000000000002', 'XO-1', 'gross', 10000, 1, 'EUR');
-- refused revenue_share_entries_reversal_check: what was taken back of another party
select set_config('role', 'bizing_platform', true);
insert into marketplace.revenue_share_entries (biz_id, id, side, party, cross_biz_order_id, order_number, basis, base_minor, amount_minor, currency, reverses_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000074', 'payer', 'own', '00000000-0000-7023-8000-000000000051', 'XO-1', 'gross', 10000, -5000, 'EUR', '00000000-0000-7023-8000-000000000072');
-- race revenue_share_entries_reversal_check: a share is taken back once
select set_config('role', 'bizing_platform', true);
insert into marketplace.revenue_share_entries (biz_id, id, side, party, cross_biz_order_id, order_number, basis, base_minor, amount_minor, currency, reverses_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-00000000f30:n', 'payer', 'platform', '00000000-0000-7023-8000-000000000051', 'XO-1', 'gross', 10000, -5000, 'EUR', '00000000-0000-7023-8000-000000000072');
update marketplace.cross_biz_orders set shared_minor = shared_minor - 5000 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000051';
-- refused revenue_share_entries_append_only_check: a share is never changed
select set_config('role', 'bizing_platform', true);
update marketplace.revenue_share_entries set amount_minor = 1 where id = '00000000-0000-7023-8000-000000000071';
-- refused revenue_share_entries_amount_check: what takes a share back is less than 0
select set_config('role', 'bizing_platform', true);
insert into marketplace.revenue_share_entries (biz_id, id, side, party, cross_biz_order_id, order_number, basis, base_minor, amount_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000074', 'payer', 'own', '00000000-0000-7023-8000-000000000051', 'XO-1', 'gross', 10000, -1, 'EUR');

-- given: a dispute over the order
select set_config('role', 'bizing_platform', true);
insert into marketplace.cross_biz_disputes (biz_id, id, number, side, partner_id, cross_biz_order_id, opened_by, reason, statement, claimed_minor, currency, answer_by)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000081', 'DP-1', 'provider', '00000000-0000-7023-8000-000000000001', '00000000-0000-7023-8000-000000000051', 'consumer', 'quality', 'No towels.', 1000, 'EUR', '2027-03-01 10:00Z'),
  ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-000000000081', 'DP-9', 'consumer', '00000000-0000-7023-8000-000000000002', '00000000-0000-7023-8000-000000000051', 'consumer', 'quality', 'No towels.', 1000, 'EUR', '2027-03-01 10:00Z');
-- allowed: a dispute is answered and resolved on both sides
select set_config('role', 'bizing_platform', true);
update marketplace.cross_biz_disputes set status = 'answered', answer = 'There were some.' where id = '00000000-0000-7023-8000-000000000081';
select set_config('app.reason', 'agreed', true);
update marketplace.cross_biz_disputes set status = 'resolved', resolution = 'partly_upheld', refund_minor = 500, closed_at = now() where id = '00000000-0000-7023-8000-000000000081';
-- refused cross_biz_disputes_mirror_check: both sides have the same dispute
select set_config('role', 'bizing_platform', true);
update marketplace.cross_biz_disputes set status = 'answered', answer = 'There were some.' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000081';
-- refused cross_biz_disputes_open_key: an order is disputed once at a time
select set_config('role', 'bizing_platform', true);
insert into marketplace.cross_biz_disputes (biz_id, id, number, side, partner_id, cross_biz_order_id, opened_by, reason, statement, currency, answer_by)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000082', 'DP-2', 'provider', '00000000-0000-7023-8000-000000000001', '00000000-0000-7023-8000-000000000051', 'provider', 'other', 'Late payment.', 'EUR', now());
-- refused cross_biz_disputes_amounts_check: no more is given back than was wanted
select set_config('role', 'bizing_platform', true);
update marketplace.cross_biz_disputes set refund_minor = 1001 where id = '00000000-0000-7023-8000-000000000081';
-- refused cross_biz_disputes_claim_immutable_check: what was objected to is not changed
select set_config('role', 'bizing_platform', true);
update marketplace.cross_biz_disputes set claimed_minor = 2000 where id = '00000000-0000-7023-8000-000000000081';
-- refused cross_biz_disputes_status_transition_check: a dispute that was withdrawn is over
select set_config('role', 'bizing_platform', true);
update marketplace.cross_biz_disputes set status = 'withdrawn', closed_at = now() where id = '00000000-0000-7023-8000-000000000081';
update marketplace.cross_biz_disputes set status = 'open', closed_at = null where id = '00000000-0000-7023-8000-000000000081';
-- allowed: an order is reviewed, and both sides have the review
select set_config('role', 'bizing_platform', true);
insert into marketplace.listing_reviews (biz_id, id, side, partner_id, cross_biz_order_id, listing_id, score, body)
values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-000000000083', 'author', '00000000-0000-7023-8000-000000000002', '00000000-0000-7023-8000-000000000051', null, 4, 'Good.'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000083', 'reviewed', '00000000-0000-7023-8000-000000000001', '00000000-0000-7023-8000-000000000051', '00000000-0000-7023-8000-000000000011', 4, 'Good.');
update marketplace.listing_reviews set status = 'published', published_at = now() where id = '00000000-0000-7023-8000-000000000083';
-- refused listing_reviews_mirror_check: author and reviewed have the same review
select set_config('role', 'bizing_platform', true);
insert into marketplace.listing_reviews (biz_id, id, side, partner_id, cross_biz_order_id, score)
values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-000000000083', 'author', '00000000-0000-7023-8000-000000000002', '00000000-0000-7023-8000-000000000051', 4), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000083', 'reviewed', '00000000-0000-7023-8000-000000000001', '00000000-0000-7023-8000-000000000051', 5);
-- refused listing_reviews_score_check: a score is between 1 and 5
select set_config('role', 'bizing_platform', true);
insert into marketplace.listing_reviews (biz_id, id, side, partner_id, cross_biz_order_id, score) values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-000000000083', 'author', '00000000-0000-7023-8000-000000000002', '00000000-0000-7023-8000-000000000051', 6);
-- refused listing_reviews_status_transition_check: a review that was rejected is not shown
select set_config('role', 'bizing_platform', true);
insert into marketplace.listing_reviews (biz_id, id, side, partner_id, cross_biz_order_id, score) values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7023-8000-000000000083', 'author', '00000000-0000-7023-8000-000000000002', '00000000-0000-7023-8000-000000000051', 1);
select set_config('app.reason', 'insulting', true);
update marketplace.listing_reviews set status = 'rejected' where id = '00000000-0000-7023-8000-000000000083';
update marketplace.listing_reviews set status = 'published', published_at = now() where id = '00000000-0000-7023-8000-000000000083';

-- given: a referral programme with two rewards to give, one for each who recommends
insert into marketplace.referral_programs (biz_id, id, code, name, referrer_reward, currency, max_rewards_per_referrer, max_rewards, status, starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000091', 'friends', 'Bring a friend', 10, 'EUR', 1, 2, 'active', '2027-01-01');
insert into marketplace.referral_codes (biz_id, id, program_id, customer_id, code) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000092', '00000000-0000-7023-8000-000000000091', '00000000-0000-7000-8000-000000000031', 'CLARA10');
insert into marketplace.referral_events (biz_id, id, program_id, code_id, referrer_customer_id, referee_customer_id, kind, is_qualifying)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000093', '00000000-0000-7023-8000-000000000091', '00000000-0000-7023-8000-000000000092', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000032', 'purchase', true);
insert into marketplace.referral_events (biz_id, id, program_id, code_id, referrer_customer_id, referee_customer_id, kind)
select '00000000-0000-7000-8000-000000000001', ('00000000-0000-7023-8000-00000000400' || n)::uuid, '00000000-0000-7023-8000-000000000091', '00000000-0000-7023-8000-000000000092', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000032', 'signup'
from generate_series(1, 8) as n;
insert into marketplace.reward_decisions (biz_id, id, program_id, referral_event_id, beneficiary, customer_id)
select '00000000-0000-7000-8000-000000000001', ('00000000-0000-7023-8000-00000000500' || n)::uuid, '00000000-0000-7023-8000-000000000091', ('00000000-0000-7023-8000-00000000400' || n)::uuid, 'referrer', '00000000-0000-7000-8000-000000000031'
from generate_series(1, 8) as n;
-- race reward_decisions_referrer_cap_check: who recommends gets no more rewards than the programme says
update marketplace.reward_decisions set status = 'granted', decided_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-00000000500:n';
-- allowed: a reward is decided for the new customer and taken back
insert into marketplace.reward_decisions (biz_id, id, program_id, referral_event_id, beneficiary, customer_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000094', '00000000-0000-7023-8000-000000000091', '00000000-0000-7023-8000-000000000093', 'referee', '00000000-0000-7000-8000-000000000032');
update marketplace.reward_decisions set status = 'granted', decided_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000094';
select set_config('app.reason', 'refunded', true);
update marketplace.reward_decisions set status = 'reversed' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000094';
-- refused reward_decisions_program_cap_check: no more rewards are given than the programme has
insert into marketplace.reward_decisions (biz_id, id, program_id, referral_event_id, beneficiary, customer_id, status, decided_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000094', '00000000-0000-7023-8000-000000000091', '00000000-0000-7023-8000-000000000093', 'referee', '00000000-0000-7000-8000-000000000032', 'granted', now()), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000095', '00000000-0000-7023-8000-000000000091', '00000000-0000-7023-8000-000000004001', 'referee', '00000000-0000-7000-8000-000000000032', 'granted', now());
-- refused reward_decisions_referral_event_id_beneficiary_key: a reward is decided on once
insert into marketplace.reward_decisions (biz_id, id, program_id, referral_event_id, beneficiary, customer_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000094', '00000000-0000-7023-8000-000000000091', '00000000-0000-7023-8000-000000004001', 'referrer', '00000000-0000-7000-8000-000000000031');
-- refused reward_decisions_status_transition_check: a reward that was denied is not given
insert into marketplace.reward_decisions (biz_id, id, program_id, referral_event_id, beneficiary, customer_id, status, decided_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000094', '00000000-0000-7023-8000-000000000091', '00000000-0000-7023-8000-000000000093', 'referee', '00000000-0000-7000-8000-000000000032', 'denied', now());
update marketplace.reward_decisions set status = 'granted' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000094';
-- refused referral_events_referee_customer_id_key: a new customer earns the rewards once
insert into marketplace.referral_events (biz_id, id, program_id, code_id, referrer_customer_id, referee_customer_id, kind, is_qualifying)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000094', '00000000-0000-7023-8000-000000000091', '00000000-0000-7023-8000-000000000092', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000032', 'purchase', true);
-- refused referral_events_referee_check: nobody brings themselves
insert into marketplace.referral_events (biz_id, id, program_id, code_id, referrer_customer_id, referee_customer_id, kind)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000094', '00000000-0000-7023-8000-000000000091', '00000000-0000-7023-8000-000000000092', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000031', 'signup');
-- refused referral_events_code_id_fkey: the code is that of the one who recommends
insert into marketplace.referral_events (biz_id, id, program_id, code_id, referrer_customer_id, referee_customer_id, kind)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000094', '00000000-0000-7023-8000-000000000091', '00000000-0000-7023-8000-000000000092', '00000000-0000-7000-8000-000000000032', '00000000-0000-7000-8000-000000000031', 'signup');
-- refused referral_events_append_only_check: an event is never changed
select set_config('role', 'bizing_platform', true);
update marketplace.referral_events set kind = 'click' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000093';
-- refused referral_codes_code_key: a code is the code of one customer, however it is written
insert into marketplace.referral_codes (biz_id, id, program_id, customer_id, code) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7023-8000-000000000094', '00000000-0000-7023-8000-000000000091', '00000000-0000-7000-8000-000000000032', 'clara10');
-- refused referral_programs_status_transition_check: a programme that is over stays over
update marketplace.referral_programs set status = 'ended' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000091';
update marketplace.referral_programs set status = 'active' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000091';
-- refused referral_programs_referrer_reward_check: a reward says how much
update marketplace.referral_programs set referrer_reward = null where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7023-8000-000000000091';
