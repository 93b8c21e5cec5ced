//! From a bearer's text to a principal, and what is remembered on the way.
//!
//! Who someone is stands in the token; what they may do is read from the database, and believed
//! for [`BELIEVED`]. So a request costs no statement, and what is taken away is gone within that
//! time everywhere, and at once in the process that took it.

use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use quick_cache::sync::Cache;
use uuid::Uuid;

use super::limit::Attempts;
use super::network::Network;
use super::password::Passwords;
use super::permissions::is_reading;
use super::principal::{Principal, Proof, Reach};
use super::reach::reaches;
use super::token::{TokenKeys, digest, is_api_key, key_prefix, unauthenticated};
use crate::config::SigningKey;
use crate::database::{self, Database, Scope, new_id};
use crate::graph::failure::Failure;
use crate::graph::session::Caller;

/// How long the permissions once read are believed.
const BELIEVED: Duration = Duration::from_secs(5);
/// The same for an open stream, which must end within five seconds of its session.
const BELIEVED_OF_STREAMS: Duration = Duration::from_millis(1_500);
/// How many principals are remembered.
const REMEMBERED: usize = 10_000;

/// Whose permissions are to be read anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forget {
    /// Those of one session.
    Session(Uuid),
    /// Those of all sessions of a user.
    User(Uuid),
    /// Those of everyone in a tenant.
    Biz(Uuid),
}

/// Signs people in, and knows who a caller is.
#[derive(Debug)]
pub struct Identity {
    /// Signs and reads access tokens.
    pub tokens: TokenKeys,
    /// Computes and compares passwords.
    pub passwords: Passwords,
    /// How often someone has tried to get in.
    pub attempts: Attempts,
    database: Database,
    sessions: Cache<(Uuid, Uuid), Read<Option<Arc<Principal>>>>,
    keys: Cache<Vec<u8>, Read<Option<Key>>>,
}

/// What was read, and when.
#[derive(Clone, Debug)]
struct Read<T> {
    value: T,
    at: Instant,
}

impl<T> Read<T> {
    fn new(value: T) -> Self {
        Self {
            value,
            at: Instant::now(),
        }
    }

    fn is_old(&self) -> bool {
        self.is_older_than(BELIEVED)
    }

    fn is_older_than(&self, age: Duration) -> bool {
        self.at.elapsed() >= age
    }
}

/// An API key that opens something.
#[derive(Clone, Debug)]
struct Key {
    principal: Arc<Principal>,
    is_open: bool,
    networks: Arc<[Network]>,
}

impl Identity {
    /// Over a database, with the key that signs access tokens.
    pub fn new(database: Database, key: &SigningKey) -> anyhow::Result<Self> {
        Ok(Self {
            tokens: TokenKeys::new(key)?,
            passwords: Passwords::default(),
            attempts: Attempts::default(),
            database,
            sessions: Cache::new(REMEMBERED),
            keys: Cache::new(REMEMBERED),
        })
    }

    /// Who an `Authorization` header is; nobody without one.
    pub async fn authenticate(
        &self,
        authorization: Option<&str>,
        address: Option<IpAddr>,
    ) -> Result<Caller, Failure> {
        let Some(header) = authorization else {
            return Ok(Caller::Anonymous);
        };
        let token = bearer(header).ok_or_else(|| {
            unauthenticated("The Authorization header must be `Bearer` and an access token.")
        })?;
        let principal = if is_api_key(token) {
            self.of_key(token, address).await?
        } else {
            let access = self.tokens.verify(token, self.database.now())?;
            let principal = self.of_session(access.session_id, access.biz_id).await?;
            principal.filter(|principal| principal.user_id() == Some(access.user_id))
        };
        let principal = principal.ok_or_else(|| {
            unauthenticated("This access has ended: sign in again, or take another key.")
        })?;
        Ok(Caller::Principal(principal))
    }

    /// When the access token of a header ends; of an API key, and of nobody, nothing ends by itself.
    pub fn ends_at(&self, authorization: Option<&str>) -> Option<DateTime<Utc>> {
        let token = bearer(authorization?)?;
        if is_api_key(token) {
            return None;
        }
        self.tokens.ends_at(token)
    }

