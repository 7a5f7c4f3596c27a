//! The `.sphr` container: layout, safety, sealing with AES, and other programs' opinion of it (PHR-20 to PHR-33).
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "sphr/layout.rs"]
mod layout;
#[path = "sphr/locked.rs"]
mod locked;
#[path = "sphr/mutation.rs"]
mod mutation;
#[path = "sphr/raw_zip.rs"]
mod raw_zip;
#[path = "sphr/safety.rs"]
mod safety;
#[path = "sphr/samples.rs"]
mod samples;
#[path = "sphr/sealed.rs"]
mod sealed;
#[path = "sphr/seven_zip.rs"]
mod seven_zip;
#[path = "sphr/written.rs"]
mod written;
