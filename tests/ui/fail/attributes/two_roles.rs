#![allow(unused)]

#[zocket::router]
mod app {
    #[incoming]
    #[middleware]
    async fn join(room: String) -> Result<(), zocket::Error> {
        Ok(())
    }
}

fn main() {}
