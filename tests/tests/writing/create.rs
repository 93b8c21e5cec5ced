//! `xCreate`.

use serde_json::{Value, json};
use tests::actor::uuid;

use super::{Office, location, with};

const FIELDS: &str = "location { id code name kind timezone currency businessDayCutoff isFeatured attributes lat city version status createdBy updatedBy deletedAt }";

#[tokio::test]
async fn a_row_is_made_with_what_is_given_and_the_defaults_of_the_rest() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let input = with(
        location(),
        json!({"lat": "38.7223", "lng": "-9.1393", "city": "Lisboa", "attributes": {"pool": true}}),
    );
    let made = office
        .owner
        .act("locationCreate", input.clone(), FIELDS)
        .await?;
    let row = &made["location"];
    for field in [
        "code",
        "name",
        "kind",
        "timezone",
        "currency",
        "city",
        "attributes",
    ] {
        assert_eq!(row[field], input[field], "{field}");
    }
    assert_eq!(row["lat"], "38.722300");
    assert_eq!(row["businessDayCutoff"], "00:00:00");
    assert_eq!(row["isFeatured"], false);
    assert_eq!(row["version"], 1);
    assert_eq!(row["status"], "ACTIVE");
    assert_eq!(row["deletedAt"], Value::Null);
    assert_eq!(uuid(&row["createdBy"])?, office.owner.user_id);
    assert_eq!(made["replayed"], false);
    let read = office
        .owner
        .read(&format!("{{ location(id: {}) {{ code }} }}", row["id"]))
        .await?;
    assert_eq!(read["location"]["code"], input["code"]);
    Ok(())
}

#[tokio::test]
async fn every_write_leaves_its_event_and_its_audit_entry() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let made = office
        .owner
        .act("locationCreate", location(), "location { id }")
        .await?;
    let id = uuid(&made["location"]["id"])?;
    let changed = json!({"id": made["location"]["id"], "version": 1, "name": "Seaside"});
    office
        .owner
        .act("locationUpdate", changed, "location { id }")
        .await?;
    office
        .owner
        .act(
            "locationArchive",
            json!({"id": made["location"]["id"]}),
            "location { id }",
        )
        .await?;
    let rows = office
        .sql
        .query(
            "select e.topic, e.payload, e.transaction_id::text || '-' || e.seq, a.action, a.actor_type::text, a.actor_id, a.before, a.after, a.request_id = e.request_id
             from core.outbox_events e
             join audit.audit_events a on a.biz_id = e.biz_id and a.subject_id = e.subject_id and a.transaction_id = e.transaction_id
             where e.biz_id = $1 and e.subject_type = 'Location' and e.subject_id = $2 order by e.seq",
            &[&office.owner.biz_id, &id],
        )
        .await?;
    let topics: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(
        topics,
        [
            "core.location.created",
            "core.location.updated",
            "core.location.archived"
        ]
    );
    assert_eq!(made["eventCursor"], rows[0].get::<_, &str>(2));
    for row in &rows {
        assert_eq!(
            row.get::<_, &str>(0),
            row.get::<_, &str>(3),
            "the action is the topic"
        );
        assert_eq!(row.get::<_, &str>(4), "user");
        assert_eq!(
            row.get::<_, Option<uuid::Uuid>>(5),
            Some(office.owner.user_id)
        );
        assert!(
            row.get::<_, Option<bool>>(8).unwrap_or_default(),
            "both name the request"
        );
    }
    assert_eq!(rows[1].get::<_, Value>(1)["name"], "Seaside");
    assert_eq!(rows[1].get::<_, Value>(6), json!({"name": "Riverside"}));
    Ok(())
}

#[tokio::test]
async fn numbers_are_taken_from_their_series_unless_given() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let mut numbers = Vec::new();
    for input in [
        json!({"fullName": "Ana"}),
        json!({"fullName": "Bia", "number": "VIP-1"}),
        json!({"fullName": "Caio"}),
    ] {
        let made = office
            .owner
            .act("customerCreate", input, "customer { number }")
            .await?;
        numbers.push(
            made["customer"]["number"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        );
    }
    assert!(
        numbers[0].starts_with("CUS-") && numbers[2].starts_with("CUS-"),
        "{numbers:?}"
    );
    assert!(
        numbers[0] < numbers[2] && numbers[1] == "VIP-1",
        "{numbers:?}"
    );
    Ok(())
}

