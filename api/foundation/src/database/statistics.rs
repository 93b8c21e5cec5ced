//! What PostgreSQL's planner knows of the tables.

use super::{Database, Error};

impl Database {
    /// Lets the planner look at all tables now. A table that was empty a moment ago counts as
    /// empty until autovacuum comes by, in a minute or so; until then plans read a whole tenant to
    /// find one row, which a writer of many rows notices. Where this role does not own a table,
    /// PostgreSQL passes it over.
    pub async fn analyze(&self) -> Result<(), Error> {
        let client = self.pool.get().await?;
        let sql = "select string_agg(format('%I.%I', e.table_schema, e.table_name), ', ') from core.entity_types e";
        let tables: Option<String> = client.query_one(sql, &[]).await?.try_get(0)?;
        if let Some(tables) = tables {
            // As who logged in, and for as long as it takes.
            let as_owner = "set local role none; set local statement_timeout = 0";
            let analyze = format!("begin; {as_owner}; analyze {tables}; commit");
            if let Err(error) = client.batch_execute(&analyze).await {
                client.batch_execute("rollback").await?;
                return Err(error.into());
            }
        }
        Ok(())
    }
}
