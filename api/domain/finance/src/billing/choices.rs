//! The domains of the database from whose values inputs of this context choose.

use entities::billing::domains;
use entities::payments;

foundation::choices! {
    /// What an invoice is.
    InvoiceKind = domains::INVOICE_KIND;
    /// Whose bill a folio is.
    FolioKind = domains::FOLIO_KIND;
    /// What a series numbers.
    DocumentType = domains::FISCAL_DOCUMENT_TYPE;
    /// Who is told of documents.
    Authority = domains::FISCAL_AUTHORITY;
    /// From when days to pay are counted.
    PaymentTerm = domains::PAYMENT_TERM;
    /// Why something is given up.
    WriteOffReason = domains::WRITE_OFF_REASON;
    /// What somebody pays with.
    MethodKind = payments::domains::METHOD_KIND;
}
