//! What is offered and sold: versions of offers from the first draft to their end, and products that
//! come in lists.

mod candidates;
mod choices;
mod copy;
pub mod draft;
pub mod explain;
pub mod jobs;
mod locked;
pub mod offer_clone;
pub mod product_import;
pub mod product_sale;
pub mod publish;
mod ready;
pub mod seats;
pub mod withdraw;

use foundation::graph::question::{Asking, question};
use foundation::graph::verb::{Declaration, declare};

/// The permission to draft versions of offers.
pub const DRAFT: &str = "catalog.draft";
/// The permission to put versions of offers on sale, and to take them off.
pub const PUBLISH: &str = "catalog.publish";
/// The permission to take over lists of products, and to put products on sale.
pub const IMPORT: &str = "catalog.import";

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<draft::OfferVersionDraft>(),
        declare::<publish::OfferVersionPublish>(),
        declare::<withdraw::OfferVersionWithdraw>(),
        declare::<withdraw::OfferVersionDiscard>(),
        declare::<offer_clone::OfferClone>(),
        declare::<product_import::ProductImport>(),
        declare::<product_sale::ProductPutOnSale>(),
        declare::<product_sale::ProductTakeOffSale>(),
    ]
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    vec![question::<explain::OfferExplain>()]
}
