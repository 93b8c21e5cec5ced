//! Verbs: what changes data. A verb is a declaration and a function; permission, idempotency, dry
//! run, retry, user errors, event, audit and payload happen once, around all of them.

mod fault;
mod idempotency;
pub mod item;
pub mod link;
mod payload;
mod perform;
pub mod plain;
mod reach;
mod record;

use std::future::Future;
use std::sync::{Arc, OnceLock};

use async_graphql::registry::Registry;
use async_graphql::resolver_utils::EnumType;
use async_graphql::{InputType, Value};
use futures_util::future::BoxFuture;
use uuid::Uuid;

pub use fault::{COMMON, Fault, Problem, UserError};
pub use payload::{Payload, Shapes, register, register_interface, shape, value_text};
pub use perform::{Done, Request, carry_out, perform};

use super::failure::{Code, Failure};
use super::session::{Session, Shared};
use crate::database::Scope;
use crate::identity::{Forget, Principal};

/// Who may use a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Anyone, signed in or not. The verb runs on the platform's door.
    Anyone,
    /// Anyone who is signed in, on the platform's door: verbs on one's own account.
    SignedIn,
    /// Members whose roles give this permission, in their tenant.
    Holds(&'static str),
}

/// What a payload holds besides user errors, cursor and replay.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// A row: field, entity, description.
    Row(&'static str, &'static str, &'static str),
    /// Rows, in the order in which the outcome names them: field, entity, description.
    Rows(&'static str, &'static str, &'static str),
    /// A value: field, GraphQL type, description. Of objects, what is asked for is answered.
    Value(&'static str, &'static str, &'static str),
    /// A value that is shown once and not kept for replays: field, GraphQL type, description.
    Secret(&'static str, &'static str, &'static str),
}

impl Part {
    /// The field's name.
    pub fn field(self) -> &'static str {
        match self {
            Self::Row(field, ..)
            | Self::Rows(field, ..)
            | Self::Value(field, ..)
            | Self::Secret(field, ..) => field,
        }
    }
}

/// What a verb works with.
pub struct Act<'a> {
    /// The transaction.
    pub scope: &'a Scope,
    /// The request.
    pub session: &'a Session,
}

impl Act<'_> {
    /// Who acts.
    pub fn principal(&self) -> Result<&Principal, Failure> {
        self.session.principal()
    }

    /// Whether the caller holds the permission where the row is; a row elsewhere does not exist.
    pub fn permit_at(&self, permission: &str, location: Uuid, what: &str) -> Result<(), Failure> {
        if self.principal()?.may_at(permission, location) {
            return Ok(());
        }
        Err(Failure::new(
            Code::NotFound,
            format!("There is no such {what}."),
        ))
    }
}

/// What a verb did.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The rows of the payload.
    pub rows: Vec<(&'static str, Uuid)>,
    /// The values of the payload.
    pub values: serde_json::Map<String, serde_json::Value>,
    /// What the event and the audit entry speak of: entity and id. The first row if not set.
    pub subject: Option<(&'static str, Uuid)>,
    /// What the event tells besides its subject.
    pub details: serde_json::Map<String, serde_json::Value>,
    /// What the row was before, for the audit entry.
    pub before: Option<serde_json::Value>,
    /// Who the caller has become: by signing in.
    pub principal: Option<Arc<Principal>>,
    /// Whose permissions are to be read anew once this is done.
    pub forget: Option<Forget>,
    /// What follows once this is committed.
    pub follow_up: Option<FollowUp>,
}

/// What follows once a verb is committed, outside of any transaction: to call another system, and
/// to record what it said. The payload is read after it. If the program dies in between, a job has
/// to find what was left undone. The answer adds to the outcome's values.
pub struct FollowUp(pub Box<dyn FnOnce(Arc<Shared>) -> BoxFuture<'static, Followed> + Send + Sync>);

/// What a follow-up adds to the values of the payload.
pub type Followed = Result<serde_json::Map<String, serde_json::Value>, Failure>;

impl std::fmt::Debug for FollowUp {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("FollowUp")
    }
}

impl Outcome {
    /// A verb that answers with one row.
    pub fn row(field: &'static str, id: Uuid) -> Self {
        Self {
            rows: vec![(field, id)],
            ..Self::default()
        }
    }

    /// Adds a row.
    #[must_use]
    pub fn and_row(mut self, field: &'static str, id: Uuid) -> Self {
        self.rows.push((field, id));
        self
    }

    /// Adds a value.
    #[must_use]
    pub fn and_value(mut self, field: &str, value: impl Into<serde_json::Value>) -> Self {
        self.values.insert(field.to_owned(), value.into());
        self
    }

    /// Adds what follows once it is committed.
    #[must_use]
    pub fn then<F>(
        mut self,
        follow_up: impl FnOnce(Arc<Shared>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Followed> + Send + 'static,
    {
        self.follow_up = Some(FollowUp(Box::new(|shared| Box::pin(follow_up(shared)))));
        self
    }

    /// Adds a detail to the event.
    #[must_use]
    pub fn detail(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }
}

/// A verb. The doc comment of its input is its description in the graph.
pub trait Verb: Send + Sync + 'static {
    /// What it takes, besides `idempotencyKey` and `dryRun`.
    type Input: InputType;
    /// The rules of its own that a request may break: an enum named `...ErrorCode` in the graph.
    type Problem: EnumType + InputType + Sync;

    /// Its name in the graph: noun, then verb.
    const NAME: &'static str;
    /// Who may use it.
    const PERMISSION: Permission;
    /// The event it writes, such as `booking.confirmed`; none where nothing happened to a tenant.
    const EVENT: Option<&'static str>;
    /// What its payload holds.
    const PAYLOAD: &'static [Part];
    /// The constraints whose violation is a problem of its own.
    const CONSTRAINTS: &'static [(&'static str, Self::Problem)] = &[];
    /// Where an input field is named differently from its column: the column as a field, and the
    /// input field.
    const FIELDS: &'static [(&'static str, &'static str)] = &[];

    /// Registers the types of the payload's values that nothing else registers.
    fn types(_: &mut Registry) {}

    /// Does it, within a transaction.
    fn run(
        act: &Act<'_>,
        input: Self::Input,
    ) -> impl Future<Output = Result<Outcome, Fault<Self::Problem>>> + Send;
}

