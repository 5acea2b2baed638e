//! Mistakes: 2.

#[zocket::router]
mod app {
    use zocket::ClientId;

    #[outgoing]
    struct Joined {}

    #[outgoing]
    pub struct Left<T> {
        pub who: T,
    }

    #[incoming]
    async fn join(client: ClientId) {
        let delivery = send::joined(Joined {}).except(client).to_room("hall");
        if delivery.queued() == 0 {
            send::left(Left { who: 1 }).broadcast();
        }
    }
}

fn main() {
    let _ = app::router();
}
