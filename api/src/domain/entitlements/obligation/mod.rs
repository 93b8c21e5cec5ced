//! What participants owe of an order that is split among them: paid one by one, until the order is paid.

pub mod end;
pub mod overdue;
pub mod pay;
pub mod refund;
pub mod rules;
pub mod split;
pub mod standing;
pub mod store;

use crate::graph::verb::{Declaration, declare};

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<split::BookingSplit>(),
        declare::<pay::ObligationPay>(),
        declare::<refund::ObligationRefund>(),
        declare::<end::ObligationWaive>(),
        declare::<end::ObligationDrop>(),
        declare::<end::ObligationTransfer>(),
    ]
}
