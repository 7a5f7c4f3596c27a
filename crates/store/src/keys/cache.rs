//! Record keys at hand: bounded in number, and each for a minute, so that a key erased by another process is soon forgotten here too.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mecum_record::ids::RecordId;

use crate::seal::RecordKey;

/// Keys of one generation; there are two, so at most twice as many are kept.
const GENERATION: usize = 2048;
const KEPT_FOR: Duration = Duration::from_secs(60);

/// When the young generation is full it becomes the old one, and what nobody asked for since is dropped with the one before.
#[derive(Default)]
pub(super) struct KeyCache {
    young: HashMap<RecordId, Kept>,
    old: HashMap<RecordId, Kept>,
}

#[derive(Clone)]
struct Kept {
    key: Arc<RecordKey>,
    since: Instant,
}

impl KeyCache {
    /// The record's key, if it was read less than a minute before `now`.
    pub(super) fn get(&mut self, record: RecordId, now: Instant) -> Option<Arc<RecordKey>> {
        let kept = match self.young.get(&record) {
            Some(kept) => kept.clone(),
            None => {
                let kept = self.old.remove(&record)?;
                self.insert(record, kept.clone());
                kept
            }
        };
        (now.saturating_duration_since(kept.since) < KEPT_FOR).then_some(kept.key)
    }

    /// Keeps a key that was read from the key store at `now`.
    pub(super) fn put(&mut self, record: RecordId, key: Arc<RecordKey>, now: Instant) {
        self.old.remove(&record);
        self.insert(record, Kept { key, since: now });
    }

    /// Forgets a key.
    pub(super) fn remove(&mut self, record: RecordId) {
        self.young.remove(&record);
        self.old.remove(&record);
    }

    fn insert(&mut self, record: RecordId, kept: Kept) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(record, kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Arc<RecordKey> {
        Arc::new(RecordKey::new(&[1; 32]))
    }

    #[test]
    fn a_key_is_kept_for_a_minute_and_no_longer_however_often_it_is_asked_for() {
        let (mut cache, start) = (KeyCache::default(), Instant::now());
        cache.put(RecordId(1), key(), start);
        for seconds in 0..60 {
            assert!(cache.get(RecordId(1), start + Duration::from_secs(seconds)).is_some());
        }
        assert!(cache.get(RecordId(1), start + KEPT_FOR).is_none());
    }

    #[test]
    fn the_number_of_keys_is_bounded_and_the_one_in_use_stays() {
        let (mut cache, now) = (KeyCache::default(), Instant::now());
        for n in 0..20_000 {
            cache.put(RecordId(n), key(), now);
            assert!(cache.get(RecordId(0), now).is_some(), "forgotten after {n}");
        }
        assert!(cache.young.len() + cache.old.len() <= 2 * GENERATION);
        assert!(cache.get(RecordId(1), now).is_none());
        cache.remove(RecordId(0));
        assert!(cache.get(RecordId(0), now).is_none());
    }
}
