//! Mistakes: 2.
//!
//! What the schema does not say is not read, and what it asks for is asked for.

#[zocket::router]
mod app {
    #[payload]
    pub struct Join {
        #[serde(default, alias = "channel")]
        pub room: String,
        #[schemars(required)]
        pub name: Option<String>,
    }

    #[incoming]
    async fn join(_join: Join) {}
}

fn main() {}
