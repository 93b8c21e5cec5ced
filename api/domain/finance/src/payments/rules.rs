//! What holds of payments, without a database: where one stands, how amounts are spread over its
//! parts, and how they are written for a processor.

/// How a part of a payment stands, as far as the payment follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Not tried yet.
    Pending,
    /// Being tried.
    Processing,
    /// The customer has to do something.
    Action,
    /// Authorized, or taken.
    Good,
    /// Declined.
    Failed,
    /// Counts no more.
    Canceled,
}

impl Part {
    /// How a part stands by the status of its row, and whether its customer has to do something.
    pub fn of(status: &str, needs_action: bool) -> Self {
        match status {
            _ if needs_action => Self::Action,
            "processing" => Self::Processing,
            "authorized" | "succeeded" => Self::Good,
            "failed" => Self::Failed,
            "canceled" => Self::Canceled,
            _ => Self::Pending,
        }
    }
}

/// Where a payment stands (a value of `payments.intent_status`), by its parts and amounts alone.
pub fn status(parts: &[Part], capture_mode: &str, capturable: i64, captured: i64) -> &'static str {
    let any = |wanted| parts.contains(&wanted);
    let is_live = parts.iter().any(|part| *part != Part::Canceled);
    if any(Part::Action) {
        "requires_action"
    } else if any(Part::Processing) {
        "processing"
    } else if any(Part::Failed) {
        "requires_payment_method"
    } else if any(Part::Pending) {
        "requires_confirmation"
    } else if capturable > 0 && captured > 0 && capture_mode == "manual_multiple" {
        "partially_captured"
    } else if capturable > 0 {
        "requires_capture"
    } else if captured > 0 {
        "succeeded"
    } else if is_live {
        "requires_payment_method"
    } else {
        "canceled"
    }
}

/// Fills rooms in their order until an amount is used up; nothing where they have too little.
pub fn fill(amount: i64, rooms: &[i64]) -> Option<Vec<i64>> {
    let mut left = amount;
    let filled = rooms
        .iter()
        .map(|room| {
            let part = left.min(*room).max(0);
            left -= part;
            part
        })
        .collect();
    (left == 0).then_some(filled)
}

/// Spreads amounts over rooms, both in their order: for each room, which amounts (by their place)
/// it takes how much of. Nothing where the rooms have too little.
pub fn spread(amounts: &[i64], rooms: &[i64]) -> Option<Vec<Vec<(usize, i64)>>> {
    let mut taken: Vec<Vec<(usize, i64)>> = vec![Vec::new(); rooms.len()];
    let mut left: Vec<i64> = rooms.to_vec();
    for (index, amount) in amounts.iter().enumerate() {
        let parts = fill(*amount, &left)?;
        for (place, part) in parts.into_iter().enumerate().filter(|(_, part)| *part > 0) {
            left[place] -= part;
            taken[place].push((index, part));
        }
    }
    Some(taken)
}

/// How much of a refund is tip: what was sold goes back first, the tip last, and each once.
pub fn tip_share(captured: i64, tip: i64, refunded_before: i64, refund: i64) -> i64 {
    let sold = captured - tip;
    let beyond = |refunded: i64| (refunded - sold).max(0);
    beyond(refunded_before + refund) - beyond(refunded_before)
}

/// What is paid in coins instead of an amount: the nearest multiple of the smallest step, half to
/// the even one.
pub fn in_coins(minor: i64, step: i64) -> i64 {
    if step <= 1 {
        return minor;
    }
    let (whole, rest) = (minor.div_euclid(step), minor.rem_euclid(step));
    let up = match (rest * 2).cmp(&step) {
        std::cmp::Ordering::Greater => 1,
        std::cmp::Ordering::Equal => whole.rem_euclid(2),
        std::cmp::Ordering::Less => 0,
    };
    (whole + up) * step
}

/// How a processor writes amounts of a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wire {
    /// The decimals that the currency has.
    pub exponent: u32,
    /// The decimals that the processor writes.
    pub wire_exponent: u32,
    /// The smallest step that it takes, in minor units of the currency.
    pub increment_minor: i64,
}

impl Wire {
    /// An amount as the processor writes it; nothing where it cannot take it.
    pub fn write(self, minor: i64) -> Option<i64> {
        if minor % self.increment_minor.max(1) != 0 {
            return None;
        }
        scaled(minor, self.exponent, self.wire_exponent)
    }

    /// An amount that the processor wrote; nothing where it is finer than the currency.
    pub fn read(self, wire: i64) -> Option<i64> {
        scaled(wire, self.wire_exponent, self.exponent)
    }
}

