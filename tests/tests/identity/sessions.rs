//! `signOut`, `sessionRevoke`, and the list of one's sessions.

use serde_json::{Value, json};
use tests::actor::{Actor, PASSWORD, SESSION};
use tests::{Client, World};

const WHO: &str = "{ viewer { biz { slug } } }";

async fn again(world: &World, owner: &Actor) -> anyhow::Result<Actor> {
    let answer = world.sign_in(&owner.email, PASSWORD).await?.must()?;
    Actor::of(&world.anonymous(), answer.payload(), &owner.email)
}

async fn is_out(client: &Client) -> anyhow::Result<bool> {
    Ok(client.ask(WHO).await?.code() == Some("UNAUTHENTICATED"))
}

#[tokio::test]
async fn who_signs_out_is_out_at_once_and_only_there() -> anyhow::Result<()> {
    let world = World::new().await?;
    let one = world.owner().await?;
    let two = again(&world, &one).await?;
    one.read(WHO).await?;
    let ended = one
        .act("signOut", json!({}), "session { revokedAt revokeReason }")
        .await?;
    assert_eq!(ended["session"]["revokeReason"], "SIGNED_OUT");
    assert!(is_out(&one).await?);
    let answer = world
        .anonymous()
        .verb(
            "tokenRefresh",
            json!({"refreshToken": one.refresh_token}),
            SESSION,
        )
        .await?;
    answer.must_refuse("SESSION_ENDED")?;
    assert!(!is_out(&two).await?);
    Ok(())
}

#[tokio::test]
async fn who_signs_out_everywhere_is_out_everywhere() -> anyhow::Result<()> {
    let world = World::new().await?;
    let one = world.owner().await?;
    let (two, three) = (again(&world, &one).await?, again(&world, &one).await?);
    for actor in [&one, &two, &three] {
        actor.read(WHO).await?;
    }
    two.act("signOut", json!({"everywhere": true}), "session { id }")
        .await?;
    for actor in [&one, &two, &three] {
        assert!(is_out(actor).await?);
    }
    Ok(())
}

#[tokio::test]
async fn a_session_on_another_device_is_listed_and_can_be_ended() -> anyhow::Result<()> {
    let world = World::new().await?;
    let one = world.owner().await?;
    let lost = again(&world, &one).await?;
    let mine = "{ viewer { session { id } sessions { id userAgent lastSeenAt } } sessions { nodes { id } } }";
    let data = one.read(mine).await?;
    let all: Vec<&Value> = data["viewer"]["sessions"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|session| &session["id"])
        .collect();
    assert_eq!(all.len(), 2);
    let own = &data["viewer"]["session"]["id"];
    let other = all.iter().find(|id| **id != own);
    one.act(
        "sessionRevoke",
        json!({"sessionId": other}),
        "session { revokeReason }",
    )
    .await?;
    assert!(is_out(&lost).await?);
    assert!(!is_out(&one).await?);
    Ok(())
}

#[tokio::test]
async fn nobody_ends_or_sees_the_session_of_somebody_else() -> anyhow::Result<()> {
    let world = World::new().await?;
    let (one, two) = (world.owner().await?, world.owner().await?);
    let colleague = world.staff(&two, "admin", &[]).await?;
    let id = two.read("{ viewer { session { id } } }").await?["viewer"]["session"]["id"].clone();
    for actor in [&one, &colleague] {
        actor
            .verb("sessionRevoke", json!({"sessionId": id}), "session { id }")
            .await?
            .must_fail("NOT_FOUND")?;
        let data = actor
            .read(&format!(
                "{{ session(id: {id}) {{ id }} sessions {{ nodes {{ id }} }} }}"
            ))
            .await?;
        assert_eq!(data["session"], Value::Null);
        let listed = data["sessions"]["nodes"].as_array().into_iter().flatten();
        assert!(listed.into_iter().all(|session| session["id"] != id));
    }
    assert!(!is_out(&two).await?);
    Ok(())
}

#[tokio::test]
async fn who_is_not_signed_in_has_no_session_to_end() -> anyhow::Result<()> {
    let world = World::new().await?;
    world
        .anonymous()
        .verb("signOut", json!({}), "session { id }")
        .await?
        .must_fail("UNAUTHENTICATED")?;
    let data = world.anonymous().ask(WHO).await?;
    assert_eq!(data.data("/viewer"), &Value::Null);
    Ok(())
}
