#[zocket::router]
mod app {}
