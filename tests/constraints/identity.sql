-- given: a code, factors, a device, an endpoint and a group
select set_config('role', 'bizing_platform', true);
insert into identity.verifications (id, user_id, identifier, purpose, code_hash, expires_at)
values ('00000000-0000-7002-8000-000000000001', '00000000-0000-7000-8000-00000000000a', 'ana@ours.example', 'email', sha256('1'), now() + interval '10 minutes');
insert into identity.mfa_factors (id, user_id, kind, secret_sealed, last_counter, confirmed_at)
values ('00000000-0000-7002-8000-000000000002', '00000000-0000-7000-8000-00000000000a', 'totp', '\x01', 100, now());
insert into identity.mfa_factors (id, user_id, kind, secret_hash) values ('00000000-0000-7002-8000-000000000003', '00000000-0000-7000-8000-00000000000a', 'recovery_code', sha256('1'));
insert into identity.trusted_devices (id, user_id, fingerprint_hash, name, trusted_until)
values ('00000000-0000-7002-8000-000000000004', '00000000-0000-7000-8000-00000000000a', sha256('1'), 'Desk', now() + interval '30 days'), ('00000000-0000-7002-8000-000000000005', '00000000-0000-7000-8000-00000000000b', sha256('1'), 'Phone', now() + interval '30 days');
insert into identity.security_events (id, user_id, kind, occurred_at) values
  ('00000000-0000-7002-8000-000000000006', '00000000-0000-7000-8000-00000000000a', 'login_ok', now()), ('00000000-0000-7002-8000-000000000007', '00000000-0000-7000-8000-00000000000a', 'login_ok', now() - interval '100 days');
select set_config('role', 'bizing_app', true);
insert into identity.webhook_endpoints (biz_id, id, name, url, topics, secret_sealed)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-000000000008', 'Accounting', 'https://books.example.com/hook', '{booking.*}', '\x01');
insert into identity.group_accounts (biz_id, id, name, kind) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-000000000009', 'Family Moreira', 'family');
insert into identity.group_account_members (biz_id, id, group_account_id, user_id, role)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-00000000000a', '00000000-0000-7002-8000-000000000009', '00000000-0000-7000-8000-00000000000a', 'owner');

-- allowed: a code is tried, found right, and used
select set_config('role', 'bizing_platform', true);
update identity.verifications set attempts = 1 where id = '00000000-0000-7002-8000-000000000001';
update identity.verifications set attempts = 2, consumed_at = now() where id = '00000000-0000-7002-8000-000000000001';

-- refused verifications_attempts_check: a code is tried five times at most
select set_config('role', 'bizing_platform', true);
update identity.verifications set attempts = 6 where id = '00000000-0000-7002-8000-000000000001';

-- refused verifications_used_once_check: a code is used once
select set_config('role', 'bizing_platform', true);
update identity.verifications set attempts = 1, consumed_at = now() where id = '00000000-0000-7002-8000-000000000001';
update identity.verifications set attempts = 2 where id = '00000000-0000-7002-8000-000000000001';

-- refused verifications_used_once_check: tries are not taken back
select set_config('role', 'bizing_platform', true);
update identity.verifications set attempts = 4 where id = '00000000-0000-7002-8000-000000000001';
update identity.verifications set attempts = 0 where id = '00000000-0000-7002-8000-000000000001';

-- refused verifications_consumed_check: a code is not used after its time
select set_config('role', 'bizing_platform', true);
update identity.verifications set attempts = 1, consumed_at = expires_at + interval '1 second' where id = '00000000-0000-7002-8000-000000000001';

-- race verifications_open_key: one code is open for a purpose
select set_config('role', 'bizing_platform', true);
insert into identity.verifications (id, identifier, purpose, code_hash, expires_at)
values ('00000000-0000-7002-8000-00000000002:n', 'new@ours.example', 'email', sha256(':n'), now() + interval '10 minutes');

-- refused mfa_factors_counter_forward_check: the code of an app is taken once
select set_config('role', 'bizing_platform', true);
update identity.mfa_factors set last_counter = 100 where id = '00000000-0000-7002-8000-000000000002';

