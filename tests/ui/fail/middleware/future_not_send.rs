#[zocket::router]
mod app {
    use std::rc::Rc;

    #[middleware]
    async fn counted() -> Result<u8, zocket::Error> {
        let count = Rc::new(1);
        std::future::ready(()).await;
        Ok(*count)
    }

    #[incoming]
    async fn join(#[from(counted)] _count: u8) {}
}

fn main() {
    let _ = app::router();
}
