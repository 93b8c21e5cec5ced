//! `serviceRequestCreateOnline`.

use async_graphql::{Enum, InputObject};

use super::code::{Marked, origin, token};
use crate::operations::request::create::{Category, NewRequest, Refused, create};
use foundation::graph::verb::{Act, Fault, Outcome, Part, Permission, Verb};

/// Asks for something without signing in, by the code of a place, a room or a booking. The token
/// shows how it stands.
#[derive(InputObject)]
pub struct ServiceRequestCreateOnlineInput {
    /// The code of the place, the room or the booking.
    pub code: String,
    /// What kind of request it is: the code of one of `serviceRequestKinds`.
    pub kind: String,
    /// What is wanted, in a line.
    pub summary: String,
    /// What is wanted, at length.
    pub description: Option<String>,
    /// How it is sent; WEB if not given.
    pub channel: Option<GuestChannel>,
}

/// Why nothing was asked for.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServiceRequestCreateOnlineErrorCode")]
pub enum ServiceRequestCreateOnlineProblem {
    /// The code opens nothing.
    CodeInvalid,
    /// There is no such kind of request.
    UnknownKind,
    /// Such a request is made by the code of a room or thing.
    ResourceRequired,
}

use ServiceRequestCreateOnlineProblem as Problem;

/// The verb.
pub struct ServiceRequestCreateOnline;

impl Verb for ServiceRequestCreateOnline {
    type Input = ServiceRequestCreateOnlineInput;
    type Problem = Problem;

    const NAME: &'static str = "serviceRequestCreateOnline";
    const PERMISSION: Permission = Permission::Anyone;
    const EVENT: Option<&'static str> = Some("service_request.created");
    const PAYLOAD: &'static [Part] = &[
        Part::Value("number", "String", "The number of the request."),
        Part::Secret(
            "token",
            "String",
            "By what it is followed: `serviceRequestTracking`.",
        ),
    ];

    async fn run(act: &Act<'_>, input: Self::Input) -> Result<Outcome, Fault<Problem>> {
        let identity = &act.session.shared.identity;
        let address = act.session.client.ip.as_deref();
        // Counts, whatever becomes of it: nobody floods the desk from one place.
        let _attempt = identity
            .attempts
            .admit(Some("service request"), address)
            .await?;
        let sealer = &act.session.shared.sealer;
        let from = origin(act.scope, sealer, &input.code).await?;
        let from =
            from.ok_or_else(|| Fault::at(Problem::CodeInvalid, "code", "The code opens nothing."))?;
        act.scope.enter(from.biz_id, None).await?;
        let wanted = NewRequest {
            category: Category::Public(input.kind),
            location_id: from.location_id,
            summary: input.summary,
            description: input.description,
            resource_id: from.resource_id,
            customer_id: None,
            booking_order_id: from.booking_order_id,
            stay_id: None,
            priority: None,
            channel: match input.channel.unwrap_or(GuestChannel::Web) {
                GuestChannel::Web => "web",
                GuestChannel::App => "app",
                GuestChannel::InRoom => "in_room",
            },
        };
        let database = &act.session.shared.database;
        let made = create(database, act.scope, wanted)
            .await
            .map_err(|refused| match refused {
                Refused::UnknownCategory => Fault::at(
                    Problem::UnknownKind,
                    "kind",
                    "There is no such kind of request.",
                ),
                Refused::ResourceRequired => {
                    let text = "Such a request is made by the code of a room or thing.";
                    Fault::at(Problem::ResourceRequired, "code", text)
                }
                Refused::Database(error) => error.into(),
            })?;
        let of = Marked {
            biz_id: from.biz_id,
            id: made.id,
        };
        let mut outcome = made
            .outcome(Outcome::default())
            .and_value("number", made.number.as_str())
            .and_value("token", token(sealer, of));
        outcome.subject = Some(("ServiceRequest", made.id));
        Ok(outcome)
    }
}

/// How a guest sends a request.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(name = "ServiceRequestOnlineChannel")]
pub enum GuestChannel {
    /// On the website.
    Web,
    /// In the app.
    App,
    /// By a device in the room.
    InRoom,
}
