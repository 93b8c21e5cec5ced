//! Verbs that are sent twice: in a thread that watches for it, each verb that succeeds is sent once more
//! with its key, and must be answered as before.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::ensure;
use serde_json::{Value, json};

use crate::client::Answer;

/// The names of verbs.
pub type Names = BTreeSet<String>;

struct Watch {
    wanted: Names,
    repeated: Arc<Mutex<Names>>,
}

thread_local! {
    static WATCH: RefCell<Option<Watch>> = const { RefCell::new(None) };
}

/// From now on all that this thread sends of these verbs is sent twice; those that were are noted.
pub fn watch(wanted: Names, repeated: Arc<Mutex<Names>>) {
    WATCH.set(Some(Watch { wanted, repeated }));
}

/// Whether a verb is to be sent twice: not where it brings a key of its own, or is a trial.
pub(crate) fn is_wanted(name: &str, input: &Value) -> bool {
    let is_free = input["idempotencyKey"].is_null() && input["dryRun"].is_null();
    let is_watched = |watch: &Option<Watch>| {
        let watch = watch.as_ref();
        watch.is_some_and(|watch| watch.wanted.contains(name))
    };
    is_free && WATCH.with_borrow(is_watched)
}

/// Fails unless the second answer is the first one.
pub(crate) fn must_repeat(name: &str, first: &Answer, second: &Answer) -> anyhow::Result<()> {
    let mut expected = first.payload().clone();
    expected["replayed"] = json!(true);
    ensure!(
        *second.payload() == expected,
        "{name} sent again:\n{}\nafter\n{}",
        second.body,
        first.body
    );
    WATCH.with_borrow(|watch| {
        if let Some(watch) = watch {
            let repeated = watch.repeated.lock();
            let mut repeated = repeated.unwrap_or_else(PoisonError::into_inner);
            repeated.insert(name.to_owned());
        }
    });
    Ok(())
}
