//! `externalBusyImport`.

use std::collections::BTreeSet;

use async_graphql::registry::Registry;
use async_graphql::{Enum, InputObject, OutputType, SimpleObject};
use entities::resources::resource;
use sea_orm::Value;
use serde::Serialize;
use uuid::Uuid;

use super::MANAGE_SLOTS;
use super::choices::{BusySource, BusyTransparency};
use foundation::database::new_id;
use foundation::graph::scalars::{Choice, Id, Instant};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// The most entries of one request.
const MOST: usize = 500;

/// Takes over what an outside calendar says about a resource. Entries are known by their identifier:
/// what is here already is updated, one that has moved is moved, and the same list may be sent again.
#[derive(InputObject)]
pub struct ExternalBusyImportInput {
    /// The resource, such as a person.
    pub resource_id: Id<resource::Entity>,
    /// Where the entries were read.
    pub source: Choice<BusySource>,
    /// The entries, 500 at most.
    pub items: Vec<ExternalBusyItemInput>,
    /// Where the list is all that the calendar has from here on (with `completeUntil`): what is not
    /// in it is gone.
    pub complete_from: Option<Instant>,
    /// Until where the list is all that the calendar has.
    pub complete_until: Option<Instant>,
}

/// An entry of an outside calendar.
#[derive(InputObject)]
pub struct ExternalBusyItemInput {
    /// Its identifier there (UID, with the recurrence if it is one of several).
    pub external_uid: String,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends, that instant not included.
    pub ends_at: Instant,
    /// Whether it is one of whole days.
    #[graphql(default = false)]
    pub is_all_day: bool,
    /// Whether it takes its time; OPAQUE if not given.
    pub transparency: Option<Choice<BusyTransparency>>,
    /// The mark of its version there.
    pub etag: Option<String>,
    /// Whether it was called off there.
    #[graphql(default = false)]
    pub is_cancelled: bool,
}

/// What became of one entry.
#[derive(SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalBusyResult {
    /// Its identifier at the source.
    external_uid: String,
    /// Whether it was taken over.
    is_done: bool,
    /// Why not.
    message: Option<String>,
}

/// Why nothing can be taken over.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ExternalBusyImportErrorCode")]
pub enum ExternalBusyImportProblem {
    /// More than 500 entries at once.
    TooMany,
    /// Both ends of what is complete must be given, or neither, in their order.
    InvalidDates,
}

type Problem = ExternalBusyImportProblem;

/// The verb.
pub struct ExternalBusyImport;

impl Verb for ExternalBusyImport {
    type Input = ExternalBusyImportInput;
    type Problem = ExternalBusyImportProblem;

    const NAME: &'static str = "externalBusyImport";
    const PERMISSION: Permission = Permission::Holds(MANAGE_SLOTS);
    const EVENT: Option<&'static str> = Some("external_busy.imported");
    const PAYLOAD: &'static [Part] = &[
        Part::Value(
            "results",
            "[ExternalBusyResult!]",
            "What became of each entry, in their order.",
        ),
        Part::Value(
            "writtenCount",
            "Int",
            "How many entries are here as the list says.",
        ),
        Part::Value("removedCount", "Int", "How many entries are gone."),
    ];

    fn types(registry: &mut Registry) {
        <ExternalBusyResult as OutputType>::create_type_info(registry);
    }

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Self::Problem>> {
        let complete = check(&input)?;
        let resource_id = input.resource_id.uuid();
        let sql = "select r.location_id from resources.resources r \
                   where r.biz_id = $1 and r.id = $2 and r.deleted_at is null for no key update";
        let values = [act.scope.biz_id().into(), resource_id.into()];
        let row = act.scope.query_opt(sql, &values).await?;
        let row = row.ok_or_else(|| Fault::not_found("resource"))?;
        let location_id: Uuid = row.try_get(0)?;
        act.permit_at(MANAGE_SLOTS, location_id, "resource")?;
        let results = results(&input.items);
        let good: Vec<&ExternalBusyItemInput> = input
            .items
            .iter()
            .zip(&results)
            .filter(|(_, result)| result.is_done)
            .map(|(item, _)| item)
            .collect();
        let removed = remove(act, &input, &good, complete).await?;
        let kept: Vec<_> = good.into_iter().filter(|item| !item.is_cancelled).collect();
        let written = write(act, resource_id, input.source.0, &kept).await?;
        let results = serde_json::to_value(&results)
            .map_err(|error| foundation::database::Error::Internal(error.to_string()))?;
        let mut outcome = Outcome::default()
            .and_value("results", results)
            .and_value("writtenCount", i64::try_from(written).unwrap_or_default())
            .and_value("removedCount", i64::try_from(removed).unwrap_or_default())
            .detail("location_id", location_id.to_string());
        outcome.subject = Some(("Resource", resource_id));
        Ok(outcome)
    }
}

type Complete = Option<(Instant, Instant)>;

fn check(input: &ExternalBusyImportInput) -> Result<Complete, Fault<Problem>> {
    if input.items.len() > MOST {
        let message = "Send 500 entries at most at once.";
        return Err(Fault::at(Problem::TooMany, "items", message));
    }
    match (input.complete_from, input.complete_until) {
        (None, None) => Ok(None),
        (Some(from), Some(until)) if until.0 > from.0 => Ok(Some((from, until))),
        _ => {
            let message = "Give both completeFrom and completeUntil, in this order.";
            Err(Fault::at(Problem::InvalidDates, "completeUntil", message))
        }
    }
}

