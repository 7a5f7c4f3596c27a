//! What can go wrong at the waist: one variant per failure that a caller can act on, and no value of any row in any text.

/// Why the database did not do what it was asked. Texts carry names of tables and rules, never values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// Another writer held on for too long, or two transactions crossed. Nothing was kept; the same call may succeed now.
    #[error("the database is busy: try again")]
    Busy,
    /// A read that was bound to a time took longer.
    #[error("the statement took longer than it was allowed to")]
    TooCostly,
    /// No space is left. Nothing of this transaction was kept.
    #[error("the disk of the database is full")]
    DiskFull,
    /// The server went away before the commit. Nothing was kept.
    #[error("the connection to the database was lost, nothing was changed")]
    ConnectionLost,
    /// The server went away during the commit: look before doing it again.
    #[error("the connection to the database was lost during a commit: whether it was kept is unknown")]
    CommitUnknown,
    /// A row with this key is there already.
    #[error("a row of {table} breaks the unique rule {constraint}")]
    Unique {
        /// The table, the same word on both databases.
        table: String,
        /// The database's own word for the rule: column names on SQLite, the constraint's name on PostgreSQL.
        constraint: String,
    },
    /// Another rule of the schema refused the row: a foreign key, a check, a missing value.
    #[error("a row breaks the rule {constraint}")]
    Constraint {
        /// The database's own word for the rule.
        constraint: String,
    },
    /// The database was made by a newer program.
    #[error("the database has schema version {found}, this program knows up to {known}: use the newer program")]
    SchemaNewer {
        /// The version in the database.
        found: u32,
        /// The highest version this program knows.
        known: u32,
    },
    /// A migration that was applied is not the one this program carries.
    #[error("migration {version} in the database is not the one this program carries")]
    SchemaChanged {
        /// The migration's version.
        version: u32,
    },
    /// A migration failed; the ones before it were kept.
    #[error("migration {version} ({name}) failed: {cause}")]
    Migration {
        /// The migration's version.
        version: u32,
        /// The migration's name.
        name: &'static str,
        /// What the database said.
        cause: Box<DbError>,
    },
    /// The file is a plain SQLite database, or the SQLite that was linked cannot encrypt.
    #[error("the database is not encrypted: refusing to open it")]
    NotEncrypted,
    /// The key does not open this file, or the file's first page is damaged.
    #[error("the key does not open this database, or its first page is damaged")]
    WrongKey,
    /// There is no database here, and none was to be made.
    #[error("there is no database here")]
    Missing,
    /// A page was altered or damaged.
    #[error("the database file is damaged: restore a backup")]
    Corrupt,
    /// A value does not fit where it was put, or was asked for as something that it is not. A fault of the program.
    #[error("{place} is {found}, not {wanted}")]
    Type {
        /// Which column or parameter.
        place: String,
        /// What was asked for.
        wanted: &'static str,
        /// What is there.
        found: String,
    },
    /// A statement that should find one row found none.
    #[error("the statement found no row")]
    NoRow,
    /// This database cannot do that.
    #[error("{0}")]
    Unsupported(&'static str),
    /// Reading or writing the database's files failed.
    #[error("the database's files cannot be read or written: {0}")]
    Io(String),
    /// Anything else; a text for the operator.
    #[error("{0}")]
    Other(String),
}

impl DbError {
    /// Whether the same call may succeed if it is made again, with nothing kept of the first.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Busy | Self::ConnectionLost)
    }

    /// A failed file operation, in the words of the operating system.
    pub(super) fn from_io(error: &std::io::Error) -> DbError {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            std::io::ErrorKind::NotFound => Self::Missing,
            kind => Self::Io(kind.to_string()),
        }
    }
}
