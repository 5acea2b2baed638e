//! What readers of contract documents see: people with a file that is none, and tools.

mod asyncapi;
mod hash;
mod meta_schema;
mod parse;
mod sample;
mod schemas;
