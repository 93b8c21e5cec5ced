-- Catalog: what is offered and sold. A service is a capability, an offer puts services before customers, and a sellable
-- is the one thing that lines of orders, sales and invoices point at. Prices stand in pricing.

create schema catalog;
comment on schema catalog is 'What is offered and sold: services, offers and their versions, and sellables.';

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain catalog.service_delivery as text constraint service_delivery_check check (value in (
  'on_site', 'mobile', 'remote'));
comment on domain catalog.service_delivery is 'Where a service is given.
on_site: At the location.
mobile: At the customer''s place.
remote: Over a call or video.';
comment on constraint service_delivery_check on domain catalog.service_delivery is 'Unknown way of delivery.';

create domain catalog.offer_kind as text constraint offer_kind_check check (value in (
  'appointment', 'rental', 'stay', 'storage', 'class', 'transport', 'package'));
comment on domain catalog.offer_kind is 'What kind of booking an offer leads to.
appointment: A service at a time.
rental: The use of a thing for a while.
stay: Nights in a unit.
storage: Space for goods over days.
class: A place in a session with others.
transport: A place on a trip.
package: Several of these together.';
comment on constraint offer_kind_check on domain catalog.offer_kind is 'Unknown kind of offer.';

create domain catalog.offer_visibility as text constraint offer_visibility_check check (value in (
  'public', 'unlisted', 'internal'));
comment on domain catalog.offer_visibility is 'Who gets to see an offer.
public: Everybody, in listings and searches.
unlisted: Whoever has the link.
internal: Staff only.';
comment on constraint offer_visibility_check on domain catalog.offer_visibility is 'Unknown visibility.';

create domain catalog.offer_version_status as text constraint offer_version_status_check check (value in (
  'draft', 'in_review', 'published', 'superseded', 'withdrawn', 'discarded'));
comment on domain catalog.offer_version_status is 'Where a version of an offer stands.
draft: Being written.
in_review: Waiting for somebody to publish it.
published: On sale while it is effective, and no longer changed.
superseded: Replaced by a later version.
withdrawn: Taken off sale; bookings made of it keep it.
discarded: Given up before it was published.';
comment on constraint offer_version_status_check on domain catalog.offer_version_status is 'Unknown status of an offer version.';

create domain catalog.capacity_basis as text constraint capacity_basis_check check (value in (
  'resource', 'pool', 'slot', 'unlimited'));
comment on domain catalog.capacity_basis is 'What a booking of an offer takes up.
resource: Named resources for its time.
pool: Units out of a capacity pool.
slot: Places in a slot.
unlimited: Nothing.';
comment on constraint capacity_basis_check on domain catalog.capacity_basis is 'Unknown capacity basis.';

create domain catalog.deposit_kind as text constraint deposit_kind_check check (value in (
  'none', 'amount', 'percent', 'first_unit'));
comment on domain catalog.deposit_kind is 'How the deposit of a booking is reckoned.
none: No deposit.
amount: A fixed amount.
percent: A part of the total.
first_unit: The price of the first night, hour or other unit.';
comment on constraint deposit_kind_check on domain catalog.deposit_kind is 'Unknown kind of deposit.';

create domain catalog.sellable_kind as text constraint sellable_kind_check check (value in (
  'offer_version', 'unit_type', 'product_variant', 'membership_plan', 'gift_product', 'fee'));
comment on domain catalog.sellable_kind is 'What sort of thing a sellable stands for.
offer_version: A version of an offer.
unit_type: A night in a unit of that type.
product_variant: A variant of a product.
membership_plan: A membership plan.
gift_product: A gift card or gift product.
fee: A fee with nothing behind it but its name.';
comment on constraint sellable_kind_check on domain catalog.sellable_kind is 'Unknown kind of sellable.';

-- services ------------------------------------------------------------------------------------------------------------

