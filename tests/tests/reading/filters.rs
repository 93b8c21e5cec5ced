//! Each operator finds exactly the rows that a plain look at all rows finds.

use chrono::DateTime;
use serde_json::{Value, json};
use tests::Actor;

use super::{Shop, ids, nowhere};

/// A filter, and what it must find.
type Case = (Value, Box<dyn Fn(&Value) -> bool>);

fn case(filter: Value, condition: impl Fn(&Value) -> bool + 'static) -> Case {
    (filter, Box::new(condition))
}

fn text<'a>(row: &'a Value, field: &str) -> Option<&'a str> {
    row[field].as_str()
}

/// Whether a text is there and meets a condition.
fn is(row: &Value, field: &str, condition: impl Fn(&str) -> bool) -> bool {
    text(row, field).is_some_and(condition)
}

fn number(row: &Value, field: &str) -> i64 {
    let value = &row[field];
    value
        .as_i64()
        .or_else(|| value.as_str().and_then(|digits| digits.parse().ok()))
        .unwrap_or_default()
}

async fn find(owner: &Actor, filter: &Value) -> anyhow::Result<Vec<String>> {
    let query = "query($filter: BookingOrderFilter) { bookingOrders(first: 1000, filter: $filter) { totalCount nodes { id } } }";
    let answer = owner
        .graphql(query, json!({ "filter": filter }))
        .await?
        .must()?;
    let nodes = answer.data("/bookingOrders/nodes").as_array().cloned();
    let found = ids(&nodes.unwrap_or_default());
    assert_eq!(
        answer.data("/bookingOrders/totalCount"),
        found.len(),
        "totalCount of {filter}"
    );
    Ok(found)
}

async fn check(shop: &Shop, cases: Vec<Case>) -> anyhow::Result<()> {
    for (filter, condition) in cases {
        let expected = shop.where_(condition);
        let found = find(&shop.owner, &filter).await?;
        assert_eq!(found, expected, "{filter}");
    }
    Ok(())
}

#[tokio::test]
async fn text_operators() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let lower = str::to_lowercase;
    check(
        &shop,
        vec![
            case(json!({"number": {"eq": "N-007"}}), |r| {
                is(r, "number", |t| t == "N-007")
            }),
            case(json!({"number": {"ne": "N-007"}}), |r| {
                is(r, "number", |t| t != "N-007")
            }),
            case(json!({"number": {"in": ["N-001", "N-070", "none"]}}), |r| {
                is(r, "number", |t| ["N-001", "N-070"].contains(&t))
            }),
            case(json!({"number": {"gt": "N-050", "lte": "N-060"}}), |r| {
                is(r, "number", |t| t > "N-050" && t <= "N-060")
            }),
            case(json!({"number": {"gte": "N-050", "lt": "N-060"}}), |r| {
                is(r, "number", |t| ("N-050".."N-060").contains(&t))
            }),
            case(json!({"number": {"startsWith": "N-00"}}), |r| {
                is(r, "number", |t| t.starts_with("N-00"))
            }),
            case(json!({"number": {"endsWith": "9"}}), |r| {
                is(r, "number", |t| t.ends_with('9'))
            }),
            case(json!({"note": {"contains": "ate"}}), |r| {
                is(r, "note", |t| t.contains("ate"))
            }),
            case(json!({"note": {"icontains": "LATE"}}), move |r| {
                is(r, "note", |t| lower(t).contains("late"))
            }),
            case(json!({"note": {"istartsWith": "LATE"}}), move |r| {
                is(r, "note", |t| lower(t).starts_with("late"))
            }),
            case(json!({"note": {"iendsWith": "ARRIVAL"}}), move |r| {
                is(r, "note", |t| lower(t).ends_with("arrival"))
            }),
            case(json!({"note": {"ieq": "LATE"}}), move |r| {
                is(r, "note", |t| lower(t) == "late")
            }),
            case(json!({"note": {"ieq": "água"}}), move |r| {
                is(r, "note", |t| lower(t) == "água")
            }),
        ],
    )
    .await
}

/// What stands for something in LIKE stands for itself here.
#[tokio::test]
async fn patterns_are_plain_text() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    check(
        &shop,
        vec![
            case(json!({"note": {"contains": "%"}}), |r| {
                is(r, "note", |t| t.contains('%'))
            }),
            case(json!({"note": {"contains": "_"}}), |r| {
                is(r, "note", |t| t.contains('_'))
            }),
            case(json!({"note": {"contains": "\\"}}), |r| {
                is(r, "note", |t| t.contains('\\'))
            }),
            case(json!({"note": {"startsWith": "50% off_"}}), |r| {
                is(r, "note", |t| t.starts_with("50% off_"))
            }),
            case(json!({"note": {"ieq": "l_te"}}), |_| false),
        ],
    )
    .await
}

