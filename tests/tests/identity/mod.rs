//! Signing in and out, members and what they may do, where.

mod api_keys;
mod biz_switch;
mod members;
mod narrowing;
mod permissions;
mod sessions;
mod sign_in;
mod sign_up;
mod tokens;
