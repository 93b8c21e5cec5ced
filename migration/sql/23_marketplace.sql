-- Marketplace: trade between tenants. A tenant never reads the row of another: whatever two of them share is written
-- twice, once for each, under the same id, by the platform alone, in one transaction; at commit the two are compared.
-- Whatever names another tenant goes through the tenant's own row of it in marketplace.partners.

create schema marketplace;
comment on schema marketplace is 'Trade between tenants: what one offers to others, auctions, contracts, orders, shared revenue, and rewards for bringing customers.';

create domain marketplace.partner_status as text constraint partner_status_check check (value in (
  'invited', 'active', 'blocked', 'ended'));
comment on domain marketplace.partner_status is 'Where the relation to another tenant stands, as this side sees it.
invited: One side asked for it; the other has not answered.
active: The two may trade.
blocked: This side wants no trade with the other.
ended: The relation was given up.';
comment on constraint partner_status_check on domain marketplace.partner_status is 'Unknown partner status.';

create domain marketplace.listing_visibility as text constraint listing_visibility_check check (value in (
  'public', 'network', 'invited'));
comment on domain marketplace.listing_visibility is 'Who is shown a listing.
public: Every tenant.
network: All active partners of the seller.
invited: The partners that the seller names.';
comment on constraint listing_visibility_check on domain marketplace.listing_visibility is 'Unknown listing visibility.';

create domain marketplace.listing_status as text constraint listing_status_check check (value in (
  'draft', 'pending_review', 'published', 'paused', 'sold_out', 'closed', 'rejected'));
comment on domain marketplace.listing_status is 'Where a listing stands.
draft: Being written; nobody else sees it.
pending_review: Waits to be looked at by the platform.
published: Shown, and can be ordered.
paused: Not shown for the time being.
sold_out: Nothing is left.
closed: Taken down for good.
rejected: The platform did not accept it.';
comment on constraint listing_status_check on domain marketplace.listing_status is 'Unknown listing status.';

create domain marketplace.auction_status as text constraint auction_status_check check (value in (
  'scheduled', 'open', 'extended', 'closed', 'awarded', 'unsold', 'cancelled'));
comment on domain marketplace.auction_status is 'Where an auction stands.
scheduled: Announced; bids are not taken yet.
open: Bids are taken.
extended: Bids are taken beyond the time first announced, as one came late.
closed: No more bids; the seller has not awarded it yet.
awarded: The highest bidder got it.
unsold: Nobody got it.
cancelled: Called off by the seller.';
comment on constraint auction_status_check on domain marketplace.auction_status is 'Unknown auction status.';

-- partners ------------------------------------------------------------------------------------------------------------

create table marketplace.partners (
  biz_id uuid not null,
  id uuid not null,
  partner_biz_id uuid not null,
  display_name text not null,
  country char(2),
  note text,
  status marketplace.partner_status not null default 'invited',
  invited_at timestamptz not null default now(),
  activated_at timestamptz,
  constraint partners_pkey primary key (biz_id, id),
  constraint partners_partner_biz_id_fkey foreign key (partner_biz_id)
    references core.bizes (id),
  constraint partners_display_name_check check (btrim(display_name) <> '' and length(display_name) <= 200),
  constraint partners_country_fkey foreign key (country)
    references core.countries (code),
  constraint partners_note_check check (length(note) <= 2000),
  constraint partners_partner_biz_id_key unique (biz_id, partner_biz_id),
  constraint partners_self_check check (partner_biz_id <> biz_id),
  constraint partners_active_check check (status <> 'active' or activated_at is not null)
);
comment on table marketplace.partners is 'Another tenant as this one knows it. Each side of the relation has its own row; whatever names another tenant refers to this row.';
comment on column marketplace.partners.partner_biz_id is 'The other tenant.';
comment on column marketplace.partners.display_name is 'The name under which the other tenant trades, as it was told.';
comment on column marketplace.partners.country is 'Where the other tenant is at home.';
comment on column marketplace.partners.note is 'What staff of this tenant should know of the partner. Not shown to it.';
comment on column marketplace.partners.status is 'Where the relation stands, as this side sees it.';
comment on column marketplace.partners.invited_at is 'When one side first asked for it.';
comment on column marketplace.partners.activated_at is 'When the two could first trade.';
comment on constraint partners_display_name_check on marketplace.partners is 'The display name must not be blank, and has at most 200 characters.';
comment on constraint partners_note_check on marketplace.partners is 'The note has at most 2,000 characters.';
comment on constraint partners_partner_biz_id_key on marketplace.partners is 'This tenant is a partner already.';
comment on constraint partners_self_check on marketplace.partners is 'A tenant is no partner of its own.';
comment on constraint partners_active_check on marketplace.partners is 'An active partner says since when it is one.';
-- Partners by where the relation stands.
create index partners_status_idx on marketplace.partners (biz_id, status, display_name, id);

