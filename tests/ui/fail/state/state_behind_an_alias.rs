//! What an alias from elsewhere stands for is not known when the macro runs.

#[derive(Clone)]
pub struct Database;

type Db = zocket::State<Database>;

#[zocket::router]
mod app {
    use super::*;

    #[incoming]
    async fn join(db: Db) {
        let _ = db;
    }
}

fn main() {
    let _ = app::router();
}
