//! Who would give an offer if nothing stood in the way: for deliberate double booking.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::fit::Slot;
use super::judge::Judge;
use super::offer::{Basis, Candidate, Component};

impl Judge<'_> {
    /// The offer at a time and place, whatever is taken; none where there is nobody at all who could
    /// give it, or where it is not given by resources: slots and pools have limits of their own.
    pub(super) fn forced(&self, at: DateTime<Utc>, location: Option<Uuid>) -> Option<Slot> {
        if self.offer.basis != Basis::Resource {
            return None;
        }
        let mut picks = Vec::new();
        for (component, times) in self.course(at) {
            if component.is_optional || component.selectors.is_empty() {
                continue;
            }
            let start = times.service.start;
            for candidate in self.listed(component, location)? {
                let times = self.times_with(component, candidate, start, at);
                picks.push(self.pick(component, candidate, &times));
            }
        }
        let mut time = self.envelope(at).service;
        let end = picks.iter().map(|pick| pick.service.end).max();
        time.end = end.map_or(time.end, |end| end.max(time.end));
        Some(self.slot(location, time, None, Vec::new(), picks))
    }

    /// As many candidates of a component as it needs, in the order of lists.
    #[expect(clippy::unused_self, reason = "it belongs to what it is asked of")]
    fn listed<'c>(
        &self,
        component: &'c Component,
        location: Option<Uuid>,
    ) -> Option<Vec<&'c Candidate>> {
        component.selectors.iter().find_map(|selector| {
            let needed = selector.needed(component.wanted());
            let here = selector
                .candidates
                .iter()
                .filter(|candidate| Some(candidate.location_id) == location);
            let chosen: Vec<&Candidate> = here.take(needed).collect();
            (chosen.len() == needed).then_some(chosen)
        })
    }
}
