//! The program itself, as a process that can be killed.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, ensure};
use bizing::database::connect::Target;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio_postgres::config::Host;

/// The program, and where it works.
pub struct Program {
    binary: PathBuf,
    settings: Vec<(&'static str, String)>,
}

/// The program's binary, built as these tests were: `cargo test` alone does not build it. Named
/// together with the tests, its dependencies have the features that they have for them, so that
/// nothing is compiled twice.
fn binary() -> anyhow::Result<PathBuf> {
    let tests = std::env::current_exe()?;
    let folder = tests
        .parent()
        .and_then(Path::parent)
        .context("a folder of the build")?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = std::process::Command::new(cargo);
    build.args(["build", "--quiet", "--bin", "bizing"]);
    build.args(["-p", "bizing", "-p", "tests", "--target-dir"]);
    build.arg(folder.parent().context("the folder of all builds")?);
    if folder.ends_with("release") {
        build.arg("--release");
    }
    let status = build.current_dir(tests::workspace()).status()?;
    ensure!(status.success(), "the program cannot be built");
    Ok(folder.join("bizing"))
}

/// How the program is told of a database.
fn url(target: &Target) -> anyhow::Result<String> {
    let config = target.config();
    let mut url = String::new();
    for host in config.get_hosts() {
        match host {
            Host::Tcp(name) => url += &format!("host={name} "),
            Host::Unix(path) => url += &format!("host={} ", path.display()),
        }
    }
    for port in config.get_ports() {
        url += &format!("port={port} ");
    }
    if let Some(password) = config.get_password() {
        url += &format!("password='{}' ", String::from_utf8_lossy(password));
    }
    let (user, name) = (config.get_user(), config.get_dbname());
    url += &format!(
        "user={} dbname={}",
        user.context("a user")?,
        name.context("a database")?
    );
    Ok(url)
}

impl Program {
    /// The program with a home, and so a database, of its own.
    pub fn at_home(home: &Path) -> anyhow::Result<Self> {
        let home = home.to_str().context("a home with a name in UTF-8")?;
        Ok(Self {
            binary: binary()?,
            settings: vec![
                ("BIZING_HOME", home.to_owned()),
                ("BIZING_LISTEN", "127.0.0.1:0".to_owned()),
            ],
        })
    }

    /// The program over this database.
    pub fn over(target: &Target) -> anyhow::Result<Self> {
        let url = url(target)?;
        let secret = "nobody guesses these forty characters ...".to_owned();
        Ok(Self {
            binary: binary()?,
            settings: vec![
                ("DATABASE_URL", url),
                // Several may serve at once.
                ("BIZING_LISTEN", "127.0.0.1:0".to_owned()),
                ("BIZING_JWT_SECRET", secret.clone()),
                ("BIZING_DATA_KEY", secret),
            ],
        })
    }

    /// The same, with a replica that answers what is asked.
    pub fn reading_from(mut self, replica: &Target) -> anyhow::Result<Self> {
        self.settings.push(("DATABASE_READ_URL", url(replica)?));
        Ok(self)
    }

    /// The program with these arguments, not started yet. It ends with the test.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(arguments).kill_on_drop(true);
        for setting in ["DATABASE_URL", "DATABASE_READ_URL", "BIZING_HOME"] {
            command.env_remove(setting);
        }
        command.env("RUST_LOG", "error");
        command.envs(
            self.settings
                .iter()
                .map(|(name, value)| (*name, value.as_str())),
        );
        command
    }

    /// Serves, and says where.
    pub async fn serve(&self) -> anyhow::Result<Serving> {
        let mut command = self.command(&["serve"]);
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take().context("what the program prints")?;
        let mut lines = BufReader::new(stdout).lines();
        while let Some(line) = lines.next_line().await? {
            if let Some((_, address)) = line.split_once("listens on ") {
                let url = address.trim().to_owned();
                return Ok(Serving {
                    child,
                    url,
                    _rest: lines,
                });
            }
        }
        anyhow::bail!(
            "the program ended before it listened: {:?}",
            child.wait().await?
        )
    }
}

/// A program that serves.
pub struct Serving {
    /// The process.
    pub child: Child,
    /// Where it answers.
    pub url: String,
    /// Keeps the pipe open that it prints into.
    _rest: tokio::io::Lines<BufReader<ChildStdout>>,
}

/// What a command prints that must succeed.
pub async fn output(mut command: Command) -> anyhow::Result<String> {
    let output = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .await?;
    let (printed, told) = (
        String::from_utf8(output.stdout)?,
        String::from_utf8(output.stderr)?,
    );
    ensure!(output.status.success(), "{}: {told}", output.status);
    Ok(printed)
}
