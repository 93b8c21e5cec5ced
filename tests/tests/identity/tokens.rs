//! Access tokens, and `tokenRefresh`: each refresh token is exchanged once.

use chrono::{Duration, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::World;
use tests::actor::{Actor, SESSION};

const WHO: &str = "{ viewer { biz { slug } user { id } } }";

async fn refresh(world: &World, token: &str) -> anyhow::Result<tests::Answer> {
    world
        .anonymous()
        .verb("tokenRefresh", json!({"refreshToken": token}), SESSION)
        .await
}

/// The parts of a token.
fn parts(token: &str) -> anyhow::Result<(Value, Value)> {
    let decode =
        |part: &str| -> anyhow::Result<Value> { Ok(serde_json::from_slice(&base64(part)?)?) };
    let pieces: Vec<&str> = token.split('.').collect();
    anyhow::ensure!(pieces.len() == 3, "{token}");
    Ok((decode(pieces[0])?, decode(pieces[1])?))
}

/// URL-safe base64 without padding, read.
fn base64(text: &str) -> anyhow::Result<Vec<u8>> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut bits = 0_u32;
    let mut count = 0;
    let mut bytes = Vec::new();
    for letter in text.bytes() {
        let value = LETTERS.iter().position(|known| *known == letter);
        let value = value.ok_or_else(|| anyhow::anyhow!("no base64: {text}"))?;
        bits = (bits << 6) | u32::try_from(value)?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff)?);
        }
    }
    Ok(bytes)
}

/// The same, written.
fn to_base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut bits = 0_usize;
        for index in 0..3 {
            bits = (bits << 8) | usize::from(chunk.get(index).copied().unwrap_or(0));
        }
        for index in 0..=chunk.len() {
            text.push(char::from(LETTERS[(bits >> (18 - 6 * index)) & 63]));
        }
    }
    text
}

#[tokio::test]
async fn an_access_token_says_who_and_where_for_fifteen_minutes() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let (header, claims) = parts(owner.token().unwrap_or_default())?;
    assert_eq!(header["alg"], "HS256");
    assert!(header["kid"].is_string());
    for claim in ["sub", "biz", "sid", "exp", "iat", "iss", "aud"] {
        assert!(!claims[claim].is_null(), "{claim} of {claims}");
    }
    let life =
        claims["exp"].as_i64().unwrap_or_default() - claims["iat"].as_i64().unwrap_or_default();
    assert_eq!(life, 15 * 60);
    world.clock.advance(Duration::minutes(14));
    owner.read(WHO).await?;
    world.clock.advance(Duration::minutes(2));
    let answer = owner.ask(WHO).await?.must_fail("UNAUTHENTICATED")?;
    assert_eq!(answer.status, 401, "{}", answer.body);
    Ok(())
}

#[tokio::test]
async fn a_token_that_was_tampered_with_opens_nothing() -> anyhow::Result<()> {
    let world = World::new().await?;
    let (one, two) = (world.owner().await?, world.owner().await?);
    let token = one.token().unwrap_or_default().to_owned();
    let (header, claims) = parts(&token)?;
    let mut pieces = token.split('.').map(str::to_owned);
    let (Some(head), Some(body), Some(signature)) = (pieces.next(), pieces.next(), pieces.next())
    else {
        anyhow::bail!("{token}");
    };
    let (_, others) = parts(two.token().unwrap_or_default())?;
    let mut elsewhere = claims.clone();
    elsewhere["biz"] = others["biz"].clone();
    let elsewhere = to_base64(elsewhere.to_string().as_bytes());
    let mut unsigned = header.clone();
    unsigned["alg"] = json!("none");
    let unsigned = to_base64(unsigned.to_string().as_bytes());
    for forged in [
        format!("{head}.{elsewhere}.{signature}"),
        format!("{unsigned}.{body}."),
        format!("{unsigned}.{body}.{signature}"),
        format!("{head}.{body}"),
        format!(
            "{head}.{body}.{}",
            signature.chars().rev().collect::<String>()
        ),
        "nonsense".to_owned(),
        "bzk_nonsense".to_owned(),
    ] {
        let answer = world
            .anonymous()
            .with_token(forged.clone())
            .ask(WHO)
            .await?;
        assert_eq!(
            answer.code(),
            Some("UNAUTHENTICATED"),
            "{forged}: {}",
            answer.body
        );
        assert_eq!(answer.status, 401);
    }
    Ok(())
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_for_the_next_pair() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let mut token = owner.refresh_token.clone();
    let mut seen = vec![token.clone()];
    for _ in 0..3 {
        let answer = refresh(&world, &token).await?.must()?;
        let next = Actor::of(&world.anonymous(), answer.payload(), &owner.email)?;
        assert_eq!((next.biz_id, next.user_id), (owner.biz_id, owner.user_id));
        next.read(WHO).await?;
        assert!(!seen.contains(&next.refresh_token));
        token = next.refresh_token.clone();
        seen.push(token.clone());
    }
    // The access token of before is of the same session, and lives on until it ends.
    owner.read(WHO).await?;
    refresh(&world, "nonsense")
        .await?
        .must_refuse("INVALID_TOKEN")?;
    Ok(())
}

