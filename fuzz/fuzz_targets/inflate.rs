#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| zocket_fuzz::inflate::run(data));
