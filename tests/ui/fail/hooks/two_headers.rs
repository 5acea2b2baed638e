#![allow(unused)]

#[zocket::router]
mod app {
    #[headers]
    struct Headers {
        name: Option<String>,
    }

    #[headers]
    struct Query {
        room: Option<String>,
    }
}

fn main() {}
