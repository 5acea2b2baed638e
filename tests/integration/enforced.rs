//! The published schemas are enforced in both directions: nothing that a schema rejects comes in or goes out.

use serde_json::{Value, json};
use zocket::{
    Outgoing as _, Server, Undelivered,
    testing::{CallError, connect},
};

use crate::logs::Log;

#[zocket::router]
mod app {
    use std::borrow::Cow;

    use zocket::__private::schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    #[headers]
    pub struct Headers {
        #[schemars(with = "Option<u8>")]
        pub level: Option<i64>,
        #[schemars(extend("const" = "v1"))]
        pub api: Option<String>,
    }

    /// A point in time of another crate, which writes years beyond 9999 as well.
    #[derive(Clone, Debug)]
    pub struct Instant(pub i32);

    impl zocket::__private::serde::Serialize for Instant {
        fn serialize<S: zocket::__private::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
            let sign = if self.0 > 9999 { "+" } else { "" };
            to.collect_str(&format_args!("{sign}{:04}-01-01T00:00:00Z", self.0))
        }
    }

    impl JsonSchema for Instant {
        fn schema_name() -> Cow<'static, str> {
            "Instant".into()
        }
        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({"type": "string", "format": "date-time"})
        }
    }

    #[outgoing]
    pub struct Moment {
        pub at: Instant,
    }

    #[outgoing]
    pub struct Measured {
        pub celsius: f64,
        pub trend: Option<f32>,
    }

    #[outgoing]
    pub struct Scored {
        #[schemars(range(max = 10))]
        pub points: u32,
    }

    #[outgoing]
    pub struct Listed {
        pub tags: Vec<Tag>,
    }

    #[payload]
    pub struct Tag {
        #[schemars(length(max = 3))]
        pub name: String,
    }

    #[outgoing]
    #[serde(rename_all = "camelCase")]
    pub struct Plain {
        pub a_text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub later: Option<Box<Plain>>,
        pub shapes: Vec<Shape>,
        pub by_name: std::collections::HashMap<String, (f32, bool)>,
    }

    #[payload]
    pub enum Shape {
        Point,
        #[serde(rename = "circle")]
        Circle(f64),
        Line(u8, i64),
        Box {
            width: u32,
            #[serde(skip_serializing_if = "Option::is_none")]
            height: Option<u32>,
        },
    }

    /// With something that only serde knows about.
    #[outgoing]
    pub struct Signed {
        #[serde(serialize_with = "negative")]
        pub n: u8,
    }

    fn negative<S: zocket::__private::serde::Serializer>(n: &u8, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i32(-i32::from(*n))
    }

    #[incoming]
    async fn measure(celsius: f64) -> f64 {
        celsius / 0.0
    }

    #[incoming]
    async fn score(points: u32) -> Scored {
        Scored { points }
    }

    #[incoming]
    async fn when(year: i32) -> Option<Instant> {
        Some(Instant(year))
    }

    #[incoming]
    async fn small(n: i32) -> Result<Small, Fault> {
        match n {
            100 => Err(Fault::TooMany { most: Percent { of: 101 } }),
            10 => Err(Fault::TooMany { most: Percent { of: 9 } }),
            n => Ok(Small { n: n.into() }),
        }
    }

    #[payload]
    pub struct Small {
        #[schemars(with = "u8")]
        pub n: i64,
    }

    #[payload]
    pub struct Percent {
        #[schemars(range(max = 100))]
        pub of: u8,
    }

    #[error]
    pub enum Fault {
        TooMany { most: Percent },
    }

    #[incoming]
    async fn echo(input: Number) -> Number {
        input
    }

    #[payload]
    #[serde(untagged)]
    pub enum Number {
        Whole { whole: i32 },
        Float { float: f64 },
    }

    #[payload]
    pub struct Either {
        pub kind: EitherOr,
    }

    #[payload]
    #[schemars(extend("oneOf" = [{"required": ["a"]}, {"required": ["b"]}]))]
    pub struct EitherOr {
        pub a: Option<u8>,
        pub b: Option<u8>,
    }

    #[incoming]
    async fn either(input: Either) -> u8 {
        input.kind.a.or(input.kind.b).unwrap_or_default()
    }
}

use app::{Instant, Listed, Measured, Moment, Plain, Scored, Shape, Signed, Tag, send};

