//! The protocols that the peers speak.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::wire::{BINARY, Frame, Template};

/// The ids of a connection's calls count from here on: always six digits.
const FIRST_ID: u64 = 100_000;
const IDS: u64 = 900_000;
/// By how much a reply may be overtaken, where the protocol promises no order.
const REORDERED: u64 = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// zocket's JSON, spoken by all peers but two.
    Zocket,
    /// The same messages as MessagePack.
    MsgPack,
    /// Engine.IO 4 and Socket.IO 5, over WebSocket.
    SocketIo,
}

/// A message from a server, told by its first bytes, or by its being compressed: of all that a workload causes, only
/// announcements are long enough for that.
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
            Self::Zocket | Self::MsgPack => "/ws",
            Self::SocketIo => "/socket.io/?EIO=4&transport=websocket",
        }
    }

    /// A call whose id is to be filled in.
    #[must_use]
    pub fn call(self, route: &str, payload: &Value) -> Template {
        let (before, after) = match self {
            Self::MsgPack => {
                // The id comes last.
                let call = json!({ "type": route, "payload": payload, "rpcId": FIRST_ID.to_string() });
                let packed = pack(&call);
                let variable = packed.len() - 6;
                return Template::of(BINARY, &packed, variable);
            }
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
    pub fn kind(self, message: Frame<'_>) -> Result<Kind, String> {
        let text = message.payload;
        if message.compressed {
            return Ok(Kind::Event);
        }
        let known: &[(&[u8], Kind)] = match self {
            // A map of two or three, "type", and its value's length and first bytes.
            Self::MsgPack => &[
                (b"\x82\xa4type\xb3system.announcement", Kind::Event),
                (b"\x82\xa4type\xa9__rpc_res", Kind::Reply),
                (b"\x83\xa4type\xa9__rpc_res", Kind::Reply),
            ],
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
    pub fn check_event(self, message: Frame<'_>, expected: &str) -> Result<(), String> {
        let message = &*inflated(message)?;
        let text = match self {
            Self::MsgPack => unpack(message)?.pointer("/payload/text").cloned(),
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
        message: Frame<'_>,
        oldest: u64,
        sent: u64,
        expected: Option<&str>,
    ) -> Result<(), String> {
        let message = &*inflated(message)?;
        let (found, text) = match self {
            Self::Zocket | Self::MsgPack => {
                let reply = if self == Self::Zocket { parse(message)? } else { unpack(message)? };
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

fn inflated(message: Frame<'_>) -> Result<Cow<'_, [u8]>, String> {
    message.inflated().map_err(|error| format!("a compressed message cannot be inflated: {error}"))
}

/// As MessagePack; of numbers there are none.
fn pack(value: &Value) -> Vec<u8> {
    fn convert(value: &Value) -> rmpv::Value {
        match value {
            Value::String(text) => text.as_str().into(),
            Value::Object(map) => {
                // serde_json sorts keys, unless another package makes it keep their order: here it is this one.
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_by_key(|(key, _)| {
                    ["type", "payload", "rpcId"].iter().position(|known| known == key)
                });
                rmpv::Value::Map(
                    entries.iter().map(|(key, value)| (key.as_str().into(), convert(value))).collect(),
                )
            }
            _ => rmpv::Value::Nil,
        }
    }
    let mut packed = Vec::new();
    rmpv::encode::write_value(&mut packed, &convert(value)).expect("a vector takes all that is written");
    packed
}

fn unpack(mut message: &[u8]) -> Result<Value, String> {
    fn convert(value: rmpv::Value) -> Value {
        match value {
            rmpv::Value::String(text) => text.into_str().into(),
            rmpv::Value::Map(map) => map
                .into_iter()
                .map(|(key, value)| (key.as_str().unwrap_or_default().to_owned(), convert(value)))
                .collect(),
            _ => Value::Null,
        }
    }
    let value =
        rmpv::decode::read_value_with_max_depth(&mut message, 16).map_err(|error| error.to_string())?;
    Ok(convert(value))
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

    fn text(payload: &[u8]) -> Frame<'_> {
        Frame { opcode: crate::wire::TEXT, compressed: false, payload }
    }

    #[test]
    fn message_pack_is_the_same_messages() {
        let reply = pack(&json!({ "type": "__rpc_res", "payload": { "text": "a" }, "rpcId": "100003" }));
        assert_eq!(Dialect::MsgPack.kind(text(&reply)), Ok(Kind::Reply));
        assert_eq!(Dialect::MsgPack.check_reply(text(&reply), 3, 4, Some("a")), Ok(()));
        assert!(Dialect::MsgPack.check_reply(text(&reply), 4, 5, Some("a")).is_err());
        assert!(reply.ends_with(b"100003"));
        let event = pack(&json!({ "type": "system.announcement", "payload": { "text": "a" } }));
        assert_eq!(Dialect::MsgPack.kind(text(&event)), Ok(Kind::Event));
        assert_eq!(Dialect::MsgPack.check_event(text(&event), "a"), Ok(()));
        assert!(Dialect::MsgPack.check_event(text(&event), "b").is_err());
        assert!(Dialect::MsgPack.check_event(text(&event[..9]), "a").is_err());
    }

    #[test]
    fn a_wrong_message_is_noticed() {
        let zocket = Dialect::Zocket;
        let reply = text(br#"{"type":"__rpc_res","payload":{"text":"a"},"rpcId":"100003"}"#);
        assert_eq!(zocket.kind(reply), Ok(Kind::Reply));
        assert_eq!(zocket.check_reply(reply, 3, 4, Some("a")), Ok(()));
        assert!(zocket.check_reply(reply, 4, 5, Some("a")).is_err());
        assert!(zocket.check_reply(reply, 3, 4, Some("b")).is_err());
        assert!(zocket.kind(text(br#"{"type":"__rpc_err"}"#)).is_err());
        let socket_io = Dialect::SocketIo;
        assert_eq!(socket_io.check_reply(text(br#"43100003[{"text":"a"}]"#), 1, 4, Some("a")), Ok(()));
        assert!(socket_io.check_reply(text(br#"43100003[{"text":"a"}]"#), 2, 3, None).is_err());
        assert_eq!(socket_io.check_event(text(br#"42["e",{"text":"a"}]"#), "a"), Ok(()));
        assert!(socket_io.check_event(text(br#"42["e",{"text":"a"}]"#), "b").is_err());
    }
}
