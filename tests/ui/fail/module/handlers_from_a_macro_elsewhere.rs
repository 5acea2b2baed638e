macro_rules! handler {
    ($name:ident) => {
        #[incoming]
        async fn $name() {}
    };
}

#[zocket::router]
mod app {
    handler!(first);
}

fn main() {
    let _ = app::router();
}
