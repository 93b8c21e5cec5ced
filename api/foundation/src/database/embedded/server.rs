//! Starting the server, waiting for it, stopping it, and clearing what an earlier start left behind.

use std::{
    fs::{self, File},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context as _, anyhow, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    process::{ChildStdin, Command},
    sync::watch,
    time::sleep,
};
use tokio_postgres::{Config, NoTls, config::SslMode, error::SqlState};

use super::{NAME, account::Account, binaries::Binaries, cluster::SETTINGS, place::Place};

/// The port in the socket's name.
pub(super) const PORT: u16 = 5432;
/// How often a state is looked at again.
const STEP: Duration = Duration::from_millis(10);
/// How long a start may take; recovery after a crash reads everything since the last checkpoint.
const START_LIMIT: Duration = Duration::from_mins(5);
/// How long a shutdown may take: it writes all that is in memory.
const STOP_LIMIT: Duration = Duration::from_mins(1);

/// Runs the server given as arguments until it ends or the pipe on standard input closes, which it
/// does however the program ends; then asks for a fast shutdown.
const KEEPER: &str = r#"
    exec 3<&0 </dev/null
    "$@" 3<&- &
    server=$!
    { read -r _ <&3; kill -INT "$server"; } 2>/dev/null &
    watch=$!
    exec 3<&-
    wait "$server"
    status=$?
    kill "$watch" 2>/dev/null
    exit "$status"
"#;

/// The running server.
pub(super) struct Server {
    /// The pipe whose closing stops the server.
    pipe: ChildStdin,
    /// What the server ended with, once it has.
    end: watch::Receiver<Option<String>>,
    log: PathBuf,
}

impl Server {
    /// Starts it, and returns when it answers.
    pub(super) async fn start(
        account: &Account,
        binaries: &Binaries,
        place: &Place,
    ) -> anyhow::Result<Self> {
        let began = Instant::now();
        loop {
            let error = match Self::launch(account, binaries, place)?
                .wait_ready(place)
                .await
            {
                Ok(server) => return Ok(server),
                Err(error) => error,
            };
            // The processes of a server that was killed notice its death, and let go, a moment later.
            let is_lingering = error.to_string().contains("still in use");
            if !is_lingering || began.elapsed() > Duration::from_secs(20) {
                return Err(error);
            }
            sleep(STEP * 20).await;
        }
    }

    fn launch(account: &Account, binaries: &Binaries, place: &Place) -> anyhow::Result<Self> {
        let mut command = account.command("/bin/sh");
        command
            .args(["-c", KEEPER, "bizing-postgres"])
            .arg(&binaries.postgres);
        command
            .arg("-D")
            .arg(place.data())
            .arg("-k")
            .arg(quoted(&place.socket)?);
        command.arg("-p").arg(PORT.to_string());
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        let log = new_log(account, place)?;
        // Out of the terminal's process group: Ctrl-C is the program's to answer, not the server's.
        command
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(log);
        let mut child = command.spawn().context("PostgreSQL cannot be started")?;
        let pipe = child
            .stdin
            .take()
            .context("PostgreSQL cannot be started without a pipe")?;
        let (sender, end) = watch::channel(None);
        tokio::spawn(async move {
            let status = child
                .wait()
                .await
                .map_or_else(|error| error.to_string(), |s| s.to_string());
            sender.send_replace(Some(status));
        });
        Ok(Self {
            pipe,
            end,
            log: place.log(),
        })
    }

    async fn wait_ready(self, place: &Place) -> anyhow::Result<Self> {
        let began = Instant::now();
        let mut is_told = false;
        loop {
            if let Some(status) = self.end.borrow().clone() {
                let reason = last_words(&self.log).unwrap_or(status);
                return Err(anyhow!(
                    "PostgreSQL does not start: {reason} (its log is {})",
                    self.log.display()
                ));
            }
            match answers(&config(&place.socket, PORT)).await {
                Answer::Yes => return Ok(self),
                Answer::NotYet if began.elapsed() > START_LIMIT => {
                    bail!(
                        "PostgreSQL does not answer (its log is {})",
                        self.log.display()
                    );
                }
                Answer::NotYet => {}
                Answer::No(reason) => bail!("PostgreSQL refuses us: {reason}"),
            }
            if !is_told && began.elapsed() > Duration::from_secs(3) {
                is_told = true;
                tracing::info!(log = %self.log.display(), "waiting for PostgreSQL to recover");
            }
            // Quick while it matters, and slower then: each question leaves a line in the log.
            sleep(STEP.max(began.elapsed() / 20)).await;
        }
    }

    /// Returns when the server has ended, with its last words.
    pub(super) async fn ended(&self) -> String {
        let mut end = self.end.clone();
        let status = end
            .wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|status| status.clone());
        let reason = last_words(&self.log).or(status).unwrap_or_default();
        format!(
            "PostgreSQL ended by itself: {reason} (its log is {})",
            self.log.display()
        )
    }

    /// Stops it, and waits until it has stopped.
    pub(super) async fn stop(mut self) {
        drop(self.pipe);
        let stopped = self.end.wait_for(Option::is_some);
        if tokio::time::timeout(STOP_LIMIT, stopped).await.is_err() {
            tracing::warn!(log = %self.log.display(), "PostgreSQL is still shutting down");
        }
    }
}

