-- Pricing: taxes. A profile says how a location shows and rounds them, rates say how much, exemptions who does not pay, and a
-- calculation keeps what was reckoned from what, so that it can be reckoned again years later.

-- Kinds ---------------------------------------------------------------------------------------------------------------

create domain pricing.tax_display as text constraint tax_display_check check (value in (
  'inclusive', 'exclusive'));
comment on domain pricing.tax_display is 'Whether prices include tax.
inclusive: Prices include tax, which is shown within them.
exclusive: Tax comes on top of prices.';
comment on constraint tax_display_check on domain pricing.tax_display is 'Unknown way of showing tax.';

create domain pricing.tax_rounding as text constraint tax_rounding_check check (value in (
  'line', 'rate_total'));
comment on domain pricing.tax_rounding is 'Where tax is rounded to whole minor units.
line: On each line.
rate_total: Once for each rate, on the total of the document.';
comment on constraint tax_rounding_check on domain pricing.tax_rounding is 'Unknown rounding of tax.';

create domain pricing.tax_treatment as text constraint tax_treatment_check check (value in (
  'standard', 'reduced', 'zero', 'exempt', 'reverse_charge', 'out_of_scope'));
comment on domain pricing.tax_treatment is 'What a tax authority calls a rate.
standard: The usual rate.
reduced: A lower rate for certain goods and services.
zero: Taxed at 0 %.
exempt: Not taxed, by law.
reverse_charge: The buyer owes the tax.
out_of_scope: Not a matter of this tax.';
comment on constraint tax_treatment_check on domain pricing.tax_treatment is 'Unknown tax treatment.';

-- tax_profiles --------------------------------------------------------------------------------------------------------

create table pricing.tax_profiles (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  location_id uuid,
  country_code char(2),
  region_code text,
  price_display pricing.tax_display not null default 'inclusive',
  rounding pricing.tax_rounding not null default 'line',
  registration_no text,
  constraint tax_profiles_pkey primary key (biz_id, id),
  constraint tax_profiles_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint tax_profiles_country_code_fkey foreign key (country_code)
    references core.countries (code),
  constraint tax_profiles_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint tax_profiles_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint tax_profiles_region_code_check check (btrim(region_code) <> '' and length(region_code) <= 20),
  constraint tax_profiles_registration_no_check check (btrim(registration_no) <> '' and length(registration_no) <= 60),
  constraint tax_profiles_region_check check (region_code is null or country_code is not null),
  constraint tax_profiles_place_check check (num_nonnulls(location_id, country_code) >= 1)
);
comment on table pricing.tax_profiles is 'How tax is reckoned and shown at a location, or in a country or region.';
comment on column pricing.tax_profiles.code is 'Short name used in imports and integrations, unique among the profiles in use.';
comment on column pricing.tax_profiles.name is 'Name shown to staff.';
comment on column pricing.tax_profiles.location_id is 'The location it is for; none where it is for all of a country or region that have no profile of their own.';
comment on column pricing.tax_profiles.country_code is 'The country it is for.';
comment on column pricing.tax_profiles.region_code is 'The state or province it is for, as ISO 3166-2 has it after the hyphen.';
comment on column pricing.tax_profiles.price_display is 'Whether prices include tax.';
comment on column pricing.tax_profiles.rounding is 'Where tax is rounded.';
comment on column pricing.tax_profiles.registration_no is 'Number under which the business is registered there.';
comment on constraint tax_profiles_code_check on pricing.tax_profiles is 'A code is required, of 60 characters at most.';
comment on constraint tax_profiles_name_check on pricing.tax_profiles is 'A name is required, of 200 characters at most.';
comment on constraint tax_profiles_region_code_check on pricing.tax_profiles is 'A region code is not blank, and of 20 characters at most.';
comment on constraint tax_profiles_registration_no_check on pricing.tax_profiles is 'A registration no is not blank, and of 60 characters at most.';
comment on constraint tax_profiles_region_check on pricing.tax_profiles is 'A region is of a country.';
comment on constraint tax_profiles_place_check on pricing.tax_profiles is 'A tax profile is for a location or a country.';

call core.install_table('pricing.tax_profiles', 'M', 'pctp', registrable => true);
create unique index tax_profiles_code_key on pricing.tax_profiles (biz_id, code) where deleted_at is null;
comment on index pricing.tax_profiles_code_key is 'Another tax profile has this code.';
create unique index tax_profiles_location_id_key on pricing.tax_profiles (biz_id, location_id) where deleted_at is null and location_id is not null;
comment on index pricing.tax_profiles_location_id_key is 'This location already has a tax profile.';
create unique index tax_profiles_country_code_key on pricing.tax_profiles (biz_id, country_code, coalesce(region_code, '')) where deleted_at is null and location_id is null;
comment on index pricing.tax_profiles_country_code_key is 'This country or region already has a tax profile.';

