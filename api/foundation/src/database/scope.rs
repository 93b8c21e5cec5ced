//! The one door to data: a transaction in which the tenant is set.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use deadpool_postgres::Object;
use futures_util::future;
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExecResult, ProxyExecResult, QueryResult, Statement, Value,
};
use tokio::sync::OnceCell;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::APP_ROLE;
use super::error::Error;
use super::pool::Pool;
use super::value::{Param, proxy_row};
use crate::identity::Principal;

/// What a scope may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// One snapshot, read only.
    Read,
    /// Read committed, read and write.
    Write,
}

impl Access {
    fn begin(self) -> &'static str {
        match self {
            Self::Read => "begin isolation level repeatable read read only",
            Self::Write => "begin isolation level read committed",
        }
    }
}

/// On whose behalf a scope runs: what row-level security and the audit columns see.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// The PostgreSQL role whose policies apply.
    pub role: &'static str,
    /// The tenant; none on the platform's door.
    pub biz_id: Option<Uuid>,
    /// The acting user, if one acts.
    pub user_id: Option<Uuid>,
    /// The request that all written rows name.
    pub request_id: Option<Uuid>,
}

/// A transaction in which the tenant is set.
///
/// It begins with its first statement: BEGIN, the tenant and the statement go to the server in one
/// flight. A scope that is dropped is rolled back, behind the caller's back, before its connection
/// returns to the pool.
pub struct Scope {
    pool: Pool,
    client: OnceCell<Object>,
    access: Access,
    identity: Identity,
    now: DateTime<Utc>,
    begun: AtomicBool,
    ended: AtomicBool,
    statements: AtomicU32,
    entered: OnceLock<(Uuid, Option<Uuid>)>,
}

impl std::fmt::Debug for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scope")
            .field("access", &self.access)
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

/// What a writer is told, beside what every connection is. Its statements go by keys, whatever the
/// values: to plan one anew for its values took longer than to run it, and a third of a booking.
const WRITER_SETTINGS: &str =
    "set local lock_timeout = '5s'; set local plan_cache_mode = force_generic_plan";

impl Scope {
    /// A scope that takes a connection with its first statement.
    pub(super) fn new(pool: Pool, access: Access, identity: Identity, now: DateTime<Utc>) -> Self {
        Self {
            pool,
            client: OnceCell::new(),
            access,
            identity,
            now,
            begun: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            statements: AtomicU32::new(0),
            entered: OnceLock::new(),
        }
    }

    /// The tenant. Nil on the platform's door, where no tenant's row has it.
    pub fn biz_id(&self) -> Uuid {
        let entered = self.entered.get().map(|(biz_id, _)| *biz_id);
        entered.or(self.identity.biz_id).unwrap_or_default()
    }

    /// The acting user, if one acts.
    pub fn user_id(&self) -> Option<Uuid> {
        self.entered
            .get()
            .map_or(self.identity.user_id, |(_, user_id)| *user_id)
    }

    /// The instant at which the scope was opened: the one "now" of all that happens in it.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// How many statements ran, BEGIN and settings not counted.
    pub fn statements(&self) -> u32 {
        self.statements.load(Ordering::Relaxed)
    }

    fn is_open(&self) -> bool {
        self.begun.load(Ordering::Acquire) && !self.ended.load(Ordering::Acquire)
    }

    async fn client(&self) -> Result<&Object, Error> {
        if self.ended.load(Ordering::Acquire) {
            return Err(Error::Internal("the transaction has ended".to_owned()));
        }
        let taken = self.client.get_or_try_init(|| self.pool.get()).await;
        Ok(taken?)
    }

    /// Takes a connection now, so that one that cannot be had is known before any work is done.
    pub(super) async fn connected(self) -> Result<Self, Error> {
        self.client().await?;
        Ok(self)
    }

