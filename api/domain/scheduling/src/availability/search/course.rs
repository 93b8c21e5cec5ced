//! When each component of a booking begins and ends, and what is blocked around it.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::calendar::span::Span;
use super::judge::{Judge, Times};
use super::offer::{Candidate, Component, minutes};

impl Judge<'_> {
    /// How long the booking takes by itself; what lasts as long as the booking follows it.
    pub(super) fn length(&self) -> TimeDelta {
        let asked = minutes(self.wanted.duration_minutes.unwrap_or(0));
        let (mut end, mut before, mut sequence) = (TimeDelta::zero(), TimeDelta::zero(), None);
        for component in &self.offer.components {
            if sequence != Some(component.sequence) {
                (sequence, before) = (Some(component.sequence), end);
            }
            if let (Some(duration), false) = (component.duration(None), component.is_optional) {
                end = end.max(before.max(minutes(component.offset_minutes)) + duration);
            }
        }
        end.max(asked)
    }

    /// When each component is, by the usual durations.
    pub(super) fn course(&self, at: DateTime<Utc>) -> Vec<(&Component, Times)> {
        let mut course: Vec<(&Component, Times)> = Vec::with_capacity(self.offer.components.len());
        for component in &self.offer.components {
            let before: Vec<Span> = course.iter().map(|(_, times)| times.service).collect();
            let start = self.begins(component, at, &before);
            course.push((component, self.times(component, None, start, at)));
        }
        course
    }

    /// When a component begins: not before its offset, nor before those of an earlier place in the
    /// course have ended. `before` are the times of the components before it, as far as they are
    /// placed; what lasts as long as the booking keeps nobody waiting.
    pub(super) fn begins(
        &self,
        component: &Component,
        at: DateTime<Utc>,
        before: &[Span],
    ) -> DateTime<Utc> {
        let earlier = self
            .offer
            .components
            .iter()
            .zip(before)
            .filter(|(other, _)| {
                other.sequence < component.sequence
                    && !other.is_optional
                    && other.duration(None).is_some()
            });
        let after = earlier.map(|(_, span)| span.end).max();
        let own = at + minutes(component.offset_minutes);
        after.map_or(own, |after| after.max(own))
    }

    pub(super) fn times(
        &self,
        component: &Component,
        candidate: Option<&Candidate>,
        start: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Times {
        let end = match component.duration(candidate) {
            Some(duration) => start + duration,
            None => (at + self.length()).max(start),
        };
        let service = Span::new(start, end);
        let (before, after) = component.buffers(candidate);
        Times {
            service,
            blocked: service.widened(before, after),
        }
    }

    /// When a candidate would be taken, with a duration and buffers of its own.
    pub(super) fn times_with(
        &self,
        component: &Component,
        candidate: &Candidate,
        start: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Times {
        self.times(component, Some(candidate), start, at)
    }

    /// The whole booking at a time, by the usual durations.
    pub(super) fn envelope(&self, at: DateTime<Utc>) -> Times {
        let mut all = Span::new(at, at + self.length());
        let mut blocked = all;
        for (component, times) in self.course(at) {
            if !component.is_optional {
                all.end = all.end.max(times.service.end);
                blocked = Span::new(
                    blocked.start.min(times.blocked.start),
                    blocked.end.max(times.blocked.end),
                );
            }
        }
        Times {
            service: all,
            blocked,
        }
    }
}
