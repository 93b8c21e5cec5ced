//! The slow model: fractions of whole numbers, one rule after the other as domain.md 0.3 has them.

use std::collections::BTreeMap;

use super::orders::{Off, Order};

/// A fraction; its denominator is above zero.
#[derive(Clone, Copy, Debug)]
struct Fraction {
    over: i128,
    under: i128,
}

impl Fraction {
    fn of(over: i128, under: i128) -> Self {
        let mut divisors = (over.unsigned_abs(), under.unsigned_abs());
        while divisors.1 != 0 {
            divisors = (divisors.1, divisors.0 % divisors.1);
        }
        let common = i128::try_from(divisors.0.max(1)).unwrap();
        Self {
            over: over / common,
            under: under / common,
        }
    }

    fn plus(self, other: Self) -> Self {
        Self::of(
            self.over * other.under + other.over * self.under,
            self.under * other.under,
        )
    }

    fn times(self, other: Self) -> Self {
        let (one, two) = (
            Self::of(self.over, other.under),
            Self::of(other.over, self.under),
        );
        Self::of(one.over * two.over, one.under * two.under)
    }

    fn floor(self) -> i128 {
        self.over.div_euclid(self.under)
    }

    /// Half to even.
    fn rounded(self) -> i64 {
        let (floor, rest) = (self.floor(), self.over.rem_euclid(self.under));
        let up = match (rest * 2).cmp(&self.under) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => floor % 2 != 0,
            std::cmp::Ordering::Greater => true,
        };
        i64::try_from(floor + i128::from(up)).unwrap()
    }
}

/// Largest remainder, in the order given.
fn spread(whole: i64, exact: &[Fraction]) -> Vec<i64> {
    let mut parts: Vec<i64> = exact
        .iter()
        .map(|part| i64::try_from(part.floor()).unwrap())
        .collect();
    let mut left = whole - parts.iter().sum::<i64>();
    while left > 0 {
        let rest = |index: usize| exact[index].plus(Fraction::of(-i128::from(parts[index]), 1));
        let mut best = 0;
        for index in 1..exact.len() {
            let (one, other) = (rest(index), rest(best));
            if one.over * other.under > other.over * one.under {
                best = index;
            }
        }
        parts[best] += 1;
        left -= 1;
    }
    parts
}

/// What a line comes to.
#[derive(Debug)]
pub struct Line {
    pub list: i64,
    pub discount: i64,
    pub tax: i64,
}

/// What an order comes to.
#[derive(Debug)]
pub struct Modelled {
    pub lines: BTreeMap<String, Line>,
    pub total: i64,
}

impl Modelled {
    pub fn of(order: &Order) -> Self {
        let minor: i128 = match order.currency {
            "JPY" => 1,
            "EUR" => 100,
            _ => 1_000,
        };
        let mut items = order.items.clone();
        items.sort_by(|a, b| a.reference.cmp(&b.reference));
        let lists: Vec<i64> = items
            .iter()
            .map(|item| {
                let pieces = Fraction::of(item.quantity.into(), 1_000);
                let days = Fraction::of(i128::from(item.nights.unwrap_or(1)), 1);
                Fraction::of(i128::from(item.price) * minor, 1_000_000)
                    .times(pieces)
                    .times(days)
                    .rounded()
            })
            .collect();
        let base: i64 = lists.iter().sum();
        let off = match order.discount {
            None => 0,
            Some(Off::Percent(bps)) => {
                Fraction::of(i128::from(base) * i128::from(bps), 10_000).rounded()
            }
            Some(Off::Amount(minor)) => minor.min(base),
        };
        let exact: Vec<Fraction> = lists
            .iter()
            .map(|list| Fraction::of(i128::from(off) * i128::from(*list), i128::from(base.max(1))))
            .collect();
        let discounts = spread(off, &exact);
        let amounts: Vec<i64> = lists
            .iter()
            .zip(&discounts)
            .map(|(list, off)| list - off)
            .collect();
        let categories: Vec<usize> = items.iter().map(|item| item.category).collect();
        let taxes = taxes(order, &amounts, &categories);
        let on_top: i64 = if order.is_inclusive {
            0
        } else {
            taxes.iter().sum()
        };
        let lines = items.iter().zip(lists).zip(discounts).zip(taxes);
        let lines = lines.map(|(((item, list), discount), tax)| {
            let line = Line {
                list,
                discount,
                tax,
            };
            (item.reference.clone(), line)
        });
        Self {
            lines: lines.collect(),
            total: base - off + on_top,
        }
    }
}

/// The tax of each line: category by category, rate by rate.
fn taxes(order: &Order, amounts: &[i64], categories: &[usize]) -> Vec<i64> {
    let mut all = vec![0; amounts.len()];
    for (category, rates) in order.rates.iter().enumerate() {
        let of: Vec<usize> = (0..amounts.len())
            .filter(|line| categories[*line] == category)
            .collect();
        let mut before = Fraction::of(0, 1);
        let mut parts = Vec::new();
        for (index, (rate, is_compound)) in rates.iter().enumerate() {
            let mut part = Fraction::of(i128::from(*rate), 1_000_000);
            if *is_compound && index > 0 {
                part = part.times(Fraction::of(1, 1).plus(before));
            }
            before = before.plus(part);
            parts.push(part);
        }
        let sum = Fraction::of(1, 1).plus(before);
        let mut taken = vec![0_i64; amounts.len()];
        for (index, (rate, is_compound)) in rates.iter().enumerate() {
            let exact: Vec<Fraction> = of
                .iter()
                .map(|line| {
                    let amount = i128::from(amounts[*line]);
                    if order.is_inclusive {
                        let within = Fraction::of(
                            parts[index].over * sum.under,
                            parts[index].under * sum.over,
                        );
                        return Fraction::of(amount, 1).times(within);
                    }
                    let stands_on = if *is_compound && index > 0 {
                        amount + i128::from(taken[*line])
                    } else {
                        amount
                    };
                    Fraction::of(stands_on, 1).times(Fraction::of(i128::from(*rate), 1_000_000))
                })
                .collect();
            let rounded = if order.by_total {
                let whole = exact
                    .iter()
                    .fold(Fraction::of(0, 1), |sum, one| sum.plus(*one))
                    .rounded();
                spread(whole, &exact)
            } else {
                exact.iter().map(|one| one.rounded()).collect()
            };
            for (line, tax) in of.iter().zip(rounded) {
                taken[*line] += tax;
            }
        }
        for line in of {
            all[line] += taken[line];
        }
    }
    all
}
