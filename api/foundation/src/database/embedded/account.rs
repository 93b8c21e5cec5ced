//! As which user the server runs.
//!
//! PostgreSQL refuses to run as root, so a program that is root hands the cluster to another user:
//! the one who owns it already, the one who owns `BIZING_HOME`, `postgres`, or `nobody`.

use std::{
    fs, io,
    os::unix::fs::{MetadataExt as _, chown},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context as _, bail};
use tokio::process::Command;

/// The user of the server, and how to act as that user.
#[derive(Clone, Debug)]
pub(super) struct Account {
    /// User and group to change to; none where the program itself is an ordinary user.
    other: Option<(u32, u32)>,
}

impl Account {
    /// Who runs the cluster of this home.
    pub(super) async fn choose(home: &Path) -> anyhow::Result<Self> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self { other: None });
        }
        for path in [home.join("postgres"), home.to_owned()] {
            if let Ok(metadata) = fs::metadata(&path)
                && metadata.uid() != 0
                && lookup("-g", &metadata.uid().to_string()).await.is_some()
            {
                return Ok(Self {
                    other: Some((metadata.uid(), metadata.gid())),
                });
            }
        }
        for name in ["postgres", "nobody"] {
            if let (Some(user), Some(group)) = (lookup("-u", name).await, lookup("-g", name).await)
            {
                return Ok(Self {
                    other: Some((user, group)),
                });
            }
        }
        bail!(
            "PostgreSQL refuses to run as root, and this machine has neither a user postgres nor a \
             user nobody: create one, run bizing as an ordinary user, or set DATABASE_URL"
        )
    }

    /// The user's number.
    pub(super) fn user_id(&self) -> u32 {
        self.other
            .map_or_else(|| rustix::process::geteuid().as_raw(), |(user, _)| user)
    }

    /// A command that runs as this user, in a directory that everybody may enter, and without
    /// those variables of ours that PostgreSQL's programs would obey.
    pub(super) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir("/")
            .stdin(Stdio::null())
            .env("LC_ALL", "C");
        for (name, _) in std::env::vars_os().filter(|(name, _)| is_postgres_variable(name)) {
            command.env_remove(name);
        }
        if let Some((user, group)) = self.other {
            command.uid(user).gid(group);
        }
        command
    }

    /// Whether this user may enter the directory or execute the file; asked of the system, which
    /// knows every parent's mode and every access list.
    pub(super) async fn may_execute(&self, path: &Path) -> bool {
        let mut command = self.command("/bin/sh");
        command.args(["-c", r#"test -x "$1""#, "sh"]).arg(path);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.status().await.is_ok_and(|status| status.success())
    }

    /// Makes the user the owner of a file or directory that the program has made.
    pub(super) fn give(&self, path: &Path) -> anyhow::Result<()> {
        let Some((user, group)) = self.other else {
            return Ok(());
        };
        chown(path, Some(user), Some(group))
            .with_context(|| format!("{} cannot be given to the server's user", path.display()))
    }

    /// Makes a directory that is this user's alone, or checks that it is.
    pub(super) fn private_directory(&self, path: &Path) -> anyhow::Result<PathBuf> {
        use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
        match fs::DirBuilder::new().mode(0o700).create(path) {
            Ok(()) => self.give(path)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("the directory {} cannot be made", path.display()));
            }
        }
        let metadata = fs::symlink_metadata(path)?;
        if !metadata.is_dir() || metadata.uid() != self.user_id() {
            bail!(
                "{} belongs to another user, so PostgreSQL cannot run there: run bizing as that user \
                 or as root, or set BIZING_HOME to another directory",
                path.display()
            );
        }
        if metadata.mode() & 0o077 != 0 {
            fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
        }
        Ok(path.to_owned())
    }
}

fn is_postgres_variable(name: &std::ffi::OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("PG"))
}

/// A user's or group's number, by `id`, which asks every directory that the machine knows.
async fn lookup(option: &str, user: &str) -> Option<u32> {
    let output = Command::new("id")
        .args([option, user])
        .output()
        .await
        .ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
