#![allow(unused)]

#[zocket::router(rename_all = "camel_case")]
mod app {}

fn main() {}
