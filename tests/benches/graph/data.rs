//! The database: where it stands, how it is filled, and what of it is asked for.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use bizing::database::connect::Target;
use bizing::database::embedded::Embedded;
use bizing::startup;
use tokio_postgres::Client;
use tokio_postgres::config::Host;
use uuid::Uuid;

use crate::cpu;
use crate::product::Access;
use crate::server::Server;

/// How many tenants there are, of 10,000 bookings each.
const TENANTS: usize = 20;
/// What fills one of them.
const FILL: &str = include_str!("fill.sql");
/// The database that is kept, and its copy in which a run makes its bookings.
const KEPT: &str = "bizing";
const COPY: &str = "bench";
/// Another copy, for who cannot keep all rules in it.
const LOOSE: &str = "bench_loose";
/// What counts statements; it is on only while they are counted.
const COUNTER: &str = "alter system set shared_preload_libraries = 'pg_stat_statements'";

/// A tenant, and what there is to ask for in it.
#[derive(Debug)]
pub struct Tenant {
    pub access: Access,
    pub bookings: Vec<Uuid>,
    pub customers: Vec<Uuid>,
    pub rooms: Vec<Room>,
}

/// A room type that can be booked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Room {
    pub location: Uuid,
    pub unit_type: Uuid,
    pub pool: Uuid,
    pub sellable: Uuid,
}

/// A database that is filled.
pub struct Data {
    /// Its address, as the server under test takes it.
    pub url: String,
    pub client: Client,
    pub postmaster: Option<u32>,
    /// Stops the server when dropped.
    embedded: Option<Embedded>,
}

impl Data {
    /// Reaches the database, and fills it if it is not filled yet.
    pub async fn open() -> anyhow::Result<Self> {
        let (url, embedded) = match std::env::var("BENCH_DATABASE_URL") {
            Ok(url) => (url, None),
            Err(_) => {
                let embedded = start().await?;
                (address(&embedded, KEPT)?, Some(embedded))
            }
        };
        let target = Target::parse("BENCH_DATABASE_URL", &url)?;
        startup::migrate(&target).await?;
        fill(&target, &url).await?;
        let url = match &embedded {
            Some(embedded) => {
                copy(&target, COPY).await?;
                address(embedded, COPY)?
            }
            None => url,
        };
        let client = Target::parse("BENCH_DATABASE_URL", &url)?.connect().await?;
        let row = client.query_one("select pg_backend_pid()", &[]).await?;
        let postmaster = u32::try_from(row.try_get::<_, i32>(0)?)
            .ok()
            .and_then(cpu::parent);
        Ok(Self {
            url,
            client,
            postmaster,
            embedded,
        })
    }

    /// Another copy of the embedded server's database: its address, and a connection to it.
    pub async fn another(&self) -> anyhow::Result<(String, Client)> {
        let embedded = self.embedded.as_ref();
        let embedded = embedded.context("only the embedded server's database is copied")?;
        let kept = Target::parse("the kept database", &address(embedded, KEPT)?)?;
        copy(&kept, LOOSE).await?;
        let url = address(embedded, LOOSE)?;
        let client = Target::parse("the copy", &url)?.connect().await?;
        Ok((url, client))
    }

    /// Signs in to all tenants, and looks up what there is in them.
    pub async fn tenants(&self, server: &Server) -> anyhow::Result<Vec<Tenant>> {
        let mut tenants = Vec::with_capacity(TENANTS);
        for number in 0..TENANTS {
            let access = Access::sign_in(server.address, number).await?;
            let access =
                access.with_context(|| format!("tenant {number} cannot be signed in to"))?;
            tenants.push(self.tenant(access).await?);
        }
        Ok(tenants)
    }

    async fn tenant(&self, access: Access) -> anyhow::Result<Tenant> {
        let ids = async |sql: &str| -> anyhow::Result<Vec<Uuid>> {
            let rows = self.client.query(sql, &[&access.biz]).await?;
            rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
        };
        let bookings = ids("select id from booking.booking_orders where biz_id = $1").await?;
        let customers = ids("select id from crm.customers where biz_id = $1").await?;
        let sql = "select u.location_id, u.id, p.id, s.id \
            from resources.unit_types u \
            join availability.capacity_pools p on p.biz_id = u.biz_id and p.unit_type_id = u.id \
            join catalog.sellables s on s.biz_id = u.biz_id and s.ref_type = 'UnitType' and s.ref_id = u.id \
            where u.biz_id = $1";
        let rows = self.client.query(sql, &[&access.biz]).await?;
        let room = |row: &tokio_postgres::Row| {
            Ok(Room {
                location: row.try_get(0)?,
                unit_type: row.try_get(1)?,
                pool: row.try_get(2)?,
                sellable: row.try_get(3)?,
            })
        };
        let rooms = rows.iter().map(room).collect::<anyhow::Result<_>>()?;
        Ok(Tenant {
            access,
            bookings,
            customers,
            rooms,
        })
    }

