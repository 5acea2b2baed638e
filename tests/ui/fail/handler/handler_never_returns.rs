#![allow(unused)]
#![allow(unreachable_code)]

#[zocket::router]
mod app {
    #[incoming]
    async fn join() -> ! {
        loop {
            std::future::pending::<()>().await;
        }
    }
}

fn main() {}
