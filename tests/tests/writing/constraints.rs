//! A rule of the database that an input breaks is told in the words of the constraint's comment.

use serde_json::{Value, json};
use tests::Answer;

use super::{Office, location, with};

fn told(answer: &Answer) -> (Value, Value, String) {
    let errors = answer.user_errors();
    let error = errors.first().copied().cloned().unwrap_or_default();
    (
        error["code"].clone(),
        error["field"].clone(),
        answer.user_message().to_owned(),
    )
}

/// Changes of a location, each with the constraint that it breaks and the field that breaks it.
fn broken() -> Vec<(Value, &'static str, &'static str)> {
    vec![
        (json!({"name": "  "}), "name_check", "name"),
        (json!({"name": "x".repeat(201)}), "name_check", "name"),
        (json!({"code": "no spaces"}), "code_check", "code"),
        (json!({"lat": "91", "lng": "0"}), "lat_check", "lat"),
        (json!({"lat": "1"}), "position_check", "lat"),
        (
            json!({"businessDayCutoff": "12:00"}),
            "business_day_cutoff_check",
            "businessDayCutoff",
        ),
        (
            json!({"maxUnitHeightMm": -1}),
            "max_unit_check",
            "maxUnitHeightMm",
        ),
        (json!({"email": "nobody"}), "email_check", "email"),
        (
            json!({"timezone": "Mars/Olympus"}),
            "timezone_fkey",
            "timezone",
        ),
        (
            json!({"timezone": "europe/lisbon"}),
            "timezone_fkey",
            "timezone",
        ),
        (json!({"currency": "ZZZ"}), "currency_fkey", "currency"),
        (
            json!({"countryCode": "XX"}),
            "country_code_fkey",
            "countryCode",
        ),
        (
            json!({"attributes": [1, 2]}),
            "attributes_check",
            "attributes",
        ),
    ]
}

#[tokio::test]
async fn a_broken_rule_is_told_as_its_comment_says() -> anyhow::Result<()> {
    let office = Office::open().await?;
    for (change, constraint, field) in broken() {
        let input = with(location(), change.clone());
        let answer = office
            .owner
            .verb("locationCreate", input, "location { id }")
            .await?;
        let comment = "select obj_description(oid, 'pg_constraint') from pg_constraint where conname = 'locations_' || $1::text";
        let comment = office.sql.query_one(comment, &[&constraint]).await?;
        let (code, fields, message) = told(&answer);
        assert_eq!(code, "INVALID", "{change}: {}", answer.body);
        assert_eq!(message, comment.try_get::<_, String>(0)?, "{change}");
        let mut named = fields.as_array().into_iter().flatten();
        assert!(named.any(|name| name == field), "{change}: {fields}");
        assert_eq!(answer.payload()["location"], Value::Null);
    }
    Ok(())
}

#[tokio::test]
async fn what_must_be_unique_is_taken() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let input = location();
    office
        .owner
        .act("locationCreate", input.clone(), "location { id }")
        .await?;
    let answer = office
        .owner
        .verb("locationCreate", input, "location { id }")
        .await?;
    let (code, fields, message) = told(&answer);
    assert_eq!(code, "TAKEN", "{}", answer.body);
    assert_eq!(fields, json!(["code"]));
    let comment = "select obj_description('core.locations_code_key'::regclass)";
    let comment: String = office.sql.query_one(comment, &[]).await?.try_get(0)?;
    assert_eq!(message, comment);
    Ok(())
}

#[tokio::test]
async fn a_row_that_is_referred_to_must_exist_in_this_tenant() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let other = office.world.owner().await?;
    let foreign = other
        .act("locationCreate", location(), "location { id }")
        .await?;
    let nowhere = tests::hotel::id_of("loc", bizing::database::new_id());
    let mut answers = Vec::new();
    for id in [&foreign["location"]["id"], &json!(nowhere)] {
        let input = json!({"code": "DBL", "name": "Double", "locationId": id});
        let answer = office
            .owner
            .verb("unitTypeCreate", input, "unitType { id }")
            .await?;
        answers.push((answer.status, answer.body["data"].clone()));
        assert_eq!(answer.user_code(), Some("INVALID"), "{}", answer.body);
    }
    // Nobody learns from the answer that the row is another tenant's.
    assert_eq!(answers[0], answers[1]);
    let wrong = json!({"code": "DBL", "name": "Double", "locationId": tests::hotel::id_of("cus", bizing::database::new_id())});
    office
        .owner
        .verb("unitTypeCreate", wrong, "unitType { id }")
        .await?
        .must_fail("BAD_USER_INPUT")?;
    Ok(())
}

