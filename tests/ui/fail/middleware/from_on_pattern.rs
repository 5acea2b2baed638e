#![allow(unused)]

#[zocket::router]
mod app {
    pub struct User {
        pub name: String,
    }

    #[middleware]
    async fn signed_in() -> Result<User, zocket::Error> {
        Ok(User { name: String::new() })
    }

    #[incoming]
    async fn join(#[from(signed_in)] (user, room): (User, String)) {}
}

fn main() {}
