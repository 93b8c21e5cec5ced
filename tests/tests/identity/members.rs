//! Who works in a tenant: invited, suspended, removed; and nobody gives more than they have.

use serde_json::{Value, json};
use tests::actor::{Actor, PASSWORD, SESSION, role_id};
use tests::{Answer, World};

const WHO: &str = "{ viewer { permissions member { id } } }";

async fn member_of(actor: &Actor) -> anyhow::Result<Value> {
    Ok(actor.read(WHO).await?["viewer"]["member"]["id"].clone())
}

async fn accept(world: &World, token: &str, changes: Value) -> anyhow::Result<Answer> {
    let mut input = json!({"token": token, "password": PASSWORD, "fullName": "Nina New"});
    if let (Some(input), Value::Object(changes)) = (input.as_object_mut(), changes) {
        input.extend(changes);
    }
    world
        .anonymous()
        .verb("invitationAccept", input, SESSION)
        .await
}

#[tokio::test]
async fn an_invitation_makes_a_member_once() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let token = world
        .invite(&owner, "nina@example.com", "front_desk", &[])
        .await?;
    let answer = accept(&world, &token, json!({})).await?.must()?;
    let nina = Actor::of(&world.anonymous(), answer.payload(), "nina@example.com")?;
    assert_eq!(nina.biz_id, owner.biz_id);
    let data = nina
        .read("{ viewer { user { fullName } member { status } permissions locations { id } } }")
        .await?;
    assert_eq!(data["viewer"]["user"]["fullName"], "Nina New");
    assert_eq!(data["viewer"]["member"]["status"], "ACTIVE");
    assert_eq!(data["viewer"]["locations"], Value::Null);
    accept(&world, &token, json!({}))
        .await?
        .must_refuse("INVALID_INVITATION")?;
    accept(&world, "nonsense", json!({}))
        .await?
        .must_refuse("INVALID_INVITATION")?;
    let input = json!({"email": "Nina@example.com ", "roleCode": "front_desk"});
    owner
        .verb("memberInvite", input, "invitation { id }")
        .await?
        .must_refuse("ALREADY_A_MEMBER")?;
    Ok(())
}

#[tokio::test]
async fn who_has_an_account_joins_with_its_password_alone() -> anyhow::Result<()> {
    let world = World::new().await?;
    let (one, two) = (world.owner().await?, world.owner().await?);
    let token = world.invite(&two, &one.email, "analyst", &[]).await?;
    accept(&world, &token, json!({"password": "another password"}))
        .await?
        .must_refuse("INVALID_CREDENTIALS")?;
    let answer = accept(&world, &token, json!({"fullName": null}))
        .await?
        .must()?;
    let there = Actor::of(&world.anonymous(), answer.payload(), &one.email)?;
    assert_eq!((there.user_id, there.biz_id), (one.user_id, two.biz_id));
    Ok(())
}

#[tokio::test]
async fn an_invitation_can_be_taken_back_and_expires() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let invite = json!({"email": "nina@example.com", "roleCode": "front_desk"});
    let invited = owner
        .act("memberInvite", invite.clone(), "invitation { id } token")
        .await?;
    owner
        .verb("memberInvite", invite.clone(), "invitation { id }")
        .await?
        .must_refuse("ALREADY_INVITED")?;
    let id = invited["invitation"]["id"].clone();
    owner
        .act(
            "invitationRevoke",
            json!({"invitationId": id}),
            "invitation { status }",
        )
        .await?;
    let token = invited["token"].as_str().unwrap_or_default();
    accept(&world, token, json!({}))
        .await?
        .must_refuse("INVALID_INVITATION")?;
    let invited = owner
        .act("memberInvite", invite.clone(), "invitation { id } token")
        .await?;
    let sql = world.database.platform(owner.biz_id).await?;
    sql.execute("update identity.invitations set created_at = now() - interval '9 days', expires_at = now() - interval '1 day' where status = 'pending'", &[]).await?;
    let token = invited["token"].as_str().unwrap_or_default();
    accept(&world, token, json!({}))
        .await?
        .must_refuse("INVALID_INVITATION")?;
    // One that has expired does not stand in the way of the next.
    owner
        .act("memberInvite", invite, "invitation { id }")
        .await?;
    Ok(())
}

#[tokio::test]
async fn what_a_member_loses_is_lost_at_once() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let desk = world.staff(&owner, "front_desk", &[]).await?;
    let id = member_of(&desk).await?;
    desk.read("{ bookingOrders { totalCount } }").await?;
    let input = json!({"memberId": id, "roles": [{"roleCode": "housekeeper"}]});
    owner.act("memberRolesSet", input, "member { id }").await?;
    desk.ask("{ customers { totalCount } }")
        .await?
        .must_fail("FORBIDDEN")?;
    owner
        .verb(
            "memberSuspend",
            json!({"memberId": id, "reason": " "}),
            "member { status }",
        )
        .await?
        .must_refuse("REASON_REQUIRED")?;
    owner
        .act(
            "memberSuspend",
            json!({"memberId": id, "reason": "on leave"}),
            "member { status }",
        )
        .await?;
    desk.ask(WHO).await?.must_fail("UNAUTHENTICATED")?;
    world
        .sign_in(&desk.email, PASSWORD)
        .await?
        .must_refuse("NOT_A_MEMBER")?;
    owner
        .act(
            "memberReactivate",
            json!({"memberId": id}),
            "member { status }",
        )
        .await?;
    desk.read(WHO).await?;
    let gone = owner
        .act(
            "memberRemove",
            json!({"memberId": id}),
            "member { status roles { totalCount } }",
        )
        .await?;
    assert_eq!(
        gone["member"],
        json!({"status": "REMOVED", "roles": {"totalCount": 0}})
    );
    desk.ask(WHO).await?.must_fail("UNAUTHENTICATED")?;
    // By a new invitation the same person comes back, with the new role alone.
    let token = world.invite(&owner, &desk.email, "analyst", &[]).await?;
    let answer = accept(&world, &token, json!({})).await?.must()?;
    let back = Actor::of(&world.anonymous(), answer.payload(), &desk.email)?;
    assert_eq!(member_of(&back).await?, id);
    back.verb(
        "customerCreate",
        json!({"fullName": "x"}),
        "customer { id }",
    )
    .await?
    .must_fail("FORBIDDEN")?;
    Ok(())
}

