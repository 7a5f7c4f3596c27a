//! Ids of projected resources: `mecum-commit-7-12-1` is page 1 of commit 12 of record 7. One id for one thing, for ever.

use mecum_fhir::reference::ResourceType;
use mecum_record::access::ResourceKey;
use mecum_record::ids::{CommitId, ImportId, RecordId};

/// How the ids of everything begin that Mecum makes itself; nobody else may name an id like that.
const PREFIX: &str = "mecum-";

/// What a projected resource stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Projected {
    pub(crate) record: RecordId,
    pub(super) what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Some hundred versions of a commit, as a Provenance; pages count from 1.
    Commit { commit: CommitId, page: i64 },
    /// One request of a line of the access log, as an AuditEvent; places count from 1.
    Access { seq: i64, at: i64 },
    /// One original of an import, as a DocumentReference; places count from 1.
    Original { import: ImportId, at: i64 },
    /// The same as a Binary.
    OriginalContent { import: ImportId, at: i64 },
}

impl Projected {
    pub(crate) fn commit(record: RecordId, commit: CommitId, page: i64) -> Projected {
        Projected { record, what: What::Commit { commit, page } }
    }

    pub(super) fn access(record: RecordId, seq: i64, at: i64) -> Projected {
        Projected { record, what: What::Access { seq, at } }
    }

    pub(crate) fn original(record: RecordId, import: ImportId, at: i64) -> Projected {
        Projected { record, what: What::Original { import, at } }
    }

    pub(crate) fn original_content(record: RecordId, import: ImportId, at: i64) -> Projected {
        Projected { record, what: What::OriginalContent { import, at } }
    }

    /// What an id stands for, if it is written just as [`Projected::key`] writes it.
    pub(crate) fn of(key: &ResourceKey) -> Option<Projected> {
        let (word, numbers) = key.id.strip_prefix(PREFIX)?.split_once('-')?;
        let mut numbers = numbers.splitn(3, '-').map(|digits| digits.parse::<i64>().ok());
        let (record, first, second) = (RecordId(numbers.next()??), numbers.next()??, numbers.next()??);
        let what = match (key.resource_type, word) {
            (ResourceType::PROVENANCE, "commit") => What::Commit { commit: CommitId(first), page: second },
            (ResourceType::AUDIT_EVENT, "access") => What::Access { seq: first, at: second },
            (ResourceType::DOCUMENT_REFERENCE, "original") => What::Original { import: ImportId(first), at: second },
            (ResourceType::BINARY, "original") => What::OriginalContent { import: ImportId(first), at: second },
            _ => return None,
        };
        let projected = Projected { record, what };
        (record.0 >= 0 && first > 0 && second > 0 && projected.key() == *key).then_some(projected)
    }

    /// Whether an id is one that only Mecum gives.
    pub(crate) fn is_reserved(id: &str) -> bool {
        id.starts_with(PREFIX)
    }

    /// The resource that stands for it.
    pub(crate) fn key(&self) -> ResourceKey {
        let (resource_type, word, first, second) = match self.what {
            What::Commit { commit, page } => (ResourceType::PROVENANCE, "commit", commit.0, page),
            What::Access { seq, at } => (ResourceType::AUDIT_EVENT, "access", seq, at),
            What::Original { import, at } => (ResourceType::DOCUMENT_REFERENCE, "original", import.0, at),
            What::OriginalContent { import, at } => (ResourceType::BINARY, "original", import.0, at),
        };
        ResourceKey { resource_type, id: format!("{PREFIX}{word}-{}-{first}-{second}", self.record) }
    }
}

#[cfg(test)]
mod tests {
    use mecum_fhir::reference::{Id, ResourceType};
    use mecum_record::access::ResourceKey;
    use mecum_record::ids::{CommitId, ImportId, RecordId};
    use proptest::prelude::*;

    use super::Projected;

    proptest! {
        #[test]
        fn an_id_stands_for_one_thing_and_a_thing_has_one_id(record in 0..i64::MAX, one in 1..i64::MAX, two in 1..999i64) {
            let all = [
                Projected::commit(RecordId(record), CommitId(one), two),
                Projected::access(RecordId(record), one, two),
                Projected::original(RecordId(record), ImportId(one), two),
                Projected::original_content(RecordId(record), ImportId(one), two),
            ];
            for projected in all {
                let key = projected.key();
                prop_assert!(Id::is_valid(&key.id) && Projected::is_reserved(&key.id));
                prop_assert_eq!(Projected::of(&key), Some(projected));
            }
        }
    }

    #[test]
    fn what_is_written_otherwise_stands_for_nothing() {
        for id in
            ["mecum-commit-1-2", "mecum-commit-01-2-3", "mecum-commit-1-0-3", "mecum-commit-1-2-3-4", "commit-1-2-3"]
                .into_iter()
                .chain(["mecum-commit--1-2-3", "mecum-commit-1-2-+3", "mecum-access-1-2-3", "mecum-"])
        {
            let key = ResourceKey { resource_type: ResourceType::PROVENANCE, id: id.to_owned() };
            assert_eq!(Projected::of(&key), None, "{id}");
        }
    }
}
