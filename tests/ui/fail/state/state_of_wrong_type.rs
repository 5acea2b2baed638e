#![allow(unused)]

#[derive(Clone)]
pub struct AppState;

#[derive(Clone)]
pub struct Database;

#[zocket::router(state = crate::AppState)]
mod app {
    use super::Database;
    use zocket::State;

    #[incoming]
    async fn join(State(database): State<Database>) {}
}

fn main() {}
