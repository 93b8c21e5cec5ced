//! Discounts: which of them are given, and what each takes off. Those of lines come first, those of the
//! order as a whole after them; within both the order is theirs, not that in which they are named.

use rust_decimal::Decimal;

use super::line::Listed;
use super::priced::{AppliedDiscount, PricedFeature};
use super::reckoning::{Frame, Notes};
use super::refusal::{Refusal, RefusalCode, Ruled};
use super::rounding::{round, share, times};
use super::strategy::bps;
use super::tariff::{Discount, Good, Target};

/// What discounts are taken off.
pub struct Basket<'b, 'a> {
    /// The lines, each with what it stands for.
    pub lines: &'b mut [(Listed, &'a Good)],
    /// What was added to them.
    pub features: &'b mut [PricedFeature],
}

/// The discounts that a request names, each once; refuses those that cannot be given.
pub fn given(frame: Frame<'_>) -> Ruled<Vec<&Discount>> {
    let request = frame.request;
    let mut given: Vec<&Discount> = Vec::new();
    for code in &request.discount_codes {
        let code = code.trim();
        let found = frame
            .tariff
            .discounts
            .iter()
            .find(|discount| discount.code == code);
        let Some(discount) = found else {
            let message = format!("There is no discount {code}.");
            return Err(Refusal::new(RefusalCode::UnknownCode, message));
        };
        allowed(frame, discount)?;
        if given.iter().all(|other| other.id != discount.id) {
            given.push(discount);
        }
    }
    if given.len() > 1
        && let Some(alone) = given.iter().find(|discount| !discount.is_stackable)
    {
        let message = format!("{} does not go together with other discounts.", alone.name);
        return Err(Refusal::new(RefusalCode::NotStackable, message));
    }
    given.sort_by_key(|discount| {
        let kind = match discount.kind.as_str() {
            "bogo" => 0,
            "amount" => 1,
            _ => 2,
        };
        (
            discount.target == Target::Order,
            kind,
            discount.code.clone(),
        )
    });
    Ok(given)
}

fn allowed(frame: Frame<'_>, discount: &Discount) -> Ruled<()> {
    let refuse = |code, why: &str| Err(Refusal::new(code, format!("{} {why}", discount.name)));
    if discount.starts_at.is_some_and(|start| start > frame.at) {
        return refuse(RefusalCode::DiscountNotApplicable, "cannot be used yet.");
    }
    if discount.ends_at.is_some_and(|end| end <= frame.at) {
        return refuse(
            RefusalCode::DiscountNotApplicable,
            "cannot be used any more.",
        );
    }
    if !frame.is_for(discount.segment_id) {
        return refuse(
            RefusalCode::DiscountNotApplicable,
            "is not for this customer.",
        );
    }
    if discount
        .currency
        .as_deref()
        .is_some_and(|currency| currency != frame.currency)
    {
        let why = format!(
            "is for prices in {}.",
            discount.currency.as_deref().unwrap_or_default()
        );
        return refuse(RefusalCode::CurrencyMismatch, &why);
    }
    if discount.requires_approval && !frame.request.may_approve_discounts {
        return refuse(RefusalCode::ApprovalRequired, "must be given by a manager.");
    }
    if discount
        .usage_limit
        .is_some_and(|limit| discount.used_count >= limit)
    {
        return refuse(
            RefusalCode::DiscountExhausted,
            "has been used as often as it can be.",
        );
    }
    match discount.per_customer_limit {
        Some(_) if frame.request.customer_id.is_none() => refuse(
            RefusalCode::DiscountNotApplicable,
            "needs to know the customer.",
        ),
        Some(limit) if discount.used_by_customer >= i64::from(limit) => refuse(
            RefusalCode::DiscountExhausted,
            "has been used by this customer as often as one customer can.",
        ),
        _ => Ok(()),
    }
}

/// Takes discounts off lines and the order, and says what each came to. Never below nothing.
pub fn apply(
    frame: Frame<'_>,
    discounts: &[&Discount],
    basket: &mut Basket<'_, '_>,
    notes: &mut Notes,
) -> Ruled<Vec<AppliedDiscount>> {
    let listed = basket
        .lines
        .iter()
        .map(|(listed, _)| listed.line.list_minor);
    let added = basket.features.iter().map(|feature| feature.amount_minor);
    let spent: i64 = listed.chain(added).sum();
    let mut applied = Vec::with_capacity(discounts.len());
    for discount in discounts {
        if let Some(least) = discount.min_spend_minor.filter(|least| spent < *least) {
            let least = super::rounding::major(Decimal::from(least), frame.exponent);
            let message = format!(
                "{} is given from {least} {} on.",
                discount.name, frame.currency
            );
            return Err(Refusal::new(RefusalCode::DiscountNotApplicable, message));
        }
        let mut parts = basket.parts(discount);
        if parts.is_empty() {
            let message = format!("{} is for other things than these.", discount.name);
            return Err(Refusal::new(RefusalCode::DiscountNotApplicable, message));
        }
        parts.sort_by(|a, b| a.reference.cmp(&b.reference));
        let before: i64 = parts.iter().map(|part| part.left_minor).sum();
        let amount_minor = amount(discount, &parts, before)?;
        let amounts: Vec<i64> = parts.iter().map(|part| part.left_minor).collect();
        for (part, off) in parts.iter().zip(share(amount_minor, &amounts)) {
            basket.take(discount, part, off);
        }
        let prices = (Decimal::from(before), Decimal::from(before - amount_minor));
        notes.applied(None, "discount", &discount.name, prices);
        applied.push(AppliedDiscount {
            discount_id: discount.id,
            code: discount.code.clone(),
            name: discount.name.clone(),
            amount_minor,
        });
    }
    Ok(applied)
}

