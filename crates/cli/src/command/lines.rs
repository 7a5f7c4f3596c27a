//! Which lines of a record's chains are listed: what `mecum log` and `mecum access-log` take alike.

use clap::Args;

/// A record, and a page of one of its chains, newest first.
#[derive(Args)]
pub(super) struct Lines {
    /// The record, by number or name.
    #[arg(long)]
    pub(super) record: String,
    /// How many lines at most.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=1000))]
    pub(super) limit: i64,
    /// Only lines before this place in the chain.
    #[arg(long, value_name = "SEQ", default_value_t = i64::MAX, hide_default_value = true)]
    pub(super) before: i64,
}
