//! `xUpdate`: E-91, parallel edits.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::hotel::id_of;

use super::{Office, location};

async fn place(office: &Office) -> anyhow::Result<Value> {
    let made = office
        .owner
        .act("locationCreate", location(), "location { id }")
        .await?;
    Ok(made["location"]["id"].clone())
}

#[tokio::test]
async fn what_is_not_given_stays_and_what_is_null_is_emptied() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let id = place(&office).await?;
    let fields = "location { name city code version updatedBy }";
    let one = office
        .owner
        .act(
            "locationUpdate",
            json!({"id": id, "version": 1, "city": "Porto"}),
            fields,
        )
        .await?;
    assert_eq!(
        (
            &one["location"]["name"],
            &one["location"]["city"],
            &one["location"]["version"]
        ),
        (&json!("Riverside"), &json!("Porto"), &json!(2))
    );
    let two = office
        .owner
        .act(
            "locationUpdate",
            json!({"id": id, "version": 2, "city": null}),
            fields,
        )
        .await?;
    assert_eq!(
        (&two["location"]["city"], &two["location"]["version"]),
        (&Value::Null, &json!(3))
    );
    // Where nothing is given nothing changes.
    let three = office
        .owner
        .act("locationUpdate", json!({"id": id, "version": 3}), fields)
        .await?;
    assert_eq!(three["location"], two["location"]);
    // What must have a value cannot be emptied.
    let answer = office
        .owner
        .verb(
            "locationUpdate",
            json!({"id": id, "version": 3, "name": null}),
            fields,
        )
        .await?;
    assert_eq!(answer.user_code(), Some("INVALID"), "{}", answer.body);
    Ok(())
}

#[tokio::test]
async fn e91_an_edit_of_an_older_version_is_a_conflict_that_names_the_current_one()
-> anyhow::Result<()> {
    let office = Office::open().await?;
    let id = place(&office).await?;
    office
        .owner
        .act(
            "locationUpdate",
            json!({"id": id, "version": 1, "name": "First"}),
            "location { id }",
        )
        .await?;
    for stale in [1, 3, 0, -1] {
        let answer = office
            .owner
            .verb(
                "locationUpdate",
                json!({"id": id, "version": stale, "name": "Second"}),
                "location { id }",
            )
            .await?;
        let answer = answer.must_fail("CONFLICT")?;
        assert_eq!(
            answer.errors()[0]["extensions"]["currentVersion"],
            2,
            "{}",
            answer.body
        );
    }
    let data = office
        .owner
        .read(&format!("{{ location(id: {id}) {{ name version }} }}"))
        .await?;
    assert_eq!(data["location"], json!({"name": "First", "version": 2}));
    office
        .owner
        .verb(
            "locationArchive",
            json!({"id": id, "version": 1}),
            "location { id }",
        )
        .await?
        .must_fail("CONFLICT")?;
    Ok(())
}

#[tokio::test]
async fn e91_of_many_edits_at_once_exactly_one_wins() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let id = place(&office).await?;
    let edits = (0..12).map(|number| {
        let input = json!({"id": id, "version": 1, "name": format!("Edit {number}")});
        office
            .owner
            .verb("locationUpdate", input, "location { name version }")
    });
    let answers = join_all(edits)
        .await
        .into_iter()
        .collect::<anyhow::Result<Vec<_>>>()?;
    let (won, lost): (Vec<_>, Vec<_>) = answers
        .iter()
        .partition(|answer| answer.errors().is_empty());
    assert_eq!(won.len(), 1);
    assert!(lost.iter().all(|answer| answer.code() == Some("CONFLICT")));
    let data = office
        .owner
        .read(&format!("{{ location(id: {id}) {{ name version }} }}"))
        .await?;
    assert_eq!(&data["location"], &won[0].payload()["location"]);
    assert_eq!(data["location"]["version"], 2);
    Ok(())
}

#[tokio::test]
async fn a_row_that_is_not_there_is_not_found() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let nowhere = id_of("loc", bizing::database::new_id());
    for (verb, input) in [
        (
            "locationUpdate",
            json!({"id": nowhere, "version": 1, "name": "x"}),
        ),
        ("locationArchive", json!({"id": nowhere})),
        ("locationRestore", json!({"id": nowhere})),
    ] {
        office
            .owner
            .verb(verb, input, "location { id }")
            .await?
            .must_fail("NOT_FOUND")?;
    }
    let wrong = json!({"id": id_of("cus", bizing::database::new_id()), "version": 1});
    let answer = office
        .owner
        .verb("locationUpdate", wrong, "location { id }")
        .await?
        .must_fail("BAD_USER_INPUT")?;
    assert!(answer.message().contains("`loc_`"), "{}", answer.message());
    Ok(())
}
