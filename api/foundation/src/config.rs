//! The program's settings: flags, or variables of the environment.
//!
//! `OTEL_EXPORTER_OTLP_ENDPOINT` is not among them: nothing exports traces yet, and a setting that
//! is accepted and not honoured would be a lie.

#![expect(
    clippy::doc_markdown,
    reason = "these comments are the help text, which is read in a terminal"
)]

use std::{
    fs::{self, File},
    io::{self, Write as _},
    net::{SocketAddr, ToSocketAddrs as _},
    os::unix::fs::{
        DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, chown,
    },
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use clap::Args;

/// What signs access tokens must be at least this long, in bytes.
const SECRET_LENGTH: usize = 32;

/// Settings that all commands share.
#[derive(Args, Clone)]
#[command(next_help_heading = "Settings")]
pub struct Settings {
    /// The PostgreSQL (15 or newer) to use, as its owner or as the server's role:
    /// postgres://user:password@host:5432/database. Without it, a PostgreSQL of the program's own
    /// runs under BIZING_HOME.
    #[arg(
        long,
        env = "DATABASE_URL",
        value_name = "URL",
        global = true,
        hide_env_values = true
    )]
    pub database_url: Option<String>,

    /// A replica of that database, which answers queries.
    #[arg(
        long,
        env = "DATABASE_READ_URL",
        value_name = "URL",
        global = true,
        hide_env_values = true
    )]
    pub database_read_url: Option<String>,

    /// How many connections to the database are opened at most (and as many to the replica).
    #[arg(
        long, env = "BIZING_POOL_SIZE", value_name = "N", global = true, default_value = "8",
        value_parser = clap::value_parser!(u16).range(1..=1000)
    )]
    pub pool_size: u16,

    /// The address and port to answer on.
    #[arg(
        long, env = "BIZING_LISTEN", value_name = "ADDRESS:PORT", global = true,
        default_value = "127.0.0.1:8080", value_parser = parse_listen
    )]
    pub listen: SocketAddr,

    /// Where the program keeps its own PostgreSQL and its secrets.
    #[arg(
        long,
        env = "BIZING_HOME",
        value_name = "DIRECTORY",
        global = true,
        default_value = ".bizing"
    )]
    pub home: PathBuf,

    /// What signs access tokens: at least 32 bytes that nobody can guess. Made and kept in
    /// BIZING_HOME where the program runs its own PostgreSQL.
    #[arg(
        long,
        env = "BIZING_JWT_SECRET",
        allow_hyphen_values = true,
        value_name = "TEXT",
        global = true,
        hide_env_values = true
    )]
    pub jwt_secret: Option<String>,

    /// Signs access tokens in place of a secret: a private key in PEM, or the path of a file that
    /// holds one.
    #[arg(
        long,
        env = "BIZING_JWT_PRIVATE_KEY",
        allow_hyphen_values = true,
        value_name = "PEM or FILE",
        global = true,
        hide_env_values = true
    )]
    pub jwt_private_key: Option<String>,

    /// What the keys of sealed personal data are derived from: at least 32 bytes that nobody can
    /// guess, and that never change. Made and kept in BIZING_HOME where the program runs its own
    /// PostgreSQL; elsewhere derived from what signs access tokens if it is not set.
    #[arg(
        long,
        env = "BIZING_DATA_KEY",
        allow_hyphen_values = true,
        value_name = "TEXT",
        global = true,
        hide_env_values = true
    )]
    pub data_key: Option<String>,

    /// Whom the program reaches.
    #[command(flatten)]
    pub outside: Outside,

    /// What is logged, as a filter of levels and modules: info, bizing=debug, warn.
    #[arg(long, env = "RUST_LOG", value_name = "FILTER", global = true)]
    pub log: Option<String>,
}

/// Whom the program reaches beside its database.
#[derive(Args, Clone, Default)]
pub struct Outside {
    /// The server that takes mail: smtps://user:password@host, or
    /// smtp://user:password@host:587?tls=required. Without it mail stays in a sandbox.
    #[arg(
        long,
        env = "BIZING_SMTP_URL",
        value_name = "URL",
        global = true,
        hide_env_values = true
    )]
    pub smtp_url: Option<String>,

    /// The address that mail comes from.
    #[arg(long, env = "BIZING_MAIL_FROM", value_name = "ADDRESS", global = true)]
    pub mail_from: Option<String>,

    /// Where Stripe's API is, if not where Stripe has it: a server that speaks it.
    #[arg(long, env = "BIZING_STRIPE_URL", value_name = "URL", global = true)]
    pub stripe_url: Option<String>,
}

