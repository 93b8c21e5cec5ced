//! What a guest sees: the kinds of requests there are, and how theirs stands.

use async_graphql::{InputObject, SimpleObject};
use uuid::Uuid;

use super::code::{origin, read_token};
use crate::operations::choices::RequestStatus;
use foundation::database::Error;
use foundation::graph::failure::{Code, Failure};
use foundation::graph::question::{Look, Question};
use foundation::graph::scalars::{Choice, Instant};
use foundation::graph::verb::Permission;

/// The kinds of requests that a guest may choose.
#[derive(InputObject)]
pub struct ServiceRequestCategoriesInput {
    /// The code of the place, the room or the booking.
    pub code: String,
}

/// A kind of request.
#[derive(SimpleObject)]
pub struct ServiceRequestKind {
    /// Its code, for `serviceRequestCreateOnline`.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// The question.
pub struct ServiceRequestCategories;

const KINDS: &str = "select c.code, c.name from operations.request_categories c \
    where c.biz_id = $1 and c.is_public and c.deleted_at is null and (not c.needs_resource or $2) \
    order by c.sort_key, c.name, c.id limit 200";

impl Question for ServiceRequestCategories {
    type Input = ServiceRequestCategoriesInput;
    type Answer = Vec<ServiceRequestKind>;

    const NAME: &'static str = "serviceRequestKinds";
    const PERMISSION: Permission = Permission::Anyone;

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let found = origin(look.scope, &look.session.shared.sealer, &input.code).await?;
        let from = found.ok_or_else(|| Failure::new(Code::NotFound, "There is no such place."))?;
        let values = [from.biz_id.into(), from.resource_id.is_some().into()];
        let rows = look.scope.query(KINDS, &values).await?;
        let kind = |row: &tokio_postgres::Row| {
            Ok(ServiceRequestKind {
                code: row.try_get(0)?,
                name: row.try_get(1)?,
            })
        };
        let kinds: Result<_, Error> = rows.iter().map(kind).collect();
        Ok(kinds?)
    }
}

/// How a request stands, for whoever holds its token.
#[derive(InputObject)]
pub struct ServiceRequestTrackingInput {
    /// The token that asking gave.
    pub token: String,
}

/// Something that was said to the guest, or by them.
#[derive(SimpleObject)]
pub struct ServiceRequestMessage {
    /// The text.
    pub body: String,
    /// When it was written.
    pub at: Instant,
    /// Whether staff wrote it.
    pub by_staff: bool,
}

/// What a guest sees of a request.
#[derive(SimpleObject)]
pub struct ServiceRequestView {
    /// Its number.
    pub number: String,
    /// What is wanted.
    pub summary: String,
    /// Where it stands.
    pub status: Choice<RequestStatus>,
    /// When it was asked.
    pub requested_at: Instant,
    /// When it was done.
    pub resolved_at: Option<Instant>,
    /// What was done about it.
    pub resolution: Option<String>,
    /// How they liked it, from 1 to 5 stars.
    pub rating: Option<i32>,
    /// What was said, 200 texts at most, the oldest first.
    pub messages: Vec<ServiceRequestMessage>,
}

/// The question.
pub struct ServiceRequestTracking;

const VIEW: &str = "select r.number, r.summary, r.status::text, r.requested_at, r.resolved_at, r.resolution, r.rating::integer \
    from operations.service_requests r where r.biz_id = $1 and r.id = $2";
const SAID: &str = "select n.body, n.created_at, n.created_by is not null from core.notes n \
    where n.biz_id = $1 and n.subject_type = 'ServiceRequest' and n.subject_id = $2 and n.visibility = 'public' \
      and n.deleted_at is null order by n.created_at, n.id limit 200";

impl Question for ServiceRequestTracking {
    type Input = ServiceRequestTrackingInput;
    type Answer = ServiceRequestView;

    const NAME: &'static str = "serviceRequestTracking";
    const PERMISSION: Permission = Permission::Anyone;

    async fn ask(look: &Look<'_>, input: Self::Input) -> Result<Self::Answer, Failure> {
        let unknown = || Failure::new(Code::NotFound, "There is no such request.");
        let of = read_token(&look.session.shared.sealer, &input.token).ok_or_else(unknown)?;
        let values = [of.biz_id.into(), of.id.into()];
        let row = look.scope.query_opt(VIEW, &values).await?;
        let row = row.ok_or_else(unknown)?;
        let rows = look.scope.query(SAID, &values).await?;
        let read = || -> Result<Option<ServiceRequestView>, Error> {
            let status: String = row.try_get(2)?;
            let Some(status) = Choice::of(&status) else {
                return Ok(None);
            };
            let said = rows.iter().map(|row| {
                Ok(ServiceRequestMessage {
                    body: row.try_get(0)?,
                    at: Instant(row.try_get(1)?),
                    by_staff: row.try_get(2)?,
                })
            });
            Ok(Some(ServiceRequestView {
                number: row.try_get(0)?,
                summary: row.try_get(1)?,
                status,
                requested_at: Instant(row.try_get(3)?),
                resolved_at: row.try_get::<_, Option<_>>(4)?.map(Instant),
                resolution: row.try_get(5)?,
                rating: row.try_get(6)?,
                messages: said.collect::<Result<_, Error>>()?,
            }))
        };
        read()?.ok_or_else(unknown)
    }
}

/// The status of a request of a token, locked; the scope then acts for its tenant.
pub async fn lock(
    act: &foundation::graph::verb::Act<'_>,
    token: &str,
) -> Result<Option<(Uuid, String)>, Error> {
    let Some(of) = read_token(&act.session.shared.sealer, token) else {
        return Ok(None);
    };
    act.scope.enter(of.biz_id, None).await?;
    let sql = "select status::text from operations.service_requests where biz_id = $1 and id = $2 for no key update";
    let row = act
        .scope
        .query_opt(sql, &[of.biz_id.into(), of.id.into()])
        .await?;
    row.map(|row| Ok((of.id, row.try_get(0)?))).transpose()
}
