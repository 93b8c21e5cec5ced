//! Many rows of a table in one statement.

use serde_json::Value;

use crate::database::{Error, Scope};

/// Writes rows of the scope's tenant. All of them have the same columns; those that they do not
/// have take their defaults.
pub async fn put(scope: &Scope, table: &'static str, rows: Vec<Value>) -> Result<(), Error> {
    let Some(first) = rows.first().and_then(Value::as_object) else {
        return Ok(());
    };
    // Names that stand in this program, no input.
    let columns: Vec<String> = first.keys().map(|name| format!("\"{name}\"")).collect();
    let columns = columns.join(", ");
    let sql = format!(
        "insert into {table} (biz_id, {columns}) \
         select $1, {columns} from json_populate_recordset(null::{table}, $2::json)"
    );
    let rows = Value::Array(rows).to_string();
    scope
        .execute(&sql, &[scope.biz_id().into(), rows.into()])
        .await
        .map(drop)
}

/// So many numbers of a kind of document, such as `BK-000001`, drawn in the transaction itself: the
/// tenant does not exist yet for anyone else.
pub async fn numbers(
    scope: &Scope,
    document: &str,
    prefix: &str,
    count: usize,
) -> Result<std::vec::IntoIter<String>, Error> {
    let sql = "select core.format_number(t.prefix, t.series, t.next_value - $3 + n, t.padding) \
               from core.take_numbers($1, $2, '', $3) t cross join generate_series(0, $3 - 1) n order by n";
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    if count == 0 {
        return Ok(Vec::new().into_iter());
    }
    let rows = scope
        .query(sql, &[document.into(), prefix.into(), count.into()])
        .await?;
    let numbers: Result<Vec<String>, Error> = rows.iter().map(|row| Ok(row.try_get(0)?)).collect();
    Ok(numbers?.into_iter())
}
