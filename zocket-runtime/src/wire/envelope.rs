//! The envelope around a client's payload: `{"type":"chat.post","payload":{…},"rpcId":"k3j9x"}`.

use std::borrow::Cow;
use std::fmt;

use super::json::{Cursor, Error, ErrorKind, RawStr, special};

/// The longest `rpcId` that is echoed, in bytes as sent, quotes included.
const LONGEST_RPC_ID: usize = 256;

/// One message of a client. All of its text is well-formed JSON; what lies in the payload is otherwise unread.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Envelope<'a> {
    /// `type`, unescaped.
    pub(crate) route: Cow<'a, str>,
    /// The text of `payload`, where there is one.
    pub(crate) payload: Option<&'a str>,
    /// `rpcId`, where the client wants a reply.
    pub(crate) rpc_id: Option<RpcIdRaw<'a>>,
}

/// An `rpcId` as the JSON string literal that the client sent, quotes included, to be echoed as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RpcIdRaw<'a>(&'a str);

impl<'a> RpcIdRaw<'a> {
    /// The literal, quotes included.
    pub(crate) fn as_json(self) -> &'a str {
        self.0
    }
}

/// A message that is no envelope. It holds nothing of the message but the `rpcId`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BadMessage<'a> {
    /// What is wrong.
    pub(crate) fault: Fault,
    /// The `rpcId`, where it was read before the fault was met: the error reply carries it.
    pub(crate) rpc_id: Option<RpcIdRaw<'a>>,
}

/// What is wrong with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Not JSON from this byte on.
    NotJson {
        /// Offset into the message, in bytes.
        offset: usize,
    },
    /// JSON, but no object.
    NotAnObject,
    /// No `type`.
    NoType,
    /// `type` is not a string.
    TypeNotAString,
    /// One of the envelope's keys comes twice, and only one could be obeyed.
    DuplicateKey(&'static str),
    /// `rpcId` is neither a string nor null.
    RpcIdNotAString,
    /// `rpcId` is longer than 256 bytes.
    RpcIdTooLong,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NotJson { offset } => {
                write!(f, "the message is not JSON from byte {offset} on; send one JSON object a frame")
            }
            Fault::NotAnObject => {
                f.write_str("the message is not a JSON object; send {\"type\": …, \"payload\": …}")
            }
            Fault::NoType => f.write_str("the message has no \"type\"; set it to the name of a route"),
            Fault::TypeNotAString => f.write_str("\"type\" is not a string; set it to the name of a route"),
            Fault::DuplicateKey(key) => write!(f, "the message has more than one \"{key}\"; send it once"),
            Fault::RpcIdNotAString => {
                f.write_str("\"rpcId\" is not a string; send a string, or leave it out")
            }
            Fault::RpcIdTooLong => {
                write!(f, "\"rpcId\" is too long; send {LONGEST_RPC_ID} bytes at most, its quotes included")
            }
        }
    }
}

impl fmt::Display for BadMessage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault.fmt(f)
    }
}

impl std::error::Error for BadMessage<'_> {}

