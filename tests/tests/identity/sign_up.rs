//! `signUp`.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::World;
use tests::actor::{Actor, PASSWORD, SESSION, sign_up_input};

fn with(mut input: Value, field: &str, value: Value) -> Value {
    input[field] = value;
    input
}

#[tokio::test]
async fn it_makes_a_user_a_tenant_and_its_owner_who_is_signed_in() -> anyhow::Result<()> {
    let world = World::new().await?;
    let input = sign_up_input("riverside");
    let payload = world
        .anonymous()
        .act("signUp", input.clone(), SESSION)
        .await?;
    let owner = Actor::of(&world.anonymous(), &payload, "owner@riverside.example")?;
    assert_eq!(payload["biz"]["slug"], "riverside");
    let data = owner
        .read(
            "{ viewer { user { id fullName emailNormalized } biz { slug displayName defaultCurrency defaultTimezone }
                 member { status roles { nodes { role { code } } } } permissions locations { id } }
               locations { nodes { timezone currency } } roles { totalCount } }",
        )
        .await?;
    let viewer = &data["viewer"];
    assert_eq!(viewer["user"]["fullName"], input["fullName"]);
    assert_eq!(viewer["biz"]["displayName"], input["bizName"]);
    assert_eq!(
        (
            &viewer["biz"]["defaultCurrency"],
            &viewer["biz"]["defaultTimezone"]
        ),
        (&json!("EUR"), &json!("Europe/Lisbon"))
    );
    assert_eq!(
        viewer["member"],
        json!({"status": "ACTIVE", "roles": {"nodes": [{"role": {"code": "owner"}}]}})
    );
    assert_eq!(viewer["locations"], Value::Null);
    let permissions: Vec<String> = serde_json::from_value(viewer["permissions"].clone())?;
    let known = world
        .database
        .owner()
        .await?
        .query_one("select count(*) from identity.permissions", &[])
        .await?;
    assert_eq!(
        i64::try_from(permissions.len())?,
        known.try_get::<_, i64>(0)?,
        "an owner may do everything"
    );
    assert_eq!(
        data["locations"]["nodes"],
        json!([{"timezone": "Europe/Lisbon", "currency": "EUR"}])
    );
    Ok(())
}

#[tokio::test]
async fn what_it_refuses_leaves_nothing_behind() -> anyhow::Result<()> {
    let world = World::new().await?;
    world.owner_of("taken").await?;
    let input = sign_up_input("fresh");
    let sql = world.database.owner().await?;
    let count = "select (select count(*) from core.bizes) + (select count(*) from identity.users) + (select count(*) from identity.sessions)";
    let before: i64 = sql.query_one(count, &[]).await?.try_get(0)?;
    for (field, value, code) in [
        ("email", json!("owner@taken.example"), "EMAIL_TAKEN"),
        ("email", json!(" OWNER@Taken.example "), "EMAIL_TAKEN"),
        ("email", json!("no address"), "INVALID_EMAIL"),
        ("password", json!("short"), "WEAK_PASSWORD"),
        ("password", json!("x".repeat(257)), "WEAK_PASSWORD"),
        ("password", json!("owner@fresh.example"), "WEAK_PASSWORD"),
        ("bizSlug", json!("taken"), "SLUG_TAKEN"),
        ("bizSlug", json!("Not A Slug"), "INVALID_SLUG"),
        ("bizSlug", json!(""), "INVALID_SLUG"),
        ("timeZone", json!("Mars/Olympus"), "UNKNOWN_TIME_ZONE"),
        ("currency", json!("ZZZ"), "UNKNOWN_CURRENCY"),
        ("currency", json!("eur"), "UNKNOWN_CURRENCY"),
    ] {
        let answer = world
            .anonymous()
            .verb("signUp", with(input.clone(), field, value.clone()), SESSION)
            .await?;
        assert_eq!(
            answer.user_code(),
            Some(code),
            "{field} {value}: {}",
            answer.body
        );
        assert_eq!(
            answer.user_errors()[0]["field"],
            json!([field]),
            "{value}: {}",
            answer.body
        );
        assert_eq!(answer.payload()["accessToken"], Value::Null);
    }
    for (field, value) in [("fullName", json!(" ")), ("bizName", json!(""))] {
        let answer = world
            .anonymous()
            .verb("signUp", with(input.clone(), field, value), SESSION)
            .await?;
        assert_eq!(answer.user_code(), Some("INVALID"), "{}", answer.body);
    }
    assert_eq!(
        sql.query_one(count, &[]).await?.try_get::<_, i64>(0)?,
        before
    );
    world.anonymous().act("signUp", input, SESSION).await?;
    Ok(())
}

#[tokio::test]
async fn a_short_name_is_taken_once_by_many_at_once() -> anyhow::Result<()> {
    let world = World::new().await?;
    let anonymous = world.anonymous();
    let requests = (0..6).map(|number| {
        let input = with(
            sign_up_input("wanted"),
            "email",
            json!(format!("owner{number}@wanted.example")),
        );
        anonymous.verb("signUp", input, SESSION)
    });
    let answers = join_all(requests)
        .await
        .into_iter()
        .collect::<anyhow::Result<Vec<_>>>()?;
    let won = answers
        .iter()
        .filter(|answer| answer.user_errors().is_empty() && answer.errors().is_empty());
    assert_eq!(won.count(), 1);
    let lost = answers
        .iter()
        .filter(|answer| answer.user_code() == Some("SLUG_TAKEN"));
    assert_eq!(lost.count(), 5);
    Ok(())
}

/// The password stands nowhere, and its digest is Argon2id.
#[tokio::test]
async fn a_password_is_kept_as_a_digest() -> anyhow::Result<()> {
    let world = World::new().await?;
    world.owner_of("riverside").await?;
    let sql = world.database.owner().await?;
    let digest: String = sql
        .query_one(
            "select secret_phc from identity.user_identities where provider = 'password'",
            &[],
        )
        .await?
        .try_get(0)?;
    assert!(
        digest.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{digest}"
    );
    let told: i64 = sql
        .query_one(
            "select count(*) from audit.audit_events a full join core.outbox_events e on false
             where to_jsonb(a)::text like '%' || $1 || '%' or to_jsonb(e)::text like '%' || $1 || '%'",
            &[&PASSWORD],
        )
        .await?
        .try_get(0)?;
    assert_eq!(told, 0);
    Ok(())
}

#[tokio::test]
async fn a_dry_run_signs_nobody_up() -> anyhow::Result<()> {
    let world = World::new().await?;
    let input = with(sign_up_input("riverside"), "dryRun", json!(true));
    let payload = world
        .anonymous()
        .act("signUp", input, "accessToken refreshToken")
        .await?;
    // Tokens of a session that was never kept would open nothing.
    if let Some(token) = payload["accessToken"].as_str() {
        let answer = world
            .anonymous()
            .with_token(token)
            .ask("{ viewer { biz { slug } } }")
            .await?;
        answer.must_fail("UNAUTHENTICATED")?;
    }
    world.owner_of("riverside").await?;
    Ok(())
}
