//! Fuzz target: JWE and age envelopes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mecum_fuzz::envelope(bytes));
