//! Times with a rank: of all that lie over an instant, the highest decides.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::span::Span;

/// What made a time open or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// A rule.
    Rule(Uuid),
    /// An overlay: its days, on which none of its rules says anything.
    Overlay(Uuid),
    /// A holiday.
    Holiday(Uuid),
    /// A calendar, none of whose rules says anything.
    Default(Uuid),
    /// A shift of the day, outside of which its person is not there.
    Roster(Uuid),
}

/// Which part of a calendar speaks: the later ones decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// What holds where no rule says anything.
    Default,
    /// The days of an overlay that replaces, where none of its rules says anything.
    Silence(i32),
    /// The calendar's own rules.
    Rules,
    /// The rules of an overlay of this priority.
    Overlay(i32),
    /// Holidays.
    Holidays,
    /// What is closed whatever others say.
    Blackouts,
    /// A day on which a person works by the roster, and then its shifts.
    Roster,
}

/// How much something has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// The priority of the calendar.
    pub binding: i32,
    /// The part of it.
    pub layer: Layer,
    /// The priority of the rule.
    pub rule: i32,
    /// Of one priority, closed before open.
    pub closes: bool,
}

/// A time that is open, or closed, as far as somebody is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint {
    /// The time.
    pub span: Span,
    /// How much it has to say.
    pub rank: Rank,
    /// Whether it opens.
    pub is_open: bool,
    /// Who says so.
    pub cause: Cause,
}

/// A time in which one decides; nobody, where there is no cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The time.
    pub span: Span,
    /// Whether it is open.
    pub is_open: bool,
    /// Who says so.
    pub cause: Option<Cause>,
}

/// Who decides when, all through a time.
pub fn segments(paints: &[Paint], range: Span) -> Vec<Segment> {
    let mut edges = Vec::with_capacity(paints.len() * 2);
    for (index, paint) in paints.iter().enumerate() {
        let span = paint.span.within(&range);
        if !span.is_empty() {
            edges.push((span.start, true, index));
            edges.push((span.end, false, index));
        }
    }
    edges.sort_unstable();
    let mut segments: Vec<Segment> = Vec::new();
    let mut over = BTreeSet::new();
    let mut since = range.start;
    for (at, begins, index) in edges {
        if at > since {
            add(&mut segments, decided(paints, &over, Span::new(since, at)));
            since = at;
        }
        let Some(paint) = paints.get(index) else {
            continue;
        };
        if begins {
            over.insert((paint.rank, index));
        } else {
            over.remove(&(paint.rank, index));
        }
    }
    if range.end > since {
        let rest = Span::new(since, range.end);
        add(&mut segments, decided(paints, &over, rest));
    }
    segments
}

fn decided(paints: &[Paint], over: &BTreeSet<(Rank, usize)>, span: Span) -> Segment {
    let highest = over.last().and_then(|(_, index)| paints.get(*index));
    Segment {
        span,
        is_open: highest.is_none_or(|paint| paint.is_open),
        cause: highest.map(|paint| paint.cause),
    }
}

fn add(segments: &mut Vec<Segment>, next: Segment) {
    match segments.last_mut() {
        Some(last) if (last.is_open, last.cause) == (next.is_open, next.cause) => {
            last.span.end = next.span.end;
        }
        _ => segments.push(next),
    }
}

/// What would have to go for all of a time to be open: every rule and holiday that closes some of
/// it, also those under others. A default that closes does not go but is overruled, by a rule that
/// opens.
pub fn in_the_way(paints: &[Paint], wanted: Span) -> Vec<Cause> {
    let mut paints: Vec<Paint> = paints
        .iter()
        .filter(|paint| paint.span.overlaps(&wanted))
        .copied()
        .collect();
    let mut found = Vec::new();
    loop {
        let closed: Vec<Cause> = segments(&paints, wanted)
            .iter()
            .filter(|segment| !segment.is_open)
            .filter_map(|segment| segment.cause)
            .collect();
        if closed.is_empty() {
            return found;
        }
        for cause in closed {
            if found.contains(&cause) {
                continue;
            }
            found.push(cause);
            match cause {
                Cause::Rule(_) | Cause::Holiday(_) => paints.retain(|paint| paint.cause != cause),
                Cause::Overlay(_) | Cause::Default(_) | Cause::Roster(_) => paints
                    .iter_mut()
                    .filter(|paint| paint.cause == cause)
                    .for_each(|paint| paint.is_open = true),
            }
        }
    }
}
