//! The subscription root: one field a board.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use async_graphql::registry::{MetaType, Registry};
use async_graphql::{Context, Response, SubscriptionType};
use futures_util::Stream;

use super::board::{BoardDeclaration, Viewer, subscribe};
use super::schema::{audience, build};
use super::session::Session;

/// The boards of a program. The graph knows no domain; the domain tells it through this.
pub trait Boards: Send + Sync + 'static {
    /// All boards, in the order in which the schema lists them.
    fn all() -> &'static [BoardDeclaration];
}

/// The subscription root.
pub struct Subscription<B>(PhantomData<fn() -> B>);

impl<B> Default for Subscription<B> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<B: Boards> SubscriptionType for Subscription<B> {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("Subscription")
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let fields = B::all()
            .iter()
            .filter(|board| board.permission.is_none_or(audience::holds))
            .map(|board| board.register(registry))
            .collect();
        let description = "What can be watched, over a WebSocket or an event stream. Each field sends \
            all that it shows, and then what changes.";
        build::object(registry, "Subscription", description, fields);
        if let Some(MetaType::Object {
            is_subscription, ..
        }) = registry.types.get_mut("Subscription")
        {
            *is_subscription = true;
        }
        "Subscription!".to_owned()
    }

    fn create_field_stream<'a>(
        &'a self,
        ctx: &'a Context<'_>,
    ) -> Option<Pin<Box<dyn Stream<Item = Response> + Send + 'a>>> {
        let name = ctx.item.node.name.node.as_str();
        let board = B::all().iter().find(|board| board.name == name)?;
        let session = Arc::clone(ctx.data::<Arc<Session>>().ok()?);
        let viewer = Viewer {
            session,
            env: ctx.query_env.clone(),
            key: ctx.item.node.response_key().node.to_string(),
        };
        Some(subscribe(board, viewer))
    }
}
