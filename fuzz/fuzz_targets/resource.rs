//! Fuzz target: a resource, its rules and its repairs.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mecum_fuzz::resource(bytes));
