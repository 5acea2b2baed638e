#![allow(unused)]

#[zocket::router]
mod app {
    use zocket::ClientId;

    pub struct Join {
        pub room: String,
    }

    #[incoming]
    async fn join(client: ClientId, input: Join) {}
}

fn main() {}
