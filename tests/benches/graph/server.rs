//! The process under test: the product's graph and the floors behind one axum, over one pool.

use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::Arc;

use anyhow::Context as _;
use axum::serve::ListenerExt as _;
use bizing::database::connect::Target;
use bizing::database::{Database, SystemClock};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

use crate::{floor, product};

/// How many connections to the database there are, for all who ask.
const POOL: usize = 8;

/// Serves until standard input closes.
pub async fn serve(database: &str) -> anyhow::Result<()> {
    let pool = Target::parse("BENCH_DATABASE_URL", database)?.pool(POOL)?;
    let database = Database::new(pool.clone(), None, Arc::new(SystemClock));
    let router = product::router(database).await?.merge(floor::router(pool));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    // As the product listens.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let ended = async {
        let _ = tokio::io::stdin().read(&mut [0]).await;
    };
    tokio::select! {
        outcome = axum::serve(listener, service) => Ok(outcome?),
        () = ended => Ok(()),
    }
}

/// The process under test as its parent sees it; ends with it.
pub struct Server {
    pub address: SocketAddr,
    pub process: u32,
    _child: Child,
}

impl Server {
    pub async fn start(database: &str) -> anyhow::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["--serve", database])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("the server under test cannot be started")?;
        let output = child.stdout.take().context("the server has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).await?;
        let address = line.trim().parse();
        Ok(Self {
            address: address.context("the server under test did not start")?,
            process: child.id().context("the server under test has ended")?,
            _child: child,
        })
    }
}
