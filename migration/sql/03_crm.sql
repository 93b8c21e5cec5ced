-- CRM: the people and organisations that a tenant serves.

create schema crm;
comment on schema crm is 'Customers and guests of a tenant.';

create domain crm.customer_kind as text
  constraint customer_kind_check check (value in ('person', 'organisation'));
comment on domain crm.customer_kind is
  'What a customer is.
person: a human being.
organisation: a company, a club, an authority.';
comment on constraint customer_kind_check on domain crm.customer_kind is 'Not a known kind of customer.';

create domain crm.customer_status as text
  constraint customer_status_check check (
    value in ('prospect', 'active', 'inactive', 'blocked', 'merged', 'anonymised')
  );
comment on domain crm.customer_status is
  'How a tenant stands with a customer.
prospect: known, has bought nothing yet.
active: a customer.
inactive: has not come for long, or asked to be left in peace.
blocked: may not book or buy.
merged: was a second record of another customer, and leads there.
anonymised: everything personal was erased, for good.';
comment on constraint customer_status_check on domain crm.customer_status is 'Not a known status of a customer.';

create table crm.customers (
  biz_id uuid not null,
  id uuid not null,
  user_id uuid,
  merged_into_id uuid,
  number text not null,
  kind crm.customer_kind not null default 'person',
  status crm.customer_status not null default 'active',
  full_name text not null,
  email_enc bytea,
  email_bidx bytea,
  phone_enc bytea,
  phone_bidx bytea,
  date_of_birth_enc bytea,
  locale core.locale,
  nationality char(2),
  blocked_reason text,
  constraint customers_pkey primary key (biz_id, id),
  constraint customers_number_key unique (biz_id, number),
  constraint customers_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint customers_full_name_check check (btrim(full_name) <> '' and length(full_name) <= 200),
  constraint customers_email_check check (num_nonnulls(email_enc, email_bidx) <> 1),
  constraint customers_phone_check check (num_nonnulls(phone_enc, phone_bidx) <> 1),
  constraint customers_blocked_reason_check check (length(blocked_reason) <= 2000),
  constraint customers_blocked_check check (status <> 'blocked' or btrim(coalesce(blocked_reason, '')) <> ''),
  constraint customers_merged_check check (
    status = 'anonymised' or (status = 'merged') = (merged_into_id is not null)
  ),
  constraint customers_anonymised_check check (
    status <> 'anonymised'
    or num_nonnulls(user_id, email_enc, phone_enc, date_of_birth_enc, nationality, blocked_reason) = 0
  ),
  constraint customers_user_id_fkey foreign key (user_id) references identity.users (id),
  constraint customers_merged_into_id_fkey
    foreign key (biz_id, merged_into_id) references crm.customers (biz_id, id),
  constraint customers_nationality_fkey foreign key (nationality) references core.countries (code)
);
create index customers_email_bidx_idx on crm.customers (biz_id, email_bidx) where email_bidx is not null;
create index customers_phone_bidx_idx on crm.customers (biz_id, phone_bidx) where phone_bidx is not null;
create index customers_full_name_idx on crm.customers (biz_id, full_name);
comment on table crm.customers is
  'A person or organisation that books with, stays at or buys from a tenant. Two customers may share a mail address, as families and front desks do.';
comment on column crm.customers.user_id is 'The account with which the customer signs in; empty for most.';
comment on column crm.customers.merged_into_id is 'The record of the same customer that is kept. This one is then only a sign to it.';
comment on column crm.customers.number is 'Number that staff and the customer know, for example CU-000042.';
comment on column crm.customers.kind is 'Whether it is a person or an organisation.';
comment on column crm.customers.status is 'How the tenant stands with the customer.';
comment on column crm.customers.full_name is 'Name as it should be addressed, or the name of the organisation.';
comment on column crm.customers.email_enc is 'Mail address.';
comment on column crm.customers.email_bidx is 'Keyed digest of the mail address in lower case, by which it is found.';
comment on column crm.customers.phone_enc is 'Telephone number with country code, for example +351912345678.';
comment on column crm.customers.phone_bidx is 'Keyed digest of the telephone number, by which it is found.';
comment on column crm.customers.date_of_birth_enc is 'Date of birth, as year, month and day.';
comment on column crm.customers.locale is 'The language in which the customer is addressed; empty for that of the tenant.';
comment on column crm.customers.nationality is 'The country whose passport the customer has.';
comment on column crm.customers.blocked_reason is 'Why the customer may not book or buy. Only staff read it.';
comment on constraint customers_number_key on crm.customers is 'Another customer has this number.';
comment on constraint customers_number_check on crm.customers is 'The number must not be blank, and has at most 60 characters.';
comment on constraint customers_full_name_check on crm.customers is 'The name must not be blank, and has at most 200 characters.';
comment on constraint customers_email_check on crm.customers is 'A mail address is kept together with its digest.';
comment on constraint customers_phone_check on crm.customers is 'A telephone number is kept together with its digest.';
comment on constraint customers_blocked_reason_check on crm.customers is 'The reason has at most 2000 characters.';
comment on constraint customers_blocked_check on crm.customers is 'A customer is blocked for a reason.';
comment on constraint customers_merged_check on crm.customers is
  'A customer that was merged names the one that is kept, and no other does.';
comment on constraint customers_anonymised_check on crm.customers is 'Of an anonymised customer nothing personal is left.';
call core.install_table('crm.customers', 'M', 'cus', registrable => true);
call core.install_acyclic('crm.customers', 'merged_into_id');

insert into core.state_transitions (machine, from_status, to_status, requires_reason)
values
  ('customer', 'prospect', 'active', false),
  ('customer', 'active', 'inactive', false),
  ('customer', 'inactive', 'active', false),
  ('customer', 'active', 'blocked', true),
  ('customer', 'blocked', 'active', false),
  ('customer', 'prospect', 'merged', false),
  ('customer', 'active', 'merged', false),
  ('customer', 'inactive', 'merged', false),
  ('customer', 'blocked', 'merged', false),
  -- A merge can be undone.
  ('customer', 'merged', 'active', true),
  ('customer', 'prospect', 'anonymised', true),
  ('customer', 'active', 'anonymised', true),
  ('customer', 'inactive', 'anonymised', true),
  ('customer', 'blocked', 'anonymised', true),
  ('customer', 'merged', 'anonymised', true);
call core.install_state_machine('crm.customers', 'status', 'customer');

create function crm.refuse_merged_change()
  returns trigger
  language plpgsql
as $$
begin
  raise exception using
    errcode = '23514',
    message = 'This record was merged into another and is not changed any more.',
    schema = tg_table_schema,
    table = tg_table_name,
    constraint = 'customers_merged_read_only_check';
end
$$;
comment on function crm.refuse_merged_change() is
  'Refuses changes of a customer that was merged, except to lead elsewhere or to leave that status.';
create trigger customers_merged_read_only
  before update of user_id, number, kind, full_name, email_enc, email_bidx, phone_enc, phone_bidx, date_of_birth_enc,
    locale, nationality, blocked_reason
  on crm.customers
  for each row
  when (old.status = 'merged' and new.status = 'merged')
  execute function crm.refuse_merged_change();
