//! The two protocols that the peers speak.

use serde_json::{Value, json};

use crate::wire::Template;

/// The ids of a connection's calls count from here on: always six digits.
const FIRST_ID: u64 = 100_000;
const IDS: u64 = 900_000;
/// By how much a reply may be overtaken, where the protocol promises no order.
const REORDERED: u64 = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// zocket's JSON, spoken by all peers but two.
    Zocket,
    /// Engine.IO 4 and Socket.IO 5, over WebSocket.
    SocketIo,
}

/// A text message from a server, told by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Reply,
    Event,
    /// Engine.IO's own ping, to be answered.
    Ping,
}

/// The id of a connection's call, counted from 0.
#[must_use]
pub fn id(call: u64) -> [u8; 6] {
    let mut id = FIRST_ID + call % IDS;
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit += (id % 10) as u8;
        id /= 10;
    }
    digits
}

impl Dialect {
    #[must_use]
    pub fn target(self) -> &'static str {
        match self {
            Self::Zocket => "/ws",
            Self::SocketIo => "/socket.io/?EIO=4&transport=websocket",
        }
    }

    /// A call whose id is to be filled in.
    #[must_use]
    pub fn call(self, route: &str, payload: &Value) -> Template {
        let (before, after) = match self {
            // The order of keys is the TypeScript client's.
            Self::Zocket => {
                (format!(r#"{{"type":"{route}","payload":{payload},"rpcId":""#), r#""}"#.to_owned())
            }
            Self::SocketIo => ("42".to_owned(), json!([route, payload]).to_string()),
        };
        Template::new(&format!("{before}{FIRST_ID}{after}"), before.len())
    }

    /// What a message is.
    ///
    /// # Errors
    /// It is none that the workload should cause: its text.
    pub fn kind(self, text: &[u8]) -> Result<Kind, String> {
        let known: &[(&[u8], Kind)] = match self {
            Self::Zocket => &[
                (br#"{"type":"system.announcement""#, Kind::Event),
                (br#"{"type":"room.message""#, Kind::Event),
                (br#"{"type":"__rpc_res""#, Kind::Reply),
            ],
            Self::SocketIo => &[(b"42", Kind::Event), (b"43", Kind::Reply), (b"2", Kind::Ping)],
        };
        let found = known.iter().find(|(start, _)| text.starts_with(start));
        found
            .map(|&(_, kind)| kind)
            .ok_or_else(|| format!("unexpected message: {}", String::from_utf8_lossy(text)))
    }

    /// Parses an event and compares its text.
    ///
    /// # Errors
    /// It is another one.
    pub fn check_event(self, message: &[u8], expected: &str) -> Result<(), String> {
        let text = match self {
            Self::Zocket => parse(message)?.pointer("/payload/text").cloned(),
            Self::SocketIo => parse(&message[2..])?.pointer("/1/text").cloned(),
        };
        same("an event's text", text.as_ref(), expected)
    }

    /// Parses a reply to call number `oldest`, where calls up to `sent` have been made, and compares its text where one
    /// is expected. Socket.IO promises no order of acknowledgements: there, any call of late will do.
    ///
    /// # Errors
    /// It is another one.
    pub fn check_reply(
        self,
        message: &[u8],
        oldest: u64,
        sent: u64,
        expected: Option<&str>,
    ) -> Result<(), String> {
        let (found, text) = match self {
            Self::Zocket => {
                let reply = parse(message)?;
                (reply.get("rpcId").cloned(), reply.pointer("/payload/text").cloned())
            }
            Self::SocketIo => {
                let (id, arguments) = message[2..].split_at_checked(6).ok_or("a reply without an id")?;
                (Some(String::from_utf8_lossy(id).into()), parse(arguments)?.pointer("/0/text").cloned())
            }
        };
        let late = self == Self::SocketIo
            && (oldest.saturating_sub(REORDERED)..sent)
                .any(|call| found.as_ref().is_some_and(|found| *found == digits(call)));
        if !late {
            same("a reply's id", found.as_ref(), &digits(oldest))?;
        }
        expected.map_or(Ok(()), |expected| same("a reply's text", text.as_ref(), expected))
    }
}

fn digits(call: u64) -> String {
    String::from_utf8_lossy(&id(call)).into_owned()
}

fn parse(message: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(message)
        .map_err(|error| format!("{error} in {}", String::from_utf8_lossy(message)))
}

fn same(what: &str, found: Option<&Value>, expected: &str) -> Result<(), String> {
    if found.is_some_and(|found| found == expected) {
        Ok(())
    } else {
        let found = found.map_or("missing".to_owned(), Value::to_string);
        Err(format!("{what} is {found} where {expected:?} was expected"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_six_digits() {
        assert_eq!(&id(0), b"100000");
        assert_eq!(&id(42), b"100042");
        assert_eq!(&id(899_999), b"999999");
        assert_eq!(&id(900_000), b"100000");
    }

    #[test]
    fn a_wrong_message_is_noticed() {
        let zocket = Dialect::Zocket;
        let reply = br#"{"type":"__rpc_res","payload":{"text":"a"},"rpcId":"100003"}"#;
        assert_eq!(zocket.kind(reply), Ok(Kind::Reply));
        assert_eq!(zocket.check_reply(reply, 3, 4, Some("a")), Ok(()));
        assert!(zocket.check_reply(reply, 4, 5, Some("a")).is_err());
        assert!(zocket.check_reply(reply, 3, 4, Some("b")).is_err());
        assert!(zocket.kind(br#"{"type":"__rpc_err"}"#).is_err());
        let socket_io = Dialect::SocketIo;
        assert_eq!(socket_io.check_reply(br#"43100003[{"text":"a"}]"#, 1, 4, Some("a")), Ok(()));
        assert!(socket_io.check_reply(br#"43100003[{"text":"a"}]"#, 2, 3, None).is_err());
        assert_eq!(socket_io.check_event(br#"42["e",{"text":"a"}]"#, "a"), Ok(()));
        assert!(socket_io.check_event(br#"42["e",{"text":"a"}]"#, "b").is_err());
    }
}
