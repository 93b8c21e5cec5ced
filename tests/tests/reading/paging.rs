//! Pages, whichever way they are walked, make up the whole list: also over ties, and rows without
//! a value.

use std::cmp::Ordering;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use tests::Actor;

use super::{FIELDS, Shop, in_order};

/// A key of an order: how the graph takes it, and where its value stands in a row.
#[derive(Clone, Copy, Debug)]
struct Key {
    path: &'static str,
    is_nullable: bool,
}

const KEYS: &[Key] = &[
    Key {
        path: "partySize",
        is_nullable: false,
    },
    Key {
        path: "totalMinor",
        is_nullable: false,
    },
    Key {
        path: "startsAt",
        is_nullable: false,
    },
    Key {
        path: "currency",
        is_nullable: false,
    },
    Key {
        path: "note",
        is_nullable: true,
    },
    Key {
        path: "channelRef",
        is_nullable: true,
    },
    Key {
        path: "location/name",
        is_nullable: false,
    },
    Key {
        path: "customer/fullName",
        is_nullable: true,
    },
    Key {
        path: "id",
        is_nullable: false,
    },
];

const DIRECTIONS: &[&str] = &[
    "ASC",
    "DESC",
    "ASC_NULLS_FIRST",
    "ASC_NULLS_LAST",
    "DESC_NULLS_FIRST",
    "DESC_NULLS_LAST",
];

/// `orderBy` as the graph takes it.
fn order_by(order: &[(Key, &str)]) -> Value {
    let item = |(key, direction): &(Key, &str)| match key.path.split_once('/') {
        Some((relation, field)) => json!({ relation: { field: direction } }),
        None => json!({ key.path: direction }),
    };
    order.iter().map(item).collect()
}

fn value(row: &Value, key: Key) -> &Value {
    row.pointer(&format!("/{}", key.path))
        .unwrap_or(&Value::Null)
}

/// How two rows follow each other by the rules of the contract.
fn compare(one: &Value, two: &Value, order: &[(Key, &str)]) -> Ordering {
    for (key, direction) in order {
        let descending = direction.starts_with("DESC");
        let nulls_first = match *direction {
            "DESC" => true,
            "ASC" => false,
            other => other.ends_with("FIRST"),
        };
        let (a, b) = (value(one, *key), value(two, *key));
        let ordering = match (a.is_null(), b.is_null()) {
            (true, true) => Ordering::Equal,
            (true, false) if nulls_first => Ordering::Less,
            (true, false) => Ordering::Greater,
            (false, true) if nulls_first => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) if descending => compare_values(b, a),
            (false, false) => compare_values(a, b),
        };
        if ordering.is_ne() {
            return ordering;
        }
    }
    Ordering::Equal
}

fn compare_values(a: &Value, b: &Value) -> Ordering {
    let number = |value: &Value| {
        let digits = value.as_str().and_then(|text| text.parse().ok());
        value.as_i64().or(digits)
    };
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.as_str().cmp(&b.as_str()),
    }
}

async fn page(owner: &Actor, variables: Value) -> anyhow::Result<Value> {
    let query = "query($first: Int, $after: String, $last: Int, $before: String, $offset: Int, $filter: BookingOrderFilter, $orderBy: [BookingOrderOrder!]) {
        bookingOrders(first: $first, after: $after, last: $last, before: $before, offset: $offset, filter: $filter, orderBy: $orderBy) {
          totalCount nodes { id } edges { cursor node { id } }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        } }";
    let answer = owner.graphql(query, variables).await?.must()?;
    Ok(answer.data("/bookingOrders").clone())
}

fn page_ids(page: &Value) -> Vec<String> {
    in_order(page["nodes"].as_array().into_iter().flatten())
}

/// All ids of a list, page by page.
async fn walk(
    owner: &Actor,
    filter: &Value,
    order: &Value,
    sizes: &mut dyn FnMut() -> u32,
    backward: bool,
) -> anyhow::Result<Vec<String>> {
    let mut all = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let size = sizes();
        let variables = if backward {
            json!({"last": size, "before": cursor, "filter": filter, "orderBy": order})
        } else {
            json!({"first": size, "after": cursor, "filter": filter, "orderBy": order})
        };
        let page = page(owner, variables).await?;
        let found = page_ids(&page);
        let edges: Vec<Value> = page["edges"].as_array().cloned().unwrap_or_default();
        assert_eq!(found, in_order(edges.iter().map(|edge| &edge["node"])));
        let info = &page["pageInfo"];
        let ends = [edges.first(), edges.last()].map(|edge| edge.map(|edge| &edge["cursor"]));
        assert_eq!(
            ends,
            [
                ends[0].map(|_| &info["startCursor"]),
                ends[1].map(|_| &info["endCursor"])
            ]
        );
        let came_before = !cursor.is_null();
        let (onward, back) = if backward {
            all.splice(0..0, found);
            ("hasPreviousPage", "hasNextPage")
        } else {
            all.extend(found);
            ("hasNextPage", "hasPreviousPage")
        };
        assert_eq!(info[back], came_before, "{back} of {page}");
        if info[onward] == false {
            return Ok(all);
        }
        cursor = info[if backward { "startCursor" } else { "endCursor" }].clone();
        assert!(all.len() <= 100, "the list does not end");
    }
}

