use zocket::testing::Client;

#[zocket::router]
mod app {
    #[outgoing]
    pub struct Outbid {
        pub by: u32,
    }
}

async fn test(mut client: Client) {
    client.expect::<app::Outbid>().await;
}

fn main() {}
