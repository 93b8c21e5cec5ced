//! Idempotency keys (E-37, invariant 17): one effect a key, whatever is sent again, and when.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{Office, location, with};

fn keyed(key: &str) -> Value {
    with(location(), json!({"idempotencyKey": key}))
}

#[tokio::test]
async fn the_same_key_and_input_replays_the_first_answer() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let input = keyed("one");
    let first = office
        .owner
        .act("locationCreate", input.clone(), "location { id code }")
        .await?;
    let traces = office.traces().await?;
    let again = office
        .owner
        .act("locationCreate", input.clone(), "location { id code name }")
        .await?;
    assert_eq!(
        (&first["replayed"], &again["replayed"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(first["location"]["id"], again["location"]["id"]);
    assert_eq!(first["eventCursor"], again["eventCursor"]);
    assert_eq!(office.traces().await?, traces);
    // The order in which the fields of an input are written makes no difference.
    let fields: Vec<(String, Value)> = input
        .as_object()
        .cloned()
        .unwrap_or_default()
        .into_iter()
        .collect();
    let written: Vec<String> = fields
        .iter()
        .rev()
        .map(|(name, value)| {
            if name == "kind" {
                "kind: PROPERTY".to_owned()
            } else {
                format!("{name}: {value}")
            }
        })
        .collect();
    let query = format!(
        "mutation {{ locationCreate(input: {{{}}}) {{ location {{ id }} replayed }} }}",
        written.join(", ")
    );
    let answer = office.owner.ask(&query).await?.must()?;
    assert_eq!(answer.data("/locationCreate/replayed"), true);
    assert_eq!(
        answer.data("/locationCreate/location/id"),
        &first["location"]["id"]
    );
    Ok(())
}

#[tokio::test]
async fn e37_the_same_key_with_other_input_is_refused() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let input = keyed("one");
    office
        .owner
        .act("locationCreate", input.clone(), "location { id }")
        .await?;
    let traces = office.traces().await?;
    let other = with(input.clone(), json!({"name": "Other"}));
    let answer = office
        .owner
        .verb("locationCreate", other, "location { id }")
        .await?
        .must_refuse("IDEMPOTENCY_MISMATCH")?;
    assert_eq!(answer.user_errors()[0]["field"], json!(["idempotencyKey"]));
    assert_eq!(answer.user_errors()[0]["retryable"], false);
    // Also where it named another verb.
    let answer = office
        .owner
        .verb(
            "customerCreate",
            json!({"fullName": "Ana", "idempotencyKey": "one"}),
            "customer { id }",
        )
        .await?;
    answer.must_refuse("IDEMPOTENCY_MISMATCH")?;
    assert_eq!(office.traces().await?, traces);
    Ok(())
}

#[tokio::test]
async fn e37_a_request_that_was_refused_does_not_burn_its_key() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let input = keyed("one");
    let wrong = with(input.clone(), json!({"timezone": "Mars/Olympus"}));
    office
        .owner
        .verb("locationCreate", wrong, "location { id }")
        .await?
        .must_refuse("INVALID")?;
    let made = office
        .owner
        .act("locationCreate", input, "location { id }")
        .await?;
    assert_eq!(made["replayed"], false);
    Ok(())
}

#[tokio::test]
async fn inv17_equal_requests_at_once_have_one_effect() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let input = keyed("one");
    let requests = (0..8).map(|_| {
        office
            .owner
            .act("locationCreate", input.clone(), "location { id }")
    });
    let answers = join_all(requests)
        .await
        .into_iter()
        .collect::<anyhow::Result<Vec<_>>>()?;
    let ids: Vec<&Value> = answers
        .iter()
        .map(|answer| &answer["location"]["id"])
        .collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(
        answers
            .iter()
            .filter(|answer| answer["replayed"] == false)
            .count(),
        1
    );
    let data = office
        .owner
        .graphql(
            "query($code: String!) { locations(filter: {code: {eq: $code}}) { totalCount } }",
            json!({"code": input["code"]}),
        )
        .await?;
    assert_eq!(data.data("/locations/totalCount"), 1);
    Ok(())
}

