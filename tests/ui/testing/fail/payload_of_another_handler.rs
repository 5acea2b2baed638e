use zocket::testing::Client;

#[zocket::router]
mod app {
    #[payload]
    pub struct Join {
        pub room: String,
    }

    #[incoming]
    async fn join(input: Join) {
        drop(input.room);
    }
}

async fn test(mut client: Client) {
    client.ask(app::calls::join("lobby")).await.unwrap();
}

fn main() {}
