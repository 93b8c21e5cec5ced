//! What one request may ask for at most, each limit with an error that says so.

use serde_json::json;
use tests::World;

use super::Shop;

#[tokio::test]
async fn lists_have_a_size() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    for (list, code) in [
        (
            "bookingOrders(first: 1001) { nodes { id } }",
            "BAD_USER_INPUT",
        ),
        (
            "bookingOrders(first: 201) { nodes { id location { id } } }",
            "BAD_USER_INPUT",
        ),
        (
            "locations { nodes { bookingOrders(first: 201) { nodes { id } } } }",
            "BAD_USER_INPUT",
        ),
        (
            "bookingOrders(last: 1001) { nodes { id } }",
            "BAD_USER_INPUT",
        ),
        (
            "bookingOrders(offset: 1000001) { nodes { id } }",
            "BAD_USER_INPUT",
        ),
    ] {
        let answer = shop.owner.ask(&format!("{{ {list} }}")).await?;
        assert_eq!(answer.code(), Some(code), "{list}: {}", answer.body);
        assert!(
            answer.message().contains("200") || answer.message().contains("1000"),
            "{}",
            answer.message()
        );
    }
    Ok(())
}

#[tokio::test]
async fn nodes_takes_two_hundred_ids() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let id = shop.rows[0]["id"].clone();
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let answer = shop
        .owner
        .graphql(query, json!({"ids": vec![id.clone(); 200]}))
        .await?
        .must()?;
    assert_eq!(answer.data("/nodes").as_array().map(Vec::len), Some(200));
    let answer = shop
        .owner
        .graphql(query, json!({"ids": vec![id; 201]}))
        .await?;
    answer.must_fail("BAD_USER_INPUT")?;
    Ok(())
}

#[tokio::test]
async fn a_document_that_asks_for_too_many_rows_is_refused_before_it_is_run() -> anyhow::Result<()>
{
    let shop = Shop::open().await?;
    let query = "{ bookingOrders(first: 200) { nodes { participants(first: 200) { nodes { order { participants(first: 200) { nodes { id } } } } } } } }";
    let answer = shop.owner.ask(query).await?.must_fail("COST_LIMIT")?;
    assert!(answer.message().contains("250000"), "{}", answer.message());
    // Several fields add up.
    let many: String = (0..30)
        .map(|index| format!("f{index}: bookingOrders(first: 100) {{ nodes {{ participants(first: 100) {{ nodes {{ id }} }} }} }} "))
        .collect();
    shop.owner
        .ask(&format!("{{ {many} }}"))
        .await?
        .must_fail("COST_LIMIT")?;
    Ok(())
}

#[tokio::test]
async fn the_cost_of_a_request_stands_in_its_answer() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let cheap = shop
        .owner
        .ask("{ bookingOrders(first: 10) { nodes { id } } }")
        .await?;
    let dear = shop
        .owner
        .ask("{ bookingOrders(first: 10) { nodes { participants(first: 20) { nodes { id } } } } }")
        .await?;
    let cost = |answer: &tests::Answer| {
        answer.body["extensions"]["cost"]
            .as_i64()
            .unwrap_or_default()
    };
    assert_eq!(cost(&cheap), 10);
    assert_eq!(cost(&dear), 210);
    Ok(())
}

#[tokio::test]
async fn relations_nest_only_so_deep() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let nest = |levels: usize| {
        let mut query = "id".to_owned();
        for _ in 0..levels {
            query = format!("location {{ bookingOrders(first: 1) {{ nodes {{ {query} }} }} }}");
        }
        format!("{{ bookingOrders(first: 1) {{ nodes {{ {query} }} }} }}")
    };
    shop.owner.read(&nest(3)).await?;
    shop.owner.ask(&nest(7)).await?.must_fail("COST_LIMIT")?;
    // A document may not be nested without end either, whatever its fields are.
    let braces = format!("{}{}", "{a".repeat(5_000), "}".repeat(5_000));
    for document in [&nest(40), &braces] {
        let answer = shop.owner.ask(document).await?;
        let refused = matches!(answer.code(), Some("COST_LIMIT" | "BAD_USER_INPUT"));
        assert!(refused, "{}", answer.body);
    }
    Ok(())
}

#[tokio::test]
async fn a_request_has_at_most_fifty_fields_at_its_root() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let fields = |count: usize| -> String {
        let fields =
            (0..count).map(|index| format!("f{index}: currency(code: \"EUR\") {{ code }} "));
        format!("{{ {} }}", fields.collect::<String>())
    };
    shop.owner.read(&fields(50)).await?;
    let answer = shop.owner.ask(&fields(51)).await?.must_fail("COST_LIMIT")?;
    assert!(answer.message().contains("50"), "{}", answer.message());
    // Hidden in a fragment they are as many.
    let hidden = format!("{{ ...all }} fragment all on Query {}", fields(51));
    shop.owner.ask(&hidden).await?.must_fail("COST_LIMIT")?;
    Ok(())
}

#[tokio::test]
async fn filters_have_a_depth_and_a_length() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let query =
        "query($filter: BookingOrderFilter) { bookingOrders(filter: $filter) { totalCount } }";
    let nest = |levels: usize| {
        (0..levels).fold(
            json!({"partySize": {"gt": 0}}),
            |filter, _| json!({"and": [filter]}),
        )
    };
    shop.owner
        .graphql(query, json!({"filter": nest(8)}))
        .await?
        .must()?;
    let answer = shop
        .owner
        .graphql(query, json!({"filter": nest(9)}))
        .await?;
    assert!(
        ["BAD_USER_INPUT", "COST_LIMIT"].contains(&answer.code().unwrap_or_default()),
        "{}",
        answer.body
    );
    let ids: Vec<_> = (0..1001).map(|_| super::nowhere("bkg")).collect();
    let answer = shop
        .owner
        .graphql(query, json!({"filter": {"id": {"in": ids}}}))
        .await?;
    answer.must_fail("BAD_USER_INPUT")?;
    let ways = vec![json!({"partySize": {"eq": 1}}); 1001];
    let answer = shop
        .owner
        .graphql(query, json!({"filter": {"or": ways}}))
        .await?;
    answer.must_fail("BAD_USER_INPUT")?;
    let answer = shop.owner.ask("{ bookingOrders(orderBy: [{id: ASC}, {id: ASC}, {id: ASC}, {id: ASC}, {id: ASC}, {id: ASC}, {id: ASC}, {id: ASC}, {id: ASC}]) { totalCount } }").await?;
    answer.must_fail("BAD_USER_INPUT")?;
    Ok(())
}

#[tokio::test]
async fn a_request_that_is_too_large_or_no_document_is_told_so() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let large = format!(
        "{{ locations {{ totalCount }} }} #{}",
        "x".repeat(1_100_000)
    );
    let answer = owner.ask(&large).await?;
    assert_eq!(answer.status, 413, "{}", answer.body);
    for document in [
        "",
        "{",
        "{ nothing }",
        "query { locations }",
        "{ locations { totalCount } } query {",
        "mutation { locations { totalCount } }",
    ] {
        let answer = owner.ask(document).await?;
        assert!(
            !answer.errors().is_empty() && !answer.message().is_empty(),
            "{document}: {}",
            answer.body
        );
        assert!(
            answer
                .body
                .get("data")
                .is_none_or(serde_json::Value::is_null),
            "{document}: {}",
            answer.body
        );
    }
    Ok(())
}
