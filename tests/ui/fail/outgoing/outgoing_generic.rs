#![allow(unused)]

#[zocket::router]
mod app {
    #[outgoing]
    pub struct Joined<T> {
        pub user: T,
    }
}

fn main() {}
