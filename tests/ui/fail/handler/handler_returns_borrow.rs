#[zocket::router]
mod app {
    #[incoming]
    async fn name() -> &str {
        "name"
    }
}

fn main() {
    let _ = app::router();
}
