-- Comms, continued: how often a message was tried, and when it is tried next. A worker that takes a message puts its next
-- try off before it does anything: a worker that dies leaves the message to others.

alter table comms.messages
  add column attempts integer not null default 0,
  add column next_attempt_at timestamptz,
  add constraint messages_attempts_check check (attempts between 0 and 100),
  add constraint messages_next_attempt_check check (
    next_attempt_at is null or (direction = 'outbound' and status = 'queued'));
comment on column comms.messages.attempts is 'How often it was given to the provider, or tried to.';
comment on column comms.messages.next_attempt_at is 'When it is tried again; empty where nothing was tried yet, or nothing will be.';
comment on constraint messages_attempts_check on comms.messages is 'A message is tried from none to 100 times.';
comment on constraint messages_next_attempt_check on comms.messages is 'Only what waits to go out is tried again.';
