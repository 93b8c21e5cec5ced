//! API keys: read-only, of one tenant, revocable, shown once.

use chrono::{Duration, SecondsFormat};
use serde_json::{Value, json};
use tests::World;
use tests::hotel::{Plan, location};

#[tokio::test]
async fn a_key_reads_what_it_permits_and_changes_nothing() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    location(&owner, &Plan::default()).await?;
    let key = world
        .api_key(&owner, &["core.read", "booking.read"])
        .await?;
    let data = key.read("{ locations { totalCount } bookingOrders { totalCount } viewer { user { id } member { id } biz { slug } permissions } currencies(first: 1) { nodes { code } } }").await?;
    assert_eq!(data["locations"]["totalCount"], 2);
    assert_eq!(data["viewer"]["user"], Value::Null);
    assert_eq!(data["viewer"]["biz"]["slug"], owner.slug);
    assert_eq!(
        data["viewer"]["permissions"],
        json!(["booking.read", "core.read"])
    );
    key.ask("{ customers { totalCount } }")
        .await?
        .must_fail("FORBIDDEN")?;
    for (verb, input, what) in [
        (
            "locationCreate",
            json!({"code": "X", "name": "X", "kind": "BRANCH", "timezone": "UTC", "currency": "EUR"}),
            "location { id }",
        ),
        ("signOut", json!({}), "session { id }"),
        ("bizSwitch", json!({"bizSlug": owner.slug}), "accessToken"),
        ("apiKeyCreate", json!({"name": "another"}), "secret"),
    ] {
        let answer = key.verb(verb, input, what).await?;
        assert_eq!(answer.code(), Some("FORBIDDEN"), "{verb}: {}", answer.body);
    }
    Ok(())
}

#[tokio::test]
async fn a_key_that_only_reads_stays_so_even_if_its_row_says_more() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let key = world.api_key(&owner, &["core.read"]).await?;
    let sql = world.database.platform(owner.biz_id).await?;
    sql.execute(
        "update identity.api_keys set scopes = '{core.read,core.write,booking.create}'",
        &[],
    )
    .await?;
    let input =
        json!({"code": "X", "name": "X", "kind": "BRANCH", "timezone": "UTC", "currency": "EUR"});
    key.verb("locationCreate", input, "location { id }")
        .await?
        .must_fail("FORBIDDEN")?;
    Ok(())
}

#[tokio::test]
async fn a_key_is_shown_once_and_kept_as_a_digest() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let input = json!({"name": "Power BI", "idempotencyKey": "k"});
    let made = owner
        .act(
            "apiKeyCreate",
            input.clone(),
            "secret apiKey { id keyPrefix scopes }",
        )
        .await?;
    let secret = made["secret"].as_str().unwrap_or_default();
    assert!(secret.starts_with("bzk_") && secret.len() > 30, "{secret}");
    let again = owner
        .act("apiKeyCreate", input, "secret apiKey { id }")
        .await?;
    assert_eq!(
        (&again["replayed"], &again["secret"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(again["apiKey"]["id"], made["apiKey"]["id"]);
    let sql = world.database.owner().await?;
    let text: String = sql
        .query_one("select (select string_agg(to_jsonb(k)::text, '') from identity.api_keys k) || (select string_agg(to_jsonb(i)::text, '') from core.idempotency_keys i) || (select string_agg(to_jsonb(a)::text, '') from audit.audit_events a)", &[])
        .await?
        .try_get(0)?;
    assert!(!text.contains(secret));
    Ok(())
}

#[tokio::test]
async fn a_revoked_an_expired_and_a_foreign_key_open_nothing() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let who = "{ viewer { biz { slug } } }";
    let made = owner
        .act(
            "apiKeyCreate",
            json!({"name": "a", "scopes": ["core.read"]}),
            "secret apiKey { id }",
        )
        .await?;
    let key = world
        .anonymous()
        .with_token(made["secret"].as_str().unwrap_or_default());
    key.read(who).await?;
    let id = made["apiKey"]["id"].clone();
    owner
        .act("apiKeyRevoke", json!({"apiKeyId": id}), "apiKey { status }")
        .await?;
    key.ask(who).await?.must_fail("UNAUTHENTICATED")?;
    owner
        .verb("apiKeyRevoke", json!({"apiKeyId": id}), "apiKey { id }")
        .await?
        .must_refuse("ALREADY_REVOKED")?;
    let soon = bizing::database::Clock::now(&world.clock) + Duration::hours(1);
    let input = json!({"name": "b", "expiresAt": soon.to_rfc3339_opts(SecondsFormat::Secs, true)});
    let made = owner.act("apiKeyCreate", input, "secret").await?;
    let sql = world.database.platform(owner.biz_id).await?;
    sql.execute(
        "update identity.api_keys set expires_at = now() - interval '1 second' where name = 'b'",
        &[],
    )
    .await?;
    let key = world
        .anonymous()
        .with_token(made["secret"].as_str().unwrap_or_default());
    key.ask(who).await?.must_fail("UNAUTHENTICATED")?;
    let input = json!({"name": "c", "ipAllow": ["203.0.113.0/24"]});
    let made = owner.act("apiKeyCreate", input, "secret").await?;
    let key = world
        .anonymous()
        .with_token(made["secret"].as_str().unwrap_or_default());
    key.ask(who).await?.must_fail("UNAUTHENTICATED")?;
    let input = json!({"name": "d", "ipAllow": ["127.0.0.0/8", "::1"]});
    let made = owner.act("apiKeyCreate", input, "secret").await?;
    world
        .anonymous()
        .with_token(made["secret"].as_str().unwrap_or_default())
        .read(who)
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_key_gives_no_more_than_its_maker_has_and_only_reading() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    for (permissions, code) in [
        (json!(["booking.create"]), "NOT_READ_ONLY"),
        (json!(["flying.read"]), "UNKNOWN_PERMISSION"),
    ] {
        let input = json!({"name": "x", "scopes": permissions});
        owner
            .verb("apiKeyCreate", input, "secret")
            .await?
            .must_refuse(code)?;
    }
    let input = json!({"code": "keys", "name": "Keys", "permissions": ["identity.manage_api_keys", "identity.read", "core.read"]});
    owner.act("roleCreate", input, "role { id }").await?;
    let maker = world.staff(&owner, "keys", &[]).await?;
    let input = json!({"name": "x", "scopes": ["crm.read"]});
    maker
        .verb("apiKeyCreate", input, "secret")
        .await?
        .must_refuse("BEYOND_OWN_PERMISSIONS")?;
    let made = maker
        .act("apiKeyCreate", json!({"name": "x"}), "apiKey { scopes }")
        .await?;
    assert_eq!(
        made["apiKey"]["scopes"],
        json!(["core.read", "identity.read"])
    );
    Ok(())
}
