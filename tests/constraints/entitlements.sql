-- Entitlements: memberships, wallets with their grants and entries, gift cards, loyalty, rewards and promotion codes.

-- given: plans, open wallets, and programmes
insert into entitlements.grant_terms (biz_id, id, code, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000001', 'off-peak', 'Off-peak');
insert into entitlements.grant_term_services (biz_id, terms_id, service_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000001', '00000000-0000-7000-8000-000000000061');
insert into entitlements.membership_plans (biz_id, id, code, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000002', 'gold', 'Gold'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000003', 'silver', 'Silver');
insert into entitlements.wallets (biz_id, id, number, customer_id, purpose, unit, currency)
values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000010', 'W-1', '00000000-0000-7000-8000-000000000031', 'stored_value', 'money', 'EUR'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000011', 'W-2', '00000000-0000-7000-8000-000000000032', 'stored_value', 'money', 'EUR'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000012', 'W-3', '00000000-0000-7000-8000-000000000031', 'pass', 'visits', null),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000013', 'W-4', '00000000-0000-7000-8000-000000000031', 'loyalty', 'points', null),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000014', 'W-5', '00000000-0000-7000-8000-000000000032', 'loyalty', 'points', null);
insert into entitlements.loyalty_programs (biz_id, id, code, name, currency, earn_points, earn_per_minor, burn_points, burn_value_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000004', 'club', 'Club', 'EUR', 1, 100, 100, 100);
insert into entitlements.loyalty_tiers (biz_id, id, program_id, code, name, threshold)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000005', '00000000-0000-7011-8000-000000000004', 'base', 'Base', 0), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000006', '00000000-0000-7011-8000-000000000004', 'star', 'Star', 1000);
insert into entitlements.gift_products (biz_id, id, code, name, currency, min_minor, max_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000007', 'card', 'Card', 'EUR', 1000, 20000);

-- given: ten visits for Clara, and an active gift card of 50.00
insert into entitlements.grants (biz_id, id, wallet_id, origin, quantity, remaining, terms_id, paid_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000020', '00000000-0000-7011-8000-000000000012', 'purchase', 10, 10, '00000000-0000-7011-8000-000000000001', 20000, 'EUR');
insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000021', '00000000-0000-7011-8000-000000000012', '00000000-0000-7011-8000-000000000020', 'grant', 10);
update entitlements.wallets set balance = balance + 10 where id = '00000000-0000-7011-8000-000000000012';
insert into entitlements.gift_instruments (biz_id, id, number, gift_product_id, kind, code_hash, code_last4, currency, initial_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000030', 'G-1', '00000000-0000-7011-8000-000000000007', 'card', sha256('one'), '0001', 'EUR', 5000), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000031', 'G-2', '00000000-0000-7011-8000-000000000007', 'card', sha256('two'), '0002', 'EUR', 5000);
update entitlements.gift_instruments set status = 'active', balance_minor = 5000, activated_at = now() where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.gift_activities (biz_id, id, instrument_id, kind, amount_minor, balance_after_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000032', '00000000-0000-7011-8000-000000000030', 'activate', 5000, 5000, 'EUR');

-- given: a visit that was used
update entitlements.wallets set balance = balance - 1 where id = '00000000-0000-7011-8000-000000000012';
update entitlements.grants set remaining = remaining - 1 where id = '00000000-0000-7011-8000-000000000020';
insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity, source_type, source_id, location_id, business_date)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000022', '00000000-0000-7011-8000-000000000012', '00000000-0000-7011-8000-000000000020', 'redeem', -1, 'BookingOrder', '00000000-0000-7000-8000-000000000071', '00000000-0000-7000-8000-000000000011', '2027-03-01');

-- given: 10.00 paid by the gift card
update entitlements.gift_instruments set balance_minor = balance_minor - 1000 where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.gift_redemptions (biz_id, id, instrument_id, amount_minor, balance_after_minor, currency, idempotency_key, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000033', '00000000-0000-7011-8000-000000000030', 1000, 4000, 'EUR', 'pay-1', 'BookingOrder', '00000000-0000-7000-8000-000000000071');

-- allowed: a plan gets its sellable and is sold
insert into catalog.sellables (biz_id, id, kind, name, ref_type, ref_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000008', 'membership_plan', 'Gold', 'MembershipPlan', '00000000-0000-7011-8000-000000000002');
update entitlements.membership_plans set sellable_id = '00000000-0000-7011-8000-000000000008', status = 'active' where id = '00000000-0000-7011-8000-000000000002';
insert into entitlements.membership_plan_benefits (biz_id, id, plan_id, kind, name, unit, quantity, rollover_mode, rollover_cap)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000009', '00000000-0000-7011-8000-000000000002', 'credits', 'Four visits', 'visits', 4, 'capped', 2);

-- allowed: a gift product gets its sellable
insert into catalog.sellables (biz_id, id, kind, name, ref_type, ref_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000008', 'gift_product', 'Card', 'GiftProduct', '00000000-0000-7011-8000-000000000007');
update entitlements.gift_products set sellable_id = '00000000-0000-7011-8000-000000000008' where id = '00000000-0000-7011-8000-000000000007';

-- refused membership_plans_sellable_check: a plan cannot be sold as something else
update entitlements.membership_plans set sellable_id = '00000000-0000-7000-8000-000000000064' where id = '00000000-0000-7011-8000-000000000002';

-- refused gift_products_sellable_check: a gift product cannot be sold as something else
update entitlements.gift_products set sellable_id = '00000000-0000-7000-8000-000000000064' where id = '00000000-0000-7011-8000-000000000007';

-- refused membership_plans_sold_check: a plan without a sellable is not sold
update entitlements.membership_plans set status = 'active' where id = '00000000-0000-7011-8000-000000000002';

-- refused membership_plans_code_key: two plans in use need two codes
insert into entitlements.membership_plans (biz_id, id, code, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000008', 'gold', 'Other');

-- refused membership_plan_benefits_kind_check: credits have a quantity
insert into entitlements.membership_plan_benefits (biz_id, id, plan_id, kind, name, unit) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000009', '00000000-0000-7011-8000-000000000002', 'credits', 'Visits', 'visits');

-- refused membership_plan_benefits_rollover_check: only a capped rollover has a cap
insert into entitlements.membership_plan_benefits (biz_id, id, plan_id, kind, name, unit, quantity, rollover_cap)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000009', '00000000-0000-7011-8000-000000000002', 'credits', 'Visits', 'visits', 4, 2);

-- given: Clara is a member
insert into entitlements.memberships (biz_id, id, number, plan_id, customer_id, started_on, current_period_starts_on, current_period_ends_on,
  timezone, anchor_day, price_minor, currency, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000040', 'M-1', '00000000-0000-7011-8000-000000000002', '00000000-0000-7000-8000-000000000031', '2027-01-01', '2027-01-01', '2027-02-01', 'Europe/Lisbon', 1, 3000, 'EUR', 'active');

-- allowed: a membership goes overdue, recovers, changes its plan, is paused, runs again, and is cancelled with a reason
update entitlements.memberships set status = 'past_due', past_due_since = '2027-02-01' where id = '00000000-0000-7011-8000-000000000040';
update entitlements.memberships set status = 'active', past_due_since = null where id = '00000000-0000-7011-8000-000000000040';
update entitlements.memberships set plan_id = '00000000-0000-7011-8000-000000000003' where id = '00000000-0000-7011-8000-000000000040';
insert into entitlements.membership_events (biz_id, id, membership_id, kind, from_plan_id, to_plan_id, proration_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000041', '00000000-0000-7011-8000-000000000040', 'plan_changed', '00000000-0000-7011-8000-000000000002', '00000000-0000-7011-8000-000000000003', -500, 'EUR');
insert into entitlements.membership_pauses (biz_id, id, membership_id, starts_on, ends_on, reason) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000042', '00000000-0000-7011-8000-000000000040', '2027-03-01', '2027-03-15', 'Holiday');
update entitlements.memberships set status = 'paused', paused_until = '2027-03-15' where id = '00000000-0000-7011-8000-000000000040';
update entitlements.memberships set status = 'active', paused_until = null where id = '00000000-0000-7011-8000-000000000040';
select set_config('app.reason', 'moves away', true);
update entitlements.memberships set status = 'cancelled', ended_on = '2027-04-01', cancelled_at = now() where id = '00000000-0000-7011-8000-000000000040';
insert into entitlements.memberships (biz_id, id, number, plan_id, customer_id, started_on, current_period_starts_on, current_period_ends_on,
  timezone, anchor_day, price_minor, currency, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000043', 'M-2', '00000000-0000-7011-8000-000000000003', '00000000-0000-7000-8000-000000000031', '2027-04-01', '2027-04-01', '2027-05-01', 'Europe/Lisbon', 1, 3000, 'EUR', 'active');

-- refused memberships_no_overlap_excl: nobody has two running memberships of a plan
insert into entitlements.memberships (biz_id, id, number, plan_id, customer_id, started_on, current_period_starts_on, current_period_ends_on,
  timezone, anchor_day, price_minor, currency, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000043', 'M-2', '00000000-0000-7011-8000-000000000002', '00000000-0000-7000-8000-000000000031', '2027-06-01', '2027-06-01', '2027-07-01', 'Europe/Lisbon', 1, 3000, 'EUR', 'active');

-- refused memberships_trial_check: a trial says until when
insert into entitlements.memberships (biz_id, id, number, plan_id, customer_id, started_on, current_period_starts_on, current_period_ends_on,
  timezone, anchor_day, price_minor, currency, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000043', 'M-2', '00000000-0000-7011-8000-000000000002', '00000000-0000-7000-8000-000000000032', '2027-06-01', '2027-06-01', '2027-07-01', 'Europe/Lisbon', 1, 3000, 'EUR', 'trialing');

-- race memberships_no_overlap_excl: a double click makes one membership
insert into entitlements.memberships (biz_id, id, number, plan_id, customer_id, started_on, current_period_starts_on, current_period_ends_on,
  timezone, anchor_day, price_minor, currency, status)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-00000000005:n', 'R-:n', '00000000-0000-7011-8000-000000000002', '00000000-0000-7000-8000-000000000032', '2027-06-01', '2027-06-01', '2027-07-01', 'Europe/Lisbon', 1, 3000, 'EUR', 'active');

-- refused memberships_owner_check: a membership has one holder
insert into entitlements.memberships (biz_id, id, number, plan_id, started_on, current_period_starts_on, current_period_ends_on,
  timezone, anchor_day, price_minor, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000043', 'M-2', '00000000-0000-7011-8000-000000000003', '2027-06-01', '2027-06-01', '2027-07-01', 'Europe/Lisbon', 1, 3000, 'EUR');

-- refused memberships_status_transition_check: an active membership does not go back to its trial
update entitlements.memberships set status = 'trialing', trial_ends_on = '2027-02-01' where id = '00000000-0000-7011-8000-000000000040';

-- refused memberships_status_reason_check: cancelling at once needs a reason
update entitlements.memberships set status = 'cancelled', ended_on = '2027-04-01' where id = '00000000-0000-7011-8000-000000000040';

-- refused memberships_past_due_check: an overdue membership says since when
update entitlements.memberships set status = 'past_due' where id = '00000000-0000-7011-8000-000000000040';

-- refused memberships_dates_check: a membership that ended says on which day
update entitlements.memberships set status = 'expired' where id = '00000000-0000-7011-8000-000000000040';

-- refused memberships_owner_immutable_check: a membership stays with its holder
update entitlements.memberships set customer_id = '00000000-0000-7000-8000-000000000032' where id = '00000000-0000-7011-8000-000000000040';

-- refused memberships_currency_immutable_check: the currency of a membership is never changed
update entitlements.memberships set currency = 'USD' where id = '00000000-0000-7011-8000-000000000040';

-- refused membership_pauses_no_overlap_excl: a membership is not frozen twice at once
insert into entitlements.membership_pauses (biz_id, id, membership_id, starts_on, ends_on, reason)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000042', '00000000-0000-7011-8000-000000000040', '2027-03-01', '2027-03-15', 'Holiday'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000043', '00000000-0000-7011-8000-000000000040', '2027-03-14', null, 'Illness');

-- refused membership_events_plans_check: a change of plan names both plans
insert into entitlements.membership_events (biz_id, id, membership_id, kind) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000041', '00000000-0000-7011-8000-000000000040', 'plan_changed');

-- refused membership_plans_status_transition_check: a draft is not retired
update entitlements.membership_plans set status = 'retired' where id = '00000000-0000-7011-8000-000000000002';

-- allowed: a rollover runs, fails and is taken up again
insert into entitlements.rollover_runs (biz_id, id, plan_id, period_starts_on, period_ends_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000045', '00000000-0000-7011-8000-000000000002', '2027-01-01', '2027-02-01');
update entitlements.rollover_runs set status = 'running', started_at = now() where id = '00000000-0000-7011-8000-000000000045';
update entitlements.rollover_runs set status = 'failed', error = 'gone' where id = '00000000-0000-7011-8000-000000000045';
update entitlements.rollover_runs set status = 'queued', error = null where id = '00000000-0000-7011-8000-000000000045';
update entitlements.rollover_runs set status = 'running' where id = '00000000-0000-7011-8000-000000000045';
update entitlements.rollover_runs set status = 'completed', finished_at = now() where id = '00000000-0000-7011-8000-000000000045';

-- race rollover_runs_plan_id_period_key: a period of a plan is rolled over once
insert into entitlements.rollover_runs (biz_id, id, plan_id, period_starts_on, period_ends_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-00000000009:n', '00000000-0000-7011-8000-000000000002', '2027-02-01', '2027-03-01');

-- refused rollover_runs_status_transition_check: a run that was not begun is not completed
insert into entitlements.rollover_runs (biz_id, id, plan_id, period_starts_on, period_ends_on) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000045', '00000000-0000-7011-8000-000000000002', '2027-01-01', '2027-02-01');
update entitlements.rollover_runs set status = 'completed', started_at = now(), finished_at = now() where id = '00000000-0000-7011-8000-000000000045';

-- allowed: a wallet gets money, pays with it, and gets part of it back
insert into entitlements.grants (biz_id, id, wallet_id, origin, quantity, remaining) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000023', '00000000-0000-7011-8000-000000000010', 'refund', 500, 500);
insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000024', '00000000-0000-7011-8000-000000000010', '00000000-0000-7011-8000-000000000023', 'grant', 500);
update entitlements.wallets set balance = 500 where id = '00000000-0000-7011-8000-000000000010';
update entitlements.wallets set balance = 0 where id = '00000000-0000-7011-8000-000000000010';
update entitlements.grants set remaining = 0, status = 'depleted' where id = '00000000-0000-7011-8000-000000000023';
insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000025', '00000000-0000-7011-8000-000000000010', '00000000-0000-7011-8000-000000000023', 'redeem', -500);
update entitlements.wallets set balance = 200 where id = '00000000-0000-7011-8000-000000000010';
update entitlements.grants set remaining = 200, status = 'active' where id = '00000000-0000-7011-8000-000000000023';
insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity, reverses_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000026', '00000000-0000-7011-8000-000000000010', '00000000-0000-7011-8000-000000000023', 'reverse', 200, '00000000-0000-7011-8000-000000000025');

-- race wallets_balance_check: inv11 9 visits cannot be used up by two of 6 at once
update entitlements.wallets set balance = balance - 6 where id = '00000000-0000-7011-8000-000000000012';
update entitlements.grants set remaining = remaining - 6 where id = '00000000-0000-7011-8000-000000000020';
insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-0000000000a:n', '00000000-0000-7011-8000-000000000012', '00000000-0000-7011-8000-000000000020', 'redeem', -6);

-- refused wallets_balance_check: a wallet is not overdrawn
update entitlements.wallets set balance = balance - 4 where id = '00000000-0000-7011-8000-000000000012';

-- refused grants_remaining_check: no more is used than is left of a grant
update entitlements.grants set remaining = remaining - 4 where id = '00000000-0000-7011-8000-000000000020';

-- refused grants_status_remaining_check: a grant of which nothing is left is depleted
update entitlements.grants set remaining = 0 where id = '00000000-0000-7011-8000-000000000020';

-- refused grants_entries_sum_check: what remains changes only with an entry
update entitlements.grants set remaining = remaining - 1 where id = '00000000-0000-7011-8000-000000000020';
update entitlements.wallets set balance = balance - 1 where id = '00000000-0000-7011-8000-000000000012';

-- refused grants_entries_sum_check: an entry without its change of the remainder is refused
insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000025', '00000000-0000-7011-8000-000000000012', '00000000-0000-7011-8000-000000000020', 'redeem', -1);

-- refused wallets_grants_sum_check: a balance changes only with its grants
update entitlements.wallets set balance = balance + 1 where id = '00000000-0000-7011-8000-000000000012';

-- refused wallets_grants_sum_check: a grant changes only with the balance
update entitlements.grants set remaining = remaining - 1 where id = '00000000-0000-7011-8000-000000000020';
insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000025', '00000000-0000-7011-8000-000000000012', '00000000-0000-7011-8000-000000000020', 'redeem', -1);

-- refused grants_quantity_immutable_check: what was granted is never changed
update entitlements.grants set quantity = 20 where id = '00000000-0000-7011-8000-000000000020';

-- refused grants_wallet_immutable_check: a grant stays in its wallet
update entitlements.grants set wallet_id = '00000000-0000-7011-8000-000000000010' where id = '00000000-0000-7011-8000-000000000020';

-- refused grants_status_transition_check: a grant in use is not scheduled again
update entitlements.grants set status = 'scheduled' where id = '00000000-0000-7011-8000-000000000020';

-- refused ledger_entries_grant_id_fkey: an entry names a grant of its wallet
insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity, note) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000025', '00000000-0000-7011-8000-000000000010', '00000000-0000-7011-8000-000000000020', 'adjust', 1, 'x');

-- refused ledger_entries_sign_check: what is used is less than nothing
insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000025', '00000000-0000-7011-8000-000000000012', '00000000-0000-7011-8000-000000000020', 'redeem', 1);

-- refused ledger_entries_reversal_check: no more is given back than was used
insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity, reverses_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000025', '00000000-0000-7011-8000-000000000012', '00000000-0000-7011-8000-000000000020', 'reverse', 2, '00000000-0000-7011-8000-000000000022');

-- refused ledger_entries_reverses_use_check: only a use is undone
insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity, reverses_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000025', '00000000-0000-7011-8000-000000000012', '00000000-0000-7011-8000-000000000020', 'reverse', 1, '00000000-0000-7011-8000-000000000021');

-- refused ledger_entries_grant_usable_check: a credit is not used after its time
update entitlements.grants set starts_at = now() - interval '2 days', ends_at = now() - interval '1 day', remaining = remaining - 1 where id = '00000000-0000-7011-8000-000000000020';
update entitlements.wallets set balance = balance - 1 where id = '00000000-0000-7011-8000-000000000012';
insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000025', '00000000-0000-7011-8000-000000000012', '00000000-0000-7011-8000-000000000020', 'redeem', -1);

-- refused ledger_entries_wallet_open_check: a frozen wallet is not used
select set_config('app.reason', 'dispute', true);
update entitlements.grants set remaining = remaining - 1 where id = '00000000-0000-7011-8000-000000000020';
update entitlements.wallets set balance = balance - 1, status = 'frozen' where id = '00000000-0000-7011-8000-000000000012';
insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000025', '00000000-0000-7011-8000-000000000012', '00000000-0000-7011-8000-000000000020', 'redeem', -1);

-- refused ledger_entries_append_only_check: an entry is never changed
select set_config('role', 'bizing_platform', true);
update entitlements.ledger_entries set note = 'x' where id = '00000000-0000-7011-8000-000000000021';

-- race ledger_entries_idempotency_key_key: a request that is repeated counts once
update entitlements.wallets set balance = balance - 1 where id = '00000000-0000-7011-8000-000000000012';
update entitlements.grants set remaining = remaining - 1 where id = '00000000-0000-7011-8000-000000000020';
insert into entitlements.ledger_entries (biz_id, id, wallet_id, grant_id, kind, quantity, idempotency_key) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-0000000000b:n', '00000000-0000-7011-8000-000000000012', '00000000-0000-7011-8000-000000000020', 'redeem', -1, 'same');

-- race wallets_customer_stored_value_key: a customer has one wallet for money of a currency
insert into entitlements.wallets (biz_id, id, number, customer_id, purpose, unit, currency)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-0000000000c:n', 'WR-:n', '00000000-0000-7000-8000-000000000031', 'stored_value', 'money', 'USD');

-- refused wallets_currency_check: a wallet of visits has no currency
insert into entitlements.wallets (biz_id, id, number, customer_id, purpose, unit, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000015', 'W-9', '00000000-0000-7000-8000-000000000031', 'pass', 'visits', 'EUR');

-- refused wallets_purpose_unit_check: loyalty is counted in points
insert into entitlements.wallets (biz_id, id, number, customer_id, purpose, unit) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000015', 'W-9', '00000000-0000-7000-8000-000000000031', 'loyalty', 'visits');

-- refused wallets_closed_check: a wallet with something in it is not closed
update entitlements.wallets set status = 'closed' where id = '00000000-0000-7011-8000-000000000012';

-- refused wallets_unit_immutable_check: a wallet keeps its unit
update entitlements.wallets set unit = 'minutes' where id = '00000000-0000-7011-8000-000000000012';

-- refused wallets_owner_immutable_check: a wallet stays with its owner
update entitlements.wallets set customer_id = '00000000-0000-7000-8000-000000000032' where id = '00000000-0000-7011-8000-000000000012';

-- refused wallets_status_reason_check: freezing a wallet needs a reason
update entitlements.wallets set status = 'frozen' where id = '00000000-0000-7011-8000-000000000012';

-- allowed: a part of a gift card is held for a cart and then used
update entitlements.gift_instruments set held_minor = 1500 where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.value_holds (biz_id, id, gift_instrument_id, quantity, expires_at, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000027', '00000000-0000-7011-8000-000000000030', 1500, now() + interval '15 minutes', 'BookingOrder', '00000000-0000-7000-8000-000000000071');
update entitlements.value_holds set status = 'redeemed' where id = '00000000-0000-7011-8000-000000000027';
update entitlements.gift_instruments set held_minor = 0, balance_minor = balance_minor - 1500 where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.gift_redemptions (biz_id, id, instrument_id, amount_minor, balance_after_minor, currency, idempotency_key, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000034', '00000000-0000-7011-8000-000000000030', 1500, 2500, 'EUR', 'pay-2', 'BookingOrder', '00000000-0000-7000-8000-000000000071');

-- refused gift_instruments_held_check: what another cart holds cannot be used
update entitlements.gift_instruments set held_minor = 3500 where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.value_holds (biz_id, id, gift_instrument_id, quantity, expires_at, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000027', '00000000-0000-7011-8000-000000000030', 3500, now() + interval '15 minutes', 'BookingOrder', '00000000-0000-7000-8000-000000000071');
update entitlements.gift_instruments set balance_minor = balance_minor - 1000 where id = '00000000-0000-7011-8000-000000000030';

-- refused wallets_held_check: what another cart holds of a wallet cannot be used
update entitlements.wallets set held = balance where id = '00000000-0000-7011-8000-000000000012';
insert into entitlements.value_holds (biz_id, id, wallet_id, quantity, expires_at, source_type, source_id)
select '00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000027', w.id, w.balance, now() + interval '15 minutes', 'BookingOrder', '00000000-0000-7000-8000-000000000071' from entitlements.wallets w where w.id = '00000000-0000-7011-8000-000000000012';
update entitlements.wallets set balance = balance - 1 where id = '00000000-0000-7011-8000-000000000012';

-- refused wallets_holds_sum_check: what is held of a wallet has its holds
update entitlements.wallets set held = 1 where id = '00000000-0000-7011-8000-000000000012';

-- refused wallets_holds_sum_check: a hold on a wallet is counted
insert into entitlements.value_holds (biz_id, id, wallet_id, quantity, expires_at, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000027', '00000000-0000-7011-8000-000000000012', 1, now() + interval '15 minutes', 'BookingOrder', '00000000-0000-7000-8000-000000000071');

-- refused gift_instruments_holds_sum_check: a hold on a gift card is counted
insert into entitlements.value_holds (biz_id, id, gift_instrument_id, quantity, expires_at, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000027', '00000000-0000-7011-8000-000000000030', 1, now() + interval '15 minutes', 'BookingOrder', '00000000-0000-7000-8000-000000000071');

-- refused value_holds_target_check: a hold keeps a part of one thing
insert into entitlements.value_holds (biz_id, id, wallet_id, gift_instrument_id, quantity, expires_at, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000027', '00000000-0000-7011-8000-000000000012', '00000000-0000-7011-8000-000000000030', 1, now() + interval '15 minutes', 'BookingOrder', '00000000-0000-7000-8000-000000000071');

-- race gift_instruments_held_check: 40.00 cannot be held twice
update entitlements.gift_instruments set held_minor = held_minor + 2500 where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.value_holds (biz_id, id, gift_instrument_id, quantity, expires_at, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-0000000000d:n', '00000000-0000-7011-8000-000000000030', 2500, now() + interval '15 minutes', 'BookingOrder', '00000000-0000-7000-8000-000000000071');

-- given: that hold is given back
update entitlements.value_holds set status = 'released' where gift_instrument_id = '00000000-0000-7011-8000-000000000030' and status = 'held';
update entitlements.gift_instruments set held_minor = 0 where id = '00000000-0000-7011-8000-000000000030';

-- refused value_holds_status_transition_check: a hold that was given back is not used
update entitlements.value_holds set status = 'redeemed' where gift_instrument_id = '00000000-0000-7011-8000-000000000030';

-- refused value_holds_quantity_immutable_check: a hold keeps its quantity
update entitlements.value_holds set quantity = 1 where gift_instrument_id = '00000000-0000-7011-8000-000000000030';

-- refused value_holds_target_immutable_check: a hold stays with its gift card
update entitlements.value_holds set gift_instrument_id = '00000000-0000-7011-8000-000000000031' where gift_instrument_id = '00000000-0000-7011-8000-000000000030';

-- allowed: a transfer is asked for by one, approved by another, and carried out
insert into entitlements.transfers (biz_id, id, number, from_wallet_id, to_wallet_id, quantity, reason, requested_by_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000028', 'T-1', '00000000-0000-7011-8000-000000000010', '00000000-0000-7011-8000-000000000011', 100, 'Gift to Dario', '00000000-0000-7000-8000-00000000000a');
update entitlements.transfers set status = 'approved', approved_by_id = '00000000-0000-7000-8000-00000000000b' where id = '00000000-0000-7011-8000-000000000028';
update entitlements.transfers set status = 'completed', completed_at = now() where id = '00000000-0000-7011-8000-000000000028';

-- refused transfers_entitlements_self_check: a transfer needs two different wallets
insert into entitlements.transfers (biz_id, id, number, from_wallet_id, to_wallet_id, quantity, reason) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000028', 'T-1', '00000000-0000-7011-8000-000000000010', '00000000-0000-7011-8000-000000000010', 100, 'x');

-- refused transfers_entitlements_unit_check: money does not become visits
insert into entitlements.transfers (biz_id, id, number, from_wallet_id, to_wallet_id, quantity, reason) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000028', 'T-1', '00000000-0000-7011-8000-000000000010', '00000000-0000-7011-8000-000000000012', 100, 'x');

-- refused transfers_entitlements_four_eyes_check: whoever asks does not approve
insert into entitlements.transfers (biz_id, id, number, from_wallet_id, to_wallet_id, quantity, reason, requested_by_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000028', 'T-1', '00000000-0000-7011-8000-000000000010', '00000000-0000-7011-8000-000000000011', 100, 'x', '00000000-0000-7000-8000-00000000000a');
update entitlements.transfers set status = 'approved', approved_by_id = '00000000-0000-7000-8000-00000000000a' where id = '00000000-0000-7011-8000-000000000028';

-- refused transfers_entitlements_approved_check: an approved transfer says who approved it
insert into entitlements.transfers (biz_id, id, number, from_wallet_id, to_wallet_id, quantity, reason) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000028', 'T-1', '00000000-0000-7011-8000-000000000010', '00000000-0000-7011-8000-000000000011', 100, 'x');
update entitlements.transfers set status = 'approved' where id = '00000000-0000-7011-8000-000000000028';

-- refused transfers_status_transition_check: a transfer that nobody approved is not completed
insert into entitlements.transfers (biz_id, id, number, from_wallet_id, to_wallet_id, quantity, reason) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000028', 'T-1', '00000000-0000-7011-8000-000000000010', '00000000-0000-7011-8000-000000000011', 100, 'x');
update entitlements.transfers set status = 'completed', approved_by_id = '00000000-0000-7000-8000-00000000000b', completed_at = now() where id = '00000000-0000-7011-8000-000000000028';

-- refused transfers_entitlements_terms_immutable_check: a transfer keeps its quantity
insert into entitlements.transfers (biz_id, id, number, from_wallet_id, to_wallet_id, quantity, reason) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000028', 'T-1', '00000000-0000-7011-8000-000000000010', '00000000-0000-7011-8000-000000000011', 100, 'x');
update entitlements.transfers set quantity = 900 where id = '00000000-0000-7011-8000-000000000028';

-- allowed: a gift card is used up, loaded again, expires, is extended, and is taken out of use
update entitlements.gift_instruments set balance_minor = 0, status = 'depleted' where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.gift_redemptions (biz_id, id, instrument_id, amount_minor, balance_after_minor, currency, idempotency_key, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000034', '00000000-0000-7011-8000-000000000030', 4000, 0, 'EUR', 'pay-2', 'BookingOrder', '00000000-0000-7000-8000-000000000071');
update entitlements.gift_instruments set balance_minor = 700, status = 'active' where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.gift_activities (biz_id, id, instrument_id, kind, amount_minor, balance_after_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000035', '00000000-0000-7011-8000-000000000030', 'load', 700, 700, 'EUR');
update entitlements.gift_instruments set balance_minor = 0, status = 'expired' where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.gift_expiration_events (biz_id, id, instrument_id, kind, expired_minor, balance_after_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000036', '00000000-0000-7011-8000-000000000030', 'expired', 700, 0, 'EUR');
update entitlements.gift_instruments set balance_minor = 700, status = 'active', expires_at = now() + interval '1 year' where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.gift_expiration_events (biz_id, id, instrument_id, kind, expired_minor, balance_after_minor, currency, extended_until, jurisdiction)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000037', '00000000-0000-7011-8000-000000000030', 'extended', -700, 700, 'EUR', now() + interval '1 year', 'US-CA');
select set_config('app.reason', 'lost', true);
update entitlements.gift_instruments set balance_minor = 0, status = 'deactivated' where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.gift_activities (biz_id, id, instrument_id, kind, amount_minor, balance_after_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000038', '00000000-0000-7011-8000-000000000030', 'deactivate', -700, 0, 'EUR');

-- allowed: part of a payment is put back on the card
update entitlements.gift_instruments set balance_minor = 4600 where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.gift_redemptions (biz_id, id, instrument_id, amount_minor, balance_after_minor, currency, reverses_id, idempotency_key, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000034', '00000000-0000-7011-8000-000000000030', 600, 4600, 'EUR', '00000000-0000-7011-8000-000000000033', 'back-1', 'BookingOrder', '00000000-0000-7000-8000-000000000071');

-- refused gift_redemptions_reversal_check: no more is put back than was taken
update entitlements.gift_instruments set balance_minor = 5001 where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.gift_redemptions (biz_id, id, instrument_id, amount_minor, balance_after_minor, currency, reverses_id, idempotency_key, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000034', '00000000-0000-7011-8000-000000000030', 1001, 5001, 'EUR', '00000000-0000-7011-8000-000000000033', 'back-1', 'BookingOrder', '00000000-0000-7000-8000-000000000071');

-- refused gift_redemptions_reverses_use_check: what was put back is not put back again
update entitlements.gift_instruments set balance_minor = 4600 where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.gift_redemptions (biz_id, id, instrument_id, amount_minor, balance_after_minor, currency, reverses_id, idempotency_key, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000034', '00000000-0000-7011-8000-000000000030', 600, 4600, 'EUR', '00000000-0000-7011-8000-000000000033', 'back-1', 'BookingOrder', '00000000-0000-7000-8000-000000000071');
update entitlements.gift_instruments set balance_minor = 4700 where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.gift_redemptions (biz_id, id, instrument_id, amount_minor, balance_after_minor, currency, reverses_id, idempotency_key, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000035', '00000000-0000-7011-8000-000000000030', 100, 4700, 'EUR', '00000000-0000-7011-8000-000000000034', 'back-2', 'BookingOrder', '00000000-0000-7000-8000-000000000071');

-- refused gift_redemptions_usable_check: a gift card is not used after its time
update entitlements.gift_instruments set balance_minor = 3900, expires_at = now() - interval '1 day' where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.gift_redemptions (biz_id, id, instrument_id, amount_minor, balance_after_minor, currency, idempotency_key, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000034', '00000000-0000-7011-8000-000000000030', 100, 3900, 'EUR', 'pay-2', 'BookingOrder', '00000000-0000-7000-8000-000000000071');

-- refused gift_redemptions_chain_check: what is left follows from what was left
update entitlements.gift_instruments set balance_minor = 3900 where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.gift_redemptions (biz_id, id, instrument_id, amount_minor, balance_after_minor, currency, idempotency_key, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000034', '00000000-0000-7011-8000-000000000030', 200, 3900, 'EUR', 'pay-2', 'BookingOrder', '00000000-0000-7000-8000-000000000071');

-- refused gift_redemptions_currency_check: a gift card pays in its currency
update entitlements.gift_instruments set balance_minor = 3900 where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.gift_redemptions (biz_id, id, instrument_id, amount_minor, balance_after_minor, currency, idempotency_key, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000034', '00000000-0000-7011-8000-000000000030', 100, 3900, 'USD', 'pay-2', 'BookingOrder', '00000000-0000-7000-8000-000000000071');

-- refused gift_activities_chain_check: value is loaded with the balance
insert into entitlements.gift_activities (biz_id, id, instrument_id, kind, amount_minor, balance_after_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000035', '00000000-0000-7011-8000-000000000030', 'load', 700, 4700, 'EUR');

-- refused gift_instruments_journal_sum_check: a balance does not change without a journal
update entitlements.gift_instruments set balance_minor = balance_minor + 1 where id = '00000000-0000-7011-8000-000000000030';

-- refused gift_activities_first_value_key: a gift card is activated once
update entitlements.gift_instruments set balance_minor = balance_minor + 1 where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.gift_activities (biz_id, id, instrument_id, kind, amount_minor, balance_after_minor, currency) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000035', '00000000-0000-7011-8000-000000000030', 'activate', 1, 4001, 'EUR');

-- refused gift_instruments_balance_check: a gift card is not overdrawn
update entitlements.gift_instruments set balance_minor = balance_minor - 4001 where id = '00000000-0000-7011-8000-000000000030';

-- refused gift_instruments_status_balance_check: a card without value is not in use
update entitlements.gift_instruments set balance_minor = 0 where id = '00000000-0000-7011-8000-000000000030';

-- race gift_instruments_balance_check: inv11 two payments of 25.00 do not both go through with 40.00
update entitlements.gift_instruments set balance_minor = balance_minor - 2500 where id = '00000000-0000-7011-8000-000000000030';
insert into entitlements.gift_redemptions (biz_id, id, instrument_id, amount_minor, balance_after_minor, currency, idempotency_key, source_type, source_id)
select '00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-0000000000e:n', i.id, 2500, i.balance_minor, 'EUR', 'race-:n', 'BookingOrder', '00000000-0000-7000-8000-000000000071' from entitlements.gift_instruments i where i.id = '00000000-0000-7011-8000-000000000030';

-- refused gift_instruments_status_reason_check: blocking a gift card needs a reason
update entitlements.gift_instruments set status = 'blocked' where id = '00000000-0000-7011-8000-000000000030';

-- refused gift_instruments_status_transition_check: a gift card that was not activated is not blocked
select set_config('app.reason', 'lost', true);
update entitlements.gift_instruments set status = 'blocked' where id = '00000000-0000-7011-8000-000000000031';

-- refused gift_instruments_code_hash_key: two gift cards need two codes
insert into entitlements.gift_instruments (biz_id, id, number, kind, code_hash, code_last4, currency, initial_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000039', 'G-9', 'card', sha256('one'), '0001', 'EUR', 5000);

-- refused gift_instruments_currency_immutable_check: a gift card keeps its currency
update entitlements.gift_instruments set currency = 'USD' where id = '00000000-0000-7011-8000-000000000031';

-- refused gift_redemptions_append_only_check: a payment by gift card is never changed
select set_config('role', 'bizing_platform', true);
delete from entitlements.gift_redemptions where id = '00000000-0000-7011-8000-000000000033';

-- allowed: a gift card is passed on with a new code
insert into entitlements.gift_transfers (biz_id, id, instrument_id, to_contact_enc, to_contact_bidx, old_code_hash) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000039', '00000000-0000-7011-8000-000000000030', 'x', 'y', sha256('one'));
update entitlements.gift_instruments set code_hash = sha256('three'), code_last4 = '0003' where id = '00000000-0000-7011-8000-000000000030';
update entitlements.gift_transfers set status = 'completed', completed_at = now() where id = '00000000-0000-7011-8000-000000000039';

-- refused gift_transfers_new_code_check: the old code of a card that was passed on is void
insert into entitlements.gift_transfers (biz_id, id, instrument_id, to_contact_enc, to_contact_bidx, old_code_hash) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000039', '00000000-0000-7011-8000-000000000030', 'x', 'y', sha256('one'));
update entitlements.gift_transfers set status = 'completed', completed_at = now() where id = '00000000-0000-7011-8000-000000000039';

-- refused gift_transfers_instrument_id_open_key: a gift card is passed on once at a time
insert into entitlements.gift_transfers (biz_id, id, instrument_id, to_contact_enc, to_contact_bidx, old_code_hash)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000039', '00000000-0000-7011-8000-000000000030', 'x', 'y', sha256('one')), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-00000000003a', '00000000-0000-7011-8000-000000000030', 'x', 'y', sha256('one'));

-- refused gift_transfers_status_transition_check: what was called off is not carried out
insert into entitlements.gift_transfers (biz_id, id, instrument_id, to_contact_enc, to_contact_bidx, old_code_hash, status) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000039', '00000000-0000-7011-8000-000000000030', 'x', 'y', sha256('one'), 'cancelled');
update entitlements.gift_transfers set status = 'completed', completed_at = now() where id = '00000000-0000-7011-8000-000000000039';

-- refused gift_products_offered_check: an amount offered lies between the least and the greatest
update entitlements.gift_products set offered_amounts = array[500] where id = '00000000-0000-7011-8000-000000000007';

-- allowed: a customer takes part in a programme and reaches a tier
insert into entitlements.loyalty_memberships (biz_id, id, program_id, customer_id, number, wallet_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000060', '00000000-0000-7011-8000-000000000004', '00000000-0000-7000-8000-000000000031', 'L-1', '00000000-0000-7011-8000-000000000013');
update entitlements.loyalty_memberships set tier_id = '00000000-0000-7011-8000-000000000006', tier_until = '2028-01-01', lifetime_points = 1200, tier_points = 1200 where id = '00000000-0000-7011-8000-000000000060';

-- race loyalty_memberships_program_id_customer_id_key: a customer takes part in a programme once
insert into entitlements.loyalty_memberships (biz_id, id, program_id, customer_id, number, wallet_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-00000000006:n', '00000000-0000-7011-8000-000000000004', '00000000-0000-7000-8000-000000000031', 'L-:n', '00000000-0000-7011-8000-000000000013');

-- refused loyalty_memberships_wallet_check: points are in a wallet of the same customer
insert into entitlements.loyalty_memberships (biz_id, id, program_id, customer_id, number, wallet_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-00000000006f', '00000000-0000-7011-8000-000000000004', '00000000-0000-7000-8000-000000000032', 'L-9', '00000000-0000-7011-8000-000000000012');

-- refused loyalty_memberships_tier_id_fkey: a tier belongs to the programme
insert into entitlements.loyalty_programs (biz_id, id, code, name, currency, earn_points, earn_per_minor, burn_points, burn_value_minor)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-00000000000a', 'other', 'Other', 'EUR', 1, 100, 100, 100);
insert into entitlements.loyalty_memberships (biz_id, id, program_id, customer_id, number, wallet_id, tier_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-00000000006f', '00000000-0000-7011-8000-00000000000a', '00000000-0000-7000-8000-000000000032', 'L-9', '00000000-0000-7011-8000-000000000014', '00000000-0000-7011-8000-000000000005');

-- refused loyalty_memberships_status_reason_check: closing a loyalty membership needs a reason
update entitlements.loyalty_memberships set status = 'closed' where program_id = '00000000-0000-7011-8000-000000000004';

-- refused loyalty_memberships_status_transition_check: a loyalty membership that was closed stays closed
select set_config('app.reason', 'asked for', true);
update entitlements.loyalty_memberships set status = 'closed' where program_id = '00000000-0000-7011-8000-000000000004';
update entitlements.loyalty_memberships set status = 'active' where program_id = '00000000-0000-7011-8000-000000000004';

-- refused loyalty_tiers_program_id_threshold_key: two tiers do not begin at the same points
insert into entitlements.loyalty_tiers (biz_id, id, program_id, code, name, threshold) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-00000000000b', '00000000-0000-7011-8000-000000000004', 'sun', 'Sun', 1000);

-- given: promotion codes for one use in all, and for one use a customer
insert into entitlements.promo_codes (biz_id, id, code, name, grant_unit, grant_quantity, usage_limit)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000070', 'ONCE', 'Once', 'visits', 1, 1), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000071', 'EACH', 'Each', 'visits', 1, null), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000072', 'WIDE', 'Wide', 'visits', 1, 1);

-- allowed: a code is used, the use is taken back, and the code is used again
update entitlements.promo_codes set used_count = used_count + 1 where id = '00000000-0000-7011-8000-000000000071';
insert into entitlements.promo_code_uses (biz_id, id, promo_code_id, customer_id, source_type, source_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000073', '00000000-0000-7011-8000-000000000071', '00000000-0000-7000-8000-000000000031', 'BookingOrder', '00000000-0000-7000-8000-000000000071');
update entitlements.promo_code_uses set reversed_at = now() where id = '00000000-0000-7011-8000-000000000073';
insert into entitlements.promo_code_uses (biz_id, id, promo_code_id, customer_id, source_type, source_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000074', '00000000-0000-7011-8000-000000000071', '00000000-0000-7000-8000-000000000031', 'BookingOrder', '00000000-0000-7000-8000-000000000072');

-- race promo_codes_used_check: a code for one use is used once
update entitlements.promo_codes set used_count = used_count + 1 where id = '00000000-0000-7011-8000-000000000070';
insert into entitlements.promo_code_uses (biz_id, id, promo_code_id, customer_id, source_type, source_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-00000000008:n', '00000000-0000-7011-8000-000000000070', '00000000-0000-7000-8000-000000000032', 'BookingOrder', '00000000-0000-7000-8000-000000000072');

-- refused promo_code_uses_per_customer_check: a customer uses a code no more often than allowed
update entitlements.promo_codes set used_count = used_count + 2 where id = '00000000-0000-7011-8000-000000000071';
insert into entitlements.promo_code_uses (biz_id, id, promo_code_id, customer_id, source_type, source_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000073', '00000000-0000-7011-8000-000000000071', '00000000-0000-7000-8000-000000000031', 'BookingOrder', '00000000-0000-7000-8000-000000000071'), ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000074', '00000000-0000-7011-8000-000000000071', '00000000-0000-7000-8000-000000000031', 'BookingOrder', '00000000-0000-7000-8000-000000000072');

-- refused promo_codes_uses_sum_check: a use is counted
insert into entitlements.promo_code_uses (biz_id, id, promo_code_id, customer_id, source_type, source_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000073', '00000000-0000-7011-8000-000000000071', '00000000-0000-7000-8000-000000000031', 'BookingOrder', '00000000-0000-7000-8000-000000000071');

-- refused promo_codes_uses_sum_check: a counter is that of the uses
update entitlements.promo_codes set used_count = 1 where id = '00000000-0000-7011-8000-000000000072';

-- refused promo_codes_code_key: capitals make no other code
insert into entitlements.promo_codes (biz_id, id, code, name, grant_unit, grant_quantity) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000075', 'once', 'Once', 'visits', 1);

-- refused promo_codes_gives_check: a code gives something
insert into entitlements.promo_codes (biz_id, id, code, name) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000075', 'NONE', 'None');

-- refused promo_code_uses_use_immutable_check: a use stays what it is
update entitlements.promo_code_uses set customer_id = '00000000-0000-7000-8000-000000000031' where promo_code_id = '00000000-0000-7011-8000-000000000070';

-- allowed: a reward is given as a grant, and later taken back with a reason
insert into entitlements.reward_grants (biz_id, id, customer_id, origin, unit, quantity, source_type, source_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000076', '00000000-0000-7000-8000-000000000031', 'sla', 'visits', 1, 'BookingOrder', '00000000-0000-7000-8000-000000000071');
update entitlements.reward_grants set status = 'granted', wallet_grant_id = '00000000-0000-7011-8000-000000000020' where id = '00000000-0000-7011-8000-000000000076';
select set_config('app.reason', 'by mistake', true);
update entitlements.reward_grants set status = 'reversed' where id = '00000000-0000-7011-8000-000000000076';

-- race reward_grants_source_key: a customer is rewarded once for one thing
insert into entitlements.reward_grants (biz_id, id, customer_id, origin, unit, quantity, source_type, source_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-0000000000f:n', '00000000-0000-7000-8000-000000000031', 'referral', 'visits', 1, 'BookingOrder', '00000000-0000-7000-8000-000000000072');

-- refused reward_grants_granted_check: a reward that was given is something
update entitlements.reward_grants set status = 'granted' where origin = 'referral';

-- refused reward_grants_status_reason_check: refusing a reward needs a reason
update entitlements.reward_grants set status = 'rejected' where origin = 'referral';

-- refused reward_grants_status_transition_check: a reward that was not given is not taken back
update entitlements.reward_grants set status = 'reversed', wallet_grant_id = '00000000-0000-7011-8000-000000000020' where origin = 'referral';

-- refused reward_grants_reward_immutable_check: a reward stays what it is
update entitlements.reward_grants set quantity = 5 where origin = 'referral';

-- refused wallets_customer_id_fkey: a wallet cannot belong to nobody of this tenant
insert into entitlements.wallets (biz_id, id, number, customer_id, purpose, unit) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7011-8000-000000000015', 'W-9', '00000000-0000-7011-8000-00000000000c', 'pass', 'visits');