/// Reads an envelope that is written as clients write it: `type`, `payload` and perhaps `rpcId`, in this order, with nothing
/// between them and nothing escaped. The payload is not looked at.
///
/// Where the payload is one JSON value (which whoever reads it for its type finds out), [`parse`] would give the same. Where it
/// is not, or there is nothing here, only `parse` can tell. That saves a pass over the payload, a fifth of what a call of
/// 2.2 KB costs.
pub(crate) fn glance(text: &str) -> Option<Envelope<'_>> {
    let rest = text.strip_prefix(r#"{"type":""#)?;
    let (route, rest) = rest.split_at_checked(special(rest.as_bytes(), 0))?;
    let rest = rest.strip_prefix(r#"","payload":"#)?.strip_suffix('}')?;
    let (payload, rpc_id) = match split_rpc_id(rest) {
        Some((payload, rpc_id)) => (payload, Some(rpc_id)),
        None => (rest, None),
    };
    Some(Envelope { route: Cow::Borrowed(route), payload: Some(payload), rpc_id })
}

/// Takes `,"rpcId":"…"` off the end.
fn split_rpc_id(text: &str) -> Option<(&str, RpcIdRaw<'_>)> {
    const KEY: &str = r#","rpcId":"#;
    let inside = text.strip_suffix('"')?;
    let shortest = inside.len().saturating_sub(LONGEST_RPC_ID - 1);
    let quote = shortest + inside.as_bytes()[shortest..].iter().rposition(|byte| *byte == b'"')?;
    let plain = special(text.as_bytes(), quote + 1) == inside.len();
    let payload = text[..quote].strip_suffix(KEY).filter(|_| plain)?;
    Some((payload, RpcIdRaw(&text[quote..])))
}

/// Reads the envelope and checks the syntax of the whole message: the one pass over the bytes before the payload is read
/// for its type.
pub(crate) fn parse(text: &str) -> Result<Envelope<'_>, BadMessage<'_>> {
    let mut members = Members::default();
    let fault = match members.read(text) {
        Ok(()) => match (members.fault, members.route) {
            (Some(fault), _) => fault,
            (None, None) => Fault::NoType,
            (None, Some(route)) => {
                return Ok(Envelope {
                    route: route.text(),
                    payload: members.payload,
                    rpc_id: members.rpc_id,
                });
            }
        },
        Err(ReadError::Fault(fault)) => fault,
        Err(ReadError::Syntax(offset)) => Fault::NotJson { offset },
    };
    Err(BadMessage { fault, rpc_id: members.rpc_id })
}

/// The members of the envelope as far as they were read.
#[derive(Default)]
struct Members<'a> {
    route: Option<RawStr<'a>>,
    payload: Option<&'a str>,
    rpc_id: Option<RpcIdRaw<'a>>,
    seen_type: bool,
    seen_rpc_id: bool,
    /// The first fault. The rest is read all the same: the `rpcId` may be in it.
    fault: Option<Fault>,
}

enum ReadError {
    Fault(Fault),
    Syntax(usize),
}

impl From<Error> for ReadError {
    fn from(error: Error) -> Self {
        match error.into_public().kind {
            ErrorKind::Syntax { offset } => ReadError::Syntax(offset),
            // The cursor, which is all that is used here, reports nothing but syntax.
            ErrorKind::Data { .. } => ReadError::Fault(Fault::NotAnObject),
        }
    }
}

impl<'a> Members<'a> {
    fn read(&mut self, text: &'a str) -> Result<(), ReadError> {
        let mut cursor = Cursor::new(text);
        if cursor.peek_value()? != b'{' {
            // Told apart from what is no JSON at all.
            cursor.skip_value(0)?;
            cursor.end()?;
            return Err(ReadError::Fault(Fault::NotAnObject));
        }
        cursor.advance();
        let mut first = true;
        while let Some(key) = cursor.next_key(first)? {
            first = false;
            let kind = cursor.peek_value()?;
            let start = cursor.offset();
            match key.text().as_ref() {
                "type" => {
                    self.once("type", self.seen_type);
                    self.seen_type = true;
                    match kind {
                        b'"' => self.route = Some(cursor.string()?),
                        _ => {
                            cursor.skip_value(1)?;
                            self.note(Fault::TypeNotAString);
                        }
                    }
                }
                "payload" => {
                    self.once("payload", self.payload.is_some());
                    // The envelope's own level does not count: a payload nests as deep as a text of its own may.
                    cursor.skip_value(0)?;
                    self.payload = Some(cursor.since(start));
                }
                "rpcId" => {
                    self.once("rpcId", self.seen_rpc_id);
                    self.seen_rpc_id = true;
                    cursor.skip_value(1)?;
                    let literal = cursor.since(start);
                    match kind {
                        b'"' if literal.len() > LONGEST_RPC_ID => self.note(Fault::RpcIdTooLong),
                        b'"' => self.rpc_id = Some(RpcIdRaw(literal)),
                        b'n' => {}
                        _ => self.note(Fault::RpcIdNotAString),
                    }
                }
                _ => cursor.skip_value(1)?,
            }
        }
        Ok(cursor.end()?)
    }

