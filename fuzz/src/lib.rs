//! What the fuzz targets do with their input. Each public module is one target; its `run` panics if a property is violated.

#![forbid(unsafe_code)]

pub mod contract;
pub mod envelope;
pub mod frames;
pub mod inflate;
pub mod json;
pub mod msgpack;
pub mod session;
pub mod validate;

mod deflate_model;
mod model;
mod oracle;
mod read;
mod shapes;