-- tax_rates -----------------------------------------------------------------------------------------------------------

create table pricing.tax_rates (
  biz_id uuid not null,
  id uuid not null,
  profile_id uuid not null,
  name text not null,
  tax_category text not null,
  treatment pricing.tax_treatment not null default 'standard',
  rate numeric(9,6) not null,
  compound_order integer not null default 1,
  is_compound boolean not null default false,
  country_code char(2),
  region_code text,
  starts_on date,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  first_used_at timestamptz,
  constraint tax_rates_pkey primary key (biz_id, id),
  constraint tax_rates_profile_id_fkey foreign key (biz_id, profile_id)
    references pricing.tax_profiles (biz_id, id),
  constraint tax_rates_country_code_fkey foreign key (country_code)
    references core.countries (code),
  constraint tax_rates_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint tax_rates_tax_category_check check (btrim(tax_category) <> '' and length(tax_category) <= 60),
  constraint tax_rates_region_code_check check (btrim(region_code) <> '' and length(region_code) <= 20),
  constraint tax_rates_rate_check check (rate between 0 and 10),
  constraint tax_rates_treatment_check check (treatment in ('standard', 'reduced') or rate = 0),
  constraint tax_rates_compound_order_check check (compound_order >= 1 and (not is_compound or compound_order > 1)),
  constraint tax_rates_region_check check (region_code is null or country_code is not null),
  constraint tax_rates_dates_check check (ends_on > starts_on)
);
comment on table pricing.tax_rates is 'What a tax category is taxed with under a profile, over a time. Of several rates the one for the closest region counts.';
comment on column pricing.tax_rates.profile_id is 'The profile it belongs to.';
comment on column pricing.tax_rates.name is 'Name shown on documents, such as IVA 23 %.';
comment on column pricing.tax_rates.tax_category is 'The tax category it holds for, such as food.';
comment on column pricing.tax_rates.treatment is 'What the authority calls it.';
comment on column pricing.tax_rates.rate is 'The rate as a fraction: 0.23 is 23 %.';
comment on column pricing.tax_rates.compound_order is 'Its place where several taxes are due on a line, from 1.';
comment on column pricing.tax_rates.is_compound is 'Whether it is also taken on the taxes before it.';
comment on column pricing.tax_rates.country_code is 'The country it holds for; none means any.';
comment on column pricing.tax_rates.region_code is 'The state or province it holds for; none means all of the country.';
comment on column pricing.tax_rates.starts_on is 'First business day it holds on; none means always so far.';
comment on column pricing.tax_rates.ends_on is 'First business day it no longer holds on; none means until the law changes.';
comment on column pricing.tax_rates.period is 'From starts_on to ends_on, as a range.';
comment on column pricing.tax_rates.first_used_at is 'When something was first taxed with it; from then on only its end is changed.';
comment on constraint tax_rates_name_check on pricing.tax_rates is 'A name is required, of 200 characters at most.';
comment on constraint tax_rates_tax_category_check on pricing.tax_rates is 'A tax category is required, of 60 characters at most.';
comment on constraint tax_rates_region_code_check on pricing.tax_rates is 'A region code is not blank, and of 20 characters at most.';
comment on constraint tax_rates_rate_check on pricing.tax_rates is 'A rate is between 0 (0 %) and 10 (1,000 %).';
comment on constraint tax_rates_treatment_check on pricing.tax_rates is 'What is not taxed has a rate of 0.';
comment on constraint tax_rates_compound_order_check on pricing.tax_rates is 'Places begin at 1, and the first tax is taken on no other.';
comment on constraint tax_rates_region_check on pricing.tax_rates is 'A region is of a country.';
comment on constraint tax_rates_dates_check on pricing.tax_rates is 'The end must be after the start.';

call core.install_table('pricing.tax_rates', 'M', 'pctr', registrable => true);
alter table pricing.tax_rates add constraint tax_rates_no_overlap_excl
  exclude using gist (
    biz_id with =,
    profile_id with =,
    tax_category with =,
    compound_order with =,
    coalesce(country_code, '') with =,
    coalesce(region_code, '') with =,
    period with &&
  ) where (deleted_at is null);
comment on constraint tax_rates_no_overlap_excl on pricing.tax_rates is 'There already is a rate for this tax category and region at that time.';
create trigger tax_rates_used_immutable
  before update on pricing.tax_rates
  for each row when (old.first_used_at is not null)
  execute function pricing.refuse_used_change('tax_rates_used_immutable_check');