#[tokio::test]
async fn the_last_owner_stays() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let own = member_of(&owner).await?;
    for (verb, input) in [
        ("memberRemove", json!({"memberId": own})),
        ("memberSuspend", json!({"memberId": own, "reason": "tired"})),
        (
            "memberRolesSet",
            json!({"memberId": own, "roles": [{"roleCode": "front_desk"}]}),
        ),
    ] {
        let answer = owner.verb(verb, input, "member { id }").await?;
        assert_eq!(
            answer.user_code(),
            Some("LAST_OWNER"),
            "{verb}: {}",
            answer.body
        );
    }
    // Of two owners who leave at once one stays.
    let second = world.staff(&owner, "owner", &[]).await?;
    let other = member_of(&second).await?;
    let (one, two) = tokio::join!(
        owner.verb("memberRemove", json!({"memberId": other}), "member { id }"),
        second.verb("memberRemove", json!({"memberId": own}), "member { id }"),
    );
    let refused = [one?, two?]
        .iter()
        .filter(|answer| answer.payload()["member"].is_null())
        .count();
    assert_eq!(refused, 1);
    Ok(())
}

#[tokio::test]
async fn nobody_gives_or_takes_more_than_they_have() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let admin = world.staff(&owner, "admin", &[]).await?;
    let manager = world.staff(&owner, "manager", &[]).await?;
    let desk = world.staff(&owner, "front_desk", &[]).await?;
    let owners = role_id(&owner, "owner").await?;
    let admins = role_id(&owner, "admin").await?;
    let invite = |role: &str| json!({"email": "nina@example.com", "roleCode": role});
    let refused =
        async |actor: &Actor, verb: &str, input: Value, what: &str| -> anyhow::Result<()> {
            let answer = actor.verb(verb, input, what).await?;
            anyhow::ensure!(
                answer.user_code() == Some("BEYOND_OWN_PERMISSIONS"),
                "{verb}: {}",
                answer.body
            );
            Ok(())
        };
    refused(&admin, "memberInvite", invite("owner"), "invitation { id }").await?;
    refused(
        &manager,
        "memberInvite",
        invite("admin"),
        "invitation { id }",
    )
    .await?;
    let own = member_of(&manager).await?;
    refused(
        &manager,
        "memberRolesSet",
        json!({"memberId": own, "roles": [{"roleCode": "admin"}]}),
        "member { id }",
    )
    .await?;
    let boss = member_of(&owner).await?;
    refused(
        &admin,
        "memberRemove",
        json!({"memberId": boss}),
        "member { id }",
    )
    .await?;
    refused(
        &admin,
        "memberSuspend",
        json!({"memberId": boss, "reason": "x"}),
        "member { id }",
    )
    .await?;
    refused(
        &admin,
        "roleCreate",
        json!({"code": "super", "name": "Super", "permissions": ["identity.manage_owners"]}),
        "role { id }",
    )
    .await?;
    let input = json!({"roleId": admins, "permissions": ["identity.manage_owners"]});
    refused(&admin, "rolePermissionsSet", input, "role { id }").await?;
    desk.verb("memberInvite", invite("owner"), "invitation { id }")
        .await?
        .must_fail("FORBIDDEN")?;
    let input = json!({"roleId": owners, "permissions": []});
    owner
        .verb("rolePermissionsSet", input, "role { id }")
        .await?
        .must_refuse("OWNER_ROLE")?;
    Ok(())
}

#[tokio::test]
async fn a_role_of_ones_own_permits_what_it_says() -> anyhow::Result<()> {
    let world = World::new().await?;
    let owner = world.owner().await?;
    let input =
        json!({"code": "auditor", "name": "Auditor", "permissions": ["audit.read", "core.read"]});
    let role = owner
        .act("roleCreate", input.clone(), "role { id code }")
        .await?;
    owner
        .verb("roleCreate", input, "role { id }")
        .await?
        .must_refuse("CODE_TAKEN")?;
    let input = json!({"code": "odd", "name": "Odd", "permissions": ["flying.read"]});
    owner
        .verb("roleCreate", input, "role { id }")
        .await?
        .must_refuse("UNKNOWN_PERMISSION")?;
    let auditor = world.staff(&owner, "auditor", &[]).await?;
    auditor
        .read("{ auditEvents { totalCount } locations { totalCount } }")
        .await?;
    auditor
        .ask("{ customers { totalCount } }")
        .await?
        .must_fail("FORBIDDEN")?;
    let input = json!({"roleId": role["role"]["id"], "permissions": ["crm.read"]});
    owner
        .act("rolePermissionsSet", input, "role { id }")
        .await?;
    auditor.read("{ customers { totalCount } }").await?;
    auditor
        .ask("{ auditEvents { totalCount } }")
        .await?
        .must_fail("FORBIDDEN")?;
    Ok(())
}
