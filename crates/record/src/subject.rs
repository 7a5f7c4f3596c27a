//! Whether two Patients are the same person: by identifier, then by name, birth date and gender together (PHR-60, DUP-4).

use std::collections::BTreeSet;

/// What of a Patient tells who it is. Not `Debug`: this is who someone is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// `(system, value)` of each identifier that has both.
    pub identifiers: BTreeSet<(String, String)>,
    /// Family and given names, lower case, one entry per name: `family given given`.
    pub names: BTreeSet<String>,
    /// `Patient.birthDate` as written.
    pub birth_date: Option<String>,
    /// `Patient.gender`.
    pub gender: Option<String>,
}

/// What a comparison of two Patients says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// The same person: a shared identifier, or name, birth date and gender all equal.
    Same,
    /// Another person, or not enough said to tell: never merged.
    Other,
}

/// Identifiers that are assigned to people in error, shared or stolen too often to be believed alone (DUP-4).
const WEAK_SYSTEMS: [&str; 1] = ["http://hl7.org/fhir/sid/us-ssn"];

/// Compares two Patients. A shared strong identifier is not enough where both state different birth dates.
#[must_use]
pub fn compare(one: &Identity, other: &Identity) -> Match {
    let birth_dates_differ = matches!((&one.birth_date, &other.birth_date), (Some(a), Some(b)) if a != b);
    let shares_identifier =
        one.identifiers.intersection(&other.identifiers).any(|(system, _)| !WEAK_SYSTEMS.contains(&system.as_str()));
    let same_demographics = one.birth_date.is_some()
        && one.birth_date == other.birth_date
        && one.gender.is_some()
        && one.gender == other.gender
        && one.names.intersection(&other.names).next().is_some();
    if (shares_identifier && !birth_dates_differ) || same_demographics { Match::Same } else { Match::Other }
}

#[cfg(test)]
mod tests {
    use super::{Identity, Match, compare};

    fn person(identifier: &str, name: &str, birth_date: &str) -> Identity {
        let (system, value) = identifier.split_once('|').unwrap_or(("", ""));
        Identity {
            identifiers: [(system.to_owned(), value.to_owned())].into_iter().filter(|(_, v)| !v.is_empty()).collect(),
            names: [name.to_owned()].into(),
            birth_date: (!birth_date.is_empty()).then(|| birth_date.to_owned()),
            gender: Some("female".to_owned()),
        }
    }

    fn check(one: &Identity, other: &Identity, expect: Match) {
        assert!(compare(one, other) == expect && compare(other, one) == expect);
    }

    #[test]
    fn phr_60_an_identifier_or_full_demographics_make_the_same_person() {
        check(&person("urn:mrn|1", "a b", "1980-01-01"), &person("urn:mrn|1", "c d", "1980-01-01"), Match::Same);
        check(&person("urn:mrn|1", "a b", "1980-01-01"), &person("urn:mrn|2", "a b", "1980-01-01"), Match::Same);
        check(&person("", "a b", ""), &person("", "a b", ""), Match::Other);
    }

    #[test]
    fn dup_4_a_social_security_number_alone_links_nobody() {
        let ssn = "http://hl7.org/fhir/sid/us-ssn|999";
        check(&person(ssn, "a b", "1980-01-01"), &person(ssn, "c d", ""), Match::Other);
    }

    #[test]
    fn a_shared_identifier_with_two_birth_dates_is_not_believed() {
        check(&person("urn:mrn|1", "a b", "1980-01-01"), &person("urn:mrn|1", "a b", "1981-01-01"), Match::Other);
    }
}
