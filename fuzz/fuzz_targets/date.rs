//! Fuzz target: dates and times.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mecum_fuzz::date(bytes));
