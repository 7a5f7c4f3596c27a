//! Fuzz target: `.sphr` and any other ZIP.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mecum_fuzz::archive(bytes));