#[tokio::test]
async fn the_row_of_the_answer_can_be_read_as_deep_as_any_other() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let place = office
        .owner
        .act("locationCreate", location(), "location { id }")
        .await?;
    let input = json!({"code": "DBL", "name": "Double", "locationId": place["location"]["id"]});
    let made = office
        .owner
        .act(
            "unitTypeCreate",
            input,
            "__typename same: unitType { location { unitTypes { totalCount nodes { code } } } } unitType { __typename id ... on Node { id } }",
        )
        .await?;
    assert_eq!(
        made["same"]["location"]["unitTypes"],
        json!({"totalCount": 1, "nodes": [{"code": "DBL"}]})
    );
    assert_eq!(made["unitType"]["__typename"], "UnitType");
    assert_eq!(made["__typename"], "UnitTypePayload");
    Ok(())
}

#[tokio::test]
async fn several_mutations_of_a_document_run_one_after_the_other() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let query = "mutation($a: LocationCreateInput!, $b: LocationCreateInput!) {
        one: locationCreate(input: $a) { location { code } userErrors { code } }
        two: locationCreate(input: $b) { location { code } userErrors { code } }
        three: locationCreate(input: $b) { location { code } userErrors { code } } }";
    let (a, b) = (location(), location());
    let answer = office.owner.graphql(query, json!({"a": a, "b": b})).await?;
    assert_eq!(answer.data("/one/location/code"), &a["code"]);
    assert_eq!(answer.data("/two/location/code"), &b["code"]);
    assert_eq!(answer.data("/three/userErrors/0/code"), "TAKEN");
    Ok(())
}

#[tokio::test]
async fn what_is_missing_or_unknown_is_refused_before_anything_happens() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let before = office.traces().await?;
    for input in [
        json!({}),
        with(location(), json!({"name": null})),
        with(location(), json!({"colour": "red"})),
        with(location(), json!({"status": "INACTIVE"})),
        with(location(), json!({"id": "loc_01j9m9x6zme4t8q1w5e9r2t7ya"})),
        with(location(), json!({"bizId": "x"})),
        with(location(), json!({"kind": "CASTLE"})),
        with(location(), json!({"lat": "north"})),
        with(location(), json!({"businessDayCutoff": "25:00"})),
        with(location(), json!({"maxUnitHeightMm": "tall"})),
    ] {
        let answer = office
            .owner
            .verb("locationCreate", input.clone(), "location { id }")
            .await?;
        assert!(!answer.errors().is_empty(), "{input}: {}", answer.body);
        assert_ne!(answer.code(), Some("INTERNAL"), "{input}: {}", answer.body);
    }
    assert_eq!(office.traces().await?, before);
    Ok(())
}

/// Orders, ledgers and journals have no plain write: only verbs write them.
#[tokio::test]
async fn only_what_staff_maintain_has_plain_writes() -> anyhow::Result<()> {
    let office = Office::open().await?;
    let query = "{ __type(name: \"Mutation\") { fields { name } } }";
    let fields = office.owner.read(query).await?;
    let names: Vec<&str> = fields["__type"]["fields"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|field| field["name"].as_str())
        .collect();
    for entity in [
        "location",
        "customer",
        "unitType",
        "resource",
        "sellable",
        "cancellationPolicy",
        "setting",
    ] {
        for write in ["Create", "Update", "Archive", "Restore"] {
            assert!(
                names.contains(&format!("{entity}{write}").as_str()),
                "{entity}{write}"
            );
        }
    }
    for entity in [
        "bookingOrder",
        "allocation",
        "slot",
        "statusHistory",
        "auditEvent",
        "member",
        "permission",
        "currency",
        "biz",
        "user",
        "session",
    ] {
        for write in ["Update", "Archive"] {
            assert!(
                !names.contains(&format!("{entity}{write}").as_str()),
                "{entity}{write}"
            );
        }
    }
    Ok(())
}