    /// Counts the statements of all connections from now on, if the server can count.
    pub async fn count(&self, on: bool) -> anyhow::Result<()> {
        let track = if on { "top" } else { "none" };
        let set = [
            format!("alter system set pg_stat_statements.track = '{track}'"),
            "select pg_reload_conf()".to_owned(),
            "select pg_sleep(0.3)".to_owned(),
            "select public.pg_stat_statements_reset()".to_owned(),
        ];
        for sql in &set {
            self.client.batch_execute(sql).await?;
        }
        Ok(())
    }

    /// How many statements were counted, transactions and settings included.
    pub async fn counted(&self) -> anyhow::Result<i64> {
        let sql = "select coalesce(sum(s.calls), 0)::bigint from public.pg_stat_statements s \
            join pg_database d on d.oid = s.dbid \
            where d.datname = current_database() and s.query not like '%pg_stat_statements%'";
        Ok(self.client.query_one(sql, &[]).await?.try_get(0)?)
    }

    /// Whether statements can be counted; from now on they are not.
    pub async fn can_count(&self) -> bool {
        let sql = "create extension if not exists pg_stat_statements with schema public";
        self.client.batch_execute(sql).await.is_ok() && self.count(false).await.is_ok()
    }
}

/// The embedded PostgreSQL, with the library that counts statements.
async fn start() -> anyhow::Result<Embedded> {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let home = target
        .parent()
        .context("no target directory")?
        .join("bench-postgres");
    let embedded = Embedded::start(&home).await?;
    let client = Target::local(embedded.config())?.connect().await?;
    let row = client
        .query_one("show shared_preload_libraries", &[])
        .await?;
    if row.try_get::<_, &str>(0)?.contains("pg_stat_statements") {
        return Ok(embedded);
    }
    client.batch_execute(COUNTER).await?;
    drop(client);
    embedded.stop().await;
    Embedded::start(&home).await
}

/// A database of the embedded server, in `key=value` form.
fn address(embedded: &Embedded, database: &str) -> anyhow::Result<String> {
    let config = embedded.config();
    let socket = config.get_hosts().iter().find_map(|host| match host {
        Host::Unix(path) => Some(path.display().to_string()),
        Host::Tcp(_) => None,
    });
    let socket = socket.context("the embedded PostgreSQL has no socket")?;
    let user = config
        .get_user()
        .context("the embedded PostgreSQL has no user")?;
    Ok(format!("host='{socket}' user='{user}' dbname='{database}'"))
}

/// Signs up the tenants that are missing, through the product, and fills those that are empty.
async fn fill(target: &Target, url: &str) -> anyhow::Result<()> {
    let mut client = target.connect().await?;
    let sql = "select count(*) from core.bizes b where b.slug like 'bench-%' \
        and exists (select from booking.booking_orders o where o.biz_id = b.id)";
    let filled: i64 = client.query_one(sql, &[]).await?.try_get(0)?;
    if usize::try_from(filled) == Ok(TENANTS) {
        return Ok(());
    }
    let server = Server::start(url).await?;
    let began = Instant::now();
    for number in 0..TENANTS {
        let access = Access::obtain(server.address, number).await?;
        let sql = "select exists (select from booking.booking_orders where biz_id = $1)";
        if client.query_one(sql, &[&access.biz]).await?.try_get(0)? {
            continue;
        }
        let transaction = client.transaction().await?;
        let sql = "select set_config('app.biz_id', $1, true), set_config('bench.tenant', $2, true)";
        transaction
            .execute(sql, &[&access.biz.to_string(), &number.to_string()])
            .await?;
        transaction.batch_execute(FILL).await?;
        transaction.commit().await?;
        client.batch_execute("discard temp").await?;
        eprintln!(
            "filled tenant {} of {TENANTS}, {} s",
            number + 1,
            began.elapsed().as_secs()
        );
    }
    client.batch_execute("vacuum analyze").await?;
    eprintln!("analyzed, {} s", began.elapsed().as_secs());
    Ok(())
}

/// Makes the copy in which a run may write.
async fn copy(kept: &Target, name: &str) -> anyhow::Result<()> {
    let client = kept.with_database("postgres").connect().await?;
    client
        .batch_execute(&format!("drop database if exists {name} with (force)"))
        .await?;
    let sql = format!("create database {name} template {KEPT} strategy file_copy");
    client.batch_execute(&sql).await?;
    let open = client
        .query_one(
            "select count(*) from pg_database where datname = $1",
            &[&name],
        )
        .await?;
    ensure!(open.try_get::<_, i64>(0)? == 1, "the copy was not made");
    Ok(())
}
