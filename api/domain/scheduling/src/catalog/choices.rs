//! The lists that inputs of these verbs choose from.

use entities::catalog;

use foundation::choices;

choices! {
    /// What a booking of an offer takes up.
    CapacityBasis = catalog::domains::CAPACITY_BASIS;
    /// How a deposit is reckoned.
    DepositKind = catalog::domains::DEPOSIT_KIND;
    /// What sort of thing a product is.
    ProductKind = catalog::domains::PRODUCT_KIND;
}
