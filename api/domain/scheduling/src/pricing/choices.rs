//! The lists that inputs and answers about prices choose from.

use entities::{booking, pricing};

use foundation::choices;

choices! {
    /// What one price is for.
    PriceUnit = pricing::domains::PRICE_UNIT;
    /// How features are priced.
    FeatureCalculation = pricing::domains::FEATURE_CALCULATION;
    /// What a tax authority calls a rate.
    TaxTreatment = pricing::domains::TAX_TREATMENT;
    /// Ways of selling.
    Channel = booking::domains::CHANNEL;
}
