#![allow(unused)]

#[zocket::router]
mod app {
    #[outgoing]
    pub struct HttpError;

    #[outgoing(rename = "other")]
    pub struct HTTPError;
}

fn main() {}