    fn once(&mut self, key: &'static str, seen: bool) {
        if seen {
            self.note(Fault::DuplicateKey(key));
        }
    }

    fn note(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::json::from_str;

    fn fault(text: &str) -> Fault {
        parse(text).unwrap_err().fault
    }

    #[test]
    fn keys_come_in_any_order_and_unknown_ones_are_skipped() {
        let text =
            r#" { "x": [1, {"type": 2}], "rpcId":"k\u0033" , "payload" : {"a":[1]} ,"type":"chat.post"} "#;
        let envelope = parse(text).unwrap();
        assert_eq!(envelope.route, "chat.post");
        assert_eq!(envelope.payload, Some(r#"{"a":[1]}"#));
        assert_eq!(envelope.rpc_id.unwrap().as_json(), r#""k\u0033""#);
    }

    #[test]
    fn at_a_glance_there_is_what_a_full_look_sees_or_nothing() {
        let seen = |text: &str| {
            let envelope = glance(text)?;
            // As who reads it for its type finds out.
            let payload = envelope.payload.and_then(|payload| from_str::<serde_json::Value>(payload).ok());
            payload.map(|_| {
                assert_eq!(parse(text).as_ref(), Ok(&envelope), "{text}");
                envelope.rpc_id.map(|id| id.as_json().to_owned())
            })
        };
        let id = "x".repeat(254);
        let long = format!(r#"{{"type":"a","payload":1,"rpcId":"{id}"}}"#);
        for (text, id) in [
            (r#"{"type":"a","payload":{"b":[1,"}"]}}"#, None),
            (r#"{"type":"a","payload":"b"}"#, None),
            (r#"{"type":"a","payload":"b","rpcId":"k"}"#, Some(r#""k""#)),
            (r#"{"type":"a","payload":{"rpcId":"k"},"rpcId":""}"#, Some(r#""""#)),
            (r#"{"type":"a","payload":{"b":1,"rpcId":"k"}}"#, None),
            (r#"{"type":"a","payload":"\",\"rpcId\":\"k"}"#, None),
            (&long, Some(&format!("\"{id}\""))),
        ] {
            assert_eq!(seen(text), Some(id.map(str::to_owned)), "{text}");
        }
        for text in [
            r#"{"type":"a","payload":[1,"rpcId":"k"}"#,
            r#"{"type":"a","payload":1,"rpcId":"k"},"rpcId":"k"}"#,
            r#"{"type":"a","payload":1,"rpcId":"\u0033"}"#,
            r#"{"type":"\u0061","payload":1}"#,
            r#"{"type":"a","payload":1,"payload":2}"#,
            r#"{"type":"a","payload":1,"x":2}"#,
            r#"{"type":"a","payload":,"rpcId":"k"}"#,
            r#"{"type":"a","payload":"#,
            r#"{"type":"a"}"#,
            r#"{"type":""#,
            "é",
            &long.replace(&id, &format!("{id}x")),
        ] {
            assert_eq!(seen(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(20_000))]

        #[test]
        fn at_a_glance_nothing_is_taken_that_a_full_look_refuses(
            parts in proptest::collection::vec(proptest::sample::select(&PARTS[..]), 0..8)
        ) {
            let text = format!(r#"{{"type":"a","payload":{}}}"#, parts.concat());
            let seen = glance(&text).filter(|seen| from_str::<serde_json::Value>(seen.payload.unwrap()).is_ok());
            if let Some(mut seen) = seen {
                seen.payload = seen.payload.map(str::trim);
                proptest::prop_assert_eq!(parse(&text), Ok(seen));
            }
        }
    }

    const PARTS: [&str; 16] = [
        r#","rpcId":"k""#,
        r#","rpcId":""#,
        r#""rpcId":"#,
        "\"",
        "\\",
        "{",
        "}",
        "[",
        "]",
        "1",
        ",",
        ":",
        " ",
        "a",
        r#""b""#,
        r#","payload":"#,
    ];

    #[test]
    fn a_key_or_route_written_with_escapes_is_the_same() {
        let envelope = parse(r#"{"\u0074ype":"a\u002eb"}"#).unwrap();
        assert_eq!(envelope.route, "a.b");
        assert_eq!((envelope.payload, envelope.rpc_id), (None, None));
    }

    #[test]
    fn null_is_a_payload_but_no_rpc_id() {
        let envelope = parse(r#"{"type":"a","payload":null,"rpcId":null}"#).unwrap();
        assert_eq!((envelope.payload, envelope.rpc_id), (Some("null"), None));
    }

    #[test]
    fn what_is_no_json_is_told_from_what_is_no_object() {
        assert_eq!(fault(""), Fault::NotJson { offset: 0 });
        assert_eq!(fault("hello"), Fault::NotJson { offset: 0 });
        assert_eq!(fault(r#"{"type":"a"} x"#), Fault::NotJson { offset: 13 });
        assert_eq!(fault(r#"{"type":"a","payload":{"b":01}}"#), Fault::NotJson { offset: 27 });
        assert_eq!(fault(r#"[{"type":"a"}]"#), Fault::NotAnObject);
        assert_eq!(fault("[1"), Fault::NotJson { offset: 2 });
        assert_eq!(fault("null"), Fault::NotAnObject);
    }

    #[test]
    fn syntax_errors_inside_the_payload_are_met_here() {
        for payload in
            [r#""\ud800""#, r#""\x""#, "[1,]", "{\"a\"}", "tru", "1.", "-", "+1", "NaN", "\"\u{1}\"", "[}"]
        {
            let text = format!(r#"{{"type":"a","payload":{payload}}}"#);
            assert!(matches!(fault(&text), Fault::NotJson { .. }), "{text}");
        }
    }

    #[test]
    fn type_must_be_there_and_a_string() {
        assert_eq!(fault("{}"), Fault::NoType);
        assert_eq!(fault(r#"{"type":1}"#), Fault::TypeNotAString);
        assert_eq!(fault(r#"{"type":null}"#), Fault::TypeNotAString);
    }

    #[test]
    fn a_key_given_twice_is_refused() {
        assert_eq!(fault(r#"{"type":"a","type":"b"}"#), Fault::DuplicateKey("type"));
        assert_eq!(fault(r#"{"type":"a","payload":1,"payload":2}"#), Fault::DuplicateKey("payload"));
        assert_eq!(fault(r#"{"type":"a","rpcId":null,"rpcId":"2"}"#), Fault::DuplicateKey("rpcId"));
    }

    #[test]
    fn rpc_id_is_a_string_of_bounded_length() {
        assert_eq!(fault(r#"{"type":"a","rpcId":7}"#), Fault::RpcIdNotAString);
        let id = |len: usize| format!(r#"{{"type":"a","rpcId":"{}"}}"#, "x".repeat(len));
        assert!(parse(&id(254)).is_ok());
        assert_eq!(fault(&id(255)), Fault::RpcIdTooLong);
    }

    #[test]
    fn the_rpc_id_is_known_to_the_error_wherever_it_stands() {
        for text in [r#"{"rpcId":"k"}"#, r#"{"type":1,"rpcId":"k"}"#, r#"{"rpcId":"k","payload":tru}"#] {
            assert_eq!(parse(text).unwrap_err().rpc_id.unwrap().as_json(), r#""k""#, "{text}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let nested =
            |depth: usize| format!(r#"{{"type":"a","payload":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(128)).is_ok());
        assert!(matches!(fault(&nested(129)), Fault::NotJson { .. }));
        assert!(matches!(fault(&"[".repeat(1_000_000)), Fault::NotJson { .. }));
    }

    #[test]
    fn no_fault_repeats_the_message() {
        for text in
            [r#"{"type":"a","payload":secret}"#, r#"{"secret":1}"#, r#""secret""#, r#"{"type":["secret"]}"#]
        {
            assert!(!parse(text).unwrap_err().to_string().contains("secret"));
        }
    }
}
