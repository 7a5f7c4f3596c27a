//! What a change to a record says about itself: the act, who did it, and in which words (PHR-91).

/// What kind of change a commit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitAct {
    /// A file or stream brought in.
    Import,
    /// One resource made over REST.
    Create,
    /// One resource changed over REST.
    Update,
    /// One resource deleted; its history stays.
    Delete,
    /// A transaction Bundle.
    Transaction,
    /// An earlier state restored; the undo of an import is the revert of its commit (PHR-59).
    Revert,
}

impl CommitAct {
    /// Every act.
    pub const ALL: [CommitAct; 6] =
        [Self::Import, Self::Create, Self::Update, Self::Delete, Self::Transaction, Self::Revert];

    /// The word that is stored, printed and hashed.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Transaction => "transaction",
            Self::Revert => "revert",
        }
    }

    /// The act of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<CommitAct> {
        Self::ALL.into_iter().find(|act| act.word() == word)
    }
}

/// The words of a commit: kept sealed, since a file name or a message may say what someone suffers from.
#[derive(Clone, PartialEq, Eq)]
pub struct CommitDetail {
    /// Kind and name of the caller who made it.
    pub author: String,
    /// What was done, in one line.
    pub message: String,
}
