-- Moves of entitlements that verbs make: what is given back of a use goes into the grant it came from, also where that
-- lapsed meanwhile (the clock work lets it lapse again); and a blocked gift card lapses when its time is over.

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('entitlement_grant', 'expired', 'active', false),
  ('gift_instrument', 'blocked', 'expired', false);
