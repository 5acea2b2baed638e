//! One receiver as well as several; `send` in namespaces that import nothing; senders that are called as their routes.

#![deny(warnings)]

#[zocket::router]
mod app {
    use zocket::ClientId;

    #[outgoing]
    pub struct Joined {}

    #[outgoing(rename = "gone-away")]
    pub struct Left {}

    #[outgoing(rename = "→")]
    pub struct Arrow {}

    #[incoming]
    async fn one(client: ClientId) {
        send::joined(Joined {}).to(client);
        send::joined(Joined {}).to(&client);
        send::joined(Joined {}).to([client, client]);
        send::joined(Joined {}).to(Some(client));
        send::joined(Joined {}).to([client].iter().copied());
        send::joined(Joined {}).to(vec!["A".repeat(22)].iter().flat_map(|id| id.parse()));
        send::joined(Joined {}).except(client).except(vec![client]).to_room("hall");
        send::joined(Joined {}).to_room(String::from("hall"));
        send::joined(Joined {}).to_room('h');
        send::joined(Joined {}).to_rooms(["hall"]);
        send::joined(Joined {}).to_rooms(Vec::<String>::new());
        send::gone_away(Left {}).broadcast();
        send::arrow(Arrow {}).broadcast();
    }

    pub mod deep {
        pub mod deeper {
            #[outgoing]
            pub struct Ping {}

            #[incoming]
            async fn ping() {
                send::deep::deeper::ping(Ping {}).broadcast();
                send::joined(super::super::Joined {}).broadcast();
            }
        }

        #[incoming]
        async fn join() {
            use super::*;
            send::joined(Joined {}).broadcast();
        }
    }

    mod with_import {
        use super::send;

        #[incoming]
        async fn join() {
            send::joined(super::Joined {}).broadcast();
        }
    }

    mod with_its_own {
        mod send {
            pub fn nothing() {}
        }

        #[incoming]
        async fn join() {
            send::nothing();
        }
    }
}

fn main() {
    let _ = app::router();
}
