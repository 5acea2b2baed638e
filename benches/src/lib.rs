//! zocket's benchmark: a load generator, and a comparison of the servers that it is pointed at.

pub mod compare;
#[allow(dead_code)] // What the example alone asks for.
#[path = "../../examples/tls/listener.rs"]
mod listener;
pub mod load;
pub mod peer;
pub mod wire;