/// Something that a discount is taken off.
struct Part {
    reference: String,
    at: Place,
    left_minor: i64,
    quantity: Decimal,
}

enum Place {
    Line(usize),
    Feature(usize),
}

impl Basket<'_, '_> {
    /// Takes off again what a discount came to when it was given.
    pub fn take_again(&mut self, discount: &Discount, amount_minor: i64) {
        let mut parts = self.parts(discount);
        parts.sort_by(|a, b| a.reference.cmp(&b.reference));
        let amounts: Vec<i64> = parts.iter().map(|part| part.left_minor).collect();
        let amount = amount_minor.min(amounts.iter().sum());
        for (part, off) in parts.iter().zip(share(amount, &amounts)) {
            self.take(discount, part, off);
        }
    }

    fn parts(&self, discount: &Discount) -> Vec<Part> {
        let lines = self.lines.iter().enumerate().filter(|(_, (listed, good))| {
            let line = &listed.line;
            match discount.target {
                Target::Order => true,
                Target::Sellable(id) => line.sellable_id == id,
                Target::Category(id) => good.categories.contains(&id),
                Target::Offer(id) => good.offer_id == Some(id),
            }
        });
        let lines = lines.map(|(index, (listed, _))| Part {
            reference: listed.line.reference.clone(),
            at: Place::Line(index),
            left_minor: listed.line.total_minor - listed.line.order_discount_minor,
            quantity: listed.line.quantity,
        });
        let features = self.features.iter().enumerate();
        let features = features.filter(|_| discount.target == Target::Order);
        let features = features.map(|(index, feature)| Part {
            reference: feature.reference.clone(),
            at: Place::Feature(index),
            left_minor: feature.amount_minor - feature.order_discount_minor,
            quantity: Decimal::ONE,
        });
        lines.chain(features).collect()
    }

    fn take(&mut self, discount: &Discount, part: &Part, off: i64) {
        match part.at {
            Place::Line(index) => {
                let line = &mut self.lines[index].0.line;
                if discount.target == Target::Order {
                    line.order_discount_minor += off;
                } else {
                    line.discount_minor += off;
                    line.total_minor -= off;
                }
            }
            Place::Feature(index) => self.features[index].order_discount_minor += off,
        }
    }
}

/// What a discount takes off parts that cost `before` together.
fn amount(discount: &Discount, parts: &[Part], before: i64) -> Ruled<i64> {
    let fraction = bps(discount.value_bps);
    let wanted = match discount.kind.as_str() {
        "amount" => discount.value_minor,
        "bogo" => round(times(cheaper(discount, parts)?, fraction)?)?,
        _ => round(times(Decimal::from(before), fraction)?)?,
    };
    let most = discount.max_discount_minor.unwrap_or(i64::MAX);
    Ok(wanted.min(most).clamp(0, before.max(0)))
}

/// What the units cost that are cheaper for those who buy so many: of all units together, the
/// cheapest.
fn cheaper(discount: &Discount, parts: &[Part]) -> Ruled<Decimal> {
    use rust_decimal::prelude::ToPrimitive as _;
    let mut prices: Vec<(Decimal, i64)> = Vec::new();
    for part in parts {
        let whole = part.quantity.floor().to_i64().unwrap_or(0);
        if whole > 0 {
            prices.push((Decimal::from(part.left_minor) / part.quantity, whole));
        }
    }
    prices.sort_unstable();
    let (buy, get) = (
        i64::from(discount.buy_quantity),
        i64::from(discount.get_quantity),
    );
    let all: i64 = prices.iter().map(|(_, count)| count).sum();
    let set = (buy + get).max(1);
    let mut left = all / set * get + (all % set - buy).max(0);
    let mut cost = Decimal::ZERO;
    for (price, count) in prices {
        let taken = left.min(count);
        cost += times(price, Decimal::from(taken))?;
        left -= taken;
    }
    Ok(cost)
}
