//! What participants owe of an order that is split among them: paid one by one, until the order is
//! paid. How it is split, and who takes a share over, is for `booking`.

pub mod drop;
pub mod overdue;
pub mod pay;
pub mod refund;
pub mod rules;
pub mod standing;
pub mod store;

use foundation::graph::verb::{Declaration, declare};

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<pay::ObligationPay>(),
        declare::<refund::ObligationRefund>(),
        declare::<drop::ObligationDrop>(),
    ]
}
