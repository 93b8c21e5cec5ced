//! Reaching a PostgreSQL server: its address, TLS, one connection, a pool of them, and whether the
//! server is one that Bizing can use.

mod explain;
mod tls;

use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio_postgres::{Client, Config, config::Host};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::pool::Pool;
use tls::Verification;

/// How long a new connection may take before the server counts as unreachable.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A server's address: the driver's settings, and the TLS that goes with them.
#[derive(Clone)]
pub struct Target {
    /// The setting that the address came from; it begins every error.
    setting: &'static str,
    config: Config,
    tls: MakeRustlsConnect,
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {}", self.setting, explain::address(&self.config))
    }
}

impl Target {
    /// Reads the URL (or the `key=value` form) that a setting holds. No error repeats the URL,
    /// which may hold a password.
    pub fn parse(setting: &'static str, url: &str) -> anyhow::Result<Self> {
        let (url, verification) =
            Verification::take_from(url).with_context(|| setting.to_owned())?;
        let mut config: Config = url.parse().map_err(|error| explain::url(setting, &error))?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            bail!("{setting} names no host: {}", explain::FORM);
        }
        let is_mangled = |host: &Host| matches!(host, Host::Tcp(name) if name.contains('@'));
        if config.get_hosts().iter().any(is_mangled) {
            bail!("{setting} has an @ in its user or password: write it as %40");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_application_name().is_none() {
            config.application_name("bizing");
        }
        // There is no TLS over a unix socket, and the driver refuses what it cannot encrypt.
        if config
            .get_hosts()
            .iter()
            .all(|host| matches!(host, Host::Unix(_)))
            && config.get_hostaddrs().is_empty()
        {
            config.ssl_mode(tokio_postgres::config::SslMode::Disable);
        }
        let tls = tls::connector(&verification).with_context(|| setting.to_owned())?;
        Ok(Self {
            setting,
            config,
            tls,
        })
    }

    /// A server of our own, on a unix socket.
    pub fn local(config: Config) -> anyhow::Result<Self> {
        let tls = tls::connector(&Verification::None)?;
        Ok(Self {
            setting: "the embedded PostgreSQL",
            config,
            tls,
        })
    }

    /// The driver's settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The same server, another database of it.
    #[must_use]
    pub fn with_database(&self, name: &str) -> Self {
        let mut other = self.clone();
        other.config.dbname(name);
        other
    }

    /// One connection, outside any pool. It ends when the client is dropped.
    pub async fn connect(&self) -> anyhow::Result<Client> {
        let (client, connection) = self
            .config
            .connect(self.tls.clone())
            .await
            .map_err(|error| explain::connection(self.setting, &self.config, &error))?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to the database ended");
            }
        });
        Ok(client)
    }

    /// A pool of at most `size` connections, opened as they are needed.
    pub fn pool(&self, size: usize) -> anyhow::Result<Pool> {
        Pool::new(self.config.clone(), self.tls.clone(), size).with_context(|| self.setting)
    }

    /// Whether the server is new enough, holds UTF-8, can be written to (unless it is only read
    /// from), and has the extensions that the migrations install.
    pub async fn check_server(&self, client: &Client, access: ServerUse) -> anyhow::Result<()> {
        let setting = self.setting;
        let row = client
            .query_one(
                "select current_setting('server_version_num')::int,
                   current_setting('server_version'),
                   current_setting('server_encoding'),
                   pg_is_in_recovery(),
                   (select array_agg(needed.name)
                    from unnest(array['btree_gist', 'pg_trgm']) as needed (name)
                    where not exists (select from pg_available_extensions a where a.name = needed.name))",
                &[],
            )
            .await
            .map_err(|error| explain::connection(setting, &self.config, &error))?;
        let (number, version): (i32, String) = (row.try_get(0)?, row.try_get(1)?);
        if number < 150_000 {
            bail!("{setting}: the server is PostgreSQL {version}, and Bizing needs 15 or newer");
        }
        let encoding: String = row.try_get(2)?;
        if encoding != "UTF8" {
            bail!("{setting}: the database's encoding is {encoding}, and Bizing needs UTF8");
        }
        let is_replica: bool = row.try_get(3)?;
        if is_replica && access == ServerUse::Write {
            bail!("{setting}: the server is a read-only replica, and Bizing has to write to it");
        }
        let missing: Option<Vec<String>> = row.try_get(4)?;
        if let Some(missing) = missing {
            bail!(
                "{setting}: the server lacks the extensions {}, which PostgreSQL's contrib package \
                 holds (often named postgresql-contrib): install it on the server",
                missing.join(", ")
            );
        }
        Ok(())
    }
}

/// What a server is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerUse {
    /// Everything.
    Write,
    /// Queries alone: a replica will do.
    Read,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(url: &str) -> String {
        format!("{:#}", Target::parse("DATABASE_URL", url).unwrap_err())
    }

    #[test]
    fn a_wrong_url_is_refused_without_repeating_it() {
        for url in [
            "mysql://u:secret@h/d",
            "nonsense secret",
            "postgres://u:secret@h:notaport/d",
        ] {
            let text = refusal(url);
            assert!(text.starts_with("DATABASE_URL"), "{text}");
            assert!(!text.contains("secret"), "{text}");
        }
    }

    #[test]
    fn a_password_that_reads_as_a_host_is_not_repeated() {
        let text = refusal("postgres://u:se@cret@h/d");
        assert!(text.contains("%40") && !text.contains("cret"), "{text}");
    }

    #[test]
    fn a_url_names_a_host() {
        assert!(refusal("postgres:///bizing?user=me").contains("names no host"));
    }

    #[test]
    fn the_modes_of_libpq_are_understood() {
        for mode in ["disable", "prefer", "require", "verify-ca", "verify-full"] {
            let url = format!("postgres://u@h/d?sslmode={mode}&application_name=x");
            let target = Target::parse("DATABASE_URL", &url).unwrap();
            assert_eq!(target.config().get_application_name(), Some("x"));
        }
        assert!(refusal("postgres://u@h/d?sslmode=allow").contains("sslmode"));
    }
}
