-- Comms, continued: conversations with customers, over whatever channel they write.

create domain comms.thread_status as text constraint thread_status_check check (value in (
  'open', 'pending', 'closed'));
comment on domain comms.thread_status is 'Where a conversation stands.
open: The business must answer.
pending: The customer must answer.
closed: Over, until somebody writes again.';
comment on constraint thread_status_check on domain comms.thread_status is 'Unknown status of a conversation.';

create domain comms.message_direction as text constraint message_direction_check check (value in (
  'inbound', 'outbound', 'internal'));
comment on domain comms.message_direction is 'Who wrote to whom.
inbound: The customer to the business.
outbound: The business to the customer.
internal: Staff to staff; the customer does not see it.';
comment on constraint message_direction_check on domain comms.message_direction is 'Unknown direction.';

create domain comms.message_status as text constraint message_status_check check (value in (
  'received', 'queued', 'sent', 'delivered', 'read', 'failed'));
comment on domain comms.message_status is 'Where a message stands.
received: It came in and was not read yet.
queued: To be given to the provider.
sent: The provider took it.
delivered: It arrived.
read: It was read by those it is for.
failed: It could not be brought.';
comment on constraint message_status_check on domain comms.message_status is 'Unknown message status.';

-- message_threads -----------------------------------------------------------------------------------------------------

create table comms.message_threads (
  biz_id uuid not null,
  id uuid not null,
  customer_id uuid,
  channel comms.message_channel not null,
  contact_name text,
  address_enc bytea,
  address_bidx bytea,
  provider_account_id uuid,
  location_id uuid,
  title text,
  subject_type text,
  subject_id uuid,
  assigned_member_id uuid,
  status comms.thread_status not null default 'open',
  last_message_at timestamptz,
  last_inbound_at timestamptz,
  unread_count integer not null default 0,
  closed_at timestamptz,
  constraint message_threads_pkey primary key (biz_id, id),
  constraint message_threads_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint message_threads_contact_name_check check (btrim(contact_name) <> '' and length(contact_name) <= 200),
  constraint message_threads_provider_account_id_fkey foreign key (biz_id, provider_account_id)
    references comms.provider_accounts (biz_id, id),
  constraint message_threads_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint message_threads_title_check check (btrim(title) <> '' and length(title) <= 200),
  constraint message_threads_subject_fkey foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint message_threads_subject_check check (num_nonnulls(subject_type, subject_id) <> 1),
  constraint message_threads_assigned_member_id_fkey foreign key (biz_id, assigned_member_id)
    references identity.members (biz_id, id),
  constraint message_threads_other_side_check check (num_nonnulls(customer_id, contact_name, address_bidx) >= 1),
  constraint message_threads_address_check check (num_nonnulls(address_enc, address_bidx) <> 1),
  constraint message_threads_unread_count_check check (unread_count >= 0),
  constraint message_threads_closed_check check ((status = 'closed') = (closed_at is not null))
);
comment on table comms.message_threads is 'A conversation with one customer over one channel.';
comment on column comms.message_threads.customer_id is 'The customer; empty while it is not known who writes.';
comment on column comms.message_threads.channel is 'The channel.';
comment on column comms.message_threads.contact_name is 'The name the other side goes by, where no customer is known.';
comment on column comms.message_threads.address_enc is 'The address of the other side, sealed.';
comment on column comms.message_threads.address_bidx is 'Blind index of that address: what comes in finds its conversation by it.';
comment on column comms.message_threads.provider_account_id is 'The account it goes over.';
comment on column comms.message_threads.location_id is 'The location it concerns.';
comment on column comms.message_threads.title is 'What it is about, in a line.';
comment on column comms.message_threads.subject_type is 'What it is about: an entity name, for example BookingOrder.';
comment on column comms.message_threads.subject_id is 'Which one: its id.';
comment on column comms.message_threads.assigned_member_id is 'Who looks after it.';
comment on column comms.message_threads.status is 'Where it stands.';
comment on column comms.message_threads.last_message_at is 'When somebody last wrote.';
comment on column comms.message_threads.last_inbound_at is 'When the customer last wrote; some channels may be answered freely for a day only.';
comment on column comms.message_threads.unread_count is 'How many messages staff have not read.';
comment on column comms.message_threads.closed_at is 'When it was closed.';
comment on constraint message_threads_contact_name_check on comms.message_threads is 'The contact name must not be blank, and has at most 200 characters.';
comment on constraint message_threads_title_check on comms.message_threads is 'The title must not be blank, and has at most 200 characters.';
comment on constraint message_threads_subject_fkey on comms.message_threads is 'Must be an existing subject of this tenant.';
comment on constraint message_threads_subject_check on comms.message_threads is 'What is referred to has both a type and an id.';
comment on constraint message_threads_other_side_check on comms.message_threads is 'The other side is known by something.';
comment on constraint message_threads_address_check on comms.message_threads is 'A sealed address has its blind index.';
comment on constraint message_threads_unread_count_check on comms.message_threads is 'No fewer than none are unread.';
comment on constraint message_threads_closed_check on comms.message_threads is 'A conversation that was closed says when.';
create unique index message_threads_open_key on comms.message_threads (biz_id, channel, address_bidx)
  where address_bidx is not null and status <> 'closed';
