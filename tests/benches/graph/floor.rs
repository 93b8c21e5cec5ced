//! What the graph is measured against: the same answers from hand-written SQL, by the same axum, from
//! a pool as large. No tenancy beyond a literal `biz_id = $1`, no snapshot, no permissions, no limits.

mod create;
mod passed;
mod rows;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use serde::Deserialize;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Config, NoTls, Row};
use uuid::Uuid;

use crate::server::POOL;

/// What is asked for, in the address.
#[derive(Debug, Deserialize)]
struct Wanted {
    biz: Uuid,
    #[serde(default)]
    id: Uuid,
    /// Microseconds since 2000.
    #[serde(default)]
    from: i64,
    #[serde(default)]
    status: String,
    /// Days since 2000.
    #[serde(default)]
    day: i32,
    #[serde(default)]
    customer: Uuid,
    #[serde(default)]
    location: Uuid,
    #[serde(default)]
    unit_type: Uuid,
    #[serde(default)]
    pool: Uuid,
    #[serde(default)]
    sellable: Uuid,
}

/// An instant as PostgreSQL sends it: microseconds since 2000.
#[derive(Clone, Copy, Debug)]
struct Instant(i64);

type Refused = Box<dyn std::error::Error + Sync + Send>;

impl FromSql<'_> for Instant {
    fn from_sql(_: &Type, raw: &[u8]) -> Result<Self, Refused> {
        Ok(Self(i64::from_be_bytes(raw.try_into()?)))
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::TIMESTAMPTZ
    }
}

impl ToSql for Instant {
    fn to_sql(&self, _: &Type, out: &mut bytes::BytesMut) -> Result<IsNull, Refused> {
        out.extend_from_slice(&self.0.to_be_bytes());
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::TIMESTAMPTZ
    }

    to_sql_checked!();
}

/// A day as PostgreSQL sends it: days since 2000.
#[derive(Clone, Copy, Debug)]
struct Day(i32);

impl ToSql for Day {
    fn to_sql(&self, _: &Type, out: &mut bytes::BytesMut) -> Result<IsNull, Refused> {
        out.extend_from_slice(&self.0.to_be_bytes());
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::DATE
    }

    to_sql_checked!();
}

impl FromSql<'_> for Day {
    fn from_sql(_: &Type, raw: &[u8]) -> Result<Self, Refused> {
        Ok(Self(i32::from_be_bytes(raw.try_into()?)))
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::DATE
    }
}

/// Why there is no answer.
struct Failed(String);

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.0).into_response()
    }
}

impl<E: std::error::Error> From<E> for Failed {
    fn from(error: E) -> Self {
        Self(format!("{error:?}"))
    }
}

type Answer = Result<([(header::HeaderName, &'static str); 1], String), Failed>;
type Asked = (State<Pool>, Query<Wanted>);

fn answer(json: String) -> Answer {
    Ok(([(header::CONTENT_TYPE, "application/json")], json))
}

async fn query(
    pool: &Pool,
    sql: &'static str,
    values: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, Failed> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(sql).await?;
    Ok(client.query(&statement, values).await?)
}

/// Connections that see all: the product's own see nothing until they know for whom.
pub fn pool(config: Config) -> anyhow::Result<Pool> {
    let recycling = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    let manager = Manager::from_config(config, NoTls, recycling);
    Ok(Pool::builder(manager).max_size(POOL).build()?)
}

/// The floors' part of the router.
pub fn router(pool: Pool) -> Router {
    Router::new()
        .route("/rows/one", get(rows::one))
        .route("/rows/list", get(rows::list))
        .route("/rows/nested", get(rows::nested))
        .route("/rows/aggregate", get(rows::aggregate))
        .route("/rows/create", get(create::create))
        .route("/json/one", get(passed::one))
        .route("/json/list", get(passed::list))
        .route("/json/nested", get(passed::nested))
        .route("/json/aggregate", get(passed::aggregate))
        .with_state(pool)
}
