//! Mistakes: 5.

#[zocket::router]
mod app {
    #[cfg_attr(unix, incoming)]
    async fn first() {}

    #[cfg_attr(unix, doc = "The second.", zocket::incoming(rename = "other"))]
    async fn second() {}

    #[cfg_attr(unix, payload)]
    pub struct Post {
        pub text: String,
    }

    #[incoming]
    async fn third(#[cfg_attr(unix, from(first))] _user: String) {}

    #[error]
    pub enum PostError {
        #[cfg_attr(unix, error("no room"))]
        NoRoom,
    }
}

fn main() {
    let _ = app::router();
}
