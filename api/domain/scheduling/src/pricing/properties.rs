//! What must hold of every price: random orders in currencies of none, two and three digits, priced by
//! the engine and by a slow model that reckons with fractions and shares no code with it.

mod model;
mod orders;

use std::collections::HashMap;

use proptest::prelude::*;

use self::model::Modelled;
use self::orders::{Order, orders};
use super::priced::Priced;
use super::quote::quote;
use super::tax::{Rounding, TaxInputs, TaxableLine, calculate};

fn priced(order: &Order) -> Priced {
    let (tariff, request) = order.built();
    quote(&tariff, &request, orders::now()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn inv12_parts_sum_up_to_the_whole(order in orders()) {
        let priced = priced(&order);
        let totals = priced.totals;
        prop_assert_eq!(priced.lines.iter().map(|line| line.total_minor).sum::<i64>(), totals.base_minor);
        prop_assert_eq!(priced.lines.iter().map(|line| line.order_discount_minor).sum::<i64>(), totals.discount_minor);
        prop_assert_eq!(totals.total_minor, totals.base_minor + totals.features_minor - totals.discount_minor + totals.tax_minor);
        prop_assert_eq!(priced.tax.total_tax_minor, totals.tax_minor + totals.included_tax_minor);
        prop_assert_eq!(priced.taxes.iter().map(|tax| tax.tax_minor).sum::<i64>(), priced.tax.total_tax_minor);
        prop_assert_eq!(priced.lines.iter().map(|line| line.gross_minor).sum::<i64>(), totals.total_minor);
        for line in &priced.lines {
            prop_assert_eq!(line.list_minor, line.total_minor + line.discount_minor);
            prop_assert_eq!(line.net_minor + line.tax_minor + line.included_tax_minor, line.gross_minor);
            if !line.nights.is_empty() {
                prop_assert_eq!(line.nights.iter().map(|night| night.minor).sum::<i64>(), line.total_minor);
                prop_assert_eq!(line.periods.iter().map(|period| period.subtotal_minor).sum::<i64>(), line.total_minor);
                let days = line.periods.windows(2).all(|two| two[0].ends_on == two[1].starts_on);
                prop_assert!(days && line.periods[0].starts_on == line.starts_on.unwrap());
                prop_assert_eq!(line.periods.last().unwrap().ends_on, line.ends_on.unwrap());
            }
        }
    }

    #[test]
    fn nothing_is_below_zero_and_no_discount_above_what_there_is(order in orders()) {
        let priced = priced(&order);
        prop_assert!(priced.totals.total_minor >= 0 && priced.totals.discount_minor <= priced.totals.base_minor);
        for line in &priced.lines {
            prop_assert!(line.order_discount_minor >= 0 && line.order_discount_minor <= line.total_minor);
            prop_assert!(line.net_minor >= 0 && line.tax_minor >= 0 && line.included_tax_minor >= 0);
        }
    }

    #[test]
    fn inv13_the_slow_model_comes_to_the_same(order in orders()) {
        let priced = priced(&order);
        let modelled = Modelled::of(&order);
        for line in &priced.lines {
            let other = &modelled.lines[&line.reference];
            prop_assert_eq!(line.list_minor, other.list, "list of {}", line.reference);
            prop_assert_eq!(line.order_discount_minor, other.discount, "discount of {}", line.reference);
            prop_assert_eq!(line.tax_minor + line.included_tax_minor, other.tax, "tax of {}", line.reference);
        }
        prop_assert_eq!(priced.totals.total_minor, modelled.total);
    }

    #[test]
    fn the_order_of_lines_does_not_matter(order in orders(), turn in 0_usize..8) {
        let mut turned = order.clone();
        let count = turned.items.len();
        turned.items.rotate_left(turn % count);
        turned.items.reverse();
        let (one, other) = (priced(&order), priced(&turned));
        prop_assert_eq!(one.totals, other.totals);
        prop_assert_eq!(&one.tax.digest, &other.tax.digest);
        let by_reference: HashMap<_, _> = other.lines.iter().map(|line| (&line.reference, line)).collect();
        for line in &one.lines {
            let twin = by_reference[&line.reference];
            prop_assert_eq!((line.order_discount_minor, line.net_minor), (twin.order_discount_minor, twin.net_minor));
        }
    }

    #[test]
    fn tax_replays_from_what_is_kept_to_the_same_digest(order in orders()) {
        let priced = priced(&order);
        let kept = serde_json::to_value(&priced.tax_inputs).unwrap();
        let read: TaxInputs = serde_json::from_value(kept).unwrap();
        prop_assert_eq!(calculate(&read).unwrap().digest, priced.tax.digest);
    }

    #[test]
    fn e29_what_a_return_gives_back_is_what_the_sale_took(order in orders()) {
        let sold = priced(&order);
        let mut back = sold.tax_inputs.clone();
        for line in &mut back.lines {
            line.amount_minor = -line.amount_minor;
        }
        let back = calculate(&back).unwrap();
        for (sale, refund) in sold.tax.parts.iter().zip(&back.parts) {
            prop_assert_eq!((sale.tax_minor, sale.taxable_minor), (-refund.tax_minor, -refund.taxable_minor));
        }
    }

    #[test]
    fn tax_put_on_a_price_is_the_tax_found_within_the_sum(order in orders(), net in 0_i64..1_000_000_000, by_total: bool) {
        // One rate: with several, each is rounded by itself.
        let (tariff, _) = order.built();
        let mut inputs = tariff.tax.clone();
        inputs.rates.truncate(1);
        inputs.rounding = if by_total { Rounding::RateTotal } else { Rounding::Line };
        let category = inputs.rates.first().map(|rate| rate.category.clone());
        let line = |amount_minor, is_inclusive| TaxableLine {
            reference: "1".to_owned(), category: category.clone(), amount_minor, is_inclusive,
            ..TaxableLine::default()
        };
        inputs.lines = vec![line(net, false)];
        let on_top = calculate(&inputs).unwrap().total_tax_minor;
        inputs.lines = vec![line(net + on_top, true)];
        let within = calculate(&inputs).unwrap();
        prop_assert_eq!(within.total_tax_minor, on_top);
        prop_assert_eq!(within.parts[0].taxable_minor, net);
    }
}
