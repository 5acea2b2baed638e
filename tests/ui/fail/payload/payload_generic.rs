//! Mistakes: 2.

#![allow(unused)]

#[zocket::router]
mod app {
    #[payload]
    pub struct Page<T> {
        pub items: Vec<T>,
    }
}

#[zocket::payload]
pub struct Borrowed<'a> {
    pub text: &'a str,
}

fn main() {}