-- tax_rule_refs -------------------------------------------------------------------------------------------------------

create table pricing.tax_rule_refs (
  biz_id uuid not null,
  id uuid not null,
  tax_rate_id uuid not null,
  jurisdiction text not null,
  legal_reference text not null,
  external_code text,
  url text,
  constraint tax_rule_refs_pkey primary key (biz_id, id),
  constraint tax_rule_refs_tax_rate_id_fkey foreign key (biz_id, tax_rate_id)
    references pricing.tax_rates (biz_id, id),
  constraint tax_rule_refs_jurisdiction_check check (btrim(jurisdiction) <> '' and length(jurisdiction) <= 100),
  constraint tax_rule_refs_legal_reference_check check (btrim(legal_reference) <> '' and length(legal_reference) <= 500),
  constraint tax_rule_refs_external_code_check check (btrim(external_code) <> '' and length(external_code) <= 60),
  constraint tax_rule_refs_url_check check (url ~ '^https?://' and length(url) <= 500)
);
comment on table pricing.tax_rule_refs is 'Where the law says what a tax rate says, and by which code tax returns and electronic invoices name it.';
comment on column pricing.tax_rule_refs.tax_rate_id is 'The rate.';
comment on column pricing.tax_rule_refs.jurisdiction is 'Whose law it is, such as PT or US-NY.';
comment on column pricing.tax_rule_refs.legal_reference is 'The law, such as CIVA art. 18.';
comment on column pricing.tax_rule_refs.external_code is 'Its code in returns and electronic invoices, such as NOR or M07.';
comment on column pricing.tax_rule_refs.url is 'Where the law can be read.';
comment on constraint tax_rule_refs_jurisdiction_check on pricing.tax_rule_refs is 'A jurisdiction is required, of 100 characters at most.';
comment on constraint tax_rule_refs_legal_reference_check on pricing.tax_rule_refs is 'A legal reference is required, of 500 characters at most.';
comment on constraint tax_rule_refs_external_code_check on pricing.tax_rule_refs is 'An external code is not blank, and of 60 characters at most.';
comment on constraint tax_rule_refs_url_check on pricing.tax_rule_refs is 'An address begins with http:// or https://, and has 500 characters at most.';

call core.install_table('pricing.tax_rule_refs', 'M', 'pcrr');
create unique index tax_rule_refs_reference_key on pricing.tax_rule_refs (biz_id, tax_rate_id, jurisdiction, legal_reference) where deleted_at is null;
comment on index pricing.tax_rule_refs_reference_key is 'The rate already has this reference.';

-- tax_exemptions ------------------------------------------------------------------------------------------------------

create table pricing.tax_exemptions (
  biz_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  profile_id uuid not null,
  tax_category text,
  certificate_no text not null,
  reason text,
  evidence_media_id uuid,
  starts_on date,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  constraint tax_exemptions_pkey primary key (biz_id, id),
  constraint tax_exemptions_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint tax_exemptions_profile_id_fkey foreign key (biz_id, profile_id)
    references pricing.tax_profiles (biz_id, id),
  constraint tax_exemptions_evidence_media_id_fkey foreign key (biz_id, evidence_media_id)
    references core.media_assets (biz_id, id),
  constraint tax_exemptions_tax_category_check check (btrim(tax_category) <> '' and length(tax_category) <= 60),
  constraint tax_exemptions_certificate_no_check check (btrim(certificate_no) <> '' and length(certificate_no) <= 100),
  constraint tax_exemptions_reason_check check (btrim(reason) <> '' and length(reason) <= 500),
  constraint tax_exemptions_dates_check check (ends_on > starts_on)
);
comment on table pricing.tax_exemptions is 'That a customer does not pay a tax, over a time, and the certificate that says so.';
comment on column pricing.tax_exemptions.customer_id is 'The customer.';
comment on column pricing.tax_exemptions.profile_id is 'The profile whose taxes are not paid.';
comment on column pricing.tax_exemptions.tax_category is 'The tax category that is not taxed; none means all.';
comment on column pricing.tax_exemptions.certificate_no is 'Number of the certificate.';
comment on column pricing.tax_exemptions.reason is 'Why, as documents must say it.';
comment on column pricing.tax_exemptions.evidence_media_id is 'The certificate.';
comment on column pricing.tax_exemptions.starts_on is 'First day of it; none means always so far.';
comment on column pricing.tax_exemptions.ends_on is 'First day after it; none means for good.';
comment on column pricing.tax_exemptions.period is 'From starts_on to ends_on, as a range.';
comment on constraint tax_exemptions_tax_category_check on pricing.tax_exemptions is 'A tax category is not blank, and of 60 characters at most.';
comment on constraint tax_exemptions_certificate_no_check on pricing.tax_exemptions is 'A certificate no is required, of 100 characters at most.';
comment on constraint tax_exemptions_reason_check on pricing.tax_exemptions is 'A reason is not blank, and of 500 characters at most.';
comment on constraint tax_exemptions_dates_check on pricing.tax_exemptions is 'The end must be after the start.';

