//! The names of things, each a type of its own, so that one is never taken for another.

use std::fmt;

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id!(
    /// One person's record on this installation; 0 is the directory ([`RecordId::DIRECTORY`]).
    RecordId
);
number_id!(
    /// A commit of one record, numbered when it is begun; its place in the chain is its sequence number.
    CommitId
);
number_id!(
    /// A source of one record: an organization, app or device that data came from.
    SourceId
);
number_id!(
    /// One import into one record.
    ImportId
);
number_id!(
    /// A version of a resource: FHIR's `meta.versionId`, counting from 1.
    VersionId
);

impl RecordId {
    /// What system clients write outside any person's record: practitioners, organizations, locations.
    pub const DIRECTORY: RecordId = RecordId(0);

    /// Whether this is the directory and no person's record.
    #[must_use]
    pub fn is_directory(self) -> bool {
        self == Self::DIRECTORY
    }
}

/// Crockford's base 32 in lower case: no `i`, `l`, `o`, `u`, so that an id can be read out and sorts by time.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A new resource id: 20 characters, 45 bits of milliseconds since the epoch and then 55 random bits.
///
/// Ids made later sort later, so that rows of one import lie side by side; they satisfy FHIR's `id` type.
#[must_use]
pub fn mint(now_us: i64, random: u64) -> String {
    let now_ms = u128::from(now_us.max(0).unsigned_abs() / 1000) & ((1 << 45) - 1);
    let bits = (now_ms << 55) | u128::from(random >> 9);
    (0..20).rev().map(|digit| char::from(ALPHABET[((bits >> (digit * 5)) & 31) as usize])).collect()
}

#[cfg(test)]
mod tests {
    use super::mint;

    #[test]
    fn minted_ids_are_fhir_ids_that_sort_by_time() {
        let early = mint(1_700_000_000_000_000, u64::MAX);
        let late = mint(1_700_000_000_001_000, 0);
        assert_eq!(early.len(), 20);
        assert!(early < late);
        assert!(early.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
    }

    #[test]
    fn minted_ids_of_one_moment_differ_by_their_random_bits() {
        assert_ne!(mint(1, 1 << 9), mint(1, 2 << 9));
        assert_eq!(mint(-5, 7), mint(0, 7));
    }
}
