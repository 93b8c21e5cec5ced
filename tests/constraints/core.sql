-- given: features, tags and statuses
insert into core.features (biz_id, id, code, name, scope) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000001', 'pool', 'Pool', 'location'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000002', 'sea_view', 'Sea view', 'resource');
insert into core.tag_templates (biz_id, id, domain, code, label) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000003', 'customer', 'vip', 'VIP'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000004', 'unit', 'quiet', 'Quiet');
insert into core.status_definitions (biz_id, id, domain, code, label, category, is_default) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000005', 'unit', 'ready', 'Ready', 'available', true);
insert into core.notes (biz_id, id, subject_type, subject_id, body) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000006', 'Customer', '00000000-0000-7000-8000-000000000031', 'Likes tea.');
insert into core.media_assets (biz_id, id, subject_type, subject_id, kind, storage_key, file_name, content_type, bytes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000007', 'Location', '00000000-0000-7000-8000-000000000011', 'photo', 'ours/1', 'front.jpg', 'image/jpeg', 1000);

-- allowed: a location has a feature of locations, with a note
insert into core.location_features (biz_id, id, location_id, feature_id, note)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000010', '00000000-0000-7000-8000-000000000011', '00000000-0000-7001-8000-000000000001', 'From 7 to 22 h.');

-- refused location_features_feature_id_fkey: a location has no feature of rooms
insert into core.location_features (biz_id, id, location_id, feature_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000010', '00000000-0000-7000-8000-000000000011', '00000000-0000-7001-8000-000000000002');
set constraints all immediate;

-- refused features_code_key: two features of a tenant have different codes
insert into core.features (biz_id, id, code, name, scope) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000010', 'pool', 'Other pool', 'location');

-- refused features_name_check: a feature has a name
insert into core.features (biz_id, id, code, name, scope) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000010', 'sauna', ' ', 'location');

-- race location_features_feature_id_key: a feature is given to a location once
insert into core.location_features (biz_id, id, location_id, feature_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-00000000002:n', '00000000-0000-7000-8000-000000000012', '00000000-0000-7001-8000-000000000001');

-- allowed: a subject is bound to a location again after an earlier binding
insert into core.subject_location_bindings (biz_id, id, subject_type, subject_id, location_id, starts_on, ends_on) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000010', 'Customer', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000011', '2027-01-01', '2027-02-01'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000011', 'Customer', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000011', '2027-02-01', null);

-- refused subject_location_bindings_no_overlap_excl: a subject is not included and excluded on the same days
insert into core.subject_location_bindings (biz_id, id, subject_type, subject_id, location_id, mode, starts_on) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000010', 'Customer', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000011', 'include', '2027-01-01'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000011', 'Customer', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000011', 'exclude', '2027-02-01');

-- refused subject_location_bindings_subject_fkey: what is bound exists in this tenant
insert into core.subject_location_bindings (biz_id, id, subject_type, subject_id, location_id)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000010', 'Customer', '00000000-0000-7001-8000-000000000099', '00000000-0000-7000-8000-000000000011');

-- race subject_location_bindings_no_overlap_excl: of several bindings of the same days one is made
insert into core.subject_location_bindings (biz_id, id, subject_type, subject_id, location_id, starts_on)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-00000000003:n', 'Customer', '00000000-0000-7000-8000-000000000032', '00000000-0000-7000-8000-000000000011', '2027-01-01');

-- allowed: a tag of customers is put on a customer
insert into core.tag_assignments (biz_id, tag_template_id, subject_type, subject_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000003', 'Customer', '00000000-0000-7000-8000-000000000031');

-- refused tag_assignments_tag_template_id_fkey: a tag of customers is not put on a location
insert into core.tag_assignments (biz_id, tag_template_id, subject_type, subject_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000003', 'Location', '00000000-0000-7000-8000-000000000011');

-- refused tag_templates_parent_id_fkey: a tag belongs under one of the same domain
insert into core.tag_templates (biz_id, id, domain, code, label, parent_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000010', 'customer', 'gold', 'Gold', '00000000-0000-7001-8000-000000000004');

-- refused tag_templates_parent_id_acyclic_check: tags do not belong under one another in a circle
insert into core.tag_templates (biz_id, id, domain, code, label, parent_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000010', 'customer', 'gold', 'Gold', '00000000-0000-7001-8000-000000000003');
update core.tag_templates set parent_id = '00000000-0000-7001-8000-000000000010' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7001-8000-000000000003';

-- refused status_definitions_default_key: a domain has one default status
insert into core.status_definitions (biz_id, id, domain, code, label, category, is_default)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000010', 'unit', 'fresh', 'Fresh', 'available', true);

-- refused status_definitions_default_check: new rows do not begin in a status in which they cannot be used
insert into core.status_definitions (biz_id, id, domain, code, label, category, is_default)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000010', 'venue', 'closed', 'Closed', 'unavailable', true);

-- allowed: a status is limited to what has a tag
insert into core.status_definition_tag_scopes (biz_id, domain, status_definition_id, tag_template_id) values ('00000000-0000-7000-8000-000000000001', 'unit', '00000000-0000-7001-8000-000000000005', '00000000-0000-7001-8000-000000000004');

-- refused status_definition_tag_scopes_tag_template_id_fkey: a status of units is not limited by a tag of customers
insert into core.status_definition_tag_scopes (biz_id, domain, status_definition_id, tag_template_id) values ('00000000-0000-7000-8000-000000000001', 'unit', '00000000-0000-7001-8000-000000000005', '00000000-0000-7001-8000-000000000003');

-- allowed: a file is announced, comes, is scanned and stands for its subject
update core.media_assets set scan_status = 'pending', sha256 = repeat('a', 64), uploaded_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7001-8000-000000000007';
update core.media_assets set scan_status = 'clean' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7001-8000-000000000007';
update core.media_assets set is_public = true, is_cover = true where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7001-8000-000000000007';

-- refused media_assets_scan_status_transition_check: a file that has not come is not clean
update core.media_assets set scan_status = 'clean', sha256 = repeat('a', 64), uploaded_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7001-8000-000000000007';

-- refused media_assets_content_immutable_check: a file that has come keeps its content
update core.media_assets set scan_status = 'pending', sha256 = repeat('a', 64), uploaded_at = now() where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7001-8000-000000000007';
update core.media_assets set sha256 = repeat('b', 64) where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7001-8000-000000000007';

-- refused media_assets_uploaded_check: a file that has come has a digest
update core.media_assets set scan_status = 'pending' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7001-8000-000000000007';

-- refused media_assets_public_check: what was not scanned is not shown to customers
update core.media_assets set is_public = true where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7001-8000-000000000007';

-- refused media_assets_bytes_check: a file has at least one byte
insert into core.media_assets (biz_id, id, subject_type, subject_id, kind, storage_key, file_name, content_type, bytes)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000010', 'Location', '00000000-0000-7000-8000-000000000011', 'photo', 'ours/2', 'front.jpg', 'image/jpeg', 0);

-- race media_assets_cover_key: one photo stands for a subject
insert into core.media_assets (biz_id, id, subject_type, subject_id, kind, storage_key, file_name, content_type, bytes, is_cover)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-00000000004:n', 'Location', '00000000-0000-7000-8000-000000000012', 'photo', 'ours/cover/:n', 'front.jpg', 'image/jpeg', 1000, true);

-- allowed: every writing of a note is kept, numbered without gaps
update core.notes set body = 'Likes green tea.' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7001-8000-000000000006';
update core.notes set is_pinned = true, current_revision = 9 where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7001-8000-000000000006';
update core.notes set body = 'Likes coffee.' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7001-8000-000000000006';
do $$ begin
  if (select array_agg(r.revision || ' ' || r.body order by r.revision) from core.note_revisions r where r.note_id = '00000000-0000-7001-8000-000000000006')
    is distinct from array['1 Likes tea.', '2 Likes green tea.', '3 Likes coffee.'] then
    raise exception 'revisions are missing';
  end if;
end $$;

-- refused note_revisions_in_order_check: a revision follows the one before it
insert into core.note_revisions (biz_id, id, note_id, revision, body) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000010', '00000000-0000-7001-8000-000000000006', 3, 'Likes tea.');

-- refused note_revisions_note_id_revision_key: a revision is kept once
insert into core.note_revisions (biz_id, id, note_id, revision, body) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000010', '00000000-0000-7001-8000-000000000006', 1, 'Likes tea.');

-- refused note_revisions_append_only_check: a revision is not changed, not even by the platform
select set_config('role', 'bizing_platform', true);
update core.note_revisions set body = 'Hates tea.' where note_id = '00000000-0000-7001-8000-000000000006';

-- refused notes_subject_immutable_check: a note stays with what it is about
update core.notes set subject_id = '00000000-0000-7000-8000-000000000032' where biz_id = '00000000-0000-7000-8000-000000000001' and id = '00000000-0000-7001-8000-000000000006';

-- allowed: a note is shown to a role and kept from a member
insert into core.note_access_overrides (biz_id, note_id, principal_type, principal_id, access) values
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000006', 'Role', '00000000-0000-7000-8000-000000000025', 'allow'),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000006', 'Member', '00000000-0000-7000-8000-000000000022', 'deny');

-- refused note_access_overrides_principal_type_check: a note is not kept from a customer in this way
insert into core.note_access_overrides (biz_id, note_id, principal_type, principal_id, access)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000006', 'Customer', '00000000-0000-7000-8000-000000000031', 'deny');

-- race note_access_overrides_pkey: there is one exception for a member
insert into core.note_access_overrides (biz_id, note_id, principal_type, principal_id, access)
values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7001-8000-000000000006', 'Member', '00000000-0000-7000-8000-000000000021', 'deny');
