-- A statement that sets its own tenant: a tenant's row is found without a transaction around the statement, in one message.

create function core.refuse_reader() returns boolean
language plpgsql as $$
begin
  raise exception 'This connection reads as %, and a tenant is read as bizing_app.', current_user using
    errcode = 'insufficient_privilege',
    hint = 'Behind a pooler of transactions, give the login that role: alter role ... set role = bizing_app.';
end
$$;
comment on function core.refuse_reader() is
  'Refuses a connection whose role is not the one whose policies narrow it to a tenant. Asked by statements that set their tenant themselves.';
