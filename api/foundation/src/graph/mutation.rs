//! The mutation root: one field a verb, built from the verbs' declarations.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

use async_graphql::context::ContextSelectionSet;
use async_graphql::parser::types::Field as AstField;
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::ContainerType;
use async_graphql::{
    Context, ObjectType, OutputType, Positioned, ServerResult, Value, resolver_utils,
};

use super::failure::Failure;
use super::input::arguments;
use super::query::raw_json;
use super::schema::{audience, build};
use super::selection::{Asked, at_root, collect};
use super::session::Session;
use super::verb::{
    Declaration, Payload, Permission, Request, perform, register, register_interface,
};

/// The verbs of a program. The graph knows no domain; the domain tells it through this.
pub trait Verbs: Send + Sync + 'static {
    /// All verbs, in the order in which the schema lists them.
    fn all() -> &'static [Declaration];
}

/// The mutation root.
pub struct Mutation<V>(PhantomData<fn() -> V>);

impl<V> Default for Mutation<V> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<V: Verbs> OutputType for Mutation<V> {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("Mutation")
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let fields = V::all()
            .iter()
            .filter(|declaration| match declaration.permission {
                Permission::Holds(code) => audience::holds(code),
                Permission::Anyone | Permission::SignedIn => true,
            })
            .map(|declaration| register(registry, declaration))
            .collect();
        let description =
            "What can be done. Each field is one transaction: it happens whole, or not at all.";
        build::object(registry, "Mutation", description, fields);
        "Mutation!".to_owned()
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        _: &Positioned<AstField>,
    ) -> ServerResult<Value> {
        resolver_utils::resolve_container_serial(ctx, self).await
    }
}

/// The interface of all user errors, for the schema's builder.
pub struct UserErrors<V>(PhantomData<fn() -> V>);

impl<V: Verbs> OutputType for UserErrors<V> {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("UserError")
    }

    fn create_type_info(registry: &mut Registry) -> String {
        register_interface(registry, V::all());
        "UserError!".to_owned()
    }

    async fn resolve(
        &self,
        _: &ContextSelectionSet<'_>,
        _: &Positioned<AstField>,
    ) -> ServerResult<Value> {
        Ok(Value::Null)
    }
}

impl<V: Verbs> ContainerType for Mutation<V> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let name = ctx.item.node.name.node.as_str();
        let Some(declaration) = V::all().iter().find(|declaration| declaration.name == name) else {
            return Ok(None);
        };
        let key = ctx.item.node.response_key().node.as_str();
        match act(ctx, declaration).await {
            Ok(json) => Ok(Some(raw_json(json))),
            Err(failure) => Err(failure.at(ctx.item.pos, key)),
        }
    }
}

impl<V: Verbs> ObjectType for Mutation<V> {}

async fn act(ctx: &Context<'_>, declaration: &Declaration) -> Result<String, Failure> {
    let session = ctx
        .data::<Arc<Session>>()
        .map_err(|error| Failure::internal(error.message))?;
    let selected = at_root(ctx, "Mutation")?;
    if !std::ptr::eq(selected.field, &raw const ctx.item.node) {
        // The same field again: it was done, and answered, at its first place.
        return Ok("null".to_owned());
    }
    let field = selected.field;
    let asked = Asked::of(ctx.query_env);
    let Some(Value::Object(mut input)) = arguments(field, asked).swap_remove("input") else {
        return Err(Failure::input(format!(
            "{} needs an input.",
            declaration.name
        )));
    };
    let dry_run = match input.shift_remove("dryRun") {
        None | Some(Value::Null) => false,
        Some(value) => super::input::boolean(&value, "dryRun")?,
    };
    let key = match input.shift_remove("idempotencyKey") {
        None | Some(Value::Null) => header_key(ctx, session)?,
        Some(value) => Some(super::input::text(&value, "idempotencyKey")?.to_owned()),
    };
    let request = Request {
        input: Value::Object(input),
        key: key.as_deref(),
        dry_run,
    };
    let payload = Payload {
        declaration,
        sets: selected.sets,
        asked,
    };
    perform(session, declaration, request, &payload).await
}

/// The key of the `Idempotency-Key` header, which names a document with one mutation.
fn header_key(ctx: &Context<'_>, session: &Session) -> Result<Option<String>, Failure> {
    let Some(key) = &session.client.idempotency_key else {
        return Ok(None);
    };
    let set = &ctx.query_env.operation.node.selection_set.node;
    if collect(&[set], "Mutation", &[], Asked::of(ctx.query_env))?.len() > 1 {
        return Err(Failure::input(
            "The Idempotency-Key header names a document with one mutation; give each of several its own idempotencyKey.",
        ));
    }
    Ok(Some(key.clone()))
}