-- race mfa_factors_counter_forward_check: of several who show the same code one is let in
select set_config('role', 'bizing_platform', true);
update identity.mfa_factors set last_counter = 101, last_used_at = now() where id = '00000000-0000-7002-8000-000000000002';

-- race mfa_factors_used_once_check: a recovery code opens once
select set_config('role', 'bizing_platform', true);
update identity.mfa_factors set used_up_at = now() where id = '00000000-0000-7002-8000-000000000003';

-- refused mfa_factors_secret_check: a recovery code is kept as a digest only
select set_config('role', 'bizing_platform', true);
insert into identity.mfa_factors (id, user_id, kind, secret_sealed) values ('00000000-0000-7002-8000-000000000010', '00000000-0000-7000-8000-00000000000a', 'recovery_code', '\x01');

-- allowed: users see and revoke their own devices, and no others
update identity.trusted_devices set revoked_at = now() where id = '00000000-0000-7002-8000-000000000004';
update identity.trusted_devices set revoked_at = now() where id = '00000000-0000-7002-8000-000000000005';
do $$ begin
  if (select count(*) from identity.trusted_devices where revoked_at is not null) <> 1
    or exists (select from identity.trusted_devices where id = '00000000-0000-7002-8000-000000000005') then
    raise exception 'devices of others are seen';
  end if;
end $$;

-- allowed: users see that they have second factors
do $$ begin
  if not exists (select from identity.mfa_factors where id = '00000000-0000-7002-8000-000000000002') then
    raise exception 'own factors are not seen';
  end if;
end $$;

-- refused trusted_devices_user_id_fingerprint_hash_key: a device is trusted once
select set_config('role', 'bizing_platform', true);
insert into identity.trusted_devices (id, user_id, fingerprint_hash, name, trusted_until)
values ('00000000-0000-7002-8000-000000000010', '00000000-0000-7000-8000-00000000000a', sha256('1'), 'Desk', now() + interval '30 days');

-- refused security_events_append_only_check: a security event is not changed
select set_config('role', 'bizing_platform', true);
update identity.security_events set kind = 'login_fail' where id = '00000000-0000-7002-8000-000000000006';

-- refused security_events_append_only_check: a fresh security event is not deleted
select set_config('role', 'bizing_platform', true);
delete from identity.security_events where id = '00000000-0000-7002-8000-000000000006';

-- allowed: an old security event is purged
select set_config('role', 'bizing_platform', true);
delete from identity.security_events where id = '00000000-0000-7002-8000-000000000007';

-- refused security_events_permission_check: what was denied names the permission
select set_config('role', 'bizing_platform', true);
insert into identity.security_events (id, user_id, kind) values ('00000000-0000-7002-8000-000000000010', '00000000-0000-7000-8000-00000000000a', 'permission_denied');

-- refused webhook_endpoints_url_check: an endpoint is no address of a private network
insert into identity.webhook_endpoints (biz_id, id, name, url, topics, secret_sealed)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-000000000010', 'Inside', 'https://192.168.1.4/hook', '{booking.*}', '\x01');

-- refused webhook_endpoints_url_check: an endpoint is not the server itself
insert into identity.webhook_endpoints (biz_id, id, name, url, topics, secret_sealed)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-000000000010', 'Inside', 'https://api.localhost/hook', '{booking.*}', '\x01');

-- refused webhook_endpoints_url_check: an endpoint is reached over https
insert into identity.webhook_endpoints (biz_id, id, name, url, topics, secret_sealed)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-000000000010', 'Plain', 'http://books.example.com/hook', '{booking.*}', '\x01');

-- refused webhook_endpoints_status_transition_check: an endpoint that was paused is not disabled
update identity.webhook_endpoints set status = 'paused' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7002-8000-000000000008';
update identity.webhook_endpoints set status = 'disabled' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7002-8000-000000000008';

