use zocket::testing::Client;

#[zocket::router]
mod app {
    #[derive(serde::Deserialize, zocket::schemars::JsonSchema)]
    #[schemars(crate = "zocket::schemars")]
    pub struct Join {
        pub room: String,
    }

    #[incoming]
    async fn join(input: Join) {
        drop(input.room);
    }
}

async fn test(mut client: Client) {
    client.ask(app::calls::join(app::Join { room: "lobby".to_owned() })).await.unwrap();
}

fn main() {}
