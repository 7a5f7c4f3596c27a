//! The closed list of repairs, each with the rule that allows it.

/// What was repaired. Each kind has one reading only; whatever has two is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RepairKind {
    /// A database's own `_id`, which is a string or `{"$oid": …}` where FHIR has an object with an extension (PHR-15).
    DatabaseIdDropped,
    /// `null` outside the arrays that keep a primitive and its extensions in step (REST-60).
    NullDropped,
    /// An empty string, object or array, an empty reference among them (PHR-14, REST-60).
    EmptyDropped,
    /// One value where R4 has an array, as `"given": "Ann"` or `"category": {…}` (PHR-15).
    PutInArray,
    /// An array of one where R4 has a single value.
    TakenOutOfArray,
    /// A bare code where R4 has a CodeableConcept whose required codes hold it in one system (PHR-15).
    CodeGivenSystem,
    /// Milliseconds since 1970 where R4 has an instant or dateTime (PHR-15).
    MillisecondsToInstant,
    /// References standing where sections should: a run of them became the entries of one section (PHR-14).
    ReferencesToSection,
}

impl RepairKind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::DatabaseIdDropped,
        Self::NullDropped,
        Self::EmptyDropped,
        Self::PutInArray,
        Self::TakenOutOfArray,
        Self::CodeGivenSystem,
        Self::MillisecondsToInstant,
        Self::ReferencesToSection,
    ];

    /// A stable name for reports that programs read.
    pub fn name(self) -> &'static str {
        match self {
            Self::DatabaseIdDropped => "database-id-dropped",
            Self::NullDropped => "null-dropped",
            Self::EmptyDropped => "empty-dropped",
            Self::PutInArray => "put-in-array",
            Self::TakenOutOfArray => "taken-out-of-array",
            Self::CodeGivenSystem => "code-given-system",
            Self::MillisecondsToInstant => "milliseconds-to-instant",
            Self::ReferencesToSection => "references-to-section",
        }
    }

    /// What was done, for a person to read.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::DatabaseIdDropped => "a database's own _id was left out",
            Self::NullDropped => "a null was left out",
            Self::EmptyDropped => "an empty value was left out",
            Self::PutInArray => "a single value was put into the array that belongs there",
            Self::TakenOutOfArray => "a single value was taken out of its array",
            Self::CodeGivenSystem => "a bare code was given the system that it is from",
            Self::MillisecondsToInstant => "a time in milliseconds was written as a date and time in UTC",
            Self::ReferencesToSection => "references in place of sections became the entries of one section",
        }
    }
}

/// One repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// What was done.
    pub kind: RepairKind,
    /// Where, as a simple FHIRPath into the text before the repairs.
    pub expression: String,
}
