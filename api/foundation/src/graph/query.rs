//! The query root: every entity by id, as a list and in aggregate, beside hand-written queries.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use async_graphql::context::ContextSelectionSet;
use async_graphql::parser::types::Field as AstField;
use async_graphql::registry::{MetaType, Registry};
use async_graphql::resolver_utils::ContainerType;
use async_graphql::{
    Context, ObjectType, OutputType, Positioned, ServerResult, Value, resolver_utils,
};
use async_graphql_value::RAW_VALUE_TOKEN;
use entities::metadata::Kind;
use uuid::Uuid;

use super::aggregate::Aggregation;
use super::condition::{Conditions, Statement};
use super::failure::Failure;
use super::input::{self, Operand, arguments};
use super::listing::Listing;
use super::model::{EntityId, model};
use super::plan::{Place, Plan, Planner, Shape};
use super::question::Asking;
use super::reader::{Reader, keys};
use super::schema::{
    aggregate::has_aggregate, audience, build, has_single, root_fields, single_argument,
};
use super::selection::{Asked, Selected, at_root};
use super::session::Session;
use super::type_id;
use super::verb::Permission;

/// How many rows `nodes` takes.
const MAX_NODES: usize = 200;

/// The queries of a program besides the engine's own. The graph knows no domain; the domain tells it
/// through this.
pub trait Questions: ObjectType + 'static {
    /// All questions, in the order in which the schema lists them.
    fn all() -> &'static [Asking];
}

/// The query root; `Q` holds the queries that are written by hand.
#[derive(Default)]
pub struct Query<Q> {
    written: Q,
}

/// What a field of the query root reads.
#[derive(Clone, Copy)]
enum Root {
    One(EntityId),
    Many(EntityId),
    Aggregate(EntityId),
}

fn roots() -> &'static HashMap<String, Root> {
    static ROOTS: LazyLock<HashMap<String, Root>> = LazyLock::new(|| {
        let mut roots = HashMap::new();
        for (id, entity) in model().entities.iter().enumerate() {
            if has_single(entity) {
                roots.insert(entity.single.clone(), Root::One(id));
            }
            roots.insert(entity.many.clone(), Root::Many(id));
            if has_aggregate(entity) {
                roots.insert(format!("{}Aggregate", entity.single), Root::Aggregate(id));
            }
        }
        roots
    });
    &ROOTS
}

/// JSON text as a value that is sent as it stands.
pub fn raw_json(json: String) -> Value {
    if json == "null" {
        return Value::Null;
    }
    let mut object = async_graphql::indexmap::IndexMap::with_capacity(1);
    object.insert(
        async_graphql::Name::new(RAW_VALUE_TOKEN),
        Value::String(json),
    );
    Value::Object(object)
}

/// The value of a nullable root field; a failure is noted, and the field is null.
pub fn answered(ctx: &Context<'_>, result: Result<String, Failure>) -> Value {
    match result {
        Ok(json) => raw_json(json),
        Err(failure) => answered_with(ctx, failure),
    }
}

/// Null, with the failure noted as an error of the field.
pub fn answered_with(ctx: &Context<'_>, failure: Failure) -> Value {
    let key = ctx.item.node.response_key().node.as_str();
    ctx.add_error(failure.at(ctx.item.pos, key));
    Value::Null
}

/// Whether a field of the query root is the engine's own.
pub fn is_root(name: &str) -> bool {
    roots().contains_key(name) || matches!(name, "node" | "nodes")
}

