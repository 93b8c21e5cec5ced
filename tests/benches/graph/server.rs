//! The process under test: the product's graph and the floors behind one axum, over a pool each.

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

/// How many connections to the database each has. They take turns, so no more work at once.
pub const POOL: usize = 8;

/// Serves until standard input closes.
pub async fn serve(database: &str) -> anyhow::Result<()> {
    let target = Target::parse("BENCH_DATABASE_URL", database)?;
    let database = Database::new(target.pool(POOL)?, None, Arc::new(SystemClock));
    let floors = floor::router(floor::pool(target.config().clone())?);
    let router = product::router(database).await?.merge(floors);
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
    /// The product and its floors.
    pub async fn start(database: &str) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--serve", database]);
        Self::spawned(command).await
    }

    /// A program that says where it listens, and ends with its standard input.
    pub async fn spawned(mut command: Command) -> anyhow::Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("the server under test cannot be started")?;
        let output = child.stdout.take().context("the server has no output")?;
        let mut lines = BufReader::new(output).lines();
        let address = loop {
            let line = lines.next_line().await?;
            let line = line.context("the server under test did not start")?;
            // What else it says is not for us.
            if let Ok(address) = line.trim().parse() {
                break address;
            }
        };
        // Whoever writes to a pipe that nobody reads will wait.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self {
            address,
            process: child.id().context("the server under test has ended")?,
            _child: child,
        })
    }
}
