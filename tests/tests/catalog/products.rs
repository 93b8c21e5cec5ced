//! Lists of products: each item by itself, by its article number.

use serde_json::{Value, json};
use tests::hotel::made;

use super::{Shop, with};

const RESULTS: &str =
    "results { sku isNew productId variantId error { code field } } doneCount refusedCount";

#[tokio::test]
async fn a_list_is_taken_over_item_by_item() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let owner = shop.owner();
    made(
        owner,
        "productCategory",
        json!({ "code": "BAR", "name": "Bar" }),
    )
    .await?;
    let items = json!([
        { "sku": "W-075", "name": "Water 0.75", "productCode": "WATER", "categoryCode": "BAR", "barcode": "400", "unitCost": { "amount": "0.40", "currency": "EUR" } },
        { "sku": "W-033", "name": "Water 0.33", "productCode": "WATER" },
        { "sku": "GIN", "name": "Gin", "kind": "MENU_ITEM" },
        { "sku": "W-075", "name": "Twice" },
        { "sku": "BAD", "name": "Bad", "categoryCode": "NOWHERE" },
        { "sku": "DUP", "name": "Same barcode", "barcode": "400" },
        { "sku": "NONE", "name": " " },
    ]);
    let done = owner
        .act("productImport", json!({ "items": items }), RESULTS)
        .await?;
    let codes: Vec<Value> = done["results"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|result| result["error"]["code"].clone())
        .collect();
    assert_eq!(
        codes,
        [
            Value::Null,
            Value::Null,
            Value::Null,
            json!("TWICE"),
            json!("NO_CATEGORY"),
            json!("BARCODE_TAKEN"),
            json!("INVALID")
        ]
    );
    assert_eq!(
        (&done["doneCount"], &done["refusedCount"]),
        (&json!(3), &json!(4))
    );
    assert_eq!(
        done["results"][0]["productId"],
        done["results"][1]["productId"]
    );
    let data = owner.read("{ products { nodes { code name status category { code } } } productVariants { nodes { sku unitCostMinor } } \
        sellables(filter: {kind: {eq: PRODUCT_VARIANT}}) { nodes { name } } }").await?;
    assert_eq!(data["products"]["nodes"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        data["productVariants"]["nodes"].as_array().map(Vec::len),
        Some(3)
    );
    assert_eq!(data["sellables"]["nodes"].as_array().map(Vec::len), Some(3));
    Ok(())
}

#[tokio::test]
async fn what_is_here_is_updated_with_what_the_list_says() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let owner = shop.owner();
    let item = json!({ "sku": "GIN", "name": "Gin", "barcode": "401", "brand": "Old Tom", "unitCost": { "amount": "9.00", "currency": "EUR" } });
    let first = owner
        .act("productImport", json!({ "items": [item] }), RESULTS)
        .await?;
    assert_eq!(first["results"][0]["isNew"], true);
    let change = json!({ "sku": "GIN", "name": "London gin", "productCode": "OTHER" });
    let second = owner
        .act("productImport", json!({ "items": [change] }), RESULTS)
        .await?;
    let same = &second["results"][0];
    assert_eq!(
        (&same["isNew"], &same["variantId"]),
        (&json!(false), &first["results"][0]["variantId"])
    );
    // A variant stays with its product, and what the list does not say stays too.
    assert_eq!(same["productId"], first["results"][0]["productId"]);
    let data = owner.read("{ products { nodes { code brand } } productVariants { nodes { name barcode unitCostMinor } } }").await?;
    assert_eq!(
        data["products"]["nodes"],
        json!([{ "code": "GIN", "brand": "Old Tom" }])
    );
    assert_eq!(
        data["productVariants"]["nodes"],
        json!([{ "name": "London gin", "barcode": "401", "unitCostMinor": 900 }])
    );
    let key = json!({ "items": [{ "sku": "RUM", "name": "Rum" }], "idempotencyKey": "list-1" });
    owner.act("productImport", key.clone(), RESULTS).await?;
    assert_eq!(
        owner.act("productImport", key, RESULTS).await?["replayed"],
        true
    );
    let dry = json!({ "items": [{ "sku": "ALE", "name": "Ale" }], "dryRun": true });
    assert_eq!(
        owner.act("productImport", dry, RESULTS).await?["doneCount"],
        1
    );
    let data = owner.read("{ products { totalCount } }").await?;
    assert_eq!(data["products"]["totalCount"], 2);
    Ok(())
}

#[tokio::test]
async fn lists_are_bounded_and_permitted() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let many: Vec<Value> = (0..501)
        .map(|index| json!({ "sku": index.to_string(), "name": "x" }))
        .collect();
    shop.owner()
        .verb("productImport", json!({ "items": many }), RESULTS)
        .await?
        .must_fail("BAD_USER_INPUT")?;
    shop.owner()
        .verb("productImport", json!({ "items": [] }), RESULTS)
        .await?
        .must_fail("BAD_USER_INPUT")?;
    let desk = shop.world.staff(shop.owner(), "front_desk", &[]).await?;
    let one = json!({ "items": [{ "sku": "A", "name": "A" }] });
    desk.verb("productImport", one, RESULTS)
        .await?
        .must_fail("FORBIDDEN")?;
    Ok(())
}

#[tokio::test]
async fn a_product_that_open_orders_have_is_not_taken_off_sale() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let owner = shop.owner();
    let item = json!({ "sku": "ROSES", "name": "Roses" });
    let made = owner
        .act("productImport", json!({ "items": [item] }), RESULTS)
        .await?;
    let product = json!({ "id": made["results"][0]["productId"] });
    let data = owner
        .read("{ sellables(filter: {kind: {eq: PRODUCT_VARIANT}}) { nodes { id } } }")
        .await?;
    let stay = shop.hotel.stay(tests::hotel::soon(0), 1);
    let order = shop
        .hotel
        .book(with(
            stay,
            json!({ "sellableId": data["sellables"]["nodes"][0]["id"] }),
        ))
        .await?;
    let selection = "product { status }";
    owner
        .verb("productPutOnSale", product.clone(), selection)
        .await?
        .must_refuse("WRONG_STATUS")?;
    owner
        .verb("productTakeOffSale", product.clone(), selection)
        .await?
        .must_refuse("OPEN_ORDERS")?;
    let cancel = json!({ "id": order["id"], "reason": "x" });
    owner
        .act("bookingCancel", cancel, "bookingOrder { id }")
        .await?;
    let off = owner
        .act("productTakeOffSale", product.clone(), selection)
        .await?;
    assert_eq!(off["product"]["status"], "ARCHIVED");
    owner
        .verb("productTakeOffSale", product.clone(), selection)
        .await?
        .must_refuse("WRONG_STATUS")?;
    let on = owner
        .act("productPutOnSale", product.clone(), selection)
        .await?;
    assert_eq!(on["product"]["status"], "ACTIVE");
    let other = shop.world.owner().await?;
    for verb in ["productPutOnSale", "productTakeOffSale"] {
        other
            .verb(verb, product.clone(), selection)
            .await?
            .must_fail("NOT_FOUND")?;
    }
    Ok(())
}