#[tokio::test]
async fn a_refresh_token_that_comes_again_ends_the_session() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let answer = refresh(&world, &owner.refresh_token).await?.must()?;
    let thief = Actor::of(&world.anonymous(), answer.payload(), &owner.email)?;
    thief.read(WHO).await?;
    let answer = refresh(&world, &owner.refresh_token).await?;
    assert_eq!(answer.user_code(), Some("TOKEN_REUSED"), "{}", answer.body);
    // Nothing of that session opens any more: not the token that was exchanged, not the next one.
    refresh(&world, &thief.refresh_token)
        .await?
        .must_refuse("SESSION_ENDED")?;
    refresh(&world, &owner.refresh_token)
        .await?
        .must_refuse("SESSION_ENDED")?;
    for actor in [&owner, &thief] {
        actor.ask(WHO).await?.must_fail("UNAUTHENTICATED")?;
    }
    let sql = world.database.owner().await?;
    let reason: String = sql
        .query_one("select revoke_reason::text from identity.sessions where user_id = $1 and revoked_at is not null", &[&owner.user_id])
        .await?
        .try_get(0)?;
    assert_eq!(reason, "token_reused");
    // Another session of the same person lives on.
    world
        .sign_in(&owner.email, tests::actor::PASSWORD)
        .await?
        .must()?;
    Ok(())
}

#[tokio::test]
async fn of_two_exchanges_at_once_one_succeeds() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let answers = join_all((0..6).map(|_| refresh(&world, &owner.refresh_token))).await;
    let answers = answers.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    let won = answers
        .iter()
        .filter(|answer| answer.payload()["accessToken"].is_string())
        .count();
    assert_eq!(
        won,
        1,
        "{:?}",
        answers
            .iter()
            .map(|answer| &answer.body)
            .collect::<Vec<_>>()
    );
    Ok(())
}

#[tokio::test]
async fn a_refresh_token_ends_after_thirty_days() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let sql = world.database.owner().await?;
    let aged = "update identity.sessions set created_at = created_at - interval '31 days', expires_at = expires_at - interval '31 days' where user_id = $1";
    assert_eq!(sql.execute(aged, &[&owner.user_id]).await?, 1);
    refresh(&world, &owner.refresh_token)
        .await?
        .must_refuse("SESSION_ENDED")?;
    Ok(())
}

/// Tokens are told once, and kept only as digests.
#[tokio::test]
async fn no_token_stands_in_the_database() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let sql = world.database.owner().await?;
    let text: String = sql
        .query_one("select coalesce(string_agg(to_jsonb(s)::text, ''), '') || coalesce((select string_agg(to_jsonb(a)::text, '') from audit.audit_events a), '') || coalesce((select string_agg(to_jsonb(e)::text, '') from core.outbox_events e), '') from identity.sessions s", &[])
        .await?
        .try_get(0)?;
    assert!(!text.contains(&owner.refresh_token));
    assert!(!text.contains(owner.token().unwrap_or_default()));
    let expiry = world
        .sign_in(&owner.email, tests::actor::PASSWORD)
        .await?
        .must()?;
    let expires: chrono::DateTime<Utc> =
        serde_json::from_value(expiry.payload()["expiresAt"].clone())?;
    let ahead = expires - bizing::database::Clock::now(&world.clock);
    assert!((14..=15).contains(&ahead.num_minutes()), "{ahead}");
    Ok(())
}
