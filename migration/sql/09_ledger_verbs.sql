-- Ledger, what its verbs need besides: what is set aside is given back before the entry is written that posts it, so that an
-- account that has just this much has it for that.
alter table ledger.pending_transfers
  alter constraint pending_transfers_journal_entry_id_fkey deferrable initially immediate;
