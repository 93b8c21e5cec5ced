//! `productImport`.

use async_graphql::registry::Registry;
use async_graphql::{Enum, InputObject, OutputType, SimpleObject};
use entities::catalog::{product, product_variant};
use serde::Serialize;
use uuid::Uuid;

use super::IMPORT;
use super::choices::ProductKind;
use foundation::database::{Error, new_id};
use foundation::graph::failure::Failure;
use foundation::graph::scalars::{Choice, Id, MoneyInput};
use foundation::graph::verb::item::{ItemError, MOST_ITEMS, item};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Takes over a list of products, by their article numbers: what is here is updated with what the list
/// says, and what is new is made with its product and is sold. Each item by itself: one that is refused
/// keeps none of the others out.
#[derive(InputObject)]
pub struct ProductImportInput {
    /// The items, 500 at most.
    pub items: Vec<ProductImportItemInput>,
}

/// A product, or a variant of one.
#[derive(InputObject)]
pub struct ProductImportItemInput {
    /// The article number, by which it is known.
    pub sku: String,
    /// The name of the variant, and of its product where that is new.
    pub name: String,
    /// The short name of the product that it is a variant of; the article number if not given.
    pub product_code: Option<String>,
    /// What sort of thing it is; GOOD if not given.
    pub kind: Option<Choice<ProductKind>>,
    /// The category, by its short name; it must be there.
    pub category_code: Option<String>,
    /// What is read about it.
    pub description: Option<String>,
    /// The brand.
    pub brand: Option<String>,
    /// The tax category.
    pub tax_category: Option<String>,
    /// The barcode.
    pub barcode: Option<String>,
    /// What one costs.
    pub unit_cost: Option<MoneyInput>,
    /// Whether stock of it is kept.
    pub is_stocked: Option<bool>,
}

/// What became of one item.
#[derive(SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductImportResult {
    /// The article number.
    sku: String,
    /// The product, where it was taken over.
    product_id: Option<Id<product::Entity>>,
    /// The variant, where it was taken over.
    variant_id: Option<Id<product_variant::Entity>>,
    /// Whether it was not here before.
    is_new: bool,
    /// Why it was not taken over.
    error: Option<ItemError>,
}

/// Why an item is not taken over.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ProductImportErrorCode")]
pub enum ProductImportProblem {
    /// The list has this article number twice.
    Twice,
    /// There is no category of this short name.
    NoCategory,
    /// Another variant has this barcode.
    BarcodeTaken,
}

/// The verb.
pub struct ProductImport;

impl Verb for ProductImport {
    type Input = ProductImportInput;
    type Problem = ProductImportProblem;

    const NAME: &'static str = "productImport";
    const PERMISSION: Permission = Permission::Holds(IMPORT);
    const EVENT: Option<&'static str> = Some("products.imported");
    const PAYLOAD: &'static [Part] = &[
        Part::Value(
            "results",
            "[ProductImportResult!]",
            "What became of each item, in their order.",
        ),
        Part::Value("doneCount", "Int", "How many were taken over."),
        Part::Value("refusedCount", "Int", "How many were refused."),
    ];

    fn types(registry: &mut Registry) {
        <ProductImportResult as OutputType>::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        if input.items.is_empty() || input.items.len() > MOST_ITEMS {
            let message = format!("Send 1 to {MOST_ITEMS} items at once.");
            return Err(Failure::input(message).into());
        }
        let mut results = Vec::with_capacity(input.items.len());
        let mut seen = std::collections::BTreeSet::new();
        for given in &input.items {
            let is_first = seen.insert(given.sku.trim());
            let done = item(act, take(act, given, is_first)).await?;
            results.push(result(given, done));
        }
        let refused = results
            .iter()
            .filter(|result| result.error.is_some())
            .count();
        let done = results.len() - refused;
        let count = |count: usize| i64::try_from(count).unwrap_or_default();
        let subject = results
            .iter()
            .find_map(|result| result.product_id.map(|id| id.uuid()));
        let values =
            serde_json::to_value(&results).map_err(|error| Error::Internal(error.to_string()))?;
        let mut outcome = Outcome::default()
            .and_value("results", values)
            .and_value("doneCount", count(done))
            .and_value("refusedCount", count(refused))
            .detail("done", count(done));
        outcome.subject = subject.map(|id| ("Product", id));
        Ok(outcome)
    }
}

struct Taken {
    product_id: Uuid,
    variant_id: Uuid,
    is_new: bool,
}

fn result(given: &ProductImportItemInput, done: Result<Taken, ItemError>) -> ProductImportResult {
    let (taken, error) = match done {
        Ok(taken) => (Some(taken), None),
        Err(error) => (None, Some(error)),
    };
    ProductImportResult {
        sku: given.sku.clone(),
        product_id: taken.as_ref().map(|taken| Id::new(taken.product_id)),
        variant_id: taken.as_ref().map(|taken| Id::new(taken.variant_id)),
        is_new: taken.is_some_and(|taken| taken.is_new),
        error,
    }
}

const CATEGORY: &str = "select c.id from catalog.product_categories c \
    where c.biz_id = $1 and c.code = $2 and c.deleted_at is null";

