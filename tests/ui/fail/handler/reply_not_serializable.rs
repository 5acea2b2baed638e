//! Mistakes: 2.

#![allow(unused)]

#[zocket::router]
mod app {
    pub struct Joined {
        pub room: String,
    }

    #[incoming]
    async fn join(room: String) -> Joined {
        Joined { room }
    }

    #[incoming]
    async fn enter(room: String) -> Result<Joined, zocket::Error> {
        Ok(Joined { room })
    }
}

fn main() {}
