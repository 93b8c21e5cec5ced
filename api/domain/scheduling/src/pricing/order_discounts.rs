//! Discounts of bookings that are made already: what an order costs, part by part, and how its amounts
//! and taxes follow when one more is taken off, or one fewer. Such discounts are of the order as a whole;
//! those that were given with a line's price stay in it.

use rust_decimal::Decimal;
use serde_json::json;
use tokio_postgres::Row;
use uuid::Uuid;

use super::discount::Basket;
use super::line::Listed;
use super::load::{discounts, tariff};
use super::order_taxes::Sold;
use super::priced::{PricedFeature, PricedLine};
use super::record::{Source, record_calculation};
use super::refusal::{Refusal, Ruled};
use super::request::{Item, PriceRequest, Time, What};
use super::tariff::{Discount, Good, Target, Tariff};
use super::tax::{TaxCalculation, TaxInputs, TaxableLine, calculate};
use foundation::database::{Error, Scope};
use foundation::graph::verb::{Act, Fault};

/// A booking, locked until the transaction ends.
pub struct Order {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: String,
    /// What is taken off it as a whole, in minor units.
    pub discount_minor: i64,
    /// What its prices are reckoned from, for its customer and items.
    pub request: PriceRequest,
    /// The prices as they are now: who gets which discount, and what belongs to which offer.
    pub tariff: Tariff,
    /// Its lines, each with what it stands for.
    pub lines: Vec<(Listed, Good)>,
    /// What was added to it.
    pub features: Vec<PricedFeature>,
    /// Its uses of discounts that stand: the use, the discount and what it came to.
    pub standing: Vec<(Uuid, Discount, i64)>,
    tax_minor: i64,
    kept: Option<TaxInputs>,
}

pub(super) const LOCK: &str = "select o.status::text, o.location_id, o.customer_id, o.currency::text, o.discount_minor, o.tax_minor, o.channel::text, ( \
      select c.inputs from pricing.tax_calculations c \
      where c.biz_id = o.biz_id and c.source_type = 'BookingOrder' and c.source_id = o.id order by c.revision desc limit 1) \
    from booking.booking_orders o where o.biz_id = $1 and o.id = $2 for no key update of o";

const LINES: &str = "select l.line_no, l.sellable_id, l.quantity, l.total_minor, l.tax_category, l.tax_rate, l.tax_minor \
    from booking.booking_order_lines l \
    where l.biz_id = $1 and l.order_id = $2 and l.voided_at is null order by l.line_no";

const FEATURES: &str = "select f.id, f.feature_id, f.name, f.amount_minor, f.tax_rate, f.tax_minor from booking.booking_features f \
    where f.biz_id = $1 and f.order_id = $2 and f.voided_at is null order by f.id";

const STANDING: &str = "select r.id, r.discount_id, r.amount_minor from pricing.discount_redemptions r \
    where r.biz_id = $1 and r.source_type = 'BookingOrder' and r.source_id = $2 and r.reverses_id is null \
      and not exists (select from pricing.discount_redemptions b where b.biz_id = $1 and b.reverses_id = r.id) \
    order by r.created_at, r.id";

/// Locks a booking that the caller's permission reaches, and reads what it costs.
pub async fn lock<P>(
    act: &Act<'_>,
    permission: &str,
    id: Uuid,
    codes: Vec<String>,
) -> Result<Order, Fault<P>> {
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(LOCK, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("booking"))?;
    let location_id = row.try_get(1)?;
    act.permit_at(permission, location_id, "booking")?;
    let may_approve = act
        .principal()?
        .may_at(super::price_quote::APPROVE, location_id);
    let order = load(act.scope, id, &row, (codes, may_approve)).await?;
    order.ok_or_else(|| Fault::not_found("location"))
}

/// The tax of what does not include it, by reference.
pub(super) fn on_top(inputs: &TaxInputs, tax: &TaxCalculation) -> Vec<(String, i64)> {
    let lines = inputs.lines.iter().filter(|line| !line.is_inclusive);
    lines
        .map(|line| {
            let all = tax.of(&line.reference).map(|part| part.tax_minor).sum();
            (line.reference.clone(), all)
        })
        .collect()
}