type Register = Box<dyn Fn(&mut Registry) -> (String, Vec<(String, String)>) + Send + Sync>;
type Run = Box<
    dyn for<'a> Fn(&'a Act<'a>, Value) -> BoxFuture<'a, Result<Outcome, Fault<String>>>
        + Send
        + Sync,
>;

/// A verb without its types.
pub struct Declaration {
    /// Its name in the graph.
    pub name: String,
    /// What it does, unless its input's description says so.
    pub description: Option<String>,
    /// The name before `UserError` where verbs share the type of their errors.
    pub error_stem: Option<&'static str>,
    /// The name before `Payload` where verbs share the type of their answers.
    pub payload_stem: Option<String>,
    /// Who may use it.
    pub permission: Permission,
    /// The event it writes.
    pub event: Option<String>,
    /// What its payload holds.
    pub payload: Vec<Part>,
    /// The constraints whose violation has a code of its own.
    pub constraints: Vec<(&'static str, String)>,
    /// Where an input field is named differently from its column.
    pub fields: &'static [(&'static str, &'static str)],
    /// The objects among the payload's values: the types of their fields.
    pub shapes: OnceLock<Shapes>,
    /// Registers its input type, and says that type's name and the codes of its problems.
    pub register: Register,
    /// Runs it.
    pub run: Run,
}

fn code<P: EnumType>(problem: P) -> String {
    let item = P::items().iter().find(|item| item.value == problem);
    item.map(|item| item.name.to_owned()).unwrap_or_default()
}

fn codes<P: EnumType + InputType>(registry: &mut Registry) -> Vec<(String, String)> {
    let name = <P as InputType>::type_name();
    // Of verbs that share their problems, the first has its own type under this name.
    let known = registry.types.remove(name.as_ref());
    <P as InputType>::create_type_info(registry);
    let own = registry.types.remove(name.as_ref());
    registry
        .types
        .extend(known.map(|known| (name.into_owned(), known)));
    let Some(async_graphql::registry::MetaType::Enum { enum_values, .. }) = own else {
        return Vec::new();
    };
    enum_values
        .into_values()
        .map(|value| (value.name, value.description.unwrap_or_default()))
        .collect()
}

impl<P: EnumType> Fault<P> {
    fn erase(self) -> Fault<String> {
        let erased = |problem: Problem<P>| Problem {
            code: code(problem.code),
            message: problem.message,
            field: problem.field,
            retryable: problem.retryable,
            values: problem.values,
        };
        match self {
            Self::Problem(problem) => Fault::Problem(erased(problem)),
            Self::Kept(problem) => Fault::Kept(erased(problem)),
            Self::Failure(failure) => Fault::Failure(failure),
            Self::Database(error) => Fault::Database(error),
        }
    }
}

/// The declaration of a verb.
pub fn declare<V: Verb>() -> Declaration {
    Declaration {
        name: V::NAME.to_owned(),
        description: None,
        error_stem: None,
        payload_stem: None,
        permission: V::PERMISSION,
        event: V::EVENT.map(str::to_owned),
        payload: V::PAYLOAD.to_vec(),
        constraints: V::CONSTRAINTS
            .iter()
            .map(|(name, problem)| (*name, code(*problem)))
            .collect(),
        fields: V::FIELDS,
        shapes: OnceLock::new(),
        register: Box::new(|registry| {
            V::types(registry);
            V::Input::create_type_info(registry);
            (
                V::Input::type_name().into_owned(),
                codes::<V::Problem>(registry),
            )
        }),
        run: Box::new(|act, input| {
            Box::pin(async move {
                let input = V::Input::parse(Some(input)).map_err(|error| {
                    Failure::input(format!(
                        "The input is not right: {}",
                        error
                            .into_server_error(async_graphql::Pos::default())
                            .message
                    ))
                })?;
                V::run(act, input).await.map_err(Fault::erase)
            })
        }),
    }
}
