//! What the calendars that something follows come to, over a time.

use chrono::Days;
use uuid::Uuid;

use super::super::rules::local_day;
use super::layers::Painter;
pub use super::layers::Surge;
use super::paint::{Cause, Layer, Paint, Rank, Segment, in_the_way, segments};
use super::recurrence::Recurrences;
use super::span::{Span, around, merged};
use super::week::Binding;

/// When something is open, and who says so.
#[derive(Clone, Debug)]
pub struct Hours {
    paints: Vec<Paint>,
    /// All through the time, who decides.
    pub segments: Vec<Segment>,
    /// When it is open, in order.
    pub open: Vec<Span>,
    /// When there are more or fewer units, or another price.
    pub surges: Vec<Surge>,
}

/// What a roster says of a person: a day that it decides, and a shift of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rostered {
    /// The shift.
    pub shift_id: Uuid,
    /// The local day on which it begins.
    pub day: Span,
    /// When the person is there; not at all, where the shift was called off.
    pub shift: Option<Span>,
}

/// Expansions for all calendars over a time: days of whichever zone, and those on which something
/// may begin that reaches into it.
pub fn recurrences(range: &Span) -> Recurrences {
    let (first, last) = (range.start.date_naive(), range.end.date_naive());
    let margin = Days::new(2);
    Recurrences::between(
        first.checked_sub_days(margin).unwrap_or(first),
        last.checked_add_days(margin).unwrap_or(last),
    )
}

impl Hours {
    /// Of something that follows these calendars, over a time for which `recurrences` were made.
    pub fn of(bindings: &[Binding], range: Span, recurrences: &mut Recurrences) -> Self {
        let mut painter = Painter {
            range,
            recurrences,
            paints: Vec::new(),
            surges: Vec::new(),
        };
        for binding in bindings {
            painter.calendar(binding);
        }
        let (paints, surges) = (painter.paints, painter.surges);
        let segments = segments(&paints, range);
        let open = segments.iter().filter(|segment| segment.is_open);
        let open = merged(open.map(|segment| segment.span).collect());
        Self {
            paints,
            segments,
            open,
            surges,
        }
    }

    /// The same hours of somebody who works by a roster: it decides on its days, whatever calendars
    /// say, and its shifts are open also where they reach into the next day.
    #[must_use]
    pub fn rostered(mut self, said: &[Rostered], range: Span) -> Self {
        for one in said {
            let rank = |is_shift: bool| Rank {
                binding: i32::MAX,
                layer: Layer::Roster,
                rule: i32::from(is_shift),
                closes: !is_shift,
            };
            let times = [(Some(one.day), false), (one.shift, true)];
            let times = times
                .into_iter()
                .filter_map(|(span, is_shift)| Some((span?.within(&range), is_shift)));
            let paints = times.filter(|(span, _)| !span.is_empty());
            self.paints.extend(paints.map(|(span, is_shift)| Paint {
                span,
                rank: rank(is_shift),
                is_open: is_shift,
                cause: Cause::Roster(one.shift_id),
            }));
        }
        self.segments = segments(&self.paints, range);
        let open = self.segments.iter().filter(|segment| segment.is_open);
        self.open = merged(open.map(|segment| segment.span).collect());
        self
    }

    /// Whether all of a time is open.
    pub fn is_open(&self, wanted: &Span) -> bool {
        around(&self.open, wanted).is_some()
    }

    /// What of a time is closed, and who says so.
    pub fn closed(&self, wanted: &Span) -> Vec<Segment> {
        let first = self
            .segments
            .partition_point(|segment| segment.span.end <= wanted.start);
        self.segments
            .iter()
            .skip(first)
            .take_while(|segment| segment.span.start < wanted.end)
            .filter(|segment| !segment.is_open)
            .copied()
            .collect()
    }

    /// What would have to go for all of a time to be open, of what closes some of it.
    pub fn in_the_way(&self, wanted: Span) -> Vec<Cause> {
        in_the_way(&self.paints, wanted)
    }

    /// How many units more there are at all instants of a time, by its surges; fewer if negative.
    pub fn capacity_delta(&self, wanted: &Span) -> i32 {
        let over = |span: &Span| -> i32 {
            let surges = self.surges.iter().filter(|surge| surge.span.contains(span));
            surges.map(|surge| surge.capacity_delta).sum()
        };
        let mut edges = vec![wanted.start, wanted.end];
        for surge in &self.surges {
            let inside = [surge.span.start, surge.span.end];
            edges.extend(
                inside
                    .into_iter()
                    .filter(|at| wanted.start < *at && *at < wanted.end),
            );
        }
        edges.sort_unstable();
        edges.dedup();
        let parts = edges.windows(2).filter_map(|pair| match pair {
            [start, end] => Some(over(&Span::new(*start, *end))),
            _ => None,
        });
        parts.min().unwrap_or(0)
    }

    /// The same hours where a day's grid begins anew: a time that is open for longer than a day is
    /// parted at the midnights of the zone, so that what is stepped in it does not depend on where a
    /// search begins.
    pub fn parted(open: &[Span], zone: chrono_tz::Tz) -> Vec<Span> {
        const LONGEST_DAY: i64 = 26;
        let mut parts = Vec::with_capacity(open.len());
        for span in open {
            if span.length().num_hours() <= LONGEST_DAY {
                parts.push(*span);
                continue;
            }
            let mut from = span.start;
            for day in local_day(zone, span.start).iter_days().skip(1) {
                let midnight = super::super::rules::day_start(zone, day);
                if midnight >= span.end {
                    break;
                }
                if midnight > from {
                    parts.push(Span::new(from, midnight));
                    from = midnight;
                }
            }
            parts.push(Span::new(from, span.end));
        }
        parts
    }
}
