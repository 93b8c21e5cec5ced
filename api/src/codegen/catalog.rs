//! What `PostgreSQL`'s catalogs say of the app's tables, as plain values.
//!
//! Every query is ordered, so that the same database always gives the same text. Which tables are
//! entities, and what they are called, is said by `core.entity_types`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use tokio_postgres::{Client, Row};

use super::domains::Domain;

/// All that entities are generated from.
pub struct Catalog {
    /// The tables, by schema and name.
    pub tables: Vec<Table>,
    /// The domains that list their values, by schema and name.
    pub domains: Vec<Domain>,
}

impl Catalog {
    /// The entity that a foreign key leads to.
    pub fn target(&self, key: &ForeignKey) -> Option<&Table> {
        self.tables
            .iter()
            .find(|table| table.schema == key.target_schema && table.name == key.target_table)
    }
}

/// A table that `core.entity_types` knows.
pub struct Table {
    pub schema: String,
    pub name: String,
    pub entity: String,
    pub id_prefix: String,
    /// The letter of its row class.
    pub class: String,
    pub comment: Option<String>,
    pub columns: Vec<Column>,
    pub primary_key: Vec<String>,
    pub foreign_keys: Vec<ForeignKey>,
    pub rules: Vec<Rule>,
    /// The name of the state machine, and the column that it moves.
    pub machine: Option<(String, String)>,
    /// Whether staff maintain its rows by plain writes.
    pub has_plain_writes: bool,
    /// Whether staff move its rows by plain writes.
    pub has_plain_moves: bool,
    /// Whether its rows are counted and summed.
    pub has_aggregates: bool,
    /// The columns that only verbs set.
    pub verb_columns: Vec<String>,
}

/// A column, generated or not.
pub struct Column {
    number: i16,
    pub name: String,
    pub nullable: bool,
    pub has_default: bool,
    /// The name of its type in `pg_type`, under any domain.
    pub base_type: String,
    /// Schema and name of its domain.
    pub domain: Option<(String, String)>,
    /// What a generated column is made of.
    pub expression: Option<String>,
    pub comment: Option<String>,
}

/// A foreign key.
pub struct ForeignKey {
    pub name: String,
    pub columns: Vec<String>,
    pub target_schema: String,
    pub target_table: String,
    pub target_columns: Vec<String>,
    pub comment: Option<String>,
}

/// What a rule checks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum RuleKind {
    PrimaryKey,
    Unique,
    /// Unique among some of the rows.
    PartialUnique,
    Check,
    Exclusion,
}

/// A constraint, a unique index, or a commented trigger.
pub struct Rule {
    pub name: String,
    pub kind: RuleKind,
    pub columns: Vec<String>,
    pub comment: Option<String>,
}

const TABLES: &str = "
select c.oid, e.table_schema, e.table_name, e.entity_name, e.id_prefix, e.row_class::text,
  obj_description(c.oid, 'pg_class'), m.machine, m.column_name,
  coalesce(e.has_plain_writes, e.row_class = 'M' and not e.is_platform_written), e.has_plain_moves,
  coalesce(e.has_aggregates, e.row_class in ('T', 'J', 'P')), e.verb_columns
from core.entity_types e
join pg_namespace n on n.nspname = e.table_schema
join pg_class c on c.relnamespace = n.oid and c.relname = e.table_name
left join lateral (
  select s.machine, s.column_name
  from core.state_machines s
  where s.table_schema = e.table_schema and s.table_name = e.table_name
  order by s.column_name <> 'status', s.column_name collate \"C\"
  limit 1
) m on true
where c.relkind in ('r', 'p') and not c.relispartition
  and (e.table_schema, e.table_name) <> ('core', 'entity_types')
order by e.table_schema collate \"C\", e.table_name collate \"C\"";

/// The base type of a domain, and of the elements of a list, is looked up one level deep.
const COLUMNS: &str = "
select a.attrelid, a.attnum, a.attname::text,
  not a.attnotnull and not t.typnotnull,
  a.atthasdef or a.attidentity <> '',
  coalesce(b.typname::text, '_' || f.typname::text, t.typname::text),
  case when b.oid is not null then n.nspname::text end,
  case when b.oid is not null then t.typname::text end,
  case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end,
  col_description(a.attrelid, a.attnum)
from pg_attribute a
join pg_type t on t.oid = a.atttypid
join pg_namespace n on n.oid = t.typnamespace
left join pg_type b on t.typtype = 'd' and b.oid = t.typbasetype
left join pg_type e on t.typcategory = 'A' and e.oid = t.typelem and e.typtype = 'd'
left join pg_type f on f.oid = e.typbasetype
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attrelid = any ($1) and a.attnum > 0 and not a.attisdropped
order by a.attrelid, a.attnum";