#[tokio::test]
async fn rows_without_a_value() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    check(
        &shop,
        vec![
            case(json!({"note": {"isNull": true}}), |r| r["note"].is_null()),
            case(json!({"note": {"isNull": false}}), |r| !r["note"].is_null()),
            case(json!({"note": {"ne": "late"}}), |r| {
                text(r, "note") != Some("late")
            }),
            case(json!({"note": {"notIn": ["late", "água"]}}), |r| {
                !matches!(text(r, "note"), Some("late" | "água"))
            }),
            case(json!({"not": {"note": {"contains": "ate"}}}), |r| {
                !is(r, "note", |t| t.contains("ate"))
            }),
            case(json!({"customerId": {"isNull": true}}), |r| {
                r["customerId"].is_null()
            }),
            case(json!({"customer": {"fullName": {"eq": "Ana"}}}), |r| {
                r["customer"]["fullName"] == "Ana"
            }),
            case(
                json!({"not": {"customer": {"fullName": {"eq": "Ana"}}}}),
                |r| r["customer"]["fullName"] != "Ana",
            ),
            case(json!({"customer": {}}), |r| !r["customer"].is_null()),
            // A condition that is null is none.
            case(
                json!({"note": null, "number": {"eq": null, "startsWith": "N-01"}}),
                |r| is(r, "number", |t| t.starts_with("N-01")),
            ),
        ],
    )
    .await
}

#[tokio::test]
async fn numbers_instants_days_and_enums() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let at = |text: &str| DateTime::parse_from_rfc3339(text);
    let noon = at("2031-03-04T12:00:00Z")?;
    let starts = move |r: &Value| at(text(r, "startsAt").unwrap_or_default()).ok();
    check(
        &shop,
        vec![
            case(json!({"partySize": {"eq": 2}}), |r| {
                number(r, "partySize") == 2
            }),
            case(json!({"partySize": {"gt": 1, "lte": 3}}), |r| {
                (2..=3).contains(&number(r, "partySize"))
            }),
            case(json!({"partySize": {"in": [1, 4]}}), |r| {
                [1, 4].contains(&number(r, "partySize"))
            }),
            case(json!({"totalMinor": {"gte": 5000, "lt": 10000}}), |r| {
                (5000..10000).contains(&number(r, "totalMinor"))
            }),
            // Beyond 2^53 a number travels as text.
            case(json!({"totalMinor": {"eq": "9007199254740993"}}), |r| {
                r["totalMinor"] == "9007199254740993"
            }),
            case(
                json!({"startsAt": {"gte": "2031-03-04T12:00:00Z"}}),
                move |r| starts(r) >= Some(noon),
            ),
            // The same instant in another zone.
            case(
                json!({"startsAt": {"lt": "2031-03-04T14:00:00+02:00"}}),
                move |r| starts(r) < Some(noon),
            ),
            case(json!({"businessDate": {"eq": "2031-03-03"}}), |r| {
                r["businessDate"] == "2031-03-03"
            }),
            case(
                json!({"businessDate": {"gte": "2031-03-03", "lt": "2031-03-05"}}),
                |r| {
                    is(r, "businessDate", |t| {
                        ("2031-03-03".."2031-03-05").contains(&t)
                    })
                },
            ),
            case(json!({"status": {"eq": "NO_SHOW"}}), |r| {
                r["status"] == "NO_SHOW"
            }),
            case(json!({"status": {"ne": "CONFIRMED"}}), |r| {
                r["status"] != "CONFIRMED"
            }),
            case(json!({"status": {"in": ["DRAFT", "COMPLETED"]}}), |r| {
                is(r, "status", |t| ["DRAFT", "COMPLETED"].contains(&t))
            }),
            case(json!({"status": {"notIn": ["DRAFT", "COMPLETED"]}}), |r| {
                !is(r, "status", |t| ["DRAFT", "COMPLETED"].contains(&t))
            }),
        ],
    )
    .await
}

