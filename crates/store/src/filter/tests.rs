//! A version is seen only if it and the current version of its resource pass (design §6): SQL against memory, on both databases.

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Act, Category, CategorySet, Facts, Label, LabelSet, ResourceFilter, ResourceKey, decide};
use mecum_record::caller::Caller;
use mecum_record::commit::{CommitAct, CommitDetail};
use mecum_record::ids::RecordId;
use mecum_testkit::harness::{self, Place as TestPlace, Random};

use super::permitted;
use crate::db::Value;
use crate::keys::InstallationKey;
use crate::read::FROM_VISIBLE;
use crate::{Change, CommitWords, Content, Expected, Place, Profile, Store, Workload};

const RECORD: RecordId = RecordId(1);
const N_RESOURCES: u64 = 12;
const N_CHANGES: usize = 60;

/// A deletion will do: facts are columns, whatever the content is.
fn change(random: &mut Random) -> Change {
    let label = |set: LabelSet, random: &mut Random| if random.below(2) == 0 { set.with(Label::Hiv) } else { set };
    let category = if random.below(2) == 0 { Category::Laboratory } else { Category::Exam };
    let key = ResourceKey { resource_type: ResourceType::OBSERVATION, id: format!("r{}", random.below(N_RESOURCES)) };
    let facts = Facts {
        resource_type: key.resource_type,
        labels: label(LabelSet::default(), random),
        categories: CategorySet::default().with(category),
        dated: None,
        source: None,
    };
    let expected = Expected::Whatever;
    Change { key, content: Content::Deleted, facts, origin_digest: None, expected }
}

fn filters() -> Vec<ResourceFilter> {
    use ResourceFilter as F;
    let hiv = || F::HasLabel(Label::Hiv);
    let laboratory = || F::CategoryIs(Category::Laboratory);
    vec![
        F::Every,
        F::Nothing,
        hiv(),
        F::Not(Box::new(hiv())),
        F::And(vec![F::Not(Box::new(hiv())), laboratory()]),
        F::Or(vec![hiv(), F::Not(Box::new(laboratory()))]),
    ]
}

fn committed(store: &Store, n_commits: usize) -> Vec<Change> {
    let profiles = [Profile { name: "Somebody".to_owned(), ..Profile::default() }];
    assert_eq!(store.open_records(&profiles, 0).expect("a record opens"), [RECORD]);
    let caller = Caller::Operator { name: "test".to_owned() };
    let standing = store.standing(RECORD, None).expect("the record is there");
    let permit = decide(&caller, Act::Import, &standing, 0).expect("an operator may import");
    let detail = CommitDetail { author: String::new(), message: String::new() };
    let words = CommitWords { at_us: 0, act: CommitAct::Import, detail, reverts: None };
    let mut random = Random::seeded(11);
    let changes: Vec<Change> = (0..N_CHANGES).map(|_| change(&mut random)).collect();
    for part in changes.chunks(N_CHANGES / n_commits) {
        store.commit(std::slice::from_ref(&permit), &words, part).expect("a commit is made");
    }
    changes
}

/// The places of the changes whose versions are seen.
fn seen_by_memory(changes: &[Change], filter: &ResourceFilter) -> Vec<usize> {
    let passes = |change: &Change| filter.matches(&change.facts, &change.key.id);
    let current = |key: &ResourceKey| changes.iter().rev().find(|change| change.key == *key).is_some_and(passes);
    (0..changes.len()).filter(|at| passes(&changes[*at]) && current(&changes[*at].key)).collect()
}

fn seen_by_sql(store: &Store, filter: &ResourceFilter) -> Vec<usize> {
    let mut params: Vec<Value<'_>> = vec![RECORD.0.into()];
    let permitted = permitted(filter, &mut params);
    let sql = format!("SELECT c.seq, v.ordinal {FROM_VISIBLE} WHERE v.record_id = $1 AND {permitted} ORDER BY 1, 2");
    let rows = store.main.read(|tx| tx.query(&sql, &params)).expect("both databases take the condition");
    let place = |row: &crate::db::Row| {
        let (seq, ordinal) = (row.int(0).expect("a place"), row.int(1).expect("a place"));
        usize::try_from((seq - 1) * 20 + ordinal - 1).expect("places count from 1")
    };
    rows.iter().map(place).collect()
}

#[test]
fn i5_a_version_is_seen_only_if_the_current_one_is_too() {
    for database in harness::databases() {
        let blobs = tempfile::tempdir().expect("a temporary folder");
        let place = match database.place() {
            TestPlace::Sqlite(folder) => Place::Folder(folder.to_owned()),
            TestPlace::Postgres(url) => Place::Postgres { url: url.to_owned(), blobs: blobs.path().to_owned() },
        };
        let store = Store::open(&place, &InstallationKey::generate(), Workload::COMMAND, 0).expect("a new store opens");
        let changes = committed(&store, 3);
        let mut n_hidden = 0;
        for filter in filters() {
            let by_memory = seen_by_memory(&changes, &filter);
            assert_eq!(seen_by_sql(&store, &filter), by_memory, "{filter:?} on {}", database.name());
            let own = changes.iter().filter(|change| filter.matches(&change.facts, &change.key.id)).count();
            n_hidden += own - by_memory.len();
        }
        assert!(n_hidden > 20, "the current version hid {n_hidden} only");
    }
}
