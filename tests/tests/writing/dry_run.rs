//! `dryRun`: the full answer, and nothing kept.

use serde_json::{Value, json};

use super::{Office, location, with};

#[tokio::test]
async fn a_dry_run_answers_in_full_and_keeps_nothing() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let before = office.traces().await?;
    let input = with(location(), json!({"dryRun": true, "idempotencyKey": "dry"}));
    let made = office
        .owner
        .act(
            "locationCreate",
            input,
            "location { id name version createdAt }",
        )
        .await?;
    assert_eq!(made["location"]["version"], 1);
    assert_eq!(made["eventCursor"], Value::Null);
    assert_eq!(made["replayed"], false);
    assert_eq!(office.traces().await?, before);
    let query = format!("{{ location(id: {}) {{ id }} }}", made["location"]["id"]);
    assert_eq!(office.owner.read(&query).await?["location"], Value::Null);
    // The key was not used either.
    let real = with(location(), json!({"idempotencyKey": "dry"}));
    let made = office
        .owner
        .act("locationCreate", real, "location { id }")
        .await?;
    assert_eq!(made["replayed"], false);
    Ok(())
}

#[tokio::test]
async fn a_dry_run_of_a_change_leaves_the_row_as_it_was() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let made = office
        .owner
        .act("locationCreate", location(), "location { id }")
        .await?;
    let id = made["location"]["id"].clone();
    let input = json!({"id": id, "version": 1, "name": "Dry", "dryRun": true});
    let dry = office
        .owner
        .act("locationUpdate", input, "location { name version }")
        .await?;
    assert_eq!(dry["location"], json!({"name": "Dry", "version": 2}));
    let read = office
        .owner
        .read(&format!("{{ location(id: {id}) {{ name version }} }}"))
        .await?;
    assert_eq!(read["location"], json!({"name": "Riverside", "version": 1}));
    Ok(())
}

#[tokio::test]
async fn a_dry_run_tells_what_would_go_wrong_also_late() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let input = with(location(), json!({"name": " ", "dryRun": true}));
    office
        .owner
        .verb("locationCreate", input, "location { id }")
        .await?
        .must_refuse("INVALID")?;
    // The registry is looked at only when the transaction ends.
    let ghost = tests::hotel::id_of("uty", bizing::database::new_id());
    let input = json!({"kind": "UNIT_TYPE", "refType": "UnitType", "refId": ghost, "name": "x", "dryRun": true});
    office
        .owner
        .verb("sellableCreate", input, "sellable { id }")
        .await?
        .must_refuse("INVALID")?;
    Ok(())
}

#[tokio::test]
async fn a_dry_run_does_not_use_up_a_number_of_its_own() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let dry = json!({"fullName": "Ana", "dryRun": true});
    let one = office
        .owner
        .act("customerCreate", dry.clone(), "customer { number }")
        .await?;
    let two = office
        .owner
        .act(
            "customerCreate",
            json!({"fullName": "Ana"}),
            "customer { number }",
        )
        .await?;
    assert_ne!(one["customer"]["number"], Value::Null);
    assert_ne!(two["customer"]["number"], Value::Null);
    let data = office.owner.read("{ customers { totalCount } }").await?;
    assert_eq!(data["customers"]["totalCount"], 1);
    Ok(())
}
