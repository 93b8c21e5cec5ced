//! The chart of accounts that the program posts to. An account is opened in a tenant when it is
//! first posted to; one that the tenant has under the same code is taken as it is.

use super::rules::Side;

/// An account of the chart.
#[derive(Debug, PartialEq, Eq)]
pub struct ChartAccount {
    /// Its code, which a tenant's own account of the same code takes the place of.
    pub code: &'static str,
    /// What a new one is called.
    pub name: &'static str,
    /// A value of `ledger.account_type`.
    pub kind: &'static str,
    /// The side on which it grows.
    pub side: Side,
    /// Whether its balance may fall below zero.
    pub may_be_negative: bool,
}

const fn account(
    code: &'static str,
    name: &'static str,
    kind: &'static str,
    side: Side,
) -> ChartAccount {
    ChartAccount {
        code,
        name,
        kind,
        side,
        may_be_negative: true,
    }
}

/// Notes and coins, which cannot be less than none.
pub const CASH: ChartAccount = ChartAccount {
    may_be_negative: false,
    ..account("1010", "Cash", "asset", Side::Debit)
};
/// Money at the bank.
pub const BANK: ChartAccount = account("1020", "Bank", "asset", Side::Debit);
/// Money at a processor that has not been paid out; one account for each processor account.
pub const CLEARING: ChartAccount = account("1030", "In clearing", "asset", Side::Debit);
/// Money that payers' banks took back, while it is not decided.
pub const DISPUTED: ChartAccount = account("1040", "Disputed payments", "asset", Side::Debit);
/// Payouts that have left a processor and not arrived.
pub const IN_TRANSIT: ChartAccount = account("1050", "Payouts in transit", "asset", Side::Debit);
/// What guests in the house owe.
pub const GUEST_LEDGER: ChartAccount = account("1100", "Guest ledger", "asset", Side::Debit);
/// What customers owe by invoice.
pub const RECEIVABLES: ChartAccount = account("1200", "Receivables", "asset", Side::Debit);
/// What is owed to suppliers.
pub const PAYABLES: ChartAccount = account("2000", "Suppliers", "liability", Side::Credit);
/// What customers paid that is set against nothing yet: deposits, prepayments, credit.
pub const DEPOSITS: ChartAccount = account(
    "2100",
    "Deposits and prepayments",
    "liability",
    Side::Credit,
);
/// What customers have in wallets and on gift cards; one account for each where its module wants.
pub const STORED_VALUE: ChartAccount =
    account("2150", "Gift cards and wallets", "liability", Side::Credit);
/// Taxes that were collected and not paid yet.
pub const TAXES: ChartAccount = account("2200", "Taxes collected", "liability", Side::Credit);
/// Tips to be handed out to staff.
pub const TIPS: ChartAccount = account("2300", "Tips to hand out", "liability", Side::Credit);
/// What partners are owed of what was sold.
pub const PARTNERS: ChartAccount = account("2400", "Shares of partners", "liability", Side::Credit);
/// What the owners put in, and balances taken over from other books.
pub const EQUITY: ChartAccount = account("3000", "Capital and reserves", "equity", Side::Credit);
/// What was earned by selling.
pub const REVENUE: ChartAccount = account("4000", "Revenue", "revenue", Side::Credit);
/// What was earned by cancellations and no-shows.
pub const FEES_EARNED: ChartAccount = account(
    "4050",
    "Cancellation and no-show fees",
    "revenue",
    Side::Credit,
);
/// What was earned by value that nobody used before it expired.
pub const BREAKAGE: ChartAccount = account("4060", "Breakage", "revenue", Side::Credit);
/// Discounts and credits given: less revenue.
pub const ALLOWANCES: ChartAccount = account("4090", "Allowances", "revenue", Side::Debit);
/// What processors and banks cost.
pub const FEES: ChartAccount = account("5010", "Card and bank fees", "expense", Side::Debit);
/// What will not be paid.
pub const BAD_DEBTS: ChartAccount = account("5020", "Bad debts", "expense", Side::Debit);
/// What was lost in disputes.
pub const CHARGEBACKS: ChartAccount = account("5030", "Chargebacks", "expense", Side::Debit);
/// What rounding to coins gained or lost.
pub const ROUNDING: ChartAccount = account("5090", "Cash rounding", "expense", Side::Debit);
/// What a currency gained or lost against another.
pub const EXCHANGE: ChartAccount = account("5095", "Exchange differences", "expense", Side::Debit);
/// What settlements and statements say that nobody has explained yet.
pub const SUSPENSE: ChartAccount = account("1090", "To be cleared up", "asset", Side::Debit);

/// All of them, in order of their codes.
pub const CHART: &[&ChartAccount] = &[
    &CASH,
    &BANK,
    &CLEARING,
    &DISPUTED,
    &IN_TRANSIT,
    &SUSPENSE,
    &GUEST_LEDGER,
    &RECEIVABLES,
    &PAYABLES,
    &DEPOSITS,
    &STORED_VALUE,
    &TAXES,
    &TIPS,
    &PARTNERS,
    &EQUITY,
    &REVENUE,
    &FEES_EARNED,
    &BREAKAGE,
    &ALLOWANCES,
    &FEES,
    &BAD_DEBTS,
    &CHARGEBACKS,
    &ROUNDING,
    &EXCHANGE,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_order_and_sides_fit_their_kinds() {
        assert!(CHART.is_sorted_by(|a, b| a.code < b.code));
        for account in CHART {
            let grows = match account.kind {
                "asset" | "expense" => Side::Debit,
                _ => Side::Credit,
            };
            assert_eq!(
                account.side == grows,
                account.code != ALLOWANCES.code,
                "{}",
                account.code
            );
        }
    }
}
