//! The runtime's private parts, for its fuzz targets and micro-benchmarks: thin functions over private modules, which are
//! otherwise hidden. Behind the feature `internals`, which nothing but `fuzz/` and `benches/` turns on.
//!
//! Not for use by hand: it changes without notice.

mod coding;
mod hub;
mod schema;
mod session;
mod wire;

pub use coding::{Packer, inflate, json_to_msgpack, msgpack_to_json};
pub use hub::{Fanout, Queue};
pub use schema::Schema;
pub use session::{Calls, Session};
pub use wire::{
    BadEnvelope, Envelope, Found, Frames, Json, Refused, append_json, apply_mask, encode_event, encode_reply,
    from_json, glance_at_envelope, masked_frame, parse_envelope,
};
