#[zocket::router]
mod app {
    #[incoming]
    async fn hello() {}

    #[zocket::router]
    pub mod inner {
        #[incoming]
        async fn lost() {}
    }
}

fn main() {
    let _ = app::router();
    let _ = app::inner::router();
}
