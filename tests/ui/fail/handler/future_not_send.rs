#![allow(unused)]

#[zocket::router]
mod app {
    #[incoming]
    async fn join() {
        let shared = std::rc::Rc::new(1);
        std::future::ready(()).await;
        drop(shared);
    }
}

fn main() {}
