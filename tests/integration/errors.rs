//! Bad input, refusals and panics: what the client is told, and that the connection lives on.

use serde_json::{Value, json};
use zocket::{
    Server,
    testing::{Client, connect},
};

#[zocket::router]
mod app {
    use zocket::Error;

    #[payload]
    pub struct Profile {
        #[schemars(length(min = 1, max = 5))]
        pub name: String,
        #[schemars(range(min = 18, max = 99))]
        pub age: u8,
        #[serde(rename = "e-mail")]
        #[schemars(email)]
        pub email: Option<String>,
    }

    #[incoming]
    async fn profile(input: Profile) -> String {
        format!("{} {} {}", input.name, input.age, input.email.unwrap_or_default())
    }

    /// Why a client could not join.
    #[error]
    pub enum JoinError {
        /// The room is full.
        RoomFull { max: u32 },
        #[error("{0} is not invited")]
        NotInvited(String),
        #[error(transparent)]
        Other(Error),
    }

    #[incoming]
    async fn join(room: String) -> Result<u32, JoinError> {
        match room.as_str() {
            "full" => Err(JoinError::RoomFull { max: 5 }),
            "private" => Err(JoinError::NotInvited("bob".into())),
            "broken" => Err(JoinError::Other(std::io::Error::other("disk on fire: secret").into())),
            _ => Ok(1),
        }
    }

    #[incoming]
    async fn panics(when: String) -> u32 {
        assert!(when != "at once", "secret");
        tokio::task::yield_now().await;
        panic!("secret {when}")
    }

    #[payload]
    pub enum Colour {
        Red,
        Green,
    }

    #[incoming]
    async fn colours(input: Vec<Colour>) -> usize {
        input.len()
    }

    #[incoming]
    async fn prices(input: std::collections::BTreeMap<String, f64>) -> usize {
        input.len()
    }

    #[incoming]
    async fn ping() -> &'static str {
        "pong"
    }

    #[incoming]
    async fn nothing() {}
}

async fn client() -> Client {
    let server = Server::builder(app::router()).build();
    connect(&server).await.unwrap()
}

/// Sends a text and returns the error that answers it; the connection must stay open.
async fn refused(client: &mut Client, text: &str) -> Value {
    client.send_text(text).await;
    let answer = client.next_message().await;
    assert_eq!(answer["type"], "__rpc_err", "{text}: {answer}");
    assert_eq!(client.call::<String>("ping", &()).await.unwrap(), "pong");
    answer
}

