#![allow(unused)]

#[zocket::router]
mod app {
    struct Chat;

    impl Chat {
        #[incoming]
        async fn join(room: String) {}
    }
}

fn main() {}