comment on index comms.message_threads_open_key is 'A conversation with this address is open already.';
-- The inbox of staff.
create index message_threads_board_idx on comms.message_threads (biz_id, status, last_message_at desc, id);
-- The inbox of one member.
create index message_threads_assigned_idx on comms.message_threads (biz_id, assigned_member_id, status, last_message_at desc,
  id);

call core.install_table('comms.message_threads', 'T', 'cmth', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('message_thread', 'open', 'pending', false),
  ('message_thread', 'pending', 'open', false),
  ('message_thread', 'open', 'closed', false),
  ('message_thread', 'pending', 'closed', false),
  ('message_thread', 'closed', 'open', false);
call core.install_state_machine('comms.message_threads', 'status', 'message_thread');

-- messages ------------------------------------------------------------------------------------------------------------

create table comms.messages (
  biz_id uuid not null,
  id uuid not null,
  thread_id uuid not null,
  direction comms.message_direction not null,
  author_id uuid,
  body text not null,
  reply_to_id uuid,
  provider_message_id text,
  status comms.message_status not null,
  error text,
  occurred_at timestamptz not null default now(),
  constraint messages_pkey primary key (biz_id, id),
  constraint messages_thread_id_fkey foreign key (biz_id, thread_id)
    references comms.message_threads (biz_id, id),
  constraint messages_author_id_fkey foreign key (author_id)
    references identity.users (id),
  constraint messages_body_check check (length(body) <= 10000),
  constraint messages_provider_message_id_check check (btrim(provider_message_id) <> '' and length(provider_message_id) <= 300),
  constraint messages_error_check check (length(error) <= 2000),
  constraint messages_thread_id_key unique (biz_id, thread_id, id),
  constraint messages_reply_to_id_fkey foreign key (biz_id, thread_id, reply_to_id)
    references comms.messages (biz_id, thread_id, id),
  constraint messages_direction_check check (case direction when 'inbound' then status in ('received', 'read')
    and author_id is null when 'internal' then status = 'read' else status <> 'received' end)
);
comment on table comms.messages is 'One message of a conversation. Its words are never changed.';
comment on column comms.messages.thread_id is 'The conversation.';
comment on column comms.messages.direction is 'Who wrote to whom.';
comment on column comms.messages.author_id is 'The user who wrote it; empty where the customer or the program did.';
comment on column comms.messages.body is 'What it says.';
comment on column comms.messages.reply_to_id is 'The message that it answers.';
comment on column comms.messages.provider_message_id is 'Its id at the provider.';
comment on column comms.messages.status is 'Where it stands.';
comment on column comms.messages.error is 'Why it could not be brought.';
comment on column comms.messages.occurred_at is 'When it was written.';
comment on constraint messages_body_check on comms.messages is 'The body has at most 10,000 characters.';
comment on constraint messages_provider_message_id_check on comms.messages is 'The provider message id must not be blank, and has at most 300 characters.';
comment on constraint messages_error_check on comms.messages is 'The error has at most 2,000 characters.';
comment on constraint messages_reply_to_id_fkey on comms.messages is 'Must be a message of the same conversation.';
comment on constraint messages_direction_check on comms.messages is 'What comes in is received, and what goes out is not.';
create unique index messages_provider_message_id_key on comms.messages (biz_id, thread_id, provider_message_id)
  where provider_message_id is not null;
comment on index comms.messages_provider_message_id_key is 'This message was taken over already.';
create index messages_thread_id_occurred_at_idx on comms.messages (biz_id, thread_id, occurred_at, id);
-- What is to be given to the provider.
create index messages_queued_idx on comms.messages (biz_id, occurred_at, id)
  where status = 'queued';
create index messages_failed_idx on comms.messages (biz_id, occurred_at desc, id)
  where status = 'failed';

call core.install_table('comms.messages', 'T', 'cmms', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('message', 'received', 'read', false),
  ('message', 'queued', 'sent', false),
  ('message', 'queued', 'failed', false),
  ('message', 'sent', 'delivered', false),
  ('message', 'sent', 'read', false),
  ('message', 'sent', 'failed', false),
  ('message', 'delivered', 'read', false),
  ('message', 'delivered', 'failed', false),
  ('message', 'failed', 'queued', false);
call core.install_state_machine('comms.messages', 'status', 'message');

create trigger messages_content_immutable
  before update on comms.messages
  for each row when ((old.thread_id, old.direction, old.author_id, old.body, old.occurred_at)
    is distinct from (new.thread_id, new.direction, new.author_id, new.body, new.occurred_at))
  execute function availability.refuse_update('messages_content_immutable_check',
    'A message is never changed: write another one.');

-- message_media -------------------------------------------------------------------------------------------------------

create table comms.message_media (
  biz_id uuid not null,
  message_id uuid not null,
  media_asset_id uuid not null,
  constraint message_media_pkey primary key (biz_id, message_id, media_asset_id),
  constraint message_media_message_id_fkey foreign key (biz_id, message_id)
    references comms.messages (biz_id, id),
  constraint message_media_media_asset_id_fkey foreign key (biz_id, media_asset_id)
    references core.media_assets (biz_id, id)
);
comment on table comms.message_media is 'That a file goes with a message.';
comment on column comms.message_media.message_id is 'The message.';
comment on column comms.message_media.media_asset_id is 'The file.';
comment on constraint message_media_pkey on comms.message_media is 'The message has this file already.';

call core.install_table('comms.message_media', 'L', null);
