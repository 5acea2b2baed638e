//! Broadcasts: from `send` to what waits in each receiver's outbox, and taken from there.

use std::hint::black_box;

use zocket_runtime::internals::Fanout;
use zocket_wire::message::event;

use crate::{Case, RUNTIME};

pub(super) const CASES: &[Case] = &[
    Case::new("fan-out to one, a delivery", || fan_out(1, 1)),
    Case::new("fan-out to 1,000, one message, a delivery", || fan_out(1000, 1)).of(1000),
    Case::new("fan-out to 1,000, sixteen messages, a delivery", || fan_out(1000, 16)).of(16_000),
];

fn fan_out(receivers: usize, messages: usize) -> Box<dyn FnMut()> {
    let fanout = Fanout::new(receivers);
    let frame = event("system.announcement", &"x".repeat(64)).expect("an event");
    let expected = receivers * messages * frame.len();
    Box::new(move || {
        for _ in 0..messages {
            assert_eq!(fanout.broadcast(black_box(&frame)), receivers);
        }
        RUNTIME.block_on(fanout.settle());
        assert_eq!(fanout.take(), expected);
    })
}
