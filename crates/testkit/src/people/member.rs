//! The four people of the demo family. They are invented; so are their addresses.

use super::calendar::Day;

/// The family's today: what is planned lies after it, everything else before.
pub(crate) const TODAY: Day = Day::new(2026, 11, 20);

/// What every source knows alike of a person.
pub(crate) struct Member {
    /// Place in [`super::Family::people`].
    pub(crate) index: usize,
    /// First names.
    pub(crate) given: &'static [&'static str],
    /// Family name.
    pub(crate) family: &'static str,
    /// Day of birth.
    pub(crate) birth: Day,
    /// A code of FHIR's administrative genders.
    pub(crate) gender: &'static str,
    /// What she or he is to the family.
    pub(crate) role: &'static str,
}

pub(crate) const ODILE: Member = Member {
    index: 0,
    given: &["Odile", "Margaux"],
    family: "Maravel",
    birth: Day::new(1949, 5, 21),
    gender: "female",
    role: "grandmother",
};

pub(crate) const CAMILLE: Member = Member {
    index: 1,
    given: &["Camille"],
    family: "Maravel-Åsen",
    birth: Day::new(1981, 3, 14),
    gender: "female",
    role: "mother",
};

pub(crate) const IDRIS: Member = Member {
    index: 2,
    given: &["Idris", "Elling"],
    family: "Åsen",
    birth: Day::new(1979, 11, 2),
    gender: "male",
    role: "father",
};

pub(crate) const NOOR: Member = Member {
    index: 3,
    given: &["Noor", "Solène"],
    family: "Åsen",
    birth: Day::new(2017, 6, 1),
    gender: "female",
    role: "daughter",
};

/// The four, eldest first.
pub(crate) const MEMBERS: [&Member; 4] = [&ODILE, &CAMILLE, &IDRIS, &NOOR];

impl Member {
    /// First name and family name, as one writes them on a letter.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.given[0], self.family)
    }
}
