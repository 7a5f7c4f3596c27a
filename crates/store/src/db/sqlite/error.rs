//! What SQLite's result codes mean to a caller.

use rusqlite::ffi::{self, ErrorCode};

use crate::db::DbError;

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> DbError {
        match error {
            rusqlite::Error::SqliteFailure(code, message) => from_code(code, message),
            rusqlite::Error::SqlInputError { error, msg, .. } => from_code(error, Some(msg)),
            rusqlite::Error::ExecuteReturnedResults => {
                DbError::Other("a statement that returns rows must be queried, not executed".to_owned())
            }
            other => DbError::Other(other.to_string()),
        }
    }
}

fn from_code(code: ffi::Error, message: Option<String>) -> DbError {
    match code.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => DbError::Busy,
        ErrorCode::OperationInterrupted => DbError::TooCostly,
        ErrorCode::DiskFull => DbError::DiskFull,
        ErrorCode::ConstraintViolation => constraint(code.extended_code, message),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => DbError::Corrupt,
        ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::FileLockingProtocolFailed => {
            DbError::Io(ffi::code_to_str(code.extended_code).to_lowercase())
        }
        ErrorCode::ReadOnly => DbError::Other("the transaction is for reading only".to_owned()),
        _ => DbError::Other(message.unwrap_or_else(|| ffi::code_to_str(code.extended_code).to_lowercase())),
    }
}

/// SQLite's texts name columns or an index, never values: `UNIQUE constraint failed: account.name`.
fn constraint(extended_code: i32, message: Option<String>) -> DbError {
    let message = message.unwrap_or_default();
    let constraint = message.split_once(": ").map_or(message.as_str(), |(_, rule)| rule).to_owned();
    let unique = [ffi::SQLITE_CONSTRAINT_UNIQUE, ffi::SQLITE_CONSTRAINT_PRIMARYKEY, ffi::SQLITE_CONSTRAINT_ROWID];
    if unique.contains(&extended_code) {
        let table = constraint.split('.').next().unwrap_or_default().to_owned();
        return DbError::Unique { table, constraint };
    }
    DbError::Constraint { constraint }
}
