#![allow(unused)]

#[derive(Clone)]
pub struct Mailer;

#[derive(Clone)]
pub struct Database;

#[zocket::router]
mod app {
    use super::*;
    use zocket::State;

    #[incoming]
    async fn join(State(database): State<Database>) {}

    mod letters {
        use super::*;

        #[incoming]
        async fn invite(State(mailer): State<Mailer>) {}
    }
}

fn main() {}
