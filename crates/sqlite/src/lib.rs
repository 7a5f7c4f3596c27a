//! Links SQLite3 Multiple Ciphers as the SQLite of this build.
//!
//! `rusqlite` is used without its bundled SQLite: its bindings ask the linker for `sqlite3_*`, and this crate is what answers.
//! Plain SQLite ignores `PRAGMA key` in silence, so [`cipher_version`] lets the store refuse to start over anything else.

use std::ffi::{CStr, c_char};

#[expect(
    unsafe_code,
    reason = "the one foreign call that plain SQLite does not have, so its presence proves the library"
)]
mod foreign {
    use super::c_char;

    unsafe extern "C" {
        safe fn sqlite3mc_version() -> *const c_char;
    }

    /// The library's own version text; a static string of the C library.
    pub(super) fn version() -> &'static super::CStr {
        // SAFETY: the library returns a pointer to a static, NUL-terminated string.
        unsafe { super::CStr::from_ptr(sqlite3mc_version()) }
    }
}

/// Name and version of the linked encrypting SQLite, e.g. `SQLite3 Multiple Ciphers 2.6.1`.
#[must_use]
pub fn cipher_version() -> &'static str {
    let version: &'static CStr = foreign::version();
    version.to_str().unwrap_or("unreadable")
}
