//! Where a home's cluster and socket lie, and which process may start it.
//!
//! The cluster is `BIZING_HOME/postgres`. Root's own directories are closed to the server's user;
//! there `postgres` is a link to a directory outside, and the link is what says where the data is.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read as _, Seek as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, chown},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow, bail};
use sha2::{Digest as _, Sha256};

use super::account::Account;

/// The longest path of a socket, of all systems that PostgreSQL runs on.
const SOCKET_PATH_LIMIT: usize = 103;
/// The socket's file in its directory.
const SOCKET_FILE: &str = ".s.PGSQL.5432";
/// Where root's clusters go when their home is closed to the server's user: kept over a restart.
const OUTSIDE: [&str; 2] = ["/var/lib/bizing", "/var/tmp/bizing"];

/// The directories of one cluster.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Holds `data`, `server.log` and what was downloaded; the server's user's alone.
    pub(super) base: PathBuf,
    /// Holds the socket; the server's user's alone.
    pub(super) socket: PathBuf,
}

/// `BIZING_HOME`, made if need be, without links and dots.
pub(super) async fn home(home: &Path) -> anyhow::Result<PathBuf> {
    let refused = || format!("BIZING_HOME {} cannot be made or entered", home.display());
    // Root hands the cluster to another user, who has to pass; secrets in here have modes of their own.
    let mode = if rustix::process::geteuid().is_root() {
        0o755
    } else {
        0o700
    };
    if !tokio::fs::try_exists(home).await.with_context(refused)? {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(mode)
            .create(home)
            .with_context(refused)?;
    }
    if !home.is_dir() {
        bail!("BIZING_HOME {} is not a directory", home.display());
    }
    home.canonicalize().with_context(refused)
}

impl Place {
    /// The place of a cluster that another process runs.
    pub(super) fn existing(home: &Path) -> anyhow::Result<Self> {
        let link = home.join("postgres");
        let base = link
            .canonicalize()
            .with_context(|| format!("{} cannot be entered", link.display()))?;
        Ok(Self {
            socket: base.clone(),
            base,
        })
    }

    /// Makes the directories, or finds them.
    pub(super) async fn prepare(home: &Path, account: &Account) -> anyhow::Result<Self> {
        let link = home.join("postgres");
        let base = if link.is_symlink() {
            link.canonicalize().map_err(|_| {
                anyhow!(
                    "the cluster of this home is gone: {} points to nothing (remove that link to \
                     begin with an empty database)",
                    link.display()
                )
            })?
        } else if link.exists() || account.may_execute(home).await {
            link
        } else {
            outside(home, &link, account).await?
        };
        let base = account.private_directory(&base)?;
        if !account.may_execute(&base).await {
            bail!(
                "the user that PostgreSQL runs as cannot enter {}: make its parent directories \
                 enterable, or set BIZING_HOME to another directory",
                base.display()
            );
        }
        let socket = socket_directory(&base, account)?;
        Ok(Self { base, socket })
    }

    /// The cluster's data.
    pub(super) fn data(&self) -> PathBuf {
        self.base.join("data")
    }

    /// What the server reports.
    pub(super) fn log(&self) -> PathBuf {
        self.base.join("server.log")
    }

    /// The file by which PostgreSQL knows that a server runs on the data.
    pub(super) fn pid_file(&self) -> PathBuf {
        self.data().join("postmaster.pid")
    }

    /// The socket, and the file that guards it.
    pub(super) fn socket_files(&self) -> [PathBuf; 2] {
        [
            self.socket.join(SOCKET_FILE),
            self.socket.join(format!("{SOCKET_FILE}.lock")),
        ]
    }
}

/// Makes a new directory outside a home that is closed to the server's user, and links to it.
///
/// The name is new each time: whoever removes a home expects to begin anew.
async fn outside(home: &Path, link: &Path, account: &Account) -> anyhow::Result<PathBuf> {
    for folder in OUTSIDE.map(Path::new) {
        let made = fs::DirBuilder::new()
            .recursive(true)
            .mode(0o755)
            .create(folder);
        if made.is_err() || !account.may_execute(folder).await {
            continue;
        }
        let mut number = 1_u32;
        while named(folder, home, number).exists() {
            number += 1;
        }
        let base = named(folder, home, number);
        account.private_directory(&base)?;
        std::os::unix::fs::symlink(&base, link)
            .with_context(|| format!("{} cannot be made", link.display()))?;
        tracing::info!(
            home = %home.display(),
            cluster = %base.display(),
            "the user that PostgreSQL runs as cannot enter BIZING_HOME, so the data goes elsewhere"
        );
        return Ok(base);
    }
    bail!(
        "the user that PostgreSQL runs as cannot enter BIZING_HOME {}, and neither {} nor {} can be \
         made: set BIZING_HOME to a directory that all may enter",
        home.display(),
        OUTSIDE[0],
        OUTSIDE[1]
    )
}

fn named(folder: &Path, home: &Path, number: u32) -> PathBuf {
    folder.join(format!("{}-{number}", short_hash(home)))
}

/// Where the socket goes: beside the data, or under /tmp where that path is too long for one.
fn socket_directory(base: &Path, account: &Account) -> anyhow::Result<PathBuf> {
    if base.as_os_str().len() + 1 + SOCKET_FILE.len() <= SOCKET_PATH_LIMIT {
        return Ok(base.to_owned());
    }
    account.private_directory(&PathBuf::from(format!("/tmp/bizing-{}", short_hash(base))))
}

fn short_hash(path: &Path) -> String {
    let digest: [u8; 32] = Sha256::digest(path.as_os_str().as_encoded_bytes()).into();
    let head = digest.first_chunk().copied().map(u64::from_be_bytes);
    format!("{:016x}", head.unwrap_or_default())
}

/// The right to start this home's server; the system takes it back when the process ends.
pub(super) struct Lock(#[expect(dead_code, reason = "held, not read")] File);

impl Lock {
    /// Takes it, unless another process holds it.
    pub(super) fn take(home: &Path) -> anyhow::Result<Option<Self>> {
        let path = home.join("lock");
        let refused = || format!("BIZING_HOME {} cannot be used", home.display());
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o644)
            .open(&path)
            .with_context(refused)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error).with_context(refused),
        }
        // Root may act in another user's home, who wants to use it afterwards.
        let owner = fs::metadata(home).with_context(refused)?;
        if fs::metadata(&path).with_context(refused)?.uid() != owner.uid() {
            chown(&path, Some(owner.uid()), Some(owner.gid())).with_context(refused)?;
        }
        file.set_len(0)?;
        file.rewind()?;
        write!(file, "{}", std::process::id()).with_context(refused)?;
        Ok(Some(Self(file)))
    }

    /// " (process 12)", if the holder has said so.
    pub(super) fn holder(home: &Path) -> String {
        let mut text = String::new();
        let read =
            File::open(home.join("lock")).and_then(|mut file| file.read_to_string(&mut text));
        match read {
            Ok(_) if !text.is_empty() => format!(" (process {text})"),
            Ok(_) | Err(io::Error { .. }) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_is_locked_once() {
        let home = std::env::temp_dir().join(format!("bizing-lock-{}", std::process::id()));
        fs::create_dir_all(&home).unwrap();
        let first = Lock::take(&home).unwrap();
        assert!(first.is_some());
        assert!(Lock::take(&home).unwrap().is_none());
        assert_eq!(
            Lock::holder(&home),
            format!(" (process {})", std::process::id())
        );
        drop(first);
        assert!(Lock::take(&home).unwrap().is_some());
        fs::remove_dir_all(&home).unwrap();
    }
}
