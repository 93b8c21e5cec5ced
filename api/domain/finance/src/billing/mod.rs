//! What customers owe, and how it is paid: folios, invoices, credit notes, receipts and what is set
//! against what, deposits, instalments, dunning. Money moves to and from processors in `payments`;
//! what is earned and owed is posted to the `ledger`.

mod account_change;
mod account_open;
mod account_status;
mod allocation_reverse;
pub mod books;
pub mod captured;
mod choices;
mod credit_note_apply;
mod credit_note_create;
mod credit_note_discard;
mod credit_note_finalize;
pub mod deposits;
pub mod draft;
mod dunning;
pub mod fiscal;
mod folio_allowance;
mod folio_close;
mod folio_lines;
pub mod folio_open;
mod folio_post;
mod folio_route;
mod folio_transfer;
pub mod folios;
mod invoice_create;
mod invoice_discard;
mod invoice_dispute;
pub mod invoice_finalize;
mod invoice_send;
mod invoice_void;
pub mod issue;
pub mod print;
mod purchase_order;
mod receipt_allocate;
mod receipt_record;
mod receipt_reverse;
mod receipt_send;
pub mod refunded;
mod reports;
mod routing;
pub mod rules;
mod schedule;
mod series_open;
mod series_retire;
pub mod settling;
pub mod sources;
mod statement_clock;
mod statement_make;
pub mod store;
mod usage;
pub mod verify;
mod write_off;

use foundation::graph::question::{Asking, question};
use foundation::graph::verb::{Declaration, declare};
use foundation::worker::Job;

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<account_open::BillingAccountOpen>(),
        declare::<account_change::BillingAccountChange>(),
        declare::<account_status::BillingAccountHold>(),
        declare::<account_status::BillingAccountRelease>(),
        declare::<account_status::BillingAccountClose>(),
        declare::<purchase_order::CustomerPurchaseOrderRecord>(),
        declare::<purchase_order::CustomerPurchaseOrderClose>(),
        declare::<series_open::FiscalSeriesOpen>(),
        declare::<series_retire::FiscalSeriesRetire>(),
        declare::<invoice_create::InvoiceCreate>(),
        declare::<invoice_finalize::InvoiceFinalize>(),
        declare::<invoice_discard::InvoiceDiscard>(),
        declare::<invoice_send::InvoiceSend>(),
        declare::<invoice_dispute::InvoiceDispute>(),
        declare::<invoice_dispute::InvoiceDisputeResolve>(),
        declare::<invoice_void::InvoiceVoid>(),
        declare::<credit_note_create::CreditNoteCreate>(),
        declare::<credit_note_finalize::CreditNoteFinalize>(),
        declare::<credit_note_discard::CreditNoteDiscard>(),
        declare::<credit_note_apply::CreditNoteApply>(),
        declare::<receipt_record::ReceiptRecord>(),
        declare::<receipt_allocate::ReceiptAllocate>(),
        declare::<allocation_reverse::PaymentAllocationReverse>(),
        declare::<receipt_reverse::ReceiptReverse>(),
        declare::<receipt_send::ReceiptSend>(),
        declare::<folio_open::FolioOpen>(),
        declare::<folio_post::FolioPost>(),
        declare::<folio_allowance::FolioAllowance>(),
        declare::<folio_route::FolioRoutingRuleAdd>(),
        declare::<folio_route::FolioRoutingRuleEnd>(),
        declare::<folio_transfer::FolioTransfer>(),
        declare::<folio_transfer::FolioSplit>(),
        declare::<folio_close::FolioClose>(),
        declare::<folio_close::FolioReopen>(),
        declare::<folio_close::FolioTransferToAccount>(),
        declare::<deposits::request::DepositRequest>(),
        declare::<deposits::request::DepositWaive>(),
        declare::<deposits::pay::DepositPay>(),
        declare::<deposits::end::DepositApply>(),
        declare::<deposits::end::DepositForfeit>(),
        declare::<deposits::end::DepositRefund>(),
        declare::<write_off::InvoiceWriteOff>(),
        declare::<write_off::WriteOffApprove>(),
        declare::<write_off::WriteOffReject>(),
        declare::<write_off::WriteOffRecover>(),
        declare::<schedule::PaymentScheduleCreate>(),
        declare::<schedule::PaymentScheduleCancel>(),
        declare::<statement_make::BillingStatementMake>(),
        declare::<dunning::DunningRunNow>(),
        declare::<fiscal::submit::FiscalDocumentSubmit>(),
        declare::<fiscal::cancel::FiscalDocumentCancel>(),
    ]
}

/// The clock work.
pub fn jobs() -> Vec<Job> {
    let mut jobs = fiscal::jobs();
    jobs.extend(dunning::jobs());
    jobs.extend(schedule::jobs());
    jobs.extend(statement_clock::jobs());
    jobs
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    vec![
        question::<reports::ageing::ReceivablesAgeing>(),
        question::<reports::collected::CollectedAgainstBilled>(),
        question::<reports::deferred::DeferredRevenue>(),
        question::<reports::taxes::TaxByJurisdiction>(),
        question::<reports::statement::CustomerStatementOf>(),
    ]
}
