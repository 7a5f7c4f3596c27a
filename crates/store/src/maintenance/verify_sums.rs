//! What was found of each commit and of each index, as keyed sums to be compared with what the chain and the bodies call for.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use mecum_fhir::reference::ResourceType;
use mecum_record::access::ResourceKey;
use mecum_record::ids::{CommitId, RecordId};

use super::verify::Verified;
use crate::blobs::BlobName;
use crate::chain::CommitRow;
use crate::index::{IndexTable, IndexValues, KnownWords};
use crate::seal::{MacStream, RecordKey};

/// Everything found so far.
pub(super) struct Sums {
    versions: Ordered,
    origins: Ordered,
    /// The rows of the search index that the bodies call for.
    pub(super) index: IndexSums,
    /// The blobs that bodies refer to.
    pub(super) blobs: BTreeSet<BlobName>,
}

impl Sums {
    pub(super) fn new(key: &RecordKey) -> Sums {
        Sums {
            versions: Ordered::new(key.mac_stream("versions")),
            origins: Ordered::new(key.mac_stream("origins")),
            index: IndexSums::default(),
            blobs: BTreeSet::new(),
        }
    }

    pub(super) fn add_version(&mut self, commit: CommitId, ordinal: i64, mac: &[u8; 32]) {
        self.versions.add(commit, ordinal, mac);
    }

    pub(super) fn add_origin(&mut self, commit: CommitId, ordinal: i64, mac: &[u8; 32]) {
        self.origins.add(commit, ordinal, mac);
    }

    /// Compares what a commit says it holds with what was found, and takes that out of what is left.
    pub(super) fn compare(&mut self, row: &CommitRow, verified: &mut Verified) {
        let versions = self.versions.take(row.commit);
        if !versions.is(row.n_versions, &row.versions_digest) {
            let n = row.n_versions;
            verified.add("version", format!("commit {} made {n} versions: {}", row.commit, versions.told()));
        }
        let origins = self.origins.take(row.commit);
        if !origins.is(row.n_origins, &row.origins_digest) {
            let n = row.n_origins;
            verified.add("origin", format!("commit {} mapped {n} source ids: {}", row.commit, origins.told()));
        }
    }

    /// Names the commits whose rows are left: they are neither in the chain nor being staged.
    pub(super) fn strangers(&mut self, staged: CommitId, verified: &mut Verified) {
        for (part, left) in [("version", &mut self.versions), ("origin", &mut self.origins)] {
            left.finish();
            for commit in left.by_commit.keys().filter(|commit| staged.0 == 0 || **commit != staged) {
                verified.add(part, format!("there are rows of commit {commit}, which is not in the chain"));
            }
        }
    }
}

/// Rows summed up by commit, in the order of their places in it; they come commit by commit.
struct Ordered {
    empty: MacStream,
    running: Option<(CommitId, Sum, MacStream)>,
    by_commit: BTreeMap<CommitId, Sum>,
}

/// What one commit was found to hold.
struct Sum {
    count: i64,
    digest: [u8; 32],
    /// The first place that nothing is at, though there is something behind it.
    gap: Option<i64>,
    last: i64,
}

impl Ordered {
    fn new(empty: MacStream) -> Ordered {
        Ordered { empty, running: None, by_commit: BTreeMap::new() }
    }

    fn add(&mut self, commit: CommitId, ordinal: i64, mac: &[u8; 32]) {
        if self.running.as_ref().is_none_or(|(running, ..)| *running != commit) {
            self.finish();
            let sum = Sum { count: 0, digest: [0; 32], gap: None, last: 0 };
            self.running = Some((commit, sum, self.empty.clone()));
        }
        let Some((_, sum, stream)) = &mut self.running else { return };
        if ordinal != sum.last.saturating_add(1) && sum.gap.is_none() {
            sum.gap = Some(sum.last.saturating_add(1));
        }
        sum.count += 1;
        sum.last = ordinal;
        stream.part(mac);
    }

    fn finish(&mut self) {
        if let Some((commit, mut sum, stream)) = self.running.take() {
            sum.digest = stream.finish();
            self.by_commit.insert(commit, sum);
        }
    }

    fn take(&mut self, commit: CommitId) -> Sum {
        self.finish();
        let none = || Sum { count: 0, digest: self.empty.clone().finish(), gap: None, last: 0 };
        self.by_commit.remove(&commit).unwrap_or_else(none)
    }
}

impl Sum {
    fn is(&self, count: i64, digest: &[u8]) -> bool {
        self.count == count && self.digest == digest
    }

    fn told(&self) -> String {
        let place = self.gap.map_or(String::new(), |gap| format!(", place {gap} is empty"));
        format!("{} are there{place}; one is altered, missing, added or out of order", self.count)
    }
}

/// The sum of the MACs of rows, in whatever order they come: equal sums are equal rows to whoever has not the key.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Unordered {
    pub(super) count: i64,
    sum: u128,
}

impl Unordered {
    pub(super) fn add(&mut self, mac: [u8; 32]) {
        self.count += 1;
        self.sum = self.sum.wrapping_add(half(mac));
    }

    pub(super) fn subtract(&mut self, mac: [u8; 32]) {
        self.count -= 1;
        self.sum = self.sum.wrapping_sub(half(mac));
    }
}

fn half(mac: [u8; 32]) -> u128 {
    let [first, ..] = mac.as_chunks::<16>().0 else { return 0 };
    u128::from_be_bytes(*first)
}

/// A version as the index names it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct VersionName {
    pub(super) type_code: i64,
    pub(super) id: String,
    pub(super) version: i64,
}

impl VersionName {
    pub(super) fn of(key: &ResourceKey, version: i64) -> VersionName {
        VersionName { type_code: key.resource_type.code().into(), id: key.id.clone(), version }
    }

    /// `Type/id version n`.
    pub(super) fn told(&self) -> String {
        let resource_type = u16::try_from(self.type_code).ok().and_then(ResourceType::from_code);
        let name = resource_type.map_or("(unknown type)", ResourceType::name);
        format!("{name}/{} version {}", self.id, self.version)
    }
}

/// What the search index is called upon to hold.
#[derive(Default)]
pub(super) struct IndexSums {
    pub(super) tables: BTreeMap<IndexTable, Unordered>,
    pub(super) prefixes: Unordered,
    /// The codes of all words, so that each counts once.
    words: HashSet<i64>,
    /// The values that the directory of values has to know.
    pub(super) directory: HashSet<i64>,
    known: KnownWords,
}

impl IndexSums {
    /// What was met of words, to be met again faster.
    pub(super) fn known(&mut self) -> &mut KnownWords {
        &mut self.known
    }

    /// Adds what a version calls for.
    pub(super) fn add(&mut self, key: &RecordKey, (record, entry_no): (RecordId, i64), values: IndexValues) {
        for mut row in values.rows {
            row.place(record.0, entry_no);
            self.tables.entry(row.table).or_default().add(row.mac(key));
        }
        for (term, prefixes) in values.words {
            if self.words.insert(term) {
                prefixes.iter().for_each(|prefix| self.prefixes.add(prefix_mac(key, *prefix, term)));
            }
        }
        self.directory.extend(values.directory);
    }
}

/// The MAC of a row that leads from the beginning of a word to the word.
pub(super) fn prefix_mac(key: &RecordKey, prefix: i64, term: i64) -> [u8; 32] {
    key.mac("term_prefix", &[&prefix.to_be_bytes(), &term.to_be_bytes()])
}