    /// Whether what the caller proved still holds, with the permissions of then; asked while a
    /// stream is open. While the database is away nothing is streamed, and nobody is sent off.
    pub async fn still_valid(&self, caller: &Caller) -> bool {
        let Caller::Principal(principal) = caller else {
            return true;
        };
        let biz_id = principal.biz_id();
        match principal.proof() {
            Proof::Session(session) => {
                let key = (session, biz_id);
                self.sessions
                    .remove_if(&key, |read| read.is_older_than(BELIEVED_OF_STREAMS));
                let found = self.of_session(session, biz_id).await;
                found.map_or(true, |found| {
                    found.is_some_and(|found| found.may_the_same(principal))
                })
            }
            Proof::ApiKey(key) => self.key_stands(biz_id, key).await.unwrap_or(true),
            Proof::Program => true,
        }
    }

    /// Lets what was read of someone be read anew.
    pub fn forget(&self, forget: Forget) {
        match forget {
            Forget::Session(session) => self.sessions.retain(|(known, _), _| *known != session),
            Forget::User(user) => self.sessions.retain(|_, read| {
                let known = read
                    .value
                    .as_ref()
                    .and_then(|principal| principal.user_id());
                known != Some(user)
            }),
            Forget::Biz(biz) => {
                self.sessions.retain(|(_, known), _| *known != biz);
                self.keys.retain(|_, key| {
                    let owner = key.value.as_ref().map(|key| key.principal.biz_id());
                    owner.is_some_and(|owner| owner != biz)
                });
            }
        }
    }

    async fn of_session(
        &self,
        session: Uuid,
        biz_id: Uuid,
    ) -> Result<Option<Arc<Principal>>, Failure> {
        let read = || async {
            let scope = self.database.platform(new_id()).await?;
            let principal = principal_of(&scope, session, biz_id).await?;
            Ok::<_, Failure>(principal.map(Arc::new))
        };
        recall(&self.sessions, &(session, biz_id), read).await
    }

    async fn of_key(
        &self,
        text: &str,
        address: Option<IpAddr>,
    ) -> Result<Option<Arc<Principal>>, Failure> {
        let digest = digest(text);
        let read = || async { Ok::<_, Failure>(key_of(&self.database, text).await?) };
        let key = recall(&self.keys, &digest, read).await?;
        let open = |key: &Key| {
            let within = |network: &Network| address.is_some_and(|ip| network.contains(ip));
            key.is_open || key.networks.iter().any(within)
        };
        Ok(key.filter(open).map(|key| key.principal))
    }

    async fn key_stands(&self, biz_id: Uuid, key: Uuid) -> Result<bool, database::Error> {
        let scope = self.database.platform(new_id()).await?;
        let sql = "select 1 from identity.api_keys k \
            where k.biz_id = $1 and k.id = $2 and k.status <> 'revoked' and k.deleted_at is null \
              and (k.expires_at is null or k.expires_at > now())";
        let found = scope.query_opt(sql, &[biz_id.into(), key.into()]).await?;
        Ok(found.is_some())
    }
}

/// The token of an `Authorization` header.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// What was read not long ago, or is read now; of many who ask at once, one reads.
async fn recall<K: Clone + Eq + Hash, T: Clone, E, F: Future<Output = Result<T, E>>>(
    cache: &Cache<K, Read<T>>,
    key: &K,
    read: impl FnOnce() -> F,
) -> Result<T, E> {
    match cache.get(key) {
        Some(read) if !read.is_old() => return Ok(read.value),
        Some(_) => drop(cache.remove_if(key, Read::is_old)),
        None => {}
    }
    // Only what misses pays for the size of what reads.
    let read = Box::pin(async { Ok(Read::new(read().await?)) });
    Ok(cache.get_or_insert_async(key, read).await?.value)
}

/// A grant whose scope is `own` is not read: nothing narrows rows to their owner yet, and giving
/// more than was meant is the worse mistake. `location` and `all` both end at the locations where
/// the member works. Where the platform has suspended the tenant, reading is all that is left.
const OF_SESSION: &str = "select s.user_id, m.id, \
        array(select l.location_id from identity.member_locations l \
              where l.biz_id = m.biz_id and l.member_id = m.id), \
        g.permission_code, g.location_id \
    from identity.sessions s \
    join identity.users u on u.id = s.user_id and u.status = 'active' and u.deleted_at is null \
    join core.bizes b on b.id = $2 and b.status <> 'closed' \
    join identity.members m \
      on m.biz_id = b.id and m.user_id = s.user_id and m.status = 'active' and m.deleted_at is null \
    left join lateral ( \
        select distinct p.permission_code, mr.location_id \
        from identity.member_roles mr \
        join identity.roles r on r.biz_id = mr.biz_id and r.id = mr.role_id and r.deleted_at is null \
        join identity.role_permissions p on p.biz_id = r.biz_id and p.role_id = r.id \
        where mr.biz_id = m.biz_id and mr.member_id = m.id and p.scope <> 'own' \
          and (b.status <> 'suspended' or p.permission_code like '%.read') \
    ) g on true \
    where s.family_id = $1 and s.rotated_at is null and s.revoked_at is null and s.expires_at > now()";

