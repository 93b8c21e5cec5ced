-- Pages on which customers pay: the sandbox has its own where the program serves, on its own machine.

alter table payments.checkout_sessions drop constraint checkout_sessions_url_check;
alter table payments.checkout_sessions add constraint checkout_sessions_url_check
  check (url ~ '^(https://|http://localhost[:/])' and length(url) <= 4000);
comment on constraint checkout_sessions_url_check on payments.checkout_sessions is 'An address begins with https://.';

-- A page is asked about while it is open: since when it was last asked is when it last changed.
create index checkout_sessions_open_idx on payments.checkout_sessions (updated_at)
  where status = 'open';
