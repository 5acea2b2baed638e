//! `send::…`: to whom, through which server, and what the `Delivery` says.

use serde_json::json;
use zocket::{ClientId, Server, Undelivered, testing::connect};

#[zocket::router]
mod app {
    use zocket::{ClientId, Ctx};

    #[outgoing]
    #[payload]
    pub struct Note {
        pub text: String,
    }

    #[incoming]
    async fn all(text: String) {
        send::note(Note { text }).broadcast();
    }

    #[incoming]
    async fn others(client: ClientId, text: String) {
        send::note(Note { text }).except(client).broadcast();
    }

    #[incoming]
    async fn to(input: To) -> usize {
        send::note(Note { text: input.text }).to(input.ids).queued()
    }

    #[payload]
    pub struct To {
        pub ids: Vec<ClientId>,
        pub text: String,
    }

    #[incoming]
    async fn rooms(names: Vec<String>) -> usize {
        send::note(Note { text: "rooms".into() }).to_rooms(names).queued()
    }

    #[incoming]
    async fn join(ctx: Ctx<()>, name: String) -> bool {
        ctx.rooms().join(name)
    }

    #[incoming]
    async fn later(client: ClientId) {
        zocket::spawn(async move {
            send::note(Note { text: "later".into() }).to([client]);
        });
    }
}

/// Separate routers, for tests that count a router's live servers.
macro_rules! lonely_router {
    ($name:ident) => {
        #[zocket::router]
        mod $name {
            #[outgoing]
            #[payload]
            pub struct Tick {}

            #[incoming]
            async fn tick() {
                send::tick(Tick {}).broadcast();
            }
        }
    };
}
lonely_router!(none);
lonely_router!(one);
lonely_router!(several);

#[tokio::test]
async fn a_broadcast_reaches_everyone_the_caller_included_and_before_the_reply() {
    let server = Server::builder(app::router()).fan_out_tasks(3).build();
    let mut alice = connect(&server).await.unwrap();
    let mut bob = connect(&server).await.unwrap();
    alice.call::<()>("all", "hi").await.unwrap();
    assert_eq!(bob.expect::<app::Note>().await.text, "hi");
    // The event was there before the reply.
    assert_eq!(alice.drain().await, [json!({"type": "note", "payload": {"text": "hi"}})]);
}

#[tokio::test]
async fn except_leaves_out_the_sender() {
    let server = Server::builder(app::router()).build();
    let mut alice = connect(&server).await.unwrap();
    let mut bob = connect(&server).await.unwrap();
    alice.call::<()>("others", "hi").await.unwrap();
    assert_eq!(bob.expect::<app::Note>().await.text, "hi");
    assert!(alice.drain().await.is_empty());
}

#[tokio::test]
async fn to_ids_skips_the_unknown_and_counts_each_once() {
    let server = Server::builder(app::router()).build();
    let mut alice = connect(&server).await.unwrap();
    let mut bob = connect(&server).await.unwrap();
    let unknown: ClientId = "AAECAwQFBgcICQoLDA0ODw".parse().unwrap();
    let to = json!({"ids": [bob.client_id(), unknown, bob.client_id()], "text": "psst"});
    assert_eq!(alice.call::<usize>("to", &to).await.unwrap(), 1);
    assert_eq!(bob.expect::<app::Note>().await.text, "psst");
    assert!(bob.drain().await.is_empty());
    assert!(alice.drain().await.is_empty());
}

#[tokio::test]
async fn one_in_two_of_the_rooms_gets_it_once() {
    let server = Server::builder(app::router()).build();
    let mut alice = connect(&server).await.unwrap();
    let mut bob = connect(&server).await.unwrap();
    for room in ["red", "blue"] {
        alice.call::<bool>("join", room).await.unwrap();
    }
    bob.call::<bool>("join", "blue").await.unwrap();
    assert_eq!(alice.call::<usize>("rooms", &["red", "blue", "green"]).await.unwrap(), 2);
    assert_eq!(alice.drain().await.len(), 1);
    assert_eq!(bob.drain().await.len(), 1);
}