/// The JSON of a field of the query root. Where it is alone in its request, its transaction may end
/// with its statement. (What is asked less often is boxed: all pay for the longest future.)
pub async fn read<'a>(
    session: &'a Session,
    asked: Asked<'a>,
    selected: &Selected<'a>,
    is_alone: bool,
) -> Result<String, Failure> {
    let mut planner = session.planner(asked)?;
    match roots().get(selected.name()).copied() {
        Some(Root::One(id)) => one(session, &mut planner, id, selected, is_alone).await,
        Some(Root::Many(id)) => {
            let listing = Listing::plan(&mut planner, id, selected, None, Place::top(1))?;
            session.charged(&planner);
            let reader = session.reader().await?;
            Reader { is_alone, ..reader }.list(&listing).await
        }
        Some(Root::Aggregate(id)) => {
            let aggregation = Aggregation::plan(&mut planner, id, selected)?;
            session.charged(&planner);
            Box::pin(aggregation.read(session.reader().await?)).await
        }
        None if selected.name() == "node" => Box::pin(node(session, &mut planner, selected)).await,
        None => Box::pin(nodes(session, &mut planner, selected)).await,
    }
}

/// The plan of rows of an entity that meet a condition on their key.
fn keyed<'a>(
    planner: &mut Planner<'a>,
    id: EntityId,
    selected: &Selected<'a>,
    condition: impl FnOnce(&mut Plan, &str) -> String,
) -> Result<(Plan, Shape, String), Failure> {
    let entity = model().entity(id);
    if !planner.is_answer {
        planner.permit(entity)?;
    }
    planner.charge(1)?;
    let mut plan = Plan::new(id);
    let alias = plan.alias.clone();
    let key = plan.expression(format!("{alias}.{}", entity.key));
    debug_assert_eq!(key, 0, "the key is the first column");
    let mut conditions = vec![condition(&mut plan, &format!("{alias}.{}", entity.key))];
    if !planner.is_answer {
        conditions.extend(planner.conditions(&mut plan.statement).narrowed(id, &alias));
    }
    let shape = planner.shape(
        &mut plan,
        id,
        &alias,
        &selected.sets,
        Place::top(1).below(1),
    )?;
    let sql = format!(
        "select {} {} where {}",
        plan.select_list(),
        plan.from(),
        conditions.join(" and ")
    );
    Ok((plan, shape, sql))
}

/// The JSON of one row by its key, read in the session's snapshot.
async fn one<'a>(
    session: &Session,
    planner: &mut Planner<'a>,
    id: EntityId,
    selected: &Selected<'a>,
    is_alone: bool,
) -> Result<String, Failure> {
    let entity = model().entity(id);
    let given = arguments(selected.field, planner.asked);
    let (name, _) = single_argument(entity);
    let value = given
        .get(name.as_str())
        .filter(|value| !matches!(value, Value::Null));
    let value = value.ok_or_else(|| Failure::input(format!("{} needs {name}.", entity.single)))?;
    let kind = if entity.has_id() {
        Kind::Uuid
    } else {
        Kind::Text
    };
    let key = Operand {
        kind,
        refers_to: entity.has_id().then_some(id),
    }
    .value(value, &name)?;
    let (plan, shape, sql) = keyed(planner, id, selected, |plan, column| {
        format!("{column} = {}", plan.statement.bind(key))
    })?;
    session.charged(planner);
    let reader = session.reader().await?;
    Reader { is_alone, ..reader }
        .one(&plan, &shape, &sql, &plan.statement.values)
        .await
}

/// The JSON of one row of a known id, read within any transaction of the session.
pub async fn row<'a>(
    reader: Reader<'_>,
    planner: &mut Planner<'a>,
    entity: EntityId,
    id: Uuid,
    selected: &Selected<'a>,
) -> Result<String, Failure> {
    let (plan, shape, sql) = keyed(planner, entity, selected, |plan, column| {
        format!("{column} = {}", plan.statement.bind(id))
    })?;
    reader
        .one(&plan, &shape, &sql, &plan.statement.values)
        .await
}

/// The JSON of rows of known ids, read within any transaction of the session.
pub async fn rows<'a>(
    reader: Reader<'_>,
    planner: &mut Planner<'a>,
    entity: EntityId,
    ids: &[Uuid],
    selected: &Selected<'a>,
) -> Result<HashMap<Uuid, String>, Failure> {
    let (plan, shape, sql) = keyed(planner, entity, selected, |plan, column| {
        format!("{column} = any({})", plan.statement.bind(keys(ids)))
    })?;
    reader
        .many(&plan, &shape, &sql, &plan.statement.values)
        .await
}

