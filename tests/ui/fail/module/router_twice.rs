#[zocket::router]
#[zocket::router]
mod app {
    #[outgoing]
    pub struct Hello {}

    #[incoming]
    async fn hello() {
        send::hello(Hello {}).broadcast();
    }
}

fn main() {
    let _ = app::router();
}
