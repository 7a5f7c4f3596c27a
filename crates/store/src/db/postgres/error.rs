//! What PostgreSQL's states mean to a caller. Its detail texts repeat values of rows and are never passed on.

use std::error::Error as _;

use deadpool_postgres::PoolError;
use tokio_postgres::error::{DbError as Report, SqlState};

use super::codec::Misfit;
use crate::db::DbError;

impl From<tokio_postgres::Error> for DbError {
    fn from(error: tokio_postgres::Error) -> DbError {
        if is_lost(&error) {
            return DbError::ConnectionLost;
        }
        if let Some(report) = error.as_db_error() {
            return from_report(report);
        }
        if let Some(misfit) = error.source().and_then(|source| source.downcast_ref::<Misfit>()) {
            return misfit.clone().into();
        }
        DbError::Other(error.to_string())
    }
}

impl From<PoolError> for DbError {
    fn from(error: PoolError) -> DbError {
        match error {
            PoolError::Timeout(deadpool_postgres::TimeoutType::Wait) => DbError::Busy,
            PoolError::Timeout(_) => DbError::ConnectionLost,
            PoolError::Backend(error) | PoolError::PostCreateHook(deadpool_postgres::HookError::Backend(error)) => {
                error.into()
            }
            other => DbError::Other(other.to_string()),
        }
    }
}

/// Whether the server is gone, as far as this connection knows.
pub(super) fn is_lost(error: &tokio_postgres::Error) -> bool {
    let by_state = |state: &SqlState| {
        let code = state.code();
        code.starts_with("08") || ["25P03", "57P01", "57P02", "57P03", "57P04", "57P05"].contains(&code)
    };
    match error.as_db_error() {
        Some(report) => by_state(report.code()),
        None => error.is_closed() || error.source().is_some_and(|source| source.is::<std::io::Error>()),
    }
}

/// The error of a commit: if the server is gone, nobody knows whether it was kept.
pub(super) fn ended(error: tokio_postgres::Error) -> DbError {
    if is_lost(&error) { DbError::CommitUnknown } else { error.into() }
}

fn from_report(report: &Report) -> DbError {
    let state = report.code();
    let constraint = || report.constraint().or(report.column()).unwrap_or_default().to_owned();
    match *state {
        SqlState::UNIQUE_VIOLATION => {
            DbError::Unique { table: report.table().unwrap_or_default().to_owned(), constraint: constraint() }
        }
        SqlState::DISK_FULL => DbError::DiskFull,
        SqlState::T_R_SERIALIZATION_FAILURE
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::LOCK_NOT_AVAILABLE
        | SqlState::TOO_MANY_CONNECTIONS => DbError::Busy,
        SqlState::QUERY_CANCELED => DbError::TooCostly,
        SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED => DbError::Corrupt,
        SqlState::INVALID_CATALOG_NAME => DbError::Missing,
        SqlState::READ_ONLY_SQL_TRANSACTION => DbError::Other("the transaction is for reading only".to_owned()),
        _ if state.code().starts_with("23") => DbError::Constraint { constraint: constraint() },
        // Other texts may repeat a value.
        _ if is_about_the_statement(state.code()) => DbError::Other(report.message().to_owned()),
        _ => DbError::Other(format!("the database reports state {}", state.code())),
    }
}

/// Classes whose messages name tables, columns, roles and settings only.
fn is_about_the_statement(code: &str) -> bool {
    ["0A", "25", "28", "3D", "3F", "42", "53", "54", "55", "58"].iter().any(|class| code.starts_with(class))
}
