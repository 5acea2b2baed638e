//! The messages that the server writes, each a whole WebSocket frame, encoded in place.

use bytes::Bytes;
use serde::Serialize;

use super::{encode::FrameStart, frame::Opcode};
use crate::{dispatch::RpcId, handler::Error};

/// An empty ping.
pub(crate) const PING: Bytes = Bytes::from_static(&[0x89, 0x00]);

/// `{"type":"<route>","payload":…}`: encoded once, whoever receives it.
pub(crate) fn event<T: Serialize + ?Sized>(
    route: &'static str,
    payload: &T,
) -> Result<Bytes, serde_json::Error> {
    let mut buffer = Vec::with_capacity(128);
    frame(&mut buffer, |buffer| {
        buffer.extend_from_slice(br#"{"type":"#);
        serde_json::to_writer(&mut *buffer, route)?;
        buffer.extend_from_slice(br#","payload":"#);
        serde_json::to_writer(&mut *buffer, payload)?;
        buffer.push(b'}');
        Ok(())
    })?;
    Ok(buffer.into())
}

/// `{"type":"__rpc_res","payload":…,"rpcId":"…"}`, without `payload` for a handler that returns nothing.
pub(crate) fn reply<T: Serialize + ?Sized>(
    buffer: &mut Vec<u8>,
    rpc_id: &RpcId,
    payload: Option<&T>,
) -> Result<(), serde_json::Error> {
    frame(buffer, |buffer| {
        buffer.extend_from_slice(br#"{"type":"__rpc_res""#);
        if let Some(payload) = payload {
            buffer.extend_from_slice(br#","payload":"#);
            serde_json::to_writer(&mut *buffer, payload)?;
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
    to: &InReplyTo<'_>,
    error: &Error,
) -> Result<(), serde_json::Error> {
    frame(buffer, |buffer| {
        buffer.extend_from_slice(br#"{"type":"__rpc_err""#);
        match to {
            InReplyTo::Call(rpc_id) => {
                buffer.extend_from_slice(br#","rpcId":"#);
                buffer.extend_from_slice(rpc_id.as_bytes());
            }
            InReplyTo::Route(Some(route)) => {
                buffer.extend_from_slice(br#","route":"#);
                serde_json::to_writer(&mut *buffer, route)?;
            }
            InReplyTo::Route(None) => {}
        }
        buffer.extend_from_slice(br#","error":{"code":"#);
        serde_json::to_writer(&mut *buffer, error.code())?;
        buffer.extend_from_slice(br#","message":"#);
        serde_json::to_writer(&mut *buffer, error.message())?;
        if !error.issues().is_empty() {
            buffer.extend_from_slice(br#","issues":"#);
            serde_json::to_writer(&mut *buffer, error.issues())?;
        }
        if let Some(data) = error.data() {
            buffer.extend_from_slice(br#","data":"#);
            buffer.extend_from_slice(data.as_bytes());
        }
        buffer.extend_from_slice(b"}}");
        Ok(())
    })
}

/// A text frame whose payload `write` appends; nothing is left of it where that fails.
fn frame(
    buffer: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), serde_json::Error>,
) -> Result<(), serde_json::Error> {
    let start = FrameStart::reserve(buffer);
    let written = write(buffer);
    match written {
        Ok(()) => start.finish(buffer, Opcode::Text),
        Err(_) => start.abandon(buffer),
    }
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
        reply(&mut buffer, &RpcId::new(r#""k\u0033""#), Some(&1)).unwrap();
        assert!(String::from_utf8_lossy(&buffer).ends_with(r#""payload":1,"rpcId":"k\u0033"}"#));
        let mut buffer = Vec::new();
        reply::<()>(&mut buffer, &RpcId::new(r#""k""#), None).unwrap();
        assert_eq!(text(&buffer), json!({"type": "__rpc_res", "rpcId": "k"}));
    }

    #[test]
    fn an_error_names_the_call_or_the_route() {
        let problem = Error::new("FULL", "no room").with_data(&json!({"max": 5}));
        let mut buffer = Vec::new();
        error(&mut buffer, &InReplyTo::Call(&RpcId::new(r#""k""#)), &problem).unwrap();
        let body = json!({"code": "FULL", "message": "no room", "data": {"max": 5}});
        assert_eq!(text(&buffer), json!({"type": "__rpc_err", "rpcId": "k", "error": body}));
        let mut buffer = Vec::new();
        error(&mut buffer, &InReplyTo::Route(Some("a.b")), &problem).unwrap();
        assert_eq!(text(&buffer)["route"], "a.b");
        let mut buffer = Vec::new();
        error(&mut buffer, &InReplyTo::Route(None), &problem).unwrap();
        assert_eq!(text(&buffer), json!({"type": "__rpc_err", "error": body}));
    }

    #[test]
    fn what_cannot_be_written_leaves_nothing_behind() {
        let mut buffer = vec![1, 2];
        let keyed_by_pairs = std::collections::BTreeMap::from([((1, 2), 3)]);
        assert!(reply(&mut buffer, &RpcId::new("\"k\""), Some(&keyed_by_pairs)).is_err());
        assert_eq!(buffer, [1, 2]);
    }
}
