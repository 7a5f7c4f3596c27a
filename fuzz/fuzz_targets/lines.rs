//! Fuzz target: `.phr` and NDJSON.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mecum_fuzz::lines(bytes));
