//! `productPutOnSale` and `productTakeOffSale`.

use async_graphql::{Enum, InputObject};
use entities::catalog::product;
use uuid::Uuid;

use super::IMPORT;
use foundation::graph::scalars::Id;
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Puts a product on sale: a new one, or one that was taken off.
#[derive(InputObject)]
pub struct ProductPutOnSaleInput {
    /// The product.
    pub id: Id<product::Entity>,
}

/// Why a product cannot be put on sale.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ProductPutOnSaleErrorCode")]
pub enum ProductPutOnSaleProblem {
    /// It is on sale already.
    WrongStatus,
}

/// The verb.
pub struct ProductPutOnSale;

const PAYLOAD: &[Part] = &[Part::Row("product", "Product", "The product as it now is.")];
const MOVE: &str = "update catalog.products p set status = $3 where p.biz_id = $1 and p.id = $2";

impl Verb for ProductPutOnSale {
    type Input = ProductPutOnSaleInput;
    type Problem = ProductPutOnSaleProblem;

    const NAME: &'static str = "productPutOnSale";
    const PERMISSION: Permission = Permission::Holds(IMPORT);
    const EVENT: Option<&'static str> = Some("product.on_sale");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        if lock(act, id).await? == "active" {
            let message = "The product is on sale already.";
            return Err(Fault::at(
                ProductPutOnSaleProblem::WrongStatus,
                "id",
                message,
            ));
        }
        let values = [act.scope.biz_id().into(), id.into(), "active".into()];
        act.scope.execute(MOVE, &values).await?;
        Ok(Outcome::row("product", id))
    }
}

/// Takes a product off sale. What was sold of it stays; while orders that are not done have it, it
/// cannot be taken off.
#[derive(InputObject)]
pub struct ProductTakeOffSaleInput {
    /// The product.
    pub id: Id<product::Entity>,
}

/// Why a product cannot be taken off sale.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ProductTakeOffSaleErrorCode")]
pub enum ProductTakeOffSaleProblem {
    /// It is not on sale.
    WrongStatus,
    /// Orders that are not done have it; the message says how many.
    OpenOrders,
}

/// The verb.
pub struct ProductTakeOffSale;

impl Verb for ProductTakeOffSale {
    type Input = ProductTakeOffSaleInput;
    type Problem = ProductTakeOffSaleProblem;

    const NAME: &'static str = "productTakeOffSale";
    const PERMISSION: Permission = Permission::Holds(IMPORT);
    const EVENT: Option<&'static str> = Some("product.off_sale");
    const PAYLOAD: &'static [Part] = PAYLOAD;

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let id = input.id.uuid();
        if lock(act, id).await? != "active" {
            let message = "The product is not on sale.";
            return Err(Fault::at(
                ProductTakeOffSaleProblem::WrongStatus,
                "id",
                message,
            ));
        }
        let values = [act.scope.biz_id().into(), id.into()];
        let row = act.scope.query_opt(OPEN, &values).await?;
        let open: i64 = row.map_or(Ok(0), |row| row.try_get(0))?;
        if open > 0 {
            let message = format!("{open} orders that are not done have it.");
            return Err(Fault::at(
                ProductTakeOffSaleProblem::OpenOrders,
                "id",
                message,
            ));
        }
        let values = [act.scope.biz_id().into(), id.into(), "archived".into()];
        act.scope.execute(MOVE, &values).await?;
        Ok(Outcome::row("product", id))
    }
}

const OPEN: &str = "select count(distinct o.id) from catalog.product_variants v \
    join catalog.sellables s on s.biz_id = $1 and s.ref_type = 'ProductVariant' and s.ref_id = v.id \
    join booking.booking_order_lines l on l.biz_id = $1 and l.sellable_id = s.id and l.voided_at is null \
    join booking.booking_orders o on o.biz_id = $1 and o.id = l.order_id \
      and o.status in ('draft', 'held', 'pending_approval', 'confirmed', 'in_progress') \
    where v.biz_id = $1 and v.product_id = $2";

async fn lock<P>(act: &Act<'_>, id: Uuid) -> Result<String, Fault<P>> {
    let sql = "select p.status::text from catalog.products p \
               where p.biz_id = $1 and p.id = $2 and p.deleted_at is null for no key update";
    let row = act
        .scope
        .query_opt(sql, &[act.scope.biz_id().into(), id.into()])
        .await?;
    let row = row.ok_or_else(|| Fault::not_found("product"))?;
    Ok(row.try_get(0)?)
}