/// How to reach a server on a socket in this directory.
pub(super) fn config(socket: &Path, port: u16) -> Config {
    let mut config = Config::new();
    config
        .host_path(socket)
        .port(port)
        .user(NAME)
        .dbname(NAME)
        .application_name("bizing");
    config
        .ssl_mode(SslMode::Disable)
        .connect_timeout(Duration::from_secs(10));
    config
}

/// Finds the server that another process of this home runs, once it is ready.
pub(super) async fn join(place: &Place) -> anyhow::Result<Config> {
    let began = Instant::now();
    loop {
        if let Ok(text) = fs::read_to_string(place.pid_file()) {
            let lines: Vec<&str> = text.lines().map(str::trim).collect();
            if let [_, _, _, port, socket, _, _, "ready", ..] = lines.as_slice() {
                let config = config(Path::new(socket), port.parse()?);
                if matches!(answers(&config).await, Answer::Yes) {
                    return Ok(config);
                }
            }
        }
        if began.elapsed() > Duration::from_secs(30) {
            bail!("it does not answer, or belongs to another user");
        }
        sleep(STEP * 5).await;
    }
}

/// Stops a server that outlived the program which started it, and removes what a dead one left.
///
/// PostgreSQL clears the files of a dead server itself, unless their process number belongs to
/// another process by now, which after a restart of a container it often does.
pub(super) async fn clear(place: &Place) -> anyhow::Result<()> {
    let began = Instant::now();
    let mut is_told = false;
    while let Ok(text) = fs::read_to_string(place.pid_file()) {
        let number = text
            .lines()
            .next()
            .and_then(|line| line.trim().parse::<i32>().ok());
        let Some(pid) = number.and_then(Pid::from_raw) else {
            // Just being written, or damaged.
            if began.elapsed() > Duration::from_secs(1) {
                return remove_remains(place);
            }
            sleep(STEP).await;
            continue;
        };
        if !runs(pid, place).await {
            return remove_remains(place);
        }
        if !is_told {
            is_told = true;
            tracing::info!(
                process = pid.as_raw_nonzero().get(),
                "stopping the PostgreSQL of an earlier start"
            );
            // A failure means that it ended just now.
            let _ = kill_process(pid, Signal::INT);
        }
        if began.elapsed() > STOP_LIMIT {
            bail!(
                "the PostgreSQL of an earlier start (process {}) does not stop: its log is {}",
                pid.as_raw_nonzero(),
                place.log().display()
            );
        }
        sleep(STEP).await;
    }
    Ok(())
}

fn remove_remains(place: &Place) -> anyhow::Result<()> {
    tracing::debug!(data = %place.data().display(), "the last server was killed; it will recover");
    for path in place.socket_files().into_iter().chain([place.pid_file()]) {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("{} cannot be removed", path.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether this process is the server of this place.
async fn runs(pid: Pid, place: &Place) -> bool {
    let pid = pid.as_raw_nonzero().to_string();
    let command_line = if Path::new("/proc/self/cmdline").exists() {
        fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default()
    } else {
        let output = Command::new("ps")
            .args(["-o", "command=", "-p", &pid])
            .output()
            .await;
        output.map(|output| output.stdout).unwrap_or_default()
    };
    let data = place.data();
    let data = data.as_os_str().as_encoded_bytes();
    command_line
        .windows(data.len())
        .any(|window| window == data)
}

/// What a server says to a connection.
enum Answer {
    Yes,
    NotYet,
    No(String),
}

async fn answers(config: &Config) -> Answer {
    let mut config = config.clone();
    config.dbname("postgres");
    let Err(error) = config.connect(NoTls).await else {
        return Answer::Yes;
    };
    match error.as_db_error() {
        Some(db) if *db.code() == SqlState::CANNOT_CONNECT_NOW => Answer::NotYet,
        Some(db) => Answer::No(db.message().to_owned()),
        None => Answer::NotYet,
    }
}

/// A directory as the setting `unix_socket_directories` takes it, where a comma parts two.
fn quoted(path: &Path) -> anyhow::Result<String> {
    let text = path.to_str().with_context(|| {
        format!(
            "BIZING_HOME {} has a name that is not UTF-8, and PostgreSQL needs one",
            path.display()
        )
    })?;
    Ok(format!("\"{}\"", text.replace('"', "\"\"")))
}

/// A new log; the one before is kept beside it.
fn new_log(account: &Account, place: &Place) -> anyhow::Result<File> {
    let path = place.log();
    // There is none before the first start.
    let _ = fs::rename(&path, path.with_extension("log.1"));
    let log = File::options()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(&path);
    let log = log.with_context(|| format!("{} cannot be written", path.display()))?;
    account.give(&path)?;
    Ok(log)
}

/// The last thing that a server complained of before it ended.
fn last_words(log: &Path) -> Option<String> {
    let text = fs::read_to_string(log).ok()?;
    let said = |level: &str| {
        text.lines()
            .rev()
            .find_map(|line| Some(line.split_once(level)?.1.trim().to_owned()))
    };
    said("PANIC: ")
        .or_else(|| said("FATAL: "))
        .or_else(|| text.lines().last().map(str::to_owned))
}
