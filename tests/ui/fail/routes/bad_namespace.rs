//! Mistakes: 3.

#![allow(unused)]

#[zocket::router(namespace = "chat..rooms")]
mod empty {}

#[zocket::router(namespace = "chat rooms")]
mod spaced {}

#[zocket::router(namespace = "__chat")]
mod reserved {}

fn main() {}
