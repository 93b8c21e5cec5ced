-- Kernel, continued: what people add to any subject: files, and notes with all their revisions.

create domain core.media_kind as text
  constraint media_kind_check check (value in ('photo', 'video', 'document', 'floor_plan', 'certificate'));
comment on domain core.media_kind is
  'What a file shows.
photo: A picture.
video: A film.
document: A text, a sheet, a form.
floor_plan: The plan of a building or room.
certificate: A proof issued by somebody, such as an inspection.';
comment on constraint media_kind_check on domain core.media_kind is 'Unknown media kind.';

create domain core.media_scan_status as text
  constraint media_scan_status_check check (value in ('awaiting_upload', 'pending', 'clean', 'infected', 'failed'));
comment on domain core.media_scan_status is
  'How far a file has come from being announced to being shown.
awaiting_upload: A place in the store was given out; nothing has come yet.
pending: It came, and was not looked at by the virus scanner yet.
clean: Nothing bad was found in it; it is shown.
infected: Something bad was found in it; nobody gets it.
failed: It could not be scanned.';
comment on constraint media_scan_status_check on domain core.media_scan_status is 'Unknown media scan status.';

create domain core.note_visibility as text
  constraint note_visibility_check check (value in ('public', 'private', 'ai', 'system'));
comment on domain core.note_visibility is
  'Who reads a note.
public: Also the customer it concerns.
private: Staff only.
ai: Staff, and assistants made for the tenant.
system: Written by the program; staff read it.';
comment on constraint note_visibility_check on domain core.note_visibility is 'Unknown note visibility.';

create domain core.note_access as text
  constraint note_access_check check (value in ('allow', 'deny'));
comment on domain core.note_access is
  'What an exception to the visibility of a note says.
allow: May read it, though others may not.
deny: May not read it. Where both are said of somebody, this counts.';
comment on constraint note_access_check on domain core.note_access is 'Unknown note access.';

-- media_assets -------------------------------------------------------------------------------------------------------

create table core.media_assets (
  biz_id uuid not null,
  id uuid not null,
  subject_type text not null,
  subject_id uuid not null,
  kind core.media_kind not null,
  storage_key text not null,
  file_name text not null,
  content_type text not null,
  bytes bigint not null,
  sha256 text,
  width_px integer,
  height_px integer,
  alt_text text,
  caption text,
  sort_order integer not null default 0,
  is_cover boolean not null default false,
  is_public boolean not null default false,
  scan_status core.media_scan_status not null default 'awaiting_upload',
  uploaded_at timestamptz,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint media_assets_pkey primary key (biz_id, id),
  constraint media_assets_storage_key_key unique (biz_id, storage_key),
  constraint media_assets_subject_fkey
    foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint media_assets_storage_key_check check (btrim(storage_key) <> '' and length(storage_key) <= 500),
  constraint media_assets_file_name_check check (btrim(file_name) <> '' and length(file_name) <= 200),
  constraint media_assets_alt_text_check check (btrim(alt_text) <> '' and length(alt_text) <= 500),
  constraint media_assets_caption_check check (btrim(caption) <> '' and length(caption) <= 500),
  constraint media_assets_content_type_check check (
    content_type ~ '^[a-z]+/[a-z0-9.+-]+$' and length(content_type) <= 127
  ),
  constraint media_assets_bytes_check check (bytes > 0),
  constraint media_assets_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
  constraint media_assets_size_px_check check (width_px > 0 and height_px > 0),
  constraint media_assets_uploaded_check check (
    (scan_status = 'awaiting_upload') = (sha256 is null) and (sha256 is null) = (uploaded_at is null)
  ),
  constraint media_assets_cover_check check (not is_cover or kind = 'photo'),
  constraint media_assets_public_check check (not is_public or scan_status = 'clean')
);
create unique index media_assets_cover_key on core.media_assets (biz_id, subject_type, subject_id)
  where is_cover and deleted_at is null;
create index media_assets_subject_idx on core.media_assets (biz_id, subject_type, subject_id, sort_order, id)
  where deleted_at is null;
create index media_assets_scan_status_idx on core.media_assets (biz_id, scan_status, created_at)
  where scan_status in ('awaiting_upload', 'pending', 'failed');