-- allowed: codes are not seen by tenants
do $$ begin
  if exists (select from identity.verifications) then
    raise exception 'codes are seen';
  end if;
end $$;

-- allowed: a tenant sees what happened to its members' accounts
select set_config('app.user_id', '00000000-0000-7000-8000-00000000000b', true);
do $$ begin
  if not exists (select from identity.security_events where id = '00000000-0000-7002-8000-000000000006') then
    raise exception 'events of members are not seen';
  end if;
end $$;

-- allowed: another tenant sees nothing of them
select set_config('app.user_id', '', true), set_config('app.biz_id', '00000000-0000-7000-8000-000000000002', true);
do $$ begin
  if exists (select from identity.security_events) then
    raise exception 'events of others are seen';
  end if;
end $$;

-- allowed: a role is a subject, and is archived as one
update identity.roles set deleted_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7000-8000-000000000025';
do $$ begin
  if not exists (
    select from core.subject_registry s where s.subject_type = 'Role' and s.subject_id = '00000000-0000-7000-8000-000000000025' and s.archived_at is not null
  ) then
    raise exception 'the role is not registered';
  end if;
end $$;

-- refused webhook_endpoints_status_reason_check: an endpoint is disabled for a reason
update identity.webhook_endpoints set status = 'disabled' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7002-8000-000000000008';

