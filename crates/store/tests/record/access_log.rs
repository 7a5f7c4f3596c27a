//! The access log: a chain of its own for each record, from many writers (AUD-7).

use mecum_record::access::Act;
use mecum_record::disclosure::AccessKind;
use mecum_record::ids::RecordId;
use mecum_store::{NewAccessLine, StoreError};

use crate::house::{NOW_US, assert_whole, new_record, on_both, permit};

pub(crate) fn line(record: RecordId, detail: &str) -> NewAccessLine {
    NewAccessLine {
        record,
        at_us: NOW_US,
        kind: AccessKind::Look,
        disclosure_id: "d1".to_owned(),
        detail: detail.as_bytes().to_vec(),
    }
}

#[test]
fn lines_are_read_newest_first_in_pages_each_in_its_own_record() {
    on_both(|_, store, record| {
        let other = new_record(store);
        store.append_access(&[line(record, "1"), line(other, "a"), line(record, "2")]).unwrap();
        store.append_access(&[]).unwrap();
        store.append_access(&[line(record, "3")]).unwrap();
        let log = permit(store, record, Act::ReadAccessLog);
        let details = |before, limit| -> Vec<Vec<u8>> {
            store.access_lines(&log, before, limit).unwrap().into_iter().map(|line| line.detail).collect()
        };
        assert_eq!(details(i64::MAX, 10), [b"3", b"2", b"1"]);
        assert_eq!(details(i64::MAX, 1), [b"3"]);
        assert_eq!(details(2, 10), [b"1"]);
        let first = &store.access_lines(&log, 2, 1).unwrap()[0];
        assert_eq!((first.seq, first.at_us, first.kind), (1, NOW_US, AccessKind::Look));
        assert_eq!(first.disclosure_id, "d1");
        let theirs = store.access_lines(&permit(store, other, Act::ReadAccessLog), i64::MAX, 10).unwrap();
        assert_eq!(theirs.len(), 1);
        assert_whole(store);
    });
}

#[test]
fn the_log_is_read_with_a_permit_for_it_alone() {
    on_both(|_, store, record| {
        for act in [Act::Search, Act::Export, Act::Import, Act::Administer] {
            let refused = store.access_lines(&permit(store, record, act), i64::MAX, 10);
            assert!(matches!(refused, Err(StoreError::NotCovered)), "{}", act.word());
        }
    });
}

#[test]
fn aud_7_lines_for_a_record_that_is_not_there_are_refused_with_all_others() {
    on_both(|_, store, record| {
        assert!(store.append_access(&[line(record, "1"), line(RecordId(99), "2")]).is_err());
        let log = permit(store, record, Act::ReadAccessLog);
        assert!(store.access_lines(&log, i64::MAX, 10).unwrap().is_empty());
    });
}

#[test]
fn many_writers_make_one_chain_without_gaps() {
    on_both(|_, store, record| {
        let other = new_record(store);
        std::thread::scope(|scope| {
            for writer in 0..16 {
                scope.spawn(move || {
                    for n in 0..10 {
                        let detail = format!("{writer} {n}");
                        // Both orders, which would wait for each other if chains were locked as they come.
                        let mut lines = [line(record, &detail), line(other, &detail)];
                        if writer % 2 == 0 {
                            lines.reverse();
                        }
                        store.append_access(&lines).unwrap();
                    }
                });
            }
        });
        for record in [record, other] {
            let lines = store.access_lines(&permit(store, record, Act::ReadAccessLog), i64::MAX, 1000).unwrap();
            let seqs: Vec<i64> = lines.iter().rev().map(|line| line.seq).collect();
            assert_eq!(seqs, (1..=160).collect::<Vec<_>>());
        }
        assert_whole(store);
    });
}
