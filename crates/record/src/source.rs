//! Where data came from: a row the person confirms, never a file hash (design §3, FHIR identity).

/// What kind of sender a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A hospital, practice, laboratory, insurer.
    Organization,
    /// A program that keeps or forwards data.
    App,
    /// A thermometer, watch, meter.
    Device,
    /// The person's own hand.
    Person,
}

impl SourceKind {
    /// Every kind, in the order of their stored codes.
    pub const ALL: [SourceKind; 4] = [Self::Organization, Self::App, Self::Device, Self::Person];

    /// The word that is stored and printed.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::App => "app",
            Self::Device => "device",
            Self::Person => "person",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<SourceKind> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}