// A variant that is here stays with its product, whatever code the list has for it.
const PRODUCT: &str = "insert into catalog.products as p (biz_id, id, code, kind, name, description, brand, status, category_id, \
      tax_category, is_stocked) \
    values ($1, $2, coalesce((select k.code from catalog.product_variants v join catalog.products k on k.biz_id = $1 and k.id = v.product_id \
        where v.biz_id = $1 and v.sku = $3 and v.deleted_at is null), $4), \
      coalesce($5, 'good'), $6, coalesce($7, ''), $8, 'active', $9, $10, coalesce($11, false)) \
    on conflict (biz_id, code) where deleted_at is null do update set \
      kind = coalesce($5, p.kind), description = coalesce($7, p.description), brand = coalesce($8, p.brand), \
      category_id = coalesce($9, p.category_id), tax_category = coalesce($10, p.tax_category), \
      is_stocked = coalesce($11, p.is_stocked), \
      name = case when $4 = $3 then $6 else p.name end \
    returning p.id";

const VARIANT: &str = "insert into catalog.product_variants as v (biz_id, id, product_id, sku, barcode, name, unit_cost_minor, currency, is_default) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, not exists (select from catalog.product_variants d \
      where d.biz_id = $1 and d.product_id = $3 and d.is_default and d.deleted_at is null)) \
    on conflict (biz_id, sku) where deleted_at is null do update set \
      name = $6, barcode = coalesce($5, v.barcode), unit_cost_minor = coalesce($7, v.unit_cost_minor), currency = coalesce($8, v.currency) \
    returning v.id, v.id = $2";

const SELLABLE: &str = "insert into catalog.sellables as s (biz_id, id, kind, ref_type, ref_id, name, tax_category) \
    values ($1, $2, 'product_variant', 'ProductVariant', $3, $4, $5) \
    on conflict (biz_id, ref_type, ref_id) where deleted_at is null and ref_id is not null \
    do update set name = $4, tax_category = coalesce($5, s.tax_category)";

async fn take(
    act: &Act<'_>,
    given: &ProductImportItemInput,
    is_first: bool,
) -> Result<Taken, Fault<ProductImportProblem>> {
    if !is_first {
        let message = "The list has this article number twice.";
        return Err(Fault::at(ProductImportProblem::Twice, "sku", message));
    }
    let product_id = product(act, given).await?;
    let (variant_id, is_new) = variant(act, given, product_id).await?;
    let values = [
        act.scope.biz_id().into(),
        new_id().into(),
        variant_id.into(),
        given.name.trim().into(),
        given.tax_category.clone().into(),
    ];
    act.scope.execute(SELLABLE, &values).await?;
    Ok(Taken {
        product_id,
        variant_id,
        is_new,
    })
}

/// The product of an item, made or changed.
async fn product(
    act: &Act<'_>,
    given: &ProductImportItemInput,
) -> Result<Uuid, Fault<ProductImportProblem>> {
    let sku = given.sku.trim();
    let category = category(act, given.category_code.as_deref()).await?;
    let values = [
        act.scope.biz_id().into(),
        new_id().into(),
        sku.into(),
        given.product_code.as_deref().map_or(sku, str::trim).into(),
        given.kind.as_ref().map(|kind| kind.0.to_owned()).into(),
        given.name.trim().into(),
        given.description.clone().into(),
        given.brand.clone().into(),
        category.into(),
        given.tax_category.clone().into(),
        given.is_stocked.into(),
    ];
    let row = act.scope.query_opt(PRODUCT, &values).await?;
    let row = row.ok_or_else(|| Error::Internal("a product vanished".to_owned()))?;
    Ok(row.try_get(0)?)
}

/// The variant of an item, made or changed; and whether it is new.
async fn variant(
    act: &Act<'_>,
    given: &ProductImportItemInput,
    product_id: Uuid,
) -> Result<(Uuid, bool), Fault<ProductImportProblem>> {
    let values = [
        act.scope.biz_id().into(),
        new_id().into(),
        product_id.into(),
        given.sku.trim().into(),
        given.barcode.clone().into(),
        given.name.trim().into(),
        given.unit_cost.as_ref().map(|cost| cost.minor).into(),
        given
            .unit_cost
            .as_ref()
            .map(|cost| cost.currency.clone())
            .into(),
    ];
    let row = act
        .scope
        .query_opt(VARIANT, &values)
        .await
        .map_err(barcode)?;
    let row = row.ok_or_else(|| Error::Internal("a variant vanished".to_owned()))?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

fn barcode(error: Error) -> Fault<ProductImportProblem> {
    match &error {
        Error::Violation(broken) if broken.constraint == "product_variants_barcode_key" => {
            Fault::at(
                ProductImportProblem::BarcodeTaken,
                "barcode",
                "Another variant has this barcode.",
            )
        }
        _ => error.into(),
    }
}

async fn category(
    act: &Act<'_>,
    code: Option<&str>,
) -> Result<Option<Uuid>, Fault<ProductImportProblem>> {
    let Some(code) = code else {
        return Ok(None);
    };
    let row = act
        .scope
        .query_opt(CATEGORY, &[act.scope.biz_id().into(), code.into()])
        .await?;
    if let Some(row) = row {
        Ok(Some(row.try_get(0)?))
    } else {
        let message = format!("There is no category {code}.");
        Err(Fault::at(
            ProductImportProblem::NoCategory,
            "categoryCode",
            message,
        ))
    }
}