call core.install_table('pricing.tax_exemptions', 'M', 'pcte', registrable => true);
alter table pricing.tax_exemptions add constraint tax_exemptions_no_overlap_excl
  exclude using gist (
    biz_id with =,
    customer_id with =,
    profile_id with =,
    coalesce(tax_category, '') with =,
    period with &&
  ) where (deleted_at is null);
comment on constraint tax_exemptions_no_overlap_excl on pricing.tax_exemptions is 'The customer already has such an exemption at that time.';
create index tax_exemptions_ends_on_idx on pricing.tax_exemptions (biz_id, ends_on, id) where deleted_at is null and ends_on is not null;

-- tax_calculations ----------------------------------------------------------------------------------------------------

create table pricing.tax_calculations (
  biz_id uuid not null,
  id uuid not null,
  source_type text not null,
  source_id uuid not null,
  revision integer not null default 1,
  inputs jsonb not null,
  inputs_digest text generated always as (md5(inputs::text)) stored,
  engine_version text not null,
  rounding pricing.tax_rounding not null,
  price_display pricing.tax_display not null,
  currency char(3) not null,
  total_tax_minor bigint not null,
  result_digest text not null,
  constraint tax_calculations_pkey primary key (biz_id, id),
  constraint tax_calculations_revision_key unique (biz_id, source_type, source_id, revision),
  constraint tax_calculations_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint tax_calculations_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint tax_calculations_engine_version_check check (btrim(engine_version) <> '' and length(engine_version) <= 60),
  constraint tax_calculations_revision_check check (revision >= 1),
  constraint tax_calculations_inputs_check check (jsonb_typeof(inputs) = 'object'),
  constraint tax_calculations_result_digest_check check (result_digest ~ '^[0-9a-f]{64}$'),
  constraint tax_calculations_replay_excl exclude using gist (biz_id with =, inputs_digest with =, engine_version with =, result_digest with <>)
);
comment on table pricing.tax_calculations is 'What tax was reckoned for a document, from which inputs, by which version of the program. Reckoning the same again must come to the same.';
comment on column pricing.tax_calculations.source_type is 'Entity type of the document, such as BookingOrder, Sale or Invoice.';
comment on column pricing.tax_calculations.source_id is 'The document.';
comment on column pricing.tax_calculations.revision is 'Counts the calculations of the document, from 1; the last one counts.';
comment on column pricing.tax_calculations.inputs is 'All that the calculation depends on: lines, rates, exemptions, addresses, rounding.';
comment on column pricing.tax_calculations.inputs_digest is 'Digest of the inputs.';
comment on column pricing.tax_calculations.engine_version is 'Version of the program that reckoned it.';
comment on column pricing.tax_calculations.rounding is 'Where tax was rounded.';
comment on column pricing.tax_calculations.price_display is 'Whether prices included tax.';
comment on column pricing.tax_calculations.currency is 'Currency of the amounts.';
comment on column pricing.tax_calculations.total_tax_minor is 'All tax, in minor units: the sum of its lines.';
comment on column pricing.tax_calculations.result_digest is 'Digest (SHA-256, hexadecimal) of what came out.';
comment on constraint tax_calculations_engine_version_check on pricing.tax_calculations is 'An engine version is required, of 60 characters at most.';
comment on constraint tax_calculations_revision_key on pricing.tax_calculations is 'The document already has a calculation of this number.';
comment on constraint tax_calculations_source_fkey on pricing.tax_calculations is 'What is taxed must exist in this tenant.';
comment on constraint tax_calculations_revision_check on pricing.tax_calculations is 'Revisions begin at 1.';
comment on constraint tax_calculations_inputs_check on pricing.tax_calculations is 'Inputs must be a JSON object.';
comment on constraint tax_calculations_result_digest_check on pricing.tax_calculations is 'A digest has 64 hexadecimal digits.';
comment on constraint tax_calculations_replay_excl on pricing.tax_calculations is 'The same inputs were reckoned before by the same version, and came to something else.';

call core.install_table('pricing.tax_calculations', 'J', 'pctc');

