//! What is written down when health data leaves: the lines of the access log (design §3, AUD-7).

/// What one line of the access log says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessKind {
    /// A disclosure was opened: from here on the caller may have seen anything its permit admits.
    Opened,
    /// Requests answered under an open disclosure, and which resources went out.
    Lines,
    /// A disclosure was closed, with its counts and how it ended.
    Closed,
    /// The subject's or holder's own looks: no disclosure.
    Look,
    /// A request that was refused.
    Denied,
    /// Something done with the record as a whole: key, backup, undo, token (PHR-93).
    Event,
}

impl AccessKind {
    /// Every kind.
    pub const ALL: [AccessKind; 6] = [Self::Opened, Self::Lines, Self::Closed, Self::Look, Self::Denied, Self::Event];

    /// The word that is stored, printed and hashed.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Lines => "lines",
            Self::Closed => "closed",
            Self::Look => "look",
            Self::Denied => "denied",
            Self::Event => "event",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<AccessKind> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}
