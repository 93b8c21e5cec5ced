//! However often a verb is sent with a key, it counts once (invariant 17): tried of every verb of people.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tests::replay::{Names, watch};

use super::{Scenario, crew, leave};

/// How many scenarios run side by side.
const AT_ONCE: usize = 3;

#[test]
fn inv17_every_verb_of_people_that_is_sent_twice_counts_once() {
    let declared = bizing::domain::workforce::declarations();
    let wanted: Names = declared.into_iter().map(|verb| verb.name).collect();
    let repeated = Arc::new(Mutex::new(Names::new()));
    let scenarios: Vec<Scenario> = [crew::SENT_TWICE, leave::SENT_TWICE].concat();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                watch(wanted.clone(), Arc::clone(&repeated));
                while let Some(scenario) = scenarios.get(next.fetch_add(1, Ordering::Relaxed)) {
                    scenario().unwrap();
                }
            });
        }
    });
    let repeated = repeated.lock().unwrap();
    let missing: Vec<&String> = wanted.difference(&repeated).collect();
    assert!(missing.is_empty(), "never sent twice: {missing:?}");
}