comment on table core.media_assets is 'A file that belongs to something: a photo of a room, the plan of a floor, a signed form. The file lies in a store of objects; here is what is known of it.';
comment on column core.media_assets.subject_type is 'What it belongs to: an entity name, for example Location.';
comment on column core.media_assets.subject_id is 'Which one: its id.';
comment on column core.media_assets.kind is 'What it shows.';
comment on column core.media_assets.storage_key is 'Where it lies in the store. Given out by the server, never changed.';
comment on column core.media_assets.file_name is 'Name it had where it came from.';
comment on column core.media_assets.content_type is 'Its media type, for example image/jpeg.';
comment on column core.media_assets.bytes is 'Its size in bytes, as announced; checked when it has come.';
comment on column core.media_assets.sha256 is 'SHA-256 of its content in hexadecimal; empty until it has come.';
comment on column core.media_assets.width_px is 'Width of a picture or film, in pixels.';
comment on column core.media_assets.height_px is 'Height of a picture or film, in pixels.';
comment on column core.media_assets.alt_text is 'What it shows, for those who cannot see it.';
comment on column core.media_assets.caption is 'Line shown under it.';
comment on column core.media_assets.sort_order is 'Files of a subject are shown in ascending order.';
comment on column core.media_assets.is_cover is 'Whether it stands for the subject where one picture is shown.';
comment on column core.media_assets.is_public is 'Whether customers see it.';
comment on column core.media_assets.scan_status is 'How far it has come.';
comment on column core.media_assets.uploaded_at is 'When it had come whole.';
comment on constraint media_assets_subject_fkey on core.media_assets is 'Must be an existing subject of this tenant.';
comment on constraint media_assets_storage_key_check on core.media_assets is 'The storage key must not be blank, and has at most 500 characters.';
comment on constraint media_assets_file_name_check on core.media_assets is 'The file name must not be blank, and has at most 200 characters.';
comment on constraint media_assets_alt_text_check on core.media_assets is 'The alt text must not be blank, and has at most 500 characters.';
comment on constraint media_assets_caption_check on core.media_assets is 'The caption must not be blank, and has at most 500 characters.';
comment on constraint media_assets_storage_key_key on core.media_assets is 'This place in the store is taken.';
comment on constraint media_assets_content_type_check on core.media_assets is 'A media type is written like image/jpeg.';
comment on constraint media_assets_bytes_check on core.media_assets is 'A file has at least one byte.';
comment on constraint media_assets_sha256_check on core.media_assets is 'A digest has 64 hexadecimal digits in lower case.';
comment on constraint media_assets_size_px_check on core.media_assets is 'A picture is at least one pixel wide and high.';
comment on constraint media_assets_uploaded_check on core.media_assets is 'A file that has come says when, and has a digest.';
comment on constraint media_assets_cover_check on core.media_assets is 'Only a photo stands for the whole.';
comment on constraint media_assets_public_check on core.media_assets is 'Only a file in which nothing bad was found is shown to customers.';
comment on index core.media_assets_cover_key is 'Another photo stands for this already.';
call core.install_table('core.media_assets', 'M', 'coma', registrable => true);
call core.configure_graph('core.media_assets', plain_writes => false, aggregates => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('media_asset', 'awaiting_upload', 'pending', false),
  ('media_asset', 'pending', 'clean', false),
  ('media_asset', 'pending', 'infected', false),
  ('media_asset', 'pending', 'failed', false),
  ('media_asset', 'failed', 'pending', false),
  ('media_asset', 'clean', 'pending', false),
  ('media_asset', 'clean', 'infected', false);
call core.install_state_machine('core.media_assets', 'scan_status', 'media_asset');

create trigger media_assets_content_immutable
  before update on core.media_assets
  for each row when (
    old.storage_key <> new.storage_key
    or old.subject_type <> new.subject_type
    or old.subject_id <> new.subject_id
    or (old.sha256 is not null and (old.sha256, old.bytes) is distinct from (new.sha256, new.bytes)))
  execute function core.refuse_update('media_assets_content_immutable_check', 'A file is never changed: upload another one.');

-- notes --------------------------------------------------------------------------------------------------------------

create table core.notes (
  biz_id uuid not null,
  id uuid not null,
  subject_type text not null,
  subject_id uuid not null,
  visibility core.note_visibility not null default 'private',
  body text not null,
  is_pinned boolean not null default false,
  current_revision integer not null default 1,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint notes_pkey primary key (biz_id, id),
  constraint notes_subject_fkey
    foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint notes_body_check check (btrim(body) <> '' and length(body) <= 10000),
  constraint notes_current_revision_check check (current_revision >= 1)
);
create index notes_subject_idx on core.notes (biz_id, subject_type, subject_id, created_at) where deleted_at is null;
comment on table core.notes is 'What somebody wrote about something. Every version of its text is kept.';
comment on column core.notes.subject_type is 'What it is about: an entity name, for example BookingOrder.';
comment on column core.notes.subject_id is 'Which one: its id.';
comment on column core.notes.visibility is 'Who reads it.';
comment on column core.notes.body is 'The text as it stands now.';
comment on column core.notes.is_pinned is 'Whether it is shown before the others.';
comment on column core.notes.current_revision is 'How often the text was written: 1 for a note as first written. Kept by the database.';
comment on constraint notes_subject_fkey on core.notes is 'Must be an existing subject of this tenant.';
comment on constraint notes_body_check on core.notes is 'The body must not be blank, and has at most 10,000 characters.';
comment on constraint notes_current_revision_check on core.notes is 'Revisions count from 1.';
call core.install_table('core.notes', 'M', 'cont', registrable => true);
call core.configure_graph('core.notes', aggregates => true);

-- note_revisions -----------------------------------------------------------------------------------------------------

create table core.note_revisions (
  biz_id uuid not null,
  id uuid not null,
  note_id uuid not null,
  revision integer not null,
  body text not null,
  editor_id uuid default nullif(current_setting('app.user_id', true), '')::uuid,
  constraint note_revisions_pkey primary key (biz_id, id),
  constraint note_revisions_note_id_revision_key unique (biz_id, note_id, revision),
  constraint note_revisions_note_id_fkey foreign key (biz_id, note_id) references core.notes (biz_id, id),
  constraint note_revisions_body_check check (btrim(body) <> '' and length(body) <= 10000),
  constraint note_revisions_revision_check check (revision >= 1)
);
comment on table core.note_revisions is 'The text of a note as it stood after one writing. Written by the database whenever the text changes.';
comment on column core.note_revisions.note_id is 'The note.';
comment on column core.note_revisions.revision is 'Which writing it was, from 1 without gaps.';
comment on column core.note_revisions.body is 'The text.';
comment on column core.note_revisions.editor_id is 'The user who wrote it; empty where the system did. No foreign key, as users come later.';
comment on constraint note_revisions_body_check on core.note_revisions is 'The body must not be blank, and has at most 10,000 characters.';
comment on constraint note_revisions_note_id_revision_key on core.note_revisions is 'The note has this revision already.';
comment on constraint note_revisions_revision_check on core.note_revisions is 'Revisions count from 1.';
call core.install_table('core.note_revisions', 'J', 'conr');

create function core.number_note_revision()
  returns trigger
  language plpgsql
as $$
begin
  if tg_op = 'INSERT' then
    new.current_revision := 1;
  elsif new.body <> old.body then
    new.current_revision := old.current_revision + 1;
  else
    new.current_revision := old.current_revision;
  end if;
  return new;
end
$$;
comment on function core.number_note_revision() is
  'Before a note is written: its revision goes up by one where its text changes, whatever the statement said.';
create trigger notes_number_revision
  before insert or update on core.notes
  for each row execute function core.number_note_revision();

create function core.keep_note_revision()
  returns trigger
  language plpgsql
as $$
begin
  insert into core.note_revisions (biz_id, id, note_id, revision, body)
  values (new.biz_id, core.uuid_v7(), new.id, new.current_revision, new.body);
  return null;
end
$$;
comment on function core.keep_note_revision() is 'After a note is written: keeps its text as a revision, so that no verb can forget it.';
create trigger notes_first_revision
  after insert on core.notes
  for each row execute function core.keep_note_revision();
create trigger notes_next_revision
  after update on core.notes
  for each row when (old.current_revision <> new.current_revision)
  execute function core.keep_note_revision();

create function core.check_note_revision()
  returns trigger
  language plpgsql
as $$
begin
  -- The writer of the note has its row locked; another's revision finds another number there, or is the second of its number.
  if not exists (
    select
    from core.notes n
    where n.biz_id = new.biz_id
      and n.id = new.note_id
      and n.current_revision = new.revision
      and n.body = new.body
  ) then
    raise exception using
      errcode = '23514',
      message = 'A revision is the text of its note as it stands, and follows the one before it.',
      schema = 'core',
      table = 'note_revisions',
      column = 'revision',
      constraint = 'note_revisions_in_order_check';
  end if;
  return new;
end
$$;
comment on function core.check_note_revision() is 'Before a revision is kept: it is the one that its note is at.';
create trigger note_revisions_in_order
  before insert on core.note_revisions
  for each row execute function core.check_note_revision();

create trigger notes_subject_immutable
  before update on core.notes
  for each row when (old.subject_type <> new.subject_type or old.subject_id <> new.subject_id)
  execute function core.refuse_update('notes_subject_immutable_check', 'A note stays with what it is about.');

-- note_access_overrides ----------------------------------------------------------------------------------------------

create table core.note_access_overrides (
  biz_id uuid not null,
  note_id uuid not null,
  principal_type text not null,
  principal_id uuid not null,
  access core.note_access not null,
  constraint note_access_overrides_pkey primary key (biz_id, note_id, principal_type, principal_id),
  constraint note_access_overrides_note_id_fkey foreign key (biz_id, note_id) references core.notes (biz_id, id),
  constraint note_access_overrides_principal_fkey
    foreign key (biz_id, principal_type, principal_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint note_access_overrides_principal_type_check check (principal_type in ('Member', 'Role'))
);
comment on table core.note_access_overrides is 'That a member or everybody in a role may, or may not, read a note, whatever its visibility says. Changed by taking it away and making another.';
comment on column core.note_access_overrides.note_id is 'The note.';
comment on column core.note_access_overrides.principal_type is 'Who: Member or Role.';
comment on column core.note_access_overrides.principal_id is 'Which one: its id.';
comment on column core.note_access_overrides.access is 'Whether they may read it.';
comment on constraint note_access_overrides_principal_fkey on core.note_access_overrides is 'Must be an existing principal of this tenant.';
comment on constraint note_access_overrides_principal_type_check on core.note_access_overrides is 'An exception is for a member or a role.';
comment on constraint note_access_overrides_pkey on core.note_access_overrides is 'There is an exception for them already.';
call core.install_table('core.note_access_overrides', 'L', null);