create table catalog.services (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  description text not null default '',
  default_duration_minutes integer not null default 60,
  buffer_before_minutes integer not null default 0,
  buffer_after_minutes integer not null default 0,
  min_notice_minutes integer not null default 0,
  max_advance_days integer,
  requires_approval boolean not null default false,
  delivery catalog.service_delivery not null default 'on_site',
  constraint services_pkey primary key (biz_id, id),
  constraint services_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint services_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint services_description_check check (length(description) <= 10000),
  constraint services_default_duration_check check (default_duration_minutes >= 0),
  constraint services_buffers_check check (buffer_before_minutes >= 0 and buffer_after_minutes >= 0),
  constraint services_notice_check check (min_notice_minutes >= 0 and max_advance_days >= 0)
);
comment on table catalog.services is 'Something the business can do, with the time it takes. It has no price: that comes with what is sold.';
comment on column catalog.services.code is 'Short name used in imports and integrations, unique among the services in use.';
comment on column catalog.services.name is 'Name shown to customers.';
comment on column catalog.services.description is 'What customers read about it.';
comment on column catalog.services.default_duration_minutes is 'How long it takes where the offer says nothing else.';
comment on column catalog.services.buffer_before_minutes is 'Time its resources are blocked before it begins.';
comment on column catalog.services.buffer_after_minutes is 'Time its resources are blocked after it ends.';
comment on column catalog.services.min_notice_minutes is 'How long before its beginning it can be booked at the latest.';
comment on column catalog.services.max_advance_days is 'How many days ahead it can be booked; none means any number.';
comment on column catalog.services.requires_approval is 'Whether staff must approve each booking.';
comment on column catalog.services.delivery is 'Where it is given.';
comment on constraint services_code_check on catalog.services is 'A code is required, of 60 characters at most.';
comment on constraint services_name_check on catalog.services is 'A name is required, of 200 characters at most.';
comment on constraint services_description_check on catalog.services is 'The description has 10,000 characters at most.';
comment on constraint services_default_duration_check on catalog.services is 'The duration cannot be negative.';
comment on constraint services_buffers_check on catalog.services is 'Buffers cannot be negative.';
comment on constraint services_notice_check on catalog.services is 'Notice and advance cannot be negative.';

call core.install_table('catalog.services', 'M', 'svc', registrable => true);
create unique index services_code_key on catalog.services (biz_id, code) where deleted_at is null;
comment on index catalog.services_code_key is 'Another service has this code.';

-- offers --------------------------------------------------------------------------------------------------------------

create table catalog.offers (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  kind catalog.offer_kind not null,
  name text not null,
  current_version_id uuid,
  visibility catalog.offer_visibility not null default 'public',
  constraint offers_pkey primary key (biz_id, id),
  constraint offers_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint offers_name_check check (btrim(name) <> '' and length(name) <= 200)
);
comment on table catalog.offers is 'Something customers can book, under one name over time. What it consists of stands in its versions.';
comment on column catalog.offers.code is 'Short name used in imports and channels, unique among the offers in use.';
comment on column catalog.offers.kind is 'What kind of booking it leads to.';
comment on column catalog.offers.name is 'Name shown to customers.';
comment on column catalog.offers.current_version_id is 'The version that is on sale now, one of its own; none before the first is published.';
comment on column catalog.offers.visibility is 'Who gets to see it.';
comment on constraint offers_code_check on catalog.offers is 'A code is required, of 60 characters at most.';
comment on constraint offers_name_check on catalog.offers is 'A name is required, of 200 characters at most.';

-- offer_versions ------------------------------------------------------------------------------------------------------

