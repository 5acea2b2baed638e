//! The handshake: headers, refusals, origins, deadlines.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::json;
use zocket::{Server, testing::connect};

#[derive(Clone, Default)]
pub struct Ends(Arc<AtomicUsize>);

#[zocket::router]
mod app {
    use super::Ends;
    use std::sync::atomic::Ordering;
    use zocket::{ClientId, Ctx, Reject, State};

    #[headers]
    pub struct Headers {
        pub authorization: Option<String>,
        #[serde(rename = "user-name", default = "anonymous")]
        #[schemars(length(min = 1, max = 10))]
        pub user_name: String,
        #[serde(default)]
        pub level: u8,
        pub plan: Option<String>,
    }

    fn anonymous() -> String {
        "Anonymous".into()
    }

    #[context]
    pub struct Session {
        pub name: String,
        pub level: u8,
    }

    #[outgoing]
    #[payload]
    pub struct Welcome {
        pub name: String,
    }

    #[on_connect]
    async fn connect(headers: Headers, client: ClientId) -> Result<Session, Reject> {
        match headers.plan.as_deref() {
            Some("unauthorized") => return Err(Reject::unauthorized()),
            Some("teapot") => {
                let status = axum::http::StatusCode::IM_A_TEAPOT;
                return Err(Reject::new(status).with_body(serde_json::json!({"short": true})));
            }
            Some("panic") => panic!("secret"),
            Some("error") => Err(std::io::Error::other("secret"))?,
            Some("hang") => std::future::pending::<()>().await,
            _ => {}
        }
        send::welcome(Welcome { name: headers.user_name.clone() }).to([client]);
        Ok(Session { name: headers.user_name, level: headers.level })
    }

    #[on_disconnect]
    async fn gone(State(ends): State<Ends>) {
        ends.0.fetch_add(1, Ordering::SeqCst);
    }

    #[incoming]
    async fn whoami(ctx: Ctx<Session>) -> (String, u8) {
        (ctx.name.clone(), ctx.level)
    }
}

fn server() -> (Server<app::Session>, Ends) {
    let ends = Ends::default();
    let server =
        Server::builder(app::router()).state(ends.clone()).connect_within(Duration::from_millis(200));
    (server.build(), ends)
}

#[tokio::test(start_paused = true)]
async fn headers_go_before_the_query_and_defaults_fill_the_rest() {
    let (server, _) = server();
    let mut client = connect(&server).await.unwrap();
    assert_eq!(client.call::<(String, u8)>("whoami", &()).await.unwrap(), ("Anonymous".into(), 0));
    let client =
        connect(&server).http_header("User-Name", "header").header("user-name", "query").header("level", "3");
    let mut client = client.header("unknown", "ignored").header("x-zocket-version", "9.9.9").await.unwrap();
    assert_eq!(client.call::<(String, u8)>("whoami", &()).await.unwrap(), ("header".into(), 3));
}

#[tokio::test(start_paused = true)]
async fn invalid_headers_are_400_with_details() {
    let (server, ends) = server();
    let rejected = connect(&server).header("user-name", "").header("level", "300").await.unwrap_err();
    assert_eq!((rejected.status, rejected.body["error"].as_str()), (400, Some("Invalid headers")));
    let mut paths: Vec<&str> = rejected.body["details"]
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| issue["path"].as_str().unwrap())
        .collect();
    paths.sort_unstable();
    assert_eq!(paths, ["/level", "/user-name"]);
    assert_eq!(ends.0.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn on_connect_refuses_with_any_status_before_the_upgrade() {
    let (server, ends) = server();
    let cases = [
        ("unauthorized", 401, json!({"error": "Unauthorized"})),
        ("teapot", 418, json!({"short": true})),
        ("panic", 500, json!({"error": "Internal Server Error"})),
        ("error", 500, json!({"error": "Internal Server Error"})),
        ("hang", 503, json!({"error": "the server took too long to let you in"})),
    ];
    for (plan, status, body) in cases {
        let rejected = connect(&server).header("plan", plan).await.unwrap_err();
        assert_eq!((rejected.status, rejected.body), (status, body), "{plan}");
    }
    assert_eq!(ends.0.load(Ordering::SeqCst), 0, "on_disconnect runs only where on_connect succeeded");
    assert_eq!(server.connection_count(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_during_on_connect_goes_out_first() {
    let (server, ends) = server();
    let mut client = connect(&server).header("user-name", "Ann").await.unwrap();
    assert_eq!(client.next_message().await, json!({"type": "welcome", "payload": {"name": "Ann"}}));
    client.close().await;
    assert_eq!(ends.0.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn pages_of_other_origins_are_refused_by_default() {
    let (server, _) = server();
    let from =
        |origin: &'static str| connect(&server).http_header("host", "app.test").http_header("origin", origin);
    assert!(from("http://app.test").await.is_ok());
    assert_eq!(from("https://evil.test").await.unwrap_err().status, 403);

    let listed =
        Server::builder(app::router()).state(Ends::default()).allow_origins(["https://app.example"]).build();
    let from =
        |origin: &'static str| connect(&listed).http_header("host", "app.test").http_header("origin", origin);
    assert!(from("https://app.example").await.is_ok());
    assert_eq!(from("http://app.test").await.unwrap_err().status, 403);
    assert!(connect(&listed).await.is_ok(), "no Origin, no browser");

    let any = Server::builder(app::router()).state(Ends::default()).allow_any_origin().build();
    assert!(connect(&any).http_header("origin", "https://evil.test").await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn ids_are_unique() {
    let (server, _) = server();
    let (a, b) = (connect(&server).await.unwrap(), connect(&server).await.unwrap());
    assert_ne!(a.client_id(), b.client_id());
    assert_eq!(server.connection(a.client_id()).unwrap().client_id(), a.client_id());
}