    /// The message that opens the transaction: one, which is parsed sooner than four prepared
    /// statements are bound. Nothing gets into its text but ids, and words of our own.
    fn opening(&self) -> String {
        let Identity {
            role,
            biz_id,
            user_id,
            request_id,
        } = &self.identity;
        let text = |id: &Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        let mut sql = format!(
            "{}; set local role {role}; set local app.biz_id = '{}'; set local app.user_id = '{}'",
            self.access.begin(),
            text(biz_id),
            text(user_id),
        );
        if self.access == Access::Write {
            let request = text(request_id);
            sql += "; set local app.request_id = '";
            sql += &request;
            sql += "'; ";
            sql += WRITER_SETTINGS;
        }
        sql
    }

    /// The rows of a statement whose placeholders are `$1`...
    pub async fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
        let client = self.client().await?;
        let params: Vec<Param<'_>> = values.iter().map(Param).collect();
        let params: Vec<&(dyn ToSql + Sync)> =
            params.iter().map(|p| p as &(dyn ToSql + Sync)).collect();
        self.statements.fetch_add(1, Ordering::Relaxed);
        let statement = client.prepare_cached(sql).await?;
        let query = async { Ok(client.query(&statement, &params).await?) };
        if self.begun.swap(true, Ordering::AcqRel) {
            return query.await;
        }
        // Both are sent at once and in this order, as each future sends with its first poll.
        let opening = self.opening();
        let open = async { Ok(client.batch_execute(&opening).await?) };
        let (opened, rows): (Result<(), Error>, _) = future::join(open, query).await;
        // Without the tenant, rows are nobody's.
        opened.and(rows)
    }

    /// The rows of the only statement that reads in this scope. A tenant's needs no transaction
    /// around it: it sets the tenant itself, as [`enclosed`] says, and goes in one message instead of
    /// three. Nothing can be asked of the scope after it.
    pub async fn query_only(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
        let is_tenants = self.access == Access::Read && self.identity.role == APP_ROLE;
        if !is_tenants || self.begun.load(Ordering::Acquire) {
            return self.query(sql, values).await;
        }
        let client = self.client().await?;
        let text = |id: Option<Uuid>| Value::from(id.map(|id| id.to_string()).unwrap_or_default());
        let identity = [text(self.identity.biz_id), text(self.identity.user_id)];
        let params: Vec<Param<'_>> = values.iter().chain(&identity).map(Param).collect();
        let params: Vec<&(dyn ToSql + Sync)> =
            params.iter().map(|p| p as &(dyn ToSql + Sync)).collect();
        self.statements.fetch_add(1, Ordering::Relaxed);
        let sql = enclosed(sql, values.len());
        let statement = client.prepare_cached(&sql).await?;
        // A caller that leaves in between leaves the connection to be waited for.
        self.begun.store(true, Ordering::Release);
        let rows = client.query(&statement, &params).await;
        self.ended.store(true, Ordering::Release);
        Ok(rows?)
    }

    /// Several statements of this program's own, without values.
    pub async fn batch(&self, sql: &str) -> Result<(), Error> {
        // The first statement opens the transaction.
        if !self.begun.load(Ordering::Acquire) {
            self.query("select", &[]).await?;
        }
        Ok(self.client().await?.batch_execute(sql).await?)
    }

    /// The first row of a statement.
    pub async fn query_opt(&self, sql: &str, values: &[Value]) -> Result<Option<Row>, Error> {
        Ok(self.query(sql, values).await?.into_iter().next())
    }

    /// Runs a statement and says how many rows it changed.
    pub async fn execute(&self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        if !self.begun.load(Ordering::Acquire) {
            self.query("select", &[]).await?;
        }
        let client = self.client().await?;
        let params: Vec<Param<'_>> = values.iter().map(Param).collect();
        let params: Vec<&(dyn ToSql + Sync)> =
            params.iter().map(|p| p as &(dyn ToSql + Sync)).collect();
        self.statements.fetch_add(1, Ordering::Relaxed);
        let statement = client.prepare_cached(sql).await?;
        Ok(client.execute(&statement, &params).await?)
    }

    /// Names the reason that status histories of this transaction carry.
    pub async fn set_reason(&self, reason: &str) -> Result<(), Error> {
        let sql = "select set_config('app.reason', $1, true)";
        self.query(sql, &[Value::from(reason)]).await.map(drop)
    }

    /// From here on, acts in the name of a tenant and a user: for the platform's door, where a
    /// tenant is made or chosen within the transaction. Once in a scope's life.
    pub async fn enter(&self, biz_id: Uuid, user_id: Option<Uuid>) -> Result<(), Error> {
        let sql = "select set_config('app.biz_id', $1, true), set_config('app.user_id', $2, true)";
        let user = user_id.map(|id| id.to_string()).unwrap_or_default();
        self.query(sql, &[biz_id.to_string().into(), user.into()])
            .await?;
        self.entered
            .set((biz_id, user_id))
            .map_err(|_| Error::Internal("a scope enters one tenant".to_owned()))
    }

    /// From here on sees what the principal sees: for the answer of a verb on the platform's door.
    pub(crate) async fn assume(&self, principal: &Principal) -> Result<(), Error> {
        let sql = "select set_config('role', $1, true), set_config('app.biz_id', $2, true), \
                   set_config('app.user_id', $3, true)";
        let user = principal.user_id().map(|id| id.to_string());
        let values: [Value; 3] = [
            APP_ROLE.into(),
            principal.biz_id().to_string().into(),
            user.unwrap_or_default().into(),
        ];
        self.query(sql, &values).await.map(drop)
    }

    /// Makes the changes last.
    pub async fn commit(mut self) -> Result<(), Error> {
        self.end("commit").await
    }

    /// Undoes everything.
    pub async fn rollback(mut self) -> Result<(), Error> {
        self.end("rollback").await
    }

    async fn end(&mut self, how: &'static str) -> Result<(), Error> {
        if !self.is_open() {
            return Ok(());
        }
        let Some(client) = self.client.take() else {
            return Ok(());
        };
        let guard = Unfinished(Some(client));
        let Some(client) = guard.0.as_ref() else {
            return Ok(());
        };
        let statement = client.prepare_cached(how).await?;
        client.execute(&statement, &[]).await?;
        guard.finished();
        Ok(())
    }
}

