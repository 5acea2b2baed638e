#![allow(unused)]

#[zocket::router]
mod app {
    #[headers]
    type Headers = std::collections::HashMap<String, String>;
}

fn main() {}
