//! What readers of contract documents see: people with a file that is not a contract, and tools.

mod asyncapi;
mod asyncapi_size;
mod hash;
mod meta_schema;
mod parse;
mod sample;
mod schemas;
