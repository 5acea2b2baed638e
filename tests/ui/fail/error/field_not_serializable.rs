#![allow(unused)]

#[zocket::router]
mod app {
    pub struct Room;

    #[error]
    pub enum JoinError {
        Full { room: Room },
    }
}

fn main() {}
