//! What decides about what is owed: when it is due, which invoice a payment pays first, how much of
//! a line a credit note takes back. Pure: values in, values out.

use chrono::{Datelike as _, Days, Months, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};
use uuid::Uuid;

use foundation::money::{fraction_of, split};

/// From when the days to pay are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// From the date of the invoice.
    Net,
    /// From the end of its month.
    EndOfMonth,
}

impl Term {
    /// The term by the database's text.
    pub fn of(text: &str) -> Self {
        match text {
            "end_of_month" => Self::EndOfMonth,
            _ => Self::Net,
        }
    }

    /// When an invoice of this day is to be paid that has so many days.
    pub fn due_on(self, issued_on: NaiveDate, days: i32) -> NaiveDate {
        let from = match self {
            Self::Net => issued_on,
            Self::EndOfMonth => end_of_month(issued_on),
        };
        let days = Days::new(u64::try_from(days).unwrap_or(0));
        from.checked_add_days(days).unwrap_or(from)
    }
}

fn end_of_month(day: NaiveDate) -> NaiveDate {
    let first = day.with_day(1).unwrap_or(day);
    let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
    next.pred_opt().unwrap_or(day)
}

/// What is open of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// The invoice.
    pub invoice_id: Uuid,
    /// When it is, or was, to be paid.
    pub due_on: NaiveDate,
    /// When it was issued.
    pub issued_on: NaiveDate,
    /// What is open of it, in minor units.
    pub open_minor: i64,
}

/// How an amount is set against open invoices: what was due first is paid first; of the same day
/// what was issued first, then what was made first. Nothing is set against an invoice beyond what
/// is open of it; what is left over stays with the payer.
pub fn oldest_first(amount_minor: i64, open: &[Open]) -> Vec<(Uuid, i64)> {
    let mut queue: Vec<&Open> = open.iter().filter(|open| open.open_minor > 0).collect();
    queue.sort_by_key(|open| (open.due_on, open.issued_on, open.invoice_id));
    let mut left = amount_minor.max(0);
    let mut parts = Vec::new();
    for open in queue {
        let part = left.min(open.open_minor);
        if part == 0 {
            break;
        }
        left -= part;
        parts.push((open.invoice_id, part));
    }
    parts
}

/// A line of an invoice, as far as it can still be credited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Creditable {
    /// What the line costs, with tax.
    pub total_minor: i64,
    /// The tax in that.
    pub tax_minor: i64,
    /// What credit notes took back of it, with tax.
    pub credited_minor: i64,
    /// The tax in that.
    pub credited_tax_minor: i64,
}

impl Creditable {
    /// What can still be taken back.
    pub fn left(&self) -> i64 {
        self.total_minor - self.credited_minor
    }

    /// The tax in an amount that is taken back: the tax of all that was taken back by then, less
    /// what was taken back before. So the last part takes exactly what is left.
    pub fn tax_in(&self, amount_minor: i64) -> i64 {
        let gone = self.credited_minor + amount_minor;
        if gone >= self.total_minor {
            return self.tax_minor - self.credited_tax_minor;
        }
        let share = Decimal::from(gone) / Decimal::from(self.total_minor.max(1));
        let tax = fraction_of(self.tax_minor, share) - self.credited_tax_minor;
        let most = (self.tax_minor - self.credited_tax_minor).min(amount_minor);
        // What remains to be credited must be able to hold the rest of the tax.
        let least = (self.tax_minor - self.credited_tax_minor) - (self.total_minor - gone);
        tax.clamp(least.max(0).min(most), most)
    }

    /// What so many of the line's quantity cost, no more than what is left.
    pub fn amount_of(&self, quantity: Decimal, of: Decimal) -> i64 {
        if of <= Decimal::ZERO || quantity >= of {
            return self.left();
        }
        fraction_of(self.total_minor, quantity / of).clamp(0, self.left())
    }
}

/// The tax within an amount that contains it, rounded half to even once.
pub fn tax_within(amount_minor: i64, rate: Decimal) -> i64 {
    let divisor = Decimal::ONE + rate;
    if rate <= Decimal::ZERO {
        return 0;
    }
    let net = Decimal::from(amount_minor) / divisor;
    let tax = Decimal::from(amount_minor) - net;
    rust_decimal::prelude::ToPrimitive::to_i64(
        &tax.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven),
    )
    .unwrap_or(0)
}

