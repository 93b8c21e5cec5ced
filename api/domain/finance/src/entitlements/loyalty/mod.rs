//! Loyalty: points that are earned by spending, the tiers they lead to, and what they are turned into;
//! and rewards for other things.

pub mod balance;
pub mod earn;
pub mod join;
pub mod promo;
pub mod redeem;
pub mod reward;
pub mod reward_store;
pub mod rules;
pub mod standing;
pub mod store;
pub mod take_back;
pub mod tiers;

use foundation::graph::verb::{Declaration, declare};

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<join::LoyaltyJoin>(),
        declare::<earn::LoyaltyEarn>(),
        declare::<take_back::LoyaltyTakeBack>(),
        declare::<redeem::LoyaltyRedeem>(),
        declare::<standing::LoyaltySuspend>(),
        declare::<standing::LoyaltyReactivate>(),
        declare::<standing::LoyaltyClose>(),
        declare::<promo::PromoCodeRedeem>(),
        declare::<promo::PromoCodeReverse>(),
        declare::<reward::RewardGive>(),
        declare::<reward::RewardApprove>(),
        declare::<reward::RewardReject>(),
        declare::<reward::RewardReverse>(),
    ]
}
