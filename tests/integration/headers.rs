//! The handshake's headers over a real socket, with hand-written requests: which come from where, and how they
//! are read.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use zocket::{Contract, Server};

#[zocket::router]
mod app {
    use zocket::Reject;

    #[payload]
    pub enum Plan {
        Free,
        Paid,
    }

    /// A number behind a name.
    #[payload]
    pub struct Level(pub u8);

    #[headers]
    #[derive(Default)]
    #[payload]
    pub struct Headers {
        #[serde(rename = "x-user")]
        pub user: Option<String>,
        #[header(http_only)]
        #[serde(rename = "x-role")]
        pub role: Option<String>,
        /// Never from the query by its name alone.
        #[serde(rename = "x-forwarded-for")]
        pub forwarded_for: Option<String>,
        pub cookie: Option<String>,
        pub n: Option<u32>,
        #[serde(default)]
        pub active: bool,
        #[serde(rename = "tag")]
        pub tags: Vec<String>,
        #[schemars(length(max = 3))]
        pub port: Option<Vec<u16>>,
        pub plan: Option<Plan>,
        pub level: Option<Level>,
    }

    /// Shows what was read.
    #[on_connect]
    async fn connect(headers: Headers) -> Result<(), Reject> {
        Err(Reject::new(axum::http::StatusCode::IM_A_TEAPOT).with_body(serde_json::to_value(&headers)?))
    }
}

async fn serve<C: Send + Sync + 'static>(server: &Server<C>) -> SocketAddr {
    let http = axum::Router::new().route("/ws", server.route());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, http).await });
    address
}

/// The status and the body that answer a handshake.
async fn ask(address: SocketAddr, query: &str, headers: &[(&str, &[u8])]) -> (u16, Value) {
    let mut request = format!(
        "GET /ws?{query} HTTP/1.1\r\nHost: a.test\r\nConnection: upgrade, close\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    )
    .into_bytes();
    for (name, value) in headers {
        request.extend_from_slice(&[name.as_bytes(), b": ", value, b"\r\n"].concat());
    }
    request.extend_from_slice(b"\r\n");
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(&request).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or_default())
}

/// How the router's headers are read, without those that are absent.
async fn read(query: &str, headers: &[(&str, &[u8])]) -> Value {
    let address = serve(&Server::builder(app::router()).build()).await;
    let (status, mut body) = ask(address, query, headers).await;
    assert_eq!(status, 418, "{query}: {body}");
    body.as_object_mut()
        .unwrap()
        .retain(|_, value| !(value.is_null() || *value == json!([]) || *value == false));
    body
}

