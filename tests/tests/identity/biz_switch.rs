//! `bizSwitch`.

use serde_json::json;
use tests::World;
use tests::actor::{Actor, PASSWORD, SESSION};

#[tokio::test]
async fn who_works_in_two_businesses_goes_from_one_to_the_other() -> anyhow::Result<()> {
    let world = World::new().await?;
    let (one, two) = (world.owner_of("one").await?, world.owner_of("two").await?);
    let token = world.invite(&two, &one.email, "front_desk", &[]).await?;
    let input = json!({"token": token, "password": PASSWORD});
    world
        .anonymous()
        .act("invitationAccept", input, SESSION)
        .await?;
    let payload = one
        .act("bizSwitch", json!({"bizSlug": "TWO "}), SESSION)
        .await?;
    let there = Actor::of(&world.anonymous(), &payload, &one.email)?;
    assert_eq!((there.biz_id, there.user_id), (two.biz_id, one.user_id));
    let data = there
        .read("{ viewer { biz { slug } permissions } locations { totalCount } }")
        .await?;
    assert_eq!(data["viewer"]["biz"]["slug"], "two");
    let permissions = data["viewer"]["permissions"].to_string();
    assert!(
        permissions.contains("booking.create") && !permissions.contains("identity.manage_roles"),
        "{permissions}"
    );
    // The refresh token of before was exchanged; the one in the answer goes on there.
    let answer = world
        .anonymous()
        .verb(
            "tokenRefresh",
            json!({"refreshToken": there.refresh_token}),
            SESSION,
        )
        .await?
        .must()?;
    assert_eq!(
        Actor::of(&world.anonymous(), answer.payload(), &one.email)?.biz_id,
        two.biz_id
    );
    Ok(())
}

#[tokio::test]
async fn nobody_switches_to_where_they_do_not_work() -> anyhow::Result<()> {
    let world = World::new().await?;
    let one = world.owner_of("one").await?;
    world.owner_of("two").await?;
    let known = one
        .verb("bizSwitch", json!({"bizSlug": "two"}), SESSION)
        .await?
        .must_refuse("NOT_A_MEMBER")?;
    let unknown = one
        .verb("bizSwitch", json!({"bizSlug": "six"}), SESSION)
        .await?
        .must_refuse("NOT_A_MEMBER")?;
    // Nobody learns from the answer which tenants there are.
    assert_eq!(
        known.user_message().replace("two", "six"),
        unknown.user_message()
    );
    one.read("{ viewer { biz { slug } } }").await?;
    Ok(())
}
