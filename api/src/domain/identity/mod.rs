//! Identity: signing up and in, sessions, members and their roles, API keys. What these verbs stand
//! on (digests, tokens, principals) is `crate::identity`.

pub mod api_key_create;
pub mod api_key_revoke;
pub mod biz_switch;
pub mod graph;
pub mod invitation_accept;
pub mod invitation_revoke;
pub mod member_invite;
pub mod member_reactivate;
pub mod member_remove;
pub mod member_roles_set;
pub mod member_suspend;
pub mod provision;
pub mod role_create;
pub mod role_limit_set;
pub mod role_permissions_set;
pub mod session_revoke;
pub mod sessions;
pub mod sign_in;
pub mod sign_out;
pub mod sign_up;
pub mod store;
pub mod token_refresh;

use crate::graph::verb::{Declaration, declare};

/// To invite, suspend and remove members, and to give them roles.
const MANAGE_MEMBERS: &str = "identity.manage_members";
/// To make roles and decide what they permit.
const MANAGE_ROLES: &str = "identity.manage_roles";
/// To make and revoke API keys.
const MANAGE_API_KEYS: &str = "identity.manage_api_keys";

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<sign_up::SignUp>(),
        declare::<sign_in::SignIn>(),
        declare::<token_refresh::TokenRefresh>(),
        declare::<biz_switch::BizSwitch>(),
        declare::<sign_out::SignOut>(),
        declare::<session_revoke::SessionRevoke>(),
        declare::<member_invite::MemberInvite>(),
        declare::<invitation_accept::InvitationAccept>(),
        declare::<invitation_revoke::InvitationRevoke>(),
        declare::<member_roles_set::MemberRolesSet>(),
        declare::<member_suspend::MemberSuspend>(),
        declare::<member_reactivate::MemberReactivate>(),
        declare::<member_remove::MemberRemove>(),
        declare::<role_create::RoleCreate>(),
        declare::<role_permissions_set::RolePermissionsSet>(),
        declare::<role_limit_set::RolePermissionLimitSet>(),
        declare::<api_key_create::ApiKeyCreate>(),
        declare::<api_key_revoke::ApiKeyRevoke>(),
    ]
}