/// The paths of the violations.
async fn refused(query: &str, headers: &[(&str, &[u8])]) -> Vec<String> {
    let address = serve(&Server::builder(app::router()).build()).await;
    let (status, body) = ask(address, query, headers).await;
    assert_eq!(status, 400, "{query}: {body}");
    let details = body["details"].as_array().unwrap().iter();
    details.map(|issue| issue["path"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_http_header_goes_before_a_query_parameter() {
    assert_eq!(read("x-user=admin", &[]).await, json!({"x-user": "admin"}));
    for name in ["x-user", "X-User", "X-USER"] {
        assert_eq!(read("x-user=admin", &[(name, b"alice")]).await, json!({"x-user": "alice"}));
    }
    // Even an empty or unreadable one.
    assert_eq!(read("x-user=admin", &[("x-user", b"")]).await, json!({"x-user": ""}));
    assert_eq!(refused("x-user=admin", &[("x-user", b"\xff\xfe")]).await, ["/x-user"]);
}

#[tokio::test]
async fn what_only_the_way_may_set_never_comes_from_the_query() {
    let query = "x-forwarded-for=1.2.3.4&cookie=a%3Db&x-role=admin&X-Role=admin&x%2Drole=admin&n=1";
    assert_eq!(read(query, &[]).await, json!({"n": 1}));
    let headers: [(&str, &[u8]); 4] =
        [("x-forwarded-for", b"10.0.0.1"), ("cookie", b"c=d"), ("cookie", b"e=f"), ("x-role", b"user")];
    let expected = json!({"x-forwarded-for": "10.0.0.1", "cookie": "c=d; e=f", "x-role": "user", "n": 1});
    assert_eq!(read(query, &headers).await, expected);
}

#[tokio::test]
async fn values_are_read_as_their_types() {
    for (query, expected) in [
        ("n=12", json!({"n": 12})),
        ("n=", json!({})),
        ("n", json!({})),
        ("n=1&n=", json!({})),
        ("n=1&n=2", json!({"n": 2})),
        ("active=true", json!({"active": true})),
        ("active=1", json!({"active": true})),
        ("active=0", json!({})),
        ("active=false", json!({})),
        ("active=", json!({})),
        ("x-user=", json!({"x-user": ""})),
        ("x-user=12", json!({"x-user": "12"})),
        ("plan=Paid", json!({"plan": "Paid"})),
        ("level=7", json!({"level": 7})),
        ("unknown=1&x-user=J%C3%B6rg", json!({"x-user": "Jörg"})),
    ] {
        assert_eq!(read(query, &[]).await, expected, "{query}");
    }
    for (query, path) in [
        ("n=x", "/n"),
        ("n=1.5", "/n"),
        ("n=-1", "/n"),
        ("active=yes", "/active"),
        ("plan=Gold", "/plan"),
        ("level=300", "/level"),
    ] {
        assert_eq!(refused(query, &[]).await, [path], "{query}");
    }
}

#[tokio::test]
async fn lists_come_from_repeated_parameters_and_from_items_of_headers() {
    assert_eq!(read("", &[]).await, json!({}));
    assert_eq!(read("tag=a", &[]).await, json!({"tag": ["a"]}));
    assert_eq!(read("tag=a&tag=b,c&tag=", &[]).await, json!({"tag": ["a", "b,c", ""]}));
    assert_eq!(read("port=1&port=2", &[]).await, json!({"port": [1, 2]}));
    assert_eq!(refused("port=1&port=x", &[]).await, ["/port/1"]);
    assert_eq!(refused("port=1&port=2&port=3&port=4", &[]).await, ["/port"]);
    let lines: [(&str, &[u8]); 2] = [("tag", b"a, \"b,c\",,"), ("Tag", b"d")];
    assert_eq!(read("tag=query", &lines).await, json!({"tag": ["a", "\"b,c\"", "d"]}));
    assert_eq!(read("", &[("port", b"80,443")]).await, json!({"port": [80, 443]}));
}

#[tokio::test]
async fn header_values_are_utf_8() {
    assert_eq!(read("", &[("x-user", "Jörg 🦀".as_bytes())]).await, json!({"x-user": "Jörg 🦀"}));
    assert_eq!(refused("", &[("x-user", b"J\xf6rg")]).await, ["/x-user"]);
    // A header that is not needed may be unreadable.
    assert_eq!(read("n=1", &[("x-other", b"J\xf6rg")]).await, json!({"n": 1}));
}

#[zocket::router]
mod closed {
    #[headers]
    #[serde(deny_unknown_fields)]
    pub struct Headers {
        pub token: String,
    }

    #[on_connect]
    async fn connect(headers: Headers) -> Result<(), zocket::Reject> {
        Err(zocket::Reject::new(axum::http::StatusCode::IM_A_TEAPOT).with_body(headers.token))
    }
}

/// Every handshake has headers that no struct names, whatever the struct says about others.
#[tokio::test]
async fn what_is_not_named_is_ignored() {
    let address = serve(&Server::builder(closed::router()).build()).await;
    assert_eq!(ask(address, "token=a&other=b&x-zocket-version=0.1.0", &[]).await, (418, json!("a")));
    assert_eq!(ask(address, "other=b", &[]).await.0, 400);
}

macro_rules! headers {
    ($($name:ident: { $($field:tt)* })*) => {
        $(#[zocket::router]
        mod $name {
            #[allow(unused_imports)]
            use std::collections::BTreeMap;

            #[payload]
            pub struct Nested {
                pub a: u8,
            }

            #[headers]
            pub struct Headers {
                $($field)*
            }
        })*
    };
}

headers! {
    map: { pub sizes: BTreeMap<String, u8> }
    nested: { pub nested: Nested }
    optional: { pub nested: Option<Nested> }
    lists: { pub lists: Vec<Vec<u8>> }
    structs: { pub structs: Vec<Nested> }
    unit: { pub nothing: () }
    upper: { #[header(http_only)] #[serde(rename = "X-User")] pub user: String }
    numbers: { #[serde(flatten)] pub others: BTreeMap<String, u8> }
    texts: { #[serde(flatten)] pub others: BTreeMap<String, String> }
    flat: { #[serde(flatten)] pub nested: Nested }
}

#[test]
fn what_nothing_can_fill_is_an_error_when_the_server_is_built() {
    let error = |router: zocket::Router<()>| Server::builder(router).try_build().unwrap_err().to_string();
    for (text, name, field) in [
        (error(map::router()), "map", "sizes"),
        (error(nested::router()), "nested", "nested"),
        (error(optional::router()), "optional", "nested"),
        (error(lists::router()), "lists", "lists"),
        (error(structs::router()), "structs", "structs"),
        (error(unit::router()), "unit", "nothing"),
        (error(upper::router()), "upper", "X-User"),
    ] {
        for part in [format!("the `#[headers]` of `{name}`"), format!("the field `{field}`"), "help: ".into()]
        {
            assert!(text.contains(&part), "{name}: no {part} in: {text}");
        }
    }
    assert!(error(map::router()).contains("an `Option` of these, and a `Vec`"));
    assert!(error(numbers::router()).contains("the flattened map cannot hold them"));
    Server::builder(texts::router()).try_build().unwrap();
    Server::builder(flat::router()).try_build().unwrap();
}

#[test]
fn the_contract_says_what_never_comes_from_the_query() {
    let contract = app::contract();
    let marked = |contract: &Contract| {
        let properties = contract.as_value()["$defs"]["Headers"]["properties"].as_object().unwrap().clone();
        let marked = properties.iter().filter(|(_, schema)| schema["x-zocket-http-only"] == true);
        marked.map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(marked(&contract), ["cookie", "x-forwarded-for", "x-role"]);
    let read = Contract::parse(&contract.to_json()).unwrap();
    assert_eq!(marked(&read), marked(&contract));
    assert_eq!(read.hash(), contract.hash());
}