/// What signs access tokens.
#[derive(Clone, PartialEq, Eq)]
pub enum SigningKey {
    /// A shared secret.
    Secret(Vec<u8>),
    /// A private key, in PEM.
    PrivateKey(String),
}

/// The program's secrets.
#[derive(Clone, Debug)]
pub struct Keys {
    /// What signs access tokens.
    pub signing: SigningKey,
    /// What the keys of sealed personal data are derived from.
    pub data: Vec<u8>,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("listen", &self.listen)
            .field("home", &self.home)
            .field("pool_size", &self.pool_size)
            .field("embedded", &self.is_embedded())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Secret(_) => "Secret",
            Self::PrivateKey(_) => "PrivateKey",
        })
    }
}

impl Settings {
    /// What `clap` cannot see: settings that contradict each other. Variables that are set to
    /// nothing count as not set.
    pub fn checked(mut self) -> anyhow::Result<Self> {
        for setting in [
            &mut self.database_url,
            &mut self.database_read_url,
            &mut self.jwt_secret,
            &mut self.jwt_private_key,
            &mut self.data_key,
            &mut self.outside.smtp_url,
            &mut self.outside.mail_from,
            &mut self.outside.stripe_url,
            &mut self.log,
        ] {
            setting.take_if(|text| text.trim().is_empty());
        }
        if self.database_read_url.is_some() && self.database_url.is_none() {
            bail!(
                "DATABASE_READ_URL is set, but DATABASE_URL is not: a replica needs its original"
            );
        }
        if self.jwt_secret.is_some() && self.jwt_private_key.is_some() {
            bail!("BIZING_JWT_SECRET and BIZING_JWT_PRIVATE_KEY are both set: unset one of them");
        }
        for (name, secret) in [
            ("BIZING_JWT_SECRET", &self.jwt_secret),
            ("BIZING_DATA_KEY", &self.data_key),
        ] {
            if let Some(length) = secret
                .as_ref()
                .map(String::len)
                .filter(|n| *n < SECRET_LENGTH)
            {
                bail!("{name} has {length} bytes, and needs at least {SECRET_LENGTH}");
            }
        }
        if self.outside.smtp_url.is_some() && self.outside.mail_from.is_none() {
            bail!(
                "BIZING_SMTP_URL is set, but BIZING_MAIL_FROM is not: name the address that mail comes from"
            );
        }
        if self.home.as_os_str().is_empty() {
            bail!("BIZING_HOME is empty: name a directory");
        }
        Ok(self)
    }

    /// Whether the program runs its own PostgreSQL.
    pub fn is_embedded(&self) -> bool {
        self.database_url.is_none()
    }

    /// The program's secrets: as set, or, beside an embedded PostgreSQL, made once and kept.
    pub fn keys(&self) -> anyhow::Result<Keys> {
        let signing = self.signing_key()?;
        let data = match (&self.data_key, &signing) {
            (Some(key), _) => key.clone().into_bytes(),
            (None, _) if self.is_embedded() => kept_secret(&self.home, "data.key")?,
            (None, SigningKey::Secret(secret)) => secret.clone(),
            (None, SigningKey::PrivateKey(pem)) => pem.clone().into_bytes(),
        };
        Ok(Keys { signing, data })
    }

    /// What signs access tokens: as set, or, beside an embedded PostgreSQL, made once and kept.
    pub fn signing_key(&self) -> anyhow::Result<SigningKey> {
        if let Some(secret) = &self.jwt_secret {
            return Ok(SigningKey::Secret(secret.clone().into_bytes()));
        }
        if let Some(key) = &self.jwt_private_key {
            return private_key(key);
        }
        if self.is_embedded() {
            return Ok(SigningKey::Secret(kept_secret(&self.home, "jwt.secret")?));
        }
        bail!(
            "BIZING_JWT_SECRET is required beside DATABASE_URL: set it to at least {SECRET_LENGTH} \
             bytes that nobody can guess, or set BIZING_JWT_PRIVATE_KEY"
        )
    }
}

fn parse_listen(text: &str) -> Result<SocketAddr, String> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let found = text.to_socket_addrs().ok().and_then(|mut all| all.next());
    found.ok_or_else(|| "BIZING_LISTEN is an address and a port, such as 0.0.0.0:8080".to_owned())
}

