#![allow(unused)]

#[zocket::router]
pub struct App;

fn main() {}
