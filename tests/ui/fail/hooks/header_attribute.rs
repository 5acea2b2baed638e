//! Mistakes: 5.

#![allow(unused)]

#[zocket::router]
mod app {
    #[headers]
    pub struct Headers {
        #[header]
        pub user: Option<String>,
        #[header(http)]
        pub role: Option<String>,
        #[header(http_only)]
        #[serde(flatten)]
        pub more: More,
    }

    #[payload]
    pub struct More {
        #[header(http_only)]
        pub address: Option<String>,
    }
}

#[zocket::header(http_only)]
struct Elsewhere;

fn main() {}
