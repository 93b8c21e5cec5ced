//! What a verb leaves behind: its event, its entry in the audit trail, and the answer to its key.

use sea_orm::Value as Sql;
use serde_json::{Map, json};
use uuid::Uuid;

use super::fault::Fault;
use super::{Act, Declaration, Outcome, Part};
use crate::database::new_id;
use crate::graph::failure::Failure;
use crate::identity::{Principal, Proof};

const RECORD: &str = "with event as ( \
      insert into core.outbox_events (biz_id, id, topic, subject_type, subject_id, payload) \
      values ($1, $2, $3, $4, $5, $6) returning transaction_id::text || '-' || seq as cursor), \
    entry as ( \
      insert into audit.audit_events (biz_id, id, actor_type, actor_id, action, subject_type, subject_id, before, after, ip) \
      values ($1, $7, $8, $9, $3, $4, $5, $10, $6, $11)), \
    kept as ( \
      update core.idempotency_keys set state = 'completed', completed_at = now(), \
        response = $12::jsonb || jsonb_build_object('cursor', (select cursor from event)) \
      where biz_id = $1 and actor_id = $13 and key = $14) \
    select cursor from event";

const KEEP: &str = "update core.idempotency_keys \
    set state = 'completed', completed_at = now(), response = $2 \
    where biz_id = $1 and actor_id = $3 and key = $4";

/// Writes event, audit entry and the answer to the key, in one statement.
pub(super) async fn record(
    act: &Act<'_>,
    declaration: &Declaration,
    key: Option<&str>,
    outcome: &Outcome,
) -> Result<Option<String>, Fault<String>> {
    let principal = outcome
        .principal
        .as_deref()
        .or(act.session.principal().ok());
    let event = declaration.event.as_deref();
    let Some((topic, (subject_type, subject_id))) = event.zip(subject(declaration, outcome)) else {
        // Nothing happened that others must know; who asks again is answered as before all the same.
        if let Some((key, principal)) = key.zip(principal) {
            let values = [
                act.scope.biz_id().into(),
                answer(declaration, outcome).into(),
                principal.actor_id().into(),
                key.into(),
            ];
            act.scope.execute(KEEP, &values).await?;
        }
        return Ok(None);
    };
    let (actor_type, actor) = actor(principal);
    let values: [Sql; 14] = [
        act.scope.biz_id().into(),
        new_id().into(),
        topic.into(),
        subject_type.into(),
        subject_id.into(),
        serde_json::Value::Object(outcome.details.clone()).into(),
        new_id().into(),
        actor_type.into(),
        Sql::Uuid(actor),
        Sql::Json(outcome.before.clone().map(Box::new)),
        Sql::String(act.session.client.ip.clone()),
        answer(declaration, outcome).into(),
        Sql::Uuid(principal.map(Principal::actor_id)),
        Sql::String(key.map(str::to_owned)),
    ];
    let row = act.scope.query_opt(RECORD, &values).await?;
    let row = row.ok_or_else(|| Failure::internal("an event without a cursor"))?;
    Ok(Some(row.try_get(0)?))
}

fn subject(declaration: &Declaration, outcome: &Outcome) -> Option<(&'static str, Uuid)> {
    outcome.subject.or_else(|| {
        let (field, id) = outcome.rows.first()?;
        declaration.payload.iter().find_map(|part| match part {
            Part::Row(name, entity, _) if name == field => Some((*entity, *id)),
            _ => None,
        })
    })
}

fn actor(principal: Option<&Principal>) -> (&'static str, Option<Uuid>) {
    match principal.map(|principal| (principal.proof(), principal.user_id())) {
        Some((Proof::ApiKey(id), _)) => ("api_key", Some(id)),
        Some((_, Some(user))) => ("user", Some(user)),
        _ => ("system", None),
    }
}

/// What is kept under a key: everything but secrets, which are shown once.
fn answer(declaration: &Declaration, outcome: &Outcome) -> serde_json::Value {
    let rows: Vec<serde_json::Value> = outcome
        .rows
        .iter()
        .map(|(field, id)| json!([field, id]))
        .collect();
    let secret = |name: &str| {
        declaration
            .payload
            .iter()
            .any(|part| matches!(part, Part::Secret(field, ..) if *field == name))
    };
    let values: Map<String, serde_json::Value> = outcome
        .values
        .iter()
        .filter(|(name, _)| !secret(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    json!({ "rows": rows, "values": values })
}
