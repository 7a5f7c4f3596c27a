//! What the program promises when things end badly (I8): killed, cut off from its database, without room on the disk.
//!
//! Ten trials of each kind run with every test; `cargo xtask soak` runs as many as one likes. A trial that fails names its seed.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

mod backups;
mod cluster;
mod disk_full;
mod house;
mod http;
mod imports;
mod lost_connection;
mod postgres_stopped;
mod sync_order;
mod tagged;
mod trials;
mod writes;
