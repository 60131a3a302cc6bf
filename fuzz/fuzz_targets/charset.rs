#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| meeting_migration::fuzzing::charset(data));
