//! A message's other forms: compressed, and in MessagePack.

use std::hint::black_box;

use zocket_wire::{
    deflate::{Deflater, inflate},
    message::event,
    msgpack::{from_json, to_json},
};

use crate::{
    Case,
    payload::Order,
    server::{echo, order},
};

pub(super) const CASES: &[Case] = &[
    Case::new("compress an event with a payload of 2,172 B, level 3", || {
        let deflater = Deflater::new(3, 0);
        let frame = event("order.placed", &Order::with_lines(Order::LARGE)).expect("an event");
        Box::new(move || assert!(black_box(deflater.frame(black_box(&frame))).is_some()))
    }),
    Case::new("inflate an event with a payload of 2,172 B", || {
        let frame = event("order.placed", &Order::with_lines(Order::LARGE)).expect("an event");
        let deflated = Deflater::new(3, 0).frame(&frame).expect("it shrinks");
        // The header of a frame of 126 to 65,535 bytes.
        let payload = deflated[4..].to_vec();
        Box::new(move || drop(black_box(inflate(black_box(&payload), 64 * 1024).expect("it was compressed"))))
    }),
    Case::new("from MessagePack, echo of 64 B", || from_msgpack(&echo(64))),
    Case::new("from MessagePack, payload of 2,172 B", || {
        from_msgpack(&order(&Order::with_lines(Order::LARGE).json()))
    }),
    Case::new("to MessagePack, echo of 64 B", || to_msgpack(echo(64))),
    Case::new("to MessagePack, payload of 2,172 B", || {
        to_msgpack(order(&Order::with_lines(Order::LARGE).json()))
    }),
];

fn from_msgpack(message: &str) -> Box<dyn FnMut()> {
    let mut packed = Vec::new();
    from_json(message, &mut packed).expect("JSON");
    let mut json = String::new();
    Box::new(move || {
        json.clear();
        to_json(black_box(&packed), &mut json, 64 * 1024).expect("a message");
        black_box(&json);
    })
}

fn to_msgpack(message: String) -> Box<dyn FnMut()> {
    let mut packed = Vec::new();
    Box::new(move || {
        packed.clear();
        from_json(black_box(&message), &mut packed).expect("JSON");
        black_box(&packed);
    })
}