/// The first request is still running: told so after a while, and retryable.
#[tokio::test]
async fn e37_a_key_whose_request_still_runs_is_in_flight() -> anyhow::Result<()> {
    let mut office = Office::open().await?;
    let (biz, user) = (office.owner.biz_id, office.owner.user_id);
    let running = office.sql.transaction().await?;
    running
        .execute(
            "insert into core.idempotency_keys (biz_id, actor_id, key, operation, request_digest, expires_at)
             values ($1, $2, 'slow', 'locationCreate', sha256('x'), now() + interval '1 day')",
            &[&biz, &user],
        )
        .await?;
    let input = keyed("slow");
    let answer = office
        .owner
        .verb("locationCreate", input.clone(), "location { id }")
        .await?
        .must_refuse("IDEMPOTENCY_IN_FLIGHT")?;
    assert_eq!(answer.user_errors()[0]["retryable"], true);
    // It failed after all: the key is free.
    running.rollback().await?;
    let made = office
        .owner
        .act("locationCreate", input, "location { id }")
        .await?;
    assert_eq!(made["replayed"], false);
    Ok(())
}

#[tokio::test]
async fn the_header_names_a_document_with_one_mutation() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let input = location();
    let query = "mutation($input: LocationCreateInput!) { locationCreate(input: $input) { location { id } replayed } }";
    let body = json!({"query": query, "variables": {"input": input}});
    let headers = [("idempotency-key", "from the header")];
    let first = office.owner.post(body.clone(), &headers).await?.must()?;
    let again = office.owner.post(body, &headers).await?.must()?;
    assert_eq!(again.data("/locationCreate/replayed"), true);
    assert_eq!(
        first.data("/locationCreate/location/id"),
        again.data("/locationCreate/location/id")
    );
    let two = "mutation($a: LocationCreateInput!, $b: LocationCreateInput!) { a: locationCreate(input: $a) { location { id } } b: locationCreate(input: $b) { location { id } } }";
    let body = json!({"query": two, "variables": {"a": location(), "b": location()}});
    let before = office.traces().await?;
    let answer = office.owner.post(body, &headers).await?;
    assert_eq!(answer.code(), Some("BAD_USER_INPUT"), "{}", answer.body);
    assert_eq!(office.traces().await?, before);
    // Hidden in a fragment there are as many.
    let hidden = "mutation($a: LocationCreateInput!, $b: LocationCreateInput!) { ...both } fragment both on Mutation { a: locationCreate(input: $a) { location { id } } b: locationCreate(input: $b) { location { id } } }";
    let body = json!({"query": hidden, "variables": {"a": location(), "b": location()}});
    let answer = office
        .owner
        .post(body, &[("idempotency-key", "hidden")])
        .await?;
    assert_eq!(answer.code(), Some("BAD_USER_INPUT"), "{}", answer.body);
    assert_eq!(office.traces().await?, before);
    Ok(())
}

#[tokio::test]
async fn keys_are_apart_by_tenant_and_have_a_length_and_a_life() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let other = office.world.owner().await?;
    let input = keyed("one");
    let first = office
        .owner
        .act("locationCreate", input.clone(), "location { id }")
        .await?;
    let theirs = other
        .act("locationCreate", input.clone(), "location { id }")
        .await?;
    assert_eq!(theirs["replayed"], false);
    for key in [String::new(), "x".repeat(256)] {
        let answer = office
            .owner
            .verb("locationCreate", keyed(&key), "location { id }")
            .await?;
        answer.must_fail("BAD_USER_INPUT")?;
    }
    office
        .owner
        .act("locationCreate", keyed(&"x".repeat(255)), "location { id }")
        .await?;
    // After a day the key stands for nothing.
    let sql = "update core.idempotency_keys set created_at = now() - interval '2 days', expires_at = now() - interval '1 second' where biz_id = $1 and key = 'one'";
    assert_eq!(office.sql.execute(sql, &[&office.owner.biz_id]).await?, 1);
    let later = with(input, json!({"code": "LATER"}));
    let second = office
        .owner
        .act("locationCreate", later, "location { id }")
        .await?;
    assert_eq!(second["replayed"], false);
    assert_ne!(first["location"]["id"], second["location"]["id"]);
    Ok(())
}

/// A replay shows the row as it is now, to whoever may read it.
#[tokio::test]
async fn a_replay_reads_the_row_anew() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let input = keyed("one");
    let first = office
        .owner
        .act("locationCreate", input.clone(), "location { id name }")
        .await?;
    let change = json!({"id": first["location"]["id"], "version": 1, "name": "Seaside"});
    office
        .owner
        .act("locationUpdate", change, "location { id }")
        .await?;
    let again = office
        .owner
        .act("locationCreate", input, "location { id name version }")
        .await?;
    assert_eq!(again["location"]["name"], "Seaside");
    Ok(())
}
