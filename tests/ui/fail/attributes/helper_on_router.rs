#![allow(unused)]

#[zocket::router]
#[incoming]
mod app {}

fn main() {}
