//! A permit: unforgeable proof of a positive decision, which every function of `store` that touches health data demands (I2, I3).

use mecum_fhir::reference::ResourceType;

use super::ResourceFilter;
use crate::ids::RecordId;

/// What a caller wants to do: exactly the thing, never the role that may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Read, vread or see the history of one resource.
    Read(ResourceType),
    /// See many resources: type and system history, what a search includes, and what an import or transaction looks up.
    Search,
    /// Search the resources of this type.
    SearchType(ResourceType),
    /// Search across types, as far as they may be searched.
    SearchSystem,
    /// Make a resource of this type.
    Create(ResourceType),
    /// Change a resource of this type.
    Update(ResourceType),
    /// Delete a resource of this type.
    Delete(ResourceType),
    /// Carry the record away, as far as it may be read.
    Export,
    /// Carry everything away that is kept about the person (EHI-8).
    EhiExport,
    /// Bring a file or stream in.
    Import,
    /// Restore an earlier state.
    Restore,
    /// See what was changed when and by whom: the log of commits, what one of them changed, the list of imports.
    ReadLog,
    /// See who looked.
    ReadAccessLog,
    /// Change what stands around the record: its tokens, grants, name.
    Administer,
}

impl Act {
    /// The word that the access log keeps.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Read(_) => "read",
            Self::Search => "search",
            Self::SearchType(_) => "search-type",
            Self::SearchSystem => "search-system",
            Self::Create(_) => "create",
            Self::Update(_) => "update",
            Self::Delete(_) => "delete",
            Self::Export => "export",
            Self::EhiExport => "ehi-export",
            Self::Import => "import",
            Self::Restore => "restore",
            Self::ReadLog => "read-log",
            Self::ReadAccessLog => "read-access-log",
            Self::Administer => "administer",
        }
    }
}

/// Why: HL7 v3 PurposeOfUse, as far as there are callers for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// At the patient's request (PATRQT).
    PatientRequest,
    /// Treatment (TREAT).
    Treatment,
    /// Running the system (HOPERAT).
    Operations,
}

impl Purpose {
    /// The code in `http://terminology.hl7.org/CodeSystem/v3-ActReason`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::PatientRequest => "PATRQT",
            Self::Treatment => "TREAT",
            Self::Operations => "HOPERAT",
        }
    }
}

/// How long a permit is good for: a request or a page, never a session.
pub(super) const PERMIT_LIFETIME_US: i64 = 60_000_000;

/// The answer to "may this caller do this act on these records now". Only [`super::decide`] makes one.
#[derive(Clone, Debug)]
pub struct Permit {
    pub(super) act: Act,
    pub(super) purpose: Purpose,
    pub(super) recipient: String,
    pub(super) filter: ResourceFilter,
    pub(super) valid_until_us: i64,
    pub(super) over: RecordId,
}

impl Permit {
    /// What was permitted.
    #[must_use]
    pub fn act(&self) -> Act {
        self.act
    }

    /// Why it was asked.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Kind and name of the one who receives what is read.
    #[must_use]
    pub fn recipient(&self) -> &str {
        &self.recipient
    }

    /// Which resources it lets through.
    #[must_use]
    pub fn filter(&self) -> &ResourceFilter {
        &self.filter
    }

    /// When it must be decided again, microseconds since the epoch.
    #[must_use]
    pub fn valid_until_us(&self) -> i64 {
        self.valid_until_us
    }

    /// The one record it is over. A permit over the records granted to a client comes with search across records.
    #[must_use]
    pub fn over(&self) -> RecordId {
        self.over
    }

    /// This permit for less: what passes its filter and this one too. A permit can be narrowed by anybody and widened by nobody.
    #[must_use]
    pub fn narrowed(&self, filter: ResourceFilter) -> Permit {
        Permit { filter: self.filter.clone().and(filter), ..self.clone() }
    }

    /// Whether this permit is over this record and no other.
    #[must_use]
    pub fn is_for(&self, record: RecordId) -> bool {
        self.over == record
    }
}