/// What a locked booking costs, part by part. None where its location is gone.
pub(super) async fn load(
    scope: &Scope,
    id: Uuid,
    row: &Row,
    (codes, may_approve): (Vec<String>, bool),
) -> Result<Option<Order>, Error> {
    let values = [scope.biz_id().into(), id.into()];
    let (lines, features, standing) = futures_util::try_join!(
        scope.query(LINES, &values),
        scope.query(FEATURES, &values),
        scope.query(STANDING, &values),
    )?;
    let request = PriceRequest {
        location_id: row.try_get(1)?,
        customer_id: row.try_get(2)?,
        channel: row.try_get(6)?,
        currency: Some(row.try_get(3)?),
        discount_codes: codes,
        may_approve_discounts: may_approve,
        at: None,
        items: lines.iter().map(item).collect::<Result<_, Error>>()?,
    };
    let Some(tariff) = Box::pin(tariff(scope, &request)).await? else {
        return Ok(None);
    };
    let priced = lines
        .iter()
        .map(|row| line(row, &tariff))
        .collect::<Result<_, Error>>()?;
    let kept: Option<serde_json::Value> = row.try_get(7)?;
    Ok(Some(Order {
        id,
        status: row.try_get(0)?,
        discount_minor: row.try_get(4)?,
        lines: priced,
        features: features.iter().map(feature).collect::<Result<_, Error>>()?,
        standing: uses(scope, &standing, request.customer_id).await?,
        tax_minor: row.try_get(5)?,
        kept: kept.and_then(|inputs| serde_json::from_value(inputs).ok()),
        request,
        tariff,
    }))
}

fn item(row: &Row) -> Result<Item, Error> {
    let number: i32 = row.try_get(0)?;
    Ok(Item {
        reference: number.to_string(),
        what: What::Sellable(row.try_get(1)?),
        quantity: row.try_get(2)?,
        time: Time::Never,
        ..Item::default()
    })
}

fn line(row: &Row, tariff: &Tariff) -> Result<(Listed, Good), Error> {
    let item = item(row)?;
    let total_minor: i64 = row.try_get(3)?;
    let tax_minor: i64 = row.try_get(6)?;
    let line = PricedLine {
        reference: item.reference,
        sellable_id: item.what.id(),
        quantity: item.quantity,
        list_minor: total_minor,
        total_minor,
        tax_category: row.try_get(4)?,
        tax_rate: row.try_get(5)?,
        tax_minor,
        ..PricedLine::default()
    };
    let good = tariff.goods.get(&item.what).cloned().unwrap_or_default();
    Ok((Listed::sold(line), good))
}

fn feature(row: &Row) -> Result<PricedFeature, Error> {
    let id: Uuid = row.try_get(0)?;
    Ok(PricedFeature {
        reference: id.to_string(),
        item: String::new(),
        feature_id: row.try_get(1)?,
        feature_price_id: Uuid::nil(),
        name: row.try_get(2)?,
        calculation: String::new(),
        value: Decimal::ZERO,
        units: 1,
        days: 1,
        amount_minor: row.try_get(3)?,
        order_discount_minor: 0,
        tax_rate: row.try_get(4)?,
        tax_minor: row.try_get(5)?,
        included_tax_minor: 0,
        is_inclusive: false,
    })
}

