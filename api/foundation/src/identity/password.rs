//! Passwords: which are good enough, and Argon2id digests of them.
//!
//! A digest costs tens of milliseconds of a core and 19 MiB, so it is computed on a blocking
//! thread, by as many at a time as there are cores; whoever comes next waits.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Argon2, Params};
use tokio::sync::Semaphore;

use crate::graph::failure::Failure;

/// How many characters a password has at least.
const SHORTEST: usize = 10;
/// How many characters a password has at most.
const LONGEST: usize = 256;

/// What is compared where there is no user: the same work, so that time tells nothing. The text
/// after the last `$` is no digest of anything.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$Yml6aW5nIG5vYm9keQ$\
     bm8gcGFzc3dvcmQgaGFzIHRoaXMgZGlnZXN0ISEhISE";

/// Computes and compares digests.
#[derive(Clone, Debug)]
pub struct Passwords {
    cores: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            cores: Arc::new(Semaphore::new(cores)),
        }
    }
}

impl Passwords {
    /// The digest of a password, in PHC form.
    pub async fn digest(&self, password: &str) -> Result<String, Failure> {
        let password = password.to_owned();
        self.compute(move || {
            let digest: Result<PasswordHash, _> =
                Argon2::default().hash_password(password.as_bytes());
            digest.map(|digest| digest.to_string())
        })
        .await?
        .map_err(Failure::internal)
    }

    /// Whether this is the password of the digest. Without a digest it is not, after the same work.
    pub async fn matches(&self, password: &str, digest: Option<&str>) -> Result<bool, Failure> {
        let digest = digest.filter(|digest| digest.starts_with("$argon2id$"));
        let exists = digest.is_some();
        let (password, digest) = (password.to_owned(), digest.unwrap_or(NOBODY).to_owned());
        let same = self.compute(move || {
            let digest = PasswordHash::new(&digest);
            digest.is_ok_and(|digest| {
                Argon2::default()
                    .verify_password(password.as_bytes(), &digest)
                    .is_ok()
            })
        });
        Ok(same.await? && exists)
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let core = Arc::clone(&self.cores).acquire_owned().await;
        let core = core.map_err(Failure::internal)?;
        // The permit goes along: a caller who hangs up does not end the work.
        let work = move || {
            let _core = core;
            work()
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(Failure::internal)
    }
}

/// Whether a digest was made with weaker parameters than today's.
pub fn is_outdated(digest: &str) -> bool {
    let costs = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
    let params = PasswordHash::new(digest).ok();
    let params = params.and_then(|digest| Params::try_from(&digest).ok());
    params.is_none_or(|params| costs(&params) != costs(&Params::default()))
}

/// Why a password is not good enough, in a sentence; none where it is.
pub fn weakness(password: &str, email: &str) -> Option<String> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Some(format!(
            "A password has at least {SHORTEST} characters; this one has {length}."
        ));
    }
    if length > LONGEST {
        return Some(format!("A password has at most {LONGEST} characters."));
    }
    let password = password.trim().to_lowercase();
    let email = email.trim().to_lowercase();
    let name = email.split('@').next().unwrap_or_default();
    if password == email || password == name {
        return Some("A password must not be the mail address.".to_owned());
    }
    let first = password.chars().next();
    if password.chars().all(|c| Some(c) == first) {
        return Some("A password is more than one character, repeated.".to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_digest_knows_its_password_alone() {
        let passwords = Passwords::default();
        let digest = passwords.digest("correct horse").await.unwrap();
        assert!(digest.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let same = passwords.matches("correct horse", Some(&digest)).await;
        assert!(same.unwrap());
        let other = passwords.matches("wrong horse", Some(&digest)).await;
        assert!(!other.unwrap());
        let nobody = passwords.matches("correct horse", None).await;
        assert!(!nobody.unwrap());
    }

    #[test]
    fn nobodys_digest_costs_as_much_as_anyones() {
        assert!(!is_outdated(NOBODY));
        assert!(is_outdated(&NOBODY.replace("m=19456", "m=4096")));
        assert!(is_outdated("$2b$12$abcdefghijklmnopqrstuv"));
    }

    #[test]
    fn weak_passwords_are_told_why() {
        let email = "anabelasantos@example.com";
        assert_eq!(weakness("correct horse", email), None);
        for weak in [
            "short",
            " AnabelaSantos@example.com",
            "anabelasantos",
            "aaaaaaaaaaaa",
            &"x1".repeat(129),
        ] {
            assert!(weakness(weak, email).is_some(), "{weak}");
        }
        assert_eq!(weakness(&"x1".repeat(128), email), None);
    }
}
