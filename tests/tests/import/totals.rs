//! The totals of the graph and of the file.

use std::path::Path;

use anyhow::Context as _;
use bizing::import::{Report, import};
use tests::{Actor, World};
use tokio_postgres::Client;

use super::{expected, found, sample, whole};

/// Connections that an import uses at once: one for each hotel, and one for numbers.
const POOL: u32 = 4;

/// A tenant to import into, and a look at its tables from behind.
struct Office {
    world: World,
    owner: Actor,
    sql: Client,
}

impl Office {
    async fn open() -> anyhow::Result<Self> {
        let world = World::with_pool(POOL).await?;
        let owner = world.owner().await?;
        let sql = world.database.platform(owner.biz_id).await?;
        Ok(Self { world, owner, sql })
    }

    async fn import(&self, path: &Path) -> anyhow::Result<Report> {
        import(&self.world.opened, "hotel", path, &self.owner.slug, false).await
    }

    /// One number of the tenant's.
    async fn number(&self, sql: &str) -> anyhow::Result<i64> {
        let row = self.sql.query_one(sql, &[&self.owner.biz_id]).await?;
        Ok(row.try_get(0)?)
    }
}

#[tokio::test]
async fn the_graph_says_what_the_file_says() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.import(&sample()).await?;
    let (expected, _) = expected::of(&sample())?;
    assert_eq!(found::by(&office.owner).await?, expected);
    Ok(())
}

#[tokio::test]
async fn the_graph_says_what_the_whole_file_says() -> anyhow::Result<()> {
    let Some(path) = whole() else {
        eprintln!("not run: the whole file does not lie beside the project");
        return Ok(());
    };
    let office = Office::open().await?;
    office.import(&path).await?;
    let (expected, _) = expected::of(&path)?;
    assert_eq!(found::by(&office.owner).await?, expected);
    Ok(())
}

#[tokio::test]
async fn an_import_that_is_run_twice_doubles_nothing() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.import(&sample()).await?;
    let tables = [
        "core.locations",
        "resources.unit_types",
        "availability.capacity_pools",
        "availability.allocations",
        "catalog.sellables",
        "crm.customers",
        "booking.booking_orders",
        "core.outbox_events",
        "audit.audit_events",
        "core.status_history",
    ];
    let union = tables.map(|table| {
        format!("select '{table}' as name, count(*) as rows from {table} where biz_id = $1")
    });
    let all = format!(
        "select string_agg(name || ' ' || rows, ', ' order by name) from ({}) t",
        union.join(" union all ")
    );
    let rows = async || -> anyhow::Result<String> {
        let row = office.sql.query_one(&all, &[&office.owner.biz_id]).await?;
        Ok(row.try_get(0)?)
    };
    let once = rows().await?;
    let again = office.import(&sample()).await?;
    let (expected, _) = expected::of(&sample())?;
    assert_eq!((again.imported, again.known), (0, expected.count()));
    assert_eq!(rows().await?, once);
    Ok(())
}

/// A file that has grown since it was imported, and was sorted in another way.
#[tokio::test]
async fn only_what_is_new_in_a_file_is_imported() -> anyhow::Result<()> {
    let text = std::fs::read_to_string(sample())?;
    let (header, rest) = text.split_once('\n').context("a header")?;
    let mut lines: Vec<&str> = rest.lines().collect();
    lines.reverse();
    let folder = std::env::temp_dir().join(format!("bizing-import-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let part = folder.join("part.csv");
    std::fs::write(&part, format!("{header}\n{}\n", lines[..500].join("\n")))?;
    let office = Office::open().await?;
    office.import(&part).await?;
    let (expected, _) = expected::of(&part)?;
    assert_eq!(found::by(&office.owner).await?, expected);
    office.import(&sample()).await?;
    let (expected, _) = expected::of(&sample())?;
    assert_eq!(found::by(&office.owner).await?, expected);
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

#[tokio::test]
async fn rooms_are_taken_for_those_who_came_and_no_more_than_there_are() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.import(&sample()).await?;
    let drift = "select count(*) from availability.capacity_drift() where $1::uuid is not null";
    assert_eq!(office.number(drift).await?, 0);
    let taken = "select sum(occupied) from availability.slots where biz_id = $1";
    let (expected, _) = expected::of(&sample())?;
    let slept: u64 = expected.occupancy.values().sum();
    assert_eq!(office.number(taken).await?, i64::try_from(slept)?);
    // A pool is as large as its fullest night needed, with those who were waited for in vain.
    let spare = "select count(*) from availability.capacity_pools p where p.biz_id = $1 and p.capacity > 0 \
        and p.capacity <> (select max(n.rooms) from ( \
          select sum(d.rooms) as rooms from hospitality.reservation_nights n \
          join booking.booking_orders o on o.biz_id = $1 and o.id = n.booking_order_id and o.status <> 'cancelled' \
          join hospitality.reservation_details d on d.biz_id = $1 and d.booking_order_id = o.id \
          where n.biz_id = $1 and n.unit_type_id = p.unit_type_id group by n.stay_date) n)";
    assert_eq!(office.number(spare).await?, 0);
    Ok(())
}

#[tokio::test]
async fn each_booking_has_its_events_its_history_and_its_dates() -> anyhow::Result<()> {
    let office = Office::open().await?;
    office.import(&sample()).await?;
    let events = "select count(*) from booking.booking_orders o where o.biz_id = $1 and ( \
        select array_agg(e.topic order by e.seq) from core.outbox_events e \
        where e.biz_id = $1 and e.subject_type = 'BookingOrder' and e.subject_id = o.id) \
        is distinct from case o.status \
          when 'completed' then array['booking.created', 'booking.checked_in', 'booking.checked_out'] \
          when 'cancelled' then array['booking.created', 'booking.cancelled'] \
          when 'no_show' then array['booking.created', 'booking.no_show'] end";
    assert_eq!(office.number(events).await?, 0);
    let history = "select count(*) from booking.booking_orders o where o.biz_id = $1 and ( \
        select count(*) from core.status_history h \
        where h.biz_id = $1 and h.subject_type = 'BookingOrder' and h.subject_id = o.id) \
        <> case o.status when 'completed' then 2 else 1 end";
    assert_eq!(office.number(history).await?, 0);
    let audit = "select count(*) from core.outbox_events e where e.biz_id = $1 and e.subject_type = 'BookingOrder' \
        and not exists (select from audit.audit_events a \
          where a.biz_id = $1 and a.subject_id = e.subject_id and a.action = e.topic)";
    assert_eq!(office.number(audit).await?, 0);
    let dates = "select count(*) from booking.booking_orders o where o.biz_id = $1 and not ( \
        o.booked_at < o.starts_at and o.booked_at <= coalesce(o.cancelled_at, o.checked_in_at, o.ends_at) \
        and (o.checked_in_at is null) = (o.status <> 'completed') \
        and (o.checked_out_at is null) = (o.status <> 'completed') \
        and (o.checked_in_at is null or (o.checked_in_at at time zone o.timezone)::date = o.check_in_on))";
    assert_eq!(office.number(dates).await?, 0);
    Ok(())
}