/// A price times a quantity in minor units, rounded half to even once; none beyond 64 bits.
pub fn line_total(unit_price: Decimal, quantity: Decimal, exponent: u32) -> Option<i64> {
    let scale = Decimal::from(10_u64.checked_pow(exponent)?);
    let exact = unit_price.checked_mul(quantity)?.checked_mul(scale)?;
    rust_decimal::prelude::ToPrimitive::to_i64(
        &exact.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven),
    )
}

/// An amount with its tax, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gross {
    /// The amount, with tax.
    pub amount_minor: i64,
    /// The tax in it.
    pub tax_minor: i64,
}

impl Gross {
    /// Two parts, of which the first has this amount; together they are the whole, tax included.
    pub fn cut(self, amount_minor: i64) -> (Self, Self) {
        let rest = self.amount_minor - amount_minor;
        let weights = [amount_minor.unsigned_abs(), rest.unsigned_abs()];
        let taxes = split(self.tax_minor, &weights);
        let part = |amount_minor, tax_minor| Self {
            amount_minor,
            tax_minor,
        };
        (part(amount_minor, taxes[0]), part(rest, taxes[1]))
    }

    /// So many equal parts whose sums are the whole; the first ones have the odd minor units.
    pub fn shares(self, parts: usize) -> Vec<Self> {
        let weights = vec![1; parts];
        let amounts = split(self.amount_minor, &weights);
        let by_amount: Vec<u64> = amounts.iter().map(|amount| amount.unsigned_abs()).collect();
        let taxes = split(self.tax_minor, &by_amount);
        let pairs = amounts.into_iter().zip(taxes);
        pairs
            .map(|(amount_minor, tax_minor)| Self {
                amount_minor,
                tax_minor,
            })
            .collect()
    }
}

/// Instalments of a plan: equal parts of a total, each so many months after the first day. The day
/// of the month stays that of the first: a plan from the 31st is due on the last day of a shorter
/// month, and on the 31st again after it.
pub fn instalments(
    total_minor: i64,
    parts: usize,
    first: NaiveDate,
    every_months: u32,
) -> Vec<(NaiveDate, i64)> {
    let amounts = split(total_minor, &vec![1; parts]);
    let months = (0_u32..).map(|index| index.saturating_mul(every_months));
    amounts
        .into_iter()
        .zip(months)
        .map(|(amount, after)| {
            let day = first.checked_add_months(Months::new(after));
            (day.unwrap_or(first), amount)
        })
        .collect()
}

/// In how many days past its due day an invoice stands: by the whole, in the buckets of an ageing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bucket {
    /// Not due yet, or due today.
    Current,
    /// Up to 30 days overdue.
    UpTo30,
    /// 31 to 60 days overdue.
    UpTo60,
    /// 61 to 90 days overdue.
    UpTo90,
    /// More than 90 days overdue.
    Beyond90,
}