#[tokio::test]
async fn ids_and_rows_that_are_named() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let (one, two) = (shop.rows[3]["id"].clone(), shop.rows[9]["id"].clone());
    let place = json!(shop.locations[1]);
    check(
        &shop,
        vec![
            case(json!({"id": {"eq": one}}), {
                let one = one.clone();
                move |r| r["id"] == one
            }),
            case(json!({"id": {"in": [one, two, nowhere("bkg")]}}), {
                let (one, two) = (one.clone(), two.clone());
                move |r| r["id"] == one || r["id"] == two
            }),
            case(json!({"id": {"notIn": [one]}}), {
                let one = one.clone();
                move |r| r["id"] != one
            }),
            case(json!({"locationId": {"eq": place}}), {
                let place = place.clone();
                move |r| r["locationId"] == place
            }),
            case(json!({"location": {"id": {"eq": place}}}), {
                let place = place.clone();
                move |r| r["locationId"] == place
            }),
            case(
                json!({"location": {"timezone": {"startsWith": "Europe/"}}}),
                |_| true,
            ),
        ],
    )
    .await
}

#[tokio::test]
async fn and_or_not_combine() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let party = |r: &Value| number(r, "partySize");
    check(
        &shop,
        vec![
            case(json!({"and": [{"partySize": {"eq": 2}}, {"status": {"eq": "CONFIRMED"}}]}), move |r| party(r) == 2 && r["status"] == "CONFIRMED"),
            case(json!({"or": [{"partySize": {"eq": 2}}, {"status": {"eq": "CONFIRMED"}}]}), move |r| party(r) == 2 || r["status"] == "CONFIRMED"),
            case(json!({"not": {"or": [{"partySize": {"eq": 2}}, {"note": {"isNull": true}}]}}), move |r| party(r) != 2 && !r["note"].is_null()),
            case(json!({"partySize": {"gt": 1}, "or": [{"note": {"eq": "late"}}, {"not": {"status": {"eq": "DRAFT"}}}]}), move |r| party(r) > 1 && (text(r, "note") == Some("late") || r["status"] != "DRAFT")),
            // All of nothing holds, one of nothing does not.
            case(json!({}), |_| true),
            case(json!({"and": []}), |_| true),
            case(json!({"or": []}), |_| false),
            case(json!({"not": {}}), |_| false),
            case(json!({"partySize": {"in": []}}), |_| false),
            case(json!({"partySize": {"notIn": []}}), |_| true),
        ],
    )
    .await
}

#[tokio::test]
async fn some_every_and_none_of_a_list() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let people = |r: &Value| -> Vec<Value> {
        let people = r["participants"]["nodes"].as_array().cloned();
        people.unwrap_or_default()
    };
    let child = |person: &Value| person["role"] == "CHILD";
    let ana = |person: &Value| person["name"] == "Ana";
    check(
        &shop,
        vec![
            case(json!({"participants": {"some": {"role": {"eq": "CHILD"}}}}), move |r| people(r).iter().any(child)),
            case(json!({"participants": {"every": {"role": {"eq": "CHILD"}}}}), move |r| people(r).iter().all(child)),
            case(json!({"participants": {"none": {"role": {"eq": "CHILD"}}}}), move |r| !people(r).iter().any(child)),
            case(json!({"participants": {"some": {}}}), move |r| !people(r).is_empty()),
            case(json!({"participants": {"none": {}}}), move |r| people(r).is_empty()),
            // Both at once are said of one and the same person.
            case(json!({"participants": {"some": {"name": {"eq": "Ana"}, "role": {"eq": "PAYER"}}}}), move |r| people(r).iter().any(|p| ana(p) && p["role"] == "PAYER")),
            case(json!({"participants": {"some": {"name": {"eq": "Ana"}}, "none": {"role": {"eq": "GUEST"}}}}), move |r| people(r).iter().any(ana) && !people(r).iter().any(|p| p["role"] == "GUEST")),
        ],
    )
    .await
}

/// Relations lead back and on: orders of locations that have an order with a child.
#[tokio::test]
async fn filters_go_through_several_relations() -> anyhow::Result<()> {
    let shop = Shop::open().await?;
    let filter = json!({"location": {"bookingOrders": {"some": {"number": {"eq": "N-003"}, "participants": {"some": {"role": {"eq": "CHILD"}}}}}}});
    let known = shop.rows.iter().find(|row| row["number"] == "N-003");
    let place = known.map(|row| row["locationId"].clone());
    check(
        &shop,
        vec![case(filter, move |r| {
            Some(&r["locationId"]) == place.as_ref()
        })],
    )
    .await
}
