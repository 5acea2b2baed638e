//! Mistakes: 4.

#[zocket::router]
mod app {
    use zocket::ClientId;

    #[outgoing]
    pub struct Joined {}

    #[incoming]
    async fn join(client: ClientId) {
        send::joined(Joined {}).to("hall");
        send::joined(Joined {}).to_room(["hall", "garden"]);
        send::joined(Joined {}).to_room(client);
        send::joined(Joined {}).to_rooms(7);
    }
}

fn main() {
    let _ = app::router();
}
