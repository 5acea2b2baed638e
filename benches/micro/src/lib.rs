//! Parts of zocket's hot path. Each [`Case`] is run by `benches/micro.rs`, which measures its time, and by
//! `src/instructions.rs`, whose instructions callgrind counts.

pub mod cases;
pub mod payload;
pub mod server;

use std::sync::LazyLock;

use tokio::runtime::{Builder, Runtime};

/// Where the hub's tasks live. Nothing in a case waits for another thread.
pub static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_time().build().expect("a runtime"));

/// One part of a message's path.
pub struct Case {
    /// What it is, and on how much.
    pub name: &'static str,
    /// How many operations one run makes: deliveries of a broadcast, say.
    pub operations: u64,
    /// Makes what is run.
    pub make: fn() -> Box<dyn FnMut()>,
}

impl Case {
    const fn new(name: &'static str, make: fn() -> Box<dyn FnMut()>) -> Self {
        Self { name, operations: 1, make }
    }

    const fn of(self, operations: u64) -> Self {
        Self { operations, ..self }
    }
}