/// Constraints, unique indexes that are none, triggers whose comment (or that of their
/// constraint) says what they refuse, and the checks of domains that list no values. Keys are
/// spelled by their index where they have one: it also knows expressions.
const RULES: &str = "
select k.conrelid, k.conname::text, k.contype::text, coalesce(k.conkey, '{}'),
  case when k.conindid <> 0 then array(
    select pg_get_indexdef(k.conindid, place, true)
    from pg_index i, generate_series(1, i.indnkeyatts) as place
    where i.indexrelid = k.conindid
    order by place
  ) end as keys,
  obj_description(k.oid, 'pg_constraint')
from pg_constraint k
where k.conrelid = any ($1) and k.contype in ('p', 'u', 'c', 'x')
union all
select i.indrelid, c.relname::text, case when i.indpred is null then 'u' else 'w' end, '{}', array(
    select pg_get_indexdef(i.indexrelid, place, true)
    from generate_series(1, i.indnkeyatts) as place
    order by place
  ), obj_description(i.indexrelid, 'pg_class')
from pg_index i
join pg_class c on c.oid = i.indexrelid
where i.indrelid = any ($1) and i.indisunique
  and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = i.indrelid)
union all
select g.tgrelid, g.tgname::text, 'c', coalesce(g.tgattr::int2[], '{}'), null, said.comment
from pg_trigger g
cross join lateral (
  select coalesce(obj_description(g.oid, 'pg_trigger'), obj_description(g.tgconstraint, 'pg_constraint'))
) as said (comment)
where g.tgrelid = any ($1) and not g.tgisinternal and said.comment is not null
union all
select a.attrelid, k.conname::text, 'c', array_agg(a.attnum order by a.attnum), null,
  obj_description(k.oid, 'pg_constraint')
from pg_attribute a
join pg_constraint k on k.contypid = a.atttypid and k.contype = 'c'
where a.attrelid = any ($1) and a.attnum > 0 and not a.attisdropped
  and pg_get_constraintdef(k.oid) !~ '^CHECK [(]+VALUE = '
group by a.attrelid, k.oid, k.conname
order by 1, 2, 3";

const FOREIGN_KEYS: &str = "
select k.conrelid, k.conname::text, n.nspname::text, c.relname::text,
  array(
    select a.attname::text
    from unnest(k.conkey) with ordinality as p (number, place)
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.number
    order by p.place
  ),
  array(
    select a.attname::text
    from unnest(k.confkey) with ordinality as p (number, place)
    join pg_attribute a on a.attrelid = k.confrelid and a.attnum = p.number
    order by p.place
  ),
  obj_description(k.oid, 'pg_constraint')
from pg_constraint k
join pg_class c on c.oid = k.confrelid
join pg_namespace n on n.oid = c.relnamespace
where k.conrelid = any ($1) and k.contype = 'f' and k.conparentid = 0
order by k.conrelid, k.conname";

const DOMAINS: &str = "
select n.nspname::text, t.typname::text, obj_description(t.oid, 'pg_type'),
  array(
    select pg_get_constraintdef(k.oid)
    from pg_constraint k
    where k.contypid = t.oid and k.contype = 'c'
    order by k.conname
  )
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
where t.typtype = 'd' and n.nspname in (select e.table_schema from core.entity_types e)
order by n.nspname, t.typname";

/// Reads the catalogs of a migrated database.
pub async fn load(client: &Client) -> anyhow::Result<Catalog> {
    let mut by_oid = BTreeMap::new();
    let mut order = Vec::new();
    for row in client
        .query(TABLES, &[])
        .await
        .context("cannot read the tables")?
    {
        let oid: u32 = row.try_get(0)?;
        order.push(oid);
        by_oid.insert(oid, table(&row)?);
    }
    for row in query(client, COLUMNS, &order).await? {
        owner(&mut by_oid, &row)?.columns.push(column(&row)?);
    }
    for row in query(client, RULES, &order).await? {
        let table = owner(&mut by_oid, &row)?;
        let rule = rule(&row, &table.columns)?;
        if rule.kind == RuleKind::PrimaryKey {
            table.primary_key.clone_from(&rule.columns);
        }
        table.rules.push(rule);
    }
    for row in query(client, FOREIGN_KEYS, &order).await? {
        owner(&mut by_oid, &row)?
            .foreign_keys
            .push(foreign_key(&row)?);
    }
    for table in by_oid.values_mut() {
        // The database sorts texts by its locale, which differs from one to another.
        table.rules.sort_by(|one, other| one.name.cmp(&other.name));
    }
    let mut domains = Vec::new();
    for row in client
        .query(DOMAINS, &[])
        .await
        .context("cannot read the domains")?
    {
        let checks: Vec<String> = row.try_get(3)?;
        let comment: Option<String> = row.try_get(2)?;
        domains.extend(Domain::parse(
            row.try_get(0)?,
            row.try_get(1)?,
            comment,
            &checks,
        ));
    }
    let tables = order.iter().filter_map(|oid| by_oid.remove(oid)).collect();
    Ok(Catalog { tables, domains })
}

