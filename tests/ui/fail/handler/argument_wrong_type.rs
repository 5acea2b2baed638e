#![allow(unused)]

#[zocket::router]
mod app {
    /// Neither an extractor nor a payload.
    pub struct Database;

    #[incoming]
    async fn join(database: Database) {}
}

fn main() {}
