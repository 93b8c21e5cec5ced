//! `viewer`: who asks, and what they may do.

use std::sync::Arc;

use async_graphql::{Context, Error, Object};
use entities::core::{biz, location};
use entities::identity::{member, session, user};
use uuid::Uuid;

use crate::database;
use crate::graph::Node;
use crate::graph::failure::{Failure, error};
use crate::graph::session::{Caller, Session};
use crate::identity::{Principal, Proof};

/// The queries of identity.
#[derive(Debug, Default)]
pub struct IdentityQuery;

/// Who asks.
pub struct Viewer(Arc<Principal>);

#[Object]
impl IdentityQuery {
    /// Who asks, and what they may do here; null for who has not signed in.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
        match &of(ctx).ok()?.caller {
            Caller::Principal(principal) => Some(Viewer(Arc::clone(principal))),
            Caller::Anonymous => None,
        }
    }
}

/// Who asks: a member who has signed in, or an API key.
#[Object]
impl Viewer {
    /// The user; null for an API key.
    async fn user(&self) -> Option<Node<user::Entity>> {
        self.0.user_id().map(Node::new)
    }

    /// The tenant that the token or key is for.
    async fn biz(&self) -> Node<biz::Entity> {
        Node::new(self.0.biz_id())
    }

    /// The user's membership in the tenant; null for an API key. Requires identity.read.
    async fn member(&self) -> Option<Node<member::Entity>> {
        self.0.member_id().map(Node::new)
    }

    /// The codes of the permissions that the viewer has here, at some location at least.
    async fn permissions(&self) -> Vec<&str> {
        self.0.permissions()
    }

    /// The locations where the member works; null where that is all of them. Requires core.read.
    async fn locations(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<Vec<Node<location::Entity>>>> {
        let Some(member) = self.0.member_id() else {
            return Ok(None);
        };
        let sql = "select l.location_id from identity.member_locations l \
            join core.locations c on c.biz_id = l.biz_id and c.id = l.location_id \
            where l.biz_id = $1 and l.member_id = $2 order by c.code";
        let values = [self.0.biz_id().into(), member.into()];
        let found = ids(ctx, sql, &values).await?;
        let nodes: Vec<_> = found.into_iter().map(Node::new).collect();
        Ok((!nodes.is_empty()).then_some(nodes))
    }

    /// The session that the access token belongs to; null for an API key.
    async fn session(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<Node<session::Entity>>> {
        let Proof::Session(family) = self.0.proof() else {
            return Ok(None);
        };
        let sql = "select id from identity.sessions \
            where family_id = $1 and rotated_at is null and revoked_at is null";
        let found = ids(ctx, sql, &[family.into()]).await?;
        Ok(found.first().map(|id| Node::new(*id)))
    }

    /// The user's sessions that have not ended, on all devices, the latest first.
    async fn sessions(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Vec<Node<session::Entity>>> {
        let Some(user) = self.0.user_id() else {
            return Ok(Vec::new());
        };
        let sql = "select id from identity.sessions where user_id = $1 and rotated_at is null \
            and revoked_at is null and expires_at > now() order by last_seen_at desc, id desc limit 100";
        let found = ids(ctx, sql, &[user.into()]).await?;
        Ok(found.into_iter().map(Node::new).collect())
    }
}

fn of<'a>(ctx: &Context<'a>) -> Result<&'a Arc<Session>, Error> {
    ctx.data::<Arc<Session>>()
}

/// Ids from the snapshot that all fields of the request read.
async fn ids(ctx: &Context<'_>, sql: &str, values: &[sea_orm::Value]) -> Result<Vec<Uuid>, Error> {
    let read = async {
        let rows = of(ctx)
            .map_err(|error| Failure::internal(error.message))?
            .snapshot()
            .await?
            .query(sql, values)
            .await?;
        let read = |row: &tokio_postgres::Row| row.try_get(0).map_err(database::Error::from);
        Ok::<_, Failure>(rows.iter().map(read).collect::<Result<_, _>>()?)
    };
    read.await.map_err(refused)
}

/// A failure as a resolver tells it, with its code.
fn refused(failure: Failure) -> Error {
    let told = error(failure);
    Error {
        message: told.message,
        source: None,
        extensions: told.extensions,
    }
}
