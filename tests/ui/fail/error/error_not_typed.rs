#![allow(unused)]

#[zocket::router]
mod app {
    pub enum JoinError {
        Full,
    }

    #[incoming]
    async fn join(room: String) -> Result<(), JoinError> {
        Err(JoinError::Full)
    }
}

fn main() {}
