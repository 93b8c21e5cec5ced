//! `serviceRequestCreate`.

use async_graphql::{Enum, InputObject};
use entities::booking::booking_order;
use entities::core::location;
use entities::crm::customer;
use entities::hospitality::stay;
use entities::operations::request_category;
use entities::resources::resource;
use sea_orm::Value;
use uuid::Uuid;

use crate::operations::REQUEST as PERMISSION;
use crate::operations::choices::{Priority, RequestChannel};
use crate::operations::sla::clocks::{Subject, start};
use foundation::database::{Database, Error, Numbered, Scope, new_id};
use foundation::graph::scalars::{Choice, Id};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Notes what a guest or customer asks for, or complains about. What policies promise for its kind
/// begins to run.
#[derive(InputObject)]
pub struct ServiceRequestCreateInput {
    /// What kind of request it is; the team that sees to it follows.
    pub category_id: Id<request_category::Entity>,
    /// The location that sees to it.
    pub location_id: Id<location::Entity>,
    /// What is wanted, in a line.
    pub summary: String,
    /// What is wanted, at length.
    pub description: Option<String>,
    /// The room or thing it is about; some kinds need one.
    pub resource_id: Option<Id<resource::Entity>>,
    /// Who asks; the customer of the booking if not given.
    pub customer_id: Option<Id<customer::Entity>>,
    /// The booking it belongs to.
    pub booking_order_id: Option<Id<booking_order::Entity>>,
    /// The stay it belongs to.
    pub stay_id: Option<Id<stay::Entity>>,
    /// How urgent it is; as its kind has it if not given.
    pub priority: Option<Choice<Priority>>,
    /// How it came in; at the desk if not given.
    pub channel: Option<Choice<RequestChannel>>,
}

/// Why nothing was asked for.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServiceRequestCreateErrorCode")]
pub enum ServiceRequestCreateProblem {
    /// There is no such kind of request, or it is not used any more.
    UnknownCategory,
    /// Such a request says which room or thing it is about.
    ResourceRequired,
}

use ServiceRequestCreateProblem as Problem;

/// The verb.
pub struct ServiceRequestCreate;

impl Verb for ServiceRequestCreate {
    type Input = ServiceRequestCreateInput;
    type Problem = Problem;

    const NAME: &'static str = "serviceRequestCreate";
    const PERMISSION: Permission = Permission::Holds(PERMISSION);
    const EVENT: Option<&'static str> = Some("service_request.created");
    const PAYLOAD: &'static [Part] = &[Part::Row(
        "serviceRequest",
        "ServiceRequest",
        "The new request.",
    )];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        act.permit_at(PERMISSION, input.location_id.uuid(), "location")?;
        let wanted = NewRequest {
            category: Category::Id(input.category_id.uuid()),
            location_id: input.location_id.uuid(),
            summary: input.summary,
            description: input.description,
            resource_id: input.resource_id.map(|id| id.uuid()),
            customer_id: input.customer_id.map(|id| id.uuid()),
            booking_order_id: input.booking_order_id.map(|id| id.uuid()),
            stay_id: input.stay_id.map(|id| id.uuid()),
            priority: input.priority.map(|priority| priority.0),
            channel: input.channel.map_or("desk", |channel| channel.0),
        };
        let database = &act.session.shared.database;
        let made = create(database, act.scope, wanted)
            .await
            .map_err(|refused| match refused {
                Refused::UnknownCategory => {
                    let text = "There is no such kind of request.";
                    Fault::at(Problem::UnknownCategory, "categoryId", text)
                }
                Refused::ResourceRequired => {
                    let text = "Say which room or thing it is about.";
                    Fault::at(Problem::ResourceRequired, "resourceId", text)
                }
                Refused::Database(error) => error.into(),
            })?;
        Ok(made.outcome(Outcome::row("serviceRequest", made.id)))
    }
}

/// How requests are numbered.
const NUMBERS: Numbered = Numbered {
    document: "service_request",
    prefix: "SR",
};