#[tokio::test]
async fn a_message_that_does_not_fit_its_schema_is_not_sent_and_the_sender_learns_of_it() {
    let log = Log::start();
    let server = Server::builder(app::router()).build();
    let mut client = connect(&server).await.unwrap();
    log.take();
    let refused = [
        (send::moment(Moment { at: Instant(10_000) }).broadcast(), "/at: must be in the format `date-time`"),
        (send::scored(Scored { points: 11 }).broadcast(), "/points: must be at most 10"),
        (
            send::listed(Listed { tags: vec![Tag { name: "long".into() }] }).broadcast(),
            "/tags/0/name: must be at most 3",
        ),
        (send::signed(Signed { n: 1 }).to([client.client_id()]), "/n: must be at least 0"),
    ];
    let lines = log.take();
    assert_eq!(lines.len(), refused.len(), "{lines:#?}");
    for (delivery, why) in refused {
        assert_eq!(
            (delivery.queued(), delivery.undelivered()),
            (0, Some(Undelivered::AgainstSchema)),
            "{why}"
        );
        let line =
            lines.iter().find(|line| line.contains(why)).unwrap_or_else(|| panic!("{why}: {lines:#?}"));
        assert!(line.contains("ERROR") && line.contains("does not fit its published schema"), "{line}");
    }
    for not_a_number in [
        Measured { celsius: f64::NAN, trend: None },
        Measured { celsius: f64::INFINITY, trend: None },
        Measured { celsius: 1.0, trend: Some(f32::NEG_INFINITY) },
    ] {
        let delivery = send::measured(not_a_number).broadcast();
        assert_eq!(delivery.undelivered(), Some(Undelivered::NotSerializable));
        assert!(log.take().iter().any(|line| line.contains("a float is NaN or infinite")));
    }
    assert_eq!(send::moment(Moment { at: Instant(9999) }).broadcast().queued(), 1);
    assert_eq!(send::signed(Signed { n: 0 }).broadcast().queued(), 1);
    assert_eq!(
        client.next_message().await,
        json!({"type": "moment", "payload": {"at": "9999-01-01T00:00:00Z"}})
    );
    assert_eq!(client.next_message().await, json!({"type": "signed", "payload": {"n": 0}}));
    assert_eq!(client.drain().await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_reply_that_does_not_fit_its_schema_is_an_internal_error_and_the_log_says_why() {
    let log = Log::start();
    let server = Server::builder(app::router()).build();
    let mut client = connect(&server).await.unwrap();
    log.take();
    for (route, payload, why) in [
        ("measure", json!(1.0), "a float is NaN or infinite"),
        ("measure", json!(-1.0), "a float is NaN or infinite"),
        ("score", json!(11), "/points: must be at most 10"),
        ("when", json!(12_345), "must be in the format `date-time`"),
        ("small", json!(256), "/n: must be at most 255"),
        ("small", json!(-1), "/n: must be at least 0"),
        ("small", json!(100), "the data of the error TOO_MANY"),
    ] {
        let error: CallError = client.call::<Value>(route, &payload).await.unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.message.as_str()),
            ("INTERNAL", "internal error"),
            "{route} {payload}"
        );
        let lines = log.take();
        assert!(lines.iter().any(|line| line.contains("ERROR") && line.contains(why)), "{why}: {lines:#?}");
    }
    assert_eq!(client.call::<Value>("score", &10).await.unwrap(), json!({"points": 10}));
    assert_eq!(client.call::<Value>("when", &2026).await.unwrap(), json!("2026-01-01T00:00:00Z"));
    assert_eq!(client.call::<Value>("small", &255).await.unwrap(), json!({"n": 255}));
    let error = client.call::<Value>("small", &10).await.unwrap_err();
    assert_eq!((error.code.as_str(), error.data), ("TOO_MANY", Some(json!({"most": {"of": 9}}))));
}

#[tokio::test]
async fn a_payload_is_held_to_its_schema_whatever_attribute_wrote_it() {
    let server = Server::builder(app::router()).build();
    let mut client = connect(&server).await.unwrap();
    assert_eq!(client.call::<u8>("either", &json!({"kind": {"a": 1}})).await.unwrap(), 1);
    for both in [json!({}), json!({"a": 1, "b": 2}), json!({"a": null, "b": null})] {
        let error = client.call::<u8>("either", &json!({"kind": both})).await.unwrap_err();
        assert_eq!(error.code, "INVALID_PAYLOAD", "{both}");
    }
}

