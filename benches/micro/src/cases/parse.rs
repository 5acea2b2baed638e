//! Envelopes, payloads and schemas.

use std::hint::black_box;

use zocket_runtime::internals::Schema;
use zocket_wire::{envelope::parse, json::from_str};

use crate::{
    Case,
    payload::Order,
    server::{echo, order},
};

const SMALL: usize = Order::SMALL;
const LARGE: usize = Order::LARGE;

pub(super) const CASES: &[Case] = &[
    Case::new("envelope, echo of 64 B", || envelope(echo(64))),
    Case::new("envelope, payload of 189 B", || envelope(order(&Order::with_lines(SMALL).json()))),
    Case::new("envelope, payload of 2,172 B", || envelope(order(&Order::with_lines(LARGE).json()))),
    Case::new("typed payload, 189 B", || typed(SMALL)),
    Case::new("typed payload, 2,172 B", || typed(LARGE)),
    Case::new("typed payload by serde_json, 189 B", || typed_by_serde_json(SMALL)),
    Case::new("typed payload by serde_json, 2,172 B", || typed_by_serde_json(LARGE)),
    Case::new("schema alone, 189 B", || checked(SMALL)),
    Case::new("schema alone, 2,172 B", || checked(LARGE)),
    Case::new("typed payload and schema, 189 B", || enforced(SMALL)),
    Case::new("typed payload and schema, 2,172 B", || enforced(LARGE)),
];

fn envelope(message: String) -> Box<dyn FnMut()> {
    Box::new(move || {
        let envelope = parse(black_box(&message)).expect("an envelope");
        black_box(envelope);
    })
}

fn typed(lines: usize) -> Box<dyn FnMut()> {
    let text = Order::with_lines(lines).json();
    Box::new(move || {
        let order = from_str::<Order>(black_box(&text)).expect("an order");
        black_box(order.value);
    })
}

fn typed_by_serde_json(lines: usize) -> Box<dyn FnMut()> {
    let text = Order::with_lines(lines).json();
    Box::new(move || {
        let order: Order = serde_json::from_str(black_box(&text)).expect("an order");
        black_box(order);
    })
}

fn checked(lines: usize) -> Box<dyn FnMut()> {
    let text = Order::with_lines(lines).json();
    let schema = Schema::of::<Order>();
    Box::new(move || assert!(schema.approves(black_box(&text))))
}

fn enforced(lines: usize) -> Box<dyn FnMut()> {
    let text = Order::with_lines(lines).json();
    let schema = Schema::of::<Order>();
    Box::new(move || {
        let order: Order = schema.parse(black_box(&text)).expect("a valid order");
        black_box(order);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_payloads_are_as_large_as_they_are_called() {
        assert_eq!(Order::with_lines(SMALL).json().len(), 189);
        assert_eq!(Order::with_lines(LARGE).json().len(), 2172);
    }
}