create table catalog.offer_versions (
  biz_id uuid not null,
  id uuid not null,
  offer_id uuid not null,
  version_no integer not null,
  status catalog.offer_version_status not null default 'draft',
  effective_starts_at timestamptz,
  effective_ends_at timestamptz,
  effective_period tstzrange generated always as (tstzrange(effective_starts_at, effective_ends_at, '[)')) stored,
  capacity_basis catalog.capacity_basis not null default 'resource',
  cancellation_policy_code text,
  deposit_kind catalog.deposit_kind not null default 'none',
  deposit_minor bigint,
  deposit_bps integer,
  currency char(3),
  tax_category text,
  published_at timestamptz,
  constraint offer_versions_pkey primary key (biz_id, id),
  constraint offer_versions_offer_id_version_no_key unique (biz_id, offer_id, version_no),
  constraint offer_versions_offer_id_id_key unique (biz_id, offer_id, id),
  constraint offer_versions_offer_id_fkey foreign key (biz_id, offer_id)
    references catalog.offers (biz_id, id),
  constraint offer_versions_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint offer_versions_version_no_check check (version_no >= 1),
  constraint offer_versions_effective_check check (effective_ends_at > effective_starts_at),
  constraint offer_versions_published_check check (
    status in ('draft', 'in_review', 'discarded') or (published_at is not null and effective_starts_at is not null)),
  constraint offer_versions_cancellation_policy_code_check check (
    btrim(cancellation_policy_code) <> '' and length(cancellation_policy_code) <= 60),
  constraint offer_versions_tax_category_check check (btrim(tax_category) <> '' and length(tax_category) <= 60),
  constraint offer_versions_deposit_check check (case deposit_kind
    when 'amount' then deposit_minor >= 0 and deposit_minor is not null and currency is not null and deposit_bps is null
    when 'percent' then deposit_bps between 0 and 10000 and deposit_bps is not null and deposit_minor is null
    else deposit_minor is null and deposit_bps is null end),
  constraint offer_versions_effective_no_overlap_excl exclude using gist (
    biz_id with =, offer_id with =, effective_period with &&) where (status = 'published')
);
comment on table catalog.offer_versions is 'What an offer consists of and on which terms, over a time. Once published it is never changed: bookings keep pointing at what they were made of.';
comment on column catalog.offer_versions.offer_id is 'The offer it is a version of.';
comment on column catalog.offer_versions.version_no is 'Counts the versions of the offer, from 1.';
comment on column catalog.offer_versions.status is 'Where the version stands.';
comment on column catalog.offer_versions.effective_starts_at is 'From when it is on sale, once published.';
comment on column catalog.offer_versions.effective_ends_at is 'Until when it is on sale, that instant not included; none means until it is replaced.';
comment on column catalog.offer_versions.effective_period is 'From effective_starts_at to effective_ends_at, as a range.';
comment on column catalog.offer_versions.capacity_basis is 'What a booking of it takes up.';
comment on column catalog.offer_versions.cancellation_policy_code is 'Code of the cancellation policy that its bookings are made under.';
comment on column catalog.offer_versions.deposit_kind is 'How the deposit of its bookings is reckoned.';
comment on column catalog.offer_versions.deposit_minor is 'The deposit in minor units, where it is a fixed amount.';
comment on column catalog.offer_versions.deposit_bps is 'The deposit in hundredths of a percent of the total (2500 = 25 %), where it is a part of it.';
comment on column catalog.offer_versions.currency is 'Currency of a fixed deposit.';
comment on column catalog.offer_versions.tax_category is 'Tax category that its lines get.';
comment on column catalog.offer_versions.published_at is 'When it was published.';
comment on constraint offer_versions_offer_id_version_no_key on catalog.offer_versions is 'This offer already has a version of this number.';
comment on constraint offer_versions_offer_id_id_key on catalog.offer_versions is 'A version belongs to one offer.';
comment on constraint offer_versions_version_no_check on catalog.offer_versions is 'Version numbers begin at 1.';
comment on constraint offer_versions_effective_check on catalog.offer_versions is 'The end must be after the start.';
comment on constraint offer_versions_published_check on catalog.offer_versions is 'What is published says since when, and from when it is on sale.';
comment on constraint offer_versions_cancellation_policy_code_check on catalog.offer_versions is 'A cancellation policy code is not blank, and of 60 characters at most.';
comment on constraint offer_versions_tax_category_check on catalog.offer_versions is 'A tax category is not blank, and of 60 characters at most.';
comment on constraint offer_versions_deposit_check on catalog.offer_versions is 'A deposit has either an amount with its currency, or a part between 0 and 100 %, as its kind says.';
comment on constraint offer_versions_effective_no_overlap_excl on catalog.offer_versions is 'Another published version of this offer is on sale at the same time.';

alter table catalog.offers add constraint offers_current_version_id_fkey foreign key (biz_id, id, current_version_id)
  references catalog.offer_versions (biz_id, offer_id, id);
comment on constraint offers_current_version_id_fkey on catalog.offers is 'The current version must be a version of this offer.';

