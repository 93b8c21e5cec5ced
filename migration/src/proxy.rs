//! The statements of `sea-orm` over one `tokio-postgres` connection.
//!
//! Carries what a migration needs and no more: batches without parameters, and the record's few
//! statements with texts and numbers. The program's own statements go through its `Scope`.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use sea_orm::{DbErr, ProxyDatabaseTrait, ProxyExecResult, ProxyRow, RuntimeErr, Statement, Value};
use tokio_postgres::{
    Client, Row,
    error::{ErrorPosition, SqlState},
    types::{ToSql, Type},
};

use crate::{Error, state::State};

/// The first thing that went wrong.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// PostgreSQL's code, where it was PostgreSQL that refused.
    pub(crate) code: Option<SqlState>,
    /// What it said, which does not quote the statement.
    pub(crate) message: String,
    /// Where in the statement.
    place: Option<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl Failure {
    /// Describes an error of a statement with this text.
    pub(crate) fn new(error: &tokio_postgres::Error, sql: &str) -> Self {
        let Some(db) = error.as_db_error() else {
            let cause = std::error::Error::source(error).map(|cause| format!(": {cause}"));
            let message = format!("{error}{}", cause.unwrap_or_default());
            return Self {
                code: None,
                message,
                place: None,
            };
        };
        let context = || db.where_().and_then(|text| text.lines().next());
        let place = match db.position() {
            Some(ErrorPosition::Original(position)) => {
                let before = sql.chars().take(*position as usize);
                Some(format!(
                    "line {}",
                    before.filter(|c| *c == '\n').count() + 1
                ))
            }
            _ => context().map(|context| format!("in {context}")),
        };
        Self {
            code: Some(db.code().clone()),
            message: db.message().to_owned(),
            place,
        }
    }

    fn into_error(self) -> DbErr {
        DbErr::Exec(RuntimeErr::Internal(self.to_string()))
    }
}

/// The connection, and the first failure on it.
#[derive(Clone)]
pub(crate) struct Proxy(Arc<Inner>);

struct Inner {
    client: Client,
    failure: Mutex<Option<Failure>>,
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").finish_non_exhaustive()
    }
}

impl Proxy {
    pub(crate) fn new(client: Client) -> Self {
        Self(Arc::new(Inner {
            client,
            failure: Mutex::default(),
        }))
    }

    /// The first thing that went wrong, if anything did.
    pub(crate) fn failure(&self) -> Option<Failure> {
        self.0
            .failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Lets the server's roles read the record, so that a program which is not the owner can tell
    /// whether the database fits it.
    pub(crate) async fn open_record(&self) -> Result<(), tokio_postgres::Error> {
        let grant = "grant select on seaql_migrations to bizing_app, bizing_platform";
        self.0.client.batch_execute(grant).await
    }

    /// What the database has, once the transaction that failed is out of the way.
    pub(crate) async fn state_after_failure(&self) -> Result<State, Error> {
        self.0.client.batch_execute("rollback").await?;
        State::read(&self.0.client).await
    }

    /// Remembers the first failure; those that follow it are its consequences.
    fn remember(&self, error: &tokio_postgres::Error, sql: &str) -> Failure {
        let mut first = self
            .0
            .failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        first
            .get_or_insert_with(|| Failure::new(error, sql))
            .clone()
    }

    /// A statement that ends or begins a transaction, whose failure has no other way out.
    async fn control(&self, sql: &str) {
        if let Err(error) = self.0.client.batch_execute(sql).await {
            self.remember(&error, sql);
        }
    }

    fn check(&self) -> Result<(), DbErr> {
        self.failure()
            .map_or(Ok(()), |failure| Err(failure.into_error()))
    }
}

#[async_trait]
impl ProxyDatabaseTrait for Proxy {
    async fn query(&self, statement: Statement) -> Result<Vec<ProxyRow>, DbErr> {
        self.check()?;
        let parameters = parameters(&statement)?;
        let parameters: Vec<_> = parameters
            .iter()
            .map(|p| &**p as &(dyn ToSql + Sync))
            .collect();
        match self.0.client.query(&statement.sql, &parameters).await {
            Ok(rows) => rows.iter().map(row).collect(),
            Err(error) => Err(self.remember(&error, &statement.sql).into_error()),
        }
    }

    async fn execute(&self, statement: Statement) -> Result<ProxyExecResult, DbErr> {
        self.check()?;
        let parameters = parameters(&statement)?;
        let parameters: Vec<_> = parameters
            .iter()
            .map(|p| &**p as &(dyn ToSql + Sync))
            .collect();
        let outcome = if parameters.is_empty() {
            self.0
                .client
                .batch_execute(&statement.sql)
                .await
                .map(|()| 0)
        } else {
            self.0.client.execute(&statement.sql, &parameters).await
        };
        match outcome {
            Ok(rows) => Ok(ProxyExecResult::new(0, rows)),
            Err(error) => Err(self.remember(&error, &statement.sql).into_error()),
        }
    }

    async fn begin(&self) {
        self.control("begin; set local statement_timeout = 0; set local lock_timeout = 0")
            .await;
    }

    async fn commit(&self) {
        self.control("commit").await;
    }

    async fn rollback(&self) {
        self.control("rollback").await;
    }

    async fn ping(&self) -> Result<(), DbErr> {
        self.check()
    }

    // `start_rollback` cannot wait, and need not: after a failure nothing is sent but the ROLLBACK
    // of `state_after_failure`, and then the connection is dropped.
}

fn parameters(statement: &Statement) -> Result<Vec<Box<dyn ToSql + Sync + Send>>, DbErr> {
    let values = statement
        .values
        .as_ref()
        .map_or(&[][..], |values| &values.0);
    values
        .iter()
        .map(|value| match value {
            Value::String(text) => Ok(Box::new(text.clone()) as Box<dyn ToSql + Sync + Send>),
            Value::BigInt(number) => Ok(Box::new(*number) as _),
            Value::BigUnsigned(number) => {
                Ok(Box::new(number.and_then(|number| i64::try_from(number).ok())) as _)
            }
            other => Err(DbErr::Type(format!(
                "a migration's record cannot hold {other:?}"
            ))),
        })
        .collect()
}

fn row(row: &Row) -> Result<ProxyRow, DbErr> {
    let mut values = BTreeMap::new();
    for (index, column) in row.columns().iter().enumerate() {
        let value = match *column.type_() {
            Type::TEXT | Type::VARCHAR => row.try_get(index).map(Value::String),
            Type::INT8 => row.try_get(index).map(Value::BigInt),
            Type::BOOL => row.try_get(index).map(Value::Bool),
            ref other => {
                return Err(DbErr::Type(format!(
                    "a migration's record cannot hold {other}"
                )));
            }
        };
        let value = value.map_err(|error| DbErr::Type(error.to_string()))?;
        values.insert(column.name().to_owned(), value);
    }
    Ok(ProxyRow::new(values))
}
