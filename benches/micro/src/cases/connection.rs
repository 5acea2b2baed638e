//! From a route's name to a reply, and whole connections.

use std::hint::black_box;

use serde::Serialize;
use zocket_runtime::internals::{Calls, Queue, Session};
use zocket_wire::{codec::Codec, envelope::RpcId, message};

use crate::{
    Case,
    payload::Order,
    server::{echo, frame, order, server},
};

pub(super) const CASES: &[Case] = &[
    Case::new("dispatch a call without payload", || dispatch("order.touch", "null".into())),
    Case::new("dispatch an echo of 64 B", || dispatch("echo.say", text(64))),
    Case::new("encode an event, 64 B", || {
        let payload = Text { text: "x".repeat(64) };
        Box::new(move || drop(black_box(message::event("system.announcement", &payload))))
    }),
    Case::new("encode a reply, 64 B", || {
        let payload = Text { text: "x".repeat(64) };
        let mut buffer = Vec::new();
        Box::new(move || {
            buffer.clear();
            let id = RpcId::new(r#""k3j9x""#);
            message::reply(&mut buffer, Codec::Json, &id, Some(&payload)).expect("a reply");
            black_box(&buffer);
        })
    }),
    Case::new("stage a reply and take it, 64 B", || {
        let queue = Queue::new();
        let reply = frame(&echo(64));
        Box::new(move || {
            queue.stage(|buffer| buffer.extend_from_slice(black_box(&reply)));
            assert!(queue.take().is_some());
        })
    }),
    Case::new("a connection: call and reply, echo of 64 B", || exchange(&frame(&echo(64)))),
    Case::new("a connection: eight calls in one read, echo of 64 B", || {
        exchange(&frame(&echo(64)).repeat(8))
    })
    .of(8),
    Case::new("a connection: call and reply, echo of 1 KiB", || exchange(&frame(&echo(1024)))),
    Case::new("a connection: call and reply, payload of 2,172 B", || {
        exchange(&frame(&order(&Order::with_lines(Order::LARGE).json())))
    }),
];

#[derive(Serialize)]
struct Text {
    text: String,
}

fn text(length: usize) -> String {
    format!(r#"{{"text":"{}"}}"#, "x".repeat(length))
}

fn dispatch(route: &'static str, payload: String) -> Box<dyn FnMut()> {
    let calls = Calls::open(&server());
    Box::new(move || assert!(calls.call(black_box(route), black_box(&payload), r#""k3j9x""#) > 0))
}

/// Bytes in, reply bytes out, over a stream in memory: all but the kernel and the scheduler.
fn exchange(input: &[u8]) -> Box<dyn FnMut()> {
    let input = input.to_vec();
    let mut session = Session::open(&server());
    let mut output = Vec::new();
    Box::new(move || {
        output.clear();
        assert!(session.exchange(black_box(&input), &mut output) && !output.is_empty());
    })
}