/// Of rows of an entity, those that are within the caller's reach; none where all are.
pub async fn visible(
    session: &Session,
    entity: &str,
    ids: &[Uuid],
) -> Result<Option<HashSet<Uuid>>, Failure> {
    let id = model()
        .by_name(entity)
        .ok_or_else(|| Failure::internal(format!("there is no entity {entity}")))?;
    let (entity, mut statement) = (model().entity(id), Statement::default());
    let alias = statement.alias();
    let narrowed = Conditions {
        principal: session.principal()?,
        sealer: &session.shared.sealer,
        statement: &mut statement,
    }
    .narrowed(id, &alias);
    let Some(narrowed) = narrowed else {
        return Ok(None);
    };
    let bound = statement.bind(keys(ids));
    let sql = format!(
        "select {alias}.{key} from {} {alias} where {alias}.{key} = any({bound}) and {narrowed}",
        entity.source,
        key = entity.key
    );
    // Never of a replica, which may not have the rows yet.
    let database = &session.shared.database;
    let scope = database.read_after_write(session.principal()?).await?;
    let rows = scope.query(&sql, &statement.values).await?;
    scope.rollback().await?;
    let read = |row: &tokio_postgres::Row| row.try_get(0).map_err(Failure::internal);
    rows.iter().map(read).collect::<Result<_, _>>().map(Some)
}

fn entity_of(text: &str) -> Result<(EntityId, Uuid), Failure> {
    let (prefix, id) =
        type_id::parse(text).ok_or_else(|| Failure::input(format!("This is no id: {text:?}.")))?;
    let entity = model()
        .by_prefix(&prefix)
        .ok_or_else(|| Failure::input(format!("No id starts with `{prefix}_`: {text}")))?;
    Ok((entity, id))
}

async fn node<'a>(
    session: &Session,
    planner: &mut Planner<'a>,
    selected: &Selected<'a>,
) -> Result<String, Failure> {
    let given = arguments(selected.field, planner.asked);
    let id = given
        .get("id")
        .ok_or_else(|| Failure::input("node needs id."))?;
    let (entity, id) = entity_of(input::text(id, "id")?)?;
    let reader = session.reader().await?;
    let json = row(reader, planner, entity, id, selected).await;
    session.charged(planner);
    json
}

async fn nodes<'a>(
    session: &Session,
    planner: &mut Planner<'a>,
    selected: &Selected<'a>,
) -> Result<String, Failure> {
    let given = arguments(selected.field, planner.asked);
    let ids = given.get("ids").map(input::items).unwrap_or_default();
    if ids.len() > MAX_NODES {
        return Err(Failure::input(format!(
            "nodes takes at most {MAX_NODES} ids; these are {}.",
            ids.len()
        )));
    }
    let ids = ids
        .iter()
        .map(|id| entity_of(input::text(id, "ids")?))
        .collect::<Result<Vec<_>, _>>()?;
    let mut found = HashMap::new();
    let mut kinds: Vec<EntityId> = ids.iter().map(|(entity, _)| *entity).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let reader = session.reader().await?;
    for kind in kinds {
        let wanted: Vec<Uuid> = ids
            .iter()
            .filter(|(entity, _)| *entity == kind)
            .map(|(_, id)| *id)
            .collect();
        found.extend(rows(reader, planner, kind, &wanted, selected).await?);
    }
    session.charged(planner);
    let parts: Vec<&str> = ids
        .iter()
        .map(|(_, id)| found.get(id).map_or("null", String::as_str))
        .collect();
    Ok(format!("[{}]", parts.join(",")))
}