-- tax_calculation_lines -----------------------------------------------------------------------------------------------

create table pricing.tax_calculation_lines (
  biz_id uuid not null,
  id uuid not null,
  calculation_id uuid not null,
  line_ref text not null,
  tax_rate_id uuid,
  rate numeric(9,6) not null,
  taxable_minor bigint not null,
  tax_minor bigint not null,
  currency char(3) not null,
  constraint tax_calculation_lines_pkey primary key (biz_id, id),
  constraint tax_calculation_lines_line_key unique (biz_id, calculation_id, line_ref, tax_rate_id),
  constraint tax_calculation_lines_calculation_id_fkey foreign key (biz_id, calculation_id)
    references pricing.tax_calculations (biz_id, id),
  constraint tax_calculation_lines_tax_rate_id_fkey foreign key (biz_id, tax_rate_id)
    references pricing.tax_rates (biz_id, id),
  constraint tax_calculation_lines_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint tax_calculation_lines_line_ref_check check (btrim(line_ref) <> '' and length(line_ref) <= 100),
  constraint tax_calculation_lines_rate_check check (rate between 0 and 10),
  constraint tax_calculation_lines_sign_check check (sign(taxable_minor) * sign(tax_minor) >= 0)
);
comment on table pricing.tax_calculation_lines is 'The tax of one line at one rate, as reckoned.';
comment on column pricing.tax_calculation_lines.calculation_id is 'The calculation it belongs to.';
comment on column pricing.tax_calculation_lines.line_ref is 'Which line of the inputs it taxes, by its id or place there.';
comment on column pricing.tax_calculation_lines.tax_rate_id is 'The rate; none where nothing was to be taxed.';
comment on column pricing.tax_calculation_lines.rate is 'The rate as it was, as a fraction.';
comment on column pricing.tax_calculation_lines.taxable_minor is 'What was taxed, in minor units; below zero on returns.';
comment on column pricing.tax_calculation_lines.tax_minor is 'The tax, in minor units; below zero on returns.';
comment on column pricing.tax_calculation_lines.currency is 'Currency of the amounts, that of the calculation.';
comment on constraint tax_calculation_lines_line_ref_check on pricing.tax_calculation_lines is 'A line ref is required, of 100 characters at most.';
comment on constraint tax_calculation_lines_rate_check on pricing.tax_calculation_lines is 'A rate is between 0 (0 %) and 10 (1,000 %).';
comment on constraint tax_calculation_lines_sign_check on pricing.tax_calculation_lines is 'Tax and what is taxed are on the same side of zero.';
comment on constraint tax_calculation_lines_line_key on pricing.tax_calculation_lines is 'The line is taxed at this rate already.';

call core.install_table('pricing.tax_calculation_lines', 'J', 'pctl');

create function pricing.check_tax_total() returns trigger
language plpgsql as $$
declare
  wanted_id constant uuid := case tg_table_name when 'tax_calculations' then new.id else (to_jsonb(new) ->> 'calculation_id')::uuid end;
  sums_up boolean;
begin
  select c.total_tax_minor = coalesce(sum(l.tax_minor), 0) and coalesce(bool_and(l.currency = c.currency), true)
  into sums_up
  from pricing.tax_calculations c
  left join pricing.tax_calculation_lines l on l.biz_id = c.biz_id and l.calculation_id = c.id
  where c.biz_id = new.biz_id
    and c.id = wanted_id
  group by c.biz_id, c.id;

  if not sums_up then
    raise exception using
      errcode = '23514',
      message = 'The lines of a tax calculation must sum up to its total, in its currency.',
      schema = 'pricing',
      table = 'tax_calculations',
      column = 'total_tax_minor',
      constraint = 'tax_calculations_total_sum_check';
  end if;
  return null;
end
$$;
comment on function pricing.check_tax_total() is 'Trigger: the lines of a tax calculation sum up to its total. Rows of both are never changed, so a calculation that was right at commit takes no line after it.';

create constraint trigger tax_calculations_total_sum_check
  after insert on pricing.tax_calculations
  deferrable initially deferred
  for each row execute function pricing.check_tax_total();
comment on constraint tax_calculations_total_sum_check on pricing.tax_calculations is 'The lines of a tax calculation must sum up to its total, in its currency.';

create constraint trigger tax_calculation_lines_total_sum_check
  after insert on pricing.tax_calculation_lines
  deferrable initially deferred
  for each row execute function pricing.check_tax_total();
comment on constraint tax_calculation_lines_total_sum_check on pricing.tax_calculation_lines is 'The lines of a tax calculation must sum up to its total, in its currency.';
