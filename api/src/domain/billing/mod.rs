//! What customers owe, and how it is paid: folios, invoices, credit notes, receipts and what is set
//! against what, deposits, instalments, dunning. Money moves to and from processors in `payments`;
//! what is earned and owed is posted to the `ledger`.

mod account_change;
mod account_open;
mod account_status;
mod allocation_reverse;
pub mod books;
mod choices;
mod credit_note_apply;
mod credit_note_create;
mod credit_note_discard;
mod credit_note_finalize;
pub mod draft;
pub mod fiscal;
pub mod folios;
mod invoice_create;
mod invoice_discard;
pub mod invoice_finalize;
mod invoice_void;
pub mod issue;
mod purchase_order;
mod receipt_allocate;
mod receipt_record;
mod receipt_reverse;
pub mod rules;
mod series_open;
mod series_retire;
pub mod sources;
pub mod store;
pub mod verify;

use crate::graph::question::Asking;
use crate::graph::verb::{Declaration, declare};
use crate::worker::Job;

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
        declare::<invoice_void::InvoiceVoid>(),
        declare::<credit_note_create::CreditNoteCreate>(),
        declare::<credit_note_finalize::CreditNoteFinalize>(),
        declare::<credit_note_discard::CreditNoteDiscard>(),
        declare::<credit_note_apply::CreditNoteApply>(),
        declare::<receipt_record::ReceiptRecord>(),
        declare::<receipt_allocate::ReceiptAllocate>(),
        declare::<allocation_reverse::PaymentAllocationReverse>(),
        declare::<receipt_reverse::ReceiptReverse>(),
        declare::<fiscal::submit::FiscalDocumentSubmit>(),
        declare::<fiscal::cancel::FiscalDocumentCancel>(),
    ]
}

/// The clock work.
pub fn jobs() -> Vec<Job> {
    fiscal::jobs()
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    Vec::new()
}
