//! Fuzz target: the JSON tokenizer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mecum_fuzz::json(bytes));
