//! The type of a resource (R4 resourcelist.html), as a small number with a name.

use super::type_table::TABLE;

/// One of FHIR R4's resource types.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceType(u16);

const N_TYPES: usize = TABLE.len();

/// Indexes into [`TABLE`] in order of name.
static BY_NAME: [u16; N_TYPES] = in_order_of_name();

impl ResourceType {
    /// The type of a row of the table.
    pub(super) const fn of_row(code: u16) -> Self {
        Self(code)
    }

    /// The type of that name, in its exact case.
    pub fn parse(name: &str) -> Option<Self> {
        let found = BY_NAME.binary_search_by(|&index| TABLE[index as usize].1.cmp(name)).ok()?;
        Some(Self(TABLE[BY_NAME[found] as usize].0))
    }

    /// The type stored under a code.
    pub fn from_code(code: u16) -> Option<Self> {
        (1..=N_TYPES).contains(&usize::from(code)).then_some(Self(code))
    }

    /// The code to store, 1 or more; it never changes.
    pub fn code(self) -> u16 {
        self.0
    }

    /// The name as in `resourceType`.
    pub fn name(self) -> &'static str {
        TABLE[usize::from(self.0) - 1].1
    }

    /// Every type, in order of code.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|&(code, _)| Self(code))
    }
}

impl std::fmt::Display for ResourceType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

impl std::fmt::Debug for ResourceType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Insertion sort, at compile time.
const fn in_order_of_name() -> [u16; N_TYPES] {
    let mut order = [0; N_TYPES];
    let mut n_sorted = 0;
    while n_sorted < N_TYPES {
        let mut at = n_sorted;
        while at > 0 && is_before(TABLE[n_sorted].1, TABLE[order[at - 1] as usize].1) {
            order[at] = order[at - 1];
            at -= 1;
        }
        order[at] = n_sorted as u16;
        n_sorted += 1;
    }
    order
}

const fn is_before(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut at = 0;
    while at < left.len() && at < right.len() {
        if left[at] != right[at] {
            return left[at] < right[at];
        }
        at += 1;
    }
    left.len() < right.len()
}
