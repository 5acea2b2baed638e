#[zocket::router]
mod app {
    macro_rules! handler {
        ($name:ident) => {
            #[incoming]
            async fn $name() {}
        };
    }

    handler!(first);
    handler!(second);
}

fn main() {
    let _ = app::router();
}
