//! The lists that inputs of booking verbs choose from.

use entities::{booking, hospitality, pricing};

use foundation::choices;

choices! {
    /// Kinds of orders.
    OrderKind = booking::domains::ORDER_KIND;
    /// Ways an order comes in.
    Channel = booking::domains::CHANNEL;
    /// What somebody is to an order.
    ParticipantRole = booking::domains::PARTICIPANT_ROLE;
    /// Who asks for a cancellation.
    CancellationParty = booking::domains::CANCELLATION_PARTY;
    /// How somebody checked in.
    CheckInMethod = booking::domains::CHECK_IN_METHOD;
    /// What one price is for.
    PriceUnit = pricing::domains::PRICE_UNIT;
    /// Meals of a stay.
    MealPlan = pricing::domains::MEAL_PLAN;
    /// What makes sure that a guest comes.
    Guarantee = hospitality::domains::GUARANTEE;
    /// Whether money was asked in advance.
    DepositTerms = hospitality::domains::DEPOSIT_TERMS;
    /// As what a guest comes.
    GuestType = hospitality::domains::GUEST_TYPE;
}
