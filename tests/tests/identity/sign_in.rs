//! `signIn`.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::World;
use tests::actor::{Actor, PASSWORD, SESSION};

#[tokio::test]
async fn the_right_password_opens_and_a_wrong_one_does_not_say_what_was_wrong() -> anyhow::Result<()>
{
    let world = World::new().await?;
    let owner = world.owner_of("riverside").await?;
    let answer = world.sign_in(&owner.email, PASSWORD).await?.must()?;
    let again = Actor::of(&world.anonymous(), answer.payload(), &owner.email)?;
    assert_eq!((again.biz_id, again.user_id), (owner.biz_id, owner.user_id));
    world
        .sign_in(" OWNER@Riverside.example ", PASSWORD)
        .await?
        .must()?;
    let wrong = world.sign_in(&owner.email, "wrong password").await?;
    let nobody = world.sign_in("nobody@riverside.example", PASSWORD).await?;
    for answer in [&wrong, &nobody] {
        assert_eq!(
            answer.user_code(),
            Some("INVALID_CREDENTIALS"),
            "{}",
            answer.body
        );
        assert_eq!(answer.payload()["accessToken"], Value::Null);
    }
    assert_eq!(wrong.body["data"], nobody.body["data"]);
    Ok(())
}

#[tokio::test]
async fn who_works_in_several_businesses_says_in_which() -> anyhow::Result<()> {
    let world = World::new().await?;
    let (one, two) = (world.owner_of("one").await?, world.owner_of("two").await?);
    let token = world.invite(&two, &one.email, "front_desk", &[]).await?;
    let input = json!({"token": token, "password": PASSWORD});
    world
        .anonymous()
        .act("invitationAccept", input, SESSION)
        .await?;
    let answer = world
        .sign_in(&one.email, PASSWORD)
        .await?
        .must_refuse("BIZ_REQUIRED")?;
    assert!(
        answer.user_message().contains("one") && answer.user_message().contains("two"),
        "{}",
        answer.user_message()
    );
    for (slug, biz) in [("one", one.biz_id), ("two", two.biz_id)] {
        let input = json!({"email": one.email, "password": PASSWORD, "bizSlug": slug});
        let payload = world.anonymous().act("signIn", input, SESSION).await?;
        assert_eq!(
            Actor::of(&world.anonymous(), &payload, &one.email)?.biz_id,
            biz
        );
    }
    for slug in ["three", ""] {
        let input = json!({"email": one.email, "password": PASSWORD, "bizSlug": slug});
        world
            .anonymous()
            .verb("signIn", input, SESSION)
            .await?
            .must_refuse("NOT_A_MEMBER")?;
    }
    Ok(())
}

#[tokio::test]
async fn after_many_wrong_attempts_the_next_must_wait() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner_of("riverside").await?;
    let attempts = (0..30).map(|_| world.sign_in(&owner.email, "wrong password"));
    let answers = join_all(attempts).await;
    let answers = answers.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    let wrong = answers
        .iter()
        .filter(|answer| answer.user_code() == Some("INVALID_CREDENTIALS"));
    let limited: Vec<_> = answers
        .iter()
        .filter(|answer| answer.code() == Some("RATE_LIMITED"))
        .collect();
    assert!(
        wrong.count() >= 10 && limited.len() >= 10,
        "{} had to wait",
        limited.len()
    );
    assert!(limited[0].errors()[0]["extensions"]["retryAfterSeconds"].is_number());
    // The right password must wait as well, or guessing would go on.
    world
        .sign_in(&owner.email, PASSWORD)
        .await?
        .must_fail("RATE_LIMITED")?;
    // Others are not kept out.
    world.owner_of("other").await?;
    world
        .sign_in("owner@other.example", PASSWORD)
        .await?
        .must()?;
    Ok(())
}

#[tokio::test]
async fn a_locked_account_and_a_closed_tenant_open_nothing() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner_of("riverside").await?;
    let sql = world.database.platform(owner.biz_id).await?;
    sql.execute(
        "update identity.users set status = 'locked' where id = $1",
        &[&owner.user_id],
    )
    .await?;
    world
        .sign_in(&owner.email, PASSWORD)
        .await?
        .must_refuse("ACCOUNT_LOCKED")?;
    world
        .sign_in(&owner.email, "wrong password")
        .await?
        .must_refuse("INVALID_CREDENTIALS")?;
    sql.execute(
        "update identity.users set status = 'active' where id = $1",
        &[&owner.user_id],
    )
    .await?;
    sql.batch_execute(&format!(
        "set app.reason = 'leaving'; update core.bizes set status = 'closing' where id = '{0}'; update core.bizes set status = 'closed' where id = '{0}'",
        owner.biz_id
    ))
    .await?;
    world
        .sign_in(&owner.email, PASSWORD)
        .await?
        .must_refuse("NOT_A_MEMBER")?;
    Ok(())
}