/// The principal that a session stands for in a tenant; none where the session has ended, or its
/// user does not work there. Read by the platform.
pub async fn principal_of(
    scope: &Scope,
    session: Uuid,
    biz_id: Uuid,
) -> Result<Option<Principal>, database::Error> {
    let rows = scope
        .query(OF_SESSION, &[session.into(), biz_id.into()])
        .await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let (user, member): (Uuid, Uuid) = (first.try_get(0)?, first.try_get(1)?);
    let works_at: Vec<Uuid> = first.try_get(2)?;
    let mut grants = Vec::with_capacity(rows.len());
    for row in &rows {
        if let Some(permission) = row.try_get::<_, Option<String>>(3)? {
            grants.push((permission, row.try_get(4)?));
        }
    }
    let permissions = reaches(grants, &works_at);
    let proof = Proof::Session(session);
    Ok(Some(Principal::new(
        biz_id,
        Some(user),
        Some(member),
        proof,
        permissions,
    )))
}

/// Says when a key was last used to within five minutes, so that a busy one is not written all the
/// time; where another request is writing it, that one does.
const OF_KEY: &str = "with found as ( \
        select k.biz_id, k.id, k.scopes, k.ip_allow, k.last_used_at \
        from identity.api_keys k \
        join core.bizes b on b.id = k.biz_id and b.status <> 'closed' \
        where k.key_prefix = $1 and k.key_hash = $2 and k.status <> 'revoked' \
          and k.deleted_at is null and (k.expires_at is null or k.expires_at > now())), \
    used as ( \
        update identity.api_keys k set last_used_at = now() \
        where (k.biz_id, k.id) in ( \
            select o.biz_id, o.id from identity.api_keys o \
            join found f on f.biz_id = o.biz_id and f.id = o.id \
            where coalesce(o.last_used_at, '-infinity') < now() - interval '5 minutes' \
            for update of o skip locked)) \
    select f.biz_id, f.id, f.scopes, f.ip_allow from found f";

/// The API key of this text, if it opens anything.
async fn key_of(database: &Database, text: &str) -> Result<Option<Key>, database::Error> {
    let scope = database.platform(new_id()).await?;
    let values = [key_prefix(text).into(), digest(text).into()];
    let Some(row) = scope.query_opt(OF_KEY, &values).await? else {
        return Ok(None);
    };
    let (biz_id, id): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
    let scopes: Vec<String> = row.try_get(2)?;
    let networks: Vec<String> = row.try_get(3)?;
    scope.commit().await?;
    // A key reads, whatever its row says.
    let permissions = scopes
        .into_iter()
        .filter(|code| is_reading(code))
        .map(|code| (code, Reach::All))
        .collect();
    let principal = Principal::new(biz_id, None, None, Proof::ApiKey(id), permissions);
    let known: Vec<Option<Network>> = networks.iter().map(|text| Network::parse(text)).collect();
    Ok(Some(Key {
        principal: Arc::new(principal),
        // What is no network lets nobody in; only a key without any is open to all.
        is_open: known.is_empty(),
        networks: known.into_iter().flatten().collect(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bearer_is_named_in_any_case() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        for header in ["", "abc", "Basic abc", "Bearer", "Bearer "] {
            assert_eq!(bearer(header), None, "{header}");
        }
    }

    #[tokio::test]
    async fn what_was_read_is_believed_for_a_while() {
        let cache: Cache<u8, Read<u8>> = Cache::new(10);
        let read = |value| move || async move { Ok::<_, ()>(value) };
        assert_eq!(recall(&cache, &1, read(1)).await, Ok(1));
        assert_eq!(recall(&cache, &1, read(2)).await, Ok(1));
        let long_ago = Instant::now().checked_sub(BELIEVED).unwrap();
        cache.insert(
            1,
            Read {
                value: 1,
                at: long_ago,
            },
        );
        assert_eq!(recall(&cache, &1, read(3)).await, Ok(3));
        assert_eq!(recall(&cache, &2, || async { Err(()) }).await, Err(()));
        assert_eq!(recall(&cache, &2, read(4)).await, Ok(4));
    }
}