#[tokio::test]
async fn amounts_that_make_no_sense_are_refused() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let policy = |changes: Value| with(json!({"code": "P", "name": "Terms"}), changes);
    for changes in [
        json!({"noShowFeeKind": "AMOUNT", "noShowFeeMinor": -1, "currency": "EUR"}),
        json!({"noShowFeeKind": "AMOUNT", "noShowFeeMinor": 100}),
        json!({"noShowFeeKind": "PERCENT", "noShowFeeBps": 10001}),
        json!({"noShowFeeKind": "PERCENT", "noShowFeeMinor": 100, "currency": "EUR"}),
        json!({"noShowFeeKind": "NONE", "noShowFeeMinor": 0, "currency": "EUR"}),
    ] {
        let answer = office
            .owner
            .verb(
                "cancellationPolicyCreate",
                policy(changes.clone()),
                "cancellationPolicy { id }",
            )
            .await?;
        assert_eq!(
            answer.user_code(),
            Some("INVALID"),
            "{changes}: {}",
            answer.body
        );
        assert!(
            answer.user_message().ends_with('.'),
            "{}",
            answer.user_message()
        );
    }
    for minor in [json!("9223372036854775808"), json!("1.5"), json!("ten")] {
        let input =
            policy(json!({"noShowFeeKind": "AMOUNT", "noShowFeeMinor": minor, "currency": "EUR"}));
        let answer = office
            .owner
            .verb(
                "cancellationPolicyCreate",
                input,
                "cancellationPolicy { id }",
            )
            .await?;
        assert!(!answer.errors().is_empty(), "{minor}: {}", answer.body);
        assert_ne!(answer.code(), Some("INTERNAL"), "{minor}");
    }
    let most = policy(
        json!({"noShowFeeKind": "AMOUNT", "noShowFeeMinor": "9223372036854775807", "currency": "EUR"}),
    );
    let made = office
        .owner
        .act(
            "cancellationPolicyCreate",
            most,
            "cancellationPolicy { noShowFeeMinor noShowFee { amount } }",
        )
        .await?;
    assert_eq!(
        made["cancellationPolicy"]["noShowFeeMinor"],
        "9223372036854775807"
    );
    assert_eq!(
        made["cancellationPolicy"]["noShowFee"]["amount"],
        "92233720368547758.07"
    );
    Ok(())
}

/// A rule that a trigger enforces, and one that is checked only when the transaction ends.
#[tokio::test]
async fn rules_of_triggers_and_late_rules_are_told_the_same_way() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let (a, b) = (
        office
            .owner
            .act("locationCreate", location(), "location { id }")
            .await?["location"]["id"]
            .clone(),
        office
            .owner
            .act("locationCreate", location(), "location { id }")
            .await?["location"]["id"]
            .clone(),
    );
    office
        .owner
        .act(
            "locationUpdate",
            json!({"id": b, "version": 1, "parentLocationId": a}),
            "location { id }",
        )
        .await?;
    let circle = json!({"id": a, "version": 1, "parentLocationId": b});
    let answer = office
        .owner
        .verb("locationUpdate", circle, "location { id }")
        .await?;
    assert_eq!(answer.user_code(), Some("INVALID"), "{}", answer.body);
    let nothing = json!({"kind": "UNIT_TYPE", "refType": "UnitType", "refId": tests::hotel::id_of("uty", bizing::database::new_id()), "name": "Nothing"});
    let answer = office
        .owner
        .verb("sellableCreate", nothing, "sellable { id }")
        .await?;
    assert_eq!(answer.user_code(), Some("INVALID"), "{}", answer.body);
    let sellables = office.owner.read("{ sellables { totalCount } }").await?;
    assert_eq!(sellables["sellables"]["totalCount"], 0);
    Ok(())
}

/// What a caller reads never holds SQL, names of tables, or values of other rows.
#[tokio::test]
async fn no_answer_shows_the_inside_of_the_database() -> anyhow::Result<()> {
    let office = Office::open().await?;
    for input in [
        with(
            location(),
            json!({"code": "'; drop table core.locations; --"}),
        ),
        with(location(), json!({"name": "x".repeat(100_000)})),
        with(location(), json!({"lat": "99999999999999999999"})),
        with(
            location(),
            json!({"attributes": {"deep": {"deeper": {"null\u{0}": 1}}}}),
        ),
        with(location(), json!({"city": "a\u{0}b"})),
    ] {
        let answer = office
            .owner
            .verb("locationCreate", input, "location { id }")
            .await?;
        assert!(
            !answer.errors().is_empty() || !answer.user_errors().is_empty(),
            "{}",
            answer.body
        );
        assert_ne!(answer.code(), Some("INTERNAL"), "{}", answer.body);
        let text = answer.text.to_lowercase();
        for inside in [
            "core.locations",
            "insert into",
            "constraint",
            "sqlstate",
            "relation",
        ] {
            assert!(!text.contains(inside), "{inside}: {}", answer.text);
        }
    }
    Ok(())
}