fn scaled(amount: i64, from: u32, to: u32) -> Option<i64> {
    if to >= from {
        return amount.checked_mul(10_i64.checked_pow(to - from)?);
    }
    let step = 10_i64.checked_pow(from - to)?;
    (amount % step == 0).then_some(amount / step)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_payment_stands_where_its_weakest_part_does() {
        use Part::{Action, Canceled, Failed, Good, Pending, Processing};
        let of = |parts: &[Part]| status(parts, "automatic", 0, 100);
        assert_eq!(of(&[Good, Action, Failed]), "requires_action");
        assert_eq!(of(&[Good, Processing, Failed]), "processing");
        assert_eq!(of(&[Good, Failed, Pending]), "requires_payment_method");
        assert_eq!(of(&[Good, Pending]), "requires_confirmation");
        assert_eq!(of(&[Good, Canceled]), "succeeded");
        assert_eq!(status(&[Canceled], "automatic", 0, 0), "canceled");
        assert_eq!(status(&[Good], "manual", 5, 0), "requires_capture");
        assert_eq!(status(&[Good], "manual", 5, 5), "requires_capture");
        assert_eq!(
            status(&[Good], "manual_multiple", 5, 5),
            "partially_captured"
        );
    }

    #[test]
    fn e27_amounts_are_written_as_the_processor_wants_them() {
        let wire = |exponent, wire_exponent, increment_minor| Wire {
            exponent,
            wire_exponent,
            increment_minor,
        };
        assert_eq!(wire(0, 0, 1).write(500), Some(500), "JPY is not multiplied");
        assert_eq!(wire(2, 2, 1).write(1_050), Some(1_050));
        assert_eq!(wire(3, 3, 10).write(12_340), Some(12_340));
        assert_eq!(
            wire(3, 3, 10).write(12_345),
            None,
            "the last digit of KWD must be zero"
        );
        assert_eq!(
            wire(0, 2, 1).write(700),
            Some(70_000),
            "ISK has two decimals on the wire"
        );
        assert_eq!(wire(0, 2, 1).read(70_000), Some(700));
        assert_eq!(wire(0, 2, 1).read(70_050), None);
        assert_eq!(wire(2, 0, 100).write(500), Some(5), "MGA has none there");
    }

    #[test]
    fn e41_coins_and_tips() {
        assert_eq!(
            [1_232, 1_233, 1_235, 1_238].map(|minor| in_coins(minor, 5)),
            [1_230, 1_235, 1_235, 1_240]
        );
        assert_eq!(
            [50, 150, 250].map(|minor| in_coins(minor, 100)),
            [0, 200, 200]
        );
        assert_eq!(in_coins(17, 1), 17);
        assert_eq!(tip_share(110, 10, 0, 100), 0);
        assert_eq!(tip_share(110, 10, 100, 10), 10);
        assert_eq!(tip_share(110, 10, 95, 10), 5);
    }

    proptest! {
        #[test]
        fn inv12_what_is_spread_adds_up_and_fits(
            amounts in prop::collection::vec(1_i64..10_000, 1..8),
            rooms in prop::collection::vec(0_i64..20_000, 1..6),
        ) {
            let (whole, space) = (amounts.iter().sum::<i64>(), rooms.iter().sum::<i64>());
            match spread(&amounts, &rooms) {
                None => prop_assert!(whole > space),
                Some(taken) => {
                    for (room, parts) in rooms.iter().zip(&taken) {
                        prop_assert!(parts.iter().map(|(_, part)| part).sum::<i64>() <= *room);
                    }
                    for (index, amount) in amounts.iter().enumerate() {
                        let sum: i64 = taken.iter().flatten().filter(|(of, _)| *of == index).map(|(_, part)| part).sum();
                        prop_assert_eq!(sum, *amount);
                    }
                }
            }
        }

        #[test]
        fn e41_a_tip_goes_back_once(sold in 1_i64..10_000, tip in 0_i64..1_000, cuts in prop::collection::vec(1_i64..500, 0..20)) {
            let captured = sold + tip;
            let (mut before, mut tips) = (0, 0);
            for cut in cuts {
                let refund = cut.min(captured - before);
                if refund == 0 { break; }
                tips += tip_share(captured, tip, before, refund);
                before += refund;
            }
            tips += tip_share(captured, tip, before, captured - before);
            prop_assert_eq!(tips, tip);
        }

        #[test]
        fn what_is_written_is_read_again(minor in -1_000_000_i64..1_000_000, exponent in 0_u32..4, wire in 0_u32..4) {
            let wire = Wire { exponent, wire_exponent: wire, increment_minor: 1 };
            if let Some(written) = wire.write(minor) {
                prop_assert_eq!(wire.read(written), Some(minor));
            }
        }
    }
}
