//! Times from an instant to another, that other not included.

use chrono::{DateTime, TimeDelta, Utc};

/// A time from an instant to another, that other not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Its first instant.
    pub start: DateTime<Utc>,
    /// The first instant after it.
    pub end: DateTime<Utc>,
}

impl Span {
    /// From an instant to another.
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Self {
        Self { start, end }
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.end <= self.start
    }

    /// How long it is.
    pub fn length(&self) -> TimeDelta {
        self.end - self.start
    }

    /// What it has in common with another; empty where that is nothing.
    #[must_use]
    pub fn within(&self, other: &Self) -> Self {
        Self::new(self.start.max(other.start), self.end.min(other.end))
    }

    /// Whether both have an instant in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether all of another lies in it.
    pub fn contains(&self, other: &Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The same with so much more before and after.
    #[must_use]
    pub fn widened(&self, before: TimeDelta, after: TimeDelta) -> Self {
        let start = self.start.checked_sub_signed(before);
        let end = self.end.checked_add_signed(after);
        Self::new(start.unwrap_or(self.start), end.unwrap_or(self.end))
    }
}

/// Puts together what overlaps or touches; the answer is in order.
pub fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| !span.is_empty());
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

/// What two ordered lists have in common.
pub fn common(one: &[Span], other: &[Span]) -> Vec<Span> {
    let (mut common, mut left, mut right) = (Vec::new(), 0, 0);
    while let (Some(a), Some(b)) = (one.get(left), other.get(right)) {
        let both = a.within(b);
        if !both.is_empty() {
            common.push(both);
        }
        if a.end <= b.end {
            left += 1;
        } else {
            right += 1;
        }
    }
    common
}

/// The one of an ordered list, none of which overlap, in which all of `wanted` lies.
pub fn around<'a>(spans: &'a [Span], wanted: &Span) -> Option<&'a Span> {
    let after = spans.partition_point(|span| span.start <= wanted.start);
    let candidate = after.checked_sub(1).and_then(|index| spans.get(index));
    candidate.filter(|span| span.contains(wanted))
}
