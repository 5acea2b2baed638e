//! The payload that parsing and validation are measured with, in two sizes.

use serde::{Deserialize, Serialize};
use zocket::__private::schemars;
use zocket::__private::schemars::JsonSchema;

/// An order, with the constraints that one would put on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Order {
    #[schemars(length(min = 1, max = 64))]
    pub customer: String,
    #[schemars(length(max = 500))]
    pub note: Option<String>,
    pub urgent: bool,
    #[schemars(length(min = 1, max = 100))]
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    #[schemars(length(min = 3, max = 20))]
    pub sku: String,
    #[schemars(range(min = 1, max = 1000))]
    pub quantity: u32,
    #[schemars(range(min = 0.0))]
    pub price: f64,
    #[schemars(length(max = 80))]
    pub label: String,
}

impl Order {
    /// The lines of an order of exactly 189 bytes of JSON.
    pub const SMALL: usize = 1;
    /// The lines of an order of exactly 2,172 bytes of JSON.
    pub const LARGE: usize = 23;

    /// An order with this many lines.
    #[must_use]
    pub fn with_lines(lines: usize) -> Self {
        let line = |number: usize| Line {
            sku: format!("SKU-{:05}", number * 7919 % 100_000),
            quantity: (number % 40 + 1) as u32,
            price: number as f64 * 1.25 + 9.75,
            label: format!("Socket wrench, size {}, in a box", number + 10),
        };
        Self {
            customer: "Ada Lovelace".into(),
            note: Some("Leave it with the neighbour, thank you".into()),
            urgent: false,
            lines: (0..lines).map(line).collect(),
        }
    }

    /// As a client sends it.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("an order is JSON")
    }
}