async fn uses(
    scope: &Scope,
    rows: &[Row],
    customer_id: Option<Uuid>,
) -> Result<Vec<(Uuid, Discount, i64)>, Error> {
    let mut uses = Vec::with_capacity(rows.len());
    for row in rows {
        let of: (Uuid, Uuid, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        uses.push(of);
    }
    if uses.is_empty() {
        return Ok(Vec::new());
    }
    let ids = uses.iter().map(|(_, discount, _)| *discount).collect();
    let known = discounts(scope, ids, customer_id).await?;
    let found = uses.into_iter().filter_map(|(id, discount, amount)| {
        let known = known.iter().find(|known| known.id == discount)?;
        Some((id, known.clone(), amount))
    });
    Ok(found.collect())
}

impl Order {
    /// Refuses an order that is over or called off.
    pub fn allow<P>(&self, code: P) -> Result<(), Fault<P>> {
        let open = [
            "draft",
            "held",
            "pending_approval",
            "confirmed",
            "in_progress",
        ];
        if open.contains(&self.status.as_str()) {
            return Ok(());
        }
        let message = format!(
            "The booking is {}: its price is not changed any more.",
            self.status
        );
        Err(Fault::at(code, "bookingOrderId", message))
    }

    /// How much of the discount on the order comes of uses that stand, and so can be taken back: those of
    /// the whole order first. What a use does not come to here stands in the prices of lines.
    pub fn on_order(&self, id: Uuid) -> i64 {
        let mut left = self.discount_minor;
        let whole = |use_: &&(Uuid, Discount, i64)| use_.1.target == Target::Order;
        let all = self.standing.iter();
        let ordered = all
            .clone()
            .filter(whole)
            .chain(all.filter(|use_| !whole(use_)));
        for (use_id, _, amount) in ordered {
            let part = (*amount).min(left);
            if *use_id == id {
                return part;
            }
            left -= part;
        }
        0
    }

    /// Takes off the parts of the order what its discounts come to, all but one use.
    pub fn discounted<P>(
        &mut self,
        but: Option<Uuid>,
        more: impl FnOnce(&Self, &mut Basket<'_, '_>) -> Result<i64, Fault<P>>,
    ) -> Result<i64, Fault<P>> {
        let uses: Vec<(Discount, i64)> = self
            .standing
            .iter()
            .filter(|(id, ..)| Some(*id) != but)
            .map(|(id, discount, _)| (discount.clone(), self.on_order(*id)))
            .collect();
        let released = but.map_or(0, |id| self.on_order(id));
        let explained: i64 = uses.iter().map(|(_, amount)| amount).sum();
        let by_hand = self.discount_minor - released - explained;
        let goods: Vec<Good> = self.lines.iter().map(|(_, good)| good.clone()).collect();
        let listed = self.lines.iter().map(|(listed, _)| listed.clone());
        let mut lines: Vec<(Listed, &Good)> = listed.zip(&goods).collect();
        let mut features = self.features.clone();
        let mut basket = Basket {
            lines: &mut lines,
            features: &mut features,
        };
        for (discount, amount) in &uses {
            basket.take_again(discount, *amount);
        }
        basket.take_again(&Discount::default(), by_hand);
        let added = more(self, &mut basket)?;
        for ((own, _), (listed, _)) in self.lines.iter_mut().zip(lines) {
            *own = listed;
        }
        self.features = features;
        self.discount_minor += added - released;
        Ok(added)
    }

    /// The tax of the order as it now is; none where it is not taxed on top or within. Lines that are
    /// added are taxed as they are sold, by the rates of today; what was sold untaxed stays so.
    pub(super) fn taxed(&self, added: &[Sold]) -> Ruled<Option<TaxInputs>> {
        let sold = |reference: &str| added.iter().find(|sold| sold.reference == reference);
        let mut lines = self.lines.iter().map(|(listed, _)| &listed.line);
        let was_taxed = self.tax_minor > 0
            || lines.any(|line| line.tax_rate.is_some() && sold(&line.reference).is_none());
        let today = &self.tariff.tax;
        let (mut inputs, is_whole) = match (&self.kept, was_taxed) {
            (Some(kept), _) => (
                kept.clone(),
                kept.lines.iter().any(|line| line.due.is_none()),
            ),
            (None, true) => (today.clone(), true),
            (None, false) if added.is_empty() => return Ok(None),
            (None, false) => (today.clone(), false),
        };
        let known = std::mem::take(&mut inputs.lines);
        for (Listed { line, .. }, _) in &self.lines {
            let kept = known.iter().find(|kept| kept.reference == line.reference);
            let (is_inclusive, due) = match (kept, sold(&line.reference)) {
                (Some(kept), _) => (kept.is_inclusive, kept.due.clone()),
                (None, Some(sold)) => {
                    let due = today.due(line.tax_category.as_deref())?;
                    let due = inputs.owe(&due);
                    (sold.is_inclusive, Some(due))
                }
                (None, None) if is_whole => (self.tax_minor == 0, None),
                (None, None) => continue,
            };
            inputs.lines.push(TaxableLine {
                reference: line.reference.clone(),
                category: line.tax_category.clone(),
                amount_minor: line.total_minor - line.order_discount_minor,
                is_inclusive,
                due,
            });
        }
        if is_whole {
            let features = self.taxable_features();
            inputs.lines.extend(features);
        }
        Ok(Some(inputs))
    }

    /// What was added to the order, which is taxed as its first line is.
    fn taxable_features(&self) -> impl Iterator<Item = TaxableLine> {
        let first = self.lines.first().map(|(listed, _)| &listed.line);
        let category = first.and_then(|line| line.tax_category.clone());
        self.features.iter().map(move |feature| TaxableLine {
            reference: feature.reference.clone(),
            category: category.clone(),
            amount_minor: feature.amount_minor - feature.order_discount_minor,
            is_inclusive: self.tax_minor == 0,
            due: None,
        })
    }

    /// Writes the order's amounts as they follow from its discounts, and keeps its tax.
    pub async fn write<P>(
        &self,
        act: &Act<'_>,
        refused: impl Fn(Refusal) -> Fault<P>,
    ) -> Result<(), Fault<P>> {
        let mut on_top: Option<serde_json::Value> = None;
        if let Some(inputs) = self.taxed(&[]).map_err(&refused)? {
            let tax = calculate(&inputs).map_err(&refused)?;
            record_calculation(act.scope, Source::order(self.id), &inputs, &tax).await?;
            let taxes = self::on_top(&inputs, &tax).into_iter();
            let taxes = taxes
                .map(|(reference, minor)| json!({ "reference": reference, "tax_minor": minor }));
            on_top = Some(serde_json::Value::Array(taxes.collect()));
        }
        let values = [
            act.scope.biz_id().into(),
            self.id.into(),
            self.discount_minor.into(),
            on_top.map(|taxes| taxes.to_string()).into(),
        ];
        act.scope.execute(WRITE, &values).await?;
        Ok(())
    }
}

// Tax on top is that of the lines and features that do not include it; where nothing is taxed, it stays.
const WRITE: &str = "with taxes as ( \
      select t.reference, t.tax_minor from jsonb_to_recordset(coalesce($4::jsonb, '[]')) t (reference text, tax_minor bigint)), \
    lines as ( \
      update booking.booking_order_lines l set tax_minor = t.tax_minor from taxes t \
      where l.biz_id = $1 and l.order_id = $2 and l.voided_at is null and l.line_no::text = t.reference and l.tax_minor <> t.tax_minor), \
    features as ( \
      update booking.booking_features f set tax_minor = t.tax_minor from taxes t \
      where f.biz_id = $1 and f.order_id = $2 and f.voided_at is null and f.id::text = t.reference and f.tax_minor <> t.tax_minor), \
    amounts as ( \
      select case when $4::jsonb is null then o.tax_minor else (select coalesce(sum(t.tax_minor), 0)::bigint from taxes t) end as tax_minor \
      from booking.booking_orders o where o.biz_id = $1 and o.id = $2) \
    update booking.booking_orders o set discount_minor = $3, tax_minor = a.tax_minor, \
      total_minor = o.base_minor + o.features_minor - $3 + a.tax_minor, \
      deposit_due_minor = least(o.deposit_due_minor, o.base_minor + o.features_minor - $3 + a.tax_minor) \
    from amounts a \
    where o.biz_id = $1 and o.id = $2";
