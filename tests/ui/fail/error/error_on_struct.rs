#![allow(unused)]

#[zocket::error]
pub struct Full;

fn main() {}
