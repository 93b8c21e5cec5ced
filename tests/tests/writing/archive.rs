//! `xArchive` and `xRestore`.

use serde_json::{Value, json};

use super::{Office, location, with};

#[tokio::test]
async fn archiving_twice_is_archiving_once() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let made = office
        .owner
        .act("locationCreate", location(), "location { id }")
        .await?;
    let id = made["location"]["id"].clone();
    let once = office
        .owner
        .act(
            "locationArchive",
            json!({"id": id}),
            "location { deletedAt version }",
        )
        .await?;
    let twice = office
        .owner
        .act(
            "locationArchive",
            json!({"id": id}),
            "location { deletedAt version }",
        )
        .await?;
    assert_ne!(once["location"]["deletedAt"], Value::Null);
    assert_eq!(once["location"], twice["location"]);
    let back = office
        .owner
        .act(
            "locationRestore",
            json!({"id": id}),
            "location { deletedAt version }",
        )
        .await?;
    assert_eq!(back["location"], json!({"deletedAt": null, "version": 3}));
    office
        .owner
        .act("locationRestore", json!({"id": id}), "location { version }")
        .await?;
    Ok(())
}

#[tokio::test]
async fn the_code_of_an_archived_row_is_free_and_its_return_may_find_it_taken() -> anyhow::Result<()>
{
    let office = Office::open().await?;
    let input = location();
    let old = office
        .owner
        .act("locationCreate", input.clone(), "location { id }")
        .await?;
    let id = old["location"]["id"].clone();
    office
        .owner
        .act("locationArchive", json!({"id": id}), "location { id }")
        .await?;
    office
        .owner
        .act(
            "locationCreate",
            with(input, json!({"name": "New"})),
            "location { id }",
        )
        .await?;
    let answer = office
        .owner
        .verb("locationRestore", json!({"id": id}), "location { id }")
        .await?;
    assert_eq!(answer.user_code(), Some("TAKEN"), "{}", answer.body);
    Ok(())
}

/// What others may point at is marked as archived in the registry too.
#[tokio::test]
async fn the_registry_knows_what_is_archived() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let made = office
        .owner
        .act("locationCreate", location(), "location { id }")
        .await?;
    let id = tests::actor::uuid(&made["location"]["id"])?;
    let archived = async || -> anyhow::Result<bool> {
        let sql = "select archived_at is not null from core.subject_registry where subject_type = 'Location' and subject_id = $1";
        Ok(office.sql.query_one(sql, &[&id]).await?.try_get(0)?)
    };
    assert!(!archived().await?);
    office
        .owner
        .act(
            "locationArchive",
            json!({"id": made["location"]["id"]}),
            "location { id }",
        )
        .await?;
    assert!(archived().await?);
    office
        .owner
        .act(
            "locationRestore",
            json!({"id": made["location"]["id"]}),
            "location { id }",
        )
        .await?;
    assert!(!archived().await?);
    Ok(())
}
