#![allow(unused)]

#[zocket::router]
mod app {
    #[payload]
    pub struct Join {
        pub room: String,
    }

    #[middleware]
    async fn open(input: Join) -> Result<(), zocket::Error> {
        Ok(())
    }
}

fn main() {}
