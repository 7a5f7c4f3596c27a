//! A record that is newer than what the planner of PostgreSQL knows of the tables.

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Act, ResourceFilter};
use mecum_record::ids::RecordId;
use mecum_store::{Change, Cursor, Store, StoreError, Walk, Which};

use crate::house::{House, new_record, permit};
use crate::resource::{commit, pulse};

/// Each statement walks along its keys whatever the statistics say. Planned for the values of the moment, a page of this record would
/// run into the limit of a statement: the planner takes the record for empty and reads all of it again for each of its versions.
#[test]
fn a_record_that_the_statistics_do_not_know_is_read_along_its_keys() {
    for house in House::each().into_iter().filter(|house| house.folder().is_none()) {
        let store = house.open();
        for small in 0..12 {
            put(&store, new_record(&store), &format!("s{small}"), 5);
        }
        let (database, _) = house.below();
        for table in ["version", "commit_log"] {
            database.write(|tx| tx.execute(&format!("ANALYZE {table}"), &[])).unwrap();
        }
        let read_in_the_dark = database.write(|tx| {
            // Whoever analyses waits for this lock, and whoever writes does not.
            tx.execute("LOCK TABLE version, commit_log IN SHARE UPDATE EXCLUSIVE MODE", &[])?;
            let record = new_record(&store);
            for batch in 0..400 {
                put(&store, record, &format!("o{batch}"), 5);
            }
            assert_eq!(page_of(&store, record, &ResourceFilter::Every, 2_000), 2_000);
            assert_eq!(page_of(&store, record, &ResourceFilter::TypeIs(ResourceType::OBSERVATION), 100), 100);
            Ok::<(), StoreError>(())
        });
        read_in_the_dark.unwrap();
    }
}

fn put(store: &Store, record: RecordId, prefix: &str, n: usize) {
    let pulses: Vec<Change> = (0..n).map(|n| pulse(&format!("{prefix}-{n}"), "one")).collect();
    commit(store, record, &pulses).unwrap();
}

fn page_of(store: &Store, record: RecordId, narrowed: &ResourceFilter, limit: usize) -> usize {
    let walk = Walk { which: Which::Current, narrowed, until_seq: 400, max_page_bytes: usize::MAX };
    store.page(&permit(store, record, Act::Export), &walk, Cursor::default(), limit).unwrap().len()
}
