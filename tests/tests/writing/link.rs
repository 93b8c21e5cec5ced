//! `xAdd` and `xRemove`: pairs.

use serde_json::json;

use super::Office;

#[tokio::test]
async fn a_pair_is_added_seen_from_both_ends_and_removed() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let owner = &office.owner;
    let pool = json!({"code": "desk", "name": "Front desk"});
    let pool = owner
        .act("substitutionPoolCreate", pool, "substitutionPool { id }")
        .await?;
    let pool = &pool["substitutionPool"]["id"];
    let skill = json!({"code": "german", "name": "German", "kind": "SKILL"});
    let skill = owner
        .act(
            "capabilityTemplateCreate",
            skill,
            "capabilityTemplate { id }",
        )
        .await?;
    let skill = &skill["capabilityTemplate"]["id"];
    let pair = json!({"poolId": pool, "capabilityTemplateId": skill});

    let ends = "substitutionPool { capabilityTemplates { totalCount nodes { name } } } \
                capabilityTemplate { pools { nodes { name } } }";
    let added = owner
        .act("substitutionPoolSkillAdd", pair.clone(), ends)
        .await?;
    assert_eq!(
        added["substitutionPool"]["capabilityTemplates"],
        json!({"totalCount": 1, "nodes": [{"name": "German"}]})
    );
    assert_eq!(
        added["capabilityTemplate"]["pools"]["nodes"],
        json!([{"name": "Front desk"}])
    );

    let asked = |name: &str| {
        format!(
            "{{ found: substitutionPools(filter: {{capabilityTemplates: {{some: {{name: {{eq: \"{name}\"}}}}}}}}) {{ totalCount }} }}"
        )
    };
    assert_eq!(
        owner.read(&asked("German")).await?["found"]["totalCount"],
        1
    );
    assert_eq!(owner.read(&asked("Greek")).await?["found"]["totalCount"], 0);

    let again = owner
        .verb(
            "substitutionPoolSkillAdd",
            pair.clone(),
            "userErrors { code }",
        )
        .await?;
    assert_eq!(again.user_errors().len(), 1, "{}", again.body);

    let left = "substitutionPool { capabilityTemplates { totalCount } }";
    let removed = owner
        .act("substitutionPoolSkillRemove", pair.clone(), left)
        .await?;
    assert_eq!(
        removed["substitutionPool"]["capabilityTemplates"]["totalCount"],
        0
    );
    owner
        .verb("substitutionPoolSkillRemove", pair, "replayed")
        .await?
        .must_fail("NOT_FOUND")?;
    Ok(())
}

#[tokio::test]
async fn what_describes_a_pair_is_written_with_it() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let (owner, customer) = (&office.owner, "customer { id }");
    let mut ids = Vec::new();
    for name in ["Ana", "Bea"] {
        let made = owner
            .act("customerCreate", json!({"fullName": name}), customer)
            .await?;
        ids.push(made["customer"]["id"].clone());
    }
    let pair = json!({"customerId": ids[0], "relatedCustomerId": ids[1], "kind": "SPOUSE"});
    owner
        .act("customerRelationshipAdd", pair.clone(), "replayed")
        .await?;
    let same = json!({"customerId": ids[0], "relatedCustomerId": ids[0], "kind": "SPOUSE"});
    let refused = owner
        .verb(
            "customerRelationshipAdd",
            same,
            "userErrors { code message }",
        )
        .await?;
    assert_eq!(refused.user_errors().len(), 1, "{}", refused.body);
    let kinds = owner
        .read("{ customerRelationships { nodes { kind } } }")
        .await?;
    assert_eq!(
        kinds["customerRelationships"]["nodes"],
        json!([{"kind": "SPOUSE"}])
    );
    owner
        .act("customerRelationshipRemove", pair, "replayed")
        .await?;
    Ok(())
}
