//! The lists that inputs of these verbs choose from.

use entities::entitlements::domains;

use foundation::choices;

choices! {
    /// What wallets are for.
    WalletPurpose = domains::WALLET_PURPOSE;
    /// What wallets are counted in.
    WalletUnit = domains::WALLET_UNIT;
    /// How grants come about.
    GrantOrigin = domains::GRANT_ORIGIN;
    /// What rewards are given for.
    RewardOrigin = domains::REWARD_ORIGIN;
    /// Kinds of gifts.
    GiftKind = domains::GIFT_KIND;
}
