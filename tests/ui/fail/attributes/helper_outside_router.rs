//! Mistakes: 4.

#![allow(unused)]

#[zocket::incoming]
async fn join(room: String) {}

#[zocket::outgoing]
pub struct Joined;

#[zocket::middleware]
async fn signed_in() -> Result<(), zocket::Error> {
    Ok(())
}

#[zocket::on_connect]
async fn connect() {}

fn main() {}
