//! The small runtime on which all PostgreSQL connections of the process live.

use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::db::DbError;

// One for all, and never dropped: a runtime may not be dropped from inside another one.
static RUNTIME: OnceLock<Runtime> = OnceLock::new();

/// The shared runtime, started by the first who asks. Waiting on its handle blocks the calling thread.
pub(super) fn shared() -> Result<&'static Handle, DbError> {
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime.handle());
    }
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("postgres")
        .enable_all()
        .build()
        .map_err(|error| DbError::from_io(&error))?;
    if let Err(second) = RUNTIME.set(runtime) {
        second.shutdown_background();
    }
    RUNTIME.get().map(Runtime::handle).ok_or_else(|| DbError::Other("the runtime was not kept".to_owned()))
}
