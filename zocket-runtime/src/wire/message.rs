//! The messages that the server writes, each a whole WebSocket frame, encoded in place.

use std::cell::Cell;

use bytes::Bytes;
use serde::Serialize;

use super::{codec::Codec, encode::FrameStart, frame::Opcode, json, msgpack};
use crate::{dispatch::RpcId, handler::Error};

/// An empty ping.
pub(crate) const PING: Bytes = Bytes::from_static(&[0x89, 0x00]);

/// The type of a message that only asks whether the server is there: pages in a browser see no WebSocket pings.
pub(crate) const PING_TYPE: &str = "__ping";

/// `{"type":"__pong"}`: it is.
pub(crate) fn pong(buffer: &mut Vec<u8>, codec: Codec) {
    match codec {
        Codec::Json => super::encode::frame(buffer, Opcode::Text, br#"{"type":"__pong"}"#),
        Codec::MsgPack => super::encode::frame(buffer, Opcode::Binary, b"\x81\xa4type\xa6__pong"),
    }
}

/// `{"type":"<route>","payload":…}`: encoded once, whoever receives it. In JSON: other forms are made from this.
pub(crate) fn event<T: Serialize + ?Sized>(
    route: &'static str,
    payload: &T,
) -> Result<Bytes, serde_json::Error> {
    let mut buffer = Vec::with_capacity(128);
    frame(&mut buffer, Codec::Json, |buffer| {
        buffer.extend_from_slice(br#"{"type":"#);
        json::append_str(buffer, route);
        buffer.extend_from_slice(br#","payload":"#);
        json::append(buffer, payload)?;
        buffer.push(b'}');
        Ok(())
    })?;
    Ok(buffer.into())
}

/// `{"type":"__rpc_res","payload":…,"rpcId":"…"}`, without `payload` for a handler that returns nothing.
pub(crate) fn reply<T: Serialize + ?Sized>(
    buffer: &mut Vec<u8>,
    codec: Codec,
    rpc_id: &RpcId,
    payload: Option<&T>,
) -> Result<(), serde_json::Error> {
    frame(buffer, codec, |buffer| {
        buffer.extend_from_slice(br#"{"type":"__rpc_res""#);
        if let Some(payload) = payload {
            buffer.extend_from_slice(br#","payload":"#);
            json::append(buffer, payload)?;
        }
        buffer.extend_from_slice(br#","rpcId":"#);
        buffer.extend_from_slice(rpc_id.as_bytes());
        buffer.push(b'}');
        Ok(())
    })
}

/// What an error answers: a call by its id, or a message without one by its route.
pub(crate) enum InReplyTo<'a> {
    Call(&'a RpcId),
    Route(Option<&'a str>),
}

/// `{"type":"__rpc_err","rpcId":"…","error":{…}}`, or with `route` where the client waits for no reply.
pub(crate) fn error(
    buffer: &mut Vec<u8>,
    codec: Codec,
    to: &InReplyTo<'_>,
    error: &Error,
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
        json::append_str(buffer, error.code());
        buffer.extend_from_slice(br#","message":"#);
        json::append_str(buffer, error.message());
        if !error.issues().is_empty() {
            buffer.extend_from_slice(br#","issues":"#);
            json::append(buffer, error.issues())?;
        }
        if let Some(data) = error.data() {
            buffer.extend_from_slice(br#","data":"#);
            buffer.extend_from_slice(data.as_bytes());
        }
        buffer.extend_from_slice(b"}}");
        Ok(())
    })
}

/// A frame of the JSON that `write` appends, in this codec; nothing is left of it where that fails.
fn frame(
    buffer: &mut Vec<u8>,
    codec: Codec,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), serde_json::Error>,
) -> Result<(), serde_json::Error> {
    if codec == Codec::MsgPack {
        return packed(buffer, write);
    }
    let mut draft = Draft { start: Some(FrameStart::reserve(buffer)), buffer };
    write(draft.buffer)?;
    if let Some(start) = draft.start.take() {
        start.finish(draft.buffer, Opcode::Text);
    }
    Ok(())
}

/// A frame that is being written behind others. It is taken back where that fails, and also where a payload's own `Serialize`
/// panics: half a frame would be read as the beginning of what follows.
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

/// As much of the buffer below as is kept between messages.
const KEPT: usize = 64 * 1024;

thread_local! {
    /// JSON on its way to MessagePack.
    static JSON: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

fn packed(
    buffer: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), serde_json::Error>,
) -> Result<(), serde_json::Error> {
    let mut json = JSON.take();
    let written = write(&mut json).and_then(|()| msgpack::frame(&json, buffer));
    json.clear();
    json.shrink_to(KEPT);
    JSON.set(json);
    written
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

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
        let problem = Error::new("FULL", "no room").with_data(&json!({"max": 5}));
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
        error(&mut buffer, Codec::MsgPack, &InReplyTo::Call(&id), &Error::new("FULL", "no")).unwrap();
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
