//! The search index: rows made of every version's text, by which searches find it.
//!
//! - `table`, `code`: the tables, and the short codes in them
//! - `values`: what one version calls for; `inserts`: into the tables and out of them
//! - `entry`: which versions can be found, and which stand in another's place
//! - `visible`: which entries a reader sees, as of a place in the chain
//! - `identifier`: resources by an identifier
//! - `reindex`: making the rows again

mod code;
mod entry;
mod identifier;
mod inserts;
mod reindex;
mod table;
mod values;
mod visible;

pub use identifier::identifiers_of;

pub(crate) use code::{exact_code, prefix_code, system_code, term_code};
#[cfg(test)]
pub(crate) use entry::supersede_sql;
pub(crate) use entry::{ENTRY_COLUMNS, Entries, ORDINAL_BITS, RESTORE, entry_no};
#[cfg(test)]
pub(crate) use identifier::identifier_sql;
pub(crate) use inserts::{IndexInserts, Met};
pub(crate) use reindex::read_owed;
#[cfg(test)]
pub(crate) use reindex::{SUPERSEDED_BY, behind_commit_sql, in_commit_sql};
pub(crate) use table::{IndexRow, IndexTable};
pub(crate) use values::{
    FEWEST_LETTERS, IndexValues, KnownWords, MOST_LETTERS, reference_directory_code, string_directory_code,
    target_columns, token_directory_code, uri_directory_code,
};
pub(crate) use visible::{Sight, bind};