fn results(items: &[ExternalBusyItemInput]) -> Vec<ExternalBusyResult> {
    let mut seen = BTreeSet::new();
    let result = |item: &ExternalBusyItemInput| {
        let uid = item.external_uid.trim();
        let message = if uid.is_empty() || uid.chars().count() > 500 {
            Some("An identifier is required, of 500 characters at most.")
        } else if item.ends_at.0 <= item.starts_at.0 {
            Some("The end must be after the start.")
        } else if item
            .etag
            .as_ref()
            .is_some_and(|etag| etag.trim().is_empty() || etag.chars().count() > 500)
        {
            Some("A mark is not blank, and of 500 characters at most.")
        } else if !seen.insert(uid.to_owned()) {
            Some("The list has this identifier twice.")
        } else {
            None
        };
        ExternalBusyResult {
            external_uid: item.external_uid.clone(),
            is_done: message.is_none(),
            message: message.map(str::to_owned),
        }
    };
    items.iter().map(result).collect()
}

// What is named at another time than it has here, or was called off; and where the list is
// complete, what it does not name.
const REMOVE: &str = "update availability.external_busy b set removed_at = $2 \
    where b.biz_id = $1 and b.resource_id = $3 and b.source = $4 and b.removed_at is null \
      and not exists (select from unnest($5::text[], $6::timestamptz[], $7::timestamptz[]) as k (uid, starts_at, ends_at) \
        where k.uid = b.external_uid and k.starts_at = b.starts_at and k.ends_at = b.ends_at) \
      and (b.external_uid = any ($8::text[]) or (b.starts_at < $10 and b.ends_at > $9))";

async fn remove(
    act: &Act<'_>,
    input: &ExternalBusyImportInput,
    named: &[&ExternalBusyItemInput],
    complete: Complete,
) -> Result<u64, Fault<Problem>> {
    let kept: Vec<_> = named.iter().filter(|item| !item.is_cancelled).collect();
    let uid = |item: &ExternalBusyItemInput| item.external_uid.trim().to_owned();
    let values: [Value; 10] = [
        act.scope.biz_id().into(),
        act.scope.now().into(),
        input.resource_id.uuid().into(),
        input.source.0.into(),
        kept.iter().map(|item| uid(item)).collect::<Vec<_>>().into(),
        kept.iter()
            .map(|item| item.starts_at.0)
            .collect::<Vec<_>>()
            .into(),
        kept.iter()
            .map(|item| item.ends_at.0)
            .collect::<Vec<_>>()
            .into(),
        named
            .iter()
            .map(|item| uid(item))
            .collect::<Vec<_>>()
            .into(),
        complete.map(|(from, _)| from.0).into(),
        complete.map(|(_, until)| until.0).into(),
    ];
    Ok(act.scope.execute(REMOVE, &values).await?)
}

const WRITE: &str = "insert into availability.external_busy (biz_id, id, resource_id, source, external_uid, starts_at, ends_at, \
      is_all_day, transparency, etag, seen_at) \
    select $1, w.id, $2, $3, w.uid, w.starts_at, w.ends_at, w.is_all_day, w.transparency, nullif(w.etag, ''), $4 \
    from unnest($5::uuid[], $6::text[], $7::timestamptz[], $8::timestamptz[], $9::boolean[], $10::text[], $11::text[]) \
      as w (id, uid, starts_at, ends_at, is_all_day, transparency, etag) \
    on conflict (biz_id, resource_id, source, external_uid, starts_at, ends_at) do update \
    set is_all_day = excluded.is_all_day, transparency = excluded.transparency, etag = excluded.etag, \
      seen_at = excluded.seen_at, removed_at = null";

async fn write(
    act: &Act<'_>,
    resource_id: Uuid,
    source: &str,
    items: &[&ExternalBusyItemInput],
) -> Result<u64, Fault<Problem>> {
    let transparency = |item: &ExternalBusyItemInput| {
        let given = item.transparency.as_ref();
        given.map_or("opaque", |given| given.0).to_owned()
    };
    let values: [Value; 11] = [
        act.scope.biz_id().into(),
        resource_id.into(),
        source.into(),
        act.scope.now().into(),
        items.iter().map(|_| new_id()).collect::<Vec<_>>().into(),
        items
            .iter()
            .map(|item| item.external_uid.trim().to_owned())
            .collect::<Vec<_>>()
            .into(),
        items
            .iter()
            .map(|item| item.starts_at.0)
            .collect::<Vec<_>>()
            .into(),
        items
            .iter()
            .map(|item| item.ends_at.0)
            .collect::<Vec<_>>()
            .into(),
        items
            .iter()
            .map(|item| item.is_all_day)
            .collect::<Vec<_>>()
            .into(),
        items
            .iter()
            .map(|item| transparency(item))
            .collect::<Vec<_>>()
            .into(),
        items
            .iter()
            .map(|item| item.etag.clone().unwrap_or_default())
            .collect::<Vec<_>>()
            .into(),
    ];
    Ok(act.scope.execute(WRITE, &values).await?)
}
