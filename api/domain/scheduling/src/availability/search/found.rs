//! What was found to stand in the way, as far as it is wanted to be known.

use super::super::calendar::hours::Hours;
use super::super::calendar::span::Span;
use super::blocker::{Blocker, Kind, Remedy};
use super::world::Busy;

/// How much is wanted to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Whether anything stands in the way.
    First,
    /// All that does.
    All,
}

/// What was found so far; complete as soon as as much is known as is wanted.
pub(super) struct Found {
    depth: Depth,
    pub(super) blockers: Vec<Blocker>,
}

impl Found {
    pub(super) fn new(depth: Depth) -> Self {
        Self {
            depth,
            blockers: Vec::new(),
        }
    }

    pub(super) fn is_enough(&self) -> bool {
        self.depth == Depth::First && !self.blockers.is_empty()
    }

    pub(super) fn add(&mut self, blocker: Blocker) {
        self.blockers.push(blocker);
    }

    /// What calendars have against a time. That of the service decides whether only a buffer is
    /// outside.
    pub(super) fn hours(&mut self, hours: &Hours, wanted: &Span, service: &Span) {
        if self.is_enough() || hours.is_open(wanted) {
            return;
        }
        if self.depth == Depth::First {
            let closed = hours.closed(wanted).into_iter().next();
            let cause = closed.and_then(|segment| Some((segment.cause?, segment.span)));
            self.blockers
                .extend(cause.map(|(cause, span)| Blocker::closed(cause, span)));
            return;
        }
        let segments = hours.closed(wanted);
        for cause in hours.in_the_way(*wanted) {
            let mut spans = segments
                .iter()
                .filter(|segment| segment.cause == Some(cause));
            let span = spans.next().map_or(*wanted, |segment| segment.span);
            let blocker = Blocker::closed(cause, span);
            let touches = hours.in_the_way(*service).contains(&cause);
            self.add(if touches {
                blocker
            } else {
                Blocker {
                    kind: Kind::Buffer,
                    ..blocker
                }
            });
        }
    }

    /// What has something at a time.
    pub(super) fn busy<'b>(&mut self, busy: impl Iterator<Item = &'b Busy>, service: &Span) {
        for busy in busy {
            if self.is_enough() {
                return;
            }
            let blocker = busy.blocker();
            let is_buffer = blocker.remedy == Remedy::Release && !busy.span.overlaps(service);
            self.add(if is_buffer {
                Blocker {
                    kind: Kind::Buffer,
                    ..blocker
                }
            } else {
                blocker
            });
        }
    }
}
