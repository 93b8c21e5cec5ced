//! Personal data: shown to those who may read it, never stored or told in the clear.

use serde_json::{Value, json};
use tests::actor::uuid;

use super::Office;

async fn found(office: &Office, filter: Value) -> anyhow::Result<Vec<Value>> {
    let query = "query($filter: CustomerFilter) { customers(filter: $filter, orderBy: [{fullName: ASC}]) { nodes { fullName email phone } } }";
    let answer = office
        .owner
        .graphql(query, json!({"filter": filter}))
        .await?
        .must()?;
    answer.get("/customers/nodes")
}

#[tokio::test]
async fn a_sealed_value_is_shown_and_found_and_stands_nowhere_in_the_clear() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let input = json!({"fullName": "Ana", "email": "Ana.Silva@Example.com", "phone": "+351912345678", "dateOfBirth": "1990-02-03"});
    let made = office
        .owner
        .act(
            "customerCreate",
            input,
            "customer { id email phone dateOfBirth }",
        )
        .await?;
    assert_eq!(made["customer"]["email"], "Ana.Silva@Example.com");
    assert_eq!(made["customer"]["dateOfBirth"], "1990-02-03");
    let id = uuid(&made["customer"]["id"])?;
    let everything = office
        .sql
        .query_one(
            "select (select to_jsonb(c)::text || encode(c.email_enc, 'escape') || encode(c.phone_enc, 'escape') from crm.customers c where c.id = $1)
               || coalesce((select string_agg(to_jsonb(e)::text, '') from core.outbox_events e where e.subject_id = $1), '')
               || coalesce((select string_agg(to_jsonb(a)::text, '') from audit.audit_events a where a.subject_id = $1), '')",
            &[&id],
        )
        .await?;
    let everything: String = everything.try_get::<_, String>(0)?.to_lowercase();
    for secret in ["silva", "351912345678", "1990-02-03"] {
        assert!(!everything.contains(secret), "{secret} in {everything}");
    }
    assert!(
        everything.contains("sealed"),
        "the event says that it was given"
    );
    Ok(())
}

#[tokio::test]
async fn a_sealed_value_is_found_by_equality_alone() -> anyhow::Result<()> {
    let office = Office::open().await?;
    for (name, email) in [
        ("Ana", Some("ana@example.com")),
        ("Bia", Some("ANA@example.com ")),
        ("Caio", Some("caio@example.com")),
        ("Dora", None),
    ] {
        office
            .owner
            .act(
                "customerCreate",
                json!({"fullName": name, "email": email}),
                "customer { id }",
            )
            .await?;
    }
    let names = |nodes: Vec<Value>| -> Vec<String> {
        nodes
            .iter()
            .map(|node| node["fullName"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    assert_eq!(
        names(found(&office, json!({"email": {"eq": " Ana@EXAMPLE.com"}})).await?),
        ["Ana", "Bia"]
    );
    assert_eq!(
        names(found(&office, json!({"email": {"eq": "nobody@example.com"}})).await?),
        Vec::<String>::new()
    );
    assert_eq!(
        names(found(&office, json!({"email": {"isNull": true}})).await?),
        ["Dora"]
    );
    assert_eq!(
        names(
            found(
                &office,
                json!({"not": {"email": {"eq": "ana@example.com"}}})
            )
            .await?
        ),
        ["Caio", "Dora"]
    );
    for filter in [
        "{email: {contains: \"ana\"}}",
        "{email: {in: [\"ana@example.com\"]}}",
    ] {
        let answer = office
            .owner
            .ask(&format!(
                "{{ customers(filter: {filter}) {{ totalCount }} }}"
            ))
            .await?;
        assert!(!answer.errors().is_empty(), "{}", answer.body);
    }
    let answer = office
        .owner
        .ask("{ customers(orderBy: [{email: ASC}]) { totalCount } }")
        .await?;
    assert!(!answer.errors().is_empty(), "{}", answer.body);
    Ok(())
}

#[tokio::test]
async fn a_sealed_value_can_be_changed_and_emptied() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let made = office
        .owner
        .act(
            "customerCreate",
            json!({"fullName": "Ana", "email": "old@example.com"}),
            "customer { id }",
        )
        .await?;
    let id = made["customer"]["id"].clone();
    let changed = json!({"id": id, "version": 1, "email": "new@example.com"});
    let changed = office
        .owner
        .act("customerUpdate", changed, "customer { email }")
        .await?;
    assert_eq!(changed["customer"]["email"], "new@example.com");
    assert!(
        found(&office, json!({"email": {"eq": "old@example.com"}}))
            .await?
            .is_empty()
    );
    assert_eq!(
        found(&office, json!({"email": {"eq": "new@example.com"}}))
            .await?
            .len(),
        1
    );
    let emptied = json!({"id": id, "version": 2, "email": null});
    let emptied = office
        .owner
        .act("customerUpdate", emptied, "customer { email }")
        .await?;
    assert_eq!(emptied["customer"]["email"], Value::Null);
    assert!(
        found(&office, json!({"email": {"eq": "new@example.com"}}))
            .await?
            .is_empty()
    );
    Ok(())
}

/// The same address leaves another mark with another tenant, so that tables tell nothing of both.
#[tokio::test]
async fn the_same_value_of_two_tenants_cannot_be_matched() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let other = office.world.owner().await?;
    for actor in [&office.owner, &other] {
        let input = json!({"fullName": "Ana", "email": "ana@example.com"});
        actor
            .act("customerCreate", input, "customer { id }")
            .await?;
    }
    let rows = office
        .sql
        .query(
            "select distinct email_bidx from crm.customers where email_bidx is not null",
            &[],
        )
        .await?;
    assert_eq!(rows.len(), 2);
    Ok(())
}
