#[zocket::router]
mod app {
    #[payload]
    pub struct Post {
        text: String,
    }

    #[incoming]
    async fn post(input: ) {
        let _ = input.text;
    }
}

fn main() {
    let _ = app::router();
}
