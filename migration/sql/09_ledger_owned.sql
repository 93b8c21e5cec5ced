-- Ledger: what a wallet or a gift card has on it stands in two places, on it and in its own account. Its verbs move both; an
-- entry by hand would move one.

create function ledger.refuse_hand_on_owned() returns trigger
language plpgsql as $$
begin
  perform
  from inserted i
  join ledger.journal_entries e on e.biz_id = i.biz_id and e.id = i.entry_id
  join ledger.accounts a on a.biz_id = i.biz_id and a.id = i.account_id
  where a.owner_type in ('Wallet', 'GiftInstrument')
    and (e.source_type is null or e.source_type = 'PendingTransfer')
    and e.kind <> 'reversal';
  if found then
    raise exception using
      errcode = '23514',
      message = 'The account of a wallet or a gift card is moved by what happens to that, not by hand.',
      schema = 'ledger',
      table = 'postings',
      column = 'account_id',
      constraint = 'postings_owned_check';
  end if;
  return null;
end
$$;
comment on function ledger.refuse_hand_on_owned() is
  'Trigger: entries by hand leave alone the accounts that wallets and gift cards mirror.';

create trigger postings_refuse_hand_on_owned
  after insert on ledger.postings referencing new table as inserted
  for each statement execute function ledger.refuse_hand_on_owned();

create function ledger.refuse_aside_on_owned() returns trigger
language plpgsql as $$
begin
  perform
  from ledger.accounts a
  where a.biz_id = new.biz_id
    and a.id in (new.debit_account_id, new.credit_account_id)
    and a.owner_type in ('Wallet', 'GiftInstrument');
  if found then
    raise exception using
      errcode = '23514',
      message = 'The account of a wallet or a gift card is moved by what happens to that, not by hand.',
      schema = 'ledger',
      table = 'pending_transfers',
      constraint = 'pending_transfers_owned_check';
  end if;
  return new;
end
$$;
comment on function ledger.refuse_aside_on_owned() is
  'Trigger: nothing is set aside by hand in the accounts that wallets and gift cards mirror.';

create trigger pending_transfers_refuse_aside_on_owned
  before insert on ledger.pending_transfers
  for each row execute function ledger.refuse_aside_on_owned();
