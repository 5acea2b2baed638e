//! zocket's benchmark: a load generator, and a comparison of the servers that it is pointed at.

pub mod compare;
pub mod load;
pub mod peer;
pub mod wire;
