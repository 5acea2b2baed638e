//! Masks, frames and UTF-8.

use std::hint::black_box;

use zocket_wire::{
    decode::{Decoder, Event, Step},
    frame::Role,
    mask,
};

use crate::{Case, server::frame};

pub(super) const CASES: &[Case] = &[
    Case::new("unmask 64 B", || unmask(64)),
    Case::new("unmask 1 KiB", || unmask(1024)),
    Case::new("unmask 16 KiB", || unmask(16 * 1024)),
    Case::new("decode a frame, 64 B of ASCII", || decode(&"x".repeat(64), &[])),
    Case::new("decode a frame, 1 KiB of ASCII", || decode(&"x".repeat(1024), &[])),
    Case::new("decode a frame, 1 KiB of mixed text", || decode(&"aß€😀 ".repeat(93), &[])),
    Case::new("decode a frame in two reads, 1 KiB of mixed text", || decode(&"aß€😀 ".repeat(93), &[511])),
];

fn unmask(length: usize) -> Box<dyn FnMut()> {
    let mut bytes = vec![7; length];
    Box::new(move || mask::apply([0x37, 0xfa, 0x21, 0x3d], black_box(&mut bytes)))
}

fn decode(text: &str, cuts: &[usize]) -> Box<dyn FnMut()> {
    let frame = frame(text);
    let mut reads = Vec::new();
    let mut from = 0;
    for cut in cuts.iter().copied().chain([frame.len()]) {
        reads.push(frame[from..cut].to_vec());
        from = cut;
    }
    let mut decoder = Decoder::new(Role::Server, 64 * 1024);
    let expected = text.len();
    Box::new(move || {
        let mut length = 0;
        for read in &mut reads {
            let mut rest = &mut black_box(read)[..];
            loop {
                let Step { consumed, event } = decoder.next(rest).expect("a frame");
                match event {
                    Some(Event::Text(text)) => length += black_box(text).len(),
                    Some(_) => {}
                    None => break,
                }
                rest = &mut rest[consumed..];
            }
        }
        assert_eq!(length, expected);
    })
}