#[tokio::test]
async fn from_outside_of_handlers_with_scope_and_via_where_several_servers_live() {
    let first = Server::builder(app::router()).build();
    let second = Server::builder(app::router()).build();
    let mut on_first = connect(&first).await.unwrap();
    let mut on_second = connect(&second).await.unwrap();
    let note = |text: &str| app::send::note(app::Note { text: text.into() });
    assert_eq!(note("via").via(&second).broadcast().queued(), 1);
    assert_eq!(on_second.expect::<app::Note>().await.text, "via");
    first.scope(async { assert_eq!(note("scope").broadcast().queued(), 1) }).await;
    assert_eq!(on_first.expect::<app::Note>().await.text, "scope");
    // A handler sends through its own server, and so does a task that it spawns.
    on_first.call::<()>("all", "handler").await.unwrap();
    assert_eq!(on_first.expect::<app::Note>().await.text, "handler");
    on_second.call::<()>("later", &()).await.unwrap();
    assert_eq!(on_second.expect::<app::Note>().await.text, "later");
    assert!(on_first.drain().await.is_empty());
}

#[tokio::test]
async fn with_no_server_the_delivery_says_so() {
    let delivery = none::send::tick(none::Tick {}).broadcast();
    assert_eq!((delivery.queued(), delivery.undelivered()), (0, Some(Undelivered::NoServer)));
    drop(Server::builder(none::router()).build());
    assert_eq!(none::send::tick(none::Tick {}).broadcast().undelivered(), Some(Undelivered::NoServer));
}

#[tokio::test]
async fn the_one_live_server_is_found_from_anywhere() {
    let server = Server::builder(one::router()).build();
    let mut client = connect(&server).await.unwrap();
    let sent = tokio::spawn(async { one::send::tick(one::Tick {}).broadcast() }).await.unwrap();
    assert_eq!((sent.queued(), sent.dropped(), sent.undelivered()), (1, 0, None));
    client.expect::<one::Tick>().await;
}

#[tokio::test]
async fn several_servers_are_not_guessed_between() {
    let _servers = [Server::builder(several::router()).build(), Server::builder(several::router()).build()];
    let delivery = several::send::tick(several::Tick {}).broadcast();
    assert_eq!(delivery.undelivered(), Some(Undelivered::SeveralServers));
}

#[tokio::test]
async fn a_full_queue_drops_and_says_so() {
    let server = Server::builder(one_slot::router()).queue_bytes(2_000).build();
    let mut client = connect(&server).await.unwrap();
    // Without an await in between, the fan-out cannot keep up.
    let sent: Vec<_> = (0..100).map(|n| one_slot::send::number(one_slot::Number { n }).broadcast()).collect();
    let queued = sent.iter().filter(|delivery| delivery.queued() == 1).count();
    assert!((1..100).contains(&queued), "{queued}");
    for delivery in &sent[queued..] {
        assert_eq!((delivery.dropped(), delivery.undelivered()), (1, Some(Undelivered::QueueFull)));
    }
    assert_eq!(client.drain().await.len(), queued);
}

#[tokio::test]
async fn a_client_that_floods_the_queue_is_slowed_down_and_nothing_is_dropped() {
    let server = Server::builder(app::router()).queue_bytes(20_000).build();
    let mut flooder = connect(&server).await.unwrap();
    let mut other = connect(&server).await.unwrap();
    // All of them are in one of the server's reads, and amount to three times what the queue holds.
    let message = text_frame(r#"{"type":"all","payload":"x"}"#);
    flooder.send_bytes(&message.repeat(500)).await;
    for _ in 0..500 {
        assert_eq!(other.expect::<app::Note>().await.text, "x");
        flooder.expect::<app::Note>().await;
    }
}

/// A masked frame, the mask being zero.
fn text_frame(text: &str) -> Vec<u8> {
    let head = [0x81, 0x80 | u8::try_from(text.len()).unwrap(), 0, 0, 0, 0];
    [&head, text.as_bytes()].concat()
}

#[zocket::router]
mod one_slot {
    #[outgoing]
    pub struct Number {
        pub n: usize,
    }
}

#[tokio::test]
async fn what_cannot_be_json_is_not_sent() {
    let server = Server::builder(unwritable::router()).build();
    let mut client = connect(&server).await.unwrap();
    let delivery = unwritable::send::map(unwritable::Map::default()).broadcast();
    assert_eq!(delivery.undelivered(), Some(Undelivered::NotSerializable));
    assert!(client.drain().await.is_empty());
}

#[zocket::router]
mod unwritable {
    #[outgoing]
    #[derive(Default)]
    pub struct Map {
        #[serde(serialize_with = "super::fails")]
        pub field: u32,
    }
}

fn fails<S: zocket::__private::serde::Serializer>(_: &u32, _: S) -> Result<S::Ok, S::Error> {
    Err(zocket::__private::serde::ser::Error::custom("no"))
}
