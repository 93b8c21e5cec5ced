//! Questions: queries that need more than rows. A question is a declaration and a function, as a
//! verb is; permission and snapshot are seen to once, around all of them.

use std::borrow::Cow;
use std::future::Future;
use std::sync::Arc;

use async_graphql::registry::{MetaField, MetaType, Registry};
use async_graphql::{Context, InputType, OutputType, ServerResult, Value};
use futures_util::future::BoxFuture;

use super::failure::{Code, Failure};
use super::input::arguments;
use super::query::answered_with;
use super::schema::build::field_with;
use super::selection::{Asked, at_root};
use super::session::Session;
use super::verb::Permission;
use crate::database::Scope;
use crate::identity::Principal;

/// What a question looks at.
pub struct Look<'a> {
    /// The snapshot that all fields of the request read; for a question that is open to anyone,
    /// the platform's door.
    pub scope: &'a Scope,
    /// The request.
    pub session: &'a Session,
}

impl Look<'_> {
    /// Who asks.
    pub fn principal(&self) -> Result<&Principal, Failure> {
        self.session.principal()
    }

    /// Whether the caller holds the permission where the row is; a row elsewhere does not exist.
    pub fn permit_at(
        &self,
        permission: &str,
        location: uuid::Uuid,
        what: &str,
    ) -> Result<(), Failure> {
        if self.principal()?.may_at(permission, location) {
            return Ok(());
        }
        Err(Failure::new(
            Code::NotFound,
            format!("There is no such {what}."),
        ))
    }
}

/// A query written by hand. The doc comment of its input is its description in the graph, and the
/// fields of its input are its arguments.
pub trait Question: Send + Sync + 'static {
    /// What it is asked with: an input object, whose fields become arguments.
    type Input: InputType;
    /// What it answers; null where it fails.
    type Answer: OutputType + Send + Sync;

    /// Its name in the graph.
    const NAME: &'static str;
    /// Who may ask.
    const PERMISSION: Permission;

    /// Answers it.
    fn ask(
        look: &Look<'_>,
        input: Self::Input,
    ) -> impl Future<Output = Result<Self::Answer, Failure>> + Send;
}

type Resolve =
    Box<dyn for<'a> Fn(&'a Context<'a>) -> BoxFuture<'a, ServerResult<Value>> + Send + Sync>;

/// A question without its types.
pub struct Asking {
    /// Its name in the graph.
    pub name: &'static str,
    /// Who may ask.
    pub permission: Permission,
    register: Box<dyn Fn(&mut Registry) -> MetaField + Send + Sync>,
    resolve: Resolve,
}

impl std::fmt::Debug for Asking {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("Asking").field(&self.name).finish()
    }
}

impl Asking {
    /// Registers the types of the answer and the arguments, and gives the field.
    pub fn register(&self, registry: &mut Registry) -> MetaField {
        (self.register)(registry)
    }

    /// The value of the field; a failure is noted, and the field is null.
    pub async fn resolve(&self, ctx: &Context<'_>) -> ServerResult<Value> {
        (self.resolve)(ctx).await
    }
}

/// The declaration of a question.
pub fn question<Q: Question>() -> Asking {
    Asking {
        name: Q::NAME,
        permission: Q::PERMISSION,
        register: Box::new(|registry| {
            let answer = <Q::Answer as OutputType>::create_type_info(registry);
            <Q::Input as InputType>::create_type_info(registry);
            let (mut args, mut description) = (Vec::new(), String::new());
            if let Some(MetaType::InputObject {
                input_fields,
                description: own,
                ..
            }) = registry.types.remove(Q::Input::type_name().as_ref())
            {
                args = input_fields.into_values().collect();
                description = own.unwrap_or_default();
            }
            let needs = match Q::PERMISSION {
                Permission::Anyone => Cow::Borrowed("Open to anyone."),
                Permission::SignedIn => Cow::Borrowed("Requires signing in."),
                Permission::Holds(code) => Cow::Owned(format!("Requires {code}.")),
            };
            let description = format!("{description} {needs}");
            field_with(
                Q::NAME,
                answer.trim_end_matches('!'),
                description.trim(),
                args,
            )
        }),
        resolve: Box::new(|ctx| {
            Box::pin(async move {
                match answer::<Q>(ctx).await {
                    Ok(answer) => {
                        let field = ctx.item;
                        let inner = ctx.with_selection_set(&field.node.selection_set);
                        answer.resolve(&inner, field).await
                    }
                    Err(failure) => Ok(answered_with(ctx, failure)),
                }
            })
        }),
    }
}

async fn answer<Q: Question>(ctx: &Context<'_>) -> Result<Q::Answer, Failure> {
    let session = ctx
        .data::<Arc<Session>>()
        .map_err(|error| Failure::internal(error.message))?;
    match Q::PERMISSION {
        Permission::Anyone => {}
        Permission::SignedIn => session.principal().map(drop)?,
        Permission::Holds(code) if session.principal()?.may(code) => {}
        Permission::Holds(code) => return Err(Failure::forbidden(code)),
    }
    let selected = at_root(ctx, "Query")?;
    let given = arguments(selected.field, Asked::of(ctx.query_env));
    let input = Q::Input::parse(Some(Value::Object(given))).map_err(|error| {
        let told = error.into_server_error(ctx.item.pos).message;
        Failure::input(format!("The arguments are not right: {told}"))
    })?;
    if let Permission::Anyone = Q::PERMISSION {
        let database = &session.shared.database;
        let scope = database.platform(session.client.request_id).await?;
        let look = Look {
            scope: &scope,
            session,
        };
        let answer = Q::ask(&look, input).await;
        scope.rollback().await?;
        return answer;
    }
    let look = Look {
        scope: session.snapshot().await?,
        session,
    };
    Q::ask(&look, input).await
}
