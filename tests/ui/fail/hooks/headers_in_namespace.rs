#![allow(unused)]

#[zocket::router]
mod app {
    mod chat {
        #[headers]
        struct Headers {
            name: Option<String>,
        }
    }
}

fn main() {}
