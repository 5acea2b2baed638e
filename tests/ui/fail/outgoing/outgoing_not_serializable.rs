#![allow(unused)]

#[zocket::router]
mod app {
    pub struct User;

    #[outgoing]
    pub struct Joined {
        pub user: User,
    }
}

fn main() {}
