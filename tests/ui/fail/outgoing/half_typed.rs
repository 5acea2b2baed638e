#[zocket::router]
mod app {
    #[outgoing]
    pub struct Posted {
        pub text
    }

    #[incoming]
    async fn post() {
        send::posted(Posted { text: "a".to_owned() }).broadcast();
    }
}

fn main() {
    let _ = app::router();
}
