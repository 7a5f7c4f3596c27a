//! Who is asking: established once at the door, never re-derived from headers (design §2, the first of three values).

use crate::access::ScopeSet;
use crate::ids::RecordId;

/// Who is asking, and on whose behalf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// The person at the command line of the machine that holds the keys; named and logged like anybody else.
    Operator {
        /// The operating system's name of that person.
        name: String,
    },
    /// The person whose record it is, signed in at the portal.
    Holder {
        /// The random id made beside the session; never a part of its secret (AUD-2).
        session_id: String,
        /// The name under which whoever let her in knows her.
        name: String,
        /// The record that is open.
        record: RecordId,
    },
    /// A program the holder gave a part of one record to, by a bearer token.
    App {
        /// The random id made beside the token; never a part of it (AUD-2).
        token_id: String,
        /// The name under which the holder knows the program.
        client: String,
        /// The one record the token is bound to.
        record: RecordId,
        /// What the token allows.
        scopes: ScopeSet,
    },
    /// A back-end system: bound to no record, it reaches those that hold a live grant for it.
    System {
        /// The random id made beside the token.
        token_id: String,
        /// The registered name of the system.
        client: String,
        /// What the token allows.
        scopes: ScopeSet,
    },
    /// The program itself, for a named job.
    Job {
        /// What the job is for.
        name: &'static str,
    },
}

impl Caller {
    /// The words that name this caller in logs and accountings.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Operator { name } | Self::Holder { name, .. } => name,
            Self::App { client, .. } | Self::System { client, .. } => client,
            Self::Job { name } => name,
        }
    }

    /// The kind of caller, one word.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Operator { .. } => "operator",
            Self::Holder { .. } => "holder",
            Self::App { .. } => "app",
            Self::System { .. } => "system",
            Self::Job { .. } => "job",
        }
    }

    /// What tells two callers apart: kind, token where there is one, and name.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::App { token_id, .. } | Self::System { token_id, .. } => format!("{}:{token_id}", self.kind()),
            Self::Holder { session_id, .. } => format!("holder:{session_id}"),
            Self::Operator { name } => format!("operator:{name}"),
            Self::Job { name } => format!("job:{name}"),
        }
    }

    /// The record this caller is bound to, if it is bound to one.
    #[must_use]
    pub fn bound_record(&self) -> Option<RecordId> {
        match self {
            Self::Holder { record, .. } | Self::App { record, .. } => Some(*record),
            Self::Operator { .. } | Self::System { .. } | Self::Job { .. } => None,
        }
    }
}
