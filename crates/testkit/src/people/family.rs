//! The demo family and the files in which its members' records came to them.

use super::chart::Chart;
use super::member::{MEMBERS, Member};
use super::{camille, idris, noor, odile};

/// The day on which the family's records were gathered (FHIR date): appointments lie after it, everything else before.
pub const FAMILY_TODAY: &str = "2026-11-20";

/// What kind of thing a file came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginKind {
    /// A hospital, practice, register or insurer.
    Organization,
    /// A program that a person writes in.
    App,
    /// A machine that a person wears or measures with.
    Device,
}

/// Where a file came from. Files with equal names of origin about one person share one numbering.
#[derive(Clone, PartialEq, Eq)]
pub struct SourceOrigin {
    /// Its name, such as `St. Brigid Hospital`.
    pub name: String,
    /// Its kind.
    pub kind: OriginKind,
}

/// A file that rides along in a container.
pub struct Media {
    /// Its path within the container, such as `media/xray-wrist.png`.
    pub name: String,
    /// Its media type.
    pub content_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What a file holds.
pub enum Content {
    /// A `.phr`: resources as NDJSON (PHR-2).
    Phr(String),
    /// The parts of a `.sphr`: a `.phr` and the files its DocumentReferences and Media lead to (PHR-21, PHR-23).
    Container {
        /// The `.phr`.
        phr: String,
        /// The files beside it.
        media: Vec<Media>,
    },
    /// One Bundle as JSON: a collection, document or transaction.
    Bundle(String),
    /// File name and NDJSON for each resource type, as bulk exports come.
    Ndjson(Vec<(String, String)>),
}

/// One file of one source about one person.
pub struct SourceFile {
    /// Its name with its extension; for [`Content::Ndjson`] the name of a folder.
    pub file_name: String,
    /// Where it came from.
    pub source: SourceOrigin,
    /// Whom it is about: index into [`Family::people`].
    pub person: usize,
    /// What it holds.
    pub content: Content,
    /// What it tells, in one line.
    pub story: &'static str,
}

/// One member of the family.
pub struct Person {
    /// First and family name.
    pub name: String,
    /// First name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Date of birth (FHIR date).
    pub birth_date: String,
    /// A code of FHIR's administrative genders.
    pub gender: &'static str,
    /// What she or he is to the family, such as `grandmother`.
    pub role: &'static str,
}

/// The family and its files, in the order in which they would be imported: later files correct earlier ones.
pub struct Family {
    /// Eldest first.
    pub people: Vec<Person>,
    /// All files, person by person.
    pub files: Vec<SourceFile>,
}

/// The demo family. The same seed gives the same bytes; the seed changes small differences between values and no story.
pub fn family(seed: u64) -> Family {
    let mut files = odile::files(seed);
    files.extend(camille::files(seed));
    files.extend(idris::files(seed));
    files.extend(noor::files(seed));
    Family { people: MEMBERS.iter().map(|member| Person::of(member)).collect(), files }
}

impl Person {
    fn of(member: &Member) -> Person {
        Person {
            name: member.name(),
            given: member.given.join(" "),
            family: member.family.to_owned(),
            birth_date: member.birth.date(),
            gender: member.gender,
            role: member.role,
        }
    }
}

impl SourceFile {
    /// A file of a chart's house.
    pub(crate) fn of(
        chart: &Chart,
        kind: OriginKind,
        file_name: &str,
        content: Content,
        story: &'static str,
    ) -> SourceFile {
        SourceFile {
            file_name: file_name.to_owned(),
            source: SourceOrigin { name: chart.house.name.to_owned(), kind },
            person: chart.person,
            content,
            story,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_today_is_the_calendars() {
        assert_eq!(super::FAMILY_TODAY, crate::people::member::TODAY.date());
    }
}
