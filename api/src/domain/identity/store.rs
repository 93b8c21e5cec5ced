//! What several verbs of identity read or lock: accounts, members, and what roles permit.

use sea_orm::Value;
use uuid::Uuid;

use crate::database::{self, Scope, new_id};
use crate::graph::failure::Failure;
use crate::graph::verb::{Act, Fault};
use crate::identity::{Permissions, Reach, reaches};

/// Someone who can sign in.
#[derive(Clone, Debug)]
pub struct Account {
    /// The user.
    pub user_id: Uuid,
    /// Whether the account is open: neither locked nor closed.
    pub is_active: bool,
    /// The digest of the password, if there is one.
    pub digest: Option<String>,
}

/// A mail address in the form in which it is kept, but for Unicode form C, which PostgreSQL makes.
pub fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The account of a mail address. In a transaction of its own, which has ended when this returns:
/// no connection is held while a password is compared.
pub async fn account(act: &Act<'_>, email: &str) -> Result<Option<Account>, Failure> {
    let session = act.session;
    let database = &session.shared.database;
    let scope = database.platform(session.client.request_id).await?;
    let sql = "select u.id, u.status = 'active', i.secret_phc from identity.users u \
        left join identity.user_identities i on i.user_id = u.id and i.provider = 'password' \
        where u.email_normalized = normalize($1, nfc) and u.deleted_at is null";
    let row = scope.query_opt(sql, &[normal_email(email).into()]).await?;
    let read = |row: tokio_postgres::Row| {
        Ok::<_, tokio_postgres::Error>(Account {
            user_id: row.try_get(0)?,
            is_active: row.try_get(1)?,
            digest: row.try_get(2)?,
        })
    };
    let account = row.map(read).transpose().map_err(database::Error::from)?;
    scope.rollback().await?;
    Ok(account)
}

/// Makes an account with a password.
pub async fn add_user(
    scope: &Scope,
    user_id: Uuid,
    email: &str,
    full_name: &str,
    digest: &str,
) -> Result<(), database::Error> {
    let sql = "insert into identity.users (id, full_name, email_normalized) \
               values ($1, $2, normalize($3, nfc))";
    let email = normal_email(email);
    scope
        .execute(
            sql,
            &[user_id.into(), full_name.trim().into(), email.into()],
        )
        .await?;
    let sql = "insert into identity.user_identities (id, user_id, provider, provider_subject, secret_phc) \
               values ($1, $2, 'password', $3, $4)";
    let values: [Value; 4] = [
        new_id().into(),
        user_id.into(),
        user_id.to_string().into(),
        digest.into(),
    ];
    scope.execute(sql, &values).await.map(drop)
}

/// A member whose row is locked.
#[derive(Clone, Debug)]
pub struct Member {
    /// The membership.
    pub id: Uuid,
    /// Its status.
    pub status: String,
}

/// Locks a member for the transaction.
pub async fn lock_member<P>(act: &Act<'_>, id: Uuid) -> Result<Member, Fault<P>> {
    let sql = "select status::text from identity.members where biz_id = $1 and id = $2 for update";
    let values = [act.scope.biz_id().into(), id.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let row = row.ok_or_else(|| Fault::not_found("member"))?;
    Ok(Member {
        id,
        status: row.try_get(0)?,
    })
}

/// What the roles of a member permit, whatever the member's status.
pub async fn permissions_of_member(
    scope: &Scope,
    member_id: Uuid,
) -> Result<Permissions, database::Error> {
    let values = [scope.biz_id().into(), member_id.into()];
    let sql = "select distinct p.permission_code, m.location_id from identity.member_roles m \
        join identity.roles r on r.biz_id = m.biz_id and r.id = m.role_id and r.deleted_at is null \
        join identity.role_permissions p on p.biz_id = r.biz_id and p.role_id = r.id \
        where m.biz_id = $1 and m.member_id = $2";
    let mut grants = Vec::new();
    for row in scope.query(sql, &values).await? {
        grants.push((row.try_get(0)?, row.try_get(1)?));
    }
    let sql =
        "select location_id from identity.member_locations where biz_id = $1 and member_id = $2";
    let mut works_at = Vec::new();
    for row in scope.query(sql, &values).await? {
        works_at.push(row.try_get(0)?);
    }
    Ok(reaches(grants, &works_at))
}

/// The role of this code.
pub async fn role_of(scope: &Scope, code: &str) -> Result<Option<Uuid>, database::Error> {
    let sql =
        "select id from identity.roles where biz_id = $1 and code = $2 and deleted_at is null";
    let row = scope
        .query_opt(sql, &[scope.biz_id().into(), code.into()])
        .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// What a role permits someone who works at these locations.
pub async fn permissions_of_role(
    scope: &Scope,
    role_id: Uuid,
    works_at: &[Uuid],
) -> Result<Permissions, database::Error> {
    let sql = "select permission_code from identity.role_permissions \
               where biz_id = $1 and role_id = $2";
    let values = [scope.biz_id().into(), role_id.into()];
    let mut grants = Vec::new();
    for row in scope.query(sql, &values).await? {
        grants.push((row.try_get(0)?, None));
    }
    Ok(reaches(grants, works_at))
}

/// Refuses to give or take away what is beyond the caller's own permissions: otherwise whoever may
/// manage members could make themselves anything.
pub fn within_own<P>(act: &Act<'_>, permissions: &Permissions, code: P) -> Result<(), Fault<P>> {
    if act.principal()?.covers(permissions) {
        return Ok(());
    }
    let text =
        "This is beyond your own permissions: nobody gives or takes away what they do not have.";
    Err(Fault::problem(code, text))
}

/// Moves a member to another status; the database knows which moves there are.
pub async fn set_status(
    scope: &Scope,
    member_id: Uuid,
    status: &str,
) -> Result<(), database::Error> {
    let sql = "update identity.members set status = $3 where biz_id = $1 and id = $2";
    let values = [scope.biz_id().into(), member_id.into(), status.into()];
    scope.execute(sql, &values).await.map(drop)
}

/// Permissions that count everywhere, as those of a role may.
pub fn everywhere(codes: impl IntoIterator<Item = String>) -> Permissions {
    codes.into_iter().map(|code| (code, Reach::All)).collect()
}
