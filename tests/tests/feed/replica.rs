//! A replica that lags behind: who names a position is answered once the replica has come so far, or
//! told after a while that it has not.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use bizing::database::connect::Target;
use bizing::database::embedded::Embedded;
use serde_json::json;
use tests::Client;
use tests::actor::sign_up_input;
use tokio::process::{Child, Command};
use tokio_postgres::config::Host;

use crate::import::program::{Program, output};

/// The port of the replica; that of the primary is another one.
const PORT: u16 = 5_499;
/// What the replica is told: no less than its primary, where it insists on that.
const SETTINGS: [&str; 5] = [
    "listen_addresses=",
    "max_connections=100",
    "max_locks_per_transaction=256",
    "shared_buffers=32MB",
    "fsync=off",
];

/// A replica of a cluster of this machine.
struct Replica {
    _server: Child,
    target: Target,
}

/// A program of `PostgreSQL`, run as whoever owns the cluster: it refuses to be run as root.
fn command(binaries: &Path, name: &str, owner: (u32, u32), base: &Path) -> Command {
    let mut command = Command::new(binaries.join(name));
    command.uid(owner.0).gid(owner.1).current_dir(base);
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

impl Replica {
    /// Copies a cluster, and follows it.
    async fn of(primary: &Target) -> anyhow::Result<Self> {
        let client = primary.connect().await?;
        let sql = "select current_setting('data_directory'), current_setting('port'), current_user::text, \
                     (select setting from pg_config where name = 'BINDIR')";
        let row = client.query_one(sql, &[]).await?;
        let text = |index: usize| row.get::<_, String>(index);
        let (data, port, user) = (PathBuf::from(text(0)), text(1), text(2));
        let binaries = PathBuf::from(text(3));
        let Some(Host::Unix(sockets)) = primary.config().get_hosts().first() else {
            anyhow::bail!("an embedded server listens on a socket");
        };
        let base = data.parent().context("a folder of the cluster")?;
        let metadata = fs::metadata(&data)?;
        let owner = (metadata.uid(), metadata.gid());
        let copy = base.join("replica");
        let mut backup = command(&binaries, "pg_basebackup", owner, base);
        backup.arg("--host").arg(sockets);
        backup.args(["--port", &port, "--username", &user]);
        backup.args([
            "--no-sync",
            "--write-recovery-conf",
            "--wal-method=stream",
            "--checkpoint=fast",
        ]);
        backup.arg("--pgdata").arg(&copy);
        output(backup).await.context("pg_basebackup")?;
        let mut server = command(&binaries, "postgres", owner, base);
        server.arg("-D").arg(&copy).args(["-p", &PORT.to_string()]);
        server.arg("-k").arg(sockets);
        for setting in SETTINGS {
            server.args(["-c", setting]);
        }
        let server = server.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let mut config = tokio_postgres::Config::new();
        config.host_path(sockets).port(PORT).user(&user);
        let name = primary.config().get_dbname().context("a database")?;
        let target = Target::local(config)?.with_database(name);
        for _ in 0..300 {
            if target.connect().await.is_ok() {
                return Ok(Self {
                    _server: server,
                    target,
                });
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        anyhow::bail!("the replica does not answer")
    }

    async fn told(&self, sql: &str) -> anyhow::Result<()> {
        let client = self.target.connect().await?;
        Ok(client.batch_execute(sql).await?)
    }
}

/// Somebody who has a tenant of their own.
async fn owner(url: &str) -> anyhow::Result<Client> {
    let anonymous = Client::anonymous(reqwest::Client::new(), url);
    let input = sign_up_input("replica");
    let signed_up = anonymous.act("signUp", input, "accessToken").await?;
    Ok(anonymous.with_token(signed_up["accessToken"].as_str().unwrap_or_default()))
}

const CUSTOMERS: &str = "{ customers { nodes { id } } }";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_waits_for_a_replica_that_lags_and_not_for_ever() -> anyhow::Result<()> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let home = std::env::temp_dir().join(format!("bizing-replica-{}", std::process::id()));
    let embedded = Embedded::start(&home).await?;
    let primary = Target::local(embedded.config())?;
    // Nothing of this has to outlive a crash of the machine.
    let careless = primary.connect().await?;
    for sql in ["alter system set fsync = off", "select pg_reload_conf()"] {
        careless.batch_execute(sql).await?;
    }
    let program = Program::over(&primary)?;
    output(program.command(&["migrate"])).await?;
    let replica = Replica::of(&primary).await?;
    let serving = program.reading_from(&replica.target)?.serve().await?;
    let client = owner(&serving.url).await?;
    let made = async |name: &str| {
        let input = json!({ "fullName": name });
        client
            .act("customerCreate", input, "customer { id } eventCursor")
            .await
    };
    let after = |cursor: &serde_json::Value| json!({ "query": CUSTOMERS, "extensions": { "after": cursor } });
    // It follows: whoever says what they have written reads it.
    let first = made("Ana").await?;
    let read = client.post(after(&first["eventCursor"]), &[]).await?;
    let nodes = read.must()?.data("/customers/nodes").clone();
    assert_eq!(nodes, json!([first["customer"]]));
    replica.told("select pg_wal_replay_pause()").await?;
    let second = made("Rui").await?;
    let stale = client.read(CUSTOMERS).await?;
    assert_eq!(
        stale["customers"]["nodes"],
        json!([first["customer"]]),
        "a read that names no position is the replica's"
    );
    let asked = Instant::now();
    let late = client.post(after(&second["eventCursor"]), &[]).await?;
    late.must_fail("TIMEOUT")?;
    let waited = asked.elapsed();
    ensure!(
        waited > Duration::from_secs(4),
        "it did not wait: {waited:?}"
    );
    ensure!(waited < Duration::from_secs(30), "for ever: {waited:?}");
    let changes = "query($after: String) { changes(after: $after) { nodes { id } } }";
    let waiting = client.post(after(&second["eventCursor"]), &[]);
    let going_on = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        replica.told("select pg_wal_replay_resume()").await
    };
    let (answered, going_on) = tokio::join!(waiting, going_on);
    going_on?;
    let answered = answered?.must()?;
    let nodes = answered.data("/customers/nodes").as_array().cloned();
    let nodes = nodes.unwrap_or_default();
    assert!(nodes.contains(&second["customer"]), "{nodes:?}");
    // The feed is the replica's as well.
    let of = json!({ "after": first["eventCursor"] });
    let told = client.graphql(changes, of).await?.must()?;
    let told = told.data("/changes/nodes").to_string();
    let id = second["customer"]["id"].as_str().unwrap_or_default();
    assert!(told.contains(id), "{told}");
    drop((serving, replica));
    embedded.stop().await;
    fs::remove_dir_all(&home)?;
    Ok(())
}