call core.install_table('marketplace.partners', 'T', 'mkpa', registrable => true, platform_written => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('partner', 'invited', 'active', false),
  ('partner', 'invited', 'ended', false),
  ('partner', 'active', 'blocked', true),
  ('partner', 'blocked', 'active', false),
  ('partner', 'active', 'ended', false),
  ('partner', 'blocked', 'ended', false),
  ('partner', 'ended', 'invited', false);
call core.install_state_machine('marketplace.partners', 'status', 'partner');

create trigger partners_partner
  before update on marketplace.partners
  for each row when (old.partner_biz_id <> new.partner_biz_id)
  execute function availability.refuse_update('partners_partner_check', 'A partner row stays with its tenant.');

create function marketplace.check_partner_mirror() returns trigger
language plpgsql as $$
begin
  if not exists (
    select
    from marketplace.partners p
    where p.biz_id = new.partner_biz_id
      and p.partner_biz_id = new.biz_id
  ) then
    raise exception using
      errcode = '23514',
      message = 'Each of two partners has a row of the other.',
      schema = 'marketplace',
      table = 'partners',
      column = 'partner_biz_id',
      constraint = 'partners_mirror_check';
  end if;
  return null;
end
$$;
comment on function marketplace.check_partner_mirror() is 'Trigger: the other tenant has a row of this one.';
create constraint trigger partners_mirror_check
  after insert on marketplace.partners
  deferrable initially deferred
  for each row execute function marketplace.check_partner_mirror();
comment on constraint partners_mirror_check on marketplace.partners is 'Each of two partners has a row of the other.';

-- marketplace_listings ------------------------------------------------------------------------------------------------

create table marketplace.marketplace_listings (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  subject_type text,
  subject_id uuid,
  title text not null,
  description text not null default '',
  category text,
  visibility marketplace.listing_visibility not null default 'network',
  location_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  price_minor bigint,
  currency char(3) not null,
  unit text not null default 'unit',
  quantity integer not null default 1,
  available integer not null default 1,
  min_quantity integer not null default 1,
  status marketplace.listing_status not null default 'draft',
  published_at timestamptz,
  closes_at timestamptz,
  created_at timestamptz not null default now(),
  constraint marketplace_listings_pkey primary key (biz_id, id),
  constraint marketplace_listings_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint marketplace_listings_subject_fkey foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint marketplace_listings_subject_check check (num_nonnulls(subject_type, subject_id) <> 1),
  constraint marketplace_listings_title_check check (btrim(title) <> '' and length(title) <= 200),
  constraint marketplace_listings_description_check check (length(description) <= 10000),
  constraint marketplace_listings_category_check check (btrim(category) <> '' and length(category) <= 60),
  constraint marketplace_listings_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint marketplace_listings_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint marketplace_listings_unit_check check (btrim(unit) <> '' and length(unit) <= 60),
  constraint marketplace_listings_number_key unique (biz_id, number),
  constraint marketplace_listings_times_check check (num_nonnulls(starts_at, ends_at) in (0, 2) and ends_at > starts_at),
  constraint marketplace_listings_price_check check (price_minor >= 0),
  constraint marketplace_listings_quantity_check check (quantity >= 1 and min_quantity between 1 and quantity),
  constraint marketplace_listings_available_check check (available between 0 and quantity),
  constraint marketplace_listings_sold_out_check check (status <> 'sold_out' or available = 0),
  constraint marketplace_listings_published_check check (
    status not in ('published', 'paused', 'sold_out') or published_at is not null)
);
comment on table marketplace.marketplace_listings is 'Something that the tenant offers to other tenants: a room night, a machine, hours of a specialist, surplus stock. What others see of it are copies, in public_listings and shared_listings.';
comment on column marketplace.marketplace_listings.number is 'Number that people use, such as LS-000123.';
comment on column marketplace.marketplace_listings.subject_type is 'What is offered, where it stands in the tenant''s own data: an entity name, for example Sellable.';
comment on column marketplace.marketplace_listings.subject_id is 'Which one: its id.';
comment on column marketplace.marketplace_listings.title is 'What it is, in a line.';
comment on column marketplace.marketplace_listings.description is 'What others should know of it.';
comment on column marketplace.marketplace_listings.category is 'What others find it under, for example rooms or tools.';
comment on column marketplace.marketplace_listings.visibility is 'Who is shown it.';
comment on column marketplace.marketplace_listings.location_id is 'Where it is to be had.';
comment on column marketplace.marketplace_listings.starts_at is 'From when it can be had; empty where time does not matter.';
comment on column marketplace.marketplace_listings.ends_at is 'Until when it can be had, that instant not included.';
comment on column marketplace.marketplace_listings.price_minor is 'Price of one, in minor units; empty where it is agreed or auctioned.';
comment on column marketplace.marketplace_listings.currency is 'Currency of the price.';
comment on column marketplace.marketplace_listings.unit is 'What one is, for example night or hour.';
comment on column marketplace.marketplace_listings.quantity is 'How many there are in all.';
comment on column marketplace.marketplace_listings.available is 'How many can still be ordered. Goes down when an order is asked for, and up when it comes to nothing.';
comment on column marketplace.marketplace_listings.min_quantity is 'How many must be ordered at least.';
comment on column marketplace.marketplace_listings.status is 'Where it stands.';
comment on column marketplace.marketplace_listings.published_at is 'When it was first shown.';
comment on column marketplace.marketplace_listings.closes_at is 'When it is taken down by itself.';
comment on constraint marketplace_listings_number_check on marketplace.marketplace_listings is 'The number must not be blank, and has at most 60 characters.';
comment on constraint marketplace_listings_subject_fkey on marketplace.marketplace_listings is 'Must be an existing subject of this tenant.';
comment on constraint marketplace_listings_subject_check on marketplace.marketplace_listings is 'What is referred to has both a type and an id.';
comment on constraint marketplace_listings_title_check on marketplace.marketplace_listings is 'The title must not be blank, and has at most 200 characters.';
comment on constraint marketplace_listings_description_check on marketplace.marketplace_listings is 'The description has at most 10,000 characters.';
comment on constraint marketplace_listings_category_check on marketplace.marketplace_listings is 'The category must not be blank, and has at most 60 characters.';
comment on constraint marketplace_listings_unit_check on marketplace.marketplace_listings is 'The unit must not be blank, and has at most 60 characters.';
comment on constraint marketplace_listings_number_key on marketplace.marketplace_listings is 'Another listing has this number.';
comment on constraint marketplace_listings_times_check on marketplace.marketplace_listings is 'A listing has both a start and an end or neither, and the end must be after the start.';
comment on constraint marketplace_listings_price_check on marketplace.marketplace_listings is 'A price cannot be negative.';
comment on constraint marketplace_listings_quantity_check on marketplace.marketplace_listings is 'There is at least one, and no more must be ordered than there are.';
comment on constraint marketplace_listings_available_check on marketplace.marketplace_listings is 'No more can be ordered than is left.';
comment on constraint marketplace_listings_sold_out_check on marketplace.marketplace_listings is 'What is left is not sold out.';
comment on constraint marketplace_listings_published_check on marketplace.marketplace_listings is 'A listing that was shown says since when.';
-- The seller's board.
create index marketplace_listings_status_idx on marketplace.marketplace_listings (biz_id, status, created_at desc, id);
-- What is about to be taken down.
create index marketplace_listings_closes_at_idx on marketplace.marketplace_listings (biz_id,
  closes_at) where closes_at is not null and status in ('published', 'paused', 'sold_out');

call core.install_table('marketplace.marketplace_listings', 'T', 'mkls', registrable => true);
call core.configure_graph('marketplace.marketplace_listings', aggregates => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('marketplace_listing', 'draft', 'pending_review', false),
  ('marketplace_listing', 'draft', 'closed', false),
  ('marketplace_listing', 'pending_review', 'published', false),
  ('marketplace_listing', 'pending_review', 'rejected', true),
  ('marketplace_listing', 'pending_review', 'draft', false),
  ('marketplace_listing', 'rejected', 'draft', false),
  ('marketplace_listing', 'published', 'paused', false),
  ('marketplace_listing', 'paused', 'published', false),
  ('marketplace_listing', 'published', 'sold_out', false),
  ('marketplace_listing', 'sold_out', 'published', false),
  ('marketplace_listing', 'paused', 'sold_out', false),
  ('marketplace_listing', 'published', 'closed', false),
  ('marketplace_listing', 'paused', 'closed', false),
  ('marketplace_listing', 'sold_out', 'closed', false);
call core.install_state_machine('marketplace.marketplace_listings', 'status', 'marketplace_listing');

create trigger marketplace_listings_currency_immutable
  before update on marketplace.marketplace_listings
  for each row when (old.currency <> new.currency and old.published_at is not null)
  execute function availability.refuse_update('marketplace_listings_currency_immutable_check',
    'The currency of a listing that was shown is not changed.');

-- listing_invitations -------------------------------------------------------------------------------------------------

create table marketplace.listing_invitations (
  biz_id uuid not null,
  listing_id uuid not null,
  partner_id uuid not null,
  constraint listing_invitations_pkey primary key (biz_id, listing_id, partner_id),
  constraint listing_invitations_listing_id_fkey foreign key (biz_id, listing_id)
    references marketplace.marketplace_listings (biz_id, id),
  constraint listing_invitations_partner_id_fkey foreign key (biz_id, partner_id)
    references marketplace.partners (biz_id, id)
);
comment on table marketplace.listing_invitations is 'That a partner is shown a listing which is shown by invitation only.';
comment on column marketplace.listing_invitations.listing_id is 'The listing.';
comment on column marketplace.listing_invitations.partner_id is 'The partner.';
comment on constraint listing_invitations_pkey on marketplace.listing_invitations is 'This partner is invited already.';

call core.install_table('marketplace.listing_invitations', 'L', null);

-- public_listings -----------------------------------------------------------------------------------------------------

create table marketplace.public_listings (
  id uuid not null,
  seller_biz_id uuid not null,
  seller_name text not null,
  title text not null,
  description text not null default '',
  category text,
  country char(2),
  starts_at timestamptz,
  ends_at timestamptz,
  price_minor bigint,
  currency char(3) not null,
  unit text not null default 'unit',
  available integer not null,
  auction_id uuid,
  auction_closes_at timestamptz,
  current_minor bigint,
  bid_count integer not null default 0,
  rating numeric(3,2),
  review_count integer not null default 0,
  published_at timestamptz not null,
  constraint public_listings_pkey primary key (id),
  constraint public_listings_seller_biz_id_fkey foreign key (seller_biz_id)
    references core.bizes (id),
  constraint public_listings_seller_name_check check (btrim(seller_name) <> '' and length(seller_name) <= 200),
  constraint public_listings_title_check check (btrim(title) <> '' and length(title) <= 200),
  constraint public_listings_description_check check (length(description) <= 10000),
  constraint public_listings_category_check check (btrim(category) <> '' and length(category) <= 60),
  constraint public_listings_country_fkey foreign key (country)
    references core.countries (code),
  constraint public_listings_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint public_listings_unit_check check (btrim(unit) <> '' and length(unit) <= 60),
  constraint public_listings_times_check check (ends_at > starts_at),
  constraint public_listings_amounts_check check (price_minor >= 0 and current_minor >= 0),
  constraint public_listings_counts_check check (available >= 0 and bid_count >= 0 and review_count >= 0),
  constraint public_listings_rating_check check (rating between 1 and 5),
  constraint public_listings_auction_check check (num_nonnulls(auction_id, auction_closes_at) in (0, 2))
);
comment on table marketplace.public_listings is 'What every tenant sees of a listing that is shown to all. A copy, kept by the platform while the listing is published.';
comment on column marketplace.public_listings.id is 'The id of the listing in the tenant of the seller.';
comment on column marketplace.public_listings.seller_biz_id is 'The tenant that offers it.';
comment on column marketplace.public_listings.seller_name is 'The name under which that tenant trades.';
comment on column marketplace.public_listings.title is 'What it is, in a line.';
comment on column marketplace.public_listings.description is 'What a buyer should know of it.';
comment on column marketplace.public_listings.category is 'What it is found under.';
comment on column marketplace.public_listings.country is 'Where it is to be had.';
comment on column marketplace.public_listings.starts_at is 'From when it can be had.';
comment on column marketplace.public_listings.ends_at is 'Until when it can be had, that instant not included.';
comment on column marketplace.public_listings.price_minor is 'Price of one, in minor units; empty where it is agreed or auctioned.';
comment on column marketplace.public_listings.currency is 'Currency of its amounts.';
comment on column marketplace.public_listings.unit is 'What one is.';
comment on column marketplace.public_listings.available is 'How many can still be ordered.';
comment on column marketplace.public_listings.auction_id is 'The auction in which it is sold, if any: its id in the tenant of the seller.';
comment on column marketplace.public_listings.auction_closes_at is 'When that auction closes, late bids counted in.';
comment on column marketplace.public_listings.current_minor is 'The highest bid so far, in minor units.';
comment on column marketplace.public_listings.bid_count is 'How many bids there are.';
comment on column marketplace.public_listings.rating is 'Mean score of its published reviews, from 1 to 5.';
comment on column marketplace.public_listings.review_count is 'How many published reviews there are.';
comment on column marketplace.public_listings.published_at is 'When it was first shown.';
comment on constraint public_listings_seller_name_check on marketplace.public_listings is 'The seller name must not be blank, and has at most 200 characters.';
comment on constraint public_listings_title_check on marketplace.public_listings is 'The title must not be blank, and has at most 200 characters.';
comment on constraint public_listings_description_check on marketplace.public_listings is 'The description has at most 10,000 characters.';
comment on constraint public_listings_category_check on marketplace.public_listings is 'The category must not be blank, and has at most 60 characters.';
comment on constraint public_listings_unit_check on marketplace.public_listings is 'The unit must not be blank, and has at most 60 characters.';
comment on constraint public_listings_times_check on marketplace.public_listings is 'The end must be after the start.';
comment on constraint public_listings_amounts_check on marketplace.public_listings is 'Amounts cannot be negative.';
comment on constraint public_listings_counts_check on marketplace.public_listings is 'Counts cannot be negative.';
comment on constraint public_listings_rating_check on marketplace.public_listings is 'A rating is between 1 and 5.';
comment on constraint public_listings_auction_check on marketplace.public_listings is 'An auction says when it closes.';
-- What the marketplace shows.
create index public_listings_category_idx on marketplace.public_listings (category, published_at desc, id);
create index public_listings_published_at_idx on marketplace.public_listings (published_at desc, id);
create index public_listings_auction_closes_at_idx on marketplace.public_listings (auction_closes_at, id)
  where auction_id is not null;

call core.install_table('marketplace.public_listings', 'G', 'mkpl');

-- shared_listings -----------------------------------------------------------------------------------------------------

create table marketplace.shared_listings (
  biz_id uuid not null,
  id uuid not null,
  partner_id uuid not null,
  title text not null,
  description text not null default '',
  category text,
  starts_at timestamptz,
  ends_at timestamptz,
  price_minor bigint,
  currency char(3) not null,
  unit text not null default 'unit',
  available integer not null,
  published_at timestamptz not null,
  withdrawn_at timestamptz,
  constraint shared_listings_pkey primary key (biz_id, id),
  constraint shared_listings_partner_id_fkey foreign key (biz_id, partner_id)
    references marketplace.partners (biz_id, id),
  constraint shared_listings_title_check check (btrim(title) <> '' and length(title) <= 200),
  constraint shared_listings_description_check check (length(description) <= 10000),
  constraint shared_listings_category_check check (btrim(category) <> '' and length(category) <= 60),
  constraint shared_listings_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint shared_listings_unit_check check (btrim(unit) <> '' and length(unit) <= 60),
  constraint shared_listings_times_check check (ends_at > starts_at),
  constraint shared_listings_amounts_check check (price_minor >= 0 and available >= 0)
);
comment on table marketplace.shared_listings is 'What this tenant sees of a partner''s listing that is not shown to all. A copy under the id of the listing, kept by the platform.';
comment on column marketplace.shared_listings.partner_id is 'The partner that offers it.';
comment on column marketplace.shared_listings.title is 'What it is, in a line.';
comment on column marketplace.shared_listings.description is 'What a buyer should know of it.';
comment on column marketplace.shared_listings.category is 'What it is found under.';
comment on column marketplace.shared_listings.starts_at is 'From when it can be had.';
comment on column marketplace.shared_listings.ends_at is 'Until when it can be had, that instant not included.';
comment on column marketplace.shared_listings.price_minor is 'Price of one, in minor units; empty where it is agreed or auctioned.';
comment on column marketplace.shared_listings.currency is 'Currency of the price.';
comment on column marketplace.shared_listings.unit is 'What one is.';
comment on column marketplace.shared_listings.available is 'How many can still be ordered.';
comment on column marketplace.shared_listings.published_at is 'When it was first shown.';
comment on column marketplace.shared_listings.withdrawn_at is 'When it was no longer shown to this tenant.';
comment on constraint shared_listings_title_check on marketplace.shared_listings is 'The title must not be blank, and has at most 200 characters.';
comment on constraint shared_listings_description_check on marketplace.shared_listings is 'The description has at most 10,000 characters.';
comment on constraint shared_listings_category_check on marketplace.shared_listings is 'The category must not be blank, and has at most 60 characters.';
comment on constraint shared_listings_unit_check on marketplace.shared_listings is 'The unit must not be blank, and has at most 60 characters.';
comment on constraint shared_listings_times_check on marketplace.shared_listings is 'The end must be after the start.';
comment on constraint shared_listings_amounts_check on marketplace.shared_listings is 'Price and number cannot be negative.';
-- What partners offer.
create index shared_listings_published_at_idx on marketplace.shared_listings (biz_id, published_at desc, id)
  where withdrawn_at is null;

call core.install_table('marketplace.shared_listings', 'T', 'mksl', platform_written => true);

-- auctions ------------------------------------------------------------------------------------------------------------

create table marketplace.auctions (
  biz_id uuid not null,
  id uuid not null,
  listing_id uuid not null,
  quantity integer not null default 1,
  opens_at timestamptz not null,
  closes_at timestamptz not null,
  latest_closes_at timestamptz,
  extend_seconds integer not null default 0,
  currency char(3) not null,
  start_minor bigint not null,
  reserve_minor bigint,
  increment_minor bigint not null,
  current_bid_id uuid,
  current_minor bigint,
  bid_count integer not null default 0,
  status marketplace.auction_status not null default 'scheduled',
  closed_at timestamptz,
  constraint auctions_pkey primary key (biz_id, id),
  constraint auctions_listing_id_fkey foreign key (biz_id, listing_id)
    references marketplace.marketplace_listings (biz_id, id),
  constraint auctions_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint auctions_currency_key unique (biz_id, id, currency),
  constraint auctions_times_check check (closes_at > opens_at),
  constraint auctions_latest_close_check check (latest_closes_at >= closes_at),
  constraint auctions_extend_seconds_check check (extend_seconds between 0 and 3600),
  constraint auctions_quantity_check check (quantity >= 1),
  constraint auctions_start_check check (start_minor >= 0 and increment_minor > 0 and reserve_minor >= start_minor),
  constraint auctions_current_check check (num_nonnulls(current_bid_id, current_minor) in (0, 2)
    and (current_bid_id is null) = (bid_count = 0) and current_minor >= start_minor and bid_count >= 0),
  constraint auctions_awarded_check check (
    status <> 'awarded' or (current_bid_id is not null and current_minor >= coalesce(reserve_minor, 0))),
  constraint auctions_closed_check check ((status in ('closed', 'awarded', 'unsold', 'cancelled')) = (closed_at is not null))
);
comment on table marketplace.auctions is 'The sale of a listing to the partner who bids most. Price, number of bids and closing time are kept by the database as bids are accepted.';
comment on column marketplace.auctions.listing_id is 'What is sold.';
comment on column marketplace.auctions.quantity is 'How many of the listing go to the highest bidder.';
comment on column marketplace.auctions.opens_at is 'From when bids are taken.';
comment on column marketplace.auctions.closes_at is 'Until when bids are taken, that instant not included; late bids move it on. Only the clock of the server counts.';
comment on column marketplace.auctions.latest_closes_at is 'Beyond this no late bid moves the close.';
comment on column marketplace.auctions.extend_seconds is 'A bid in the last so many seconds leaves that many seconds to answer it; 0 where the close is fixed.';
comment on column marketplace.auctions.currency is 'Currency of all its amounts.';
comment on column marketplace.auctions.start_minor is 'The least that the first bid must be, in minor units.';
comment on column marketplace.auctions.reserve_minor is 'Below this the seller need not sell, in minor units. Not shown to bidders.';
comment on column marketplace.auctions.increment_minor is 'By how much a bid must be above the one before, in minor units.';
comment on column marketplace.auctions.current_bid_id is 'The highest bid. Set by the database.';
comment on column marketplace.auctions.current_minor is 'That bid''s amount, in minor units. Set by the database.';
comment on column marketplace.auctions.bid_count is 'How many bids were accepted. Set by the database.';
comment on column marketplace.auctions.status is 'Where it stands.';
comment on column marketplace.auctions.closed_at is 'When it was closed or cancelled.';
comment on constraint auctions_times_check on marketplace.auctions is 'An auction closes after it opens.';
comment on constraint auctions_latest_close_check on marketplace.auctions is 'The close is not moved beyond its limit.';
comment on constraint auctions_extend_seconds_check on marketplace.auctions is 'A late bid leaves at most an hour to answer it.';
comment on constraint auctions_quantity_check on marketplace.auctions is 'At least one must be sold.';
comment on constraint auctions_start_check on marketplace.auctions is 'The start is not negative, a bid must be above the one before, and the reserve is not below the start.';
comment on constraint auctions_current_check on marketplace.auctions is 'The price is that of the highest bid.';
comment on constraint auctions_awarded_check on marketplace.auctions is 'Only a bid that reaches the reserve is awarded.';
comment on constraint auctions_closed_check on marketplace.auctions is 'An auction that is over says since when.';
create unique index auctions_listing_id_key on marketplace.auctions (biz_id, listing_id)
  where status in ('scheduled', 'open', 'extended', 'closed');
comment on index marketplace.auctions_listing_id_key is 'This listing is being auctioned already.';
-- What is to be closed.
create index auctions_closes_at_idx on marketplace.auctions (biz_id, closes_at, id) where status in ('open', 'extended');
-- What is to be opened.
create index auctions_opens_at_idx on marketplace.auctions (biz_id, opens_at, id)
  where status = 'scheduled';
create index auctions_status_idx on marketplace.auctions (biz_id, status, closes_at desc, id);

call core.install_table('marketplace.auctions', 'T', 'mkau', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('auction', 'scheduled', 'open', false),
  ('auction', 'open', 'extended', false),
  ('auction', 'open', 'closed', false),
  ('auction', 'extended', 'closed', false),
  ('auction', 'closed', 'awarded', false),
  ('auction', 'closed', 'unsold', false),
  ('auction', 'scheduled', 'cancelled', true),
  ('auction', 'open', 'cancelled', true),
  ('auction', 'extended', 'cancelled', true);
call core.install_state_machine('marketplace.auctions', 'status', 'auction');

create trigger auctions_terms_immutable
  before update on marketplace.auctions
  for each row when (old.status <> 'scheduled' and (old.listing_id, old.opens_at, old.currency, old.start_minor,
    old.reserve_minor, old.increment_minor, old.extend_seconds, old.quantity, old.latest_closes_at)
    is distinct from (new.listing_id, new.opens_at, new.currency, new.start_minor, new.reserve_minor, new.increment_minor,
    new.extend_seconds, new.quantity, new.latest_closes_at))
  execute function availability.refuse_update('auctions_terms_immutable_check',
    'The terms of an auction are not changed once it is open.');

create trigger auctions_current_immutable
  before update on marketplace.auctions
  for each row when ((old.current_bid_id, old.current_minor, old.bid_count)
    is distinct from (new.current_bid_id, new.current_minor, new.bid_count) and not (new.current_bid_id
    is distinct from old.current_bid_id and new.bid_count = old.bid_count + 1))
  execute function availability.refuse_update('auctions_current_immutable_check',
    'Price and number of bids follow from the bids.');

create trigger auctions_closes_later
  before update on marketplace.auctions
  for each row when (new.closes_at < old.closes_at and old.status <> 'scheduled')
  execute function availability.refuse_update('auctions_closes_later_check',
    'An open auction never closes earlier than announced.');

-- auction_entries -----------------------------------------------------------------------------------------------------

create table marketplace.auction_entries (
  biz_id uuid not null,
  id uuid not null,
  partner_id uuid not null,
  auction_id uuid not null,
  title text not null,
  currency char(3) not null,
  closes_at timestamptz not null,
  increment_minor bigint not null,
  current_minor bigint,
  bid_count integer not null default 0,
  own_minor bigint,
  max_amount_enc bytea,
  is_leading boolean not null default false,
  status marketplace.auction_status not null,
  constraint auction_entries_pkey primary key (biz_id, id),
  constraint auction_entries_partner_id_fkey foreign key (biz_id, partner_id)
    references marketplace.partners (biz_id, id),
  constraint auction_entries_title_check check (btrim(title) <> '' and length(title) <= 200),
  constraint auction_entries_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint auction_entries_auction_id_key unique (biz_id, auction_id),
  constraint auction_entries_amounts_check check (
    increment_minor > 0 and current_minor >= 0 and own_minor between 0 and current_minor and bid_count >= 0),
  constraint auction_entries_leading_check check (not is_leading or (own_minor is not null and own_minor = current_minor))
);
comment on table marketplace.auction_entries is 'The part that this tenant takes in an auction of a partner: what it sees of the auction, and up to what it lets the platform bid for it. Kept by the platform.';
comment on column marketplace.auction_entries.partner_id is 'The seller.';
comment on column marketplace.auction_entries.auction_id is 'The auction: its id in the tenant of the seller, where alone it stands.';
comment on column marketplace.auction_entries.title is 'What is sold, in a line.';
comment on column marketplace.auction_entries.currency is 'Currency of its amounts.';
comment on column marketplace.auction_entries.closes_at is 'Until when bids are taken, late bids counted in.';
comment on column marketplace.auction_entries.increment_minor is 'By how much a bid must be above the one before, in minor units.';
comment on column marketplace.auction_entries.current_minor is 'The highest bid of anybody, in minor units.';
comment on column marketplace.auction_entries.bid_count is 'How many bids of anybody were accepted.';
comment on column marketplace.auction_entries.own_minor is 'The highest bid of this tenant, in minor units.';
comment on column marketplace.auction_entries.max_amount_enc is 'Up to what the platform bids for this tenant, sealed. Never written to the tenant of the seller.';
comment on column marketplace.auction_entries.is_leading is 'Whether the highest bid is this tenant''s.';
comment on column marketplace.auction_entries.status is 'Where the auction stands.';
comment on constraint auction_entries_title_check on marketplace.auction_entries is 'The title must not be blank, and has at most 200 characters.';
comment on constraint auction_entries_auction_id_key on marketplace.auction_entries is 'The tenant takes part in this auction already.';
comment on constraint auction_entries_amounts_check on marketplace.auction_entries is 'Amounts cannot be negative, and no bid is above the highest.';
comment on constraint auction_entries_leading_check on marketplace.auction_entries is 'Whoever leads has made the highest bid.';
-- Auctions that are running.
create index auction_entries_closes_at_idx on marketplace.auction_entries (biz_id, closes_at, id) where status in ('open',
  'extended');

call core.install_table('marketplace.auction_entries', 'T', 'mkae', platform_written => true);
call core.install_state_machine('marketplace.auction_entries', 'status', 'auction');

-- bids ----------------------------------------------------------------------------------------------------------------

create table marketplace.bids (
  biz_id uuid not null,
  id uuid not null,
  auction_id uuid,
  auction_entry_id uuid,
  partner_id uuid not null,
  seq integer not null,
  amount_minor bigint not null,
  currency char(3) not null,
  is_automatic boolean not null default false,
  placed_at timestamptz not null default clock_timestamp(),
  constraint bids_pkey primary key (biz_id, id),
  constraint bids_auction_entry_id_fkey foreign key (biz_id, auction_entry_id)
    references marketplace.auction_entries (biz_id, id),
  constraint bids_partner_id_fkey foreign key (biz_id, partner_id)
    references marketplace.partners (biz_id, id),
  constraint bids_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint bids_auction_id_fkey foreign key (biz_id, auction_id, currency)
    references marketplace.auctions (biz_id, id, currency),
  constraint bids_auction_id_seq_key unique (biz_id, auction_id, seq),
  constraint bids_auction_id_id_key unique (biz_id, auction_id, id),
  constraint bids_side_check check (num_nonnulls(auction_id, auction_entry_id) = 1),
  constraint bids_amount_check check (amount_minor > 0),
  constraint bids_seq_check check (seq >= 1)
);
comment on table marketplace.bids is 'An offer in an auction that was accepted as the highest at its time. The seller''s row names the bidder, and the bidder has a copy under the same id.';
comment on column marketplace.bids.auction_id is 'The auction; in the row of the seller.';
comment on column marketplace.bids.auction_entry_id is 'The own part in the auction; in the row of the bidder.';
comment on column marketplace.bids.partner_id is 'The other side: the bidder to the seller, the seller to the bidder.';
comment on column marketplace.bids.seq is 'Its place among the accepted bids of the auction, from 1. Set by the database.';
comment on column marketplace.bids.amount_minor is 'What is offered, in minor units.';
comment on column marketplace.bids.currency is 'Currency of the offer, that of the auction.';
comment on column marketplace.bids.is_automatic is 'Whether the platform made it, within the limit that the bidder set.';
comment on column marketplace.bids.placed_at is 'When it was accepted, by the clock of the server. Set by the database.';
comment on constraint bids_auction_id_fkey on marketplace.bids is 'Must be an auction of this tenant, in its currency.';
comment on constraint bids_auction_id_seq_key on marketplace.bids is 'The auction has a bid of this place.';
comment on constraint bids_auction_id_id_key on marketplace.bids is 'The auction has this bid already.';
comment on constraint bids_side_check on marketplace.bids is 'A bid is of one auction: the seller''s own, or one that the tenant takes part in.';
comment on constraint bids_amount_check on marketplace.bids is 'A bid must be more than 0.';
comment on constraint bids_seq_check on marketplace.bids is 'Bids count from 1.';

call core.install_table('marketplace.bids', 'J', 'mkbd', platform_written => true);

alter table marketplace.auctions add constraint auctions_current_bid_id_fkey
  foreign key (biz_id, id, current_bid_id) references marketplace.bids (biz_id, auction_id, id);
comment on constraint auctions_current_bid_id_fkey on marketplace.auctions is 'The highest bid must be a bid of this auction.';
call core.index_foreign_keys('marketplace.auctions');

-- A bid waits for the auction's row, so that bids are judged one after the other, each against the one before.

create function marketplace.accept_bid() returns trigger
language plpgsql as $$
declare
  auction marketplace.auctions;
begin
  select a.*
  into auction
  from marketplace.auctions a
  where a.biz_id = new.biz_id
    and a.id = new.auction_id
  for update;

  -- The clock is read after the wait: a bid that came in time but was behind others when the hammer fell is late.
  new.placed_at := clock_timestamp();
  if auction.status not in ('open', 'extended') or new.placed_at < auction.opens_at or new.placed_at >= auction.closes_at then
    raise exception using
      errcode = '23514',
      message = 'The auction takes no bids now.',
      schema = 'marketplace',
      table = 'bids',
      column = 'auction_id',
      constraint = 'bids_auction_open_check';
  end if;
  if new.amount_minor < coalesce(auction.current_minor + auction.increment_minor, auction.start_minor) then
    raise exception using
      errcode = '23514',
      message = 'A bid must be above the highest one by the increment at least; the first must reach the start.',
      schema = 'marketplace',
      table = 'bids',
      column = 'amount_minor',
      constraint = 'bids_amount_rises_check';
  end if;
  new.seq := auction.bid_count + 1;
  return new;
end
$$;
comment on function marketplace.accept_bid() is 'Trigger: a bid comes while the auction is open, is above the one before, and gets the next place.';
create trigger bids_accept
  before insert on marketplace.bids
  for each row when (new.auction_id is not null)
  execute function marketplace.accept_bid();

create function marketplace.count_bid() returns trigger
language plpgsql as $$
begin
  update marketplace.auctions a
  set current_bid_id = new.id,
    current_minor = new.amount_minor,
    bid_count = new.seq,
    closes_at = moved.closes_at,
    status = case when moved.closes_at > a.closes_at then 'extended' else a.status end
  from (
    select greatest(
      w.closes_at,
      least(new.placed_at + make_interval(secs => w.extend_seconds), coalesce(w.latest_closes_at, 'infinity'))
    ) as closes_at
    from marketplace.auctions w
    where w.biz_id = new.biz_id
      and w.id = new.auction_id
  ) as moved
  where a.biz_id = new.biz_id
    and a.id = new.auction_id;
  return null;
end
$$;
comment on function marketplace.count_bid() is 'Trigger: an accepted bid is the price of its auction, and moves a close that is near.';
create trigger bids_count
  after insert on marketplace.bids
  for each row when (new.auction_id is not null)
  execute function marketplace.count_bid();

create function marketplace.check_bid_mirror() returns trigger
language plpgsql as $$
begin
  if not exists (
    select
    from marketplace.partners p
    join marketplace.bids m on m.biz_id = p.partner_biz_id and m.id = new.id
    join marketplace.partners b on b.biz_id = m.biz_id and b.id = m.partner_id
    left join marketplace.auction_entries e
      on (e.biz_id, e.id) in ((new.biz_id, new.auction_entry_id), (m.biz_id, m.auction_entry_id))
    where p.biz_id = new.biz_id
      and p.id = new.partner_id
      and b.partner_biz_id = new.biz_id
      and (m.seq, m.amount_minor, m.currency, m.is_automatic, m.placed_at)
        = (new.seq, new.amount_minor, new.currency, new.is_automatic, new.placed_at)
      and e.auction_id = coalesce(new.auction_id, m.auction_id)
  ) then
    raise exception using
      errcode = '23514',
      message = 'Seller and bidder have the same bid.',
      schema = 'marketplace',
      table = 'bids',
      constraint = 'bids_mirror_check';
  end if;
  return null;
end
$$;
comment on function marketplace.check_bid_mirror() is 'Trigger: the other side has the same bid.';
create constraint trigger bids_mirror_check
  after insert on marketplace.bids
  deferrable initially deferred
  for each row execute function marketplace.check_bid_mirror();
comment on constraint bids_mirror_check on marketplace.bids is 'Seller and bidder have the same bid.';
