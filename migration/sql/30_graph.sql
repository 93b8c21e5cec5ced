-- What the graph offers of tables that were installed before core.configure_graph was there.

call core.configure_graph('core.locations', plain_moves => true, aggregates => true);
call core.configure_graph('resources.resources', plain_moves => true, aggregates => true);
call core.configure_graph('resources.unit_details', plain_moves => true, aggregates => true);
call core.configure_graph('crm.customers', aggregates => true);
call core.configure_graph('catalog.offers', aggregates => true);

-- Invitations and role verbs decide who is a member; a role is worth its permissions, which verbs guard; a key is
-- shown once, when its verb makes it.
call core.configure_graph('identity.members', plain_writes => false, aggregates => true);
call core.configure_graph('identity.roles', plain_writes => false);
call core.configure_graph('identity.api_keys', plain_writes => false);