-- After publishing, only the status and the end of being on sale may change.
create function catalog.refuse_published_change() returns trigger
language plpgsql as $$
begin
  if (to_jsonb(new) - '{status,effective_ends_at,effective_period,updated_at,updated_by,version}'::text[])
    is distinct from (to_jsonb(old) - '{status,effective_ends_at,effective_period,updated_at,updated_by,version}'::text[])
  then
    raise exception using
      errcode = '23514',
      message = 'A published version is not changed; make a new version of the offer.',
      schema = tg_table_schema,
      table = tg_table_name,
      constraint = 'offer_versions_published_immutable_check';
  end if;
  return new;
end
$$;
comment on function catalog.refuse_published_change() is 'Trigger: a published version of an offer keeps everything but its status and the end of being on sale.';

create trigger offer_versions_published_immutable
  before update on catalog.offer_versions
  for each row when (old.status in ('published', 'superseded', 'withdrawn'))
  execute function catalog.refuse_published_change();

call core.install_table('catalog.offers', 'M', 'off', registrable => true);
call core.install_table('catalog.offer_versions', 'T', 'ofv', registrable => true);
create unique index offers_code_key on catalog.offers (biz_id, code) where deleted_at is null;
comment on index catalog.offers_code_key is 'Another offer has this code.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('offer_version', 'draft', 'in_review', false),
  ('offer_version', 'draft', 'discarded', false),
  ('offer_version', 'in_review', 'published', false),
  ('offer_version', 'published', 'superseded', false),
  ('offer_version', 'published', 'withdrawn', true);
call core.install_state_machine('catalog.offer_versions', 'status', 'offer_version');

-- sellables -----------------------------------------------------------------------------------------------------------

create table catalog.sellables (
  biz_id uuid not null,
  id uuid not null,
  kind catalog.sellable_kind not null,
  ref_type text,
  ref_id uuid,
  name text not null,
  tax_category text,
  active boolean not null default true,
  constraint sellables_pkey primary key (biz_id, id),
  constraint sellables_ref_fkey foreign key (biz_id, ref_type, ref_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint sellables_ref_check check (case kind
    when 'offer_version' then ref_type is not distinct from 'OfferVersion' and ref_id is not null
    when 'unit_type' then ref_type is not distinct from 'UnitType' and ref_id is not null
    when 'product_variant' then ref_type is not distinct from 'ProductVariant' and ref_id is not null
    when 'membership_plan' then ref_type is not distinct from 'MembershipPlan' and ref_id is not null
    when 'gift_product' then ref_type is not distinct from 'GiftProduct' and ref_id is not null
    else ref_type is null and ref_id is null end),
  constraint sellables_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint sellables_tax_category_check check (btrim(tax_category) <> '' and length(tax_category) <= 60)
);
comment on table catalog.sellables is 'One thing that can be sold, of whatever kind. Lines of orders, sales and invoices point here and nowhere else.';
comment on column catalog.sellables.kind is 'What sort of thing it stands for.';
comment on column catalog.sellables.ref_type is 'Entity type of what it stands for, as its kind demands; none for a fee.';
comment on column catalog.sellables.ref_id is 'What it stands for; none for a fee.';
comment on column catalog.sellables.name is 'Name that lines show; each line keeps it as it was when sold.';
comment on column catalog.sellables.tax_category is 'Tax category that its lines get.';
comment on column catalog.sellables.active is 'Whether it can be sold now.';
comment on constraint sellables_ref_fkey on catalog.sellables is 'What a sellable stands for must exist in this tenant.';
comment on constraint sellables_ref_check on catalog.sellables is 'A sellable stands for one thing of its kind, and a fee for nothing else.';
comment on constraint sellables_name_check on catalog.sellables is 'A name is required, of 200 characters at most.';
comment on constraint sellables_tax_category_check on catalog.sellables is 'A tax category is not blank, and of 60 characters at most.';

create index sellables_kind_idx on catalog.sellables (biz_id, kind, id);

call core.install_table('catalog.sellables', 'M', 'sel', registrable => true);
create unique index sellables_ref_key on catalog.sellables (biz_id, ref_type, ref_id) where deleted_at is null and ref_id is not null;
comment on index catalog.sellables_ref_key is 'There already is a sellable for this thing.';