impl Bucket {
    /// The bucket of something that is so many days overdue; less than one is not yet overdue.
    pub fn of(days_overdue: i64) -> Self {
        match days_overdue {
            ..=0 => Self::Current,
            1..=30 => Self::UpTo30,
            31..=60 => Self::UpTo60,
            61..=90 => Self::UpTo90,
            _ => Self::Beyond90,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn due_days_count_from_the_date_or_from_the_end_of_its_month() {
        assert_eq!(Term::Net.due_on(day("2026-01-31"), 30), day("2026-03-02"));
        let end = Term::EndOfMonth;
        assert_eq!(end.due_on(day("2028-02-03"), 0), day("2028-02-29"));
        assert_eq!(end.due_on(day("2026-12-31"), 15), day("2027-01-15"));
    }

    #[test]
    fn e31_a_plan_from_the_31st_keeps_its_day() {
        let days: Vec<_> = instalments(500, 4, day("2026-01-31"), 1);
        let expected = [
            ("2026-01-31", 125),
            ("2026-02-28", 125),
            ("2026-03-31", 125),
            ("2026-04-30", 125),
        ];
        assert_eq!(days, expected.map(|(on, amount)| (day(on), amount)));
    }

    #[test]
    fn e28_500_yen_in_three_are_167_167_166() {
        let whole = Gross {
            amount_minor: 500,
            tax_minor: 45,
        };
        let parts: Vec<i64> = whole
            .shares(3)
            .iter()
            .map(|part| part.amount_minor)
            .collect();
        assert_eq!(parts, [167, 167, 166]);
    }

    #[test]
    fn buckets_begin_the_day_after() {
        assert_eq!(Bucket::of(0), Bucket::Current);
        assert_eq!(Bucket::of(1), Bucket::UpTo30);
        assert_eq!(Bucket::of(30), Bucket::UpTo30);
        assert_eq!(Bucket::of(61), Bucket::UpTo90);
        assert_eq!(Bucket::of(91), Bucket::Beyond90);
    }

    #[test]
    fn tax_within_a_price_is_rounded_once() {
        assert_eq!(tax_within(10_600, "0.06".parse().unwrap()), 600);
        assert_eq!(tax_within(100, "0.23".parse().unwrap()), 19);
        assert_eq!(tax_within(100, Decimal::ZERO), 0);
    }

    proptest! {
        /// Whatever is credited in whatever parts: no part is without sense, and the last one takes
        /// exactly what is left.
        #[test]
        fn e29_credits_of_a_line_sum_to_the_line(total in 1_i64..2_000, tax_share in 0_i64..=100, cuts in prop::collection::vec(1_i64..400, 1..20)) {
            let mut line = Creditable { total_minor: total, tax_minor: total * tax_share / 100, credited_minor: 0, credited_tax_minor: 0 };
            for cut in cuts.into_iter().chain([i64::MAX]) {
                let amount = cut.min(line.left());
                if amount == 0 { break; }
                let tax = line.tax_in(amount);
                prop_assert!((0..=amount).contains(&tax));
                line.credited_minor += amount;
                line.credited_tax_minor += tax;
                prop_assert!(line.tax_minor - line.credited_tax_minor <= line.left());
            }
            prop_assert_eq!((line.credited_minor, line.credited_tax_minor), (line.total_minor, line.tax_minor));
        }

        #[test]
        fn e33_no_more_is_set_against_invoices_than_came_in_or_is_open(amount in -5_i64..5_000, open in prop::collection::vec((0_i64..1_000, 0_u64..40), 0..12)) {
            let open: Vec<Open> = open.iter().enumerate().map(|(index, (minor, days))| Open {
                invoice_id: Uuid::from_u128(index as u128), open_minor: *minor,
                due_on: day("2026-01-01") + Days::new(*days), issued_on: day("2026-01-01"),
            }).collect();
            let parts = oldest_first(amount, &open);
            let sum: i64 = parts.iter().map(|(_, part)| part).sum();
            let all: i64 = open.iter().map(|open| open.open_minor).sum();
            prop_assert_eq!(sum, amount.max(0).min(all));
            // All but the last are paid in full, and what is left out is due no earlier than what is paid.
            let due = |id: &Uuid| open.iter().find(|open| open.invoice_id == *id).unwrap();
            for (id, part) in parts.iter().rev().skip(1) {
                prop_assert_eq!(due(id).open_minor, *part);
            }
            let last = parts.iter().map(|(id, _)| due(id).due_on).max();
            for left in open.iter().filter(|open| open.open_minor > 0 && parts.iter().all(|(id, _)| *id != open.invoice_id)) {
                prop_assert!(last.is_none_or(|last| last <= left.due_on));
            }
        }

        #[test]
        fn inv12_cuts_and_shares_sum_to_the_whole(amount in 0_i64..100_000, tax_share in 0_i64..=100, part in 0_i64..=100, parts in 1_usize..12) {
            let whole = Gross { amount_minor: amount, tax_minor: amount * tax_share / 100 };
            let (one, other) = whole.cut(amount * part / 100);
            prop_assert_eq!((one.amount_minor + other.amount_minor, one.tax_minor + other.tax_minor), (whole.amount_minor, whole.tax_minor));
            let shares = whole.shares(parts);
            prop_assert_eq!(shares.iter().map(|share| share.amount_minor).sum::<i64>(), whole.amount_minor);
            prop_assert_eq!(shares.iter().map(|share| share.tax_minor).sum::<i64>(), whole.tax_minor);
            for share in shares.iter().chain([&one, &other]) {
                prop_assert!(share.tax_minor <= share.amount_minor);
            }
        }
    }
}
