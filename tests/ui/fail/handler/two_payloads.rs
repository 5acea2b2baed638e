#![allow(unused)]

#[zocket::router]
mod app {
    use zocket::ClientId;

    #[payload]
    pub struct Join {
        pub room: String,
    }

    #[incoming]
    async fn join(input: Join, client: ClientId, name: String) {}
}

fn main() {}
