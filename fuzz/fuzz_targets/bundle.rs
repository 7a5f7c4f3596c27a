//! Fuzz target: a Bundle, or any other JSON value.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mecum_fuzz::bundle(bytes));
