//! Rounds, in which the ways take turns, so that what disturbs one disturbs all.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::Options;
use crate::cpu::{Used, Watch};
use crate::data::{Data, Tenant};
use crate::load::{Asks, Connection, drive};
use crate::postgraphile;
use crate::product::Access;
use crate::report::{self, Line};
use crate::scenario::{Scenario, Way};
use crate::server::Server;

/// From how many answers their statements are counted.
const COUNTED: usize = 100;

/// What one way took in all rounds.
#[derive(Debug, Default)]
pub struct Measured {
    pub latencies: Vec<f32>,
    pub seconds: f64,
    pub used: Used,
}

/// The programs under test.
struct Servers {
    own: Server,
    postgraphile: Option<Server>,
    postmaster: Option<u32>,
}

impl Servers {
    async fn start(options: &Options, data: &Data) -> anyhow::Result<Self> {
        let mut postgraphile = None;
        if let Some(directory) = &options.postgraphile {
            let (url, client) = data.another().await?;
            postgraphile::loosen(&client).await?;
            postgraphile = Some(postgraphile::start(directory, &url).await?);
        }
        Ok(Self {
            own: Server::start(&data.url).await?,
            postgraphile,
            postmaster: data.postmaster,
        })
    }

    /// Who answers in this way, if anyone does.
    fn of(&self, way: Way) -> Option<(&Server, Watch)> {
        let server = match way {
            Way::Postgraphile => self.postgraphile.as_ref()?,
            Way::Graph | Way::Rows | Way::Json | Way::Again => &self.own,
        };
        let watch = Watch {
            server: server.process,
            postmaster: self.postmaster,
        };
        Some((server, watch))
    }
}

/// Prepares, measures and reports.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let data = Data::open().await?;
    if options.prepare {
        return Ok(());
    }
    let servers = Servers::start(options, &data).await?;
    let server = &servers.own;
    let mut tenants = data.tenants(server).await?;
    let counts = data.can_count().await;
    let mut lines = Vec::new();
    for scenario in options.scenarios() {
        check(server, scenario, &tenants).await?;
        let statements = if counts {
            statements(&data, server, scenario, &tenants).await?
        } else {
            Vec::new()
        };
        for connections in options.connections() {
            eprintln!("{} at {connections} connections", scenario.title());
            // A token ends after a quarter of an hour.
            for (number, tenant) in tenants.iter_mut().enumerate() {
                tenant.access = Access::obtain(server.address, number).await?;
            }
            let measured = rounds(options, &servers, scenario, &tenants, connections).await?;
            for (way, measured) in measured {
                let statements = statements.iter().find(|(known, _)| *known == way);
                let statements = statements.map(|(_, count)| *count);
                lines.push(Line::of(scenario, connections, way, statements, measured));
            }
        }
    }
    report::print(&lines);
    Ok(())
}

/// That the graph and the rows give the same answer, so that the comparison is of the same work.
async fn check(server: &Server, scenario: Scenario, tenants: &[Tenant]) -> anyhow::Result<()> {
    if scenario == Scenario::Create {
        return Ok(());
    }
    let mut connection = Connection::open(server.address).await?;
    let mut answers = Vec::new();
    for (way, asks) in scenario.asks(&tenants[..1]) {
        let mut all = Vec::new();
        for request in asks.requests.iter().take(20) {
            let body = connection.ask(request).await?;
            let mut json: Value = serde_json::from_slice(&body)?;
            ensure!(json.get("errors").is_none(), "{}: {json}", way.title());
            all.push(json["data"].take());
        }
        answers.push((way, all));
    }
    let of = |wanted: Way| {
        answers
            .iter()
            .find(|(way, _)| *way == wanted)
            .map(|(_, all)| all)
    };
    if let (Some(graph), Some(rows)) = (of(Way::Graph), of(Way::Rows)) {
        let differs = graph.iter().zip(rows).find(|(graph, rows)| graph != rows);
        if let Some((graph, rows)) = differs {
            anyhow::bail!("graph and rows answer differently:\n{graph}\n{rows}");
        }
    }
    Ok(())
}

/// How many statements one answer takes, with all that opens and ends transactions.
async fn statements(
    data: &Data,
    server: &Server,
    scenario: Scenario,
    tenants: &[Tenant],
) -> anyhow::Result<Vec<(Way, f64)>> {
    let mut connection = Connection::open(server.address).await?;
    let mut counts = Vec::new();
    for (way, asks) in scenario.asks(tenants) {
        if way == Way::Postgraphile {
            continue;
        }
        // The first answers prepare statements and read who asks.
        for request in asks.requests.iter().take(COUNTED) {
            connection.ask(request).await?;
        }
        data.count(true).await?;
        for request in asks.requests.iter().take(COUNTED) {
            connection.ask(request).await?;
        }
        // A transaction that was only read in is ended behind the answer.
        tokio::time::sleep(Duration::from_millis(50)).await;
        let counted = u32::try_from(data.counted().await?)?;
        data.count(false).await?;
        counts.push((way, f64::from(counted) / f64::from(u32::try_from(COUNTED)?)));
    }
    Ok(counts)
}

async fn rounds(
    options: &Options,
    servers: &Servers,
    scenario: Scenario,
    tenants: &[Tenant],
    connections: usize,
) -> anyhow::Result<Vec<(Way, Measured)>> {
    let asks = scenario.asks(tenants);
    let asked = |way| options.ways.is_empty() || options.ways.contains(way);
    let asks: Vec<_> = asks
        .iter()
        .filter(|(way, _)| asked(way))
        .filter_map(|(way, asks)| Some((way, asks, servers.of(*way)?)))
        .collect();
    let mut all: Vec<(Way, Measured)> = Vec::new();
    for (_, asks, (server, _)) in &asks {
        warm(server, asks, connections).await?;
    }
    for _ in 0..options.rounds() {
        for (way, asks, (server, watch)) in &asks {
            let before = watch.used()?;
            let duration = Duration::from_secs_f64(options.seconds());
            let mut answered = drive(server.address, asks, connections, duration).await?;
            let used = watch.used()? - before;
            if all.iter().all(|(known, _)| known != *way) {
                all.push((**way, Measured::default()));
            }
            let (_, measured) = all
                .iter_mut()
                .find(|(known, _)| known == *way)
                .context("a way without a place")?;
            measured.latencies.append(&mut answered.latencies);
            measured.seconds += answered.elapsed.as_secs_f64();
            measured.used.server += used.server;
            measured.used.database += used.database;
        }
    }
    Ok(all)
}

async fn warm(server: &Server, asks: &Asks, connections: usize) -> anyhow::Result<()> {
    let duration = Duration::from_millis(300);
    drive(server.address, asks, connections.max(16), duration).await?;
    Ok(())
}
