//! Mistakes: 2.

#[zocket::router]
mod app {
    #[incoming]
    const async fn constant() {}

    #[incoming]
    const fn constant_and_not_async() {}
}

fn main() {
    let _ = app::router();
}
