//! The service desk for those who are not signed in: by a code they ask, by a token they follow.

pub mod cancel;
pub mod code;
pub mod comment;
pub mod create;
pub mod rate;
pub mod reopen;
pub mod view;

use foundation::graph::question::{Asking, question};
use foundation::graph::verb::{Declaration, declare};

/// The verbs.
pub fn declarations() -> Vec<Declaration> {
    vec![
        declare::<create::ServiceRequestCreateOnline>(),
        declare::<comment::ServiceRequestCommentOnline>(),
        declare::<reopen::ServiceRequestReopenOnline>(),
        declare::<cancel::ServiceRequestCancelOnline>(),
        declare::<rate::ServiceRequestRateOnline>(),
    ]
}

/// The questions.
pub fn questions() -> Vec<Asking> {
    vec![
        question::<code::ServiceRequestCode>(),
        question::<view::ServiceRequestCategories>(),
        question::<view::ServiceRequestTracking>(),
    ]
}
