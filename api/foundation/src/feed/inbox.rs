//! What one board has been told and not yet looked at. It has a limit: past it, the board looks at
//! all of its rows anew, and so no board can make another wait, nor fill the memory.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use uuid::Uuid;

use super::{Change, Position};

/// How many rows are told apart.
const MOST: usize = 1_000;

/// What came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// The rows that changed.
    pub ids: HashSet<Uuid>,
    /// Whether anything may have changed.
    pub all: bool,
    /// Up to where the feed was read.
    pub upto: Position,
}

/// Where a board is told.
#[derive(Debug)]
pub struct Inbox {
    entity: &'static str,
    touched_by: &'static [&'static str],
    news: Mutex<News>,
    came: Notify,
}

impl Inbox {
    /// Of a board that shows rows of an entity, and is touched by changes of others.
    pub fn new(entity: &'static str, touched_by: &'static [&'static str]) -> Self {
        Self {
            entity,
            touched_by,
            news: Mutex::default(),
            came: Notify::new(),
        }
    }

    fn news(&self) -> MutexGuard<'_, News> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of changes, as far as they concern this board, and of how far the feed was read.
    pub fn tell<'a>(&self, changes: impl IntoIterator<Item = &'a Change>, upto: Position) {
        let mut news = self.news();
        for change in changes {
            if change.entity == self.entity {
                news.ids.extend(&change.ids);
            }
            news.all |= self.touched_by.contains(&change.entity.as_str());
        }
        if news.ids.len() > MOST {
            news.all = true;
        }
        news.upto = news.upto.max(upto);
        if news.all {
            news.ids.clear();
        }
        if news.all || !news.ids.is_empty() {
            drop(news);
            self.came.notify_one();
        }
    }

    /// Takes what came, once something has.
    pub async fn take(&self) -> News {
        loop {
            let came = self.came.notified();
            {
                let mut news = self.news();
                if news.all || !news.ids.is_empty() {
                    return std::mem::take(&mut *news);
                }
            }
            came.await;
        }
    }

    /// Takes what came, which may be nothing.
    pub fn drain(&self) -> News {
        std::mem::take(&mut *self.news())
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn change(entity: &str, ids: impl IntoIterator<Item = u128>) -> Change {
        Change {
            position: Position::before(1),
            biz_id: Uuid::nil(),
            topic: "a.b".to_owned(),
            entity: entity.to_owned(),
            ids: ids.into_iter().map(Uuid::from_u128).collect(),
            occurred_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_board_is_told_of_its_rows_and_of_what_touches_them() {
        let inbox = Inbox::new("Row", &["Place"]);
        inbox.tell(
            &[change("Row", [1, 2]), change("Other", [3])],
            Position::before(5),
        );
        let news = inbox.drain();
        assert_eq!(news.ids.len(), 2);
        assert!(!news.all && news.upto == Position::before(5));
        inbox.tell(&[change("Place", [1])], Position::before(6));
        assert!(inbox.drain().all);
    }

    #[test]
    fn too_much_news_is_no_list_any_more() {
        let inbox = Inbox::new("Row", &[]);
        inbox.tell(
            &[change("Row", 0..=u128::try_from(MOST).unwrap())],
            Position::before(5),
        );
        let news = inbox.drain();
        assert!(news.all && news.ids.is_empty());
    }
}
