//! What stands in the way of a time.

use async_graphql::Enum;
use serde::Serialize;
use uuid::Uuid;

use super::super::calendar::paint::Cause;
use super::super::calendar::span::Span;

/// The sort of a blocker.
#[derive(Enum, Serialize, Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[graphql(name = "AvailabilityBlockerKind")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A rule of a calendar closes.
    Rule,
    /// An overlay closes its days.
    Overlay,
    /// A calendar is closed by default, and no rule opens it.
    Calendar,
    /// A holiday.
    Holiday,
    /// Its person is not on the roster then.
    Roster,
    /// A booking, or something else, has it.
    Allocation,
    /// A hold keeps it for a while.
    Hold,
    /// It was blocked.
    Block,
    /// An outside calendar says that it is busy.
    ExternalBusy,
    /// It is being serviced.
    Maintenance,
    /// The service itself is free, but not the time around it.
    Buffer,
    /// It is too late to book this.
    Notice,
    /// It is too early to book this.
    Advance,
    /// Not enough units are left.
    Capacity,
    /// The slot is closed or not sold.
    SlotStatus,
    /// There is no slot at that time.
    NoSlot,
    /// A capability has lapsed, or has not begun.
    Capability,
    /// It is not in the group then.
    Membership,
    /// It is not in use.
    OutOfUse,
    /// Customers cannot choose it themselves.
    NotOnline,
    /// Nothing at all will do for a component.
    NoCandidate,
}

/// Why a time is refused, as far as whoever books tells it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is too late to book it.
    TooLate,
    /// It is too early to book it.
    TooEarly,
    /// Too little is left.
    SoldOut,
    /// It is closed then.
    Closed,
    /// Nobody and nothing can give it then.
    NotBookable,
    /// Somebody else has it.
    Taken,
}

impl Reason {
    /// The same as a sentence.
    pub fn message(self) -> &'static str {
        match self {
            Self::TooLate => "It is too late to book this time.",
            Self::TooEarly => "It is too early to book this time.",
            Self::SoldOut => "Too little is left at that time.",
            Self::Closed => "It is closed at that time.",
            Self::NotBookable => "Nobody and nothing can give this then.",
            Self::Taken => "It is taken at that time.",
        }
    }
}

impl Kind {
    /// Why a time is refused in whose way this stands.
    pub fn reason(self) -> Reason {
        match self {
            Self::Notice => Reason::TooLate,
            Self::Advance => Reason::TooEarly,
            Self::Capacity => Reason::SoldOut,
            Self::Rule
            | Self::Overlay
            | Self::Calendar
            | Self::Roster
            | Self::Holiday
            | Self::SlotStatus
            | Self::Block => Reason::Closed,
            Self::NoSlot
            | Self::Capability
            | Self::Membership
            | Self::OutOfUse
            | Self::NotOnline
            | Self::NoCandidate => Reason::NotBookable,
            Self::Allocation
            | Self::Hold
            | Self::ExternalBusy
            | Self::Maintenance
            | Self::Buffer => Reason::Taken,
        }
    }
}

/// What would undo a blocker.
#[derive(Enum, Serialize, Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[graphql(name = "AvailabilityRemedy")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Remedy {
    /// Archive the rule or holiday.
    Archive,
    /// Give the calendar or overlay a rule that opens it then.
    Open,
    /// Give the person a shift then.
    Reroster,
    /// Cancel or move what has it.
    Release,
    /// Lift the block.
    Lift,
    /// Free the time in the outside calendar.
    FreeOutside,
    /// Finish or move the work.
    FinishWork,
    /// Ask less notice, or allow more days ahead.
    ChangeService,
    /// Let the place take bookings for the same day for longer.
    ChangeLocation,
    /// Add so many units.
    AddUnits,
    /// Open the slot for sale.
    OpenSlot,
    /// Make a slot for that time.
    MakeSlot,
    /// Renew the capability or membership for that day.
    Renew,
    /// Put the resource into use.
    PutIntoUse,
    /// Let customers choose it.
    AllowOnline,
    /// Give the component somebody or something that will do.
    AddCandidate,
}

/// A row that something is due to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Thing {
    /// A rule.
    Rule(Uuid),
    /// An overlay.
    Overlay(Uuid),
    /// A calendar.
    Calendar(Uuid),
    /// A holiday.
    Holiday(Uuid),
    /// A shift of a person.
    Shift(Uuid),
    /// An allocation.
    Allocation(Uuid),
    /// A block.
    Block(Uuid),
    /// A busy time of an outside calendar.
    ExternalBusy(Uuid),
    /// A work order.
    WorkOrder(Uuid),
    /// A service.
    Service(Uuid),
    /// A resource.
    Resource(Uuid),
    /// A capability of a resource.
    Capability(Uuid),
    /// A membership of a group.
    Membership(Uuid),
    /// A pool.
    Pool(Uuid),
    /// A slot.
    Slot(Uuid),
    /// A component of an offer.
    Component(Uuid),
    /// An offer.
    Offer(Uuid),
    /// A location.
    Location(Uuid),
}

/// One thing that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocker {
    /// Its sort.
    pub kind: Kind,
    /// What it is due to.
    pub thing: Thing,
    /// When it stands in the way.
    pub span: Span,
    /// What would undo it.
    pub remedy: Remedy,
    /// How many units are missing, where that is it.
    pub short_by: i32,
    /// The resource, pool or slot that it keeps from doing; none where nothing would do.
    pub of: Option<Thing>,
    /// The resource that contains that one, where it is due to what contains it.
    pub within: Option<Uuid>,
}

impl Blocker {
    pub(super) fn new(kind: Kind, thing: Thing, span: Span, remedy: Remedy) -> Self {
        Self {
            kind,
            thing,
            span,
            remedy,
            short_by: 0,
            of: None,
            within: None,
        }
    }

    /// What calendars have against a time.
    pub(super) fn closed(cause: Cause, span: Span) -> Self {
        match cause {
            Cause::Rule(id) => Self::new(Kind::Rule, Thing::Rule(id), span, Remedy::Archive),
            Cause::Holiday(id) => {
                Self::new(Kind::Holiday, Thing::Holiday(id), span, Remedy::Archive)
            }
            Cause::Overlay(id) => Self::new(Kind::Overlay, Thing::Overlay(id), span, Remedy::Open),
            Cause::Roster(id) => Self::new(Kind::Roster, Thing::Shift(id), span, Remedy::Reroster),
            Cause::Default(id) => {
                Self::new(Kind::Calendar, Thing::Calendar(id), span, Remedy::Open)
            }
        }
    }

    /// The same, of a resource, pool or slot.
    pub(super) fn of(self, thing: Thing) -> Self {
        Self {
            of: Some(thing),
            ..self
        }
    }

    /// The change that would undo it: two blockers of one change need it once.
    pub fn change(&self) -> (Remedy, Thing) {
        (self.remedy, self.thing)
    }
}