/// Which kind of request somebody means.
#[derive(Clone, Debug)]
pub enum Category {
    /// Any, by its id.
    Id(Uuid),
    /// One that guests may choose, by its code.
    Public(String),
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct NewRequest {
    /// What kind of request it is.
    pub category: Category,
    /// The location that sees to it.
    pub location_id: Uuid,
    /// What is wanted, in a line.
    pub summary: String,
    /// What is wanted, at length.
    pub description: Option<String>,
    /// The room or thing it is about.
    pub resource_id: Option<Uuid>,
    /// Who asks.
    pub customer_id: Option<Uuid>,
    /// The booking it belongs to.
    pub booking_order_id: Option<Uuid>,
    /// The stay it belongs to.
    pub stay_id: Option<Uuid>,
    /// How urgent it is.
    pub priority: Option<&'static str>,
    /// How it came in.
    pub channel: &'static str,
}

/// A request that was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    location_id: Uuid,
    team: String,
    priority: String,
}

impl Made {
    /// What its event tells.
    pub fn outcome(&self, outcome: Outcome) -> Outcome {
        outcome
            .detail("location_id", self.location_id.to_string())
            .detail("team", self.team.as_str())
            .detail("priority", self.priority.as_str())
    }
}

/// Why nothing was made.
#[derive(Debug)]
pub enum Refused {
    /// There is no such kind.
    UnknownCategory,
    /// The room or thing must be named.
    ResourceRequired,
    /// The database refused.
    Database(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

impl From<tokio_postgres::Error> for Refused {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(error.into())
    }
}

// A kind that is archived meanwhile is archived after this.
const CATEGORY: &str = "select c.id, c.team, c.default_priority::text, c.needs_resource, c.sla_policy_id \
    from operations.request_categories c \
    where c.biz_id = $1 and c.deleted_at is null and (c.id = $2::uuid or c.is_public and c.code = $3::text) for share";

const INSERT: &str = "insert into operations.service_requests (biz_id, id, number, category_id, location_id, resource_id, \
      customer_id, booking_order_id, stay_id, priority, channel, summary, description, requested_at) \
    values ($1, $2, $3, $4, $5, $6, \
      coalesce($7, (select o.customer_id from booking.booking_orders o where o.biz_id = $1 and o.id = $8)), \
      $8, $9, $10::text, $11::text, $12, $13, $14)";

/// Notes a request, and starts what is promised for it.
pub async fn create(
    database: &Database,
    scope: &Scope,
    wanted: NewRequest,
) -> Result<Made, Refused> {
    let (by_id, by_code) = match wanted.category {
        Category::Id(id) => (Some(id), None),
        Category::Public(code) => (None, Some(code)),
    };
    let values: [Value; 3] = [scope.biz_id().into(), by_id.into(), by_code.into()];
    let row = scope.query_opt(CATEGORY, &values).await?;
    let row = row.ok_or(Refused::UnknownCategory)?;
    if row.try_get(3)? && wanted.resource_id.is_none() {
        return Err(Refused::ResourceRequired);
    }
    let usual: String = row.try_get(2)?;
    let priority = wanted.priority.map_or(usual, str::to_owned);
    let (id, number) = (new_id(), database.number(scope, NUMBERS).await?);
    let category: Uuid = row.try_get(0)?;
    let values: [Value; 14] = [
        scope.biz_id().into(),
        id.into(),
        number.as_str().into(),
        category.into(),
        wanted.location_id.into(),
        wanted.resource_id.into(),
        wanted.customer_id.into(),
        wanted.booking_order_id.into(),
        wanted.stay_id.into(),
        priority.as_str().into(),
        wanted.channel.into(),
        wanted.summary.trim().into(),
        wanted.description.unwrap_or_default().into(),
        scope.now().into(),
    ];
    scope.execute(INSERT, &values).await?;
    let subject = Subject {
        entity: "ServiceRequest",
        id,
        location_id: wanted.location_id,
        priority: &priority,
        policy_id: row.try_get(4)?,
    };
    start(scope, &subject).await?;
    Ok(Made {
        id,
        number,
        location_id: wanted.location_id,
        team: row.try_get(1)?,
        priority,
    })
}
