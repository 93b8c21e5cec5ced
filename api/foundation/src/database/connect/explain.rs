//! Why a server cannot be reached, in one sentence that names the setting and no secret.

use std::error::Error as _;

use anyhow::anyhow;
use tokio_postgres::{Config, config::Host, error::SqlState};

/// What an address looks like.
pub(super) const FORM: &str = "expected postgres://user:password@host:5432/database";

/// A setting that is not an address.
pub(super) fn url(setting: &str, error: &tokio_postgres::Error) -> anyhow::Error {
    let reason = error.source().map(ToString::to_string).unwrap_or_default();
    // Two of the parser's sentences would repeat a part of the URL.
    if reason.is_empty() || reason.starts_with("unexpected") || reason.contains('@') {
        return anyhow!("{setting} is not the address of a PostgreSQL database: {FORM}");
    }
    anyhow!("{setting} is not the address of a PostgreSQL database ({reason}): {FORM}")
}

/// A server that does not answer, or refuses.
pub(super) fn connection(
    setting: &str,
    config: &Config,
    error: &tokio_postgres::Error,
) -> anyhow::Error {
    let address = address(config);
    let user = config.get_user().unwrap_or_default();
    if let Some(db) = error.as_db_error() {
        return match *db.code() {
            SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
                anyhow!(
                    "{setting}: {address} does not let the user {user} in ({})",
                    db.message()
                )
            }
            SqlState::INVALID_CATALOG_NAME => anyhow!(
                "{setting}: {address} has no database {}: create it, or name another",
                config.get_dbname().unwrap_or(user)
            ),
            _ => anyhow!(
                "{setting}: {address} refused the connection ({})",
                db.message()
            ),
        };
    }
    let reason = error.source().map_or_else(|| error.to_string(), deepest);
    let kind = error.to_string();
    if kind.starts_with("invalid configuration") || kind.starts_with("authentication error") {
        return anyhow!("{setting}: {address} asks for what the setting does not hold ({reason})");
    }
    if error
        .to_string()
        .starts_with("error performing TLS handshake")
    {
        return anyhow!("{setting}: no TLS with {address} ({reason})");
    }
    anyhow!("{setting}: no PostgreSQL answers at {address} ({reason})")
}

/// The cause under all causes.
fn deepest(error: &(dyn std::error::Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// Where a server is, without user and password.
pub(super) fn address(config: &Config) -> String {
    let port = |index: usize| {
        let ports = config.get_ports();
        ports
            .get(index)
            .or_else(|| ports.first())
            .copied()
            .unwrap_or(5432)
    };
    let hosts = config
        .get_hosts()
        .iter()
        .enumerate()
        .map(|(index, host)| match host {
            Host::Tcp(name) => format!("{name}:{}", port(index)),
            Host::Unix(folder) => format!("{}/.s.PGSQL.{}", folder.display(), port(index)),
        });
    let addresses = config.get_hostaddrs().iter().enumerate();
    let addresses = addresses.map(|(index, address)| format!("{address}:{}", port(index)));
    let all: Vec<String> = if config.get_hosts().is_empty() {
        addresses.collect()
    } else {
        hosts.collect()
    };
    all.join(", ")
}
