//! The messages that the server writes, each a whole WebSocket frame, encoded in place.

use std::cell::Cell;

use bytes::Bytes;
use serde::{Serialize, ser::Error as _};

use super::{codec::Codec, encode::FrameStart, envelope::RpcId, frame::Opcode, json, msgpack};

/// An empty ping.
pub const PING: Bytes = Bytes::from_static(&[0x89, 0x00]);

/// The type of a message that only asks whether the server is alive, since pages in a browser cannot see
/// WebSocket pings.
pub const PING_TYPE: &str = "__ping";

/// Appends `{"type":"__pong"}`, the answer to [`PING_TYPE`].
pub fn pong(buffer: &mut Vec<u8>, codec: Codec) {
    match codec {
        Codec::Json => super::encode::frame(buffer, Opcode::Text, br#"{"type":"__pong"}"#),
        Codec::MsgPack => super::encode::frame(buffer, Opcode::Binary, b"\x81\xa4type\xa6__pong"),
    }
}

/// `{"type":"<route>","payload":…}`: encoded once for all receivers. Always JSON: the other forms are derived from
/// it.
///
/// ```
/// let frame = zocket_wire::message::event("chat.posted", "hi")?;
/// assert_eq!(frame, &b"\x81\x25{\"type\":\"chat.posted\",\"payload\":\"hi\"}"[..]);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
/// The payload cannot be written as JSON.
pub fn event<T: Serialize + ?Sized>(route: &'static str, payload: &T) -> Result<Bytes, serde_json::Error> {
    checked_event(route, payload, None)
}

/// Checks a serialized payload before it is sent.
pub type Check<'a> = &'a dyn Fn(&str) -> Result<(), serde_json::Error>;

/// Like [`event`], with a payload that `check` must approve.
///
/// # Errors
/// The payload cannot be written as JSON, or is not approved of.
pub fn checked_event<T: Serialize + ?Sized>(
    route: &'static str,
    payload: &T,
    check: Option<Check<'_>>,
) -> Result<Bytes, serde_json::Error> {
    let mut buffer = Vec::with_capacity(128);
    frame(&mut buffer, Codec::Json, |buffer| {
        buffer.extend_from_slice(br#"{"type":"#);
        json::append_str(buffer, route);
        buffer.extend_from_slice(br#","payload":"#);
        append_checked(buffer, payload, check)?;
        buffer.push(b'}');
        Ok(())
    })?;
    Ok(buffer.into())
}

#[inline]
fn append_checked<T: Serialize + ?Sized>(
    buffer: &mut Vec<u8>,
    payload: &T,
    check: Option<Check<'_>>,
) -> Result<(), serde_json::Error> {
    let start = buffer.len();
    json::append(buffer, payload)?;
    match check {
        Some(check) => {
            check(simdutf8::basic::from_utf8(&buffer[start..]).map_err(serde_json::Error::custom)?)
        }
        None => Ok(()),
    }
}

/// `{"type":"__rpc_res","payload":…,"rpcId":"…"}`, without `payload` for a handler that returns nothing.
///
/// # Errors
/// The payload cannot be written as JSON. What was in `buffer` before stays as it was.
pub fn reply<T: Serialize + ?Sized>(
    buffer: &mut Vec<u8>,
    codec: Codec,
    rpc_id: &RpcId,
    payload: Option<&T>,
) -> Result<(), serde_json::Error> {
    checked_reply(buffer, codec, rpc_id, payload, None)
}

/// Like [`reply`], with a payload that `check` must approve.
///
/// # Errors
/// The payload cannot be written as JSON, or is not approved of. What was in `buffer` before stays as it was.
pub fn checked_reply<T: Serialize + ?Sized>(
    buffer: &mut Vec<u8>,
    codec: Codec,
    rpc_id: &RpcId,
    payload: Option<&T>,
    check: Option<Check<'_>>,
) -> Result<(), serde_json::Error> {
    frame(buffer, codec, |buffer| {
        buffer.extend_from_slice(br#"{"type":"__rpc_res""#);
        if let Some(payload) = payload {
            buffer.extend_from_slice(br#","payload":"#);
            append_checked(buffer, payload, check)?;
        }
        buffer.extend_from_slice(br#","rpcId":"#);
        buffer.extend_from_slice(rpc_id.as_bytes());
        buffer.push(b'}');
        Ok(())
    })
}

/// What an error is the answer to.
#[derive(Clone, Copy, Debug)]
pub enum InReplyTo<'a> {
    /// A call, by its id.
    Call(&'a RpcId),
    /// A message without an id, by its route if that is known.
    Route(Option<&'a str>),
}

/// What an error tells the client.
#[derive(Clone, Copy, Debug)]
pub struct ErrorBody<'a, I> {
    /// The code, for the client's program.
    pub code: &'a str,
    /// What is wrong, for people.
    pub message: &'a str,
    /// What is wrong with the payload; omitted if empty.
    pub issues: &'a [I],
    /// How many issues there are; if `issues` has only the first of them, the message says how many there are.
    pub issue_count: u64,
    /// Data for the client's program, as JSON text, which is copied into the message unchanged.
    pub data: Option<&'a str>,
}

/// `{"type":"__rpc_err","rpcId":"…","error":{…}}`, or with `route` if the client does not wait for a reply.
///
/// # Errors
/// The issues cannot be written as JSON. What was in `buffer` before stays as it was.
pub fn error<I: Serialize>(
    buffer: &mut Vec<u8>,
    codec: Codec,
    to: &InReplyTo<'_>,
    error: &ErrorBody<'_, I>,
) -> Result<(), serde_json::Error> {
    frame(buffer, codec, |buffer| {
        buffer.extend_from_slice(br#"{"type":"__rpc_err""#);
        match to {
            InReplyTo::Call(rpc_id) => {
                buffer.extend_from_slice(br#","rpcId":"#);
                buffer.extend_from_slice(rpc_id.as_bytes());
            }
            InReplyTo::Route(Some(route)) => {
                buffer.extend_from_slice(br#","route":"#);
                json::append_str(buffer, route);
            }
            InReplyTo::Route(None) => {}
        }
        buffer.extend_from_slice(br#","error":{"code":"#);
        json::append_str(buffer, error.code);
        buffer.extend_from_slice(br#","message":"#);
        json::append_str(buffer, error.message);
        if !error.issues.is_empty() {
            buffer.extend_from_slice(br#","issues":"#);
            json::append(buffer, error.issues)?;
            if error.issue_count > error.issues.len() as u64 {
                buffer.extend_from_slice(br#","issueCount":"#);
                json::append(buffer, &error.issue_count)?;
            }
        }
        if let Some(data) = error.data {
            buffer.extend_from_slice(br#","data":"#);
            buffer.extend_from_slice(data.as_bytes());
        }
        buffer.extend_from_slice(b"}}");
        Ok(())
    })
}

/// A frame of the JSON that `write` appends, in this codec; it is removed if that fails.
#[inline]
fn frame(
    buffer: &mut Vec<u8>,
    codec: Codec,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), serde_json::Error>,
) -> Result<(), serde_json::Error> {
    if codec == Codec::MsgPack {
        return msgpack_frame(buffer, write);
    }
    let mut draft = Draft { start: Some(FrameStart::reserve(buffer)), buffer };
    write(draft.buffer)?;
    if let Some(start) = draft.start.take() {
        start.finish(draft.buffer, Opcode::Text);
    }
    Ok(())
}

/// A frame that is being written after others. It is removed if writing fails, and also if a payload's `Serialize` panics:
/// half a frame would be read as the beginning of what follows.
struct Draft<'a> {
    buffer: &'a mut Vec<u8>,
    start: Option<FrameStart>,
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        if let Some(start) = self.start.take() {
            start.abandon(self.buffer);
        }
    }
}

/// How much of the buffer below is kept between messages.
const MAX_KEPT: usize = 64 * 1024;

thread_local! {
    /// JSON on its way to MessagePack.
    static JSON: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

fn msgpack_frame(
    buffer: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), serde_json::Error>,
) -> Result<(), serde_json::Error> {
    let mut json = JSON.take();
    let written = write(&mut json).and_then(|()| msgpack::frame(&json, buffer));
    json.clear();
    json.shrink_to(MAX_KEPT);
    JSON.set(json);
    written
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn full(message: &str) -> ErrorBody<'_, Value> {
        ErrorBody { code: "FULL", message, issues: &[], issue_count: 0, data: None }
    }

    fn text(frame: &[u8]) -> Value {
        let header = if frame[1] < 126 { 2 } else { 4 };
        serde_json::from_slice(&frame[header..]).unwrap()
    }

    #[test]
    fn an_event() {
        let frame = event("a.b", &json!({"text": "hi"})).unwrap();
        assert_eq!(frame[0], 0x81);
        assert_eq!(text(&frame), json!({"type": "a.b", "payload": {"text": "hi"}}));
    }

    #[test]
    fn a_reply_echoes_the_id_as_it_came() {
        let mut buffer = Vec::new();
        reply(&mut buffer, Codec::Json, &RpcId::new(r#""k\u0033""#), Some(&1)).unwrap();
        assert!(String::from_utf8_lossy(&buffer).ends_with(r#""payload":1,"rpcId":"k\u0033"}"#));
        let mut buffer = Vec::new();
        reply::<()>(&mut buffer, Codec::Json, &RpcId::new(r#""k""#), None).unwrap();
        assert_eq!(text(&buffer), json!({"type": "__rpc_res", "rpcId": "k"}));
    }

    #[test]
    fn an_error_names_the_call_or_the_route() {
        let problem = ErrorBody { data: Some(r#"{"max":5}"#), ..full("no room") };
        let mut buffer = Vec::new();
        error(&mut buffer, Codec::Json, &InReplyTo::Call(&RpcId::new(r#""k""#)), &problem).unwrap();
        let body = json!({"code": "FULL", "message": "no room", "data": {"max": 5}});
        assert_eq!(text(&buffer), json!({"type": "__rpc_err", "rpcId": "k", "error": body}));
        let mut buffer = Vec::new();
        error(&mut buffer, Codec::Json, &InReplyTo::Route(Some("a.b")), &problem).unwrap();
        assert_eq!(text(&buffer)["route"], "a.b");
        let mut buffer = Vec::new();
        error(&mut buffer, Codec::Json, &InReplyTo::Route(None), &problem).unwrap();
        assert_eq!(text(&buffer), json!({"type": "__rpc_err", "error": body}));
        let issues = [json!({"path": "/a"})];
        let mut buffer = Vec::new();
        let with_issues = ErrorBody { issues: &issues, issue_count: 1, ..full("no room") };
        error(&mut buffer, Codec::Json, &InReplyTo::Route(None), &with_issues).unwrap();
        let body = json!({"code": "FULL", "message": "no room", "issues": issues});
        assert_eq!(text(&buffer), json!({"type": "__rpc_err", "error": body}));
    }

    #[test]
    fn what_cannot_be_written_leaves_nothing_behind() {
        let mut buffer = vec![1, 2];
        let keyed_by_pairs = std::collections::BTreeMap::from([((1, 2), 3)]);
        assert!(reply(&mut buffer, Codec::Json, &RpcId::new("\"k\""), Some(&keyed_by_pairs)).is_err());
        assert_eq!(buffer, [1, 2]);
    }
    #[test]
    fn the_same_in_message_pack() {
        let id = RpcId::new(r#""k""#);
        let mut buffer = vec![1, 2];
        reply(&mut buffer, Codec::MsgPack, &id, Some(&[1, 300])).unwrap();
        assert_eq!(
            buffer[2..],
            *b"\x82\x25\x83\xa4type\xa9__rpc_res\xa7payload\x92\x01\xcd\x01\x2c\xa5rpcId\xa1k"
        );
        let mut buffer = Vec::new();
        error(&mut buffer, Codec::MsgPack, &InReplyTo::Call(&id), &full("no")).unwrap();
        let expected =
            b"\x83\xa4type\xa9__rpc_err\xa5rpcId\xa1k\xa5error\x82\xa4code\xa4FULL\xa7message\xa2no";
        assert_eq!(buffer[2..], *expected);
        let (mut json, mut packed) = (Vec::new(), Vec::new());
        pong(&mut json, Codec::Json);
        pong(&mut buffer, Codec::MsgPack);
        msgpack::reframe(&json, &mut packed).unwrap();
        assert!(buffer.ends_with(&packed));
    }

    #[test]
    fn what_cannot_be_written_in_message_pack_leaves_nothing_behind_either() {
        let mut buffer = vec![1, 2];
        let keyed_by_pairs = std::collections::BTreeMap::from([((1, 2), 3)]);
        let id = RpcId::new("\"k\"");
        assert!(reply(&mut buffer, Codec::MsgPack, &id, Some(&keyed_by_pairs)).is_err());
        assert!(reply(&mut buffer, Codec::MsgPack, &RpcId::new("no literal"), Some(&1)).is_err());
        assert_eq!(buffer, [1, 2]);
        reply(&mut buffer, Codec::MsgPack, &id, Some(&1)).unwrap();
        assert!(
            buffer.ends_with(b"payload\x01\xa5rpcId\xa1k"),
            "nothing is left in the scratch buffer either"
        );
    }
    #[test]
    fn a_payload_that_panics_while_it_is_written_leaves_nothing_behind() {
        struct Bad;
        impl Serialize for Bad {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let half = [Some(1), None];
                serializer.collect_seq(half.iter().map(|n| n.expect("as it is meant to")))
            }
        }
        for codec in [Codec::Json, Codec::MsgPack] {
            let mut buffer = vec![1, 2];
            let written = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                drop(reply(&mut buffer, codec, &RpcId::new("\"k\""), Some(&Bad)));
            }));
            assert!(written.is_err());
            assert_eq!(buffer, [1, 2]);
        }
    }
}
