#![allow(unused)]

#[zocket::router]
mod app {
    #[guard]
    mod shop {
        #[incoming]
        async fn buy(item: String) {}
    }
}

fn main() {}
