//! Why a measurement did not come about.

use mecum_phr::Failure;
use mecum_store::db::DbError;

/// Why a measurement did not come about. Nothing here is kept or hides anybody: the people are made up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BenchError {
    /// In a sentence.
    #[error("{0}")]
    Said(String),
    /// A file, a process or a connection.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// What was asked of a record.
    #[error("{0}")]
    Phr(#[from] Failure),
    /// A database.
    #[error("{0}")]
    Db(#[from] DbError),
    /// An answer that is no JSON.
    #[error("an answer is no JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl BenchError {
    /// A sentence.
    pub(crate) fn said(text: impl Into<String>) -> BenchError {
        BenchError::Said(text.into())
    }
}