#[tokio::test]
async fn headers_are_held_to_their_schema_whatever_attribute_wrote_it() {
    let server = Server::builder(app::router()).build();
    assert!(connect(&server).header("level", "255").header("api", "v1").await.is_ok());
    for (name, value) in [("level", "256"), ("level", "-1"), ("api", "v2")] {
        let refused = connect(&server).header(name, value).await.unwrap_err();
        assert_eq!(refused.status, 400, "{name}={value}");
    }
}

#[tokio::test]
async fn a_zero_keeps_its_sign_and_is_an_integer_all_the_same() {
    let server = Server::builder(app::router()).build();
    let mut client = connect(&server).await.unwrap();
    client.send_text(r#"{"type":"echo","payload":{"float":-0.0},"rpcId":"a"}"#).await;
    assert!(client.next_message().await["payload"]["float"].as_f64().unwrap().is_sign_negative());
    client.send_text(r#"{"type":"echo","payload":{"whole":-0.0},"rpcId":"b"}"#).await;
    assert_eq!(client.next_message().await["payload"], json!({"whole": 0}));
}

#[test]
fn what_cannot_be_written_against_its_schema_is_known_and_not_checked() {
    assert!(Plain::is_faithful());
    assert!(Measured::is_faithful());
    assert!(
        !Moment::is_faithful() && !Scored::is_faithful() && !Listed::is_faithful() && !Signed::is_faithful()
    );
    let contract = app::contract();
    let name = zocket::SchemaName::parse("plain/event").unwrap();
    let validator = contract.validator(name).unwrap().unwrap();
    let leaf = |shapes| Plain { a_text: "\u{0}é".into(), later: None, shapes, by_name: Default::default() };
    let by_name = [("x".to_owned(), (f32::MAX, true)), (String::new(), (f32::MIN_POSITIVE, false))].into();
    let shapes = vec![
        Shape::Point,
        Shape::Circle(f64::MAX),
        Shape::Line(u8::MAX, i64::MIN),
        Shape::Box { width: u32::MAX, height: None },
        Shape::Box { width: 0, height: Some(1) },
    ];
    let later = Some(Box::new(leaf(Vec::new())));
    for message in [leaf(Vec::new()), Plain { a_text: String::new(), later, shapes, by_name }] {
        let value = serde_json::to_value(&message).unwrap();
        assert!(validator.is_valid(&value), "{value}");
    }
}

#[zocket::router]
mod faulty {
    #[headers]
    pub struct Headers {
        #[schemars(regex(pattern = "^(?i)bearer "))]
        pub authorization: Option<String>,
    }

    #[payload]
    pub struct Post {
        #[schemars(regex(pattern = "\\Aa"))]
        pub text: String,
    }

    #[outgoing]
    pub struct Posted {
        #[schemars(regex(pattern = "a++"))]
        pub text: String,
    }

    #[payload]
    pub struct Reply {
        #[schemars(regex(pattern = "(?P<n>a)"))]
        pub text: String,
    }

    #[error]
    pub enum Fault {
        Bad { why: Reply },
    }

    #[incoming]
    async fn post(_input: Post) -> Result<Reply, Fault> {
        Ok(Reply { text: "a".into() })
    }
}

#[test]
fn all_that_cannot_be_enforced_is_told_in_one_report() {
    let error = Server::builder(faulty::router()).try_build().unwrap_err();
    assert_eq!(error.kind(), zocket::BuildErrorKind::Schema);
    let report = error.to_string();
    for (what, help) in [
        ("the schema of the payload of `post`", "`^` is the beginning of the text"),
        ("the schema of the handshake's headers", "write both cases, `[Aa]`"),
        ("the schema of the reply of `post`", "write `(?<n>…)`"),
        ("the schema of the data of the error BAD of `post`", "write `(?<n>…)`"),
        ("the schema of the message `posted`", "leave out the `+` after the quantifier"),
    ] {
        let line =
            report.lines().find(|line| line.starts_with(what)).unwrap_or_else(|| panic!("{what}: {report}"));
        assert!(line.contains("help: ") && line.contains(help), "{line}");
    }
    assert_eq!(report.lines().count(), 5, "{report}");
}
