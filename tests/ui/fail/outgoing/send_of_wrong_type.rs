#![allow(unused)]

#[zocket::router]
mod app {
    #[outgoing]
    pub struct Joined {
        pub name: String,
    }

    #[outgoing]
    pub struct Left {
        pub name: String,
    }

    #[incoming]
    async fn leave(name: String) {
        send::joined(Left { name }).broadcast();
    }
}

fn main() {}
