#[zocket::router]
mod app {
    #[payload]
    pub struct Post {
        text: String,
        room:
    }

    #[incoming]
    async fn post(input: Post) -> usize {
        let again = Post { text: input.text.clone(), room: 0 };
        again.text.len()
    }
}

fn main() {
    let _ = app::router();
}
