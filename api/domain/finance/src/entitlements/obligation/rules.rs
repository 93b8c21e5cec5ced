//! Who pays how much of an order, and where what is owed stands: pure.

use uuid::Uuid;

use foundation::money::split;

/// What a participant is to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The participant.
    pub participant_id: Uuid,
    /// An amount as agreed; none where the rest is split.
    pub amount: Option<i64>,
    /// How many parts of the rest.
    pub weight: u64,
}

/// Why an order cannot be split so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsplit {
    /// The amounts as agreed are more than the total.
    BeyondTotal,
    /// The amounts as agreed are less than the total, and nobody pays the rest.
    BelowTotal,
}

/// Splits a total: amounts as agreed first, then the rest by weights, the organiser's before the others
/// (largest remainder). Gives the organiser's share and those of the others, in their order.
pub fn shares(
    total: i64,
    organiser: (Option<i64>, u64),
    others: &[Share],
) -> Result<(i64, Vec<i64>), Unsplit> {
    let fixed: i64 =
        organiser.0.unwrap_or(0) + others.iter().filter_map(|share| share.amount).sum::<i64>();
    let rest = total - fixed;
    if rest < 0 {
        return Err(Unsplit::BeyondTotal);
    }
    let weight = |amount: Option<i64>, weight: u64| if amount.is_some() { 0 } else { weight };
    let mut weights = vec![weight(organiser.0, organiser.1)];
    weights.extend(
        others
            .iter()
            .map(|share| weight(share.amount, share.weight)),
    );
    if rest > 0 && weights.iter().all(|weight| *weight == 0) {
        return Err(Unsplit::BelowTotal);
    }
    let parts = split(rest, &weights);
    let others = others
        .iter()
        .zip(&parts[1..])
        .map(|(share, part)| share.amount.unwrap_or(*part));
    Ok((organiser.0.unwrap_or(parts[0]), others.collect()))
}

/// Where an obligation stands of which so much is paid.
pub fn standing(before: &str, amount: i64, paid: i64) -> &'static str {
    if paid >= amount {
        "paid"
    } else if before == "overdue" {
        "overdue"
    } else if paid > 0 {
        "partially_paid"
    } else {
        "pending"
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn equal(count: u128) -> Vec<Share> {
        let share = |n| Share {
            participant_id: Uuid::from_u128(n),
            amount: None,
            weight: 1,
        };
        (0..count).map(share).collect()
    }

    #[test]
    fn e28_five_hundred_yen_by_three_are_167_167_and_166() {
        assert_eq!(shares(500, (None, 1), &equal(2)), Ok((167, vec![167, 166])));
        assert_eq!(
            shares(500, (Some(0), 0), &equal(3)),
            Ok((0, vec![167, 167, 166]))
        );
    }

    #[test]
    fn what_is_agreed_is_paid_and_the_rest_is_split() {
        let mut others = equal(3);
        others[1].amount = Some(100);
        others[2].weight = 3;
        assert_eq!(
            shares(500, (None, 0), &others),
            Ok((0, vec![100, 100, 300]))
        );
        others[1].amount = Some(501);
        assert_eq!(shares(500, (None, 0), &others), Err(Unsplit::BeyondTotal));
        let fixed = [Share {
            amount: Some(499),
            ..others[0]
        }];
        assert_eq!(shares(500, (Some(0), 0), &fixed), Err(Unsplit::BelowTotal));
    }

    proptest! {
        #[test]
        fn inv12_shares_sum_up_to_the_total(total in 0_i64..10_000_000, weights in prop::collection::vec(0_u64..9, 1..30), own in 0_u64..3) {
            let others: Vec<Share> = weights.iter().map(|weight| Share { participant_id: Uuid::nil(), amount: None, weight: *weight }).collect();
            if let Ok((organiser, parts)) = shares(total, (None, own), &others) {
                prop_assert_eq!(organiser + parts.iter().sum::<i64>(), total);
                prop_assert!(parts.iter().all(|part| *part >= 0));
            }
        }
    }
}
