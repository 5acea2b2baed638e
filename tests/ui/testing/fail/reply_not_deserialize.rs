use zocket::testing::Client;

#[zocket::router]
mod app {
    #[derive(serde::Serialize, zocket::schemars::JsonSchema)]
    #[schemars(crate = "zocket::schemars")]
    pub struct Joined {
        pub seats: u8,
    }

    #[incoming]
    async fn join() -> Result<Joined, zocket::Error> {
        Ok(Joined { seats: 2 })
    }
}

async fn test(mut client: Client) {
    client.ask(app::calls::join()).await.unwrap();
}

fn main() {}
