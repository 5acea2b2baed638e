#![allow(unused)]

#[zocket::router]
mod app {
    #[outgoing]
    pub struct HttpError;

    #[outgoing(rename = "http-error")]
    pub struct HTTPError;
}

fn main() {}