async fn query(client: &Client, sql: &str, tables: &Vec<u32>) -> anyhow::Result<Vec<Row>> {
    client
        .query(sql, &[tables])
        .await
        .context("cannot read the catalog")
}

/// The table whose oid a row begins with.
fn owner<'a>(tables: &'a mut BTreeMap<u32, Table>, row: &Row) -> anyhow::Result<&'a mut Table> {
    let oid: u32 = row.try_get(0)?;
    tables
        .get_mut(&oid)
        .with_context(|| format!("the catalog speaks of an unknown table {oid}"))
}

fn table(row: &Row) -> anyhow::Result<Table> {
    let machine: Option<String> = row.try_get(7)?;
    let moved: Option<String> = row.try_get(8)?;
    Ok(Table {
        schema: row.try_get(1)?,
        name: row.try_get(2)?,
        entity: row.try_get(3)?,
        id_prefix: row.try_get::<_, Option<String>>(4)?.unwrap_or_default(),
        class: row.try_get(5)?,
        comment: row.try_get(6)?,
        columns: Vec::new(),
        primary_key: Vec::new(),
        foreign_keys: Vec::new(),
        rules: Vec::new(),
        machine: machine.zip(moved),
        has_plain_writes: row.try_get(9)?,
        has_plain_moves: row.try_get(10)?,
        has_aggregates: row.try_get(11)?,
        verb_columns: row.try_get(12)?,
    })
}

fn column(row: &Row) -> anyhow::Result<Column> {
    let schema: Option<String> = row.try_get(6)?;
    let domain: Option<String> = row.try_get(7)?;
    Ok(Column {
        number: row.try_get(1)?,
        name: row.try_get(2)?,
        nullable: row.try_get(3)?,
        has_default: row.try_get(4)?,
        base_type: row.try_get(5)?,
        domain: schema.zip(domain),
        expression: row.try_get(8)?,
        comment: row.try_get(9)?,
    })
}

fn rule(row: &Row, columns: &[Column]) -> anyhow::Result<Rule> {
    let kind = match row.try_get::<_, String>(2)?.as_str() {
        "p" => RuleKind::PrimaryKey,
        "u" => RuleKind::Unique,
        "w" => RuleKind::PartialUnique,
        "x" => RuleKind::Exclusion,
        _ => RuleKind::Check,
    };
    let numbers: Vec<i16> = row.try_get(3)?;
    let keys: Option<Vec<String>> = row.try_get(4)?;
    let keys = keys.unwrap_or_else(|| {
        let by_number = |number| columns.iter().find(|column| column.number == number);
        numbers
            .into_iter()
            .filter_map(by_number)
            .map(|column| column.name.clone())
            .collect()
    });
    let mut spoken_of = Vec::new();
    for key in &keys {
        collect(key, columns, &mut spoken_of);
    }
    let mut seen = BTreeSet::new();
    spoken_of.retain(|column| seen.insert(column.clone()));
    Ok(Rule {
        name: row.try_get(1)?,
        kind,
        columns: spoken_of,
        comment: row.try_get(5)?,
    })
}

/// Adds the columns that an expression names; of a generated column, those it is made of, as
/// nobody can set it.
fn collect(expression: &str, columns: &[Column], found: &mut Vec<String>) {
    for column in named(expression, columns) {
        match &column.expression {
            None => found.push(column.name.clone()),
            Some(inner) => found.extend(
                named(inner, columns)
                    .filter(|column| column.expression.is_none())
                    .map(|column| column.name.clone()),
            ),
        }
    }
}

/// The columns whose names are words of the expression.
fn named<'a>(expression: &'a str, columns: &'a [Column]) -> impl Iterator<Item = &'a Column> {
    expression
        .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .filter_map(|word| columns.iter().find(|column| column.name == word))
}

fn foreign_key(row: &Row) -> anyhow::Result<ForeignKey> {
    Ok(ForeignKey {
        name: row.try_get(1)?,
        target_schema: row.try_get(2)?,
        target_table: row.try_get(3)?,
        columns: row.try_get(4)?,
        target_columns: row.try_get(5)?,
        comment: row.try_get(6)?,
    })
}