fn private_key(setting: &str) -> anyhow::Result<SigningKey> {
    let pem = if setting.contains("-----BEGIN") {
        // Variables often hold a key in one line.
        setting.replace("\\n", "\n")
    } else {
        fs::read_to_string(setting)
            .context("BIZING_JWT_PRIVATE_KEY is neither a key in PEM nor a file that can be read")?
    };
    if !pem.contains("PRIVATE KEY-----") {
        bail!("BIZING_JWT_PRIVATE_KEY holds no private key in PEM");
    }
    Ok(SigningKey::PrivateKey(pem))
}

/// A secret of a home; only the user who runs the program may read it.
fn kept_secret(home: &Path, name: &str) -> anyhow::Result<Vec<u8>> {
    let path = home.join(name);
    let refused = || format!("{} cannot be read or made", path.display());
    match fs::read_to_string(&path) {
        Ok(text) if text.trim().len() >= SECRET_LENGTH => {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).with_context(refused)?;
            return Ok(text.trim().as_bytes().to_vec());
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(refused),
    }
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(home)
        .with_context(refused)?;
    let [high, low] = rand::random::<[u128; 2]>();
    let secret = format!("{high:032x}{low:032x}");
    // Written under another name first, so that there is never half a secret.
    let unfinished = home.join(format!("{name}.new"));
    let mut file = File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)
        .with_context(refused)?;
    file.write_all(secret.as_bytes()).with_context(refused)?;
    file.sync_all().with_context(refused)?;
    // Root may act in another user's home, who wants to use it afterwards.
    let owner = fs::metadata(home).with_context(refused)?;
    if fs::metadata(&unfinished).with_context(refused)?.uid() != owner.uid() {
        chown(&unfinished, Some(owner.uid()), Some(owner.gid())).with_context(refused)?;
    }
    fs::rename(&unfinished, &path).with_context(refused)?;
    Ok(secret.into_bytes())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Flags {
        #[command(flatten)]
        settings: Settings,
    }

    fn settings(flags: &[&str]) -> Settings {
        Flags::try_parse_from([&["bizing"], flags].concat())
            .unwrap()
            .settings
    }

    fn sentence<T>(result: anyhow::Result<T>) -> String {
        result.err().map(|error| format!("{error:#}")).unwrap()
    }

    #[test]
    fn settings_that_contradict_each_other_are_named() {
        let replica = settings(&[
            "--database-read-url",
            "postgres://h/d",
            "--database-url",
            " ",
        ]);
        assert!(sentence(replica.checked()).starts_with("DATABASE_READ_URL"));
        let short = settings(&["--jwt-secret", "short"]);
        assert!(sentence(short.checked()).starts_with("BIZING_JWT_SECRET has 5 bytes"));
    }

    #[test]
    fn a_wrong_flag_names_its_setting() {
        let error = Flags::try_parse_from(["bizing", "--listen", "nowhere"])
            .err()
            .unwrap();
        assert!(error.to_string().contains("BIZING_LISTEN"), "{error}");
        assert!(Flags::try_parse_from(["bizing", "--pool-size", "0"]).is_err());
    }

    #[test]
    fn a_secret_is_required_beside_a_configured_database() {
        let settings = settings(&["--database-url", "postgres://h/d"]);
        assert!(sentence(settings.signing_key()).starts_with("BIZING_JWT_SECRET is required"));
    }

    #[test]
    fn an_embedded_home_keeps_its_secret() {
        let home = std::env::temp_dir().join(format!("bizing-secret-{}", std::process::id()));
        let settings = settings(&["--home", home.to_str().unwrap()]);
        let first = settings.signing_key().unwrap();
        assert_eq!(first, settings.signing_key().unwrap());
        let mode = fs::metadata(home.join("jwt.secret"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::remove_dir_all(&home).unwrap();
    }

    #[test]
    fn a_private_key_may_stand_in_one_line() {
        let pem = "-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----";
        let key = settings(&["--jwt-private-key", pem]).signing_key().unwrap();
        assert_eq!(key, SigningKey::PrivateKey(pem.replace("\\n", "\n")));
        let missing = settings(&["--jwt-private-key", "/no/such/key"]);
        assert!(sentence(missing.signing_key()).starts_with("BIZING_JWT_PRIVATE_KEY"));
    }
}