#[tokio::test]
async fn what_is_no_message_is_a_bad_message() {
    let mut client = client().await;
    for text in [
        "",
        " ",
        "nope",
        "{",
        "[]",
        "[1,2]",
        "12",
        "null",
        "\"text\"",
        "{}",
        r#"{"payload":1}"#,
        r#"{"type":null}"#,
        r#"{"type":7}"#,
        r#"{"type":"ping"} trailing"#,
        r#"{"type":"ping","payload":}"#,
        r#"{"type":"ping","rpcId":{}}"#,
        r#"{"type":"ping","payload":"\ud800"}"#,
        "{\"type\":\"ping\",\"payload\":\"\0\"}",
    ] {
        let answer = refused(&mut client, text).await;
        assert_eq!(answer["error"]["code"], "BAD_MESSAGE", "{text}");
        assert!(answer.get("route").is_none());
    }
    let deep = format!(r#"{{"type":"profile","payload":{}1{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    let answer = refused(&mut client, &deep).await;
    assert!(
        ["BAD_MESSAGE", "INVALID_PAYLOAD"].contains(&answer["error"]["code"].as_str().unwrap()),
        "{answer}"
    );
}

#[tokio::test]
async fn an_unknown_route_is_said_to_the_call_or_by_its_name() {
    let mut client = client().await;
    let answer = refused(&mut client, r#"{"type":"no.such","rpcId":"a\u00e4\"b"}"#).await;
    assert_eq!(
        (answer["error"]["code"].as_str(), answer["rpcId"].as_str()),
        (Some("UNKNOWN_ROUTE"), Some("aä\"b"))
    );
    let answer = refused(&mut client, r#"{"type":"no.such"}"#).await;
    assert_eq!((answer["route"].as_str(), answer.get("rpcId")), (Some("no.such"), None));
}

#[tokio::test]
async fn all_violations_of_a_payload_come_at_once_in_the_clients_names() {
    let mut client = client().await;
    let error =
        client.call::<String>("profile", &json!({"name": "", "age": 17, "e-mail": "x"})).await.unwrap_err();
    assert_eq!(error.code, "INVALID_PAYLOAD");
    let mut found: Vec<(&str, &str)> = error
        .issues
        .iter()
        .map(|issue| (issue["path"].as_str().unwrap(), issue["keyword"].as_str().unwrap()))
        .collect();
    found.sort_unstable();
    assert_eq!(found, [("/age", "minimum"), ("/e-mail", "format"), ("/name", "minLength")]);
    assert!(error.issues.iter().all(|issue| !issue["message"].as_str().unwrap().is_empty()));
}

#[tokio::test]
async fn of_many_violations_twenty_are_listed_and_all_are_counted() {
    let mut client = client().await;
    let payload = json!(vec!["Blue"; 7_000]);
    let answer =
        refused(&mut client, &json!({"type": "colours", "payload": payload, "rpcId": "1"}).to_string()).await;
    assert_eq!(answer["error"]["issues"].as_array().map(Vec::len), Some(20));
    assert_eq!(answer["error"]["issues"][19]["path"], "/19");
    assert_eq!(answer["error"]["issueCount"], 7_000);
    assert!(answer.to_string().len() < 3_000);
    let answer = refused(&mut client, r#"{"type":"colours","payload":["Red","Blue"],"rpcId":"1"}"#).await;
    assert_eq!(answer["error"].get("issueCount"), None);
}

#[tokio::test]
async fn what_is_echoed_is_short_whatever_was_sent() {
    let mut client = client().await;
    let long = "ä".repeat(30_000);
    for message in [
        json!({"type": long}),
        json!({"type": long, "payload": {}, "rpcId": "1"}),
        json!({"type": "colours", "payload": [long]}),
        json!({"type": "colours", "payload": {&long: 1}}),
        json!({"type": "prices", "payload": {&long: "x"}}),
        json!({"type": "profile", "payload": {"name": long, "age": 20}}),
        json!({"type": "profile", "payload": {"name": "bob", "age": 20, "e-mail": long}, "rpcId": "1"}),
    ] {
        let answer = refused(&mut client, &message.to_string()).await;
        assert!(answer.to_string().len() < 1_000, "{} bytes", answer.to_string().len());
    }
    let answer = refused(&mut client, &json!({"type": long}).to_string()).await;
    assert_eq!(answer["route"], format!("{}…", "ä".repeat(64)));
}

#[tokio::test]
async fn what_is_nested_too_deep_is_told_so() {
    let mut client = client().await;
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    for route in ["profile", "colours", "prices", "ping", "no.such"] {
        for text in [
            format!(r#"{{"type":"{route}","payload":{},"rpcId":"1"}}"#, deep(129)),
            format!(r#"{{"rpcId":"1","payload":{{"x":{}}},"type":"{route}"}}"#, deep(128)),
            format!(r#"{{"rpcId":"1","type":"{route}","payload":"#) + &"[".repeat(60_000),
        ] {
            let answer = refused(&mut client, &text).await;
            assert_eq!(answer["error"]["code"], "BAD_MESSAGE", "{route}");
            let message = answer["error"]["message"].as_str().unwrap();
            assert!(message.contains("nested too deep (128 levels at most)"), "{message}");
            // It is known if it came before the fault.
            assert_eq!(answer.get("rpcId").is_some(), text.find("rpcId") < text.find("payload"));
        }
    }
}

#[tokio::test]
async fn what_is_no_json_behind_a_fault_of_the_payload_is_no_message() {
    let mut client = client().await;
    for payload in [r#"{"a":1e400}"#, r#"{"a":"x","b":1e400}"#] {
        let answer =
            refused(&mut client, &format!(r#"{{"type":"prices","payload":{payload},"rpcId":"1"}}"#)).await;
        assert_eq!(answer["error"]["code"], "INVALID_PAYLOAD", "{answer}");
    }
    for payload in [r#"{"a":1e400,"b":tru}"#, r#"{"a":"x","b":tru}"#, r#"{"a":"x"},"payload":{}"#] {
        let answer =
            refused(&mut client, &format!(r#"{{"type":"prices","payload":{payload},"rpcId":"1"}}"#)).await;
        assert_eq!(answer["error"]["code"], "BAD_MESSAGE", "{answer}");
    }
}

#[tokio::test]
async fn payloads_that_do_not_fit_are_refused() {
    let mut client = client().await;
    for payload in [
        r"null",
        r"[]",
        r#"["bob",20]"#,
        r#""bob""#,
        r#"{"name":"bob"}"#,
        r#"{"name":"bob","age":"20"}"#,
        r#"{"name":"bob","age":20.5}"#,
        r#"{"name":"bob","age":300}"#,
        r#"{"name":"bob","age":-1}"#,
        r#"{"name":"bob","age":20,"age":21}"#,
        r#"{"name":"bobbob","age":20}"#,
        r#"{"name":"bob","age":1e400}"#,
    ] {
        let answer =
            refused(&mut client, &format!(r#"{{"type":"profile","payload":{payload},"rpcId":"1"}}"#)).await;
        let code = answer["error"]["code"].as_str().unwrap();
        assert!(
            code == "INVALID_PAYLOAD" || (payload.contains("1e400") && code == "BAD_MESSAGE"),
            "{payload}: {answer}"
        );
    }
    let answer = refused(&mut client, r#"{"type":"profile","rpcId":"1"}"#).await;
    assert_eq!(answer["error"]["issues"][0]["keyword"], "required");
    // What the schema allows is accepted: more keys, an integral float, five emoji, a NUL as an escape.
    for (payload, reply) in [
        (r#"{"name":"bob","age":20,"more":[{"x":null}]}"#, "bob 20 "),
        (r#"{"age":2e1,"name":"bob"}"#, "bob 20 "),
        (r#"{"age":20.0,"name":"🦀🦀🦀🦀🦀","e-mail":"a@example.org"}"#, "🦀🦀🦀🦀🦀 20 a@example.org"),
        (r#"{"age":20,"name":"\u0000","e-mail":null}"#, "\0 20 "),
    ] {
        client.send_text(&format!(r#"{{"rpcId":"x","payload":{payload},"type":"profile"}}"#)).await;
        let answer = client.next_message().await;
        assert_eq!(answer, json!({"type": "__rpc_res", "payload": reply, "rpcId": "x"}));
    }
}

#[tokio::test]
async fn typed_errors_have_their_code_message_and_data() {
    let mut client = client().await;
    let error = client.call::<u32>("join", "full").await.unwrap_err();
    assert_eq!((error.code.as_str(), error.message.as_str()), ("ROOM_FULL", "The room is full."));
    assert_eq!(error.data, Some(json!({"max": 5})));
    let error = client.call::<u32>("join", "private").await.unwrap_err();
    assert_eq!((error.code.as_str(), error.message.as_str()), ("NOT_INVITED", "bob is not invited"));
    assert_eq!(error.data, Some(json!("bob")));
    assert_eq!(client.call::<u32>("join", "open").await.unwrap(), 1);
}

#[tokio::test]
async fn unexpected_errors_and_panics_are_internal_and_tell_nothing() {
    let mut client = client().await;
    for (route, payload) in [("join", "broken"), ("panics", "at once"), ("panics", "later")] {
        let error = client.call::<u32>(route, payload).await.unwrap_err();
        assert_eq!(error.code, "INTERNAL");
        assert!(!format!("{error:?}").contains("secret"));
    }
    client.send("panics", "at once").await;
    assert_eq!(client.expect_error().await.code, "INTERNAL");
    assert_eq!(client.call::<String>("ping", &()).await.unwrap(), "pong");
}

#[tokio::test]
async fn a_handler_that_returns_nothing_still_replies() {
    let mut client = client().await;
    client.send_text(r#"{"type":"nothing","rpcId":"n"}"#).await;
    assert_eq!(client.next_message().await, json!({"type": "__rpc_res", "rpcId": "n"}));
}

#[tokio::test]
async fn a_binary_frame_is_a_bad_message() {
    let mut client = client().await;
    client.send_bytes(&[0x82, 0x81, 0, 0, 0, 0, b'x']).await;
    assert_eq!(client.expect_error().await.code, "BAD_MESSAGE");
    assert_eq!(client.call::<String>("ping", &()).await.unwrap(), "pong");
}

#[tokio::test]
async fn what_breaks_the_protocol_is_closed_with_the_code_of_the_rfc() {
    let header = |first: u8, length: u8| vec![first, 0x80 | length, 0, 0, 0, 0];
    let with = |mut bytes: Vec<u8>, payload: &[u8]| {
        bytes.extend_from_slice(payload);
        bytes
    };
    let too_large = [vec![0x81, 0x80 | 127], (64 * 1024 + 1_u64).to_be_bytes().to_vec(), vec![0; 4]].concat();
    let endless = [with(header(0x01, 1), b"x"), header(0x00, 0).repeat(1_000)].concat();
    for (bytes, code, what) in [
        (vec![0x81, 0x01, b'x'], 1002, "not masked"),
        (with(header(0xc1, 1), b"x"), 1002, "a reserved bit"),
        (with(header(0x83, 1), b"x"), 1002, "an unknown opcode"),
        (with(header(0x80, 1), b"x"), 1002, "nothing to continue"),
        (with(header(0x09, 1), b"x"), 1002, "a fragmented ping"),
        (with(header(0x88, 1), b"x"), 1002, "half a close code"),
        (with(header(0x88, 2), &1005_u16.to_be_bytes()), 1002, "a close code that is none"),
        (with(header(0x81, 2), b"\xc3\x28"), 1007, "not UTF-8"),
        (too_large, 1009, "too large"),
        (endless, 1008, "fragments without end"),
    ] {
        let mut client = client().await;
        client.send_bytes(&bytes).await;
        assert_eq!(client.closed().await.0, code, "{what}");
    }
}

#[tokio::test]
async fn fragments_and_pings_between_them_are_one_message() {
    let mut client = client().await;
    let mut bytes = Vec::new();
    for (first, payload) in
        [(0x01, &br#"{"type":"pi"#[..]), (0x89, b"?"), (0x00, br#"ng","rpc"#), (0x80, br#"Id":"f"}"#)]
    {
        bytes.extend_from_slice(&[first, 0x80 | u8::try_from(payload.len()).unwrap(), 0, 0, 0, 0]);
        bytes.extend_from_slice(payload);
    }
    // A byte at a time, as a slow network might.
    for byte in bytes {
        client.send_bytes(&[byte]).await;
    }
    assert_eq!(client.next_message().await, json!({"type": "__rpc_res", "payload": "pong", "rpcId": "f"}));
}
