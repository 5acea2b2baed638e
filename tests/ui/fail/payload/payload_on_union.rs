#![allow(unused)]

#[zocket::router]
mod app {
    #[payload]
    pub union Bits {
        whole: u32,
        parts: [u8; 4],
    }
}

fn main() {}
