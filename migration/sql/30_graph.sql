-- What the graph offers of tables that were installed before core.configure_graph was there.

call core.configure_graph('core.locations', plain_moves => true, aggregates => true);
call core.configure_graph('resources.resources', plain_moves => true, aggregates => true);
call core.configure_graph('resources.unit_details', plain_moves => true, aggregates => true);
call core.configure_graph('crm.customers', aggregates => true);
call core.configure_graph('catalog.offers', aggregates => true);

-- Pairs that staff make and undo.
call core.configure_graph('catalog.product_modifier_groups', plain_writes => true);
call core.configure_graph('channels.channel_account_locations', plain_writes => true);
call core.configure_graph('core.status_definition_tag_scopes', plain_writes => true);
call core.configure_graph('core.tag_assignments', plain_writes => true);
call core.configure_graph('crm.customer_relationships', plain_writes => true);
call core.configure_graph('crm.segment_members', plain_writes => true);
call core.configure_graph('entitlements.grant_term_locations', plain_writes => true);
call core.configure_graph('entitlements.grant_term_services', plain_writes => true);
call core.configure_graph('pos.kitchen_station_categories', plain_writes => true);
call core.configure_graph('queue.display_queues', plain_writes => true);
call core.configure_graph('queue.queue_services', plain_writes => true);
call core.configure_graph('queue.service_point_queues', plain_writes => true);
call core.configure_graph('resources.feature_assignments', plain_writes => true);
call core.configure_graph('workflow.review_queue_roles', plain_writes => true);
call core.configure_graph('workforce.open_shift_skills', plain_writes => true);
call core.configure_graph('workforce.substitution_pool_skills', plain_writes => true);

-- What a draft of an offer is made of; the tables refuse it once the version is published.
call core.configure_graph('catalog.offer_components', plain_writes => true);
call core.configure_graph('catalog.offer_component_selectors', plain_writes => true);
call core.configure_graph('catalog.offer_seat_types', plain_writes => true);
call core.configure_graph('catalog.offer_seat_type_requirements', plain_writes => true);
call core.configure_graph('catalog.offer_add_ons', plain_writes => true);

-- Counters and marks of first use, which verbs keep.
call core.configure_graph('pricing.discounts', verb_columns => array['used_count']);
call core.configure_graph('pricing.price_rules', verb_columns => array['first_used_at']);
call core.configure_graph('pricing.feature_prices', verb_columns => array['first_used_at']);
call core.configure_graph('pricing.storage_base_rates', verb_columns => array['first_used_at']);
call core.configure_graph('pricing.tax_rates', verb_columns => array['first_used_at']);
call core.configure_graph('entitlements.promo_codes', verb_columns => array['used_count']);

-- Invitations and role verbs decide who is a member; a role is worth its permissions, which verbs guard; a key is
-- shown once, when its verb makes it.
call core.configure_graph('identity.members', plain_writes => false, aggregates => true);
call core.configure_graph('identity.roles', plain_writes => false);
call core.configure_graph('identity.api_keys', plain_writes => false);