/// A statement of so many values that sets the tenant and the user by itself, from two values more.
///
/// The condition names no row, so PostgreSQL tests it before it looks for any, as the gate above all
/// else of the plan; and the policies' own look at the settings waits for the first row looked for.
/// Were it ever the other way round, there would be no tenant yet, and no rows. Which policies apply
/// is settled when the statement is planned, by the connection's role: a connection of another role,
/// as a pooler between may hand out, is refused.
fn enclosed(sql: &str, values: usize) -> String {
    let (biz_id, user_id) = (values + 1, values + 2);
    format!(
        "select * from ({sql}) as found where (select case \
           when current_user <> '{APP_ROLE}' then core.refuse_reader() \
           else set_config('app.biz_id', ${biz_id}, true) is not null \
             and set_config('app.user_id', ${user_id}, true) is not null end)"
    )
}

/// A connection whose transaction may still be open; rolled back unless told otherwise.
struct Unfinished(Option<Object>);

impl Unfinished {
    fn finished(mut self) {
        self.0.take();
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let Some(client) = self.0.take() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            drop(Object::take(client));
            return;
        };
        runtime.spawn(async move {
            if client.batch_execute("rollback").await.is_err() {
                drop(Object::take(client));
            }
        });
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        if self.is_open() {
            drop(Unfinished(self.client.take()));
        }
    }
}

fn parts(statement: Statement) -> (String, Vec<Value>) {
    let values = statement.values.map(|values| values.0).unwrap_or_default();
    (statement.sql, values)
}

#[async_trait]
impl ConnectionTrait for Scope {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Postgres
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let (sql, values) = parts(statement);
        let rows = self.execute(&sql, &values).await?;
        Ok(ProxyExecResult::new(0, rows).into())
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let rows = self.execute(sql, &[]).await?;
        Ok(ProxyExecResult::new(0, rows).into())
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.query_all_raw(statement).await?.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let (sql, values) = parts(statement);
        let rows = self.query(&sql, &values).await?;
        rows.iter()
            .map(|row| Ok(proxy_row(row).map_err(Error::from)?.into()))
            .collect()
    }
}