#[tokio::test]
async fn pages_of_any_order_make_up_the_whole_list() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let filters = [
        json!({}),
        json!({"partySize": {"gt": 1}}),
        json!({"note": {"isNull": false}}),
    ];
    for seed in 0..24 {
        let mut random = StdRng::seed_from_u64(seed);
        let count = random.random_range(0..4);
        let keys: Vec<Key> = KEYS.sample(&mut random, count).copied().collect();
        let mut order = Vec::new();
        for key in keys {
            let known = if key.is_nullable {
                DIRECTIONS
            } else {
                &DIRECTIONS[..2]
            };
            order.push((key, known.choose(&mut random).copied().unwrap_or("ASC")));
        }
        let filter = &filters[random.random_range(0..filters.len())];
        let by = order_by(&order);
        let whole = page(
            &shop.owner,
            json!({"first": 200, "filter": filter, "orderBy": by}),
        )
        .await?;
        let whole = page_ids(&whole);
        let rows: Vec<&Value> = whole
            .iter()
            .filter_map(|id| shop.rows.iter().find(|row| row["id"] == **id))
            .collect();
        let in_place = rows.is_sorted_by(|a, b| compare(a, b, &order).is_le());
        assert!(in_place, "seed {seed}: not in order by {by}");
        let mut sizes = || random.random_range(1..30);
        for backward in [false, true] {
            let walked = walk(&shop.owner, filter, &by, &mut sizes, backward).await?;
            assert_eq!(walked, whole, "seed {seed}: backward {backward}, by {by}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_offset_leaves_out_as_many_rows_and_the_count_stays() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let by = json!([{"partySize": "DESC"}, {"note": "ASC_NULLS_FIRST"}]);
    let whole = page_ids(&page(&shop.owner, json!({"first": 200, "orderBy": by})).await?);
    for (offset, first) in [(0, 7), (7, 7), (75, 10), (80, 5), (500, 5), (3, 0)] {
        let found = page(
            &shop.owner,
            json!({"offset": offset, "first": first, "orderBy": by}),
        )
        .await?;
        let expected: Vec<String> = whole.iter().skip(offset).take(first).cloned().collect();
        assert_eq!(page_ids(&found), expected, "offset {offset}, first {first}");
        assert_eq!(found["totalCount"], 80);
        assert_eq!(
            found["pageInfo"]["hasNextPage"],
            offset + first < 80,
            "offset {offset}, first {first}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_list_has_fifty_rows_unless_more_are_asked_for() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let found = page(&shop.owner, json!({})).await?;
    assert_eq!(page_ids(&found).len(), 50);
    assert_eq!(found["pageInfo"]["hasNextPage"], true);
    assert_eq!(found["totalCount"], 80);
    Ok(())
}

#[tokio::test]
async fn a_page_may_lie_between_two_cursors() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let by = json!([{"startsAt": "ASC"}]);
    let whole = page(&shop.owner, json!({"first": 200, "orderBy": by})).await?;
    let cursor = |index: usize| whole["edges"][index]["cursor"].clone();
    let between = page(
        &shop.owner,
        json!({"first": 50, "after": cursor(9), "before": cursor(20), "orderBy": by}),
    )
    .await?;
    assert_eq!(page_ids(&between), page_ids(&whole)[10..20]);
    Ok(())
}

/// A row that is added or taken away elsewhere moves nobody across the edge of a page.
#[tokio::test]
async fn a_cursor_holds_its_place_while_rows_come_and_go() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let by = json!([{"number": "ASC"}]);
    let first = page(&shop.owner, json!({"first": 10, "orderBy": by})).await?;
    let client = shop.world.database.platform(shop.owner.biz_id).await?;
    let sql = "update booking.booking_orders set number = 'A-' || number where number in ('N-003', 'N-010')";
    assert_eq!(client.execute(sql, &[]).await?, 2);
    let after = first["pageInfo"]["endCursor"].clone();
    let second = page(
        &shop.owner,
        json!({"first": 2, "after": after, "orderBy": by}),
    )
    .await?;
    let rows = page_ids(&second);
    let numbers = rows
        .iter()
        .filter_map(|id| shop.rows.iter().find(|row| row["id"] == **id))
        .map(|row| row["number"].as_str());
    assert_eq!(numbers.collect::<Vec<_>>(), [Some("N-011"), Some("N-012")]);
    Ok(())
}

#[tokio::test]
async fn cursors_of_another_list_and_odd_pages_are_refused() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let found = page(
        &shop.owner,
        json!({"first": 1, "orderBy": [{"note": "ASC"}]}),
    )
    .await?;
    let cursor = found["pageInfo"]["endCursor"].as_str().unwrap_or_default();
    for arguments in [
        format!(r#"after: "{cursor}""#),
        format!(r#"after: "{cursor}", orderBy: [{{note: DESC}}]"#),
        r#"after: "rubbish""#.to_owned(),
        r#"after: "WzFd""#.to_owned(),
        r#"before: """#.to_owned(),
        "first: 1, last: 1".to_owned(),
        "first: -1".to_owned(),
        "last: -1".to_owned(),
        "offset: -1".to_owned(),
        "first: 1001".to_owned(),
        "orderBy: [{note: ASC, id: ASC}]".to_owned(),
        "orderBy: [{}]".to_owned(),
    ] {
        let query = format!("{{ bookingOrders({arguments}) {{ nodes {{ id }} }} }}");
        let answer = shop.owner.ask(&query).await?.must_fail("BAD_USER_INPUT")?;
        assert_eq!(answer.data("/bookingOrders"), &Value::Null, "{arguments}");
    }
    Ok(())
}

#[tokio::test]
async fn a_thousand_rows_may_be_asked_for_where_only_columns_are_selected() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let flat = "{ bookingOrders(first: 1000) { nodes { id number totalMinor total { amount } } } }";
    shop.owner.read(flat).await?;
    let deep = format!("{{ bookingOrders(first: 201) {{ nodes {{ {FIELDS} }} }} }}");
    shop.owner.ask(&deep).await?.must_fail("BAD_USER_INPUT")?;
    Ok(())
}