-- allowed: an endpoint is told of an event at the second try
insert into identity.webhook_deliveries (biz_id, id, endpoint_id, event_id, event_seq, event_occurred_at, topic, next_attempt_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-000000000010', '00000000-0000-7002-8000-000000000008', '00000000-0000-7002-8000-000000000011', 1, now(), 'booking.confirmed', now());
update identity.webhook_deliveries
set status = 'retrying', attempts = 1, response_code = 503, next_attempt_at = now() + interval '1 minute'
where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7002-8000-000000000010';
update identity.webhook_deliveries
set status = 'delivered', attempts = 2, response_code = 200, next_attempt_at = null, delivered_at = now()
where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7002-8000-000000000010';

-- refused webhook_deliveries_status_transition_check: what was delivered is not tried again
insert into identity.webhook_deliveries (biz_id, id, endpoint_id, event_id, event_seq, event_occurred_at, topic, status, delivered_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-000000000010', '00000000-0000-7002-8000-000000000008', '00000000-0000-7002-8000-000000000011', 1, now(), 'booking.confirmed', 'delivered', now());
update identity.webhook_deliveries set status = 'retrying', delivered_at = null, next_attempt_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7002-8000-000000000010';

-- race webhook_deliveries_endpoint_id_event_seq_key: an endpoint is told of an event once
insert into identity.webhook_deliveries (biz_id, id, endpoint_id, event_id, event_seq, event_occurred_at, topic, next_attempt_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-00000000003:n', '00000000-0000-7002-8000-000000000008', '00000000-0000-7002-8000-000000000012', 2, now(), 'booking.confirmed', now());

-- race approval_pins_member_id_key: a member has one PIN
insert into identity.approval_pins (biz_id, id, member_id, pin_phc) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-00000000003:n', '00000000-0000-7000-8000-000000000021', '$argon2id$v=19$m=1,t=1,p=1$x$y');

-- refused approval_pins_pin_phc_check: a PIN is not kept in the clear
insert into identity.approval_pins (biz_id, id, member_id, pin_phc) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-000000000010', '00000000-0000-7000-8000-000000000022', '1234');

-- refused group_accounts_owner_check: a group account begins with an owner
insert into identity.group_accounts (biz_id, id, name, kind) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-000000000010', 'Club', 'team');

-- refused group_account_members_last_owner_check: the last owner does not leave
update identity.group_account_members set deleted_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7002-8000-00000000000a';

-- allowed: an owner hands over to another
insert into identity.group_account_members (biz_id, id, group_account_id, customer_type, customer_id, role)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-000000000010', '00000000-0000-7002-8000-000000000009', 'Customer', '00000000-0000-7000-8000-000000000031', 'owner');
update identity.group_account_members set role = 'member' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7002-8000-00000000000a';

-- allowed: the last owner leaves as the account is given up
update identity.group_account_members set deleted_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7002-8000-00000000000a';
update identity.group_accounts set deleted_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7002-8000-000000000009';

-- refused group_account_members_user_once_excl: a user belongs to an account once at a time
insert into identity.group_account_members (biz_id, id, group_account_id, user_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-000000000010', '00000000-0000-7002-8000-000000000009', '00000000-0000-7000-8000-00000000000a');

-- refused group_account_members_who_check: a member of a group is one of user and customer
insert into identity.group_account_members (biz_id, id, group_account_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-000000000010', '00000000-0000-7002-8000-000000000009');

-- refused group_account_members_owner_dates_check: an owner belongs to the account without end
update identity.group_account_members set ends_on = current_date + 1 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7002-8000-00000000000a';

-- race group_account_members_customer_once_excl: a customer is added to an account once
insert into identity.group_account_members (biz_id, id, group_account_id, customer_type, customer_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-00000000004:n', '00000000-0000-7002-8000-000000000009', 'Customer', '00000000-0000-7000-8000-000000000032');

-- given: a group with two owners
insert into identity.group_accounts (biz_id, id, name, kind) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-00000000000b', 'Club', 'team');
insert into identity.group_account_members (biz_id, id, group_account_id, customer_type, customer_id, role) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-000000000051', '00000000-0000-7002-8000-00000000000b', 'Customer', '00000000-0000-7000-8000-000000000031', 'owner'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-000000000052', '00000000-0000-7002-8000-00000000000b', 'Customer', '00000000-0000-7000-8000-000000000032', 'owner');

-- allowed: one of two owners leaves
update identity.group_account_members set deleted_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7002-8000-000000000051';

-- race group_account_members_last_owner_check: two owners do not leave at once
update identity.group_account_members set role = 'member'
where biz_id = '00000000-0000-7000-8000-000000000001' and id = case when :n % 2 = 0 then '00000000-0000-7002-8000-000000000051' else '00000000-0000-7002-8000-000000000052' end::uuid and role = 'owner';
do $$ begin perform pg_sleep(0.05); end $$;
set constraints all immediate;
do $$ begin
  if :n > 2 then
    raise exception using errcode = '23514', message = 'only two compete', constraint = 'group_account_members_last_owner_check';
  end if;
end $$;

-- refused device_tokens_holder_check: a device is held by one of user and member
insert into identity.device_tokens (biz_id, id, user_id, member_id, platform, push_endpoint) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-000000000010', '00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-000000000021', 'ios', 'x');

-- race device_tokens_push_endpoint_key: a device is known once
insert into identity.device_tokens (biz_id, id, user_id, platform, push_endpoint) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-00000000006:n', '00000000-0000-7000-8000-00000000000a', 'ios', 'token');

-- allowed: somebody acts as somebody else for half an hour
insert into identity.impersonations (biz_id, id, actor_id, target_user_id, reason, expires_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-000000000010', '00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b', 'Cannot see her bookings.', now() + interval '30 minutes');
update identity.impersonations set ended_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7002-8000-000000000010';

-- refused impersonations_duration_check: nobody acts as somebody else for more than an hour
insert into identity.impersonations (biz_id, id, actor_id, target_user_id, reason, expires_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-000000000010', '00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b', 'Help.', now() + interval '61 minutes');

-- refused impersonations_immutable_check: the end is not put off
insert into identity.impersonations (biz_id, id, actor_id, target_user_id, reason, expires_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-000000000010', '00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b', 'Help.', now() + interval '30 minutes');
update identity.impersonations set expires_at = now() + interval '59 minutes' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7002-8000-000000000010';

-- race impersonations_open_key: a user acts as one other at a time
insert into identity.impersonations (biz_id, id, actor_id, target_user_id, reason, expires_at)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7002-8000-00000000007:n', '00000000-0000-7000-8000-00000000000b', '00000000-0000-7000-8000-00000000000a', 'Help.', now() + interval '30 minutes');
