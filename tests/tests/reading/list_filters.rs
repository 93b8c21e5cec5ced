//! Conditions on columns that hold lists.

use serde_json::{Value, json};
use tests::World;

#[tokio::test]
async fn lists_of_text_hold_one_any_or_all() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let client = world.database.platform(owner.biz_id).await?;
    for (name, scopes) in [
        ("a", vec!["booking.read", "crm.read"]),
        ("b", vec!["crm.read"]),
        ("c", vec![]),
    ] {
        client
            .execute(
                "insert into identity.api_keys (biz_id, id, name, key_prefix, key_hash, scopes)
                 values ($1, $2, $3, $4, sha256($3::text::bytea), $5)",
                &[
                    &owner.biz_id,
                    &bizing::database::new_id(),
                    &name,
                    &format!("pre_{name}"),
                    &scopes,
                ],
            )
            .await?;
    }
    for (filter, expected) in [
        (json!({"has": "crm.read"}), "a b"),
        (json!({"hasAny": ["booking.read", "core.read"]}), "a"),
        (json!({"hasAll": ["booking.read", "crm.read"]}), "a"),
        (json!({"hasAll": []}), "a b c"),
        (json!({"hasAny": []}), ""),
        (json!({"isNull": true}), ""),
    ] {
        let query = "query($filter: StringListFilter) { apiKeys(filter: {scopes: $filter}, orderBy: [{name: ASC}]) { nodes { name scopes } } }";
        let answer = owner
            .graphql(query, json!({ "filter": filter }))
            .await?
            .must()?;
        let nodes: Vec<Value> = answer.get("/apiKeys/nodes")?;
        let names: Vec<&str> = nodes
            .iter()
            .filter_map(|node| node["name"].as_str())
            .collect();
        assert_eq!(names.join(" "), expected, "{filter}");
    }
    Ok(())
}
