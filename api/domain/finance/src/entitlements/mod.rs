//! What customers are entitled to: wallets, gift cards, memberships, loyalty, and what each of a party
//! owes of a booking.

pub mod books;
mod choices;
pub mod gift;
pub mod loyalty;
pub mod membership;
pub mod obligation;
pub mod refusal;
pub mod tender;
pub mod verify;
pub mod wallet;
pub mod work;

use std::time::Duration;

use foundation::graph::question::{Asking, question};
use foundation::graph::verb::Declaration;
use foundation::worker::Job;

/// Reads entitlements.
pub(crate) const READ: &str = "entitlements.read";
/// Sells: opens wallets, issues gift cards, enrols members.
pub(crate) const SELL: &str = "entitlements.sell";
/// Uses what customers have.
pub(crate) const REDEEM: &str = "entitlements.redeem";
/// Pauses, changes, renews and cancels memberships.
pub(crate) const MANAGE: &str = "entitlements.manage_memberships";
/// Gives value, takes it back, blocks and corrects.
pub(crate) const ADJUST: &str = "entitlements.adjust";

/// Reads bookings.
pub(crate) const BOOKING_READ: &str = "booking.read";
/// Splits orders among their participants, and takes what these owe.
pub(crate) const OBLIGATIONS: &str = "booking.manage_obligations";
/// Gives back what participants paid.
pub(crate) const REFUND_OBLIGATIONS: &str = "booking.refund_obligations";

/// How often value is looked for whose time is over.
const EXPIRY: Duration = Duration::from_mins(5);
/// How often holds on value are looked for that have run out.
const HOLDS: Duration = Duration::from_mins(1);

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    let mut all = wallet::declarations();
    all.extend(gift::declarations());
    all.extend(membership::declarations());
    all.extend(obligation::declarations());
    all.extend(loyalty::declarations());
    all
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    vec![
        question::<wallet::statement::AskWalletStatement>(),
        question::<gift::balance::AskGiftCardBalance>(),
        question::<gift::liability::AskGiftLiability>(),
        question::<membership::preview::AskMembershipPreview>(),
        question::<obligation::standing::AskBookingPaid>(),
        question::<loyalty::balance::AskLoyaltyBalance>(),
    ]
}

/// The clock work.
pub fn jobs() -> Vec<Job> {
    vec![
        Job::new("expire_grants", EXPIRY, |shared| async move {
            wallet::expire::expire_grants(&shared.database).await
        }),
        Job::new("expire_value_holds", HOLDS, |shared| async move {
            wallet::expire::expire_value_holds(&shared.database).await
        }),
        Job::new("expire_gift_cards", EXPIRY, |shared| async move {
            gift::expire::expire_gift_cards(&shared.database).await
        }),
        Job::new("mark_overdue_obligations", EXPIRY, |shared| async move {
            obligation::overdue::mark_overdue(&shared.database).await
        }),
        Job::new("judge_loyalty_tiers", EXPIRY, |shared| async move {
            loyalty::tiers::judge(&shared.database).await
        }),
        Job::new("give_due_rewards", EXPIRY, loyalty::reward_store::give_due),
        Job::new("renew_memberships", EXPIRY, membership::clock::renew),
        Job::new("charge_memberships", EXPIRY, membership::clock::charge),
        Job::new("resume_memberships", EXPIRY, membership::clock::resume),
    ]
}
