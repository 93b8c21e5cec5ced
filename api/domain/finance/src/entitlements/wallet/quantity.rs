//! How much a caller asks for: an amount of a wallet of money, or units of another.

use foundation::graph::failure::Failure;
use foundation::graph::scalars::MoneyInput;

/// How much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// Units; of money, minor units.
    pub count: i64,
    /// The currency of money.
    pub currency: Option<String>,
}

/// What was asked for: either units or an amount, and more than nothing (E-21).
pub fn quantity(units: Option<i32>, amount: Option<MoneyInput>) -> Result<Quantity, Failure> {
    let asked = match (units, amount) {
        (Some(units), None) => Quantity {
            count: units.into(),
            currency: None,
        },
        (None, Some(amount)) => Quantity {
            count: amount.minor,
            currency: Some(amount.currency),
        },
        _ => {
            let text = "Give either amount (of a wallet of money) or units (of any other).";
            return Err(Failure::input(text));
        }
    };
    if asked.count <= 0 {
        return Err(Failure::input("It must be more than 0."));
    }
    Ok(asked)
}