impl<Q: Questions> OutputType for Query<Q> {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("Query")
    }

    fn create_type_info(registry: &mut Registry) -> String {
        super::schema::register(registry);
        Q::create_type_info(registry);
        let mut fields = root_fields();
        if let Some(MetaType::Object {
            fields: written, ..
        }) = registry.types.get(Q::type_name().as_ref())
        {
            fields.extend(written.values().cloned());
        }
        for asking in Q::all() {
            if let Permission::Holds(code) = asking.permission
                && !audience::holds(code)
            {
                continue;
            }
            fields.push(asking.register(registry));
        }
        build::object(
            registry,
            "Query",
            "What can be read, of one and the same snapshot of the tenant's data. In front stands the module, which its read permission is named after, \
             such as booking.read, unless a field says otherwise.",
            fields,
        );
        "Query!".to_owned()
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        _: &Positioned<AstField>,
    ) -> ServerResult<Value> {
        resolver_utils::resolve_container(ctx, self).await
    }
}

impl<Q: Questions> ContainerType for Query<Q> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let name = ctx.item.node.name.node.as_str();
        if !is_root(name) {
            if let Some(asking) = Q::all().iter().find(|asking| asking.name == name) {
                return asking.resolve(ctx).await.map(Some);
            }
            return self.written.resolve_field(ctx).await;
        }
        let read = async {
            let session = ctx
                .data::<Arc<Session>>()
                .map_err(|error| Failure::internal(error.message))?;
            let selected = at_root(ctx, "Query")?;
            read(session, Asked::of(ctx.query_env), &selected, false).await
        };
        Ok(Some(answered(ctx, read.await)))
    }
}

impl<Q: Questions> ObjectType for Query<Q> {}

/// A row that a hand-written query answers with: the engine reads what is selected of it.
pub struct Node<E> {
    id: Uuid,
    entity: std::marker::PhantomData<fn() -> E>,
}

impl<E> Node<E> {
    /// The row of this id.
    pub fn new(id: Uuid) -> Self {
        Self {
            id,
            entity: std::marker::PhantomData,
        }
    }
}

/// The place of a SeaORM entity in the model.
pub fn entity_id<E: sea_orm::EntityName + Default>() -> Option<EntityId> {
    let entity = E::default();
    let source = format!(
        "{}.{}",
        entity.schema_name().unwrap_or("public"),
        entity.table_name()
    );
    model()
        .entities
        .iter()
        .position(|known| known.source == source)
}

impl<E: sea_orm::EntityName + Default + 'static> OutputType for Node<E> {
    fn type_name() -> Cow<'static, str> {
        entity_id::<E>().map_or(Cow::Borrowed("Node"), |id| {
            Cow::Borrowed(model().entity(id).table.entity)
        })
    }

    fn create_type_info(_: &mut Registry) -> String {
        Self::qualified_type_name()
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<AstField>,
    ) -> ServerResult<Value> {
        let key = field.node.response_key().node.as_str();
        let read = async {
            let session = ctx
                .data::<Arc<Session>>()
                .map_err(|error| Failure::internal(error.message))?;
            let entity = entity_id::<E>().ok_or_else(|| Failure::internal("no such entity"))?;
            let selected = Selected {
                key,
                field: &field.node,
                pos: field.pos,
                sets: vec![&field.node.selection_set.node],
            };
            let batch = session.nodes.batch(entity, &raw const field.node as usize);
            let read = async |ids: Vec<Uuid>| {
                let mut planner = session.planner(Asked::of(ctx.query_env))?;
                let reader = session.reader().await?;
                let found = rows(reader, &mut planner, entity, &ids, &selected).await?;
                session.charged(&planner);
                Ok::<_, Failure>(found)
            };
            batch.get(self.id, read).await
        };
        match read.await {
            Ok(Some(json)) => Ok(raw_json(json)),
            Ok(None) => Ok(Value::Null),
            Err(failure) => Err(failure.at(field.pos, key)),
        }
    }
}
