//! Middleware that reads what the client has sent: as guards, by `#[from(…)]`, in any type that reads from it.

use serde_json::json;
use zocket::{Server, testing::connect};

#[zocket::router]
pub mod app {
    use zocket::{Ctx, Error, Payload};

    #[payload]
    pub struct InRoom {
        pub room: String,
    }

    /// Members of the room that the message names.
    #[middleware]
    async fn member(ctx: Ctx<()>, Payload(message): Payload<InRoom>) -> Result<String, Error> {
        if ctx.rooms().has(&message.room) {
            Ok(message.room)
        } else {
            Err(Error::forbidden().with_message(message.room))
        }
    }

    /// Takes whatever there is.
    #[middleware]
    async fn seen(payload: Payload<Option<u8>>) -> Result<Option<u8>, Error> {
        Ok(*payload)
    }

    #[payload]
    pub struct Say {
        pub room: String,
        #[schemars(length(min = 2))]
        pub text: String,
    }

    #[guard(member)]
    pub mod guarded {
        use super::*;

        #[incoming]
        async fn say(input: Say) -> String {
            input.text
        }

        #[incoming]
        async fn leave(ctx: Ctx<()>, #[from(member)] room: String) {
            ctx.rooms().leave(room);
        }
    }

    #[incoming]
    async fn join(ctx: Ctx<()>, room: String) {
        ctx.rooms().join(room);
    }

    #[incoming]
    async fn shout(input: Say, #[from(member)] room: String) -> String {
        format!("{room}: {}!", input.text)
    }

    #[incoming]
    async fn look(#[from(seen)] seen: Option<u8>) -> Option<u8> {
        seen
    }
}

#[tokio::test]
async fn a_guard_reads_what_all_messages_of_its_namespace_have_in_common() {
    let server = Server::builder(app::router()).build();
    let mut client = connect(&server).await.unwrap();
    let say = json!({"room": "hall", "text": "hello"});

    let refused = client.call::<String>("guarded.say", &say).await.unwrap_err();
    assert_eq!((&*refused.code, &*refused.message), ("FORBIDDEN", "hall"));

    client.call::<()>("join", "hall").await.unwrap();
    assert_eq!(client.call::<String>("guarded.say", &say).await.unwrap(), "hello");
    assert_eq!(client.call::<String>("shout", &say).await.unwrap(), "hall: hello!");
    let elsewhere = json!({"room": "garden", "text": "hello"});
    assert_eq!(client.call::<String>("shout", &elsewhere).await.unwrap_err().code, "FORBIDDEN");

    // The handler takes no payload: the guard and the middleware of its argument are one, and read it once.
    client.call::<()>("guarded.leave", &json!({"room": "hall"})).await.unwrap();
    assert_eq!(client.rooms(), [""; 0]);
}

#[tokio::test]
async fn what_does_not_read_is_refused_at_its_place() {
    let server = Server::builder(app::router()).build();
    let mut client = connect(&server).await.unwrap();
    let refused =
        client.call::<String>("guarded.say", &json!({"room": 7, "text": "hello"})).await.unwrap_err();
    assert_eq!(refused.code, "INVALID_PAYLOAD");
    assert_eq!((refused.issues.len(), &refused.issues[0]["path"]), (1, &json!("/room")));

    // What the guard does not read is the handler's to refuse.
    client.call::<()>("join", "hall").await.unwrap();
    let refused =
        client.call::<String>("guarded.say", &json!({"room": "hall", "text": "h"})).await.unwrap_err();
    assert_eq!((&*refused.code, &refused.issues[0]["path"]), ("INVALID_PAYLOAD", &json!("/text")));
}

#[tokio::test]
async fn no_payload_is_read_as_null() {
    let server = Server::builder(app::router()).build();
    let mut client = connect(&server).await.unwrap();
    client.send_text(r#"{"type": "look", "rpcId": "1"}"#).await;
    assert_eq!(client.next_message().await["payload"], json!(null));
    assert_eq!(client.call::<Option<u8>>("look", &7).await.unwrap(), Some(7));
}
