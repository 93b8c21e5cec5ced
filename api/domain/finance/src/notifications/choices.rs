//! The domains of the database from whose values inputs choose.

use entities::comms::domains;

foundation::choices! {
    /// By which way a message goes.
    MessageChannel = domains::MESSAGE_CHANNEL;
}
